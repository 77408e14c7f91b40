"""The ledger of the workspace: one file of lines that are only ever added, one for every event and every letter number.

Each line carries the sha256 of the line before, so that none can be changed, removed or inserted without breaking the
chain after it, and a line holds the whole event or entry, so that a case or a register that was lost can be made again.
What a chain cannot show is that its newest lines were cut off everywhere: for that `anchor` keeps its head elsewhere.

A line is added with the change that it tells of, in the same transaction; it costs the same however long the ledger is.
"""

import mmap
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from sopctl.engine.events import Event, Moment, digest
from sopctl.errors import DamagedError
from sopctl.store import disk
from sopctl.store.register import RegisterEntry

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
        DamagedError: where the file does not end with a line break.
    """
    with _map_file(path) as text:
        if text and text[-1:] != b"\n":
            raise DamagedError(
                f"Baris terakhir buku catatan {path} terpotong; pulihkan dari cadangan, atau buang baris itu.",
                code="ledger",
                advice="mend",
            )
        return text[text.rfind(b"\n", 0, max(0, len(text) - 1)) + 1 : -1]


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
        return (ChainFault(line.number, "chain"),)  # of the last line no later one shows it
    return () if said.previous == previous else (ChainFault(line.number, "chain"),)


def highest_number(path: Path, sequence: str) -> int:
    """The highest number that the ledger says a sequence of letters gave, 0 where it gave none."""
    marks = b'"sequence":' + _encode(sequence)
    for line in _search_lines(path, marks):
        if isinstance(line, NumberLine) and line.sequence == sequence:
            return line.entry.highest
    return 0


def latest_case_number(path: Path, sop: str) -> int:
    """The number of the case of an SOP that was opened last, 0 where none was."""
    for line in _search_lines(path, f'"case":"{sop}-'.encode()):
        if isinstance(line, EventLine) and line.revision == 1:
            name, _, number = line.case.rpartition("-")
            if name == sop:
                return int(number)
    return 0


def find_event_lines(path: Path, case: str, *, within: int | None = None) -> Iterator[EventLine]:
    """The lines of one case, the newest first; of the whole ledger or of so many bytes at its end."""
    for line in _search_lines(path, f'"case":"{case}"'.encode(), within=within):
        if isinstance(line, EventLine) and line.case == case:
            yield line


def find_last_event_line(path: Path, case: str) -> EventLine | None:
    """The newest line of one case; None where it lies further back than a command should look (see `_FAR`)."""
    return next(find_event_lines(path, case, within=_FAR), None)


def _search_lines(path: Path, mark: bytes, *, within: int | None = None) -> Iterator[LedgerLine]:
    """The lines that hold a mark and can be read, the newest first.

    A mark is a key of the line with its value: a text that somebody typed cannot hold one, for JSON writes its quotes
    with a backslash. Whoever looks for something recent reads only the end of the file.
    """
    with _map_file(path) as text:
        first = 0 if within is None else max(0, len(text) - within)
        at = text.rfind(mark, first)
        while at >= 0:
            begins, ends = text.rfind(b"\n", 0, at) + 1, text.find(b"\n", at)
            line = _decode(text[begins : ends if ends >= 0 else len(text)])
            if line is not None:
                yield line
            at = text.rfind(mark, first, begins)


@contextmanager
def _map_file(path: Path) -> Iterator[mmap.mmap | bytes]:
    """The bytes of the ledger, of which only those are read that are looked at; none where there is no ledger."""
    with disk.translate_errors(path):
        if not path.exists() or not path.stat().st_size:
            yield b""
            return
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
            yield text


def _decode(text: bytes) -> LedgerLine | None:
    try:
        line: LedgerLine = msgspec.json.decode(text, type=LedgerLine)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return line
