"""The figures of all cases, kept in a cache for each folder of them, so that a report need not read every case.

For each folder of cases the cache holds three files. The *head* says how folder, case files and SOP versions looked
when they were read, and holds the turns that wait; the *figures* are a tally of its cases, and the *facts* are what the
rule of reading asks of them. The head names the checksums of both, and holds the facts of the running cases once more.
A head is true as long as nothing looks different: the store replaces case files and never writes into them, so that a
folder whose time of change is the head's has not changed. As long as there are few folders all files are looked at, so
that one that somebody edited in its place is noticed too; in a large record that waits for the folder's next change, or
for `verify`. Of a folder that changed only the cases that look different are read, and its files are replaced; of
two readers that do so at once the later one wins. A case that cannot be read is not kept but tried again each time.
Files that are missing, damaged, from another edition of the code or that do not belong together are no cache: that
folder is read anew. The answer is the same without a cache, and with one that cannot be written. Of a large record this
process keeps the heads that it read, for as long as their folders do not change: threads that answer one question after
the other read no file then.

What it is worth, in an office of 105,000 cases (`bench.report`): reading them all takes two processors half a minute,
the index answers `inbox` in 0.1 and `report` in 0.4 seconds.
"""

import gc
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Self
from zlib import crc32

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sopctl.errors import BusyError, DamagedError, NotFoundError
from sopctl.measure.case_clock import MeasuredCase
from sopctl.measure.tally import Legend, MeasuredTurn, Tally, join_tallies, keep_cases, tally_cases
from sopctl.store.caches.account_cache import code_edition
from sopctl.store.caches.holidays import package_edition
from sopctl.store.case_access import FactsById, pack_facts, select_readable, unpack_facts
from sopctl.store.files import case_files, cases
from sopctl.store.files.case_files import TICK, FileStats
from sopctl.store.record import Record
from sopctl.store.workspace import Workspace

OnProgress = Callable[[int, int], None]
"""Is called with how many cases of how many have been read."""

FEW_FOLDERS = 16
"""Up to so many folders all case files are looked at."""

HIDDEN_DAMAGE = ("Ada berkas yang tidak dapat dibaca dan tidak disebut di sini; catatan kantor perlu diperiksa.",)
"""What is told of damaged cases to whom the rule of reading binds: nobody can say whether these may be read."""

PARALLEL = 4000
"""Cases without an index from which on several processes read: for fewer, starting them costs more."""


class Tallies(Struct, frozen=True):
    """The tallies of all cases, the words of their SOPs, and the sentences about cases that cannot be read."""

    tallies: list[Tally]
    legends: dict[str, Legend]
    damaged: tuple[str, ...]


class Turns(Struct, frozen=True):
    """The turns of all running cases, and the sentences about cases that cannot be read."""

    turns: list[MeasuredTurn]
    damaged: tuple[str, ...]


class _Basis(Struct, frozen=True):
    """What an index must have been made with to be true: the office's calendar and the code, and the SOP versions.

    ``now`` is the file system's present, None where it cannot be told.
    """

    edition: str
    versions: FileStats
    now: int | None


class _Head(Struct, frozen=True, array_like=True):
    """The head of a folder; ``files`` (a packed `FileStats`) and ``turns`` (a packed list) are read where needed.

    ``modified`` is the folder's time of change, 0 where a later one may be equal. ``figures`` and ``facts`` are
    checksums, ``running`` the packed facts of the cases that run.
    """

    edition: str
    versions: FileStats
    modified: int
    files: bytes
    turns: bytes
    figures: int
    running: bytes
    facts: int


class _Folder(Struct, frozen=True):
    """A folder as it is now; ``figures`` (a packed tally) and ``facts`` are None where they lie in the cache.

    ``damaged`` are the sentences about cases that cannot be read.
    """

    name: str
    head: _Head
    figures: bytes | None = None
    facts: bytes | None = None
    damaged: tuple[str, ...] = ()


_kept: dict[tuple[Path, str], _Head] = {}
"""The heads that this process read or wrote last, without their files, by folder of all cases and name."""

