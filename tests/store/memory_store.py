"""A record in memory: as plain as it can be, so that other stores can be compared with it.

Nothing is indexed, kept ready or shared between processes. A transaction works on a copy, which becomes the record when
it is made.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import BinaryIO, cast

from sopctl.engine.instance import Instance
from sopctl.engine.moments import check_clock
from sopctl.errors import DamagedError, NotFoundError
from sopctl.measure.tally import MeasuredTurn, Tally
from sopctl.office.letter_numbers import normalize_number
from sopctl.store import case_ids, case_json, file_paths, ledger
from sopctl.store.case_figures import read_figures
from sopctl.store.ledger import (
    ACCOUNT,
    MENDED,
    OFFICE,
    AccountAct,
    AccountLine,
    EventLine,
    LedgerLine,
    MendLine,
    NumberLine,
    OfficeLine,
    ReadLine,
    case_key,
    event_lines,
)
from sopctl.store.protocol import CaseOpener, CommitState, MayRead, OnProgress, RecordStore, WrongProjection
from sopctl.store.register import INCOMING, RegisterEntry, encode_entry, find_sequence, note_highest
from sopctl.store.transaction import Transaction
from sopctl.store.workspace import VersionKind


@dataclass
class Contents:
    """The record; each value is replaced and never changed."""

    cases: dict[str, bytes] = field(default_factory=dict)
    sequences: dict[str, tuple[RegisterEntry, ...]] = field(default_factory=dict)
    lines: tuple[bytes, ...] = ()
    versions: dict[tuple[str, str], bytes] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    changes: int = 0

    def copied(self) -> "Contents":
        """The same, to be changed."""
        return Contents(copy(self.cases), copy(self.sequences), self.lines, copy(self.versions), copy(self.files),
                        self.changes)  # fmt: skip


class Memory:
    """Where a record is kept for several stores; copies of files for other programs lie in ``copies``."""

    def __init__(self, copies: Path) -> None:
        self.copies = copies
        self.contents = Contents()
        self.writing = Lock()


class MemoryStore:
    """See `protocol.RecordStore`."""

    folder: Path | None = None

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.commit_state: CommitState = "nothing"

    @property
    def contents(self) -> Contents:
        return self._memory.contents

    def correct_clock(self, now: datetime) -> datetime:
        return now

    def state(self) -> str:
        return str(self.contents.changes)

    def await_change(self, state: str, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while self.state() == state and time.monotonic() < until:
            time.sleep(0.01)
        return self.state() != state

    def find_id(self, text: str) -> str:
        wanted = text.strip().lower()
        return wanted if wanted in self.contents.cases else case_ids.choose_id([*self.list_ids()], text)

    def list_ids(self, sop: str | None = None) -> Iterator[str]:
        ids = sorted(self.contents.cases, key=lambda id: (_sop_of(id), case_ids.number_of(id)))
        return (id for id in ids if not sop or _sop_of(id) == sop)

    def load_instance(self, id: str) -> Instance:
        return case_json.decode(self.read_case(id), id, id)

    def read_case(self, id: str) -> bytes:
        case_ids.folder_of(id)
        if id not in self.contents.cases:
            raise case_ids.no_case(id)
        return self.contents.cases[id]

    def read_cases(self, ids: Iterable[str]) -> Iterator[tuple[str, str, bytes | None]]:
        return ((id, f"berkas {id}", self.contents.cases.get(id)) for id in ids)

    def list_sequences(self) -> list[str]:
        return sorted(self.contents.sequences)

    def read_sequence(self, sequence: str) -> bytes:
        return b"".join(map(encode_entry, self.contents.sequences.get(sequence, ())))

    def list_versions(self, kind: VersionKind) -> list[str]:
        return sorted(version for of, version in self.contents.versions if of == kind)

    def read_version(self, kind: VersionKind, version: str) -> bytes:
        if (kind, version) not in self.contents.versions:
            raise NotFoundError(f"Versi {version} tidak ada.", code="file")
        text = self.contents.versions[kind, version]
        if sha256(text).hexdigest() != version:
            raise DamagedError(f"Versi {version} diubah di luar sopctl.", code="changed")
        return text

    def open_ledger(self) -> "MemoryLedger":
        return MemoryLedger(self.contents.lines)

    def open_index(self, cases: CaseOpener, on_progress: OnProgress | None = None) -> "MemoryIndex":
        return MemoryIndex(self, cases, on_progress)

    def read_register(self, year: int | None = None) -> Iterator[RegisterEntry]:
        names = (name for name in sorted(self.contents.sequences) if not name.startswith(INCOMING))
        wanted = (name for name in names if not year or name.startswith(f"{year}/"))
        return (entry for name in wanted for entry in self.contents.sequences[name])

    def has_number(self, nomor: str, year: int | None) -> bool:
        return normalize_number(nomor) in {normalize_number(entry.nomor) for entry in self.read_register(year)}

    def read_sequences(self, case: str | None = None) -> dict[str, list[RegisterEntry]]:
        return {
            name: [entry for entry in self.contents.sequences[name] if case is None or entry.id == case]
            for name in sorted(self.contents.sequences)
        }

    def open_file(self, path: str) -> BinaryIO:
        if path not in self.contents.files:
            raise NotFoundError(f"{path} tidak ada lagi.", code="file", advice="verify")
        return BytesIO(self.contents.files[path])

    def locate_file(self, path: str) -> Path:
        with self.open_file(path) as file:
            copied = self._memory.copies / sha256(path.encode()).hexdigest() / Path(path).name
            copied.parent.mkdir(parents=True, exist_ok=True)
            copied.write_bytes(file.read())
        return copied

    def list_missing(self, paths: Iterable[str]) -> list[str]:
        return [path for path in paths if path not in self.contents.files]

    def find_wrong_projections(self) -> list[WrongProjection]:
        return []

    def list_file_parts(self, case: str | None) -> list[str]:
        folders = {path.rpartition("/")[0] for path in self.contents.files}
        return sorted(folder for folder in folders if case is None or folder.endswith(f"/{case}"))

    def hash_files(self, part: str) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for path, data in self.contents.files.items():
            folder, _, name = path.rpartition("/")
            if folder == part:
                found.setdefault(folder, {})[name] = sha256(data).hexdigest()
        return found

    def recover(self) -> bool:
        return False

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        with self._memory.writing:
            yield cast("Transaction", MemoryTransaction(self))

    @contextmanager
    def repair(self, at: datetime) -> "Iterator[MemoryRepair]":
        with self._memory.writing:
            yield MemoryRepair(self, at)

    def make(self, changed: Contents) -> None:
        changed.changes += 1
        self._memory.contents = changed
        self.commit_state = "yes"


class MemoryTransaction:
    """Does what `transaction.Transaction` does, by other code."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._now = store.contents.copied()
        self._lines: list[LedgerLine] = []
        self._office = ""
        self._opened: dict[str, int] = {}
        self._given: dict[str, int] = {}

    def check_clock(self, now: datetime) -> None:
        check_clock(now, ledger.recording_moment(self._last_line()))

    def new_id(self, sop: str) -> str:
        told = (line.case for line in MemoryLedger(self._store.contents.lines).decoded() if isinstance(line, EventLine))
        numbers = [case_ids.number_of(id) for id in (*self._store.contents.cases, *told) if _sop_of(id) == sop]
        self._opened[sop] = max([*numbers, self._opened.get(sop, 0)], default=0) + 1
        return case_ids.new_id(sop, self._opened[sop])

    def load_instance(self, id: str) -> Instance:
        found = self._store.load_instance(id)
        lines = MemoryLedger(self._store.contents.lines).decoded()
        told = [line for line in lines if isinstance(line, EventLine) and line.case == id]
        highest = max((line.revision for line in told), default=0)
        if {line.head for line in told if line.revision == highest} != {found.head}:
            code = "ahead" if not told else "changed" if highest == found.revision else "behind"
            raise DamagedError(f"Berkas {id} berbeda dari buku catatan.", code=code)
        return found

    def use_office(self, office: str, text: bytes) -> None:
        self._office = office
        self._now.versions.setdefault(("office", office), text)

    def accept_office(self, office: str, at: datetime, by: str, *, holds: bool) -> None:
        self._lines.append(OfficeLine(previous="", at=at, by=by, office=office, holds=holds))

    def record_account_act(self, act: AccountAct, account: str, at: datetime, by: str) -> None:
        line = AccountLine(previous="", at=at, by=by, act=act, account=account, office=self._office)
        self._lines.append(line)

    def save_instance(self, instance: Instance) -> None:
        data = case_json.encode_to_save(instance)
        before = self._now.cases.get(instance.id)
        known = case_json.decode(before, "", instance.id).revision if before else 0
        self._lines += event_lines(instance, known, self._office)
        self._now.cases[instance.id] = data

    def pin_sop(self, version: str, text: bytes) -> None:
        self._now.versions.setdefault(("sops", version), text)

    def add_document(self, id: str, name: str, data: bytes, suffix: str = ".docx") -> str:
        return self._add_file(file_paths.document_path(id, name, suffix), data)

    def add_attachment(self, id: str, name: str, data: bytes) -> str:
        return self._add_file(file_paths.attachment_path(id, name), data)

    def add_scan(self, sequence: str, name: str, data: bytes) -> str:
        return self._add_file(file_paths.scan_path(sequence, name), data)

    def _add_file(self, path: str, data: bytes) -> str:
        self._now.files[path] = data
        return path

    def next_urut(self, sequence: str) -> int:
        self._given[sequence] = self._highest(sequence) + 1
        return self._given[sequence]

    def _highest(self, sequence: str) -> int:
        """The highest number of a sequence, those of this transaction included."""
        kept = max((entry.highest for entry in self._store.contents.sequences.get(sequence, ())), default=0)
        lines = MemoryLedger(self._store.contents.lines).decoded()
        told = [one.entry.highest for one in lines if isinstance(one, NumberLine) and one.sequence == sequence]
        if max(told, default=0) != kept:
            raise DamagedError("Buku agenda berbeda dari buku catatan.", code="register", advice="mend")
        return max(kept, self._given.get(sequence, 0))

    def add_entry(self, entry: RegisterEntry, sequence: str) -> None:
        highest = self._highest(sequence)
        entry = note_highest(entry, highest)
        self._given[sequence] = max(highest, entry.urut)
        self._now.sequences[sequence] = (*self._now.sequences.get(sequence, ()), entry)
        self._lines.append(NumberLine(previous="", sequence=sequence, office=self._office, entry=entry))

    def amend_entry(self, entry: RegisterEntry) -> None:
        self.add_entry(entry, find_sequence(self._store.read_sequences(entry.id), entry, "memori"))

    def read_file(self, path: str) -> bytes:
        if path not in self._now.files:
            raise DamagedError(f"{path} hilang.", code="missing", advice="verify")
        return self._now.files[path]

    def commit(self) -> None:
        if self._lines:
            before = self._last_line()
            added = ledger.encode_chain(self._lines, ledger.hash_line(before) if before else "")
            self._now.lines = (*self._now.lines, *added.splitlines())
        self._store.make(self._now)

    def _last_line(self) -> bytes:
        contents = self._store.contents
        if not contents.lines and (contents.cases or contents.sequences):
            raise DamagedError("Buku catatan hilang atau kosong.", code="ledger", advice="rebuild_ledger")
        return MemoryLedger(contents.lines).last_line()


