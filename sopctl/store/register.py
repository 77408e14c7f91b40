"""The register of letter numbers: lines that are only ever added, so that no number is given twice or vanishes.

Each year (and each kode, where the office counts by kode) has a file of its own, so that the next number is found at
the end of one file. What is said of a number later (set, withdrawn) is a line more; `standing` adds them up.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sopctl.errors import DamagedError
from sopctl.store import files

ALL = "semua"
"""The name of a sequence that all kode share, and of the year where the sequence never starts anew."""

Kind = Literal["given", "entered", "awaited", "set", "withdrawn"]
"""What a line says: sopctl gave a number, somebody entered one by hand, a letter waits for one from the registry desk,
that number was set, a number was withdrawn."""

Standing = Literal["given", "awaited", "withdrawn", "skipped"]
"""How a number stands now; one that was skipped lies before a number that was entered by hand."""

_LONGEST_LINE = 1_000_000
"""Bytes: more than the longest text that a case can have for its perihal."""

_encode = msgspec.json.Encoder().encode


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One line: ``urut`` counts within its file, ``nomor`` is what stands on the letter.

    ``urut`` is 0 for a number that another sequence gave, and ``nomor`` empty while it is awaited. ``id`` and
    ``document`` are empty for a letter that no case wrote. ``last`` is the highest number of the sequence so far, 0
    where this line's own is. ``note`` is why a number was withdrawn, or why those before it were skipped.
    """

    urut: int
    nomor: str
    kode: str
    at: datetime
    id: str
    document: str
    perihal: str
    by: str
    kind: Kind = "given"
    note: str = ""
    last: int = 0

    @property
    def highest(self) -> int:
        """The highest number of the sequence when this line was written."""
        return max(self.urut, self.last)


class Registered(Struct, frozen=True, kw_only=True):
    """A letter of the register as it stands; ``urut`` is the first of several where numbers were skipped."""

    urut: int
    nomor: str
    kode: str
    at: datetime
    id: str
    document: str
    perihal: str
    by: str
    status: Standing
    note: str = ""
    entered: bool = False


def file_of(folder: Path, year: int | None, kode: str | None) -> Path:
    """The file of a sequence; None for the year or the kode where the office does not tell them apart."""
    name = re.sub(r"[^0-9A-Za-z.-]", "_", kode).strip(".") if kode else ALL
    return folder / str(year or ALL) / f"{name or ALL}.jsonl"


def next_urut(path: Path) -> int:
    """The number after the last one of a sequence.

    Raises:
        DamagedError: where its last line is not one.
    """
    if not path.exists():
        return 1
    with files.disk(path), path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _LONGEST_LINE))
        lines = file.read().splitlines()
    return _decode(lines[-1], path).highest + 1 if lines else 1


def line(entry: Entry) -> bytes:
    """The line of an entry."""
    return _encode(entry) + b"\n"


def entries(folder: Path, year: int | None = None) -> Iterator[Entry]:
    """Every line, or those of one year, in the order of the files and lines."""
    for path in _files(folder, year):
        yield from entries_of(path)


def sequence_names(folder: Path) -> set[str]:
    """The sequences that have a file, such as `2026/semua.jsonl`."""
    return {path.relative_to(folder).as_posix() for path in _files(folder, None)}


def sequences(folder: Path) -> dict[str, list[Entry]]:
    """Every line by the name of its file below the folder, such as `2026/semua.jsonl`."""
    return {path.relative_to(folder).as_posix(): list(entries_of(path)) for path in _files(folder, None)}


def home_of(folder: Path, wanted: Entry) -> Path | None:
    """The file of the sequence that holds the number (or the waiting letter) which ``wanted`` speaks of."""
    for path in _files(folder, None):
        if any(_same(entry, wanted) for entry in entries_of(path)):
            return path
    return None


def standing(lines: Iterable[Entry]) -> tuple[Registered, ...]:
    """What the lines add up to: every number once, in the order in which it came into the register."""
    found: list[Registered] = []
    for entry in lines:
        match entry.kind:
            case "given" | "entered" | "awaited":
                found += _skipped(entry)
                found.append(_registered(entry))
            case "set":
                if not _amend(found, entry, awaited=True):
                    found += _skipped(entry)
                    found.append(_registered(entry))
            case "withdrawn":
                _amend(found, entry, awaited=not entry.nomor)
    return tuple(found)


def _files(folder: Path, year: int | None) -> list[Path]:
    return sorted(folder.glob(f"{year or '*'}/*.jsonl"))


def entries_of(path: Path) -> Iterator[Entry]:
    """Every line of one file.

    Raises:
        DamagedError: where one is not a line of the register.
    """
    for text in files.read(path, limit=200_000_000).splitlines():
        yield _decode(text, path)


def _same(entry: Entry, wanted: Entry) -> bool:
    """Whether a line brought the number, or the wait for one, that another line speaks of."""
    if entry.kind == "awaited" and (entry.id, entry.document) == (wanted.id, wanted.document):
        return True
    return bool(wanted.nomor) and entry.nomor == wanted.nomor


def _registered(entry: Entry) -> Registered:
    return Registered(
        urut=entry.urut,
        nomor=entry.nomor,
        kode=entry.kode,
        at=entry.at,
        id=entry.id,
        document=entry.document,
        perihal=entry.perihal,
        by=entry.by,
        status="awaited" if entry.kind == "awaited" else "given",
        note=entry.note,
        entered=entry.kind == "entered",
    )


def _skipped(entry: Entry) -> list[Registered]:
    """The numbers that a number entered by hand left out, as one row with its reason."""
    if entry.kind not in {"entered", "set"} or entry.urut <= entry.last + 1:
        return []
    first, before = entry.last + 1, entry.urut - 1
    nomor = str(first) if first == before else f"{first}–{before}"
    bare = replace(_registered(entry), urut=first, nomor=nomor, id="", document="", perihal="")
    return [replace(bare, status="skipped")]


def _amend(found: list[Registered], entry: Entry, *, awaited: bool) -> bool:
    """Let a later line change what it speaks of; whether there was anything."""
    for index in range(len(found) - 1, -1, -1):
        row = found[index]
        waits = row.status == "awaited" and (row.id, row.document) == (entry.id, entry.document)
        if waits if awaited else row.status == "given" and row.nomor == entry.nomor:
            status: Standing = "withdrawn" if entry.kind == "withdrawn" else "given"
            found[index] = replace(row, nomor=entry.nomor, urut=entry.urut, status=status, note=entry.note)
            return True
    return False


def _decode(text: bytes, path: Path) -> Entry:
    try:
        return msgspec.json.decode(text, type=Entry)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise DamagedError(
            f"Buku agenda {path} rusak ({error}). Pulihkan dari cadangan, atau dari buku besar dengan "
            "sopctl doctor --mend."
        ) from error
