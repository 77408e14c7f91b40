"""One page before its lines are routed: the symbols in their places, the lanes, what is to be connected."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from sopctl.form.dimensions import Dimensions
from sopctl.form.flow_graph import FlowGraph, Symbol
from sopctl.form.geometry import PlacedSymbol, Rect
from sopctl.form.ports import Side

_MOST = 5
"""How many lanes further in than the first there are on either side of a symbol at most."""


class RowBand(Struct, frozen=True, kw_only=True):
    """A row of the table on its page: its step, its space, and how much of it pentagons take at either end."""

    row: int
    top: int
    bottom: int
    above: int = 0
    below: int = 0


class Connector(Struct, frozen=True, kw_only=True):
    """An off-page connector (pentagon): its letter, the end of the page where it stands, the column that it is for."""

    letter: str
    strip: Side
    column: int


class Connection(Struct, frozen=True, kw_only=True):
    """Two symbols of the page to be connected; ``back`` says that the line goes up."""

    sources: tuple[int, ...]
    targets: tuple[int, ...]
    label: str = ""
    arrow: bool = True
    back: bool = False


class UnroutedPage(Struct, frozen=True, kw_only=True):
    """A page without its lines; ``strips`` says for each symbol at which end of the page it is a pentagon.

    No line ends at one of the ``shut`` sides of symbols.
    """

    area: Rect
    borders: tuple[int, ...]
    bands: tuple[RowBand, ...]
    symbols: tuple[PlacedSymbol, ...]
    strips: tuple[Side | None, ...]
    connections: tuple[Connection, ...]
    xs: tuple[int, ...]
    ys: tuple[int, ...]
    shut: frozenset[tuple[int, Side]] = frozenset()


def stack_rows(rows: range, heights: Sequence[int], top: int, above: int, below: int) -> tuple[RowBand, ...]:
    """The rows of a page from ``top`` down; ``above`` and ``below`` are the strips at the ends of the page."""
    bands = []
    for row in rows:
        over, under = above if row == rows[0] else 0, below if row == rows[-1] else 0
        bottom = top + over + heights[row] + under
        bands.append(RowBand(row=row, top=top, bottom=bottom, above=over, below=under))
        top = bottom
    return tuple(bands)


def symbol_heights(graph: FlowGraph, row: int, dimensions: Dimensions) -> tuple[int, int, int]:
    """What a row's symbols take in height: above its centre line of symbols, that line, and below."""
    symbols = [symbol for symbol in graph.symbols if symbol.row == row]
    line = max(dimensions.size(symbol.kind)[1] for symbol in symbols if symbol.position == "row")
    small = dimensions.small[1] + dimensions.capsule_gap
    above, below = (
        dimensions.row_padding + (small if any(symbol.position == position for symbol in symbols) else 0)
        for position in ("above", "below")
    )
    return above, line, below


