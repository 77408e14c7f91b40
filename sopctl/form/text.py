"""The flow for other tools: as Mermaid and as DOT (Graphviz), one node for each symbol of the form."""

from collections.abc import Iterator, Mapping

from sopctl.form.flow import Flow, Link, Symbol, flow
from sopctl.sop.model import Sop

_MERMAID = {"capsule": ('(["', '"])'), "box": ('["', '"]'), "diamond": ('{"', '"}')}
_DOT = {"capsule": "box, style=rounded", "box": "box", "diamond": "diamond"}
_ENTITIES = str.maketrans({"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "|": "#124;", "`": "#96;"})


def mermaid(sop: Sop) -> str:
    """The flow as Mermaid reads it, for Markdown pages and wikis."""
    drawn = flow(sop)
    return "\n".join(("flowchart TD", *_mermaid_nodes(sop, drawn), *map(_mermaid_link, drawn.links))) + "\n"


def dot(sop: Sop) -> str:
    """The flow as Graphviz reads it."""
    drawn = flow(sop)
    head = (
        f"digraph {_quoted(sop.id)} {{",
        "  node [fontname=Arial, fontsize=10]",
        "  edge [fontname=Arial, fontsize=9]",
    )
    return "\n".join((*head, *_dot_nodes(sop, drawn), *map(_dot_link, drawn.links), "}")) + "\n"


def _mermaid_nodes(sop: Sop, drawn: Flow) -> Iterator[str]:
    for number, symbol in enumerate(drawn.symbols):
        opened, closed = _MERMAID[symbol.kind]
        words = "<br>".join(line.translate(_ENTITIES) for line in _lines(sop, symbol))
        yield f"  s{number}{opened}{words}{closed}"


def _mermaid_link(link: Link) -> str:
    label = f'|"{_line(link.label).translate(_ENTITIES)}"|' if link.label else ""
    return f"  s{link.sources[-1]} {'-->' if link.arrow else '---'}{label} s{link.targets[0]}"


def _dot_nodes(sop: Sop, drawn: Flow) -> Iterator[str]:
    for number, symbol in enumerate(drawn.symbols):
        words = "\n".join(_lines(sop, symbol))
        yield f"  s{number} [shape={_DOT[symbol.kind]}, label={_quoted(words)}]"


def _dot_link(link: Link) -> str:
    looks: Mapping[str, str] = {
        **({"label": _quoted(_line(link.label))} if link.label else {}),
        **({} if link.arrow else {"dir": "none", "constraint": "false"}),
    }
    look = ", ".join(f"{name}={value}" for name, value in looks.items())
    return f"  s{link.sources[-1]} -> s{link.targets[0]}" + (f" [{look}]" if look else "")


def _lines(sop: Sop, symbol: Symbol) -> tuple[str, ...]:
    """What a node says: number and kegiatan, then who does it."""
    if symbol.text:
        return (symbol.text,)
    step = sop.steps[symbol.row]
    no = "" if step.no is None else f"{step.no}. "
    pelaksana = list(sop.pelaksana.values())[symbol.column]
    return (f"{no}{_line(step.kegiatan)}", _line(pelaksana))


def _line(text: str) -> str:
    return " ".join(text.split())


def _quoted(text: str) -> str:
    """A text as a string of DOT."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
