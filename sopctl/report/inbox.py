"""What waits for whom: one row for each pelaksana whose turn it is in a running case."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from sopctl.engine.state import Visit
from sopctl.report.case import Case, Clock, rounded, rounded_or_none, standard_of
from sopctl.sop.model import Step
from sopctl.worktime.calendar import Calendar


class Waiting(Struct, frozen=True, kw_only=True):
    """A turn that has come.

    ``since`` is when it came: in a row that passes along several pelaksana, when the one before handed on. ``due`` and
    ``standard_minutes`` are the row's, counted from the case's coming to it; both are None without a standard, and then
    nothing is ``late``. ``elapsed_minutes`` counts from ``since``, in working minutes.
    """

    id: str
    sop: str
    subject: str
    step: str
    no: int | str | None
    kegiatan: str
    pelaksana: str
    since: datetime
    due: datetime | None
    late: bool
    elapsed_minutes: float
    standard_minutes: float | None


def inbox(cases: Iterable[Case], calendar: Calendar, now: datetime) -> tuple[Waiting, ...]:
    """All turns, the one that is due first in front; those without a standard come last, the longest waiting first."""
    rows = (row for case in cases if case.state.status == "running" for row in _turns(case, calendar, now))
    return tuple(sorted(rows, key=_urgency))


def _turns(case: Case, calendar: Calendar, now: datetime) -> Iterator[Waiting]:
    clock, visit = Clock(case, calendar, now), case.state.visit
    step = case.sop.step(visit.step)
    due = clock.due(visit.since, step.waktu)
    since = _turn_began(step, visit)
    for pelaksana in case.state.turn:
        yield Waiting(
            id=case.id,
            sop=case.sop.id,
            subject=case.state.subject,
            step=step.id,
            no=step.no,
            kegiatan=step.kegiatan,
            pelaksana=pelaksana,
            since=clock.local(since),
            due=due,
            late=due is not None and now > due,
            elapsed_minutes=rounded(clock.minutes(since, None)),
            standard_minutes=rounded_or_none(standard_of(step.waktu, calendar)),
        )


def _turn_began(step: Step, visit: Visit) -> datetime:
    return visit.since if step.together or not visit.acted else visit.acted[-1].at


def _urgency(row: Waiting) -> tuple[bool, datetime, str, str]:
    return row.due is None, row.due or row.since, row.id, row.pelaksana
