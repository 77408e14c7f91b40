"""Whether every line of the ledger comes once and in its order, and whether `doctor --mend` added what it says.

A chain that was made anew holds whatever its lines say; these are lines that sopctl itself never adds. None of them
makes a case or a number uncertain, so that `doctor --mend` may accept one, by its number and for good.
"""

from collections import Counter, defaultdict
from typing import Literal

from msgspec import Struct

from sopctl.store.ledger import AccountLine, LoggedEvent, MendLine, NumberLine, OfficeLine
from sopctl.store.register import RegisterEntry

OrderReason = Literal["repeat", "order", "count", "office"]
"""The same line again; an event that is not the next of its case, or a number below the one before; a line of
`doctor --mend` that names other lines than those which follow it or which it may accept; an event without an office
file though earlier ones name one."""


class OrderFault(Struct, frozen=True):
    """A line (counted from 1) that sopctl would not have added there, ``what`` it tells of, and its case if any."""

    number: int
    reason: OrderReason
    what: str = ""
    case: str = ""

    @property
    def message(self) -> str:
        """What is wrong with the line, as the rest of a sentence that begins with it."""
        return {
            "repeat": f"memuat baris {self.what} sekali lagi",
            "order": f"memuat {self.what} tidak pada urutannya: dipindahkan, atau baris sebelumnya hilang",
            "count": "menyebut baris lain daripada yang ditambahkan atau diterima ketika buku catatan diperbaiki",
            "office": f"memuat {self.what} tanpa sopctl.yaml yang berlaku, padahal baris sebelumnya menyebutnya",
        }[self.reason]


class LedgerOrder:
    """Looks at one line after the other; ``faults`` are complete after `close`."""

    def __init__(self) -> None:
        self._accepted: set[int] = set()
        self._found: dict[int, OrderFault] = {}
        self._cases: dict[str, _CaseOrder] = defaultdict(_CaseOrder)
        self._entries: set[tuple[str, RegisterEntry]] = set()
        self._digests: set[str] = set()
        self._highest: dict[str, int] = defaultdict(int)
        self._mended: _MendedLines | None = None
        self._names_office = False

    def add_event(self, number: int, line: LoggedEvent) -> bool:
        """Look at the line of an event; whether it is another than those before."""
        reason = self._cases[line.case].add(line.revision, line.head)
        if not self._was_added(number, (line.case, line.revision)):
            if not line.office and self._names_office:
                reason = reason or "office"
            self._names_office = self._names_office or line.office != ""
        elif reason == "order":
            reason = None
        if reason:
            what = f"catatan nomor {line.revision} berkas {line.case}"
            self._found[number] = OrderFault(number, reason, what, line.case)
        return reason != "repeat"

    def add_number(self, number: int, line: NumberLine) -> bool:
        """Look at the line of a letter number; whether it is another than those before."""
        name, entry, before = line.sequence, line.entry, self._highest[line.sequence]
        repeated = (name, entry) in self._entries
        falls = entry.highest < before or (entry.kind == "given" and entry.urut == before)
        added = self._was_added(number, (name, 0))
        if repeated or (falls and not added):
            self._found[number] = OrderFault(number, "repeat" if repeated else "order", f"buku agenda {name}")
        self._entries.add((name, entry))
        self._highest[name] = max(before, entry.highest)
        return not repeated

    def add_act(self, number: int, line: OfficeLine | AccountLine) -> bool:
        """Look at the line of what somebody did beside the cases; whether it is another than those before."""
        if line.digest not in self._digests:
            self._digests.add(line.digest)
            return True
        what = f"penerimaan sopctl.yaml {line.office}"
        if isinstance(line, AccountLine):
            what = f"tindakan atas akun halaman {line.account}"
        self._found[number] = OrderFault(number, "repeat", what)
        return False

    def add_mended(self, number: int, line: MendLine) -> None:
        """Look at the line with which `doctor --mend` says what it adds and accepts."""
        self.close()
        self._mended = _MendedLines(number, line)
        if not self._found.keys() >= {*line.accepted}:
            self._found[number] = OrderFault(number, "count")
        self._accepted |= {*line.accepted}

    def close(self) -> None:
        """There are no more lines of the last `doctor --mend`."""
        if self._mended is not None and not self._mended.is_complete:
            self._found[self._mended.number] = OrderFault(self._mended.number, "count")

    @property
    def faults(self) -> tuple[OrderFault, ...]:
        """Those that nobody accepted, in the order of the lines."""
        return tuple(self._found[number] for number in sorted(self._found.keys() - self._accepted))

    @property
    def accepted(self) -> tuple[OrderFault, ...]:
        """Those that somebody accepted, in the order of the lines."""
        return tuple(self._found[number] for number in sorted(self._found.keys() & self._accepted))

    def _was_added(self, number: int, what: tuple[str, int]) -> bool:
        return self._mended is not None and self._mended.take(number, what)


class _CaseOrder:
    """The events of one case as the lines of the ledger tell of them."""

    def __init__(self) -> None:
        self._heads: dict[int, str] = {}
        self._missing, self._last = 1, 0

    def add(self, revision: int, head: str) -> OrderReason | None:
        """What is wrong with the next line: another history of the same events is no fault of the order."""
        if self._heads.get(revision) == head:
            return "repeat"
        follows = revision in (self._missing, self._last + 1) or revision in self._heads
        self._heads.setdefault(revision, head)
        self._last = revision
        while self._missing in self._heads:
            self._missing += 1
        return None if follows else "order"


class _MendedLines:
    """The lines that `doctor --mend` says it adds."""

    def __init__(self, number: int, line: MendLine) -> None:
        self.number = number
        self._until = number + line.lines
        self._left = Counter((case, revision) for case, revisions in line.cases.items() for revision in revisions)
        self._left.update((name, 0) for name, numbers in line.sequences.items() for _ in numbers)
        self._holds = self._left.total() == line.lines and bool(line.lines or line.accepted or line.ahead)

    def take(self, number: int, what: tuple[str, int]) -> bool:
        """Whether a line that tells of this event, or of a number of this sequence, is one of them."""
        if number > self._until:
            return False
        named = self._left[what] > 0
        self._left[what] -= 1
        self._holds = self._holds and named
        return named

    @property
    def is_complete(self) -> bool:
        """Whether all of them came, and no others between."""
        return self._holds and not any(self._left.values())
