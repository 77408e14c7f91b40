"""Asking for the value of one field at the terminal: a question a value, a line an item, a cell or a paste a row."""

import sys
from collections.abc import Iterable, Mapping, Sequence
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
    from sopctl.sop.model import Column, Field


_HINTS = {
    "date": "tanggal, misalnya 3 Nov atau besok",
    "number": "angka",
    "money": "misalnya Rp1.500.000",
    "nip": "18 angka",
}
_SEPARATORS = ("\t", "|", "\n")
_EMPTY = "-"
"""What is typed to empty a field that holds something."""


class FieldPrompt(Struct, frozen=True, kw_only=True):
    """Asks for fields; ``today`` is the day to which a day without a year is nearest.

    ``employees`` are the people of the office: naming one fills in the rest of a row.
    """

    today: date
    employees: "Sequence[Employee]" = ()

    def ask(self, field: "Field", known: "FieldValue | None", *, required: bool) -> "FieldValue | None":
        """The value that was typed; None where what is ``known`` (or nothing) stays."""
        if field.type == "table":
            return self._ask_table(field, known, required=required)
        if field.type == "list":
            return self._ask_list(field, known, required=required)
        question = f"{field.label}{_list_choices(field)}{_hint(field.type, known, required=required)}"
        while True:
            text = read_line(question)
            if not text and (known or not required):
                return None
            if text == _EMPTY and not required:
                return ""
            if not text:
                complain("Wajib diisi.")
            elif (value := self._parse(field, [_choice_of(field, text)])) is not None:
                if field.type in {"date", "money"}:
                    complain(f"  = {show_value(field, value)}")
                return value

    def _ask_list(self, field: "Field", known: "FieldValue | None", *, required: bool) -> "FieldValue | None":
        complain(f"{field.label}: satu per baris, baris kosong = selesai{_may_stay_empty(required)}.")
        if field.choices:
            complain(f"{_numbered(field)}\n  Nomornya, misalnya 1 3, atau teks lain.")
        if known:
            complain(f"{show_value(field, known)}\n  Enter = tetap seperti itu.")
        while True:
            lines = [item for line in read_lines() for item in _chosen(field, line)]
            if not lines and (known or not required):
                return None
            if lines == [_EMPTY] and not required:
                return []
            given = lines if lines[:1] and lines[0].startswith("@") else [line.replace(";", ";;") for line in lines]
            if not lines:
                complain("Wajib diisi.")
            elif (value := self._parse(field, given)) is not None:
                return value

    def _ask_table(self, field: "Field", known: "FieldValue | None", *, required: bool) -> "FieldValue | None":
        end = f"Baris kosong = selesai{_may_stay_empty(required)}."
        complain(f"{field.label}: isi kolom demi kolom, atau tempel baris-baris dari Excel. {end}")
        if known:
            complain(f"{show_value(field, known)}\n  Enter = tetap seperti itu.")
        rows: list[str | dict[str, str]] = []
        while True:
            first = read_line(f"  Baris {len(rows) + 1}, {field.column_names[0]}", self._names())
            if not first and rows:
                complain(show_value(field, rows))
                if read_line("Sudah benar? Enter = ya, u = ulang dari awal").lower() != "u":
                    return rows
                rows = []
            elif not first and (known or not required):
                return None
            elif first == _EMPTY and not required:
                return []
            elif not first:
                complain("Wajib diisi.")
            else:
                rows += self._read_rows(field, first)

    def _names(self) -> list[str]:
        return [one["nama"] for one in self.employees]

    def _read_rows(self, field: "Field", first: str) -> "list[str | dict[str, str]]":
        """The rows that begin with this text: pasted or in a file, else the one whose other cells are asked for."""
        pasted = first.startswith("@") or any(sign in first for sign in _SEPARATORS) or _more_is_waiting()
        if pasted or first.count(";") + 1 == len(field.columns) > 1:
            lines = [first] if first.startswith("@") else [first, *_read_waiting_lines(), ""]
            value = self._parse(field, ["\n".join(lines)])
            return value if isinstance(value, list) else []
        row = self._name_employee(field, first)
        for column in field.columns:
            if not row.get(column.name):
                row[column.name] = self._ask_cell(column)
        value = self._parse(field, [row])
        return value if isinstance(value, list) else []

    def _name_employee(self, field: "Field", first: str) -> dict[str, str]:
        """The cells of a row that are known of the person whom its first cell means; of several one is chosen."""
        from sopctl.desk.employees import complete_row, find_employees

        found = find_employees(self.employees, first)
        if len(found) > 1:
            complain("\n".join(f"    {number} {one['nama']} {one['nip']}" for number, one in enumerate(found, 1)))
            chosen = read_line("    Nomor yang dimaksud (Enter = orang lain)")
            if chosen.isdecimal() and 0 < int(chosen) <= len(found):
                first = found[int(chosen) - 1]["nip"] or found[int(chosen) - 1]["nama"]
        row = complete_row(field, {field.column_names[0]: first}, self.employees)
        if len(row) > 1:
            complain(f"    = {', '.join(filter(None, row.values()))}")
        return row

    def _ask_cell(self, column: "Column") -> str:
        from sopctl.engine.scalar_values import SCALARS

        while True:
            text = read_line(f"    {column.name}{_hint(column.type, None, required=False)}")
            try:
                return text and str(SCALARS[column.type](column.name, text, self.today))
            except SopctlError as mistake:
                complain(mistake.message)

    def _parse(self, field: "Field", given: "Sequence[str | dict[str, str]]") -> "FieldValue | None":
        """The value of texts or of one row; None where it is none, and why is said."""
        from sopctl.desk.field_input import parse_texts
        from sopctl.engine.values import parse_given

        try:
            if given and isinstance(given[0], dict):
                return parse_given(field, list(given), self.today)
            return parse_texts(field, [str(text) for text in given], self.today)
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
            if _more_is_waiting(0):  # the tab is one of a pasted row
                return None if number else f"{beginning}\t"
            found = [word for word in words if word.casefold().startswith(beginning.casefold())]
            return found[number] if number < len(found) else None

        readline.set_completer(complete)
        readline.set_completer_delims("")
        readline.parse_and_bind("tab: complete")

    asked = wrap(plain(question), max(width_of(sys.stderr) - 2, 0))  # which leaves room for the colon
    return str(typer.prompt(asked, default="", show_default=False, err=True)).strip(" \r\n")


