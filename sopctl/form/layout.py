"""From an SOP to the geometry of its flowchart: a pure function, so that the same SOP is always drawn alike.

Rows begin as low and symbols as wide as they look best; where a page then has no room for a line, all is laid out again
with more lanes. What finds none even then is told in words in a column of texts.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise

from msgspec.structs import astuple, replace

from sopctl.form.columns import MUTU_BAKU, form_columns
from sopctl.form.dimensions import paper_dimensions
from sopctl.form.flow_graph import MARK, FlowGraph, build_flow_graph
from sopctl.form.font_metrics import line_height, longest_word_width, text_width, wrap
from sopctl.form.geometry import ChartPage, ChartRow, Flowchart, Rect, Route, TextBlock, WrappedText
from sopctl.form.labels import LabelText
from sopctl.form.placement import Connection, RowBand, symbol_heights
from sopctl.form.plain_text import tell_exits
from sopctl.form.routed_pages import PageFormat, RoutedPage, find_complete_pages
from sopctl.form.routing import RoutedConnection
from sopctl.form.table_layout import (
    LEAD,
    MARGIN,
    PAD,
    PAPER,
    TITLE_GAP,
    TableLayout,
    cell_height,
    lay_out_table,
    wrap_cells,
)
from sopctl.office.model import PaperSize
from sopctl.sop.model import Sop

_TITLE_SIZES = (11.0, 10.0, 9.0, 8.0, 7.0)
"""The sizes of the title's type, in points: the largest is taken in which it has at most ``_TITLE_LINES`` lines."""

_TITLE_LINES = 4

_LANES = (2, 3, 4)
"""How many lanes above and below the symbols are tried, one after the other."""

_SLACK = 80
"""Twips that are left free at the foot of a page: a table may not push the end of its page over."""

_STRIPS = 3
"""Lines of pentagons for which the highest row leaves room."""

_CENTERED = MUTU_BAKU | {"no"}
"""The columns whose texts stand in the middle; sentences begin at the left."""

_TELLING = ("keterangan", "kegiatan")
"""The columns of which the first that is printed tells what has no line; where none is, the first is printed."""

_LABEL_SIZE = 7.0
"""The size of a label's type, in points."""

_WIDEST_LABEL = 1500
"""Where a label wraps, in twips."""


class _PaperFormat(PageFormat, frozen=True, kw_only=True):
    """The format of pages with their table: the heights of its header rows, and the cells of each row."""

    table: TableLayout
    heads: tuple[int, ...]
    cells: Sequence[Sequence[WrappedText]]


def lay_out_flowchart(sop: Sop, paper: PaperSize, *, numbered: bool = False) -> Flowchart:
    """The flowchart of an SOP that was read without mistakes; ``numbered`` adds a row of column numbers.

    Raises:
        WrongError: where it has many times the lines of any form.
    """
    sheet = Rect(0, 0, *PAPER[paper])
    title = _title(sop, sheet.expanded(-MARGIN))

    def make_format(graph: FlowGraph) -> _PaperFormat:
        return _make_format(_with_told_exits(sop, graph), graph, paper, title.frame.bottom, numbered=numbered)

    _, page_format, pages = find_complete_pages(sop, build_flow_graph(sop), make_format, _LANES)
    table, heads = page_format.table, page_format.heads
    return Flowchart(
        paper=sheet,
        title=title,
        borders=table.borders,
        first=table.first,
        last=table.last,
        groups=tuple((start, end) for _, start, end in table.groups),
        heads=heads,
        arrowhead=page_format.dimensions(_LANES[0]).clear,
        pages=tuple(
            _page(page_format, number, page_format.tops[number > 1] - sum(heads), page)
            for number, page in enumerate(pages, 1)
        ),
    )


def _make_format(sop: Sop, graph: FlowGraph, paper: PaperSize, top: int, *, numbered: bool) -> _PaperFormat:
    """The format of pages of which the first has its table from ``top`` on."""
    foot = PAPER[paper][1] - MARGIN - _SLACK

    def floors(width: int) -> list[int]:
        size = paper_dimensions(width, _LANES[0])
        return [sum(symbol_heights(graph, row, size)) for row in range(len(sop.steps))]

    table = lay_out_table(sop, paper, foot - top, floors)
    heads = (*table.heads, line_height(table.headings[0].size) + PAD) if numbered else table.heads
    tops = (top + sum(heads), MARGIN + LEAD + sum(heads))
    room = foot - tops[0]
    strip = paper_dimensions(table.pelaksana_width, _LANES[-1]).connector_strip(_STRIPS)
    cells = wrap_cells(sop, table, room - 2 * strip)
    return _PaperFormat(
        borders=table.pelaksana_borders,
        text_heights=[max(map(cell_height, row)) for row in cells],
        rooms=(room, foot - tops[1]),
        tops=tops,
        dimensions=partial(paper_dimensions, table.pelaksana_width),
        label_variants=_label_variants,
        table=table,
        heads=heads,
        cells=cells,
    )


