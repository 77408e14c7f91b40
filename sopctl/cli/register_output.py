"""A register of letters shown: as a table, CSV or JSON on the screen, as a Word file or a workbook."""

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from sopctl.cli import output

if TYPE_CHECKING:
    from sopctl.desk.registers import Register, RegisterName
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

    register = open_register(session, name, year)
    table = register.table
    files = _write_files(session, register, outputs)
    for path in files:
        output.complain(f"{table.name} ditulis ke {path}.")

    def say(_: object) -> None:
        if outputs.csv:
            output.say_csv(table.columns, table.lines)
        elif not files:
            plain_table(table.title, table.shown, table.shown_lines(), empty=table.empty)

    return output.show(register.rows, say)


def _write_files(session: "Session", register: "Register", outputs: Outputs) -> list[Path]:
    """The paths of the files, none of them written where one of them may not be."""
    from sopctl.store.outputs import check_output_path, private_mode, write_output

    record, named = session.record, {"docx": outputs.docx, "xlsx": outputs.xlsx}
    asked = {kind: path for kind, path in named.items() if path is not None}
    for kind, path in asked.items():
        check_output_path(record, path, kind, f".{kind}")
    for kind, path in asked.items():
        data = register.render_docx() if kind == "docx" else register.render_xlsx()
        write_output(path, [data], mode=private_mode(record))
    return [*asked.values()]
