"""A register of letters shown: as a table, CSV or JSON on the screen, as a Word file or a workbook."""

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from sopctl.cli import output
from sopctl.cli.options import named_files

if TYPE_CHECKING:
    from sopctl.desk.registers import RegisterName
    from sopctl.desk.session import Session


class Outputs(Struct, frozen=True, kw_only=True):
    """Where a register goes: CSV or JSON instead of a table, files."""

    csv: bool
    docx: Path | None
    xlsx: Path | None


def show_register(session: "Session", name: "RegisterName", year: int | None, outputs: Outputs) -> int:
    """Write the files of a register that were asked for, then print it as JSON or its lines; the exit code."""
    from sopctl.cli.tables import plain_table
    from sopctl.desk.registers import open_register
    from sopctl.store.outputs import write_outputs

    register = open_register(session, name, year)
    table = register.table
    named = named_files(docx=outputs.docx, xlsx=outputs.xlsx)
    write_outputs(
        session.record, named, lambda kind: [register.render_docx() if kind == "docx" else register.render_xlsx()]
    )
    for path in named.values():
        output.complain(f"{table.name} ditulis ke {path}.")

    def say(_: object) -> None:
        if outputs.csv:
            output.say_csv(table.columns, table.lines)
        elif not named:
            plain_table(table.title, table.shown, table.shown_lines(), empty=table.empty)

    return output.show(register.rows, say)
