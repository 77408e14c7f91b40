"""Reads a Word file into a form as seen: the document as one long page.

Word stores no places: the height of a row is estimated from its text, and a symbol lies where its anchor's paragraph
is, moved by the anchor's offset. Places are therefore only near, which `Page.slack` says.
"""

from collections.abc import Iterator
from math import ceil
from pathlib import Path

from docx import Document
from docx.document import Document as DocxDocument
from docx.oxml.ns import qn
from lxml.etree import _Element as Element  # type: ignore[import-untyped]
from msgspec import Struct

from sopctl.importing.drawingml import EMU, Drawn, read_drawings
from sopctl.importing.seen import Box, Cell, Label, Page, SeenForm
from sopctl.importing.vml import read_vml

_TWIP = 20
"""Twentieths of a point in a point."""

_PADDING = 5.4
"""How far the text of a cell is from its edge, in points, where the table does not say."""

_LINE, _WIDTH = 1.2, 0.5
"""The height of a line and the width of a letter, as shares of the size of the letters."""

_SLACK = 14
"""How far a place may be from where Word puts it, in points."""

_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SYMBOLS = {"F0FC": "✓", "F0FE": "☑", "F06E": "■", "F0A8": "□", "F0D6": "√"}
"""Signs of Wingdings and Symbol that offices tick with."""


class _Anchored(Struct):
    """A drawing and the paragraph that holds it: the left edge, top and width of that paragraph."""

    element: Element
    left: float
    top: float
    width: float
    centered: bool


class _Layout:
    """Lays a document out from top to bottom, collecting cells and drawings with their places."""

    def __init__(self, document: DocxDocument) -> None:
        section = document.sections[0]
        self.body = document.element.body
        margins = (section.left_margin, section.top_margin, section.right_margin)
        self.left, self.margin_top, right = (72.0 if margin is None else margin.pt for margin in margins)
        width = section.page_width.pt if section.page_width is not None else 595.0
        self.width = width - self.left - right
        self.size = _find_default_size(document)
        self.cells: list[Cell] = []
        self.drawings: list[_Anchored] = []
        self.headlines: list[Label] = []
        self.page_top = 0.0

    def place(self, parent: Element, left: float, top: float, width: float) -> float:
        """Lay out the paragraphs and tables in an element; the height that they take, in points."""
        y = top
        for child in _unwrap(parent):
            if child.tag == qn("w:p"):
                y += self._place_paragraph(child, left, y, width)
            elif child.tag == qn("w:tbl"):
                y += self._place_table(child, left, y, width)
        return y - top

    def _place_paragraph(self, paragraph: Element, left: float, top: float, width: float) -> float:
        breaks = any(one.get(qn("w:type")) == "page" for one in paragraph.iter(qn("w:br")))
        if breaks or _find(paragraph, "pPr/pageBreakBefore") is not None:
            self.page_top = top
        text = _read_paragraph(paragraph).strip()
        if text and paragraph.getparent() is self.body:
            self.headlines.append(Label(text, Box(left, top, left + width, top + self.size)))
        centered = _read_value(paragraph, "pPr/jc") == "center"
        for element in _list_drawings(paragraph):
            self.drawings.append(_Anchored(element, left, top, width, centered))
        inline = [_read_extent(one)[1] for one in paragraph.iter(f"{_WP}inline")]
        return max((self._measure_paragraph(paragraph, width), *inline))

    def _measure_paragraph(self, paragraph: Element, width: float) -> float:
        size = _find_size(paragraph) or self.size
        lines = sum(
            max(1, ceil(len(line) * size * _WIDTH / max(width, size)))
            for line in _read_paragraph(paragraph).split("\n")
        )
        around = sum(_read_points(paragraph, "pPr/spacing", key) for key in ("before", "after"))
        return lines * _measure_line(paragraph, size) + around

    def _place_table(self, table: Element, left: float, top: float, width: float) -> float:
        widths = _read_grid(table, width)
        indented = _find(table, "tblPr/tblInd") is not None
        left += _read_points(table, "tblPr/tblInd", "w") if indented else -_PADDING
        open_cells: dict[int, int] = {}
        y = top
        for row in table.iter(qn("w:tr")):
            if next(row.iterancestors(qn("w:tbl"))) is table:
                y += self._place_row(row, widths, left, y, open_cells)
        return y - top

    def _place_row(
        self, row: Element, widths: list[float], left: float, top: float, open_cells: dict[int, int]
    ) -> float:
        """Lay out a row; ``open_cells`` are cells that go on from the rows above, by their first column."""
        column = int(_read_value(row, "trPr/gridBefore") or 0)
        stated = _read_points(row, "trPr/trHeight")
        heights, placed = [stated], []
        for cell in _iterate_cells(row):
            span = _read_span(cell)
            x = left + sum(widths[:column])
            width = sum(widths[column : column + span])
            goes_on = _goes_on(cell)
            text = "" if goes_on else _read_cell(cell)
            heights.append(0 if goes_on else self.place(cell, x + _PADDING, top, width - 2 * _PADDING))
            placed.append((column, x, width, text, goes_on))
            column += span
        exact = stated and _read_value(row, "trPr/trHeight", "hRule") == "exact"
        height = stated if exact else max(*heights, self.size * _LINE)
        for column, x, width, text, goes_on in placed:
            if goes_on and column in open_cells:
                known = self.cells[open_cells[column]]
                self.cells[open_cells[column]] = Cell(known.box._replace(bottom=top + height), known.text)
            else:
                open_cells[column] = len(self.cells)
                self.cells.append(Cell(Box(x, top, x + width, top + height), text))
        return height


