"""The flow for other tools, as Mermaid and as DOT (Graphviz): one node for each symbol of the form."""

from collections.abc import Iterator

from sopctl.form.flow_graph import Edge, FlowGraph, Symbol, build_flow_graph
from sopctl.sop.model import Sop
from sopctl.sop.wording import number_kegiatan

_MERMAID = {"capsule": ('(["', '"])'), "box": ('["', '"]'), "diamond": ('{"', '"}')}
_DOT = {"capsule": "box, style=rounded", "box": "box", "diamond": "diamond"}
_ENTITIES = str.maketrans({"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "|": "#124;", "`": "#96;"})


def to_mermaid(sop: Sop) -> str:
    """The flow as Mermaid reads it, for Markdown pages and wikis."""
    graph = build_flow_graph(sop)
    return "\n".join(("flowchart TD", *_mermaid_nodes(sop, graph), *map(_mermaid_edge, graph.edges))) + "\n"


def to_dot(sop: Sop) -> str:
    """The flow as Graphviz reads it."""
    graph = build_flow_graph(sop)
    head = (
        f"digraph {_quote(sop.id)} {{",
        "  node [fontname=Arial, fontsize=10]",
        "  edge [fontname=Arial, fontsize=9]",
    )
    return "\n".join((*head, *_dot_nodes(sop, graph), *map(_dot_edge, graph.edges), "}")) + "\n"


def _mermaid_nodes(sop: Sop, graph: FlowGraph) -> Iterator[str]:
    for number, symbol in enumerate(graph.symbols):
        opened, closed = _MERMAID[symbol.kind]
        text = "<br>".join(line.translate(_ENTITIES) for line in _node_lines(sop, symbol))
        yield f"  s{number}{opened}{text}{closed}"


def _mermaid_edge(edge: Edge) -> str:
    label = f'|"{_one_line(edge.label).translate(_ENTITIES)}"|' if edge.label else ""
    return f"  s{edge.sources[-1]} {'-->' if edge.arrow else '---'}{label} s{edge.targets[0]}"


def _dot_nodes(sop: Sop, graph: FlowGraph) -> Iterator[str]:
    for number, symbol in enumerate(graph.symbols):
        label = _quote("\n".join(_node_lines(sop, symbol)))
        yield f"  s{number} [shape={_DOT[symbol.kind]}, label={label}]"


def _dot_edge(edge: Edge) -> str:
    attributes = [f"label={_quote(_one_line(edge.label))}"] if edge.label else []
    attributes += [] if edge.arrow else ["dir=none", "constraint=false"]
    return f"  s{edge.sources[-1]} -> s{edge.targets[0]}" + (f" [{', '.join(attributes)}]" if attributes else "")


def _node_lines(sop: Sop, symbol: Symbol) -> tuple[str, ...]:
    """The text of a node: number and kegiatan, then who does it."""
    if symbol.text:
        return (symbol.text,)
    step = sop.steps[symbol.row]
    pelaksana = list(sop.pelaksana.values())[symbol.column]
    return (number_kegiatan(step.no, _one_line(step.kegiatan)), _one_line(pelaksana))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _quote(text: str) -> str:
    """A text as a string of DOT."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
