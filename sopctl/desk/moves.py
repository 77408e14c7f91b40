"""The moves of a case: each becomes the one writer, asks the engine, and saves all of it or nothing."""

from collections.abc import Callable

from sopctl.desk import ask as asking
from sopctl.desk.ask import Ask
from sopctl.desk.authority import known_person, may_assign, stranger, unable
from sopctl.desk.outcome import Outcome
from sopctl.desk.session import Session
from sopctl.desk.work import Work, came_to
from sopctl.engine import case_changes
from sopctl.engine import moves as engine
from sopctl.engine.case import Case
from sopctl.engine.events import Assigned, Event, Move
from sopctl.engine.guards import format_moment
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.engine.text import clean_text

Ruling = Callable[[Case, Request], Event | Refused]


def approve(desk: Session, id: str, ask: Ask) -> Outcome | Refused:
    """Done, or agreed to: the case goes on."""
    return _move(desk, id, ask, lambda case, request: engine.approve(case.sop, case.state, request))


def reject(desk: Session, id: str, ask: Ask) -> Outcome | Refused:
    """Turned down: the case goes where the SOP says."""
    return _move(desk, id, ask, lambda case, request: engine.reject(case.sop, case.state, request))


def decide(desk: Session, id: str, label: str, ask: Ask) -> Outcome | Refused:
    """One of several exits, by its label."""
    return _move(desk, id, ask, lambda case, request: engine.decide(case.sop, case.state, request, label))


def withdraw(desk: Session, id: str, ask: Ask) -> Outcome | Refused:
    """Take back one's own last move."""
    return _move(desk, id, ask, lambda case, request: engine.withdraw(case.state, request, _last_move(case)))


def begin(desk: Session, id: str, ask: Ask) -> Outcome | Refused:
    """Mark that work on the step began."""
    return _move(desk, id, ask, lambda case, request: engine.begin(case.sop, case.state, request))


def fill(desk: Session, id: str, ask: Ask) -> Outcome | Refused:
    """Fill in fields."""
    return _move(desk, id, ask, lambda case, request: case_changes.fill(case.state, request))


def attach(desk: Session, id: str, ask: Ask) -> Outcome | Refused:
    """Lay files beside the case."""
    return _move(desk, id, ask, lambda case, request: case_changes.attach(case.state, request))


def note(desk: Session, id: str, ask: Ask) -> Outcome | Refused:
    """Leave a note."""
    return _move(desk, id, ask, lambda case, request: case_changes.note(case.state, request))


def assign(desk: Session, id: str, pelaksana: str, to: str, ask: Ask) -> Outcome | Refused:
    """Make a pelaksana of this case the work of one person: an official's nama or an account; empty takes it back."""
    person = known_person(desk, clean_text(to, "Nama"))

    def ruling(case: Case, request: Request) -> Assigned | Refused:
        name = asking.pelaksana(case.sop, pelaksana)
        refused = may_assign(desk, case, name, request) or unable(desk, person, request.now.date())
        return refused or case_changes.assign(case.state, request, name, person)

    return _move(desk, id, ask, ruling)


def suspend(desk: Session, id: str, ask: Ask) -> Outcome | Refused:
    """Stop the clock of the case."""
    return _move(desk, id, ask, lambda case, request: case_changes.suspend(case.state, request))


def resume(desk: Session, id: str, ask: Ask) -> Outcome | Refused:
    """Let the clock go on."""
    return _move(desk, id, ask, lambda case, request: case_changes.resume(case.state, request))


def cancel(desk: Session, id: str, ask: Ask) -> Outcome | Refused:
    """End the case before its end."""
    return _move(desk, id, ask, lambda case, request: case_changes.cancel(case.state, request))


def _move(desk: Session, id: str, ask: Ask, ruling: Ruling) -> Outcome | Refused:
    """Look, become the one writer, look again: what changed in between was somebody else's move, and they are named."""
    seen = desk.store.instance(desk.store.matching(id))
    revision = ask.seen or seen.revision
    with desk.store.writing() as change:
        work = Work(desk, change)
        case = work.case(seen.id)
        if case.instance.revision != revision:
            return _overtaken(case)
        request = asking.request(desk, case, ask, change)
        event = stranger(desk, min(request.at, request.now), request.now, case) or ruling(case, request)
        if isinstance(event, Refused):
            return event
        refused = work.record(case.id, event)
        if refused is not None:
            return refused
        change.commit()
        return came_to(desk, work, case.id)


def _overtaken(case: Case) -> Refused:
    last = case.instance.events[-1]
    return Refused(
        reason="overtaken",
        message=f"Berkas {case.id} baru saja diubah oleh {last.by} ({format_moment(last.at)}); "
        f"perintah ini tidak dijalankan. Lihat dahulu: sopctl status {case.id}.",
    )


def _last_move(case: Case) -> Move | None:
    last = case.instance.events[-1]
    return last if isinstance(last, Move) else None
