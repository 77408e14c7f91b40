"""The register of letter numbers: one line a number, in the order in which they were given, never taken back.

Each year (and each kode, where the office counts by kode) has a file of its own, so that the next number is found at
the end of one file.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from sopctl.errors import DamagedError
from sopctl.store import files

ALL = "semua"
"""The name of a sequence that all kode share, and of the year where the sequence never starts anew."""

_LONGEST_LINE = 1_000_000
"""Bytes: more than the longest text that a case can have for its perihal."""

_encode = msgspec.json.Encoder().encode


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One number: ``urut`` counts within its file, ``nomor`` is what stands on the letter."""

    urut: int
    nomor: str
    kode: str
    at: datetime
    id: str
    document: str
    perihal: str
    by: str


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
    return _decode(lines[-1], path).urut + 1 if lines else 1


def line(entry: Entry) -> bytes:
    """The line of an entry."""
    return _encode(entry) + b"\n"


def entries(folder: Path, year: int | None = None) -> Iterator[Entry]:
    """Every number, or those of one year, in the order of the files and lines."""
    for path in sorted(folder.glob(f"{year or '*'}/*.jsonl")):
        for text in files.read(path, limit=200_000_000).splitlines():
            yield _decode(text, path)


def _decode(text: bytes, path: Path) -> Entry:
    try:
        return msgspec.json.decode(text, type=Entry)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise DamagedError(f"Buku agenda {path} rusak ({error}); pulihkan dari cadangan.") from error
