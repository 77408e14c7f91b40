"""What a record says about work: how long each row takes, how cases come, which exits they take.

The record knows when a visit began and ended, and where somebody said `begin`, when work began. Elsewhere work is taken
to have begun when the work came, or when the pelaksana finished what came before, whichever was later: as if one person
took one thing at a time. What they did in between for other SOPs counts as work on this one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from msgspec import Struct

from sopctl.engine.state import Visit
from sopctl.measure.case_clock import CaseClock, MeasuredCase
from sopctl.measure.percentiles import FEW
from sopctl.simulate.scenario import Exits, RowWork, WorkKind
from sopctl.simulate.spread import Spread
from sopctl.sop.model import Sop, Step
from sopctl.worktime.calendar import Calendar


class FittedRecord(Struct, frozen=True, kw_only=True):
    """What was found in ``cases`` cases; a row, diamond or entry of which too little is known is not there.

    ``gaps`` are the working minutes between arrivals, None for fewer than two. ``few`` are the rows that were visited
    too seldom for their times to count.
    """

    cases: int
    rows: dict[str, RowWork]
    exits: dict[tuple[str, str], Exits]
    skips: dict[str, float]
    starts: Exits
    gaps: Spread | None
    few: tuple[str, ...]


class _RecordedAct(Struct, frozen=True):
    """The part of a pelaksana in a visit that is over."""

    step: Step
    part: int
    pelaksana: str
    came: datetime
    begun: datetime | None
    done: datetime
    clock: CaseClock


def fit_record(sop: Sop, cases: Sequence[MeasuredCase], calendar: Calendar, now: datetime) -> FittedRecord:
    """What the cases of an SOP, under whichever version, say about the rows that it has now."""
    ids = {step.id: step for step in sop.steps}
    visits = [
        (visit, CaseClock(case, calendar, now))
        for case in cases
        for visit in case.state.visits
        if visit.until is not None and not visit.is_cut and visit.step in ids
    ]
    done = [(visit, clock) for visit, clock in visits if not visit.is_skipped]
    rows = dict(_fit_rows(ids, done))
    counts = Counter(visit.step for visit, _ in done)
    left = Counter(visit.step for visit, _ in visits if visit.is_skipped)
    return FittedRecord(
        cases=len(cases),
        rows=rows,
        exits=_fit_exits(ids, [visit for visit, _ in done]),
        skips={step: count / (count + counts[step]) for step, count in left.items() if ids[step].optional},
        starts=_shares(Counter(case.state.visits[0].step for case in cases if case.state.visits[0].step in ids)),
        gaps=_fit_gaps(cases, calendar),
        few=tuple(step for step in ids if counts[step] and step not in rows),
    )


def _fit_gaps(cases: Iterable[MeasuredCase], calendar: Calendar) -> Spread | None:
    started = sorted(case.state.started for case in cases)
    gaps = tuple(calendar.elapsed(one, other).total_seconds() / 60 for one, other in pairwise(started))
    return Spread("recorded", gaps) if sum(gaps) > 0 else None


def _fit_rows(ids: dict[str, Step], visits: Iterable[tuple[Visit, CaseClock]]) -> Iterator[tuple[str, RowWork]]:
    """The times of the rows that were visited often enough."""
    delays: defaultdict[str, list[float]] = defaultdict(list)
    acts: list[_RecordedAct] = []
    for visit, clock in visits:
        step = ids[visit.step]
        if step.waktu.clock == "calendar" or visit.child:
            delays[step.id].append(clock.minutes(visit.since, visit.until, step.waktu.clock))
        else:
            acts += _list_acts(step, visit, clock)
    for id, minutes in delays.items():
        if len(minutes) >= FEW:
            kind: WorkKind = "calendar" if ids[id].waktu.clock == "calendar" else "waiting"
            yield id, RowWork(kind, (Spread("recorded", tuple(minutes)),))
    for id, parts in _measure_acts(acts).items():
        if id not in delays and all(len(minutes) >= FEW for minutes in parts):
            yield id, RowWork("people", tuple([Spread("recorded", tuple(minutes)) for minutes in parts]))


def _list_acts(step: Step, visit: Visit, clock: CaseClock) -> Iterator[_RecordedAct]:
    """The parts of a visit; what was begun is the first of them."""
    came, begun = visit.since, visit.begun
    for part in visit.acted:
        if part.pelaksana in step.pelaksana:
            place = step.pelaksana.index(part.pelaksana)
            yield _RecordedAct(step, place, part.pelaksana, came, begun, part.at, clock)
        if not step.together:
            came, begun = part.at, None


def _measure_acts(acts: Iterable[_RecordedAct]) -> dict[str, list[list[float]]]:
    """The working minutes of each part of each row, first come first served, one thing at a time."""
    found: dict[str, list[list[float]]] = {}
    free: dict[str, datetime] = {}
    for act in sorted(acts, key=lambda act: (act.came, act.done)):
        began = act.begun or max(act.came, free.get(act.pelaksana, act.came))
        free[act.pelaksana] = max(act.done, free.get(act.pelaksana, act.done))
        parts = found.setdefault(act.step.id, [[] for _ in act.step.pelaksana])
        parts[act.part].append(act.clock.minutes(began, act.done) if began < act.done else 0.0)
    return found


def _fit_exits(ids: dict[str, Step], visits: Iterable[Visit]) -> dict[tuple[str, str], Exits]:
    """How often each decider took each exit; a row left without one of its labels, or seldom, is not counted."""
    taken: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for visit in visits:
        step = ids[visit.step]
        for part in visit.acted:
            labels = [branch.label for branch in step.decides.get(part.pelaksana, ())]
            turned_down = visit.rejected and part is not visit.acted[-1]
            label = labels[0] if labels and turned_down else visit.outcome
            if label in labels:
                taken[visit.step, part.pelaksana][label] += 1
    return {key: _shares(labels) for key, labels in taken.items() if labels.total() >= FEW}


def _shares(counts: Counter[str]) -> Exits:
    total = counts.total()
    return tuple((name, count / total) for name, count in counts.items())
