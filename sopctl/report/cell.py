"""Many measures that no view tells apart but by their day, packed column by column.

A report over years adds up cells, not visits: counts and sums are kept, and the elapsed minutes lie in order, so that
medians of several cells are found by merging. Packed bytes are in this machine's own order.
"""

from array import array
from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import NamedTuple

from msgspec import Struct

from sopctl.report.measure import Kind, Measure

_BYTE = 255

REWORK, WITHIN, LATE = 1, 2, 4
"""The flags of a visit; neither within nor late is one without a standard."""


class Key(Struct, frozen=True, array_like=True):
    """What the measures of a cell have in common; ``month`` is that in which they ended, e.g. `2026-11`."""

    sop: str
    step: str
    row: int
    pelaksana: str
    kind: Kind
    month: str
    standard: float | None


class Entry(NamedTuple):
    """One measure of a cell: ``case`` is a number in the cell's tally, ``day`` one of the month."""

    elapsed: float
    case: int
    day: int
    flags: int
    moves: int
    late_moves: int
    waiting: float | None


class Cell(Struct, frozen=True, array_like=True):
    """The measures of one key, the shortest first.

    ``elapsed`` (float64), ``case`` (uint32), ``day``, ``flags``, ``moves`` and ``late_moves`` (bytes) are parallel.
    ``begun`` (uint32) are the places of those where somebody recorded that work began, ``waiting`` and ``working``
    (float64) their two parts. The rest is added up: a bit for each case in ``seen``, the minutes of rework, the moves,
    and how many were on time by the time of work alone.
    """

    key: Key
    elapsed: bytes
    case: bytes
    day: bytes
    flags: bytes
    moves: bytes
    late_moves: bytes
    begun: bytes
    waiting: bytes
    working: bytes
    seen: bytes
    rework_minutes: float
    all_moves: int
    all_late_moves: int
    working_within: int

    def entries(self) -> list[Entry]:
        """The measures one by one."""
        waiting: list[float | None] = [None] * len(self.flags)
        for place, minutes in zip(array("I", self.begun), array("d", self.waiting), strict=True):
            waiting[place] = minutes
        columns = (array("d", self.elapsed), array("I", self.case), self.day, self.flags, self.moves, self.late_moves)
        return list(map(Entry, *columns, waiting))

    def where(self, wanted: Callable[[Entry], bool]) -> "Cell":
        """The cell with those measures only."""
        return packed(self.key, filter(wanted, self.entries()))


def packed(key: Key, entries: Iterable[Entry]) -> Cell:
    """The cell of these measures, in whatever order they come."""
    ordered = sorted(entries, key=_elapsed)
    elapsed, case, day, flags, moves, late_moves, waits = zip(*ordered, strict=True) if ordered else ((),) * 7
    begun = [place for place, minutes in enumerate(waits) if minutes is not None]
    waiting = [waits[place] for place in begun]
    working = [elapsed[place] - waits[place] for place in begun]
    seen = 0
    for number in {*case}:
        seen |= 1 << number
    return Cell(
        key=key,
        elapsed=array("d", elapsed).tobytes(),
        case=array("I", case).tobytes(),
        day=bytes(day),
        flags=bytes(flags),
        moves=bytes(moves),
        late_moves=bytes(late_moves),
        begun=array("I", begun).tobytes(),
        waiting=array("d", waiting).tobytes(),
        working=array("d", working).tobytes(),
        seen=seen.to_bytes((seen.bit_length() + 7) // 8, "little"),
        rework_minutes=sum(entry.elapsed for entry in ordered if entry.flags & REWORK),
        all_moves=sum(moves),
        all_late_moves=sum(late_moves),
        working_within=sum(key.standard is not None and minutes <= key.standard for minutes in working),
    )


_elapsed = itemgetter(0)


def key_of(one: Measure) -> Key:
    """The cell that a measure belongs to."""
    return Key(
        sop=one.sop,
        step=one.step,
        row=one.row,
        pelaksana=one.pelaksana,
        kind=one.kind,
        month=f"{one.day.year:04}-{one.day.month:02}",
        standard=one.standard,
    )


def entry_of(one: Measure, case: int) -> Entry:
    """A measure as its cell holds it."""
    timely = 0 if one.within is None else WITHIN if one.within else LATE
    return Entry(
        elapsed=one.elapsed,
        case=case,
        day=one.day.day,
        flags=timely | (REWORK if one.rework else 0),
        moves=min(one.moves, _BYTE),
        late_moves=min(one.late_moves, _BYTE),
        waiting=one.waiting,
    )
