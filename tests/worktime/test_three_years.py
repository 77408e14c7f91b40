"""Working time over three whole years, counted minute by minute from the rules and by the calendar's sums.

2025 to 2027 with their holidays, cuti bersama, three Ramadans, a day that the office added and one that it removed.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sopctl.sop.durations import parse_waktu
from sopctl.sop.model import Waktu
from sopctl.worktime.calendar import Calendar
from sopctl.worktime.hours import RAMADAN_HOURS, RamadanPeriod
from sopctl.worktime.national import national_holidays

PONTIANAK = ZoneInfo("Asia/Pontianak")
FIRST, LAST = date(2025, 1, 1), date(2027, 12, 31)
RAMADANS = [
    (date(2025, 3, 1), date(2025, 3, 30)),
    (date(2026, 2, 19), date(2026, 3, 20)),
    (date(2027, 2, 8), date(2027, 3, 9)),
]
ADDED, REMOVED = date(2026, 7, 1), date(2026, 6, 1)


@cache
def holidays_of(year: int) -> Mapping[date, str]:
    days = national_holidays(year) | {ADDED: "Hari jadi"}
    return {day: name for day, name in days.items() if day != REMOVED}


OFFICE = Calendar(
    zone=PONTIANAK,
    ramadan=[RamadanPeriod(since, until, RAMADAN_HOURS) for since, until in RAMADANS],
    holidays_of=holidays_of,
)


def worked_on(day: date) -> Iterator[int]:
    """The minutes of a day, counted from its midnight, in which the office works."""
    if day.weekday() >= 5 or day in holidays_of(day.year):
        return
    friday = day.weekday() == 4
    if any(since <= day <= until for since, until in RAMADANS):
        spans = ((480, 690), (750, 930)) if friday else ((480, 720), (750, 900))
    else:
        spans = ((450, 690), (780, 990)) if friday else ((450, 720), (780, 960))
    for start, end in spans:
        yield from range(start, end)


def every_minute() -> list[int]:
    """All minutes worked in the three years, counted from the first midnight."""
    days = (LAST - FIRST).days + 1
    return [number * 1440 + minute for number in range(days) for minute in worked_on(FIRST + timedelta(days=number))]


WORKED = every_minute()
MINUTES = ((LAST - FIRST).days + 1) * 1440


def at(minute: int) -> datetime:
    return datetime(2025, 1, 1, tzinfo=PONTIANAK) + timedelta(minutes=minute)


minutes = st.integers(0, MINUTES - 1)


@given(a=minutes, b=minutes)
@example(a=0, b=MINUTES - 1)
def test_elapsed_is_what_one_counts_minute_by_minute(a: int, b: int) -> None:
    a, b = sorted((a, b))
    assert OFFICE.elapsed(at(a), at(b)) == timedelta(minutes=bisect_left(WORKED, b) - bisect_left(WORKED, a))


@given(minute=minutes)
def test_no_time_passes_outside_hours(minute: int) -> None:
    worked = bisect_left(WORKED, minute) != bisect_left(WORKED, minute + 1)
    assert OFFICE.elapsed(at(minute), at(minute + 1)) == timedelta(minutes=worked)


@given(a=minutes, b=minutes, c=minutes)
def test_elapsed_grows_with_its_end(a: int, b: int, c: int) -> None:
    a, b, c = sorted((a, b, c))
    assert OFFICE.elapsed(at(a), at(b)) <= OFFICE.elapsed(at(a), at(c))
    assert OFFICE.elapsed(at(c), at(a)) == timedelta()


@pytest.mark.parametrize(
    ("waktu", "due"),
    [
        pytest.param("15 menit", "2026-11-24 10:15", id="menit"),
        pytest.param("2 jam", "2026-11-24 12:00", id="jam-full-at-noon-not-after-the-break"),
        pytest.param("2 hari", "2026-11-26 10:00", id="hari"),
        pytest.param("1-2 hari kerja", "2026-11-26 10:00", id="a-range-is-met-below-its-upper-end"),
        pytest.param("30 menit - 3 jam", "2026-11-24 14:00", id="a-range-of-two-units"),
        pytest.param("120 Menit / 3 Hari", "2026-11-27 10:00", id="work-within-days"),
        pytest.param("1 minggu", "2026-12-01 10:00", id="minggu"),
        pytest.param("1 bulan", "2026-12-28 07:30", id="bulan-that-ends-on-cuti-bersama"),
        pytest.param("-", None, id="tanpa-standar"),
        pytest.param("", None, id="empty"),
    ],
)
def test_the_standards_of_the_form_are_due_when_the_office_says(waktu: str, due: str | None) -> None:
    read = parse_waktu(waktu)
    assert isinstance(read, Waktu)
    began = datetime(2026, 11, 24, 10, tzinfo=PONTIANAK)
    found = OFFICE.due(began, read.maximum) if read.maximum else None
    assert found == (datetime.fromisoformat(due).replace(tzinfo=PONTIANAK) if due else None)
