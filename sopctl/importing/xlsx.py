"""Reads an Excel workbook into a form as seen: each sheet that is shown is a page, its shapes by their anchors."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from posixpath import join, normpath
from zipfile import ZipFile

import openpyxl
from lxml import etree  # type: ignore[import-untyped]
from lxml.etree import _Element as Element  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from sopctl.importing.drawingml import EMU, read_drawings
from sopctl.importing.seen import Box, Cell, Page, SeenForm

_XDR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_COLUMN, _ROW = 8.43, 15.0
"""The width of a column in characters and the height of a row in points where a sheet states none."""

_MOST_ROWS, _MOST_COLUMNS = 2000, 120
"""More than any form has."""


def read_xlsx(path: Path) -> SeenForm:
    """The sheets of a workbook that are shown."""
    book = openpyxl.load_workbook(path)
    drawings = _find_drawings(path)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    return SeenForm(
        path.name, tuple(_read_sheet(n, sheet, path, drawings.get(sheet.title)) for n, sheet in enumerate(sheets, 1))
    )


class _Grid:
    """Where the columns and rows of a sheet lie, in points; hidden ones have no size."""

    def __init__(self, sheet: Worksheet) -> None:
        columns, rows = min(sheet.max_column, _MOST_COLUMNS) + 30, min(sheet.max_row, _MOST_ROWS) + 60
        default = sheet.sheet_format.defaultColWidth or _COLUMN
        height = sheet.sheet_format.defaultRowHeight or _ROW
        self.x = _add_up(_column_width(sheet, n, default) for n in range(1, columns))
        self.y = _add_up(_row_height(sheet, n, height) for n in range(1, rows))

    def box(self, column: int, row: int, last_column: int, last_row: int) -> Box:
        """The place of a block of cells, counted from 1."""
        return Box(self.x[column - 1], self.y[row - 1], self.x[last_column], self.y[last_row])

    def point(self, anchor: Element) -> tuple[float, float]:
        """The place of an anchor: a column and a row counted from 0, and how far from their corner."""
        column, row = (int(anchor.findtext(f"{_XDR}{key}", "0")) for key in ("col", "row"))
        dx, dy = (int(anchor.findtext(f"{_XDR}{key}", "0")) / EMU for key in ("colOff", "rowOff"))
        return self.x[min(column, len(self.x) - 1)] + dx, self.y[min(row, len(self.y) - 1)] + dy


def _add_up(sizes: Iterator[float]) -> list[float]:
    """Where each column or row begins, and where the last one ends."""
    places = [0.0]
    for size in sizes:
        places.append(places[-1] + size)
    return places


def _column_width(sheet: Worksheet, n: int, default: float) -> float:
    """The width of a column in points, 0 where it is hidden; Excel states it in characters of 7 pixels."""
    letter = get_column_letter(n)
    for name, column in sheet.column_dimensions.items():
        if name == letter or (column.min or 0) <= n <= (column.max or 0):
            return 0.0 if column.hidden else ((column.width or default) * 7 + 5) * 0.75
    return (default * 7 + 5) * 0.75


def _row_height(sheet: Worksheet, n: int, default: float) -> float:
    row = sheet.row_dimensions.get(n)
    if row is None:
        return float(default)
    return 0.0 if row.hidden else float(row.height or default)


def _read_sheet(number: int, sheet: Worksheet, path: Path, drawing: str | None) -> Page:
    grid = _Grid(sheet)
    drawn = read_drawings(() if drawing is None else _iterate_anchors(path, drawing, grid))
    return Page(
        number=number,
        box=Box(0, 0, grid.x[-1], grid.y[-1]),
        cells=tuple(_read_cells(sheet, grid)),
        shapes=drawn.shapes,
        lines=drawn.lines,
        labels=drawn.labels,
        place=sheet.title,
    )


def _read_cells(sheet: Worksheet, grid: _Grid) -> Iterator[Cell]:
    """The cells that are shown; a merged block is one."""
    merged = {(area.min_col, area.min_row): area for area in sheet.merged_cells.ranges}
    inside = {
        (column, row)
        for area in sheet.merged_cells.ranges
        for column in range(area.min_col, min(area.max_col, _MOST_COLUMNS) + 1)
        for row in range(area.min_row, min(area.max_row, _MOST_ROWS) + 1)
    } - set(merged)
    for row in sheet.iter_rows(max_row=min(sheet.max_row, _MOST_ROWS), max_col=min(sheet.max_column, _MOST_COLUMNS)):
        for cell in row:
            at = (int(cell.column or 1), int(cell.row or 1))
            if at in inside:
                continue
            area = merged.get(at)
            box = grid.box(*at, *((area.max_col, area.max_row) if area else at))
            if box.width > 0 and box.height > 0:
                yield Cell(box, _write_value(cell.value), cell.coordinate)


def _write_value(value: object) -> str:
    """The text that a cell shows: days as 02-06-2025, whole numbers without a fraction."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.strftime("%d-%m-%Y")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\r", "").strip()


def _iterate_anchors(path: Path, drawing: str, grid: _Grid) -> Iterator[tuple[Element, Box | None]]:
    """The drawings of a sheet with the place to which each is anchored."""
    with ZipFile(path) as archive:
        root = _parse(archive.read(drawing))
    for anchor in root:
        first, last = anchor.find(f"{_XDR}from"), anchor.find(f"{_XDR}to")
        box = None
        if first is not None and last is not None:
            box = Box(*grid.point(first), *grid.point(last))
        elif first is not None:
            size = anchor.find(f"{_XDR}ext")
            left, top = grid.point(first)
            width, height = (int(size.get(key, 0)) / EMU if size is not None else 0.0 for key in ("cx", "cy"))
            box = Box(left, top, left + width, top + height)
        yield anchor, box


def _parse(data: bytes) -> Element:
    """An XML part; entities are not resolved and nothing is fetched."""
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def _find_drawings(path: Path) -> dict[str, str]:
    """The part of the drawing of each sheet, by the sheet's name."""
    found = {}
    with ZipFile(path) as archive:
        book = _parse(archive.read("xl/workbook.xml"))
        targets = _read_relations(archive, "xl/workbook.xml")
        for sheet in book.iter(f"{_MAIN}sheet"):
            part = targets.get(sheet.get(_RELATION, ""), "")
            drawing = next((one for one in _read_relations(archive, part).values() if "/drawings/drawing" in one), None)
            if drawing:
                found[sheet.get("name", "")] = drawing
    return found


def _read_relations(archive: ZipFile, part: str) -> dict[str, str]:
    """The parts that a part of the package refers to, by the id of the relation."""
    folder, _, name = part.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in archive.namelist():
        return {}
    return {
        one.get("Id", ""): normpath(join(folder, one.get("Target", "")))
        if not one.get("Target", "").startswith("/")
        else one.get("Target", "")[1:]
        for one in _parse(archive.read(relations))
    }
