"""How working hours are written: days and ranges of days, each with the stretches of time that are worked.

A week is read as a whole, because two of its mistakes lie between entries: a day that stands twice, and stretches
that overlap.
"""

import re
from itertools import pairwise

from msgspec import Struct

from sopctl.notation.decoders import Invalid, JsonSchema, ListDecoder, MappingDecoder, ScalarDecoder, must_be
from sopctl.notation.faults import Faults, quoted
from sopctl.notation.node import Mapping, Node, Scalar, Sequence
from sopctl.worktime.hours import DAY_MINUTES, NORMAL_HOURS, DayRanges, TimeRange, WorkingHours

_DAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
_DAY = "[Ss]enin|[Ss]elasa|[Rr]abu|[Kk]amis|[Jj]um'?at|[Ss]abtu|[Mm]inggu"
_RANGE = re.compile(rf"({_DAY})(?:\s*[-\u2013]\s*({_DAY}))?")
_CLOCK = r"([0-9]{1,2})[:.]([0-9]{2})"
_STRETCH = re.compile(rf"{_CLOCK}\s*[-\u2013]\s*{_CLOCK}")
_HOUR = 60


def _range(typed: str) -> range | Invalid:
    """The days that a key names, counted from Monday as 0."""
    found = _RANGE.fullmatch(typed)
    if not found:
        return must_be(_RANGE_EXPECTS, typed)
    first, last = (_DAYS.index(day.lower().replace("'", "")) for day in (found[1], found[2] or found[1]))
    if last < first:
        return Invalid(f"Hari {quoted(typed)} terbalik. Tulis hari yang lebih dahulu di depan, mulai dari senin.")
    return range(first, last + 1)


def _span(typed: str) -> TimeRange | Invalid:
    found = _STRETCH.fullmatch(typed)
    if not found:
        return must_be(_SPAN_EXPECTS, typed)
    hour, minute, until_hour, until_minute = map(int, found.groups())
    start, end = hour * _HOUR + minute, until_hour * _HOUR + until_minute
    if minute >= _HOUR or until_minute >= _HOUR or max(start, end) > DAY_MINUTES:
        return Invalid(f"Jam {quoted(typed)} tidak ada. Jam ditulis 00:00 sampai 24:00.")
    if end <= start:
        return Invalid(f"Jam {quoted(typed)} berakhir sebelum mulai. Tulis jam mulai dahulu, lalu jam selesai.")
    return TimeRange(start, end)


_RANGE_EXPECTS = "hari atau rentang hari, misalnya senin-kamis"
_SPAN_EXPECTS = "jam kerja, misalnya 07:30-12:00"

_DAY_RANGE = ScalarDecoder(
    parse=_range,
    blank=range(0),
    expects=_RANGE_EXPECTS,
    form={"type": "string", "pattern": f"^{_RANGE.pattern}$"},
)
_STRETCHES = ListDecoder(
    ScalarDecoder(
        parse=_span,
        blank=TimeRange(0, 0),
        expects=_SPAN_EXPECTS,
        form={"type": "string", "pattern": f"^{_STRETCH.pattern}$"},
    )
)


class WorkingHoursDecoder(Struct, frozen=True):
    """The decoder of `working_hours`; a day that is not named is a day off."""

    @property
    def blank(self) -> WorkingHours:
        """The usual hours."""
        return NORMAL_HOURS

    @property
    def expects(self) -> str:
        """Days with their hours."""
        return 'hari dengan jam kerjanya, misalnya senin-kamis: ["07:30-12:00", "13:00-16:00"]'

    def decode(self, node: Node, faults: Faults) -> WorkingHours:
        """The week; days and stretches that are given twice go to ``faults`` as every other mistake does."""
        if not isinstance(node, Mapping):
            faults.add(node.source, "type", f"Di sini ditulis {self.expects}.")
            return self.blank
        week: dict[int, DayRanges] = {}
        given = [(key, _spans(value, faults)) for key, value in node.entries]
        for key, spans in given:
            for day in _DAY_RANGE.parse_scalar(key, faults):
                _take(week, day, spans, key, faults)
        if not any(spans for _, spans in given):
            faults.add(node.source, "value", f"Tidak ada jam kerja di sini. Tulis {self.expects}.")
        days = [week.get(day, ()) for day in range(len(_DAYS))]
        return WorkingHours((days[0], days[1], days[2], days[3], days[4], days[5], days[6]))

    def schema(self) -> JsonSchema:
        """An object whose keys are days."""
        return MappingDecoder(_DAY_RANGE, _STRETCHES).schema()


def _take(week: dict[int, DayRanges], day: int, spans: DayRanges, key: Scalar, faults: Faults) -> None:
    if day in week:
        faults.add(key.source, "duplicate_day", f"Jam kerja {_DAYS[day]} sudah ditulis. Hapus salah satu.")
    week.setdefault(day, spans)


def _spans(node: Node, faults: Faults) -> DayRanges:
    """The stretches of a day in order; one that overlaps another is a mistake at the later one's place."""
    spans = _STRETCHES.decode(node, faults)
    items = node.items if isinstance(node, Sequence) else (node,)
    in_order = sorted(zip(spans, items, strict=False), key=lambda pair: pair[0])
    for (span, _), (later, item) in pairwise(in_order):
        if later.start < span.end:
            faults.add(
                item.source,
                "overlap",
                "Jam kerja ini bertumpuk dengan jam kerja lain pada hari yang sama. Pisahkan, misalnya "
                "07:30-12:00 dan 13:00-16:00.",
            )
    return tuple(span for span, _ in in_order)
