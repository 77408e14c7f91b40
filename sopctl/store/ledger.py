"""The ledger of the workspace: one file of lines that are only ever added, one for every event and every letter number.

Each line carries the sha256 of the line before, so that none can be changed, removed or inserted without breaking the
chain after it, and a line holds the whole event or entry, so that a case or a register that was lost can be made again.
What a chain cannot show is that its newest lines were cut off everywhere: for that `anchor` keeps its head elsewhere.

A line is added with the change that it tells of, in the same transaction; it costs the same however long the ledger is.
"""

import mmap
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from sopctl.engine.events import Event
from sopctl.errors import DamagedError
from sopctl.store import files
from sopctl.store.register import Entry

_TAIL = 8192
"""Bytes that are read at the end of the file at first: more than most lines have."""

_encode = msgspec.json.Encoder().encode


class Happened(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="event"):
    """An event of a case; ``version`` is the SOP version that the case was opened with, ``head`` the event's hash."""

    previous: str
    case: str
    revision: int
    version: str
    head: str
    event: Event


class Entered(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="number"):
    """A line of the register of letters; ``sequence`` is its file, such as `2026/semua.jsonl`."""

    previous: str
    sequence: str
    entry: Entry


Line = Happened | Entered


class Anchor(Struct, frozen=True, forbid_unknown_fields=True):
    """The head of a ledger to keep elsewhere: how many lines it had, and the sha256 of the last one."""

    lines: int
    head: str


class Fault(Struct, frozen=True):
    """A line (counted from 1) at which the chain does not hold."""

    number: int
    reason: Literal["chain", "unreadable"]


class Read(Struct, frozen=True):
    """A line as it stands in the file, with its number and what it says; None where it says nothing that can be read."""

    number: int
    text: bytes
    line: Line | None


def chained(lines: Iterable[Line], previous: str) -> bytes:
    """The text of lines that follow a line with this sha256 (empty for none)."""
    written: list[bytes] = []
    for line in lines:
        text = _encode(msgspec.structs.replace(line, previous=previous))
        previous = link(text)
        written.append(text + b"\n")
    return b"".join(written)


def link(text: bytes) -> str:
    """What the next line carries for this one, its line break left out."""
    return sha256(text).hexdigest()


def last(path: Path) -> bytes:
    """The last line, empty where there is none; it is found from the end of the file.

    Raises:
        DamagedError: where the file does not end with a whole line.
    """
    with files.disk(path):
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return b""
        with file:
            size = file.seek(0, 2)
            wanted = _TAIL
            while True:
                begins = max(0, size - wanted)
                file.seek(begins)
                tail = file.read(size - begins)
                if tail and not tail.endswith(b"\n"):
                    raise DamagedError(
                        f"Baris terakhir buku besar {path} terpotong; jalankan sopctl doctor --mend.", code="ledger"
                    )
                at = tail.rfind(b"\n", 0, -1)
                if at >= 0 or begins == 0:
                    return tail[at + 1 : -1]
                wanted *= 8


def read(path: Path) -> Iterator[Read]:
    """Every line, from the first on."""
    with files.disk(path):
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return
        with file:
            for number, text in enumerate(file, 1):
                plain = text.removesuffix(b"\n")
                yield Read(number, plain, _decode(plain))


def faults(lines: Iterable[Read]) -> Iterator[Fault]:
    """The lines at which the chain does not hold."""
    previous = ""
    for line in lines:
        if line.line is None:
            yield Fault(line.number, "unreadable")
        elif line.line.previous != previous:
            yield Fault(line.number, "chain")
        previous = link(line.text)


def head(path: Path) -> Anchor:
    """The head of the ledger as it is now; no lines and an empty sha256 where nothing was recorded yet."""
    lines, previous = 0, ""
    for line in read(path):
        lines, previous = line.number, link(line.text)
    return Anchor(lines, previous)


def highest(path: Path, sequence: str) -> int:
    """The highest number that the ledger says a sequence of letters gave, 0 where it gave none.

    It is looked for from the end, since the newest line of a sequence says it; so the answer costs little where letters
    are numbered often, and one pass over the file where a sequence begins.
    """
    with files.disk(path):
        if not path.exists() or not path.stat().st_size:
            return 0
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
            # A text that somebody typed cannot hold this: JSON writes its quotes with a backslash.
            at = text.rfind(b'"kind":"number"', 0)
            wanted = _encode(sequence)
            while at >= 0:
                begins = text.rfind(b"\n", 0, at) + 1
                ends = text.find(b"\n", at)
                line = _decode(text[begins : ends if ends >= 0 else len(text)])
                if isinstance(line, Entered) and _encode(line.sequence) == wanted:
                    return line.entry.highest
                at = text.rfind(b'"kind":"number"', 0, begins)
    return 0


def _decode(text: bytes) -> Line | None:
    try:
        return msgspec.json.decode(text, type=Line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
