"""`check`: what is wrong with the SOPs, their templates and `sopctl.yaml`, and whether an SOP may be started."""

from msgspec import Struct

from sopctl.desk.session import Session
from sopctl.errors import WrongError
from sopctl.problems import Problem, errors_of
from sopctl.sop.check import check_sop as check_graph
from sopctl.sop.model import Sop
from sopctl.store.library import SopFile
from sopctl.store.workspace import OFFICE


class CheckResult(Struct, frozen=True):
    """What `check` found in the files that it read."""

    files: tuple[str, ...]
    problems: tuple[Problem, ...]


def check(session: Session, ids: tuple[str, ...]) -> CheckResult:
    """The mistakes of these SOPs, or of all SOPs and the office file where none is named."""
    sources = [session.library.read_file(id) for id in ids or session.library.list_ids()]
    problems = [problem for source in sources for problem in check_file(session, source)]
    paths = [source.path for source in sources]
    if not ids:
        problems += (*session.library.find_misnamed_files(), *_office(session), *_logo(session))
        paths.append(session.workspace.office.name)
    return CheckResult(tuple(paths), tuple(problems))


def startable(session: Session, source: SopFile) -> Sop:
    """The SOP of a file, where nothing in it or in its templates stops a start.

    Raises:
        WrongError: with everything that does.
    """
    mistakes = errors_of(check_file(session, source))
    if mistakes or source.sop is None:
        raise WrongError(
            f"SOP {source.path} belum dapat dijalankan; perbaiki lalu periksa dengan sopctl check.",
            problems=mistakes,
            code="sop",
        )
    return source.sop


def check_file(session: Session, source: SopFile) -> tuple[Problem, ...]:
    """Everything that is worth saying about an SOP file: language, graph, templates."""
    if source.sop is None:
        return source.problems
    known = {
        id: other.sop.nama
        for id in session.library.list_ids()
        if (other := session.library.read_file(id)).sop is not None
    }
    return (
        *source.problems,
        *_named_as_its_file(source, source.sop),
        *check_graph(source.sop, known),
        *_templates(session, source.sop),
    )


def _office(session: Session) -> tuple[Problem, ...]:
    """Everything that is worth saying about `sopctl.yaml`."""
    from sopctl.office.check import check_office  # noqa: PLC0415 — only `check` asks
    from sopctl.office.decode import read_office  # noqa: PLC0415 — brings yaml

    office, problems = read_office(session.record.office_text, OFFICE)
    if office is None:
        return problems
    pelaksana = {
        key for id in session.library.list_ids() if (sop := session.library.read_file(id).sop) for key in sop.pelaksana
    }
    return (*problems, *check_office(office, session.now().year, pelaksana))


def _logo(session: Session) -> tuple[Problem, ...]:
    """What is wrong with the picture of the letterhead; nothing where the office file itself cannot be read."""
    from sopctl.word.letterhead import read_logo  # noqa: PLC0415 — brings what writes documents

    try:
        office = session.office
    except WrongError:
        return ()
    try:
        read_logo(session.workspace, session.office)
    except WrongError as error:
        return (Problem(office.source, error.code, error.message),)
    return ()


def _named_as_its_file(source: SopFile, sop: Sop) -> tuple[Problem, ...]:
    if source.path == f"sops/{sop.id}.yaml":
        return ()
    message = f"`id: {sop.id}` tidak sama dengan nama berkas; ganti nama berkasnya menjadi {sop.id}.yaml."
    return (Problem(sop.source, "file_name", message),)


def _templates(session: Session, sop: Sop) -> tuple[Problem, ...]:
    """What is wrong with the templates of the SOP's documents, at the place where each is named."""
    from sopctl.letters.template_check import check_template  # noqa: PLC0415 — brings docx and jinja2

    problems: list[Problem] = []
    for document in sop.documents.values():
        forms = [(document.template, document.source), *((one.template, one.source) for one in document.instead)]
        for template, source in forms:
            messages = check_template(template, session.renderer, frozenset(sop.fields))
            problems += [Problem(source, "template", message) for message in messages]
    return tuple(problems)
