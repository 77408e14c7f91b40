"""A cache of what was worked out from the cases, one SQLite file that is never changed in its place.

For each folder of cases it holds how the folder and its files looked, and named parts of bytes that others made of
them; and how the SOP versions looked by which the cases were read. A new edition is written beside and put in the place
of the old one, so that a reader has a whole index or none, needs no lock and cannot be made to wait; of two writers the
later one wins, and both are right. A file that is missing, cut short, flipped or from another edition of the code is no
index: whoever asks works everything out anew.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from zlib import crc32

import msgspec
from msgspec import Struct

from sopctl.engine.instance import Instance
from sopctl.errors import DamagedError, because
from sopctl.store import disk
from sopctl.store.files import cases

NAME = "index.sqlite"
"""The file of the index in a cache."""

TICK = 2_000_000_000
"""Nanoseconds that a file system may need to tell two changes apart (FAT does)."""

_TABLES = (
    "create table about (edition text not null)",
    "create table version (name text primary key, size integer not null, changed integer not null)",
    "create table folder (name text primary key, seen integer not null, files blob not null)",
    "create table part (name text, folder text, sum integer not null, data blob not null, primary key (name, folder))",
)

Seen = dict[str, tuple[int, int]]
"""The files of a folder by id (of a case, of an SOP version): size and time of change (nanoseconds) of each one."""


class Folder(Struct, frozen=True):
    """A folder of cases as the index keeps it; ``seen`` is its time of change, 0 where a later one may be equal."""

    seen: int
    files: Seen
    parts: Mapping[str, bytes]


class Index:
    """An opened index."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection

    def versions(self) -> Seen:
        """How the SOP versions looked by which the cases were read."""
        return {name: (size, changed) for name, size, changed in self._connection.execute("select * from version")}

    def folders(self) -> dict[str, int]:
        """The folders, each with its time of change (see `Folder.seen`)."""
        return dict(self._connection.execute("select name, seen from folder"))

    def files(self, folder: str) -> Seen:
        """How the files of a folder looked."""
        (data,) = self._connection.execute("select files from folder where name = ?", (folder,)).fetchone()
        return msgspec.msgpack.decode(data, type=Seen)

    def parts(self, name: str) -> Iterator[tuple[str, bytes]]:
        """The parts of this name with their folders.

        Raises:
            sqlite3.DatabaseError: where the file is damaged.
        """
        query = "select folder, sum, data from part where name = ? order by folder"
        for folder, kept, data in self._connection.execute(query, (name,)):
            if crc32(data) != kept:
                raise sqlite3.DatabaseError(folder)
            yield folder, data

    def part(self, name: str, folder: str) -> bytes:
        """One part of one folder."""
        query = "select sum, data from part where name = ? and folder = ?"
        kept, data = self._connection.execute(query, (name, folder)).fetchone()
        if crc32(data) != kept:
            raise sqlite3.DatabaseError(folder)
        return bytes(data)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def open_index(path: Path, edition: str) -> Index | None:
    """The index at this path, None where there is none of this edition."""
    connection = None
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        found = connection.execute("select edition from about").fetchone()
    except sqlite3.DatabaseError:
        found = None
    if connection is None or found != (edition,):
        if connection is not None:
            connection.close()
        return None
    return Index(path, connection)


def write_index(
    cache: Path | None, edition: str, base: Index | None, changed: Mapping[str, Folder | None], versions: Seen
) -> bool:
    """Put an index into a cache that is the base with some folders changed (None: gone); whether that could be done.

    ``base`` is None where there was none: then ``changed`` are all folders. ``versions`` are all SOP versions by
    which cases were read.
    """
    if cache is None:
        return False
    temporary = cache / f".{NAME}.{os.getpid()}.tmp"
    try:
        _copy(base, temporary)
        with closing(sqlite3.connect(temporary, isolation_level=None)) as connection:
            connection.execute("pragma journal_mode = off")
            connection.execute("pragma synchronous = off")
            connection.execute("begin")
            if base is None:
                for table in _TABLES:
                    connection.execute(table)
                connection.execute("insert into about values (?)", (edition,))
            for name, folder in changed.items():
                _put(connection, name, folder)
            connection.execute("delete from version")
            connection.executemany(
                "insert into version values (?, ?, ?)", [(name, *look) for name, look in versions.items()]
            )
            connection.execute("commit")
        temporary.replace(cache / NAME)
    except (OSError, sqlite3.Error):
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        return False
    return True


