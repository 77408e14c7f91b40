"""Conditions on branches: `nilai >= 75`, in Jinja2's own words and nothing beyond comparing and counting.

An expression comes from a file that anybody in the office may have written, so it is checked before it runs: names,
literals, comparisons, and/or/not and arithmetic on numbers. Attributes, calls, filters and powers are not in the
language; text is never multiplied or formatted. What is left cannot reach the machine nor run for long.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from sopctl.notation.faults import listed, quoted

if TYPE_CHECKING:
    from jinja2.nodes import Expr, Node
    from jinja2.sandbox import SandboxedEnvironment

MAX_LETTERS = 200
MAX_DEPTH = 12

_ALLOWED = frozenset({
    "Name", "Const", "List", "Tuple", "Compare", "Operand", "And", "Or", "Not",
    "Neg", "Pos", "Add", "Sub", "Mul", "Div", "FloorDiv", "Mod",
})  # fmt: skip

_EXAMPLE = "Tulis misalnya: nilai >= 75 and hasil == 'baik'."


class _NotANumberError(TypeError):
    """Arithmetic on something else than numbers."""


def find_condition_error(expression: str) -> str | None:
    """Why an expression cannot be a condition (Indonesian, with what to write), None where it can."""
    parsed = _parsed(expression)
    return parsed if isinstance(parsed, str) else None


def list_condition_fields(expression: str) -> tuple[str, ...]:
    """The fields that a condition asks for, in order; none where it is no condition."""
    from jinja2.nodes import Name  # noqa: PLC0415 — few SOPs have conditions

    parsed = _parsed(expression)
    if isinstance(parsed, str):
        return ()
    return tuple(dict.fromkeys(node.name for node, _ in _walk(parsed) if isinstance(node, Name)))


def evaluate_condition(expression: str, fields: Mapping[str, object]) -> bool | str:
    """Whether a condition holds for the filled-in fields, or why that cannot be decided (Indonesian)."""
    from jinja2 import TemplateError, UndefinedError  # noqa: PLC0415 — few SOPs have conditions

    if complaint := find_condition_error(expression):
        return complaint
    try:
        return bool(_environment().compile_expression(expression, undefined_to_none=False)(dict(fields)))
    except UndefinedError:
        missing = [name for name in list_condition_fields(expression) if name not in fields]
        return f"Syarat {quoted(expression)} memerlukan isian {listed(missing, 'dan')}, yang belum diisi. Isi dulu."
    except ZeroDivisionError:
        return f"Syarat {quoted(expression)} membagi dengan nol. Periksa isiannya."
    except (TypeError, ArithmeticError, TemplateError):
        return f"Syarat {quoted(expression)} membandingkan teks dengan bilangan. Periksa jenis isian dan syaratnya."


def _parsed(expression: str) -> "Expr | str":
    """The expression's tree, or why it is none."""
    from jinja2 import TemplateSyntaxError  # noqa: PLC0415 — few SOPs have conditions
    from jinja2.nodes import Output  # noqa: PLC0415

    if len(expression) > MAX_LETTERS:
        return f"Syarat ini lebih dari {MAX_LETTERS} huruf. Ringkaskan, atau bagi menjadi beberapa langkah."
    if "{" in expression or "}" in expression:
        return f"Syarat ditulis tanpa kurung kurawal. {_EXAMPLE}"
    try:
        tree = _environment().parse(f"{{{{ {expression} }}}}")
    except (TemplateSyntaxError, RecursionError):
        return f"Syarat {quoted(expression)} tidak terbaca{_slip(expression)}. {_EXAMPLE}"
    # Without braces inside there is one output of one expression.
    ((root,),) = [output.nodes for output in tree.find_all(Output)]
    return _complaint(root, expression) or root


def _slip(expression: str) -> str:
    """A sign of another language that was meant for one of this."""
    slips = {"=>": ">=", "=<": "<=", "&&": "and", "||": "or", "<>": "!="}
    slip = next((sign for sign in slips if sign in expression), None)
    if slip:
        return f"; ganti {quoted(slip)} dengan {quoted(slips[slip])}"
    return '; tulis "==" untuk sama dengan' if "=" in expression else ""


def _complaint(root: "Expr", expression: str) -> str | None:
    from jinja2.nodes import Name  # noqa: PLC0415 — few SOPs have conditions

    nodes = list(_walk(root))
    if any(depth > MAX_DEPTH for _, depth in nodes):
        return "Syarat ini terlalu bertingkat. Ringkaskan."
    strange = next((node for node, _ in nodes if type(node).__name__ not in _ALLOWED), None)
    if strange is not None:
        return (
            f"Syarat {quoted(expression)} hanya boleh membandingkan, menghitung, dan memakai and, or, not. {_EXAMPLE}"
        )
    if not any(isinstance(node, Name) for node, _ in nodes):
        return f"Syarat {quoted(expression)} tidak menyebut satu isian pun. {_EXAMPLE}"
    return None


def _walk(root: "Node") -> "Iterator[tuple[Node, int]]":
    """Every node of a tree with its depth, without recursion."""
    waiting = [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting.extend((child, depth + 1) for child in reversed(list(node.iter_child_nodes())))


@cache
def _environment() -> "SandboxedEnvironment":
    """Jinja2's sandbox, without its globals and with arithmetic on numbers only."""
    from jinja2 import StrictUndefined  # noqa: PLC0415 — few SOPs have conditions
    from jinja2.runtime import Context, Undefined  # noqa: PLC0415
    from jinja2.sandbox import SandboxedEnvironment  # noqa: PLC0415

    class Environment(SandboxedEnvironment):
        """Checks both sides of an operator before it counts; unfilled fields complain in their own words."""

        intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%"})

        def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
            """The result of an operator on two numbers."""
            if not all(isinstance(side, int | float | Undefined) for side in (left, right)):
                raise _NotANumberError
            return super().call_binop(context, operator, left, right)

    environment = Environment(undefined=StrictUndefined, autoescape=False)
    environment.globals.clear()
    return environment
