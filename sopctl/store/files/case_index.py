"""The figures of all cases, kept in a cache for each folder of them, so that a report need not read every case.

For each folder of cases the cache holds two files. The *head* says how folder, case files and SOP versions looked when
they were read, and holds the turns that wait and what the rule of reading asks of the cases; the *figures* are a tally
of its cases, whose checksum the head names. A head is true as long as nothing looks different: the store replaces case
files and never writes into them, so that a folder whose time of change is the head's has not changed. As long as there
are few folders all files are looked at, so that one that somebody edited in its place is noticed too; in a large record
that waits for the folder's next change, or for `verify`. Of a folder that changed only the cases that look different
are read, and its files are replaced; of two readers that do so at once the later one wins. A case that cannot be read
is not kept but tried again each time. Files that are missing, damaged, from another edition of the code or that do not
belong together are no cache: that folder is read anew. The answer is the same without a cache, and with one that cannot
be written. Of a large record this process keeps the heads that it read, for as long as their folders do not change:
threads that answer one question after the other read no file then.

What it is worth, in an office of 105,000 cases (`bench.report`): reading them all takes two processors half a minute,
the index answers `inbox` in 0.1 and `report` in 0.4 seconds.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from threading import Lock
from zlib import crc32

from msgspec import Struct
from msgspec.structs import replace

from sopctl.engine.instance import Instance
from sopctl.measure.tally import MeasuredTurn, Tally
from sopctl.store.caches.account_cache import code_edition
from sopctl.store.caches.holidays import package_edition
from sopctl.store.case_access import select_readable
from sopctl.store.case_figures import (
    ROOMS,
    CaseFigures,
    PackedFigures,
    encode,
    make_groups,
    name_edition,
    read_figures,
    select_tallies,
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
    """The head of a folder; ``files`` (a packed `FileStats`) is read where needed.

    ``modified`` is the folder's time of change, 0 where a later one may be equal. ``figures`` are those without the
    tally, of which ``checksum`` is.
    """

    edition: str
    versions: FileStats
    modified: int
    files: bytes
    figures: PackedFigures
    checksum: int


class _Folder(Struct, frozen=True):
    """A folder as it is now; the ``tally`` is empty where it lies in the cache.

    ``damaged`` are the sentences about cases that cannot be read.
    """

    name: str
    head: _Head
    tally: bytes = b""
    damaged: tuple[str, ...] = ()


_kept: dict[tuple[Path, str], _Head] = {}
"""The heads that this process read or wrote last, without their files, by folder of all cases and name."""

_reading = Lock()
"""Held by the one thread that reads what is new in folders; who waited for it begins with what it has read."""

_decode_head = make_msgpack_decoder(_Head).decode
_decode_files = make_msgpack_decoder(FileStats).decode


class FileIndex:
    """The index of the cases in the files of a record, which ``opener`` opens; see `protocol.CaseIndex`."""

    def __init__(self, opener: CaseOpener, on_progress: OnProgress | None = None, basis: _Basis | None = None) -> None:
        self._opener = opener
        self._on_progress = on_progress
        self._instances = opener.workspace.instances
        self._cache = opener.workspace.cache
        self._basis = basis or _Basis(
            edition=name_edition(opener, code_edition(*ROOMS, "store/files"), package_edition()),
            versions=case_files.stat_sop_versions(opener.workspace.versions),
            now=case_files.file_system_time(self._cache.folder),
        )

    def __reduce__(self) -> "tuple[Callable[..., FileIndex], tuple[CaseOpener, None, _Basis]]":
        return FileIndex, (self._opener, None, self._basis)

    def read_turns(self, may_read: MayRead | None) -> tuple[list[MeasuredTurn], tuple[str, ...]]:
        """The turns of the running cases that may be read, and the sentences about cases that cannot be."""
        folders = self._read_folders("")
        return select_turns([one.head.figures for one in folders], may_read), _damaged(folders)

    def read_tallies(self, beginning: str, may_read: MayRead | None) -> tuple[list[Tally], tuple[str, ...]]:
        """The tallies of the folders whose names begin so, and the sentences about cases that cannot be read."""
        folders = self._read_folders(beginning)
        figures = (replace(one.head.figures, tally=self._read_tally(one)) for one in folders)
        return select_tallies(figures, may_read), _damaged(folders)

    def list_readable(self, beginning: str, may_read: MayRead) -> set[str]:
        """The ids of the cases of these folders that may be read."""
        return select_readable((one.head.figures.facts for one in self._read_folders(beginning)), may_read)

    def build(self, name: str, modified: int) -> _Folder:
        """Read all cases of a folder; the tally stays in the cache where there is one."""
        folder = self._refresh(name, modified, None)
        return replace(folder, tally=b"") if self._cache.folder else folder

    def _read_folders(self, beginning: str) -> list[_Folder]:
        """The folders whose names begin so, each as it is now."""
        there = case_files.list_folders(self._instances)
        wanted = {name: modified for name, modified in there.items() if name.startswith(beginning)}
        look_into = len(there) <= FEW_FOLDERS
        heads = {name: self._find_head(name, modified, look_into=look_into) for name, modified in wanted.items()}
        found = {name: _Folder(name, head) for name, head in heads.items() if head is not None}
        if len(found) < len(wanted):
            with _reading:
                left = {name: modified for name, modified in wanted.items() if name not in found}
                found |= {one.name: one for one in self._read_new(left)}
        for name, folder in found.items():
            _kept[self._instances, name] = replace(folder.head, files=b"")
        return [found[name] for name in wanted]

    def _find_head(self, name: str, modified: int, *, look_into: bool) -> _Head | None:
        """The head of a folder in which nothing is new; None where there is none."""
        kept = None if look_into else _kept.get((self._instances, name))
        if kept is not None and kept.modified == modified and self._is_true(kept):
            return kept
        head = self._read_head(name)
        if head is not None and look_into:
            is_alike = _decode_files(head.files) == case_files.stat_cases(self._instances, name)
        else:
            is_alike = head is not None and head.modified == modified
        return head if is_alike else None

    def _read_new(self, folders: Mapping[str, int]) -> Iterator[_Folder]:
        """Folders in which something is new, each as it is now; of those without a head all cases are read."""
        unknown: dict[str, tuple[str, int]] = {}
        for name, modified in folders.items():
            if (head := self._read_head(name)) is not None:
                yield self._refresh(name, modified, head)
            else:
                unknown[name] = name, modified
        sizes = {name: len(cases.list_folder_ids(self._instances, name)) for name in unknown}
        yield from make_groups(self.build, unknown, sizes, self._on_progress).values()

    def _read_tally(self, folder: _Folder) -> bytes:
        """The tally of a folder."""
        kept = folder.tally or self._read_kept_tally(folder.name, folder.head)
        return kept or self._refresh(folder.name, 0, None).tally

    def _refresh(self, name: str, modified: int, old: _Head | None) -> _Folder:
        """Read what changed in a folder since ``old`` (all of it without one), and keep what is known now."""
        files = case_files.stat_cases(self._instances, name)
        known = _decode_files(old.files) if old else {}
        changed = [id for id, look in files.items() if known.get(id) != look]
        base = self._read_base(name, old) if old and changed else None
        fresh, damaged = read_figures(self._opener, changed, self._load)
        if old and (known.keys() - files.keys() or damaged.keys() & known.keys() or (changed and base is None)):
            return self._refresh(name, modified, None)  # what a case left behind goes only with all of the tally
        is_sure = self._basis.now is not None and modified < self._basis.now - TICK and not damaged
        figures = old.figures if old and not changed else (fresh.add_to(base) if base else fresh).pack()
        head = _Head(
            edition=self._basis.edition,
            versions=case_files.stat_sop_versions(self._opener.workspace.versions) | self._basis.versions,
            modified=modified if is_sure else 0,
            files=encode({id: look for id, look in files.items() if id not in damaged}),
            figures=replace(figures, tally=b""),
            checksum=old.checksum if old and not changed else crc32(figures.tally),
        )
        if figures.tally:
            self._cache.write(_file_name(name, "figures"), figures.tally, durable=False)
        if head != old:
            self._cache.write(_file_name(name, "head"), encode(head), durable=False)
        return _Folder(name, head, figures.tally, tuple(damaged.values()))

    def _load(self, id: str) -> Instance:
        return cases.load(self._instances, id)

    def _read_head(self, name: str) -> _Head | None:
        """The head of a folder, None where there is none that was made with what holds now."""
        head = self._cache.read_as(_file_name(name, "head"), _decode_head)
        return head if head is not None and self._is_true(head) else None

    def _is_true(self, head: _Head) -> bool:
        """Whether a head was made with what holds now."""
        versions = self._basis.versions
        return head.edition == self._basis.edition and all(
            versions.get(one) == look for one, look in head.versions.items()
        )

    def _read_base(self, name: str, head: _Head) -> CaseFigures | None:
        tally = self._read_kept_tally(name, head)
        return replace(head.figures, tally=tally).unpack() if tally else None

    def _read_kept_tally(self, name: str, head: _Head) -> bytes:
        """The tally that belongs to a head, empty where the cache has another or none."""
        data = self._cache.read(_file_name(name, "figures")) or b""
        return data if crc32(data) == head.checksum else b""


def _damaged(folders: list[_Folder]) -> tuple[str, ...]:
    return tuple(sentence for one in folders for sentence in one.damaged)


def _file_name(folder: str, part: str) -> str:
    return f"index-{folder.replace('/', '-')}.{part}"
