"""What is measured: a finished visit, or one pelaksana's part of it.

A visit that was withdrawn is not in the state any more, and one that ended because its case was cancelled was not
finished: neither is measured.
"""

from collections.abc import Iterator
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from sopctl.engine.state import Visit
from sopctl.report.case import Case, Clock, joined, standard_of
from sopctl.sop.model import Step
from sopctl.worktime.calendar import Calendar


class Measure(Struct, frozen=True, kw_only=True):
    """One measured stretch; all times are working minutes, ``day`` is when the visit ended.

    ``row`` is the step's place on the form. ``standard`` and ``within`` are None without a standard, ``waiting`` where
    nobody recorded that work began.
    """

    case: str
    sop: str
    step: str
    row: int
    pelaksana: str
    day: date
    rework: bool
    elapsed: float
    waiting: float | None
    standard: float | None
    within: bool | None

    @property
    def month(self) -> str:
        """The month in which the visit ended, e.g. `2026-11`."""
        return self.day.isoformat()[:7]


def visits(case: Case, calendar: Calendar, now: datetime) -> Iterator[Measure]:
    """The finished visits of a case."""
    clock = Clock(case, calendar, now)
    for visit in _finished(case):
        yield _measure(case, visit, clock, calendar)


def parts(case: Case, calendar: Calendar, now: datetime) -> Iterator[Measure]:
    """The parts that each pelaksana had in the finished visits of a case.

    In a row of several the part runs from the hand-over before to the pelaksana's own act (from the visit's start where
    they act together). The SOP gives the row one time and none to its parts, so a part has no standard.
    """
    clock = Clock(case, calendar, now)
    for visit in _finished(case):
        whole = _measure(case, visit, clock, calendar)
        step = case.sop.step(visit.step)
        if len(step.pelaksana) > 1:
            yield from _shared(whole, step, visit, clock)
        else:
            yield whole


def _finished(case: Case) -> Iterator[Visit]:
    visits = case.state.visits[:-1] if case.state.status == "cancelled" else case.state.visits
    return (visit for visit in visits if visit.until is not None)


def _measure(case: Case, visit: Visit, clock: Clock, calendar: Calendar) -> Measure:
    step = case.sop.step(visit.step)
    return Measure(
        case=case.id,
        sop=case.sop.id,
        step=step.id,
        row=case.sop.row(step.id),
        pelaksana=joined(step),
        day=clock.local(visit.until or visit.since).date(),
        rework=visit.round > 1,
        elapsed=clock.minutes(visit.since, visit.until),
        waiting=clock.waiting(visit),
        standard=standard_of(step.waktu, calendar),
        within=clock.within(visit, step.waktu),
    )


def _shared(whole: Measure, step: Step, visit: Visit, clock: Clock) -> Iterator[Measure]:
    since = visit.since
    for part in visit.acted:
        yield replace(
            whole,
            pelaksana=part.pelaksana or step.pelaksana[-1],
            elapsed=clock.minutes(since, part.at),
            waiting=None,
            standard=None,
            within=None,
        )
        since = visit.since if step.together else part.at
