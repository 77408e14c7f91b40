"""The fields of an SOP in a form: what a browser sent for them, read by their types, and how they are shown again.

A text that was sent names no file; what cannot be read stays in the form as it was typed.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace
from werkzeug.datastructures import MultiDict

from sopctl.desk.employees import Employee, complete_row
from sopctl.desk.field_input import HINTS
from sopctl.engine.events import EMPTY, FieldValue
from sopctl.engine.refused import Refused
from sopctl.engine.values import find_wrong_cells, parse_given
from sopctl.errors import UsageError
from sopctl.letters.field_values import heading
from sopctl.sop.model import Field
from sopctl.web.messages import INCOMPLETE, Message, hide_paths, word_message
from sopctl.web.typed_numbers import read_number

Rows = dict[int, dict[str, str]]
"""The rows of a table as they were sent: the texts of their cells by column, by the number in their names."""

Sent = dict[str, str | Rows]
"""What was sent for fields, by their names; the lines of a list are one text."""

Mistakes = dict[str, str]
"""What is wrong, by the name of the input."""

REQUIRED = "Wajib diisi."
MISTAKEN = "Ada yang perlu diperbaiki; tidak ada yang dicatat."
ALSO_MISTAKEN = "Ada juga isian atau file yang perlu diperbaiki."

_OTHER_INPUTS = frozenset(
    ("csrf", "revisi", "langkah", "sebagai", "label", "catatan", "perihal", "kosong", "tambah", "hapus", "periksa",
     "kelengkapan", "keterangan", "lampiran", "pelaksana", "kepada", "masuk", "rahasia", "induk", "sesudah")
)  # fmt: skip
"""Names of inputs that are no field's."""

_CELL = re.compile(r"((?:isian-)?\w+)-(\d{1,6})-(.+)", re.DOTALL | re.ASCII)


class SentForm(Struct, frozen=True, kw_only=True):
    """A form that was sent and not recorded, to be shown again: what was typed, and what is wrong with it.

    ``texts`` are those of inputs that are no field's. ``message`` says what is wrong on the whole.
    """

    sent: Sent = {}
    texts: Mapping[str, str] = {}
    mistakes: Mistakes = {}
    message: Message | None = None


Form = TypeVar("Form", bound=SentForm)


class Control(Struct, frozen=True, kw_only=True):
    """A field in a form: the name of its input, and the text or rows in it; ``hint`` says what may be typed."""

    field: Field
    name: str
    text: str
    rows: tuple[tuple[int, dict[str, str]], ...]
    required: bool
    hint: str

    @property
    def picks_day(self) -> bool:
        """Whether the browser may offer its calendar: the text is a day as it writes one, or empty."""
        return not self.text or re.fullmatch(r"\d{4}-\d\d-\d\d", self.text) is not None


def input_name(field: Field) -> str:
    """The name of the input of a field: its own, but where another input has that."""
    return f"isian-{field.name}" if field.name in _OTHER_INPUTS else field.name


def read_sent(fields: Iterable[Field], form: MultiDict[str, str]) -> Sent:
    """What a form holds for these fields; a field that is not in it is left out."""
    cells: dict[str, dict[int, dict[str, str]]] = {}
    for key in form:
        if found := _CELL.fullmatch(key):
            cells.setdefault(found[1], {}).setdefault(int(found[2]), {})[found[3]] = form[key]
    sent: Sent = {}
    for field in fields:
        name = input_name(field)
        if field.type == "table" and (name in cells or name in form):
            rows = sorted(cells.get(name, {}).items())
            sent[field.name] = {number: _cells_of(field, row) for number, row in rows}
        elif field.type != "table" and name in form:
            sent[field.name] = "\n".join(form.getlist(name))
    return sent


def _cells_of(field: Field, row: Mapping[str, str]) -> dict[str, str]:
    return {column: row.get(column, "") for column in field.column_names}


def is_unfinished(form: Collection[str]) -> bool:
    """Whether a form was sent to be shown again: by a button for rows, or by Enter in one of its inputs."""
    return any(name in form for name in ("tambah", "hapus", "periksa"))


def change_rows(fields: Iterable[Field], sent: Sent, form: MultiDict[str, str]) -> None:
    """Add the row that a button asks for, or take one away."""
    name, _, number = form.get("hapus", "").rpartition("-")
    for field in fields:
        rows = sent.get(field.name)
        if isinstance(rows, dict) and form.get("tambah") == input_name(field):
            rows[max(rows, default=-1) + 1] = _cells_of(field, {})
        if isinstance(rows, dict) and name == input_name(field):
            rows.pop(read_number(number), None)


