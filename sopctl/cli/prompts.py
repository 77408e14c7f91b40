"""Asking at the terminal for what a move still needs; elsewhere nothing is asked and the move is refused instead."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from msgspec.structs import replace

from sopctl.cli.output import complain, plain
from sopctl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sopctl.desk.move_input import MoveInput
    from sopctl.sop.model import Field
    from sopctl.store.library import Library
    from sopctl.store.record import Record


def at_a_terminal(*, json: bool) -> bool:
    """Whether somebody is there to answer."""
    return not json and sys.stdin.isatty() and sys.stderr.isatty()


def before_approval(record: "Record", library: "Library", id: str, typed: "MoveInput", *, json: bool) -> "MoveInput":
    """The input with what the step at hand requires, files first, as far as somebody is there to give it.

    Somebody who is to do a step again is told first why it was turned down.
    """
    if typed.data is not None or not at_a_terminal(json=json):
        return typed

    from sopctl.desk.missing_input import missing_input

    wanted = missing_input(record, library, id)
    if wanted is None:
        return typed
    if wanted.reason:
        complain(f"Dikembalikan dengan alasan: {wanted.reason}")
    given = {text.partition("=")[0].strip().lower() for text in typed.attach}
    files = tuple(f"{item}={_file(item)}" for item in wanted.items if item.lower() not in given)
    sets = _answers(wanted.fields, typed)
    return replace(typed, attach=typed.attach + files, sets=typed.sets + sets, seen=wanted.revision)


def at_the_start(library: "Library", sop_id: str, typed: "MoveInput", *, json: bool) -> "MoveInput":
    """The input with the fields that the SOP requires at its start."""
    if typed.data is not None or not at_a_terminal(json=json):
        return typed
    from sopctl.engine.requirements import missing_fields

    sop = library.read_file(sop_id).sop
    fields = tuple(sop.fields[name] for name in missing_fields(sop, None)) if sop else ()
    return replace(typed, sets=typed.sets + _answers(fields, typed))


def with_reason(typed: "MoveInput", *, json: bool) -> "MoveInput":
    """The input with the reason for it."""
    if typed.note or not at_a_terminal(json=json):
        return typed
    return replace(typed, note=_prompt("Alasan"))


def with_reason_to_reject(record: "Record", ids: "Iterable[str]", typed: "MoveInput", *, json: bool) -> "MoveInput":
    """The input with the reason, where one of the cases can be turned down at all."""
    if typed.note or not at_a_terminal(json=json):
        return typed

    from sopctl.desk.status import open_labels

    return with_reason(typed, json=json) if any(open_labels(record, id) for id in ids) else typed


def _answers(fields: "tuple[Field, ...]", typed: "MoveInput") -> tuple[str, ...]:
    """Texts as `--set` takes them."""
    given = {text.partition("=")[0].strip().lower() for text in typed.sets}
    return tuple(f"{field.name}={text}" for field in fields if field.name not in given for text in _asked(field))


def _asked(field: "Field") -> list[str]:
    """What was typed for a field: one value, or the lines of a list or table."""
    if field.type not in {"list", "table"}:
        return [_value(field, _question(field))]
    columns = f" ({' | '.join(field.column_names)})" if field.columns else ""
    complain(f"{field.label}{columns}: satu per baris, baris kosong = selesai.")
    lines = [_value(field, "  1")]
    while not lines[0].startswith("@") and (line := _value(field, f"  {len(lines) + 1}", wanted=False)):
        lines.append(line)
    return lines


def _value(field: "Field", question: str, *, wanted: bool = True) -> str:
    """One line, asked again until it is a value of the field's type (or empty, where no more is wanted)."""
    from sopctl.engine.values import parse_typed

    while True:
        text = _line(question)
        if not text and not wanted:
            return text
        try:
            if not text:
                complain("Wajib diisi.")
            elif text.startswith("@") or parse_typed(field, [text]):
                return text
        except UsageError as mistake:
            complain(mistake.message)


def _file(item: str) -> str:
    """The path of a file that is there."""
    while True:
        text = _prompt(f"File untuk {item}")
        if Path(text).is_file():
            return text
        complain(f"File {text} tidak ada.")


def _question(field: "Field") -> str:
    hint = {"date": " (tanggal)", "number": " (angka)", "choice": f" ({' / '.join(field.choices)})"}
    return plain(field.label + hint.get(field.type, ""))


def _prompt(question: str) -> str:
    """One answer that is not empty."""
    while not (text := _line(question)):
        complain("Wajib diisi.")
    return text


def _line(question: str) -> str:
    """One line; the arrow keys work where the system has a line editor."""
    with suppress(ImportError):
        import readline  # noqa: F401 — importing it is what makes prompts editable

    return str(typer.prompt(question, default="", show_default=False, err=True)).strip()
