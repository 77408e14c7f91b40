"""The plain values that files are made of: text, numbers, ya/tidak, dates, choices, names.

An editor that follows the JSON Schema reads `nomor: 1.10` as a number and `ada: true` as a boolean before it compares,
so wherever text may stand the schema lets those stand too; only this reader sees what was typed.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from sopctl.notation.faults import listed, quoted
from sopctl.notation.nearest import suggestion
from sopctl.notation.shape import Leaf, Schema, Wrong, must_be

Word = TypeVar("Word", bound=str)

_TYPED = ["string", "number", "boolean"]
_WHOLE = re.compile(r"0|[1-9][0-9]{0,14}")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/. ]+([0-9]{1,2}|[A-Za-z]+)[-/. ]+([0-9]{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des")
_YES_NO = {"ya": True, "true": True, "tidak": False, "false": False}


def text(expects: str = "teks") -> Leaf[str]:
    """Any text, in the author's own letters."""
    return Leaf(parse=str, blank="", expects=expects, form={"type": _TYPED})


def name(pattern: str, expects: str, check: Callable[[str], str | None] | None = None) -> Leaf[str]:
    """A text of one form: ``pattern`` holds for the whole of it, ``check`` may say what else is wrong."""
    form = re.compile(pattern)

    def parse(typed: str) -> str | Wrong:
        if not form.fullmatch(typed):
            return must_be(expects, typed)
        complaint = check(typed) if check else None
        return typed if complaint is None else Wrong(complaint)

    schema: Schema = {"type": _TYPED, "pattern": f"^(?:{pattern})$"}
    return Leaf(parse=parse, blank="", expects=expects, form=schema, keep=str)


def integer(minimum: int = 0, expects: str = "bilangan bulat, misalnya 5") -> Leaf[int]:
    """A whole number, not below ``minimum`` (which is 0 or more)."""

    def parse(typed: str) -> int | Wrong:
        if not _WHOLE.fullmatch(typed) or int(typed) < minimum:
            return must_be(expects, typed)
        return int(typed)

    return Leaf(parse=parse, blank=minimum, expects=expects, form={"type": "integer", "minimum": minimum})


def number(expects: str = "bilangan, misalnya 7.5") -> Leaf[float]:
    """A number with a point before its fraction."""

    def parse(typed: str) -> float | Wrong:
        return float(typed) if _NUMBER.fullmatch(typed) else must_be(expects, typed)

    return Leaf(parse=parse, blank=0.0, expects=expects, form={"type": "number"})


def integer_or_text(expects: str = "nomor, misalnya 4 atau 4a") -> Leaf[int | str]:
    """A whole number where it is written as one; `007` and `4a` stay text."""

    def parse(typed: str) -> int | str:
        return int(typed) if _WHOLE.fullmatch(typed) else typed

    return Leaf(parse=parse, blank=0, expects=expects, form={"type": _TYPED})


def yes_no() -> Leaf[bool]:
    """`ya` or `tidak`, `true` or `false`; letter case aside."""

    def parse(typed: str) -> bool | Wrong:
        said = _YES_NO.get(typed.casefold())
        return must_be('"ya" atau "tidak"', typed) if said is None else said

    return Leaf(parse=parse, blank=False, expects='"ya" atau "tidak"', form={"enum": [True, False, "ya", "tidak"]})


def choice(*words: Word) -> Leaf[Word]:
    """One of the words, letter for letter."""
    known = {str(word): word for word in words}
    expects = listed(tuple(known))

    def parse(typed: str) -> Word | Wrong:
        if typed in known:
            return known[typed]
        return Wrong(f"{quoted(typed)} tidak dikenal{suggestion(typed, known)}. Di sini ditulis {expects}.")

    return Leaf(parse=parse, blank=words[0], expects=expects, form={"enum": list(words)})


def day(expects: str = "tanggal, misalnya 2026-11-24") -> Leaf[date]:
    """A date as YYYY-MM-DD; a date in another order is shown in this one."""

    def parse(typed: str) -> date | Wrong:
        if found := _ISO.fullmatch(typed):
            return _date(*found.groups()) or Wrong(f"Tanggal {quoted(typed)} tidak ada dalam kalender.")
        meant = _day_first(typed)
        if meant is None:
            return must_be(expects, typed)
        return Wrong(f"Tanggal {quoted(typed)} ditulis tahun-bulan-hari: {meant.isoformat()}.")

    form: Schema = {"type": "string", "pattern": f"^{_ISO.pattern}$"}
    return Leaf(parse=parse, blank=date.min, expects=expects, form=form)


def _day_first(typed: str) -> date | None:
    found = _DAY_FIRST.fullmatch(typed)
    if not found:
        return None
    in_month, month, year = found.groups()
    if not month.isdigit():
        short = month[:3].casefold()
        month = str(_MONTHS.index(short) + 1) if short in _MONTHS else "0"
    return _date(year, month, in_month)


def _date(year: str, month: str, in_month: str) -> date | None:
    try:
        return date(int(year), int(month), int(in_month))
    except ValueError:
        return None
