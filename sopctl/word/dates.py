"""Dates, numbers and times as Indonesian offices write them on paper.

The tables are our own: a locale would depend on the computer, and the paper must not.
"""

from datetime import date, datetime, tzinfo
from typing import Self

from sopctl.office.letter_numbers import ROMAN_MONTHS

HARI = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
BULAN = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip


def terbilang(number: int) -> str:
    """A whole number in words: `dua puluh empat`."""
    from num2words import num2words  # noqa: PLC0415 — start-up time is a feature

    return str(num2words(number, lang="id"))


def spell_out(value: object) -> object:
    """What a template calls as `terbilang(value)`: a date or a whole number in words, anything else as it is."""
    if isinstance(value, Tanggal):
        return value.terbilang
    return terbilang(int(value)) if isinstance(value, int | float) and value % 1 == 0 else value


class Tanggal(date):
    """A date that prints itself as `24 November 2026`."""

    @classmethod
    def of(cls, day: date) -> Self:
        """The same day, with its Indonesian words."""
        return cls(day.year, day.month, day.day)

    def __str__(self) -> str:
        return f"{self.day} {self.bulan} {self.year}"

    @property
    def hari(self) -> str:
        """The day of the week: `Selasa`."""
        return HARI[self.weekday()]

    @property
    def bulan(self) -> str:
        """The month: `November`."""
        return BULAN[self.month - 1]

    @property
    def bulan_romawi(self) -> str:
        """The month in roman numerals, as letter numbers carry it: `XI`."""
        return ROMAN_MONTHS[self.month - 1]

    @property
    def terbilang(self) -> str:
        """The day as a Berita Acara opens with it, every number in words.

        `Selasa tanggal dua puluh empat bulan November tahun dua ribu dua puluh enam`
        """
        return f"{self.hari} tanggal {terbilang(self.day)} bulan {self.bulan} tahun {terbilang(self.year)}"


class Angka(float):
    """A number that prints itself as `1.234,5`; up to six decimals, none for a whole number."""

    def __str__(self) -> str:
        grouped = f"{self:,.6f}".rstrip("0").rstrip(".") if self % 1 else f"{self:,.0f}"
        return grouped.translate({ord(","): ".", ord("."): ","})


class Rupiah(float):
    """An amount of money that prints itself as `Rp1.500.000,00`."""

    def __str__(self) -> str:
        return f"Rp{self:,.2f}".translate({ord(","): ".", ord("."): ","})


def format_nip(text: str) -> str:
    """A NIP in its parts, as letters print it: `19800101 200501 1 001`, however typed; anything else as it is."""
    digits = "".join(text.split())
    if len(digits) != 18 or not digits.isdecimal():  # noqa: PLR2004 — the digits of a NIP
        return text
    return f"{digits[:8]} {digits[8:14]} {digits[14]} {digits[15:]}"


def format_clock(at: datetime, zone: tzinfo) -> str:
    """The time of day in the office: `10.30 WIB`, `WITA` or `WIT` as the zone's own name says."""
    return f"{at.astimezone(zone):%H.%M %Z}"


def format_moment_in_words(at: datetime, zone: tzinfo) -> str:
    """Day and time in the office: `24 November 2026 10.30 WIB`."""
    return f"{Tanggal.of(at.astimezone(zone))} {format_clock(at, zone)}"
