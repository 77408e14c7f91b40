"""What is said and asked at a terminal before a move is recorded.

As whom the account acts; before a step is approved the fields that its letter prints, and the evidence that it wants.
"""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import asdict, replace

from sopctl.desk.field_input import read_fields
from sopctl.desk.move_input import MoveInput, find_row
from sopctl.desk.outcome import CasePosition, Rejection, last_rejection, list_next_actions, position_of
from sopctl.desk.session import Session
from sopctl.engine.case import Case
from sopctl.engine.events import FieldValue, Move
from sopctl.engine.next_actions import NextAction
from sopctl.engine.requirements import missing_wajib
from sopctl.errors import NotFoundError, WrongError
from sopctl.sop.model import Document, Field, Step

ANSWERED = frozenset({"missing_fields", "missing_evidence", "condition", "note_needed"})
"""Reasons of refusals that the answers to the questions of a step remove."""


class StepQuestions(CasePosition, frozen=True, kw_only=True):
    """What is asked at the step where a case stands, as of ``revision``; ``place`` tells this stay there from others.

    ``fields`` are those of the step, the required ones first and then those that decide the form of its letter;
    ``required`` are the names of those without which it is not approved. ``values`` is what the case holds already,
    ``brought`` are the names of those that it was opened with; ``given`` is what the command itself says.
    ``items`` are kelengkapan that want a file. ``rejection`` is why the work came back, where it did. ``document`` is
    what the step writes, ``printed`` the names that each of its templates prints.
    """

    revision: int
    place: str
    fields: tuple[Field, ...]
    required: frozenset[str]
    values: dict[str, FieldValue]
    brought: frozenset[str]
    given: dict[str, FieldValue]
    items: tuple[str, ...]
    rejection: Rejection | None
    document: Document | None
    printed: dict[str, frozenset[str]]

    def asks(self, field: Field, values: Mapping[str, FieldValue]) -> bool:
        """Whether a field is asked for where the case holds these values: it is required, or the letter prints it."""
        if self.document is None or field.name in self.required or field in _deciding(self.document, (field,)):
            return True
        names = self.printed.get(self.document.written_for(values).template)
        return names is None or "filled" in names or field.name in names

    def unanswered(self, *, only_required: bool) -> list[Field]:
        """The fields that were not given; ones that the case holds only where work came back or it brought them.

        With ``only_required`` those without which the step is not approved.
        """
        fields = [field for field in self.fields if field.name not in self.given]
        if only_required:
            fields = [field for field in fields if field.name in self.required]
        if self.rejection is None:
            fields = [one for one in fields if one.name not in self.values or one.name in self.brought]
        return fields


class Acting(Struct, frozen=True, kw_only=True):
    """The pelaksana (their title) that an account acts for, as of ``revision``, and who holds the post, where known.

    ``before`` is the title that the account acted for last in this case, empty where it did not or it is the same;
    ``handed_on`` says that it did so at this stay at the row.
    ``on_behalf`` says that the official acted on paper and the account only records it, ``signs`` that the move may
    sign a document: this step's, or that of a step of the case above that is done with this case.
    """

    id: str
    subject: str
    revision: int
    no: int | str | None
    kegiatan: str
    jabatan: str
    nama: str
    before: str
    handed_on: bool
    on_behalf: bool
    signs: bool


def find_acting(session: Session, id: str, typed: MoveInput) -> Acting | None:
    """As whom the account acts; None where that will be refused: not its turn, another step, several in turn."""
    found = find_row(session, id, typed)
    if found is None:
        return None
    case, step, request = found
    may = request.allowed_now
    turn = [one for one in case.state.turn if request.as_ in ("", one) and (may is None or one in may)]
    if len(turn) != 1:
        return None
    (pelaksana,), today = turn, request.now.date()
    title, before = case.sop.pelaksana[pelaksana], _last_pelaksana(case, session.account)
    signer = session.office.find_signer(pelaksana, case.state.assigned.get(pelaksana, ""), today, session.account)
    nama = request.on_behalf or (signer.nama if signer else "")
    return Acting(
        id=case.id,
        subject=case.state.subject,
        revision=case.instance.revision,
        no=step.no,
        kegiatan=step.kegiatan,
        jabatan=title,
        nama=nama if nama != title else "",
        before=case.sop.pelaksana.get(before, "") if before != pelaksana else "",
        handed_on=any(part.by == session.account for part in case.state.visit.acted),
        on_behalf=bool(request.on_behalf),
        signs=bool(case.state.parent) or (step.document is not None and step.document.act == "sign"),
    )


def _last_pelaksana(case: Case, account: str) -> str:
    """Whom the account made its last move for, empty where it made none."""
    moves = (one for one in reversed(case.instance.events) if isinstance(one, Move) and one.by == account)
    return next((one.for_ for one in moves if one.for_), "")


def step_questions(session: Session, id: str, typed: MoveInput) -> StepQuestions | None:
    """What is asked at the step that a move is for; None where there is none, or it is not this account's turn."""
    found = find_row(session, id, typed)
    if found is None or found[0].state.status != "running":
        return None
    case, step, request = found
    if request.allowed_now is not None and not request.allowed_now.intersection(case.state.turn):
        return None
    asked = questions_at(session, case, step, list_next_actions(case, session.record, session.library))
    given = read_fields(case.sop, None, typed.sets, request.at.date(), session.employees)
    return replace(asked, given=given, printed=_printed_names(session, asked.document))


def questions_at(session: Session, case: Case, step: Step, actions: tuple[NextAction, ...]) -> StepQuestions:
    """The same at the row at hand, which is at this step, whatever its letter prints.

    ``actions`` are the moves that are accepted.
    """
    document = case.sop.documents[step.document.name] if step.document else None
    actions = tuple(one for one in actions if one.step == step.id and one.kind in {"approve", "fill", "decide"})
    opened = case.instance.events[0].fields
    own = [field for field in case.sop.fields.values() if field.step == step.id]
    missing = [field for action in actions for field in action.fields]
    wajib = missing_wajib(document, case.state.fields) if document else ()
    needed = [field for field in missing if field.required or field.name not in wajib]
    required = dict.fromkeys((*needed, *(field for field in own if field.required)))
    return StepQuestions(
        **asdict(position_of(case)),
        revision=case.instance.revision,
        place=f"{step.id} {case.state.visit_number}",
        fields=tuple(dict.fromkeys((*required, *_deciding(document, own), *own, *missing))),
        required=frozenset(field.name for field in required),
        values=case.state.fields,
        brought=frozenset(name for name, value in opened.items() if case.state.fields.get(name) == value),
        given={},
        items=tuple(dict.fromkeys(item for action in actions for item in action.items)),
        rejection=last_rejection(case, session.office),
        document=document,
        printed={},
    )


def _deciding(document: Document | None, fields: "tuple[Field, ...] | list[Field]") -> list[Field]:
    """Those of the fields that decide the form of the document."""
    names = {other.field for other in document.instead} if document else set()
    return [field for field in fields if field.name in names]


def _printed_names(session: Session, document: Document | None) -> dict[str, frozenset[str]]:
    """The names that each template of a document prints; one that cannot be used is left out."""
    found: dict[str, frozenset[str]] = {}
    for template in document.templates if document else ():
        try:
            found[template] = session.renderer.load_compiled(template).names
        except (NotFoundError, WrongError):
            continue
    return found
