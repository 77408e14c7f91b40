"""The symbols and lines that a PDF draws on a page, found among its paths.

Programs draw one box in many ways: as a stroked path, as a white fill below a stroke, as the fill between an outer and
an inner outline. What counts is the outline; an outline thinner than a few points is a line drawn as a fill.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import dist
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from sopctl.importing.outlines import measure_area, name_outline
from sopctl.importing.seen import Box, Line, Point, Shape

_SMALLEST, _LARGEST = 10, 160
"""How wide and high a symbol is, in points."""

_CIRCLE = 22
"""A circle smaller than this, in points, leads on to another place and is no step."""

_HEAD = 9.5
"""An arrowhead is at most this wide and high, in points."""

_THIN = 3
"""A line drawn as a fill is at most this thick, in points."""

_ON_RULE = 1.5
"""A straight line this near to the edge of a cell is the rule of the table, in points."""

_GAP = 3.5
"""The dashes of a line are at most this far apart, in points."""

_AT_CORNER = 3
"""The rules of a table end this near to the corners of its cells, in points."""


class _Outline(Struct, frozen=True):
    """A path as its corners and how much of its box it fills; ``drawn`` where it can be seen."""

    points: tuple[Point, ...]
    box: Box
    share: float
    curved: bool
    closed: bool


def read_drawing(
    things: dict[str, list[dict[str, Any]]], cells: Sequence[Box]
) -> tuple[tuple[Shape, ...], tuple[Line, ...]]:
    """The symbols of a page and the lines between them; ``cells`` tell which lines are the table's own."""
    outlines = [
        _read_outline(thing)
        for kind in ("curve", "line", "rect")
        for thing in things.get(kind, ())
        if _is_visible(thing)
    ]
    shapes = drop_repeated([shape for one in outlines if (shape := _as_shape(one, cells))])
    heads = [one.box for one in outlines if _is_head(one)]
    lines = [line for one in outlines if (line := _as_line(one)) and not _is_rule(line, cells)]
    headed = [_add_heads(line, heads) for line in _join_dashes(lines)]
    return tuple(shapes), tuple(_drop_foreign_head(line, headed) for line in headed)


def has_unread_paths(things: dict[str, list[dict[str, Any]]]) -> bool:
    """Whether a page draws symbols as paths that nobody can tell from their corners: frames and arrows in one path."""
    outlines = (_read_outline(thing) for thing in things.get("curve", ()) if _is_visible(thing))
    return any(
        one.closed and one.share < 0.3 and len(one.points) > 12 and min(one.box.width, one.box.height) > _SMALLEST
        for one in outlines
    )


def drop_repeated(shapes: Iterable[Shape]) -> list[Shape]:
    """Each symbol once, though it was drawn as a fill and a stroke, with an inner outline, or as a picture too."""
    kept: list[Shape] = []
    for shape in shapes:
        same = next((n for n, one in enumerate(kept) if _is_same_place(one.box, shape.box)), None)
        if same is None:
            kept.append(shape)
        elif kept[same].kind == "process":
            kept[same] = shape
    return kept


def find_place(thing: dict[str, Any]) -> Box:
    """The box of an object of pdfplumber."""
    return Box(*(float(thing[key]) for key in ("x0", "top", "x1", "bottom")))


def _is_visible(thing: dict[str, Any]) -> bool:
    """Whether a path leaves a mark: white fills without an outline do not."""
    if thing.get("stroke"):
        return True
    color = thing.get("non_stroking_color")
    shades = color if isinstance(color, tuple | list) else (color,)
    white = all(isinstance(shade, int | float) and shade > 0.97 for shade in shades) and len(shades) in {1, 3}
    return bool(thing.get("fill")) and not white


