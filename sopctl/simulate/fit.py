"""What a record says about work: how long each row takes, how cases come, which exits they take.

The record knows when a visit began and ended, and where somebody said `begin`, when work began. Elsewhere work is taken
to have begun when the work came, or when the pelaksana finished what came before, whichever was later: as if one person
took one thing at a time. What they did in between for other SOPs counts as work on this one. Where a pelaksana often
finishes later work before earlier work, that cannot be: there it counts as work for as long as the standard says, at
most, and the rest of the time it lay. Time in which it waited for other work on the desk is not counted as lying: the
simulation adds it of itself.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from msgspec import Struct

from sopctl.engine.case import Case
from sopctl.engine.state import Visit
from sopctl.measure.case_clock import CaseClock, standard_of
from sopctl.measure.percentiles import FEW
from sopctl.simulate.distribution import Distribution
from sopctl.simulate.scenario import Exits, RowWork, WorkKind
from sopctl.sop.model import Sop, Step
from sopctl.worktime.calendar import Calendar

_Times = list[tuple[float, float]]
"""Minutes of lying and of work, act by act."""

_OVERTAKING = 0.05
"""The share of acts from which on a pelaksana does not take what comes first; with one person it would be none."""


class FittedRecord(Struct, frozen=True, kw_only=True):
    """What was found in ``cases`` cases; a row, diamond or entry of which too little is known is not there.

    ``gaps`` are the working minutes between arrivals, None for fewer than two. ``few`` are the rows that were visited
    too seldom for their times to count, ``overtaking`` the pelaksana who do not take what comes first.
    """

    cases: int
    rows: dict[str, RowWork]
    exits: dict[tuple[str, str], Exits]
    skips: dict[str, float]
    starts: Exits
    gaps: Distribution | None
    few: tuple[str, ...]
    overtaking: tuple[str, ...]


class _RecordedAct(Struct, frozen=True):
    """The part of a pelaksana in a visit that is over."""

    step: Step
    part: int
    pelaksana: str
    came: datetime
    begun: datetime | None
    done: datetime
    clock: CaseClock


def fit_record(sop: Sop, cases: Sequence[Case], calendar: Calendar, now: datetime) -> FittedRecord:
    """What the cases of an SOP, under whichever version, say about the rows that it has now."""
    ids = {step.id: step for step in sop.steps}
    visits = [
        (visit, CaseClock(case, calendar, now))
        for case in cases
        for visit in case.state.visits
        if visit.until is not None and not visit.is_cut and visit.step in ids
    ]
    done = [(visit, clock) for visit, clock in visits if not visit.is_skipped]
    acts = [
        act for visit, clock in done if not _is_delay(ids, visit) for act in _list_acts(ids[visit.step], visit, clock)
    ]
    overtaking = _find_overtaking(acts)
    rows = dict(_fit_rows(ids, done, _measure_acts(acts, overtaking, calendar)))
    counts = Counter(visit.step for visit, _ in done)
    left = Counter(visit.step for visit, _ in visits if visit.is_skipped)
    return FittedRecord(
        cases=len(cases),
        rows=rows,
        exits=_fit_exits(ids, [visit for visit, _ in done]),
        skips={step: count / (count + counts[step]) for step, count in left.items() if ids[step].optional},
        starts=_shares(Counter(case.state.visits[0].step for case in cases if case.state.visits[0].step in ids)),
        gaps=_fit_gaps(cases, calendar),
        overtaking=overtaking,
        few=tuple(step for step in ids if counts[step] and step not in rows),
    )


def _fit_gaps(cases: Iterable[Case], calendar: Calendar) -> Distribution | None:
    started = sorted(case.state.started for case in cases)
    gaps = tuple(calendar.elapsed(one, other).total_seconds() / 60 for one, other in pairwise(started))
    return Distribution("empirical", gaps) if sum(gaps) > 0 else None


def _is_delay(ids: dict[str, Step], visit: Visit) -> bool:
    """Whether nobody here works during a visit: the clock runs, or another SOP does it."""
    return ids[visit.step].waktu.clock == "calendar" or bool(visit.child)


def _fit_rows(
    ids: dict[str, Step], visits: Iterable[tuple[Visit, CaseClock]], worked: dict[str, list[_Times]]
) -> Iterator[tuple[str, RowWork]]:
    """The times of the rows that were visited often enough."""
    delays: defaultdict[str, list[float]] = defaultdict(list)
    for visit, clock in visits:
        if _is_delay(ids, visit):
            delays[visit.step].append(clock.minutes(visit.since, visit.until, ids[visit.step].waktu.clock))
    for id, minutes in delays.items():
        if len(minutes) >= FEW:
            kind: WorkKind = "calendar" if ids[id].waktu.clock == "calendar" else "waiting"
            yield id, RowWork(kind, (Distribution("empirical", tuple(minutes)),))
    for id, parts in worked.items():
        if id not in delays and all(len(times) >= FEW for times in parts):
            lying, working = ([_collect_times(part, at) for part in parts] for at in (0, 1))
            yield id, RowWork("people", tuple(working), tuple(lying) if any(one.mean for one in lying) else ())


def _collect_times(times: _Times, at: int) -> Distribution:
    return Distribution("empirical", tuple([one[at] for one in times]))


def _list_acts(step: Step, visit: Visit, clock: CaseClock) -> Iterator[_RecordedAct]:
    """The parts of a visit; what was begun is the first of them."""
    came, begun = visit.since, visit.begun
    for part in visit.acted:
        if part.pelaksana in step.pelaksana:
            place = step.pelaksana.index(part.pelaksana)
            yield _RecordedAct(step, place, part.pelaksana, came, begun, part.at, clock)
        if not step.together:
            came, begun = part.at, None


def _find_overtaking(acts: Iterable[_RecordedAct]) -> tuple[str, ...]:
    """The pelaksana who often finish later work before earlier work."""
    total, early, latest = Counter[str](), Counter[str](), dict[str, datetime]()
    for act in sorted(acts, key=lambda act: (act.came, act.done)):
        last = latest.get(act.pelaksana, act.done)
        total[act.pelaksana] += 1
        early[act.pelaksana] += act.done < last
        latest[act.pelaksana] = max(last, act.done)
    return tuple(name for name in total if early[name] > _OVERTAKING * total[name])


def _measure_acts(
    acts: Iterable[_RecordedAct], overtaking: tuple[str, ...], calendar: Calendar
) -> dict[str, list[_Times]]:
    """How long each part of each row lay and was worked on, one thing at a time, in the order of being finished.

    What was begun as soon as its pelaksana finished other work waited behind that since both were ready.
    """
    found: dict[str, list[_Times]] = {}
    ended: dict[str, tuple[datetime, float]] = {}  # when the act before was done, and minutes since it was ready
    for act in sorted(acts, key=lambda act: (act.done, act.came)):
        before, span = ended.get(act.pelaksana, (act.came, 0.0))
        began = act.begun or max(act.came, before)
        lying, working = 0.0, act.clock.minutes(began, act.done)
        if act.pelaksana in overtaking:
            most = _most_work(act.step, calendar, working)
            lying, working = _part_lying(act, working, most, before, span)
        ended[act.pelaksana] = act.done, act.clock.minutes(act.came, act.done) - lying
        found.setdefault(act.step.id, [[] for _ in act.step.pelaksana])[act.part].append((lying, working))
    return found


def _part_lying(act: _RecordedAct, working: float, most: float, before: datetime, span: float) -> tuple[float, float]:
    """How long an act lay, and how long it was worked on, at ``most`` so long.

    ``before`` its pelaksana was done with other work, ``span`` minutes after that was ready.
    """
    if act.begun or working > most:
        working = min(working, most)
        return max(0.0, act.clock.minutes(act.came, act.done) - working), working
    waited = act.clock.minutes(act.came, before) - span if act.came < before else 0.0
    return max(0.0, waited), working


def _most_work(step: Step, calendar: Calendar, otherwise: float) -> float:
    """The standard of one pelaksana's part of a row, in working minutes; ``otherwise`` where there is none."""
    standard = standard_of(step.waktu, calendar, {})
    return otherwise if standard is None else standard / (1 if step.together else len(step.pelaksana))


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
