"""What a closed outline is, told by how much of its box it fills and by its corners, whatever file it was drawn in."""

from collections.abc import Sequence
from math import dist

from sopctl.importing.seen import Point, ShapeKind


def measure_area(points: Sequence[Point]) -> float:
    """The area inside a closed path."""
    return abs(sum(a.x * b.y - b.x * a.y for a, b in zip(points, (*points[1:], *points[:1]), strict=True))) / 2


def name_outline(points: Sequence[Point], share: float, *, curved: bool) -> ShapeKind | None:
    """The symbol that an outline draws which fills a ``share`` of its box; None where it is none.

    A diamond fills half of its box; a rounded box nearly all, and its corners are curves or many short lines.
    """
    corners = len(_list_corners(points))
    if 0.4 <= share <= 0.62 and corners == 4:
        return "decision"
    if share < 0.62:
        return None
    if corners == 4 and share > 0.9 and not curved:
        return "process"
    return "off_page" if corners == 5 and not curved else "terminator"


def _list_corners(points: Sequence[Point]) -> list[Point]:
    """The points at which a closed path turns."""
    corners = []
    for before, here, after in zip((*points[-1:], *points[:-1]), points, (*points[1:], *points[:1]), strict=True):
        cross = (here.x - before.x) * (after.y - here.y) - (here.y - before.y) * (after.x - here.x)
        if abs(cross) > 0.15 * dist(before, here) * dist(here, after):
            corners.append(here)
    return corners