class MemoryRepair:
    """See `protocol.Repair`."""

    def __init__(self, store: MemoryStore, at: datetime) -> None:
        self._store = store
        self._aside = f"salinan {at}"

    def append_lines(self, lines: Sequence[LedgerLine]) -> None:
        changed = self._store.contents.copied()
        before = MemoryLedger(changed.lines).last_line()
        added = ledger.encode_chain(lines, ledger.hash_line(before) if before else "")
        changed.lines = (*changed.lines, *added.splitlines())
        self._store.make(changed)

    def cut_broken_end(self) -> tuple[int, str]:
        changed = self._store.contents.copied()
        while changed.lines and not ledger.is_whole(changed.lines[-1]):
            changed.lines = changed.lines[:-1]
        cut = len(self._store.contents.lines) - len(changed.lines)
        self._store.make(changed)
        return cut, self._aside if cut else ""

    def replace_case(self, instance: Instance) -> str:
        changed = self._store.contents.copied()
        there = instance.id in changed.cases
        changed.cases[instance.id] = case_json.encode(instance)
        self._store.make(changed)
        return self._aside if there else ""

    def derive_projections(self) -> None:
        """Nothing is derived."""

    def replace_sequence(self, sequence: str, entries: Sequence[RegisterEntry]) -> str:
        changed = self._store.contents.copied()
        there = sequence in changed.sequences
        changed.sequences[sequence] = tuple(entries)
        self._store.make(changed)
        return self._aside if there else ""


