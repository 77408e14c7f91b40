"""What the ledger bears witness of, and how an event is named to people."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from sopctl.engine.events import Event
from sopctl.engine.guards import format_moment
from sopctl.engine.instance import Instance
from sopctl.store.files import ledger
from sopctl.store.files.ledger import ChainFault, EventLine, MendLine, NumberLine
from sopctl.store.files.register import RegisterEntry
from sopctl.store.workspace import Workspace

Kind = Literal[
    "ledger", "case", "lost", "behind", "ahead", "changed", "impossible", "permission", "file", "stray", "register",
    "access", "anchor", "mended", "pending", "time", "office",
]  # fmt: skip
"""What a finding or a notice is about; `lost`, `behind`, `ahead` and `changed` are cases that differ from the ledger,
`impossible` is an event that the SOP has no way for, `permission` one of somebody whom the office did not let act,
`mended` what `doctor --mend` added, `pending` an unfinished change, `office` a version of `sopctl.yaml`."""

SKEW = timedelta(minutes=5)
"""How far the clocks of two honest computers may be apart."""

COMPARE = "Bandingkan dahulu dengan cadangan atau jangkar"
"""What comes first where something may be a forgery."""

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
    """One thing that is not as it was recorded, or that is worth knowing (then it is a notice).

    ``id`` is empty where it belongs to no case.
    """

    id: str
    path: str
    message: str
    kind: Kind = "case"


class Told(Struct, frozen=True):
    """What the ledger says of an event: its number in the case, its hash, the SOP version the case was opened with.

    ``office`` is the version of `sopctl.yaml` by which it was recorded, and ``at`` when.
    """

    revision: int
    head: str
    version: str
    office: str
    at: datetime


class Span(Struct):
    """From when to when, and how often, events were recorded by one version of `sopctl.yaml`."""

    since: datetime
    until: datetime
    events: int = 0


def spans(told: Iterable[Told], known: dict[str, Span] | None = None) -> dict[str, Span]:
    """The versions that these events name, the one first used first; those that are ``known`` go on."""
    found = {} if known is None else known
    for one in told:
        span = found.setdefault(one.office, Span(one.at, one.at))
        span.until = one.at
        span.events += 1
    return found


class Turned(Struct, frozen=True):
    """A line (counted from 1) that was recorded earlier than the line before it: the event that it tells of."""

    number: int
    case: str
    revision: int
    recorded_at: datetime
    before: datetime


class Witness(Struct, frozen=True):
    """The ledger, read once: what it says of every case and of every sequence of letter numbers.

    ``torn`` says that its last line is not whole; ``there`` that there is a ledger at all. ``mended`` are the lines of
    `doctor --mend`, ``turned`` those at which the clock went back.
    """

    there: bool
    lines: int
    torn: bool
    faults: tuple[ChainFault, ...]
    cases: dict[str, list[Told]]
    sequences: dict[str, list[RegisterEntry]]
    offices: dict[str, Span] = {}
    mended: tuple[MendLine, ...] = ()
    turned: tuple[Turned, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether there is a ledger that holds, from which something may be made again."""
        return self.there and not self.faults

    def remedy(self, mend: str) -> str:
        """What to do about a difference that may be a forgery; ``mend`` is what `doctor --mend` would do then."""
        if not self.whole:
            return "Pulihkan dari cadangan."
        return f"{COMPARE}; bila buku besar dan berkas-berkasnya benar, sopctl doctor --mend {mend}."


def witness(workspace: Workspace) -> Witness:
    """Read the ledger."""
    cases: dict[str, list[Told]] = defaultdict(list)
    sequences: dict[str, list[RegisterEntry]] = defaultdict(list)
    offices: dict[str, Span] = {}
    faults: list[ChainFault] = []
    mended: list[MendLine] = []
    clock = _Clock()
    previous, lines, torn = "", 0, False
    for read in ledger.read_lines(workspace.ledger):
        faults += ledger.find_faults(read, previous)
        previous, lines, torn = ledger.hash_line(read.text), read.number, read.torn
        if isinstance(read.line, EventLine):
            line = read.line
            told = Told(line.revision, line.head, line.version, line.office, line.event.recorded_at)
            cases[line.case].append(told)
            spans([told], offices)
            clock.strikes(read.number, line)
        elif isinstance(read.line, NumberLine):
            sequences[read.line.sequence].append(read.line.entry)
        elif isinstance(read.line, MendLine):
            mended.append(read.line)
            clock.rests_until = read.number + read.line.lines
    return Witness(
        workspace.ledger.exists(), lines, torn, tuple(faults), dict(cases), dict(sequences), offices,
        tuple(mended), tuple(clock.turned),
    )  # fmt: skip


class _Clock:
    """The time of recording along the ledger; what `doctor --mend` added stands where it was added, not in its time."""

    def __init__(self) -> None:
        self.turned: list[Turned] = []
        self.rests_until = 0
        self._last: datetime | None = None

    def strikes(self, number: int, line: EventLine) -> None:
        """Look at one line after the other."""
        if number <= self.rests_until:
            return
        at, before = line.event.recorded_at, self._last
        if before is not None and before - at > SKEW:
            self.turned.append(Turned(number, line.case, line.revision, at, before))
        self._last = at


def chain_of(workspace: Workspace, case: str) -> tuple[EventLine, ...]:
    """What the ledger says of one case, oldest first; of two lines for one event both."""
    return tuple(sorted(ledger.find_event_lines(workspace.ledger, case), key=lambda line: line.revision))


def named(event: Event) -> str:
    """An event as people know it: `catatan nomor 3 (ditolak, langkah periksa, 24-11-2026 10.30, akun petugas)`."""
    kind = WORDS[str(type(event).__struct_config__.tag)]
    step = getattr(event, "step", "")
    where = f", langkah {step}" if step else ""
    return f"catatan nomor {event.number} ({kind}{where}, {format_moment(event.at)}, akun {event.by})"


def event_of(instance: Instance, number: int) -> str:
    """An event of a case, named."""
    return named(instance.events[number - 1])


def upper(text: str) -> str:
    """A sentence begins with a capital letter."""
    return text[0].upper() + text[1:]


def numbers(found: Iterable[int]) -> str:
    """Numbers as people write them: `3`, `2 dan 5`, `2, 4 sampai 6 dan 9`."""
    return listed(first if first == last else f"{first} sampai {last}" for first, last in _runs(sorted(set(found))))


def listed(parts: Iterable[object], *, at_most: int | None = None) -> str:
    """Several things in a sentence: `a, b dan c`; of more than ``at_most`` the rest is counted."""
    texts = [str(part) for part in parts]
    if at_most is not None and len(texts) > at_most:
        texts = [*texts[:at_most], f"{len(texts) - at_most} lainnya"]
    return " dan ".join(filter(None, (", ".join(texts[:-1]), *texts[-1:])))


def _runs(ordered: list[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of each row of numbers without a gap; a row of two are two."""
    gaps = [at for at, (one, other) in enumerate(pairwise(ordered), 1) if other != one + 1]
    for begins, ends in pairwise([0, *gaps, len(ordered)]):
        run = ordered[begins:ends]
        if len(run) > 2:  # noqa: PLR2004 — `4 dan 5` is shorter than `4 sampai 5`
            yield run[0], run[-1]
        else:
            yield from ((one, one) for one in run)
