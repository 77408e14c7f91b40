"""`anchor`: the head of the ledger, to be kept where nobody who can change the record can change it too.

A chain shows every change but one: that its newest lines were cut off, here and in every copy. Whoever wrote down
the head on some day can show afterwards that the ledger still begins with everything that it held then.
"""

import re
from pathlib import Path

from msgspec import Struct

from sopctl.desk.desk import Desk
from sopctl.desk.trust.witness import Finding
from sopctl.errors import DamagedError, NotFoundError, UsageError
from sopctl.store import files, ledger
from sopctl.store.ledger import Anchor

_WRITTEN = re.compile(r"sopctl\s+(?P<lines>[0-9]{1,12})\s+(?P<head>[0-9a-f]{64})")
_LARGEST = 1_000_000
_LONGEST_PATH = 1000


class Anchored(Struct, frozen=True, kw_only=True):
    """The head of the ledger, when it was taken, and the line to keep."""

    lines: int
    head: str
    at: str
    text: str


def anchor(desk: Desk) -> Anchored:
    """The head of the ledger as it is now.

    Raises:
        DamagedError: where the ledger does not hold; such a head is not worth keeping.
        NotFoundError: where nothing was recorded yet.
    """
    previous, lines = "", 0
    for read in ledger.read(desk.workspace.ledger):
        if ledger.fault(read, previous) or read.torn:
            raise DamagedError(
                f"Buku besar tidak utuh pada baris {read.number}; periksa dahulu dengan sopctl verify.", code="ledger"
            )
        previous, lines = ledger.link(read.text), read.number
    if not lines:
        raise NotFoundError("Buku besar masih kosong; belum ada yang dapat dijangkarkan.", code="ledger")
    return Anchored(lines=lines, head=previous, at=desk.now().isoformat(), text=f"sopctl {lines} {previous}")


def read_anchor(text: str) -> Anchor:
    """The anchor that somebody kept: the line itself, or a file that holds it.

    Raises:
        UsageError: where it is none. NotFoundError: where there is no such file.
    """
    found = _WRITTEN.search(text)
    if found is None and len(text) < _LONGEST_PATH and text.isprintable():
        found = _WRITTEN.search(files.read(Path(text), limit=_LARGEST).decode("utf-8", "replace"))
    if found is None:
        raise UsageError(
            'Jangkar tidak terbaca; tulis barisnya di antara tanda kutip ("sopctl 120 4f…"), '
            "atau nama berkas yang memuatnya.",
            code="anchor",
        )
    return Anchor(int(found["lines"]), found["head"])


def against(desk: Desk, kept: Anchor) -> tuple[Finding, ...]:
    """Whether the ledger still begins with everything that it held when the anchor was taken."""
    number, previous = 0, ""
    for read in ledger.read(desk.workspace.ledger):
        number, previous = read.number, ledger.link(read.text)
        if number == kept.lines:
            break
    path = desk.workspace.relative(desk.workspace.ledger)
    if number < kept.lines:
        message = (
            f"Buku besar hanya memuat {number} baris, padahal saat dijangkarkan {kept.lines}: baris terbaru dipotong, "
            "dan berkas-berkas mungkin dikembalikan ke keadaan lama. Pulihkan dari cadangan."
        )
    elif previous != kept.head:
        message = (
            f"Buku besar sampai baris {kept.lines} bukan yang dijangkarkan: isinya disusun ulang sesudah itu. "
            "Pulihkan dari cadangan."
        )
    else:
        return ()
    return (Finding("", path, message, "anchor"),)
