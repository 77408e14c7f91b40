"""The report as a workbook: typed cells under a frozen heading with filters, and a chart of what was on time.

XlsxWriter is loaded when a workbook is written, not before.
"""

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from sopctl.reports.book import Book, Cell, Kind, Sheet

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_FORMATS: dict[Kind, str] = {
    "text": "@",
    "count": "#,##0",
    "minutes": "#,##0.0",
    "ratio": '0.00"×"',
    "share": "0%",
    "moment": "dd-mm-yyyy hh:mm",
    "mark": "@",
}
_WIDEST = 60
_A4 = 9
"""The workbook's own number for the paper."""

_BARS_AT_MOST = 40


def workbook(book: Book) -> bytes:
    """The workbook's file: a first sheet that says what this is, then one for each sheet of the book."""
    from xlsxwriter import Workbook  # noqa: PLC0415 — start-up time is a feature

    target = BytesIO()
    made = Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    made.set_properties({"title": book.title, "company": book.office, "created": _naive(book.made)})
    heading = made.add_format({"bold": True, "bg_color": "#D9E2EF", "border": 1, "text_wrap": True, "valign": "top"})
    formats = {kind: made.add_format({"num_format": form}) for kind, form in _FORMATS.items()}
    _first(made, book)
    for sheet in book.sheets:
        _fill(made.add_worksheet(sheet.name), sheet, heading, formats)
    _chart(made, book)
    made.close()
    return target.getvalue()


def _first(made: "Workbook", book: Book) -> None:
    page = made.add_worksheet("Ringkasan")
    bold = made.add_format({"bold": True, "font_size": 14})
    wrapped = made.add_format({"text_wrap": True, "valign": "top"})
    page.hide_gridlines(2)
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 22)
    page.set_column(2, 2, _WIDEST)
    page.write_string(0, 0, book.title, bold)
    page.write_string(1, 0, book.office)
    page.write_string(2, 0, book.period)
    row = 4
    for fact in book.facts:
        page.write_string(row, 0, fact.label)
        page.write_string(row, 1, fact.value)
        page.write_string(row, 2, fact.detail, wrapped)
        row += 1
    for note in book.notes:
        row += 1
        page.merge_range(row, 0, row, 2, note, wrapped)
        page.set_row(row, 30)
    _for_paper(page)


def _fill(page: "Worksheet", sheet: Sheet, heading: "Format", formats: "dict[Kind, Format]") -> None:
    for number, column in enumerate(sheet.columns):
        unit = " (menit)" if column.kind == "minutes" else ""
        page.write_string(0, number, column.title + unit, heading)
        cells = [row[number] for row in sheet.rows]
        page.set_column(number, number, _width(column.title + unit, cells, column.kind))
        for line, cell in enumerate(cells, 1):
            _write(page, line, number, cell, formats[column.kind])
    page.set_row(0, 48)
    page.freeze_panes(1, sum(column.kind == "text" for column in sheet.columns[:2]))
    page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.columns) - 1)
    page.repeat_rows(0)
    _for_paper(page)


def _for_paper(page: "Worksheet") -> None:
    """A4 across, as many pages as it takes, none of them cut off at the side."""
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)


def _write(page: "Worksheet", line: int, number: int, cell: Cell, format_: "Format") -> None:
    """Write a cell as what it is; a text is never taken for a formula or an address."""
    if cell is None or cell is False or cell == "":
        page.write_blank(line, number, None, format_)
    elif cell is True:
        page.write_string(line, number, "ya", format_)
    elif isinstance(cell, datetime):
        page.write_datetime(line, number, _naive(cell), format_)
    elif isinstance(cell, str):
        page.write_string(line, number, cell[:32767], format_)
    else:
        page.write_number(line, number, cell, format_)


def _width(title: str, cells: list[Cell], kind: Kind) -> float:
    if kind == "moment":
        return 17
    longest = max((len(cell) for cell in cells if isinstance(cell, str)), default=0)
    return min(max(longest + 1, *(len(word) + 4 for word in title.split()), 9), _WIDEST)


def _chart(made: "Workbook", book: Book) -> None:
    """The share within the standard of each step, on the first sheet, from cells of a sheet of its own."""
    bars = sorted(book.bars, key=lambda bar: bar.share)[:_BARS_AT_MOST]
    if not bars:
        return
    page = made.add_worksheet("Grafik")
    share = made.add_format({"num_format": "0%"})
    for line, bar in enumerate(bars):
        page.write_string(line, 0, bar.key)
        page.write_number(line, 1, bar.share, share)
    page.set_column(0, 0, _WIDEST / 2)
    chart = made.add_chart({"type": "bar"})
    last = len(bars) - 1
    chart.add_series({
        "categories": ["Grafik", 0, 0, last, 0],
        "values": ["Grafik", 0, 1, last, 1],
        "data_labels": {"value": True},
        "fill": {"color": "#2F6FB0"},
        "gap": 40,
    })  # fmt: skip
    chart.set_title({"name": "Tepat waktu menurut standar, langkah terendah di atas"})
    chart.set_legend({"none": True})
    chart.set_x_axis({"min": 0, "max": 1, "num_format": "0%", "major_gridlines": {"visible": True}})
    chart.set_y_axis({"reverse": True})
    chart.set_size({"width": 900, "height": max(240, 60 + 22 * len(bars))})
    page.insert_chart(0, 3, chart)
    _for_paper(page)


def _naive(moment: datetime) -> datetime:
    """The office's own wall clock: workbooks know no time zones."""
    return moment.replace(tzinfo=None, microsecond=0)
