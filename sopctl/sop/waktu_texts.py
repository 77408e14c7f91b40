"""Reader of what real SOPs print in the column `waktu`: amounts, and a doubt where it is not sure.

The text is matched whole: every number in it is part of the reading, or the reading has a ``doubt``, which `check`
tells. What is not understood has no standard, so that nobody is late against a guess. Only a number with a word that
is nearly the name of two units is a mistake of the file: it must be settled by who can see the form.

Two readings are assumptions. n x 24 jam, written either way, runs by the clock like `hari kalender`. `120 menit / 3
hari` is 120 minutes of work within three days: no faster than the first, no later than the second.
"""

import re
from functools import cache
from typing import get_args

from msgspec.structs import replace

from sopctl.notation.faults import quoted
from sopctl.sop.model import Clock, Duration, Unit
from sopctl.sop.readings import Reading, Relation, describe_time

_UNITS: dict[str, tuple[int, Unit]] = {
    **dict.fromkeys(("detik", "dtk", "det", '"', "''"), (1, "detik")),
    **dict.fromkeys(("menit", "minit", "mnt", "min", "mins", "'"), (1, "menit")),
    **dict.fromkeys(("jam", "jm"), (1, "jam")),
    **dict.fromkeys(("hari", "hr", "hk"), (1, "hari")),
    **dict.fromkeys(("minggu", "mgg", "mg", "pekan"), (1, "minggu")),
    **dict.fromkeys(("bulan", "bln", "bl"), (1, "bulan")),
    **dict.fromkeys(("triwulan", "kuartal"), (3, "bulan")),
    **dict.fromkeys(("semester", "smt"), (6, "bulan")),
    **dict.fromkeys(("tahun", "thn", "th"), (1, "tahun")),
}
"""How forms write the units, each with how many of a unit it is."""

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

_MOST_HOURS = 20 * _HOURS["tahun"][0]
"""No row takes longer than twenty years, and a calendar that far ahead is a guess."""

_DAY = 24

_ONES = ("", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
_COUNTED = re.compile(
    rf"\b(?:(?:{'|'.join(_ONES[1:])}|se(?:puluh|belas|ratus|tengah|perempat)|belas|puluh|ratus)\b ?)+"
)
_ONE_UNIT = re.compile(rf"(?<!x )(?<!kali )\bse({'|'.join(_WHOLE_UNITS)})\b(?!-)")
"""`sehari`, but not in `2 x sehari`, which is how often."""

_LEAD = re.compile(
    r"^(?:paling (?:lambat|lama)|selambat-lambatnya|selama-lamanya|maksimal|maksimum|maks\.?|max\.?|kurang lebih|"
    r"kurang dari|kira-kira|sekitar|estimasi|selama|dalam waktu|dalam|waktu|±|\+/-|≤|<|=|~)+ *"
)
_TAIL = re.compile(r" *(?:maksimal|maksimum|maks|paling (?:lambat|lama)|saja|[.;,!]|\*+\)?|\buntuk [^0-9]*)$")
_AT_LEAST = re.compile(
    r"^(?:>|≥|minimal|minimum|min\.? ?(?=[0-9])|paling (?:cepat|sedikit|kurang)|sekurang-kurangnya|sedikitnya|"
    r"setidaknya|lebih dari|di ?atas)"
)
_H_DAY = re.compile(r"h ?([-+]) ?([0-9]{1,3})(?: hari)?( kerja| kalender)?(?:$| [^0-9]*$)")
_DATE = re.compile(r"\b(?:tanggal|tgl\.?|pukul) ?(?=[0-9])|^jam ?(?=[0-9])")
_RELATIONS: dict[Relation, re.Pattern[str]] = {
    "before": re.compile(r"\bsebelum(?:nya)?\b|\bh ?- ?[0-9]"),
    "after": re.compile(r"\bh ?\+ ?[0-9]"),
    "per": re.compile(
        r"\b(?:per|tiap|setiap|masing-masing|untuk(?= [0-9]))\b(?: 1\b)?|@|"
        rf"/ *(?=[a-z])|/ *1 +(?!(?:{'|'.join(map(re.escape, _UNITS))})\b)(?=[a-z])"
    ),
    "since": re.compile(r"\b(?:setelah|sesudah|sejak|terhitung|dihitung|pasca)\b"),
}
_BRACKETS = re.compile(r"\(([^()]*)\)")
_UNTIL = re.compile(r" *(?:\bs ?[./]? ?d\b\.?|\bsampai(?: dengan)?\b|\bhingga\b) *")
_MEANT = re.compile(
    rf"{'|'.join(sign.pattern for sign in _RELATIONS.values())}|\b(?:kerja|kalender|takwim|efektif|minimal|minimum|"
    rf"paling|{'|'.join(_WHOLE_UNITS)})\b"
)
"""What changes a time although it stands in brackets and holds no number."""

_SIGNS = str.maketrans({
    **dict.fromkeys("–—−‐‑", "-"), **dict.fromkeys("’′‘`", "'"), **dict.fromkeys("″“”", '"'), "×": "x", "\u200b": None,
    "\u00ad": None, "\ufeff": None,
})  # fmt: skip
_THIN = re.compile("(?<=[0-9])[\u00a0\u2007-\u200a\u202f](?=[0-9])")
"""A space that never parts two numbers."""

_SPACED = re.compile(r"(?<![0-9.,])[0-9]+(?: [0-9]+)+(?![0-9/])")
_HALVES = re.compile(r"(?<![0-9/.,])(1/2|1/4|3/4)(?![0-9/.,])")
_HALF_SIGNS = {"1/2": "½", "1/4": "¼", "3/4": "¾"}
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75}

