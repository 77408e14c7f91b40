"""The fields of a move as typed or handed over in a file: read against the SOP's own."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from sopctl.desk.employees import Employee, complete_row
from sopctl.desk.input_files import read_text
from sopctl.engine import values
from sopctl.engine.events import FieldValue
from sopctl.errors import NotFoundError, UsageError, WrongError
from sopctl.notation.nearest import suggestion
from sopctl.notation.node import Node, Scalar
from sopctl.notation.node import Sequence as SequenceNode
from sopctl.notation.read import read_yaml
from sopctl.sop.model import Field, Sop

HINTS: Mapping[str, str] = {
    "date": "tanggal, misalnya 3 Nov atau besok",
    "number": "angka",
    "money": "misalnya Rp1.500.000",
    "nip": "18 angka",
}
"""What may be typed for a value of a type, where its label does not say so."""


def read_fields(
    sop: Sop, data: Path | None, sets: Iterable[str], today: date, employees: Callable[[], Sequence[Employee]] = tuple
) -> dict[str, FieldValue]:
    """The fields that were given: ``sets`` (`field=value` texts) before those of the file ``data``.

    A day without a year is the one nearest to ``today``. ``employees`` are asked where a table is given: a row that
    names one of them is completed.

    Raises:
        UsageError: with a line for every value that is wrong. NotFoundError: where the SOP has no such field.
    """
    return parse_fields(sop, {**_read_data_file(sop, data), **_group_texts(sop, sets)}, today, employees)


def parse_fields(
    sop: Sop, given: Mapping[str, object], today: date, employees: Callable[[], Sequence[Employee]]
) -> dict[str, FieldValue]:
    """The values of what was given for fields, by their names, as `read_fields` does; a text names no file."""
    found: dict[str, FieldValue] = {}
    mistakes: list[str] = []
    for name, value in given.items():
        try:
            field = sop.fields[name]
            parsed = _parse_value(field, value, today)
            found[name] = _complete_rows(field, parsed, employees()) if field.type == "table" else parsed
        except UsageError as mistake:
            mistakes.append(mistake.message)
    if mistakes:
        raise UsageError("\n".join(mistakes), code="value")
    return found


def _complete_rows(field: Field, value: FieldValue, employees: Sequence[Employee]) -> FieldValue:
    if not isinstance(value, list):
        return value
    return [complete_row(field, row, employees) if isinstance(row, dict) else row for row in value]


class _TypedTexts(Struct, frozen=True):
    """The texts that were typed for one field."""

    texts: list[str]


def _group_texts(sop: Sop, sets: Iterable[str]) -> dict[str, _TypedTexts]:
    """The texts given for each field, in order."""
    typed: dict[str, _TypedTexts] = {}
    for text in sets:
        name, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"Isian '{text}' tidak lengkap.", code="set")
        typed.setdefault(find_field(sop, name).name, _TypedTexts([])).texts.append(value)
    return typed


def find_field(sop: Sop, name: str) -> Field:
    """The field of an SOP with this name.

    Raises:
        NotFoundError: where there is none.
    """
    wanted = name.strip().lower()
    if wanted not in sop.fields:
        have = ", ".join(sop.fields) or "tidak ada"
        raise NotFoundError(
            f"SOP {sop.id} tidak mempunyai isian '{name}'{suggestion(name, sop.fields)}. Isian yang ada: {have}.",
            code="field",
        )
    return sop.fields[wanted]


def _parse_value(field: Field, value: object, today: date) -> FieldValue:
    """The value of what was typed or stands in a file."""
    if not isinstance(value, _TypedTexts):
        return values.parse_given(field, value, today)
    return parse_texts(field, value.texts, today)


def parse_texts(field: Field, texts: Sequence[str], today: date) -> FieldValue:
    """The value of texts that were typed; `@file` reads a CSV into a table and lines into any other field."""
    if len(texts) != 1 or not texts[0].startswith("@"):
        return values.parse_typed(field, texts, today)
    text = read_text(Path(texts[0][1:]))
    return (
        values.parse_csv_table(field, text, today)
        if field.type == "table"
        else values.parse_typed(field, [text], today)
    )


def _read_data_file(sop: Sop, path: Path | None) -> dict[str, object]:
    """The fields of a data file: a JSON or YAML mapping."""
    if path is None:
        return {}
    text = read_text(path)
    data = _parse_json(path, text) if path.suffix.lower() == ".json" else _parse_yaml(path, text)
    if not isinstance(data, dict):
        raise UsageError(f"{path}: harus berisi pasangan nama dan nilai.", code="data")
    return _unrepeated(path, [(find_field(sop, str(name)).name, value) for name, value in data.items()])


def _unrepeated(path: Path, pairs: list[tuple[str, object]]) -> dict[str, object]:
    """The values by name; of one that is there twice nobody knows which is meant."""
    names = [name for name, _ in pairs]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UsageError(f"{path}: {', '.join(twice)} tertulis dua kali; hapus yang satu.", code="data")
    return dict(pairs)


def _parse_json(path: Path, text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=lambda pairs: _unrepeated(path, pairs))
    except json.JSONDecodeError as error:
        where = f"baris {error.lineno}, kolom {error.colno}"
        raise UsageError(f"{path}: isinya bukan JSON yang benar ({where}).", code="data") from error
    except (ValueError, RecursionError) as error:
        why = "angka yang terlalu panjang" if isinstance(error, ValueError) else "susunan yang terlalu dalam"
        raise UsageError(f"{path}: isinya bukan JSON yang dapat dipakai; ada {why}.", code="data") from error


def _parse_yaml(path: Path, text: str) -> object:
    node, problems = read_yaml(text.encode(), str(path))
    if node is None or problems:
        raise WrongError(f"{path}: isinya bukan YAML yang benar.", problems=problems, code="data")
    return _plain_value(node)


def _plain_value(node: Node) -> object:
    """What a node says, as texts, lists and mappings."""
    if isinstance(node, Scalar):
        return None if node.empty else node.text
    if isinstance(node, SequenceNode):
        return [_plain_value(item) for item in node.items]
    return {key.text: _plain_value(value) for key, value in node.entries}
