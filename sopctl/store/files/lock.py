"""One writer at a time: a lock of the operating system on one file, which a dead process cannot hold.

It works between processes of one machine and on network folders that pass locks on (SMB, NFSv4). Where a lock
cannot be had, nothing is written.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sopctl.errors import BusyError, DamagedError, because
from sopctl.store.disk import make_folder, open_nonblocking, translate_errors
from sopctl.store.record_paths import stat_path

PATIENCE = 10.0
"""Seconds that a command waits for the writer before it."""

_PAUSE = 0.02
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
_LONGEST = 200


class Lock:
    """The lock that this process holds."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor

    @property
    def is_held(self) -> bool:
        """Whether the next process meets this lock: not where somebody removed its file meanwhile."""
        try:
            found = stat_path(self._path)
        except (OSError, DamagedError):
            return False
        return found is not None and os.path.samestat(os.fstat(self._descriptor), found)

    def check(self) -> None:
        """Make sure that nobody else can have become the writer.

        Raises:
            BusyError: where the lock's file was removed or replaced.
        """
        if not self.is_held:
            raise BusyError(
                f"File kunci {self._path} dihapus selagi perintah ini berjalan; tidak ada yang dicatat. "
                "Ulangi perintahnya.",
                code="lock_lost",
            )


@contextmanager
def hold_lock(path: Path, who: str = "", patience: float = PATIENCE) -> Iterator[Lock]:
    """Hold the lock on ``path`` (made where it is missing) in the block; ``who`` is named to those who wait.

    Raises:
        BusyError: where another process keeps it longer than ``patience`` seconds, or the folder has no locks.
    """
    deadline = time.monotonic() + patience
    while True:
        descriptor = _open_lock_file(path)
        try:
            _wait(descriptor, path, deadline)
            lock = Lock(path, descriptor)
            if lock.is_held:
                _write_holder(descriptor, who)
                yield lock
                return
        finally:
            os.close(descriptor)


def find_holder(path: Path) -> str:
    """Who holds the lock now, and since when: `akun petugas, proses 123, sejak 10.30`; empty where nobody does."""
    try:
        descriptor = open_nonblocking(path, os.O_RDWR)
    except (OSError, DamagedError):
        return ""
    try:
        return "" if _try_lock(descriptor, path) else _read_holder(path).strip(" ()") or "perintah lain"
    except BusyError:
        return ""
    finally:
        os.close(descriptor)


def _open_lock_file(path: Path) -> int:
    """The open file; a link, or anything else than a file of its own, is refused before anything is written to it."""
    with translate_errors(path):
        try:
            return open_nonblocking(path, _FLAGS)
        except FileNotFoundError:
            make_folder(path.parent)
            return open_nonblocking(path, _FLAGS)


def _wait(descriptor: int, path: Path, deadline: float) -> None:
    while not _try_lock(descriptor, path):
        if time.monotonic() > deadline:
            raise BusyError(
                f"Ruang kerja sedang dipakai perintah lain{_read_holder(path)}; coba lagi sebentar lagi. "
                "Bila perintah itu macet, tutup dahulu."
            )
        time.sleep(_PAUSE)


def _write_holder(descriptor: int, who: str) -> None:
    """Write who holds the lock, behind the byte that is locked where locks are of bytes."""
    said = f"\n{who}, proses {os.getpid()}".encode()
    with suppress(OSError):  # a full disk: only the name is missing
        os.write(descriptor, said.ljust(_LONGEST))  # always as long: to cut a file costs more than the rest of the lock


def _read_holder(path: Path) -> str:
    """Who holds the lock, and since when: ` (akun petugas, proses 123, sejak 10.30)`."""
    try:
        with open(path, "rb", opener=open_nonblocking) as file:
            since = time.localtime(os.fstat(file.fileno()).st_mtime)
            file.seek(1)
            who = file.read(_LONGEST).decode(errors="replace").rstrip()
    except (OSError, DamagedError):
        return ""
    return f" ({who}, sejak {time.strftime('%H.%M', since)})" if who else ""


def _no_locks(path: Path, error: OSError) -> BusyError:
    return BusyError(
        f"Folder {path.parent} tidak dapat dikunci ({because(error)}); pindahkan ruang kerja ke disk lain.",
        code="no_locks",
    )


if sys.platform == "win32":  # pragma: no cover — runs on Windows only
    import msvcrt

    def _try_lock(descriptor: int, path: Path) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        except OSError as error:
            raise _no_locks(path, error) from error
        return True

else:
    import fcntl

    def _try_lock(descriptor: int, path: Path) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            raise _no_locks(path, error) from error
        return True
