"""From an SOP to the geometry of its flowchart: a pure function, so that the same SOP is always drawn alike.

Rows begin as low and symbols as wide as they look best; where a page then has no room for a line, all is laid out again
with more lanes.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from sopctl.form.board import Band, Placing, Wire, strip
from sopctl.form.effort import Effort
from sopctl.form.flow import flow
from sopctl.form.geometry import Chart, Page, Rect, Route, Row, Text
from sopctl.form.metrics import line_height, longest_word, width, wrap
from sopctl.form.paging import Leaf, Paging, letters
from sopctl.form.routing import Drawn
from sopctl.form.scale import on_paper
from sopctl.form.settle import Sheet, settled, sheet
from sopctl.form.table import MARGIN, PAD, SHEETS, TITLE, Cell, Table, table
from sopctl.form.words import Placed, Words
from sopctl.office.model import PaperSize
from sopctl.sop.model import Sop

LEAD = 20
"""Height of the line above the table on every page but the first, in twips."""

_LANES = (2, 3, 4)
"""How many lanes above and below the symbols are tried, one after the other."""

_SLACK = 80
"""Twips that are left free at the foot of a page: a table may not push the end of its page over."""

_STRIPS = 3
"""Lines of pentagons for which the highest row leaves room."""

_LABEL = 7.0
"""The size of a label's type, in points."""

_WIDEST = 1500
"""Where a label wraps, in twips."""


def chart(sop: Sop, paper: PaperSize, *, numbered: bool = False) -> Chart:
    """The flowchart of an SOP that was read without mistakes; ``numbered`` adds a row of column numbers.

    Raises:
        WrongError: where a step has more exits than a diamond has places, or where the flow takes too long to draw.
    """
    layout = _Layout(sop, paper, numbered=numbered)
    return layout.chart(settled(sop, layout.flow, layout.sheets, _LANES))


class _Layout:
    """One SOP on one kind of paper."""

    def __init__(self, sop: Sop, paper: PaperSize, *, numbered: bool) -> None:
        self.flow = flow(sop)
        self.sop = sop
        self.sheet = Rect(0, 0, *SHEETS[paper])
        room = self.sheet.height - 2 * MARGIN - TITLE - _SLACK
        bare = table(sop, paper, room)
        numbers = line_height(bare.headings[0].size) + PAD if numbered else 0
        self.heads = (*bare.heads, numbers) if numbered else bare.heads
        self.room = room - sum(self.heads)
        scale = on_paper(bare.column, _LANES[-1])
        self.table = table(sop, paper, self.room - 2 * strip(scale, _STRIPS))

    def sheets(self, lanes: int, apart: frozenset[int], effort: Effort) -> list[Sheet]:
        """All pages with their lines, so many lanes above and below the symbols."""
        scale = on_paper(self.table.column, lanes)
        paging = Paging(self.flow, scale, self.table.column, len(self.sop.pelaksana), apart)
        texts = [max(cell.height for cell in cells) for cells in self.table.cells]
        heights = [paging.height(row, text) for row, text in enumerate(texts)]
        leaves = paging.leaves(heights, (self.room, self.room + TITLE - LEAD))
        names = letters(leaves)
        sheets = []
        for number, leaf in enumerate(leaves):
            bands = self._bands(number, leaf, heights)
            placing = Placing(self.flow, scale, self._pelaksana(), bands)
            sheets.append(sheet(self.flow, leaf, placing, names, _measured, effort))
        return sheets

    def chart(self, sheets: Sequence[Sheet]) -> Chart:
        """The geometry of pages that have room for everything."""
        top = MARGIN + TITLE
        title = f"SOP {self.sop.nama}" if not self.sop.nama.casefold().startswith("sop") else self.sop.nama
        return Chart(
            sheet=self.sheet,
            title=Text(
                text=title,
                frame=Rect(MARGIN, MARGIN, self.sheet.right - MARGIN, top),
                lines=(title,),
                size=11,
                bold=True,
                align="left",
            ),
            edges=self.table.edges,
            first=self.table.first,
            last=self.table.last,
            heads=self.heads,
            arrowhead=on_paper(self.table.column, _LANES[0]).clear,
            pages=tuple(self._page(number, sheet) for number, sheet in enumerate(sheets)),
        )

    def _pelaksana(self) -> tuple[int, ...]:
        return self.table.edges[self.table.first : self.table.last + 1]

    def _top(self, number: int) -> int:
        """Where the table begins on a page."""
        return MARGIN + (LEAD if number else TITLE)

    def _bands(self, number: int, leaf: Leaf, heights: Sequence[int]) -> list[Band]:
        top = self._top(number) + sum(self.heads)
        bands = []
        for row in leaf.rows:
            above = leaf.above if row == leaf.rows[0] else 0
            below = leaf.below if row == leaf.rows[-1] else 0
            bottom = top + above + heights[row] + below
            bands.append(Band(row=row, top=top, bottom=bottom, above=above, below=below))
            top = bottom
        return bands

    def _page(self, number: int, sheet: Sheet) -> Page:
        board = sheet.board
        pairs = list(zip(board.wires, sheet.drawn, strict=True))
        return Page(
            number=number + 1,
            header=tuple(_heading(self.table, self._top(number))),
            numbers=tuple(_numbers(self.table, self._top(number) + sum(self.heads[:2]), self.heads[2:])),
            rows=tuple(_row(self.table, band) for band in board.bands),
            shapes=board.shapes,
            routes=tuple(_route(wire, drawn) for wire, drawn in pairs),
            labels=tuple(_label(wire.label, drawn.label) for wire, drawn in pairs if drawn.label),
        )