def _read_outline(thing: dict[str, Any]) -> _Outline:
    points = tuple(Point(float(x), float(y)) for x, y in thing.get("pts", ()))
    box = find_place(thing)
    if thing["object_type"] == "rect":
        points = (
            Point(box.left, box.top),
            Point(box.right, box.top),
            Point(box.right, box.bottom),
            Point(box.left, box.bottom),
        )
    closed = thing["object_type"] == "rect" or (
        len(points) > 2 and (points[0] == points[-1] or bool(thing.get("fill")))
    )
    if len(points) > 1 and points[0] == points[-1]:
        points = points[:-1]
    size = box.width * box.height
    curved = any(step[0] == "c" for step in thing.get("path", ()))
    return _Outline(points, box, measure_area(points) / size if size else 0, curved, closed)


def _as_shape(one: _Outline, cells: Sequence[Box]) -> Shape | None:
    """The symbol that a closed outline is, by how much of its box it fills; None where it is none."""
    box = one.box
    if not one.closed or not (_SMALLEST <= box.width <= _LARGEST and _SMALLEST <= box.height <= _LARGEST):
        return None
    if any(_same_edges(box, cell) for cell in cells):
        return None
    kind = name_outline(one.points, one.share, curved=one.curved)
    circle = one.curved and abs(box.width - box.height) < 1 and box.width < _CIRCLE
    return Shape("off_page" if circle else kind, box) if kind else None


def _same_edges(box: Box, cell: Box) -> bool:
    """Whether a rectangle is the background of a cell, or of a line of text in it."""
    return abs(box.left - cell.left) < 2 and abs(box.right - cell.right) < 2


def _is_same_place(one: Box, other: Box) -> bool:
    return all(abs(a - b) < 3 for a, b in zip(one, other, strict=True))


def _is_head(one: _Outline) -> bool:
    return (
        one.closed
        and 2 < one.box.width <= _HEAD
        and 2 < one.box.height <= _HEAD
        and len(one.points) >= 3
        and one.share < 0.85
    )


def _as_line(one: _Outline) -> Line | None:
    """The line that an open path is, or that the fill of a thin outline draws; None where it is none."""
    if _is_head(one) or len(one.points) < 2:
        return None
    if not one.closed:
        return Line(one.points)
    narrow, long = sorted((one.box.width, one.box.height))
    if narrow <= _THIN < long or (narrow <= _THIN / 2 and long >= 2 * narrow):
        return Line(_find_middle_line(one.box))
    if one.share < 0.3:
        return _trace_outline(one.points)
    return None


def _find_middle_line(box: Box) -> tuple[Point, Point]:
    """The line along a thin rectangle."""
    if box.width >= box.height:
        y = box.center.y
        return Point(box.left, y), Point(box.right, y)
    x = box.center.x
    return Point(x, box.top), Point(x, box.bottom)


def _trace_outline(points: tuple[Point, ...]) -> Line | None:
    """The line between the two ends at which a thin outline turns back."""
    caps = [n for n in range(len(points)) if _turns_back(points, n)]
    if len(caps) < 2:
        return None
    first, second = max(((a, b) for a in caps for b in caps if a < b), key=lambda pair: _measure_path(points, *pair))
    size = len(points)
    one_side = [points[n % size] for n in range(first + 1, second + 1)]
    other_side = [points[n % size] for n in range(first, second - size, -1)]
    middles = [_find_middle(point, other_side) for point in one_side]
    return Line(tuple(middles)) if len(middles) > 1 else None


def _turns_back(points: tuple[Point, ...], n: int) -> bool:
    """Whether the edge from point ``n`` is the short end of a thin outline: the edges beside it run the other way."""
    size = len(points)
    before, a, b, after = points[n - 1], points[n], points[(n + 1) % size], points[(n + 2) % size]
    if dist(a, b) > _THIN:
        return False
    one, other = (a.x - before.x, a.y - before.y), (after.x - b.x, after.y - b.y)
    lengths = dist(before, a) * dist(b, after)
    return lengths > 0 and (one[0] * other[0] + one[1] * other[1]) / lengths < -0.8


