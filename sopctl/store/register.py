"""The register of letter numbers as values: its lines, and the letters that they add up to.

Lines are only ever added. What is said of a number later (set, withdrawn) is a line more in the same sequence, which is
that of a year (and of a kode, where the office counts by kode). A letter is known by its sequence and its number, and
by case and document where it has them: the same number may stand in the sequences of two years.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import PurePath
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sopctl.engine.events import IncomingLetter
from sopctl.errors import DamagedError
from sopctl.store.case_ids import is_id
from sopctl.store.struct_decoders import make_json_decoder

_encode = msgspec.json.Encoder().encode

ALL = "semua"
"""The name of a sequence that all kode share, and of the year where the sequence never starts anew."""

INCOMING = "masuk/"
"""How the sequences of incoming letters begin, each the file of a year: `masuk/2026.jsonl`."""


EntryKind = Literal["given", "entered", "awaited", "set", "unsigned", "signed", "withdrawn", "corrected", "opened"]
"""What a line says: sopctl gave a number, somebody entered one by hand, a letter waits for one from the registry desk,
that number was set, the signature under the letter counts no more, it is signed again, a number was withdrawn. Of an
incoming letter also: what was written of it is corrected, a case was opened from it."""


LetterStatus = Literal["given", "awaited", "unsigned", "withdrawn", "skipped"]
"""How a number stands now; one that was skipped lies before a number that was entered by hand."""

IN_USE: frozenset[LetterStatus] = frozenset({"given", "unsigned"})
"""The states of a number that its letter bears."""


LetterKey = tuple[str, str, str]
"""Case, document and number: what a letter is known by within its sequence; the number is empty while it is awaited."""


class RegisterEntry(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One line: ``urut`` counts within its file, ``nomor`` is what stands on the letter.

    ``urut`` is 0 for a number that another sequence gave, and ``nomor`` empty while it is awaited. ``id`` and
    ``document`` are empty for a letter that no case wrote. ``last`` is the highest number of the sequence so far, 0
    where this line's own is. ``note`` is why a number was withdrawn, or why those before it were skipped.
    ``tujuan`` is whom the letter goes to, empty where nothing says it.
    ``event`` is the number of the event of the case by which a signature was lost or given again.
    ``recorded_at`` is when the line was written; the first lines of old registers do not say it.
    ``masuk`` is what a line says of an incoming letter, which ``at`` was received.
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
    event: int = 0
    tujuan: str = ""
    masuk: IncomingLetter | None = None

    @property
    def letter_key(self) -> LetterKey:
        """The letter that the line is about, within its sequence."""
        return (self.id, self.document, self.nomor)

    @property
    def highest(self) -> int:
        """The highest number of the sequence when this line was written."""
        return max(self.urut, self.last)


class RegisteredLetter(Struct, frozen=True, kw_only=True):
    """A letter of the register as it stands in its ``sequence``; ``urut`` is the first of several that were skipped.

    ``withheld`` says that the account may not read its case: then nothing is told but its number and its day.
    """

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
    tujuan: str = ""
    withheld: bool = False

    @property
    def year(self) -> int:
        """The year of its sequence, or of the letter where the sequence never starts anew."""
        return year_of(self.sequence, self.at)


def year_of(sequence: str, at: datetime) -> int:
    """The year of a sequence, or of its letter where the sequence never starts anew."""
    year = sequence.removeprefix(INCOMING)[:4]
    return int(year) if year.isdecimal() else at.year


def sequence_name(year: int | None, kode: str | None) -> str:
    """The name of a sequence, which is that of its file; None where the office tells no years or kode apart."""
    name = re.sub(r"[^0-9A-Za-z.-]", "_", kode).strip(".") if kode else ALL
    return f"{year or ALL}/{name or ALL}.jsonl"


def sum_up_letters(sequences: Mapping[str, Iterable[RegisterEntry]]) -> tuple[RegisteredLetter, ...]:
    """What the lines of the sequences add up to: every letter once, in the order in which it came into the register.

    A withdrawal that was written into the file of another year counts for the letter that it names. Incoming letters
    are left out; `incoming_register` sums them up.
    """
    rows: list[RegisteredLetter] = []
    current: dict[tuple[str, LetterKey], int] = {}  # the rows of letters that are in use or awaited
    strays: list[RegisterEntry] = []

    def withdraw(key: tuple[str, LetterKey], entry: RegisterEntry) -> None:
        row = current.pop(key)
        rows[row] = replace(rows[row], status="withdrawn", note=entry.note)

    for name, entries in sequences.items():
        for entry in () if name.startswith(INCOMING) else entries:
            key, awaited = (name, entry.letter_key), (name, (entry.id, entry.document, ""))
            if entry.kind == "withdrawn" and key in current:
                withdraw(key, entry)
            elif entry.kind in {"signed", "unsigned"}:
                _apply_signature(rows, current.get(key), entry)
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


def find_sequence(sequences: Mapping[str, Iterable[RegisterEntry]], entry: RegisterEntry, place: str) -> str:
    """The sequence that holds the letter of an entry: the latest with this number, or with the wait for one.

    Raises:
        DamagedError: where none does; ``place`` is what is to be restored then.
    """
    for row in reversed(sum_up_letters(sequences)):
        if (row.id, row.document, row.nomor) == entry.letter_key:
            return row.sequence
    raise DamagedError(
        f"Buku agenda tidak memuat surat {entry.document} berkas {entry.id} (nomor: {entry.nomor or 'belum'})"
        f"; pulihkan {place} dari cadangan."
    )


def note_highest(entry: RegisterEntry, highest: int) -> RegisterEntry:
    """The entry as it follows the ``highest`` number of its sequence, which one that counts itself need not name."""
    numbered = entry.kind in {"given", "entered", "set"} and entry.urut
    return entry if numbered or entry.last else replace(entry, last=highest)


def _apply_signature(rows: list[RegisteredLetter], row: int | None, entry: RegisterEntry) -> None:
    """A letter that is in use lost its signature, or is signed again."""
    status: LetterStatus = "unsigned" if entry.kind == "unsigned" else "given" if entry.nomor else "awaited"
    if row is not None:
        rows[row] = replace(rows[row], status=status, note=entry.note, tujuan=entry.tujuan or rows[row].tujuan)


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
        tujuan=entry.tujuan,
    )


def format_skipped(entry: RegisterEntry) -> str:
    """The numbers that a number entered by hand left out, one or the first and last; empty where there are none."""
    if entry.kind not in {"entered", "set"} or entry.urut <= entry.last + 1:
        return ""
    first, before = entry.last + 1, entry.urut - 1
    return str(first) if first == before else f"{first}–{before}"


def _list_skipped(sequence: str, entry: RegisterEntry) -> list[RegisteredLetter]:
    """The skipped numbers as one row with its reason."""
    if not (nomor := format_skipped(entry)):
        return []
    bare = replace(_registered_letter(sequence, entry), id="", document="", perihal="", tujuan="")
    return [replace(bare, urut=entry.last + 1, nomor=nomor, status="skipped")]


def encode_entry(entry: RegisterEntry) -> bytes:
    """The line of an entry."""
    return _encode(entry) + b"\n"


def decode_entries(data: bytes, path: PurePath, case: str | None = None) -> Iterator[RegisterEntry]:
    """The lines of the sequence in these bytes, all or those about one case; its name ends the path.

    Raises:
        DamagedError: where one is not a line of the register.
    """
    if case and not is_id(case):
        return
    for text in data.splitlines() if case is None else _lines_with(data, b'"id":' + _encode(case)):
        yield decode_entry(text, path)


def decode_entry(text: bytes, path: PurePath) -> RegisterEntry:
    """One line of it; the rest as above."""
    try:
        entry = make_json_decoder(RegisterEntry).decode(text)
        if entry.masuk and entry.masuk.scan:
            _check_scan(entry.masuk.scan.path, path)
        return entry  # noqa: TRY300 — what the check refuses is damage as well
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise DamagedError(
            f"Buku agenda {path} rusak ({error}). Pulihkan dari cadangan, atau dari buku catatan.",
            advice="mend",
        ) from error


def _lines_with(data: bytes, mark: bytes) -> Iterator[bytes]:
    """The lines that hold a mark, found without a look at the others."""
    at = data.find(mark)
    while at >= 0:
        ends = data.find(b"\n", at) % (len(data) + 1)  # of a last line without its end all of it
        yield data[data.rfind(b"\n", 0, at) + 1 : ends]
        at = data.find(mark, ends)


def _check_scan(scan: str, path: PurePath) -> None:
    """Make sure that a scan lies in the folder of its sequence; else ValidationError."""
    folder, _, name = scan.rpartition("/")
    if folder != f"data/attachments/{path.parent.name}/{path.stem}" or name in {"", ".", ".."}:
        raise msgspec.ValidationError(scan)
