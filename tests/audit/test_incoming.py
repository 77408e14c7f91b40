"""Whatever is changed in the register of incoming letters is found; what is kept of it can be taken elsewhere."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sopctl.audit import periksa
from sopctl.audit.backup import write_backup
from sopctl.audit.bundle import write_bundle
from sopctl.audit.doctor import run_doctor
from sopctl.audit.restore import restore_backup
from sopctl.audit.returned_bundle import compare_bundle
from sopctl.audit.verify import verify
from sopctl.desk import incoming_register, start
from sopctl.desk.incoming_register import IncomingInput
from sopctl.desk.move_input import MoveInput
from sopctl.errors import DamagedError

if TYPE_CHECKING:
    from tests.conftest import Room

Lines = list[bytes]
BOOK = Path("data/agenda/masuk/2026.jsonl")
SCAN = Path("data/attachments/masuk/2026/0001-1.pdf")


@pytest.fixture
def office(room: "Room", tmp_path: Path) -> "Room":
    """Two letters; the first has a scan and opened a case, the second is corrected."""
    scan = tmp_path / "surat.pdf"
    scan.write_bytes(b"%PDF-1.4 surat")
    for number in (1, 2):
        values = {"surat_dari": f"Pengirim {number}", "perihal": f"Perihal {number}"}
        incoming_register.add_incoming(room.session(), IncomingInput(values=values, scan=scan if number == 1 else None))
    room.ask(lambda session: start.start(session, "sk-tim", start.StartInput(agenda="1"), MoveInput()))
    incoming_register.correct_incoming(
        room.session(), "2", IncomingInput(values={"perihal": "Rapat"}, note="salah ketik")
    )
    assert findings(room) == []
    return room


def findings(room: "Room") -> list[str]:
    return [one.message for one in verify(room.session().record, None).findings]


def changed(lines: Lines) -> Lines:
    return [lines[0].replace(b"Pengirim 1", b"Pengirim X"), *lines[1:]]


CHANGES: dict[str, Callable[[Lines], Lines]] = {
    "changed": changed,
    "first-removed": lambda lines: lines[1:],
    "last-removed": lambda lines: lines[:-1],
    "repeated": lambda lines: [*lines, lines[0]],
    "swapped": lambda lines: [lines[1], lines[0], *lines[2:]],
    "without-its-case": lambda lines: [line for line in lines if b"opened" not in line],
    "emptied": lambda _: [],
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_register_is_found_and_made_again_from_the_ledger(
    office: "Room", change: Callable[[Lines], Lines]
) -> None:
    path = office.root / BOOK
    whole = path.read_bytes()
    path.write_bytes(b"".join(change(whole.splitlines(keepends=True))))
    assert findings(office) != []
    assert run_doctor(office.session().record, mend=True).findings == ()
    assert path.read_bytes() == whole


def test_a_changed_or_lost_scan_is_found(office: "Room") -> None:
    path = office.root / SCAN
    path.write_bytes(b"%PDF-1.4 lain")
    assert [message for message in findings(office) if str(SCAN) in message]
    path.unlink()
    assert [message for message in findings(office) if f"{SCAN} hilang" in message]


@pytest.mark.parametrize("elsewhere", ["sopctl.yaml", "data/attachments/masuk/2026/../../../../sopctl.yaml"])
def test_an_entry_cannot_name_a_file_elsewhere(office: "Room", elsewhere: str) -> None:
    path = office.root / BOOK
    path.write_bytes(path.read_bytes().replace(str(SCAN).encode(), elsewhere.encode()))
    assert len([message for message in findings(office) if "rusak" in message]) == 1
    with pytest.raises(DamagedError):
        incoming_register.list_incoming(office.session().record)


def test_a_scan_that_no_entry_names_is_found(office: "Room") -> None:
    (office.root / SCAN).with_name("0009-1.pdf").write_bytes(b"selipan")
    assert len(findings(office)) == 1


def test_a_lost_ledger_is_made_again_from_the_register(office: "Room") -> None:
    (office.root / "data/ledger.jsonl").unlink()
    assert run_doctor(office.session().record, mend=True).findings == ()
    assert findings(office) == []
    assert [one.nomor for one in incoming_register.list_incoming(office.session().record)] == ["1", "2"]


def test_a_backup_holds_register_and_scans(office: "Room", tmp_path: Path) -> None:
    write_backup(office.session().record, tmp_path / "c.zip")
    restore_backup(tmp_path / "c.zip", tmp_path / "lagi", lambda: office.now, "akun")
    assert (tmp_path / "lagi" / SCAN).read_bytes() == b"%PDF-1.4 surat"
    assert (tmp_path / "lagi" / BOOK).read_bytes() == (office.root / BOOK).read_bytes()


def parts_of(office: "Room", path: Path) -> dict[str, bytes]:
    write_bundle(office.session().record, "sk-tim-1", path)
    with zipfile.ZipFile(path) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def test_a_bundle_holds_the_entry_that_opened_its_case_and_no_other(office: "Room", tmp_path: Path) -> None:
    parts = parts_of(office, tmp_path / "b.zip")
    entries = [json.loads(line) for line in parts["agenda.jsonl"].splitlines()]
    assert [(one["nomor"], one.get("kind", "given")) for one in entries] == [("1", "given"), ("1", "opened")]
    assert list(periksa.faults(periksa.bundled(parts))) == []
    assert compare_bundle(office.session().record, tmp_path / "b.zip").findings == ()


@pytest.mark.parametrize("line", [0, 1])
def test_a_bundle_without_a_line_of_that_entry_is_found(office: "Room", tmp_path: Path, line: int) -> None:
    parts = parts_of(office, tmp_path / "b.zip")
    entries = parts["agenda.jsonl"].splitlines(keepends=True)
    del entries[line]
    parts["agenda.jsonl"] = b"".join(entries)
    assert [fault for fault in periksa.faults(periksa.bundled(parts)) if "agenda" in fault]


def test_a_case_that_another_calls_answers_the_same_letter_and_is_no_entry_of_its_own(
    office: "Room", tmp_path: Path
) -> None:
    office.write(
        """
        id: induk
        nama: Induk
        pelaksana: {tim: Tim Kerja}
        steps:
          - {id: mulai, kegiatan: Memulai, pelaksana: tim, sop: anak}
        """,
        """
        id: anak
        nama: Anak
        pelaksana: {tim: Tim Kerja}
        steps:
          - {id: kerja, kegiatan: Bekerja, pelaksana: tim}
        """,
    )
    office.ask(lambda session: start.start(session, "induk", start.StartInput(agenda="1"), MoveInput()))
    child = office.session().record.load_case("anak-1").state
    assert child.agenda is not None
    assert child.agenda.nomor == "1"
    assert incoming_register.list_incoming(office.session().record)[0].cases == ("sk-tim-1", "induk-1")
    assert findings(office) == []
    for id in ("induk-1", "anak-1"):
        write_bundle(office.session().record, id, tmp_path / f"{id}.zip")
        assert compare_bundle(office.session().record, tmp_path / f"{id}.zip").findings == ()
