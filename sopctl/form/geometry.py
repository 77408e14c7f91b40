"""The form as geometry: what the layout computes and the writers (Word, SVG) draw.

All lengths are whole twips (1/20 point, 635 EMU) from the upper left corner of the page: integers compare exactly.
"""

from typing import Literal

from msgspec import Struct

Point = tuple[int, int]
"""x (to the right) and y (down)."""

Align = Literal["left", "center"]

NodeKind = Literal["capsule", "box", "diamond"]
SymbolKind = Literal["capsule", "box", "diamond", "pentagon"]
"""The symbols of the form besides the arrow; a pentagon is an off-page connector."""


class Rect(Struct, frozen=True):
    """An axis-parallel rectangle."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Horizontal extent."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Vertical extent."""
        return self.bottom - self.top

    @property
    def center(self) -> Point:
        """The centre, rounded down."""
        return (self.left + self.right) // 2, (self.top + self.bottom) // 2

    def expanded(self, by: int) -> "Rect":
        """The rectangle with a margin around it."""
        return Rect(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def overlaps(self, other: "Rect") -> bool:
        """Whether the interiors intersect; one of no width or height counts where it lies inside the other."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def within(self, other: "Rect") -> bool:
        """Whether no part of it lies outside the other."""
        left, top = other.left <= self.left, other.top <= self.top
        return left and top and self.right <= other.right and self.bottom <= other.bottom


def bounding_rect(*points: Point) -> Rect:
    """The smallest rectangle that holds all points; of no width or height where they lie on one line."""
    xs, ys = zip(*points, strict=True)
    return Rect(min(xs), min(ys), max(xs), max(ys))


class WrappedText(Struct, frozen=True):
    """A text, its lines, the size of its type in points; ``rotated`` text reads upwards."""

    text: str
    lines: tuple[str, ...]
    size: float
    bold: bool = False
    rotated: bool = False


class TextBlock(WrappedText, frozen=True, kw_only=True):
    """A text in a frame, which is measured as it stands on the page."""

    frame: Rect
    align: Align = "center"


class PlacedSymbol(Struct, frozen=True, kw_only=True):
    """A symbol in its place; ``text`` stands in it, ``row`` is the index of its step, None for a pentagon.

    ``column`` is the index of its pelaksana, None for what only marks a start, an end or a place on another page.
    """

    kind: SymbolKind
    frame: Rect
    text: str = ""
    row: int | None = None
    column: int | None = None


class Route(Struct, frozen=True, kw_only=True):
    """An orthogonal polyline between the borders of two symbols, given by their index on the page.

    ``arrow`` is false where it only joins the boxes of those who act together.
    """

    points: tuple[Point, ...]
    source: int
    target: int
    arrow: bool = True


class ChartRow(Struct, frozen=True, kw_only=True):
    """A row of the table: the index of its step, its frame, the space for pentagons above and below, its texts."""

    step: int
    frame: Rect
    above: int
    below: int
    cells: tuple[TextBlock, ...]


class ChartPage(Struct, frozen=True, kw_only=True):
    """One page of the flowchart table; ``header`` begins with the headings of the groups.

    ``labels`` are the labels of the exits of diamonds.
    """

    number: int
    header: tuple[TextBlock, ...]
    numbers: tuple[TextBlock, ...]
    rows: tuple[ChartRow, ...]
    symbols: tuple[PlacedSymbol, ...]
    routes: tuple[Route, ...]
    labels: tuple[TextBlock, ...]


class Flowchart(Struct, frozen=True, kw_only=True):
    """The flowchart of an SOP, page by page.

    ``paper`` is the sheet, ``title`` stands above the table of the first page. ``borders`` are the x of the column
    borders from the left; columns ``first`` to ``last`` (excluded) are those of the pelaksana. ``groups`` are the
    columns that share a heading, each the first and the one after the last. ``heads`` are the heights of the header
    rows, ``arrowhead`` is the length of an arrow's head.
    """

    paper: Rect
    title: TextBlock
    borders: tuple[int, ...]
    first: int
    last: int
    groups: tuple[tuple[int, int], ...]
    heads: tuple[int, ...]
    arrowhead: int
    pages: tuple[ChartPage, ...]
