"""`why`: what holds a case up: who holds it, since when, what is missing, who may act, and what is next."""

from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import asdict, replace

from sopctl.desk.authority import find_absent
from sopctl.desk.outcome import (
    CasePosition,
    OpenTurn,
    Rejection,
    last_rejection,
    list_next_actions,
    list_open_turns,
    position_of,
)
from sopctl.desk.session import Session
from sopctl.engine.case import Case
from sopctl.engine.events import Suspended
from sopctl.engine.next_actions import NextAction
from sopctl.engine.requirements import missing_fields, missing_kelengkapan
from sopctl.measure.case_clock import CaseClock
from sopctl.measure.inbox import WaitingTurn, list_turns
from sopctl.measure.tally import tally_cases
from sopctl.office.model import Office, Official
from sopctl.reports.summary import holiday_notes
from sopctl.sop.model import Clock
from sopctl.store.case_search import load_found_case
from sopctl.worktime.calendar import Calendar


class Holder(Struct, frozen=True, kw_only=True):
    """Whose turn it is, and who may act for that pelaksana today.

    ``people`` are the officials (nama, or jabatan where no name is known) with their accounts, or whom the case itself
    assigned; empty where the office restricts nobody and names nobody: then whoever is at the keyboard may act. Nor
    does it hold an assigned person who has left the office, who is ``absent``: nobody may act before another one is.
    """

    pelaksana: str
    jabatan: str
    people: tuple[str, ...]
    anybody: bool
    absent: str = ""


class Why(CasePosition, frozen=True, kw_only=True):
    """Where a case stands still.

    ``since``, ``due``, minutes and ``late`` are those of the turn, as in the inbox; None once the case ended or while
    it is suspended. ``begun`` is when work on the step began, where somebody said so. ``missing_fields`` are names with
    their labels. ``child`` is the case of another SOP that it waits for, ``reason`` why it was suspended or sent back;
    of the latter ``rejection`` says who did so and when. ``next`` are the moves that are accepted now, the way forward
    first. Of a case that stands at several rows it is the first row, with all ``turns`` and moves; the other rows are
    ``also``.
    """

    round: int
    holders: tuple[Holder, ...]
    since: datetime
    due: datetime | None = None
    late: bool = False
    elapsed_minutes: float | None = None
    standard_minutes: float | None = None
    clock: Clock = "working"
    due_need: str = ""
    left_minutes: float | None = None
    begun: datetime | None
    missing_fields: dict[str, str]
    missing_items: tuple[str, ...]
    child: str
    reason: str
    rejection: Rejection | None
    next: tuple[NextAction, ...]
    notes: tuple[str, ...]
    turns: tuple[OpenTurn, ...]
    also: tuple["Why", ...] = ()


_OF_TURN = ("since", "due", "late", "elapsed_minutes", "standard_minutes", "clock", "due_need", "left_minutes")
"""What is told of the turn as the inbox tells it."""


def why(session: Session, id: str) -> Why:
    """What holds one case."""
    case = load_found_case(session.record, id)
    first, *others = [_why_row(session, row) for row in case.rows]
    also = tuple(replace(other, next=(), turns=()) for other in others)
    notes = dict.fromkeys(note for one in (first, *others) for note in one.notes)
    return replace(first, also=also, notes=tuple(notes))


def _why_row(session: Session, case: Case) -> Why:
    """What holds the case at the row at hand."""
    record, state = session.record, case.state
    now = record.now()
    step = case.step
    turn = _turn(case, record.calendar, now)
    clock = CaseClock(case, record.calendar, now)
    fields = missing_fields(case.sop, step.id, state.fields) if step else ()
    return Why(
        **asdict(position_of(case)),
        round=state.visit.round,
        holders=tuple(_holder(record.office, case, pelaksana, now.date()) for pelaksana in state.turn),
        **({name: getattr(turn, name) for name in _OF_TURN} if turn else {"since": clock.local_time(state.last)}),
        begun=clock.local_time(state.visit.begun) if state.visit.begun and step else None,
        missing_fields={name: case.sop.fields[name].label for name in fields},
        missing_items=missing_kelengkapan(state, step) if step else (),
        child=state.visit.child if step else "",
        reason=_reason(case),
        rejection=last_rejection(case, record.office),
        next=list_next_actions(case, record, session.library),
        notes=holiday_notes(record, {turn.due.year} if turn and turn.due else ()),
        turns=list_open_turns(case, record),
    )


def _turn(case: Case, calendar: Calendar, now: datetime) -> WaitingTurn | None:
    """The turn as the inbox tells it; of several that act together the first."""
    rows = list_turns(tally_cases([case], calendar).turns, calendar, now)
    return next((row for row in rows if row.step == case.state.step), None)


def _holder(office: Office, case: Case, pelaksana: str, day: date) -> Holder:
    assigned = case.state.assigned.get(pelaksana)
    absent = find_absent(office, case, day).get(pelaksana, "")
    people = (assigned,) if assigned else tuple(dict.fromkeys(map(_person, office.officials_for(pelaksana, day))))
    return Holder(
        pelaksana=pelaksana,
        jabatan=case.sop.pelaksana[pelaksana],
        people=() if absent else people,
        anybody=not assigned and not office.restricts,
        absent=absent,
    )


def _person(official: Official) -> str:
    name = " ".join(filter(None, (official.as_, official.nama or official.jabatan)))
    return f"{name} ({', '.join(official.accounts)})" if official.accounts else name


def _reason(case: Case) -> str:
    if case.state.status != "suspended":
        return rejection.note if (rejection := last_rejection(case)) else ""
    return next(event.note for event in reversed(case.instance.events) if isinstance(event, Suspended))
