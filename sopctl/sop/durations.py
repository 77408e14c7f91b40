"""The form's `waktu` as amounts: what real SOPs write in that column, and what they plainly got wrong.

A row without a standard is None and never 0, so that nobody is late against nothing. What holds a digit, or a number in
words, is meant as a time: if it cannot be read, that is a mistake and not "tanpa standar".

Two readings are assumptions. `1 x 24 jam` is the idiom for a day and becomes `1 hari` (a working day). `120 menit / 3
hari` is 120 minutes of work within three days: no faster than the first, no later than the second.
"""

import re

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
_WHOLE_UNITS: tuple[Unit, ...] = ("detik", "menit", "jam", "hari", "minggu", "bulan", "tahun")

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
"""The fewest and the most hours that a unit can stand for: enough to see that a range runs the wrong way."""

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


def parse_waktu(text: str) -> Waktu | str:
    """The standard that a cell of the form states, or what is wrong with it (Indonesian, with what to write).

    The cell's own text is kept. ``minimum`` and ``maximum`` are in the units of the form, None for "tanpa standar".
    """
    kept = text.strip()
    if len(kept) > _LONGEST:
        return f"Waktu {quoted(kept)} terlalu panjang. {_EXAMPLES} Selebihnya ditulis pada keterangan."
    plain = _plain(kept)
    if not any(sign.isnumeric() for sign in plain):
        return _in_words(kept, plain)
    bounds = _bounds(plain)
    if isinstance(bounds, str):
        return bounds
    minimum, maximum = bounds
    if _hours(maximum) > _hours(_MOST):
        return f"Waktu {quoted(kept)} lebih dari {_MOST.amount} {_MOST.unit}; periksa angka dan satuannya. {_EXAMPLES}"
    if _surely_longer(minimum, maximum):
        return f"Rentang {quoted(kept)} terbalik. Tulis yang lebih singkat dulu, lalu yang lebih lama."
    return Waktu(kept, minimum, maximum)


def _plain(text: str) -> str:
    """The text without what does not change the time: signs of many shapes, lead-ins, brackets, remarks."""
    plain = _BRACKETS.sub(" ", text.casefold().translate(_SIGNS))
    while (shorter := _LEAD.sub("", plain)) != plain:
        plain = shorter
    return _UNTIL.sub(" - ", plain).strip().rstrip(".;,")


def _in_words(kept: str, plain: str) -> Waktu | str:
    if _IN_WORDS.fullmatch(plain):
        return f'Waktu {quoted(kept)} ditulis dengan huruf. Tulis dengan angka, misalnya "5 menit".'
    return Waktu(kept)


def _bounds(plain: str) -> tuple[Duration, Duration] | str:
    """The shortest and the longest time; equal where there is only one."""
    parts = [part.strip() for part in re.split(r"[-/]", _REMARK.sub("", plain))]
    if len(parts) > 2 or not all(parts):  # noqa: PLR2004 — from and to
        return _unreadable(plain)
    if len(parts) > 1 and "/" not in plain and _LONE_NUMBER.fullmatch(parts[0]):
        parts[0] = f"{parts[0]} {parts[1].lstrip('0123456789.,½¼¾ ')}".strip()
    times = [_time(part) for part in parts]
    wrong = next((time for time in times if isinstance(time, str)), None)
    if wrong is not None:
        return wrong
    found = [time for time in times if isinstance(time, Duration)]
    return found[0], found[-1]


def _time(part: str) -> Duration | str:
    """`15 menit`, `2 x 60 menit`, `1 jam 30 menit`."""
    first = _TIME.match(part)
    if not first:
        return _unreadable(part)
    total = _amount(first.group("amount"), first.group("unit"), part)
    if isinstance(total, Duration) and first.group("times"):
        total = _times(int(first.group("times")), total)
    end = first.end()
    while isinstance(total, Duration) and end < len(part):
        more = _SUM.match(part, end)
        if not more:
            return _unreadable(part)
        total = _plus(total, _amount(more.group("amount"), more.group("unit"), part), part)
        end = more.end()
    return total


def _times(times: int, each: Duration) -> Duration | str:
    if each == Duration(24, "jam"):
        return Duration(times, "hari") if times else _zero()
    return Duration(each.amount * times, each.unit) if times else _zero()


def _plus(total: Duration, more: Duration | str, part: str) -> Duration | str:
    if isinstance(more, str):
        return more
    factor = _PARTS.get((total.unit, more.unit))
    if factor is None:
        return f"{quoted(part)} memakai dua satuan yang tidak dapat dijumlahkan. Tulis dengan satu satuan."
    return Duration(total.amount * factor + more.amount, more.unit)


def _amount(number: str, word: str, part: str) -> Duration | str:
    unit = _UNITS.get(word)
    if unit is None:
        meant = nearest(word, _WHOLE_UNITS)
        hint = (
            f'; mungkin maksudnya "{number.strip()} {meant}"' if meant else f"; yang dikenal: {', '.join(_WHOLE_UNITS)}"
        )
        return f"Satuan {quoted(word)} pada {quoted(part)} tidak dikenal{hint}."
    amount = _number(number)
    return Duration(amount, unit) if amount else _zero()


def _number(text: str) -> float:
    """`1,5` and `1.5` have a fraction, `1.000` is a thousand, `1½` is one and a half."""
    fraction = _FRACTIONS.get(text[-1], 0.0)
    digits = text.rstrip("½¼¾ ")
    if re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{3})+", digits):
        digits = digits.replace(".", "")
    amount = float(digits.replace(",", ".") or 0) + fraction
    return int(amount) if amount.is_integer() else amount


def _hours(time: Duration) -> float:
    """The fewest hours that a time can stand for."""
    return time.amount * _HOURS[time.unit][0]


def _surely_longer(one: Duration, other: Duration) -> bool:
    if one.unit == other.unit:
        return one.amount > other.amount
    return one.amount * _HOURS[one.unit][0] > other.amount * _HOURS[other.unit][1]


def _zero() -> str:
    return "Waktu 0 bukan standar. Tulis lamanya, atau kosongkan bila tanpa standar."


def _unreadable(part: str) -> str:
    if _LONE_NUMBER.fullmatch(part):
        return f'Waktu {quoted(part)} tidak menyebut satuan. Tulis misalnya "{part} menit" atau "{part} hari".'
    turned = _UNIT_FIRST.fullmatch(part)
    if turned and turned.group("unit") in _UNITS:
        return f'Tulis angka dulu, lalu satuan: "{turned.group("amount")} {_UNITS[turned.group("unit")]}".'
    return f"{quoted(part)} tidak terbaca sebagai waktu. {_EXAMPLES}"
