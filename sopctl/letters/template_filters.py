"""The filters and tests of a template: Jinja's own, each paying for what it reads and makes.

Loads jinja2: import it only where a template is read.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any

from jinja2.environment import Environment
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS, do_join, do_round, do_sum, make_attrgetter
from jinja2.nodes import EvalContext
from jinja2.tests import TESTS
from jinja2.utils import pass_environment, pass_eval_context

from sopctl.letters.render_budget import RenderBudget

_GLANCING = ("abs", "count", "d", "default", "first", "last", "length")
"""Filters that look at no more than one item, however long the value is."""

_READING = (
    "capitalize", "float", "groupby", "int", "list", "lower", "map", "max", "min", "reject", "rejectattr", "reverse",
    "select", "selectattr", "sort", "string", "title", "trim", "unique", "upper",
)  # fmt: skip
"""Filters that read all of a value and make no more of it than it has; none trusts a value as XML."""

_COMPARING = (
    "==", "eq", "equalto", "!=", "ne", ">", "gt", "greaterthan", ">=", "ge", "<", "lt", "lessthan", "<=", "le", "in",
    "lower", "upper",
)  # fmt: skip
"""Tests that read all of a value; the others ask what kind of value it is."""

_CHARACTER = 8
"""What a character costs that a filter reads: some take it apart into words."""

_PLACES = 12
"""Decimals to which a number is rounded at most."""

Function = Callable[..., Any]


def metered_filters(budget: RenderBudget) -> dict[str, Function]:
    """The filters by their names."""
    read = {name: FILTERS[name] for name in _READING} | {"round": _round, "sum": _sum}
    glanced = {name: FILTERS[name] for name in _GLANCING}
    return glanced | {name: _metered(budget, function) for name, function in read.items()} | {"join": _join(budget)}


def metered_tests(budget: RenderBudget) -> dict[str, Function]:
    """The tests by their names."""
    known: dict[str, Any] = {**TESTS}
    return known | {name: _metered(budget, known[name]) for name in _COMPARING}


def _metered(budget: RenderBudget, function: Function) -> Function:
    """The function, paying for its arguments and its result; a generator becomes a list."""

    @wraps(function)
    def paid(*values: Any, **options: Any) -> Any:  # noqa: ANN401 — Jinja's own
        budget.weigh(*values, *options.values(), each=_CHARACTER)
        answer = function(*values, **options)
        if isinstance(answer, Iterator):
            return budget.collect(answer)
        budget.weigh(answer)
        return answer

    return paid


def _join(budget: RenderBudget) -> Function:
    @pass_eval_context
    def join(context: EvalContext, value: Iterable[Any], d: str = "", attribute: str | int | None = None) -> str:
        if attribute is not None:
            value = map(make_attrgetter(context.environment, attribute), value)
        items = budget.collect(value)
        budget.pay(len(items) * len(str(d)))
        return do_join(context, items, d)  # type: ignore[no-any-return]

    return join


def _round(value: float, precision: int = 0, method: Any = "common") -> float:  # noqa: ANN401 — Jinja looks at it
    if not -_PLACES <= precision <= _PLACES:
        raise SecurityError(f"`round` paling banyak {_PLACES} angka di belakang koma")
    return do_round(value, precision, method)


@pass_environment
def _sum(environment: Environment, iterable: Iterable[Any], attribute: Any = None, start: Any = 0) -> Any:  # noqa: ANN401
    if not isinstance(start, int | float):
        raise SecurityError("`sum` hanya untuk bilangan")
    return do_sum(environment, iterable, attribute, start)
