"""A case that cannot be what sopctl wrote: put back from a backup, lost beside its ledger, or made by hand."""

import os
import shutil
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from sopctl.audit.doctor import run_doctor
from sopctl.audit.verify import verify
from sopctl.desk import agenda, status
from sopctl.engine.case import Case
from sopctl.engine.events import Attachment, Event, Started, digest
from sopctl.errors import DamagedError, SopctlError, UsageError
from sopctl.store import case_json, ledger
from sopctl.store.caches.account_cache import Cache, account_folder
from sopctl.store.files import ledger_file, ledger_index
from sopctl.store.ledger import event_lines

if TYPE_CHECKING:
    from tests.conftest import Room


@pytest.fixture
def letter(room: "Room") -> "Room":
    """A case whose letter waits for its signature, and a letter that was entered by hand."""
    room.letter()
    agenda.add(room.session(), agenda.NewLetter(perihal="Undangan", kode="000.1"))
    return room


def test_a_case_that_is_older_than_the_ledger_does_not_go_on(letter: "Room") -> None:
    path = next(letter.root.rglob("sk-tim-1.json"))
    old = path.read_bytes()
    letter.approve("sk-tim-1")
    whole = path.read_bytes()
    path.write_bytes(old)
    with pytest.raises(DamagedError, match="salinan lama") as raised:
        letter.approve("sk-tim-1")
    assert raised.value.code == "behind"
    run_doctor(letter.session().record, mend=True)
    assert path.read_bytes() == whole
    letter.approve("sk-tim-1")
    assert verify(letter.session().record, None).findings == ()


@pytest.mark.parametrize("indexed", [True, False], ids=["with an index", "without a cache"])
def test_an_ended_case_without_its_last_event_stays_ended_however_far_back_its_line_lies(
    letter: "Room", monkeypatch: pytest.MonkeyPatch, *, indexed: bool
) -> None:
    path, book = next(letter.root.rglob("sk-tim-1.json")), letter.root / "data" / "ledger.jsonl"
    old = path.read_bytes()
    letter.cancel("sk-tim-1")
    path.write_bytes(old)
    letter.start("penugasan")
    case = letter.session().record.load_case("penugasan-1")
    event = replace(case.instance.events[0], note="panjang " * 12_000)
    lines = [
        replace(line, event=event, head=digest(event)) for line in event_lines(case.instance, 0) for _ in range(90)
    ]
    with book.open("ab") as file:
        file.write(ledger.encode_chain(lines, ledger.hash_line(ledger_file.read_last_line(book))))
    if not indexed:
        monkeypatch.setattr(Cache, "folder", None)
    for _ in range(2):
        with pytest.raises(DamagedError, match="salinan lama"):
            letter.note("sk-tim-1", "masih jalan")
    assert path.read_bytes() == old


