"""A form as it is seen on paper: pages with ruled cells, drawn shapes, lines and free words, each with its place.

A reader of one kind of file fills it; what the form means is read from it alone. All places are in points (1/72 inch)
from the top left corner of the page, or in whatever unit the reader keeps throughout a file.
"""

from collections.abc import Collection
from typing import Literal, NamedTuple

from msgspec import Struct

ShapeKind = Literal["process", "decision", "terminator", "off_page"]
"""What a symbol says by its outline: a box, a diamond, a start or an end, the pentagon that leads to another page."""


class Point(NamedTuple):
    """A place on the page."""

    x: float
    y: float


class Box(NamedTuple):
    """A rectangle on the page; ``bottom`` is below ``top``."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    @property
    def center(self) -> Point:
        """The middle of it."""
        return Point((self.left + self.right) / 2, (self.top + self.bottom) / 2)

    def holds(self, point: Point, margin: float = 0) -> bool:
        """Whether a place lies in it, or at most ``margin`` beside it."""
        return (
            self.left - margin <= point.x <= self.right + margin
            and self.top - margin <= point.y <= self.bottom + margin
        )

    def touches(self, other: "Box", margin: float = 0) -> bool:
        """Whether they have a place in common, or are at most ``margin`` apart."""
        return (
            self.left - margin <= other.right
            and other.left <= self.right + margin
            and self.top - margin <= other.bottom
            and other.top <= self.bottom + margin
        )

    def shared_height(self, other: "Box") -> float:
        """How much of their heights lies beside each other, negative where they are apart."""
        return min(self.bottom, other.bottom) - max(self.top, other.top)

    def shared_width(self, other: "Box") -> float:
        """How much of their widths lies above each other, negative where they are apart."""
        return min(self.right, other.right) - max(self.left, other.left)

    def distance(self, point: Point) -> float:
        """How far a place lies from its nearest edge or corner, 0 inside."""
        dx = max(self.left - point.x, 0, point.x - self.right)
        dy = max(self.top - point.y, 0, point.y - self.bottom)
        return float((dx * dx + dy * dy) ** 0.5)


def enclose(boxes: Collection[Box]) -> Box:
    """The smallest box around some, of which there is at least one."""
    left, top = min(box.left for box in boxes), min(box.top for box in boxes)
    return Box(left, top, max(box.right for box in boxes), max(box.bottom for box in boxes))


class Cell(Struct, frozen=True):
    """A ruled cell and what stands in it, one line of print a line; ``place`` is its address where the file has one."""

    box: Box
    text: str = ""
    place: str = ""


class Shape(Struct, frozen=True):
    """A drawn symbol and the words in it."""

    kind: ShapeKind
    box: Box
    text: str = ""


class Line(Struct, frozen=True):
    """A drawn line from end to end; each end may carry an arrowhead, and may be glued to a shape (by its number)."""

    points: tuple[Point, ...]
    head_at_start: bool = False
    head_at_end: bool = False
    start: int | None = None
    end: int | None = None


class Label(Struct, frozen=True):
    """Words with their place; ``turned`` is 90 where they read upwards, -90 downwards."""

    text: str
    box: Box
    turned: int = 0


class Page(Struct, frozen=True):
    """A page, or a sheet of a workbook; ``number`` counts from 1.

    ``slack`` is how far a place may be from where it is printed: 0 where the file states places. A ``scanned`` page is
    a picture: its words are guesses. ``labels`` are words near what is drawn, ``headlines`` lines of text outside the
    cells.
    """

    number: int
    box: Box
    cells: tuple[Cell, ...] = ()
    shapes: tuple[Shape, ...] = ()
    lines: tuple[Line, ...] = ()
    labels: tuple[Label, ...] = ()
    headlines: tuple[Label, ...] = ()
    place: str = ""
    slack: float = 0
    scanned: bool = False


class SeenForm(Struct, frozen=True):
    """The pages of one form in their order; ``source`` is the file's name."""

    source: str
    pages: tuple[Page, ...]