class MemoryLedger:
    """See `protocol.Ledger`; the place of a line is its number."""

    name = "buku catatan di memori"

    def __init__(self, lines: tuple[bytes, ...]) -> None:
        self._lines = lines

    @property
    def exists(self) -> bool:
        return bool(self._lines)

    def decoded(self) -> Iterator[LedgerLine]:
        return (line for line in map(ledger.decode_line, self._lines) if line is not None)

    def read_lines(self) -> Iterator[ReadLine]:
        return (ReadLine(number, text, ledger.decode_passing(text)) for number, text in enumerate(self._lines, 1))

    def count_lines(self) -> int:
        return len(self._lines)

    def read_texts(self, numbers: Iterable[int]) -> dict[int, bytes]:
        wanted = set(numbers)
        return {number: text for number, text in enumerate(self._lines, 1) if number in wanted}

    def last_line(self) -> bytes:
        if self._lines and not ledger.is_whole(self._lines[-1]):
            raise DamagedError("Baris terakhir buku catatan rusak.", code="ledger", advice="cut_ledger")
        return self._lines[-1] if self._lines else b""

    def find_texts(self, key: str) -> list[tuple[int, bytes]]:
        found: list[tuple[int, bytes]] = []
        office = ""
        for number, text in enumerate(self._lines, 1):
            line = ledger.decode_line(text)
            named = getattr(line, "office", "")
            changes = isinstance(line, OfficeLine) or named not in {"", office}
            office = "" if isinstance(line, OfficeLine) else named or office
            if (key == OFFICE and changes) or _has_key(line, key):
                found.append((number, text))
        return found

    def find_neighbours(self, texts: Iterable[tuple[int, bytes]]) -> list[tuple[bytes, bytes]]:
        around = (b"", *self._lines, b"")
        return [(around[place - 1], around[place + 1]) for place, _ in texts]


