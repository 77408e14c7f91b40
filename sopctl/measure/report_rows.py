"""The rows of the report: finished visits, or parts of them, by SOP, step, pelaksana or month."""

from array import array
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import asdict

from sopctl.measure.case_clock import rounded, rounded_or_none, rounded_share
from sopctl.measure.percentiles import FEW, median, percentile
from sopctl.measure.query import Query
from sopctl.measure.tally import Tally
from sopctl.measure.visit_columns import LATE, REWORK, WITHIN, VisitColumns, pack_visits
from sopctl.sop.model import Clock


class RowKey(Struct, frozen=True, kw_only=True):
    """What the visits of one row of the report have in common; the keys that it was not made by are None."""

    sop: str | None = None
    step: str | None = None
    pelaksana: str | None = None
    month: str | None = None


class ReportRow(RowKey, frozen=True, kw_only=True):
    """The figures of a group.

    ``visits`` are finished visits (by pelaksana: parts of them), ``rework`` those that repeat what was turned
    down and ``rework_minutes`` what they took together. Minutes are working minutes, rounded to hundredths;
    percentiles are nearest ranks. Where the rows of all visits run by the ``calendar`` clock they are its minutes, and
    among others ``begun`` leaves those visits out. ``begun`` counts the visits where somebody recorded that work began;
    ``waiting_minutes`` and ``working_minutes`` are medians over those, ``within_working`` the share of them that was on
    time by the time of work alone. ``paused`` counts the visits within which the clock stood still, and
    ``suspended_minutes`` is how long it did in all: no other minutes hold them. ``standard_minutes`` is None where the
    visits have none or not all the same; ``ratio`` is the median of elapsed against standard and ``within_standard``
    the share that was on time, both over the visits that have a standard. A visit that was late when its case was
    cancelled is among the visits as a late one. ``typed_later`` is the share of what sets these times (moves, starts,
    `begin`, `suspend`, `resume`, `cancel`) that was typed later than it happened, and ``few`` marks what stands on less
    than `FEW` visits. ``skipped`` counts the visits whose step was left out, which are in no other figure.
    """

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
    paused: int
    suspended_minutes: float
    standard_minutes: float | None
    clock: Clock
    ratio: float | None
    within_standard: float | None
    typed_later: float | None
    few: bool
    skipped: int = 0


class RowSums:
    """The visits of one row of the report, added up."""

    def __init__(self) -> None:
        self._columns: list[VisitColumns] = []
        self.flags: Counter[int] = Counter()
        self.recorded = self.typed_later = self.skipped = 0
        self.suspended = array("d")
        self.working_within = self.working_against = 0
        self._standards: defaultdict[float | None, array[float]] = defaultdict(lambda: array("d"))
        self._seen: defaultdict[int, int] = defaultdict(int)

    def add(self, tally_number: int, columns: VisitColumns) -> None:
        """Add visits; cases of tallies with different numbers are different."""
        if columns.key.kind == "skipped":
            self.skipped += len(columns.flags)
            return
        self._seen[tally_number] |= int.from_bytes(columns.seen, "little")
        self._columns.append(columns)
        self._standards[columns.key.standard].frombytes(columns.elapsed)
        for flags in {*columns.flags}:
            self.flags[flags] += columns.flags.count(flags)
        self.recorded += sum(columns.recorded)
        self.typed_later += sum(columns.typed_later)
        self.suspended.frombytes(columns.suspended)
        if columns.key.standard is not None:
            self.working_within += columns.working_within
            self.working_against += len(columns.working) // self.suspended.itemsize

    @property
    def clock(self) -> Clock:
        """The clock of the minutes: that of all visits, else the office's."""
        return "calendar" if self._columns and all(one.key.clock == "calendar" for one in self._columns) else "working"

    @property
    def elapsed(self) -> "array[float]":
        """The minutes of all visits, by one clock."""
        mixed = self.clock == "working"
        return _join(one.worked if one.worked and mixed else one.elapsed for one in self._columns)

    @property
    def waiting(self) -> "array[float]":
        """The minutes before work began, of visits by that clock."""
        return _join(one.waiting for one in self._by_clock)

    @property
    def working(self) -> "array[float]":
        """The minutes since then, of the same visits."""
        return _join(one.working for one in self._by_clock)

    @property
    def _by_clock(self) -> list[VisitColumns]:
        clock = self.clock
        return [one for one in self._columns if one.key.clock == clock]

    @property
    def rework_minutes(self) -> float:
        """The minutes of those that were rework, by the same clock."""
        clock = self.clock
        return sum(one.rework_minutes if one.key.clock == clock else _worked_again(one) for one in self._columns)

    @property
    def cases(self) -> int:
        """How many cases there are in it."""
        return sum(seen.bit_count() for seen in self._seen.values())

    @property
    def standard(self) -> float | None:
        """The standard of all visits, None where they have none or not all the same."""
        same = len(self._standards) == 1 and len({one.key.clock for one in self._columns}) == 1
        return next(iter(self._standards)) if same else None

    def mixed_ratio(self) -> float | None:
        """The median of elapsed against standard over the visits that have one, each compared with its own."""
        pairs = self._standards.items()
        return median(sorted([minutes / standard for standard, elapsed in pairs if standard for minutes in elapsed]))

    def count_flagged(self, flag: int) -> int:
        """How many visits bear a flag."""
        return sum(count for flags, count in self.flags.items() if flags & flag)


