"""The file of `start --each`: a heading of fields and `perihal`, then a line for each case that is to be opened."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from sopctl.desk.employees import Employee
from sopctl.desk.field_input import find_field, parse_fields
from sopctl.desk.input_files import read_text
from sopctl.engine.events import FieldValue
from sopctl.engine.table_text import NUMBERING, name_cells, read_csv_lines
from sopctl.engine.text import clean_text
from sopctl.errors import NotFoundError, SopctlError, UsageError
from sopctl.sop.model import Sop

_SUBJECT = "perihal"


class CaseLine(Struct, frozen=True):
    """One of the cases: its ``number`` counts the lines of the file, the heading included; 0 where there is no file."""

    number: int = 0
    subject: str = ""
    fields: dict[str, FieldValue] = {}


def read_case_lines(sop: Sop, path: Path, today: date, employees: Sequence[Employee]) -> list[CaseLine]:
    """The lines of a CSV file; a column is named like the field or its label, an empty cell gives nothing.

    Raises:
        UsageError: with every line that cannot be used. NotFoundError: where there is no such file.
    """
    heading, *lines = read_csv_lines(str(path), read_text(path)) or [[]]
    labels = {field.label.casefold(): name for name, field in sop.fields.items()}
    names = [labels.get(name.strip().casefold(), name) for name in heading]
    try:
        name_cells(names, (), 1, sop.fields)  # a column that is named twice is told once, not with every line
    except UsageError as mistake:
        raise UsageError(f"{path}: {mistake.message}", code="value") from mistake
    _refuse_unknown(sop, [name for name in names if name.strip().lower() not in {_SUBJECT, *NUMBERING}])
    found, mistakes = [], []
    for number, cells in enumerate(lines, 2):
        if not any(cell.strip() for cell in cells):
            continue
        try:
            found.append(_read_line(sop, name_cells(names, cells, number, sop.fields), number, today, employees))
        except SopctlError as mistake:
            mistakes.append(f"Baris {number}: {mistake.message}")
    if mistakes or not found:
        raise UsageError("\n".join(mistakes) or f"{path}: tidak memuat satu berkas pun.", code="value")
    return found


def _refuse_unknown(sop: Sop, names: list[str]) -> None:
    """Make sure that every column is a field; those that are none are told once, not with every line."""
    mistakes = []
    for name in names:
        try:
            find_field(sop, name)
        except NotFoundError as mistake:
            mistakes.append(f"Baris 1: {mistake.message}")
    if mistakes:
        raise UsageError("\n".join(mistakes), code="value")


def _read_line(sop: Sop, cells: dict[str, str], number: int, today: date, employees: Sequence[Employee]) -> CaseLine:
    subject = clean_text(cells.get(_SUBJECT, ""), "Perihal")
    given = {find_field(sop, name).name: cell for name, cell in cells.items() if name != _SUBJECT and cell.strip()}
    return CaseLine(number, subject, parse_fields(sop, given, today, lambda: employees))
