"""One run of a scenario: events in the order of time, people who take one thing at a time, first come first served.

Time is working minutes since the run began, so that nights and days off take none of it; only rows that run by the
clock look at the calendar. Who comes first is served first, so when work will begin and end is known as soon as it
comes (the recursion of Kiefer and Wolfowitz), and a queue needs no events of its own; only where an arm of a fork is
withdrawn are those who wait behind it given new times. `bench/simulate.py` compares the loop with SimPy.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from heapq import heapify, heappop, heappush, heapreplace
from itertools import accumulate, chain, count, takewhile
from operator import itemgetter
from random import Random
from typing import TypeVar

from msgspec import Struct

from sopctl.engine.fold import turn_of
from sopctl.engine.state import Visit
from sopctl.simulate.distribution import Distribution
from sopctl.simulate.flow import LEAVE_OUT, Choice, Flow, Position
from sopctl.simulate.run_figures import Course, PartSums, RunFigures
from sopctl.simulate.scenario import Exits, Scenario, Span, WorkKind
from sopctl.sop.model import Duration
from sopctl.worktime.calendar import Calendar

_WARM_UP = 5
"""One more for so many comes before what is counted."""

_MINUTE = timedelta(minutes=1)

_Sampler = Callable[[], float]
_Option = TypeVar("_Option")

_SCAN = 20
"""So many acts are looked through for a withdrawal in the time in which one is done."""


class TooManyActsError(Exception):
    """The run was given up: cases go round and round, or too many wait where work is withdrawn."""


@dataclass(slots=True, eq=False)
class _Case:
    """One case: when it came, whether it is counted, where it stands, where it was opened and what it left out."""

    came: float
    entry: str
    position: Position
    counted: bool
    left_out: frozenset[str] = frozenset()


@dataclass(slots=True, eq=False)
class _Part:
    """What a pelaksana does at a row; ``free`` (a heap: when each of them is) is None where it keeps nobody busy.

    ``draw`` draws how long it takes, ``lie`` how long it lies before and how long it then takes, None where it does not
    lie; ``choose`` what comes of it.
    """

    step: str
    draw: _Sampler
    kind: WorkKind
    free: list[float] | None
    choose: "_Choose"
    lie: Callable[[], tuple[float, float]] | None = None
    sums: PartSums = field(default_factory=PartSums)


@dataclass(slots=True, eq=False)
class _Row:
    """What a case comes to: whose turn it is first, and the share of cases for which it is left out."""

    first: tuple[_Part, ...]
    left_out: _Part
    skip: float
    rng: Random

    def draw(self, case: _Case) -> tuple[_Part, ...]:
        """Whose turn it is, or that the row is left out; what was ever done is not."""
        if self.skip and self.rng.random() < self.skip:
            case.left_out |= {self.left_out.step}
            return (self.left_out,)
        case.left_out -= {self.left_out.step}
        return self.first


class _RunMove(Struct, frozen=True):
    """A transition in a run: the parts that a case comes to, and the rows at which nobody goes on with it.

    Where some may be left out, ``rows`` are what it comes to, and ``parts`` are none.
    """

    position: Position
    parts: tuple[_Part, ...]
    rows: tuple[_Row, ...] = ()
    gone: tuple[str, ...] = ()
    leaves: bool = False


class _RunExit(dict[Position, _RunMove]):
    """What comes of a choice at each position; each is asked for once."""

    def __init__(self, find: Callable[[Position], _RunMove]) -> None:
        self._find = find

    def __missing__(self, position: Position) -> _RunMove:
        """Ask for it."""
        found = self[position] = self._find(position)
        return found


_Choose = Callable[[], _RunExit]

_Act = tuple[float, int, _Part, _Case, float, float, float]
"""What a pelaksana does in a visit: until when, its number, the part, the case, when it came, when it is begun, and the
minutes of work.

