"""Parser of the form's column `waktu`: what real SOPs write there becomes amounts, or a message.

A row without a standard is None and never 0, so that nobody is late against nothing. What holds a digit, or a number in
words, is meant as a time: if it cannot be read, that is a mistake and not "tanpa standar".

Two readings are assumptions. `1 x 24 jam` is the idiom for a day and becomes `1 hari` (a working day). `120 menit / 3
hari` is 120 minutes of work within three days: no faster than the first, no later than the second.
"""

import re
from typing import get_args

from sopctl.notation.faults import quoted
from sopctl.notation.nearest import nearest
from sopctl.sop.model import Duration, Unit, Waktu

_UNITS: dict[str, Unit] = {
    "detik": "detik", "dtk": "detik", "det": "detik",
    "menit": "menit", "mnt": "menit", "min": "menit", "mins": "menit", "'": "menit",
    "jam": "jam", "jm": "jam",
    "hari": "hari", "hr": "hari", "hk": "hari",
    "minggu": "minggu", "mgg": "minggu", "mg": "minggu", "pekan": "minggu",
    "bulan": "bulan", "bln": "bulan", "bl": "bulan",
    "tahun": "tahun", "thn": "tahun", "th": "tahun",
}  # fmt: skip
_WHOLE_UNITS: tuple[Unit, ...] = get_args(Unit)

_PARTS: dict[tuple[Unit, Unit], int] = {
    ("jam", "menit"): 60,
    ("menit", "detik"): 60,
    ("minggu", "hari"): 5,
    ("tahun", "bulan"): 12,
}
"""How many of the smaller unit make one of the larger; hours and days have no such number, a day has office hours."""

_HOURS: dict[Unit, tuple[float, float]] = {
    "detik": (1 / 3600, 1 / 3600),
    "menit": (1 / 60, 1 / 60),
    "jam": (1, 1),
    "hari": (5, 24),
    "minggu": (25, 168),
    "bulan": (100, 744),
    "tahun": (1200, 8784),
}
"""The fewest and the most hours that a unit can be: enough to see that a range is reversed."""

_MOST = Duration(20, "tahun")
"""No row takes longer, and a calendar that far ahead is a guess."""

