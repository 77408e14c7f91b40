"""Rows "apabila diperlukan": left out by whoever has the turn, or by a condition; what the record and figures say."""

from typing import TYPE_CHECKING

import pytest

from sopctl.audit.verify import verify
from sopctl.desk import moves
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.desk.status import case_status
from sopctl.engine.events import Approved, Skipped
from sopctl.engine.fold import fold
from sopctl.engine.refused import Refused
from sopctl.measure.case_report import report_case
from sopctl.measure.query import Query
from sopctl.measure.report_rows import report_rows
from sopctl.measure.tally import tally_cases

if TYPE_CHECKING:
    from sopctl.engine.case import Case
    from tests.conftest import Room

FORM = """
id: tera
nama: Tera Ulang
pelaksana: {staf: Staf, ahli: Ahli, kabid: Kepala Bidang}
fields:
  nilai: {label: Nilai, type: number}
  temuan: {label: Catatan, required: ya, step: tinjau}
documents:
  surat: {template: lembar-hasil.docx, kode: 000.1}
steps:
  - {id: terima, kegiatan: Menerima, pelaksana: staf, document: {name: surat}}
  - {id: tinjau, kegiatan: Meninjau lokasi apabila diperlukan, pelaksana: ahli, waktu: 1 menit,
     output: Catatan tinjauan, optional: ya, document: {name: surat, act: initial}}
  - {id: telaah, kegiatan: Menelaah yang besar, pelaksana: [ahli, kabid], optional: {when: nilai < 10}, output: Telaah}
  - {id: hitung, kegiatan: Menghitung, pelaksana: ahli, optional: {when: nilai < 5},
     branches: {sesuai: tanda, belum: terima}}
  - {id: tanda, kegiatan: Menandatangani, pelaksana: kabid, not_by: tinjau,
     kelengkapan: [Konsep, {nama: Catatan tinjauan, evidence: ya}], document: {name: surat, act: sign}}
  - {id: serahkan, kegiatan: Menyerahkan, pelaksana: staf}
"""


@pytest.fixture
def tera(room: "Room") -> "Room":
    """A case at `tinjau`, which may be left out."""
    room.write(FORM)
    room.start("tera")
    room.approve("tera-1")
    return room


def skip(room: "Room", note: str = "tidak diperlukan") -> Outcome | Refused:
    return room.ask(lambda session: moves.skip(session, "tera-1", MoveInput(note=note)))


def case(room: "Room") -> "Case":
    """The case, whose record holds and says what its events add up to."""
    found = room.session().record.load_case("tera-1")
    assert verify(room.session().record, None).findings == ()
    assert fold(found.sop, found.instance.events) == found.state
    return found


def test_a_row_that_is_left_out_makes_nothing_and_the_next_one_does_not_want_it(tera: "Room") -> None:
    before = case(tera).state
    done = skip(tera)
    assert isinstance(done, Outcome)
    assert (done.step, done.documents) == ("telaah", ())
    state = case(tera).state
    assert (state.visits[1].outcome, state.visits[1].rejected) == ("dilewati", False)
    assert (state.documents, state.produced, state.signings) == (before.documents, before.produced, before.signings)
    for _ in range(3):  # telaah, hitung: no condition can be told
        tera.approve("tera-1")
    signed = tera.approve("tera-1")
    assert signed.documents[0].act == "sign"
    assert not any("tanpa paraf" in one.message for one in signed.notices)
    move = case(tera).instance.events[-1]
    assert isinstance(move, Approved)
    assert move.kelengkapan == ("Konsep",)


def test_a_row_is_left_out_with_a_reason_before_anybody_acted_and_only_where_the_sop_says_so(tera: "Room") -> None:
    refusals = [skip(tera, note="")]
    skip(tera)
    refusals.append(skip(tera))
    tera.approve("tera-1", MoveInput(sets=("nilai=7",)))
    refusals.append(skip(tera))
    tera.approve("tera-1")
    refusals.append(skip(tera))
    tera.approve("tera-1")
    refusals.append(skip(tera))
    assert [one.reason for one in refusals if isinstance(one, Refused)] == [
        "note_needed", "condition", "already_acted", "condition", "not_optional",
    ]  # fmt: skip
    case(tera)