_N = r"(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,6}(?:[.,][0-9]{1,3})?|[0-9]{0,3} ?[½¼¾])"
_U = r"""(?:[a-z]+|''|'|")"""
_TIME = re.compile(
    rf"(?:(?:dan|ditambah)\b|[,+])? *(?:(?P<times>[0-9]{{1,3}}) *[x*] *)?(?P<amount>{_N}) *(?P<unit>{_U})\.?"
    r"(?P<kind>(?: +(?:kerja|efektif|kalender|takwim)\b)*) *"
)
_NUMBER = re.compile(_N)
_CLOCK_TIME = re.compile(r"[0-9]+(?:\.[0-9]{2}|,(?!25|50|75)[0-9]{2})")
_BY_CLOCK = re.compile("kalender|takwim")
_FREQUENT: tuple[Unit, ...] = ("minggu", "bulan", "tahun")
"""`1 x 1 minggu` is how often, not how long."""

_NOT_UNITS = frozenset({"jan"})
"""A month that is nearly a unit."""

_SURELY, _HARDLY = 1, 2
"""How many letters off a word may be to be read as a unit, and to be possibly one."""

_SHORT = 2
"""Letters of an abbreviation that may stand for several units."""

_LONGEST = 100


class _UnreadError(ValueError):
    """Why a text is not understood, as the end of a sentence that begins with the text (Indonesian)."""


class _TwoReadingsError(ValueError):
    """The whole sentence about a word that may be either of two units (Indonesian)."""


def read_text(text: str) -> Reading | str:
    """What a text says, or a sentence about a word that may be either of two units (Indonesian)."""
    try:
        return _read(text)
    except _UnreadError as error:
        way = 'Tulis {text: …, reading: 3 hari} ("reading: -" bila memang tanpa standar), atau dengan kata lain.'
        return Reading(doubt=f"Waktu {quoted(text)} {error}; baris ini tanpa standar. {way}")
    except _TwoReadingsError as error:
        return str(error)


