"""From what people type or hand over in a file to the value of a field, by the field's type."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

from sopctl.engine.events import FieldValue
from sopctl.engine.scalar_values import SCALARS, limit_number, parse_text
from sopctl.engine.table_text import NUMBERING, name_cells, read_csv_lines, read_rows, split_parts
from sopctl.errors import UsageError
from sopctl.sop.model import Field, FieldColumn

MOST_ROWS = 5_000
"""Rows of a table, and lines of a list."""


def parse_typed(field: Field, texts: Sequence[str], today: date) -> FieldValue:
    """The value of a field from what was typed for it, once or several times.

    A list takes one line per text, or lines parted by `;` (`;;` is a `;` of the line); a table takes rows as
    `table_text` reads them. A day without a year is the one nearest to ``today``. Nothing at all empties a field that
    is not required.

    Raises:
        UsageError: where the text is no value of the field's type; the message says what to type instead.
    """
    if not field.required and not "".join(texts).strip():
        return [] if field.type in {"list", "table"} else ""
    if field.type == "list":
        return _lines(field, [line for text in texts for line in split_parts(text)], today)
    if field.type == "table":
        with _named(field):
            rows = [row for text in texts for row in read_rows(field.column_names, text)]
        return _rows(field, rows, today)
    if len(texts) > 1:
        raise UsageError(f"{field.name}: isian ini hanya satu nilai, tetapi diberikan {len(texts)} kali.")
    if field.type == "choice":
        return _choice(field, parse_text(field.name, texts[0], today))
    return SCALARS[field.type](field.name, texts[0], today)


def parse_given(field: Field, value: object, today: date) -> FieldValue:
    """The value of a field from a data file, where lists and rows may already be lists and mappings.

    Raises:
        UsageError: where it is no value of the field's type.
    """
    if value is None or value == []:
        return parse_typed(field, [""], today)
    if field.type == "list" and isinstance(value, list):
        return _lines(field, [_text_of(field, item) for item in value], today)
    if field.type == "table" and isinstance(value, list):
        return _rows(field, value, today)
    if field.type in {"number", "money"} and isinstance(value, int | float) and not isinstance(value, bool):
        return limit_number(field.name, value)
    return parse_typed(field, [_text_of(field, value)], today)


def parse_csv_table(field: Field, text: str, today: date) -> FieldValue:
    """The rows of a table from CSV text whose first line names the columns, parted by `,` or `;` (as Excel does here).

    Raises:
        UsageError: where a column is missing or a line is longer than the heading.
    """
    heading, *lines = read_csv_lines(field.name, text) or [[]]
    names = [name.strip().lower() for name in heading]
    missing = [column for column in field.column_names if column.lower() not in names]
    if missing:
        raise UsageError(
            f"{field.name}: file CSV tidak memuat kolom {', '.join(missing)}; "
            f"baris pertama harus: {','.join(field.column_names)}."
        )
    filled = [line for line in lines if any(cell.strip() for cell in line)]
    with _named(field):
        rows = [name_cells(heading, line, number, field.column_names) for number, line in enumerate(filled, 1)]
    return _rows(field, rows, today)


def find_wrong_cells(
    field: Field, rows: Sequence[dict[str, str]], today: date, *, name_column: Callable[[str], str] = str
) -> list[tuple[dict[str, str], FieldColumn, str]]:
    """The cells of a table's rows that are no value of their column: the row, the column, and what is wrong.

    The messages call a column what ``name_column`` makes of its name.

    The cells of the rows get the names of their columns, an empty text where there is none.
    """
    found = []
    for number, row in enumerate(rows, 1):
        for column in field.columns:
            name = next((key for key in row if key.lower() == column.name.lower()), column.name)
            row[column.name] = text = row.pop(name, "")
            try:
                if text.strip() or column is field.columns[0]:
                    SCALARS[column.type](f"baris {number}, {name_column(column.name)}", text, today)
            except UsageError as mistake:
                found.append((row, column, mistake.message))
    return found


@contextmanager
def _named(field: Field) -> Iterator[None]:
    """Let a message about a text begin with the field."""
    try:
        yield
    except UsageError as error:
        raise UsageError(f"{field.name} {error.message}", code=error.code) from error


def _text_of(field: Field, value: object) -> str:
    if isinstance(value, bool) or value is None or not isinstance(value, str | int | float | date):
        raise UsageError(f"{field.name}: nilainya harus {_EXPECTED[field.type]}.")
    if isinstance(value, float) and not math.isfinite(value):
        raise UsageError(f"{field.name}: {value} bukan angka yang dapat dipakai.")
    return value.isoformat() if isinstance(value, date) else str(value)


def _choice(field: Field, typed: str) -> str:
    for choice in field.choices:
        if choice.lower() == typed.lower():
            return choice
    raise UsageError(f"{field.name}: '{typed}' tidak ada dalam pilihan: {', '.join(field.choices)}.")


def _lines(field: Field, lines: Sequence[str], today: date) -> FieldValue:
    """The lines; one that is offered is written as it is offered."""
    _limit_rows(field, lines)
    offered = {choice.casefold(): choice for choice in field.choices}
    texts = (parse_text(field.name, line, today) for line in lines)
    return [offered.get(text.casefold(), text) for text in texts] or _empty(field)


def _limit_rows(field: Field, rows: Sequence[object]) -> None:
    if len(rows) > MOST_ROWS:
        raise UsageError(f"{field.name}: ada {len(rows)} baris; paling banyak {MOST_ROWS}. Lampirkan sebagai file.")


def _rows(field: Field, rows: Sequence[object], today: date) -> FieldValue:
    _limit_rows(field, rows)
    return [_row(field, row, f"{field.name} baris {number}", today) for number, row in enumerate(rows, 1)] or _empty(
        field
    )


def _empty(field: Field) -> FieldValue:
    raise UsageError(f"{field.name}: nilainya kosong.")


def _row(field: Field, row: object, name: str, today: date) -> dict[str, str]:
    """A row with every column of the field in its order; the first may not be empty."""
    if not isinstance(row, Mapping):
        raise UsageError(f"{name}: harus berisi {', '.join(field.column_names)}.")
    given = {str(key).lower(): cell for key, cell in row.items()}
    if len(given) < len(row):
        raise UsageError(f"{name}: ada kolom yang disebut dua kali.")
    unknown = given.keys() - {column.lower() for column in field.column_names} - NUMBERING
    if unknown:
        raise UsageError(f"{name}: kolom tidak dikenal {', '.join(sorted(unknown))}.")
    cells: dict[str, str] = {}
    for column in field.columns:
        cell = given.get(column.name.lower())
        text = "" if cell is None else _text_of(field, cell)
        parse = SCALARS[column.type]
        cells[column.name] = str(parse(f"{name}, {column.name}", text, today)) if text.strip() else ""
    first = next(iter(cells))
    if not cells[first]:
        raise UsageError(f"{name}: kolom {first} kosong.")
    return cells


_EXPECTED = {
    "text": "teks",
    "number": "angka",
    "money": "jumlah uang",
    "date": "tanggal",
    "nip": "NIP",
    "choice": "salah satu pilihan",
    "list": "daftar teks",
    "table": "daftar baris",
}