def read_lines() -> list[str]:
    """The lines up to an empty one; an empty line within a paste ends nothing."""
    lines: list[str] = []
    while True:
        text = read_line(f"  {len(lines) + 1}")
        if not text and not _more_is_waiting():
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


def _may_stay_empty(required: bool) -> str:  # noqa: FBT001 — the one fact
    return "" if required else "; boleh kosong"


def _list_choices(field: "Field") -> str:
    return f":\n{_numbered(field)}\nPilih" if field.choices else ""


def _numbered(field: "Field") -> str:
    return "\n".join(f"  {number} {choice}" for number, choice in enumerate(field.choices, 1))


def _chosen(field: "Field", line: str) -> list[str]:
    """The choices that the numbers of a line stand for, where it is all numbers of choices; else the line itself."""
    words = line.replace(",", " ").split()
    chosen = [_choice_of(field, word) for word in words]
    return chosen if field.choices and not set(chosen) - set(field.choices) else [line]


def _choice_of(field: "Field", text: str) -> str:
    """The choice that a number stands for, else the text itself."""
    if text in field.choices or not text.isdecimal() or not 0 < int(text) <= len(field.choices):
        return text
    return field.choices[int(text) - 1]


def _hint(type_: str, known: "FieldValue | None", *, required: bool) -> str:
    """What a type wants, and what Enter does."""
    enter = f"Enter = {known}" if known else "" if required else "Enter = kosong"
    said = "; ".join(filter(None, (_HINTS.get(type_, ""), enter)))
    return f" ({said})" if said else ""


def _read_waiting_lines() -> list[str]:
    """The lines of a paste that have not been read yet."""
    lines: list[str] = []
    while _more_is_waiting():
        lines.append(read_line("   "))
    return lines


def _more_is_waiting(pause: float = 0.05) -> bool:
    """Whether the terminal holds more already, or within so many seconds: nobody types as fast as a paste."""
    if sys.platform == "win32":  # pragma: no cover — runs on Windows only
        import msvcrt

        return bool(msvcrt.kbhit())
    import select

    try:
        return sys.stdin.isatty() and bool(select.select([sys.stdin], [], [], pause)[0])
    except (OSError, ValueError):
        return False
