"""How working hours are written: days and ranges of days, each with the times that are worked.

A week is read as a whole, because two of its mistakes lie between entries: a repeated day, and times that
overlap.
"""

import re
from itertools import pairwise

from msgspec import Struct

from sopctl.notation.decoders import Invalid, JsonSchema, ListDecoder, MappingDecoder, ScalarDecoder, must_be
from sopctl.notation.faults import Faults, quoted
from sopctl.notation.node import Mapping, Node, Sequence
from sopctl.worktime.hours import DAY_MINUTES, NORMAL_HOURS, DayRanges, TimeRange, WorkingHours

_DAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
_DAY = "[Ss]enin|[Ss]elasa|[Rr]abu|[Kk]amis|[Jj]um'?at|[Ss]abtu|[Mm]inggu"
_RANGE = re.compile(rf"({_DAY})(?:\s*[-\u2013]\s*({_DAY}))?")
_CLOCK = r"([0-9]{1,2})[:.]([0-9]{2})"
_TIMES = re.compile(rf"{_CLOCK}\s*[-\u2013]\s*{_CLOCK}")
_HOUR = 60
_DAYS_EXPECTED = "hari atau rentang hari, misalnya senin-kamis"
_TIMES_EXPECTED = "jam kerja, misalnya 07:30-12:00"


def _parse_days(typed: str) -> range | Invalid:
    """The days that a key names, counted from Monday as 0."""
    found = _RANGE.fullmatch(typed)
    if not found:
        return must_be(_DAYS_EXPECTED, typed)
    first, last = (_DAYS.index(day.lower().replace("'", "")) for day in (found[1], found[2] or found[1]))
    if last < first:
        return Invalid(f"Hari {quoted(typed)} terbalik. Tulis hari yang lebih dahulu di depan, mulai dari senin.")
    return range(first, last + 1)


def _parse_times(typed: str) -> TimeRange | Invalid:
    found = _TIMES.fullmatch(typed)
    if not found:
        return must_be(_TIMES_EXPECTED, typed)
    hour, minute, until_hour, until_minute = map(int, found.groups())
    start, end = hour * _HOUR + minute, until_hour * _HOUR + until_minute
    if minute >= _HOUR or until_minute >= _HOUR or max(start, end) > DAY_MINUTES:
        return Invalid(f"Jam {quoted(typed)} tidak ada. Jam ditulis 00:00 sampai 24:00.")
    if end <= start:
        return Invalid(f"Jam {quoted(typed)} berakhir sebelum mulai. Tulis jam mulai dahulu, lalu jam selesai.")
    return TimeRange(start, end)


_DAY_DECODER = ScalarDecoder(
    parse=_parse_days, blank=range(0), expects=_DAYS_EXPECTED, form={"type": "string", "pattern": f"^{_RANGE.pattern}$"}
)
_TIMES_DECODER = ListDecoder(
    ScalarDecoder(
        parse=_parse_times,
        blank=TimeRange(0, 0),
        expects=_TIMES_EXPECTED,
        form={"type": "string", "pattern": f"^{_TIMES.pattern}$"},
    )
)


class WorkingHoursDecoder(Struct, frozen=True):
    """The decoder of `working_hours`; a day that is not named is a day off."""

    blank: WorkingHours = NORMAL_HOURS
    expects: str = 'hari dengan jam kerjanya, misalnya senin-kamis: ["07:30-12:00", "13:00-16:00"]'

    def decode(self, node: Node, faults: Faults) -> WorkingHours:
        """The week; days and times that are given twice go to ``faults`` as every other mistake does."""
        if not isinstance(node, Mapping):
            faults.add(node.source, "type", f"Di sini ditulis {self.expects}.")
            return self.blank
        week: dict[int, DayRanges] = {}
        given = [(key, _decode_times(value, faults)) for key, value in node.entries]
        for key, times in given:
            for day in _DAY_DECODER.parse_scalar(key, faults):
                if day in week:
                    message = f"Jam kerja {_DAYS[day]} sudah ditulis. Hapus salah satu."
                    faults.add(key.source, "duplicate_day", message)
                week.setdefault(day, times)
        if not any(times for _, times in given):
            faults.add(node.source, "value", f"Tidak ada jam kerja di sini. Tulis {self.expects}.")
        days = [week.get(day, ()) for day in range(len(_DAYS))]
        return WorkingHours((days[0], days[1], days[2], days[3], days[4], days[5], days[6]))

    def schema(self) -> JsonSchema:
        """An object whose keys are days."""
        return MappingDecoder(_DAY_DECODER, _TIMES_DECODER).schema()


def _decode_times(node: Node, faults: Faults) -> DayRanges:
    """The times of a day in order; one that overlaps another is a mistake at the later one's place."""
    times = _TIMES_DECODER.decode(node, faults)
    items = node.items if isinstance(node, Sequence) else (node,)
    in_order = sorted(zip(times, items, strict=False), key=lambda pair: pair[0])
    for (earlier, _), (later, item) in pairwise(in_order):
        if later.start < earlier.end:
            message = "Jam kerja ini bertumpuk dengan jam kerja lain pada hari yang sama. Pisahkan, misalnya"
            faults.add(item.source, "overlap", f"{message} 07:30-12:00 dan 13:00-16:00.")
    return tuple(time for time, _ in in_order)
