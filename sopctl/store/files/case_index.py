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

from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Lock
from zlib import crc32

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sopctl.engine.instance import Instance
from sopctl.measure.tally import MeasuredTurn, Tally, keep_cases
from sopctl.store.caches.account_cache import code_edition
from sopctl.store.caches.holidays import package_edition
from sopctl.store.case_access import select_readable
from sopctl.store.case_figures import (
    PARALLEL,
    ROOMS,
    CaseFigures,
    PackedFigures,
    decode_tally,
    encode,
    name_edition,
    read_figures,
    run_in_processes,
    select_turns,
)
from sopctl.store.files import case_files, cases
from sopctl.store.files.case_files import TICK, FileStats
from sopctl.store.protocol import CaseOpener, MayRead, OnProgress
from sopctl.store.struct_decoders import make_msgpack_decoder

FEW_FOLDERS = 16
"""Up to so many folders all case files are looked at."""


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

_decode_head = make_msgpack_decoder(_Head).decode
_decode_files = make_msgpack_decoder(FileStats).decode


class FileIndex:
    """The index of the cases in the files of a record, which ``opener`` opens; see `protocol.CaseIndex`."""

    def __init__(self, opener: CaseOpener, on_progress: OnProgress | None, basis: _Basis | None = None) -> None:
        self._opener = opener
        self._on_progress = on_progress
        self._workspace = opener.workspace
        self._cache = opener.workspace.cache
        self._basis = basis or _Basis(
            edition=name_edition(opener, code_edition(*ROOMS, "store/files"), package_edition()),
            versions=case_files.stat_sop_versions(self._workspace.versions),
            now=case_files.file_system_time(self._cache.folder),
        )

    def read_turns(self, may_read: MayRead | None) -> tuple[list[MeasuredTurn], tuple[str, ...]]:
        """The turns of the running cases that may be read, and the sentences about cases that cannot be."""
        folders = self._read_folders("")
        return select_turns([(one.head.turns, one.head.running) for one in folders], may_read), _damaged(folders)

    def read_tallies(self, beginning: str, may_read: MayRead | None) -> tuple[list[Tally], tuple[str, ...]]:
        """The tallies of the folders whose names begin so, and the sentences about cases that cannot be read."""
        folders = self._read_folders(beginning)
        tallies = [self._read_tally(one) for one in folders]
        if may_read is not None:
            readable = select_readable(map(self._read_facts, folders), may_read)
            tallies = [keep_cases(one, readable) for one in tallies]
        return tallies, _damaged(folders)

    def list_readable(self, beginning: str, may_read: MayRead) -> set[str]:
        """The ids of the cases of these folders that may be read."""
        return select_readable(map(self._read_facts, self._read_folders(beginning)), may_read)

    def _read_folders(self, beginning: str) -> list[_Folder]:
        """The folders whose names begin so, each as it is now."""
        there = case_files.list_folders(self._workspace.instances)
        look_at_all = len(there) <= FEW_FOLDERS
        wanted = {name: modified for name, modified in there.items() if name.startswith(beginning)}
        found = self._read_known(wanted, look_at_all=look_at_all)
        if len(found) < len(wanted):
            with _building:
                found |= self._read_known(_without(wanted, found), look_at_all=look_at_all)
                found |= {one.name: one for one in self._build(_without(wanted, found))}
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

    def _read_tally(self, folder: _Folder) -> Tally:
        """The tally of a folder."""
        data = folder.figures or self._read_part(folder.name, "figures", folder.head.figures)
        return decode_tally(data or self.refresh(folder.name, 0, None).figures or b"")

    def _read_facts(self, folder: _Folder) -> bytes:
        """The packed facts of the cases of a folder."""
        data = folder.facts or self._read_part(folder.name, "facts", folder.head.facts)
        return data or self.refresh(folder.name, 0, None).facts or b""

    def refresh(self, name: str, modified: int, old: _Head | None) -> _Folder:
        """Read what changed in a folder since ``old`` (all of it without one), and keep what is known now."""
        files = case_files.stat_cases(self._workspace.instances, name)
        known = _decode_files(old.files) if old else {}
        changed = [id for id, look in files.items() if known.get(id) != look]
        base = self._read_base(name, old) if old and changed else None
        fresh, damaged = read_figures(self._opener, changed, self._load)
        if old and (known.keys() - files.keys() or damaged.keys() & known.keys() or (changed and base is None)):
            return self.refresh(name, modified, None)  # what a case left behind goes only with all of the tally
        is_sure = self._basis.now is not None and modified < self._basis.now - TICK and not damaged
        folder = _Folder(name, old) if old and not changed else _pack(name, fresh.add_to(base) if base else fresh)
        head = replace(
            folder.head,
            edition=self._basis.edition,
            versions=case_files.stat_sop_versions(self._workspace.versions) | self._basis.versions,
            modified=modified if is_sure else 0,
            files=encode({id: look for id, look in files.items() if id not in damaged}),
        )
        folder = replace(folder, head=head, damaged=tuple(damaged.values()))
        if head != old:
            self._write(folder)
        return folder

    def _build(self, unknown: Mapping[str, int]) -> Iterator[_Folder]:
        """Folders without a head, read by several processes where there are many cases."""
        sizes = {name: len(cases.list_folder_ids(self._workspace.instances, name)) for name in unknown}
        total, done = sum(sizes.values()), 0
        for folder in self._build_parallel(unknown) if total >= PARALLEL else self._build_serial(unknown):
            done += sizes[folder.name]
            if self._on_progress is not None:
                self._on_progress(done, total)
            yield folder

    def _build_serial(self, unknown: Mapping[str, int]) -> Iterator[_Folder]:
        for name, modified in unknown.items():
            yield self.refresh(name, modified, None)

    def _build_parallel(self, unknown: Mapping[str, int]) -> Iterator[_Folder]:
        jobs = ((self._opener, self._basis, *one) for one in unknown.items())
        return map(make_msgpack_decoder(_Folder).decode, run_in_processes(_build_folder, jobs))

    def _load(self, id: str) -> Instance:
        return cases.load(self._workspace.instances, id)

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
        return self._workspace.instances, name

    def _read_base(self, name: str, head: _Head) -> CaseFigures | None:
        figures = self._read_part(name, "figures", head.figures)
        facts = self._read_part(name, "facts", head.facts)
        if figures is None or facts is None:
            return None
        return PackedFigures(head.turns, head.running, figures, facts).unpack()

    def _read_part(self, name: str, part: str, checksum: int) -> bytes | None:
        data = self._cache.read(_file_name(name, part))
        return data if data is not None and crc32(data) == checksum else None

    def _write(self, folder: _Folder) -> None:
        for part, data in (("figures", folder.figures), ("facts", folder.facts), ("head", encode(folder.head))):
            if data is not None:
                self._cache.write(_file_name(folder.name, part), data, durable=False)


def _pack(name: str, figures: CaseFigures) -> _Folder:
    """A folder with what is kept of its cases; its head does not say yet how the files looked."""
    packed = figures.pack()
    head = _Head(
        edition="",
        versions={},
        modified=0,
        files=b"",
        turns=packed.turns,
        figures=crc32(packed.tally),
        running=packed.running,
        facts=crc32(packed.facts),
    )
    return _Folder(name, head, packed.tally, packed.facts)


def _damaged(folders: list[_Folder]) -> tuple[str, ...]:
    return tuple(sentence for one in folders for sentence in one.damaged)


def _without(wanted: Mapping[str, int], found: Mapping[str, object]) -> dict[str, int]:
    return {name: modified for name, modified in wanted.items() if name not in found}


def _file_name(folder: str, part: str) -> str:
    return f"index-{folder.replace('/', '-')}.{part}"


def _build_folder(opener: CaseOpener, basis: _Basis, name: str, modified: int) -> bytes:
    """A folder without a head, read and kept by another process; the figures stay in the cache where there is one."""
    found = FileIndex(opener, None, basis).refresh(name, modified, None)
    return encode(replace(found, figures=None) if opener.workspace.cache.folder else found)
