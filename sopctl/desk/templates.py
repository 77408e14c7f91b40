"""The templates of the workspace, for whoever edits them: are they sound, what do they say, how do they look."""

from msgspec import Struct

from sopctl.desk.session import Session
from sopctl.engine.events import Approved, FieldValue, Started
from sopctl.engine.fold import apply_event, fold
from sopctl.errors import NotFoundError
from sopctl.letters.context import AGENDA_NAMES, CONTEXT_NAMES, GLOBAL_NAMES
from sopctl.letters.move_context import build_context
from sopctl.letters.sample_values import sample_value
from sopctl.letters.template_check import check_template, template_notes
from sopctl.letters.template_guide import REGISTER, describe_variable
from sopctl.notation.nearest import suggestion
from sopctl.reports.monitoring_context import MONITORING_NAMES
from sopctl.sop.model import Document, Sop, StepDocument
from sopctl.word.letterhead import read_logo

AGENDA = "agenda.docx"

OWN = {AGENDA: AGENDA_NAMES, "monitoring.docx": MONITORING_NAMES}
"""The templates that no SOP writes, with the names that each finds."""


class TemplateCheck(Struct, frozen=True):
    """One template as `check` found it: what stops a letter, and what is worth a look."""

    template: str
    mistakes: tuple[str, ...]
    notes: tuple[str, ...]


class TemplateVariable(Struct, frozen=True):
    """A variable that a template uses: ``origin`` is `sopctl`, `isian` (a field of an SOP) or `templat` (its own)."""

    name: str
    origin: str
    about: str


def names(session: Session) -> list[str]:
    """The templates of the workspace by file name."""
    return sorted(
        path.name for path in session.workspace.templates.glob("*.docx") if not path.name.startswith(("~", "."))
    )


def named(session: Session, name: str) -> str:
    """The file name of a template, with or without its ending.

    Raises:
        NotFoundError: where there is none; the message suggests the nearest.
    """
    known = names(session)
    file = name if name.endswith(".docx") else f"{name}.docx"
    if file not in known:
        raise NotFoundError(
            f"Tidak ada templat '{name}'{suggestion(file, known)}. Yang ada: {', '.join(known)}.", code="template"
        )
    return file


def checked(session: Session, name: str) -> tuple[TemplateCheck, ...]:
    """What is wrong with one template, or with all where none is named."""
    return tuple(_checked(session, file) for file in ([named(session, name)] if name else names(session)))


def variables(session: Session, name: str) -> tuple[TemplateVariable, ...]:
    """What a template asks for, with what each name is.

    Raises:
        WrongError: where the template cannot be read.
    """
    file = named(session, name)
    compiled = session.renderer.compiled(file)
    labels = {field.name: field.label for sop in session.library.read_sops() for field in sop.fields.values()}
    return tuple(_variable(file, variable, labels) for variable in sorted(compiled.names))


def preview(session: Session, name: str, case_id: str) -> bytes:
    """The template filled in as if it were signed: with the fields of a case, else with samples.

    Raises:
        WrongError: where the template cannot be used.
    """
    file = named(session, name)
    if file in OWN:
        return _own(session, file)
    case = session.record.load_case(session.store.find_id(case_id)) if case_id else None
    sop = case.sop if case else _user(session, file)
    subject = case.state.subject if case else f"Contoh {sop.nama}"
    fields = case.state.fields if case else {each.name: sample_value(each) for each in sop.fields.values()}
    values = _signed(session, _writing(sop, file), subject, fields)
    return session.renderer.render(file, values, created=session.now(), title=f"Contoh {file}")


def _checked(session: Session, file: str) -> TemplateCheck:
    known = OWN.get(file) or frozenset(name for sop in _users(session, file) for name in sop.fields)
    return TemplateCheck(file, check_template(file, session.renderer, known), template_notes(file, session.renderer))


def _own(session: Session, file: str) -> bytes:
    """A template that no SOP writes, with what the record says."""
    if file == AGENDA:
        from sopctl.desk.agenda import list_letters, printed  # noqa: PLC0415 — few previews are of these

        return printed(session, list_letters(session, None), None)
    from sopctl.measure.query import Query  # noqa: PLC0415 — the same
    from sopctl.reports.monitoring import render_monitoring_form  # noqa: PLC0415 — the same

    return render_monitoring_form(session.record, session.renderer, Query())[0]


def _variable(file: str, name: str, labels: dict[str, str]) -> TemplateVariable:
    if file in OWN:
        said = {name: text for rows in REGISTER.values() for name, text in rows.items()}
        return TemplateVariable(name, "sopctl", said.get(name, describe_variable(name)))
    if name in CONTEXT_NAMES | GLOBAL_NAMES:
        return TemplateVariable(name, "sopctl", describe_variable(name))
    return TemplateVariable(name, "isian" if name in labels else "templat", labels.get(name, ""))


def _users(session: Session, file: str) -> list[Sop]:
    """The SOPs that write the template; all of them where none does, as for a fragment."""
    sops = session.library.read_sops()
    return [sop for sop in sops if any(file in _files(document) for document in sop.documents.values())] or sops


def _files(document: Document) -> set[str]:
    return {document.template, *(other.template for other in document.instead)}


def _user(session: Session, file: str) -> Sop:
    users = _users(session, file)
    if not users:
        raise NotFoundError("Belum ada SOP di folder sops yang dapat dijadikan contoh.", code="sop")
    return users[0]


def _writing(sop: Sop, file: str) -> Sop:
    """The SOP as one row that signs a document of this template."""
    from msgspec.structs import replace  # noqa: PLC0415 — beside its only use

    step = sop.step(sop.start[0])
    row = replace(step, document=StepDocument("contoh", "sign"), branches=(), decides=None, sop=None, next="end")
    document = Document(name="contoh", template=file, kode="000", source=step.source)
    return replace(sop, steps=(row,), start=(row.id,), documents={"contoh": document})


def _signed(session: Session, sop: Sop, subject: str, fields: dict[str, FieldValue]) -> dict[str, object]:
    """The context of the only row's signature, now."""
    now = session.now()
    step = sop.steps[0]
    opened = Started(at=now, recorded_at=now, by=session.account, step=step.id, subject=subject, fields=fields)
    before = fold(sop, (opened,))
    for pelaksana in step.pelaksana:
        event = Approved(at=now, recorded_at=now, by=session.account, for_=pelaksana, step=step.id, to="end")
        state, before = before, apply_event(sop, before, event)
    return build_context(
        office=session.office, sop=sop, id="contoh-1", before=state, after=before, event=event,
        nomor="000/0/CONTOH", logo=read_logo(session.workspace, session.office),
    )  # fmt: skip
