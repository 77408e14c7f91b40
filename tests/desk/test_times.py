"""`--at`: what was done on paper earlier is recorded when it happened, between the last event and now."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from sopctl.audit.doctor import run_doctor
from sopctl.audit.verify import verify
from sopctl.cli.remedies import sentence
from sopctl.desk import moves, start
from sopctl.desk.move_input import MoveInput, parse_time
from sopctl.desk.outcome import Outcome
from sopctl.desk.session import Session
from sopctl.engine.refused import Refused
from sopctl.errors import UsageError

if TYPE_CHECKING:
    from tests.conftest import Room

FORM = """
id: uji
nama: Uji
pelaksana: {tim: Tim Kerja}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim, branches: {ya: end, tidak: susun}}
"""


@pytest.fixture
def begun(room: "Room", when: Callable[[str], datetime]) -> "Room":
    """A case whose last event was on 24 November 2026 at 10:30:30; the next command comes at 11:00."""
    room.write(FORM)
    room.now = when("2026-11-24 10:29:30")
    room.start("uji")
    room.now = when("2026-11-24 10:59:00")
    return room


@pytest.mark.parametrize(
    ("at", "kept"),
    [
        pytest.param("", "2026-11-24 11:00:00", id="now"),
        pytest.param("2026-11-24 10:45", "2026-11-24 10:45:00", id="in between"),
        pytest.param("2026-11-24T10:45", "2026-11-24 10:45:00", id="as a computer writes it"),
        pytest.param("24-11-2026 10.45", "2026-11-24 10:45:00", id="as the office writes it"),
        pytest.param("2026-11-24 11:00", "2026-11-24 11:00:00", id="this very minute"),
        pytest.param("2026-11-24 10:30", "2026-11-24 10:30:30", id="in the minute of the last event"),
    ],
)
def test_a_move_is_recorded_when_it_happened(
    begun: "Room", when: Callable[[str], datetime], at: str, kept: str
) -> None:
    begun.approve("uji-1", MoveInput(at=at))
    event = begun.session().record.load_case("uji-1").instance.events[-1]
    assert (event.at, event.recorded_at) == (when(kept), when("2026-11-24 11:00:00"))


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        pytest.param("2026-11-24 11:01", "in_the_future", id="a minute ahead"),
        pytest.param("2027-01-01 00:00", "in_the_future", id="next year"),
        pytest.param("2026-11-24 10:29", "before_the_last", id="a minute before the last event"),
        pytest.param("1990-01-01 00:00", "before_the_last", id="the first day there is"),
    ],
)
def test_a_time_that_cannot_be_is_refused(begun: "Room", at: str, reason: str) -> None:
    before = begun.record()
    answer = begun.ask(lambda session: moves.approve(session, "uji-1", MoveInput(at=at)))
    assert isinstance(answer, Refused)
    assert answer.reason == reason
    assert begun.record() == before


def test_the_minute_of_the_last_event_is_good_to_its_last_second(room: "Room", when: Callable[[str], datetime]) -> None:
    room.write(FORM)
    room.now = when("2026-11-24 10:29:59")
    room.start("uji")
    room.reject("uji-1")
    assert room.approve("uji-1", MoveInput(at="2026-11-24 10:31")).status == "completed"


@pytest.mark.parametrize("at", ["2026-11-24 10:20", "2026-11-24T10:20", "24-11-2026 10.20", "24/11/26 10:20"])
def test_a_time_is_read_as_people_type_it(at: str, when: Callable[[str], datetime]) -> None:
    assert parse_time(at, when("2026-11-24 11:00")) == when("2026-11-24 10:20")


@pytest.mark.parametrize("at", ["kemarin", "2026-11-24", "10:00", "2026-02-30 10:00", "2026-11-24 25:00", "\ud800"])
def test_what_is_no_time_is_a_usage_error_that_shows_one(begun: "Room", at: str) -> None:
    with pytest.raises(UsageError) as raised:
        begun.approve("uji-1", MoveInput(at=at))
    assert 'Tulis misalnya --at "2026-11-24 10:00"' in sentence(raised.value)


def test_a_case_is_not_opened_in_the_future(begun: "Room") -> None:
    answer = begun.ask(
        lambda session: start.start(session, "uji", start.StartInput(), MoveInput(at="2026-11-25 08:00"))
    )
    assert isinstance(answer, Refused)
    assert answer.reason == "in_the_future"
    assert [*begun.session().store.list_ids()] == ["uji-1"]


def test_a_case_is_opened_earlier_and_due_from_then_on(begun: "Room", when: Callable[[str], datetime]) -> None:
    id = begun.start("uji", typed=MoveInput(at="2026-11-20 15:00")).id
    assert begun.session().record.load_case(id).state.started == when("2026-11-20 15:00")


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(lambda session: moves.approve(session, "uji-1", MoveInput()), id="approve"),
        pytest.param(lambda session: moves.cancel(session, "uji-1", MoveInput(note="tidak jadi")), id="cancel"),
        pytest.param(
            lambda session: moves.approve(session, "uji-1", MoveInput(at="2026-11-24 10:30")),
            id="the minute of the last",
        ),
    ],
)
def test_a_clock_behind_the_case_holds_nobody_up(
    begun: "Room", when: Callable[[str], datetime], command: Callable[[Session], Outcome | Refused]
) -> None:
    begun.now = when("2026-11-23 11:00")
    answer = begun.ask(command)
    assert isinstance(answer, Outcome)
    event = begun.session().record.load_case("uji-1").instance.events[-1]
    assert (event.at, event.recorded_at) == (when("2026-11-24 10:30:30"), when("2026-11-23 11:01"))
    (notice,) = answer.notices
    assert notice.message.startswith(
        "Jam komputer ini (23-11-2026 11.01) di belakang catatan terakhir berkas (24-11-2026 10.30)"
    )


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        pytest.param("2026-11-23 10:00", "before_the_last", id="by the computer's clock"),
        pytest.param("2026-11-24 10:29", "in_the_future", id="a minute before the last event"),
        pytest.param("2026-11-24 10:31", "in_the_future", id="a minute after it"),
    ],
)
def test_of_the_future_only_the_time_of_the_last_event_is_taken(
    begun: "Room", when: Callable[[str], datetime], at: str, reason: str
) -> None:
    begun.now = when("2026-11-23 11:00")
    answer = begun.ask(lambda session: moves.approve(session, "uji-1", MoveInput(at=at)))
    assert isinstance(answer, Refused)
    assert answer.reason == reason


def test_a_called_case_of_the_future_ends_and_ends_the_step_that_called_it(
    room: "Room", when: Callable[[str], datetime]
) -> None:
    room.write(
        """
        id: induk
        nama: Induk
        pelaksana: {tim: Tim Kerja}
        steps: [{id: panggil, kegiatan: Memanggil, pelaksana: tim, sop: uji}]
        """,
        FORM,
    )
    room.start("induk")
    room.now = when("2028-01-04 10:00")
    room.ask(lambda session: moves.note(session, "uji-1", MoveInput(note="jam maju")))
    room.now = when("2026-11-24 11:00")
    run_doctor(room.session().record, mend=True)
    (parent,) = room.approve("uji-1").also
    assert (parent.id, parent.status) == ("induk-1", "completed")
    assert "Jam komputer ini" in parent.notices[0].message


def test_the_clock_is_behind_for_who_may_act_too(room: "Room", when: Callable[[str], datetime]) -> None:
    room.write(FORM)
    room.say(
        """
        officials:
          - {nama: Ketua, pelaksana: [tim], accounts: [akun], from: 2026-01-01, until: 2026-12-31}
        """
    )
    room.start("uji")
    room.now = when("2026-12-31 23:50")
    room.ask(lambda session: moves.note(session, "uji-1", MoveInput(note="jam maju")))
    path = room.root / "sopctl.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("until: 2026-12-31", "until: 2026-11-30"), encoding="utf-8"
    )
    room.now = when("2026-11-24 11:00")
    run_doctor(room.session().record, mend=True)
    assert room.approve("uji-1").status == "completed"
    assert verify(room.session().record, None).findings == ()


def test_a_time_is_one_of_the_office_wherever_the_computer_stands(
    room: "Room", when: Callable[[str], datetime]
) -> None:
    room.say("timezone: Asia/Jayapura")
    session = room.session()
    assert parse_time("2026-11-24 12:00", session.now()) == when("2026-11-24 10:00")
