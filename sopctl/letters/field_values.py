"""The SOP's fields as a template sees them: typed where the record holds what the type promises, else as it is.

A value that does not fit its type (a date typed as words) prints as it was typed: paper shows it, nothing crashes.
"""

from collections.abc import Callable, Iterator, Mapping

from msgspec.structs import replace

from sopctl.engine.events import EMPTY, FieldValue
from sopctl.letters.context import FilledField, TableRow
from sopctl.sop.model import Field, FieldColumn
from sopctl.word.dates import Angka, Rupiah, Tanggal, format_nip
from sopctl.word.printed_values import Blank

_ABBREVIATIONS = ("nip", "nik", "npwp", "no")

TemplateValue = str | Angka | Rupiah | Tanggal | Blank | list[str] | list[TableRow]

_PRINTED: Mapping[str, Callable[[str], str | Angka | Rupiah | Tanggal]] = {
    "date": Tanggal.fromisoformat,
    "number": Angka,
    "money": Rupiah,
    "nip": format_nip,
}
"""What a text becomes where its type says more than that it is one."""


def template_value(field: Field, value: FieldValue | None) -> TemplateValue:
    """The value of a field for a template; a Blank where nothing was filled in."""
    if value is None or value in EMPTY:
        return Blank(field.label)
    match field.type:
        case "table":
            return [TableRow(dict(zip(columns_of(field), row, strict=True))) for row in _rows(field, value)]
        case "list":
            return [_text(line) for line in _lines(value)]
        case _:
            return _printed(field.type, field.name, _join_lines(value))


def filled_field(field: Field, value: FieldValue) -> FilledField:
    """The field for a template that prints whatever the SOP asks."""
    bare = FilledField(name=field.name, label=field.label, type=field.type)
    match field.type:
        case "table":
            columns = tuple(map(heading, columns_of(field)))
            return replace(bare, columns=columns, rows=tuple(_rows(field, value)))
        case "list":
            return replace(bare, lines=tuple(_text(line) for line in _lines(value)))
        case _:
            return replace(bare, text=str(template_value(field, value)))


def columns_of(field: Field) -> tuple[str, ...]:
    """The columns of a table field; one that names none has a single column of its own name."""
    return field.column_names or (field.name,)


def heading(column: str) -> str:
    """A column's name as the head of a table prints it: `penanggung_jawab` is `Penanggung jawab`."""
    words = column.replace("_", " ")
    return words.upper() if column in _ABBREVIATIONS else words.capitalize()


def _lines(value: FieldValue) -> list[str | dict[str, str]]:
    return value if isinstance(value, list) else [str(value)]


def _text(line: str | dict[str, str]) -> str:
    return "; ".join(str(cell) for cell in line.values()) if isinstance(line, dict) else str(line)


def _join_lines(value: FieldValue) -> str:
    return "\n".join(_text(line) for line in _lines(value))


def _rows(field: Field, value: FieldValue) -> Iterator[tuple[str | Blank, ...]]:
    """The rows of a table; a cell that nobody filled in is a Blank that knows its place."""
    for number, row in enumerate(_lines(value), 1):
        cells = _cells(field, row).items()
        yield tuple(
            cell or Blank(column, dots=0, gap=f"{field.label}: {heading(column)}", row=number) for column, cell in cells
        )


def _cells(field: Field, row: str | dict[str, str]) -> dict[str, str]:
    """The cells of a row as they are printed; a row that is a single text fills the first column."""
    columns = field.columns or (FieldColumn(field.name),)
    texts = row if isinstance(row, dict) else {columns[0].name: row}
    return {one.name: str(_printed(one.type, one.name, str(texts.get(one.name, "")))) for one in columns}


def _printed(type_: str, name: str, text: str) -> str | Angka | Rupiah | Tanggal:
    """The value as its type promises; one that does not fit prints as it was typed. A text called nip is a NIP."""
    kind = "nip" if (type_, name) == ("text", "nip") else type_
    try:
        return _PRINTED[kind](text.strip()) if kind in _PRINTED and text else text
    except ValueError:
        return text
