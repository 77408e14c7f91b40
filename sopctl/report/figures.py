"""The report: elapsed against standard, by SOP, step, pelaksana or month, and case by case.

What has no standard has no ratio and is neither within nor beyond it. What is on time is decided by the calendar, as
in the inbox: a `hari` ends at the same time of day on the next working day, however many minutes that day has.
"""

from array import array
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from heapq import nsmallest
from itertools import compress
from math import isnan
from typing import Literal

from msgspec import Struct

from sopctl.engine.state import Status
from sopctl.report.case import Case, ratio_of, rounded, rounded_or_none, share
from sopctl.report.cell import LATE, REWORK, WITHIN, Cell, Entry, Key
from sopctl.report.tally import STATUSES, Courses, Tally, tally
from sopctl.worktime.calendar import Calendar

By = Literal["sop", "step", "pelaksana", "month"]

FEW = 5
"""Fewer visits (or finished cases) than this are marked: one of them alone moves the figures."""

_MINUTE = timedelta(minutes=1)
_RUNNING = STATUSES.index("running")
_IS_COMPLETED = bytes(number == STATUSES.index("completed") for number in range(256))


class Query(Struct, frozen=True, kw_only=True):
    """What to report: one SOP or all, and the days on which visits and cases ended, both included.

    ``late`` leaves only the groups in which something was late, and the cases beyond their SOP's own total. With
    ``at_most`` only so many cases are listed, those furthest beyond their standard first; without it all are.
    """

    by: By = "step"
    sop: str | None = None
    since: date | None = None
    until: date | None = None
    late: bool = False
    at_most: int | None = None

    def covers(self, day: date) -> bool:
        """Whether what ended on that day is in the report."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class Row(Struct, frozen=True, kw_only=True):
    """The figures of a group; the keys that it was not made by are None.

    ``visits`` are finished visits (by pelaksana: parts of them), ``rework`` those that were not the first of their
    case at the step and ``rework_minutes`` what they took together. Minutes are working minutes, rounded to
    hundredths; percentiles are nearest ranks. ``begun`` counts the visits where somebody recorded that work began;
    ``waiting_minutes`` and ``working_minutes`` are medians over those, ``within_working`` the share of them that was
    on time by the time of work alone. ``standard_minutes`` is None where the visits have none or not all the same;
    ``ratio`` is the median of elapsed against standard and ``within_standard`` the share that was on time, both over
    the visits that have a standard. ``typed_later`` is the share of moves that were typed later than they happened,
    and ``few`` marks what stands on less than `FEW` visits.
    """

    sop: str | None
    step: str | None
    pelaksana: str | None
    month: str | None
    cases: int
    visits: int
    rework: int
    rework_minutes: float
    p10_minutes: float
    p25_minutes: float
    median_minutes: float
    p75_minutes: float
    p80_minutes: float
    p90_minutes: float
    max_minutes: float
    begun: int
    waiting_minutes: float | None
    working_minutes: float | None
    within_working: float | None
    standard_minutes: float | None
    ratio: float | None
    within_standard: float | None
    typed_later: float | None
    few: bool


class Total(Struct, frozen=True, kw_only=True):
    """A whole case, from its start to its end or until now, against the straight way through its SOP."""

    id: str
    sop: str
    status: Status
    elapsed_minutes: float
    standard_minutes: float | None
    ratio: float | None


class Whole(Struct, frozen=True, kw_only=True):
    """The cases of one SOP: how many there are, and the finished ones against the SOP's own total.

    Minutes, ratio and share as in `Row`, over the completed cases; ``standard_minutes`` is None where they have none
    or not all the same.
    """

    sop: str
    running: int
    suspended: int
    completed: int
    cancelled: int
    median_minutes: float | None
    p90_minutes: float | None
    max_minutes: float | None
    standard_minutes: float | None
    ratio: float | None
    within_standard: float | None
    few: bool


class Month(Struct, frozen=True, kw_only=True):
    """How many cases were started and how many came to their end in a month, e.g. `2026-11`."""

    month: str
    started: int
    ended: int


class Figures(Struct, frozen=True):
    """The whole report; ``months`` has no gaps and is not cut to the days of the query."""

    rows: tuple[Row, ...]
    cases: tuple[Total, ...]
    sops: tuple[Whole, ...] = ()
    months: tuple[Month, ...] = ()


def figures(cases: Iterable[Case], calendar: Calendar, now: datetime, query: Query) -> Figures:
    """The report on those cases; a case that still runs counts as if it ended now."""
    return figures_of([tally(cases, calendar)], calendar, now, query)


def figures_of(tallies: Sequence[Tally], calendar: Calendar, now: datetime, query: Query) -> Figures:
    """The report on the cases of those tallies, no case being in two of them."""
    every = [(one, packed) for one in tallies for packed in one.courses if query.sop in (None, packed.sop)]
    today = now.astimezone(calendar.zone).toordinal()
    courses = [(one, left) for one, packed in every if (left := _covered(packed, today, query)).status]
    return Figures(
        rows=rows_of(tallies, query),
        cases=tuple(_totals(courses, calendar, now, query)),
        sops=tuple(_wholes(packed for _, packed in courses)),
        months=tuple(_months(packed for _, packed in every)),
    )


def _covered(courses: Courses, today: int, query: Query) -> Courses:
    """Those courses that ended on the days of the query; one that has not ended counts as if it ended today."""
    if query.since is None and query.until is None:
        return courses
    first = query.since.toordinal() if query.since else 0
    last = query.until.toordinal() if query.until else date.max.toordinal()
    return Courses.packed(courses.sop, (one for one in courses.each() if first <= (one.ended or today) <= last))


def _totals(
    courses: Iterable[tuple[Tally, Courses]], calendar: Calendar, now: datetime, query: Query
) -> Iterator[Total]:
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
    return (_total(*case) for case in found)


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


def _total(sop: str, id: str, status: Status, elapsed: float, standard_or_nan: float) -> Total:
    standard = None if isnan(standard_or_nan) else standard_or_nan
    return Total(
        id=id,
        sop=sop,
        status=status,
        elapsed_minutes=rounded(elapsed),
        standard_minutes=rounded_or_none(standard),
        ratio=share(ratio_of(elapsed, standard)),
    )


def _wholes(courses: Iterable[Courses]) -> Iterator[Whole]:
    grouped: defaultdict[str, list[Courses]] = defaultdict(list)
    for packed in courses:
        grouped[packed.sop].append(packed)
    return (_whole(sop, members) for sop, members in sorted(grouped.items()))


def _whole(sop: str, courses: list[Courses]) -> Whole:
    counts: Counter[int] = Counter()
    elapsed, standards = array("d"), array("d")
    for packed in courses:
        done = packed.status.translate(_IS_COMPLETED)
        counts.update(packed.status)
        elapsed.extend(compress(array("d", packed.elapsed), done))
        standards.extend(compress(array("d", packed.standard), done))
    against = sorted([minutes / standard for minutes, standard in zip(elapsed, standards, strict=True) if standard > 0])
    known = {None if isnan(standard) else standard for standard in standards}
    in_order = sorted(elapsed)
    running, suspended, completed, cancelled = (counts[number] for number in range(len(STATUSES)))
    return Whole(
        sop=sop,
        running=running,
        suspended=suspended,
        completed=completed,
        cancelled=cancelled,
        median_minutes=rounded_or_none(median(in_order)),
        p90_minutes=rounded(nearest_rank(in_order, 90)) if in_order else None,
        max_minutes=rounded(in_order[-1]) if in_order else None,
        standard_minutes=rounded_or_none(known.pop()) if len(known) == 1 else None,
        ratio=share(median(against)),
        within_standard=share(bisect_right(against, 1) / len(against)) if against else None,
        few=completed < FEW,
    )


def _months(courses: Iterable[Courses]) -> Iterator[Month]:
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
            yield Month(month=f"{year:04}-{month + 1:02}", started=opened[number], ended=closed[number])


def _by_month(days: Counter[int]) -> Counter[int]:
    """Counts by month (twelve times the year and the month from 0) from counts by ordinal."""
    months: Counter[int] = Counter()
    for ordinal, count in days.items():
        day = date.fromordinal(ordinal)
        months[day.year * 12 + day.month - 1] += count
    return months


class Group(Struct, frozen=True):
    """What the visits of one row of the report have in common."""

    sop: str | None = None
    step: str | None = None
    pelaksana: str | None = None
    month: str | None = None


_GROUPS: dict[By, Callable[[Key], Group]] = {
    "sop": lambda key: Group(sop=key.sop),
    "step": lambda key: Group(sop=key.sop, step=key.step),
    "pelaksana": lambda key: Group(pelaksana=key.pelaksana),
    "month": lambda key: Group(month=key.month),
}

_ORDERS: dict[By, Callable[[Key], tuple[str, int]]] = {
    "sop": lambda key: (key.sop, 0),
    "step": lambda key: (key.sop, key.row),
    "pelaksana": lambda key: (key.pelaksana, 0),
    "month": lambda key: (key.month, 0),
}


class Pile:
    """The cells of one row of the report, added up."""

    def __init__(self) -> None:
        self.elapsed = array("d")
        self.flags: Counter[int] = Counter()
        self.rework_minutes = 0.0
        self.moves = self.late_moves = 0
        self.waiting = array("d")
        self.working = array("d")
        self.working_within = self.working_against = 0
        self._standards: defaultdict[float | None, array[float]] = defaultdict(lambda: array("d"))
        self._seen: defaultdict[int, int] = defaultdict(int)

    def add(self, tally_number: int, cell: Cell) -> None:
        """Add a cell; cases of tallies with different numbers are different."""
        self._seen[tally_number] |= int.from_bytes(cell.seen, "little")
        self.elapsed.frombytes(cell.elapsed)
        self._standards[cell.key.standard].frombytes(cell.elapsed)
        for flags in {*cell.flags}:
            self.flags[flags] += cell.flags.count(flags)
        self.rework_minutes += cell.rework_minutes
        self.moves += cell.all_moves
        self.late_moves += cell.all_late_moves
        self.waiting.frombytes(cell.waiting)
        self.working.frombytes(cell.working)
        if cell.key.standard is not None:
            self.working_within += cell.working_within
            self.working_against += len(cell.working) // self.working.itemsize

    @property
    def cases(self) -> int:
        """How many cases there are in it."""
        return sum(seen.bit_count() for seen in self._seen.values())

    @property
    def standard(self) -> float | None:
        """The standard of all visits, None where they have none or not all the same."""
        return next(iter(self._standards)) if len(self._standards) == 1 else None

    def mixed_ratio(self) -> float | None:
        """The median of elapsed against standard over the visits that have one, each compared with its own."""
        pairs = self._standards.items()
        return median(sorted([minutes / standard for standard, elapsed in pairs if standard for minutes in elapsed]))

    def counted(self, flag: int) -> int:
        """How many visits bear a flag."""
        return sum(count for flags, count in self.flags.items() if flags & flag)


def piles(tallies: Sequence[Tally], query: Query) -> dict[Group, Pile]:
    """The cells of the query by group: steps in the order of the form, all else by name."""
    kinds = ("whole", "part") if query.by == "pelaksana" else ("whole", "shared")
    cells = [
        (number, cell)
        for number, one in enumerate(tallies)
        for cell in one.cells
        if cell.key.kind in kinds and query.sop in (None, cell.key.sop)
    ]
    found: dict[Group, Pile] = {}
    for number, cell in sorted(cells, key=lambda one: _ORDERS[query.by](one[1].key)):
        left = _within_days(cell, query)
        if left.flags:
            found.setdefault(_GROUPS[query.by](cell.key), Pile()).add(number, left)
    return found


def rows_of(tallies: Sequence[Tally], query: Query) -> tuple[Row, ...]:
    """One row a group."""
    found = (_row(group, pile) for group, pile in piles(tallies, query).items())
    return tuple(
        row for row in found if not query.late or (row.within_standard is not None and row.within_standard < 1)
    )


def _within_days(cell: Cell, query: Query) -> Cell:
    """The cell less what ended on days that the query does not cover."""
    if query.since is None and query.until is None:
        return cell
    first = date.fromisoformat(f"{cell.key.month}-01")
    last = date(first.year + first.month // 12, first.month % 12 + 1, 1) - timedelta(days=1)
    if query.covers(first) and query.covers(last):
        return cell

    def covered(entry: Entry) -> bool:
        return query.covers(first.replace(day=entry.day))

    return cell.where(covered)


def _row(group: Group, pile: Pile) -> Row:
    elapsed = sorted(pile.elapsed)
    middle = median(elapsed) or 0.0
    within, late = pile.counted(WITHIN), pile.counted(LATE)
    return Row(
        sop=group.sop,
        step=group.step,
        pelaksana=group.pelaksana,
        month=group.month,
        cases=pile.cases,
        visits=len(elapsed),
        rework=pile.counted(REWORK),
        rework_minutes=rounded(pile.rework_minutes),
        p10_minutes=rounded(nearest_rank(elapsed, 10)),
        p25_minutes=rounded(nearest_rank(elapsed, 25)),
        median_minutes=rounded(middle),
        p75_minutes=rounded(nearest_rank(elapsed, 75)),
        p80_minutes=rounded(nearest_rank(elapsed, 80)),
        p90_minutes=rounded(nearest_rank(elapsed, 90)),
        max_minutes=rounded(elapsed[-1]),
        begun=len(pile.waiting),
        waiting_minutes=rounded_or_none(median(sorted(pile.waiting))),
        working_minutes=rounded_or_none(median(sorted(pile.working))),
        within_working=share(pile.working_within / pile.working_against) if pile.working_against else None,
        standard_minutes=rounded_or_none(pile.standard),
        ratio=share(middle / pile.standard if pile.standard else pile.mixed_ratio()),
        within_standard=share(within / (within + late)) if within + late else None,
        typed_later=share(pile.late_moves / pile.moves) if pile.moves else None,
        few=len(elapsed) < FEW,
    )


def median(in_order: Sequence[float]) -> float | None:
    """The median of values in order, None of none."""
    if not in_order:
        return None
    middle = len(in_order) // 2
    return in_order[middle] if len(in_order) % 2 else (in_order[middle - 1] + in_order[middle]) / 2


def nearest_rank(in_order: Sequence[float], percent: int) -> float:
    """The smallest value that at least so many percent of all do not exceed."""
    rank = -(-percent * len(in_order) // 100)
    return in_order[max(rank, 1) - 1]
