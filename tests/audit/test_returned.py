"""A bundle that comes back to the office is compared with the record, which only the office has."""

import json
import shutil
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sopctl.audit.bundle import write_bundle
from sopctl.audit.doctor import run_doctor
from sopctl.audit.returned_bundle import BundledCase, compare_bundle, is_bundle
from sopctl.errors import DamagedError

if TYPE_CHECKING:
    from tests.audit.conftest import Record
    from tests.conftest import Room


@pytest.fixture(scope="module")
def sealed(kept: "Room", tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of a signed letter, as it left the office."""
    path = tmp_path_factory.mktemp("bundle") / "b.zip"
    write_bundle(kept.session().record, "sk-tim-1", path)
    return path


def changed(path: Path, target: Path, name: str, old: bytes, new: bytes) -> Path:
    """A bundle with another file, and a list that fits it."""
    with zipfile.ZipFile(path) as zipped:
        parts = {name: zipped.read(name) for name in zipped.namelist()}
    assert old in parts[name]
    parts[name] = parts[name].replace(old, new, 1)
    manifest = json.loads(parts["manifest.json"])
    manifest["files"][name] = sha256(parts[name]).hexdigest()
    parts["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(target, "w") as zipped:
        for each, data in parts.items():
            zipped.writestr(each, data)
    return target


def test_a_bundle_of_this_record_is_known(record: "Record", sealed: Path) -> None:
    found = compare_bundle(record.room.session().record, sealed)
    assert (found.findings, found.notices) == ((), ())
    assert (found.events, found.lines, found.cases) == (6, 7, (BundledCase("sk-tim-1", 6, 0),))


def test_what_the_case_got_since_is_counted(record: "Record", sealed: Path) -> None:
    record.room.approve("sk-tim-1")
    found = compare_bundle(record.room.session().record, sealed)
    assert (found.findings, found.cases) == ((), (BundledCase("sk-tim-1", 6, 1),))


def test_a_bundle_that_was_made_anew_from_the_first_event_on_is_told(
    record: "Record", kept: "Room", tmp_path: Path
) -> None:
    record.rewrite(lambda case: case["events"][1].update(by="bupati"), chained=True)
    record.ledger.unlink()
    run_doctor(record.room.session().record, mend=True)
    forged = tmp_path / "palsu.zip"
    write_bundle(record.room.session().record, "sk-tim-1", forged)
    told = compare_bundle(kept.session().record, forged).findings
    assert any(
        finding.startswith("Catatan nomor 2 sampai 6 berkas sk-tim-1 bukan yang dicatat kantor") for finding in told
    )
    assert any("bukan baris itu dalam buku catatan kantor" in finding for finding in told)
    assert any("bukan keadaan buku catatan kantor" in finding for finding in told)


def test_a_bundle_of_another_office_is_told(room: "Room", sealed: Path) -> None:
    room.start("sk-tim")
    told = compare_bundle(room.session().record, sealed).findings
    assert "Catatan nomor 1 sampai 6 berkas sk-tim-1 bukan yang dicatat kantor." in told
    shutil.rmtree(room.root / "data")
    assert (
        "Berkas sk-tim-1 tidak ada dalam buku catatan kantor." in compare_bundle(room.session().record, sealed).findings
    )


def test_a_bundle_that_does_not_fit_itself_is_told(kept: "Room", sealed: Path, tmp_path: Path) -> None:
    forged = changed(sealed, tmp_path / "b.zip", "berkas/sk-tim-1.json", b"Tim Bimtek", b"Tim Palsu")
    told = compare_bundle(kept.session().record, forged).findings
    assert "Di dalam bundel: sk-tim-1: subject pada berkas bukan menurut catatannya." in told


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        pytest.param("kalender.json", b"2026-12-25", b"2026-12-28", id="calendar"),
        pytest.param("periksa.py", b"def main(", b"def main_(", id="verifier"),
        pytest.param("sopctl.yaml", b"DISKOPUKM", b"DISKOPUKN", id="office"),
    ],
)
def test_what_no_event_vouches_for_is_told_where_it_is_another(
    kept: "Room", sealed: Path, tmp_path: Path, name: str, old: bytes, new: bytes
) -> None:
    found = compare_bundle(kept.session().record, changed(sealed, tmp_path / "b.zip", name, old, new))
    assert found.findings == ()
    assert found.notices[0].startswith(f"{name} dalam bundel bukan yang ada di kantor sekarang")


def test_a_ledger_that_does_not_hold_is_told_first(record: "Record", sealed: Path) -> None:
    record.line(record.ledger, 2, lambda line: line.replace(b"akun", b"alun"))
    told = compare_bundle(record.room.session().record, sealed).findings
    assert any("Buku catatan kantor sendiri tidak utuh" in finding for finding in told)


def test_a_ledger_that_was_cut_since_is_told(record: "Record", sealed: Path) -> None:
    record.ledger.write_bytes(b"".join(record.ledger.read_bytes().splitlines(keepends=True)[:6]))
    told = compare_bundle(record.room.session().record, sealed).findings
    assert "Sidik catatan dalam bundel (baris 18) bukan keadaan buku catatan kantor." in told


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"x" * 100], ids=["empty", "cut", "text"])
def test_what_is_no_bundle_is_told(room: "Room", tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "b.zip"
    path.write_bytes(content)
    assert is_bundle(path)
    with pytest.raises(DamagedError, match="bukan bundel sopctl yang utuh"):
        compare_bundle(room.session().record, path)


def test_a_bundle_is_known_by_what_it_holds_and_a_letter_is_none(kept: "Room", sealed: Path, tmp_path: Path) -> None:
    shutil.copy(sealed, tmp_path / "dari-kantor")
    assert is_bundle(tmp_path / "dari-kantor")
    assert not is_bundle(next((kept.root / "data" / "documents").rglob("*.docx")))
