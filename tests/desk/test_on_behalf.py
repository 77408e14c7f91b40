"""What an official did on paper is recorded by others as the office allows, and is told as such for ever."""

from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from sopctl.audit.office_acceptance import accept_office
from sopctl.audit.verify import verify
from sopctl.cli.options import move_input
from sopctl.desk import moves, status, why
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.desk.step_questions import find_acting, step_questions
from sopctl.engine.events import Approved
from sopctl.engine.refused import Refused
from sopctl.errors import UsageError
from sopctl.office.acceptance import has_same_officials
from sopctl.office.model import Office, Official

if TYPE_CHECKING:
    from tests.conftest import Room

OFFICE = """
officials:
  - {nama: Pejabat A, jabatan: Kepala Dinas, pelaksana: [kadis], accounts: [kadis]}
  - {nama: Pejabat B, jabatan: Kepala Bidang 3, pelaksana: [kabid, kasubbag], accounts: [akun]}
on_behalf: {rule}
"""


def read_paper(path: Path) -> str:
    """The XML of a Word file's text."""
    with ZipFile(path) as packed:
        return packed.read("word/document.xml").decode()


FOR = MoveInput(for_="kadis", note="ditandatangani di kertas")


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "pindaian.pdf"
    path.write_bytes(b"%PDF-1.4 tanda tangan")
    return path


def asked(room: "Room", rule: str, typed: MoveInput) -> Outcome | Refused:
    """What comes of a signature of the Kepala Dinas that another account records."""
    room.say(OFFICE.replace("{rule}", rule))
    room.start("sk-tim")
    return room.ask(lambda session: moves.approve(session, "sk-tim-1", typed))


@pytest.mark.parametrize("rule", ["", "refuse"])
def test_an_office_with_accounts_refuses_it_unless_it_says_otherwise(room: "Room", scan: Path, rule: str) -> None:
    answer = asked(room, rule, move_input(for_="kadis", evidence=str(scan)))
    assert isinstance(answer, Refused)
    assert answer.reason == "on_behalf"


def test_where_evidence_is_wanted_none_is_refused_and_an_empty_file_is_none(room: "Room", scan: Path) -> None:
    answer = asked(room, "evidence", FOR)
    assert isinstance(answer, Refused)
    assert answer.reason == "paper_evidence"
    scan.write_bytes(b"")
    with pytest.raises(UsageError, match="kosong"):
        room.approve("sk-tim-1", move_input(for_="kadis", evidence=str(scan)))


def test_recorder_official_and_file_stand_in_the_event_and_everywhere_it_is_told(room: "Room", scan: Path) -> None:
    answer = asked(room, "evidence", move_input(for_="Kepala Dinas", evidence=str(scan)))
    assert isinstance(answer, Outcome)
    found = status.case_status(room.session().record, "sk-tim-1")
    event = found.events[-1]
    assert isinstance(event, Approved)
    assert (event.by, event.for_, event.on_behalf) == ("akun", "kadis", "Pejabat A")
    (file,) = event.evidence
    assert (room.root / file.path).read_bytes() == scan.read_bytes()
    assert [act.on_behalf for act in found.visits[0].acts] == ["Pejabat A"]
    verified = verify(room.session().record, None)
    assert verified.findings == ()
    assert ["nomor 2 untuk Pejabat A oleh akun" in notice.message for notice in verified.notices] == [True]
    (room.root / file.path).write_bytes(b"lain")
    assert [one.kind for one in verify(room.session().record, None).findings] == ["file"]


def test_what_the_recorder_notes_is_not_printed_as_the_words_of_the_official(room: "Room", scan: Path) -> None:
    answer = asked(room, "evidence", move_input(for_="kadis", evidence=str(scan), note="dipindai oleh agendaris"))
    assert isinstance(answer, Outcome)
    (sheet,) = answer.documents
    assert "dipindai oleh agendaris" not in read_paper(room.root / sheet.path)
    events = status.case_status(room.session().record, "sk-tim-1").events
    assert events[-1].note == "dipindai oleh agendaris"


def test_work_that_came_back_on_paper_says_whose_words_the_reason_is(room: "Room") -> None:
    id = room.letter()
    room.withdraw(id)
    typed = MoveInput(for_="kabid", note="belum sesuai")
    assert isinstance(room.ask(lambda session: moves.reject(session, id, typed)), Outcome)
    found = why.why(room.session(), id).rejection
    assert found is not None
    assert found.who == "Kepala Bidang 3 (dicatat akun akun)"


def test_who_records_for_another_is_asked_what_the_step_asks(room: "Room") -> None:
    room.say(OFFICE.replace("{rule}", "open"))
    id = room.start("sk-tim").id
    room.account = "kadis"
    room.approve(id)
    room.approve(id, MoveInput(for_="kabid"))
    for_another = MoveInput(for_="kasubbag")
    asked = step_questions(room.session(), id, for_another)
    acting = find_acting(room.session(), id, for_another)
    assert asked is not None
    assert "tugas" in asked.required
    assert acting is not None
    assert (acting.jabatan, acting.nama, acting.on_behalf) == ("Kasubbag TU/Umpar", "Pejabat B", True)


NOT_BY = """
id: uji
nama: Uji
pelaksana: {kabid: Kepala Bidang, kadis: Kepala Dinas}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: kabid}
  - {id: periksa, kegiatan: Memeriksa, pelaksana: kadis, not_by: susun}
"""


def test_separation_of_duties_asks_who_acted_on_paper_and_not_who_recorded_it(room: "Room", scan: Path) -> None:
    room.write(NOT_BY)
    room.say(OFFICE.replace("{rule}", "evidence"))
    room.start("uji")
    room.approve("uji-1")  # the account of Pejabat B
    room.approve("uji-1", move_input(for_="kadis", evidence=str(scan)))
    room.say(OFFICE.replace("{rule}", "evidence").replace("Pejabat A", "Pejabat B"))
    room.start("uji")
    room.approve("uji-2")
    refused = room.ask(lambda session: moves.approve(session, "uji-2", move_input(for_="kadis", evidence=str(scan))))
    assert isinstance(refused, Refused)
    assert refused.message.startswith("Langkah periksa tidak boleh dilakukan Pejabat B, yang orangnya sebagai akun ")


def test_verify_finds_one_that_the_office_did_not_allow(room: "Room", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moves, "refuse_on_behalf", lambda *_: None)  # as a changed program would have it
    assert isinstance(asked(room, "evidence", FOR), Outcome)
    assert [one.kind for one in verify(room.session().record, None).findings] == ["permission"]


def test_who_loosens_the_rule_by_recording_with_it_is_found_until_it_is_accepted_expressly(room: "Room") -> None:
    room.say(OFFICE.replace("{rule}", "refuse"))
    room.start("sk-tim")
    assert isinstance(asked(room, "open", FOR), Outcome)
    (found,) = verify(room.session().record, None).findings
    assert found.kind == "unaccepted"
    assert "on_behalf" in found.message
    room.account = "kadis"
    accept_office(room.session().record, "")
    assert verify(room.session().record, None).findings == ()


def test_a_file_that_lets_others_record_must_be_accepted() -> None:
    officials = (Official(nama="A", accounts=("a",)),)
    before, after = Office(officials=officials), Office(officials=officials, on_behalf="open")
    assert not has_same_officials(before, after)
    assert has_same_officials(before, Office(officials=officials, on_behalf="refuse"))
