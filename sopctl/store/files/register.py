"""The register of letter numbers: lines that are only ever added, so that no number is given twice or vanishes.

Each year (and each kode, where the office counts by kode) is a sequence with a file of its own, so that the next number
is found at the end of one file. What is said of a number later (set, withdrawn) is a line more in the same file;
`sum_up_letters` adds them up. A letter is known by its sequence and its number, and by case and document where it has
them: the same number may stand in the sequences of two years.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sopctl.errors import DamagedError
from sopctl.store import disk

ALL = "semua"
"""The name of a sequence that all kode share, and of the year where the sequence never starts anew."""

EntryKind = Literal["given", "entered", "awaited", "set", "withdrawn"]
"""What a line says: sopctl gave a number, somebody entered one by hand, a letter waits for one from the registry desk,
that number was set, a number was withdrawn."""

LetterStatus = Literal["given", "awaited", "withdrawn", "skipped"]
"""How a number stands now; one that was skipped lies before a number that was entered by hand."""

_LONGEST_LINE = 1_000_000
"""Bytes: more than the longest text that a case can have for its perihal."""

LetterKey = tuple[str, str, str]
"""Case, document and number: what a letter is known by within its sequence; the number is empty while it is awaited."""

_encode = msgspec.json.Encoder().encode


class RegisterEntry(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One line: ``urut`` counts within its file, ``nomor`` is what stands on the letter.

    ``urut`` is 0 for a number that another sequence gave, and ``nomor`` empty while it is awaited. ``id`` and
    ``document`` are empty for a letter that no case wrote. ``last`` is the highest number of the sequence so far, 0
    where this line's own is. ``note`` is why a number was withdrawn, or why those before it were skipped.
    ``recorded_at`` is when the line was written; the first lines of old registers do not say it.
    """

    urut: int
    nomor: str
    kode: str
    at: datetime
    id: str
    document: str
    perihal: str
    by: str
    kind: EntryKind = "given"
    note: str = ""
    last: int = 0
    recorded_at: datetime | None = None

    @property
    def letter_key(self) -> LetterKey:
        """The letter that the line is about, within its sequence."""
        return (self.id, self.document, self.nomor)

    @property
    def highest(self) -> int:
        """The highest number of the sequence when this line was written."""
        return max(self.urut, self.last)


class RegisteredLetter(Struct, frozen=True, kw_only=True):
    """A letter of the register as it stands in its ``sequence``; ``urut`` is the first of several that were skipped."""

    sequence: str
    urut: int
    nomor: str
    kode: str
    at: datetime
    id: str
    document: str
    perihal: str
    by: str
    status: LetterStatus
    note: str = ""
    entered: bool = False
    recorded_at: datetime | None = None

    @property
    def year(self) -> int:
        """The year of its sequence, or of the letter where the sequence never starts anew."""
        year = self.sequence.partition("/")[0]
        return int(year) if year.isdecimal() else self.at.year


def sequence_name(year: int | None, kode: str | None) -> str:
    """The name of a sequence, which is that of its file; None where the office tells no years or kode apart."""
    name = re.sub(r"[^0-9A-Za-z.-]", "_", kode).strip(".") if kode else ALL
    return f"{year or ALL}/{name or ALL}.jsonl"


def next_urut(path: Path) -> int:
    """The number after the last one of a sequence.

    Raises:
        DamagedError: where its last line is not one.
    """
    if not path.exists():
        return 1
    with disk.translate_errors(path), path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _LONGEST_LINE))
        lines = file.read().splitlines()
    return _decode(lines[-1], path).highest + 1 if lines else 1


def encode_entry(entry: RegisterEntry) -> bytes:
    """The line of an entry."""
    return _encode(entry) + b"\n"


def read_all_entries(folder: Path, year: int | None = None) -> Iterator[RegisterEntry]:
    """Every line, or those of one year, in the order of the files and lines."""
    for path in _files(folder, year):
        yield from read_entries(path)


def sequence_names(folder: Path) -> set[str]:
    """The sequences that have a file, such as `2026/semua.jsonl`."""
    return {path.relative_to(folder).as_posix() for path in _files(folder, None)}


def read_sequences(folder: Path) -> dict[str, list[RegisterEntry]]:
    """Every line by the name of its file below the folder, such as `2026/semua.jsonl`."""
    return {path.relative_to(folder).as_posix(): list(read_entries(path)) for path in _files(folder, None)}


def find_sequence(folder: Path, letter: LetterKey) -> str | None:
    """The sequence that holds a letter of a case: the latest with this number, or with the wait for one."""
    rows = sum_up_letters(read_sequences(folder))
    return next((row.sequence for row in reversed(rows) if (row.id, row.document, row.nomor) == letter), None)


def sum_up_letters(sequences: Mapping[str, Iterable[RegisterEntry]]) -> tuple[RegisteredLetter, ...]:
    """What the lines of the sequences add up to: every letter once, in the order in which it came into the register.

    A withdrawal that was written into the file of another year counts for the letter that it names.
    """
    rows: list[RegisteredLetter] = []
    current: dict[tuple[str, LetterKey], int] = {}  # the rows of letters that are in use or awaited
    strays: list[RegisterEntry] = []

    def withdraw(key: tuple[str, LetterKey], entry: RegisterEntry) -> None:
        row = current.pop(key)
        rows[row] = replace(rows[row], status="withdrawn", note=entry.note)

    for name, entries in sequences.items():
        for entry in entries:
            key, awaited = (name, entry.letter_key), (name, (entry.id, entry.document, ""))
            if entry.kind == "withdrawn" and key in current:
                withdraw(key, entry)
            elif entry.kind == "withdrawn":
                strays.append(entry)
            elif entry.kind == "set" and awaited in current:
                row = current[key] = current.pop(awaited)
                rows[row] = replace(rows[row], nomor=entry.nomor, urut=entry.urut, status="given", note=entry.note)
            else:
                rows += _list_skipped(name, entry)
                current[key] = len(rows)
                rows.append(_registered_letter(name, entry))
    for entry in strays:
        if found := [key for key in current if key[1] == entry.letter_key]:
            withdraw(found[-1], entry)
    return tuple(rows)


def _files(folder: Path, year: int | None) -> list[Path]:
    return sorted(folder.glob(f"{year or '*'}/*.jsonl"))


def read_entries(path: Path) -> Iterator[RegisterEntry]:
    """Every line of one file.

    Raises:
        DamagedError: where one is not a line of the register.
    """
    for text in disk.read_file(path, limit=200_000_000).splitlines():
        yield _decode(text, path)


def _registered_letter(sequence: str, entry: RegisterEntry) -> RegisteredLetter:
    return RegisteredLetter(
        sequence=sequence,
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
        recorded_at=entry.recorded_at,
    )


def _list_skipped(sequence: str, entry: RegisterEntry) -> list[RegisteredLetter]:
    """The numbers that a number entered by hand left out, as one row with its reason."""
    if entry.kind not in {"entered", "set"} or entry.urut <= entry.last + 1:
        return []
    first, before = entry.last + 1, entry.urut - 1
    nomor = str(first) if first == before else f"{first}–{before}"
    bare = replace(_registered_letter(sequence, entry), urut=first, nomor=nomor, id="", document="", perihal="")
    return [replace(bare, status="skipped")]


def _decode(text: bytes, path: Path) -> RegisterEntry:
    try:
        return msgspec.json.decode(text, type=RegisterEntry)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise DamagedError(
            f"Buku agenda {path} rusak ({error}). Pulihkan dari cadangan, atau dari buku besar.",
            advice="mend",
        ) from error
