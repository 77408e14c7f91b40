"""The file of the accounts: an SQLite database that only the system account may open that runs the page.

It lies in a folder of its own beside the record, for it is no part of it: no backup, bundle or `sopctl.yaml` carries
it. Every change is one transaction that locks the file first, so that commands can work while the page runs, in as many
processes and threads as there are. Each operation has a connection of its own; that takes a fraction of a millisecond.
"""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from errno import ENOSPC
from pathlib import Path

from sopctl.accounts.paths import FILE, MODE
from sopctl.errors import BusyError, DamagedError, OwnerError, SopctlError
from sopctl.store import disk
from sopctl.store.record_paths import check_writable, is_link

CLOCK_SKEW = 300
"""Seconds that the clock may go back without ending what was made before."""

_APPLICATION = 0x534F5043
"""`SOPC`: how SQLite's header tells this file from the database of another program."""

_SCHEMA = 1

_PATIENCE = 10.0
"""Seconds that a change waits for the one before it."""

_TABLES = (
    """CREATE TABLE account (name TEXT PRIMARY KEY, password TEXT, disabled INTEGER NOT NULL DEFAULT 0, login INTEGER,
    feed BLOB UNIQUE)""",
    "CREATE TABLE invitation (account TEXT PRIMARY KEY, token BLOB NOT NULL UNIQUE, made INTEGER NOT NULL)",
    """CREATE TABLE session (token BLOB PRIMARY KEY, account TEXT NOT NULL, made INTEGER NOT NULL,
    used INTEGER NOT NULL)""",
    "CREATE TABLE attempts (key BLOB PRIMARY KEY, account TEXT, level REAL NOT NULL, at INTEGER NOT NULL)",
    "CREATE TABLE trusted (key BLOB PRIMARY KEY, at INTEGER NOT NULL)",
    "CREATE TABLE notice (id INTEGER PRIMARY KEY, account TEXT NOT NULL, text TEXT NOT NULL)",
    "CREATE TABLE secret (key BLOB NOT NULL)",
)

_BUSY = frozenset((sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED))
_DISK = frozenset((sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM))
_DAMAGED = frozenset((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR))


class Database:
    """The file below this folder; both are made by the first change.

    Raises:
        OwnerError: where another system account made them. DamagedError: where a link stands in their place.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / FILE
        self._is_there()

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A connection to read one state of the file with; where there is none yet, nothing is found and none is made.

        Raises:
            BusyError: where the disk refuses. DamagedError: where the file is damaged or of a newer sopctl.
        """
        with self._translate_errors():
            with closing(_connect(self.path if self._is_there() else None)) as connection:
                connection.execute("BEGIN")
                if _has_schema(connection, self.path):
                    yield connection
                    return
            with closing(_connect(None)) as connection:
                _make_schema(connection)
                yield connection

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A connection whose changes are all made when the block ends, and none where it raises; the one writer's.

        Raises:
            BusyError: where another writer does not end, or the disk refuses. DamagedError: as above.
        """
        with self._translate_errors():
            if not self._is_there():
                self._make()
            with closing(_connect(self.path)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                if not _has_schema(connection, self.path):
                    _make_schema(connection)
                yield connection
                connection.execute("COMMIT")

    def _is_there(self) -> bool:
        """Whether there is a file, after a look at whose it is."""
        with disk.translate_errors(self.path):
            try:
                folder = self.folder.lstat()
                _check_owner(self.folder, folder)
                if not stat.S_ISDIR(folder.st_mode):
                    raise DamagedError(f"{self.folder} bukan folder; hapus atau ganti namanya.", code="file")
                found = self.path.lstat()
            except FileNotFoundError:
                return False
            _check_owner(self.path, found)
            check_writable(self.path, found)
        return True

    def _make(self) -> None:
        """Make the folder and an empty file."""
        with disk.translate_errors(self.path):
            disk.make_private_folder(self.folder)
            with suppress(FileExistsError):
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, MODE))

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        """Turn what SQLite says into what its user can do about it."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            translated = _translate_error(self.path, error)
            if translated is None:
                raise
            raise translated from error


def seconds(now: datetime) -> int:
    """A moment as the file holds it: whole seconds since 1970, by UTC."""
    return int(now.timestamp())


def _connect(path: Path | None) -> sqlite3.Connection:
    """A connection to a file that is there; None for an empty database in memory."""
    name = ":memory:" if path is None else f"{path.absolute().as_uri()}?mode=rw"
    return sqlite3.connect(name, timeout=_PATIENCE, isolation_level=None, uri=True)


def _has_schema(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether the tables are there; a file that nothing was written into yet has none."""
    application, schema = (_pragma(connection, name) for name in ("application_id", "user_version"))
    if application == schema == 0 and not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        return False
    if application != _APPLICATION:
        raise DamagedError(f"{path} bukan file akun sopctl; pindahkan ke tempat lain.", code="file")
    if schema > _SCHEMA:
        raise DamagedError(
            f"{path} ditulis oleh sopctl yang lebih baru. Perbarui sopctl di komputer ini.", code="newer"
        )
    return True


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _make_schema(connection: sqlite3.Connection) -> None:
    for table in _TABLES:
        connection.execute(table)
    connection.execute(f"PRAGMA application_id = {_APPLICATION}")
    connection.execute(f"PRAGMA user_version = {_SCHEMA}")


def _check_owner(path: Path, found: os.stat_result) -> None:
    if is_link(found):
        raise DamagedError(f"{path} adalah tautan ke tempat lain; hapus tautan itu.", code="link")
    own = found.st_uid if os.name == "nt" else os.geteuid()
    if found.st_uid != own:
        owner = _account_name(found.st_uid)
        message = f"{path} milik akun komputer {owner}, yang menjalankan halaman; hanya akun itu yang membukanya."
        raise OwnerError(message, owner=owner)


def _account_name(uid: int) -> str:
    """The name of a system account; its number where it has none."""
    import pwd  # noqa: PLC0415 — not on Windows

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"#{uid}"


def _translate_error(path: Path, error: sqlite3.DatabaseError) -> SopctlError | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return disk.translate_error(path, OSError(ENOSPC, str(error)))
    if code == sqlite3.SQLITE_READONLY:
        return BusyError(f"{path} hanya dapat dibaca, atau ada di disk yang hanya dapat dibaca.", code="read_only")
    if code in _BUSY:
        return BusyError(f"{path} sedang dipakai program lain; ulangi sebentar lagi.", code="busy")
    if code in _DISK:
        return BusyError(f"Disk menolak {path}; periksa izin folder dan ruang disknya.", code="disk")
    if code in _DAMAGED:
        return DamagedError(
            f"File akun {path} rusak. Pindahkan ke tempat lain, lalu undang setiap pejabat sekali lagi.", code="damaged"
        )
    return None