class MemoryIndex:
    """See `protocol.CaseIndex`: every case is read each time."""

    def __init__(self, store: RecordStore, cases: CaseOpener, on_progress: OnProgress | None) -> None:
        self._store, self._cases, self._on_progress = store, cases, on_progress

    def read_turns(self, may_read: MayRead | None) -> tuple[list[MeasuredTurn], tuple[str, ...]]:
        tallies, damaged = self.read_tallies("", may_read)
        return [turn for tally in tallies for turn in tally.turns], damaged

    def read_tallies(self, beginning: str, may_read: MayRead | None) -> tuple[list[Tally], tuple[str, ...]]:
        ids = self._ids(beginning)
        figures, damaged = read_figures(self._cases, ids, self._store.load_instance)
        if may_read is not None:
            readable = [id for id, facts in figures.facts.items() if may_read(facts)]
            figures, _ = read_figures(self._cases, readable, self._store.load_instance)
        if self._on_progress is not None:
            self._on_progress(len(ids), len(ids))
        return [figures.tally], tuple(damaged.values())

    def list_readable(self, beginning: str, may_read: MayRead) -> set[str]:
        figures, _ = read_figures(self._cases, self._ids(beginning), self._store.load_instance)
        return {id for id, facts in figures.facts.items() if may_read(facts)}

    def _ids(self, beginning: str) -> list[str]:
        return [id for id in self._store.list_ids() if case_ids.folder_of(id).startswith(beginning)]


def _sop_of(id: str) -> str:
    return id.rpartition("-")[0]


def _has_key(line: LedgerLine | None, key: str) -> bool:
    match line:
        case EventLine():
            return key == case_key(line.case)
        case MendLine():
            return key == MENDED
        case AccountLine():
            return key == ACCOUNT
        case _:
            return False