def parse_sent(
    fields: Mapping[str, Field],
    sent: Sent,
    known: Mapping[str, FieldValue],
    today: date,
    employees: Callable[[], Sequence[Employee]],
) -> tuple[dict[str, FieldValue], Mistakes]:
    """The values that differ from those that are known, and what is wrong with the others.

    The inputs of a table whose row names somebody of the office are filled in.
    """
    values: dict[str, FieldValue] = {}
    mistakes: Mistakes = {}
    for name, given in sent.items():
        field = replace(fields[name], name=fields[name].label)
        if _is_blank(given):
            if known.get(name) not in EMPTY and field.required:
                mistakes[input_name(fields[name])] = REQUIRED
            elif known.get(name) not in EMPTY:
                values[name] = [] if field.type in {"list", "table"} else ""
            continue
        try:
            value = _parse(field, input_name(fields[name]), given, today, employees, mistakes)
        except UsageError as error:
            mistakes[input_name(fields[name])] = error.message
        else:
            if value is not None and value != known.get(name):
                values[name] = value
    return values, mistakes


def _is_blank(given: str | Rows) -> bool:
    if isinstance(given, str):
        return not given.strip()
    return not any(cell.strip() for row in given.values() for cell in row.values())


def _parse(
    field: Field,
    name: str,
    given: str | Rows,
    today: date,
    employees: Callable[[], Sequence[Employee]],
    mistakes: Mistakes,
) -> FieldValue | None:
    """The value of what was sent; None where cells are wrong, which the mistakes then tell."""
    if isinstance(given, str):
        lines = [line for line in given.splitlines() if line.strip()]
        return parse_given(field, lines if field.type == "list" else given, today)
    people = employees()
    rows = {number: row for number, row in given.items() if any(cell.strip() for cell in row.values())}
    for number, row in rows.items():
        given[number] = row.update(_complete(field, row, people)) or row
    numbers = {id(row): number for number, row in rows.items()}
    wrong = find_wrong_cells(field, list(rows.values()), today, name_column=heading)
    for row, column, message in wrong:
        mistakes[f"{name}-{numbers[id(row)]}-{column.name}"] = message
    return None if wrong else parse_given(field, list(rows.values()), today)


def _complete(field: Field, row: dict[str, str], employees: Sequence[Employee]) -> dict[str, str]:
    """The row with what is known of the one person whom its first cell names, or else its NIP."""
    first = field.column_names[0]
    named = row if row[first].strip() or not row.get("nip", "").strip() else {**row, first: row["nip"]}
    completed = complete_row(field, named, employees)
    return row if completed[first] == named[first] and named is not row else completed


def add_refusal(form: Form, refused: Refused) -> Form:
    """The form with what a refusal says of it, and what is missing beside the inputs."""
    missing = _list_missing(refused.wanted, form.mistakes)
    message = _word_refusal(refused, missing, form.mistakes)
    return replace(form, message=message, mistakes=missing | form.mistakes)


def add_message(form: Form, sentence: str) -> Form:
    """The form with the sentence that says why it was not recorded."""
    return replace(form, message=Message(INCOMPLETE, hide_paths(sentence)))


def _list_missing(wanted: Iterable[Field], mistakes: Mistakes) -> Mistakes:
    """What is said beside the fields that lack a value, but for those where what was typed could not be used."""
    wrong = {name if cell is None else cell[1] for name in mistakes for cell in (_CELL.fullmatch(name),)}
    return {name: REQUIRED for name in map(input_name, wanted) if name not in wrong}


def _word_refusal(refused: Refused, missing: Mistakes, mistakes: Mistakes) -> Message:
    """What stands at the head of a form that was refused, where something typed or sent may be wrong as well."""
    message = word_message(refused)
    if refused.wanted and not missing:
        return Message(INCOMPLETE, MISTAKEN)
    if not mistakes:
        return message
    wanted, lacking = (
        ", ".join(field.label for field in fields)
        for fields in (refused.wanted, [field for field in refused.wanted if input_name(field) in missing])
    )
    sentence = message.sentence.replace(wanted, lacking, 1) if wanted else message.sentence
    return replace(message, sentence=f"{sentence} {ALSO_MISTAKEN}")


def make_control(field: Field, sent: Sent, known: Mapping[str, FieldValue], *, required: bool) -> Control:
    """The field as it was typed, else with the value that is known."""
    given = sent.get(field.name)
    rows = given if isinstance(given, dict) else _known_rows(field, known.get(field.name))
    return Control(
        field=field,
        name=input_name(field),
        text=given if isinstance(given, str) else _known_text(field, known.get(field.name)),
        rows=tuple((rows or {0: _cells_of(field, {})}).items()) if field.type == "table" else (),
        required=required,
        hint=HINTS.get(field.type, ""),
    )


def _known_rows(field: Field, value: FieldValue | None) -> Rows:
    rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    return dict(enumerate(_cells_of(field, row) for row in rows))


def _known_text(field: Field, value: FieldValue | None) -> str:
    """A value as it is typed again: numbers as they are written here."""
    if isinstance(value, list):
        return "\n".join(line for line in value if isinstance(line, str))
    if isinstance(value, int | float):
        digits = f"{value:.2f}" if field.type == "money" and value != int(value) else str(value)
        return digits.replace(".", ",")
    return value or ""
