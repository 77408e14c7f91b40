"""The register of incoming letters as values: what its lines add up to, a letter for each No. Agenda.

Its lines lie beside those of outgoing letters and are of the same kind, in sequences of their own. A line that corrects
an entry says all of it anew, so that the last one counts; every earlier one stays.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from sopctl.engine.events import Attachment, IncomingLetter
from sopctl.store.register import ALL, INCOMING, RegisterEntry, format_skipped, year_of


class RegisteredIncoming(Struct, frozen=True, kw_only=True):
    """An incoming letter as the register has it; ``urut`` is the first of several numbers that were skipped.

    ``at`` is when it was received, ``note`` why the entry was corrected, withdrawn or skipped last, ``cases`` are those
    that were opened from it and ``scans`` how many files its entry ever had. ``withheld`` is as in `RegisteredLetter`.
    """

    sequence: str
    urut: int
    nomor: str
    at: datetime
    by: str
    letter: IncomingLetter
    status: Literal["given", "corrected", "withdrawn", "skipped"] = "given"
    note: str = ""
    cases: tuple[str, ...] = ()
    scans: int = 0
    recorded_at: datetime | None = None
    withheld: bool = False

    @property
    def year(self) -> int:
        """The year of its sequence, or of the letter where the sequence never starts anew."""
        return year_of(self.sequence, self.at)


def incoming_sequence(year: int | None) -> str:
    """The name of the sequence of a year; None where it never starts anew."""
    return f"{INCOMING}{year or ALL}.jsonl"


def sum_up_incoming(sequences: Mapping[str, Iterable[RegisterEntry]]) -> tuple[RegisteredIncoming, ...]:
    """What the lines of the sequences of incoming letters add up to, in the order of their numbers.

    A line about a number that no line before it gave is left out: `verify` tells it.
    """
    rows: list[RegisteredIncoming] = []
    for name in sorted(sequences):
        if name.startswith(INCOMING):
            rows += _sum_up(name, sequences[name])
    return tuple(rows)


def list_scans(entries: Iterable[RegisterEntry]) -> Iterator[Attachment]:
    """The files that the lines name, each once."""
    found = {entry.masuk.scan.path: entry.masuk.scan for entry in entries if entry.masuk and entry.masuk.scan}
    yield from found.values()


def _sum_up(sequence: str, entries: Iterable[RegisterEntry]) -> Iterator[RegisteredIncoming]:
    rows: dict[str, RegisteredIncoming] = {}
    for entry in entries:
        row = rows.get(entry.nomor)
        if row is None and entry.masuk is not None:
            row = _entered(sequence, entry, entry.masuk)
            if nomor := format_skipped(entry):
                bare = replace(row, letter=IncomingLetter(surat_dari="", perihal=""), scans=0, note=entry.note)
                rows[nomor] = replace(bare, urut=entry.last + 1, nomor=nomor, status="skipped")
            rows[entry.nomor] = row
        elif row is not None:
            rows[entry.nomor] = _amended(row, entry)
    return iter(rows.values())


def _entered(sequence: str, entry: RegisterEntry, letter: IncomingLetter) -> RegisteredIncoming:
    return RegisteredIncoming(
        sequence=sequence, urut=entry.urut, nomor=entry.nomor, at=entry.at, by=entry.by, letter=letter,
        scans=int(letter.scan is not None), recorded_at=entry.recorded_at,
    )  # fmt: skip


def _amended(row: RegisteredIncoming, entry: RegisterEntry) -> RegisteredIncoming:
    match entry.kind:
        case "corrected" if entry.masuk is not None:
            anew = entry.masuk.scan is not None and entry.masuk.scan != row.letter.scan
            said = replace(row, at=entry.at, letter=entry.masuk, scans=row.scans + anew)
            return replace(said, status="corrected", note=entry.note)
        case "withdrawn":
            return replace(row, status="withdrawn", note=entry.note)
        case "opened":
            return replace(row, cases=(*row.cases, entry.id))
    return row