def _read(text: str) -> Reading:
    plain, doubts = _normalize(text)
    if not any(sign.isnumeric() for sign in plain):
        return Reading()
    if len(text) > _LONGEST:
        raise _UnreadError("terlalu panjang untuk satu waktu")
    plain, ignored = _unwrap_brackets(plain)
    doubts += ignored
    while (shorter := _TAIL.sub("", _LEAD.sub("", plain))) != plain:
        plain = shorter
    if _AT_LEAST.search(plain):
        raise _UnreadError("adalah batas terendah, sedangkan standar adalah batas tertinggi")
    if (day := _H_DAY.match(plain)) and int(day[2]):
        time = Duration(int(day[2]), "hari", "calendar" if day[3] == " kalender" else "working")
        return _relative("before" if day[1] == "-" else "after", text, time, time)
    if _DATE.search(plain):
        raise _UnreadError("menyebut tanggal atau pukul, bukan lamanya waktu")
    for relation, sign in _RELATIONS.items():
        if found := sign.search(plain):
            return _read_relative(relation, text, plain[: found.start()], plain[found.end() :], doubts)
    minimum, maximum = _parse_bounds(plain, doubts)
    return Reading(minimum, maximum, _say_doubts(text, maximum, doubts))


def _read_relative(relation: Relation, text: str, time: str, rest: str, doubts: list[str]) -> Reading:
    """A time with what it is relative to; without amounts where these are not all of its numbers."""
    if relation == "per" and not time:
        raise _UnreadError("menyebut seberapa sering, bukan lamanya waktu")
    try:
        bounds = _parse_bounds(time.strip(), doubts) if not doubts and not any(map(str.isnumeric, rest)) else None
    except _UnreadError:
        bounds = None
    return _relative(relation, text, *(bounds or (None, None)))


def _relative(relation: Relation, text: str, minimum: Duration | None, maximum: Duration | None) -> Reading:
    what, key, name = {
        "per": ("berlaku untuk setiap satuannya, sehingga lamanya menurut banyaknya", "per: jumlah_berkas", "isian"),
        "before": ("dihitung mundur dari sesuatu yang lain", "before: tanggal_rapat", "isian tanggal atau id langkah"),
        "after": ("dihitung sesudah sesuatu yang lain", "after: tanggal_rapat", "isian tanggal atau id langkah"),
        "since": ("dihitung sejak sesuatu", "after: tanggal_rapat", "isian tanggal atau id langkah"),
    }[relation]
    kept = "di sini dibaca sejak gilirannya tiba" if relation == "since" and maximum else "baris ini tanpa standar"
    way = f"Tulis {{text: …, reading: {describe_time(maximum) if maximum else '3 hari'}, {key}}} dengan nama {name} itu"
    message = f"Waktu {quoted(text)} {what}; {kept}. {way}, {{text: …, reading: …}}, atau kata lain."
    return Reading(minimum, maximum, message, relation)


def _say_doubts(text: str, maximum: Duration, doubts: list[str]) -> str:
    if not doubts:
        return ""
    amount = describe_time(maximum)
    way = f"Bila benar tulis {{text: …, reading: {amount}}}; bila tidak, tulis reading yang benar atau kata lain."
    return f"Waktu {quoted(text)} dibaca {amount}: {', '.join(doubts)}. {way}"


def _normalize(text: str) -> tuple[str, list[str]]:
    """The text in one spelling of signs, spaces and numbers, and what in that is not sure."""
    doubts: list[str] = []

    def join(spaced: re.Match[str]) -> str:
        first, *others = spaced[0].split(" ")
        groups = len(first) <= len("999") and all(len(part) == len("999") for part in others)
        if groups or all(part.startswith("0") for part in others):
            return spaced[0].replace(" ", "")
        if all(len(part) == 1 for part in (first, *others)):
            doubts.append(f"spasi di dalam {quoted(spaced[0])} dilewati")
            return spaced[0].replace(" ", "")
        return spaced[0]

    plain = " ".join(_THIN.sub("", text).casefold().translate(_SIGNS).split())
    plain = _ONE_UNIT.sub(r"1 \1", _COUNTED.sub(_count, plain))
    plain = _UNTIL.sub(" - ", re.sub(r"(?<=[0-9]) kali (?=[0-9])", " x ", plain))
    return _SPACED.sub(join, _HALVES.sub(lambda half: _HALF_SIGNS[half[0]], plain)), doubts


