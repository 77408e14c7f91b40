"""One run of a scenario: events in the order of time, people who take one thing at a time, first come first served.

Time is working minutes since the run began, so that nights and days off take none of it; only rows that run by the
clock look at the calendar. `bench/simulate.py` compares the loop with SimPy.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from heapq import heapify, heappop, heappush
from itertools import accumulate
from random import Random

from sopctl.simulate.flow import LEAVE_OUT, Flow, Position, Transition
from sopctl.simulate.run_figures import RunFigures, StaffSums
from sopctl.simulate.scenario import Exits, RowWork, Scenario, Span
from sopctl.sop.model import Duration
from sopctl.worktime.calendar import Calendar

MOST_ACTS = 5_000_000
"""Acts of one run, beyond which it is given up: hardly any case would come to its end."""

_WARM_UP = 5
"""One more for so many comes before what is counted."""

_MINUTE = timedelta(minutes=1)


class TooManyActsError(Exception):
    """The run was given up: cases go round and round."""


class _Case:
    """One case: when it came, whether it is counted, where it stands."""

    __slots__ = ("came", "counted", "position", "visits")

    def __init__(self, came: float, position: Position, *, counted: bool) -> None:
        self.came = came
        self.counted = counted
        self.position = position
        self.visits: dict[str, _Visit] = {}


class _Row:
    """A row: how its times and exits are drawn, and the sums over its counted visits."""

    __slots__ = ("chance", "delay", "draws", "exits", "skip", "step", "sums", "together")

    def __init__(self, scenario: Scenario, step: str, chance: Random) -> None:
        row = scenario.sop.step(step)
        work = scenario.rows[step]
        self.step = step
        self.chance = chance
        self.together = row.together
        self.delay = "" if work.kind == "people" else work.kind
        self.draws = _list_draws(work, row.pelaksana, chance)
        self.exits = {
            name: _cumulate(exits) for (of, name), exits in scenario.exits.items() if of == step and len(exits) > 0
        }
        self.skip = scenario.skips.get(step, 0.0)
        self.sums = [0.0, 0.0, 0.0, 0.0]


def _list_draws(work: RowWork, pelaksana: tuple[str, ...], chance: Random) -> dict[str, Callable[[], float]]:
    """What draws the time of each pelaksana; where nobody works the first one's is that of the whole row."""
    draws = [part.drawer(chance) for part in work.parts]
    draws += [lambda: 0.0] * (len(pelaksana) - len(draws))
    return dict(zip(pelaksana, draws, strict=True))


def _cumulate(exits: Exits) -> tuple[tuple[float, str], ...]:
    return tuple(zip(accumulate(share for _, share in exits), [label for label, _ in exits], strict=True))


class _Visit:
    """The stay of a case at a row; ``alive`` until it is left or withdrawn."""

    __slots__ = ("acts", "alive", "case", "row", "since", "work")

    def __init__(self, case: _Case, row: _Row, since: float) -> None:
        self.case = case
        self.row = row
        self.since = since
        self.work = 0.0
        self.alive = True
        self.acts: list[_Act] = []


class _Act:
    """The part of one pelaksana in a visit; ``server`` is None where it keeps nobody busy, ``skips`` leaves it out."""

    __slots__ = ("began", "came", "done", "minutes", "pelaksana", "server", "skips", "visit")

    def __init__(self, visit: _Visit, pelaksana: str, server: "_Server | None", came: float, minutes: float) -> None:
        self.visit = visit
        self.pelaksana = pelaksana
        self.server = server
        self.came = came
        self.minutes = minutes
        self.began = -1.0
        self.done = False
        self.skips = False


class _Server:
    """The people of one pelaksana, and what waits for them."""

    __slots__ = ("free", "queue", "sums")

    def __init__(self, people: int) -> None:
        self.free = people
        self.queue: deque[_Act] = deque()
        self.sums = StaffSums()


