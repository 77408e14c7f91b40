"""What is wrong with one SOP file and its templates, and whether it may be started."""

from datetime import date

from sopctl.errors import WrongError
from sopctl.letters.renderer import Renderer
from sopctl.problems import Problem, errors_of, note
from sopctl.sop.check import SopNames, check_sop, find_sop_errors
from sopctl.sop.model import Sop
from sopctl.store.library import EXAMPLES, Library, SopFile


def startable_sop(source: SopFile, library: Library, renderer: Renderer) -> Sop:
    """The SOP of a file, where nothing in it, in its templates or in the SOPs that it calls stops a start.

    Of the other SOPs only those are read that it calls, and those that they call: under the lock they are known then.

    Raises:
        WrongError: with everything that does.
    """
    mistakes: tuple[Problem, ...] = errors_of(source.problems)
    if source.sop is not None:
        called = _read_called_sops(source.sop, library)
        ids = [id for id in library.list_ids() if id not in called or called[id].sop is not None]
        found = (*_check_name(source, source.sop), *_check_defaults(source.sop), *find_sop_errors(source.sop, ids))
        mistakes = (*mistakes, *found, *_check_templates(source.sop, renderer))
    if mistakes or source.sop is None:
        raise WrongError(
            f"SOP {source.path} belum dapat dijalankan.",
            problems=mistakes,
            code="sop",
            advice="check",
        )
    return source.sop


def check_file(source: SopFile, names: SopNames, renderer: Renderer) -> tuple[Problem, ...]:
    """All problems of an SOP file: its language, its graph, its templates; what is flawed in those stops no start."""
    if source.sop is None:
        return source.problems
    found = (*_check_name(source, source.sop), *_check_defaults(source.sop), *check_sop(source.sop, names))
    return (*source.problems, *found, *_check_templates(source.sop, renderer, flaws=True))


def _read_called_sops(sop: Sop, library: Library) -> dict[str, SopFile]:
    """The files of the SOPs that an SOP calls, and of those that they call, as far as they are there."""
    files: dict[str, SopFile] = {}
    left, ids = [sop], library.list_ids()
    while left:
        for step in left.pop().steps:
            if step.sop is not None and step.sop.sop in ids and step.sop.sop not in files:
                files[step.sop.sop] = file = library.read_file(step.sop.sop)
                left += [file.sop] if file.sop is not None else []
    return files


def _check_name(source: SopFile, sop: Sop) -> tuple[Problem, ...]:
    if source.path in {f"sops/{sop.id}.yaml", f"sops/{EXAMPLES}/{sop.id}.yaml"}:
        return ()
    message = f"`id: {sop.id}` tidak sama dengan nama file; ganti nama filenya menjadi {sop.id}.yaml."
    return (Problem(sop.source, "file_name", message),)


def _check_defaults(sop: Sop) -> tuple[Problem, ...]:
    """Defaults that are no value of their field."""
    from sopctl.desk.starting_fields import find_wrong_default  # noqa: PLC0415 — only where there is a default

    fields = [field for field in sop.fields.values() if field.default is not None]
    wrong = [(field.source, find_wrong_default(field, date.max)) for field in fields]
    return tuple(Problem(source, "default", f"default {message}") for source, message in wrong if message)


def _check_templates(sop: Sop, renderer: Renderer, *, flaws: bool = False) -> tuple[Problem, ...]:
    """What is wrong with the templates of the SOP's documents, at the place where each is named."""
    from sopctl.letters.template_check import check_template, template_flaws  # noqa: PLC0415 — brings docx and jinja2

    problems: list[Problem] = []
    for document in sop.documents.values():
        forms = [(document.template, document.source), *((one.template, one.source) for one in document.instead)]
        for template, source in forms:
            messages = check_template(template, renderer, frozenset(sop.fields))
            problems += [Problem(source, "template", message) for message in messages]
            flawed = template_flaws(template, renderer) if flaws else ()
            problems += [note(source, "template", message) for message in flawed]
    return tuple(problems)
