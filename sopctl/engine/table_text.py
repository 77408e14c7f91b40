"""Tables as people type or paste them: the sign between the cells, the heading where there is one, the rows.

One text has one separator: the first of tab, `|` and `;` that every line has. A comma parts cells only where the text
has quotes or its first line names the columns, for names and gelar hold commas.
"""

import csv
import re
from collections.abc import Collection, Sequence
from io import StringIO

from sopctl.errors import UsageError

NUMBERING = frozenset({"", "no", "no.", "nomor"})
"""Headings of a column that only counts the rows."""

_QUOTED = re.compile(r'(?:^|,) *"(?:[^"]|"")*" *(?:,|$)', re.MULTILINE)
"""A cell in quotation marks, of cells that commas part."""

_PARTED = re.compile(r"(?<!;);(?!;)")


def split_parts(text: str) -> list[str]:
    """The parts of a text at its line breaks and single `;`, without empty ones; a double `;` is one of the part."""
    parts = (part for line in text.split("\n") for part in _PARTED.split(line))
    return [part.replace(";;", ";") for part in parts if part.strip()]


def read_rows(columns: Sequence[str], text: str) -> list[dict[str, str]]:
    """The rows of a table, cells by column; a cell that is not given is left out.

    A line is a row. In a text of one line single `;` part the rows, unless it is tabs that part the cells.

    Raises:
        UsageError: where a row has more cells than columns, or nobody can say which sign parts the cells.
    """
    lines = text.split("\n") if "\n" in text else _split_single_line(columns, text)
    lines = [line for line in lines if line.strip()]
    cells = _split_cells(columns, lines)
    if cells and is_heading(columns, cells[0]):
        return [name_cells(cells[0], row, number, columns) for number, row in enumerate(cells[1:], 1)]
    return [_place_cells(columns, row, number) for number, row in enumerate(cells, 1)]


def is_heading(columns: Collection[str], cells: Sequence[str]) -> bool:
    """Whether a row names the columns: two of them, the only one, or one beside the number of the row."""
    names, known = {_plain(cell) for cell in cells}, {column.lower() for column in columns}
    return len(known & names) > 1 or known <= names or (len(names) > 1 and names - NUMBERING <= known)


def name_cells(heading: Sequence[str], row: Sequence[str], number: int, columns: Collection[str]) -> dict[str, str]:
    """The cells of a row under the names of the heading, without one that counts the rows and is none of the columns.

    Raises:
        UsageError: where a cell stands beyond the heading, or the heading names a column twice.
    """
    names, numbering = [_plain(name) for name in heading], NUMBERING - {column.lower() for column in columns}
    if twice := sorted({name for name in names if names.count(name) > 1} - numbering):
        raise UsageError(f"baris pertama menyebut kolom {', '.join(twice)} dua kali; hapus atau namai yang satu.")
    if any(cell.strip() for cell in row[len(heading) :]):
        raise UsageError(
            f"baris {number}: {len(row)} kolom, sedangkan baris pertama menyebut {len(heading)}; beri tanda kutip pada "
            "isi yang memuat pemisah kolom."
        )
    return {name: cell for name, cell in zip(names, row, strict=False) if name not in numbering}


def read_csv_lines(name: str, text: str) -> list[list[str]]:
    """The cells of CSV text, a list for each line; a message begins with ``name``.

    Raises:
        UsageError: where the text is no CSV.
    """
    if text.startswith("PK"):
        raise UsageError(f"{name}: ini file Excel, bukan CSV; simpan dahulu sebagai CSV.")
    heading, *_ = text.split("\n", 1)
    delimiter = max(",;\t", key=heading.count)
    try:
        return list(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UsageError(
            f"{name}: file CSV tidak terbaca; buka di Excel atau LibreOffice, lalu simpan lagi sebagai CSV."
        ) from error


def _plain(heading: str) -> str:
    return heading.strip().removeprefix("\ufeff").lower()


def _split_single_line(columns: Sequence[str], text: str) -> list[str]:
    """The rows of a text without line breaks, as an option of a command line holds it."""
    if "\t" in text:
        return [text]
    parts = split_parts(text)
    if len(parts) == len(columns) > 2 and "|" not in text:  # noqa: PLR2004 — two words may well be two people
        raise UsageError(
            f"tidak jelas apakah ini {len(parts)} baris atau satu baris dengan {len(parts)} kolom. Tulis | di antara "
            "kolom dan ; di antara baris."
        )
    return parts


def _split_cells(columns: Sequence[str], lines: Sequence[str]) -> list[list[str]]:
    separator = _find_separator(columns, lines)
    if separator is None:
        return [[line] for line in lines]
    if any('"' in line for line in lines):
        try:
            return [
                row
                for row in csv.reader(
                    [f"{line}\n" for line in lines], delimiter=separator, strict=True, skipinitialspace=True
                )
                if any(row)
            ]
        except csv.Error:  # a quotation mark that is part of a word
            pass
    return [line.split(separator) for line in lines]


def _find_separator(columns: Sequence[str], lines: Sequence[str]) -> str | None:
    """The sign that parts the cells, None where each line is one cell."""
    for sign in "\t|;":
        if lines and all(sign in line for line in lines):
            return sign
    used = [sign for sign in "\t|;" if any(sign in line for line in lines)]
    if used in (["\t"], ["|"]):  # shorter rows among others; no name holds these
        return used[0]
    if used and len(lines) > 1:
        raise UsageError("sebagian baris memakai pemisah kolom yang lain. Tulis | di antara kolom di setiap baris.")
    quoted = _QUOTED.search("\n".join(lines))
    return "," if quoted or (lines and is_heading(columns, lines[0].split(","))) else None


def _place_cells(columns: Sequence[str], row: Sequence[str], number: int) -> dict[str, str]:
    if any(cell.strip() for cell in row[len(columns) :]):
        raise UsageError(
            f"baris {number}: {len(row)} kolom, seharusnya paling banyak {len(columns)}: {' | '.join(columns)}."
        )
    return dict(zip(columns, row, strict=False))
