"""What is asked before a step is approved: the fields that its letter prints, the evidence that it wants."""

from collections.abc import Collection, Mapping

from msgspec.structs import asdict, replace

from sopctl.desk.authority import allowed_pelaksana
from sopctl.desk.move_input import MoveInput, find_row
from sopctl.desk.outcome import CasePosition, Rejection, last_rejection, list_next_actions, position_of
from sopctl.desk.session import Session
from sopctl.engine.case import Case
from sopctl.engine.events import FieldValue
from sopctl.engine.next_actions import NextAction
from sopctl.engine.requirements import missing_wajib
from sopctl.errors import NotFoundError, WrongError
from sopctl.sop.model import Document, Field, Step
from sopctl.store.case_search import load_found_case

ANSWERED = frozenset({"missing_fields", "missing_evidence", "condition", "note_needed"})
"""Reasons of refusals that the answers to the questions of a step remove."""


class StepQuestions(CasePosition, frozen=True, kw_only=True):
    """What is asked at the step where a case stands, as of ``revision``; ``place`` tells this stay there from others.

    ``fields`` are those of the step, the required ones first and then those that decide the form of its letter;
    ``required`` are the names of those without which it is not approved. ``values`` is what the case holds already,
    ``brought`` are the names of those that it was opened with.
    ``items`` are kelengkapan that want a file. ``rejection`` is why the work came back, where it did. ``document`` is
    what the step writes, ``printed`` the names that each of its templates prints.
    """

    revision: int
    place: str
    fields: tuple[Field, ...]
    required: frozenset[str]
    values: dict[str, FieldValue]
    brought: frozenset[str]
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

    def unanswered(self, given: Collection[str], *, only_required: bool) -> list[Field]:
        """The fields but those that were given; ones that the case holds only where work came back or it brought them.

        With ``only_required`` those without which the step is not approved.
        """
        fields = [field for field in self.fields if field.name not in given]
        if only_required:
            fields = [field for field in fields if field.name in self.required]
        if self.rejection is None:
            fields = [one for one in fields if one.name not in self.values or one.name in self.brought]
        return fields


def step_questions(session: Session, id: str, typed: MoveInput) -> StepQuestions | None:
    """What is asked at the step that a move is for; None where there is none, or it is not this account's turn."""
    record = session.record
    case = find_row(session, load_found_case(record, id), typed)
    step = case.step if case else None
    if case is None or step is None or case.state.status != "running":
        return None
    may = allowed_pelaksana(record.office, record.account, case, record.now().date())
    if may is not None and not may.intersection(case.state.turn):
        return None
    found = questions_at(session, case, step, list_next_actions(case, record, session.library))
    return replace(found, printed=_printed_names(session, found.document))


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
