"""`start`: opening a case of an SOP."""

from msgspec import Struct

from sopctl.desk import move_input
from sopctl.desk.authority import refuse_stranger
from sopctl.desk.field_input import read_fields
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.desk.session import Session
from sopctl.desk.sop_checks import startable_sop
from sopctl.engine.case import Case
from sopctl.engine.events import Started
from sopctl.engine.guards import refuse_future
from sopctl.engine.refused import Refused
from sopctl.engine.text import clean_text
from sopctl.errors import NotFoundError
from sopctl.notation.nearest import suggestion
from sopctl.sop.model import Sop
from sopctl.store.case_search import find_case


class StartInput(Struct, frozen=True, kw_only=True):
    """What `start` takes besides a `MoveInput`: the subject, the entry step, the case that calls the SOP."""

    subject: str = ""
    step: str = ""
    parent: str = ""


def start(session: Session, sop_id: str, opening: StartInput, typed: MoveInput) -> Outcome | Refused:
    """Open a case of an SOP, as its file in the workspace is now; where the case stands then, or why it is refused.

    Raises:
        WrongError: where the SOP or one of its templates has errors.
    """
    source = session.library.read_file(sop_id)
    sop = startable_sop(source, session.library, session.renderer)
    now = session.now()
    at = move_input.parse_time(typed.at, now)
    parent = session.record.load_case(find_case(session.record, opening.parent)) if opening.parent else None
    event = Started(
        at=at,
        recorded_at=now,
        by=session.account,
        note=clean_text(typed.note, "Catatan"),
        fields=read_fields(sop, typed.data, typed.sets, at.date(), session.employees) | typed.answers,
        step=_find_entry(sop, opening.step),
        subject=clean_text(opening.subject, "Perihal") or (parent.state.subject if parent else sop.nama),
        parent=parent.id if parent else "",
    )
    with session.unit_of_work() as work:
        if refused := refuse_future(at, now) or refuse_stranger(session.office, session.account, at, now, parent):
            return refused
        refused = _refuse_uncalled(work.case(event.parent), sop.id) if event.parent else None
        id = refused or work.start(sop, source, event)
        if isinstance(id, Refused):
            return id
        if event.parent:
            work.call(event.parent, id, event)
        work.commit()
    return work.outcome(id)


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


def _refuse_uncalled(parent: Case, sop: str) -> Refused | None:
    """The refusal where the step of the ``parent`` does not call this SOP, or has called it already."""
    step = parent.sop.step(parent.state.step) if parent.state.step else None
    if step is None or step.sop is None or step.sop.sop != sop:
        return Refused(
            reason="not_called", message=f"Berkas {parent.id} tidak sedang menunggu SOP {sop} pada langkah sekarang."
        )
    if parent.state.visit.child:
        return Refused(
            reason="already_called",
            message=f"Langkah {step.id} berkas {parent.id} sudah dikerjakan lewat {parent.state.visit.child}.",
        )
    return None
