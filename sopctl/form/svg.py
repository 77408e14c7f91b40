"""A page of the flowchart as SVG: the same geometry that Word gets, for screens, web pages and a quick look."""

from collections.abc import Iterator
from itertools import pairwise
from xml.sax.saxutils import escape

from sopctl.form.geometry import Chart, Page, Point, Rect, Route, Shape, Text
from sopctl.form.metrics import TWIPS, line_height
from sopctl.form.table import PAD
from sopctl.form.wordml import clean

_GREY = "#D9D9D9"
_ASCENT = 0.92
"""Where a line's letters stand, as a share of its size from its top."""

_ROUND = 3475 / 21600
"""How far the round ends of Word's capsule reach in, as a share of its width."""

_SHOULDER = 0.8
"""Where the point of a pentagon begins, as a share of its height."""

_SYMBOL_SIZE = 7.0


def svg(chart: Chart, page: Page) -> str:
    """The drawing of one page; its unit is the twip, its size that of the paper."""
    width, height = chart.sheet.width, chart.sheet.height
    fonts = "Arial, 'Liberation Sans', Helvetica, sans-serif"
    size = f'width="{width / TWIPS}pt" height="{height / TWIPS}pt" viewBox="0 0 {width} {height}"'
    parts = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{fonts}">',
        f"<title>{_escaped(chart.title.text)} ({page.number})</title>",
        f'<rect width="{width}" height="{height}" fill="white"/>',
        *_table(chart, page),
        '<g fill="none" stroke="black" stroke-width="15">',
        *(_line(route, chart.arrowhead) for route in page.routes),
        "</g>",
        '<g fill="white" stroke="black" stroke-width="15">',
        *map(_shape, page.shapes),
        "</g>",
        *(line for shape in page.shapes if shape.text for line in _words(_inside(shape))),
        *(line for label in page.labels for line in _label(label)),
        "</svg>",
    )
    return "\n".join(parts) + "\n"


def _table(chart: Chart, page: Page) -> Iterator[str]:
    if page.number == 1:
        yield from _words(chart.title)
    yield f'<g fill="{_GREY}" stroke="black" stroke-width="10">'
    yield from (_rect(text.frame) for text in page.header)
    yield "</g>"
    yield '<g fill="none" stroke="black" stroke-width="10">'
    yield from (_rect(text.frame) for text in page.numbers)
    for row in page.rows:
        for left, right in pairwise(chart.edges):
            yield _rect(Rect(left, row.frame.top, right, row.frame.bottom))
    yield "</g>"
    cells = (cell for row in page.rows for cell in row.cells)
    for text in (*page.header, *page.numbers, *cells):
        yield from _words(text)


def _rect(frame: Rect) -> str:
    return f'<rect x="{frame.left}" y="{frame.top}" width="{frame.width}" height="{frame.height}"/>'


def _shape(shape: Shape) -> str:
    frame = shape.frame
    x, y = frame.center
    if shape.kind == "box":
        return _rect(frame)
    if shape.kind == "capsule":
        bow = round(frame.width * _ROUND)
        return f'{_rect(frame)[:-2]} rx="{bow}" ry="{frame.height // 2}"/>'
    if shape.kind == "diamond":
        return _polygon(((x, frame.top), (frame.right, y), (x, frame.bottom), (frame.left, y)))
    shoulder = round(frame.top + frame.height * _SHOULDER)
    upper = ((frame.left, frame.top), (frame.right, frame.top))
    return _polygon((*upper, (frame.right, shoulder), (x, frame.bottom), (frame.left, shoulder)))


def _polygon(points: tuple[Point, ...]) -> str:
    return f'<polygon points="{_points(points)}"/>'


def _line(route: Route, head: int) -> str:
    """The line and, at its end, the head of its arrow: a triangle as Word draws it."""
    line = f'<polyline points="{_points(route.points)}"/>'
    if not route.arrow:
        return line
    (x, y), (to_x, to_y) = route.points[-2:]
    right, down = (to_x > x) - (to_x < x), (to_y > y) - (to_y < y)
    back = (to_x - right * head, to_y - down * head)
    half = head // 2
    sides = ((back[0] + down * half, back[1] + right * half), (back[0] - down * half, back[1] - right * half))
    return line + f'<polygon points="{_points(((to_x, to_y), *sides))}" fill="black" stroke="none"/>'


def _points(points: tuple[Point, ...]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _inside(shape: Shape) -> Text:
    return Text(text=shape.text, frame=shape.frame, lines=(shape.text,), size=_SYMBOL_SIZE)


def _label(label: Text) -> Iterator[str]:
    yield f'<g fill="white">{_rect(label.frame)}</g>'
    yield from _words(label)


def _words(text: Text) -> Iterator[str]:
    """The lines of a text, as a block amid its frame."""
    leading, (x, y) = line_height(text.size), text.frame.center
    across = text.frame.left + PAD if text.align == "left" else x
    anchor = "start" if text.align == "left" else "middle"
    turn = f' transform="rotate(-90 {x} {y})"' if text.turned else ""
    weight = ' font-weight="bold"' if text.bold else ""
    top = y - leading * len(text.lines) / 2
    for number, line in enumerate(text.lines):
        base = round(top + leading * number + text.size * TWIPS * _ASCENT)
        place = f'x="{across}" y="{base}" font-size="{text.size * TWIPS:g}" text-anchor="{anchor}"'
        yield f"<text {place}{weight}{turn}>{_escaped(line)}</text>"


def _escaped(text: str) -> str:
    return escape(clean(text))
