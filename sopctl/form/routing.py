"""Drawing the lines of a page, one after the other, each the cheapest that those before it leave.

Who comes first has the choice, so several orders are tried, and the page that costs least is kept. Where a line or its
label finds no room it comes first in another attempt. Then lines are lifted and laid again, now that they know all
others.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import permutations

from msgspec import Struct

from sopctl.form.board import Board, Wire
from sopctl.form.effort import Effort
from sopctl.form.geometry import Shape
from sopctl.form.grid import End, Grid, Path
from sopctl.form.ports import Port, entering, joining, leaving, ports
from sopctl.form.scale import Scale
from sopctl.form.search import cheapest
from sopctl.form.words import Placed, Surroundings, Words, place, segments

_ATTEMPTS = 4
_ROUNDS = 3

_MANY = 30
"""Lines from which a page (the one endless page of a terminal) is drawn in one order and bettered line by line only."""

_SHUT = 2
"""Steps in which a symbol is taken out of the lanes."""

_NO_LABEL, _NO_LINE = 100_000, 1_000_000
"""What it costs that a label or a line has no room: more than any way around."""

Measure = Callable[[str], Sequence[Words]]
"""The ways in which a label may be broken."""


class Drawn(Struct, frozen=True):
    """A wire as it was drawn; without ``path`` there was no room for it, without ``label`` none for its word."""

    path: Path | None
    label: Placed | None
    price: int

    def whole(self, wire: Wire) -> bool:
        """Whether everything of the wire is on the page."""
        return self.path is not None and (not wire.label or self.label is not None)


class Router:
    """The lines of one page."""

    def __init__(self, board: Board, scale: Scale, measure: Measure, effort: Effort) -> None:
        self.board = board
        self.scale = scale
        self.measure = measure
        self.effort = effort
        self.ports = [tuple(ports(number, shape, scale)) for number, shape in enumerate(board.shapes)]
        rows = [band.top for band in board.bands[1:]]
        frames = [shape.frame for shape in board.shapes]
        self.around = Surroundings(board.area, frames, board.edges[1:-1], rows)
        self.alone: list[int] = []

    def run(self) -> tuple[Drawn, ...]:
        """Every wire of the board as it is drawn, in the board's order."""
        wires = range(len(self.board.wires))
        self.alone = [_Page(self).found(number).price for number in wires]
        best = min(self._pages(), key=_Page.price)
        return tuple(best.drawn[number] for number in wires)

    def _pages(self) -> Iterator["_Page"]:
        """The page drawn in one order after the other, until nothing could be better; no page that was seen twice."""
        seen: set[int] = set()
        for order in self._orders():
            page = self._drawn(order)
            page.repair()
            if page.price() not in seen:
                seen.add(page.price())
                if not page.missing() and not self.effort.scarce:
                    page.improve()
                yield page
            if page.perfect() or len(self.board.wires) > _MANY or self.effort.scarce:
                return

    def _drawn(self, order: list[int]) -> "_Page":
        """The lines drawn in this order; what then has no room comes first in another attempt."""
        best = page = _Page(self, order)
        for _ in range(_ATTEMPTS):
            missing = page.missing()
            if not missing:
                return page
            order = missing + [number for number in order if number not in missing]
            page = _Page(self, order)
            best = min(best, page, key=_Page.price)
        return best

    def _orders(self) -> Iterator[list[int]]:
        """Orders that have little in common: forward or back first, the short or the long first."""
        lengths = [(self._length(number), number) for number in range(len(self.board.wires))]
        short = [number for _, number in sorted(lengths)]
        yield sorted(short, key=lambda number: self.board.wires[number].back)
        yield sorted(short, key=lambda number: not self.board.wires[number].back)
        yield short
        yield short[::-1]

    def _length(self, number: int) -> int:
        wire = self.board.wires[number]
        source, target = self.board.shapes[wire.sources[0]], self.board.shapes[wire.targets[0]]
        (x, y), (right, down) = source.frame.center, target.frame.center
        return abs(down - y) + abs(right - x)