def _with_told_exits(sop: Sop, graph: FlowGraph) -> Sop:
    """The SOP whose rows tell in the first column of `_TELLING` that is printed what has no line."""
    if not graph.told:
        return sop
    printed = {column.key for column in form_columns(sop)}
    key = next((key for key in _TELLING if key in printed), _TELLING[0])
    steps, exits = [], tell_exits(sop, graph)
    for row, step in enumerate(sop.steps):
        told = [f"{MARK} {words}" for words in exits.get(row, ())]
        steps.append(replace(step, **{key: "\n".join(filter(None, (getattr(step, key), *told)))}))
    columns = sop.columns if key in printed else {**sop.columns, key: True}
    return replace(sop, steps=tuple(steps), columns=columns)


def _title(sop: Sop, sheet: Rect) -> TextBlock:
    """The title above the table, over the width of the sheet; its frame is as high as its lines need."""
    text = sop.nama if sop.nama.casefold().startswith("sop") else f"SOP {sop.nama}"
    tries = [(wrap(text, sheet.width, size, bold=True), size) for size in _TITLE_SIZES]
    lines, size = next((one for one in tries if len(one[0]) <= _TITLE_LINES), tries[-1])
    frame = Rect(sheet.left, sheet.top, sheet.right, sheet.top + len(lines) * line_height(size) + TITLE_GAP)
    return TextBlock(text, lines, size, bold=True, frame=frame, align="left")


def _page(page_format: _PaperFormat, number: int, top: int, routed: RoutedPage) -> ChartPage:
    table, heads, page = page_format.table, page_format.heads, routed.page
    pairs = list(zip(page.connections, routed.routed, strict=True))
    labels = ((connection.label, one.label) for connection, one in pairs if one.label)
    return ChartPage(
        number=number,
        header=tuple(_header(table, top)),
        numbers=tuple(_column_numbers(table, top + sum(heads[:2]), heads[2:])),
        rows=tuple(_row(table, page_format.cells[band.row], band) for band in page.bands),
        symbols=page.symbols,
        routes=tuple(_route(*pair) for pair in pairs),
        labels=tuple(TextBlock(text, one.label.lines, _LABEL_SIZE, frame=one.frame) for text, one in labels),
    )


def _label_variants(label: str) -> tuple[LabelText, ...]:
    """A label on as few lines as may be, and one word a line."""
    narrow = int(longest_word_width(label, _LABEL_SIZE)) + PAD
    variants = dict.fromkeys(wrap(label, limit, _LABEL_SIZE) for limit in (_WIDEST_LABEL, min(narrow, _WIDEST_LABEL)))
    height = line_height(_LABEL_SIZE)
    return tuple(
        LabelText(lines, int(max(text_width(line, _LABEL_SIZE) for line in lines) * 1.04) + 12, len(lines) * height)
        for lines in variants
    )


def _route(connection: Connection, routed: RoutedConnection) -> Route:
    path = routed.path
    if path is None:
        raise ValueError("a page without room is not drawn")
    return Route(points=path.points, source=path.source.symbol, target=path.target.symbol, arrow=connection.arrow)


def _header(table: TableLayout, top: int) -> Iterator[TextBlock]:
    """The two header rows: the groups over their columns, the others over both rows."""
    middle, bottom = top + table.heads[0], top + sum(table.heads)
    for cell, start, end in table.groups:
        yield _text_block(cell, Rect(table.borders[start], top, table.borders[end], middle))
    for number, (cell, (left, right)) in enumerate(zip(table.headings, pairwise(table.borders), strict=True)):
        grouped = any(start <= number < end for _, start, end in table.groups)
        yield _text_block(cell, Rect(left, middle if grouped else top, right, bottom))


def _column_numbers(table: TableLayout, top: int, heights: Sequence[int]) -> Iterator[TextBlock]:
    for number, (left, right) in enumerate(pairwise(table.borders), 1):
        for height in heights:
            yield _text_block(WrappedText(str(number), (str(number),), 8), Rect(left, top, right, top + height))


def _row(table: TableLayout, texts: Sequence[WrappedText], band: RowBand) -> ChartRow:
    borders = table.borders
    numbers = [*range(table.first), *range(table.last, len(borders) - 1)]
    top, bottom = band.top + band.above, band.bottom - band.below
    cells = tuple(
        _text_block(
            cell,
            Rect(borders[number], top, borders[number + 1], bottom),
            left=column.key not in _CENTERED or "\n" in cell.text,
        )
        for cell, column, number in zip(texts, table.columns, numbers, strict=True)
    )
    frame = Rect(borders[0], band.top, borders[-1], band.bottom)
    return ChartRow(step=band.row, frame=frame, above=band.above, below=band.below, cells=cells)


def _text_block(cell: WrappedText, frame: Rect, *, left: bool = False) -> TextBlock:
    return TextBlock(*astuple(cell), frame=frame, align="left" if left else "center")