class Placement:
    """The symbols of a flow in the columns and rows of one page."""

    def __init__(
        self, graph: FlowGraph, dimensions: Dimensions, borders: Sequence[int], bands: tuple[RowBand, ...]
    ) -> None:
        self.graph = graph
        self.dimensions = dimensions
        self.borders = tuple(borders)
        self.bands = bands
        self.area = Rect(borders[0], bands[0].top, borders[-1], bands[-1].bottom)
        self._centers = {band.row: self._center(band) for band in bands}

    def symbols(self) -> dict[int, PlacedSymbol]:
        """The symbols of the page by their index in the graph."""
        return {
            number: self._place(symbol)
            for number, symbol in enumerate(self.graph.symbols)
            if symbol.row in self._centers
        }

    def connectors(self, wanted: Sequence[Connector]) -> list[PlacedSymbol]:
        """The pentagons of connectors, each as near to its column as there is room."""
        taken: set[tuple[Side, int, int]] = set()
        return [self._place_connector(one, taken) for one in wanted]

    def xs(self) -> Iterator[int]:
        """The vertical lanes."""
        dimensions, half = self.dimensions, self.dimensions.box[0] // 2
        for left, right in pairwise(self.borders):
            center = (left + right) // 2
            yield from (center, center - dimensions.port, center + dimensions.port)
            for inward in self._lanes(center - half - left):
                yield from (left + inward, right - inward)
            yield from dimensions.connector_slots(left, right)

    def ys(self) -> Iterator[int]:
        """The horizontal lanes."""
        for band in self.bands:
            top, bottom = band.top + band.above, band.bottom - band.below
            center, height = self._centers[band.row]
            yield center
            for inward in self._lanes(center - height // 2 - top):
                yield top + inward
            for inward in self._lanes(bottom - center - height // 2):
                yield bottom - inward
            yield from self._small_capsule_lanes(band)
            yield from self._strip_lanes(band.top, band.above)
            yield from self._strip_lanes(bottom, band.below)

    def _center(self, band: RowBand) -> tuple[int, int]:
        """The centre line of a band's symbols and the height of the largest."""
        above, height, below = symbol_heights(self.graph, band.row, self.dimensions)
        spare = band.bottom - band.below - band.top - band.above - above - height - below
        return band.top + band.above + spare // 2 + above + height // 2, height

    def _place(self, symbol: Symbol) -> PlacedSymbol:
        y, height = self._centers[symbol.row]
        x = (self.borders[symbol.column] + self.borders[symbol.column + 1]) // 2
        small = self.dimensions.small
        size = self.dimensions.size(symbol.kind) if symbol.position == "row" else small
        if symbol.position != "row":
            offset = height // 2 + self.dimensions.capsule_gap + small[1] // 2
            y += offset if symbol.position == "below" else -offset
        column = symbol.column if symbol.position == "row" else None
        frame = _centered(x, y, size)
        return PlacedSymbol(kind=symbol.kind, frame=frame, text=symbol.text, row=symbol.row, column=column)

    def _lanes(self, room: int) -> range:
        """The distances of the lanes from a border to a symbol so far from it."""
        edge, lane = self.dimensions.edge, self.dimensions.lane
        return range(edge, min(room - self.dimensions.clear, edge + _MOST * lane) + 1, lane)

    def _small_capsule_lanes(self, band: RowBand) -> Iterator[int]:
        """The lanes through and beside the small capsules."""
        center, height = self._centers[band.row]
        gap, small = self.dimensions.capsule_gap, self.dimensions.small[1]
        offset = height // 2 + gap // 2
        for symbol in self.graph.symbols:
            if symbol.row == band.row and symbol.position != "row":
                side = -1 if symbol.position == "above" else 1
                yield center + side * offset
                yield center + side * (offset + gap // 2 + small // 2)

    def _strip_lanes(self, top: int, height: int) -> Iterator[int]:
        if height:
            edge, line = self.dimensions.edge, self.dimensions.connector_line
            yield from range(top + edge, top + height - edge + 1, line)
            yield from range(top + edge + line // 2, top + height - edge, line)

    def _place_connector(self, wanted: Connector, taken: set[tuple[Side, int, int]]) -> PlacedSymbol:
        own = (self.borders[wanted.column] + self.borders[wanted.column + 1]) // 2
        places = [x for pair in pairwise(self.borders) for x in self.dimensions.connector_slots(*pair)]
        line = 0
        while not (free := [x for x in places if (wanted.strip, line, x) not in taken]):
            line += 1
        x = min(free, key=lambda place: (abs(place - own), place))
        taken.add((wanted.strip, line, x))
        height = self.dimensions.connector_line
        depth = self.dimensions.edge + height * line + height // 2
        y = self.area.top + depth if wanted.strip == "top" else self.area.bottom - depth
        return PlacedSymbol(kind="pentagon", frame=_centered(x, y, self.dimensions.pentagon), text=wanted.letter)


def _centered(x: int, y: int, size: tuple[int, int]) -> Rect:
    width, height = size
    return Rect(x - width // 2, y - height // 2, x + width // 2, y + height // 2)
