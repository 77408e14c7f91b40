"""What is wrong with a template, before a case needs it: for `sopctl check` and `sopctl template check`."""

from collections.abc import Collection, Iterable

from msgspec import Struct

from sopctl.errors import WrongError
from sopctl.letters.context import GLOBAL_NAMES, TemplateContext
from sopctl.letters.renderer import Renderer
from sopctl.sop.model import Sop


def check_template(
    name: str, renderer: Renderer, fields: Collection[str], values: type[Struct] = TemplateContext
) -> tuple[str, ...]:
    """Everything wrong with a template, as Indonesian sentences; nothing where it can be used.

    ``fields`` are the fields of the SOP, ``values`` what else it is filled in with. A name that the template itself
    allows to be missing (`is defined`, `| default(kosong)`) is no mistake.
    """
    known = GLOBAL_NAMES.union(values.__struct_fields__, fields)
    try:
        used = renderer.load_compiled(name).used
    except WrongError as error:
        return (error.message,)
    unknown = sorted({(one.file, variable) for one in used for variable in one.names - one.optional - known})
    return tuple(_unknown_name(file, variable, known) for file, variable in unknown)


def template_flaws(name: str, renderer: Renderer) -> tuple[str, ...]:
    """The styles that a template uses and does not define, and what goes with a tag; nothing where it cannot be read.

    A letter is written all the same: its words are right, its look is not.
    """
    try:
        return renderer.load_compiled(name).flaws
    except WrongError:
        return ()


def template_notes(name: str, renderer: Renderer, sops: Iterable[Sop]) -> tuple[str, ...]:
    """What works in a template but is worth a look; nothing where it cannot be read.

    ``sops`` are those that write it: each asks for fields at the steps that do, and some of them should be printed.
    """
    try:
        compiled = renderer.load_compiled(name)
    except WrongError:
        return ()
    asked = {sop.id: _asked_for(sop, name) for sop in sops}
    unprinted = [
        f"Templat {name} tidak mencetak satu pun isian yang diminta SOP {id} pada langkah yang menulisnya: "
        f"{', '.join(names)}. Tambahkan di templat, misalnya {{{{ {names[0]} }}}}."
        for id, names in asked.items()
        if names and compiled.names.isdisjoint((*names, "filled"))
    ]
    return (*compiled.notes, *unprinted)


def _asked_for(sop: Sop, template: str) -> list[str]:
    """The fields for which the SOP asks at the steps that write a document of this template."""
    written = {one.name: one for one in sop.documents.values() if template in one.templates}
    steps = {step.id for step in sop.steps if step.document_name in written}
    deciding = {other.field for one in written.values() for other in one.instead}
    return [field.name for field in sop.fields.values() if field.step in steps and field.name not in deciding]


def _unknown_name(file: str, variable: str, known: frozenset[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 — only where something is wrong

    near = get_close_matches(variable, known, 1)
    hint = f"Maksudnya `{near[0]}`?" if near else "Tambahkan di `fields` SOP atau hapus dari templat."
    return f"Templat {file}: variabel `{variable}` tidak dikenal. {hint}"