def _join(columns: Iterable[bytes]) -> "array[float]":
    minutes = array("d")
    for one in columns:
        minutes.frombytes(one)
    return minutes


def _worked_again(columns: VisitColumns) -> float:
    """The working minutes of those that were rework, of a row that runs by the clock."""
    worked = zip(array("d", columns.worked), columns.flags, strict=True)
    return sum(minutes for minutes, flags in worked if flags & REWORK)


def group_visits(tallies: Sequence[Tally], query: Query) -> dict[RowKey, RowSums]:
    """The visits of the query by group: steps in the order of the form, all else by name."""
    kinds = ("whole", "part") if query.by == "pelaksana" else ("whole", "shared")
    visits = [
        (number, columns)
        for number, one in enumerate(tallies)
        for columns in one.visits
        if columns.key.kind in (*kinds, "skipped") and query.sop in (None, columns.key.sop)
    ]
    names = ("sop", "step") if query.by == "step" else (query.by,)
    order = attrgetter("sop", "row") if query.by == "step" else attrgetter(query.by)
    found: dict[RowKey, RowSums] = {}
    for number, columns in sorted(visits, key=lambda one: order(one[1].key)):
        left = _select_days(columns, query)
        if left.flags:
            group = RowKey(**{name: getattr(columns.key, name) for name in names})
            found.setdefault(group, RowSums()).add(number, left)
    return found


def report_rows(tallies: Sequence[Tally], query: Query) -> tuple[ReportRow, ...]:
    """One row a group."""
    found = (_report_row(group, sums) for group, sums in group_visits(tallies, query).items())
    return tuple(
        row for row in found if not query.late or (row.within_standard is not None and row.within_standard < 1)
    )


def weighted_mean(rows: Iterable[ReportRow], share_of: Callable[[ReportRow], float | None]) -> float | None:
    """A share over several rows, each counting as often as it has visits; None where none of them has one."""
    known = [(part, row.visits) for row in rows if (part := share_of(row)) is not None]
    visits = sum(count for _, count in known)
    return sum(part * count for part, count in known) / visits if visits else None


def _select_days(columns: VisitColumns, query: Query) -> VisitColumns:
    """The columns less what ended on days that the query does not cover."""
    if query.since is None and query.until is None:
        return columns
    first = date.fromisoformat(f"{columns.key.month}-01")
    last = first.replace(day=monthrange(first.year, first.month)[1])
    if query.covers(first) and query.covers(last):
        return columns
    covered = (visit for visit in columns.unpack() if query.covers(first.replace(day=visit.day)))
    return pack_visits(columns.key, covered)


def _report_row(group: RowKey, sums: RowSums) -> ReportRow:
    visits, waiting = sorted(sums.elapsed), sorted(sums.waiting)
    elapsed = visits or [0.0]
    middle = median(elapsed) or 0.0
    within, late = sums.count_flagged(WITHIN), sums.count_flagged(LATE)
    return ReportRow(
        **asdict(group),
        cases=sums.cases,
        visits=len(visits),
        rework=sums.count_flagged(REWORK),
        rework_minutes=rounded(sums.rework_minutes),
        p10_minutes=rounded(percentile(elapsed, 10)),
        p25_minutes=rounded(percentile(elapsed, 25)),
        median_minutes=rounded(middle),
        p75_minutes=rounded(percentile(elapsed, 75)),
        p80_minutes=rounded(percentile(elapsed, 80)),
        p90_minutes=rounded(percentile(elapsed, 90)),
        max_minutes=rounded(elapsed[-1]),
        begun=len(waiting),
        waiting_minutes=rounded_or_none(median(waiting)),
        working_minutes=rounded_or_none(median(sorted(sums.working))),
        within_working=rounded_share(sums.working_within / sums.working_against) if sums.working_against else None,
        paused=len(sums.suspended),
        suspended_minutes=rounded(sum(sums.suspended)),
        standard_minutes=rounded_or_none(sums.standard),
        clock=sums.clock,
        ratio=rounded_share(middle / sums.standard if sums.standard else sums.mixed_ratio()),
        within_standard=rounded_share(within / (within + late)) if within + late else None,
        typed_later=rounded_share(sums.typed_later / sums.recorded) if sums.recorded else None,
        few=len(visits) < FEW,
        skipped=sums.skipped,
    )
