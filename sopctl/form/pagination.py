"""Which rows come on which page, and which edges a page break cuts.

An edge to another page ends in an off-page connector (pentagon) at the end of its own page and begins at one with the
same letter on the other: forward from the foot of a page to the head of a later one, back from the head to the foot of
an earlier one. All edges that reach the same step from one side share a letter.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate, takewhile

from msgspec import Struct

from sopctl.form.dimensions import Dimensions
from sopctl.form.flow_graph import Edge, FlowGraph
from sopctl.form.placement import Connector
from sopctl.form.ports import Side

ConnectorKey = tuple[tuple[int, ...], Side]
"""What shares a letter: the target symbols, and the end of their page from which they are reached."""


class CutEnd(Struct, frozen=True):
    """One end of a cut edge: whether it leaves or enters its page, and the strip and letter key of its pentagon."""

    edge: int
    leaves: bool
    strip: Side
    key: ConnectorKey


class PageContent(Struct, frozen=True, kw_only=True):
    """The rows of a page, the edges inside it, the cut ones, and the heights of its strips of pentagons."""

    rows: range
    inside: tuple[int, ...]
    cuts: tuple[CutEnd, ...]
    above: int
    below: int


class Paginator:
    """Distributes the rows of a flow over pages."""

    def __init__(self, graph: FlowGraph, dimensions: Dimensions, borders: Sequence[int]) -> None:
        self.graph = graph
        self.dimensions = dimensions
        self.slots = len(dimensions.connector_slots(0, borders[1] - borders[0])) * (len(borders) - 1)

    def pages(self, heights: Sequence[int], room: Sequence[int]) -> list[PageContent]:
        """The pages of rows that are this high; ``room`` is what each holds, its last entry for all further ones."""
        found: list[PageContent] = []
        start = 0
        while start < len(heights):
            limit = room[min(len(found), len(room) - 1)]
            pages = (self._page(range(start, end)) for end in reversed(_ends(heights, start, limit)))
            fitting = (
                page for page in pages if sum(heights[start : page.rows.stop]) + page.above + page.below <= limit
            )
            found.append(next(fitting, None) or self._page(range(start, start + 1)))
            start = found[-1].rows.stop
        return found

    def _page(self, rows: range) -> PageContent:
        inside = [number for number, edge in enumerate(self.graph.edges) if self._is_inside(edge, rows)]
        cuts = tuple(self._cuts(rows))
        return PageContent(
            rows=rows,
            inside=tuple(inside),
            cuts=cuts,
            above=self._strip(cuts, "top"),
            below=self._strip(cuts, "bottom"),
        )

    def _is_inside(self, edge: Edge, rows: range) -> bool:
        source, target = self._rows(edge)
        return source in rows and target in rows

    def _cuts(self, rows: range) -> Iterator[CutEnd]:
        for number, edge in enumerate(self.graph.edges):
            if self._is_inside(edge, rows):
                continue
            source, target = self._rows(edge)
            foot, head = _STRIPS[target > source]
            if source in rows:
                yield CutEnd(number, leaves=True, strip=foot, key=(edge.targets, head))
            if target in rows:
                yield CutEnd(number, leaves=False, strip=head, key=(edge.targets, head))

    def _strip(self, cuts: Sequence[CutEnd], side: Side) -> int:
        pentagons = len(group_cuts([cut for cut in cuts if cut.strip == side]))
        return self.dimensions.connector_strip(-(-pentagons // self.slots))

    def _rows(self, edge: Edge) -> tuple[int, int]:
        return self.graph.symbols[edge.sources[0]].row, self.graph.symbols[edge.targets[0]].row


_STRIPS: dict[bool, tuple[Side, Side]] = {True: ("bottom", "top"), False: ("top", "bottom")}
"""The ends of the pages at which an edge leaves and enters, by whether it goes forward."""


def _ends(heights: Sequence[int], start: int, limit: int) -> range:
    """Where a page that begins with this row may end if it holds nothing else than its rows."""
    rows = takewhile(lambda height: height <= limit, accumulate(heights[start:]))
    return range(start + 1, start + 1 + sum(1 for _ in rows))


def group_cuts(cuts: Sequence[CutEnd]) -> dict[int | ConnectorKey, list[CutEnd]]:
    """The pentagons of a page: one for each edge that leaves, one for each letter that enters."""
    found: dict[int | ConnectorKey, list[CutEnd]] = {}
    for cut in cuts:
        found.setdefault(cut.edge if cut.leaves else cut.key, []).append(cut)
    return found


def connector_letters(pages: Sequence[PageContent]) -> dict[ConnectorKey, str]:
    """The letter of each key, in the order in which a reader meets them: A to Z, then AA."""
    keys = dict.fromkeys(cut.key for page in pages for cut in page.cuts)
    return {key: _letter(number) for number, key in enumerate(keys)}


def connector_of(graph: FlowGraph, cut: CutEnd, letter: str) -> Connector:
    """The connector of a cut end, meant for the column of the symbol on its page."""
    edge = graph.edges[cut.edge]
    symbol = graph.symbols[edge.sources[0] if cut.leaves else edge.targets[0]]
    return Connector(letter=letter, strip=cut.strip, column=symbol.column)


def _letter(number: int) -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    letter = alphabet[number % len(alphabet)]
    return _letter(number // len(alphabet) - 1) + letter if number >= len(alphabet) else letter
