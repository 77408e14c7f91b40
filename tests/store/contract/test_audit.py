"""What an audit does with the record of any store: it finds what was altered, mends it, and takes copies of it."""

from pathlib import Path

import pytest

from sopctl.audit import processes
from sopctl.audit.anchor import check_anchors, read_anchors, take_anchor
from sopctl.audit.backup import write_backup
from sopctl.audit.bundle import write_bundle
from sopctl.audit.doctor import run_doctor
from sopctl.audit.restore import restore_backup
from sopctl.audit.returned_bundle import compare_bundle
from sopctl.audit.trace import TracedLetter, trace_file
from sopctl.audit.verify import verify
from sopctl.engine.events import Written
from sopctl.store.files.json_store import JsonStore
from sopctl.store.workspace import Workspace
from tests.store.contract.acts import Kept, everything
from tests.store.contract.stores import KeptRoom

SIGNED, WAITING = "sk-tim-1", "sk-tim-2"


@pytest.fixture
def office(kept: Kept, seed_into: None) -> KeptRoom:  # noqa: ARG001 — lays the office there
    """A letter that is signed, and one that waits for its signature."""
    room = KeptRoom(kept)
    room.approve(room.letter())
    room.letter()
    return room


def signed_letter(office: KeptRoom) -> Written:
    return office.session().store.load_instance(SIGNED).events[-1].written[-1]


def kinds(office: KeptRoom) -> set[str]:
    return {finding.kind for finding in verify(office.session().record, None).findings}


def test_a_record_that_nobody_altered_is_intact(office: KeptRoom) -> None:
    record = office.session().record
    found = verify(record, None)
    assert (found.findings, found.notices, found.cases, found.numbers) == ((), (), 2, 1)
    assert found.files > 1
    assert verify(record, SIGNED).findings == ()
    report = run_doctor(record, mend=True)
    assert (report.mended, report.findings, report.notices) == ((), (), ())


def test_several_processes_look_at_a_large_record(office: KeptRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_MANY", 1)
    record = office.session().record
    assert verify(record, None).findings == ()
    office.kept.put_file(signed_letter(office).path, b"lain")
    assert {finding.kind for finding in verify(record, None).findings} == {"file"}


def test_cases_that_were_altered_are_found_and_mended(office: KeptRoom) -> None:
    older = office.kept.open().load_instance(WAITING)
    office.approve(WAITING)
    before = everything(office.kept.open())["cases"]
    office.kept.lose_case(SIGNED)
    office.kept.put_case(older)
    found = kinds(office)
    assert "lost" in found
    assert not found.isdisjoint({"behind", "case"})  # where a case is made of lines of the ledger, they do not fit it
    assert len(run_doctor(office.session().record, mend=True).mended) == 2
    assert kinds(office) == set()
    assert everything(office.kept.open())["cases"] == before


@pytest.mark.parametrize("data", [b"lain", None])
def test_a_file_that_is_another_or_gone_is_found(office: KeptRoom, data: bytes | None) -> None:
    office.kept.put_file(signed_letter(office).path, data)
    assert kinds(office) == {"file"}


def test_an_anchor_holds_until_the_newest_lines_are_lost(office: KeptRoom) -> None:
    kept = take_anchor(office.session().record)
    office.approve(WAITING)
    assert check_anchors(office.session().record, read_anchors(kept.text)) == ()
    office.kept.lose_lines(kept.lines)
    assert len(check_anchors(office.session().record, read_anchors(kept.text))) == 1


def test_a_bundle_and_a_letter_are_recognized(office: KeptRoom, tmp_path: Path) -> None:
    record, letter = office.session().record, signed_letter(office)
    write_bundle(record, SIGNED, tmp_path / "bundel.zip")
    office.approve(WAITING)
    assert compare_bundle(office.session().record, tmp_path / "bundel.zip").findings == ()
    with office.kept.open().open_file(letter.path) as file:
        (tmp_path / "surat.docx").write_bytes(file.read())
    traced = trace_file(record, tmp_path / "surat.docx")
    assert isinstance(traced, TracedLetter)
    assert (traced.id, traced.path, traced.altered, traced.findings) == (SIGNED, letter.path, False, ())


@pytest.mark.parametrize("meanwhile", ["nothing", "a move", "a new case"])
def test_a_backup_is_an_office_of_files_as_it_was(
    office: KeptRoom, tmp_path_factory: pytest.TempPathFactory, meanwhile: str
) -> None:
    folder, before = tmp_path_factory.mktemp("cadangan"), everything(office.kept.open())

    def go_on(done: int, _of: int) -> None:
        if done == 1 and meanwhile == "a move":
            office.approve(WAITING)
        elif done == 1 and meanwhile == "a new case":
            office.letter()

    made = write_backup(office.session().record, folder / "cadangan.zip", go_on)
    assert (made.findings, made.cases) == ((), 2)
    back = restore_backup(folder / "cadangan.zip", folder / "kantor", lambda: office.now, "akun")
    assert (back.findings, back.notices, back.cases) == ((), (), 2)
    assert everything(JsonStore(Workspace(folder / "kantor"))) == before
