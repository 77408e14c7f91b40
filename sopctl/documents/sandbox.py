"""The Jinja of a template: strict, escaped, and bounded in what it may call, multiply and repeat.

Loads jinja2: import it only where a template is read.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, nodes
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS
from jinja2.runtime import Context as JinjaContext
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import missing
from markupsafe import Markup

from sopctl.documents.context import Blank
from sopctl.documents.predikat import predikat
from sopctl.documents.words import in_words

BUDGET = 100_000
"""How many rounds of loops and calls one part of a document may take; a long one takes some hundreds."""

FILTER_NAMES = (
    "abs", "capitalize", "count", "d", "default", "first", "float", "groupby", "int", "join", "last", "length",
    "list", "lower", "map", "max", "min", "reject", "rejectattr", "reverse", "round", "select", "selectattr", "sort",
    "string", "sum", "title", "trim", "unique", "upper",
)  # fmt: skip
"""The filters of a template: none that trusts a value as XML, and none that makes much out of little."""


def bounded_range(*limits: int) -> range:
    """Python's `range`, no longer than the budget; SecurityError else."""
    numbers = range(*limits)
    if numbers[BUDGET:]:
        raise SecurityError("`range` terlalu panjang")
    return numbers


GLOBALS: dict[str, object] = {
    "range": bounded_range,
    "predikat": predikat,
    "terbilang": in_words,
    "kosong": Blank(""),
}
"""What every template may call or print besides its context; `kosong` is a dotted line."""

_LINE_END = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Unknown(StrictUndefined):
    """A name that neither context nor SOP knows: using it ends the rendering."""

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint:
            return self._undefined_hint
        if self._undefined_obj is missing:
            return f"variabel `{self._undefined_name}` tidak dikenal"
        return f"`{self._undefined_name}` tidak ada pada nilai itu"


class Sandbox(SandboxedEnvironment):
    """The environment of one part; whoever fills it in anew sets its budget to the ``most`` again."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, loader: BaseLoader, finalize: Callable[[Any], Any]) -> None:
        super().__init__(loader=loader, autoescape=True, undefined=Unknown, finalize=finalize)
        self.most = self.budget = BUDGET
        self.globals = dict(GLOBALS)
        self.filters = {name: FILTERS[name] for name in FILTER_NAMES} | {"counted": self._counted}

    def spend(self) -> None:
        """Take one from the budget; SecurityError where nothing is left."""
        self.budget -= 1
        if self.budget < 0:
            raise SecurityError("pengulangan terlalu banyak")

    def _counted(self, values: Iterable[object]) -> Iterator[object]:
        for value in values:
            self.spend()
            yield value

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Let every loop count its rounds, so that nested ones end too."""
        tree = super()._parse(source, name, filename)
        for loop in tree.find_all(nodes.For):
            loop.iter = nodes.Filter(loop.iter, "counted", [], [], None, None, lineno=loop.lineno)
        return tree.set_environment(self)  # type: ignore[return-value]

    def call(self, context: JinjaContext, obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 — Jinja's own
        """Call what a template calls, and count it."""
        self.spend()
        if not self.is_safe_callable(obj):
            raise SecurityError("panggilan ini tertutup bagi templat")
        return super().call(context, obj, *args, **kwargs)

    def unsafe_undefined(self, obj: Any, attribute: str) -> Unknown:  # noqa: ANN401 — Jinja's own
        """Answer for what Python keeps to itself."""
        return Unknown(f"`{attribute}` tertutup bagi templat", obj=obj, name=attribute, exc=SecurityError)

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ANN401 — Jinja's own
        """Refuse the methods of a text: filters do what they do, and none of those fills the memory."""
        return not isinstance(getattr(obj, "__self__", None), str) and super().is_safe_callable(obj)

    def call_binop(self, context: JinjaContext, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401
        """Multiply numbers only, and raise none to a power."""
        if operator == "**" or not (isinstance(left, int | float) and isinstance(right, int | float)):
            raise SecurityError(f"`{operator}` hanya untuk bilangan" if operator != "**" else "`**` tidak diizinkan")
        return super().call_binop(context, operator, left, right)


def printable(value: object) -> str:
    """A value as text that XML can hold: line ends are line feeds, what XML cannot hold shows as `�`."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    text = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", _LINE_END.sub("\n", str(value)))
    return Markup(text) if isinstance(value, Markup) else text  # noqa: S704 — it was escaped when it became Markup