def now_on_disk(cache: Path | None) -> int | None:
    """The file system's own present in nanoseconds, which need not be this machine's.

    None where nothing can be written, or where a folder's time does not move with its files (FAT): there no folder's
    time tells anything.
    """
    if cache is None:
        return None
    probe = cache / f".now.{os.getpid()}.tmp"
    try:
        probe.touch()
        now, moved = probe.stat().st_mtime_ns, cache.stat().st_mtime_ns
    except OSError:
        return None
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)
    return now if moved >= now - TICK else None


def look(instances: Path) -> dict[str, int]:
    """The folders of cases below the folder of all cases, by name such as `sk-tim/0000`, with their times of change."""
    return {
        f"{sop}/{shelf}": _stat(f"{instances}/{sop}/{shelf}").st_mtime_ns
        for sop in _folders(instances)
        for shelf in _folders(instances / sop)
    }


def look_into(instances: Path, folder: str) -> Seen:
    """How the files of a folder look, in the order in which their cases were opened."""
    seen: Seen = {}
    place = instances / folder
    for name, _ in _entries(place):
        id = name.removesuffix(".json")
        if name.endswith(".json") and cases.lies_in(folder, id):
            try:
                stat = _stat(f"{place}/{name}")
            except FileNotFoundError:
                continue
            seen[id] = stat.st_size, stat.st_mtime_ns
    return dict(sorted(seen.items(), key=lambda one: int(one[0].rpartition("-")[2])))


def look_at_versions(versions: Path) -> Seen:
    """How the SOP versions look that cases were started with."""
    seen: Seen = {}
    for name, _ in _entries(versions):
        with suppress(FileNotFoundError):
            stat = _stat(f"{versions}/{name}")
            seen[name] = stat.st_size, stat.st_mtime_ns
    return seen


def read_cases(instances: Path, ids: Iterable[str]) -> Iterator[tuple[str, Instance | DamagedError]]:
    """The cases with these ids, or why one cannot be read; one that is there no more is left out."""
    for id in ids:
        path = f"{instances}/{cases.relative_path_of(id)}"
        try:
            data = _bytes(path)
        except FileNotFoundError:
            continue
        except OSError as error:
            yield id, DamagedError(f"Berkas {path} tidak dapat dibaca: {because(error)}.")
            continue
        try:
            yield id, cases.decode(data, path, id)
        except DamagedError as error:
            yield id, error


def _bytes(path: str) -> bytes:
    """What a file holds, up to what a case may take."""
    file = disk.open_nonblocking(path, os.O_RDONLY)
    try:
        return disk.read_rest(file, limit=cases.LARGEST)
    finally:
        os.close(file)


def _stat(path: str) -> os.stat_result:
    """What the system says of a path itself; what Windows lists of it in its folder may be an older state.

    Paths are texts here: a record of years has a hundred thousand of them.
    """
    return os.stat(path)  # noqa: PTH116 — as said


def _folders(folder: Path) -> list[str]:
    return sorted(name for name, is_folder in _entries(folder) if is_folder)


def _entries(folder: Path) -> list[tuple[str, bool]]:
    """The names in a folder and whether they are folders, hidden ones left out."""
    try:
        with os.scandir(folder) as entries:
            return [(entry.name, entry.is_dir()) for entry in entries if not entry.name.startswith(".")]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _copy(base: Index | None, target: Path) -> None:
    if base is None:
        target.unlink(missing_ok=True)
        return
    with closing(sqlite3.connect(target)) as copy:
        copy.execute("pragma synchronous = off")
        base._connection.backup(copy)  # noqa: SLF001 — the index that was opened, whatever lies at its path by now


def _put(connection: sqlite3.Connection, name: str, folder: Folder | None) -> None:
    connection.execute("delete from folder where name = ?", (name,))
    connection.execute("delete from part where folder = ?", (name,))
    if folder is None:
        return
    files = msgspec.msgpack.encode(folder.files)
    connection.execute("insert into folder values (?, ?, ?)", (name, folder.seen, files))
    parts = [(part, name, crc32(data), data) for part, data in folder.parts.items()]
    connection.executemany("insert into part values (?, ?, ?, ?)", parts)
