"""What all runs of a scenario come to, each figure with the interval that it probably lies in, and a trial as told."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from math import sqrt
from statistics import fmean, stdev

from msgspec import Struct

from sopctl.measure.case_clock import HAIR, rounded, rounded_or_none, rounded_share
from sopctl.measure.happy_path import happy_path_minutes
from sopctl.measure.percentiles import median, percentile
from sopctl.measure.proposals import Proposal
from sopctl.simulate.build import DurationKind
from sopctl.simulate.event_loop import Run
from sopctl.simulate.flow import Flow
from sopctl.simulate.run_figures import Course, RunFigures
from sopctl.simulate.scenario import Scenario, Span
from sopctl.sop.model import Clock, Step
from sopctl.worktime.calendar import Calendar

Interval = tuple[float, float]
"""The two ends of a 95 percent confidence interval of a mean over runs."""

OnRun = Callable[[int, int], None]
"""Told how many runs of how many are done."""

MOST_ACTS = 50_000_000
"""Acts of all runs together, which take about a minute; beyond that it is given up."""

_T = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)
"""Student's t for 95 percent, two-sided, with 1 to 10 degrees of freedom."""


class NoCasesError(Exception):
    """No case came in the span."""


class Bottleneck(Struct, frozen=True):
    """The pelaksana of whom most work is asked; ``utilization`` is the share of their time that they are at work."""

    pelaksana: str
    utilization: float


class SimulatedRow(Struct, frozen=True, kw_only=True):
    """A row: means over its visits, of which a case makes ``visits`` in the mean.

    ``waiting_minutes`` are until people had time for it, ``working_minutes`` those of work (or of another SOP), both
    working time; a row that runs by the clock has ``calendar_minutes`` instead.
    """

    step: str
    no: int | str | None
    pelaksana: tuple[str, ...]
    clock: Clock
    visits: float
    waiting_minutes: float
    working_minutes: float
    calendar_minutes: float | None


class SimulatedStaff(Struct, frozen=True, kw_only=True):
    """The people of one pelaksana.

    ``utilization`` is the share of their time at work; ``load`` the work that is asked of them against what they can
    do: from 1 on what waits for them grows without end. ``waiting_minutes`` is what a piece of work waits in the mean.
    """

    pelaksana: str
    jabatan: str
    people: int
    utilization: float
    load: float
    waiting_minutes: float
    interval: Interval | None


class Uncertainty(Struct, frozen=True, kw_only=True):
    """The intervals in which the means of many such runs lie in 19 of 20 times; None where there was one run only."""

    within_standard: Interval | None
    median_minutes: Interval | None
    p90_minutes: Interval | None
    mean_minutes: Interval | None
    utilization: Interval | None


class SimulationFigures(Struct, frozen=True, kw_only=True):
    """The figures of one scenario: means over the runs, in working minutes; ``cases`` are those of one run.

    ``within_standard`` is the share of cases that took no longer than the SOP's own total, counted as in the report:
    from where a case was opened, without the rows that it left out. ``standard_minutes`` is that total, None where it
    is not the same for all; both are None where there is none. ``overloaded`` are the pelaksana of whom more is asked
    than they can do, the worst first.
    """

    cases: int
    within_standard: float | None
    median_minutes: float
    p90_minutes: float
    mean_minutes: float
    standard_minutes: float | None
    bottleneck: Bottleneck | None
    overloaded: tuple[str, ...]
    rows: tuple[SimulatedRow, ...]
    staff: tuple[SimulatedStaff, ...]
    uncertainty: Uncertainty


class Simulation(Struct, frozen=True, kw_only=True):
    """What the trial runs came to.

    ``baseline`` is the same without what was changed, None where nothing was. ``recorded`` counts the cases of the
    record that it rests on, ``proposals`` are those that were tried. ``changes`` is what would be otherwise, as typed.
    """

    sop: str
    nama: str
    runs: int
    seed: int
    since: date
    days: int | None
    arrivals_per_day: float
    duration: DurationKind
    recorded: int
    changes: tuple[str, ...]
    proposals: tuple[Proposal, ...]
    assumptions: tuple[str, ...]
    figures: SimulationFigures
    baseline: SimulationFigures | None
    damaged: tuple[str, ...]


def simulate(
    scenario: Scenario, calendar: Calendar, span: Span, *, runs: int, seed: int, on_run: OnRun | None = None
) -> SimulationFigures:
    """Run a scenario so many times; the same seed gives the same figures.

    Raises:
        TooManyActsError: where it would take minutes. NoCasesError: where no case comes in the span.
    """
    left_out = frozenset(step for step, share in scenario.skips.items() if share)
    flow = Flow(scenario.sop, left_out)
    found: list[RunFigures] = []
    for number in range(runs):
        most = MOST_ACTS - sum(run.acts for run in found)
        found.append(Run(scenario, flow, calendar, span, f"{seed}/{number}", most).figures())
        if on_run is not None:
            on_run(number + 1, runs)
    counted = [run for run in found if run.elapsed]
    if not counted:
        raise NoCasesError
    return _sum_up(scenario, calendar, counted)


