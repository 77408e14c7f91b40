"""From what people type or hand over in a file to the value of a field, by the field's type."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from sopctl.engine.events import FieldValue
from sopctl.engine.text import clean_text
from sopctl.errors import UsageError
from sopctl.sop.model import Field

MONTHS = (
    "januari", "februari", "maret", "april", "mei", "juni",
    "juli", "agustus", "september", "oktober", "november", "desember",
)  # fmt: skip

LARGEST = 10**15
"""The largest number that is kept without losing a digit in other programs that read the JSON."""

_CUT_SHORT = re.compile(r"\d[.,]\d+[eE]\+\d+")
"""What a spreadsheet makes of a NIP."""

_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(\.\d{3})+(,\d+)?")
_PLAIN = re.compile(r"-?\d+([.,]\d+)?")


def parse_typed(field: Field, texts: Sequence[str]) -> FieldValue:
    """The value of a field from what was typed for it, once or several times.

    A list takes one line per text, or lines parted by `;`. A table takes one row per text (rows may also be parted by
    `;`), its cells parted by `|` in the order of the columns. Nothing at all empties a field that is not required.

    Raises:
        UsageError: where the text is no value of the field's type; the message says what to type instead.
    """
    if not field.required and not "".join(texts).strip():
        return [] if field.type in {"list", "table"} else ""
    if field.type in {"list", "table"}:
        lines = [line for text in texts for line in re.split(r"[;\n]", text) if line.strip()]
        return _MANY[field.type](field, lines)
    if len(texts) > 1:
        raise UsageError(f"{field.name}: isian ini hanya satu nilai, tetapi diberikan {len(texts)} kali.")
    return _ONE[field.type](field, texts[0])


def parse_given(field: Field, value: object) -> FieldValue:
    """The value of a field from a data file, where lists and rows may already be lists and mappings.

    Raises:
        UsageError: where it is no value of the field's type.
    """
    if value is None or value == []:
        return parse_typed(field, [""])
    if field.type == "list" and isinstance(value, list):
        return _lines(field, [_text_of(field, item) for item in value])
    if field.type == "table" and isinstance(value, list):
        return [_row(field, row, number) for number, row in enumerate(value, 1)] or _empty(field)
    if field.type == "number" and isinstance(value, int | float) and not isinstance(value, bool):
        return _bounded(field, value)
    return parse_typed(field, [_text_of(field, value)])


def parse_csv_table(field: Field, text: str) -> FieldValue:
    """The rows of a table from CSV text whose first line names the columns, parted by `,` or `;` (as Excel does here).

    Raises:
        UsageError: where a column is missing or a line is longer than the heading.
    """
    lines = _csv_lines(field, text)
    names = [name.strip().lower() for name in lines[0]] if lines else []
    missing = [column for column in field.columns if column.lower() not in names]
    if missing:
        raise UsageError(
            f"{field.name}: file CSV tidak memuat kolom {', '.join(missing)}; "
            f"baris pertama harus: {','.join(field.columns)}."
        )
    filled = [line for line in lines[1:] if any(cell.strip() for cell in line)]
    for number, line in enumerate(filled, 1):
        if any(cell.strip() for cell in line[len(names) :]):
            raise UsageError(
                f"{field.name} baris {number}: {len(line)} kolom, sedangkan baris pertama menyebut {len(names)}; "
                "beri tanda kutip pada isi yang memuat pemisah kolom."
            )
    rows = [dict(zip(names, line, strict=False)) for line in filled]
    return [_row(field, row, number) for number, row in enumerate(rows, 1)] or _empty(field)


def _csv_lines(field: Field, text: str) -> list[list[str]]:
    import csv  # noqa: PLC0415 — only few commands read one
    from io import StringIO  # noqa: PLC0415

    if text.startswith("PK"):
        raise UsageError(f"{field.name}: ini file Excel, bukan CSV; simpan dahulu sebagai CSV.")
    heading, *_ = text.split("\n", 1)
    delimiter = max(",;\t", key=heading.count)
    try:
        return list(csv.reader(StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UsageError(
            f"{field.name}: file CSV tidak terbaca; buka di Excel atau LibreOffice, lalu simpan lagi sebagai CSV."
        ) from error


def _text_of(field: Field, value: object) -> str:
    if isinstance(value, bool) or value is None or not isinstance(value, str | int | float | date):
        raise UsageError(f"{field.name}: nilainya harus {_EXPECTED[field.type]}.")
    if isinstance(value, float) and not math.isfinite(value):
        raise UsageError(f"{field.name}: {value} bukan angka yang dapat dipakai.")
    return value.isoformat() if isinstance(value, date) else str(value)


def _text(field: Field, text: str) -> str:
    value = clean_text(text, field.name)
    if not value:
        raise UsageError(f"{field.name}: nilainya kosong.")
    return value


def _number(field: Field, text: str) -> int | float:
    """`75`, `75,5`, `1.250.000` and `1.250,5` as written here, `75.5` as written elsewhere."""
    plain = _text(field, text)
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(".", "")
    elif not _PLAIN.fullmatch(plain):
        raise UsageError(f"{field.name}: '{plain}' bukan angka; tulis misalnya 75 atau 75,5.")
    return _bounded(field, float(plain.replace(",", ".")))


def _bounded(field: Field, value: float) -> int | float:
    if abs(value) > LARGEST:
        raise UsageError(f"{field.name}: angka terlalu besar; paling besar {LARGEST}.")
    if math.isnan(value):
        raise UsageError(f"{field.name}: {value} bukan angka yang dapat dipakai.")
    return int(value) if value == int(value) else value


def _date(field: Field, text: str) -> str:
    """`2026-11-24`, `24-11-2026`, `24/11/2026` or `24 November 2026`, kept as `2026-11-24`."""
    plain = _text(field, text).lower()
    day = _iso(plain) or _numeric(plain) or _worded(plain)
    if day is None:
        raise UsageError(f"{field.name}: '{plain}' bukan tanggal; tulis misalnya 2026-11-24 atau 24 November 2026.")
    return day.isoformat()


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if "-" in text else None
    except ValueError:
        return None


def _numeric(text: str) -> date | None:
    try:
        return datetime.strptime(text.replace("/", "-"), "%d-%m-%Y").date()  # noqa: DTZ007 — a day has no zone
    except ValueError:
        return None


def _worded(text: str) -> date | None:
    parts = text.split()
    if len(parts) != 3 or parts[1] not in MONTHS:  # noqa: PLR2004 — day, month, year
        return None
    return _numeric(f"{parts[0]}-{MONTHS.index(parts[1]) + 1}-{parts[2]}")


def _choice(field: Field, text: str) -> str:
    plain = _text(field, text)
    for choice in field.choices:
        if choice.lower() == plain.lower():
            return choice
    raise UsageError(f"{field.name}: '{plain}' tidak ada dalam pilihan: {', '.join(field.choices)}.")


def _lines(field: Field, lines: Sequence[str]) -> FieldValue:
    return [_text(field, line) for line in lines] or _empty(field)


def _rows(field: Field, lines: Sequence[str]) -> FieldValue:
    return [_cells(field, line, number) for number, line in enumerate(lines, 1)] or _empty(field)


def _empty(field: Field) -> FieldValue:
    raise UsageError(f"{field.name}: nilainya kosong.")


def _cells(field: Field, line: str, number: int) -> dict[str, str]:
    cells = line.split("|")
    if len(cells) > len(field.columns):
        raise UsageError(
            f"{field.name} baris {number}: {len(cells)} kolom, seharusnya paling banyak "
            f"{len(field.columns)}: {' | '.join(field.columns)}."
        )
    return _row(field, dict(zip(field.columns, cells, strict=False)), number)


def _row(field: Field, row: object, number: int) -> dict[str, str]:
    """A row with every column of the field in its order; the first may not be empty."""
    if not isinstance(row, Mapping):
        raise UsageError(f"{field.name} baris {number}: harus berisi {', '.join(field.columns)}.")
    unknown = [str(key) for key in row if key not in {column.lower() for column in field.columns} | {*field.columns}]
    if unknown and not all(key in {"", "none", "no", "no."} for key in unknown):
        raise UsageError(f"{field.name} baris {number}: kolom tidak dikenal {', '.join(unknown)}.")
    cells = {column: row.get(column, row.get(column.lower(), "")) for column in field.columns}
    plain = {
        column: clean_text(_text_of(field, cell) if cell not in ("", None) else "", f"{field.name} baris {number}")
        for column, cell in cells.items()
    }
    cut = next((cell for cell in plain.values() if _CUT_SHORT.fullmatch(cell)), None)
    if cut is not None:
        raise UsageError(
            f"{field.name} baris {number}: '{cut}' sudah dipotong oleh Excel; ubah format kolomnya menjadi teks, "
            "ketik ulang angkanya, lalu simpan lagi."
        )
    if not plain[field.columns[0]]:
        raise UsageError(f"{field.name} baris {number}: kolom {field.columns[0]} kosong.")
    return plain


_ONE: dict[str, Callable[[Field, str], FieldValue]] = {
    "text": _text,
    "number": _number,
    "date": _date,
    "choice": _choice,
}
_MANY: dict[str, Callable[[Field, Sequence[str]], FieldValue]] = {"list": _lines, "table": _rows}
_EXPECTED = {
    "text": "teks",
    "number": "angka",
    "date": "tanggal",
    "choice": "salah satu pilihan",
    "list": "daftar teks",
    "table": "daftar baris",
}
