"""The office calendar: how much working time lies between two moments, and by when a standard is due.

Pure: the holidays of a year are a fact that is passed in, asked for once a year and only when a year is touched.
Time is counted on the wall clock of the office's zone. Every sum is bounded: whatever lies before `FIRST` or
beyond `LAST`, or needs more than `HORIZON` years (a standard of a million days, an office without working hours), is
clamped to `LAST`, a moment that is never late.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Literal

from sopctl.sop.model import Duration
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
        """A standard in working minutes, for figures.

        `hari` is a mean working day of a normal week, `minggu` five of them; `bulan` is a twelfth of 52 normal weeks,
        whatever holidays and Ramadan take from it.
        """
        amount, unit = duration.amount, duration.unit
        if unit in _SHORT:
            return amount * _SHORT[unit] / MINUTE
        if unit in _DAYS:
            return amount * _DAYS[unit] * self._day_minutes
        return amount * _MONTHS[unit] * _WEEKS_A_MONTH * self._week_minutes

    def elapsed(self, a: datetime, b: datetime) -> timedelta:
        """The working time between two moments; zero where the second is not later."""
        if b <= a:
            return timedelta()
        before, after = self._ends = self._point(a), self._point(b)
        work = after[2]
        for year in range(before[1].year, after[1].year):
            work += self._year(year).work[-1]
        return timedelta(microseconds=max(0, work - before[2]))

    def elapsed_without(self, a: datetime, b: datetime, pauses: Pauses) -> timedelta:
        """The working time between two moments, less that of the pauses within it."""
        worked = self.elapsed(a, b)
        for since, until in pauses:
            worked -= self.elapsed(max(a, since), min(b, until))
        return worked

    def due(self, a: datetime, duration: Duration) -> datetime:
        """When a standard that begins at a moment has passed.

        `menit` and `jam` are working time. `hari` ends at the same time of day so many working days later: within a
        break when the break ends, after closing time at closing time; what begins outside hours begins when they do.
        `bulan` and `tahun` are calendar months, then the next working moment. Parts of a day or month are working time.
        """
        since, amount, unit = self._local(a), duration.amount, duration.unit
        if not amount < _FOREVER:
            return self._aware(LAST)
        if unit in _SHORT:
            return self._aware(self._worked_off(since, round(amount * _SHORT[unit])))
        if unit in _DAYS:
            return self._aware(self._days_later(since, amount * _DAYS[unit]))
        return self._aware(self._months_later(since, amount * _MONTHS[unit]))

    def due_without(self, a: datetime, duration: Duration, pauses: Pauses) -> datetime:
        """When a standard has passed where the pauses do not count: later by their working time."""
        due = self.due(a, duration)
        for since, until in pauses:
            if since >= due:
                break
            paused = self.elapsed(max(a, since), until)
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
        """The working day that comes so many working days after a day."""
        table = self._year(day.year)
        found = self._find(day.year, table.days[table.index(day) + 1] + count, "days")
        return found[0] if found else None

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
        from calendar import monthrange  # noqa: PLC0415 — brings locale, and few standards are in months

        whole = int(months)
        year, month = divmod(since.year * 12 + since.month - 1 + whole, 12)
        if year > LAST.year - 1:
            return LAST
        day = min(since.day, monthrange(year, month + 1)[1])
        moved = self._opening(since.replace(year=year, month=month + 1, day=day))
        left = (months - whole) * _WEEKS_A_MONTH * self._week_minutes
        return self._worked_off(moved, round(left * MINUTE))


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
