"""The symbols and lines in the picture of a page, for forms whose drawing is an image and not a path.

The rules of the table and the words are taken away first. A symbol is then white that ink encloses, and is told by how
wide it is from top to bottom; a line is a thin straight run of ink, an arrowhead a thick end of one.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from msgspec import Struct

from sopctl.importing.seen import Box, Line, Point, Shape, ShapeKind

SCALE = 4
"""Pixels a point."""

_INK = 170
"""A pixel darker than this (of 255) is ink."""

_SHORTEST = 5
"""A run of ink shorter than this is no line, in points."""

_THICKEST = 1.6
"""A run of ink thicker than this is no line, in points."""

_RULE_MARGIN = 1.1
"""Ink this near to the edge of a cell is its rule, in points."""

Picture = np.ndarray[Any, np.dtype[np.uint8]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]


class _Blob(Struct, frozen=True):
    """A connected part of a mask: its rows as (y, first x, last x), in pixels."""

    runs: tuple[tuple[int, int, int], ...]

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom; the last two are inside."""
        return (
            min(run[1] for run in self.runs),
            min(run[0] for run in self.runs),
            max(run[2] for run in self.runs),
            max(run[0] for run in self.runs),
        )

    @property
    def area(self) -> int:
        """Its pixels."""
        return sum(last - first + 1 for _, first, last in self.runs)


def read_picture(
    gray: Picture, area: Box, cells: Sequence[Box], words: Sequence[Box]
) -> tuple[tuple[Shape, ...], tuple[Line, ...]]:
    """The symbols and lines within ``area`` of a page, in points; ``cells`` and ``words`` are no part of them.

    ``gray`` is the picture of the page, `SCALE` pixels a point, 0 is black.
    """
    left, top = int(area.left * SCALE), int(area.top * SCALE)
    ink: Mask = np.asarray(gray)[top : int(area.bottom * SCALE), left : int(area.right * SCALE)] < _INK
    ink = ink.copy()
    for rule in (rule for cell in cells if cell.touches(area) for rule in list_rules(cell, _RULE_MARGIN)):
        clear(ink, rule, left, top)
    for word in words:
        clear(ink, word, left, top)
    shapes = list(_find_shapes(ink))
    for _, (x0, y0, x1, y1) in shapes:
        margin = int(1.2 * SCALE)
        ink[max(0, y0 - margin) : y1 + margin + 1, max(0, x0 - margin) : x1 + margin + 1] = False
    lines = [*find_lines(ink, _SHORTEST, upright=False), *find_lines(ink.T, _SHORTEST, upright=True)]
    heads = _find_heads(ink)
    found = tuple(Shape(kind, _to_points(box, left, top)) for kind, box in shapes)
    return found, tuple(_to_line(line, heads, left, top) for line in lines)


def list_rules(cell: Box, margin: float) -> list[Box]:
    """The four rules around a cell, as boxes that reach ``margin`` points to both sides of its edges."""
    left, top, right, bottom = cell
    return [
        Box(left - margin, top, left + margin, bottom),
        Box(right - margin, top, right + margin, bottom),
        Box(left, top - margin, right, top + margin),
        Box(left, bottom - margin, right, bottom + margin),
    ]


def clear(ink: Mask, box: Box, left: int = 0, top: int = 0, *, value: bool = False) -> None:
    """Take the ink in a box away, or set it; the mask begins ``left`` and ``top`` pixels into the page."""
    x0, y0 = max(0, int(box.left * SCALE) - left), max(0, int(box.top * SCALE) - top)
    x1, y1 = max(0, int(box.right * SCALE) - left + 1), max(0, int(box.bottom * SCALE) - top + 1)
    ink[y0:y1, x0:x1] = value


def _find_shapes(ink: Mask) -> Iterator[tuple[ShapeKind, tuple[int, int, int, int]]]:
    """White that ink encloses and that has the outline of a symbol."""
    height, width = ink.shape
    for blob in _find_blobs(~ink):
        x0, y0, x1, y1 = blob.box
        wide, high = (x1 - x0 + 1) / SCALE, (y1 - y0 + 1) / SCALE
        if x0 == 0 or y0 == 0 or x1 == width - 1 or y1 == height - 1 or not (9 <= wide <= 160 and 9 <= high <= 90):
            continue
        kind = _name_blob(blob)
        if kind:
            yield kind, blob.box


