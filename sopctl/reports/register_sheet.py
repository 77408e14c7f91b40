"""A register of letters as a workbook, a line for each letter."""

from collections.abc import Sequence

from sopctl.reports.content import KeyFigure, ReportContent, Table, TableColumn, day_minutes, format_cell, format_count
from sopctl.reports.xlsx import render_workbook
from sopctl.store.record import Record


def render_register_sheet(record: Record, title: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]]) -> bytes:
    """The workbook; every cell is text, as the register has it."""
    now, instansi = record.now(), record.office.instansi
    heads = tuple(TableColumn(name.replace(" ", "_"), name.capitalize()) for name in columns)
    content = ReportContent(
        office=" · ".join(filter(None, (instansi.nama, instansi.bidang))),
        title=title,
        period=format_cell(now, "moment", 0),
        created=now,
        day_minutes=day_minutes(record.calendar),
        key_figures=(KeyFigure("Surat", format_count(len(rows))),),
        notes=(), bars=(), boxes=(), flows=(), queues=(),
        tables=(Table("Surat", title, heads, tuple(rows)),),
    )  # fmt: skip
    return render_workbook(content)
