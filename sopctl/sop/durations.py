"""The times of the column `waktu`: the reading of a row, from its text or from the reading that its author gave.

What is not understood has no standard, so that nobody is late against a guess; `check` tells its ``doubt``. Most rows
say no more than `15 menit`; whatever says more is read by `waktu_texts`, which costs more to load.
"""

import re
from functools import lru_cache
from typing import Literal, cast

from msgspec import Struct
from msgspec.structs import replace

from sopctl.sop.model import Duration, Unit, Waktu

Relation = Literal["per", "before", "after", "since"]
"""The key of the waktu that says to what a time is relative; `since` is `after` that may also be the case's coming."""

_PLAIN = re.compile(r"([1-9][0-9]?) ?(detik|menit|jam|hari|minggu|bulan)(?: kerja)?", re.ASCII | re.IGNORECASE)
_DAY = 24


class Reading(Struct, frozen=True):
    """What a text says: the shortest and longest time, None where it has none.

    ``doubt`` says why that is not sure, in Indonesian; ``relation`` to what the time is relative, if to anything.
    """

    minimum: Duration | None = None
    maximum: Duration | None = None
    doubt: str = ""
    relation: Relation | None = None


def parse_waktu(text: str) -> Waktu | str:
    """The standard that a cell of the form states, or what is wrong with it (Indonesian, with what to write).

    The cell's own text is kept. ``minimum`` and ``maximum`` are in the units of the form, None for "tanpa standar".
    """
    return complete_waktu(Waktu(text.strip()))


def complete_waktu(waktu: Waktu) -> Waktu | str:
    """The same with the times of its reading, of its text where it has none, or what is wrong with it."""
    if waktu.reading == NO_READING:
        return waktu
    found = read_time(waktu.reading or waktu.text)
    if isinstance(found, str):
        return found
    relation = "after" if found.relation == "since" else found.relation
    if relation and getattr(waktu, relation):
        found = replace(found, doubt="")
    elif relation and found.relation != "since":
        found = Reading(doubt=found.doubt)
    return replace(waktu, minimum=found.minimum, maximum=found.maximum, doubt=found.doubt)


NO_READING = "-"
"""The reading of a text that is no standard."""


@lru_cache(512)
def read_time(text: str) -> Reading | str:
    """What a text says, or a sentence about a word that may be either of two units (Indonesian)."""
    plain = _PLAIN.fullmatch(text)
    if plain and (plain[2].lower() != "jam" or int(plain[1]) % _DAY):
        time = Duration(int(plain[1]), cast("Unit", plain[2].lower()))
        return Reading(time, time)
    if text in ("", NO_READING):
        return Reading()
    from sopctl.sop.waktu_texts import read_text  # noqa: PLC0415 — most rows do without

    return read_text(text)


def describe_time(time: Duration) -> str:
    """An amount as the form prints it: `14 hari kalender`, `2 bulan 1 minggu`."""
    amount = f"{time.amount:g}".replace(".", ",") if time.amount < 1e5 else str(time.amount)  # noqa: PLR2004 — 1e+05
    words = f"{amount} {time.unit}{' kalender' if time.clock == 'calendar' else ''}"
    return f"{words} {describe_time(time.plus)}" if time.plus else words
