"""What is measured: a finished visit, or one pelaksana's part of it.

A visit that was withdrawn is not in the state any more, and one that ended because its case was cancelled was not
finished: neither is measured. But nobody makes a late step look as if it had not been late by cancelling its case: a
visit that was beyond its standard when that happened is measured up to there, as a late one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import cast, get_args

from msgspec.structs import replace

from sopctl.engine.case import Case
from sopctl.engine.events import Begun, Cancelled, Migrated, Move, Resumed, Started, Suspended, Withdrawn
from sopctl.engine.state import Visit
from sopctl.measure.case_clock import CaseClock, join_pelaksana
from sopctl.measure.happy_path import SopStandards
from sopctl.measure.visit_columns import LATE, MOST_RECORDED, REWORK, WITHIN, ColumnsKey, MeasuredVisit
from sopctl.sop.model import Step

_SETS = dict.fromkeys((Started, Begun, Suspended, Resumed, Cancelled), False) | dict.fromkeys(get_args(Move), True)
"""What starts, stops or divides the time of a visit, and whether it is a move, which ends a part of one."""

TypedCounts = tuple[int, int]
"""How many such events were recorded, and how many of them were typed later than they happened."""

TYPED_LATER = timedelta(minutes=1)
"""From how long after it happened an event counts as typed later; below that somebody was typing."""

_MONTH = len("2026-11")


Measure = tuple[ColumnsKey, MeasuredVisit]
"""A measured visit, and the columns that it belongs to."""


def measure_visits(case: Case, number: int, clock: CaseClock, standards: SopStandards) -> Iterator[Measure]:
    """The finished visits of a case; one of several pelaksana is followed by the part that each of them had.

    ``number`` is that of the case in its tally, ``clock`` is its own.

    In a row of several the part runs from the hand-over before to the pelaksana's own act (from the visit's start where
    they act together). The SOP gives the row one time and none to its parts, so a part has no standard.

    A visit that was cut short (its case cancelled, its arm withdrawn) is there where it was late at that moment,
    and then without a waiting and a working time: the work was not done.
    """
    typed, rest = count_typed_later(case)
    rework = mark_rework(case.state.visits)
    for visit, parts, again in zip(case.state.visits, typed, rework, strict=True):
        if visit.until is None:
            continue
        if visit.is_skipped:
            yield _count_skipped(visit, standards, clock, number)
            continue
        key, measured = _measure_visit(visit, standards, clock, number, parts, again=again)
        if visit.is_cut:
            if not measured.flags & LATE:
                continue
            recorded, later = _add_counts([*parts, rest])
            measured = measured._replace(waiting=None, recorded=recorded, typed_later=later)
        yield key, measured
        if key.kind == "shared":
            yield from _measure_parts(key, measured, case.sop.step(visit.step), visit, clock, parts)


def mark_rework(visits: Iterable[Visit]) -> Iterator[bool]:
    """For each visit whether it is rework: work was turned down since the stay before at its step."""
    seen: set[str] = set()
    redone: set[str] = set()
    sent_back = {(visit.to, visit.until) for visit in visits if visit.rejected}
    for visit in visits:
        if (visit.step, visit.since) in sent_back:
            redone |= seen
        if visit.is_skipped:
            yield False
            continue
        yield visit.step in redone
        redone.discard(visit.step)
        seen.add(visit.step)


def count_typed_later(case: Case) -> tuple[list[list[TypedCounts]], TypedCounts]:
    """For each part of each visit what was recorded of it and typed later, and what came after the last move.

    A part of a visit ends with a move. What was recorded since the move before belongs to it.
    """
    parts: defaultdict[str, list[TypedCounts]] = defaultdict(list)
    recorded = later = 0
    for event in case.instance.events:
        is_move = _SETS.get(type(event))
        if is_move is not None and not getattr(event, "condition", ""):
            recorded += 1
            later += event.recorded_at - event.at >= TYPED_LATER
            if is_move:
                parts[cast("Move", event).step].append((recorded, later))
                recorded = later = 0
        elif isinstance(event, Withdrawn):  # always of the latest move, and nothing was recorded since
            move = cast("Move", case.instance.events[event.move - 1])
            recorded, later = parts[move.step].pop()
            recorded, later = recorded - 1, later - (move.recorded_at - move.at >= TYPED_LATER)
        elif isinstance(event, Migrated):
            parts = defaultdict(list, {event.steps.get(step, step): own for step, own in parts.items()})
    typed = []
    for visit in case.state.visits:  # those of one step come one after the other, also in the arms of a fork
        own, count = parts[visit.step], len(visit.acted)
        typed.append(own[:count])
        del own[:count]
    return typed, (recorded, later)


def _measure_visit(
    visit: Visit, standards: SopStandards, clock: CaseClock, number: int, typed: list[TypedCounts], *, again: bool
) -> Measure:
    row, step, standard = standards.step_row(visit.step, clock.fields)
    runs_by = step.waktu.clock
    waiting, elapsed = clock.waiting_minutes(visit), clock.minutes(visit.since, visit.until, runs_by)
    day = clock.local_day(visit.until or visit.since)
    flags = REWORK if again else 0
    within = clock.is_within(visit, step.waktu, elapsed, standard) if standard or step.waktu.anchor else None
    if within is not None:
        flags |= WITHIN if within else LATE
    key = ColumnsKey(
        sop=standards.sop.id,
        step=step.id,
        row=row,
        pelaksana=join_pelaksana(step),
        kind="whole" if len(step.pelaksana) == 1 else "shared",
        month=day.isoformat()[:_MONTH],
        standard=standard,
        clock=runs_by,
    )
    recorded, later = _add_counts(typed)
    return key, MeasuredVisit(
        elapsed=elapsed,
        case=number,
        day=day.day,
        flags=flags,
        recorded=recorded,
        typed_later=later,
        waiting=waiting,
        suspended=clock.suspended_minutes(visit.since, visit.until),
        worked=clock.minutes(visit.since, visit.until) if key.clock == "calendar" else None,
    )


def _count_skipped(visit: Visit, standards: SopStandards, clock: CaseClock, number: int) -> Measure:
    """A visit whose step was left out: it took no time."""
    row, step, _ = standards.step_row(visit.step, clock.fields)
    day = clock.local_day(visit.until or visit.since)
    month = day.isoformat()[:_MONTH]
    key = ColumnsKey(standards.sop.id, step.id, row, step.pelaksana[0], "skipped", month, None)
    return key, MeasuredVisit(0, number, day.day, 0, 0, 0, None, None, None)


def _add_counts(typed: list[TypedCounts]) -> TypedCounts:
    """The sums over several parts, at most `MOST_RECORDED` each."""
    if len(typed) == 1:  # almost always
        ((recorded, later),) = typed
    else:
        recorded, later = sum(one for one, _ in typed), sum(one for _, one in typed)
    return min(recorded, MOST_RECORDED), min(later, MOST_RECORDED)


def _measure_parts(
    key: ColumnsKey, measured: MeasuredVisit, step: Step, visit: Visit, clock: CaseClock, typed: list[TypedCounts]
) -> Iterator[Measure]:
    since = visit.since
    for number, part in enumerate(visit.acted):
        recorded, later = _add_counts(typed[number : number + 1])
        pelaksana = part.pelaksana or step.pelaksana[-1]
        yield (
            replace(key, pelaksana=pelaksana, kind="part", standard=None, clock="working"),
            measured._replace(
                elapsed=clock.minutes(since, part.at),
                flags=measured.flags & REWORK,
                recorded=recorded,
                typed_later=later,
                waiting=None,
                suspended=clock.suspended_minutes(since, part.at),
                worked=None,
            ),
        )
        since = visit.since if step.together else part.at
