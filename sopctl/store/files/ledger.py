"""The ledger of the workspace: one file of lines that are only ever added, one for every event and every letter number.

Each line carries the sha256 of the line before, so that none can be changed, removed or inserted without breaking the
chain after it, and a line holds the whole event or entry, so that a case or a register that was lost can be made again.
What a chain cannot show is that its newest lines were cut off everywhere: for that `anchor` keeps its head elsewhere.

A line is added with the change that it tells of, in the same transaction; it costs the same however long the ledger is.
"""

import mmap
import os
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from sopctl.engine.events import Event, Moment, digest
from sopctl.errors import DamagedError
from sopctl.store import disk
from sopctl.store.files.register import RegisterEntry

_TAIL = 8192
"""Bytes that are read at the end of the file at first: more than most lines have."""

_FAR = 8_000_000
"""Bytes at the end of the ledger, some ten thousand events, in which a command looks for a case's last one."""

_encode = msgspec.json.Encoder().encode


class EventLine(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, tag_field="kind", tag="event"
):
    """An event of a case; ``version`` is the SOP version that the case was opened with, ``head`` the event's hash.

    ``office`` is the sha256 of the `sopctl.yaml` by which the event was allowed; empty where nobody wrote that down.
    """

    previous: str
    case: str
    revision: int
    version: str
    head: str
    office: str = ""
    event: Event


class NumberLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="number"):
    """A line of the register of letters; ``sequence`` is its file, such as `2026/semua.jsonl`."""

    previous: str
    sequence: str
    entry: RegisterEntry


class MendLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="mended"):
    """`doctor --mend` added the next ``lines`` lines from what it found in the cases and in the register.

    ``cases`` names the events of each case, ``sequences`` the lines (counted from 1) of each file of the register;
    ``anew`` says that there was no ledger.
    """

    previous: str
    at: Moment
    by: str
    lines: int
    cases: dict[str, tuple[int, ...]] = {}
    sequences: dict[str, tuple[int, ...]] = {}
    anew: bool = False


LedgerLine = EventLine | NumberLine | MendLine


class Anchor(Struct, frozen=True, forbid_unknown_fields=True):
    """The head of a ledger to keep elsewhere: how many lines it had, and the sha256 of the last one."""

    lines: int
    head: str


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
    line: LedgerLine | None
    torn: bool = False


def encode_chain(lines: Iterable[LedgerLine], previous: str) -> bytes:
    """The text of lines that follow a line with this sha256 (empty for none)."""
    written: list[bytes] = []
    for line in lines:
        text = _encode(msgspec.structs.replace(line, previous=previous))
        previous = hash_line(text)
        written.append(text + b"\n")
    return b"".join(written)


def hash_line(text: bytes) -> str:
    """What the next line carries for this one, its line break left out."""
    return sha256(text).hexdigest()


def read_last_line(path: Path) -> bytes:
    """The last line, empty where there is none; it is found from the end of the file.

    Raises:
        DamagedError: where the file does not end with a whole line.
    """
    with disk.translate_errors(path):
        try:
            with disk.open_descriptor(path, os.O_RDONLY) as file:
                size = os.fstat(file).st_size
                wanted = _TAIL
                while True:
                    begins = max(0, size - wanted)
                    os.lseek(file, begins, os.SEEK_SET)
                    tail = os.read(file, size - begins)
                    at = tail.rfind(b"\n", 0, -1)
                    if at >= 0 or begins == 0:
                        break
                    wanted *= 8
        except FileNotFoundError:
            return b""
    if tail and not tail.endswith(b"\n"):
        raise DamagedError(
            f"Baris terakhir buku besar {path} terpotong; pulihkan dari cadangan, atau buang baris itu.",
            code="ledger",
            advice="mend",
        )
    return tail[at + 1 : -1]


