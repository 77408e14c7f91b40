"""What a template may be written with: the Jinja that a letter needs, not too deep, and made to pay for its rounds.

What is not named here is refused, so that a new tag of Jinja is one that somebody has thought about. Loads jinja2:
import it only where a template is read.
"""

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.visitor import NodeTransformer

from sopctl.letters.render_budget import ITEM

ROUND, ONCE, WHOLE, LACK = "round!", "once!", "whole!", "lack!"
"""The filters wrapped around what costs: the rounds of a loop, a body that runs, a value that is made or read; and
around a value in whose place something else may be printed (`{{ a.nip or "–" }}`, `{% for … %}` with `{% else %}`).

No tag can write such a name.
"""

_DEPTH = 60
"""How many tags and brackets may stand in each other; a long letter has some ten."""

_BODIES = (nodes.Template, nodes.Block, nodes.Macro, nodes.CallBlock)
_KNOWN = frozenset({
    *_BODIES, nodes.Output, nodes.TemplateData, nodes.Assign, nodes.AssignBlock, nodes.FilterBlock, nodes.For,
    nodes.If, nodes.Include, nodes.With,
    nodes.Import, nodes.FromImport, nodes.Extends,  # refused by whoever compiles: the sentence there is a better one
    nodes.Const, nodes.Dict, nodes.List, nodes.Name, nodes.Pair, nodes.Tuple,
    nodes.Call, nodes.Filter, nodes.Getattr, nodes.Getitem, nodes.Keyword, nodes.Slice, nodes.Test,
    nodes.Add, nodes.And, nodes.Compare, nodes.Concat, nodes.CondExpr, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Mul,
    nodes.Neg, nodes.Not, nodes.Operand, nodes.Or, nodes.Pos, nodes.Pow, nodes.Sub,
})  # fmt: skip


class ForbiddenError(TemplateSyntaxError):
    """Something that is no mistake in Jinja but that a template may not say; the message is Indonesian."""


class Metering(NodeTransformer):
    """Wraps the filters around what costs in a tree; Jinja's filters and operators pay by themselves.

    ForbiddenError where the tree says what it may not, or is too deep.
    """

    def __init__(self) -> None:
        self._depth = self._cost = 0
        self._line = 1

    def generic_visit(self, node: nodes.Node, *_args: object, **_options: object) -> nodes.Node:
        """Check a node, then all below it, then let it pay."""
        self._line = node.lineno or self._line
        self._check(node)
        before = self._cost
        self._cost += ITEM + _characters(node)
        self._depth += 1
        super().generic_visit(node)
        self._depth -= 1
        return _paying(node, self._cost - before)

    def _check(self, node: nodes.Node) -> None:
        if self._depth >= _DEPTH:
            raise ForbiddenError("tag terlalu bertingkat; sederhanakan", self._line)
        if type(node) not in _KNOWN:
            within = (child.lineno for child in node.find_all(nodes.Node) if child.lineno)  # it may have no line itself
            raise ForbiddenError("tag ini tidak diizinkan di templat", node.lineno or next(within, self._line))
        if isinstance(node, nodes.For) and node.recursive:
            raise ForbiddenError("`for … recursive` tidak diizinkan di templat", self._line)


def _paying(node: nodes.Node, cost: int) -> nodes.Node:
    """The node with what pays for it; ``cost`` is that of running all of it once."""
    match node:
        case nodes.For():
            if node.else_:
                node.iter = _filtered(node.iter, LACK)  # type: ignore[arg-type]
            node.iter = _filtered(node.iter, ROUND, cost)  # type: ignore[arg-type]  # it is an expression
        case nodes.Compare() | nodes.Operand():
            node.expr = _weighed(node.expr)
        case nodes.Output():
            node.nodes = [_lacked(one) for one in node.nodes]
        case nodes.Concat():
            node.nodes = [_weighed(one) for one in node.nodes]
        case nodes.List() | nodes.Dict() | nodes.Tuple(ctx="load") | nodes.Getitem(arg=nodes.Slice()):
            return _weighed(node)
        case nodes.Template() | nodes.Block() | nodes.Macro() | nodes.CallBlock():
            once = _filtered(nodes.Const(None, lineno=node.lineno or 1), ONCE, cost)
            node.body.insert(0, nodes.ExprStmt(once, lineno=once.lineno))
    return node


def _lacked(node: nodes.Expr) -> nodes.Expr:
    """What is printed, with a filter around each value that has another one to stand in for it."""
    if isinstance(node, nodes.Or):
        node.left = _lacked(node.left) if isinstance(node.left, nodes.Or) else _filtered(node.left, LACK)
    return node


def _characters(node: nodes.Node) -> int:
    if isinstance(node, nodes.TemplateData):
        return len(node.data)
    return len(node.value) if isinstance(node, nodes.Const) and isinstance(node.value, str) else 0


def _weighed(node: nodes.Expr) -> nodes.Expr:
    """A value that is paid for with all that it holds; what the template itself spells out is paid for already."""
    return node if isinstance(node, nodes.Const) else _filtered(node, WHOLE)


def _filtered(node: nodes.Expr, name: str, *sizes: int) -> nodes.Filter:
    given = [nodes.Const(size, lineno=node.lineno) for size in sizes]
    return nodes.Filter(node, name, given, [], None, None, lineno=node.lineno)
