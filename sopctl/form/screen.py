"""The flow in letters, for a terminal: the same symbols and the same search for lines as on paper.

A place is counted in halves of a letter, so that the middle of each letter is odd and the border between two is even:
lines run through middles, words lie between borders.
"""

import textwrap
from collections.abc import Iterator
from itertools import pairwise

from sopctl.form.board import Band, Placing
from sopctl.form.effort import Effort
from sopctl.form.flow import flow
from sopctl.form.geometry import Point, Shape
from sopctl.form.grid import Path
from sopctl.form.paging import Paging, letters
from sopctl.form.scale import on_screen
from sopctl.form.settle import Sheet, settled, sheet
from sopctl.form.words import Words
from sopctl.sop.model import Sop, Step

NARROWEST = 9
"""Letters of a pelaksana's column that leave room for a symbol and a line on either side."""

_WIDEST = 21
_ROOM = 64
"""Letters that few columns share at least: loops need lanes."""

_LANES = (1, 2, 3, 4)
_MANY = 10_000
"""More lines than a flow has: the terminal scrolls, there is but one page."""

_UP, _RIGHT, _DOWN, _LEFT = 1, 2, 4, 8
_LINES = " ╵╶└╷│┌├╴┘─┴┐┤┬┼"
"""What a letter looks like from whose middle lines lead up (1), right (2), down (4), left (8)."""

_HEADS = {_UP: "▼", _RIGHT: "◄", _DOWN: "▲", _LEFT: "►"}
"""The head of an arrow by the side from which its line comes."""

_PLAIN = str.maketrans("╵╶└╷│┌├╴┘─┴┐┤┬┼▼◄▲►▽", "|-+||++-+-++++" + "+v<^>v")
"""The same with the letters that every terminal has."""

_FRAMES = {"capsule": ("(", ")"), "box": ("[", "]"), "diamond": ("<", ">"), "pentagon": ("▽", "")}


def screen(sop: Sop, width: int, *, plain: bool = False) -> str:
    """The flow of an SOP in lines of at most ``width`` letters, as far as its columns can be that narrow.

    ``plain`` uses ASCII only. WrongError where a step has more exits than a diamond has places, or where the flow takes
    too long to draw.
    """
    names = list(sop.pelaksana.values())
    column = _column(width, len(names))
    (drawn,) = settled(sop, flow(sop), lambda *how: [_sheet(sop, column, *how)], _LANES)
    lines = (*_heading(names, column), *_Canvas(sop, drawn).lines())
    text = "\n".join(line.rstrip() for line in lines)
    return text.translate(_PLAIN) if plain else text


def _column(width: int, pelaksana: int) -> int:
    """Letters of a column: an odd number, so that it has a middle."""
    fitting = min(max(_WIDEST, _ROOM // pelaksana), max(NARROWEST, width // pelaksana))
    return fitting - 1 + fitting % 2


def _sheet(sop: Sop, column: int, lanes: int, apart: frozenset[int], effort: Effort) -> Sheet:
    scale, drawn = on_screen(lanes), flow(sop)
    paging = Paging(drawn, scale, 2 * column, len(sop.pelaksana), apart)
    heights = [paging.height(row, 0) for row in range(len(sop.steps))]
    (leaf,) = paging.leaves(heights, [_MANY * len(heights)])
    edges = [2 * column * number for number in range(len(sop.pelaksana) + 1)]
    bands, top = [], 0
    for row, height in enumerate(heights):
        above, below = leaf.above if row == 0 else 0, leaf.below if row == leaf.rows[-1] else 0
        bands.append(Band(row=row, top=top, bottom=top + above + height + below, above=above, below=below))
        top = bands[-1].bottom
    return sheet(drawn, leaf, Placing(drawn, scale, edges, bands), letters([leaf]), _measured, effort)


def _measured(label: str) -> tuple[Words, ...]:
    text = " ".join(label.split())
    return (Words((text,), 2 * len(text), 2),)


def _heading(names: list[str], column: int) -> Iterator[str]:
    """The titles of the columns, each in the middle of its own; their numbers where a word is wider than its column."""
    titles = names
    if any(len(word) > column - 2 for name in names for word in name.split()):
        titles = [str(number) for number in range(1, len(names) + 1)]
        yield from (f"{number:>2} {name}" for number, name in zip(titles, names, strict=True))
        yield ""
    wrapped = [textwrap.wrap(title, column - 2) for title in titles]
    for number in range(max(map(len, wrapped))):
        yield "".join((lines[number] if number < len(lines) else "").center(column) for lines in wrapped)
    yield "─" * column * len(names)


class _Canvas:
    """The letters of a page, written over each other: lines, then symbols, then words."""

    def __init__(self, sop: Sop, drawn: Sheet) -> None:
        self.sop = sop
        self.board = drawn.board
        self.letters: dict[Point, str] = {}
        self._draw_lines([(one.path, wire.arrow) for one, wire in zip(drawn.drawn, drawn.board.wires, strict=True)])
        for shape in self.board.shapes:
            self._write(shape.frame.left // 2, shape.frame.top // 2, _symbol(sop.steps, shape))
        for one in drawn.drawn:
            if one.label:
                frame, words = one.label.frame, one.label.words
                self._write(frame.left // 2, frame.top // 2, words.lines[0])

    def lines(self) -> Iterator[str]:
        """The page, line by line."""
        area = self.board.area
        for y in range(area.top // 2, area.bottom // 2):
            yield "".join(self.letters.get((x, y), " ") for x in range(area.left // 2, area.right // 2))

    def _draw_lines(self, paths: list[tuple[Path | None, bool]]) -> None:
        sides: dict[Point, int] = {}
        heads: dict[Point, str] = {}
        for path, arrow in paths:
            cells = list(_cells(path)) if path else []
            for one, two in pairwise(cells):
                sides[one] = sides.get(one, 0) | _side(one, two)
                sides[two] = sides.get(two, 0) | _side(two, one)
            if arrow and len(cells) > 1:
                heads[cells[-2]] = _HEADS[_side(cells[-1], cells[-2])]
        self.letters |= {cell: _LINES[leads] for cell, leads in sides.items()} | heads

    def _write(self, x: int, y: int, text: str) -> None:
        self.letters |= {(x + number, y): letter for number, letter in enumerate(text)}


def _cells(path: Path) -> Iterator[Point]:
    """The letters that a line passes, from symbol to symbol."""
    points = [(x // 2, y // 2) for x, y in path.points]
    yield points[0]
    for (x, y), (to_x, to_y) in pairwise(points):
        right, down = (to_x > x) - (to_x < x), (to_y > y) - (to_y < y)
        for step in range(1, abs(to_x - x) + abs(to_y - y) + 1):
            yield x + right * step, y + down * step


def _side(here: Point, there: Point) -> int:
    """At which side of a letter its neighbour lies."""
    if here[0] == there[0]:
        return _DOWN if there[1] > here[1] else _UP
    return _RIGHT if there[0] > here[0] else _LEFT


def _symbol(steps: tuple[Step, ...], shape: Shape) -> str:
    """A symbol with the number of its step, or with its own word."""
    opened, closed = _FRAMES[shape.kind]
    width = (shape.frame.right - shape.frame.left) // 2 + 1
    if shape.kind == "pentagon":
        return f"{opened}{shape.text}"[:width].ljust(width)
    no = steps[shape.row].no if shape.row is not None else None
    text = shape.text or ("" if no is None else str(no))
    return f"{opened}{text[: width - 2].center(width - 2)}{closed}"