def _measure_path(points: tuple[Point, ...], start: int, end: int) -> float:
    """The shorter of the two ways along an outline between two of its edges."""
    there = sum(dist(a, b) for a, b in pairwise(points[start : end + 1]))
    back = sum(dist(a, b) for a, b in pairwise((*points[end:], *points[: start + 1])))
    return min(there, back)


def _find_middle(point: Point, others: list[Point]) -> Point:
    other = min(others, key=lambda one: dist(one, point))
    return Point((point.x + other.x) / 2, (point.y + other.y) / 2)


def _is_rule(line: Line, cells: Sequence[Box]) -> bool:
    """Whether a straight line is a rule of the table: it lies on the edges of cells and ends at their corners."""
    if len(line.points) != 2:
        return False
    a, b = line.points
    across, along = (0, 1) if abs(a.x - b.x) < 1 else (1, 0)  # places of x and y in a point, and in half a box
    if abs(a[across] - b[across]) >= 1:
        return False
    beside = [cell for cell in cells if any(abs(a[across] - edge) < _ON_RULE for edge in cell[across::2])]
    ends = [end for cell in beside for end in cell[along::2]]
    return all(any(abs(point[along] - end) < _AT_CORNER for end in ends) for point in (a, b))


def _join_dashes(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines, where pieces of one straight line that lie close behind each other are one line."""
    straight: dict[tuple[bool, int], list[tuple[float, float]]] = {}
    for line in lines:
        a, b = line.points[0], line.points[-1]
        upright = abs(a.x - b.x) < 1
        if len(line.points) != 2 or not (upright or abs(a.y - b.y) < 1):
            yield line
            continue
        place, ends = (a.x, (a.y, b.y)) if upright else (a.y, (a.x, b.x))
        straight.setdefault((upright, round(place)), []).append((min(ends), max(ends)))
    for (upright, place), pieces in straight.items():
        for start, end in _unite(pieces):
            points = (Point(place, start), Point(place, end)) if upright else (Point(start, place), Point(end, place))
            yield Line(points)


def _unite(pieces: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Stretches of one line as few long ones, over gaps as small as those between dashes."""
    united: list[tuple[float, float]] = []
    for start, end in sorted(pieces):
        if united and start - united[-1][1] <= _GAP:
            united[-1] = united[-1][0], max(united[-1][1], end)
        else:
            united.append((start, end))
    return united


def _add_heads(line: Line, heads: Sequence[Box]) -> Line:
    """The line with the arrowheads that lie at its ends; it reaches to the far side of each."""
    points = list(line.points)
    at_start, at_end = _find_head(points[0], heads), _find_head(points[-1], heads)
    if at_start:
        points[0] = _extend(points[1], points[0], at_start)
    if at_end:
        points[-1] = _extend(points[-2], points[-1], at_end)
    return replace(line, points=tuple(points), head_at_start=bool(at_start), head_at_end=bool(at_end))


def _drop_foreign_head(line: Line, others: Sequence[Line]) -> Line:
    """The line with one head, where the head at its start or end is that of another line which ends in the same place.

    A line that leaves a symbol where another arrives seems to have a head at both ends.
    """
    if not (line.head_at_start and line.head_at_end):
        return line
    arriving = [
        other.points[-1 if other.head_at_end else 0] for other in others if other.head_at_end != other.head_at_start
    ]
    foreign = [any(dist(end, point) < _AT_CORNER for point in arriving) for end in (line.points[0], line.points[-1])]
    if foreign[0] == foreign[1]:
        return line
    return replace(line, head_at_start=not foreign[0], head_at_end=not foreign[1])


def _find_head(point: Point, heads: Iterable[Box]) -> Box | None:
    return next((head for head in heads if head.holds(point, 1.5)), None)


def _extend(before: Point, end: Point, head: Box) -> Point:
    """The tip of the arrowhead: its middle, moved to its far side in the direction of the line."""
    if abs(end.x - before.x) >= abs(end.y - before.y):
        return Point(head.right if end.x > before.x else head.left, head.center.y)
    return Point(head.center.x, head.bottom if end.y > before.y else head.top)