_building = Lock()
"""Held by the one thread that reads folders without a head; who waited for it finds what it has read."""

_refreshing = Lock()
"""Held by the one thread that reads what changed in a folder; who waited for it begins with what it has read."""


class _Contents(Struct, frozen=True):
    """What is kept of the cases of a folder: their tally, and by id what the rule of reading asks of them."""

    tally: Tally
    facts: FactsById

    def add_to(self, base: Self) -> Self:
        """Both as one; a case that is in both is as this one has it."""
        return type(self)(join_tallies(base.tally, self.tally), base.facts | self.facts)


_decode_head = msgspec.msgpack.Decoder(_Head).decode
_decode_files = msgspec.msgpack.Decoder(FileStats).decode
_decode_turns = msgspec.msgpack.Decoder(list[MeasuredTurn]).decode
_decode_tally = msgspec.msgpack.Decoder(Tally).decode
_encode = msgspec.msgpack.Encoder().encode


def load_turns(record: Record, *, on_progress: OnProgress | None = None) -> Turns:
    """The turns of all running cases that the account may read."""
    folders = _Index(record).read_folders("", on_progress)
    turns = [turn for one in folders for turn in _decode_turns(one.head.turns)]
    if record.reader is not None:
        readable = select_readable((one.head.running for one in folders), record.reader.may_read)
        turns = [turn for turn in turns if turn.id in readable]
    return Turns(turns, _damaged(record, folders))


def load_tallies(record: Record, sop: str | None = None, *, on_progress: OnProgress | None = None) -> Tallies:
    """The tallies of all cases that the account may read, or of those of one SOP."""
    index = _Index(record)
    folders = index.read_folders(f"{sop}/" if sop else "", on_progress)
    tallies = [index.read_tally(one) for one in folders]
    if record.reader is not None:
        readable = select_readable(map(index.read_facts, folders), record.reader.may_read)
        tallies = [keep_cases(one, readable) for one in tallies]
    legends = {sop: words for one in tallies if one.courses for sop, words in one.legends.items()}
    return Tallies(tallies, legends, _damaged(record, folders))


def list_readable(record: Record, sop: str | None = None) -> set[str]:
    """The ids of the cases that the account may read, or of those of one SOP."""
    if record.reader is None:
        return set(record.whole_store.list_ids(sop))
    index = _Index(record)
    folders = index.read_folders(f"{sop}/" if sop else "", None)
    return select_readable(map(index.read_facts, folders), record.reader.may_read)


def _damaged(record: Record, folders: Iterable[_Folder]) -> tuple[str, ...]:
    damaged = tuple(sentence for one in folders for sentence in one.damaged)
    return HIDDEN_DAMAGE if damaged and record.reader is not None else damaged


