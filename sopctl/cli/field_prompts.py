"""Asking for the value of one field at the terminal: a question a value, a line an item, a cell or a paste a row."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

import typer
from msgspec import Struct

from sopctl.cli.output import complain, plain
from sopctl.cli.wrapping import width_of, wrap
from sopctl.errors import SopctlError

if TYPE_CHECKING:
    from sopctl.desk.employees import Employee
    from sopctl.engine.events import FieldValue
    from sopctl.sop.model import Field


_HINTS = {
    "date": "tanggal, misalnya 3 Nov atau besok",
    "number": "angka",
    "money": "misalnya Rp1.500.000",
    "nip": "18 angka",
}
_SHOWN_TAB = " \u2502 "
"""What stands on the screen for the tab of a pasted row: of a tab itself nobody sees which cells are empty."""

EMPTY = "-"
"""What is typed to empty a field that holds something."""


class FieldPrompt(Struct, frozen=True, kw_only=True):
    """Asks for a field; ``today`` is the day to which a day without a year is nearest.

    ``keep`` is told of the value, of one with several entries as it grows. ``employees`` are the people of the office.
    """

    field: "Field"
    today: date
    keep: "Callable[[FieldValue], None]"
    employees: "Sequence[Employee]" = ()

    def ask(self, known: "FieldValue | None", *, required: bool) -> "FieldValue | None":
        """The value that was typed; None where what is ``known`` (or nothing) stays."""
        field = self.field
        question = f"{field.label}{_list_choices(field)}{hint(field.type, known, required=required)}"
        while True:
            text = read_line(question)
            if not text and (known or not required):
                return None
            if text == EMPTY and not required:
                self.keep("")
                return ""
            if not text:
                complain("Wajib diisi.")
            elif (value := self._parse(_choice_of(field, text))) is not None:
                if field.type in {"date", "money"}:
                    complain(f"  = {show_value(field, value)}")
                self.keep(value)
                return value

    def _parse(self, text: str) -> "FieldValue | None":
        """The value of a text; None where it is none, and why is said."""
        from sopctl.desk.field_input import parse_texts

        try:
            return parse_texts(self.field, [text], self.today)
        except SopctlError as mistake:
            complain(mistake.message)
            return None


def read_line(question: str, offered: Iterable[str] = ()) -> str:
    """One line without the blanks around it; the Tab key completes the words that are ``offered``.

    Arrow keys and Tab work where the system has a line editor. A paste that it takes whole keeps its line breaks.
    """
    with suppress(ImportError):
        import readline

        words = list(offered)

        def complete(beginning: str, number: int) -> str | None:
            if _SHOWN_TAB in beginning or more_is_waiting(0.02):  # the tab is one of a pasted row
                return None if number else f"{beginning}{_SHOWN_TAB}"
            found = [word for word in words if word.casefold().startswith(beginning.casefold())]
            return found[number] if number < len(found) else None

        readline.set_completer(complete)
        readline.set_completer_delims("")
        readline.parse_and_bind("tab: complete")

    asked = wrap(plain(question), max(width_of(sys.stderr) - 2, 0))  # which leaves room for the colon
    text = str(typer.prompt(asked, default="", show_default=False, err=True))
    return text.replace(_SHOWN_TAB, "\t").strip(" \r\n")


def read_lines() -> list[str]:
    """The lines up to an empty one; an empty line within a paste ends nothing."""
    lines: list[str] = []
    while True:
        text = read_line(f"  {len(lines) + 1}")
        if not text and not more_is_waiting():
            return lines
        lines += [line.strip() for line in text.split("\n") if line.strip()]


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
            short.append((plain(field.label), show_value(field, value) if value else "(dikosongkan)"))
    return "\n".join([*([_draw("Isian", "Nilai", rows=short)] if short else []), *tables])


def _show_rows(field: "Field", rows: "Sequence[Mapping[str, str]]") -> str:
    cells = ([str(row.get(name, "")) for name in field.column_names] for row in rows)
    return _draw("No", *field.column_names, rows=[(str(n), *row) for n, row in enumerate(cells, 1)])


def _draw(*heading: str, rows: "Sequence[Sequence[str]]") -> str:
    from sopctl.cli import screen

    console = screen.console(stderr=True, colors=False)
    with console.capture() as captured:
        console.print(screen.table(*heading, rows=rows))
    return captured.get().rstrip("\n")


def _list_choices(field: "Field") -> str:
    return f":\n{number_choices(field)}\nPilih" if field.choices else ""


def number_choices(field: "Field") -> str:
    """The choices of a field, each with its number."""
    return "\n".join(f"  {number} {choice}" for number, choice in enumerate(field.choices, 1))


def chosen_of(field: "Field", line: str) -> list[str]:
    """The choices that the numbers of a line stand for, where it is all numbers of choices; else the line itself."""
    words = line.replace(",", " ").split()
    chosen = [_choice_of(field, word) for word in words]
    return chosen if field.choices and not set(chosen) - set(field.choices) else [line]


def _choice_of(field: "Field", text: str) -> str:
    """The choice that a number stands for, else the text itself."""
    if text in field.choices or not text.isdecimal() or not 0 < int(text) <= len(field.choices):
        return text
    return field.choices[int(text) - 1]


def hint(type_: str, known: "FieldValue | None", *, required: bool) -> str:
    """What a type wants, and what Enter does."""
    stays = f"Enter = {known}" + ("" if required else f"; {EMPTY} = kosong")
    enter = stays if known else "" if required else "Enter = kosong"
    said = "; ".join(filter(None, (_HINTS.get(type_, ""), enter)))
    return f" ({said})" if said else ""


def read_waiting_lines() -> list[str]:
    """The lines of a paste that have not been read yet."""
    lines: list[str] = []
    while more_is_waiting():
        lines.append(read_line("   "))
    return lines


def more_is_waiting(pause: float = 0.05) -> bool:
    """Whether the terminal holds more already, or within so many seconds: nobody types as fast as a paste."""
    if sys.platform == "win32":  # pragma: no cover — runs on Windows only
        import msvcrt

        return bool(msvcrt.kbhit())
    import select

    try:
        return sys.stdin.isatty() and bool(select.select([sys.stdin], [], [], pause)[0])
    except (OSError, ValueError):
        return False
