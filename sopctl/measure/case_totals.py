"""Cases as wholes: each against the straight way through its SOP, how many stand where, how many come in a month."""

from array import array
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from heapq import nsmallest
from itertools import compress
from math import isnan

from msgspec import Struct

from sopctl.engine.state import Status
from sopctl.measure.measured import ratio_of, rounded, rounded_or_none, rounded_share
from sopctl.measure.percentiles import FEW, median, percentile
from sopctl.measure.query import Query
from sopctl.measure.tally import STATUSES, Courses, Tally
from sopctl.worktime.calendar import Calendar

_MINUTE = timedelta(minutes=1)
_RUNNING = STATUSES.index("running")
_IS_COMPLETED = bytes(number == STATUSES.index("completed") for number in range(256))


class CaseTotal(Struct, frozen=True, kw_only=True):
    """A whole case, from its start to its end or until now, against the straight way through its SOP."""

    id: str
    sop: str
    status: Status
    elapsed_minutes: float
    standard_minutes: float | None
    ratio: float | None


class SopTotal(Struct, frozen=True, kw_only=True):
    """The cases of one SOP: how many there are, and the finished ones against the SOP's own total.

    Minutes, ratio and share as in `Row`, over the completed cases: ``paused`` of those were suspended at some time, for
    ``suspended_minutes`` in all. ``standard_minutes`` is None where they have none or not all the same.
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


def covered(courses: Courses, today: int, query: Query) -> Courses:
    """Those courses that ended on the days of the query; one that has not ended counts as if it ended today."""
    if query.since is None and query.until is None:
        return courses
    first = query.since.toordinal() if query.since else 0
    last = query.until.toordinal() if query.until else date.max.toordinal()
    return Courses.packed(courses.sop, (one for one in courses.each() if first <= (one.ended or today) <= last))


def case_totals(
    courses: Iterable[tuple[Tally, Courses]], calendar: Calendar, now: datetime, query: Query
) -> Iterator[CaseTotal]:
    """Every case that the query wants, by SOP and number; with `Query.at_most` those furthest beyond their standard."""
    found: list[tuple[str, str, Status, float, float]] = []
    for one, packed in courses:
        spent, standard, case = _spent(packed, calendar, now), array("d", packed.standard), array("I", packed.case)
        places: Iterable[int] = range(len(spent))
        if query.late:
            places = [place for place in places if spent[place] > standard[place]]
        if query.at_most is not None:
            places = nsmallest(query.at_most, places, key=partial(_furthest, spent, standard))
        found += [
            (packed.sop, one.ids[case[place]], STATUSES[packed.status[place]], spent[place], standard[place])
            for place in places
        ]
    if query.at_most is None:
        found.sort(key=lambda case: (case[0], len(case[1]), case[1]))
    else:
        found = nsmallest(query.at_most, found, key=lambda case: (_furthest([case[3]], [case[4]], 0), case[1]))
    return (_case_total(*case) for case in found)


def _spent(courses: Courses, calendar: Calendar, now: datetime) -> "array[float]":
    """The working minutes of each case up to its end or until now; while it is suspended none pass."""
    spent, last = array("d", courses.elapsed), array("d", courses.last)
    place = courses.status.find(_RUNNING)
    while place >= 0:
        spent[place] += calendar.elapsed(datetime.fromtimestamp(last[place], UTC), now) / _MINUTE
        place = courses.status.find(_RUNNING, place + 1)
    return spent


def _furthest(spent: Sequence[float], standard: Sequence[float], place: int) -> float:
    """Below zero, the more the further a case is beyond its standard; 0 without one, so that it comes last."""
    return -spent[place] / standard[place] if standard[place] > 0 else 0.0


def _case_total(sop: str, id: str, status: Status, elapsed: float, standard_or_nan: float) -> CaseTotal:
    standard = None if isnan(standard_or_nan) else standard_or_nan
    return CaseTotal(
        id=id,
        sop=sop,
        status=status,
        elapsed_minutes=rounded(elapsed),
        standard_minutes=rounded_or_none(standard),
        ratio=rounded_share(ratio_of(elapsed, standard)),
    )


def sop_totals(courses: Iterable[Courses]) -> Iterator[SopTotal]:
    """The cases of each SOP taken together, by its name."""
    grouped: defaultdict[str, list[Courses]] = defaultdict(list)
    for packed in courses:
        grouped[packed.sop].append(packed)
    return (_sop_total(sop, members) for sop, members in sorted(grouped.items()))


def _sop_total(sop: str, courses: list[Courses]) -> SopTotal:
    counts: Counter[int] = Counter()
    elapsed, pauses, standards = array("d"), array("d"), array("d")
    for packed in courses:
        done = packed.status.translate(_IS_COMPLETED)
        counts.update(packed.status)
        elapsed.extend(compress(array("d", packed.elapsed), done))
        pauses.extend(compress(array("d", packed.suspended), done))
        standards.extend(compress(array("d", packed.standard), done))
    against = sorted([minutes / standard for minutes, standard in zip(elapsed, standards, strict=True) if standard > 0])
    known = {None if isnan(standard) else standard for standard in standards}
    in_order = sorted(elapsed)
    stood_still = [minutes for minutes in pauses if not isnan(minutes)]
    running, suspended, completed, cancelled = (counts[number] for number in range(len(STATUSES)))
    return SopTotal(
        sop=sop,
        running=running,
        suspended=suspended,
        completed=completed,
        cancelled=cancelled,
        median_minutes=rounded_or_none(median(in_order)),
        p90_minutes=rounded(percentile(in_order, 90)) if in_order else None,
        max_minutes=rounded(in_order[-1]) if in_order else None,
        paused=len(stood_still),
        suspended_minutes=rounded(sum(stood_still)),
        standard_minutes=rounded_or_none(known.pop()) if len(known) == 1 else None,
        ratio=rounded_share(median(against)),
        within_standard=rounded_share(bisect_right(against, 1) / len(against)) if against else None,
        few=completed < FEW,
    )


def month_totals(courses: Iterable[Courses]) -> Iterator[MonthTotal]:
    """What came and went in each month from the first to the last."""
    started: Counter[int] = Counter()
    ended: Counter[int] = Counter()
    for packed in courses:
        started.update(array("I", packed.started))
        ended.update(array("I", packed.ended))
    del ended[0]
    opened, closed = _by_month(started), _by_month(ended)
    if opened:
        for number in range(min(opened), max([*opened, *closed]) + 1):
            year, month = divmod(number, 12)
            yield MonthTotal(month=f"{year:04}-{month + 1:02}", started=opened[number], ended=closed[number])


def _by_month(days: Counter[int]) -> Counter[int]:
    """Counts by month (twelve times the year and the month from 0) from counts by ordinal."""
    months: Counter[int] = Counter()
    for ordinal, count in days.items():
        day = date.fromordinal(ordinal)
        months[day.year * 12 + day.month - 1] += count
    return months
