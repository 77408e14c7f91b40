"""How large the symbols are and how close lines may lie: the draughtsman's measures, apart from what he draws.

A flowchart on paper and one in the terminal differ in these numbers only.
"""

from typing import Literal

from msgspec import Struct

Size = tuple[int, int]
"""Width and height."""


class Scale(Struct, frozen=True, kw_only=True):
    """The measures of a flowchart, in the unit of its places (twips on paper, letters in a terminal).

    ``box``, ``diamond``, ``small`` (the capsules `Mulai` and `Selesai`) and ``pentagon`` are the sizes of symbols; a
    line may touch them in the middle of a side and ``port`` beside it. Lines run on lanes: the outermost ``edge`` from
    the border of its column or row, each next one ``lane`` further in, none closer than ``clear`` to a symbol.
    ``lanes`` is how many fit above and below the symbols of a row at least. ``bend`` and ``crossing`` are what a line
    rather goes around, ``label_gap`` is the space between a line and its word.
    """

    box: Size
    diamond: Size
    small: Size
    pentagon: Size
    port: int
    lane: int
    edge: int
    clear: int
    lanes: int
    bend: int
    crossing: int
    label_gap: int

    @property
    def apart(self) -> int:
        """The space between a diamond and a small capsule, with room for a word."""
        return 2 * self.clear + 2 * self.lane

    @property
    def gap(self) -> int:
        """The space above and below the symbols of a row."""
        return self.edge + self.lane * (self.lanes - 1) + self.clear

    def size(self, kind: Literal["capsule", "box", "diamond"]) -> Size:
        """The size of a symbol in the line of its row."""
        return self.diamond if kind == "diamond" else self.box


_ROOMY = 800
"""Twips of a column from which there is room for large symbols."""


def on_paper(column: int, lanes: int) -> Scale:
    """The measures for columns of a width in twips; more ``lanes`` than two make higher rows and narrower symbols."""
    roomy = column >= _ROOMY
    share = (0.56 if roomy else 0.44) - 0.06 * (lanes - 2)
    width = int(min(760, column * share)) // 8 * 8
    diamond = (min(width, 560), 480) if roomy else (width, max(240, width))
    return Scale(
        box=(width, 400 if roomy else min(400, width * 5 // 8) // 8 * 8),
        diamond=diamond,
        small=(width, 240),
        pentagon=(280, 300) if roomy else (200, 240),
        port=width // 4,
        lane=70 if roomy else 50,
        edge=56 if roomy else 40,
        clear=120 if roomy else 84,
        lanes=lanes,
        bend=300,
        crossing=900,
        label_gap=24,
    )


def on_screen(lanes: int) -> Scale:
    """The measures of a terminal, in halves of a letter: a symbol is one line high and five letters wide."""
    return Scale(
        box=(8, 0),
        diamond=(8, 0),
        small=(16, 0),
        pentagon=(4, 0),
        port=2,
        lane=2,
        edge=1,
        clear=2,
        lanes=lanes,
        bend=10,
        crossing=30,
        label_gap=1,
    )
