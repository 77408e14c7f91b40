"""The measured visits of one step, month and pelaksana, packed column by column.

The elapsed minutes lie in order, so that the percentiles of several columns are found by merging. Packed bytes are in
this machine's own order.

Why not one row a visit: of 650,000 visits, in 105,000 cases, the columns are read and summed in 0.10 s, msgpack rows in
0.30 s with twice the memory, and SQLite needs 0.97 s for counts and sorted minutes alone. `sopctl report` takes 0.6 to
0.8 of pandas' time (`bench.report`, at most 1); with rows it would take all of it.
"""

from array import array
from collections.abc import Iterable
from itertools import repeat
from operator import itemgetter
from typing import Literal, NamedTuple

from msgspec import Struct

from sopctl.sop.model import Clock

VisitKind = Literal["whole", "shared", "part", "skipped"]
"""A visit of one pelaksana, a visit of several, what each of several had of it, and a visit that was left out."""

MOST_RECORDED = 255
"""How many recorded events are counted of a visit at most: they are kept in a byte."""

REWORK, WITHIN, LATE = 1, 2, 4
"""The flags of a visit; neither within nor late is one without a standard."""


class ColumnsKey(Struct, frozen=True, array_like=True):
    """What the visits in columns have in common; ``month`` is that in which they ended, e.g. `2026-11`.

    ``row`` is the step's place on the form, ``standard`` None without one, ``clock`` that of the row's minutes.
    """

    sop: str
    step: str
    row: int
    pelaksana: str
    kind: VisitKind
    month: str
    standard: float | None
    clock: Clock = "working"


class MeasuredVisit(NamedTuple):
    """A finished visit, or a part of one: ``case`` is a number in the tally, ``day`` one of the month.

    All times are working minutes; ``elapsed`` and ``waiting`` of a row that runs by the clock are those of the clock,
    and its working minutes are ``worked``, None of any other. ``waiting`` is None where nobody recorded that work
    began, ``suspended`` where the clock never stood still; ``elapsed`` is without it. ``recorded`` counts the events
    that set the times of the stretch: its moves, the start of the case, the beginning of work, suspending and resuming;
    ``typed_later`` those of them that were typed later than they happened. Both are 0 where the events are not at hand.
    """

    elapsed: float
    case: int
    day: int
    flags: int
    recorded: int
    typed_later: int
    waiting: float | None
    suspended: float | None
    worked: float | None


class VisitColumns(Struct, frozen=True, array_like=True):
    """The visits of one key, the shortest first.

    ``elapsed`` (float64), ``case`` (uint32), ``day``, ``flags``, ``recorded`` and ``typed_later`` (bytes) are parallel.
    ``begun`` (uint32) are the places of those where somebody recorded that work began, ``waiting`` and ``working``
    (float64) their two parts; ``paused`` (uint32) the places of those within which the clock stood still, and
    ``suspended`` (float64) for how long. ``worked`` (float64) is parallel where the row runs by the clock, else empty.
    The rest is added up: a bit for each case in ``seen``, the minutes of rework,
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
    worked: bytes = b""

    def unpack(self) -> list[MeasuredVisit]:
        """The visits one by one."""
        columns = (array("d", self.elapsed), array("I", self.case), self.day, self.flags)
        some = _spread(len(self.flags), self.begun, self.waiting), _spread(len(self.flags), self.paused, self.suspended)
        worked = array("d", self.worked) if self.worked else repeat(None, len(self.flags))
        return list(map(MeasuredVisit, *columns, self.recorded, self.typed_later, *some, worked))


def pack_visits(key: ColumnsKey, visits: Iterable[MeasuredVisit]) -> VisitColumns:
    """The columns of these visits, in whatever order they come."""
    ordered = sorted(visits, key=itemgetter(0))
    columns = zip(*ordered, strict=True) if ordered else ((),) * len(MeasuredVisit._fields)
    elapsed, case, day, flags, recorded, typed_later, waits, rests, worked = columns
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
        rework_minutes=sum((visit.elapsed for visit in ordered if visit.flags & REWORK), 0.0),
        working_within=sum(key.standard is not None and minutes <= key.standard for minutes in working),
        worked=array("d", worked).tobytes() if key.clock == "calendar" else b"",
    )


def _spread(size: int, places: bytes, minutes: bytes) -> list[float | None]:
    """A column of so many in which only some places have minutes."""
    column: list[float | None] = [None] * size
    for place, amount in zip(array("I", places), array("d", minutes), strict=True):
        column[place] = amount
    return column