def _count(words: re.Match[str]) -> str:
    """Number words in digits; with a question mark, which no time holds, where they are no number."""
    run = words[0].rstrip()
    number = _spelled_numbers().get(run) or _spelled_numbers().get(run.removesuffix(" setengah"), -0.5) + 0.5
    return (f"{number:g}".replace(".", ",") if number else "?1") + words[0][len(run) :]


@cache
def _spelled_numbers() -> dict[str, float]:
    """The numbers below a hundred, a hundred, and the parts of one that have words."""
    tens = {number: f"{_ONES[number]} puluh" for number in range(2, 10)}
    teens = {number: f"{_ONES[number]} belas" for number in range(2, 10)}
    found: dict[str, float] = {word: number for number, word in enumerate(_ONES) if word}
    found |= {"sepuluh": 10, "sebelas": 11, "seratus": 100, "setengah": 0.5, "seperempat": 0.25}
    found |= {word: 10 + number for number, word in teens.items()}
    return found | {
        f"{ten} {one}".strip(): 10 * tenth + number for tenth, ten in tens.items() for number, one in enumerate(_ONES)
    }


def _unwrap_brackets(plain: str) -> tuple[str, list[str]]:
    """The text without its brackets: `3 (3) hari` says the same twice, a remark with a number is named as ignored."""
    ignored: list[str] = []

    def unwrap(bracket: re.Match[str]) -> str:
        inner = bracket[1].strip()
        numbers = _NUMBER.findall(inner)
        if not numbers:
            return f" {inner} " if _MEANT.search(inner) else " "
        if re.fullmatch(rf"{_N}(?: *- *{_N})?", inner):
            before = _NUMBER.findall(plain[: bracket.start()])
            if [*map(_parse_number, before[-len(numbers) :])] != [*map(_parse_number, numbers)]:
                raise _UnreadError("menyebut dua angka yang berbeda")
        else:
            ignored.append(f"{quoted(bracket[0])} tidak dihitung")
        return " "

    if plain.startswith("(") and plain.endswith(")"):
        plain = plain[1:-1]
    unwrapped = _BRACKETS.sub(unwrap, plain)
    return " ".join(unwrapped.split()), ignored


def _parse_bounds(plain: str, doubts: list[str]) -> tuple[Duration, Duration]:
    """The shortest and the longest time; equal where there is only one."""
    parts = [part.strip() for part in re.split(r"[-/]|\batau\b", plain)]
    if len(parts) > 2 or not all(parts):  # noqa: PLR2004 — from and to
        raise _UnreadError("tidak terbaca sebagai lamanya waktu")
    if _NUMBER.fullmatch(parts[0]) and len(parts) > 1 and "/" not in plain:
        parts[0] += f" {parts[1].lstrip('0123456789.,½¼¾ ')}"
    times = [_parse_time(part, doubts) for part in parts]
    minimum, maximum = times[0], times[-1]
    if maximum.clock == "calendar" and minimum.unit in ("menit", "jam"):
        minimum = replace(minimum, clock="calendar")
    if _hours(maximum)[0] > _MOST_HOURS:
        raise _UnreadError("lebih dari 20 tahun")
    if _hours(minimum)[0] > _hours(maximum)[1] or (minimum.unit == maximum.unit and minimum.amount > maximum.amount):
        raise _UnreadError("menyebut yang lebih lama lebih dahulu")
    return minimum, maximum


def _parse_time(part: str, doubts: list[str]) -> Duration:
    """`15 menit`, `2 x 60 menit`, `1 jam 30 menit`, `2 bulan 1 minggu`."""
    terms: list[Duration] = []
    end = 0
    while end < len(part) or not terms:
        found = _TIME.match(part, end)
        if not found:
            raise _UnreadError("tidak terbaca sebagai lamanya waktu")
        terms.append(_parse_term(found, doubts))
        end = found.end()
    clock: Clock = "calendar" if terms[-1].clock == "calendar" else "working"
    if len(terms) > 1:
        _check_sum(terms, clock)
        terms = [replace(term, clock=clock) for term in terms]
    total = terms.pop()
    for term in reversed(terms):
        factor = 7 if clock == "calendar" and term.unit == "minggu" else _PARTS.get((term.unit, total.unit))
        total = (
            replace(total, amount=term.amount * factor + total.amount)
            if factor and total.plus is None
            else replace(term, plus=total)
        )
    return total


