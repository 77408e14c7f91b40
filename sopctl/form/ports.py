"""Where a line may touch a symbol, and what each place costs: the habits of a draughtsman as numbers.

A line leaves a box at its side or below and enters the next from above or the side; what goes back may climb in from
below. A diamond is left at its corners. A place that is not taken costs what a few bends cost, so that a better way
around is found first.
"""

from collections.abc import Iterator
from math import sqrt
from typing import Literal

from msgspec import Struct

from sopctl.form.geometry import Point, Shape
from sopctl.form.scale import Scale

Side = Literal["left", "right", "top", "bottom"]

OUTWARD: dict[Side, Point] = {"left": (-1, 0), "right": (1, 0), "top": (0, -1), "bottom": (0, 1)}
"""The direction in which a line leaves a side."""

NEVER = 1_000_000
"""The price of a place that is not for this line."""

_ROUND = 3475 / 21600
"""How far the round ends of a capsule reach in, as a share of its width; it is that of Word's own shape."""


class Port(Struct, frozen=True):
    """A place on the border of a shape; ``aside`` tells that it is not in the middle of its side.

    From ``outside`` on a line may turn.
    """

    shape: int
    side: Side
    point: Point
    outside: Point
    aside: bool


class Prices(Struct, frozen=True):
    """What the sides cost, and what a place aside of the middle costs on top, in hundredths of a bend."""

    left: int
    right: int
    top: int
    bottom: int
    aside: int

    def of(self, port: Port, bend: int) -> int:
        """The price of a port where a bend costs so much."""
        price: int = getattr(self, port.side)
        return price if price == NEVER else (price + (self.aside if port.aside else 0)) * bend // 100


def ports(number: int, shape: Shape, scale: Scale) -> Iterator[Port]:
    """The places on a shape's border where a line may touch it: amid each side, and beside the middle of its ends."""
    frame, clear = shape.frame, scale.clear
    x, y = frame.center
    yield Port(number, "left", (frame.left, y), (frame.left - clear, y), aside=False)
    yield Port(number, "right", (frame.right, y), (frame.right + clear, y), aside=False)
    besides = (0,) if shape.kind == "pentagon" or not scale.port else (0, -scale.port, scale.port)
    for aside in besides:
        inset = _inset(shape, aside)
        top, bottom = (x + aside, frame.top + inset), (x + aside, frame.bottom - inset)
        yield Port(number, "top", top, (x + aside, frame.top - clear), aside=bool(aside))
        yield Port(number, "bottom", bottom, (x + aside, frame.bottom + clear), aside=bool(aside))


def leaving(shape: Shape, *, strip: Side | None = None) -> Prices:
    """What it costs to leave a shape; ``strip`` is the end of the page at which a pentagon stands."""
    if shape.kind == "pentagon":
        return _pentagon(strip)
    return Prices(0, 0, 500, 0, 800) if shape.kind == "diamond" else Prices(0, 0, 500, 14, 170)


def entering(shape: Shape, *, back: bool, strip: Side | None = None) -> Prices:
    """What it costs to enter a shape; a line that goes ``back`` up may climb in from below."""
    if shape.kind == "pentagon":
        return _pentagon(strip)
    below = 70 if back else 600
    return Prices(100, 100, 0, below + 35, 800) if shape.kind == "diamond" else Prices(40, 40, 0, below, 170)


def _pentagon(strip: Side | None) -> Prices:
    """A pentagon is reached from the page's inside and best in a straight line."""
    return Prices(70, 70, NEVER, 0, 0) if strip == "top" else Prices(70, 70, 0, NEVER, 0)


def joining(*, onward: bool) -> Prices:
    """What it costs to join boxes that stand in one row: from the side that faces the other only."""
    return Prices(NEVER, 0, NEVER, NEVER, 0) if onward else Prices(0, NEVER, NEVER, NEVER, 0)


def _inset(shape: Shape, aside: int) -> int:
    """How far below its top the border of a shape lies, ``aside`` from its middle."""
    half = shape.frame.width / 2
    if shape.kind == "diamond":
        return round(shape.frame.height / 2 * abs(aside) / half)
    bow = shape.frame.width * _ROUND
    beyond = abs(aside) - (half - bow)
    if shape.kind != "capsule" or beyond <= 0:
        return 0
    return round(shape.frame.height / 2 * (1 - sqrt(1 - min(1, beyond / bow) ** 2)))