def _sum_up(scenario: Scenario, calendar: Calendar, runs: Sequence[RunFigures]) -> SimulationFigures:
    staff = tuple([_sum_up_staff(scenario, name, runs) for name in scenario.people])
    by_load = sorted(staff, key=lambda one: -one.load)
    busiest = next((one for one in by_load if one.load), None)
    courses = {course for run in runs for course in run.courses}
    standards = {
        (start, gone): happy_path_minutes(scenario.sop, calendar, start, skipped=gone) for start, gone in courses
    }
    standard, *others = {*standards.values()}
    within = [share for run in runs if (share := _share_within(run, standards)) is not None]
    medians = [median(run.elapsed) or 0.0 for run in runs]
    p90s = [percentile(run.elapsed, 90) for run in runs]
    means = [fmean(run.elapsed) for run in runs]
    return SimulationFigures(
        cases=round(fmean(len(run.elapsed) for run in runs)),
        within_standard=rounded_share(fmean(within)) if within else None,
        median_minutes=rounded(fmean(medians)),
        p90_minutes=rounded(fmean(p90s)),
        mean_minutes=rounded(fmean(means)),
        standard_minutes=None if others else rounded_or_none(standard),
        bottleneck=Bottleneck(busiest.pelaksana, busiest.utilization) if busiest else None,
        overloaded=tuple([one.pelaksana for one in by_load if one.load >= 1]),
        rows=tuple([_sum_up_row(scenario, step, runs) for step in scenario.sop.steps]),
        staff=staff,
        uncertainty=Uncertainty(
            within_standard=_estimate_interval(within, most=1) if within else None,
            median_minutes=_estimate_interval(medians),
            p90_minutes=_estimate_interval(p90s),
            mean_minutes=_estimate_interval(means),
            utilization=busiest.interval if busiest else None,
        ),
    )


def _share_within(run: RunFigures, standards: Mapping[Course, float | None]) -> float | None:
    """The share of the cases that have a standard which took no longer; None where none has."""
    known = [(times, standard + HAIR) for course, times in run.courses.items() if (standard := standards[course])]
    total = sum(len(times) for times, _ in known)
    return sum(one <= most for times, most in known for one in times) / total if total else None


def _sum_up_row(scenario: Scenario, step: Step, runs: Sequence[RunFigures]) -> SimulatedRow:
    """The row, a visit the sum of its parts; where people act together the mean of theirs."""
    parts = [run.parts[step.id, name] for run in runs for name in step.pelaksana]
    visits = sum(part.left for part in parts)
    each = (visits or 1) * (len(step.pelaksana) if step.together else 1)
    kind = scenario.rows[step.id].kind
    clock, drawn = sum(part.clock for part in parts), sum(part.drawn for part in parts)
    return SimulatedRow(
        step=step.id,
        no=step.no,
        pelaksana=step.pelaksana,
        clock="calendar" if kind == "calendar" else "working",
        visits=round(visits / sum(len(run.elapsed) for run in runs), 4),
        waiting_minutes=rounded(sum(part.waiting for part in parts) / each),
        working_minutes=0.0 if kind == "calendar" else rounded(sum(part.working for part in parts) / each),
        calendar_minutes=rounded(clock / (drawn or 1)) if kind == "calendar" else None,
    )


def _sum_up_staff(scenario: Scenario, name: str, runs: Sequence[RunFigures]) -> SimulatedStaff:
    people, apart = scenario.people[name], scenario.gaps.mean
    rows = [step for step, work in scenario.rows.items() if work.kind == "people"]
    own = [[run.parts[step, name] for step in rows if (step, name) in run.parts] for run in runs]
    mine = [part for parts in own for part in parts]
    asked = sum(part.working for part in mine) / sum(len(run.elapsed) for run in runs)
    at_work = [sum(part.busy for part in parts) for parts in own]
    busy = [one / (people * run.window) if run.window else 0.0 for one, run in zip(at_work, runs, strict=True)]
    return SimulatedStaff(
        pelaksana=name,
        jabatan=scenario.sop.pelaksana[name],
        people=people,
        utilization=round(fmean(busy), 4),
        load=round(asked / (apart * people), 4),
        waiting_minutes=rounded(sum(part.waiting for part in mine) / (sum(part.acts for part in mine) or 1)),
        interval=_estimate_interval(busy, most=1),
    )


def _estimate_interval(values: Sequence[float], most: float | None = None) -> Interval | None:
    """The 95 percent confidence interval of the mean; a share's ends at 1 at the latest."""
    if len(values) == 1:
        return None
    middle, half = fmean(values), _find_student_t(len(values) - 1) * stdev(values) / sqrt(len(values))
    upper = middle + half if most is None else min(most, middle + half)
    return round(max(0.0, middle - half), 4), round(upper, 4)


def _find_student_t(freedom: int) -> float:
    """Student's t for 95 percent, two-sided; beyond the table by its series, which is right to a hundredth there."""
    return _T[freedom - 1] if freedom <= len(_T) else 1.96 + 2.372 / freedom + 2.82 / freedom**2
