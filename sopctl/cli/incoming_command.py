"""`agenda masuk`: the register of incoming letters: list it, print it, enter, correct and withdraw entries."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sopctl.cli import output, prompts
from sopctl.cli.field_prompts import FieldPrompt
from sopctl.cli.register_output import Outputs, show_register
from sopctl.cli.terminal_input import EMPTY, ask, ask_word, at_a_terminal, check_file
from sopctl.errors import UsageError

if TYPE_CHECKING:
    from sopctl.desk.incoming_register import IncomingChange, IncomingInput
    from sopctl.desk.session import Session
    from sopctl.engine.refused import Refused
    from sopctl.sop.model import Field


def run(session: "Session", action: str, nomor: str, year: int | None, typed: "IncomingInput", outputs: Outputs) -> int:
    """What `agenda masuk` was asked for; the exit code."""
    from sopctl.desk import incoming_register

    if action in {"", "list"}:
        return show_register(session, "masuk", year, outputs)
    if action == "add":
        return _show(incoming_register.add_incoming(session, _ask_new(session, typed)), "dicatat")
    if action not in {"correct", "withdraw"}:
        raise UsageError(f"Tidak ada agenda masuk {action}; pilihannya: list, add, correct, withdraw.")
    nomor = ask_word(nomor, "NO. AGENDA", "No. Agenda")
    if action == "withdraw":
        note = typed.note or (prompts.ask_reason() if at_a_terminal() else "")
        return _show(incoming_register.withdraw_incoming(session, nomor, note), "ditarik")
    typed = _ask_correction(session, nomor, typed)
    return _show(incoming_register.correct_incoming(session, nomor, typed), "diperbaiki")


def _ask_new(session: "Session", typed: "IncomingInput") -> "IncomingInput":
    """The entry with what was not typed of it, as far as somebody is there who is to be asked."""
    from sopctl.desk.incoming_register import FIELDS, RECEIVED

    wanting = [field for field in FIELDS if not typed.values.get(field.name)]
    if not any(field.required for field in wanting) or not at_a_terminal():
        return typed
    today = session.now().date()
    values = {**typed.values, **{field.name: _ask(field, today) or "" for field in wanting}}
    scan, day = typed.scan or _ask_scan(), "" if typed.at else _ask(RECEIVED, today)
    return replace(typed, values=values, scan=scan, at=f"{day} 00:00" if day and day != str(today) else typed.at)


def _ask_correction(session: "Session", nomor: str, typed: "IncomingInput") -> "IncomingInput":
    """The correction: every value is offered where none was typed, and the reason is asked for."""
    from sopctl.desk.incoming_register import FIELDS, find_incoming

    if not at_a_terminal():
        return typed
    if not any(typed.values.values()) and typed.scan is None and not typed.at:
        letter, today = find_incoming(session.record, nomor).letter, session.now().date()
        given = {field.name: _ask(field, today, getattr(letter, field.name)) for field in FIELDS}
        values = {name: value or EMPTY for name, value in given.items() if value is not None}
        typed = replace(typed, values=values, scan=_ask_scan())
    return replace(typed, note=typed.note or prompts.ask_reason())


def _ask(field: "Field", today: date, known: str = "") -> str | None:
    """What is answered; None where what is ``known`` stays."""
    value = FieldPrompt(field=field, today=today, keep=lambda _: None).ask(known or None, required=field.required)
    return None if value is None else str(value)


def _ask_scan() -> Path | None:
    return ask("File pindaian suratnya (Enter = tidak ada)", lambda text: Path(check_file(text)) if text else None)


def _show(answer: "IncomingChange | Refused", done: str) -> int:
    """Print what became of an entry; the exit code."""

    def say(change: "IncomingChange") -> None:
        entry = change.entry
        who, what = output.line(entry.letter.surat_dari), output.line(entry.letter.perihal)
        output.say(f"No. Agenda {entry.nomor} {done}: {what} (dari {who})")
        if done == "dicatat":
            output.say(f"  Berikutnya  sopctl start SOP --from-agenda {entry.nomor}")
        elif entry.cases:
            cases = ", ".join(entry.cases)
            output.say(f"  Penting     Berkas yang sudah dibuka darinya tetap memuat bunyi yang lama: {cases}")
        for doubt in change.doubts:
            output.say(f"  Periksa     {doubt}")

    return output.show(answer, say)
