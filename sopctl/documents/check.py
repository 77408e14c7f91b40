"""What is wrong with a template, before a case needs it: for `sopctl check`."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from sopctl.documents.context import NAMES
from sopctl.documents.loader import Loader
from sopctl.errors import WrongError

if TYPE_CHECKING:
    from jinja2 import nodes


def variables(name: str, loader: Loader) -> frozenset[str]:
    """The names that a template and its fragments ask the context for.

    WrongError where the file or a tag in it cannot be read.
    """
    return frozenset().union(*(names for _, names, _ in _asked(name, loader)))


def check_template(name: str, loader: Loader, fields: Collection[str]) -> tuple[str, ...]:
    """Everything wrong with a template, as Indonesian sentences; nothing where it can be used.

    ``fields`` are the fields of the SOP. A name that the template itself allows to be missing (`is defined`,
    `| default(kosong)`) is no mistake.
    """
    known = NAMES | frozenset(fields)
    try:
        asked = _asked(name, loader)
    except WrongError as error:
        return (error.message,)
    unknown = sorted({(file, variable) for file, names, optional in asked for variable in names - optional - known})
    return tuple(_sentence(file, variable, known) for file, variable in unknown)


def _asked(name: str, loader: Loader) -> list[tuple[str, frozenset[str], frozenset[str]]]:
    """Per file and part: the names asked for, and those of them that may be missing."""
    from jinja2 import meta  # noqa: PLC0415 — start-up time is a feature

    from sopctl.documents.fill import parts  # noqa: PLC0415 — the same

    return [
        (file, frozenset(meta.find_undeclared_variables(tree)), _optional(tree))
        for part in parts(name, loader)
        for file, tree in part.trees().items()
    ]


def _optional(tree: "nodes.Template") -> frozenset[str]:
    """The names that the template asks about before it uses them, and those that it sets itself."""
    from jinja2 import nodes  # noqa: PLC0415 — start-up time is a feature

    asked: list[nodes.Node | None] = [
        test.node for test in tree.find_all(nodes.Test) if test.name in ("defined", "undefined")
    ]
    asked += [filter_.node for filter_ in tree.find_all(nodes.Filter) if filter_.name in ("default", "d")]
    own = [name for name in tree.find_all(nodes.Name) if name.ctx == "store"]
    return frozenset(node.name for node in (*asked, *own) if isinstance(node, nodes.Name))


def _sentence(file: str, variable: str, known: frozenset[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 — only where something is wrong

    near = get_close_matches(variable, known, 1)
    hint = f"Maksudnya `{near[0]}`?" if near else "Tambahkan di `fields` SOP atau hapus dari templat."
    return f"Templat {file}: variabel `{variable}` tidak dikenal. {hint}"
