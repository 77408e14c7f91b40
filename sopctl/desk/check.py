"""`check`: what is wrong with the SOPs, their templates and `sopctl.yaml`."""

from collections.abc import Sequence

from msgspec import Struct

from sopctl.desk.session import Session
from sopctl.desk.sop_checks import check_file
from sopctl.errors import SopctlError, UsageError, WrongError
from sopctl.letters.case_numbers import find_signers
from sopctl.notation.faults import listed
from sopctl.problems import WEIGHTS, Problem, Source, note
from sopctl.sop.check import SopNames
from sopctl.sop.model import Sop
from sopctl.sop.unconfirmed import confirm
from sopctl.store import disk
from sopctl.store.library import Library
from sopctl.store.record import Record
from sopctl.store.workspace import EMPLOYEES, OFFICE, Workspace


class CheckResult(Struct, frozen=True):
    """What `check` found in the files that it read, the most important first: in the SOPs, and apart in the office.

    ``hidden`` is how many remarks were left out.
    """

    files: tuple[str, ...]
    problems: tuple[Problem, ...]
    office: tuple[Problem, ...] = ()
    hidden: int = 0


def check(session: Session, ids: tuple[str, ...], *, everything: bool = False) -> CheckResult:
    """The problems of these SOPs, or of all SOPs and of the office where none is named.

    With ``everything`` the remarks too, and where no SOP is named the examples.
    """
    library = session.library
    wanted = ids or (*library.list_ids(), *(library.list_examples() if everything else ()))
    sources = [library.read_file(id) for id in wanted]
    names = read_names(library)
    problems = [problem for source in sources for problem in check_file(source, names, session.renderer)]
    problems += [problem for source in sources if source.sop for problem in _check_signers(session.record, source.sop)]
    paths = [source.path for source in sources]
    if ids:
        return rank_problems(paths, problems, everything=everything)
    office = (*_check_office(session.record, library), *_check_logo(session.record))
    return rank_problems(
        [*paths, session.workspace.office.name],
        [*problems, *library.find_misnamed_files()],
        [*office, *_check_employees(session.workspace)],
        everything=everything,
    )


def ask_database(session: Session) -> SopctlError | None:
    """Why a record in a database cannot be asked; None where it can, or lies in files, or nobody knows where."""
    try:
        if session.record.office.record.store == "files":
            return None
    except WrongError:
        return None
    try:
        session.record.whole_store.state()
    except SopctlError as error:
        return error
    return None


def accept_remarks(session: Session, ids: tuple[str, ...]) -> None:
    """Take the remarks `# periksa` out of these SOP files: somebody compared them with their forms.

    Raises:
        NotFoundError: where there is no such SOP; then none was changed.
    """
    sources = [session.library.read_file(id) for id in ids]
    for source in sources:
        text = confirm(source.text.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
        if text != source.text:
            disk.replace_file(session.workspace.root / source.path, text, keep_permissions=True)


def rank_problems(
    files: Sequence[str], problems: Sequence[Problem], office: Sequence[Problem] = (), *, everything: bool = False
) -> CheckResult:
    """What was found by weight, within a weight by place; remarks only with ``everything``."""
    told, of_office = (
        sorted((one for one in found if everything or one.weight != "remark"), key=_rank)
        for found in (problems, office)
    )
    hidden = len(problems) + len(office) - len(told) - len(of_office)
    return CheckResult(tuple(files), tuple(told), tuple(of_office), hidden)


def _rank(problem: Problem) -> tuple[int, str, int, int]:
    source = problem.source
    return WEIGHTS.index(problem.weight), source.path, source.line, source.column


def read_names(library: Library) -> SopNames:
    """The nama of every SOP that can be read, under its id."""
    return {id: sop.nama for id in library.list_ids() if (sop := library.read_file(id).sop) is not None}


def _check_office(record: Record, library: Library) -> tuple[Problem, ...]:
    """All problems of `sopctl.yaml`."""
    from sopctl.office.check import check_office  # noqa: PLC0415 — only `check` asks
    from sopctl.office.decode import read_office  # noqa: PLC0415 — brings yaml

    office, problems = read_office(record.office_text, OFFICE)
    if office is None:
        return problems
    pelaksana = {key for sop in library.read_sops() for key in sop.pelaksana}
    return (*problems, *check_office(office, record.now().year, pelaksana, library.list_ids()))


def _check_signers(record: Record, sop: Sop) -> tuple[Problem, ...]:
    """The rows that sign a numbered letter by whom the office does not let sign one: it is refused when they do."""
    try:
        settings = record.office.letter_number
    except WrongError:
        return ()
    rows = [(step, sop.documents.get(step.document.name)) for step in sop.steps if step.document]
    signed = [(step, document) for step, document in rows if step.document and step.document.act == "sign" and document]
    return tuple(
        note(
            step.source,
            "signers",
            f"{sop.pelaksana[signer]} menandatangani surat bernomor {document.name}, tetapi tidak termasuk "
            "letter_number.signers di sopctl.yaml: tanda tangannya akan ditolak. Pindahkan `act: sign` ke baris yang "
            "berwenang, atau tulis `signers` pada dokumennya.",
            "important",
        )
        for step, document in signed
        if (may := find_signers(document, settings)) and (signer := step.decider) not in may
    )


def _check_employees(workspace: Workspace) -> tuple[Problem, ...]:
    """What is wrong with the list of the office's people: without it their rows are typed in full."""
    from sopctl.desk.employees import read_employees  # noqa: PLC0415 — only `check` asks

    place = Source(EMPLOYEES, 1, 1)
    try:
        employees = read_employees(workspace)
    except UsageError as error:
        return (Problem(place, "employees", error.message),)
    named: dict[str, list[str]] = {}
    for one in employees:
        named.setdefault(one["nip"], []).append(one["nama"])
    return tuple(
        note(place, "employees", f"NIP {nip} tertulis pada {listed(names, 'dan')}. Perbaiki atau hapus salah satu.")
        for nip, names in named.items()
        if nip and len(names) > 1
    )


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