def read_lines(path: Path) -> Iterator[ReadLine]:
    """Every line, from the first on."""
    with disk.translate_errors(path):
        try:
            file = open(path, "rb", opener=disk.open_nonblocking)  # noqa: SIM115 — a path opens without an opener
        except FileNotFoundError:
            return
        with file:
            for number, text in enumerate(file, 1):
                plain = text.removesuffix(b"\n")
                yield ReadLine(number, plain, _decode(plain), torn=plain == text)


def find_faults(line: ReadLine, previous: str) -> tuple[ChainFault, ...]:
    """What does not hold at a line, where the line before it has this sha256."""
    said = line.line
    if said is None:
        return (ChainFault(line.number, "unreadable"),)
    if isinstance(said, EventLine) and (said.head, said.revision) != (digest(said.event), said.event.number):
        return (
            ChainFault(line.number, "chain"),
        )  # what the line after it would show, the last line must show by itself
    return () if said.previous == previous else (ChainFault(line.number, "chain"),)


def read_head(path: Path) -> Anchor:
    """The head of the ledger as it is now; no lines and an empty sha256 where nothing was recorded yet."""
    lines, previous = 0, ""
    for line in read_lines(path):
        lines, previous = line.number, hash_line(line.text)
    return Anchor(lines, previous)


def highest_number(path: Path, sequence: str) -> int:
    """The highest number that the ledger says a sequence of letters gave, 0 where it gave none."""
    marks = b'"sequence":' + _encode(sequence)
    for line in _backwards(path, marks):
        if isinstance(line, NumberLine) and line.sequence == sequence:
            return line.entry.highest
    return 0


def latest_case_number(path: Path, sop: str) -> int:
    """The number of the case of an SOP that was opened last, 0 where none was."""
    for line in _backwards(path, f'"case":"{sop}-'.encode()):
        if isinstance(line, EventLine) and line.revision == 1:
            name, _, number = line.case.rpartition("-")
            if name == sop:
                return int(number)
    return 0


def find_event_lines(path: Path, case: str) -> Iterator[EventLine]:
    """The lines of one case, the newest first."""
    for line in _backwards(path, f'"case":"{case}"'.encode()):
        if isinstance(line, EventLine) and line.case == case:
            yield line


def find_last_event_line(path: Path, case: str) -> EventLine | None:
    """The newest line of one case; None where it lies further back than a command should look (see `_FAR`)."""
    for line in filter(None, map(_decode, _find_texts(path, f'"case":"{case}"'.encode(), within=_FAR))):
        if isinstance(line, EventLine) and line.case == case:
            return line
    return None


def find_raw_lines(path: Path, case: str) -> list[bytes]:
    """The lines of one case letter by letter, oldest first."""
    mark = f'"case":"{case}"'.encode()
    found = [
        text for text in _find_texts(path, mark) if isinstance(line := _decode(text), EventLine) and line.case == case
    ]
    return found[::-1]


def _backwards(path: Path, mark: bytes) -> Iterator[LedgerLine]:
    """The lines that hold a mark and can be read, the newest first."""
    return filter(None, map(_decode, _find_texts(path, mark)))


def _find_texts(path: Path, mark: bytes, *, within: int | None = None) -> Iterator[bytes]:
    """The lines that hold a mark, the newest first, of the whole file or of so many bytes at its end.

    A mark is a key of the line with its value: a text that somebody typed cannot hold one, for JSON writes its quotes
    with a backslash. Whoever looks for something recent reads only the end of the file.
    """
    with disk.translate_errors(path):
        if not path.exists() or not path.stat().st_size:
            return
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
            first = 0 if within is None else max(0, len(text) - within)
            at = text.rfind(mark, first)
            while at >= 0:
                begins, ends = text.rfind(b"\n", 0, at) + 1, text.find(b"\n", at)
                yield text[begins : ends if ends >= 0 else len(text)]
                at = text.rfind(mark, first, begins)


def _decode(text: bytes) -> LedgerLine | None:
    try:
        line: LedgerLine = msgspec.json.decode(text, type=LedgerLine)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return line
