"""What is recorded beside the moves, what they ask for, and taking a move back."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from sopctl.cli.remedies import sentence
from sopctl.engine import case_changes
from sopctl.engine.events import Approved, FieldValue, Withdrawn

if TYPE_CHECKING:
    from tests.engine.conftest import Walk

FORM = """
id: uji
nama: Uji
pelaksana: {tim: Tim Kerja, kabid: Kepala Bidang 3}
fields:
  hasil: {label: Hasil kegiatan, type: list, required: true, step: susun}
  peserta: {label: Jumlah peserta, type: number, required: true, step: susun}
  catatan: {label: Catatan, step: susun}
steps:
  - id: susun
    kegiatan: Menyusun
    pelaksana: tim
    kelengkapan: [ATK, {nama: Daftar hadir, evidence: true}]
    output: Laporan
  - id: periksa
    kegiatan: Memeriksa
    pelaksana: kabid
    kelengkapan: [{nama: LAPORAN, evidence: true}]
    branches: {sesuai: end, belum sesuai: susun}
"""
FILLED: dict[str, FieldValue] = {"hasil": ["satu"], "peserta": 40}


def submit(walk: "Walk") -> str:
    """Approve the first row with all that it asks for."""
    return walk.approve(walk.request(fields=FILLED, items=("daftar hadir",)))


def test_required_fields_are_named_with_the_option_that_gives_them(walk: "Walk") -> None:
    assert walk.approve(walk.request(items=("Daftar hadir",))) == "missing_fields"
    assert walk.refused.fields == ("hasil", "peserta")
    for words in ("Hasil kegiatan", "Jumlah peserta", '--set hasil="BARIS;BARIS"', '--set peserta="ANGKA"'):
        assert words in sentence(walk.refused)


def test_evidence_is_named_with_the_option_that_attaches_it(walk: "Walk") -> None:
    assert walk.approve(walk.request(fields=FILLED)) == "missing_evidence"
    assert walk.refused.items == ("Daftar hadir",)
    assert '--attach "Daftar hadir=BERKAS"' in sentence(walk.refused)


def test_evidence_is_satisfied_by_an_earlier_output_of_that_name(walk: "Walk") -> None:
    assert submit(walk) == "done"
    assert walk.approve() == "done"


def test_external_evidence_is_no_output_of_that_name(read: "Callable[[str], Walk]") -> None:
    walk = read(FORM.replace("LAPORAN, evidence: true", "LAPORAN, evidence: true, external: true"))
    assert submit(walk) == "done"
    assert walk.approve() == "missing_evidence"
    assert walk.approve(walk.request(items=("Laporan",))) == "done"


def test_an_output_that_was_turned_down_counts_since_it_was_made(walk: "Walk") -> None:
    submit(walk)
    walk.reject()
    assert walk.state.produced == ("Laporan",)
    assert walk.approve() == "done"


def test_kelengkapan_are_recorded_as_confirmed_by_who_approves(walk: "Walk") -> None:
    submit(walk)
    approved = walk.case.instance.events[-1]
    assert isinstance(approved, Approved)
    assert approved.kelengkapan == ("ATK", "Daftar hadir")


def test_fields_and_files_may_be_there_before_the_move(walk: "Walk") -> None:
    assert walk.take(case_changes.fill(walk.sop, walk.state, walk.request(fields=FILLED))) == "done"
    assert walk.take(case_changes.attach(walk.state, walk.request(items=("Daftar Hadir",)))) == "done"
    assert walk.approve() == "done"


def test_a_later_value_takes_the_place_of_an_earlier_one(walk: "Walk") -> None:
    for number in (1, 2):
        walk.take(case_changes.fill(walk.sop, walk.state, walk.request(fields={"peserta": number})))
    assert walk.state.fields == {"peserta": 2}
    assert walk.case.instance.fields == {"peserta": 2}


BESIDE: dict[str, Callable[["Walk"], str]] = {
    "fill": lambda walk: walk.take(case_changes.fill(walk.sop, walk.state, walk.request(fields={"catatan": "x"}))),
    "attach": lambda walk: walk.take(case_changes.attach(walk.state, walk.request(items=("ATK",)))),
    "assign": lambda walk: walk.take(case_changes.assign(walk.state, walk.request(), "tim", "akun")),
    "suspend": lambda walk: walk.suspend(),
    "resume": lambda walk: walk.resume(),
    "cancel": lambda walk: walk.cancel(),
    "note": lambda walk: walk.note(),
    "withdraw": lambda walk: walk.withdraw(),
}


@pytest.mark.parametrize(
    ("prepare", "expected"),
    [
        pytest.param(
            [],
            {"resume": "not_suspended", "withdraw": "nothing_to_withdraw"},
            id="running",
        ),
        pytest.param(["suspend"], {"suspend": "suspended", "withdraw": "nothing_to_withdraw"}, id="suspended"),
        pytest.param(
            ["cancel"],
            {"note": "done", "withdraw": "nothing_to_withdraw", "": "cancelled"},
            id="cancelled",
        ),
        pytest.param(["suspend", "cancel"], {"note": "done", "withdraw": "nothing_to_withdraw", "": "cancelled"},
                     id="suspended, then cancelled"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", BESIDE)
def test_what_may_be_recorded_depends_on_whether_the_case_runs(
    walk: "Walk", prepare: list[str], expected: dict[str, str], name: str
) -> None:
    for step in prepare:
        assert BESIDE[step](walk) == "done"
    assert BESIDE[name](walk) == expected.get(name, expected.get("", "done"))


@pytest.mark.parametrize("name", [name for name in BESIDE if name not in {"note", "withdraw"}])
def test_a_completed_case_takes_nothing_but_notes(walk: "Walk", name: str) -> None:
    submit(walk)
    walk.approve()
    assert BESIDE[name](walk) == "completed"
    assert walk.note() == "done"
    assert walk.state.status == "completed"


@pytest.mark.parametrize("typed", ["suspend", "cancel"])
def test_stopping_wants_a_reason(walk: "Walk", typed: str) -> None:
    assert getattr(walk, typed)("") == "note_needed"
    assert "--note" in sentence(walk.refused)


def test_a_suspended_case_stands_still_until_it_is_resumed(walk: "Walk") -> None:
    walk.suspend()
    stopped = walk.now
    assert [walk.approve(), walk.begin(), walk.reject(), walk.decide("sesuai")] == ["suspended"] * 4
    assert walk.complete("lain-1") == "suspended"
    walk.resume()
    assert [(pause.since, pause.until) for pause in walk.state.pauses] == [(stopped, walk.now)]
    assert submit(walk) == "done"


def test_cancelling_a_suspended_case_ends_its_pause(walk: "Walk") -> None:
    walk.suspend()
    walk.cancel()
    assert walk.state.pauses[-1].until == walk.state.ended == walk.now
    assert (walk.state.step, walk.state.turn, walk.state.visit.outcome) == (None, (), "dibatalkan")


def test_an_assignment_is_taken_back_by_an_empty_one(walk: "Walk") -> None:
    for person in ("akun-lain", ""):
        walk.take(case_changes.assign(walk.state, walk.request(), "tim", person))
        assert walk.state.assigned == {"tim": person}


def test_taking_a_move_back_is_as_if_it_had_not_been_made_but_the_record_keeps_both(walk: "Walk") -> None:
    before = walk.state
    submit(walk)
    assert walk.withdraw() == "done"
    after = walk.state
    assert (after.step, after.turn, after.visits) == (before.step, before.turn, before.visits)
    assert (after.fields, after.attachments, tuple(after.documents), after.produced) == ({}, (), (), ())
    assert [type(event) for event in walk.case.instance.events[1:]] == [Approved, Withdrawn]


def test_moves_are_taken_back_one_by_one_as_far_as_they_are_ones_own(walk: "Walk") -> None:
    opened = walk.state
    submit(walk)
    walk.approve()
    assert walk.withdraw() == "done"
    assert walk.state.step == "periksa"
    assert walk.withdraw(walk.request(by="akun-lain", note="keliru")) == "not_yours"
    assert walk.withdraw() == "done"
    assert (walk.state.step, walk.state.turn, walk.state.visits) == (opened.step, opened.turn, opened.visits)
    assert walk.withdraw() == "nothing_to_withdraw"


def test_what_one_adds_to_ones_own_move_stays_when_the_move_is_taken_back(walk: "Walk") -> None:
    submit(walk)
    for added in ("fill", "note", "attach"):
        assert BESIDE[added](walk) == "done"
    fields = walk.state.fields
    assert walk.withdraw() == "done"
    assert (walk.state.step, walk.state.fields["catatan"]) == ("susun", fields["catatan"])
    assert len(walk.state.attachments) == 1


def test_the_last_move_of_a_case_is_taken_back_too(walk: "Walk") -> None:
    submit(walk)
    walk.approve()
    assert walk.state.status == "completed"
    walk.withdraw()
    assert (walk.state.status, walk.state.step, walk.state.ended) == ("running", "periksa", None)
    assert walk.approve() == "done"


@pytest.mark.parametrize("since", ["assign", "suspend"])
def test_a_move_stays_once_anything_but_an_addition_of_ones_own_happened_since(walk: "Walk", since: str) -> None:
    submit(walk)
    assert BESIDE[since](walk) == "done"
    assert walk.withdraw() == "nothing_to_withdraw"


@pytest.mark.parametrize(
    ("by", "note", "reason"),
    [
        pytest.param("akun", "keliru", "done", id="one's own"),
        pytest.param("akun-lain", "keliru", "not_yours", id="somebody else's"),
        pytest.param("akun", "", "note_needed", id="without a reason"),
    ],
)
def test_a_move_is_taken_back_by_who_made_it_with_a_reason(walk: "Walk", by: str, note: str, reason: str) -> None:
    submit(walk)
    assert walk.withdraw(walk.request(by=by, note=note)) == reason


def test_a_move_stays_once_somebody_else_added_to_the_case(walk: "Walk") -> None:
    submit(walk)
    walk.take(case_changes.note(walk.state, walk.request(by="akun-lain", note="x")))
    assert walk.withdraw() == "nothing_to_withdraw"


def test_a_called_case_keeps_its_step_waiting(walk: "Walk") -> None:
    submit(walk)
    walk.call("lain-1")
    assert [walk.approve(), walk.reject(), walk.decide("sesuai")] == ["waits_for_child"] * 3
    walk.call("")
    assert walk.approve() == "done"


def test_the_outputs_of_a_called_case_count_as_kelengkapan(walk: "Walk") -> None:
    walk.take(case_changes.fill(walk.sop, walk.state, walk.request(fields=FILLED)))
    walk.take(case_changes.attach(walk.state, walk.request(items=("Daftar hadir",))))
    assert walk.complete("lain-1", "Notulen") == "done"
    assert walk.state.produced == ("Laporan", "Notulen")


def test_the_end_of_a_called_case_does_not_fill_in_what_the_step_asks_for(walk: "Walk") -> None:
    assert walk.complete("lain-1") == "missing_fields"
