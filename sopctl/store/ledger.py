"""The ledger of an office as values: lines that are only ever added.

There is one for every event, every letter number and every act on a page account.

Each line carries the sha256 of the line before, so that none can be changed, removed or inserted without breaking the
chain after it, and a line holds the whole event or entry, so that a case or a register that was lost can be made again.
What a chain cannot show is that its newest lines were cut off everywhere: for that `anchor` keeps its head elsewhere.

A line is added with the change that it tells of, in the same transaction; it costs the same however long the ledger is.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from typing import Literal, Protocol, TypeVar

import msgspec
from msgspec import Struct

from sopctl.engine.events import Event, Moment, digest, first_version
from sopctl.engine.instance import Instance
from sopctl.engine.moments import is_readable
from sopctl.store.register import RegisterEntry
from sopctl.store.struct_decoders import make_json_decoder

T = TypeVar("T")

AccountAct = Literal["invite", "reset", "disable"]
"""What somebody did with a page account."""

OFFICE, MENDED, ACCOUNT = "office", "mended", "account"
"""The keys of the lines with which the office file changes or is accepted, of those of `doctor --mend`, and of those
about page accounts."""

_EVENT = b'"event":'

_encode = msgspec.json.Encoder().encode


class _Line(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What every line says: the sha256 of the one ``previous`` to it."""

    previous: str


class _LineOfEvent(_Line, frozen=True, kw_only=True, tag="event"):
    """A line of an event; ``version`` is the SOP version that the case was opened with, ``head`` the event's hash.

    ``office`` is the sha256 of the `sopctl.yaml` by which the event was allowed; empty where nobody wrote that down.
    """

    case: str
    revision: int
    version: str
    head: str
    office: str = ""


class EventLine(_LineOfEvent, frozen=True, kw_only=True, omit_defaults=True):
    """An event of a case."""

    event: Event


class NumberLine(_Line, frozen=True, kw_only=True, tag="number"):
    """A line of the register of letters; ``sequence`` is its file, such as `2026/semua.jsonl`, ``office`` as above."""

    sequence: str
    office: str = ""
    entry: RegisterEntry


class MendLine(_Line, frozen=True, kw_only=True, tag="mended"):
    """`doctor --mend` added the next ``lines`` lines from what it found in the cases and in the register.

    ``cases`` names the events of each case, ``sequences`` the lines (counted from 1) of each file of the register;
    ``anew`` says that there was no ledger, ``ahead`` when the line before was recorded by a clock that ran ahead.
    ``accepted`` are earlier lines (counted from 1) that sopctl would not have added there, and with which the record
    goes on. ``head`` is the hash of what the line says; older ones have none.
    """

    at: Moment
    by: str
    lines: int
    cases: dict[str, tuple[int, ...]] = {}
    sequences: dict[str, tuple[int, ...]] = {}
    anew: bool = False
    ahead: Moment | None = None
    accepted: tuple[int, ...] = ()
    head: str = ""

    @property
    def digest(self) -> str:
        """What ``head`` must be."""
        return hash_line(_encode(msgspec.structs.replace(self, previous="", head="")))


class OfficeLine(_Line, frozen=True, kw_only=True, tag="office"):
    """An official accepted a `sopctl.yaml` (by sha256): what was recorded by it so far and, where it ``holds``, later.

    ``head`` is the hash of what the line says, as an event's is: of the last line no later one shows a change.
    """

    at: Moment
    by: str
    office: str
    holds: bool
    head: str = ""

    @property
    def digest(self) -> str:
        """What ``head`` must be."""
        return hash_line(_encode((self.at, self.by, self.office, self.holds)))


class AccountLine(_Line, frozen=True, kw_only=True, tag="account"):
    """Somebody invited the official of a page account, gave it another invitation (`reset`), or disabled it.

    No secret is part of it. ``office`` is the sha256 of the `sopctl.yaml` by which it was allowed, ``head`` as above.
    """

    at: Moment
    by: str
    act: AccountAct
    account: str
    office: str
    head: str = ""

    @property
    def digest(self) -> str:
        """What ``head`` must be."""
        return hash_line(_encode((self.at, self.by, self.act, self.account, self.office)))


LedgerLine = EventLine | NumberLine | MendLine | OfficeLine | AccountLine


class EventStamp(Struct, frozen=True, kw_only=True):
    """What an event says of its place in the case, of its time and of its author."""

    number: int = 0
    recorded_at: Moment
    by: str


class LoggedEvent(_LineOfEvent, frozen=True, kw_only=True):
    """An event line in passing: who reads every line of the ledger needs the hash of the event, not the event."""

    event: EventStamp


PassingLine = LoggedEvent | NumberLine | MendLine | OfficeLine | AccountLine


class KeyedLines(Protocol):
    """A ledger whose lines are found by their keys."""

    def find_texts(self, key: str) -> list[tuple[int, bytes]]:
        """The lines with a key as they stand in the ledger, each with its place, oldest first."""


