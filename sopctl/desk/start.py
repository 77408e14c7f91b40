"""`start`: opening a case of an SOP."""

from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sopctl.desk import move_input
from sopctl.desk.authority import refuse_stranger
from sopctl.desk.case_lines import CaseLine, read_case_lines
from sopctl.desk.field_input import read_fields
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.desk.session import Session
from sopctl.desk.sop_checks import startable_sop
from sopctl.desk.start_from_letter import enter_case, letter_fields, refer_to_agenda, refuse_letter
from sopctl.desk.starting_fields import copied_fields, starting_fields
from sopctl.desk.unit_of_work import UnitOfWork
from sopctl.engine.case import Case
from sopctl.engine.events import AgendaReference, Started
from sopctl.engine.guards import refuse_future
from sopctl.engine.refused import Refused
from sopctl.engine.text import clean_text
from sopctl.errors import Fact, NotFoundError, UsageError
from sopctl.notation.nearest import suggestion
from sopctl.sop.model import Sop
from sopctl.store.case_search import load_found_case


class StartInput(Struct, frozen=True, kw_only=True):
    """What `start` takes besides a `MoveInput`: the subject, the entry step, the case that calls the SOP.

    ``like`` is an earlier case whose fields are copied, ``each`` a CSV file with a case a line, ``agenda`` the No.
    Agenda of the incoming letter that the case answers. ``confidential`` opens it for those alone who have to do with
    it. ``after`` is the number of the last case of the SOP that was there when the user began: the same case, opened by
    the same account since then, is not opened again.
    """

    subject: str = ""
    step: str = ""
    parent: str = ""
    like: str = ""
    each: Path | None = None
    agenda: str = ""
    confidential: bool = False
    after: int | None = None


def start(session: Session, sop_id: str, opening: StartInput, typed: MoveInput) -> Outcome | Refused:
    """Open a case of an SOP, as its file in the workspace is now; where the case stands then, or why it is refused.

    Raises:
        WrongError: where the SOP or one of its templates has errors. UsageError: for a value that cannot be used.
    """
    answer = start_each(session, sop_id, opening, typed)
    return answer if isinstance(answer, Refused) else answer[0]


def start_each(session: Session, sop_id: str, opening: StartInput, typed: MoveInput) -> tuple[Outcome, ...] | Refused:
    """The same for each line of the file of `StartInput.each`, where there is one: all of the cases or none.

    Raises:
        WrongError: where the SOP or one of its templates has errors. UsageError: for a value that cannot be used.
    """
    if opening.agenda and (opening.each or opening.parent):
        raise UsageError("Satu surat masuk membuka satu berkas, yang tidak dipanggil berkas lain.", code="usage")
    source = session.library.read_file(sop_id)
    sop = startable_sop(source, session.library, session.renderer)
    parent = load_found_case(session.record, opening.parent) if opening.parent else None
    event, copied = _read_opening(session, sop, opening, typed, parent)
    at, now, agenda = event.at, event.recorded_at, None if parent else event.agenda
    lines = read_case_lines(sop, opening.each, at.date(), session.employees()) if opening.each else [CaseLine()]
    outcomes: list[Outcome] = []
    with session.unit_of_work() as work:
        if refused := refuse_future(at, now) or refuse_stranger(session.office, session.account, at, now, parent):
            return refused
        caller = _find_caller(work.case(event.parent), sop.id) if event.parent else None
        refused = caller if isinstance(caller, Refused) else None
        letter = refuse_letter(work, session.record, sop.id, agenda) if agenda else None
        if isinstance(letter, Refused):
            return letter
        if opening.after is not None and (again := _find_again(session, work, sop.id, event, opening.after)):
            facts: dict[str, Fact] = {"id": again}
            return Refused(reason="already_started", message=f"Berkas itu sudah dibuka: {again}.", facts=facts)
        for line in lines:
            id = refused or work.start(sop, source, _opened_by(event, line))
            if isinstance(id, Refused):
                return replace(id, message=f"Baris {line.number}: {id.message}") if line.number else id
            if letter and (refused := enter_case(work, letter, id, event)):
                return refused
            if isinstance(caller, Case):
                work.call(caller.id, caller.state.visit.step, id, event)
            known = [child for one in outcomes for child in one.opened]
            outcome = work.outcome(id)
            outcomes.append(replace(outcome, opened=outcome.opened[len(known) :], copied=copied))
        if not typed.trial:
            work.commit()
    return tuple(outcomes)


