"""`check`: what is wrong with the SOPs, their templates and `sopctl.yaml`, and whether an SOP may be started."""

from msgspec import Struct

from sopctl.desk.session import Session
from sopctl.errors import WrongError
from sopctl.letters.renderer import Renderer
from sopctl.problems import Problem, errors_of
from sopctl.sop.check import SopNames, check_sop, find_sop_errors
from sopctl.sop.model import Sop
from sopctl.store.library import Library, SopFile
from sopctl.store.record import Record
from sopctl.store.workspace import OFFICE


class CheckResult(Struct, frozen=True):
    """What `check` found in the files that it read."""

    files: tuple[str, ...]
    problems: tuple[Problem, ...]


def check(session: Session, ids: tuple[str, ...]) -> CheckResult:
    """The mistakes of these SOPs, or of all SOPs and the office file where none is named."""
    library = session.library
    sources = [library.read_file(id) for id in ids or library.list_ids()]
    names = {id: sop.nama for id in library.list_ids() if (sop := library.read_file(id).sop) is not None}
    problems = [problem for source in sources for problem in _check_file(source, names, session.renderer)]
    paths = [source.path for source in sources]
    if not ids:
        problems += (
            *library.find_misnamed_files(),
            *_check_office(session.record, library),
            *_check_logo(session.record),
        )
        paths.append(session.workspace.office.name)
    return CheckResult(tuple(paths), tuple(problems))


def startable_sop(source: SopFile, library: Library, renderer: Renderer) -> Sop:
    """The SOP of a file, where nothing in it or in its templates stops a start; no other SOP is read for that.

    Raises:
        WrongError: with everything that does.
    """
    mistakes = errors_of(source.problems)
    if source.sop is not None:
        found = (*_check_name(source, source.sop), *find_sop_errors(source.sop, library.list_ids()))
        mistakes = (*mistakes, *found, *_check_templates(source.sop, renderer))
    if mistakes or source.sop is None:
        raise WrongError(
            f"SOP {source.path} belum dapat dijalankan.",
            problems=mistakes,
            code="sop",
            advice="check",
        )
    return source.sop


def _check_file(source: SopFile, names: SopNames, renderer: Renderer) -> tuple[Problem, ...]:
    """All problems of an SOP file: its language, its graph, its templates."""
    if source.sop is None:
        return source.problems
    found = (*_check_name(source, source.sop), *check_sop(source.sop, names))
    return (*source.problems, *found, *_check_templates(source.sop, renderer))


def _check_office(record: Record, library: Library) -> tuple[Problem, ...]:
    """All problems of `sopctl.yaml`."""
    from sopctl.office.check import check_office  # noqa: PLC0415 — only `check` asks
    from sopctl.office.decode import read_office  # noqa: PLC0415 — brings yaml

    office, problems = read_office(record.office_text, OFFICE)
    if office is None:
        return problems
    pelaksana = {key for sop in library.read_sops() for key in sop.pelaksana}
    return (*problems, *check_office(office, record.now().year, pelaksana))


def _check_logo(record: Record) -> tuple[Problem, ...]:
    """What is wrong with the picture of the letterhead; nothing where the office file itself cannot be read."""
    from sopctl.word.letterhead import read_logo  # noqa: PLC0415 — brings what writes documents

    try:
        office = record.office
    except WrongError:
        return ()
    try:
        read_logo(record.workspace, office)
    except WrongError as error:
        return (Problem(office.source, error.code, error.message),)
    return ()


def _check_name(source: SopFile, sop: Sop) -> tuple[Problem, ...]:
    if source.path == f"sops/{sop.id}.yaml":
        return ()
    message = f"`id: {sop.id}` tidak sama dengan nama berkas; ganti nama berkasnya menjadi {sop.id}.yaml."
    return (Problem(sop.source, "file_name", message),)


def _check_templates(sop: Sop, renderer: Renderer) -> tuple[Problem, ...]:
    """What is wrong with the templates of the SOP's documents, at the place where each is named."""
    from sopctl.letters.template_check import check_template  # noqa: PLC0415 — brings docx and jinja2

    problems: list[Problem] = []
    for document in sop.documents.values():
        forms = [(document.template, document.source), *((one.template, one.source) for one in document.instead)]
        for template, source in forms:
            messages = check_template(template, renderer, frozenset(sop.fields))
            problems += [Problem(source, "template", message) for message in messages]
    return tuple(problems)
