"""The report: elapsed against standard, by SOP, step, pelaksana or month, and case by case.

What has no standard has no ratio and is neither within nor beyond it. What is on time is decided by the calendar, as
in the inbox: a `hari` ends at the same time of day on the next working day, however many minutes that day has.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from statistics import median
from typing import Literal

from msgspec import Struct

from sopctl.engine.state import Status
from sopctl.report.case import Case, Clock, ratio_of, rounded, rounded_or_none, share
from sopctl.report.measure import Measure, parts, visits
from sopctl.report.way import total_minutes
from sopctl.worktime.calendar import Calendar

By = Literal["sop", "step", "pelaksana", "month"]


class Query(Struct, frozen=True, kw_only=True):
    """What to report: one SOP or all, and the days on which visits and cases ended, both included."""

    by: By = "step"
    sop: str | None = None
    since: date | None = None
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Whether what ended on that day is in the report."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class Row(Struct, frozen=True, kw_only=True):
    """The figures of a group; the keys that it was not made by are None.

    ``visits`` are finished visits (by pelaksana: parts of them), ``rework`` those that were not the first of their
    case at the step. Minutes are working minutes, rounded to hundredths; ``p90_minutes`` is the nearest rank.
    ``waiting_minutes`` and ``working_minutes`` are medians over the visits where somebody recorded that work began.
    ``standard_minutes`` is None where the visits have none or not all the same; ``ratio`` is the median of elapsed
    against standard and ``within_standard`` the share that was on time, both over the visits that have a standard.
    """

    sop: str | None
    step: str | None
    pelaksana: str | None
    month: str | None
    cases: int
    visits: int
    rework: int
    median_minutes: float
    p90_minutes: float
    max_minutes: float
    waiting_minutes: float | None
    working_minutes: float | None
    standard_minutes: float | None
    ratio: float | None
    within_standard: float | None


class Total(Struct, frozen=True, kw_only=True):
    """A whole case, from its start to its end or until now, against the straight way through its SOP."""

    id: str
    sop: str
    status: Status
    elapsed_minutes: float
    standard_minutes: float | None
    ratio: float | None


class Figures(Struct, frozen=True):
    """The whole report."""

    rows: tuple[Row, ...]
    cases: tuple[Total, ...]


def figures(cases: Iterable[Case], calendar: Calendar, now: datetime, query: Query) -> Figures:
    """The report on those cases; a case that still runs counts as if it ended now."""
    wanted = [case for case in cases if query.sop in (None, case.sop.id)]
    measure = parts if query.by == "pelaksana" else visits
    measures = [one for case in wanted for one in measure(case, calendar, now) if query.covers(one.day)]
    totals = [_total(case, calendar, now) for case in wanted if query.covers(_ended(case, calendar, now))]
    return Figures(rows=_rows(measures, query.by), cases=tuple(totals))


def _ended(case: Case, calendar: Calendar, now: datetime) -> date:
    return (case.state.ended or now).astimezone(calendar.zone).date()


def _total(case: Case, calendar: Calendar, now: datetime) -> Total:
    elapsed = Clock(case, calendar, now).minutes(case.state.started, case.state.ended)
    standard = total_minutes(case.sop, calendar, case.state.visits[0].step)
    return Total(
        id=case.id,
        sop=case.sop.id,
        status=case.state.status,
        elapsed_minutes=rounded(elapsed),
        standard_minutes=rounded_or_none(standard),
        ratio=share(ratio_of(elapsed, standard)),
    )


class _Group(Struct, frozen=True, order=True):
    """What the visits of one row of the report have in common."""

    sop: str | None = None
    step: str | None = None
    pelaksana: str | None = None
    month: str | None = None


_GROUPS: dict[By, Callable[[Measure], _Group]] = {
    "sop": lambda one: _Group(sop=one.sop),
    "step": lambda one: _Group(sop=one.sop, step=one.step),
    "pelaksana": lambda one: _Group(pelaksana=one.pelaksana),
    "month": lambda one: _Group(month=one.month),
}

_ORDERS: dict[By, Callable[[Measure], tuple[str, int]]] = {
    "sop": lambda one: (one.sop, 0),
    "step": lambda one: (one.sop, one.row),
    "pelaksana": lambda one: (one.pelaksana, 0),
    "month": lambda one: (one.month, 0),
}


def _rows(measures: list[Measure], by: By) -> tuple[Row, ...]:
    """One row a group: steps in the order of the form, all else by name."""
    groups: defaultdict[_Group, list[Measure]] = defaultdict(list)
    for one in sorted(measures, key=_ORDERS[by]):
        groups[_GROUPS[by](one)].append(one)
    return tuple(_row(group, members) for group, members in groups.items())


def _row(group: _Group, members: list[Measure]) -> Row:
    elapsed = sorted(one.elapsed for one in members)
    standards = {one.standard for one in members}
    within = [one.within for one in members if one.within is not None]
    return Row(
        sop=group.sop,
        step=group.step,
        pelaksana=group.pelaksana,
        month=group.month,
        cases=len({one.case for one in members}),
        visits=len(members),
        rework=sum(one.rework for one in members),
        median_minutes=rounded(median(elapsed)),
        p90_minutes=rounded(_nearest_rank(elapsed, 90)),
        max_minutes=rounded(elapsed[-1]),
        waiting_minutes=rounded_or_none(_median(one.waiting for one in members)),
        working_minutes=rounded_or_none(_median(_working(one) for one in members)),
        standard_minutes=rounded_or_none(standards.pop()) if len(standards) == 1 else None,
        ratio=share(_median(ratio_of(one.elapsed, one.standard) for one in members)),
        within_standard=share(sum(within) / len(within)) if within else None,
    )


def _working(one: Measure) -> float | None:
    return None if one.waiting is None else one.elapsed - one.waiting


def _median(values: Iterable[float | None]) -> float | None:
    """The median of those values that are there."""
    known = [value for value in values if value is not None]
    return median(known) if known else None


def _nearest_rank(in_order: list[float], percent: int) -> float:
    """The smallest value that at least so many percent of all do not exceed."""
    rank = -(-percent * len(in_order) // 100)
    return in_order[rank - 1]
