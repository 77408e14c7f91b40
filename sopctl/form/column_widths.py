"""How wide the columns of texts are: by the usual shares, and as their texts need it where that saves a page.

Width is moved from column to column as long as the rows together get lower.
"""

from collections.abc import Iterator, Sequence
from itertools import permutations

from sopctl.form.font_metrics import USABLE, line_height, text_width

_QUANTA = (1200, 600, 300, 150, 75)
"""Twips that are moved from one column to another at once."""

_ROUNDS = 12
"""How often width of one size is moved at most."""


class TextColumn:
    """The texts of a column, measured once; ``least`` is the width that it keeps, in twips, its padding included."""

    def __init__(self, texts: Sequence[str], size: float, padding: int, least: int) -> None:
        self.least = least
        self._size, self._padding = size, padding
        self._space = text_width(" ", size)
        self._words: list[list[list[float]]] = [
            [[text_width(word, size) for word in line.split(" ")] for line in text.split("\n")] for text in texts
        ]
        self._heights: dict[int, list[int]] = {}

    def heights(self, width: int) -> list[int]:
        """The height of each cell where the column is so wide, in twips."""
        if width not in self._heights:
            limit, leading = (width - self._padding) * USABLE, line_height(self._size)
            self._heights[width] = [
                leading * sum(self._count_lines(words, limit) for words in cell) + self._padding for cell in self._words
            ]
        return self._heights[width]

    def _count_lines(self, words: list[float], limit: float) -> int:
        lines, filled = 1, 0.0
        for word in words:
            longer = filled + self._space + word if filled else word
            if filled and longer > limit:
                lines, longer = lines + 1, word
            if longer > limit:
                more = int(longer / limit)
                lines, longer = lines + more, longer - more * limit
            filled = longer
        return lines


def fit_widths(
    columns: Sequence[TextColumn], shares: Sequence[int], room: int, floors: Sequence[int]
) -> Iterator[list[int]]:
    """The widths of columns that share a room, by their shares at first, then those with which the rows are lower.

    ``floors`` are the heights that the rows have at least.
    """
    spare = max(0, room - sum(column.least for column in columns))
    wanted = [max(0, room * share // sum(shares) - column.least) for column, share in zip(columns, shares, strict=True)]
    total = sum(wanted) or 1
    widths = [column.least + spare * more // total for column, more in zip(columns, wanted, strict=True)]
    best = _heights(columns, widths, floors)
    yield widths
    for quantum in _QUANTA:
        for _ in range(_ROUNDS):
            tries = list(_moved(columns, widths, quantum))
            heights = [_heights(columns, one, floors) for one in tries]
            if min(heights, default=best) >= best:
                break
            best = min(heights)
            widths = tries[heights.index(best)]
            yield widths


def total_height(columns: Sequence[TextColumn], widths: Sequence[int], floors: Sequence[int]) -> int:
    """The height of all rows where the columns are so wide."""
    return _heights(columns, widths, floors)[0]


def _heights(columns: Sequence[TextColumn], widths: Sequence[int], floors: Sequence[int]) -> tuple[int, int]:
    """The height of all rows, and of all cells as far as they are higher than the least height of their row.

    Where two cells of a row are equally high both must get lower before the row does: the second sum tells that the
    first of them did.
    """
    cells = [column.heights(width) for column, width in zip(columns, widths, strict=True)]
    return sum(map(max, floors, *cells)), sum(sum(map(max, floors, column)) for column in cells)


def _moved(columns: Sequence[TextColumn], widths: Sequence[int], quantum: int) -> Iterator[list[int]]:
    """The widths after each move of so much from one column to another."""
    for source, to in permutations(range(len(columns)), 2):
        if widths[source] - quantum >= columns[source].least:
            moved = list(widths)
            moved[source] -= quantum
            moved[to] += quantum
            yield moved
