"""The working time of one year as running sums, so that any interval in it costs two look-ups.

All times are wall-clock times of the office, without a zone; work is counted in whole microseconds, as `datetime`
does, so that sums and differences are exact.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import accumulate, cycle, islice

from msgspec import Struct

from sopctl.worktime.hours import DayRanges, RamadanPeriod, WorkingHours

MINUTE = 60_000_000
"""The microseconds of a minute."""


class WorkYear(Struct, frozen=True):
    """One year: the spans of each day, and the work and the working days before each day.

    The two running sums have one entry more than there are days: the last is the year's total.
    """

    first: int
    spans: tuple[DayRanges, ...]
    work: tuple[int, ...]
    days: tuple[int, ...]

    def index(self, day: date) -> int:
        """Which day of the year it is, counted from 0."""
        return day.toordinal() - self.first

    def day(self, index: int) -> date:
        """The date of a day counted from 0."""
        return date.fromordinal(self.first + index)

    def worked(self, moment: datetime) -> int:
        """The microseconds of work from the start of the year to the moment."""
        index = moment.toordinal() - self.first
        done, now = self.work[index], since_midnight(moment)
        for span in self.spans[index]:
            start, end = span.start * MINUTE, span.end * MINUTE
            if now <= end:
                return done + now - start if now > start else done
            done += end - start
        return done


def build_work_year(
    year: int, hours: WorkingHours, ramadan: Iterable[RamadanPeriod], holidays: Mapping[date, str]
) -> WorkYear:
    """The table of a year; holidays of other years are ignored."""
    first = date(year, 1, 1).toordinal()
    length = date(year + 1, 1, 1).toordinal() - first
    spans = _every_day(hours, first, length)
    for period in ramadan:
        begin = max(0, period.since.toordinal() - first)
        end = max(begin, min(length, period.until.toordinal() + 1 - first))
        spans[begin:end] = _every_day(period.hours, first + begin, end - begin)
    for day in holidays:
        if day.year == year:
            spans[day.toordinal() - first] = ()
    work = {day: sum(span.end - span.start for span in day) * MINUTE for day in set(spans)}
    return WorkYear(
        first=first,
        spans=tuple(spans),
        work=tuple(accumulate(map(work.__getitem__, spans), initial=0)),
        days=tuple(accumulate(map(bool, spans), initial=0)),
    )


def _every_day(hours: WorkingHours, first: int, length: int) -> list[DayRanges]:
    """The spans of so many days in a row; the first one is counted as dates count, day 1 being a Monday."""
    weekday = (first - 1) % 7
    return list(islice(cycle(hours.days), weekday, weekday + length))


def find_day_reaching(sums: Sequence[int], target: int) -> int:
    """The day, counted from 0, on which a running sum reaches a target above 0 and up to its total."""
    return bisect_left(sums, target) - 1


def clock_after_work(spans: DayRanges, work: int) -> int:
    """The earliest microsecond since midnight at which so much of the day's work is done; above 0, at most all."""
    for span in spans:
        length = (span.end - span.start) * MINUTE
        if work <= length:
            return span.start * MINUTE + work
        work -= length
    raise ValueError(work)


def since_midnight(moment: datetime) -> int:
    """The microseconds since the midnight before."""
    seconds = (moment.hour * 60 + moment.minute) * 60 + moment.second
    return seconds * 1_000_000 + moment.microsecond


def moment_at(day: date, microseconds: int) -> datetime:
    """The moment that many microseconds after the day's midnight."""
    return datetime.combine(day, time()) + timedelta(microseconds=microseconds)