class Run:
    """One run of a scenario; the same seed gives the same."""

    def __init__(self, scenario: Scenario, flow: Flow, calendar: Calendar, span: Span, seed: str) -> None:
        self._scenario, self._flow, self._calendar, self._span, self._seed = scenario, flow, calendar, span, seed
        self._rows = {step: _Row(scenario, step, self._chance(step)) for step in scenario.rows}
        self._servers = {name: _Server(people) for name, people in scenario.people.items()}
        self._events: list[tuple[float, int, _Act | _Case]] = []
        self._count = 0
        self._elapsed: list[float] = []
        self._window = (0.0, 0.0)

    def _chance(self, name: str) -> Random:
        """A stream of its own for each row, so that a change of one leaves the draws of the others as they were."""
        return Random(f"{self._seed}/{name}")  # noqa: S311 — a simulation, not a secret

    def figures(self) -> RunFigures:
        """Follow every case to its end, and add up those that count."""
        arrivals = self._draw_arrivals()
        if not arrivals:
            return RunFigures([], {}, {}, 0.0)
        self._open_cases(arrivals)
        self._work_off()
        return RunFigures(
            elapsed=sorted(self._elapsed),
            rows={step: (row.sums[0], row.sums[1], row.sums[2], row.sums[3]) for step, row in self._rows.items()},
            staff={name: server.sums for name, server in self._servers.items()},
            window=self._window[1] - self._window[0],
        )

    def _draw_arrivals(self) -> list[float]:
        """When cases come; the window is from the first to the last that count."""
        draw = self._scenario.gaps.drawer(self._chance(""))
        if self._span.cases:
            early = -(-self._span.cases // _WARM_UP)
            arrivals = list(accumulate(draw() for _ in range(early + self._span.cases)))
            self._window = (arrivals[early], arrivals[-1])
            return arrivals
        first = self._work_until(self._span.days / _WARM_UP)
        self._window = (first, self._work_until(self._span.days * (1 + 1 / _WARM_UP)))
        return list(_arrivals_until(draw, self._window[1]))

    def _work_until(self, days: float) -> float:
        return self._calendar.elapsed(self._span.origin, self._span.origin + timedelta(days=days)) / _MINUTE

    def _open_cases(self, arrivals: Iterable[float]) -> None:
        entries, chance = _cumulate(self._scenario.starts), self._chance("\t")
        for came in arrivals:
            position = self._flow.start(_choose(entries, chance))
            self._events.append((came, self._next(), _Case(came, position, counted=came >= self._window[0])))
        heapify(self._events)

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _work_off(self) -> None:
        events, most = self._events, MOST_ACTS
        while events:
            now, _, what = heappop(events)
            if isinstance(what, _Case):
                for step in what.position.turns:
                    self._come_to(what, step, now)
            elif what.visit.alive and not what.done:
                self._finish(what, now)
                self._act(what, now)
            most -= 1
            if most < 0:
                raise TooManyActsError

    def _come_to(self, case: _Case, step: str, now: float) -> None:
        """A visit begins, unless its row is left out."""
        row = self._rows[step]
        visit = case.visits[step] = _Visit(case, row, now)
        turn = case.position.turns[step]
        if row.skip and row.chance.random() < row.skip:
            act = _Act(visit, turn[0], None, now, 0.0)
            act.skips = True
            self._schedule(act, now)
            return
        for pelaksana in turn:
            self._take_up(visit, pelaksana, now)

    def _take_up(self, visit: _Visit, pelaksana: str, now: float) -> None:
        """It is the turn of a pelaksana: who is free begins, else it waits."""
        row = visit.row
        minutes = row.draws[pelaksana]()
        server = None if row.delay else self._servers[pelaksana]
        act = _Act(visit, pelaksana, server, now, minutes)
        visit.acts.append(act)
        if server is not None and not server.free:
            server.queue.append(act)
            return
        self._begin(act, now)

    def _begin(self, act: _Act, now: float) -> None:
        act.began = now
        if act.server is not None:
            act.server.free -= 1
            until = now + act.minutes
        elif act.visit.row.delay == "calendar" and act.minutes:
            until = self._after_clock(now, act.minutes)
        else:
            until = now + act.minutes
        self._schedule(act, until)

    def _schedule(self, act: _Act, until: float) -> None:
        self._count += 1
        heappush(self._events, (until, self._count, act))

    def _after_clock(self, now: float, minutes: float) -> float:
        """When so many minutes of the clock have passed, as working minutes."""
        began = self._calendar.due(self._span.origin, Duration(now, "menit"))
        return self._calendar.elapsed(self._span.origin, began + timedelta(minutes=minutes)) / _MINUTE

    def _finish(self, act: _Act, now: float) -> None:
        """The person is free for the next; what was worked is counted, also of an act that was cut short."""
        act.done = True
        if act.visit.row.delay:
            act.visit.work += act.minutes
            return
        server = act.server
        if server is None:
            return
        server.sums.add(act.came, act.began, now, self._window, counted=act.visit.case.counted)
        worked = now - act.began
        act.visit.work = max(act.visit.work, worked) if act.visit.row.together else act.visit.work + worked
        server.free += 1
        queue = server.queue
        while queue:
            waiting = queue.popleft()
            if waiting.visit.alive:
                self._begin(waiting, now)
                break

    def _act(self, act: _Act, now: float) -> None:
        """The pelaksana hands on, or decides."""
        visit, case = act.visit, act.visit.case
        step, exits = visit.row.step, visit.row.exits.get(act.pelaksana)
        label = LEAVE_OUT if act.skips else _choose(exits, visit.row.chance) if exits else ""
        change = self._flow.move(case.position, step, act.pelaksana, label)
        if change.leaves:
            self._leave(visit, now, counted=case.counted and not act.skips)
            self._follow(case, visit, change, now)
            return
        case.position = change.position
        if not visit.row.together:
            self._take_up(visit, change.position.turns[step][0], now)

    def _leave(self, visit: _Visit, now: float, *, counted: bool) -> None:
        """The visit is over: what it took is added up."""
        visit.alive = False
        if visit.row.together:
            self._stop(visit, now)
        if counted:
            sums = visit.row.sums
            sums[0] += 1
            stayed = now - visit.since
            if visit.row.delay:
                sums[2 if visit.row.delay == "waiting" else 3] += visit.work
            else:
                sums[1] += max(0.0, stayed - visit.work)
                sums[2] += visit.work

    def _stop(self, visit: _Visit, now: float) -> None:
        """Whoever is at work on a visit that is over is free."""
        for act in visit.acts:
            if act.began >= 0 and not act.done:
                self._finish(act, now)

    def _follow(self, case: _Case, visit: _Visit, change: Transition, now: float) -> None:
        """The case stands elsewhere: arms are withdrawn, rows are come to, or it has ended."""
        case.position = change.position
        if case.visits.get(visit.row.step) is visit:
            del case.visits[visit.row.step]
        for step in change.withdrawn:
            gone = case.visits.pop(step)
            gone.alive = False
            self._stop(gone, now)
        for step in change.opened:
            if step in case.position.turns:
                self._come_to(case, step, now)
        if not change.position.turns and case.counted:
            self._elapsed.append(now - case.came)


def _arrivals_until(draw: Callable[[], float], end: float) -> Iterator[float]:
    now = draw()
    while now < end:
        yield now
        now += draw()


def _choose(exits: tuple[tuple[float, str], ...], chance: Random) -> str:
    if len(exits) == 1:
        return exits[0][1]
    drawn = chance.random()
    for share, label in exits:
        if drawn < share:
            return label
    return exits[-1][1]
