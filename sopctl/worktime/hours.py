"""When an office works: spans of a day, days of a week, and Ramadan, which has hours of its own.

The defaults are derived from the weekly totals, breaks and openings that Perpres 21/2023 gives (37 h 30 min, in
Ramadan 32 h 30 min); the closing times are an assumption, so every office may write its own.
"""

from datetime import date
from typing import Annotated, Self

from msgspec import Struct

from sopctl.notation.keys import Key, YamlStruct

DAY_MINUTES = 24 * 60
"""The end of a day as a minute of it."""


class TimeRange(Struct, frozen=True, order=True):
    """A part of one day in minutes since midnight; ``end`` is not part of it and at most `DAY_MINUTES`."""

    start: int
    end: int

    @classmethod
    def at(cls, start: str, end: str) -> Self:
        """The span between two clock times such as `07:30` and `12:00`."""
        return cls(_minute(start), _minute(end))


DayRanges = tuple[TimeRange, ...]
"""The spans of one day, in order and apart from each other; none on a day without work."""


class WorkingHours(Struct, frozen=True):
    """The working hours of a week: the spans of seven days, Monday first."""

    days: tuple[DayRanges, DayRanges, DayRanges, DayRanges, DayRanges, DayRanges, DayRanges]

    @property
    def week_minutes(self) -> int:
        """The working minutes of a whole week."""
        return sum(span.end - span.start for spans in self.days for span in spans)

    @property
    def day_minutes(self) -> float:
        """The working minutes of a mean working day; 0 where there is no working day."""
        working = sum(bool(spans) for spans in self.days)
        return self.week_minutes / working if working else 0.0


def _minute(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def _week(monday_to_thursday: DayRanges, friday: DayRanges) -> WorkingHours:
    return WorkingHours((*(monday_to_thursday,) * 4, friday, (), ()))


NORMAL_HOURS = _week(
    (TimeRange.at("07:30", "12:00"), TimeRange.at("13:00", "16:00")),
    (TimeRange.at("07:30", "11:30"), TimeRange.at("13:00", "16:30")),
)
"""450 minutes a day, five days."""

RAMADAN_HOURS = _week(
    (TimeRange.at("08:00", "12:00"), TimeRange.at("12:30", "15:00")),
    (TimeRange.at("08:00", "11:30"), TimeRange.at("12:30", "15:30")),
)
"""390 minutes a day, five days."""


class RamadanPeriod(YamlStruct, frozen=True):
    """The days from ``since`` to ``until``, both included, on which ``hours`` hold."""

    title = "satu masa Ramadan"
    since: Annotated[date, Key("Hari kerja pertama dengan jam kerja Ramadan.", name="from")]
    until: Annotated[date, Key("Hari terakhir dengan jam kerja Ramadan.", name="to")]
    hours: Annotated[
        WorkingHours,
        Key(
            "Jam kerja selama Ramadan; kosong berarti 08:00 sampai 15:00.", name="working_hours", format="working_hours"
        ),
    ] = RAMADAN_HOURS