def test_a_condition_leaves_out_rows_by_itself_and_they_are_taken_back_with_the_move(tera: "Room") -> None:
    done = tera.ask(lambda session: moves.approve(session, "tera-1", MoveInput(sets=("nilai=3", "temuan=ada"))))
    assert isinstance(done, Outcome)
    assert done.step == "tanda"
    assert [one.message for one in done.notices] == [
        "Langkah telaah dilewati, karena nilai < 10.", "Langkah hitung dilewati, karena nilai < 5.",
    ]  # fmt: skip
    there = case(tera)
    kinds = [(one.step, one.condition, one.for_) for one in there.instance.events if isinstance(one, Skipped)]
    assert kinds == [("telaah", "nilai < 10", ""), ("hitung", "nilai < 5", "")]
    assert [one.outcome for one in there.state.visits] == ["selesai", "selesai", "dilewati", "dilewati", ""]
    tera.withdraw("tera-1")
    back = case(tera).state
    assert (back.step, back.fields, len(back.visits)) == ("tinjau", {}, 2)
    tera.withdraw("tera-1")
    assert case(tera).state.step == "terima"


def test_a_condition_holds_in_every_round_those_of_one_minute_too(room: "Room") -> None:
    at = "2026-11-24 10:00"
    room.write(FORM.replace("optional: {when: nilai < 5},", "").replace("belum: terima", "belum: tinjau"))
    room.start("tera", typed=MoveInput(sets=("nilai=3",), at=at))
    room.approve("tera-1", MoveInput(at=at))
    for _ in range(2):
        room.approve("tera-1", MoveInput(sets=("temuan=ada",), at=at))
        assert case(room).state.step == "hitung"
        room.ask(lambda session: moves.reject(session, "tera-1", MoveInput(note="belum", at=at)))


def test_somebody_takes_back_that_a_row_was_left_out(tera: "Room") -> None:
    before = case(tera).state
    skip(tera)
    tera.withdraw("tera-1")
    assert case(tera).state.visits == before.visits
    assert skip(tera, note="ternyata tidak perlu")


def test_who_leaves_a_row_out_did_not_do_it(tera: "Room") -> None:
    skip(tera)
    for _ in range(4):
        tera.approve("tera-1")
    assert case(tera).state.step == "serahkan"


def test_what_is_left_out_is_offered_told_and_in_no_figure_but_its_own(tera: "Room") -> None:
    offered = case_status(tera.session().record, "tera-1").next
    assert [(one.kind, one.note) for one in offered] == [("approve", False), ("skip", True)]
    tera.ask(lambda session: moves.begin(session, "tera-1", MoveInput()))
    tera.now = tera.now.replace(hour=15)
    skip(tera)
    there = case(tera)
    row = case_status(tera.session().record, "tera-1").visits[1]
    assert (row.outcome, row.elapsed_minutes, row.late, row.due) == ("dilewati", 0, False, None)
    rows = report_rows([tally_cases([there], tera.session().record.calendar)], Query(by="step"))
    assert [(one.step, one.visits, one.skipped) for one in rows] == [("terima", 1, 0), ("tinjau", 0, 1)]
    found = report_case(there, tera.session().record.calendar, tera.now)
    assert (found.rework, found.begun, found.working_minutes, row.waiting_minutes) == (0, 0, None, None)


def test_the_standard_of_a_case_leaves_out_the_rows_that_it_left_out(tera: "Room") -> None:
    def total() -> float | None:
        return report_case(case(tera), tera.session().record.calendar, tera.now).standard_minutes

    assert total() == 1
    assert isinstance(skip(tera), Outcome)
    assert total() is None
