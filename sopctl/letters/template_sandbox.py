"""The Jinja of a template: strict, escaped, and bounded in what it may call, make and repeat.

Loads jinja2: import it only where a template is read.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, Undefined, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import BlockReference, LoopContext, Macro
from jinja2.runtime import Context as JinjaContext
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import missing
from markupsafe import Markup

from sopctl.letters.predikat import predikat
from sopctl.letters.render_budget import MOST_ROUNDS, RenderBudget
from sopctl.letters.template_filters import metered_filters, metered_tests
from sopctl.letters.template_syntax import LACK, ONCE, ROUND, WHOLE, Metering
from sopctl.word.dates import spell_out
from sopctl.word.printed_values import Blank
from sopctl.word.xml_text import replace_illegal


def bounded_range(*limits: int) -> range:
    """Python's `range`, no longer than a part has rounds; SecurityError else."""
    numbers = range(*limits)
    if numbers[MOST_ROUNDS:]:
        raise SecurityError("`range` terlalu panjang")
    return numbers


def letter_mark(number: int) -> str:
    """The mark of an item counted with letters: `a` of 1, `z` of 26, `aa` of 27; SecurityError where there is none."""
    if not 0 < number < _MOST_MARKED:
        raise SecurityError("`huruf` memerlukan bilangan mulai 1")
    rest, last = divmod(number - 1, 26)
    return (letter_mark(rest) if rest else "") + chr(ord("a") + last)


_MOST_MARKED = 100_000

GLOBALS: dict[str, object] = {
    "huruf": letter_mark,
    "range": bounded_range,
    "predikat": predikat,
    "terbilang": spell_out,
    "kosong": Blank(""),
}
"""What every template may call or print besides its context; `kosong` is a dotted line."""

_LINE_END = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_HINTS = (
    ("item, sequence was empty", "daftarnya kosong"),
    ("no previous item", "tidak ada butir sebelumnya"),
    ("no next item", "tidak ada butir berikutnya"),
    ("was not provided", "makro dipanggil tanpa semua nilainya"),
    ("inline if-expression", "`if` tanpa `else` yang syaratnya tidak terpenuhi"),
    ("no parent block", "`super()` hanya di dalam blok yang mengganti blok lain"),
)
"""Jinja's English messages about missing values, and ours."""


class UnknownValue(StrictUndefined):
    """A name that neither context nor SOP knows: using it ends the rendering."""

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint:
            said = (ours for theirs, ours in _HINTS if theirs in self._undefined_hint)
            return next(said, "nilai itu tidak ada")
        if self._undefined_obj is missing:
            return f"variabel `{self._undefined_name}` tidak dikenal"
        return f"`{self._undefined_name}` tidak ada pada nilai itu"


class ClosedValue(UnknownValue):
    """An attribute that Python reserves, or a method."""

    @property
    def _undefined_message(self) -> str:
        return f"`{self._undefined_name}` tertutup bagi templat"


class TemplateSandbox(SandboxedEnvironment):
    """The environment of a template, which says what a value looks like; each part is filled in with a new budget."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, loader: BaseLoader, show: Callable[[Any], str]) -> None:
        self.budget = RenderBudget()
        self.show = show
        super().__init__(loader=loader, autoescape=True, undefined=UnknownValue, finalize=self._shown, optimized=False)
        self.globals = dict(GLOBALS)
        self.tests: dict[str, Any] = metered_tests(self.budget)
        self.filters = metered_filters(self.budget) | {
            ROUND: self._rounds, ONCE: self._once, WHOLE: self._whole, LACK: _note_lack,
        }  # fmt: skip

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree: nodes.Template = Metering().visit(super()._parse(source, name, filename))
        tree.set_environment(self)
        return tree

    def join_path(self, template: str, parent: str) -> str:
        """The fragment of the part that includes it, whose pictures are its own: `word/document.xml:kop.docx`."""
        return f"{parent.partition(':')[0]}:{template}"

    def concat(self, pieces: Iterable[str]) -> str:
        """What was printed, in one piece, which is paid for before it is made; so was the making of each piece."""
        kept = list(pieces)
        self.budget.pay(sum(map(len, kept)))
        return "".join(kept)

    def call(self, context: JinjaContext, obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 — Jinja's own
        """Call what a template may call, and count it."""
        self.budget.count_round()
        if not self.is_safe_callable(obj):
            raise SecurityError("panggilan ini tertutup bagi templat")
        self.budget.weigh(*args, *kwargs.values())
        return super().call(context, obj, *args, **kwargs)

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ANN401 — the same
        """Allow what this module gives, what the template wrote itself, a loop's helpers: no method of a value."""
        given = isinstance(obj, Macro | BlockReference | Undefined) or any(obj is one for one in GLOBALS.values())
        return given or isinstance(getattr(obj, "__self__", None), LoopContext)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ANN401 — the same
        """Allow the data of a value, and none of its methods."""
        return super().is_safe_attribute(obj, attr, value) and (not callable(value) or self.is_safe_callable(value))

    def unsafe_undefined(self, obj: Any, attribute: str) -> UnknownValue:  # noqa: ANN401, ARG002 — the same
        """The value of an attribute that is closed to templates."""
        return ClosedValue(name=attribute, exc=SecurityError)

    def wrap_str_format(self, value: Any) -> None:  # noqa: ANN401 — the same
        """Treat the format of a text as a method like all others: closed."""

    def getitem(self, obj: Any, argument: Any) -> Any:  # noqa: ANN401 — the same
        """An item; what names it is compared with others, so it pays for its length."""
        self.budget.weigh(argument)
        return super().getitem(obj, argument)

    def call_binop(self, context: JinjaContext, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401
        """Add what can be added, multiply numbers only, and raise none to a power."""
        if operator == "**":
            raise SecurityError("`**` tidak diizinkan")
        if operator == "+":
            self.budget.weigh(left, right)
        elif not (isinstance(left, int | float) and isinstance(right, int | float)):
            raise SecurityError(f"`{operator}` hanya untuk bilangan")
        return self._whole(super().call_binop(context, operator, left, right))

    def _shown(self, value: Any) -> Any:  # noqa: ANN401 — whatever a template prints
        if not isinstance(value, str):
            self.budget.weigh(value)
        shown = self.show(value)
        self.budget.pay(len(shown))
        return shown

    def _rounds(self, values: Iterable[object], size: int) -> Iterator[object]:
        for value in values:
            self.budget.count_round(size)
            yield value

    def _once(self, _value: object, size: int) -> None:
        self.budget.pay(size)

    def _whole(self, value: object) -> object:
        self.budget.weigh(value)
        return value


def _note_lack(value: object) -> object:
    """The value; where it is missing and has a name, that it is."""
    if isinstance(value, Blank) and (value.gap or value.label):
        value.note()
    return value


def printed_text(value: object) -> str:
    """A value as text that XML can hold: line ends are line feeds, what XML cannot hold shows as `�`."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    text = replace_illegal(_LINE_END.sub("\n", str(value)))
    return Markup(text) if isinstance(value, Markup) else text  # noqa: S704 — it was escaped when it became Markup
