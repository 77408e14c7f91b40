"""Days as people type them, read to a date.

The day stands before the month, as it is written here; only a year of four digits may stand first. A year of two digits
is read where nobody can mean another day.
"""

import re
from datetime import date

from sopctl.errors import UsageError

MONTHS = (
    "januari", "februari", "maret", "april", "mei", "juni",
    "juli", "agustus", "september", "oktober", "november", "desember",
)  # fmt: skip

_WEEKDAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
_RELATIVE = {"kemarin": -1, "hari ini": 0, "sekarang": 0, "besok": 1, "lusa": 2}
_SPELLINGS = {
    "pebruari": 2, "peb": 2, "may": 5, "agt": 8, "agst": 8, "ags": 8, "aug": 8, "oct": 10, "nopember": 11, "nop": 11,
    "dec": 12,
}  # fmt: skip
"""Months as people and foreign programs write them besides the first letters of their names."""

_SHORTEST = 3
"""Letters of a month's name that are enough."""

_PREFIX = re.compile(r"(?:tanggal |tgl\.? ?)?(?:(?P<weekday>[a-z']+?)(?:,\s*|\s+))??(?P<day>[\d].*)")
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:[-/.]|\s+)(\d{1,2}|[a-z]+)\.?(?:(?:[-/.]|\s+)(\d{4}|\d{2}))?")
_FOUR_DIGITS = 4
_NEAR = 20
"""Years from today within which a year of two digits is one of this century."""


def read_day(text: str, today: date) -> date | None:
    """The day that is meant, None where the text names none.

    Read are `2026-11-24`, `24/11/2026`, `24-11-26`, `24 Nov 2026`, `Selasa, 24 November 2026`, `besok`; a day without
    a year is the one nearest to ``today``.

    Raises:
        UsageError: where the text names a day of the week that it is not, or two days could be meant.
    """
    plain = " ".join(text.lower().replace("\u2019", "'").split())
    if plain in _RELATIVE:
        number = today.toordinal() + _RELATIVE[plain]
        return date.fromordinal(number) if 0 < number <= date.max.toordinal() else None
    parts = _PREFIX.fullmatch(plain)
    weekday = (parts["weekday"] or "").replace("'", "") if parts else ""
    if parts is None or weekday not in ("", *_WEEKDAYS):
        return None
    found = _read_numbers(parts["day"], today)
    if found is not None and weekday and _WEEKDAYS[found.weekday()] != weekday:
        raise UsageError(
            f"{_name(found)} adalah hari {_WEEKDAYS[found.weekday()].capitalize()}, bukan {weekday.capitalize()}"
        )
    return found


def _read_numbers(text: str, today: date) -> date | None:
    if whole := _YEAR_FIRST.fullmatch(text):
        return _make_day(int(whole[1]), int(whole[3]), int(whole[4]))
    match = _DAY_FIRST.fullmatch(text)
    month = read_month(match[2]) if match else None
    if match is None or month is None:
        return None
    if match[3]:
        return _read_year(match, month, today)
    near = [_make_day(today.year + step, month, int(match[1])) for step in range(-4, 5)]
    return min((day for day in near if day), key=lambda day: abs(day - today), default=None)


def _read_year(match: re.Match[str], month: int, today: date) -> date | None:
    """The day of a year that was named; of two digits, `26-11-24` may begin with it as elsewhere."""
    first, last = match[1], match[3]
    if len(last) == _FOUR_DIGITS:
        return _make_day(int(last), month, int(first))
    day, other = (_make_day(2000 + int(year), month, int(of)) for year, of in ((last, first), (first, last)))
    if day and abs(day.year - today.year) > _NEAR:
        raise UsageError(f"Tahun '{last}' tidak jelas; tulis dengan empat angka")
    if day and other and match[2].isdigit() and abs(other - today) < abs(day - today):
        both = f"{_name(day)} atau {_name(other)}"
        raise UsageError(f"'{match[0]}' dapat berarti {both}; tulis tahunnya dengan empat angka")
    return day


def read_month(word: str) -> int | None:
    """The month (1-12 of a name) that a word in small letters or figures means, None where it names none."""
    if word.isdigit():
        return int(word)
    if word in _SPELLINGS:
        return _SPELLINGS[word]
    found = [number for number, name in enumerate(MONTHS, 1) if len(word) >= _SHORTEST and name.startswith(word)]
    return found[0] if found else None


def _name(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1].capitalize()} {day.year}"


def _make_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
