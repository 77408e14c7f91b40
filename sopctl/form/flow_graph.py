"""The flow of an SOP as a graph: which symbols stand in which row and column, and the edges between them.

It holds no coordinates, so that the form, the terminal, Mermaid and DOT draw the same flow. Capsules stand for the
first and last steps. A step that decides keeps its diamond also there; a small capsule `Mulai` or `Selesai` in its cell
then marks the start or the end.
"""

from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from sopctl.form.geometry import NodeKind
from sopctl.sop.model import END, Sop, Step

START = "Mulai"
FINISH = "Selesai"

MARK = "*"
"""What stands in a symbol of which an exit is told in words."""

Position = Literal["row", "above", "below"]
"""Where a symbol stands in its cell: on the row's centre line, or above or below a diamond."""


class Symbol(Struct, frozen=True, kw_only=True):
    """One node; ``row`` and ``column`` count from 0, ``text`` is that of a small capsule or a `MARK`, else empty."""

    row: int
    column: int
    kind: NodeKind
    position: Position = "row"
    text: str = ""


class Edge(Struct, frozen=True, kw_only=True):
    """An edge between symbols, by index; where several sources or targets are given any of them will do.

    Without ``arrow`` it joins the boxes of those who act together.
    """

    sources: tuple[int, ...]
    targets: tuple[int, ...]
    label: str = ""
    arrow: bool = True


class FlowGraph(Struct, frozen=True):
    """All symbols, row by row, and all edges; those that find no room in a drawing are ``told`` in words instead."""

    symbols: tuple[Symbol, ...]
    edges: tuple[Edge, ...]
    told: tuple[Edge, ...] = ()

    def tell(self, numbers: Collection[int]) -> "FlowGraph":
        """The same flow with some of its edges, by index, told in words."""
        told = [self.edges[number] for number in sorted(numbers)]
        marked = {source for edge in told for source in edge.sources if self.symbols[source].position == "row"}
        return FlowGraph(
            tuple(replace(one, text=MARK) if number in marked else one for number, one in enumerate(self.symbols)),
            tuple(edge for number, edge in enumerate(self.edges) if number not in numbers),
            tuple(sorted((*self.told, *told), key=lambda edge: edge.sources)),
        )


class _Exit(Struct, frozen=True):
    """An exit of a row: from which symbols, with which label, to which step or `end`."""

    sources: tuple[int, ...]
    label: str
    to: str


def build_flow_graph(sop: Sop) -> FlowGraph:
    """The symbols and edges of an SOP that was read without mistakes."""
    return _GraphBuilder(sop).build()


class _GraphBuilder:
    """Adds the symbols row by row, then the edges between rows."""

    def __init__(self, sop: Sop) -> None:
        self.sop = sop
        self.columns = {key: number for number, key in enumerate(sop.pelaksana)}
        self.symbols: list[Symbol] = []
        self.edges: list[Edge] = []
        self.entries: dict[str, tuple[int, ...]] = {}
        self.exits: list[tuple[int, _Exit]] = []

    def build(self) -> FlowGraph:
        for row, step in enumerate(self.sop.steps):
            self._add_row(row, step)
        for row, exit_ in self.exits:
            targets = self._add_finish(row, exit_.sources) if exit_.to == END else self.entries[exit_.to]
            self.edges.append(Edge(sources=exit_.sources, targets=targets, label=exit_.label))
        return FlowGraph(tuple(self.symbols), tuple(self.edges))

    def _add_row(self, row: int, step: Step) -> None:
        first = len(self.symbols)
        numbers = tuple(range(first, first + len(step.pelaksana)))
        diamonds = {numbers[step.pelaksana.index(who)]: step.seen_by(who) for who in step.decides}
        exits = tuple(_exits(self.sop, step, numbers, diamonds))
        last = [exit_ for exit_ in exits if _is_last(exits, exit_, diamonds)]
        entry = numbers if step.together else numbers[:1]
        starts = step.id in self.sop.start
        capsules = {number for exit_ in last for number in exit_.sources} | set(entry if starts else ())
        for number, key in zip(numbers, step.pelaksana, strict=True):
            kind: NodeKind = "diamond" if number in diamonds else "capsule" if number in capsules else "box"
            self.symbols.append(Symbol(row=row, column=self.columns[key], kind=kind))
        self.entries[step.id] = entry
        self._join_row(step, numbers, diamonds)
        if starts and len(entry) == 1 and entry[0] in diamonds:
            self.edges.append(Edge(sources=(len(self.symbols),), targets=entry))
            self.symbols.append(self._small_capsule(row, entry[-1], "above", START))
        self.exits += [(row, exit_) for exit_ in exits if exit_ not in last]

    def _join_row(self, step: Step, numbers: tuple[int, ...], diamonds: Mapping[int, Step]) -> None:
        """Add the edges from symbol to symbol within the row."""
        if step.together:
            pairs = pairwise(sorted(numbers, key=lambda number: self.symbols[number].column))
            self.edges += [Edge(sources=(one,), targets=(two,), arrow=False) for one, two in pairs]
            return
        for one, two in pairwise(numbers):
            onward = self.sop.ways_on(diamonds[one]) if one in diamonds else ()
            self.edges.append(Edge(sources=(one,), targets=(two,), label=" / ".join(one.label for one in onward)))

    def _add_finish(self, row: int, sources: tuple[int, ...]) -> tuple[int, ...]:
        """The small capsule below a symbol; one serves all its exits that end the case."""
        capsule = self._small_capsule(row, sources[-1], "below", FINISH)
        if capsule not in self.symbols:
            self.symbols.append(capsule)
        return (self.symbols.index(capsule),)

    def _small_capsule(self, row: int, diamond: int, position: Position, text: str) -> Symbol:
        return Symbol(row=row, column=self.symbols[diamond].column, kind="capsule", position=position, text=text)


def _is_last(exits: tuple[_Exit, ...], exit_: _Exit, diamonds: Mapping[int, Step]) -> bool:
    """Whether the row's own symbol is the last of the flow: no diamond, and it leads nowhere else."""
    alone = sum(other.sources == exit_.sources for other in exits) == 1
    return exit_.to == END and not diamonds.keys() & exit_.sources and alone


def _exits(sop: Sop, step: Step, numbers: tuple[int, ...], diamonds: Mapping[int, Step]) -> Iterator[_Exit]:
    """The exits of a row: a rejection leaves its diamond, the others leave the symbol of who acts last.

    Of several diamonds the last one says where the row leads; from the others the work goes on to the next in the row.
    """
    if not diamonds:
        from_ = numbers if step.together else numbers[-1:]
        yield from (_Exit(from_, "", to) for to in sop.exits(step))
    for number, seen in diamonds.items():
        onward = sop.ways_on(seen)
        source = number if step.together else numbers[-1]
        shown = source == number or len(onward) > 1  # the label of the only way on stands at the diamond already
        for branch in seen.branches:
            if branch not in onward:
                yield _Exit((number,), branch.label, branch.to)
            elif number == max(diamonds):
                yield _Exit((source,), branch.label if shown else "", branch.to)