class _Index:
    """The index of a record; each question looks at the record anew."""

    def __init__(self, record: Record, basis: _Basis | None = None) -> None:
        self._record = record
        self._cache = record.workspace.cache
        self._basis = basis or _Basis(
            edition=_edition(record),
            versions=case_files.stat_sop_versions(record.workspace.versions),
            now=case_files.file_system_time(self._cache.folder),
        )

    def read_folders(self, beginning: str, on_progress: OnProgress | None) -> list[_Folder]:
        """The folders whose names begin so, each as it is now."""
        there = case_files.list_folders(self._record.workspace.instances)
        look_at_all = len(there) <= FEW_FOLDERS
        wanted = {name: modified for name, modified in there.items() if name.startswith(beginning)}
        found = self._read_known(wanted, look_at_all=look_at_all)
        if len(found) < len(wanted):
            with _building:
                found |= self._read_known(_without(wanted, found), look_at_all=look_at_all)
                found |= {one.name: one for one in self._build(_without(wanted, found), on_progress)}
        return [found[name] for name in wanted]

    def _read_known(self, folders: Mapping[str, int], *, look_at_all: bool) -> dict[str, _Folder]:
        """Those of these folders that have a head, each as it is now."""
        found: dict[str, _Folder] = {}
        for name, modified in folders.items():
            kept = None if look_at_all else _kept.get(self._key(name))
            if kept is not None and kept.modified == modified and self._is_true(kept):
                found[name] = _Folder(name, kept)
            elif (head := self._read_head(name)) is not None:
                changed = look_at_all or head.modified != modified
                found[name] = self._refresh_once(name, modified, head) if changed else _Folder(name, head)
                _kept[self._key(name)] = replace(found[name].head, files=b"")
        return found

    def _refresh_once(self, name: str, modified: int, head: _Head) -> _Folder:
        """What `refresh` says of a folder with this head, or with that of a thread which was at it."""
        waited = not _refreshing.acquire(blocking=False)
        if waited:
            _refreshing.acquire()
        try:
            return self.refresh(name, modified, (waited and self._read_head(name)) or head)
        finally:
            _refreshing.release()

    def read_tally(self, folder: _Folder) -> Tally:
        """The tally of a folder."""
        data = folder.figures or self._read_part(folder.name, "figures", folder.head.figures)
        return _decode_tally(data or self.refresh(folder.name, 0, None).figures or b"")

    def read_facts(self, folder: _Folder) -> bytes:
        """The packed facts of the cases of a folder."""
        data = folder.facts or self._read_part(folder.name, "facts", folder.head.facts)
        return data or self.refresh(folder.name, 0, None).facts or b""

    def refresh(self, name: str, modified: int, old: _Head | None) -> _Folder:
        """Read what changed in a folder since ``old`` (all of it without one), and keep what is known now."""
        instances = self._record.workspace.instances
        files = case_files.stat_cases(instances, name)
        known = _decode_files(old.files) if old else {}
        changed = [id for id, look in files.items() if known.get(id) != look]
        base = self._read_base(name, old) if old and changed else None
        fresh, damaged = self._read_cases(changed)
        if old and (known.keys() - files.keys() or damaged.keys() & known.keys() or (changed and base is None)):
            return self.refresh(name, modified, None)  # what a case left behind goes only with all of the tally
        is_sure = self._basis.now is not None and modified < self._basis.now - TICK and not damaged
        folder = _Folder(name, old) if old and not changed else _pack(name, fresh.add_to(base) if base else fresh)
        head = replace(
            folder.head,
            edition=self._basis.edition,
            versions=case_files.stat_sop_versions(self._record.workspace.versions) | self._basis.versions,
            modified=modified if is_sure else 0,
            files=_encode({id: look for id, look in files.items() if id not in damaged}),
        )
        folder = replace(folder, head=head, damaged=tuple(damaged.values()))
        if head != old:
            self._write(folder)
        return folder

    def _build(self, unknown: Mapping[str, int], on_progress: OnProgress | None) -> Iterator[_Folder]:
        """Folders without a head, read by several processes where there are many cases."""
        sizes = {name: len(cases.list_folder_ids(self._record.workspace.instances, name)) for name in unknown}
        total, done = sum(sizes.values()), 0
        for folder in self._build_parallel(unknown) if total >= PARALLEL else self._build_serial(unknown):
            done += sizes[folder.name]
            if on_progress is not None:
                on_progress(done, total)
            yield folder

    def _build_serial(self, unknown: Mapping[str, int]) -> Iterator[_Folder]:
        for name, modified in unknown.items():
            yield self.refresh(name, modified, None)

    def _build_parallel(self, unknown: Mapping[str, int]) -> Iterator[_Folder]:
        from concurrent.futures import ProcessPoolExecutor, as_completed  # noqa: PLC0415 — only a first look needs it
        from multiprocessing import get_context  # noqa: PLC0415 — the same

        root = self._record.workspace.root
        with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
            jobs = [pool.submit(_build_folder, root, self._basis, *one) for one in unknown.items()]
            for job in as_completed(jobs):
                yield msgspec.msgpack.decode(job.result(), type=_Folder)

    def _read_cases(self, ids: Iterable[str]) -> tuple[_Contents, dict[str, str]]:
        """What is kept of these cases, and by id the sentences about those that cannot be read."""
        damaged: dict[str, str] = {}
        facts: FactsById = {}
        files = self._record.whole_store

        def readable() -> Iterator[MeasuredCase]:
            for id in ids:
                try:
                    case = self._record.open_case(files.load_instance(id))
                except NotFoundError:  # taken away meanwhile
                    continue
                except (BusyError, DamagedError) as error:
                    damaged[id] = error.message
                    continue
                facts[id] = self._record.find_facts(case)
                yield MeasuredCase(case.id, case.sop, case.state, case.instance.events)

        return _Contents(tally_cases(readable(), self._record.calendar), facts), damaged

    def _read_head(self, name: str) -> _Head | None:
        """The head of a folder, None where there is none that is true."""
        try:
            head = _decode_head(self._cache.read(_file_name(name, "head")) or b"")
        except (msgspec.MsgspecError, UnicodeDecodeError):  # of a sopctl that keeps another head
            return None
        return head if self._is_true(head) else None

    def _is_true(self, head: _Head) -> bool:
        """Whether a head was made with what holds now."""
        versions = self._basis.versions
        return head.edition == self._basis.edition and all(
            versions.get(one) == look for one, look in head.versions.items()
        )

    def _key(self, name: str) -> tuple[Path, str]:
        return self._record.workspace.instances, name

    def _read_base(self, name: str, head: _Head) -> _Contents | None:
        figures = self._read_part(name, "figures", head.figures)
        facts = self._read_part(name, "facts", head.facts)
        if figures is None or facts is None:
            return None
        return _Contents(replace(_decode_tally(figures), turns=_decode_turns(head.turns)), unpack_facts(facts))

    def _read_part(self, name: str, part: str, checksum: int) -> bytes | None:
        data = self._cache.read(_file_name(name, part))
        return data if data is not None and crc32(data) == checksum else None

    def _write(self, folder: _Folder) -> None:
        for part, data in (("figures", folder.figures), ("facts", folder.facts), ("head", _encode(folder.head))):
            if data is not None:
                self._cache.write(_file_name(folder.name, part), data, durable=False)


