"""The form as places on paper: what the layout says and the writers draw.

All lengths are whole twips (1/20 point, 635 EMU) from the upper left corner of the page, so that two places are
equal or they are not.
"""

from typing import Literal

from msgspec import Struct

Point = tuple[int, int]
"""A place: right, then down."""

Align = Literal["left", "center"]

Kind = Literal["capsule", "box", "diamond", "pentagon"]
"""The symbols of the form besides the arrow."""


class Rect(Struct, frozen=True):
    """An upright rectangle."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """How far it reaches to the right."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """How far it reaches down."""
        return self.bottom - self.top

    @property
    def center(self) -> Point:
        """Its middle."""
        return (self.left + self.right) // 2, (self.top + self.bottom) // 2

    def grown(self, by: int) -> "Rect":
        """The rectangle with a margin around it."""
        return Rect(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def overlaps(self, other: "Rect") -> bool:
        """Whether the two share more than a border; a line counts where it lies inside."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def within(self, other: "Rect") -> bool:
        """Whether no part of it lies outside the other."""
        return (
            other.left <= self.left
            and self.right <= other.right
            and other.top <= self.top
            and self.bottom <= other.bottom
        )


def span(start: Point, end: Point) -> Rect:
    """The rectangle between two points; of no width or height where they lie on one line."""
    return Rect(min(start[0], end[0]), min(start[1], end[1]), max(start[0], end[0]), max(start[1], end[1]))


class Text(Struct, frozen=True, kw_only=True):
    """Lines of type in a frame; ``lines`` is how they wrap there, ``size`` in points.

    ``turned`` text reads upwards: its frame is measured as it stands on the page.
    """

    text: str
    frame: Rect
    lines: tuple[str, ...] = ()
    size: float = 9
    bold: bool = False
    align: Align = "center"
    turned: bool = False


class Shape(Struct, frozen=True, kw_only=True):
    """A symbol; ``text`` is what stands in it, ``row`` the step it belongs to, None for a pentagon."""

    kind: Kind
    frame: Rect
    text: str = ""
    row: int | None = None


class Route(Struct, frozen=True, kw_only=True):
    """A right-angled line from the border of one shape to that of another, both by their number on the page.

    ``arrow`` is false where it only joins the boxes of those who act together.
    """

    points: tuple[Point, ...]
    source: int
    target: int
    arrow: bool = True


class Row(Struct, frozen=True, kw_only=True):
    """One row of the table: its step, its height with the space for pentagons above and below, its texts."""

    step: int
    frame: Rect
    above: int
    below: int
    cells: tuple[Text, ...]


class Page(Struct, frozen=True, kw_only=True):
    """One page of the flowchart table; ``labels`` are the words beside the exits of diamonds."""

    number: int
    header: tuple[Text, ...]
    numbers: tuple[Text, ...]
    rows: tuple[Row, ...]
    shapes: tuple[Shape, ...]
    routes: tuple[Route, ...]
    labels: tuple[Text, ...]


class Chart(Struct, frozen=True, kw_only=True):
    """The flowchart of an SOP, page by page.

    ``sheet`` is the paper, ``title`` stands above the table of the first page. ``edges`` are the borders between the
    columns from the left, of which those numbered ``first`` to ``last`` (excluded) enclose the pelaksana.
    """

    sheet: Rect
    title: Text
    edges: tuple[int, ...]
    first: int
    last: int
    heads: tuple[int, ...]
    arrowhead: int
    pages: tuple[Page, ...]