class OfficeChanges:
    """Follows which office file the lines of a ledger name, from the one that was ``named`` before them."""

    def __init__(self, named: str = "") -> None:
        self.named = named

    def follow(self, kind: str, office: str) -> bool:
        """Whether the next line, with what it names, has the key `OFFICE`: it names another, or accepts one.

        After a line that accepts one, the next that names any is such a line, too.
        """
        accepts = kind == OFFICE
        changes = accepts or office not in {"", self.named}
        self.named = "" if accepts else office or self.named
        return changes


class ChainFault(Struct, frozen=True):
    """A line (counted from 1) at which the chain does not hold."""

    number: int
    reason: Literal["chain", "unreadable"]


class ReadLine(Struct, frozen=True):
    """A line as it stands in the file, with its number and what it says; None where it says nothing that can be read.

    ``torn`` is a line without its end, as a process that died while it wrote leaves the last one.
    """

    number: int
    text: bytes
    line: PassingLine | None
    torn: bool = False


def case_key(case: str) -> str:
    """The key of the lines of a case."""
    return f"case:{case}"


def event_lines(instance: Instance, known: int, office: str = "") -> Iterator[EventLine]:
    """The lines of a case's events after the first ``known`` ones, not chained yet."""
    version = first_version(instance.version, instance.events)
    for event in instance.events[known:]:
        yield EventLine(
            previous="",
            case=instance.id,
            revision=event.number,
            version=version,
            head=instance.head if event.number == instance.revision else digest(event),
            office=office,
            event=event,
        )


def find_lines(book: KeyedLines, key: str) -> list[LedgerLine]:
    """The lines of a ledger with a key that can be read, oldest first."""
    return [line for _, text in book.find_texts(key) if (line := decode_line(text)) is not None]


def find_event_lines(book: KeyedLines, case: str) -> list[EventLine]:
    """The lines of a ledger about one case that can be read, oldest first."""
    return [line for line in find_lines(book, case_key(case)) if isinstance(line, EventLine)]


def encode_chain(lines: Iterable[LedgerLine], previous: str) -> bytes:
    """The text of lines that follow a line with this sha256 (empty for none), each with its own hash."""
    written: list[bytes] = []
    for line in lines:
        said = line if isinstance(line, EventLine | NumberLine) else msgspec.structs.replace(line, head=line.digest)
        text = _encode(msgspec.structs.replace(said, previous=previous))
        previous = hash_line(text)
        written.append(text + b"\n")
    return b"".join(written)


def hash_line(text: bytes) -> str:
    """What the next line carries for this one, its line break left out."""
    return sha256(text).hexdigest()


def recording_moment(text: bytes) -> datetime | None:
    """When a line was recorded; None where it does not say so, or nothing that can be."""
    match decode_line(text):
        case EventLine(event=event):
            at: datetime | None = event.recorded_at
        case NumberLine(entry=entry):
            at = entry.recorded_at
        case MendLine() | OfficeLine() | AccountLine() as line:
            at = line.at
        case None:
            at = None
    return at if at is not None and at.tzinfo and is_readable(at) else None


def find_faults(line: ReadLine, previous: str) -> tuple[ChainFault, ...]:
    """What does not hold at a line, where the line before it has this sha256."""
    said = line.line
    if said is None or line.torn:
        return (ChainFault(line.number, "unreadable"),)
    if isinstance(said, LoggedEvent):  # of the last line no later one shows what its own hash does
        holds = said.head == _event_hash(line.text) and said.revision == said.event.number
    elif isinstance(said, NumberLine):
        holds = True
    else:  # an older sopctl wrote no hash into the line of a mending
        holds = said.head == said.digest or (isinstance(said, MendLine) and not said.head)
    return () if holds and said.previous == previous else (ChainFault(line.number, "chain"),)


def is_whole(text: bytes) -> bool:
    """Whether a line can be read and says of itself what is true; what it says of the line before is not asked."""
    line = decode_passing(text)
    return line is not None and not find_faults(ReadLine(0, text, line), line.previous)


def _event_hash(text: bytes) -> str:
    """The hash of the event that ends an event line; what comes before it holds no mark of its own."""
    return hash_line(text[text.find(_EVENT) + len(_EVENT) : -1])


def decode_line(text: bytes) -> LedgerLine | None:
    """What a line says; None where it says nothing that can be read."""
    return _decoded(_whole, text)


def decode_passing(text: bytes) -> PassingLine | None:
    """What a line says in passing; None where it says nothing that can be read."""
    return _decoded(_passing, text)


def _decoded(decoder: msgspec.json.Decoder[T], text: bytes) -> T | None:
    try:
        return decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


_passing: msgspec.json.Decoder[PassingLine] = make_json_decoder(PassingLine)
_whole: msgspec.json.Decoder[LedgerLine] = make_json_decoder(LedgerLine)
