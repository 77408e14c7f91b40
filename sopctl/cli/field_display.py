"""The values of fields as the terminal shows them: a table with its heading, a list with numbers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sopctl.cli.output import plain
from sopctl.cli.screen import draw_table
from sopctl.engine.events import EMPTY

if TYPE_CHECKING:
    from sopctl.engine.events import FieldValue
    from sopctl.sop.model import Field


def show_value(field: "Field", value: "FieldValue") -> str:
    """A value as it is echoed: a table with its heading, a list with numbers, a day with its weekday."""
    if isinstance(value, list) and field.type == "table":
        return _show_rows(field, [row for row in value if isinstance(row, dict)])
    if isinstance(value, list):
        return "\n".join(f"  {number}. {plain(str(line))}" for number, line in enumerate(value, 1))
    from sopctl.letters.field_values import template_value
    from sopctl.word.dates import Tanggal

    shown = template_value(field, value)
    return plain(f"{shown.hari}, {shown}" if isinstance(shown, Tanggal) else str(shown))


def show_values(values: "Iterable[tuple[Field, FieldValue]]") -> str:
    """The values of fields as a table, those that are tables below it; a field that was emptied says so."""
    short, tables = [], []
    for field, value in values:
        if field.type == "table" and value:
            tables += [f"{plain(field.label)}:", show_value(field, value)]
        else:
            short.append((plain(field.label), show_value(field, value) if value not in EMPTY else "(dikosongkan)"))
    return "\n".join([*([draw_table("Isian", "Nilai", rows=short)] if short else []), *tables])


def _show_rows(field: "Field", rows: "Sequence[Mapping[str, str]]") -> str:
    cells = ([str(row.get(name, "")) for name in field.column_names] for row in rows)
    return draw_table("No", *field.column_names, rows=[(str(n), *row) for n, row in enumerate(cells, 1)])
