"""A register of letters shown: as a table, CSV or JSON on the screen, as a Word file or a workbook."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from sopctl.cli import output

if TYPE_CHECKING:
    from sopctl.desk.session import Session
    from sopctl.reports.register_table import RegisterTable


class Outputs(Struct, frozen=True, kw_only=True):
    """Where a register goes: CSV or JSON instead of a table, files."""

    csv: bool
    docx: Path | None
    xlsx: Path | None
    json: bool


def show_register(
    session: "Session", rows: object, table: "RegisterTable", render_word: Callable[[], bytes], outputs: Outputs
) -> int:
    """Write the files that were asked for, then print the ``rows`` as JSON or their lines; the exit code."""
    from sopctl.cli.tables import plain_table

    files = _write_files(session, table, render_word, outputs)
    for path in files:
        output.complain(f"{table.name} ditulis ke {path}.")

    def say(_: object) -> None:
        if outputs.csv:
            output.say_csv(table.columns, table.lines)
        elif not files:
            plain_table(table.title, table.shown, table.shown_lines(), empty=table.empty)

    return output.show(rows, say, json=outputs.json)


def _write_files(
    session: "Session", table: "RegisterTable", render_word: Callable[[], bytes], outputs: Outputs
) -> list[Path]:
    """The paths of the files, none of them written where one of them may not be."""
    from sopctl.store.outputs import check_output_path, private_mode, write_output

    record, named = session.record, {"docx": outputs.docx, "xlsx": outputs.xlsx}
    asked = {kind: path for kind, path in named.items() if path is not None}
    for kind, path in asked.items():
        check_output_path(record, path, kind, f".{kind}")
    for kind, path in asked.items():
        if kind == "docx":
            data = render_word()
        else:
            from sopctl.reports.register_table import render_register_workbook

            data = render_register_workbook(record, table)
        write_output(path, [data], mode=private_mode(record))
    return [*asked.values()]
