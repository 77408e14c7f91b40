"""What is measured: a finished visit, or one pelaksana's part of it.

A visit that was withdrawn is not in the state any more, and one that ended because its case was cancelled was not
finished: neither is measured.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, get_args

from msgspec import Struct
from msgspec.structs import replace

from sopctl.engine.events import Move, Withdrawn
from sopctl.engine.state import Visit
from sopctl.report.case import Case, Clock, joined
from sopctl.report.way import Standards
from sopctl.sop.model import Step
from sopctl.worktime.calendar import Calendar

Kind = Literal["whole", "shared", "part"]
"""A visit of one pelaksana, a visit of several, and what each of several had of it."""

_MOVES = frozenset(get_args(Move))

TYPED_LATER = timedelta(minutes=1)
"""From how long after it happened an event counts as typed later; below that somebody was typing."""


class Measure(Struct, frozen=True, kw_only=True):
    """One measured stretch; all times are working minutes, ``day`` is when the visit ended.

    ``row`` is the step's place on the form. ``standard`` and ``within`` are None without a standard, ``waiting`` where
    nobody recorded that work began. ``moves`` counts the recorded moves of the stretch, ``late_moves`` those of them
    that were typed later than they happened; both are 0 where the events are not at hand.
    """

    case: str
    sop: str
    step: str
    row: int
    pelaksana: str
    kind: Kind
    day: date
    rework: bool
    elapsed: float
    waiting: float | None
    standard: float | None
    within: bool | None
    moves: int
    late_moves: int


def measures(case: Case, calendar: Calendar, standards: Standards) -> Iterator[Measure]:
    """The finished visits of a case; one of several pelaksana is followed by the part that each of them had.

    In a row of several the part runs from the hand-over before to the pelaksana's own act (from the visit's start where
    they act together). The SOP gives the row one time and none to its parts, so a part has no standard.
    """
    clock = Clock(case, calendar, case.state.last)
    later = typed_later(case)
    first = 0
    for visit in _finished(case):
        late = later[first : first + len(visit.acted)]
        first += len(visit.acted)
        whole = _measure(case, standards, visit, clock, late)
        yield whole
        if whole.kind == "shared":
            yield from _parts(whole, case.sop.step(visit.step), visit, clock, late)


def typed_later(case: Case) -> list[bool]:
    """For each move that still counts, in order, whether it was typed later; they are the parts of the visits."""
    moves: list[bool] = []
    for event in case.events:
        if type(event) in _MOVES:
            moves.append(event.recorded_at - event.at >= TYPED_LATER)
        elif isinstance(event, Withdrawn):  # always of the latest move
            moves.pop()
    return moves


def _finished(case: Case) -> Iterator[Visit]:
    visits = case.state.visits[:-1] if case.state.status == "cancelled" else case.state.visits
    return (visit for visit in visits if visit.until is not None)


def _measure(case: Case, standards: Standards, visit: Visit, clock: Clock, late: list[bool]) -> Measure:
    row, step, standard = standards.row(visit.step)
    elapsed = clock.minutes(visit.since, visit.until)
    return Measure(
        case=case.id,
        sop=case.sop.id,
        step=step.id,
        row=row,
        pelaksana=step.pelaksana[0] if len(step.pelaksana) == 1 else joined(step),
        kind="shared" if len(step.pelaksana) > 1 else "whole",
        day=clock.local(visit.until or visit.since).date(),
        rework=visit.round > 1,
        elapsed=elapsed,
        waiting=clock.waiting(visit),
        standard=standard,
        within=None if standard is None else clock.within(visit, step.waktu, elapsed, standard),
        moves=len(late),
        late_moves=sum(late),
    )


def _parts(whole: Measure, step: Step, visit: Visit, clock: Clock, late: list[bool]) -> Iterator[Measure]:
    since = visit.since
    for number, part in enumerate(visit.acted):
        yield replace(
            whole,
            pelaksana=part.pelaksana or step.pelaksana[-1],
            kind="part",
            elapsed=clock.minutes(since, part.at),
            waiting=None,
            standard=None,
            within=None,
            moves=len(late[number : number + 1]),
            late_moves=sum(late[number : number + 1]),
        )
        since = visit.since if step.together else part.at
