"""One page before its lines are drawn: the symbols in their places, the lanes between them, what is to be connected."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from sopctl.form.flow import Flow, Symbol
from sopctl.form.geometry import Rect, Shape
from sopctl.form.ports import Side
from sopctl.form.scale import Scale

_MOST = 5
"""How many lanes further in than the first are drawn on either side of a symbol at most."""


class Band(Struct, frozen=True, kw_only=True):
    """A row of the table on its page: its step, the space it has, and how much of it pentagons take at either end."""

    row: int
    top: int
    bottom: int
    above: int = 0
    below: int = 0


class Pentagon(Struct, frozen=True, kw_only=True):
    """A connector to or from elsewhere: its letter, the end of the page where it stands, the column that it is for."""

    letter: str
    strip: Side
    column: int


class Wire(Struct, frozen=True, kw_only=True):
    """Two shapes of the page to be connected; ``back`` tells that the line climbs."""

    sources: tuple[int, ...]
    targets: tuple[int, ...]
    label: str = ""
    arrow: bool = True
    back: bool = False


class Board(Struct, frozen=True, kw_only=True):
    """A page that waits for its lines; ``strips`` tells for each shape at which end of the page it is a pentagon."""

    area: Rect
    edges: tuple[int, ...]
    bands: tuple[Band, ...]
    shapes: tuple[Shape, ...]
    strips: tuple[Side | None, ...]
    wires: tuple[Wire, ...]
    xs: tuple[int, ...]
    ys: tuple[int, ...]


def needs(flow: Flow, row: int, scale: Scale) -> tuple[int, int, int]:
    """What a row's symbols take in height: above its line of symbols, that line, and below."""
    symbols = [symbol for symbol in flow.symbols if symbol.row == row]
    line = max(scale.size(symbol.kind)[1] for symbol in symbols if symbol.place == "row")
    small = scale.small[1] + scale.apart
    above = scale.gap + (small if any(symbol.place == "above" for symbol in symbols) else 0)
    below = scale.gap + (small if any(symbol.place == "below" for symbol in symbols) else 0)
    return above, line, below


def strip(scale: Scale, rows: int) -> int:
    """The height that this many lines of pentagons take at the end of a page."""
    return rows * (scale.pentagon[1] + 2 * scale.clear) + 2 * scale.edge if rows else 0


def slots(scale: Scale, left: int, right: int) -> tuple[int, ...]:
    """Where pentagons stand beside each other in a column: in its middle, and on either side if there is room."""
    middle, pitch = (left + right) // 2, scale.pentagon[0] + scale.clear
    room = (right - left) // 2 - scale.edge - scale.pentagon[0] // 2
    return (middle, middle - pitch, middle + pitch) if pitch <= room else (middle,)


