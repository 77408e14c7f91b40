"""The timeline of one case: every visit with what it took and what the SOP allows."""

from datetime import datetime

import msgspec
from msgspec import Struct

from sopctl.engine.state import Visit
from sopctl.measure.case_clock import CaseClock, MeasuredCase, join_pelaksana, rounded, rounded_or_none, standard_of
from sopctl.sop.model import Clock
from sopctl.worktime.calendar import Calendar


class VisitAct(Struct, frozen=True, kw_only=True):
    """What one pelaksana did in a visit, with which account, and when it was typed.

    ``pelaksana`` is empty where the case of another SOP did it. ``on_behalf`` is the official who did it on paper,
    where the account only recorded it.
    """

    pelaksana: str
    by: str
    at: datetime
    recorded_at: datetime
    on_behalf: str = ""


class VisitRow(Struct, frozen=True, kw_only=True):
    """One stay at a step; ``round`` counts the stays at the same step from 1.

    ``until`` is None and ``outcome`` empty while it lasts; ``by`` are the accounts that acted, ``acts`` what each did.
    Minutes are working
    minutes, or by the ``clock`` of the row; ``waiting_minutes`` is None where nobody recorded that work began. ``late``
    says whether it ended after ``due``, or has not ended yet and should have.
    """

    step: str
    no: int | str | None
    pelaksana: str
    from_: datetime = msgspec.field(name="from")
    until: datetime | None
    outcome: str
    by: str
    elapsed_minutes: float
    waiting_minutes: float | None
    standard_minutes: float | None
    clock: Clock
    due: datetime | None
    late: bool
    round: int
    acts: tuple[VisitAct, ...]


def timeline(case: MeasuredCase, calendar: Calendar, now: datetime) -> tuple[VisitRow, ...]:
    """The visits of a case in order; the open one up to now."""
    clock = CaseClock(case, calendar, now)
    return tuple(_row(case, visit, clock, calendar, now) for visit in case.state.visits)


def _row(case: MeasuredCase, visit: Visit, clock: CaseClock, calendar: Calendar, now: datetime) -> VisitRow:
    step = case.sop.step(visit.step)
    due = None if visit.is_skipped else clock.due_time(visit, step.waktu)
    return VisitRow(
        step=step.id,
        no=step.no,
        pelaksana=join_pelaksana(step),
        from_=clock.local_time(visit.since),
        until=clock.local_time(visit.until) if visit.until else None,
        outcome=visit.outcome,
        by=", ".join(dict.fromkeys(part.by for part in visit.acted)),
        elapsed_minutes=0 if visit.is_skipped else rounded(clock.minutes(visit.since, visit.until, step.waktu.clock)),
        waiting_minutes=None if visit.is_skipped else rounded_or_none(clock.waiting_minutes(visit)),
        standard_minutes=rounded_or_none(standard_of(step.waktu, calendar, case.state.fields)),
        clock=step.waktu.clock,
        due=clock.local_time(due) if due else None,
        late=due is not None and (visit.until or now) > due,
        round=visit.round,
        acts=tuple(
            VisitAct(
                pelaksana=part.pelaksana,
                by=part.by,
                at=clock.local_time(part.at),
                recorded_at=clock.local_time(part.recorded_at),
                on_behalf=part.on_behalf,
            )
            for part in visit.acted
        ),
    )
