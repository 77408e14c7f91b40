"""The lanes on which lines run, and what already lies on them.

The lanes cross in nodes. A stretch between two nodes belongs to one line at most; two lines may cross in a node where
both go straight on, and touch nowhere else. No line comes near a symbol but its own, nor over a label.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import pairwise

from msgspec import Struct

from sopctl.form.effort import Effort
from sopctl.form.geometry import Point, Rect, span
from sopctl.form.ports import NEVER, OUTWARD, Port
from sopctl.form.scale import Scale

ACROSS, ALONG, TURN = 1, 2, 4
"""What a line does in a node: it goes straight on sideways, straight on up or down, or it turns."""

_SHUT, _TAKEN, _WORDS = 1, 2, 4
"""Why a stretch is not free: a symbol is near, a line lies on it, a label stands there."""

_LAID = 32
"""How many nodes are made in the time in which the search looks at one."""

HEADINGS: tuple[Point, ...] = ((1, 0), (0, 1), (-1, 0), (0, -1))
"""The directions of a line, by their numbers: right, down, left, up."""


class End(Struct, frozen=True):
    """A place where a line may begin or end, and its price."""

    port: Port
    price: int


class Path(Struct, frozen=True):
    """A line that was found: its corners from border to border, its ports, the nodes it passes.

    ``price`` is that of its length, bends and ports; crossings belong to two lines and are the grid's to count.
    """

    points: tuple[Point, ...]
    source: Port
    target: Port
    nodes: tuple[int, ...]
    price: int


class Grid:
    """The lanes of one page: ``places`` of the nodes, what passes ``nodes``, what lies on the stretches beside them.

    A node's stretch in ``sideways`` leads to its right, in ``down`` downwards. Those at the edges are shut, so that a
    walk needs no look at where the page ends: to the left of the first column lies the last stretch of the row above.
    A line that turns nearer than ``tight`` before its arrow head is not pretty.
    """

    def __init__(self, xs: Iterable[int], ys: Iterable[int], scale: Scale, effort: Effort) -> None:
        self.xs, self.ys, self.effort = sorted(set(xs)), sorted(set(ys)), effort
        self.bend, self.crossing, self.tight = scale.bend, scale.crossing, scale.clear + scale.lane
        self.width = len(self.xs)
        effort.spend(self.width * len(self.ys) // _LAID)
        self.places = [(x, y) for y in self.ys for x in self.xs]
        size = len(self.places)
        self.nodes, self.sideways, self.down = bytearray(size), bytearray(size), bytearray(size)
        self.sideways[self.width - 1 :: self.width] = bytes([_SHUT]) * len(self.ys)
        self.down[size - self.width :] = bytes([_SHUT]) * self.width
        self._ports: set[Port] = set()
        self._labels: list[Rect] = []

    def shut(self, area: Rect) -> None:
        """Keep lines out of an area; on its border they may run."""
        self._mark(area, _SHUT)

    def label(self, area: Rect) -> None:
        """Keep lines off a label."""
        self._labels.append(area)
        self._mark(area, _WORDS)

    def unlabel(self, area: Rect) -> None:
        """Take a label away."""
        self._labels.remove(area)
        self._mark(area, _WORDS, take=False)
        for other in self._labels:
            self._mark(other, _WORDS)

    def lay(self, path: Path) -> None:
        """Take the lanes and ports of a path."""
        self._ports |= {path.source, path.target}
        self._change(path, take=True)

    def lift(self, path: Path) -> None:
        """Give the lanes and ports of a path back."""
        self._ports -= {path.source, path.target}
        self._change(path, take=False)

    def crossings(self) -> int:
        """What the crossings of all lines cost."""
        return self.nodes.count(ACROSS | ALONG) * self.crossing

    def crosses(self, path: Path) -> bool:
        """Whether a path that was laid crosses another."""
        return any(self.nodes[node] == ACROSS | ALONG for node in path.nodes)

    def crossed(self, before: Point, here: Point, node: int, after: Point) -> int:
        """What a way through a node that lies ``here`` pays there for crossing another line."""
        return self.crossing if self.nodes[node] and passing(before, here, after) != TURN else 0

    def beside(self, end: End) -> int | None:
        """The first node outside a port, where a line to it may turn; None where the port is not free."""
        if end.price >= NEVER or end.port in self._ports:
            return None
        (x, y), (right, down) = end.port.outside, OUTWARD[end.port.side]
        column, row = _first(self.xs, x, right), _first(self.ys, y, down)
        if column is None or row is None:
            return None
        node = row * self.width + column
        stub = span(end.port.point, self.places[node])
        return None if any(stub.overlaps(label) for label in self._labels) else node

    def _mark(self, area: Rect, why: int, *, take: bool = True) -> None:
        """Note on the stretches inside an area why they are not free, or that they are."""
        columns = range(bisect_right(self.xs, area.left), bisect_left(self.xs, area.right))
        rows = range(bisect_right(self.ys, area.top), bisect_left(self.ys, area.bottom))
        for row in rows:
            for column in range(max(0, columns.start - 1), min(columns.stop, self.width - 1)):
                node = row * self.width + column
                self.sideways[node] = _switched(self.sideways[node], why, take=take)
        for column in columns:
            for row in range(max(0, rows.start - 1), min(rows.stop, len(self.ys) - 1)):
                node = row * self.width + column
                self.down[node] = _switched(self.down[node], why, take=take)

    def _change(self, path: Path, *, take: bool) -> None:
        places = (path.points[0], *(self.places[node] for node in path.nodes), path.points[-1])
        for number, node in enumerate(path.nodes):
            before, here, after = places[number : number + 3]
            self.nodes[node] = _switched(self.nodes[node], passing(before, here, after), take=take)
        for one, two in pairwise(path.nodes):
            stretches = self.sideways if self.places[one][1] == self.places[two][1] else self.down
            stretches[min(one, two)] = _switched(stretches[min(one, two)], _TAKEN, take=take)


def passing(before: Point, here: Point, after: Point) -> int:
    """What a line does ``here`` between two other places of it."""
    if before[1] == here[1] == after[1]:
        return ACROSS
    return ALONG if before[0] == here[0] == after[0] else TURN


def _first(places: list[int], place: int, onward: int) -> int | None:
    """The index of the first place from here on, up or down as ``onward`` says; of exactly this one where it is 0."""
    index = bisect_right(places, place) - 1 if onward < 0 else bisect_left(places, place)
    if not 0 <= index < len(places) or (onward == 0 and places[index] != place):
        return None
    return index


def _switched(value: int, bit: int, *, take: bool) -> int:
    return value | bit if take else value & ~bit