class Placing:
    """The symbols of a flow in the columns and bands of one page."""

    def __init__(self, flow: Flow, scale: Scale, edges: Sequence[int], bands: Sequence[Band]) -> None:
        self.flow = flow
        self.scale = scale
        self.edges = tuple(edges)
        self.bands = tuple(bands)
        self.area = Rect(edges[0], bands[0].top, edges[-1], bands[-1].bottom)
        self._lines = {band.row: self._line(band) for band in bands}

    def symbols(self) -> dict[int, Shape]:
        """The shapes of the page's symbols, by the symbols' numbers."""
        return {
            number: self._shape(symbol) for number, symbol in enumerate(self.flow.symbols) if symbol.row in self._lines
        }

    def pentagons(self, wanted: Sequence[Pentagon]) -> list[Shape]:
        """The shapes of connectors, each as near to its column as there is room."""
        taken: set[tuple[Side, int, int]] = set()
        return [self._pentagon(one, taken) for one in wanted]

    def xs(self) -> Iterator[int]:
        """The lanes that run up and down."""
        scale, half = self.scale, self.scale.box[0] // 2
        for left, right in zip(self.edges, self.edges[1:], strict=False):
            center = (left + right) // 2
            yield from (center, center - scale.port, center + scale.port)
            room = center - half - scale.clear - left
            for inward in range(scale.edge, min(room, scale.edge + _MOST * scale.lane) + 1, scale.lane):
                yield from (left + inward, right - inward)
            yield from slots(scale, left, right)

    def ys(self) -> Iterator[int]:
        """The lanes that run sideways."""
        for band in self.bands:
            top, bottom = band.top + band.above, band.bottom - band.below
            center, height = self._lines[band.row]
            yield center
            yield from self._stack(top, center - height // 2)
            yield from self._stack(bottom, center + height // 2)
            yield from self._small_lines(band)
            yield from self._strip_lines(band.top, band.above)
            yield from self._strip_lines(bottom, band.below)

    def _line(self, band: Band) -> tuple[int, int]:
        """The middle of a band's symbols and the height of the largest."""
        above, height, below = needs(self.flow, band.row, self.scale)
        spare = band.bottom - band.below - band.top - band.above - above - height - below
        return band.top + band.above + spare // 2 + above + height // 2, height

    def _shape(self, symbol: Symbol) -> Shape:
        middle, height = self._lines[symbol.row]
        x = (self.edges[symbol.column] + self.edges[symbol.column + 1]) // 2
        width, own = self.scale.size(symbol.kind) if symbol.place == "row" else self.scale.small
        if symbol.place == "above":
            middle -= height // 2 + self.scale.apart + own // 2
        elif symbol.place == "below":
            middle += height // 2 + self.scale.apart + own // 2
        frame = Rect(x - width // 2, middle - own // 2, x + width // 2, middle + own // 2)
        return Shape(kind=symbol.kind, frame=frame, text=symbol.text, row=symbol.row)

    def _stack(self, edge: int, limit: int) -> Iterator[int]:
        """The lanes from the edge of a row to its symbols."""
        inward = 1 if limit > edge else -1
        room = abs(limit - edge) - self.scale.clear
        for depth in range(self.scale.edge, min(room, self.scale.edge + _MOST * self.scale.lane) + 1, self.scale.lane):
            yield edge + inward * depth

    def _small_lines(self, band: Band) -> Iterator[int]:
        """The lanes amid and beside the small capsules."""
        center, height = self._lines[band.row]
        offset = height // 2 + self.scale.apart // 2
        for symbol in self.flow.symbols:
            if symbol.row == band.row and symbol.place != "row":
                side = -1 if symbol.place == "above" else 1
                yield center + side * offset
                yield center + side * (offset + self.scale.apart // 2 + self.scale.small[1] // 2)

    def _strip_lines(self, top: int, height: int) -> Iterator[int]:
        if not height:
            return
        row = self.scale.pentagon[1] + 2 * self.scale.clear
        for place in range(top + self.scale.edge, top + height - self.scale.edge + 1, row):
            yield place
        for place in range(top + self.scale.edge + row // 2, top + height - self.scale.edge, row):
            yield place

    def _pentagon(self, wanted: Pentagon, taken: set[tuple[Side, int, int]]) -> Shape:
        width, height = self.scale.pentagon
        own = (self.edges[wanted.column] + self.edges[wanted.column + 1]) // 2
        places = [x for pair in zip(self.edges, self.edges[1:], strict=False) for x in slots(self.scale, *pair)]
        line = 0
        while not (free := [x for x in places if (wanted.strip, line, x) not in taken]):
            line += 1
        x = min(free, key=lambda place: (abs(place - own), place))
        taken.add((wanted.strip, line, x))
        middle = self._strip_middle(wanted.strip, line)
        frame = Rect(x - width // 2, middle - height // 2, x + width // 2, middle + height // 2)
        return Shape(kind="pentagon", frame=frame, text=wanted.letter)

    def _strip_middle(self, side: Side, line: int) -> int:
        """The middle of a line of pentagons; the lines are counted from the end of the page inwards."""
        row = self.scale.pentagon[1] + 2 * self.scale.clear
        depth = self.scale.edge + row * line + row // 2
        return self.area.top + depth if side == "top" else self.area.bottom - depth
