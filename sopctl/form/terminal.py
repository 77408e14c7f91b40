"""The flow in characters, for a terminal: the same symbols and the same routing as on paper.

Coordinates count half characters, so that the middle of each character is odd and the border between two is even:
lines run through middles, text lies between borders.
"""

import textwrap
from collections.abc import Iterator
from itertools import pairwise, zip_longest

from sopctl.form.dimensions import terminal_dimensions
from sopctl.form.flow_graph import MARK, FlowGraph, build_flow_graph
from sopctl.form.geometry import PlacedSymbol, Point
from sopctl.form.labels import LabelText
from sopctl.form.lane_grid import GridPath
from sopctl.form.plain_text import name_row, tell_exits
from sopctl.form.routed_pages import PageFormat, RoutedPage, find_complete_pages
from sopctl.sop.model import Sop, Step

NARROWEST = 9
"""Characters of a pelaksana's column that leave room for a symbol and a line on either side."""

_WIDEST = 21
_ROOM = 64
"""Characters that few columns share at least: loops need lanes."""

_LANES = (1, 2, 3, 4)
_ENDLESS = 10_000
"""Lines for each row: the terminal scrolls, there is but one page."""

_UP, _RIGHT, _DOWN, _LEFT = 1, 2, 4, 8
_LINES = " ╵╶└╷│┌├╴┘─┴┐┤┬┼"
"""The character from whose middle lines lead up (1), right (2), down (4), left (8)."""

_HEADS = {_UP: "▼", _RIGHT: "◄", _DOWN: "▲", _LEFT: "►"}
"""The head of an arrow by the side from which its line comes."""

_ASCII = str.maketrans("╵╶└╷│┌├╴┘─┴┐┤┬┼▼◄▲►▽", "|-+||++-+-++++" + "+v<^>v")
"""The same with characters that every terminal has."""

_FRAMES = {"capsule": ("(", ")"), "box": ("[", "]"), "diamond": ("<", ">"), "pentagon": ("▽", "")}


def draw_flow(sop: Sop, width: int, *, plain: bool = False) -> str:
    """The flow of an SOP in lines of at most ``width`` characters, as far as its columns can be that narrow.

    Below it stands what finds no room as a line. ``plain`` uses ASCII only.

    Raises:
        WrongError: where it has many times the lines of any form.
    """
    names, rows = list(sop.pelaksana.values()), len(sop.steps)
    column = _column_width(width, len(names))
    page_format = PageFormat(
        borders=tuple(2 * column * number for number in range(len(names) + 1)),
        text_heights=[0] * rows,
        rooms=(_ENDLESS * rows, 0),
        tops=(0, 0),
        dimensions=terminal_dimensions,
        label_variants=_label_variants,
    )
    graph, _, (page,) = find_complete_pages(sop, build_flow_graph(sop), lambda _: page_format, _LANES)
    lines = (*_heading(names, column), *_Canvas(sop, page).lines(), *_list_told(sop, graph))
    text = "\n".join(line.rstrip() for line in lines)
    return text.translate(_ASCII) if plain else text


def _list_told(sop: Sop, graph: FlowGraph) -> Iterator[str]:
    """What leads from a symbol to another without a line."""
    if graph.told:
        yield ""
    for row, exits in sorted(tell_exits(sop, graph).items()):
        yield from (f"{MARK} {name_row(sop, row)}, {words}" for words in exits)


def _column_width(width: int, pelaksana: int) -> int:
    """Characters of a column: an odd number, so that it has a middle."""
    fitting = min(max(_WIDEST, _ROOM // pelaksana), max(NARROWEST, width // pelaksana))
    return fitting - 1 + fitting % 2


def _label_variants(label: str) -> tuple[LabelText, ...]:
    text = " ".join(label.split())
    return (LabelText((text,), 2 * len(text), 2),)


def _heading(names: list[str], column: int) -> Iterator[str]:
    """The titles of the columns, centred; their numbers after a legend where a word is wider than its column."""
    titles = names
    if any(len(word) > column - 2 for name in names for word in name.split()):
        titles = [str(number) for number in range(1, len(names) + 1)]
        yield from (f"{number:>2} {name}" for number, name in zip(titles, names, strict=True))
        yield ""
    wrapped = [textwrap.wrap(title, column - 2) for title in titles]
    for line in zip_longest(*wrapped, fillvalue=""):
        yield "".join(part.center(column) for part in line)
    yield "─" * column * len(names)


class _Canvas:
    """The characters of a page, written over each other: lines, then symbols, then labels."""

    def __init__(self, sop: Sop, routed: RoutedPage) -> None:
        self.page = routed.page
        self.characters: dict[Point, str] = {}
        pairs = zip(routed.routed, self.page.connections, strict=True)
        self._draw_lines([(one.path, connection.arrow) for one, connection in pairs])
        for symbol in self.page.symbols:
            self._write(symbol.frame.left // 2, symbol.frame.top // 2, _symbol(sop.steps, symbol))
        for label in (one.label for one in routed.routed if one.label):
            self._write(label.frame.left // 2, label.frame.top // 2, label.label.lines[0])

    def lines(self) -> Iterator[str]:
        """The page, line by line."""
        area = self.page.area
        for y in range(area.top // 2, area.bottom // 2):
            yield "".join(self.characters.get((x, y), " ") for x in range(area.left // 2, area.right // 2))

    def _draw_lines(self, paths: list[tuple[GridPath | None, bool]]) -> None:
        sides: dict[Point, int] = {}
        heads: dict[Point, str] = {}
        for path, arrow in paths:
            cells = list(_cells(path)) if path else []
            for one, two in pairwise(cells):
                sides[one] = sides.get(one, 0) | _side(one, two)
                sides[two] = sides.get(two, 0) | _side(two, one)
            if arrow and len(cells) > 1:
                heads[cells[-2]] = _HEADS[_side(cells[-1], cells[-2])]
        self.characters |= {cell: _LINES[leads] for cell, leads in sides.items()} | heads

    def _write(self, x: int, y: int, text: str) -> None:
        self.characters |= {(x + number, y): letter for number, letter in enumerate(text)}


def _cells(path: GridPath) -> Iterator[Point]:
    """The characters that a line passes, from symbol to symbol."""
    points = [(x // 2, y // 2) for x, y in path.points]
    yield points[0]
    for (x, y), (to_x, to_y) in pairwise(points):
        right, down = (to_x > x) - (to_x < x), (to_y > y) - (to_y < y)
        for step in range(1, abs(to_x - x) + abs(to_y - y) + 1):
            yield x + right * step, y + down * step


def _side(here: Point, there: Point) -> int:
    """At which side of a character its neighbour lies."""
    if here[0] == there[0]:
        return _DOWN if there[1] > here[1] else _UP
    return _RIGHT if there[0] > here[0] else _LEFT


def _symbol(steps: tuple[Step, ...], symbol: PlacedSymbol) -> str:
    """A symbol with the number of its step, or with its own text."""
    opened, closed = _FRAMES[symbol.kind]
    width = symbol.frame.width // 2 + 1
    if symbol.kind == "pentagon":
        return f"{opened}{symbol.text}"[:width].ljust(width)
    no = steps[symbol.row].no if symbol.row is not None and symbol.column is not None else None
    text = f"{'' if no is None else no}{symbol.text}"
    return f"{opened}{text[: width - 2].center(width - 2)}{closed}"
