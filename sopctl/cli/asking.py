"""Asking at the terminal for what a move still needs; elsewhere nothing is asked and the move is refused instead."""

import sys
from typing import TYPE_CHECKING

import typer
from msgspec.structs import replace

from sopctl.cli.output import complain, plain
from sopctl.errors import UsageError

if TYPE_CHECKING:
    from sopctl.desk.ask import Ask
    from sopctl.desk.desk import Desk
    from sopctl.sop.model import Field


def at_a_terminal(*, json: bool) -> bool:
    """Whether somebody is there to answer."""
    return not json and sys.stdin.isatty() and sys.stderr.isatty()


def before_approval(desk: "Desk", id: str, ask: "Ask", *, json: bool) -> "Ask":
    """The ask with the fields that the step at hand requires, as far as somebody is there to fill them in."""
    if ask.data is not None or not at_a_terminal(json=json):
        return ask
    from sopctl.desk import views

    wanted = views.wanted(desk, id)
    if wanted is None:
        return ask
    return replace(ask, sets=ask.sets + _answers(wanted.fields, ask), seen=wanted.revision)


def at_the_start(desk: "Desk", sop_id: str, ask: "Ask", *, json: bool) -> "Ask":
    """The ask with the fields that the SOP requires at its start."""
    if ask.data is not None or not at_a_terminal(json=json):
        return ask
    sop = desk.source(sop_id).sop
    fields = (field for field in sop.fields.values() if field.required and field.step is None) if sop else ()
    return replace(ask, sets=ask.sets + _answers(tuple(fields), ask))


def with_reason(ask: "Ask", *, json: bool) -> "Ask":
    """The ask with the reason for turning something down."""
    if ask.note or not at_a_terminal(json=json):
        return ask
    return replace(ask, note=_prompt("Alasan"))


def _answers(fields: "tuple[Field, ...]", ask: "Ask") -> tuple[str, ...]:
    """Texts as `--set` takes them."""
    given = {text.partition("=")[0].strip().lower() for text in ask.sets}
    return tuple(f"{field.name}={text}" for field in fields if field.name not in given for text in _asked(field))


def _asked(field: "Field") -> list[str]:
    """What was typed for a field, asked again until it is a value of the field's type."""
    from sopctl.engine.values import typed

    while True:
        texts = _lines(field) if field.type in {"list", "table"} else [_prompt(_question(field))]
        try:
            if not texts[0].startswith("@"):
                typed(field, texts)
        except UsageError as mistake:
            complain(mistake.message)
        else:
            return texts


def _lines(field: "Field") -> list[str]:
    """The lines of a list or table, until an empty one."""
    columns = f" ({' | '.join(field.columns)})" if field.columns else ""
    complain(f"{field.label}{columns}: satu per baris, baris kosong = selesai.")
    lines = [_prompt("  1")]
    while not lines[0].startswith("@"):
        line = typer.prompt(f"  {len(lines) + 1}", default="", show_default=False, err=True).strip()
        if not line:
            break
        lines.append(line)
    return lines


def _question(field: "Field") -> str:
    hint = {"date": " (tanggal)", "number": " (angka)", "choice": f" ({' / '.join(field.choices)})"}
    return plain(field.label + hint.get(field.type, ""))


def _prompt(question: str) -> str:
    """One answer that is not empty."""
    return str(typer.prompt(question, err=True)).strip()
