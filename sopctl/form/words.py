"""Where the word of a diamond's exit stands: beside the line, near the diamond, on nothing else."""

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from msgspec import Struct

from sopctl.form.geometry import Point, Rect, span

_SEGMENTS = 2
"""How many stretches of a line from its beginning a label may stand at."""

_STEPS = 6
"""How many places are looked at along a stretch, the height of the label apart."""

_BORDER = 130
"""What it costs a label to lie on a border of the table, in the unit of its distance."""

_CROWD = 60
"""What it costs a label to stand near another line, whose word it might be."""

_BROKEN = 120
"""What each further line of a label costs."""

_CORNER = 60
"""What it costs a label to stand behind a corner of its line."""


_NEAR = 4
"""How many gaps between a line and its word are still near."""


class Words(Struct, frozen=True):
    """A label as its lines may be broken, and the room that they take then."""

    lines: tuple[str, ...]
    width: int
    height: int


class Placed(Struct, frozen=True):
    """A label in its place, and what the place costs."""

    words: Words
    frame: Rect
    cost: int


class Surroundings:
    """What labels must keep off, and the borders they had better not lie on."""

    def __init__(self, area: Rect, solid: Sequence[Rect], columns: Sequence[int], rows: Sequence[int]) -> None:
        self.area = area
        self.solid = list(solid)
        self.columns = columns
        self.rows = rows

    def free(self, frame: Rect, lines: Sequence[Rect], gap: int) -> bool:
        """Whether a label may stand here."""
        wide = frame.grown(gap)
        return frame.within(self.area) and not any(wide.overlaps(other) for other in (*self.solid, *lines))

    def price(self, frame: Rect, lines: Sequence[Rect], gap: int) -> int:
        """What a place costs where borders of the table run through it or foreign lines pass near."""
        columns = sum(frame.left < edge < frame.right for edge in self.columns)
        rows = sum(frame.top < edge < frame.bottom for edge in self.rows)
        crowd = frame.grown(_NEAR * gap)
        return _BORDER * (columns + rows) + _CROWD * any(crowd.overlaps(line) for line in lines)


def place(
    points: Sequence[Point], ways: Sequence[Words], gap: int, around: Surroundings, lines: Sequence[Rect]
) -> Placed | None:
    """The best place for a label beside a line, in one of the ways to break it; None where there is no room."""
    own = segments(points)
    found = [
        Placed(words, frame, cost + around.price(frame, lines, gap) + _BROKEN * (len(words.lines) - 1))
        for words in ways
        for cost, frame in _candidates(points, (words.width, words.height), gap)
        if around.free(frame, (*lines, *own), gap // 2)
    ]
    return min(found, key=lambda placed: placed.cost, default=None)


def segments(points: Sequence[Point]) -> list[Rect]:
    """The stretches of a line."""
    return [span(one, two) for one, two in pairwise(points)]


def _candidates(points: Sequence[Point], size: tuple[int, int], gap: int) -> Iterator[tuple[int, Rect]]:
    """Frames beside the first stretches of a line, each with its distance from where the line begins."""
    before = 0
    stride = size[1]
    for one, two in islice(pairwise(points), _SEGMENTS):
        length = abs(two[0] - one[0]) + abs(two[1] - one[1])
        along = size[0] if one[1] == two[1] else size[1]
        last = max(gap, min(length - gap - along, gap + _STEPS * stride))
        for away in range(gap, last + 1, stride):
            for frame in _beside(one, two, away, size, gap):
                yield before + away, frame
        before += length + _CORNER


def _beside(one: Point, two: Point, away: int, size: tuple[int, int], gap: int) -> Iterator[Rect]:
    """The frames on either side of a stretch, so far from its beginning."""
    (x, y), (width, height) = one, size
    if one[1] == two[1]:
        left = x + away if two[0] > x else x - away - width
        yield Rect(left, y - gap - height, left + width, y - gap)
        yield Rect(left, y + gap, left + width, y + gap + height)
    else:
        top = y + away if two[1] > y else y - away - height
        yield Rect(x + gap, top, x + gap + width, top + height)
        yield Rect(x - gap - width, top, x - gap, top + height)
