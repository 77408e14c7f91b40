"""Decoders of single values: text, numbers, ya/tidak, dates, choices, names.

An editor that follows the JSON Schema reads `nomor: 1.10` as a number and `ada: true` as a boolean before it compares,
so wherever text is accepted the schema accepts those too; only this reader sees what was typed.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from sopctl.notation.decoders import Invalid, JsonSchema, ScalarDecoder, must_be
from sopctl.notation.faults import listed, quoted
from sopctl.notation.nearest import suggestion

Word = TypeVar("Word", bound=str)

_TYPED = ["string", "number", "boolean"]
_WHOLE = re.compile(r"0|[1-9][0-9]{0,14}")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/. ]+([0-9]{1,2}|[A-Za-z]+)[-/. ]+([0-9]{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des")
YES_NO = {"ya": True, "true": True, "tidak": False, "false": False}


def text(expects: str = "teks") -> ScalarDecoder[str]:
    """Any text, in the author's own letters."""
    return ScalarDecoder(parse=str, blank="", expects=expects, form={"type": _TYPED})


def name(pattern: str, expects: str, check: Callable[[str], str | None] | None = None) -> ScalarDecoder[str]:
    """A text of one form: ``pattern`` holds for the whole of it, ``check`` may say what else is wrong."""
    form = re.compile(pattern)

    def parse(typed: str) -> str | Invalid:
        if not form.fullmatch(typed):
            return must_be(expects, typed)
        complaint = check(typed) if check else None
        return typed if complaint is None else Invalid(complaint)

    schema: JsonSchema = {"type": _TYPED, "pattern": f"^(?:{pattern})$"}
    return ScalarDecoder(parse=parse, blank="", expects=expects, form=schema, keep=str)


def integer(minimum: int, maximum: int, expects: str = "") -> ScalarDecoder[int]:
    """A whole number within bounds, of which none is below 0."""
    wanted = expects or f"bilangan bulat, {minimum} sampai {maximum}"

    def parse(typed: str) -> int | Invalid:
        return int(typed) if _WHOLE.fullmatch(typed) and minimum <= int(typed) <= maximum else must_be(wanted, typed)

    form: JsonSchema = {"type": "integer", "minimum": minimum, "maximum": maximum}
    return ScalarDecoder(parse=parse, blank=minimum, expects=wanted, form=form)


def number(minimum: float, maximum: float, expects: str = "") -> ScalarDecoder[float]:
    """A number within bounds, with a point before its fraction."""
    wanted = expects or f"bilangan, {minimum} sampai {maximum}"

    def parse(typed: str) -> float | Invalid:
        in_bounds = _NUMBER.fullmatch(typed) and minimum <= float(typed) <= maximum
        return float(typed) if in_bounds else must_be(wanted, typed)

    form: JsonSchema = {"type": "number", "minimum": minimum, "maximum": maximum}
    return ScalarDecoder(parse=parse, blank=0.0, expects=wanted, form=form)


def integer_or_text() -> ScalarDecoder[int | str]:
    """A whole number where it is written as one; `007` and `4a` stay text."""

    def parse(typed: str) -> int | str:
        return int(typed) if _WHOLE.fullmatch(typed) else typed

    return ScalarDecoder(parse=parse, blank=0, expects="nomor, misalnya 4 atau 4a", form={"type": _TYPED})


def yes_no() -> ScalarDecoder[bool]:
    """`ya` or `tidak`, `true` or `false`; letter case aside."""

    def parse(typed: str) -> bool | Invalid:
        said = YES_NO.get(typed.casefold())
        return must_be('"ya" atau "tidak"', typed) if said is None else said

    return ScalarDecoder(
        parse=parse, blank=False, expects='"ya" atau "tidak"', form={"enum": [True, False, "ya", "tidak"]}
    )


def choice(*words: Word) -> ScalarDecoder[Word]:
    """One of the words, letter for letter."""
    known = {str(word): word for word in words}
    expects = listed(tuple(known))

    def parse(typed: str) -> Word | Invalid:
        if typed in known:
            return known[typed]
        return Invalid(f"{quoted(typed)} tidak dikenal{suggestion(typed, known)}. Di sini ditulis {expects}.")

    return ScalarDecoder(parse=parse, blank=words[0], expects=expects, form={"enum": list(words)})


def day(expects: str = "tanggal, misalnya 2026-11-24") -> ScalarDecoder[date]:
    """A date as YYYY-MM-DD; a date in another order is shown in this one."""

    def parse(typed: str) -> date | Invalid:
        if found := _ISO.fullmatch(typed):
            return _date(*found.groups()) or Invalid(f"Tanggal {quoted(typed)} tidak ada dalam kalender.")
        meant = _day_first(typed)
        if meant is None:
            return must_be(expects, typed)
        return Invalid(f"Tanggal {quoted(typed)} ditulis tahun-bulan-hari: {meant.isoformat()}.")

    form: JsonSchema = {"type": "string", "pattern": f"^{_ISO.pattern}$"}
    return ScalarDecoder(parse=parse, blank=date.min, expects=expects, form=form)


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
