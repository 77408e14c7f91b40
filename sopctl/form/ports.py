"""Ports: where a line may touch a symbol, and the price of each.

A line leaves a box at its side or bottom and enters the next at the top or side; one that goes back may enter at the
bottom. A diamond is left at its corners. A port that is not preferred costs as much as a few bends, so that a better
route is found first.
"""

from collections.abc import Iterator
from math import sqrt
from typing import Literal

from msgspec import Struct

from sopctl.form.dimensions import Dimensions
from sopctl.form.geometry import PlacedSymbol, Point, SymbolKind

Side = Literal["left", "right", "top", "bottom"]

OUTWARD: dict[Side, Point] = {"left": (-1, 0), "right": (1, 0), "top": (0, -1), "bottom": (0, 1)}
"""The direction in which a line leaves a side."""

NEVER = 1_000_000
"""The price of a port that is not for this line."""

CAPSULE_ROUND = 3475 / 21600
"""How far the round ends of a capsule reach in, as a share of its width: that of Word's own shape."""


class Port(Struct, frozen=True):
    """A place on the border of a symbol (by index); ``aside`` says that it is not in the middle of its side.

    From ``outside`` on a line may turn.
    """

    symbol: int
    side: Side
    point: Point
    outside: Point
    aside: bool = False


class PortPrices(Struct, frozen=True):
    """The price of each side, and what a port aside of the middle costs on top, in hundredths of a bend."""

    left: int
    right: int
    top: int
    bottom: int
    aside: int = 0

    def of(self, port: Port, bend: int) -> int:
        """The price of a port where a bend costs so much."""
        price: int = getattr(self, port.side)
        return price if price == NEVER else (price + (self.aside if port.aside else 0)) * bend // 100


def ports_of(number: int, symbol: PlacedSymbol, dimensions: Dimensions) -> Iterator[Port]:
    """The ports of a symbol: the middle of each side, and beside the middle of top and bottom."""
    frame, clear = symbol.frame, dimensions.clear
    x, y = frame.center
    yield Port(number, "left", (frame.left, y), (frame.left - clear, y))
    yield Port(number, "right", (frame.right, y), (frame.right + clear, y))
    beside = () if symbol.kind == "pentagon" or not dimensions.port else (-dimensions.port, dimensions.port)
    for aside in (0, *beside):
        inset = _inset(symbol, aside)
        top, bottom = (x + aside, frame.top + inset), (x + aside, frame.bottom - inset)
        yield Port(number, "top", top, (x + aside, frame.top - clear), bool(aside))
        yield Port(number, "bottom", bottom, (x + aside, frame.bottom + clear), bool(aside))


def leaving_prices(kind: SymbolKind, strip: Side | None) -> PortPrices:
    """The prices of leaving a symbol; ``strip`` is the end of the page at which a pentagon stands."""
    if kind == "pentagon":
        return _pentagon_prices(strip)
    return PortPrices(0, 0, 500, 0, 800) if kind == "diamond" else PortPrices(0, 0, 500, 14, 170)


def entering_prices(kind: SymbolKind, strip: Side | None, *, back: bool) -> PortPrices:
    """The prices of entering a symbol; a line that goes ``back`` up may enter at the bottom."""
    if kind == "pentagon":
        return _pentagon_prices(strip)
    bottom = 70 if back else 600
    return PortPrices(100, 100, 0, bottom + 35, 800) if kind == "diamond" else PortPrices(40, 40, 0, bottom, 170)


def joining_prices(*, right: bool) -> PortPrices:
    """The prices of joining boxes of one row: only the side that faces the other box, ``right`` or left."""
    return PortPrices(NEVER, 0, NEVER, NEVER) if right else PortPrices(0, NEVER, NEVER, NEVER)


def _pentagon_prices(strip: Side | None) -> PortPrices:
    """A pentagon is reached from the inside of the page, best in a straight line."""
    return PortPrices(70, 70, NEVER, 0) if strip == "top" else PortPrices(70, 70, 0, NEVER)


def _inset(symbol: PlacedSymbol, aside: int) -> int:
    """How far below the top of its frame the border of a symbol lies, ``aside`` from its middle."""
    half, half_height = symbol.frame.width / 2, symbol.frame.height / 2
    if symbol.kind == "diamond":
        return round(half_height * abs(aside) / half)
    bow = symbol.frame.width * CAPSULE_ROUND
    beyond = abs(aside) - (half - bow)
    if symbol.kind != "capsule" or beyond <= 0:
        return 0
    return round(half_height * (1 - sqrt(1 - min(1, beyond / bow) ** 2)))
