"""The moves of a case: each takes the lock, asks the engine, and commits the whole change or nothing.

Each returns where the case stands then, or `Refused`.

Raises:
    NotFoundError: where no case, or more than one, has the id. UsageError: for a value that cannot be used.
    BusyError: where another command holds the lock. WrongError: where a template cannot be used.
"""

from collections.abc import Callable
from functools import partial

from msgspec.structs import replace

from sopctl.desk import move_input
from sopctl.desk.authority import (
    find_person,
    name_people,
    refuse_assignee,
    refuse_assignment,
    refuse_on_behalf,
    refuse_stranger,
)
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.desk.session import Session
from sopctl.desk.unit_of_work import UnitOfWork
from sopctl.engine import case_changes, skipping
from sopctl.engine import moves as engine
from sopctl.engine.case import Case
from sopctl.engine.events import Assigned, Event, Written
from sopctl.engine.guards import choose_row, titles
from sopctl.engine.instance import Instance
from sopctl.engine.moments import format_moment
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.engine.state import State
from sopctl.engine.text import clean_text
from sopctl.sop.model import Sop
from sopctl.store.case_search import load_found_case

AskEngine = Callable[[Case, Request], Event | Refused]


def approve(session: Session, id: str, typed: MoveInput) -> Outcome | Refused:
    """Complete the step, or take its first branch."""
    return _move(session, id, typed, _at_row(typed, engine.approve))


def reject(session: Session, id: str, typed: MoveInput) -> Outcome | Refused:
    """Take the branch of the step that turns the work down, with a reason."""
    return _move(session, id, typed, _at_row(typed, engine.reject))


def decide(session: Session, id: str, label: str, typed: MoveInput) -> Outcome | Refused:
    """Take the branch with this label."""
    return _move(session, id, typed, _at_row(typed, partial(engine.decide, label=label)))


def skip(session: Session, id: str, typed: MoveInput) -> Outcome | Refused:
    """Leave the step out, with a reason."""
    return _move(session, id, typed, _at_row(typed, skipping.skip))


def preview_letter(
    session: Session, case: Case, typed: MoveInput, label: str = ""
) -> tuple[Written, bytes] | Refused | None:
    """The Word file that completing a step, or this branch of it, would write now; None where it would write none.

    Nothing is recorded and no letter number is taken.
    """
    ask = partial(engine.decide, label=label) if label else engine.approve
    trying = replace(typed, preview=True, with_gaps=True)
    work = _attempt(session, case.instance, trying, _at_row(typed, ask))
    if isinstance(work, Refused):
        return work
    folder = f"/{case.id}/"
    return next(((one, work.change.read_file(one.path)) for one in work.documents if folder in one.path), None)


def withdraw(session: Session, id: str, typed: MoveInput) -> Outcome | Refused:
    """Withdraw the account's own last move."""
    return _move(session, id, typed, lambda case, request: engine.withdraw(case.state, request, case.last_move))


def begin(session: Session, id: str, typed: MoveInput) -> Outcome | Refused:
    """Record that work on the step began, which ends its waiting time."""
    return _move(session, id, typed, _at_row(typed, engine.begin))


def fill(session: Session, id: str, typed: MoveInput) -> Outcome | Refused:
    """Set fields of the case, or its subject."""
    subject = clean_text(typed.subject, "Perihal")
    return _move(session, id, typed, lambda case, request: case_changes.fill(case.sop, case.state, request, subject))


def attach(session: Session, id: str, typed: MoveInput) -> Outcome | Refused:
    """Attach files to the case."""
    return _move(session, id, typed, lambda case, request: case_changes.attach(case.state, request))


def note(session: Session, id: str, typed: MoveInput) -> Outcome | Refused:
    """Record a note."""
    return _move(session, id, typed, lambda case, request: case_changes.note(case.state, request))


