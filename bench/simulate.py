"""A year of 5,000 cases of sk-tim, simulated by sopctl and by the same model on SimPy.

    python -m bench.simulate

Ours must be at least 5 times as fast (else `sopctl simulate` would use SimPy), and the mean time of a case the same
within the errors of both: each side runs so many seeds, and their 95 percent intervals must overlap. Both draw
exponential times with the standards as means, Poisson arrivals and one draft in six turned down, both let a fifth more
cases come first that do not count, move cases by the engine's own transitions and add up the same sums. The peer is
what sopctl would be on SimPy: a process a case (one more for each further arm), a `Resource` a pelaksana; it withdraws
no arms.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from pathlib import Path
from random import Random
from statistics import fmean, stdev
from time import process_time
from zoneinfo import ZoneInfo

import simpy

from bench.ratio import Result, medians, table, timed
from sopctl.simulate.build import Alteration, Basis, build_scenario
from sopctl.simulate.distribution import Distribution
from sopctl.simulate.flow import Flow, Position
from sopctl.simulate.outcome import simulate
from sopctl.simulate.run_figures import PartSums
from sopctl.simulate.scenario import Scenario, Span
from sopctl.simulate.typed import parse_changes
from sopctl.sop.decode import read_sop
from sopctl.sop.model import END, Sop
from sopctl.worktime.calendar import Calendar

CASES, EARLY = 5000, 1000
SHARE = 1 / 6
ROUNDS, SEEDS = 7, 20
FASTER = 5.0


def read() -> Sop:
    """The SOP of the seeds that is simulated."""
    path = Path(__file__).parents[1] / "sops/sk-tim.yaml"
    sop, problems = read_sop(path.read_bytes(), path.name, frozenset())
    if sop is None:
        raise SystemExit(str(problems))
    return sop


def scenario(sop: Sop, calendar: Calendar) -> Scenario:
    """Ours: 240 working days of 450 minutes for 5,000 cases."""
    basis = Basis(
        sop=sop, calendar=calendar, duration="exponential", record=None, from_record=False,
        gaps=Distribution("exponential", (240 * 450 / CASES,)), find_sop=lambda _: None,
    )  # fmt: skip
    changes = parse_changes([f"tolak periksa={SHARE * 100:.4f}%"], sop)
    return build_scenario(basis, Alteration(people={"kabid": 2, "kasubbag": 2}, changes=changes))


@dataclass(slots=True)
class _PeerCase:
    """A case of the peer."""

    came: float
    counted: bool
    position: Position


class Peer:
    """The same on SimPy, as sopctl would have it: the same transitions of the engine, the same sums.

    A case is a process, one more for every further act at the same time.
    """

    def __init__(self, model: Scenario, seed: int) -> None:
        self._model, self._flow = model, Flow(model.sop)
        self._chance = Random(seed)  # noqa: S311 — a bench, not a secret
        self._world = simpy.Environment()
        self._staff = {name: simpy.Resource(self._world, number) for name, number in model.people.items()}
        self._draw = {step: [one.make_sampler(self._chance) for one in work.parts] for step, work in model.rows.items()}
        self._sums = {(step.id, name): PartSums() for step in model.sop.steps for name in step.pelaksana}
        self._elapsed: list[float] = []
        self._first, self._last = float("inf"), float("inf")

    def mean(self) -> float:
        """The mean working minutes of the cases that count."""
        self._world.process(self._arrive())
        self._world.run()
        return fmean(self._elapsed)

    def _arrive(self) -> Generator[simpy.Event, None, None]:
        apart = self._model.gaps.make_sampler(self._chance)
        for number in range(EARLY + CASES):
            yield self._world.timeout(apart())
            if number == EARLY:
                self._first = self._world.now
            start = self._model.sop.start[0]
            case = _PeerCase(self._world.now, number >= EARLY, self._flow.start(start))
            self._world.process(self._act(case, start, case.position.turns[start][0]))
        self._last = self._world.now

    def _act(self, case: _PeerCase, step: str, name: str) -> Generator[simpy.Event, None, None]:
        while step != END:
            came = self._world.now
            place = self._model.sop.step(step).pelaksana.index(name)
            with self._staff[name].request() as turn:
                yield turn
                began = self._world.now
                yield self._world.timeout(self._draw[step][place]())
            self._count(case, self._sums[step, name], came, began)
            change = self._flow.move(case.position, self._flow.choice(step, name, self._choose(step, name)))
            case.position = change.position
            self._sums[step, name].left += change.leaves
            coming = [(one, who) for one in change.opened for who in case.position.turns[one]]
            if not change.leaves and not self._model.sop.step(step).together:
                coming = [(step, case.position.turns[step][0])]
            if case.counted and not case.position.turns:
                self._elapsed.append(self._world.now - case.came)
            (step, name), *others = coming or [(END, "")]
            for one, who in others:
                self._world.process(self._act(case, one, who))

    def _choose(self, step: str, name: str) -> str:
        exits = self._model.exits.get((step, name), ())
        drawn = self._chance.random() if len(exits) > 1 else 0.0
        for label, share in exits:
            drawn -= share
            if drawn < 0:
                return label
        return exits[-1][0] if exits else ""

    def _count(self, case: _PeerCase, sums: PartSums, came: float, began: float) -> None:
        now = self._world.now
        sums.busy += max(0.0, min(now, self._last) - max(began, self._first))
        if case.counted:
            sums.acts += 1
            sums.waiting += began - came
            sums.working += now - began


def interval(run: Callable[[int], float]) -> tuple[float, float]:
    """The mean over the seeds, and half of its 95 percent interval (Student's t of 19 degrees of freedom)."""
    means = [run(seed) for seed in range(SEEDS)]
    return fmean(means), 2.093 * stdev(means) / sqrt(SEEDS)


def measured(rounds: int = ROUNDS) -> list[Result]:
    """Ours against SimPy."""
    calendar = Calendar(zone=ZoneInfo("Asia/Pontianak"))
    model, span = scenario(read(), calendar), Span(cases=CASES, origin=datetime(2026, 1, 5, tzinfo=calendar.zone))

    def ours(seed: int = 1) -> float:
        return simulate(model, calendar, span, runs=1, seed=seed).mean_minutes

    def theirs(seed: int = 1) -> float:
        return Peer(model, seed).mean()

    here, there = medians([timed(ours, process_time), timed(theirs, process_time)], rounds)
    what = "a year of 5,000 cases of sk-tim simulated"
    return [Result(what=what, peer="the same on SimPy", ours=here, theirs=there, at_least=FASTER)]


def main() -> int:
    """The speed, then the two means; 1 where ours is too slow or they differ by more than their errors."""
    results = measured()
    calendar = Calendar(zone=ZoneInfo("Asia/Pontianak"))
    model, span = scenario(read(), calendar), Span(cases=CASES, origin=datetime(2026, 1, 5, tzinfo=calendar.zone))
    here, error = interval(lambda seed: simulate(model, calendar, span, runs=1, seed=seed).mean_minutes)
    there, other = interval(lambda seed: Peer(model, seed).mean())
    print(table(results))
    print(f"mean minutes of a case: ours {here:.2f} ± {error:.2f}, SimPy {there:.2f} ± {other:.2f}")
    return 0 if results[0].met and abs(here - there) <= error + other else 1


if __name__ == "__main__":
    raise SystemExit(main())
