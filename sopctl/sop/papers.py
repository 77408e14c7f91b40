"""Every output becomes paper: a row with an output and no document of its own writes the general sheet."""

from msgspec.structs import replace

from sopctl.sop.model import Document, Sop, Step, StepDocument

SHEET = "lembar-hasil.docx"
"""The template that prints whatever a case holds, for outputs that have none of their own."""


def with_sheets(sop: Sop) -> Sop:
    """The SOP in which each row with an output names its document; the sheet of a row bears the row's id."""
    bare = {step.id for step in sop.steps if step.output and step.document is None}
    sheets = {step.id: _sheet(step) for step in sop.steps if step.id in bare}
    return replace(
        sop,
        steps=tuple(replace(step, document=StepDocument(step.id)) if step.id in bare else step for step in sop.steps),
        documents={**sheets, **sop.documents},
    )


def _sheet(step: Step) -> Document:
    return Document(name=step.id, template=SHEET, judul=step.output, source=step.source)
