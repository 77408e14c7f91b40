"""Tables for people, 80 columns wide at least: SOPs, the form, all cases.

What users typed is printed as it is: markup, emoji codes and highlighting are off.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sopctl.cli import screen
from sopctl.cli.output import line, readable
from sopctl.engine.state import STATUS
from sopctl.form.columns import form_columns
from sopctl.form.plain_text import describe_field, describe_flow, list_cells
from sopctl.reports.content import format_count
from sopctl.sop.model import Sop

if TYPE_CHECKING:
    from sopctl.desk.sops import SopSummary
    from sopctl.desk.status import CaseList


def sops(rows: "Sequence[SopSummary]") -> None:
    """The list of SOPs."""
    if not rows:
        screen.console().print("Belum ada SOP di folder sops.")
        return
    listed = [(row.id, _nama(row), str(row.steps), ", ".join(row.pelaksana)) for row in rows]
    screen.console().print(screen.table("Id", "SOP", "Langkah", "Pelaksana", rows=listed, right=("Langkah",)))


def _nama(row: "SopSummary") -> str:
    return f"(ada {row.mistakes} kesalahan; jalankan: sopctl check {row.id})" if row.mistakes else row.nama


def form(sop: Sop) -> None:
    """An SOP as its form prints it, and its flow below."""
    console = screen.console()
    console.print(screen.styled(line(sop.nama)))
    headings = [column.heading for column in form_columns(sop)]
    console.print(screen.table(*headings, rows=[list_cells(sop, step) for step in sop.steps], lines=True))
    console.print(screen.styled("Alur"))
    for step in sop.steps:
        screen.hanging(console, describe_flow(sop, step), indent=0)
    if sop.fields:
        console.print(screen.styled("Isian"))
        for field in sop.fields.values():
            screen.hanging(console, describe_field(field), indent=0)


def cases(found: "CaseList") -> None:
    """Every case on a line, or two where it waits for somebody."""
    console, rows = screen.console(), found.rows
    if not rows:
        console.print(readable("belum ada berkas", len(found.damaged)))
        return
    listed = [
        (
            row.id,
            line(row.subject),
            ", ".join(filter(None, (STATUS[row.status], row.step, "rahasia" if row.confidential else ""))),
            ", ".join(row.jabatan),
        )
        for row in rows
    ]
    console.print(screen.table("Berkas", "Perihal", "Keadaan", "Giliran", rows=listed))
    if len(rows) < found.all:
        console.print(f"{format_count(found.all)} berkas; {format_count(found.all - len(rows))} lagi dengan --all.")


def plain_table(title: str, heading: Sequence[str], rows: Sequence[Sequence[str]], *, empty: str) -> None:
    """A table of texts."""
    columns = [name.capitalize() for name in heading]
    screen.console().print(screen.table(*columns, rows=rows, title=title) if rows else empty)
