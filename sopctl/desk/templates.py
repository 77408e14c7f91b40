"""The templates of the workspace, for whoever edits them: are they sound, what do they say, how do they look."""

from collections.abc import Iterator

from msgspec import Struct

from sopctl.desk.session import Session
from sopctl.engine.events import Approved, FieldValue, Started
from sopctl.engine.fold import apply_event, fold
from sopctl.errors import NotFoundError
from sopctl.letters.build import context
from sopctl.letters.check import check_template, template_notes
from sopctl.letters.context import AGENDA_NAMES, GIVEN, NAMES
from sopctl.letters.guide import REGISTER, about
from sopctl.letters.samples import sample
from sopctl.notation.nearest import suggestion
from sopctl.reports.monitoring_context import MONITORING_NAMES
from sopctl.sop.model import Document, Sop, StepDocument
from sopctl.word.letterhead import logo

AGENDA = "agenda.docx"

OWN = {AGENDA: AGENDA_NAMES, "monitoring.docx": MONITORING_NAMES}
"""The templates that no SOP writes, with the names that each finds."""


class Checked(Struct, frozen=True):
    """One template as `check` found it: what stops a letter, and what is worth a look."""

    template: str
    mistakes: tuple[str, ...]
    notes: tuple[str, ...]


class Variable(Struct, frozen=True):
    """A variable that a template uses: ``origin`` is `sopctl`, `isian` (a field of an SOP) or `templat` (its own)."""

    name: str
    origin: str
    about: str


def names(desk: Session) -> list[str]:
    """The templates of the workspace by file name."""
    return sorted(path.name for path in desk.workspace.templates.glob("*.docx") if not path.name.startswith(("~", ".")))


def named(desk: Session, name: str) -> str:
    """The file name of a template, with or without its ending.

    Raises:
        NotFoundError: where there is none; the message suggests the nearest.
    """
    known = names(desk)
    file = name if name.endswith(".docx") else f"{name}.docx"
    if file not in known:
        raise NotFoundError(
            f"Tidak ada templat '{name}'{suggestion(file, known)}. Yang ada: {', '.join(known)}.", code="template"
        )
    return file


def checked(desk: Session, name: str) -> tuple[Checked, ...]:
    """What is wrong with one template, or with all where none is named."""
    return tuple(_checked(desk, file) for file in ([named(desk, name)] if name else names(desk)))


def variables(desk: Session, name: str) -> tuple[Variable, ...]:
    """What a template asks for, with what each name is.

    Raises:
        WrongError: where the template cannot be read.
    """
    file = named(desk, name)
    compiled = desk.renderer.compiled(file)
    labels = {field.name: field.label for sop in _sops(desk) for field in sop.fields.values()}
    return tuple(_variable(file, variable, labels) for variable in sorted(compiled.names))


def preview(desk: Session, name: str, case_id: str) -> bytes:
    """The template filled in as if it were signed: with the fields of a case, else with samples.

    Raises:
        WrongError: where the template cannot be used.
    """
    file = named(desk, name)
    if file in OWN:
        return _own(desk, file)
    case = desk.record.case(desk.store.matching(case_id)) if case_id else None
    sop = case.sop if case else _user(desk, file)
    subject = case.state.subject if case else f"Contoh {sop.nama}"
    fields = case.state.fields if case else {each.name: sample(each) for each in sop.fields.values()}
    values = _signed(desk, _writing(sop, file), subject, fields)
    return desk.renderer.render(file, values, created=desk.now(), title=f"Contoh {file}")


def _checked(desk: Session, file: str) -> Checked:
    known = OWN.get(file) or frozenset(name for sop in _users(desk, file) for name in sop.fields)
    return Checked(file, check_template(file, desk.renderer, known), template_notes(file, desk.renderer))


def _own(desk: Session, file: str) -> bytes:
    """A template that no SOP writes, with what the record says."""
    if file == AGENDA:
        from sopctl.desk.agenda import printed  # noqa: PLC0415 — few previews are of these
        from sopctl.desk.views import agenda  # noqa: PLC0415 — the same

        return printed(desk, agenda(desk, None), None)
    from sopctl.measure.query import Query  # noqa: PLC0415 — the same
    from sopctl.reports.monitoring import monitoring  # noqa: PLC0415 — the same

    return monitoring(desk, Query())[0]


def _variable(file: str, name: str, labels: dict[str, str]) -> Variable:
    if file in OWN:
        said = {name: text for _, rows in REGISTER.values() for name, text in rows.items()}
        return Variable(name, "sopctl", said.get(name, about(name)))
    if name in NAMES | GIVEN:
        return Variable(name, "sopctl", about(name))
    return Variable(name, "isian" if name in labels else "templat", labels.get(name, ""))


def _sops(desk: Session) -> Iterator[Sop]:
    return (sop for id in desk.library.ids() if (sop := desk.library.file(id).sop) is not None)


def _users(desk: Session, file: str) -> list[Sop]:
    """The SOPs that write the template; all of them where none does, as for a fragment."""
    sops = list(_sops(desk))
    return [sop for sop in sops if any(file in _files(document) for document in sop.documents.values())] or sops


def _files(document: Document) -> set[str]:
    return {document.template, *(other.template for other in document.instead)}


def _user(desk: Session, file: str) -> Sop:
    users = _users(desk, file)
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


def _signed(desk: Session, sop: Sop, subject: str, fields: dict[str, FieldValue]) -> dict[str, object]:
    """The context of the only row's signature, now."""
    now = desk.now()
    step = sop.steps[0]
    opened = Started(at=now, recorded_at=now, by=desk.account, step=step.id, subject=subject, fields=fields)
    before = fold(sop, (opened,))
    for pelaksana in step.pelaksana:
        event = Approved(at=now, recorded_at=now, by=desk.account, for_=pelaksana, step=step.id, to="end")
        state, before = before, apply_event(sop, before, event)
    return context(
        office=desk.office, sop=sop, id="contoh-1", before=state, after=before, event=event,
        nomor="000/0/CONTOH", logo=logo(desk.workspace, desk.office),
    )  # fmt: skip