def read_docx(path: Path) -> SeenForm:
    """The document as one page."""
    document = Document(str(path))
    layout = _Layout(document)
    height = layout.place(document.element.body, layout.left, 0, layout.width)
    drawn = _read_drawings(layout)
    page = Page(
        number=1,
        box=Box(0, 0, layout.left * 2 + layout.width, height),
        cells=tuple(layout.cells),
        shapes=drawn.shapes,
        lines=drawn.lines,
        labels=drawn.labels,
        headlines=tuple(layout.headlines),
        slack=_SLACK,
    )
    return SeenForm(path.name, (page,))


def _read_drawings(layout: _Layout) -> Drawn:
    """The symbols, lines and words of all drawings, DrawingML and VML."""
    old = [one for one in layout.drawings if one.element.tag == qn("w:pict")]
    modern = [one for one in layout.drawings if one.element.tag != qn("w:pict")]
    return read_drawings(
        ((one.element, _place_anchor(one, layout)) for one in modern),
        (item for one in old for item in read_vml(one.element, one.left, one.top)),
    )


def _place_anchor(one: _Anchored, layout: _Layout) -> Box:
    """Where a drawing lies, in points."""
    width, height = _read_extent(one.element)
    if one.element.tag == f"{_WP}inline":
        left = one.left + max(0, (one.width - width) / 2) if one.centered else one.left
        return Box(left, one.top, left + width, one.top + height)
    across, left = _read_position(one.element, "positionH")
    down, top = _read_position(one.element, "positionV")
    left += {"column": one.left, "character": one.left, "page": 0}.get(across, layout.left)
    page_top = layout.page_top - layout.margin_top
    top += {"paragraph": one.top, "line": one.top, "page": page_top}.get(down, layout.page_top)
    return Box(left, top, left + width, top + height)


def _read_position(drawing: Element, name: str) -> tuple[str, float]:
    """What an offset counts from (page, column, paragraph …; empty where nothing is stated), and it, in points."""
    position = drawing.find(f"{_WP}{name}")
    if position is None:
        return "", 0.0
    return position.get("relativeFrom", ""), int(position.findtext(f"{_WP}posOffset", "0")) / EMU


def _unwrap(parent: Element) -> Iterator[Element]:
    """The blocks in an element, through content controls."""
    for child in parent:
        if child.tag == qn("w:sdt"):
            content = child.find(qn("w:sdtContent"))
            if content is not None:
                yield from _unwrap(content)
        else:
            yield child


def _list_drawings(paragraph: Element) -> Iterator[Element]:
    """The drawings of a paragraph, each once: what stands as a fallback for older programs is left out."""
    for element in paragraph.iter(f"{_WP}anchor", f"{_WP}inline", qn("w:pict")):
        above = list(element.iterancestors())
        if (
            any(one.tag == f"{_MC}Fallback" for one in above)
            or next((one for one in above if one.tag == qn("w:p")), None) is not paragraph
        ):
            continue
        yield element


