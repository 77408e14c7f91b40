"""Which acts upon a document count, and the text that each was put under.

What was signed stays as it was signed: a field that changes later changes other documents, never the signed one. A
paraf counts no more once the text that it was put under has changed; a draft vouches for no text and stays.
"""

from collections.abc import Container, Mapping

from msgspec.structs import replace

from sopctl.engine.events import EMPTY, FieldValue
from sopctl.engine.series import Series
from sopctl.engine.state import Acted, DocumentText, Signing, State, Visit
from sopctl.sop.model import Act, Document, Sop, Step, StepDocument


def find_signature(state: State, document: str) -> Signing | None:
    """The signature under a document that counts, the last of several."""
    for one in reversed(state.signings.get(document, ())):
        if one.act == "sign":
            return one
    return None


def document_text(state: State, document: str) -> DocumentText:
    """What the document says: as it was signed, else as the case stands."""
    signing = find_signature(state, document)
    return signing.text if signing else DocumentText(state.fields, state.attachments, state.assigned)


def document_form(sop: Sop, state: State, document: str) -> Document:
    """The document in the form that its text wants."""
    return sop.documents[document].written_for(document_text(state, document).fields)


def shown_act(state: State, step: Step) -> Act | None:
    """What a row's document shows of the row's act: a paraf that counts no more leaves a draft; None without one."""
    if step.document is None or step.document.act != "initial":
        return step.document.act if step.document else None
    counted = state.signings.get(step.document.name, ())
    return "initial" if ("initial", step.id) in {(one.act, one.step) for one in counted} else "draft"


def changed_fields(before: Mapping[str, FieldValue], now: Mapping[str, FieldValue]) -> tuple[str, ...]:
    """The fields that had a value and have another one, or none."""
    if before is now:
        return ()
    return tuple([name for name, value in before.items() if now.get(name) != value and value not in EMPTY])


def fill_fields(state: State, fields: Mapping[str, FieldValue]) -> State:
    """Fill in fields; where one changes, no paraf under a document that is not signed yet counts any more."""
    now = {**state.fields, **fields}
    signings = state.signings
    if changed_fields(state.fields, now):
        signings = {
            name: acts if find_signature(state, name) else tuple(one for one in acts if one.act != "initial")
            for name, acts in signings.items()
        }
    return replace(state, fields=now, signings=signings)


def is_document_act(step: Step, document: StepDocument, visit: Visit, *, leaves: bool) -> bool:
    """Whether the last part in a visit is an act upon the document: the decider's, else that of who ends the row.

    Of several who decide each initials it; any other act is that of the last of them.
    """
    who = visit.acted[-1].pelaksana
    if who in step.decides:
        return who == step.decider or document.act == "initial"
    return leaves and not (step.decides and step.decider in [part.pelaksana for part in visit.acted])


def add_act(state: State, step: Step, visit: Visit, *, leaves: bool) -> dict[str, tuple[Signing, ...]]:
    """The acts that count, the row's act upon its document among them; a new draft starts the count anew.

    Its text is that of the moment when the decider acted; its time is that of the row's end, when the paper is written.
    """
    if step.document is None:
        return state.signings
    name, number = step.document.name, state.visit_number
    acts = state.signings.get(name, ())
    if is_document_act(step, step.document, visit, leaves=leaves):
        acts = _add_signing(acts, _signing(state, step, step.document, visit.acted[-1], number))
    elif leaves:
        acts = tuple(replace(one, at=visit.acted[-1].at) if one.visit == number else one for one in acts)
    return {**state.signings, name: acts}


def _signing(state: State, step: Step, document: StepDocument, part: Acted, number: int) -> Signing:
    """The act of whoever acted last, upon the text as it is: a signature is one of the case as it stands."""
    pelaksana = part.pelaksana or step.pelaksana[-1]
    return Signing(
        act=document.act,
        step=step.id,
        pelaksana=pelaksana,
        by=part.on_behalf or part.by,
        at=part.at,
        visit=number,
        text=DocumentText(state.fields, state.attachments, state.assigned)
        if document.act == "sign"
        else document_text(state, document.name),
        assigned=state.assigned.get(pelaksana, ""),
    )


def _add_signing(acts: tuple[Signing, ...], act: Signing) -> tuple[Signing, ...]:
    """The acts with one more: a draft begins anew, and under a signature none stays that was put under another text."""
    if act.act == "draft":
        return (act,)
    if act.act == "sign":
        acts = tuple(one for one in acts if one.act == "draft" or not changed_fields(one.text.fields, act.text.fields))
    return (*acts, act)


def drop_acts_since(state: State, target: str, beside: Container[str]) -> dict[str, tuple[Signing, ...]]:
    """The acts that still count once the case goes back to a step: those made since it was last there do not.

    Those at the rows ``beside`` it, in other arms of a fork, still do.
    """
    last = find_last_visit(state.visits, target)
    if not last:
        return state.signings
    return {
        name: tuple([signing for signing in signings if signing.visit < last or signing.step in beside])
        for name, signings in state.signings.items()
    }


def find_last_visit(visits: Series[Visit], step: str) -> int:
    """The number (from 1) of the last stay at a step, 0 where there was none; mostly it was a few visits ago."""
    if visits.tail[0].step == step:
        return len(visits)
    earlier = visits.items
    for number in range(visits.count, 0, -1):
        if earlier[number - 1].step == step:
            return number
    return 0
