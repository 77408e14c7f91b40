"""What is measured: a finished visit, or one pelaksana's part of it.

A visit that was withdrawn is not in the state any more, and one that ended because its case was cancelled was not
finished: neither is measured. But nobody makes a late step look as if it had not been late by cancelling its case: a
visit that was beyond its standard when that happened is measured up to there, as a late one.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, get_args

from msgspec import Struct
from msgspec.structs import replace

from sopctl.engine.events import Begun, Cancelled, Move, Resumed, Started, Suspended, Withdrawn
from sopctl.engine.state import Visit
from sopctl.report.case import Case, Clock, joined
from sopctl.report.way import Standards
from sopctl.sop.model import Step
from sopctl.worktime.calendar import Calendar

Kind = Literal["whole", "shared", "part"]
"""A visit of one pelaksana, a visit of several, and what each of several had of it."""

_CLOCK = dict.fromkeys((Started, Begun, Suspended, Resumed, Cancelled), False) | dict.fromkeys(get_args(Move), True)
"""What starts, stops or divides the time of a visit, and whether it is a move, which ends a part of one."""

Typed = tuple[int, int]
"""How many such events were recorded, and how many of them were typed later than they happened."""

TYPED_LATER = timedelta(minutes=1)
"""From how long after it happened an event counts as typed later; below that somebody was typing."""


class Measure(Struct, frozen=True, kw_only=True):
    """One measured stretch; all times are working minutes, ``day`` is when the visit ended.

    ``row`` is the step's place on the form. ``standard`` and ``within`` are None without a standard, ``waiting`` where
    nobody recorded that work began, ``suspended`` where the clock never stood still; ``elapsed`` is without it.
    ``recorded`` counts the events that set the times of the stretch: its moves, the start of the case, the beginning of
    work, suspending and resuming; ``typed_later`` those of them that were typed later than they happened. Both are 0
    where the events are not at hand.
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
    suspended: float | None
    standard: float | None
    within: bool | None
    recorded: int
    typed_later: int


def measures(case: Case, calendar: Calendar, standards: Standards) -> Iterator[Measure]:
    """The finished visits of a case; one of several pelaksana is followed by the part that each of them had.

    In a row of several the part runs from the hand-over before to the pelaksana's own act (from the visit's start where
    they act together). The SOP gives the row one time and none to its parts, so a part has no standard.

    The last visit of a cancelled case is there where it was late at that moment, and then without a waiting and a
    working time: the work was not done.
    """
    clock = Clock(case, calendar, case.state.last)
    typed = typed_later(case)
    first = 0
    cut = case.state.visit if case.state.status == "cancelled" else None
    for visit in case.state.visits:
        if visit.until is None:
            return
        parts = typed[first : first + len(visit.acted)]
        first += len(visit.acted)
        whole = _measure(case, standards, visit, clock, parts)
        if visit is cut:
            if whole.within is not False:
                return
            recorded, later = _together([*parts, typed[-1]])
            whole = replace(whole, waiting=None, recorded=recorded, typed_later=later)
        yield whole
        if whole.kind == "shared":
            yield from _parts(whole, case.sop.step(visit.step), visit, clock, parts)


def typed_later(case: Case) -> list[Typed]:
    """For each part of the visits, in order, what was recorded of it and typed later; then what came after the last.

    A part of a visit ends with a move. What was recorded since the part before belongs to it.
    """
    parts: list[Typed] = []
    recorded = later = 0
    for event in case.events:
        is_move = _CLOCK.get(type(event))
        if is_move is not None:
            recorded += 1
            later += event.recorded_at - event.at >= TYPED_LATER
            if is_move:
                parts.append((recorded, later))
                recorded = later = 0
        elif isinstance(event, Withdrawn):  # always of the latest move, and nothing was recorded since
            move = case.events[event.move - 1]
            recorded, later = parts.pop()
            recorded, later = recorded - 1, later - (move.recorded_at - move.at >= TYPED_LATER)
    return [*parts, (recorded, later)]


def _measure(case: Case, standards: Standards, visit: Visit, clock: Clock, typed: list[Typed]) -> Measure:
    row, step, standard = standards.row(visit.step)
    elapsed = clock.minutes(visit.since, visit.until)
    recorded, later = typed[0] if len(typed) == 1 else _together(typed)
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
        suspended=clock.suspended(visit.since, visit.until),
        standard=standard,
        within=None if standard is None else clock.within(visit, step.waktu, elapsed, standard),
        recorded=recorded,
        typed_later=later,
    )


def _together(typed: list[Typed]) -> Typed:
    return sum(recorded for recorded, _ in typed), sum(later for _, later in typed)


def _parts(whole: Measure, step: Step, visit: Visit, clock: Clock, typed: list[Typed]) -> Iterator[Measure]:
    since = visit.since
    for number, part in enumerate(visit.acted):
        recorded, later = _together(typed[number : number + 1])
        yield replace(
            whole,
            pelaksana=part.pelaksana or step.pelaksana[-1],
            kind="part",
            elapsed=clock.minutes(since, part.at),
            waiting=None,
            suspended=clock.suspended(since, part.at),
            standard=None,
            within=None,
            recorded=recorded,
            typed_later=later,
        )
        since = visit.since if step.together else part.at
