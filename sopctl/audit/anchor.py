"""`anchor`: the head of the ledger, to be kept where nobody who can change the record can change it too.

A hash chain is tamper evidence for every change but one: that its newest lines were cut off, here and in every copy.
Whoever wrote down the head on some day can show afterwards that the ledger still begins with all that it held then.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from sopctl.audit.findings import Finding
from sopctl.errors import DamagedError, NotFoundError, UsageError
from sopctl.store import disk, ledger
from sopctl.store.record import Record

_WRITTEN = re.compile(r"sopctl\s+(?P<lines>[0-9]{1,12})\s+(?P<head>[0-9a-f]{64})")
_LARGEST = 1_000_000
_LONGEST_PATH = 1000


class LedgerHead(Struct, frozen=True, kw_only=True):
    """The head of the ledger, when it was taken, and the line of text to keep."""

    lines: int
    head: str
    at: str
    text: str


def take_anchor(record: Record) -> LedgerHead:
    """The head of the ledger as it is now.

    Raises:
        DamagedError: where the chain of the ledger does not hold; such a head is not worth keeping.
        NotFoundError: where nothing was recorded yet.
    """
    previous, lines = "", 0
    for read in record.whole_store.open_ledger().read_lines():
        if ledger.find_faults(read, previous):
            raise DamagedError(f"Buku catatan tidak utuh pada baris {read.number}.", code="ledger", advice="verify")
        previous, lines = ledger.hash_line(read.text), read.number
    if not lines:
        raise NotFoundError("Buku catatan masih kosong; belum ada yang dapat dibuatkan sidik.", code="ledger")
    return LedgerHead(lines=lines, head=previous, at=record.now().isoformat(), text=format_anchor(lines, previous))


def format_anchor(lines: int, head: str) -> str:
    """The line of text to keep: how many lines the ledger has, and the sha256 of the last one."""
    return f"sopctl {lines} {head}"


class KeptAnchor(Struct, frozen=True):
    """An anchor that somebody kept, and the line (counted from 1) of the text or file at which it stands."""

    place: int
    lines: int
    head: str


def read_anchors(text: str) -> tuple[KeptAnchor, ...]:
    """The anchors that somebody kept: a line, or several, or a file that holds them among other words.

    Raises:
        UsageError: where there is none. NotFoundError: where there is no such file.
    """
    found = _find_anchors(text)
    if not found and len(text) < _LONGEST_PATH and text.isprintable():
        found = _find_anchors(disk.read_file(Path(text), limit=_LARGEST).decode("utf-8", "replace"))
    if not found:
        raise UsageError(
            'Sidik catatan tidak terbaca; tulis barisnya di antara tanda kutip ("sopctl 120 4f…"), '
            "atau nama file yang memuatnya.",
            code="anchor",
        )
    return found


def _find_anchors(text: str) -> tuple[KeptAnchor, ...]:
    return tuple(
        KeptAnchor(place, int(found["lines"]), found["head"])
        for place, line in enumerate(text.splitlines(), 1)
        for found in _WRITTEN.finditer(line)
    )


def check_anchors(record: Record, kept: Sequence[KeptAnchor]) -> tuple[Finding, ...]:
    """For each anchor, whether the ledger still begins with everything that it held when it was taken."""
    whole = record.whole_store.open_ledger()
    lines, texts = whole.count_lines(), whole.read_texts({one.lines for one in kept})
    heads = {number: ledger.hash_line(text) for number, text in texts.items()}
    found = []
    for one in kept:
        if why := _why_broken(one, lines, heads):
            message = f"Sidik catatan pada baris {one.place} ({format_anchor(one.lines, one.head[:8])}…): {why}"
            found.append(Finding("", whole.name, message, "anchor"))
    return tuple(found)


def _why_broken(kept: KeptAnchor, lines: int, heads: Mapping[int, str]) -> str:
    """Why an anchor does not hold, empty where it does."""
    if kept.lines == 0:
        return "sopctl tidak pernah menulis sidik untuk 0 baris; tidak ada yang dapat dibandingkan, periksa salinannya."
    if lines < kept.lines:
        return (
            f"buku catatan hanya memuat {lines} baris, padahal saat sidiknya dibuat {kept.lines}; baris terbaru "
            "dipotong, dan berkas-berkas mungkin dikembalikan ke keadaan lama. Pulihkan dari cadangan."
        )
    if heads[kept.lines] != kept.head:
        return (
            f"buku catatan sampai baris {kept.lines} bukan yang waktu sidiknya dibuat; isinya disusun ulang "
            "sesudah itu. Pulihkan dari cadangan."
        )
    return ""