def _read_opening(
    session: Session, sop: Sop, opening: StartInput, typed: MoveInput, parent: Case | None
) -> tuple[Started, tuple[str, ...] | None]:
    """The event that opens a case, and the names of the fields that an earlier case gave, None where none is named."""
    record, now = session.record, session.now()
    at = move_input.parse_time(typed.at, now)
    like = load_found_case(record, opening.like) if opening.like else None
    agenda = refer_to_agenda(record, opening.agenda) if opening.agenda else None
    given = read_fields(sop, typed.data, typed.sets, at.date(), session.employees) | typed.answers
    copied = tuple(name for name in copied_fields(sop, like) if name not in given) if like else None
    event = Started(
        at=at,
        recorded_at=now,
        by=session.account,
        via=session.via,
        note=clean_text(typed.note, "Catatan"),
        fields=starting_fields(record, sop, at.date(), like) | letter_fields(sop, agenda, at.date()) | given,
        step=_find_entry(sop, opening.step),
        subject=clean_text(opening.subject, "Perihal") or _subject_of(sop, parent, agenda),
        parent=parent.id if parent else "",
        agenda=agenda or (parent.state.agenda if parent else None),
        confidential=opening.confidential or (parent is not None and record.is_confidential(parent)),
    )
    return event, copied


def last_number(session: Session, sop: str) -> int:
    """The number of the last case of an SOP, 0 where there is none."""
    return max((case_number(id) for id in session.store.list_ids(sop)), default=0)


def case_number(id: str) -> int:
    """Which case of its SOP one is."""
    return int(id.rpartition("-")[2])


def _find_again(session: Session, work: UnitOfWork, sop: str, event: Started, after: int) -> str:
    """The id of a case beyond that number which the same event opened, but for its time; empty where none was."""
    for id in session.store.list_ids(sop):
        if case_number(id) > after:
            first = work.case(id).instance.events[0]
            if replace(first, at=event.at, recorded_at=event.recorded_at, number=0, previous="") == event:
                return id
    return ""


def _subject_of(sop: Sop, parent: Case | None, agenda: AgendaReference | None) -> str:
    """What a case is about whose opening does not say it."""
    return parent.state.subject if parent else agenda.letter.perihal if agenda else sop.nama


def _opened_by(event: Started, line: CaseLine) -> Started:
    return replace(event, subject=line.subject or event.subject, fields=event.fields | line.fields)


def _find_entry(sop: Sop, step: str) -> str:
    """The entry with this id, the first where none is named."""
    if not step:
        return sop.start[0]
    if step not in sop.start:
        raise NotFoundError(
            f"SOP {sop.id} tidak dapat dimulai dari '{step}'{suggestion(step, sop.start)}; "
            f"pilihannya: {', '.join(sop.start)}.",
            code="step",
        )
    return step


def _find_caller(parent: Case, sop: str) -> Case | Refused:
    """The ``parent`` with the row at hand that calls this SOP; refused where none does, or has called it already."""
    rows = [row for row in parent.rows if row.step and row.step.sop and row.step.sop.sop == sop]
    if not rows:
        return Refused(
            reason="not_called", message=f"Berkas {parent.id} tidak sedang menunggu SOP {sop} pada langkah sekarang."
        )
    row = next((row for row in rows if not row.state.visit.child), rows[0])
    if row.state.visit.child:
        return Refused(
            reason="already_called",
            message=f"Langkah {row.state.step} berkas {parent.id} sudah dikerjakan lewat {row.state.visit.child}.",
        )
    return row
