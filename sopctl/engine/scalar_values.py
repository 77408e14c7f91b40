"""Single values as people type them: text, number, amount of money, NIP, day; each kept in one form.

Every parser takes the name that messages begin with, the text, and the day of the event. It raises `UsageError` where
the text is no such value; the message says what to type instead.
"""

import math
import re
from collections.abc import Callable, Mapping
from datetime import date

from sopctl.engine.days import read_day
from sopctl.engine.text import clean_text
from sopctl.errors import UsageError

LARGEST = 10**15
"""The largest number that is kept without losing a digit in other programs that read the JSON."""

_DIGITS = 15
"""Digits that a number of JSON keeps exactly in every program (IEEE 754, double precision)."""

_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(\.\d{3})+(,\d+)?")
_PLAIN = re.compile(r"-?\d+([.,]\d+)?")
_MONEY = re.compile(r"(?:rp\.?\s*)?(\d+|[1-9]\d{0,2}(?:\.\d{3})+)(?:,(\d{2}|-))?(?:\s*,-)?", re.IGNORECASE)
_NIP = re.compile(r"(\d{8})(\d{4})(\d{2})(\d)\d{3}", re.ASCII)
_CUT_SHORT = re.compile(r"\d[.,]\d+[eE]\+\d+")
"""What a spreadsheet makes of a NIP."""

_CONTRACT = "21"
"""What stands for the month of appointment in the NIP of an employee under contract (PPPK)."""


def parse_text(name: str, text: str, _today: date) -> str:
    """A text that is not empty."""
    value = clean_text(text, name)
    if not value:
        raise UsageError(f"{name}: nilainya kosong.")
    if _CUT_SHORT.fullmatch(value):
        raise UsageError(
            f"{name}: '{value}' sudah dipotong oleh Excel; ubah format kolomnya menjadi teks, ketik ulang angkanya, "
            "lalu simpan lagi."
        )
    return value


def parse_number(name: str, text: str, today: date) -> int | float:
    """`75`, `75,5`, `1.250.000` and `1.250,5` as written here, `75.5` as written elsewhere."""
    plain = parse_text(name, text, today)
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(".", "")
    elif not _PLAIN.fullmatch(plain):
        raise UsageError(f"{name}: '{plain}' bukan angka; tulis misalnya 75 atau 75,5.")
    return _read_number(name, plain.replace(",", "."))


def parse_money(name: str, text: str, today: date) -> int | float:
    """An amount of rupiah: `Rp 1.500.000,00`, `1.500.000`, `1500000`, `Rp1.500.000,-`."""
    plain = parse_text(name, text, today)
    match = _MONEY.fullmatch(plain)
    if match is None:
        raise UsageError(f"{name}: '{plain}' bukan jumlah uang; tulis misalnya Rp1.500.000,00 atau 1500000.")
    cents = match[2] if match[2] and match[2] != "-" else "0"
    return _read_number(name, f"{match[1].replace('.', '')}.{cents}")


def _read_number(name: str, digits: str) -> int | float:
    """The number that a text with a decimal point says, none of whose digits would be lost."""
    number = limit_number(name, float(digits))
    if len(digits.lstrip("-").replace(".", "").strip("0")) > _DIGITS:
        raise UsageError(f"{name}: angkanya terlalu panjang; paling banyak {_DIGITS} angka.")
    return number


def limit_number(name: str, value: float) -> int | float:
    """A number that other programs can keep; whole where it is one."""
    if abs(value) > LARGEST:
        raise UsageError(f"{name}: angka terlalu besar; paling besar {LARGEST}.")
    if math.isnan(value):
        raise UsageError(f"{name}: {value} bukan angka yang dapat dipakai.")
    return int(value) if value == int(value) else value


def parse_nip(name: str, text: str, today: date) -> str:
    """The 18 digits of a NIP: day of birth, month of appointment, sex, serial number; blanks between them go.

    Where a PPPK has no month of appointment, its place holds 21.
    """
    plain = "".join(parse_text(name, text, today).split())
    match = _NIP.fullmatch(plain)
    if match is None:
        raise UsageError(f"{name}: '{text.strip()}' bukan NIP; NIP terdiri atas 18 angka.")
    born, year, month, sex = match.groups()
    if not _is_day(born) or not (month == _CONTRACT or _is_day(f"{year}{month}01")) or sex not in "12":
        raise UsageError(
            f"{name}: '{text.strip()}' bukan NIP; delapan angka pertamanya tanggal lahir, enam angka berikutnya tahun "
            "dan bulan pengangkatan, lalu 1 atau 2. Periksa angkanya."
        )
    return plain


def parse_date(name: str, text: str, today: date) -> str:
    """A day as `days` reads it, kept as `2026-11-24`."""
    plain = parse_text(name, text, today)
    try:
        day = read_day(plain, today)
    except UsageError as error:
        raise UsageError(f"{name}: {error.message}.") from error
    if day is None:
        raise UsageError(f"{name}: '{plain}' bukan tanggal; tulis misalnya 2026-11-24 atau 24 November 2026.")
    return day.isoformat()


SCALARS: Mapping[str, Callable[[str, str, date], str | int | float]] = {
    "text": parse_text,
    "number": parse_number,
    "money": parse_money,
    "nip": parse_nip,
    "date": parse_date,
}
"""The parser of each type that a field or a column of a table may have."""


def _is_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True