class _Page:
    """The lanes of the page with what was drawn so far, in the order of ``wires``."""

    def __init__(self, router: Router, wires: Sequence[int] = ()) -> None:
        self.router = router
        self.board, self.scale = router.board, router.scale
        self.grid = Grid(self.board.xs, self.board.ys, self.scale, router.effort)
        router.effort.spend(_SHUT * len(self.board.shapes))
        for shape in self.board.shapes:
            self.grid.shut(shape.frame.grown(self.scale.clear))
        self.drawn: dict[int, Drawn] = {}
        for number in wires:
            self.draw(number)

    def price(self) -> int:
        """What the page costs, to compare with another way of drawing it."""
        return self.grid.crossings() + sum(drawn.price for drawn in self.drawn.values())

    def missing(self) -> list[int]:
        """The wires that are not wholly on the page."""
        return [number for number, one in sorted(self.drawn.items()) if not one.whole(self.board.wires[number])]

    def draw(self, number: int) -> None:
        """Draw a wire where there is room for it."""
        self._keep(number, self.found(number))

    def repair(self) -> None:
        """Make room for what is missing: lay it anew together with each line that it meets."""
        for number in self.missing():
            for other in list(self.drawn):
                if self.drawn[number].whole(self.board.wires[number]):
                    break
                if other != number and self._meet(number, other):
                    self._improved((number, other))

    def improve(self) -> None:
        """Lift lines, alone or two that meet, and lay them anew as long as the page gets better."""
        order = list(self.drawn)
        groups: list[tuple[int, ...]] = [(number,) for number in order]
        if len(order) <= _MANY:
            groups += [pair for pair in permutations(order, 2) if self._meet(*pair)]
        for _ in range(_ROUNDS):
            poor = (group for group in groups if not all(self._perfect(number) for number in group))
            better = [group for group in poor if not self.router.effort.scarce and self._improved(group)]
            if not better:
                break

    def perfect(self) -> bool:
        """Whether every line is drawn as if it were alone on the page."""
        return all(self._perfect(number) for number in self.drawn)

    def _perfect(self, number: int) -> bool:
        """Whether a wire could not be drawn better if it were alone on the page."""
        drawn = self.drawn[number]
        alone = drawn.price <= self.router.alone[number]
        return alone and drawn.path is not None and not self.grid.crosses(drawn.path)

    def _meet(self, one: int, two: int) -> bool:
        """Whether two wires share a symbol."""
        first, second = self.board.wires[one], self.board.wires[two]
        return bool({*first.sources, *first.targets} & {*second.sources, *second.targets})

    def _improved(self, group: tuple[int, ...]) -> bool:
        before, price = [self.drawn[number] for number in group], self.price()
        for number in group:
            self._lift(number)
        for number in group:
            self.draw(number)
        if self.price() < price:
            return True
        for number in group:
            self._lift(number)
        for number, drawn in zip(group, before, strict=True):
            self._keep(number, drawn)
        return False

    def _keep(self, number: int, drawn: Drawn) -> None:
        self.drawn[number] = drawn
        if drawn.path:
            self.grid.lay(drawn.path)
        if drawn.label:
            self.grid.label(drawn.label.frame)

    def _lift(self, number: int) -> None:
        drawn = self.drawn.pop(number)
        if drawn.path:
            self.grid.lift(drawn.path)
        if drawn.label:
            self.grid.unlabel(drawn.label.frame)

    def found(self, number: int) -> Drawn:
        """How a wire is drawn best between those that are there."""
        wire = self.board.wires[number]
        path = cheapest(self.grid, *self._ends(wire))
        if path is None:
            return Drawn(None, None, _NO_LINE)
        if not wire.label:
            return Drawn(path, None, path.price)
        placed = self._label(wire.label, path)
        if placed is None:
            return Drawn(path, None, path.price + _NO_LABEL)
        return Drawn(path, placed, path.price + placed.cost)

    def _label(self, label: str, path: Path) -> Placed | None:
        lines = [stretch for one in self.drawn.values() if one.path for stretch in segments(one.path.points)]
        words = [one.label.frame for one in self.drawn.values() if one.label]
        ways, gap = self.router.measure(label), self.scale.label_gap
        self.router.effort.spend(len(self.board.shapes) + len(lines) + len(words))
        return place(path.points, ways, gap, self.router.around, [*lines, *words])

    def _ends(self, wire: Wire) -> tuple[list[End], list[End]]:
        """Where the wire may begin and end, and what each place costs."""
        return (
            [End(port, self._leaving(wire, port)) for shape in wire.sources for port in self.router.ports[shape]],
            [End(port, self._entering(wire, port)) for shape in wire.targets for port in self.router.ports[shape]],
        )

    def _leaving(self, wire: Wire, port: Port) -> int:
        shape = self._shape(port)
        if not wire.arrow:
            return joining(onward=self._onward(wire)).of(port, self.scale.bend)
        return leaving(shape, strip=self.board.strips[port.shape]).of(port, self.scale.bend)

    def _entering(self, wire: Wire, port: Port) -> int:
        shape = self._shape(port)
        if not wire.arrow:
            return joining(onward=not self._onward(wire)).of(port, self.scale.bend)
        return entering(shape, back=wire.back, strip=self.board.strips[port.shape]).of(port, self.scale.bend)

    def _onward(self, wire: Wire) -> bool:
        source, target = self.board.shapes[wire.sources[0]], self.board.shapes[wire.targets[0]]
        return source.frame.left < target.frame.left

    def _shape(self, port: Port) -> Shape:
        return self.board.shapes[port.shape]