def _name_blob(blob: _Blob) -> ShapeKind | None:
    """What a white blob is, by the widths of its rows: nearly each row is one run, about the same middle."""
    x0, y0, x1, y1 = blob.box
    rows = {y: (first, last) for y, first, last in blob.runs}
    width = x1 - x0 + 1
    uneven = sum(abs(first + last - x0 - x1) > width * 0.16 for first, last in rows.values())
    if len(blob.runs) + uneven > len(rows) * 1.1:
        return None
    share = blob.area / (width * (y1 - y0 + 1))
    widths = [rows[y][1] - rows[y][0] + 1 for y in sorted(rows)]
    quarter = len(widths) // 8
    upper, lower = widths[quarter] / width, widths[-1 - quarter] / width
    if 0.42 <= share <= 0.62 and upper < 0.5 and lower < 0.5:
        return "decision"
    if share > 0.94:
        return "process"
    if share > 0.7 and upper > 0.9 and lower < 0.75:
        return "off_page"
    return "terminator" if share > 0.78 and abs(upper - lower) < 0.15 else None


def _find_blobs(mask: Mask) -> list[_Blob]:
    """The connected parts of a mask, by its rows of runs joined where they lie on each other."""
    parent: list[int] = []
    runs: list[tuple[int, int, int]] = []

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    above: list[int] = []
    for y in range(mask.shape[0]):
        here = []
        for first, last in _list_runs(mask[y]):
            n = len(runs)
            runs.append((y, first, last))
            parent.append(n)
            here.append(n)
            for other in above:
                if runs[other][1] <= last and first <= runs[other][2]:
                    parent[root(other)] = root(n)
        above = here
    blobs: dict[int, list[tuple[int, int, int]]] = {}
    for n, run in enumerate(runs):
        blobs.setdefault(root(n), []).append(run)
    return [_Blob(tuple(some)) for some in blobs.values()]


def _list_runs(row: Mask) -> list[tuple[int, int]]:
    """The first and last places of each run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], row.astype(np.int8), [0]))))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def find_lines(ink: Mask, shortest: float, *, upright: bool) -> list[tuple[Point, Point]]:
    """The straight lines along the rows of a mask, at least ``shortest`` points long, in pixels.

    With ``upright`` the mask was turned, and so are its lines turned back.
    """
    long = np.zeros_like(ink)
    for y in range(ink.shape[0]):
        for first, last in _list_runs(ink[y]):
            if last - first + 1 >= shortest * SCALE:
                long[y, first : last + 1] = True
    lines = []
    for x0, y0, x1, y1 in (blob.box for blob in _find_blobs(long)):
        if (y1 - y0 + 1) / SCALE <= _THICKEST * 2:
            middle = (y0 + y1) / 2
            a, b = Point(x0, middle), Point(x1, middle)
            lines.append((Point(a.y, a.x), Point(b.y, b.x)) if upright else (a, b))
    return lines


def _find_heads(ink: Mask) -> list[tuple[int, int, int, int]]:
    """The boxes of what erosion by more than the thickness of a line leaves, in pixels: arrowheads."""
    reach = int(_THICKEST * SCALE / 2) + 1
    eroded = ink.copy()
    for step in range(1, reach + 1):
        for axis in (0, 1):
            eroded &= np.roll(ink, step, axis) & np.roll(ink, -step, axis)
    boxes = [blob.box for blob in _find_blobs(eroded)]
    grow = reach + 1
    return [
        (x0 - grow, y0 - grow, x1 + grow, y1 + grow) for x0, y0, x1, y1 in boxes if max(x1 - x0, y1 - y0) < 8 * SCALE
    ]


def _to_line(line: tuple[Point, Point], heads: Sequence[tuple[int, int, int, int]], left: int, top: int) -> Line:
    near = 2 * SCALE
    at = [
        any(x0 - near <= p.x <= x1 + near and y0 - near <= p.y <= y1 + near for x0, y0, x1, y1 in heads) for p in line
    ]
    a, b = (Point((p.x + left) / SCALE, (p.y + top) / SCALE) for p in line)
    return Line((a, b), head_at_start=at[0], head_at_end=at[1])


def _to_points(box: tuple[int, int, int, int], left: int, top: int) -> Box:
    x0, y0, x1, y1 = box
    return Box((x0 + left) / SCALE, (y0 + top) / SCALE, (x1 + 1 + left) / SCALE, (y1 + 1 + top) / SCALE)
