"""Asking for a list or a table at the terminal: each entry is kept once it is given, and can be corrected."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sopctl.cli.field_display import show_value
from sopctl.cli.field_prompts import FieldPrompt, hint
from sopctl.cli.output import complain, line
from sopctl.cli.terminal_input import (
    EMPTY,
    YES,
    ask,
    choice_of,
    more_is_waiting,
    number_choices,
    read_line,
    read_waiting_lines,
)
from sopctl.desk.employees import complete_row, find_employees
from sopctl.desk.field_input import parse_texts
from sopctl.engine.scalar_values import SCALARS
from sopctl.engine.table_text import read_rows
from sopctl.engine.values import find_wrong_cells, parse_given, parse_typed
from sopctl.errors import SopctlError, UsageError
from sopctl.notation.nearest import suggestion

if TYPE_CHECKING:
    from sopctl.desk.employees import Employee
    from sopctl.engine.events import FieldValue
    from sopctl.sop.model import FieldColumn

Row = dict[str, str]
Entries = list[str | Row]

_MOST_MENDED = 3
"""Wrong cells of a paste that are asked for one by one; with more of them nothing of the paste is taken."""


class ListPrompt(FieldPrompt, frozen=True, kw_only=True):
    """Asks for the entries of a list, a line an entry; ``keep`` is told of all of them after each."""

    how = "satu per baris"
    confirms = False
    """Whether what was typed is shown and agreed to even where it took the place of nothing."""

    def ask(self, known: "FieldValue | None", *, required: bool) -> "FieldValue | None":
        """The entries; None where what is ``known`` (or nothing) stays."""
        end = "baris kosong = selesai" + ("" if required else "; boleh kosong")
        complain(f"{self.field.label}: {self.how}, {end}.")
        if self.field.choices:
            complain(f"{number_choices(self.field.choices)}\n  Nomornya, misalnya 1 3, atau teks lain.")
        before: Entries = list(known) if isinstance(known, list) else []
        entries = list(before)
        text = self._offer(before, known=True, required=required) if before else "t"
        while not (entries and text.casefold() in {"", *YES}):
            if text == EMPTY and not required:
                return []
            typed = self._change(entries, text, known=entries == before)
            if typed and not self.confirms and text.casefold() == "t":
                return typed
            if not (typed or before or required):
                return None
            entries = typed or list(before)
            if not entries:
                complain("Wajib diisi.")
            text = self._offer(entries, known=entries == before, required=required) if entries else "t"
        return None if entries == before else entries

    def _offer(self, entries: Entries, *, known: bool, required: bool) -> str:
        """What somebody answers to the entries so far, or to those that were there before."""
        complain(show_value(self.field, entries))
        number = "" if self.field.choices else ", nomor = ubah baris"
        if known:
            empty = "" if required else f", {EMPTY} = kosongkan"
            complain(f"  Enter = tetap seperti itu{number}, t = tambah{empty}; atau isi yang baru.")
            return read_line(self.question(1), self.offered())
        return read_line(f"Sudah benar? Enter = ya{number and f'{number} itu'}, t = tambah, u = ulang")

    def _change(self, entries: Entries, text: str, *, known: bool) -> Entries:
        """The entries as an answer changes them: one corrected, some added, all typed anew."""
        number = int(text) if text.isascii() and text.isdecimal() else 0
        if 0 < number <= len(entries) and not self.field.choices:
            changed = [*entries[: number - 1], *self.correct(entries[number - 1]), *entries[number:]]
            self.keep(changed)
            return changed
        if text.casefold() in {"t", "u"}:
            return self._add(entries if text.casefold() == "t" else [])
        if known:
            return self._add([], text)
        lost = " Yang ditempel tidak diambil." if more_is_waiting() and read_waiting_lines() else ""
        numbers = "" if self.field.choices else f" nomor 1 sampai {len(entries)},"
        complain(f"Jawab dengan Enter,{numbers} t atau u.{lost}")
        return entries

    def _add(self, entries: Entries, text: str = "") -> Entries:
        """The entries with those typed until an empty line; what was not taken is not passed over by one Enter."""
        refused = False
        while True:
            text = text or read_line(self.question(len(entries) + 1), self.offered())
            if text == EMPTY and not entries:
                return []
            if text:
                added = self.read(text)
                entries, refused = [*entries, *added], not added
                if added:
                    self.keep(entries)
            elif refused:
                complain("Yang tadi tidak diambil. Isi lagi; Enter sekali lagi = selesai tanpa itu.")
                refused = False
            elif not more_is_waiting():  # an empty line within a paste ends nothing
                return entries
            text = ""

    def question(self, number: int) -> str:
        """What asks for the entry of this number."""
        return f"  {number}"

    def offered(self) -> list[str]:
        """What the Tab key completes."""
        return []

    def read(self, text: str) -> Entries:
        """The entries that a text says, or the lines of the file that it names; none where it is no entry."""
        return self.parse(lambda: parse_texts(self.field, self._find_texts(text), self.today))

    def _find_texts(self, text: str) -> list[str]:
        if text.startswith("@"):
            return [text]
        return [item.replace(";", ";;") for one in text.split("\n") for item in self._choose_entries(one)]

    def _choose_entries(self, text: str) -> list[str]:
        """The choices that the numbers of a line stand for, where it is all numbers; else the line.

        Raises:
            UsageError: where a line of numbers has one that no choice has.
        """
        choices = self.field.choices
        if not choices or text in choices:
            return [text]
        words = text.replace(",", " ").split()
        chosen = [choice_of(word, choices) for word in words]
        unknown = [word for word in chosen if word not in choices]
        if unknown and all(word.isdecimal() for word in words):
            raise UsageError(f"{', '.join(unknown)} tidak ada; pilih 1–{len(choices)}.")
        return [text] if unknown else chosen

    def correct(self, entry: str | Row) -> Entries:
        """An entry as it is typed anew: the same, another, or none."""
        text = read_line(f"    (Enter = tetap; Tab = teks lama, untuk diubah; {EMPTY} = hapus)", [str(entry)])
        if text == EMPTY:
            return []
        return self.parse(lambda: parse_typed(self.field, [text.replace(";", ";;")], self.today)) if text else [entry]

    def parse(self, read: "Callable[[], FieldValue]") -> Entries:
        """The entries that are read; none where they are wrong, and why is said."""
        try:
            value = read()
        except SopctlError as mistake:
            complain(mistake.message)
            return []
        return list(value) if isinstance(value, list) else []


class TablePrompt(ListPrompt, frozen=True, kw_only=True):
    """Asks for the rows of a table: cell by cell, or pasted; naming one of the ``employees`` fills in their cells."""

    how = "isi kolom demi kolom, atau tempel dari Excel"
    confirms = True

    def question(self, number: int) -> str:
        """What asks for the first cell of a row."""
        return f"  Baris {number}, {self.field.column_names[0]}"

    def offered(self) -> list[str]:
        """The names of the people, where the rows are people."""
        return [one["nama"] for one in self._people()]

    def read(self, text: str) -> Entries:
        """The rows that begin with this text: pasted or in a file, else the one whose other cells are asked for."""
        if text.startswith("@"):
            return self._completed(self.parse(lambda: parse_texts(self.field, [text], self.today)))
        pasted = any(sign in text for sign in "\t|\n") or more_is_waiting()
        if pasted or text.count(";") + 1 == len(self.field.columns) > 1:
            return self._completed(self._read_paste([*text.split("\n"), *read_waiting_lines()]))
        row = self._name_employee(text)
        cells: Row = {}
        for column in self.field.columns:
            cells[column.name] = cell = row.get(column.name) or self._ask_cell(column)
            if column.type == "nip" and self._is_name(cell):
                return self.read(cell)
        return self.parse(lambda: parse_given(self.field, [cells], self.today))

    def correct(self, entry: str | Row) -> Entries:
        """A row with each of its cells as it was, or typed anew; none where it is removed."""
        first, *others = self.field.columns
        old = entry if isinstance(entry, dict) else {}
        text = read_line(f"    {first.name} (Enter = {line(old[first.name])}; {EMPTY} = hapus baris)", self.offered())
        if text == EMPTY:
            return []
        named = self._name_employee(text) if text else {first.name: old[first.name]}
        cells = named | {one.name: self._ask_cell(one, old[one.name]) for one in others if not named.get(one.name)}
        return self.parse(lambda: parse_given(self.field, [cells], self.today)) or [entry]

    def _people(self) -> "Sequence[Employee]":
        return self.employees if self.field.column_names[0] == "nama" else ()

    def _completed(self, rows: Entries) -> Entries:
        return [complete_row(self.field, row, self.employees) if isinstance(row, dict) else row for row in rows]

    def _read_paste(self, lines: list[str]) -> Entries:
        """The rows of a paste; of a few wrong cells each is asked for, with more of them nothing is taken."""
        lines = [one for one in lines if one.strip()]
        try:
            rows = read_rows(self.field.column_names, "\n".join([*lines, ""]))
            wrong = find_wrong_cells(self.field, rows, self.today)
            for row, column, message in wrong[:_MOST_MENDED] if len(wrong) <= _MOST_MENDED else ():
                complain(message)
                row[column.name] = self._ask_cell(column)
            value = parse_given(self.field, rows, self.today)
        except UsageError as mistake:
            complain(mistake.message)
            complain(f"Dari {len(lines)} baris yang ditempel tidak satu pun diambil. Tempel atau ketik lagi.")
            return []
        return list(value) if isinstance(value, list) else []

    def _name_employee(self, text: str) -> Row:
        """The cells of a row that are known of the person whom its first cell means; of several one is chosen."""
        first, people = self.field.column_names[0], self._people()
        found = find_employees(people, text)
        while len(found) > 1:
            complain(number_choices((f"{one['nama']} {one['nip']}" for one in found), indent=4))
            chosen = read_line("    Nomor atau nama yang dimaksud (Enter = orang lain)", self.offered())
            if not chosen:
                return {first: text}
            text, found = self._choose(chosen, text, found)
        row = complete_row(self.field, {first: found[0]["nama"] if found else text}, found)
        if people:
            known = ", ".join(filter(None, row.values()))
            near = suggestion(text, [one["nama"] for one in people])
            again = " Bila salah ketik, ketik lagi namanya." if "nip" in self.field.column_names else ""
            complain(f"    = {known}" if found else f"    {line(text)} tidak ada di pegawai.csv{near}.{again}")
        return row

    def _is_name(self, text: str) -> bool:
        """Whether a text that should be a NIP names one of the people."""
        return text.upper() != text.lower() and bool(find_employees(self._people(), text))

    def _choose(self, chosen: str, text: str, found: "list[Employee]") -> "tuple[str, list[Employee]]":
        """Whom a number or a name means among the people of a pick list; all of them again where it means nobody."""
        if chosen.isascii() and chosen.isdecimal() and len(chosen) <= len(str(len(found))):
            if 0 < int(chosen) <= len(found):
                return text, [found[int(chosen) - 1]]
            complain(f"    Ketik nomor 1 sampai {len(found)}.")
            return text, found
        named = find_employees(self._people(), chosen)
        if named:
            return chosen, named
        answer = read_line(f"    {line(chosen)} tidak ada di pegawai.csv. Pakai nama itu? (y = ya, Enter = pilih lagi)")
        if answer.casefold() in YES:
            return chosen, named
        return self._choose(answer, text, found) if answer else (text, found)

    def _ask_cell(self, column: "FieldColumn", old: str = "") -> str:
        """The value of a cell; what it was before stays with Enter."""

        def accept(text: str) -> str:
            if not text or (old and text == EMPTY):
                return "" if text else old
            if column.type == "nip" and not old and self._is_name(text):
                return text
            return str(SCALARS[column.type](column.name, text, self.today))

        return ask(f"    {column.name}{hint(column.type, old, required=False)}", accept)