def _check_sum(terms: list[Duration], clock: Clock) -> None:
    """A sum goes from larger units to smaller ones, and runs by one clock."""
    places = [_WHOLE_UNITS.index(term.unit) for term in terms]
    mixed = clock == "calendar" and any(term.unit not in ("hari", "minggu") for term in terms)
    if mixed or any(term.clock != "working" for term in terms[:-1]) or places != sorted({*places}, reverse=True):
        raise _UnreadError("memuat beberapa waktu yang tidak dapat dijumlahkan")


def _parse_term(found: re.Match[str], doubts: list[str]) -> Duration:
    """One amount with its unit, times how often it stands there."""
    number, word, kind = found["amount"], found["unit"], found["kind"]
    factor, unit = _UNITS.get(word) or _guess_unit(found[0].strip(), word, doubts)
    times, amount = int(found["times"] or 1), _parse_number(number)
    if not amount * times:
        raise _UnreadError("bukan lamanya waktu")
    if (unit == "jam" and _CLOCK_TIME.fullmatch(number)) or (found["times"] and unit in _FREQUENT):
        raise _UnreadError("dapat dibaca lebih dari satu cara")
    if unit == "jam" and not kind and amount % _DAY == 0:
        return Duration(_plain(amount * times / _DAY), "hari", "calendar")
    by_clock = _BY_CLOCK.search(kind) and unit not in ("bulan", "tahun")
    return Duration(_plain(amount * times * factor), unit, "calendar" if by_clock else "working")


def _guess_unit(term: str, word: str, doubts: list[str]) -> tuple[int, Unit]:
    """The unit that a word nearly is; a word that may be two of them is the author's to settle."""
    near = {unit: _letters_off(word, unit) for unit in _WHOLE_UNITS}
    if len(word) <= _SHORT:
        meant = [unit for unit in _WHOLE_UNITS if any(u == unit and a.startswith(word) for a, (_, u) in _UNITS.items())]
        sure = []
    else:
        meant = [unit for unit, off in near.items() if off <= min(_HARDLY, len(word) - _SHORT)]
        sure = [unit for unit in meant if near[unit] <= _SURELY and (len(word) > len("jam") or unit != "jam")]
    if len(meant) > 1 and (sure or len(word) <= _SHORT) and word not in _NOT_UNITS:
        names = " atau ".join(quoted(unit) for unit in meant)
        raise _TwoReadingsError(f"Satuan {quoted(word)} pada {quoted(term)} tidak dikenal; mungkin maksudnya {names}.")
    if len(sure) != 1 or word in _NOT_UNITS:
        raise _UnreadError(f"memakai kata {quoted(word)} yang bukan satuan waktu")
    doubts.append(f"{quoted(word)} bukan satuan, mungkin maksudnya {quoted(sure[0])}")
    return 1, sure[0]


def _letters_off(word: str, other: str) -> int:
    """How many letters must be typed otherwise, left out, added or swapped with their neighbour."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(word, 1):
        row = [i]
        for j, wanted in enumerate(other, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != wanted))
            if i > 1 and j > 1 and (letter, word[i - 2]) == (other[j - 2], wanted):
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


def _parse_number(text: str) -> float:
    """`1,5` and `1.5` have a fraction, `1.000` is a thousand, `1½` is one and a half."""
    fraction = _FRACTIONS.get(text[-1], 0.0)
    digits = text.rstrip("½¼¾ ")
    if re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{3})+", digits):
        digits = digits.replace(".", "")
    return _plain(float(digits.replace(",", ".") or 0) + fraction)


def _plain(amount: float) -> float:
    return int(amount) if float(amount).is_integer() else amount


def _hours(time: Duration) -> tuple[float, float]:
    """The fewest and the most hours that a time can be."""
    least, most = _HOURS[time.unit]
    more = _hours(time.plus) if time.plus else (0.0, 0.0)
    return time.amount * (most if time.clock == "calendar" else least) + more[0], time.amount * most + more[1]
