"""The working time of one case, in which its suspensions do not count.

Status, inbox and report all measure with it, so that a step that is late in one is late in all of them.
"""

from bisect import bisect
from datetime import date, datetime, timedelta

from msgspec import Struct

from sopctl.engine.events import Event
from sopctl.engine.state import State, Visit
from sopctl.sop.model import Sop, Step, Waktu
from sopctl.worktime.calendar import Calendar, Pauses, merge_pauses

_MINUTE = timedelta(minutes=1)
_DECIMALS = 2
_SHARE_DECIMALS = 4
_WORK = ("detik", "menit", "jam")
_HAIR = 1e-5
"""Minutes below which two amounts of working time are not distinguished because of their floating point numbers."""


class MeasuredCase(Struct, frozen=True):
    """A case, the SOP it was started with, where it stands, and its events where late entry is to be counted."""

    id: str
    sop: Sop
    state: State
    events: tuple[Event, ...] = ()


class CaseClock:
    """The working time of one case up to ``now``."""

    def __init__(self, case: MeasuredCase, calendar: Calendar, now: datetime) -> None:
        self._calendar = calendar
        self._now = now
        pauses = [(pause.since, pause.until or max(now, pause.since)) for pause in case.state.pauses]
        self._pauses = list(merge_pauses(pauses))
        self._begins, self._ends = [since for since, _ in self._pauses], [until for _, until in self._pauses]

    def minutes(self, since: datetime, until: datetime | None) -> float:
        """The working minutes between two moments, up to now where the second has not come."""
        until = until or self._now
        if not self._pauses:
            return self._calendar.elapsed(since, until) / _MINUTE
        return self._calendar.elapsed_without(since, until, self._find_pauses(since, until)) / _MINUTE

    def suspended_minutes(self, since: datetime, until: datetime | None) -> float | None:
        """The working minutes between two moments in which it stood still; None where it never did."""
        if not self._pauses:
            return None
        until = until or self._now
        pauses = self._find_pauses(since, until)
        if not any(max(since, began) < min(until, ended) for began, ended in pauses):
            return None
        whole = self._calendar.elapsed(since, until)
        return (whole - self._calendar.elapsed_without(since, until, pauses)) / _MINUTE

    def due_time(self, since: datetime, waktu: Waktu) -> datetime | None:
        """When the upper end of a standard has passed; None without a standard."""
        if waktu.maximum is None or waktu.relative:
            return None
        return self._calendar.due_without(since, waktu.maximum, self._find_pauses(since))

    def is_within(self, visit: Visit, waktu: Waktu, spent: float, standard: float) -> bool:
        """Whether a visit ended by its due time, or still may.

        ``spent`` are its working minutes and ``standard`` those of ``waktu``: for a standard in working time they
        mostly answer without looking for the due time.
        """
        if waktu.maximum is not None and waktu.maximum.unit in _WORK and abs(standard - spent) > _HAIR:
            return spent < standard
        due = self.due_time(visit.since, waktu)
        return due is None or (visit.until or self._now) <= due

    def _find_pauses(self, since: datetime, until: datetime | None = None) -> Pauses:
        """The pauses that may share time with an interval; without an end those that end later than it begins."""
        first = bisect(self._ends, since)
        return self._pauses[first : bisect(self._begins, until, lo=first) if until else None]

    def waiting_minutes(self, visit: Visit) -> float | None:
        """The working minutes until work on the visit began; None where nobody said when."""
        return None if visit.begun is None else self.minutes(visit.since, visit.begun)

    def local_day(self, moment: datetime) -> date:
        """The day of a moment in the office's time zone."""
        return self._calendar.day(moment)

    def local_time(self, moment: datetime) -> datetime:
        """The same moment in the office's time zone."""
        return moment.astimezone(self._calendar.zone)


def standard_of(waktu: Waktu, calendar: Calendar) -> float | None:
    """The upper end of a standard in working minutes; None for "tanpa standar"."""
    return calendar.minutes(waktu.maximum) if waktu.maximum and not waktu.relative else None


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