def _read_extent(drawing: Element) -> tuple[float, float]:
    """The width and height that a drawing states, in points; 0 where it states none."""
    extent = drawing.find(f"{_WP}extent")
    if extent is None:
        return 0.0, 0.0
    return int(extent.get("cx", 0)) / EMU, int(extent.get("cy", 0)) / EMU


def _read_paragraph(paragraph: Element) -> str:
    """The text of a paragraph without what stands in its drawings."""
    parts = []
    for one in paragraph.iter(qn("w:t"), qn("w:br"), qn("w:tab"), qn("w:sym"), qn("w:noBreakHyphen")):
        if next(one.iterancestors(qn("w:p"))) is not paragraph:
            continue
        if one.tag == qn("w:t"):
            parts.append(one.text or "")
        elif one.tag == qn("w:sym"):
            parts.append(_SYMBOLS.get(one.get(qn("w:char"), "").upper(), ""))
        else:
            parts.append({qn("w:tab"): " ", qn("w:noBreakHyphen"): "-"}.get(one.tag, "\n"))
    return "".join(parts)


def _read_cell(cell: Element) -> str:
    """The text of a cell, a paragraph a line, with the numbers that Word counts its lists with."""
    lines = []
    counted = 0
    for child in _unwrap(cell):
        if child.tag == qn("w:p"):
            text = _read_paragraph(child).strip()
            listed = child.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None
            counted += listed and bool(text)
            lines.append(f"{counted}. {text}" if listed and text else text)
    return "\n".join(line for line in lines if line)


def _iterate_cells(row: Element) -> Iterator[Element]:
    for child in _unwrap(row):
        if child.tag == qn("w:tc"):
            yield child


def _read_span(cell: Element) -> int:
    """How many columns of the grid a cell takes."""
    return int(_read_value(cell, "tcPr/gridSpan") or 1)


def _goes_on(cell: Element) -> bool:
    """Whether a cell goes on with the one above it."""
    merged = _find(cell, "tcPr/vMerge") is not None
    return merged and _read_value(cell, "tcPr/vMerge") in {None, "continue"}


def _read_grid(table: Element, width: float) -> list[float]:
    """The widths of the columns, in points."""
    stated = [_to_points(column.get(qn("w:w"))) for column in table.iterfind(f"{_W}tblGrid/{_W}gridCol")]
    columns = max((sum(_read_span(cell) for cell in _iterate_cells(row)) for row in table.iter(qn("w:tr"))), default=0)
    if len(stated) < columns or not any(stated):
        return [width / max(columns, 1)] * columns
    return stated


def _find(element: Element, path: str) -> Element | None:
    """What lies below an element at a path of names, such as `pPr/jc`."""
    found: Element | None = element.find("/".join(f"{_W}{name}" for name in path.split("/")))
    return found


def _read_value(element: Element, path: str, key: str = "val") -> str | None:
    """An attribute of what lies there; None where it is not there."""
    found = _find(element, path)
    value: str | None = None if found is None else found.get(_W + key)
    return value


def _read_points(element: Element, path: str, key: str = "val") -> float:
    """A measure of what lies there, in points; 0 where it is none."""
    return _to_points(_read_value(element, path, key))


def _to_points(measure: str | None) -> float:
    """Twentieths of a point as points; 0 for what is no number."""
    try:
        return float(measure or 0) / _TWIP
    except ValueError:
        return 0.0


def _measure_line(paragraph: Element, size: float) -> float:
    """How high the lines of a paragraph are, in points."""
    stated = _read_points(paragraph, "pPr/spacing", "line")
    rule = _read_value(paragraph, "pPr/spacing", "lineRule") or "auto"
    if rule == "auto":
        return size * _LINE * (stated * _TWIP / 240 if stated else 1)
    return stated if stated and rule == "exact" else max(stated, size * _LINE)


def _find_size(paragraph: Element) -> float:
    """The size of the largest letters that a paragraph states, in points; 0 where it states none."""
    return max((int(one.get(qn("w:val"), 0)) / 2 for one in paragraph.iter(qn("w:sz"))), default=0.0)


def _find_default_size(document: DocxDocument) -> float:
    normal = document.styles["Normal"].font.size
    if normal is not None:
        return float(normal.pt)
    return int(_read_value(document.styles.element, "docDefaults/rPrDefault/rPr/sz") or 20) / 2
