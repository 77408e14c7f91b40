"""Sizes of symbols, distances of lines and prices of routing; paper and terminal differ in these numbers only."""

from msgspec import Struct

from sopctl.form.geometry import NodeKind

Size = tuple[int, int]
"""Width and height."""


class Dimensions(Struct, frozen=True, kw_only=True):
    """The dimensions of a flowchart, in the unit of its coordinates (twips on paper, half letters in a terminal).

    ``box``, ``diamond``, ``small`` (the capsules `Mulai` and `Selesai`) and ``pentagon`` are the sizes of symbols; a
    line may touch them in the middle of a side and ``port`` beside it. Lines run on lanes: the outermost ``edge`` from
    the border of its column or row, each next one ``lane`` further in, none closer than ``clear`` to a symbol.
    ``lanes`` is how many fit above and below the symbols of a row at least. ``bend`` and ``crossing`` are the prices of
    a bend and a crossing in units of length, ``label_gap`` is the distance between a line and its label.
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
    def capsule_gap(self) -> int:
        """The distance between a diamond and a small capsule, with room for a label."""
        return 2 * self.clear + 2 * self.lane

    @property
    def row_padding(self) -> int:
        """The space above and below the symbols of a row."""
        return self.edge + self.lane * (self.lanes - 1) + self.clear

    @property
    def connector_line(self) -> int:
        """The height of one line of pentagons."""
        return self.pentagon[1] + 2 * self.clear

    def connector_strip(self, lines: int) -> int:
        """The height of so many lines of pentagons at the end of a page."""
        return lines * self.connector_line + 2 * self.edge if lines else 0

    def connector_slots(self, left: int, right: int) -> tuple[int, ...]:
        """The x of the pentagons in a column: its middle, and either side of it where there is room."""
        middle, pitch = (left + right) // 2, self.pentagon[0] + self.clear
        room = (right - left) // 2 - self.edge - self.pentagon[0] // 2
        return (middle, middle - pitch, middle + pitch) if pitch <= room else (middle,)

    def size(self, kind: NodeKind) -> Size:
        """The size of a symbol on the centre line of its row."""
        return self.diamond if kind == "diamond" else self.box


_ROOMY = 800
"""Twips of a column from which there is room for large symbols."""


def paper_dimensions(column: int, lanes: int) -> Dimensions:
    """The dimensions for columns of a width in twips; more ``lanes`` than two make higher rows and narrower symbols."""
    roomy = column >= _ROOMY
    share = (0.56 if roomy else 0.44) - 0.06 * (lanes - 2)
    width = int(min(760, column * share)) // 8 * 8
    return Dimensions(
        box=(width, 400 if roomy else min(400, width * 5 // 8) // 8 * 8),
        diamond=(min(width, 560), 480) if roomy else (width, max(240, width)),
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


def terminal_dimensions(lanes: int) -> Dimensions:
    """The dimensions of a terminal, in half letters: a symbol is one line high and five letters wide."""
    return Dimensions(
        box=(8, 0), diamond=(8, 0), small=(16, 0), pentagon=(4, 0), port=2, lane=2, edge=1, clear=2, lanes=lanes,
        bend=10, crossing=30, label_gap=1,
    )  # fmt: skip
