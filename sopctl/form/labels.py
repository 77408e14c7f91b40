"""Placing the label of a diamond's exit: beside its line, near the diamond, overlapping nothing."""

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from msgspec import Struct

from sopctl.form.geometry import Point, Rect, bounding_rect

_SEGMENTS = 2
"""How many segments of a line from its beginning a label may stand at."""

_STEPS = 6
"""How many places are tried along a segment, the height of the label apart."""

_BORDER, _NEAR_LINE, _BROKEN, _CORNER = 130, 60, 120, 60
"""The prices, in units of distance, of lying on a border of the table, of standing near another line (whose label it
might be), of each further line of text, and of standing behind a corner of its line."""

_NEAR = 4
"""Within how many label gaps another line is near."""


class LabelText(Struct, frozen=True):
    """A label with its line breaks, and the space that it takes then."""

    lines: tuple[str, ...]
    width: int
    height: int


class PlacedLabel(Struct, frozen=True):
    """A label in its place, and the price of the place."""

    label: LabelText
    frame: Rect
    price: int


class LabelSpace(Struct, frozen=True):
    """Where labels may stand: within ``area``, off the symbols, rather not on the borders of the table."""

    area: Rect
    symbols: Sequence[Rect]
    columns: Sequence[int]
    rows: Sequence[int]

    def is_free(self, frame: Rect, lines: Sequence[Rect], gap: int) -> bool:
        """Whether a label may stand here."""
        wide = frame.expanded(gap)
        return frame.within(self.area) and not any(wide.overlaps(other) for other in (*self.symbols, *lines))

    def price(self, frame: Rect, lines: Sequence[Rect], gap: int) -> int:
        """The price of a place where borders of the table run through it or foreign lines pass near."""
        borders = sum(frame.left < x < frame.right for x in self.columns)
        borders += sum(frame.top < y < frame.bottom for y in self.rows)
        neighbourhood = frame.expanded(_NEAR * gap)
        return _BORDER * borders + _NEAR_LINE * any(neighbourhood.overlaps(line) for line in lines)


def place_label(
    points: Sequence[Point], variants: Sequence[LabelText], gap: int, space: LabelSpace, lines: Sequence[Rect]
) -> PlacedLabel | None:
    """The cheapest place for one of the variants of a label beside a line; None where there is no room.

    ``lines`` are the segments and labels of the other lines.
    """
    own = segments_of(points)
    found = [
        PlacedLabel(label, frame, distance + space.price(frame, lines, gap) + _BROKEN * (len(label.lines) - 1))
        for label in variants
        for distance, frame in _candidates(points, (label.width, label.height), gap)
        if space.is_free(frame, (*lines, *own), gap // 2)
    ]
    return min(found, key=lambda placed: placed.price, default=None)


def segments_of(points: Sequence[Point]) -> list[Rect]:
    """The segments of a line."""
    return [bounding_rect(one, two) for one, two in pairwise(points)]


def _candidates(points: Sequence[Point], size: tuple[int, int], gap: int) -> Iterator[tuple[int, Rect]]:
    """Frames beside the first segments of a line, each with its distance from where the line begins."""
    before, stride = 0, size[1]
    for one, two in islice(pairwise(points), _SEGMENTS):
        length = abs(two[0] - one[0]) + abs(two[1] - one[1])
        along = size[0] if one[1] == two[1] else size[1]
        last = max(gap, min(length - gap - along, gap + _STEPS * stride))
        for away in range(gap, last + 1, stride):
            for frame in _frames_beside(one, two, away, size, gap):
                yield before + away, frame
        before += length + _CORNER


def _frames_beside(one: Point, two: Point, away: int, size: tuple[int, int], gap: int) -> Iterator[Rect]:
    """The frames on either side of a segment, so far from its beginning."""
    (x, y), (width, height) = one, size
    if one[1] == two[1]:
        left = x + away if two[0] > x else x - away - width
        places = ((left, y - gap - height), (left, y + gap))
    else:
        top = y + away if two[1] > y else y - away - height
        places = ((x + gap, top), (x - gap - width, top))
    for left, top in places:
        yield Rect(left, top, left + width, top + height)
