"""The report: elapsed against standard, by SOP, step, pelaksana or month, and case by case.

What has no standard has no ratio and is neither within nor beyond it. What is on time is decided by the calendar, as
in the inbox: a `hari` ends at the same time of day on the next working day, however many minutes that day has.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from sopctl.measure.case_totals import CaseTotal, MonthTotal, SopTotal, case_totals, covered, month_totals, sop_totals
from sopctl.measure.measured import MeasuredCase
from sopctl.measure.query import Query
from sopctl.measure.rows import ReportRow, report_rows
from sopctl.measure.tally import Tally, tally_cases
from sopctl.worktime.calendar import Calendar


class Figures(Struct, frozen=True):
    """The whole report; ``months`` has no gaps and is not cut to the days of the query."""

    rows: tuple[ReportRow, ...]
    cases: tuple[CaseTotal, ...]
    sops: tuple[SopTotal, ...] = ()
    months: tuple[MonthTotal, ...] = ()


def measure_cases(cases: Iterable[MeasuredCase], calendar: Calendar, now: datetime, query: Query) -> Figures:
    """The report on those cases; a case that still runs counts as if it ended now."""
    return measure_tallies([tally_cases(cases, calendar)], calendar, now, query)


def measure_tallies(tallies: Sequence[Tally], calendar: Calendar, now: datetime, query: Query) -> Figures:
    """The report on the cases of those tallies, no case being in two of them."""
    every = [(one, packed) for one in tallies for packed in one.courses if query.sop in (None, packed.sop)]
    today = now.astimezone(calendar.zone).toordinal()
    courses = [(one, left) for one, packed in every if (left := covered(packed, today, query)).status]
    return Figures(
        rows=report_rows(tallies, query),
        cases=tuple(case_totals(courses, calendar, now, query)),
        sops=tuple(sop_totals(packed for _, packed in courses)),
        months=tuple(month_totals(packed for _, packed in every)),
    )
