"""What people type about a simulation: how many cases come, how many people there are, what if something changed."""

import re
from collections.abc import Iterable
from itertools import combinations
from typing import Literal, cast, get_args

from msgspec import Struct

from sopctl.errors import NotFoundError, UsageError
from sopctl.notation.nearest import suggestion
from sopctl.simulate.distribution import Distribution
from sopctl.sop.durations import parse_waktu
from sopctl.sop.model import PAIR, Duration, Sop, Unit, Waktu
from sopctl.worktime.calendar import Calendar

ChangeKind = Literal["waktu", "tolak", "tanpa"]
"""Another time for a row, another share that it turns down, or the SOP without it."""

MOST_PEOPLE = 1000

_EXAMPLES = "waktu periksa=1 hari, tolak periksa=20%, atau tanpa periksa"
_PEOPLE = re.compile(r"\s*([^\s=](?:[^=]*[^\s=])?)\s*=\s*([0-9]{1,4})\s*", re.ASCII)
_RATE = re.compile(r"([0-9]+(?:[.,][0-9]+)?) ?/ ?(jam|hari|minggu|bulan)", re.ASCII | re.IGNORECASE)
_SHARE = re.compile(r"([0-9]{1,3}(?:[.,][0-9]+)?) ?%", re.ASCII)
_CHANGE = re.compile(r"(\S+)\s+([^\s=]+)\s*(?:=\s*(.*\S)\s*)?")


class Change(Struct, frozen=True):
    """What would be otherwise at a row: its ``waktu``, or the ``share`` of 1 that it turns down."""

    kind: ChangeKind
    step: str
    text: str
    waktu: Waktu | None = None
    share: float = 0.0


def parse_arrivals(text: str, calendar: Calendar) -> Distribution:
    """The working minutes between arrivals that come by chance, so many in the mean; UsageError where it is no rate."""
    found = _RATE.fullmatch(text.strip())
    number = float(found[1].replace(",", ".")) if found else 0.0
    if found is None or not number:
        message = f"Kedatangan '{text}' tidak terbaca; tulis misalnya 5/hari, 3/minggu, 2,5/bulan, atau record."
        raise UsageError(message, code="arrivals")
    return Distribution("exponential", (calendar.minutes(Duration(1, cast("Unit", found[2].lower()))) / number,))


def parse_people(texts: Iterable[str], sop: Sop) -> dict[str, int]:
    """How many people there are of each pelaksana that was named, as `kabid=2`.

    Raises:
        UsageError: where it is no such pair or number. NotFoundError: where the SOP has no such pelaksana.
    """
    people: dict[str, int] = {}
    for text in texts:
        name, number = _parse_people_of_one(text, sop)
        if name in people:
            raise UsageError(f"Jumlah orang {name} disebut dua kali; pilih salah satu.", code="people")
        people[name] = number
    return people


def _parse_people_of_one(text: str, sop: Sop) -> tuple[str, int]:
    """A pelaksana and how many people it has."""
    found = _PEOPLE.fullmatch(text)
    if found is None or not 0 < int(found[2]) <= MOST_PEOPLE:
        message = f"Jumlah orang '{text}' tidak terbaca; tulis misalnya kabid=2, dari 1 sampai {MOST_PEOPLE} orang."
        raise UsageError(message, code="people")
    name = found[1]
    if name not in sop.pelaksana:
        known = ", ".join(sop.pelaksana)
        message = f"SOP {sop.id} tidak mempunyai pelaksana '{name}'{suggestion(name, sop.pelaksana)}."
        raise NotFoundError(f"{message} Pelaksananya: {known}.", code="pelaksana")
    return name, int(found[2])


def parse_changes(texts: Iterable[str], sop: Sop) -> tuple[Change, ...]:
    """What somebody wants to know the effect of, each as `waktu periksa=1 hari`.

    Raises:
        UsageError: where it is no such change, none that this row can have, or two that exclude each other.
        NotFoundError: where there is no such row.
    """
    changes = tuple([_parse_change(text, sop) for text in texts])
    for one, other in combinations(changes, 2):
        if one.step == other.step and (one.kind == other.kind or "tanpa" in (one.kind, other.kind)):
            message = f"Perubahan '{one.text}' dan '{other.text}' tidak dapat dicoba bersama; pilih salah satu."
            raise UsageError(message, code="what_if")
    return changes


def _parse_change(text: str, sop: Sop) -> Change:
    found = _CHANGE.fullmatch(text.strip())
    kind = found[1].lower() if found else ""
    if found is None or kind not in get_args(ChangeKind) or (found[3] is None) != (kind == "tanpa"):
        likely = suggestion(kind, get_args(ChangeKind)) if kind not in get_args(ChangeKind) else ""
        raise UsageError(f"Perubahan '{text}' tidak terbaca{likely}. Tulis misalnya {_EXAMPLES}.", code="what_if")
    step, value = found[2], found[3] or ""
    if step not in (ids := [one.id for one in sop.steps]):
        message = f"SOP {sop.id} tidak mempunyai langkah '{step}'{suggestion(step, ids)}. Langkahnya: {', '.join(ids)}."
        raise NotFoundError(message, code="step")
    if kind == "waktu":
        return Change("waktu", step, text.strip(), waktu=_parse_time(text, value))
    if kind == "tolak":
        return _parse_rejections(sop, step, text, value)
    _refuse_choice(sop, step)
    return Change("tanpa", step, text.strip())


def _refuse_choice(sop: Sop, step: str) -> None:
    """UsageError where nobody could say which way the work goes without the row."""
    row = sop.step(step)
    seen = row.seen_by(row.decider) if row.decides else row
    if len(seen.branches) > PAIR and sop.ways_on(seen) != seen.branches[:1]:
        message = f"Langkah {step} memilih di antara beberapa jalan, jadi tidak dapat ditiadakan."
        raise UsageError(message, code="what_if")


def _parse_time(text: str, value: str) -> Waktu:
    waktu = parse_waktu(value)
    if isinstance(waktu, str):
        raise UsageError(f"Perubahan '{text}' tidak terbaca: {waktu}", code="what_if")
    if waktu.maximum is None:
        raise UsageError(f"Waktu '{value}' pada '{text}' tidak terbaca; tulis misalnya 1 hari.", code="what_if")
    return waktu


def _parse_rejections(sop: Sop, step: str, text: str, value: str) -> Change:
    found, row = _SHARE.fullmatch(value), sop.step(step)
    share = float(found[1].replace(",", ".")) / 100 if found else 2.0
    if share > 1:
        raise UsageError(f"Bagian '{value}' pada '{text}' tidak terbaca; tulis 0% sampai 100%.", code="what_if")
    seen = row.seen_by(row.decider) if row.decides else row
    if not sop.rejections(seen) or not sop.ways_on(seen):
        raise UsageError(f"Langkah {step} tidak mempunyai cabang yang mengembalikan atau menolak.", code="what_if")
    return Change("tolak", step, text.strip(), share=share)
