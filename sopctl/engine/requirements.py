"""What a step requires before it is approved: fields that are filled in, kelengkapan that are attached."""

from collections.abc import Container, Mapping

from sopctl.engine.events import EMPTY, Attachment
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.engine.state import State
from sopctl.sop.model import Document, Sop, Step


def refuse_missing(sop: Sop, state: State, request: Request, step: Step) -> Refused | None:
    """The refusal that names what the step still asks for, None where everything is there."""
    fields = missing_fields(sop, step.id, state.fields, request.fields)
    if fields:
        return refuse_missing_fields(sop, step.id, fields)
    items = missing_kelengkapan(state, step, request.attachments)
    if items:
        message = f"Kelengkapan langkah {step.id} belum dilampirkan: {', '.join(items)}."
        return Refused(reason="missing_evidence", message=message, items=items)
    return None


def missing_fields(sop: Sop, step: str | None, *filled: Container[str]) -> tuple[str, ...]:
    """The required fields of ``step`` (None: the start) that are in none of ``filled``."""
    required = sop.required.get(step)
    return tuple([name for name in required if not any(name in names for names in filled)]) if required else ()


def missing_wajib(document: Document, fields: Mapping[str, object]) -> tuple[str, ...]:
    """The fields that a document, in the form that these fields want, is not signed without and that are empty."""
    return tuple([name for name in document.written_for(fields).wajib if fields.get(name) in EMPTY])


def missing_kelengkapan(state: State, step: Step, extra: tuple[Attachment, ...] = ()) -> tuple[str, ...]:
    """The kelengkapan of a step that want a file and have none; ``extra`` are those attached with the move itself.

    An item that bears the name of an earlier step's output is satisfied by that output, unless it is external; where
    that step was left out there is none, and it is not wanted.
    """
    wanted = [item for item in step.kelengkapan if item.evidence] if step.kelengkapan else ()
    if not wanted:
        return ()
    there = {attachment.item.lower() for attachment in state.attachments + extra}
    made = {output.lower() for output in (*state.produced, *state.left_out)}
    return tuple(
        item.nama
        for item in wanted
        if item.nama.lower() not in there and (item.external or item.nama.lower() not in made)
    )


def refuse_missing_fields(sop: Sop, step: str | None, fields: tuple[str, ...]) -> Refused:
    """The refusal that names the missing fields; ``step`` is None at the start."""
    where = f"Langkah {step}" if step else "Pembukaan berkas"
    wanted = tuple(sop.fields[name] for name in fields)
    labels = ", ".join(field.label for field in wanted)
    return Refused(reason="missing_fields", message=f"{where} membutuhkan isian: {labels}.", wanted=wanted)
