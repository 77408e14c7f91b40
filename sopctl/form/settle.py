"""A page with its lines, and the search for pages on which every line has its room.

Where a page has none for a line, all pages are made again with more lanes. A link that finds none even then is cut by
a pair of pentagons, as if a page ended between its symbols.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct

from sopctl.errors import WrongError
from sopctl.form.board import Board, Placing, Wire
from sopctl.form.effort import Effort
from sopctl.form.flow import Flow
from sopctl.form.paging import Key, Leaf, connectors, pentagon
from sopctl.form.routing import Drawn, Measure, Router
from sopctl.sop.model import Sop

_CUTS = 8
"""How often links that found no room are cut before the SOP is given up."""


class Sheet(Struct, frozen=True):
    """A page with its lines drawn; ``links`` are those that each wire stands for."""

    leaf: Leaf
    board: Board
    drawn: tuple[Drawn, ...]
    links: tuple[tuple[int, ...], ...]

    def missing(self) -> Iterator[int]:
        """The links for which the page has no room."""
        for wire, drawn, links in zip(self.board.wires, self.drawn, self.links, strict=True):
            if not drawn.whole(wire):
                yield from links


Make = Callable[[int, frozenset[int], Effort], Sequence[Sheet]]
"""All pages with so many lanes, where these links are cut; what they take is counted."""


def settled(sop: Sop, flow: Flow, make: Make, lanes: Sequence[int]) -> Sequence[Sheet]:
    """The first pages on which every line has its room.

    Raises:
        WrongError: where a step has more exits than a diamond has places, or where the flow takes too long to draw.
    """
    effort = Effort(sop)
    apart: frozenset[int] = frozenset()
    missing: frozenset[int] = frozenset()
    for _ in range(_CUTS):
        for number in lanes:
            effort.spend(len(flow.links) * len(sop.steps))
            sheets = make(number, apart, effort)
            missing = frozenset(link for sheet in sheets for link in sheet.missing())
            if not missing:
                return sheets
        if missing <= apart:
            break
        apart |= missing
    row = flow.symbols[flow.links[min(missing)].sources[0]].row
    raise WrongError(
        f"Alur SOP {sop.id} terlalu rumit untuk digambar: langkah {sop.steps[row].id} mempunyai terlalu banyak cabang. "
        "Pecah langkah itu menjadi dua.",
        code="flow",
    )


def sheet(
    flow: Flow, leaf: Leaf, placing: Placing, names: Mapping[Key, str], measure: Measure, effort: Effort
) -> Sheet:
    """A page with its lines; ``names`` are the letters of the pentagons."""
    board, links = _board(flow, leaf, placing, names)
    return Sheet(leaf, board, Router(board, placing.scale, measure, effort).run(), links)


def _board(
    flow: Flow, leaf: Leaf, placing: Placing, names: Mapping[Key, str]
) -> tuple[Board, tuple[tuple[int, ...], ...]]:
    """The page that waits for its lines, and the links that each of its wires stands for."""
    symbols = placing.symbols()
    numbers = {symbol: number for number, symbol in enumerate(symbols)}
    cuts = connectors(leaf.cuts)
    wanted = [pentagon(flow, group[0], names[group[0].key]) for group in cuts.values()]
    shapes = [*symbols.values(), *placing.pentagons(wanted)]
    strips = [None] * len(symbols) + [one.strip for one in wanted]
    wires = [_inside(flow, link, numbers) for link in leaf.inside]
    links: list[tuple[int, ...]] = [(link,) for link in leaf.inside]
    for number, group in enumerate(cuts.values(), len(symbols)):
        link = flow.links[group[0].link]
        if group[0].leaves:
            sources = tuple(numbers[symbol] for symbol in link.sources)
            wires.append(Wire(sources=sources, targets=(number,), label=link.label))
        else:
            targets = tuple(numbers[symbol] for symbol in link.targets)
            wires.append(Wire(sources=(number,), targets=targets, back=group[0].strip == "bottom"))
        links.append(tuple(cut.link for cut in group))
    board = Board(
        area=placing.area,
        edges=placing.edges,
        bands=placing.bands,
        shapes=tuple(shapes),
        strips=tuple(strips),
        wires=tuple(wires),
        xs=tuple(placing.xs()),
        ys=tuple(placing.ys()),
    )
    return board, tuple(links)


def _inside(flow: Flow, number: int, numbers: dict[int, int]) -> Wire:
    link = flow.links[number]
    source, target = flow.symbols[link.sources[0]], flow.symbols[link.targets[0]]
    climbs = target.row < source.row or (target.row == source.row and bool(set(link.sources) & set(link.targets)))
    return Wire(
        sources=tuple(numbers[symbol] for symbol in link.sources),
        targets=tuple(numbers[symbol] for symbol in link.targets),
        label=link.label,
        arrow=link.arrow,
        back=climbs,
    )
