"""The times of the column `waktu`: the reading of a row, from its text or from the reading that its author gave.

What is not understood has no standard, so that nobody is late against a guess; `check` tells its ``doubt``. Most rows
say no more than `15 menit`; whatever says more is read by `waktu_texts`, which costs more to load.
"""

import re
from functools import lru_cache
from typing import cast

from msgspec.structs import replace

from sopctl.sop.model import Duration, Unit, Waktu
from sopctl.sop.readings import Reading

_PLAIN = re.compile(r"([1-9][0-9]?) ?(detik|menit|jam|hari|minggu|bulan)(?: kerja)?", re.ASCII | re.IGNORECASE)
_DAY = 24


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
