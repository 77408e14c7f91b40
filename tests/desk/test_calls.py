"""SOPs that do a step of another: both cases are one change, whichever of them moves."""

from typing import TYPE_CHECKING

import pytest

from sopctl.audit import verify
from sopctl.desk import moves, start, status
from sopctl.desk.move_input import MoveInput
from sopctl.desk.step_questions import step_questions
from sopctl.engine.refused import Refused

if TYPE_CHECKING:
    from tests.conftest import Room

PARENT = """
id: induk
nama: Pelaksanaan Kegiatan
pelaksana: {ketua: Ketua Tim, kabid: Kepala Bidang 3}
fields:
  tempat: {label: Tempat}
steps:
  - {id: perintah, kegiatan: Memerintahkan, pelaksana: ketua}
  - {id: tugaskan, kegiatan: Menugaskan, pelaksana: kabid, sop: anak}
  - id: terima
    kegiatan: Menerima
    pelaksana: ketua
    kelengkapan: [{nama: Rincian tugas, evidence: true}]
    branches: {ya: end, tidak: perintah}
"""
OPTIONAL = PARENT.replace("sop: anak", "sop: {id: anak, optional: true}")
CHILD = """
id: anak
nama: Penugasan Kegiatan
pelaksana: {kabid: Kepala Bidang 3}
fields:
  tempat: {label: Tempat}
steps:
  - {id: rinci, kegiatan: Merinci, pelaksana: kabid, output: Rincian tugas}
  - {id: bagi, kegiatan: Membagi, pelaksana: kabid, branches: {ya: end, tidak: rinci}}
"""


@pytest.fixture
def called(room: "Room") -> "Room":
    """Case induk-1 stands at its second row, for which anak-1 was opened."""
    room.write(PARENT, CHILD)
    room.start("induk", "Bimtek", typed=MoveInput(sets=("tempat=Aula",)))
    assert room.approve("induk-1").opened == ("anak-1",)
    return room


def refused(room: "Room", id: str) -> str:
    """Why the case cannot be approved."""
    answer = room.ask(lambda session: moves.approve(session, id, MoveInput()))
    assert isinstance(answer, Refused)
    return answer.reason


def test_the_case_of_the_called_sop_is_opened_with_the_step(called: "Room") -> None:
    child = status.case_status(called.session().record, "anak-1")
    assert (child.parent, child.subject, child.fields) == ("induk-1", "Bimtek", {"tempat": "Aula"})
    assert status.case_status(called.session().record, "induk-1").child == "anak-1"
    assert refused(called, "induk-1") == "waits_for_child"


def test_its_end_ends_the_step_and_its_outputs_are_kelengkapan(called: "Room") -> None:
    called.approve("anak-1")
    called.approve("anak-1")
    parent = status.case_status(called.session().record, "induk-1")
    assert (parent.step, parent.missing_items) == ("terima", ())
    assert called.approve("induk-1").status == "completed"


@pytest.mark.parametrize("account", ["pemberi-perintah", "akun-keduanya"])
def test_who_may_not_do_the_step_does_not_end_the_case_that_does_it(room: "Room", account: str) -> None:
    room.write(PARENT.replace("sop: anak", "sop: anak, not_by: perintah"), CHILD)
    room.say("""
        officials:
          - {nama: Ani, pelaksana: [ketua, kabid], accounts: [pemberi-perintah, akun-keduanya]}
          - {nama: Ina, pelaksana: [kabid], accounts: [petugas-lain]}
    """)
    room.account = "pemberi-perintah"
    room.start("induk")
    room.approve("induk-1")
    room.account = account
    room.approve("anak-1")
    before = room.record()
    answer = room.ask(lambda session: moves.approve(session, "anak-1", MoveInput()))
    assert isinstance(answer, Refused)
    assert answer.reason == "not_by"
    assert answer.message.startswith("Ini sekaligus menyelesaikan langkah tugaskan berkas induk induk-1. Langkah tugas")
    assert room.record() == before
    room.account = "petugas-lain"
    assert room.approve("anak-1").status == "completed"


def test_who_wrote_a_field_of_the_caller_wrote_it_in_the_called_case_too(room: "Room") -> None:
    child = CHILD.replace("tempat: {label: Tempat}", "tempat: {label: Tempat, step: rinci}")
    room.write(PARENT, child.replace("id: bagi,", "id: bagi, not_by: rinci,"))
    room.account = "penulis"
    room.start("induk", typed=MoveInput(sets=("tempat=Aula",)))
    room.account = "penerus"
    room.approve("induk-1")
    room.account = "perinci"
    room.approve("anak-1")
    room.account = "penulis"
    assert refused(room, "anak-1") == "not_by"
    room.account = "penerus"
    assert room.approve("anak-1").status == "completed"


def test_it_may_be_turned_down_on_the_way_without_the_step_noticing(called: "Room") -> None:
    before = called.record()["instances/induk/0000/induk-1.json"]
    called.approve("anak-1")
    called.reject("anak-1")
    assert called.record()["instances/induk/0000/induk-1.json"] == before


def test_what_completed_the_step_is_not_taken_back(called: "Room") -> None:
    called.approve("anak-1")
    called.approve("anak-1")
    before = called.record()
    answer = called.ask(lambda session: moves.withdraw(session, "anak-1", MoveInput(note="keliru")))
    assert isinstance(answer, Refused)
    assert answer.reason == "parent_went_on"
    assert called.record() == before


