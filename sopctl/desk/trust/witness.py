"""What the ledger bears witness of, and how an event is named to people."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from sopctl.engine.events import Event
from sopctl.engine.guards import clock
from sopctl.engine.instance import Instance
from sopctl.store import ledger
from sopctl.store.ledger import Entered, Fault, Happened
from sopctl.store.register import Entry
from sopctl.store.workspace import Workspace

Kind = Literal["ledger", "case", "lost", "behind", "ahead", "changed", "file", "stray", "register", "access", "anchor"]
"""What a finding is about; `lost`, `behind`, `ahead` and `changed` are cases that differ from the ledger."""

WORDS = {
    "started": "dibuka",
    "approved": "disetujui",
    "rejected": "ditolak",
    "decided": "diputuskan",
    "completed": "diselesaikan berkas lain",
    "called": "memanggil berkas lain",
    "withdrawn": "ditarik kembali",
    "begun": "mulai dikerjakan",
    "filled": "isian",
    "attached": "lampiran",
    "noted": "catatan",
    "assigned": "penugasan",
    "suspended": "ditunda",
    "resumed": "dilanjutkan",
    "numbered": "nomor surat",
    "cancelled": "dibatalkan",
    "migrated": "pindah versi SOP",
}
"""How each kind of event is named to people."""


class Finding(Struct, frozen=True):
    """One thing that is not as it was recorded; ``id`` is empty where it belongs to no case."""

    id: str
    path: str
    message: str
    kind: Kind = "case"


class Told(Struct, frozen=True):
    """What the ledger says of an event: its number in the case, its hash, the SOP version the case was opened with."""

    revision: int
    head: str
    version: str


class Witness(Struct, frozen=True):
    """The ledger, read once: what it says of every case and of every sequence of letter numbers.

    ``torn`` says that its last line is not whole; ``there`` that there is a ledger at all.
    """

    there: bool
    lines: int
    torn: bool
    faults: tuple[Fault, ...]
    cases: dict[str, list[Told]]
    sequences: dict[str, list[Entry]]


def witness(workspace: Workspace) -> Witness:
    """Read the ledger."""
    cases: dict[str, list[Told]] = defaultdict(list)
    sequences: dict[str, list[Entry]] = defaultdict(list)
    faults: list[Fault] = []
    previous, lines, torn = "", 0, False
    for read in ledger.read(workspace.ledger):
        faults += ledger.fault(read, previous)
        previous, lines, torn = ledger.link(read.text), read.number, read.torn
        if isinstance(read.line, Happened):
            cases[read.line.case].append(Told(read.line.revision, read.line.head, read.line.version))
        elif isinstance(read.line, Entered):
            sequences[read.line.sequence].append(read.line.entry)
    return Witness(workspace.ledger.exists(), lines, torn, tuple(faults), dict(cases), dict(sequences))


def chain_of(workspace: Workspace, case: str) -> tuple[Happened, ...]:
    """What the ledger says of one case, oldest first; of two lines for one event both."""
    return tuple(sorted(ledger.lines_of(workspace.ledger, case), key=lambda line: line.revision))


def named(event: Event) -> str:
    """An event as people know it: `catatan nomor 3 (ditolak, langkah periksa, 24-11-2026 10.30, akun petugas)`."""
    kind = WORDS[str(type(event).__struct_config__.tag)]
    step = getattr(event, "step", "")
    where = f", langkah {step}" if step else ""
    return f"catatan nomor {event.number} ({kind}{where}, {clock(event.at)}, akun {event.by})"


def event_of(instance: Instance, number: int) -> str:
    """An event of a case, named."""
    return named(instance.events[number - 1])


def numbers(found: Iterable[int]) -> str:
    """Numbers as people write them: `3`, `3 sampai 5`."""
    first, *rest = sorted(found)
    return f"{first} sampai {rest[-1]}" if rest else str(first)