_LEAD = re.compile(
    r"^\s*(?:paling (?:lambat|lama)|selambat-lambatnya|selama-lamanya|maksimal|maksimum|maks\.?|max\.?|kurang lebih|"
    r"kira-kira|sekitar|estimasi|selama|dalam waktu|dalam|waktu|±|\+/-|≤|<=|<|~)\s*"
)
_REMARK = re.compile(
    r"\s*(?:/\s*(?=[a-z])|\b(?:per|tiap|setiap|setelah|sesudah|sejak|terhitung|untuk|sebelum)\b).*$", re.DOTALL
)
_BRACKETS = re.compile(r"\([^()0-9]*\)")
_UNTIL = re.compile(r"\bs\s*[./]?\s*d\b\.?|\bsampai(?: dengan)?\b|\bhingga\b")
_SIGNS = str.maketrans({"–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "’": "'", "′": "'", "×": "x", "\u00a0": " "})

_N = r"(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,6}(?:[.,][0-9]{1,3})?|[0-9]{0,3} ?[½¼¾])"
_U = r"(?:[a-z]+|')"
_TIME = re.compile(rf"(?:(?P<times>[0-9]{{1,3}})\s*[x*]\s*)?(?P<amount>{_N})\s*(?P<unit>{_U})\.?(?:\s+kerja)?")
_SUM = re.compile(rf"\s*(?:dan\b|,)?\s*(?P<amount>{_N})\s*(?P<unit>{_U})\.?(?:\s+kerja)?")
_UNIT_FIRST = re.compile(rf"(?P<unit>{_U})\.?\s*(?P<amount>{_N})")
_LONE_NUMBER = re.compile(_N)
_IN_WORDS = re.compile(
    r"(?:(?:se(?:tengah|perempat|puluh|belas)?|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|belas|puluh)[ -]*)+"
    rf"(?:{'|'.join(_WHOLE_UNITS)})(?: kerja)?\??"
)
_LONGEST = 100
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75}

_EXAMPLES = 'Tulis misalnya "15 menit", "1-2 hari" atau "30 menit - 3 jam"; kosongkan bila tanpa standar.'

_ZERO = "Waktu 0 bukan standar. Tulis lamanya, atau kosongkan bila tanpa standar."


class _InvalidWaktuError(ValueError):
    """What is wrong with a cell, and what to write instead (Indonesian)."""


def parse_waktu(text: str) -> Waktu | str:
    """The standard that a cell of the form states, or what is wrong with it (Indonesian, with what to write).

    The cell's own text is kept. ``minimum`` and ``maximum`` are in the units of the form, None for "tanpa standar".
    """
    try:
        return _parse(text.strip())
    except _InvalidWaktuError as error:
        return str(error)


def _parse(text: str) -> Waktu:
    if len(text) > _LONGEST:
        message = f"Waktu {quoted(text)} terlalu panjang. {_EXAMPLES} Selebihnya ditulis pada keterangan."
        raise _InvalidWaktuError(message)
    plain = _simplify(text)
    if _IN_WORDS.fullmatch(plain):
        message = f'Waktu {quoted(text)} ditulis dengan huruf. Tulis dengan angka, misalnya "5 menit".'
        raise _InvalidWaktuError(message)
    if not any(sign.isnumeric() for sign in plain):
        return Waktu(text)
    minimum, maximum = _parse_bounds(plain)
    if _fewest_hours(maximum) > _fewest_hours(_MOST):
        message = f"Waktu {quoted(text)} lebih dari {_MOST.amount} {_MOST.unit}; periksa angka dan satuannya."
        raise _InvalidWaktuError(f"{message} {_EXAMPLES}")
    if _is_surely_longer(minimum, maximum):
        message = f"Rentang {quoted(text)} terbalik. Tulis yang lebih singkat dulu, lalu yang lebih lama."
        raise _InvalidWaktuError(message)
    return Waktu(text, minimum, maximum)


def _simplify(text: str) -> str:
    """The text without what does not change the time: signs of many shapes, lead-ins, brackets, remarks."""
    plain = _BRACKETS.sub(" ", text.casefold().translate(_SIGNS))
    while (shorter := _LEAD.sub("", plain)) != plain:
        plain = shorter
    return _UNTIL.sub(" - ", plain).strip().rstrip(".;,")


def _parse_bounds(plain: str) -> tuple[Duration, Duration]:
    """The shortest and the longest time; equal where there is only one."""
    parts = [part.strip() for part in re.split(r"[-/]", _REMARK.sub("", plain))]
    if len(parts) > 2 or not all(parts):  # noqa: PLR2004 — from and to
        raise _unreadable(plain)
    if len(parts) > 1 and "/" not in plain and _LONE_NUMBER.fullmatch(parts[0]):
        parts[0] = f"{parts[0]} {parts[1].lstrip('0123456789.,½¼¾ ')}".strip()
    times = [_parse_time(part) for part in parts]
    return times[0], times[-1]


def _parse_time(part: str) -> Duration:
    """`15 menit`, `2 x 60 menit`, `1 jam 30 menit`."""
    found = _TIME.match(part)
    if not found:
        raise _unreadable(part)
    total = _parse_amount(found, part)
    if found.group("times"):
        total = _multiply(int(found.group("times")), total)
    while (end := found.end()) < len(part):
        found = _SUM.match(part, end)
        if not found:
            raise _unreadable(part)
        total = _add(total, _parse_amount(found, part), part)
    return total


def _multiply(times: int, each: Duration) -> Duration:
    if not times:
        raise _InvalidWaktuError(_ZERO)
    return Duration(times, "hari") if each == Duration(24, "jam") else Duration(each.amount * times, each.unit)


def _add(total: Duration, more: Duration, part: str) -> Duration:
    factor = _PARTS.get((total.unit, more.unit))
    if factor is None:
        message = f"{quoted(part)} memakai dua satuan yang tidak dapat dijumlahkan. Tulis dengan satu satuan."
        raise _InvalidWaktuError(message)
    return Duration(total.amount * factor + more.amount, more.unit)


def _parse_amount(found: re.Match[str], part: str) -> Duration:
    """The amount and the unit that a pattern found."""
    number, word = found.group("amount"), found.group("unit")
    if word not in _UNITS:
        meant = nearest(word, _WHOLE_UNITS)
        known = ", ".join(_WHOLE_UNITS)
        hint = f'; mungkin maksudnya "{number.strip()} {meant}"' if meant else f"; yang dikenal: {known}"
        message = f"Satuan {quoted(word)} pada {quoted(part)} tidak dikenal{hint}."
        raise _InvalidWaktuError(message)
    amount = _parse_number(number)
    if not amount:
        raise _InvalidWaktuError(_ZERO)
    return Duration(amount, _UNITS[word])


def _parse_number(text: str) -> float:
    """`1,5` and `1.5` have a fraction, `1.000` is a thousand, `1½` is one and a half."""
    fraction = _FRACTIONS.get(text[-1], 0.0)
    digits = text.rstrip("½¼¾ ")
    if re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{3})+", digits):
        digits = digits.replace(".", "")
    amount = float(digits.replace(",", ".") or 0) + fraction
    return int(amount) if amount.is_integer() else amount


def _fewest_hours(time: Duration) -> float:
    """The fewest hours that a time can be."""
    return time.amount * _HOURS[time.unit][0]


def _is_surely_longer(one: Duration, other: Duration) -> bool:
    if one.unit == other.unit:
        return one.amount > other.amount
    return _fewest_hours(one) > other.amount * _HOURS[other.unit][1]


def _unreadable(part: str) -> _InvalidWaktuError:
    if _LONE_NUMBER.fullmatch(part):
        message = f'Waktu {quoted(part)} tidak menyebut satuan. Tulis misalnya "{part} menit" atau "{part} hari".'
        return _InvalidWaktuError(message)
    turned = _UNIT_FIRST.fullmatch(part)
    if turned and turned.group("unit") in _UNITS:
        meant = f"{turned.group('amount')} {_UNITS[turned.group('unit')]}"
        return _InvalidWaktuError(f'Tulis angka dulu, lalu satuan: "{meant}".')
    return _InvalidWaktuError(f"{quoted(part)} tidak terbaca sebagai waktu. {_EXAMPLES}")
