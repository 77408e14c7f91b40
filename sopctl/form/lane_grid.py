"""The grid of lanes on which lines are routed, and what occupies it.

The lanes cross in nodes. A segment between two nodes belongs to one line at most; two lines may cross in a node where
both go straight on, and touch nowhere else. No line comes near a symbol but its own, nor over a label.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import pairwise

from msgspec import Struct

from sopctl.form.dimensions import Dimensions
from sopctl.form.geometry import Point, Rect, bounding_rect
from sopctl.form.ports import NEVER, OUTWARD, Port
from sopctl.form.search_limit import SearchLimit

HORIZONTAL, VERTICAL, TURN = 1, 2, 4
"""What a line does in a node: it goes straight through sideways, straight up or down, or it turns."""

_SYMBOL, _LINE, _LABEL = 1, 2, 4
"""Why a segment is not free: a symbol is near, a line lies on it, a label stands there."""

_NODES_PER_STEP = 32
"""How many nodes are made in the time in which the search looks at one."""

HEADINGS: tuple[Point, ...] = ((1, 0), (0, 1), (-1, 0), (0, -1))
"""The directions of a line, by their index: right, down, left, up."""


class PricedPort(Struct, frozen=True):
    """A port where a line may begin or end, and its price."""

    port: Port
    price: int


class GridPath(Struct, frozen=True):
    """A path that was found: its corners from border to border, its ports, the nodes it passes.

    ``price`` is that of its length, bends and ports; crossings belong to two lines and are the grid's to count.
    """

    points: tuple[Point, ...]
    source: Port
    target: Port
    nodes: tuple[int, ...]
    price: int


class LaneGrid:
    """The grid of one page: ``places`` of the nodes, the movements through ``nodes``, the state of the segments.

    A node's segment in ``sideways`` leads to its right, in ``down`` downwards. Those at the edges are blocked, so that
    a walk needs no bounds check: to the left of the first column lies the last segment of the row above. A line that
    turns nearer than ``tight`` before its arrow head costs more.
    """

    def __init__(self, xs: Iterable[int], ys: Iterable[int], dimensions: Dimensions, limit: SearchLimit) -> None:
        self.xs, self.ys, self.limit = sorted(set(xs)), sorted(set(ys)), limit
        self.bend, self.crossing = dimensions.bend, dimensions.crossing
        self.tight = dimensions.clear + dimensions.lane
        self.width = len(self.xs)
        limit.count(self.width * len(self.ys) // _NODES_PER_STEP)
        self.places = [(x, y) for y in self.ys for x in self.xs]
        size = len(self.places)
        self.nodes, self.sideways, self.down = bytearray(size), bytearray(size), bytearray(size)
        self.sideways[self.width - 1 :: self.width] = bytes([_SYMBOL]) * len(self.ys)
        self.down[size - self.width :] = bytes([_SYMBOL]) * self.width
        self._ports: set[Port] = set()
        self._labels: list[Rect] = []

    def block_symbol(self, area: Rect) -> None:
        """Keep lines out of an area; on its border they may run."""
        self._mark(area, _SYMBOL)

    def block_label(self, area: Rect) -> None:
        """Keep lines off a label."""
        self._labels.append(area)
        self._mark(area, _LABEL)

    def unblock_label(self, area: Rect) -> None:
        """Take a label away."""
        self._labels.remove(area)
        self._mark(area, _LABEL, on=False)
        for other in self._labels:
            self._mark(other, _LABEL)

    def occupy(self, path: GridPath) -> None:
        """Take the segments and ports of a path."""
        self._ports |= {path.source, path.target}
        self._mark_path(path, on=True)

    def release(self, path: GridPath) -> None:
        """Free the segments and ports of a path."""
        self._ports -= {path.source, path.target}
        self._mark_path(path, on=False)

    def crossings_price(self) -> int:
        """The price of the crossings of all lines."""
        return self.nodes.count(HORIZONTAL | VERTICAL) * self.crossing

    def crosses(self, path: GridPath) -> bool:
        """Whether a path that was occupied crosses another."""
        return any(self.nodes[node] == HORIZONTAL | VERTICAL for node in path.nodes)

    def entry_node(self, end: PricedPort) -> int | None:
        """The first node outside a port, where a line to it may turn; None where the port is not free."""
        if end.price >= NEVER or end.port in self._ports:
            return None
        (x, y), (right, down) = end.port.outside, OUTWARD[end.port.side]
        column, row = _first_index(self.xs, x, right), _first_index(self.ys, y, down)
        if column is None or row is None:
            return None
        node = row * self.width + column
        stub = bounding_rect(end.port.point, self.places[node])
        return None if any(stub.overlaps(label) for label in self._labels) else node

    def _mark(self, area: Rect, reason: int, *, on: bool = True) -> None:
        """Set or clear a reason on the segments inside an area."""
        columns = range(bisect_right(self.xs, area.left), bisect_left(self.xs, area.right))
        rows = range(bisect_right(self.ys, area.top), bisect_left(self.ys, area.bottom))
        for row in rows:
            for column in range(max(0, columns.start - 1), min(columns.stop, self.width - 1)):
                _switch(self.sideways, row * self.width + column, reason, on=on)
        for row in range(max(0, rows.start - 1), min(rows.stop, len(self.ys) - 1)):
            for column in columns:
                _switch(self.down, row * self.width + column, reason, on=on)

    def _mark_path(self, path: GridPath, *, on: bool) -> None:
        places = (path.points[0], *(self.places[node] for node in path.nodes), path.points[-1])
        for node, before, here, after in zip(path.nodes, places, places[1:], places[2:], strict=False):
            _switch(self.nodes, node, movement_through(before, here, after), on=on)
        for one, two in pairwise(path.nodes):
            segments = self.sideways if self.places[one][1] == self.places[two][1] else self.down
            _switch(segments, min(one, two), _LINE, on=on)


def movement_through(before: Point, here: Point, after: Point) -> int:
    """What a line does ``here`` between two other places of it."""
    if before[1] == here[1] == after[1]:
        return HORIZONTAL
    return VERTICAL if before[0] == here[0] == after[0] else TURN


def _first_index(places: list[int], place: int, onward: int) -> int | None:
    """The index of the first place from here on, up or down as ``onward`` says; of exactly this one where it is 0."""
    index = bisect_right(places, place) - 1 if onward < 0 else bisect_left(places, place)
    if not 0 <= index < len(places) or (onward == 0 and places[index] != place):
        return None
    return index


def _switch(values: bytearray, index: int, bit: int, *, on: bool) -> None:
    values[index] = values[index] | bit if on else values[index] & ~bit
