"""Many measures that no view tells apart but by their day, packed column by column.

A report over years adds up cells, not visits: counts and sums are kept, and the elapsed minutes lie in order, so that
medians of several cells are found by merging. Packed bytes are in this machine's own order.
"""

from array import array
from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Literal, NamedTuple

from msgspec import Struct

VisitKind = Literal["whole", "shared", "part"]
"""A visit of one pelaksana, a visit of several, and what each of several had of it."""

MOST_RECORDED = 255
"""How many recorded events an entry counts at most: a byte's worth."""

REWORK, WITHIN, LATE = 1, 2, 4
"""The flags of a visit; neither within nor late is one without a standard."""


class ColumnsKey(Struct, frozen=True, array_like=True):
    """What the measures of a cell have in common; ``month`` is that in which they ended, e.g. `2026-11`.

    ``row`` is the step's place on the form, ``standard`` None without one.
    """

    sop: str
    step: str
    row: int
    pelaksana: str
    kind: VisitKind
    month: str
    standard: float | None


class MeasuredVisit(NamedTuple):
    """One measured stretch in a cell: ``case`` is a number in the cell's tally, ``day`` one of the month.

    All times are working minutes. ``waiting`` is None where nobody recorded that work began, ``suspended`` where the
    clock never stood still; ``elapsed`` is without it. ``recorded`` counts the events that set the times of the
    stretch: its moves, the start of the case, the beginning of work, suspending and resuming; ``typed_later`` those of
    them that were typed later than they happened. Both are 0 where the events are not at hand.
    """

    elapsed: float
    case: int
    day: int
    flags: int
    recorded: int
    typed_later: int
    waiting: float | None
    suspended: float | None


class VisitColumns(Struct, frozen=True, array_like=True):
    """The measures of one key, the shortest first.

    ``elapsed`` (float64), ``case`` (uint32), ``day``, ``flags``, ``recorded`` and ``typed_later`` (bytes) are parallel.
    ``begun`` (uint32) are the places of those where somebody recorded that work began, ``waiting`` and ``working``
    (float64) their two parts; ``paused`` (uint32) the places of those within which the clock stood still, and
    ``suspended`` (float64) for how long. The rest is added up: a bit for each case in ``seen``, the minutes of rework,
    and how many were on time by the time of work alone.
    """

    key: ColumnsKey
    elapsed: bytes
    case: bytes
    day: bytes
    flags: bytes
    recorded: bytes
    typed_later: bytes
    begun: bytes
    waiting: bytes
    working: bytes
    paused: bytes
    suspended: bytes
    seen: bytes
    rework_minutes: float
    working_within: int

    def unpack(self) -> list[MeasuredVisit]:
        """The measures one by one."""
        columns = (array("d", self.elapsed), array("I", self.case), self.day, self.flags)
        some = _spread(len(self.flags), self.begun, self.waiting), _spread(len(self.flags), self.paused, self.suspended)
        return list(map(MeasuredVisit, *columns, self.recorded, self.typed_later, *some))

    def where(self, wanted: Callable[[MeasuredVisit], bool]) -> "VisitColumns":
        """The cell with those measures only."""
        return pack_visits(self.key, filter(wanted, self.unpack()))


def pack_visits(key: ColumnsKey, entries: Iterable[MeasuredVisit]) -> VisitColumns:
    """The cell of these measures, in whatever order they come."""
    ordered = sorted(entries, key=_elapsed)
    columns = zip(*ordered, strict=True) if ordered else ((),) * len(MeasuredVisit._fields)
    elapsed, case, day, flags, recorded, typed_later, waits, rests = columns
    begun = [place for place, minutes in enumerate(waits) if minutes is not None]
    waiting = [waits[place] for place in begun]
    working = [elapsed[place] - waits[place] for place in begun]
    paused = [place for place, minutes in enumerate(rests) if minutes is not None]
    seen = 0
    for number in {*case}:
        seen |= 1 << number
    return VisitColumns(
        key=key,
        elapsed=array("d", elapsed).tobytes(),
        case=array("I", case).tobytes(),
        day=bytes(day),
        flags=bytes(flags),
        recorded=bytes(recorded),
        typed_later=bytes(typed_later),
        begun=array("I", begun).tobytes(),
        waiting=array("d", waiting).tobytes(),
        working=array("d", working).tobytes(),
        paused=array("I", paused).tobytes(),
        suspended=array("d", [rests[place] for place in paused]).tobytes(),
        seen=seen.to_bytes((seen.bit_length() + 7) // 8, "little"),
        rework_minutes=sum(entry.elapsed for entry in ordered if entry.flags & REWORK),
        working_within=sum(key.standard is not None and minutes <= key.standard for minutes in working),
    )


_elapsed = itemgetter(0)


def _spread(size: int, places: bytes, minutes: bytes) -> list[float | None]:
    """A column of so many in which only some places have minutes."""
    column: list[float | None] = [None] * size
    for place, amount in zip(array("I", places), array("d", minutes), strict=True):
        column[place] = amount
    return column
