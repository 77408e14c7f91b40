"""What is wrong with a template, before a case needs it: for `sopctl check` and `sopctl template check`."""

from collections.abc import Collection

from sopctl.errors import WrongError
from sopctl.letters.context import CONTEXT_NAMES
from sopctl.letters.renderer import Renderer


def check_template(name: str, renderer: Renderer, fields: Collection[str]) -> tuple[str, ...]:
    """Everything wrong with a template, as Indonesian sentences; nothing where it can be used.

    ``fields`` are the fields of the SOP. A name that the template itself allows to be missing (`is defined`,
    `| default(kosong)`) is no mistake.
    """
    known = CONTEXT_NAMES | frozenset(fields)
    try:
        used = renderer.load_compiled(name).used
    except WrongError as error:
        return (error.message,)
    unknown = sorted({(one.file, variable) for one in used for variable in one.names - one.optional - known})
    return tuple(_unknown_name(file, variable, known) for file, variable in unknown)


def template_notes(name: str, renderer: Renderer) -> tuple[str, ...]:
    """What works in a template but is worth a look; nothing where it cannot be read."""
    try:
        return renderer.load_compiled(name).notes
    except WrongError:
        return ()


def _unknown_name(file: str, variable: str, known: frozenset[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 — only where something is wrong

    near = get_close_matches(variable, known, 1)
    hint = f"Maksudnya `{near[0]}`?" if near else "Tambahkan di `fields` SOP atau hapus dari templat."
    return f"Templat {file}: variabel `{variable}` tidak dikenal. {hint}"