def assign(session: Session, id: str, pelaksana: str, to: str, typed: MoveInput) -> Outcome | Refused:
    """Assign a pelaksana of this case to one person: an official's nama or an account; empty removes it."""
    person = find_person(session.office, session.account, clean_text(to, "Nama"), session.now().date())

    def ask_engine(case: Case, request: Request) -> Assigned | Refused:
        name = move_input.find_pelaksana(case.sop, pelaksana)
        refused = refuse_assignment(session.office, session.account, case, name, request)
        refused = refused or refuse_assignee(session.office, person, request.now.date())
        return refused or case_changes.assign(case.state, request, name, person)

    return _move(session, id, typed, ask_engine)


def suspend(session: Session, id: str, typed: MoveInput) -> Outcome | Refused:
    """Suspend the case: its working time is not counted until it is resumed."""
    return _move(session, id, typed, lambda case, request: case_changes.suspend(case.state, request))


def resume(session: Session, id: str, typed: MoveInput) -> Outcome | Refused:
    """Resume a suspended case."""
    return _move(session, id, typed, lambda case, request: case_changes.resume(case.state, request))


def cancel(session: Session, id: str, typed: MoveInput) -> Outcome | Refused:
    """Cancel the case."""
    return _move(session, id, typed, lambda case, request: case_changes.cancel(case.state, request))


def _at_row(typed: MoveInput, ask_engine: Callable[[Sop, State, Request], Event | Refused]) -> AskEngine:
    """What asks the engine for a move of the row that is meant."""

    def ask(case: Case, request: Request) -> Event | Refused:
        row = choose_row(case.sop, case.state, typed.step, request.as_, request.allowed, request.allowed_now)
        return row if isinstance(row, Refused) else ask_engine(case.sop, row, request)

    return ask


def _move(session: Session, id: str, typed: MoveInput, ask_engine: AskEngine) -> Outcome | Refused:
    """Make a move under the lock; refused as overtaken where the case has changed since it was read without it.

    For a preview all of it is made and nothing is kept; a trial only finds out whether it would be refused.
    """
    seen = load_found_case(session.record, id).instance  # with its SOP, which nobody who waits for the lock pays for
    work = _attempt(session, seen, typed, ask_engine)
    return work if isinstance(work, Refused) else work.outcome(seen.id)


def _attempt(session: Session, seen: Instance, typed: MoveInput, ask_engine: AskEngine) -> UnitOfWork | Refused:
    """What was done under the lock, and committed but for a preview or a trial."""
    revision = typed.seen or seen.revision
    office, account = session.office, session.account
    with session.unit_of_work(with_gaps=typed.with_gaps) as work:
        case = work.case(seen.id)
        if case.instance.revision != revision:
            return name_people(office, _refuse_overtaken(case))
        if typed.step not in ("", *[row.state.step for row in case.rows]):
            return _refuse_elsewhere(case, typed.step)
        request = move_input.read_request(session, case.at(typed.step), typed, work.change)
        refused = refuse_stranger(office, account, min(request.at, request.now), request.now, case)
        event = refused or refuse_on_behalf(office, request) or ask_engine(case, request)
        if isinstance(event, Refused):
            return name_people(office, event)
        if not typed.trial and (refused := work.record(case.id, event)):
            return refused
        if not (typed.preview or typed.trial):
            work.commit()
    return work


def _refuse_overtaken(case: Case) -> Refused:
    last = case.instance.events[-1]
    return Refused(
        reason="overtaken",
        message=f"Berkas {case.id} baru saja diubah oleh {last.by} ({format_moment(last.at)}); "
        "perintah ini tidak dijalankan.",
        facts={"id": case.id},
    )


def _refuse_elsewhere(case: Case, step: str) -> Refused:
    """The refusal of a move that is meant for another step than the one where the case stands."""
    rows = [
        f"{row.step.id} ({row.step.kegiatan}; giliran {titles(row.sop, row.state.turn)})"
        for row in case.rows
        if row.step
    ]
    where = f"sekarang di langkah {' dan '.join(rows)}" if rows else "sudah berakhir"
    return Refused(
        reason="elsewhere",
        message=f"Berkas {case.id} tidak berada di langkah {step}: {where}. Perintah ini tidak dijalankan.",
        facts={"id": case.id},
    )
