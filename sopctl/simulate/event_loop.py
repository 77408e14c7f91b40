"""One run of a scenario: events in the order of time, people who take one thing at a time, first come first served.

Time is working minutes since the run began, so that nights and days off take none of it; only rows that run by the
clock look at the calendar. Who comes first is served first, so when work will begin and end is known as soon as it
comes (the recursion of Kiefer and Wolfowitz), and a queue needs no events of its own; only where an arm of a fork is
withdrawn are those who wait behind it given new times. `bench/simulate.py` compares the loop with SimPy.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from heapq import heapify, heappop, heappush, heapreplace
from itertools import accumulate
from random import Random
from typing import TypeVar

from sopctl.engine.fold import turn_of
from sopctl.engine.state import Visit
from sopctl.simulate.flow import LEAVE_OUT, Choice, Flow, Position
from sopctl.simulate.run_figures import PartSums, RunFigures
from sopctl.simulate.scenario import Exits, Scenario, Span, WorkKind
from sopctl.simulate.spread import Spread
from sopctl.sop.model import Duration
from sopctl.worktime.calendar import Calendar

MOST_ACTS = 5_000_000
"""Acts of one run, beyond which it is given up: hardly any case would come to its end."""

_WARM_UP = 5
"""One more for so many comes before what is counted."""

_MINUTE = timedelta(minutes=1)
_NEVER = float("inf")

_Option = TypeVar("_Option")


class TooManyActsError(Exception):
    """The run was given up: cases go round and round."""


class _Case:
    """One case: when it came, whether it is counted, where it stands, and what is done of it where that is tracked."""

    __slots__ = ("acts", "came", "counted", "position")

    def __init__(self, came: float, position: Position, *, counted: bool) -> None:
        self.came = came
        self.counted = counted
        self.position = position
        self.acts: dict[str, list[_Act]] | None = None


class _Act:
    """The part of one pelaksana in a visit; ``over`` once it is done or was withdrawn."""

    __slots__ = ("began", "came", "case", "over", "part", "until")

    def __init__(self, case: _Case, part: "_Part", came: float, began: float, until: float) -> None:
        self.case = case
        self.part = part
        self.came = came
        self.began = began
        self.until = until
        self.over = False


class _Server:
    """The people of one pelaksana: when each is ``free`` (a heap), what comes to them where that is tracked."""

    __slots__ = ("acts", "free")

    def __init__(self, people: int) -> None:
        self.free = [0.0] * people
        self.acts: list[_Act] = []


class _Part:
    """What a pelaksana does at a row; ``server`` is None where it keeps nobody busy.

    ``choice`` is what comes of it, where ``choose`` does not draw it. ``lie`` draws how long it lies before.
    """

    __slots__ = ("choice", "choose", "draw", "kind", "lie", "server", "sums")

    def __init__(self, draw: Callable[[], float], kind: WorkKind, server: _Server | None, choice: Choice) -> None:
        self.draw = draw
        self.kind = kind
        self.server = server
        self.choice = choice
        self.choose: Callable[[], Choice] | None = None
        self.lie: Callable[[], float] | None = None
        self.sums = PartSums()


class _Row:
    """A row: its parts by pelaksana, those of whose turn it is first, and the share of cases that leave it out."""

    __slots__ = ("chance", "first", "left_out", "parts", "skip", "together")

    def __init__(self, left_out: _Part, skip: float, chance: Random, *, together: bool) -> None:
        self.parts: dict[str, _Part] = {}
        self.first: tuple[_Part, ...] = ()
        self.left_out = left_out
        self.skip = skip
        self.chance = chance
        self.together = together


class Run:
    """One run of a scenario; the same seed gives the same."""

    def __init__(self, scenario: Scenario, flow: Flow, calendar: Calendar, span: Span, seed: str) -> None:
        self._scenario, self._flow, self._calendar, self._span, self._seed = scenario, flow, calendar, span, seed
        self._servers = {name: _Server(people) for name, people in scenario.people.items()}
        self._rows = {step: self._row(step) for step in scenario.rows}
        self._tracks = bool(scenario.sop.forks) or any(step.together for step in scenario.sop.steps)
        self._events: list[tuple[float, int, _Act]] = []
        self._count = 0
        self._elapsed: list[float] = []
        self._first = self._last = 0.0

    def _chance(self, name: str) -> Random:
        """A stream of its own for each row, so that a change of one leaves the draws of the others as they were."""
        return Random(f"{self._seed}/{name}")  # noqa: S311 — a simulation, not a secret

    def _row(self, step: str) -> _Row:
        chance, work = self._chance(step), self._scenario.rows[step]
        form = self._scenario.sop.step(step)
        pelaksana = form.pelaksana
        nothing = Spread.fixed(0).drawer(chance)
        left_out = _Part(nothing, "waiting", None, self._flow.choice(step, pelaksana[0], LEAVE_OUT))
        row = _Row(left_out, self._scenario.skips.get(step, 0.0), chance, together=form.together)
        for number, name in enumerate(pelaksana):
            draw = work.parts[number].drawer(chance) if number < len(work.parts) else nothing
            exits = self._scenario.exits.get((step, name)) or (("", 1.0),)
            choices = [self._flow.choice(step, name, label) for label, _ in exits]
            server = self._servers[name] if work.kind == "people" else None
            part = row.parts[name] = _Part(draw, work.kind, server, choices[0])
            part.lie = work.lying[number].drawer(chance) if work.lying else None
            if len(choices) > 1:
                part.choose = _chooser(choices, exits, chance)
        turn = turn_of(form, Visit(step=step, round=1, since=self._span.origin))
        row.first = tuple([row.parts[name] for name in turn])
        return row

    def figures(self) -> RunFigures:
        """Follow every case to its end, and add up those that count."""
        arrivals = self._draw_arrivals()
        self._work_off(iter(arrivals))
        return RunFigures(
            elapsed=sorted(self._elapsed),
            parts={(step, name): part.sums for step, row in self._rows.items() for name, part in row.parts.items()},
            window=self._last - self._first,
        )

    def _draw_arrivals(self) -> list[float]:
        """When cases come; what counts is from the first to the last that do."""
        draw = self._scenario.gaps.drawer(self._chance(""))
        if self._span.cases:
            early = -(-self._span.cases // _WARM_UP)
            arrivals = list(accumulate(draw() for _ in range(early + self._span.cases)))
            self._first, self._last = arrivals[early], arrivals[-1]
            return arrivals
        self._first = self._work_until(self._span.days / _WARM_UP)
        self._last = self._work_until(self._span.days * (1 + 1 / _WARM_UP))
        return list(_arrivals_until(draw, self._last))

    def _work_until(self, days: float) -> float:
        return self._calendar.elapsed(self._span.origin, self._span.origin + timedelta(days=days)) / _MINUTE

    def _work_off(self, arrivals: Iterator[float]) -> None:
        """Take event after event, arrivals among them, until all cases have come to their end."""
        events, entry = self._events, self._entry()
        coming = next(arrivals, _NEVER)
        while events or coming != _NEVER:
            if not events or coming < events[0][0]:
                step = entry()
                self._come(_Case(coming, self._flow.start(step), counted=coming >= self._first), step, coming)
                coming = next(arrivals, _NEVER)
                continue
            now, _, act = heappop(events)
            if act.over or act.until != now:  # withdrawn, or given another time
                continue
            if act.began < 0:
                act.over = True
                self._take_up(act.case, act.part, act.came, now)
                continue
            self._finish(act, now)
            if self._count > MOST_ACTS:
                raise TooManyActsError

    def _entry(self) -> Callable[[], str]:
        """What draws the row at which a case is opened."""
        starts = self._scenario.starts
        return _chooser([step for step, _ in starts], starts, self._chance("\t"))

    def _come(self, case: _Case, step: str, now: float) -> None:
        """The case comes to a row: whose turn it is takes it up, unless it is left out."""
        row = self._rows[step]
        if row.skip and row.chance.random() < row.skip:
            self._take_up(case, row.left_out, now, now)
            return
        for part in row.first:
            (self._lie if part.lie else self._take_up)(case, part, now, now)

    def _lie(self, case: _Case, part: _Part, came: float, now: float) -> None:
        """Work lies before it waits for its pelaksana: an act that has not begun."""
        act = _Act(case, part, came, -1.0, now + (part.lie() if part.lie else 0.0))
        if self._tracks:
            self._track(case, act)
        self._count += 1
        heappush(self._events, (act.until, self._count, act))

    def _take_up(self, case: _Case, part: _Part, came: float, now: float) -> None:
        """Work that came waits for a pelaksana, who begins as soon as one of them is free."""
        server = part.server
        if server is not None:
            free = server.free
            began = free[0] if free[0] > now else now  # noqa: FURB136 — twice as quick as `max`, for every act
            until = began + part.draw()
            heapreplace(free, until)
        else:
            began, until = now, self._after_clock(now, part) if part.kind == "calendar" else now + part.draw()
        act = _Act(case, part, came, began, until)
        if self._tracks:
            self._track(case, act)
        self._count += 1
        heappush(self._events, (until, self._count, act))

    def _track(self, case: _Case, act: _Act) -> None:
        """Remember an act that a move elsewhere may withdraw, and who waits behind it."""
        case.acts = case.acts or {}
        case.acts.setdefault(act.part.choice.step, []).append(act)
        if act.part.server is not None and act.began >= 0:
            act.part.server.acts.append(act)

    def _after_clock(self, now: float, part: _Part) -> float:
        """When a row by the clock is over, as working minutes; its minutes of the clock are added up."""
        minutes = part.draw()
        part.sums.clock += minutes
        part.sums.drawn += 1
        began = self._calendar.due(self._span.origin, Duration(now, "menit"))
        return self._calendar.elapsed(self._span.origin, began + timedelta(minutes=minutes)) / _MINUTE

    def _finish(self, act: _Act, now: float) -> None:
        """The pelaksana hands on, or decides; the case goes where the engine moves it."""
        act.over = True
        part, case = act.part, act.case
        choice = part.choose() if part.choose else part.choice
        change = case.position.known.get(choice) or self._flow.move(case.position, choice)
        self._count_work(act, now)
        case.position = position = change.position
        if change.leaves:
            if case.counted:
                part.sums.left += 1
            if case.acts:
                for gone in (choice.step, *change.withdrawn):
                    self._withdraw(case.acts.pop(gone, []), now)
            for step in change.opened:
                self._come(case, step, now)
            if case.counted and not position.turns:
                self._elapsed.append(now - case.came)
        elif not (row := self._rows[choice.step]).together:
            following = row.parts[position.turns[choice.step][0]]
            (self._lie if following.lie else self._take_up)(case, following, now, now)

    def _count_work(self, act: _Act, now: float) -> None:
        """Add up what was done of an act up to now: its end, or when it was withdrawn."""
        began, part = act.began, act.part
        sums = part.sums
        if part.server is not None:
            if self._first <= began and now <= self._last:
                sums.busy += now - began
            else:
                sums.busy += max(0.0, min(now, self._last) - max(began, self._first))
        if act.case.counted:
            sums.acts += 1
            sums.waiting += began - act.came
            sums.working += now - began

    def _withdraw(self, acts: list[_Act], now: float) -> None:
        """Nobody goes on with these; whoever waits behind them begins earlier."""
        for act in acts:
            if not act.over:
                act.over = True
                if 0 <= act.began < now:
                    self._count_work(act, now)
                if act.part.server is not None:
                    self._plan_again(act.part.server, now)

    def _plan_again(self, server: _Server, now: float) -> None:
        """Give those who have not begun the times that they have now, in the order of their coming."""
        server.acts = [act for act in server.acts if not act.over]
        busy = [act.until for act in server.acts if act.began <= now]
        server.free = busy + [now] * (len(server.free) - len(busy))
        heapify(server.free)
        for act in server.acts:
            if act.began > now:
                minutes = act.until - act.began
                act.began = max(now, server.free[0])
                act.until = act.began + minutes
                heapreplace(server.free, act.until)
                self._count += 1
                heappush(self._events, (act.until, self._count, act))


def _arrivals_until(draw: Callable[[], float], end: float) -> Iterator[float]:
    now = draw()
    while now < end:
        yield now
        now += draw()


def _chooser(options: Sequence[_Option], exits: Exits, chance: Random) -> Callable[[], _Option]:
    """What draws one of the options by the shares of the exits."""
    shares = list(zip(accumulate(share for _, share in exits), options, strict=True))
    last, draw = options[-1], chance.random

    def choose() -> _Option:
        drawn = draw()
        for share, option in shares:
            if drawn < share:
                return option
        return last

    return choose
