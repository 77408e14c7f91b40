"""The timeline of one case: every visit with what it took and what the SOP allows."""

from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from sopctl.engine.case import Case
from sopctl.engine.state import Visit
from sopctl.measure.case_clock import CaseClock, join_pelaksana, rounded, rounded_or_none, standard_of
from sopctl.sop.model import Clock
from sopctl.worktime.calendar import Calendar

_LATE = timedelta(minutes=1)
"""Between what happened and its entry, from where on both times are told."""


def was_typed_later(at: datetime, recorded_at: datetime) -> bool:
    """Whether what happened at one moment was recorded so much later that both are told."""
    return abs(recorded_at - at) >= _LATE


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

    @property
    def awaited(self) -> tuple[str, ...]:
        """The pelaksana of the row who did not act; none where the case of another SOP did the step."""
        acted = {part.pelaksana for part in self.acts}
        return () if "" in acted else tuple(name for name in self.pelaksana.split(", ") if name not in acted)


def timeline(case: Case, calendar: Calendar, now: datetime) -> tuple[VisitRow, ...]:
    """The visits of a case in order; the open one up to now."""
    clock = CaseClock(case, calendar, now)
    return tuple(_row(case, visit, clock, calendar, now) for visit in case.state.visits)


def _row(case: Case, visit: Visit, clock: CaseClock, calendar: Calendar, now: datetime) -> VisitRow:
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
