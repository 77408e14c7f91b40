"""The fields of a move as typed or handed over in a file: read against the SOP's own."""

import json
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from sopctl.engine import values
from sopctl.engine.events import FieldValue
from sopctl.errors import DamagedError, NotFoundError, UsageError, WrongError
from sopctl.notation.nearest import suggestion
from sopctl.notation.node import Node, Scalar
from sopctl.notation.node import Sequence as SequenceNode
from sopctl.notation.read import read_yaml
from sopctl.sop.model import Field, Sop
from sopctl.store import disk

LARGEST_DATA = 10_000_000
"""Bytes of a data file."""


def read_fields(sop: Sop, data: Path | None, sets: Iterable[str], today: date) -> dict[str, FieldValue]:
    """The fields that were given: ``sets`` (`field=value` texts) before those of the file ``data``.

    A day without a year is the one nearest to ``today``.

    Raises:
        UsageError: with a line for every value that is wrong. NotFoundError: where the SOP has no such field.
    """
    found: dict[str, FieldValue] = {}
    mistakes: list[str] = []
    for name, value in {**_read_data_file(sop, data), **_group_texts(sop, sets)}.items():
        try:
            found[name] = _parse_value(sop.fields[name], value, today)
        except UsageError as mistake:
            mistakes.append(mistake.message)
    if mistakes:
        raise UsageError("\n".join(mistakes), code="value")
    return found


def read_input_file(path: Path, *, limit: int) -> bytes:
    """The bytes of a file that a user named, at most ``limit`` of them.

    Raises:
        UsageError: where it is larger. NotFoundError: where there is none. BusyError: where it cannot be read.
    """
    try:
        return disk.read_file(path, limit=limit)
    except DamagedError as error:
        raise UsageError(
            f"{path} terlalu besar; paling besar {limit // 1_000_000} MB. Kecilkan, atau bagi menjadi beberapa file.",
            code="size",
        ) from error


class _Typed(Struct, frozen=True):
    """The texts that were typed for one field."""

    texts: list[str]


def _group_texts(sop: Sop, sets: Iterable[str]) -> dict[str, _Typed]:
    """The texts given for each field, in order."""
    typed: dict[str, _Typed] = {}
    for text in sets:
        name, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"Isian '{text}' tidak lengkap.", code="set")
        typed.setdefault(_find_field(sop, name).name, _Typed([])).texts.append(value)
    return typed


def _find_field(sop: Sop, name: str) -> Field:
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
    if not isinstance(value, _Typed):
        return values.parse_given(field, value, today)
    return parse_texts(field, value.texts, today)


def parse_texts(field: Field, texts: Sequence[str], today: date) -> FieldValue:
    """The value of texts that were typed; `@file` reads a CSV into a table and lines into any other field."""
    if len(texts) != 1 or not texts[0].startswith("@"):
        return values.parse_typed(field, texts, today)
    text = _read_text(Path(texts[0][1:]))
    return (
        values.parse_csv_table(field, text, today)
        if field.type == "table"
        else values.parse_typed(field, [text], today)
    )


def _read_text(path: Path) -> str:
    """The text of a file: UTF-8 or, as Windows programs write it, UTF-16 with a mark or Windows-1252."""
    data = read_input_file(path, limit=LARGEST_DATA)
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _read_data_file(sop: Sop, path: Path | None) -> dict[str, object]:
    """The fields of a data file: a JSON or YAML mapping."""
    if path is None:
        return {}
    text = _read_text(path)
    data = _parse_json(path, text) if path.suffix.lower() == ".json" else _parse_yaml(path, text)
    if not isinstance(data, dict):
        raise UsageError(f"{path}: harus berisi pasangan nama dan nilai.", code="data")
    return {_find_field(sop, str(name)).name: value for name, value in data.items()}


def _parse_json(path: Path, text: str) -> object:
    try:
        return json.loads(text)
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
