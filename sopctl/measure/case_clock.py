"""The working time of one case, in which its suspensions do not count.

Status, inbox and report all measure with it, so that a step that is late in one is late in all of them.
"""

from bisect import bisect
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from sopctl.engine.case import Case
from sopctl.engine.events import EMPTY, FieldValue
from sopctl.engine.state import Visit
from sopctl.sop.model import Clock, Duration, Step, Waktu
from sopctl.worktime.calendar import Calendar, Pauses, merge_pauses

MINUTE = timedelta(minutes=1)
_DECIMALS = 2
_SHARE_DECIMALS = 4
_WORK = ("detik", "menit", "jam")
"""The units in which a standard is working time."""
HAIR = 1e-5
"""Minutes below which two amounts of working time are not distinguished because of their floating point numbers."""


class CaseClock:
    """The working time of one case up to ``now``."""

    def __init__(self, case: Case, calendar: Calendar, now: datetime) -> None:
        self._case = case
        self._calendar = calendar
        self._now = now
        pauses = [(pause.since, pause.until or max(now, pause.since)) for pause in case.state.pauses]
        self._pauses = list(merge_pauses(pauses))
        self._begins, self._ends = [since for since, _ in self._pauses], [until for _, until in self._pauses]

    @property
    def fields(self) -> Mapping[str, FieldValue]:
        """What the case's fields hold, by which a rate is counted."""
        return self._case.state.fields

    def minutes(self, since: datetime, until: datetime | None, clock: Clock = "working") -> float:
        """The minutes between two moments by this clock, up to now where the second has not come."""
        until = until or self._now
        if not self._pauses:
            return self._calendar.elapsed(since, until, clock) / MINUTE
        return self._calendar.elapsed_without(since, until, self._find_pauses(since, until), clock) / MINUTE

    def suspended_minutes(self, since: datetime, until: datetime | None) -> float | None:
        """The working minutes between two moments in which it stood still; None where it never did."""
        if not self._pauses:
            return None
        until = until or self._now
        pauses = self._find_pauses(since, until)
        if not any(max(since, began) < min(until, ended) for began, ended in pauses):
            return None
        whole = self._calendar.elapsed(since, until)
        return (whole - self._calendar.elapsed_without(since, until, pauses)) / MINUTE

    def due_time(self, visit: Visit, waktu: Waktu) -> datetime | None:
        """When the upper end of a standard has passed; None without one, or while what it is relative to is unknown.

        What is relative to a date ends with a day, and does not wait while the case is suspended.
        """
        if waktu.anchor is not None and waktu.maximum is not None:
            return self._anchored_due(visit, waktu, waktu.maximum)
        maximum = longest_time(waktu, self.fields)
        if maximum is None:
            return None
        return self._calendar.due_without(visit.since, maximum, self._find_pauses(visit.since))

    def find_due_need(self, visit: Visit, waktu: Waktu) -> str:
        """What is not known yet of which the due time hangs: a field's label or a row; empty where nothing is."""
        name = waktu.per or waktu.anchor
        counted = waktu.per is not None and self.fields.get(waktu.per) not in EMPTY
        if name is None or counted or self.due_time(visit, waktu) is not None:
            return ""
        field = self._case.sop.fields.get(name)
        return field.label if field else f"langkah {name}"

    def _anchored_due(self, visit: Visit, waktu: Waktu, time: Duration) -> datetime | None:
        name = waktu.anchor or ""
        field = self._case.sop.fields.get(name)
        if field is not None and field.type == "date":
            day = _read_date(self.fields.get(name))
            return self._calendar.day_due(day, time, -1 if waktu.before else 1) if day else None
        stays = [one for one in self._case.state.visits if one.step == name and not (one.rejected or one.is_cut)]
        if waktu.before:
            ahead = [one.until for one in stays if one.until and one.until >= visit.since]
            return self._calendar.day_due(self._calendar.day(ahead[0]), time, -1) if ahead else None
        end = visit.until
        came = [one for one in stays if end is None or one.since <= visit.since or one.since < end]
        done = came[-1].until if came else None
        if done is None or (end and done > end):
            return None
        return self._calendar.due_without(done, time, self._find_pauses(done))

    def is_within(self, visit: Visit, waktu: Waktu, spent: float, standard: float | None) -> bool | None:
        """Whether a visit ended by its due time, or still may; None where it has none.

        ``spent`` are its minutes and ``standard`` those of ``waktu``, by its clock: for a standard in working time, or
        by the clock, they mostly answer without looking for the due time.
        """
        exact = waktu.maximum is not None and (waktu.maximum.unit in _WORK or waktu.maximum.clock == "calendar")
        if standard is not None and exact and abs(standard - spent) > HAIR:
            return spent < standard
        due = self.due_time(visit, waktu)
        return None if due is None else (visit.until or self._now) <= due

    def _find_pauses(self, since: datetime, until: datetime | None = None) -> Pauses:
        """The pauses that may share time with an interval; without an end those that end later than it begins."""
        first = bisect(self._ends, since)
        return self._pauses[first : bisect(self._begins, until, lo=first) if until else None]

    def waiting_minutes(self, visit: Visit) -> float | None:
        """The minutes until work on the visit began, by the clock of its row; None where nobody said when."""
        if visit.begun is None:
            return None
        return self.minutes(visit.since, visit.begun, self._case.sop.step(visit.step).waktu.clock)

    def local_day(self, moment: datetime) -> date:
        """The day of a moment in the office's time zone."""
        return self._calendar.day(moment)

    def local_time(self, moment: datetime) -> datetime:
        """The same moment in the office's time zone."""
        return moment.astimezone(self._calendar.zone)


def longest_time(waktu: Waktu, fields: Mapping[str, FieldValue]) -> Duration | None:
    """The upper end of a standard that counts from the coming of the case; of a rate as often as its field counts."""
    if waktu.per is None or waktu.maximum is None:
        return None if waktu.anchor else waktu.maximum
    value = fields.get(waktu.per)
    count = len(value) if isinstance(value, list) else 0 if isinstance(value, str) or value is None else value
    return _multiply(waktu.maximum, count) if count > 0 else None


def _multiply(time: Duration, count: float) -> Duration:
    return replace(time, amount=time.amount * count, plus=time.plus and _multiply(time.plus, count))


def _read_date(value: FieldValue | None) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def standard_of(waktu: Waktu, calendar: Calendar, fields: Mapping[str, FieldValue]) -> float | None:
    """The upper end of a standard in minutes by its clock; None for "tanpa standar", or where it is a date."""
    time = longest_time(waktu, fields)
    return calendar.minutes(time) if time else None


def join_pelaksana(step: Step) -> str:
    """The pelaksana of a row, in its order."""
    return ", ".join(step.pelaksana)


def rounded(minutes: float) -> float:
    """Minutes as they are shown: hundredths, which is less than a second."""
    return round(minutes, _DECIMALS)


def rounded_or_none(minutes: float | None) -> float | None:
    """The same, where there may be none."""
    return None if minutes is None else rounded(minutes)


def ratio_of(minutes: float, standard: float | None) -> float | None:
    """How many times its standard something took; None without a standard to compare with."""
    return minutes / standard if standard else None


def rounded_share(part: float | None) -> float | None:
    """A ratio or share as it is shown, to four decimals."""
    return None if part is None else round(part, _SHARE_DECIMALS)
