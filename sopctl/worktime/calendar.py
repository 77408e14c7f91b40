"""The office calendar: how much working time lies between two moments, and by when a standard is due.

Pure: the holidays of a year are a fact that is passed in, asked for once a year and only when a year is touched.
Time is counted on the wall clock of the office's zone. Every sum is bounded: whatever lies before `FIRST` or
beyond `LAST`, or needs more than `HORIZON` years (a standard of a million days, an office without working hours), is
clamped to `LAST`, a moment that is never late.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from math import ceil
from typing import Literal, TypeVar

from msgspec.structs import replace

from sopctl.sop.model import Clock, Duration
from sopctl.worktime.hours import NORMAL_HOURS, DayRanges, RamadanPeriod, WorkingHours
from sopctl.worktime.work_year import (
    MINUTE,
    WorkYear,
    build_work_year,
    clock_after_work,
    find_day_reaching,
    moment_at,
    since_midnight,
)

FIRST = datetime(2, 1, 1)  # noqa: DTZ001 — a wall-clock time; the calendar's zone is added on the way out
"""The earliest wall-clock time; anything before it is taken for it."""

LAST = datetime(9998, 12, 31)  # noqa: DTZ001 — as above
"""The latest wall-clock time; anything after it is taken for it."""

HORIZON = 100
"""How many years ahead a due date is looked for."""

Pauses = Iterable[tuple[datetime, datetime]]
"""Intervals that do not count, as start and end, in order and apart: see `merge_pauses`."""

_WorkedUntil = tuple[datetime | None, datetime, int]
"""A moment, the same on the office's wall clock, and the microseconds of work from the start of its year."""

