"""The SOPs of the workspace: seeing them, checking them, and whether one may be started."""

from msgspec import Struct

from sopctl.desk.session import Session
from sopctl.errors import WrongError
from sopctl.problems import Problem, errors_of
from sopctl.sop.check import check_sop as check_graph
from sopctl.sop.model import Sop
from sopctl.store.library import SopFile
from sopctl.store.workspace import OFFICE


class Listed(Struct, frozen=True, kw_only=True):
    """One SOP in the list; ``nama`` is empty where the file cannot be read, ``mistakes`` counts what stops a start."""

    id: str
    nama: str
    steps: int
    pelaksana: tuple[str, ...]
    mistakes: int


class Findings(Struct, frozen=True):
    """What `check` found in the files that it read."""

    files: tuple[str, ...]
    problems: tuple[Problem, ...]


def listed(desk: Session) -> tuple[Listed, ...]:
    """Every SOP of the workspace, those with mistakes too."""
    return tuple(_listed(desk.library.file(id), id) for id in desk.library.ids())


def shown(desk: Session, id: str) -> Sop:
    """One SOP.

    Raises:
        WrongError: with its mistakes, where it cannot be read.
    """
    return readable(desk.library.file(id))


def checked(desk: Session, ids: tuple[str, ...]) -> Findings:
    """The mistakes of these SOPs, or of all SOPs and the office file where none is named."""
    sources = [desk.library.file(id) for id in ids or desk.library.ids()]
    problems = [problem for source in sources for problem in examined(desk, source)]
    paths = [source.path for source in sources]
    if not ids:
        problems += (*desk.library.misnamed(), *_office(desk), *_logo(desk))
        paths.append(desk.workspace.office.name)
    return Findings(tuple(paths), tuple(problems))


def readable(source: SopFile) -> Sop:
    """The SOP of a file.

    Raises:
        WrongError: with its mistakes, where it cannot be read.
    """
    if source.sop is None:
        raise WrongError(
            f"SOP {source.path} belum benar; perbaiki lalu periksa dengan sopctl check.",
            problems=errors_of(source.problems),
            code="sop",
        )
    return source.sop


def startable(desk: Session, source: SopFile) -> Sop:
    """The SOP of a file, where nothing in it or in its templates stops a start.

    Raises:
        WrongError: with everything that does.
    """
    mistakes = errors_of(examined(desk, source))
    if mistakes or source.sop is None:
        raise WrongError(
            f"SOP {source.path} belum dapat dijalankan; perbaiki lalu periksa dengan sopctl check.",
            problems=mistakes,
            code="sop",
        )
    return source.sop


def examined(desk: Session, source: SopFile) -> tuple[Problem, ...]:
    """Everything that is worth saying about an SOP file: language, graph, templates."""
    if source.sop is None:
        return source.problems
    known = {id: other.sop.nama for id in desk.library.ids() if (other := desk.library.file(id)).sop is not None}
    return (
        *source.problems,
        *_named_as_its_file(source, source.sop),
        *check_graph(source.sop, known),
        *_templates(desk, source.sop),
    )


def _office(desk: Session) -> tuple[Problem, ...]:
    """Everything that is worth saying about `sopctl.yaml`."""
    from sopctl.office.check import check_office  # noqa: PLC0415 — only `check` asks
    from sopctl.office.decode import read_office  # noqa: PLC0415 — brings yaml

    office, problems = read_office(desk.record.office_text, OFFICE)
    if office is None:
        return problems
    pelaksana = {key for id in desk.library.ids() if (sop := desk.library.file(id).sop) for key in sop.pelaksana}
    return (*problems, *check_office(office, desk.now().year, pelaksana))


def _logo(desk: Session) -> tuple[Problem, ...]:
    """What is wrong with the picture of the letterhead; nothing where the office file itself cannot be read."""
    from sopctl.word.letterhead import logo  # noqa: PLC0415 — brings what writes documents

    try:
        office = desk.office
    except WrongError:
        return ()
    try:
        logo(desk.workspace, desk.office)
    except WrongError as error:
        return (Problem(office.source, error.code, error.message),)
    return ()


def _listed(source: SopFile, id: str) -> Listed:
    sop = source.sop
    return Listed(
        id=id,
        nama=sop.nama if sop else "",
        steps=len(sop.steps) if sop else 0,
        pelaksana=tuple(sop.pelaksana.values()) if sop else (),
        mistakes=len(errors_of(source.problems)),
    )


def _named_as_its_file(source: SopFile, sop: Sop) -> tuple[Problem, ...]:
    if source.path == f"sops/{sop.id}.yaml":
        return ()
    message = f"`id: {sop.id}` tidak sama dengan nama berkas; ganti nama berkasnya menjadi {sop.id}.yaml."
    return (Problem(sop.source, "file_name", message),)


def _templates(desk: Session, sop: Sop) -> tuple[Problem, ...]:
    """What is wrong with the templates of the SOP's documents, at the place where each is named."""
    from sopctl.letters.check import check_template  # noqa: PLC0415 — brings docx and jinja2

    problems: list[Problem] = []
    for document in sop.documents.values():
        forms = [(document.template, document.source), *((one.template, one.source) for one in document.instead)]
        for template, source in forms:
            messages = check_template(template, desk.renderer, frozenset(sop.fields))
            problems += [Problem(source, "template", message) for message in messages]
    return tuple(problems)