def _pack(name: str, now: _Contents) -> _Folder:
    """A folder with what is kept of its cases; its head does not say yet how the files looked."""
    figures, facts = _encode(replace(now.tally, turns=[])), pack_facts(now.facts)
    head = _Head(
        edition="",
        versions={},
        modified=0,
        files=b"",
        turns=_encode(now.tally.turns),
        figures=crc32(figures),
        running=pack_facts({turn.id: now.facts[turn.id] for turn in now.tally.turns}),
        facts=crc32(facts),
    )
    return _Folder(name, head, figures, facts)


def _without(wanted: Mapping[str, int], found: Mapping[str, object]) -> dict[str, int]:
    return {name: modified for name, modified in wanted.items() if name not in found}


def _file_name(folder: str, part: str) -> str:
    return f"index-{folder.replace('/', '-')}.{part}"


def _build_folder(root: Path, basis: _Basis, name: str, modified: int) -> bytes:
    """A folder without a head, read and kept by another process; the figures stay in the cache where there is one."""
    record = _open_record(root)
    found = _Index(record, basis).refresh(name, modified, None)
    return _encode(replace(found, figures=None) if record.workspace.cache.folder else found)


@cache
def _open_record(root: Path) -> Record:
    """The record of a process that only reads cases, one for all the folders that it is given."""
    gc.disable()  # nothing here goes in a circle, and the process ends when the reading does
    return Record(Workspace(root), clock=lambda: datetime.now(UTC), account="", looking=True)


def _edition(record: Record) -> str:
    """The name of what the figures rest on besides the cases: the office's calendar, the code, the machine."""
    office = record.office
    code = code_edition("measure", "engine", "office", "worktime", "sop", "store")
    facts = (office.timezone, office.hours, office.ramadan, office.holidays, package_edition(), code, sys.byteorder)
    return sha256(_encode(facts)).hexdigest()
