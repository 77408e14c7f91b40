"""`template`: are the templates of the workspace sound, what do they ask for, how do they look."""

from pathlib import Path

from msgspec import Struct

from sopctl.desk.session import Session
from sopctl.errors import NotFoundError
from sopctl.letters.context import GLOBAL_SENTENCES, Agenda, AgendaMasuk, TemplateContext
from sopctl.letters.register_print import INCOMING, OUTGOING, render_incoming, render_outgoing
from sopctl.letters.renderer import Renderer
from sopctl.letters.sample_letter import build_sample_context, sample_value
from sopctl.letters.template_check import check_template, template_flaws, template_notes
from sopctl.letters.template_guide import describe
from sopctl.measure.query import Query
from sopctl.notation.nearest import suggestion
from sopctl.reports import monitoring, waiting_sheet
from sopctl.sop.model import Sop
from sopctl.store.case_search import load_found_case

OWN: dict[str, type[Struct]] = {
    OUTGOING: Agenda,
    INCOMING: AgendaMasuk,
    monitoring.TEMPLATE: monitoring.Monitoring,
    waiting_sheet.TEMPLATE: waiting_sheet.WaitingSheet,
}
"""The templates that no SOP writes, with what each is filled in with."""


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


def find_template(folder: Path, name: str) -> str:
    """The file name of a template in the folder, with or without its ending.

    Raises:
        NotFoundError: where there is none; the message suggests the nearest.
    """
    known = _list_templates(folder)
    file = name if name.endswith(".docx") else f"{name}.docx"
    if file not in known:
        raise NotFoundError(
            f"Tidak ada templat '{name}'{suggestion(file, known)}. Yang ada: {', '.join(known)}.", code="template"
        )
    return file


def check_templates(session: Session, name: str) -> tuple[TemplateCheck, ...]:
    """What is wrong with one template, or with all where none is named."""
    folder, sops = session.workspace.templates, session.library.read_sops()
    files = [find_template(folder, name)] if name else _list_templates(folder)
    return tuple(_check(file, sops, session.renderer) for file in files)


def list_variables(session: Session, name: str) -> tuple[TemplateVariable, ...]:
    """What a template asks for, with what each name is.

    Raises:
        WrongError: where the template cannot be read.
    """
    file = find_template(session.workspace.templates, name)
    compiled = session.renderer.load_compiled(file)
    labels = {field.name: field.label for sop in session.library.read_sops() for field in sop.fields.values()}
    return tuple(_describe(file, variable, labels) for variable in sorted(compiled.names))


def preview(session: Session, name: str, case_id: str) -> bytes:
    """The template filled in as if it were signed: with the fields of a case, else with samples.

    Raises:
        WrongError: where the template cannot be used.
    """
    file, record, renderer = find_template(session.workspace.templates, name), session.record, session.renderer
    if file == OUTGOING:
        from sopctl.desk.agenda import list_letters  # noqa: PLC0415 — few previews are of these

        return render_outgoing(record, renderer, list_letters(record, None), None)
    if file == INCOMING:
        from sopctl.desk.incoming_register import list_incoming  # noqa: PLC0415 — the same

        return render_incoming(record, renderer, list_incoming(record), None)
    if file == waiting_sheet.TEMPLATE:
        from sopctl.desk.inbox import inbox  # noqa: PLC0415 — the same

        return waiting_sheet.render_sheet_document(record, renderer, inbox(session).rows)
    if file == monitoring.TEMPLATE:
        return monitoring.render_monitoring_form(record, renderer, Query())[0]
    if case_id:
        case = load_found_case(record, case_id)
        sop, subject, fields = case.sop, case.state.subject, case.state.fields
    else:
        sops = _sops_writing(file, session.library.read_sops())
        if not sops:
            raise NotFoundError("Belum ada SOP di folder sops yang dapat dijadikan contoh.", code="sop")
        sop = sops[0]
        subject, fields = f"Contoh {sop.nama}", {each.name: sample_value(each) for each in sop.fields.values()}
    context = build_sample_context(record, sop, file, subject, fields)
    return renderer.render(file, context, created=record.now(), title=f"Contoh {file}")


def _list_templates(folder: Path) -> list[str]:
    found = (path for path in folder.glob("*.docx") if path.is_file())
    return sorted(path.name for path in found if not path.name.startswith(("~", ".")))


def _check(file: str, sops: list[Sop], renderer: Renderer) -> TemplateCheck:
    writing = _sops_writing(file, sops)
    fields = () if file in OWN else {name for sop in writing for name in sop.fields}
    values = OWN.get(file, TemplateContext)
    mistakes = (*check_template(file, renderer, fields, values), *template_flaws(file, renderer))
    return TemplateCheck(file, mistakes, template_notes(file, renderer, writing))


def _describe(file: str, name: str, labels: dict[str, str]) -> TemplateVariable:
    words = GLOBAL_SENTENCES | describe(OWN.get(file, TemplateContext))
    if file in OWN or name in words:
        return TemplateVariable(name, "sopctl", words.get(name, ""))
    return TemplateVariable(name, "isian" if name in labels else "templat", labels.get(name, ""))


def _sops_writing(file: str, sops: list[Sop]) -> list[Sop]:
    """The SOPs that write the template; all of them where none does, as for a fragment."""
    return [sop for sop in sops if any(file in one.templates for one in sop.documents.values())] or sops
