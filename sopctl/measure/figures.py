"""The report: elapsed against standard, by SOP, step, pelaksana or month, and case by case.

What has no standard has no ratio and is neither within nor beyond it. What is on time is decided by the calendar, as
in the inbox: a `hari` ends at the same time of day on the next working day, however many minutes that day has.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from sopctl.measure.case_totals import (
    CaseTotal,
    MonthTotal,
    SopTotal,
    case_totals,
    month_totals,
    select_days,
    sop_totals,
)
from sopctl.measure.query import Query
from sopctl.measure.report_rows import ReportRow, report_rows
from sopctl.measure.tally import Tally
from sopctl.worktime.calendar import Calendar


class Figures(Struct, frozen=True):
    """The whole report; ``months`` has no gaps and is not cut to the days of the query."""

    rows: tuple[ReportRow, ...]
    cases: tuple[CaseTotal, ...]
    sops: tuple[SopTotal, ...] = ()
    months: tuple[MonthTotal, ...] = ()


def measure_tallies(tallies: Sequence[Tally], calendar: Calendar, now: datetime, query: Query) -> Figures:
    """The report on the cases of those tallies, no case being in two of them."""
    every = [course for one in tallies for course in one.courses if query.sop in (None, course.sop)]
    courses = select_days(every, now.astimezone(calendar.zone).toordinal(), query)
    return Figures(
        rows=report_rows(tallies, query),
        cases=case_totals(courses, calendar, now, query),
        sops=tuple(sop_totals(courses)),
        months=tuple(month_totals(every)),
    )
