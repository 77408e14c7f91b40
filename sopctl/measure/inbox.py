"""What waits for whom: one row for each pelaksana whose turn it is in a running case."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from sopctl.measure.case_clock import rounded, rounded_or_none
from sopctl.measure.tally import Turn
from sopctl.worktime.calendar import Calendar

_MINUTE = timedelta(minutes=1)


class WaitingTurn(Struct, frozen=True, kw_only=True):
    """A turn that has come; see `tally.Turn` for what it says of itself.

    ``elapsed_minutes`` counts from ``since``, in working minutes. ``left_minutes`` are the working minutes until
    ``due``, below zero once it has passed; both are None without a standard, and then nothing is ``late``.
    """

    id: str
    sop: str
    subject: str
    step: str
    no: int | str | None
    kegiatan: str
    pelaksana: str
    jabatan: str
    since: datetime
    due: datetime | None
    late: bool
    elapsed_minutes: float
    standard_minutes: float | None
    left_minutes: float | None


def list_turns(turns: Iterable[Turn], calendar: Calendar, now: datetime) -> tuple[WaitingTurn, ...]:
    """All turns, the one that is due first in front; those without a standard come last, the longest waiting first."""
    return tuple(_waiting(turn, calendar, now) for turn in sorted(turns, key=_urgency))


def _waiting(turn: Turn, calendar: Calendar, now: datetime) -> WaitingTurn:
    zone = calendar.zone
    return WaitingTurn(
        id=turn.id,
        sop=turn.sop,
        subject=turn.subject,
        step=turn.step,
        no=turn.no,
        kegiatan=turn.kegiatan,
        pelaksana=turn.pelaksana,
        jabatan=turn.jabatan,
        since=turn.since.astimezone(zone),
        due=turn.due.astimezone(zone) if turn.due else None,
        late=turn.due is not None and now > turn.due,
        elapsed_minutes=rounded(turn.spent + calendar.elapsed(turn.last, now) / _MINUTE),
        standard_minutes=rounded_or_none(turn.standard),
        left_minutes=rounded(_left(turn.due, calendar, now)) if turn.due else None,
    )


def _left(due: datetime, calendar: Calendar, now: datetime) -> float:
    if now > due:
        return -calendar.elapsed(due, now) / _MINUTE
    return calendar.elapsed(now, due) / _MINUTE


def _urgency(turn: Turn) -> tuple[bool, datetime, str, str]:
    return turn.due is None, turn.due or turn.since, turn.id, turn.pelaksana