def test_a_move_of_the_called_case_is_taken_back_while_it_runs(called: "Room") -> None:
    called.approve("anak-1")
    assert called.withdraw("anak-1").step == "rinci"


def test_cancelling_it_frees_the_step_which_may_then_call_again(called: "Room") -> None:
    called.cancel("anak-1")
    assert status.case_status(called.session().record, "induk-1").child == ""
    assert refused(called, "induk-1") == "waits_for_call"
    again = called.start("anak", parent="induk-1")
    assert (again.id, status.case_status(called.session().record, "induk-1").child) == ("anak-2", "anak-2")


def test_cancelling_the_caller_leaves_the_called_case_to_end_by_itself(called: "Room") -> None:
    called.cancel("induk-1")
    called.approve("anak-1")
    assert called.approve("anak-1").status == "completed"
    assert status.case_status(called.session().record, "induk-1").status == "cancelled"


def test_a_suspended_caller_does_not_go_on_and_neither_does_the_end_of_the_called(called: "Room") -> None:
    called.ask(lambda session: moves.suspend(session, "induk-1", MoveInput(note="libur")))
    called.approve("anak-1")
    before = called.record()
    assert refused(called, "anak-1") == "suspended"
    assert called.record() == before
    called.ask(lambda session: moves.resume(session, "induk-1", MoveInput()))
    assert called.approve("anak-1").status == "completed"


def test_the_way_back_over_a_calling_row_calls_anew(called: "Room") -> None:
    for _ in range(2):
        called.approve("anak-1")
    called.reject("induk-1")
    assert called.approve("induk-1").opened == ("anak-2",)


def test_a_row_that_calls_first_of_all_opens_both_cases_at_once(room: "Room") -> None:
    room.write(PARENT.replace("\nnama:", "\nstart: tugaskan\nnama:"), CHILD)
    assert room.start("induk").opened == ("anak-1",)


@pytest.mark.parametrize("by_hand", [True, False], ids=["by hand", "through the other SOP"])
def test_an_optional_call_is_made_or_not(room: "Room", by_hand: bool) -> None:  # noqa: FBT001 — a table
    room.write(OPTIONAL, CHILD)
    room.start("induk")
    assert room.approve("induk-1").opened == ()
    if by_hand:
        assert room.approve("induk-1").step == "terima"
        return
    room.start("anak", parent="induk-1")
    assert refused(room, "induk-1") == "waits_for_child"
    room.approve("anak-1")
    room.approve("anak-1")
    assert status.case_status(room.session().record, "induk-1").step == "terima"


@pytest.mark.parametrize(
    ("prepare", "sop", "reason"),
    [
        pytest.param(0, "anak", "not_called", id="the step does not call"),
        pytest.param(1, "sk-tim", "not_called", id="the step calls another"),
        pytest.param(1, "anak", "already_called", id="the step has called already"),
        pytest.param(3, "anak", "not_called", id="the caller has ended"),
    ],
)
def test_a_case_is_opened_for_a_step_that_waits_for_it(room: "Room", prepare: int, sop: str, reason: str) -> None:
    room.write(PARENT.replace("evidence: true", "evidence: tidak"), CHILD)
    room.start("induk")
    for turn in range(prepare):
        for id in ("induk-1",) if turn != 1 else ("anak-1", "anak-1"):
            room.approve(id)
    before = room.record()
    answer = room.ask(lambda session: start.start(session, sop, start.StartInput(parent="induk-1"), MoveInput()))
    assert isinstance(answer, Refused)
    assert answer.reason == reason
    assert room.record() == before


def test_sops_that_call_each_other_without_end_are_refused_whole(room: "Room") -> None:
    forms = [
        f"id: {id}\nnama: {id}\npelaksana: {{a: A}}\nsteps:\n"
        f"  - {{id: satu, kegiatan: Menyusun, pelaksana: a, sop: {other}}}"
        for id, other in {"ayam": "telur", "telur": "ayam"}.items()
    ]
    room.write(*forms)
    answer = room.ask(lambda session: start.start(session, "ayam", start.StartInput(), MoveInput()))
    assert isinstance(answer, Refused)
    assert answer.reason == "endless_calls"
    assert room.record() == {}


def test_what_the_called_sop_asks_for_at_its_start_stops_the_caller(room: "Room") -> None:
    child = CHILD.replace("tempat: {label: Tempat}", "tempat: {label: Tempat, required: ya}")
    room.write(PARENT, child)
    room.start("induk")
    before = room.record()
    assert refused(room, "induk-1") == "missing_fields"
    assert room.record() == before
    assert room.approve("induk-1", MoveInput(sets=("tempat=Aula",))).opened == ("anak-1",)


def test_what_the_called_sop_asks_for_at_its_start_is_asked_of_whoever_moves_the_caller(room: "Room") -> None:
    room.write(PARENT, CHILD.replace("tempat: {label: Tempat}", "tempat: {label: Tempat, required: ya}"))
    room.start("induk")
    session = room.session()
    wanted = step_questions(session, "induk-1", MoveInput())
    assert wanted is not None
    assert [field.name for field in wanted.fields] == ["tempat"]


def test_the_record_of_both_is_intact(called: "Room") -> None:
    called.approve("anak-1")
    called.approve("anak-1")
    called.approve("induk-1")
    assert verify.verify(called.session().record, None).findings == ()
