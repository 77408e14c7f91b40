"""A page of the flowchart as SVG: the same geometry that Word gets, for screens and web pages."""

from collections.abc import Collection, Iterator
from itertools import pairwise

from sopctl.form.font_metrics import TWIPS, line_height
from sopctl.form.geometry import ChartPage, Flowchart, PlacedSymbol, Point, Rect, Route, TextBlock
from sopctl.form.ports import CAPSULE_ROUND
from sopctl.form.table_layout import PAD
from sopctl.word.xml_text import escape_text

SYMBOL_SIZE = 7.0
"""The size of the type in a symbol, in points."""

_GREY = "#D9D9D9"
_CURRENT = 'class="current" fill="#FFD54F" stroke="#8A3A02" stroke-width="60"'
"""How a symbol is drawn at which a case stands: by more than its colour."""

_ASCENT = 0.92
"""The baseline of a line of text, as a share of its size from its top."""

_SHOULDER = 0.8
"""Where the point of a pentagon begins, as a share of its height."""


def page_svg(chart: Flowchart, page: ChartPage, current: Collection[tuple[int, int]] = ()) -> str:
    """The drawing of one page; its unit is the twip, its size that of the paper.

    ``current`` are the symbols at which a case stands, by the indices of their step and pelaksana: they are marked.
    """
    marked = [one for one in page.symbols if (one.row, one.column) in current]
    width, height = chart.paper.width, chart.paper.height
    fonts = "Arial, 'Liberation Sans', Helvetica, sans-serif"
    size = f'width="{width / TWIPS}pt" height="{height / TWIPS}pt" viewBox="0 0 {width} {height}"'
    parts = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{fonts}">',
        f"<title>{escape_text(chart.title.text)} ({page.number})</title>",
        f'<rect width="{width}" height="{height}" fill="white"/>',
        *_table(chart, page),
        '<g fill="none" stroke="black" stroke-width="15">',
        *(_line(route, chart.arrowhead) for route in page.routes),
        "</g>",
        '<g fill="white" stroke="black" stroke-width="15">',
        *map(_symbol, page.symbols),
        "</g>",
        *([f"<g {_CURRENT}>", *map(_symbol, marked), "</g>"] if marked else []),
        *(line for text in _symbol_texts(page) for line in _text(text)),
        *(line for label in page.labels for line in (f'<g fill="white">{_rect(label.frame)}</g>', *_text(label))),
        "</svg>",
    )
    return "\n".join(parts) + "\n"


def _table(chart: Flowchart, page: ChartPage) -> Iterator[str]:
    if page.number == 1:
        yield from _text(chart.title)
    yield f'<g fill="{_GREY}" stroke="black" stroke-width="10">'
    yield from (_rect(text.frame) for text in page.header)
    yield "</g>"
    yield '<g fill="none" stroke="black" stroke-width="10">'
    yield from (_rect(text.frame) for text in page.numbers)
    for row in page.rows:
        for left, right in pairwise(chart.borders):
            yield _rect(Rect(left, row.frame.top, right, row.frame.bottom))
    yield "</g>"
    cells = (cell for row in page.rows for cell in row.cells)
    for text in (*page.header, *page.numbers, *cells):
        yield from _text(text)


def _rect(frame: Rect) -> str:
    return f'<rect x="{frame.left}" y="{frame.top}" width="{frame.width}" height="{frame.height}"/>'


def _symbol(symbol: PlacedSymbol) -> str:
    frame = symbol.frame
    x, y = frame.center
    if symbol.kind == "box":
        return _rect(frame)
    if symbol.kind == "capsule":
        return f'{_rect(frame)[:-2]} rx="{round(frame.width * CAPSULE_ROUND)}" ry="{frame.height // 2}"/>'
    if symbol.kind == "diamond":
        return _polygon((x, frame.top), (frame.right, y), (x, frame.bottom), (frame.left, y))
    shoulder = round(frame.top + frame.height * _SHOULDER)
    upper = ((frame.left, frame.top), (frame.right, frame.top))
    return _polygon(*upper, (frame.right, shoulder), (x, frame.bottom), (frame.left, shoulder))


def _polygon(*points: Point, style: str = "") -> str:
    return f'<polygon points="{_points(points)}"{style}/>'


def _line(route: Route, head: int) -> str:
    """The line and, at its end, the head of its arrow: a triangle as Word draws it."""
    line = f'<polyline points="{_points(route.points)}"/>'
    if not route.arrow:
        return line
    (x, y), (to_x, to_y) = route.points[-2:]
    right, down = (to_x > x) - (to_x < x), (to_y > y) - (to_y < y)
    back_x, back_y, half = to_x - right * head, to_y - down * head, head // 2
    sides = ((back_x + down * half, back_y + right * half), (back_x - down * half, back_y - right * half))
    return line + _polygon((to_x, to_y), *sides, style=' fill="black" stroke="none"')


def _points(points: tuple[Point, ...]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _symbol_texts(page: ChartPage) -> Iterator[TextBlock]:
    return (TextBlock(one.text, (one.text,), SYMBOL_SIZE, frame=one.frame) for one in page.symbols if one.text)


def _text(text: TextBlock) -> Iterator[str]:
    """The lines of a text, as a block in the middle of its frame."""
    leading, (x, y) = line_height(text.size), text.frame.center
    across, anchor = (text.frame.left + PAD, "start") if text.align == "left" else (x, "middle")
    rotation = f' transform="rotate(-90 {x} {y})"' if text.rotated else ""
    weight = ' font-weight="bold"' if text.bold else ""
    top = y - leading * len(text.lines) / 2
    for number, line in enumerate(text.lines):
        base = round(top + leading * number + text.size * TWIPS * _ASCENT)
        place = f'x="{across}" y="{base}" font-size="{text.size * TWIPS:g}" text-anchor="{anchor}"'
        yield f"<text {place}{weight}{rotation}>{escape_text(line)}</text>"
