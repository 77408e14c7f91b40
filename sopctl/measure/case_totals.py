"""Totals: each case against the happy path of its SOP, the cases of an SOP, and how many come in a month."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from heapq import nsmallest
from itertools import starmap

from msgspec import Struct

from sopctl.engine.state import Status
from sopctl.measure.case_clock import MINUTE, ratio_of, rounded, rounded_or_none, rounded_share
from sopctl.measure.percentiles import FEW, median, percentile
from sopctl.measure.query import Query
from sopctl.measure.tally import CaseCourse
from sopctl.worktime.calendar import Calendar


class CaseTotal(Struct, frozen=True, kw_only=True):
    """A whole case, from its start to its end or until now, against the happy path of its SOP."""

    id: str
    sop: str
    status: Status
    elapsed_minutes: float
    standard_minutes: float | None
    ratio: float | None


class SopTotal(Struct, frozen=True, kw_only=True):
    """The cases of one SOP: how many there are, and the finished ones against the SOP's own total.

    Minutes, ratio and share as in `ReportRow`, over the completed cases: ``paused`` of those were suspended at some
    time, for ``suspended_minutes`` in all. ``standard_minutes`` is None where they have none or not all the same.
    """

    sop: str
    running: int
    suspended: int
    completed: int
    cancelled: int
    median_minutes: float | None
    p90_minutes: float | None
    max_minutes: float | None
    paused: int
    suspended_minutes: float
    standard_minutes: float | None
    ratio: float | None
    within_standard: float | None
    few: bool


class MonthTotal(Struct, frozen=True, kw_only=True):
    """How many cases were started and how many came to their end in a month, e.g. `2026-11`."""

    month: str
    started: int
    ended: int


def select_days(courses: Sequence[CaseCourse], today: int, query: Query) -> Sequence[CaseCourse]:
    """Those that ended on the days of the query; one that has not ended counts as if it ended today."""
    if query.since is None and query.until is None:
        return courses
    first = query.since.toordinal() if query.since else 0
    last = query.until.toordinal() if query.until else date.max.toordinal()
    return [course for course in courses if first <= (course.ended or today) <= last]


def case_totals(
    courses: Iterable[CaseCourse], calendar: Calendar, now: datetime, query: Query
) -> tuple[CaseTotal, ...]:
    """Every case that the query wants, by SOP and number; with `Query.at_most` those furthest beyond their standard."""
    spent = [
        (course, course.elapsed + (_pending_minutes(course, calendar, now) if course.status == "running" else 0))
        for course in courses
    ]
    if query.late:
        spent = [
            (course, minutes) for course, minutes in spent if course.standard is not None and minutes > course.standard
        ]
    if query.at_most is None:
        spent.sort(key=lambda one: (one[0].sop, len(one[0].id), one[0].id))
    else:
        spent = nsmallest(query.at_most, spent, key=_urgency)
    return tuple(starmap(_case_total, spent))


def _pending_minutes(course: CaseCourse, calendar: Calendar, now: datetime) -> float:
    """The working minutes since the last event of a running case."""
    return calendar.elapsed(datetime.fromtimestamp(course.last, UTC), now) / MINUTE


def _urgency(case: tuple[CaseCourse, float]) -> tuple[float, str]:
    """The further a case is beyond its standard the sooner it comes; one without a standard comes last."""
    course, minutes = case
    return (-minutes / course.standard if course.standard else 0.0), course.id


def _case_total(course: CaseCourse, minutes: float) -> CaseTotal:
    return CaseTotal(
        id=course.id,
        sop=course.sop,
        status=course.status,
        elapsed_minutes=rounded(minutes),
        standard_minutes=rounded_or_none(course.standard),
        ratio=rounded_share(ratio_of(minutes, course.standard)),
    )


def sop_totals(courses: Iterable[CaseCourse]) -> Iterator[SopTotal]:
    """The cases of each SOP taken together, by its name."""
    grouped: defaultdict[str, list[CaseCourse]] = defaultdict(list)
    for course in courses:
        grouped[course.sop].append(course)
    return (_sop_total(sop, members) for sop, members in sorted(grouped.items()))


def _sop_total(sop: str, courses: Sequence[CaseCourse]) -> SopTotal:
    counts = Counter(course.status for course in courses)
    completed = [course for course in courses if course.status == "completed"]
    elapsed = sorted([course.elapsed for course in completed])
    ratios = sorted([course.elapsed / course.standard for course in completed if course.standard])
    pauses = [course.suspended for course in completed if course.suspended is not None]
    standards = {course.standard for course in completed}
    return SopTotal(
        sop=sop,
        running=counts["running"],
        suspended=counts["suspended"],
        completed=counts["completed"],
        cancelled=counts["cancelled"],
        median_minutes=rounded_or_none(median(elapsed)),
        p90_minutes=rounded(percentile(elapsed, 90)) if elapsed else None,
        max_minutes=rounded(elapsed[-1]) if elapsed else None,
        paused=len(pauses),
        suspended_minutes=rounded(sum(pauses)),
        standard_minutes=rounded_or_none(standards.pop()) if len(standards) == 1 else None,
        ratio=rounded_share(median(ratios)),
        within_standard=rounded_share(bisect_right(ratios, 1) / len(ratios)) if ratios else None,
        few=len(completed) < FEW,
    )


def month_totals(courses: Sequence[CaseCourse]) -> Iterator[MonthTotal]:
    """What came and went in each month from the first to the last."""
    opened = _count_by_month(Counter(course.started for course in courses))
    closed = _count_by_month(Counter(course.ended for course in courses if course.ended))
    if opened:
        for number in range(min(opened), max([*opened, *closed]) + 1):
            year, month = divmod(number, 12)
            yield MonthTotal(month=f"{year:04}-{month + 1:02}", started=opened[number], ended=closed[number])


def _count_by_month(days: Counter[int]) -> Counter[int]:
    """Counts by month (twelve times the year and the month from 0) from counts by ordinal."""
    months: Counter[int] = Counter()
    for ordinal, count in days.items():
        day = date.fromordinal(ordinal)
        months[day.year * 12 + day.month - 1] += count
    return months
