"""What a template may be written with: the Jinja that a letter needs, not too deep, and made to pay for its rounds.

What is not named here is refused, so that a new word of Jinja is one that somebody has thought about. Loads jinja2:
import it only where a template is read.
"""

from collections.abc import Iterator
from typing import Any

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.visitor import NodeTransformer

from sopctl.letters.render_budget import ITEM

ROUND, ONCE, WHOLE = "round!", "once!", "whole!"
"""The filters that are laid around what costs: the rounds of a loop, a body that runs, a value that is made or read.

No template can write such a name.
"""

_DEPTH = 60
"""How many tags and brackets may stand in each other; a long letter has some ten."""

_KNOWN = frozenset({
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Assign, nodes.AssignBlock, nodes.Block, nodes.CallBlock,
    nodes.FilterBlock, nodes.For, nodes.If, nodes.Include, nodes.Macro, nodes.With,
    nodes.Import, nodes.FromImport, nodes.Extends,  # refused by whoever compiles: the sentence there is a better one
    nodes.Const, nodes.Dict, nodes.List, nodes.Name, nodes.Pair, nodes.Tuple,
    nodes.Call, nodes.Filter, nodes.Getattr, nodes.Getitem, nodes.Keyword, nodes.Slice, nodes.Test,
    nodes.Add, nodes.And, nodes.Compare, nodes.Concat, nodes.CondExpr, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Mul,
    nodes.Neg, nodes.Not, nodes.Operand, nodes.Or, nodes.Pos, nodes.Pow, nodes.Sub,
})  # fmt: skip


class ForbiddenError(TemplateSyntaxError):
    """Something that is no mistake in Jinja but that a template may not say; the message is Indonesian."""


def bounded(tree: nodes.Template) -> nodes.Template:
    """The tree with all that it does paid for.

    Raises:
        ForbiddenError: where it says what it may not, or stands too deep.
    """
    line = 1
    for node, depth in _walk(tree):
        line = node.lineno or line
        if depth > _DEPTH:
            raise ForbiddenError("tag terlalu bertingkat; sederhanakan", line)
        if type(node) not in _KNOWN:
            raise ForbiddenError("tag ini tidak diizinkan di templat", line)
        if isinstance(node, nodes.For) and node.recursive:
            raise ForbiddenError("`for … recursive` tidak diizinkan di templat", line)
    bound: nodes.Template = _Bounding().visit(tree)
    return bound


def _walk(root: nodes.Node) -> Iterator[tuple[nodes.Node, int]]:
    """Every node of a tree with its depth, without recursion."""
    waiting = [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting.extend((child, depth + 1) for child in node.iter_child_nodes())


class _Bounding(NodeTransformer):
    """Lays the filters around what costs. Filters and operators pay by themselves."""

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802 — Jinja's own
        """Let each round pay for what is done in it."""
        size = _size(node)
        self.generic_visit(node)
        node.iter = _paying(node.iter, ROUND, size)  # type: ignore[arg-type]  # it is an expression
        return node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Compare:  # noqa: N802 — the same
        """Let a comparison pay for both its sides."""
        self.generic_visit(node)
        node.expr = _whole(node.expr)
        for operand in node.ops:
            operand.expr = _whole(operand.expr)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Concat:  # noqa: N802 — the same
        """Let `~` pay for what it puts together."""
        self.generic_visit(node)
        node.nodes = [_whole(one) for one in node.nodes]
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Expr:  # noqa: N802 — the same
        """Let a slice pay; a single item was there before."""
        self.generic_visit(node)
        return _whole(node) if isinstance(node.arg, nodes.Slice) else node

    def _made(self, node: Any) -> nodes.Expr:  # noqa: ANN401 — one of those below
        """Let a list pay for what it holds; a tuple that names variables is none."""
        self.generic_visit(node)
        return node if getattr(node, "ctx", "load") == "store" else _whole(node)

    visit_List = visit_Dict = visit_Tuple = _made  # noqa: N815 — the same

    def _once(self, node: Any) -> nodes.Node:  # noqa: ANN401 — one of those below
        """Let a body pay whenever it runs."""
        size = _size(node)
        self.generic_visit(node)
        line = node.lineno or 1
        node.body.insert(0, nodes.ExprStmt(_paying(nodes.Const(None, lineno=line), ONCE, size), lineno=line))
        return node  # type: ignore[no-any-return]

    visit_Template = visit_Block = visit_Macro = visit_CallBlock = _once  # noqa: N815 — the same


def _size(root: nodes.Node) -> int:
    """What running a tree once costs, each of its loops taking one round."""
    return sum(ITEM + _letters(node) for node, _ in _walk(root))


def _letters(node: nodes.Node) -> int:
    if isinstance(node, nodes.TemplateData):
        return len(node.data)
    return len(node.value) if isinstance(node, nodes.Const) and isinstance(node.value, str) else 0


def _whole(node: nodes.Expr) -> nodes.Expr:
    """A value that is paid for with all that it holds; what the template itself spells out is paid for already."""
    return node if isinstance(node, nodes.Const) else _paying(node, WHOLE)


def _paying(node: nodes.Expr, name: str, *sizes: int) -> nodes.Filter:
    given = [nodes.Const(size, lineno=node.lineno) for size in sizes]
    return nodes.Filter(node, name, given, [], None, None, lineno=node.lineno)
