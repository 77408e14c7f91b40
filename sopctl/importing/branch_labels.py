"""The words beside the lines that leave a diamond: *ya*, *tidak*, or what the office calls its branches."""

import re
from collections.abc import Sequence
from itertools import pairwise, permutations
from math import dist

from sopctl.importing.headings import find_column
from sopctl.importing.network import distance_to_way
from sopctl.importing.seen import Box, Label, Page, Point
from sopctl.importing.step_table import StepTable

YES = re.compile(
    r"(ya|iya|y|sudah|setuju|disetujui|sesuai|lengkap|valid|layak|ada|benar|terima|diterima|ok|acc)\b", re.IGNORECASE
)
NO = re.compile(
    r"(tidak|tdk|t|tida|belum|blm|kurang|ditolak|tolak|bukan|revisi|perbaikan|salah|invalid|no)\b", re.IGNORECASE
)

_BESIDE = 30
"""Words this near to a line may be its label, in points."""

_MOST_PHRASES = 6
"""At most so many phrases around a diamond are weighed."""


class BranchLabels:
    """The words that stand free in the columns of the pelaksana, as phrases."""

    def __init__(self, table: StepTable, pages: Sequence[Page]) -> None:
        self._phrases: list[list[Label]] = []
        for page in pages:
            header = table.headers.get(page.number)
            columns = header.of("pelaksana") if header else ()
            inside = (one for one in page.labels if find_column(columns, one.box.center.x) is not None)
            below = (one for one in inside if any(row.holds(page.number, one.box.center.y) for row in table.rows))
            self._phrases.append([one for one in below if not _stands_in_shape(one, page)])

    def assign(self, page: int, ways: Sequence[Sequence[Point]]) -> list[str]:
        """The phrase beside each way out of a symbol, such that all lie as near as they can.

        No phrase is given twice; a way that none is near gets an empty text.
        """
        near = {
            id(label): label
            for label in self._phrases[page]
            for way in ways
            if _measure_distance(label.box, way) <= _BESIDE
        }
        choices = [*near.values()][:_MOST_PHRASES] + [None] * len(ways)
        best = min(permutations(choices, len(ways)), key=lambda some: _sum_distances(some, ways), default=())
        return ["" if label is None else label.text for label in best]

    def find_near(self, page: int, box: Box, words: re.Pattern[str]) -> str:
        """The nearest phrase of this kind around a symbol, empty where there is none."""
        near = [
            (label.box.distance(box.center), label.text) for label in self._phrases[page] if words.match(label.text)
        ]
        return min(near, default=(0, ""))[1]


def _stands_in_shape(label: Label, page: Page) -> bool:
    """Whether words are those in a symbol: its number, or what is done there."""
    answers = YES.match(label.text) or NO.match(label.text)
    exact = not answers and page.slack == 0
    return exact and any(shape.box.holds(label.box.center) for shape in page.shapes)


def _sum_distances(labels: Sequence[Label | None], ways: Sequence[Sequence[Point]]) -> float:
    """How far phrases lie from the ways that they are given to."""
    return sum(
        _BESIDE if label is None else _measure_distance(label.box, way) for label, way in zip(labels, ways, strict=True)
    )


def _measure_distance(box: Box, points: Sequence[Point]) -> float:
    """How far a phrase is from a way, and a little from where it begins."""
    if len(points) < 2:
        return float("inf")
    edges = min(box.distance(point) for a, b in pairwise(points) for point in _sample(a, b))
    return edges + 0.1 * distance_to_way(box.center, points) + 0.1 * box.distance(points[0])


def _sample(a: Point, b: Point) -> list[Point]:
    """Places along a straight piece of a way."""
    steps = max(2, int(dist(a, b) / 4))
    return [Point(a.x + (b.x - a.x) * n / steps, a.y + (b.y - a.y) * n / steps) for n in range(steps + 1)]
