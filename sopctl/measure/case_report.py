"""The report on one case: where its time went, and how that compares with what the SOP allows."""

from datetime import datetime
from itertools import chain

from msgspec import Struct

from sopctl.engine.case import Case
from sopctl.engine.state import Status
from sopctl.measure.case_clock import MINUTE, CaseClock, ratio_of, rounded, rounded_or_none, rounded_share
from sopctl.measure.happy_path import find_skipped_steps, happy_path_minutes
from sopctl.measure.timeline import VisitRow, timeline
from sopctl.measure.visits import count_typed_later, mark_rework
from sopctl.worktime.calendar import Calendar


class CaseReport(Struct, frozen=True, kw_only=True):
    """The time of one case in working minutes, up to its end or until now.

    ``suspended_minutes`` are those in which its clock stood still; ``elapsed_minutes`` and everything else are without
    them. ``rework`` counts the visits that repeat what was turned down, ``rework_minutes`` is what they took.
    ``waiting_minutes`` and ``working_minutes`` are sums over the visits where somebody recorded that work began.
    ``count_typed_later`` is the share of what sets these times that was typed later than it happened.
    """

    id: str
    sop: str
    subject: str
    status: Status
    started: datetime
    ended: datetime | None
    elapsed_minutes: float
    standard_minutes: float | None
    ratio: float | None
    suspended_minutes: float
    rework: int
    rework_minutes: float
    begun: int
    waiting_minutes: float | None
    working_minutes: float | None
    typed_later: float | None
    visits: tuple[VisitRow, ...]


def report_case(case: Case, calendar: Calendar, now: datetime) -> CaseReport:
    """The figures of one case."""
    state = case.state
    clock = CaseClock(case, calendar, now)
    elapsed = clock.minutes(state.started, state.ended)
    skipped = find_skipped_steps(state.visits)
    standard = happy_path_minutes(case.sop, calendar, state.visits[0].step, state.fields, skipped)
    marked = zip(state.visits, mark_rework(state.visits), strict=True)
    again = [clock.minutes(visit.since, visit.until) for visit, redone in marked if redone]
    begun = [(visit.since, visit.begun, visit.until) for visit in state.visits if visit.begun and not visit.is_skipped]
    parts, rest = count_typed_later(case)
    typed = [rest, *chain.from_iterable(parts)]
    recorded, later = sum(one for one, _ in typed), sum(one for _, one in typed)
    with_pauses = calendar.elapsed(state.started, state.ended or now) / MINUTE
    return CaseReport(
        id=case.id,
        sop=case.sop.id,
        subject=state.subject,
        status=state.status,
        started=clock.local_time(state.started),
        ended=clock.local_time(state.ended) if state.ended else None,
        elapsed_minutes=rounded(elapsed),
        standard_minutes=rounded_or_none(standard),
        ratio=rounded_share(ratio_of(elapsed, standard)),
        suspended_minutes=rounded(with_pauses - elapsed),
        rework=len(again),
        rework_minutes=rounded(sum(again)),
        begun=len(begun),
        waiting_minutes=rounded(sum(clock.minutes(since, began) for since, began, _ in begun)) if begun else None,
        working_minutes=rounded(sum(clock.minutes(began, until) for _, began, until in begun)) if begun else None,
        typed_later=rounded_share(later / recorded) if recorded else None,
        visits=timeline(case, calendar, now),
    )