@pytest.mark.parametrize("what", ["keys", "places"])
def test_an_index_of_the_ledger_that_was_damaged_shuts_no_case_and_no_register(
    letter: "Room", monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr(ledger_index, "_TAIL", 0)
    letter.note("sk-tim-1", "diindeks")
    kept = letter.root / "data" / "cache" / account_folder() / ledger_index.NAME
    data = kept.read_bytes()
    middle = (len(data) + 512) // 2
    zeros = bytes(middle - 512)
    spoilt = data[:512] + zeros + data[middle:] if what == "keys" else data[:middle] + b"\xff" * len(zeros)
    for act in (
        lambda: letter.note("sk-tim-1", "masih jalan"),
        lambda: agenda.add(letter.session(), agenda.NewLetter(perihal="Undangan", kode="000.1")),
    ):
        kept.write_bytes(spoilt)
        act()
    assert verify(letter.session().record, None).findings == ()


def test_a_case_that_the_ledger_does_not_have_does_not_go_on(letter: "Room") -> None:
    path = next(letter.root.rglob("sk-tim-1.json"))
    copy = path.with_name("sk-tim-7.json")
    case = letter.session().record.load_case("sk-tim-1")
    opened = case.instance.events[0]
    assert isinstance(opened, Started)
    copy.write_bytes(case_json.encode(Case.opened(case.sop, "sk-tim-7", case.instance.version, opened).instance))
    with pytest.raises(DamagedError, match="tidak memuat berkas sk-tim-7") as raised:
        letter.note("sk-tim-7", "dari mana?")
    assert raised.value.code == "ahead"


def test_a_ledger_that_is_older_than_a_case_or_a_register_takes_no_line(letter: "Room") -> None:
    ledger = letter.root / "data" / "ledger.jsonl"
    old = ledger.read_bytes()
    agenda.add(letter.session(), agenda.NewLetter(perihal="Undangan kedua", kode="000.1"))
    letter.note("sk-tim-1", "sudah ditelepon")
    ledger.write_bytes(old)
    with pytest.raises(DamagedError, match="buku catatan"):
        agenda.add(letter.session(), agenda.NewLetter(perihal="Undangan ketiga", kode="000.1"))
    with pytest.raises(DamagedError, match="salinan lama"):
        letter.note("sk-tim-1", "sekali lagi")
    assert ledger.read_bytes() == old


@pytest.mark.parametrize("kept", ["instances", "agenda"])
def test_a_lost_ledger_is_not_begun_anew_in_silence(letter: "Room", kept: str) -> None:
    data = letter.root / "data"
    (data / "ledger.jsonl").unlink()
    for name in {"instances", "agenda"} - {kept}:
        shutil.rmtree(data / name)
    with pytest.raises(DamagedError, match="hilang atau kosong"):
        letter.start("penugasan")
    assert not (data / "ledger.jsonl").exists()


def test_a_case_is_not_written_larger_than_it_could_be_read(letter: "Room", monkeypatch: pytest.MonkeyPatch) -> None:
    path = next(letter.root.rglob("sk-tim-1.json"))
    before = path.read_bytes()
    monkeypatch.setattr(case_json, "LARGEST", 60_000)
    with pytest.raises(UsageError, match="tidak ada yang dicatat"):
        letter.note("sk-tim-1", "panjang " * 8000)
    assert path.read_bytes() == before


def forge(room: "Room", id: str, change: Callable[[Event], Event]) -> None:
    """Rewrite the first event of a case that has no other, with a chain that holds."""
    instance = room.session().record.load_case(id).instance
    event = change(instance.events[0])
    next(room.root.rglob(f"{id}.json")).write_bytes(
        case_json.encode(replace(instance, events=(event,), head=digest(event)))
    )


@pytest.mark.parametrize("when", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_time_that_nobody_can_count_with_damages_that_case_alone(letter: "Room", when: str) -> None:
    at = datetime.fromisoformat(when)
    letter.start("penugasan")
    forge(letter, "penugasan-1", lambda event: replace(event, at=at, recorded_at=at))
    with pytest.raises(DamagedError, match="diubah di luar sopctl"):
        letter.session().record.load_case("penugasan-1")
    assert letter.session().record.load_case("sk-tim-1").state.status == "running"


@pytest.mark.parametrize(
    "path",
    [
        "periksa.py",
        "../rahasia.txt",
        "/etc/passwd",
        "data/attachments/penugasan/0000/penugasan-1/../../../../../sopctl.yaml",
        "data/attachments/penugasan/0000/penugasan-1/..",
        "data/attachments/penugasan/0000/penugasan-1/",
        "data/attachments/sk-tim/0000/sk-tim-1/001.txt",
    ],
)
def test_a_file_that_lies_elsewhere_belongs_to_no_case(letter: "Room", path: str) -> None:
    letter.start("penugasan")
    attachment = Attachment(item="Surat", path=path, sha256="0" * 64)
    forge(letter, "penugasan-1", lambda event: replace(event, attachments=(attachment,)))
    with pytest.raises(DamagedError, match="diubah di luar sopctl"):
        letter.session().record.load_case("penugasan-1")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such pipes")
@pytest.mark.parametrize("name", ["instances/penugasan/0000/penugasan-1.json", "ledger.jsonl"])
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(letter: "Room", name: str) -> None:
    letter.start("penugasan")
    path = letter.root / "data" / name
    path.unlink()
    os.mkfifo(path)
    status.list_cases(letter.session(looking=True).record)
    assert verify(letter.session().record, None).findings != ()
    with pytest.raises(SopctlError):
        letter.note("penugasan-1", "halo")
