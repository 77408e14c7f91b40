"""What waits for whom: one row for each pelaksana whose turn it is in a running case."""

from collections.abc import Iterable
from datetime import datetime

from sopctl.measure.case_clock import MINUTE, rounded, rounded_or_none
from sopctl.measure.tally import MeasuredTurn, Turn
from sopctl.sop.model import Clock
from sopctl.worktime.calendar import Calendar


class WaitingTurn(Turn, frozen=True, kw_only=True):
    """A turn as it stands now.

    ``elapsed_minutes`` counts from ``since``; all minutes are working minutes, or by the ``clock`` of the row.
    ``left_minutes`` are those until ``due``, below zero once it has passed; both are None without a standard, and then
    nothing is ``late``. ``due_need`` is what ``due`` hangs on and is not known yet: a field's label or a row.
    """

    late: bool
    elapsed_minutes: float
    standard_minutes: float | None
    clock: Clock
    due_need: str = ""
    left_minutes: float | None


def list_turns(turns: Iterable[MeasuredTurn], calendar: Calendar, now: datetime) -> tuple[WaitingTurn, ...]:
    """All turns, the one that is due first in front; those without a standard come last, the longest waiting first."""
    return tuple(_waiting(turn, calendar, now) for turn in sorted(turns, key=_urgency))


def _waiting(turn: MeasuredTurn, calendar: Calendar, now: datetime) -> WaitingTurn:
    head = {name: getattr(turn, name) for name in Turn.__struct_fields__}
    head["since"] = turn.since.astimezone(calendar.zone)
    head["due"] = turn.due.astimezone(calendar.zone) if turn.due else None
    return WaitingTurn(
        **head,
        late=turn.due is not None and now > turn.due,
        elapsed_minutes=rounded(turn.spent + calendar.elapsed(turn.last, now, turn.clock) / MINUTE),
        standard_minutes=rounded_or_none(turn.standard),
        clock=turn.clock,
        due_need=turn.due_need,
        left_minutes=rounded(_left(turn.due, calendar, now, turn.clock)) if turn.due else None,
    )


def _left(due: datetime, calendar: Calendar, now: datetime, clock: Clock) -> float:
    minutes = calendar.elapsed(min(now, due), max(now, due), clock) / MINUTE
    return -minutes if now > due else minutes


def _urgency(turn: MeasuredTurn) -> tuple[bool, datetime, str, str]:
    return turn.due is None, turn.due or turn.since, turn.id, turn.pelaksana