def _measured(label: str) -> tuple[Words, ...]:
    """A label on as few lines as may be, and one word a line."""
    narrow = int(longest_word(label, _LABEL)) + PAD
    ways = dict.fromkeys(wrap(label, limit, _LABEL) for limit in (_WIDEST, min(narrow, _WIDEST)))
    return tuple(
        Words(lines, int(max(width(line, _LABEL) for line in lines) * 1.04) + 12, len(lines) * line_height(_LABEL))
        for lines in ways
    )


def _label(text: str, placed: Placed) -> Text:
    return Text(text=text, frame=placed.frame, lines=placed.words.lines, size=_LABEL)


def _route(wire: Wire, drawn: Drawn) -> Route:
    if drawn.path is None:
        raise ValueError("a page without room is not drawn")
    path = drawn.path
    return Route(points=path.points, source=path.source.shape, target=path.target.shape, arrow=wire.arrow)


def _heading(table: Table, top: int) -> Iterator[Text]:
    """The two header rows: the groups over their columns, the others over both rows."""
    middle, bottom = top + table.heads[0], top + sum(table.heads)
    edges, last = table.edges, table.last
    yield _text(table.groups[0], Rect(edges[table.first], top, edges[last], middle))
    yield _text(table.groups[1], Rect(edges[last], top, edges[-2], middle))
    for number, (cell, (left, right)) in enumerate(zip(table.headings, pairwise(edges), strict=True)):
        alone = number < table.first or number == len(table.headings) - 1
        yield _text(cell, Rect(left, top if alone else middle, right, bottom))


def _numbers(table: Table, top: int, height: Sequence[int]) -> Iterator[Text]:
    for number, (left, right) in enumerate(pairwise(table.edges), 1):
        for high in height:
            cell = Cell(str(number), (str(number),), 8)
            yield _text(cell, Rect(left, top, right, top + high))


def _row(table: Table, band: Band) -> Row:
    columns = [*range(table.first), *range(table.last, len(table.edges) - 1)]
    top, bottom = band.top + band.above, band.bottom - band.below
    cells = []
    for cell, column in zip(table.cells[band.row], columns, strict=True):
        frame = Rect(table.edges[column], top, table.edges[column + 1], bottom)
        left = column in (1, len(table.edges) - 2)
        cells.append(_text(cell, frame, left=left))
    frame = Rect(table.edges[0], band.top, table.edges[-1], band.bottom)
    return Row(step=band.row, frame=frame, above=band.above, below=band.below, cells=tuple(cells))


def _text(cell: Cell, frame: Rect, *, left: bool = False) -> Text:
    return Text(
        text=cell.text,
        frame=frame,
        lines=cell.lines,
        size=cell.size,
        bold=cell.bold,
        align="left" if left else "center",
        turned=cell.turned,
    )
