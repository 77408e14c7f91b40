"""Working time against hand-computed tables, and against a count of single minutes."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sopctl.sop.model import Duration, Unit
from sopctl.worktime.calendar import LAST, Calendar, merge_pauses
from sopctl.worktime.hours import NORMAL_HOURS, RAMADAN_HOURS, RamadanPeriod, TimeRange, WorkingHours
from sopctl.worktime.national import national_holidays

PONTIANAK = ZoneInfo("Asia/Pontianak")
RAMADAN_2026 = RamadanPeriod(date(2026, 2, 18), date(2026, 3, 20), RAMADAN_HOURS)
MOVED = {date(2026, 7, 1): "Hari jadi (setempat)"}


def holidays_of(year: int) -> Mapping[date, str]:
    return {day: name for day, name in (national_holidays(year) | MOVED).items() if day != date(2026, 6, 1)}


OFFICE = Calendar(zone=PONTIANAK, ramadan=[RAMADAN_2026], holidays_of=holidays_of)
PLAIN = Calendar(zone=PONTIANAK)
CLOSED = Calendar(zone=PONTIANAK, hours=WorkingHours(((), (), (), (), (), (), ())))


def when(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PONTIANAK)


moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)).map(  # noqa: DTZ001 — the zone follows
    lambda naive: naive.replace(tzinfo=PONTIANAK)
)
short = st.builds(Duration, st.integers(1, 5000).map(float), st.sampled_from(("detik", "menit", "jam")))
durations = st.builds(
    Duration, st.floats(0, 400), st.sampled_from(("detik", "menit", "jam", "hari", "minggu", "bulan", "tahun"))
)


@pytest.mark.parametrize(
    ("began", "ended", "minutes"),
    [
        pytest.param("2026-11-20 15:50", "2026-11-20 16:20", 30, id="friday-runs-to-16.30"),
        pytest.param("2026-11-20 16:00", "2026-11-23 07:40", 40, id="over-a-weekend"),
        pytest.param("2026-11-24 11:50", "2026-11-24 13:10", 20, id="over-the-lunch-break"),
        pytest.param("2026-11-20 11:20", "2026-11-20 13:10", 20, id="over-the-friday-break"),
        pytest.param("2026-11-24 16:00", "2026-11-25 07:30", 0, id="a-night-is-nothing"),
        pytest.param("2026-11-24 10:00", "2026-11-24 09:00", 0, id="backwards-is-nothing"),
        pytest.param("2026-11-23 00:00", "2026-11-29 23:59", 2250, id="a-week-is-37.5-hours"),
        pytest.param("2026-02-23 00:00", "2026-02-28 00:00", 1950, id="a-ramadan-week-is-32.5-hours"),
        # Tuesday 17 March 14:00-15:00 is 60; 18 (cuti bersama) to 24 March off; Wednesday 25 07:30-08:00 is 30.
        pytest.param("2026-03-17 14:00", "2026-03-25 08:00", 90, id="over-lebaran-2026"),
        # Wednesday 23 December 15:30-16:00 is 30; Thursday cuti bersama, Friday Christmas; Monday 28 07:30-07:45.
        pytest.param("2026-12-23 15:30", "2026-12-28 07:45", 45, id="over-christmas-2026"),
        pytest.param("2026-12-31 15:00", "2027-01-04 08:00", 90, id="over-new-year"),
        pytest.param("2026-06-01 08:00", "2026-06-01 09:00", 60, id="a-holiday-that-the-office-removed"),
        pytest.param("2026-07-01 08:00", "2026-07-01 09:00", 0, id="a-holiday-that-the-office-added"),
    ],
)
def test_elapsed_counts_office_hours_only(began: str, ended: str, minutes: int) -> None:
    assert OFFICE.elapsed(when(began), when(ended)) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("began", "amount", "unit", "due"),
    [
        pytest.param("2026-11-24 10:00", 15, "menit", "2026-11-24 10:15", id="minutes"),
        pytest.param("2026-11-24 11:50", 20, "menit", "2026-11-24 13:10", id="minutes-over-the-break"),
        pytest.param("2026-11-24 15:30", 30, "menit", "2026-11-24 16:00", id="until-closing-not-the-next-morning"),
        pytest.param("2026-11-20 16:20", 90, "detik", "2026-11-20 16:21:30", id="seconds"),
        pytest.param("2026-11-20 16:00", 1, "jam", "2026-11-23 08:00", id="an-hour-over-the-weekend"),
        pytest.param("2026-11-21 12:00", 5, "menit", "2026-11-23 07:35", id="begun-on-saturday"),
        pytest.param("2026-11-24 10:00", 0, "menit", "2026-11-24 10:00", id="nothing-to-do"),
        pytest.param("2026-11-24 10:00", 1, "hari", "2026-11-25 10:00", id="a-day"),
        pytest.param("2026-11-20 10:00", 2, "hari", "2026-11-24 10:00", id="days-skip-the-weekend"),
        pytest.param("2026-11-24 18:00", 1, "hari", "2026-11-26 07:30", id="after-hours-counts-from-the-next-opening"),
        pytest.param("2026-11-24 16:00", 1, "hari", "2026-11-25 16:00", id="closing-time-is-within-hours"),
        pytest.param("2026-11-19 11:45", 1, "hari", "2026-11-20 13:00", id="a-day-that-ends-in-the-friday-break"),
        pytest.param("2026-11-20 16:30", 1, "hari", "2026-11-23 16:00", id="a-day-that-would-end-after-closing"),
        pytest.param("2026-11-23 10:00", 1.5, "hari", "2026-11-24 14:45", id="half-a-day-is-225-minutes"),
        pytest.param("2026-11-24 10:00", 0.5, "hari", "2026-11-24 14:45", id="less-than-a-day"),
        pytest.param("2026-03-17 10:00", 2, "hari", "2026-03-26 10:00", id="days-skip-lebaran"),
        pytest.param("2026-02-17 07:30", 1, "hari", "2026-02-19 08:00", id="days-into-ramadan-open-later"),
        pytest.param("2026-11-24 10:00", 1, "minggu", "2026-12-01 10:00", id="a-week-is-five-working-days"),
        pytest.param("2026-11-24 10:00", 1, "bulan", "2026-12-28 07:30", id="a-month-that-ends-on-cuti-bersama"),
        pytest.param("2026-11-23 16:00", 1, "bulan", "2026-12-23 16:00", id="a-month-until-closing-time"),
        pytest.param("2026-10-31 09:00", 1, "bulan", "2026-11-30 09:00", id="a-month-to-a-shorter-one"),
        # Half of 52/12 weeks of 2250 minutes are 4875: 420 on that Tuesday, nine days of 450, and 405 on the 15th.
        pytest.param("2026-09-01 08:00", 0.5, "bulan", "2026-09-15 15:15", id="half-a-month-is-4875-minutes"),
        pytest.param("2026-09-01 08:00", 1.5, "bulan", "2026-10-15 15:15", id="a-month-and-a-half"),
        pytest.param("2026-11-24 10:00", 1, "tahun", "2027-11-24 10:00", id="a-year"),
        pytest.param("2026-12-23 15:00", 2, "jam", "2026-12-28 08:30", id="hours-over-christmas"),
    ],
)
def test_due_is_when_the_standard_has_passed(began: str, amount: float, unit: Unit, due: str) -> None:
    assert OFFICE.due(when(began), Duration(amount, unit)) == when(due)


@pytest.mark.parametrize(
    ("amount", "unit", "minutes"),
    [
        pytest.param(90, "detik", 1.5, id="seconds"),
        pytest.param(15, "menit", 15, id="minutes"),
        pytest.param(2, "jam", 120, id="hours"),
        pytest.param(2, "hari", 900, id="days"),
        pytest.param(1, "minggu", 2250, id="weeks"),
        pytest.param(1, "bulan", 9750, id="months"),
        pytest.param(1, "tahun", 117_000, id="years"),
    ],
)
def test_a_standard_in_working_minutes(amount: float, unit: Unit, minutes: float) -> None:
    assert PLAIN.minutes(Duration(amount, unit)) == pytest.approx(minutes)


def test_sums_and_times_by_the_clock_in_minutes() -> None:
    assert PLAIN.minutes(Duration(2, "bulan", plus=Duration(1, "minggu"))) == 2 * 9750 + 2250
    assert PLAIN.minutes(Duration(2, "hari", "calendar")) == 2880
    assert PLAIN.minutes(Duration(1, "minggu", "calendar")) == 7 * 1440
    most = {1: 450, 5: 2250, 6: 2250, 7: 2250, 8: 2700, 14: 4500}
    assert {days: PLAIN.working_minutes(Duration(days, "hari", "calendar")) for days in most} == most


@pytest.mark.parametrize(
    ("day", "duration", "direction", "due"),
    [
        pytest.param("2026-12-18", Duration(3, "hari"), -1, "2026-12-15 16:00", id="before"),
        pytest.param("2026-12-19", Duration(1, "hari"), -1, "2026-12-18 16:30", id="before-a-saturday"),
        pytest.param("2026-12-28", Duration(1, "hari"), -1, "2026-12-23 16:00", id="before-over-christmas"),
        pytest.param("2027-01-04", Duration(2, "hari"), -1, "2026-12-30 16:00", id="before-over-new-year"),
        pytest.param("2026-12-18", Duration(5, "hari", "calendar"), -1, "2026-12-13 23:59", id="before-by-the-clock"),
        pytest.param("2026-12-31", Duration(1, "bulan"), -1, "2026-11-30 16:00", id="a-month-before"),
        pytest.param("2026-12-18", Duration(0.5, "hari"), -1, "2026-12-17 16:00", id="half-a-day-is-a-day"),
        pytest.param("2026-12-19", Duration(1, "hari"), 1, "2026-12-21 16:00", id="after-a-saturday"),
        pytest.param("2026-12-31", Duration(1, "hari"), 1, "2027-01-04 16:00", id="after-over-new-year"),
        pytest.param(
            "2026-12-18", Duration(1, "bulan", plus=Duration(2, "hari")), 1, "2027-01-20 16:00", id="a-sum-after"
        ),
    ],
)
def test_a_deadline_that_counts_from_a_day_ends_with_a_day(
    day: str, duration: Duration, direction: Literal[-1, 1], due: str
) -> None:
    assert OFFICE.day_due(date.fromisoformat(day), duration, direction) == when(due)


@given(st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.integers(1, 300))
def test_so_many_working_days_before_a_day_lie_between(day: date, days: int) -> None:
    found = OFFICE.day_due(day, Duration(days, "hari"), -1).date()
    between = (found + timedelta(count) for count in range((day - found).days))
    assert sum(map(OFFICE.is_working_day, between)) == days
    assert OFFICE.is_working_day(found)


@given(moments, st.floats(0, 400), st.sampled_from(("menit", "jam", "hari", "minggu")))
def test_times_by_the_clock_elapse_exactly_until_due(began: datetime, amount: float, unit: Unit) -> None:
    due = OFFICE.due(began, Duration(amount, unit, "calendar"))
    minutes = OFFICE.minutes(Duration(amount, unit, "calendar"))
    assert OFFICE.elapsed(began, due, "calendar") / timedelta(minutes=1) == pytest.approx(minutes, abs=1e-6)


def test_days_are_named_and_told_apart() -> None:
    assert OFFICE.holiday(date(2026, 3, 23)) == "Cuti Bersama Hari Raya Idul Fitri"
    assert OFFICE.holiday(date(2026, 11, 24)) is None
    assert not OFFICE.is_working_day(date(2026, 3, 23))
    assert not OFFICE.is_working_day(date(2026, 11, 21))
    assert OFFICE.is_working_day(date(2026, 11, 24))


@pytest.mark.parametrize(
    ("day", "minutes"),
    [
        pytest.param("2026-11-22", 450, id="the-day-before"),
        pytest.param("2026-11-23", 390, id="the-first"),
        pytest.param("2026-11-24", 390, id="the-last"),
        pytest.param("2026-11-25", 450, id="the-day-after"),
    ],
)
def test_both_ends_of_ramadan_have_its_hours(day: str, minutes: int) -> None:
    every_day = WorkingHours((NORMAL_HOURS.days[0],) * 7)
    fasting = RamadanPeriod(date(2026, 11, 23), date(2026, 11, 24), WorkingHours((RAMADAN_HOURS.days[0],) * 7))
    calendar = Calendar(zone=PONTIANAK, hours=every_day, ramadan=[fasting])
    assert calendar.elapsed(when(f"{day} 00:00"), when(f"{day} 23:59")) == timedelta(minutes=minutes)


def test_a_moment_of_another_zone_is_the_same_moment() -> None:
    began = when("2026-11-24 10:00")
    assert OFFICE.due(began.astimezone(UTC), Duration(15, "menit")) == when("2026-11-24 10:15")
    assert OFFICE.elapsed(began.astimezone(UTC), when("2026-11-24 10:15")) == timedelta(minutes=15)


def test_a_year_is_asked_for_once_and_only_when_it_is_touched() -> None:
    asked: list[int] = []

    def ask(year: int) -> Mapping[date, str]:
        asked.append(year)
        return {}

    calendar = Calendar(zone=PONTIANAK, holidays_of=ask)
    for _ in range(2):
        calendar.elapsed(when("2026-12-31 10:00"), when("2027-01-04 10:00"))
        calendar.holiday(date(2026, 1, 1))
    assert asked == [2026, 2027]


@pytest.mark.parametrize(
    ("pauses", "minutes"),
    [
        pytest.param([("24 10:30", "24 11:00")], 90, id="one"),
        pytest.param([("24 10:30", "24 11:00"), ("24 10:45", "24 11:15")], 75, id="overlapping"),
        pytest.param([("24 10:45", "24 11:15"), ("24 10:00", "24 10:30")], 60, id="unsorted"),
        pytest.param([("24 10:15", "24 11:15"), ("24 10:30", "24 10:45"), ("24 11:00", "24 11:30")], 45, id="nested"),
        pytest.param([("24 08:00", "24 10:15")], 105, id="from-before"),
        pytest.param([("24 11:45", "30 12:00")], 105, id="until-after"),
        pytest.param([("25 08:00", "25 09:00")], 120, id="elsewhere"),
        pytest.param([], 120, id="none"),
    ],
)
def test_paused_time_does_not_count(pauses: list[tuple[str, str]], minutes: int) -> None:
    stretches = [(when(f"2026-11-{since}"), when(f"2026-11-{until}")) for since, until in pauses]
    elapsed = OFFICE.elapsed_without(when("2026-11-24 10:00"), when("2026-11-24 12:00"), merge_pauses(stretches))
    assert elapsed == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("amount", "unit", "pauses", "due"),
    [
        pytest.param(1, "jam", [("24 10:30", "25 10:30")], "25 11:00", id="an-hour-over-a-day"),
        pytest.param(1, "hari", [("24 11:00", "24 12:00")], "25 11:00", id="a-day-an-hour-later"),
        pytest.param(1, "jam", [("24 11:00", "24 12:00")], "24 11:00", id="already-past"),
        pytest.param(
            1,
            "jam",
            [("24 10:50", "24 11:10"), ("24 11:15", "24 11:30")],
            "24 11:35",
            id="a-second-pause-that-only-the-first-brings-near",
        ),
    ],
)
def test_a_pause_moves_what_is_due(amount: float, unit: Unit, pauses: list[tuple[str, str]], due: str) -> None:
    stretches = [(when(f"2026-11-{since}"), when(f"2026-11-{until}")) for since, until in pauses]
    moved = OFFICE.due_without(when("2026-11-24 10:00"), Duration(amount, unit), merge_pauses(stretches))
    assert moved == when(f"2026-11-{due}")


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda: CLOSED.due(when("2026-11-24 10:00"), Duration(1, "menit")), id="no-hours-minutes"),
        pytest.param(lambda: CLOSED.due(when("2026-11-24 10:00"), Duration(1, "hari")), id="no-hours-days"),
        pytest.param(lambda: CLOSED.due(when("2026-11-24 10:00"), Duration(1, "bulan")), id="no-hours-months"),
        pytest.param(lambda: PLAIN.due(when("2026-11-24 10:00"), Duration(1e6, "hari")), id="a-million-days"),
        pytest.param(lambda: PLAIN.due(when("2026-11-24 10:00"), Duration(1e6, "tahun")), id="a-million-years"),
        pytest.param(lambda: PLAIN.due(when("2026-11-24 10:00"), Duration(1e300, "menit")), id="beyond-all-numbers"),
        pytest.param(lambda: CLOSED.day_due(date(2026, 11, 24), Duration(1, "hari"), -1), id="no-hours-before-a-day"),
        pytest.param(lambda: PLAIN.day_due(date.max, Duration(1, "tahun"), 1), id="a-day-at-the-end-of-time"),
        pytest.param(lambda: PLAIN.due(when("2026-11-24 10:00"), Duration(9e8, "hari", "calendar")), id="by-the-clock"),
        pytest.param(lambda: PLAIN.due(datetime.max.replace(tzinfo=UTC), Duration(1, "hari")), id="at-the-end-of-time"),
    ],
)
def test_what_never_ends_is_never_late(call: Callable[[], datetime]) -> None:
    assert call() == LAST.replace(tzinfo=PONTIANAK)


def test_the_ends_of_time_are_clamped() -> None:
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    assert PLAIN.elapsed(first, last) > timedelta(days=365 * 1000)
    assert PLAIN.due(first, Duration(1, "menit")).year == 2
    assert not PLAIN.is_working_day(date.max)
    assert CLOSED.minutes(Duration(1, "hari")) == 0


def working_minutes(day: date) -> Iterator[datetime]:
    """Each minute of a day that is worked, straight from the rules: the reference that sums are checked against."""
    if day.weekday() >= 5 or day in holidays_of(day.year):
        return
    ramadan, friday = RAMADAN_2026.since <= day <= RAMADAN_2026.until, day.weekday() == 4
    opens, closes = ("08:00", "15:30" if friday else "15:00") if ramadan else ("07:30", "16:30" if friday else "16:00")
    lunch = ("11:30" if friday else "12:00", "12:30" if ramadan else "13:00")
    minute = datetime.fromisoformat(f"{day} 00:00")
    for _ in range(24 * 60):
        text = minute.strftime("%H:%M")
        if opens <= text < closes and not lunch[0] <= text < lunch[1]:
            yield minute.replace(tzinfo=PONTIANAK)
        minute += timedelta(minutes=1)


@settings(max_examples=60)
@given(began=moments, length=st.integers(0, 20 * 24 * 60))
def test_elapsed_equals_a_count_of_single_minutes(began: datetime, length: int) -> None:
    began = began.replace(second=0, microsecond=0)
    ended = began + timedelta(minutes=length)
    days = (ended.date() - began.date()).days + 1
    minutes = (minute for n in range(days) for minute in working_minutes(began.date() + timedelta(days=n)))
    assert OFFICE.elapsed(began, ended) == timedelta(minutes=sum(began <= minute < ended for minute in minutes))


@given(three=st.tuples(moments, moments, moments))
def test_elapsed_adds_up(three: tuple[datetime, datetime, datetime]) -> None:
    a, b, c = sorted(three)
    assert OFFICE.elapsed(a, b) + OFFICE.elapsed(b, c) == OFFICE.elapsed(a, c)


@given(began=moments, duration=short)
def test_minutes_and_hours_elapse_exactly_until_due(began: datetime, duration: Duration) -> None:
    assert OFFICE.elapsed(began, OFFICE.due(began, duration)) == timedelta(minutes=OFFICE.minutes(duration))


@given(began=moments, duration=durations)
def test_due_is_never_before_it_began(began: datetime, duration: Duration) -> None:
    assert OFFICE.due(began, duration) >= began


@given(began=moments, later=st.timedeltas(timedelta(), timedelta(days=9)), duration=durations)
def test_what_begins_later_is_not_due_earlier(began: datetime, later: timedelta, duration: Duration) -> None:
    assert OFFICE.due(began, duration) <= OFFICE.due(began + later, duration)


@given(
    began=moments,
    duration=short,
    pauses=st.lists(st.tuples(st.integers(0, 9000), st.integers(0, 5000)), max_size=4),
)
def test_a_due_date_moved_by_pauses_leaves_the_standard_exactly(
    began: datetime, duration: Duration, pauses: list[tuple[int, int]]
) -> None:
    stretches = list(
        merge_pauses(
            (began + timedelta(minutes=start), began + timedelta(minutes=start + length)) for start, length in pauses
        )
    )
    due = OFFICE.due_without(began, duration, stretches)
    assert OFFICE.elapsed_without(began, due, stretches) == timedelta(minutes=OFFICE.minutes(duration))


def test_hours_until_midnight_end_the_day() -> None:
    night = Calendar(zone=PONTIANAK, hours=WorkingHours(((TimeRange.at("00:00", "24:00"),),) * 7))
    assert night.elapsed(when("2026-11-24 22:00"), when("2026-11-25 02:00")) == timedelta(hours=4)
    assert night.due(when("2026-11-24 22:00"), Duration(1, "hari")) == when("2026-11-25 22:00")
