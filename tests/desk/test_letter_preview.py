"""The letter that a step would write is made anew when what it says changes, not when anything does."""

from typing import TYPE_CHECKING

from sopctl.desk.letter_preview import StepLetter, read_step_letter
from sopctl.store.case_search import load_found_case

if TYPE_CHECKING:
    from sopctl.desk.session import Session
    from tests.conftest import Room


def test_other_cases_make_a_letter_anew_only_where_its_number_moves_on(room: "Room") -> None:
    id, other = room.letter(), room.letter()
    opened: list[Session] = []

    def open_writer() -> "Session":
        opened.append(room.session())
        return opened[-1]

    def read() -> StepLetter:
        session = room.session(looking=True)
        case = load_found_case(session.record, id)
        (row,) = case.rows
        assert row.step
        found = read_step_letter(session, case, row.step.id, open_writer)
        assert found
        assert found.foreseen
        return found

    first = read()
    room.start("sk-tim", "Berkas lain")
    assert read() == first
    assert len(opened) == 1
    room.approve(other)
    assert read().written.nomor != first.written.nomor
    assert len(opened) == 2
