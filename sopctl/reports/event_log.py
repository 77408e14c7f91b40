"""From cases to an event log: each visit an activity, with what the record knows of it and nothing estimated."""

from bisect import bisect
from collections.abc import Iterator
from datetime import datetime

from sopctl.engine.case import Case
from sopctl.engine.state import Visit
from sopctl.measure.query import Query
from sopctl.measure.timeline import VisitRow, timeline
from sopctl.measure.visits import count_typed_later
from sopctl.reports.xes import LogEvent, Trace, Transition, Value
from sopctl.store.record import Record
from sopctl.worktime.calendar import Calendar


def read_traces(record: Record, query: Query, damaged: list[str]) -> Iterator[Trace]:
    """A trace for each case that ended on the days of the query; sentences about unreadable ones go to ``damaged``."""
    today = record.now().date()
    for case in record.load_cases(query.sop, damaged):
        ended = case.state.ended
        if query.covers(ended.astimezone(record.calendar.zone).date() if ended else today):
            yield _trace(record.calendar, record.now(), case)


def _trace(calendar: Calendar, now: datetime, case: Case) -> Trace:
    state = case.state
    more: dict[str, Value] = {
        "sop": case.sop.nama,
        "subject": state.subject,
        "status": state.status,
    }
    events = sorted(_events(calendar, now, case), key=lambda event: event.at)
    return Trace(id=case.id, more=more, events=tuple(events))


def _events(calendar: Calendar, now: datetime, case: Case) -> Iterator[LogEvent]:
    rows = timeline(case, calendar, now)
    typed, rest = count_typed_later(case)
    for visit, row, own in zip(case.state.visits, rows, typed, strict=True):
        parts = [*own, rest] if visit.is_cut or visit.until is None else own
        yield from _visit(case, visit, row, typed_later=any(later for _, later in parts))
    for pause in case.state.pauses:
        stood = bisect(case.state.visits, pause.since, key=lambda visit: visit.since)
        name = _activity(case, case.state.visits[stood - 1])
        yield LogEvent(name=name, transition="suspend", at=pause.since)
        if pause.until is not None:
            yield LogEvent(name=name, transition="resume", at=pause.until)


def _visit(case: Case, visit: Visit, row: VisitRow, *, typed_later: bool) -> Iterator[LogEvent]:
    name, role = _activity(case, visit), _role(case, visit)
    yield LogEvent(name=name, transition="assign", at=visit.since, role=role)
    if visit.begun is not None:
        yield LogEvent(name=name, transition="start", at=visit.begun, role=role)
    if visit.until is None:
        return
    more: dict[str, Value] = {
        "outcome": visit.outcome,
        "round": visit.round,
        "elapsed_minutes": row.elapsed_minutes,
        "typed_later": typed_later,
    }
    if row.standard_minutes is not None:
        more["standard_minutes"] = row.standard_minutes
        more["clock"] = row.clock
    yield LogEvent(name=name, transition=_ending(visit), at=visit.until, resource=row.by, role=role, more=more)


def _ending(visit: Visit) -> Transition:
    """How a visit ended, in the words of the standard."""
    if visit.is_skipped:
        return "manualskip" if visit.acted else "autoskip"
    return "ate_abort" if visit.is_cut else "complete"


def _activity(case: Case, visit: Visit) -> str:
    """The activity: the SOP and the row's id, which stay the same whatever the sentence says."""
    return f"{case.sop.id}: {visit.step}"


def _role(case: Case, visit: Visit) -> str:
    return ", ".join(case.sop.pelaksana.get(name, name) for name in case.sop.step(visit.step).pelaksana)