_SHORT = {"detik": MINUTE // 60, "menit": MINUTE, "jam": 60 * MINUTE}
_DAYS = {"hari": 1, "minggu": 5}
_MONTHS = {"bulan": 1, "tahun": 12}
_WEEKS_A_MONTH = 52 / 12
_DAY_MICROSECONDS = 24 * 60 * MINUTE
_BY_CLOCK = {**_SHORT, "hari": _DAY_MICROSECONDS, "minggu": 7 * _DAY_MICROSECONDS}
"""The units that may run by the clock, in microseconds."""
_FOREVER = 1e9


class Calendar:
    """Working time of one office; every moment that goes in has a time zone, and so has every one that comes out."""

    def __init__(
        self,
        *,
        hours: WorkingHours = NORMAL_HOURS,
        ramadan: Iterable[RamadanPeriod] = (),
        zone: tzinfo = UTC,
        holidays_of: Callable[[int], Mapping[date, str]] = lambda _: {},
    ) -> None:
        self.zone = zone
        self._hours = hours
        self._day_minutes = hours.day_minutes
        self._week_minutes = hours.week_minutes
        self._ramadan = tuple(ramadan)
        self._holidays_of = holidays_of
        self._holidays: dict[int, Mapping[date, str]] = {}
        self._years: dict[int, WorkYear] = {}
        # the two ends of the latest interval: the next one mostly has one of them in common with it
        self._ends: tuple[_WorkedUntil, _WorkedUntil] = (None, FIRST, 0), (None, FIRST, 0)

    def holiday(self, day: date) -> str | None:
        """The name of the holiday on that day, None where there is none."""
        return self._holidays_in(day.year).get(day)

    def is_working_day(self, day: date) -> bool:
        """Whether the office works at all on that day."""
        return bool(self._spans(day))

    def minutes(self, duration: Duration) -> float:
        """A standard in minutes, for figures: of the clock by which it runs, or in working minutes.

        `hari` is a mean working day of a normal week, `minggu` five of them; `bulan` is a twelfth of 52 normal weeks,
        whatever holidays and Ramadan take from it.
        """
        if duration.plus is not None:
            return self.minutes(replace(duration, plus=None)) + self.minutes(duration.plus)
        amount, unit = duration.amount, duration.unit
        if duration.clock == "calendar":
            return amount * _BY_CLOCK[unit] / MINUTE
        if unit in _SHORT:
            return amount * _SHORT[unit] / MINUTE
        if unit in _DAYS:
            return amount * _DAYS[unit] * self._day_minutes
        return amount * _MONTHS[unit] * _WEEKS_A_MONTH * self._week_minutes

    def working_minutes(self, duration: Duration) -> float:
        """A standard in working minutes; of one that runs by the clock the most that so many days can hold."""
        if duration.clock == "working":
            return self.minutes(duration)
        weeks, days = divmod(self.minutes(duration) * MINUTE / _DAY_MICROSECONDS, 7)
        return min(weeks * self._week_minutes + days * self._day_minutes, (weeks + 1) * self._week_minutes)

    def elapsed(self, a: datetime, b: datetime, clock: Clock = "working") -> timedelta:
        """The time between two moments, working time unless by the clock; zero where the second is not later."""
        if b <= a:
            return timedelta()
        if clock == "calendar":
            return b.astimezone(UTC) - a.astimezone(UTC)
        before, after = self._ends = self._point(a), self._point(b)
        work = after[2]
        for year in range(before[1].year, after[1].year):
            work += self._year(year).work[-1]
        return timedelta(microseconds=max(0, work - before[2]))

    def elapsed_without(self, a: datetime, b: datetime, pauses: Pauses, clock: Clock = "working") -> timedelta:
        """The time between two moments, less that of the pauses within it."""
        worked = self.elapsed(a, b, clock)
        for since, until in pauses:
            worked -= self.elapsed(max(a, since), min(b, until), clock)
        return worked

    def due(self, a: datetime, duration: Duration) -> datetime:
        """When a standard that begins at a moment has passed.

        `menit` and `jam` are working time. `hari` ends at the same time of day so many working days later: within a
        break when the break ends, after closing time at closing time; what begins outside hours begins when they do.
        `bulan` and `tahun` are calendar months, then the next working moment. Parts of a day or month are working time.
        What runs by the clock ends so much later, whatever day that is.
        """
        due = self._aware(self._later(self._local(a), duration))
        return due if duration.plus is None else self.due(due, duration.plus)

    def _later(self, since: datetime, duration: Duration) -> datetime:
        """The moment so much later, without what comes on top."""
        amount, unit = duration.amount, duration.unit
        if not amount < _FOREVER:
            return LAST
        if duration.clock == "calendar":
            return self._clock_later(since, timedelta(microseconds=round(amount * _BY_CLOCK[unit])))
        if unit in _SHORT:
            return self._worked_off(since, round(amount * _SHORT[unit]))
        if unit in _DAYS:
            return self._days_later(since, amount * _DAYS[unit])
        return self._months_later(since, amount * _MONTHS[unit])

    def _clock_later(self, since: datetime, time: timedelta) -> datetime:
        return self._local(self._aware(since).astimezone(UTC) + time) if time < LAST - since else LAST

    def day_due(self, day: date, duration: Duration, direction: Literal[-1, 1]) -> datetime:
        """The end of the day that lies so many whole days, weeks or months before (-1) or after (1) a day.

        It ends at closing time, and on a day without work with the clock. `hari` are working days, those by the clock
        days of the calendar; a month ends on the same date, or on the last of a shorter one.
        """
        day, count = _clamped_day(day.toordinal()), direction * ceil(duration.amount)
        if duration.clock == "calendar":
            found = _clamped_day(day.toordinal() + count * (7 if duration.unit == "minggu" else 1))
        elif duration.unit in _MONTHS:
            found = _add_months(day, count * _MONTHS[duration.unit]) or LAST.date()
        else:
            found = self._working_day(day, count * _DAYS.get(duration.unit, 0)) or LAST.date()
        if duration.plus is not None:
            return self.day_due(found, duration.plus, direction)
        if found >= LAST.date():
            return self._aware(LAST)
        ends = [span.end * MINUTE for span in self._spans(found)[-1:]]
        return self._aware(moment_at(found, *(ends or [_DAY_MICROSECONDS - MINUTE])))

    def due_without(self, a: datetime, duration: Duration, pauses: Pauses) -> datetime:
        """When a standard has passed where the pauses do not count: later by their time, by the standard's clock."""
        due = self.due(a, duration)
        for since, until in pauses:
            if since >= due:
                break
            paused = self.elapsed(max(a, since), until, duration.clock)
            if duration.clock == "calendar":
                due = self._aware(self._clock_later(self._local(due), paused))
            else:
                due = self._aware(self._worked_off(self._local(due), paused // timedelta(microseconds=1)))
        return due

    def day(self, moment: datetime) -> date:
        """The day of a moment on the office's wall clock, clamped."""
        return self._point(moment)[1].date()

    def _point(self, moment: datetime) -> _WorkedUntil:
        for end in self._ends:
            if moment is end[0]:
                return end
        near = FIRST.year < moment.year < LAST.year
        local = moment.astimezone(self.zone) if near else self._local(moment)
        table = self._years.get(local.year) or self._year(local.year)
        return moment, local, table.worked(local)

    def _local(self, moment: datetime) -> datetime:
        """The wall-clock time of a moment, clamped."""
        if FIRST.year < moment.year < LAST.year:  # anywhere else the change of zone could leave what dates can say
            return moment.astimezone(self.zone).replace(tzinfo=None)
        return min(max(moment.replace(tzinfo=None), FIRST), LAST)

    def _aware(self, local: datetime) -> datetime:
        return local.replace(tzinfo=self.zone)

    def _holidays_in(self, year: int) -> Mapping[date, str]:
        if year not in self._holidays:
            self._holidays[year] = self._holidays_of(year)
        return self._holidays[year]

    def _year(self, year: int) -> WorkYear:
        if year not in self._years:
            self._years[year] = build_work_year(year, self._hours, self._ramadan, self._holidays_in(year))
        return self._years[year]

    def _spans(self, day: date) -> DayRanges:
        year = self._year(min(max(day.year, FIRST.year), LAST.year))
        index = year.index(day)
        return year.spans[index] if 0 <= index < len(year.spans) else ()

    def _find(self, year: int, target: int, sums: Literal["work", "days"]) -> tuple[date, int] | None:
        """The day on which a sum that runs from the start of the year reaches the target, and what is left for it."""
        for number in range(year, min(year + HORIZON, LAST.year) + 1):
            table = self._year(number)
            running = table.work if sums == "work" else table.days
            if target <= running[-1]:
                index = find_day_reaching(running, target)
                return table.day(index), target - running[index]
            target -= running[-1]
        return None

    def _worked_off(self, since: datetime, work: int) -> datetime:
        """The earliest moment at which so many microseconds were worked; the given one where there are none."""
        if work <= 0:
            return since
        found = self._find(since.year, self._year(since.year).worked(since) + work, "work")
        if found is None:
            return LAST
        day, left = found
        return moment_at(day, clock_after_work(self._spans(day), left))

    def _working_day(self, day: date, count: int) -> date | None:
        """The working day that comes so many working days after a day, or before it where there are less than none."""
        table = self._year(day.year)
        if count <= 0:
            return self._working_day_before(day, -count) if count else day
        found = self._find(day.year, table.days[table.index(day) + 1] + count, "days")
        return found[0] if found else None

    def _working_day_before(self, day: date, count: int) -> date | None:
        number = day.year
        left = self._year(number).days[self._year(number).index(day)] - count
        while left < 0:
            number -= 1
            if number < max(FIRST.year, day.year - HORIZON):
                return None
            left += self._year(number).days[-1]
        table = self._year(number)
        return table.day(find_day_reaching(table.days, left + 1))

    def _opening(self, moment: datetime) -> datetime:
        """The moment itself within hours, their last moment included, else the next at which work begins."""
        now = since_midnight(moment)
        for span in self._spans(moment.date()):
            if now <= span.end * MINUTE:
                return max(moment, moment_at(moment.date(), span.start * MINUTE))
        day = self._working_day(moment.date(), 1)
        return moment_at(day, self._spans(day)[0].start * MINUTE) if day else LAST

    def _days_later(self, since: datetime, days: float) -> datetime:
        whole = int(days)
        start = self._opening(since)
        day = self._working_day(start.date(), whole) if whole > 0 else start.date()
        if start >= LAST or day is None:
            return LAST
        same_time = self._opening(moment_at(day, since_midnight(start)))
        closing = moment_at(day, self._spans(day)[-1].end * MINUTE)
        return self._worked_off(min(same_time, closing), round((days - whole) * self._day_minutes * MINUTE))

    def _months_later(self, since: datetime, months: float) -> datetime:
        whole = int(months)
        moved = _add_months(since, whole)
        if moved is None:
            return LAST
        left = (months - whole) * _WEEKS_A_MONTH * self._week_minutes
        return self._worked_off(self._opening(moved), round(left * MINUTE))


_Day = TypeVar("_Day", date, datetime)


def _add_months(since: _Day, months: int) -> _Day | None:
    """The same day so many months later, or the last of a shorter month; None beyond what the calendar knows."""
    from calendar import monthrange  # noqa: PLC0415 — brings locale, and few standards are in months

    year, month = divmod(since.year * 12 + since.month - 1 + months, 12)
    if not FIRST.year <= year < LAST.year:
        return None
    return since.replace(year=year, month=month + 1, day=min(since.day, monthrange(year, month + 1)[1]))


def _clamped_day(ordinal: int) -> date:
    return date.fromordinal(min(max(ordinal, FIRST.toordinal()), LAST.toordinal()))


def merge_pauses(pauses: Pauses) -> Iterator[tuple[datetime, datetime]]:
    """The same intervals, whatever their order, in order, those that touch each other merged."""
    open_: tuple[datetime, datetime] | None = None
    for since, until in sorted(pauses):
        if open_ is None:
            open_ = since, until
        elif since <= open_[1]:
            open_ = open_[0], max(open_[1], until)
        else:
            yield open_
            open_ = since, until
    if open_ is not None:
        yield open_
