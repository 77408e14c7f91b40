"""Rows that are worked on at the same time, at the desk: which row is meant, whose turn it is, what goes with them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from sopctl.audit import verify
from sopctl.desk import migrate, moves
from sopctl.desk.inbox import inbox
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.desk.session import Session
from sopctl.desk.status import case_status
from sopctl.desk.why import why
from sopctl.engine.refused import Refused

if TYPE_CHECKING:
    from tests.conftest import Room

FORM = """
id: rapat
nama: Rapat
pelaksana: {kabag: Kepala Bagian, staf: Staf, protokol: Protokol}
steps:
  - {id: perintah, no: 1, kegiatan: Memerintahkan, pelaksana: kabag, waktu: 5 menit, next: [undangan, tempat, umum]}
  - {id: undangan, no: 2, kegiatan: Menyusun, pelaksana: staf, waktu: 1 jam,
     branches: {ya: laksana, ulang: perintah}}
  - {id: tempat, no: 3, kegiatan: Menyiapkan, pelaksana: protokol, waktu: 10 menit, sop: anak, next: laksana}
  - {id: umum, no: 4, kegiatan: Menyiapkan, pelaksana: staf, next: laksana}
  - {id: laksana, no: 5, kegiatan: Melaksanakan, pelaksana: kabag}
"""
CHILD = """
id: anak
nama: Anak
pelaksana: {protokol: Protokol}
steps:
  - {id: kerja, kegiatan: Mengerjakan, pelaksana: protokol}
"""
PLAIN = FORM.replace(", sop: anak", "")
ACCOUNTS = """
officials:
  - {nama: Ani, pelaksana: [kabag], accounts: [akun]}
  - {nama: Ina, pelaksana: [staf], accounts: [akun-staf]}
  - {nama: Ida, pelaksana: [protokol], accounts: [akun-protokol]}
"""


@pytest.fixture
def forked(room: "Room") -> "Room":
    """A case whose first row was done, so that three are open."""
    room.write(CHILD, PLAIN)
    room.start("rapat")
    room.approve("rapat-1")
    return room


def asked(
    room: "Room", move: Callable[[Session, str, MoveInput], Outcome | Refused], step: str = "", note: str = ""
) -> str:
    answer = room.ask(lambda session: move(session, "rapat-1", MoveInput(step=step, note=note)))
    return answer.reason if isinstance(answer, Refused) else ""


def test_what_comes_back_names_every_open_row_with_its_turn_and_due_date(room: "Room") -> None:
    room.write(CHILD, PLAIN)
    room.start("rapat")
    found = room.approve("rapat-1")
    assert [(one.step, one.no, one.turn, one.due is not None) for one in found.turns] == [
        ("undangan", 2, ("staf",), True), ("tempat", 3, ("protokol",), True), ("umum", 4, ("staf",), False),
    ]  # fmt: skip
    assert (found.step, found.no, found.turn, found.due) == ("undangan", 2, ("staf",), found.turns[0].due)


def test_an_account_moves_the_row_of_which_it_has_the_turn(forked: "Room") -> None:
    forked.say(ACCOUNTS)
    forked.account = "akun-protokol"
    assert asked(forked, moves.begin) == ""
    assert asked(forked, moves.approve) == ""
    forked.account = "akun-staf"
    assert asked(forked, moves.approve) == "several_rows"
    assert asked(forked, moves.approve, step="umum") == ""
    assert asked(forked, moves.approve) == ""
    forked.account = "akun"
    assert asked(forked, moves.approve, step="undangan") == "elsewhere"
    assert asked(forked, moves.approve) == ""
    assert verify.verify(forked.session().record, None).findings == ()


def test_the_inbox_has_a_row_for_each_open_row_each_late_by_itself(forked: "Room") -> None:
    forked.now = forked.now.replace(hour=11)
    rows = inbox(forked.session()).rows
    assert {(row.step, row.pelaksana, row.late) for row in rows} == {
        ("undangan", "staf", False), ("tempat", "protokol", True), ("umum", "staf", False),
    }  # fmt: skip
    assert asked(forked, moves.approve, step="tempat") == ""
    assert {row.step for row in inbox(forked.session()).rows} == {"undangan", "umum"}


def test_why_tells_of_every_open_row(forked: "Room") -> None:
    found = why(forked.session(), "rapat-1")
    assert [(one.step, [holder.pelaksana for holder in one.holders]) for one in (found, *found.also)] == [
        ("undangan", ["staf"]), ("tempat", ["protokol"]), ("umum", ["staf"]),
    ]  # fmt: skip
    assert {one.step for one in found.next} == {"undangan", "tempat", "umum"}


def test_a_rejection_to_before_the_fork_tells_which_rows_are_withdrawn(forked: "Room") -> None:
    assert asked(forked, moves.approve, step="umum") == ""
    answer = forked.ask(lambda session: moves.reject(session, "rapat-1", MoveInput(note="ulang", step="undangan")))
    assert isinstance(answer, Outcome)
    assert [one.message for one in answer.notices] == [
        "Langkah tempat (giliran Protokol), yang dikerjakan bersamaan, ikut ditarik."
    ]
    assert [(one.step, one.outcome) for one in case_status(forked.session().record, "rapat-1").visits] == [
        ("perintah", "selesai"), ("undangan", "ulang"), ("tempat", "ditarik"), ("umum", "selesai"), ("perintah", ""),
    ]  # fmt: skip
    again = why(forked.session(), "rapat-1")
    assert (again.round, again.reason) == (2, "ulang")


def test_a_called_sop_does_one_of_the_rows(room: "Room") -> None:
    room.write(CHILD, FORM)
    room.start("rapat")
    assert room.approve("rapat-1").opened == ("anak-1",)
    assert asked(room, moves.approve, step="tempat") == "waits_for_child"
    assert asked(room, moves.reject, step="undangan", note="ulang") == "waits_for_child"
    room.approve("anak-1")
    state = room.session().record.load_case("rapat-1").state
    assert [row.step for row in state.rows] == ["undangan", "umum"]
    assert asked(room, moves.reject, step="undangan", note="ulang") == ""
    assert verify.verify(room.session().record, None).findings == ()


def test_a_case_goes_on_under_a_version_in_which_its_rows_run_beside_each_other(forked: "Room") -> None:
    def planned() -> migrate.MigrationPlan | Refused:
        return migrate.plan(forked.session(), "rapat-1", ("umum=konsumsi",))

    forked.write(PLAIN.replace("umum", "konsumsi"))
    plan = planned()
    assert isinstance(plan, migrate.MigrationPlan)
    assert len([one for one in plan.sentences if one.startswith("Berkas rapat-1 berada")]) == 3
    found = migrate.migrate(forked.session(), plan, MoveInput())
    assert isinstance(found, Outcome)
    assert [one.step for one in found.turns] == ["undangan", "tempat", "konsumsi"]
    assert verify.verify(forked.session().record, None).findings == ()
    forked.write(
        PLAIN.replace(", umum]", "]")
        .replace("umum", "konsumsi")
        .replace("protokol, waktu: 10 menit, next: laksana", "protokol")
    )
    refused = migrate.plan(forked.session(), "rapat-1", ())
    assert isinstance(refused, Refused)
    assert refused.reason == "rows_apart"
