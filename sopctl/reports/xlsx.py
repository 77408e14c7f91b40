"""The report as a workbook: typed cells under a frozen heading with filters, and a chart of what was on time.

XlsxWriter is loaded when a workbook is written, not before.
"""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from operator import itemgetter
from textwrap import wrap
from typing import TYPE_CHECKING

from sopctl.reports.content import SENTENCES, CellKind, CellValue, ReportContent, Table, TableColumn

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_FORMATS: dict[CellKind, str] = {
    "text": "@",
    "count": "#,##0",
    "minutes": "#,##0.0",
    "ratio": '0.00"×"',
    "share": "0%",
    "moment": "dd-mm-yyyy hh:mm",
    "mark": "@",
}
_WIDEST = 60
_WIDEST_NAME, _WIDEST_SENTENCE = 18, 42
"""Letters of a column of a table; longer texts are wrapped."""

_LINE, _TALLEST = 15, 409
"""Points of a line, and of the tallest row that a workbook has."""

_LONGEST_NAME = 100
"""Letters of each part of a page's heading: a workbook takes 255 of all."""

_A4 = 9
"""The workbook's own number for the paper."""

_BARS_AT_MOST = 40


def render_workbook(content: ReportContent) -> bytes:
    """The workbook's file: a first sheet that says what this is, then one for each of its tables."""
    from xlsxwriter import Workbook  # noqa: PLC0415 — start-up time is a feature

    target = BytesIO()
    workbook = Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties(
        {"title": content.title, "company": content.office, "created": _without_zone(content.created)}
    )
    heading = workbook.add_format(
        {"bold": True, "bg_color": "#D9E2EF", "border": 1, "text_wrap": True, "valign": "top"}
    )
    cell = {"valign": "top", "border": 1, "border_color": "#D5DBE3"}
    formats = {
        kind: workbook.add_format({**cell, "num_format": form, "text_wrap": kind == "text"})
        for kind, form in _FORMATS.items()
    }
    _add_summary_sheet(workbook, content)
    for table in content.tables:
        sheet = workbook.add_worksheet(table.name)
        _fill_sheet(sheet, table, heading, formats)
        _name_pages(sheet, table.title, content)
    _add_chart_sheet(workbook, content)
    workbook.close()
    return target.getvalue()


def _add_summary_sheet(workbook: "Workbook", content: ReportContent) -> None:
    sheet = workbook.add_worksheet("Ringkasan")
    bold = workbook.add_format({"bold": True, "font_size": 14})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 22)
    sheet.set_column(2, 2, _WIDEST)
    sheet.write_string(0, 0, content.title, bold)
    sheet.write_string(1, 0, content.office)
    sheet.write_string(2, 0, content.period)
    row = 4
    for figure in content.key_figures:
        sheet.write_string(row, 0, figure.label)
        sheet.write_string(row, 1, figure.value)
        sheet.write_string(row, 2, figure.detail, wrapped)
        row += 1
    for note in content.notes:
        row += 1
        sheet.merge_range(row, 0, row, 2, note, wrapped)
        sheet.set_row(row, _height([note], [34 + 22 + _WIDEST]))
    _set_up_page(sheet)


def _fill_sheet(sheet: "Worksheet", table: Table, heading: "Format", formats: "dict[CellKind, Format]") -> None:
    widths: list[float] = []
    for number, column in enumerate(table.columns):
        unit = " (menit)" if column.kind == "minutes" else ""
        sheet.write_string(0, number, column.title + unit, heading)
        cells = [row[number] for row in table.rows]
        widths.append(_width(column, column.title + unit, cells))
        sheet.set_column(number, number, widths[-1])
        for line, cell in enumerate(cells, 1):
            _write_cell(sheet, line, number, cell, formats[column.kind])
    for line, row in enumerate(table.rows, 1):
        sheet.set_row(line, _height(row, widths))
    sheet.set_row(0, 4 * _LINE)
    sheet.freeze_panes(1, sum(column.kind == "text" for column in table.columns[:2]))
    sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)
    sheet.repeat_rows(0)
    _set_up_page(sheet)


def _set_up_page(sheet: "Worksheet") -> None:
    """A4 across, as many pages as it takes, none of them cut off at the side."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)


def _name_pages(sheet: "Worksheet", title: str, content: ReportContent) -> None:
    """Let each printed page say what it is of, and which of how many."""
    office, period = (text[:_LONGEST_NAME].replace("&", "&&") for text in (content.office, content.period))
    sheet.set_header(f"&L{title}&R{period}")
    sheet.set_footer(f"&L{office}&RHalaman &P dari &N")


def _write_cell(sheet: "Worksheet", line: int, number: int, cell: CellValue, format_: "Format") -> None:
    """Write a cell as what it is; a text is never taken for a formula or an address."""
    if cell is None or cell is False or cell == "":
        sheet.write_blank(line, number, None, format_)
    elif cell is True:
        sheet.write_string(line, number, "ya", format_)
    elif isinstance(cell, datetime):
        sheet.write_datetime(line, number, _without_zone(cell), format_)
    elif isinstance(cell, str):
        sheet.write_string(line, number, cell[:32767], format_)
    else:
        sheet.write_number(line, number, cell, format_)


def _width(column: TableColumn, title: str, cells: list[CellValue]) -> float:
    """Letters of a column, so that no word of its heading is cut."""
    if column.kind == "moment":
        return 17
    longest = max((len(cell) for cell in cells if isinstance(cell, str)), default=0)
    widest = _WIDEST_SENTENCE if column.key in SENTENCES else _WIDEST_NAME
    return max(min(longest + 1, widest), *(len(word) + 2 for word in title.split()), 8)


def _height(cells: Iterable[CellValue], widths: Iterable[float]) -> float:
    """Points that a row needs for its longest text, wrapped: not every program measures it by itself."""
    texts = ((cell, width) for cell, width in zip(cells, widths, strict=True) if isinstance(cell, str))
    lines = max((len(wrap(text, int(width) - 1)) for text, width in texts), default=1)
    return min(max(lines, 1) * _LINE, _TALLEST)


def _add_chart_sheet(workbook: "Workbook", content: ReportContent) -> None:
    """The share within the standard of each step, on the first sheet, from cells of a sheet of its own."""
    shares = ((f"{one.row.sop} {one.row.step}", one.row.within_standard or 0.0) for one in content.on_time)
    bars = sorted(shares, key=itemgetter(1))[:_BARS_AT_MOST]
    if not bars:
        return
    sheet = workbook.add_worksheet("Grafik")
    share = workbook.add_format({"num_format": "0%"})
    for line, (step, part) in enumerate(bars):
        sheet.write_string(line, 0, step)
        sheet.write_number(line, 1, part, share)
    sheet.set_column(0, 0, _WIDEST / 2)
    chart = workbook.add_chart({"type": "bar"})
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
    sheet.insert_chart(0, 3, chart)
    _set_up_page(sheet)


def _without_zone(moment: datetime) -> datetime:
    """The same local time without its zone, which workbooks do not have."""
    return moment.replace(tzinfo=None, microsecond=0)