What lies before it waits is an act too, begun at -1."""


class Run:
    """One run of a scenario of at most so many acts; the same seed gives the same."""

    def __init__(self, scenario: Scenario, flow: Flow, calendar: Calendar, span: Span, seed: str, most: int) -> None:
        self._scenario, self._flow, self._calendar, self._span, self._seed = scenario, flow, calendar, span, seed
        self._most = most
        self._free = {name: [0.0] * people for name, people in scenario.people.items()}
        self._parts: dict[tuple[str, str], _Part] = {}
        self._rows = {step: self._make_row(step) for step in scenario.rows}
        self._events: list[_Act] = []
        self._count = 0
        self._courses: defaultdict[Course, list[float]] = defaultdict(list)
        self._first = self._last = 0.0

    def _make_rng(self, name: str) -> Random:
        """A stream of its own for each row, so that a change of one leaves the draws of the others as they were."""
        return Random(f"{self._seed}/{name}")  # noqa: S311 — a simulation, not a secret

    def _make_row(self, step: str) -> _Row:
        rng, work = self._make_rng(step), self._scenario.rows[step]
        form = self._scenario.sop.step(step)
        nothing = Distribution.fixed(0).make_sampler(rng)
        for number, name in enumerate(form.pelaksana):
            draw = work.parts[number].make_sampler(rng) if number < len(work.parts) else nothing
            free = self._free[name] if work.kind == "people" else None
            exits = self._scenario.exits.get((step, name)) or (("", 1.0),)
            lie = work.lying[number].make_pair_sampler(work.parts[number], rng) if work.lying else None
            choose = self._make_exit_chooser(step, name, exits, rng)
            self._parts[step, name] = _Part(step, draw, work.kind, free, choose, lie)
        leave_out = self._make_exit_chooser(step, form.pelaksana[0], ((LEAVE_OUT, 1.0),), rng)
        left_out = _Part(step, nothing, "waiting", None, leave_out)
        turn = turn_of(form, Visit(step=step, round=1, since=self._span.origin))
        first = tuple([self._parts[step, name] for name in turn])
        return _Row(first, left_out, self._scenario.skips.get(step, 0.0), rng)

    def _make_exit_chooser(self, step: str, pelaksana: str, exits: Exits, rng: Random) -> _Choose:
        choices = [self._flow.choice(step, pelaksana, label) for label, _ in exits]
        return _make_chooser([_RunExit(partial(self._find_move, choice)) for choice in choices], exits, rng)

    def _find_move(self, choice: Choice, position: Position) -> _RunMove:
        """What a choice does; where the row is only handed on, the case comes to the rest of it."""
        step, change = choice.step, self._flow.move(position, choice)
        together = self._scenario.sop.step(step).together
        if not change.leaves:
            turns = change.position.turns[step][: 0 if together else 1]
            return _RunMove(change.position, tuple([self._parts[step, name] for name in turns]))
        is_cut = together and position.turns[step] != (choice.pelaksana,)
        gone = (step, *change.withdrawn) if is_cut else change.withdrawn
        return self._move_to(change.position, change.opened, gone, leaves=True)

    def _move_to(
        self, position: Position, steps: Iterable[str], gone: tuple[str, ...] = (), *, leaves: bool
    ) -> _RunMove:
        rows = tuple([self._rows[step] for step in steps])
        if any(row.skip for row in rows):
            return _RunMove(position, (), rows, gone, leaves)
        return _RunMove(position, tuple([part for row in rows for part in row.first]), (), gone, leaves)

    def figures(self) -> RunFigures:
        """Follow every case to its end, and add up those that count."""
        self._work_off(self._draw_arrivals())
        return RunFigures(
            courses=self._courses,
            elapsed=sorted(chain.from_iterable(self._courses.values())),
            parts={key: part.sums for key, part in self._parts.items()},
            window=self._last - self._first,
            acts=self._count,
        )

    def _draw_arrivals(self) -> list[float]:
        """When cases come; what counts is from the first to the last that do."""
        draw = self._scenario.gaps.make_sampler(self._make_rng(""))
        if self._span.cases:
            early = -(-self._span.cases // _WARM_UP)
            arrivals = list(accumulate(draw() for _ in range(early + self._span.cases)))
            self._first, self._last = arrivals[early], arrivals[-1]
            return arrivals
        self._first = self._working_minutes(self._span.days / _WARM_UP)
        self._last = self._working_minutes(self._span.days * (1 + 1 / _WARM_UP))
        return list(takewhile(lambda now: now < self._last, accumulate(draw() for _ in count())))

    def _working_minutes(self, days: float) -> float:
        return self._calendar.elapsed(self._span.origin, self._span.origin + timedelta(days=days)) / _MINUTE

    def _work_off(self, arrivals: Sequence[float]) -> None:
        """Take arrival after arrival, and what happens in between, until all cases have come to their end."""
        starts, rng = self._scenario.starts, self._make_rng("\t")
        entry = _make_chooser([self._make_entry(step) for step, _ in starts], starts, rng)
        for now in arrivals:
            self._work_until(now)
            part = entry()
            case = _Case(now, part.step, self._flow.start(part.step), now >= self._first)
            self._finish(part, case, now, now, now)
        self._work_until(float("inf"))

    def _make_entry(self, step: str) -> _Part:
        """The arrival of a case at the row at which it is opened, as an act that is over."""
        arrived = _RunExit(lambda position: self._move_to(position, (step,), leaves=False))
        return _Part(step, lambda: 0.0, "waiting", None, lambda: arrived)

    def _work_until(self, end: float) -> None:
        """Take event after event up to the end."""
        events, most = self._events, self._most
        while events and events[0][0] <= end:
            now, number, part, case, came, began, minutes = heappop(events)
            if number > most:
                raise TooManyActsError
            if began >= 0:
                self._finish(part, case, came, began, now)
            else:
                self._take_up(part, case, came, now, minutes)

    def _take_up(self, part: _Part, case: _Case, came: float, now: float, minutes: float) -> None:
        """Work that came waits for a pelaksana, who begins as soon as one of them is free."""
        free = part.free
        if free is not None:
            began = free[0] if free[0] > now else now  # noqa: FURB136 — twice as quick as `max`, for every act
            until = began + minutes
            heapreplace(free, until)
        else:
            began, until = now, self._after_clock(now, part, minutes) if part.kind == "calendar" else now + minutes
        self._count += 1
        heappush(self._events, (until, self._count, part, case, came, began, minutes))

    def _after_clock(self, now: float, part: _Part, minutes: float) -> float:
        """When a row by the clock is over, as working minutes; its minutes of the clock are added up."""
        part.sums.clock += minutes
        part.sums.drawn += 1
        began = self._calendar.due(self._span.origin, Duration(now, "menit"))
        return self._calendar.elapsed(self._span.origin, began + timedelta(minutes=minutes)) / _MINUTE

    def _finish(self, part: _Part, case: _Case, came: float, began: float, now: float) -> None:
        """The pelaksana hands on, or decides; the case goes where the engine moves it."""
        move = part.choose()[case.position]
        case.position = move.position
        self._count_work(part, case, came, began, now)
        if move.gone:
            self._withdraw(case, move.gone, now)
        for following in [one for row in move.rows for one in row.draw(case)] if move.rows else move.parts:
            if following.lie is None:
                self._take_up(following, case, now, now, following.draw())
            else:
                lying, minutes = following.lie()
                self._count += 1
                heappush(self._events, (now + lying, self._count, following, case, now, -1.0, minutes))
        if case.counted:
            part.sums.left += move.leaves
            if not move.position.turns:
                self._courses[case.entry, case.left_out].append(now - case.came)

    def _count_work(self, part: _Part, case: _Case, came: float, began: float, now: float) -> None:
        """Add up what was done of an act up to now: its end, or when it was withdrawn."""
        sums = part.sums
        if case.counted:
            sums.acts += 1
            sums.waiting += began - came
            sums.working += now - began
        if part.free is not None:
            if self._first <= began and now <= self._last:
                sums.busy += now - began
            else:
                sums.busy += max(0.0, min(now, self._last) - max(began, self._first))

    def _withdraw(self, case: _Case, gone: Sequence[str], now: float) -> None:
        """Nobody goes on with the work on a case at these rows; whoever waits behind it begins earlier."""
        ended = [act for act in self._events if act[3] is case and act[2].step in gone]
        self._count += len(self._events) // _SCAN
        self._drop(ended)
        for _, _, part, _, came, began, _ in ended:
            if 0 <= began < now:
                self._count_work(part, case, came, began, now)
            if part.free is not None:
                self._plan_again(part.free, now)

    def _drop(self, acts: Iterable[_Act]) -> None:
        numbers = {act[1] for act in acts}
        self._events[:] = [act for act in self._events if act[1] not in numbers]
        heapify(self._events)

    def _plan_again(self, free: list[float], now: float) -> None:
        """Give those who have not begun the times that they have now, in the order of their coming."""
        mine = [act for act in self._events if act[2].free is free and act[5] >= 0]
        busy = [act[0] for act in mine if act[5] <= now]
        waiting = sorted((act for act in mine if act[5] > now), key=itemgetter(1))
        free[:] = busy + [now] * (len(free) - len(busy))
        heapify(free)
        self._drop(waiting)
        for _, _, part, case, came, _, minutes in waiting:
            self._take_up(part, case, came, now, minutes)


def _make_chooser(options: Sequence[_Option], exits: Exits, rng: Random) -> Callable[[], _Option]:
    """What draws one of the options by the shares of the exits."""
    shares = list(zip(accumulate(share for _, share in exits), options, strict=True))
    last, draw = options[-1], rng.random
    if len(options) == 1:
        return lambda: last

    def choose() -> _Option:
        drawn = draw()
        for share, option in shares:
            if drawn < share:
                return option
        return last

    return choose
