"""Every output becomes paper: a row with an output and no document of its own writes the general sheet."""

from msgspec.structs import replace

from sopctl.sop.model import Document, Sop, Step, StepDocument

SHEET_TEMPLATE = "lembar-hasil.docx"
"""The template that prints whatever a case holds, for outputs that have none of their own."""


def add_output_sheets(sop: Sop) -> Sop:
    """The SOP in which each row with an output names its document; the sheet of a row bears the row's id."""
    bare = [step for step in sop.steps if step.output and step.document is None]
    if not bare:
        return sop
    names = {step.id: f"{step.id}-hasil" if step.id in sop.documents else step.id for step in bare}
    sheets = {names[step.id]: _sheet(step, names[step.id]) for step in bare}
    steps = (replace(step, document=StepDocument(names[step.id])) if step.id in names else step for step in sop.steps)
    return replace(sop, steps=tuple(steps), documents={**sop.documents, **sheets})


def _sheet(step: Step, name: str) -> Document:
    return Document(name=name, template=SHEET_TEMPLATE, judul=step.output_name, source=step.source)
