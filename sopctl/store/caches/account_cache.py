"""What was worked out and can be worked out again, kept in a folder of its own for each account.

Who writes a cache says what is read from it: the figures of a report, the days off, even the words of a letter. So an
account reads what it wrote itself and nothing else. On POSIX the folder and each file must belong to the account, and
nobody else may write to them; otherwise there is no cache, and everything is worked out anew. Windows keeps permissions
elsewhere: there the folder's own are what counts, and nothing is checked. Each file ends with a checksum, so that one
that a disk or a copy damaged is none: what it says would be believed.
"""

import os
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache, reduce
from pathlib import Path
from typing import TypeVar
from zlib import crc32

import msgspec

import sopctl
from sopctl.errors import BusyError, DamagedError
from sopctl.store import disk
from sopctl.store.record_paths import ParentFolder, stat_path

T = TypeVar("T")

CACHE = "cache"
"""The folder of all caches, below that of the record."""

LARGEST = 20_000_000
"""Bytes of a file that are read from a cache."""

CHECKSUM = 4
"""Bytes at the end of each file: the CRC-32 of those before them."""

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_NO_LINK: int = getattr(os, "O_NOFOLLOW", 0)
_PRIVATE = 0o600


class Cache:
    """The cache of the account at the keyboard, below the folder of a record."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self.place = data / CACHE / account_folder()
        self._own: Path | None = None

    @property
    def folder(self) -> Path | None:
        """The account's own folder, made where it is missing; None where the account cannot rely on it.

        As long as there is no record there is nothing to keep, and no folder is made.
        """
        if self._own is None:
            with suppress(OSError, DamagedError):
                found = self._found()
                self._own = self.place if stat.S_ISDIR(found.st_mode) and _is_own(found) else None
        return self._own

    def make_data(self) -> None:
        """Make the folder above all caches, as open as the workspace is, for an office whose record lies elsewhere."""
        with suppress(OSError, DamagedError):
            if stat_path(self._data) is None:
                self._data.mkdir()
                self._data.chmod(stat.S_IMODE(self._data.parent.stat().st_mode))

    def read(self, name: str) -> bytes | None:
        """What was kept under a name, None where nothing was, or it was damaged."""
        file = self.open(name)
        if file is None:
            return None
        try:
            data = disk.read_rest(file, limit=LARGEST)
        except OSError:
            return None
        finally:
            os.close(file)
        kept = data[:-CHECKSUM]
        return kept if data[-CHECKSUM:] == _checksum(kept) else None

    def read_as(self, name: str, decode: Callable[[bytes], T]) -> T | None:
        """What ``decode`` makes of what was kept under a name; None where nothing was, or something else."""
        with suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            if (data := self.read(name)) is not None:
                return decode(data)
        return None

    def open(self, name: str) -> int | None:
        """The open file of what was kept under a name, which its reader closes; None where nothing was.

        Its checksum is not compared.
        """
        if self.folder is None:
            return None
        try:
            file = disk.open_nonblocking(self.folder / name, os.O_RDONLY | _NO_LINK)
        except (OSError, DamagedError):
            return None
        if _is_own(os.fstat(file)):
            return file
        os.close(file)
        return None

    def write(self, name: str, data: bytes, *, durable: bool = True) -> None:
        """Keep something under a name; a disk that does not take it keeps nothing.

        What is not ``durable`` may be damaged after a power failure, so its reader must be able to tell.
        """
        if self.folder is not None:
            with suppress(BusyError, DamagedError):
                disk.replace_file(self.folder / name, data + _checksum(data), mode=_PRIVATE, durable=durable)

    def trim(self, prefix: str, most: int) -> None:
        """Let go of the oldest of what was kept under names with this beginning, until it has at most so many bytes."""
        folder, left = self.folder, most
        for path, found in _newest_first(folder, prefix) if folder else ():
            left -= found.st_size
            if left < 0:
                self.remove(path.name)

    def list_names(self, prefix: str) -> list[str]:
        """The names with this beginning under which something was kept."""
        folder = self.folder
        return sorted(path.name for path in folder.glob(f"{prefix}*")) if folder else []

    def remove(self, name: str) -> None:
        """Keep nothing under a name any more."""
        if self.folder is not None:
            with suppress(OSError, DamagedError):
                disk.remove_file(self.folder / name)

    def _found(self) -> os.stat_result:
        if stat_path(self.place) is None:
            _make(self._data, self.place)
        return self.place.lstat()


def _newest_first(folder: Path, prefix: str) -> list[tuple[Path, os.stat_result]]:
    """The files of the folder with this beginning; one that somebody removes meanwhile is left out."""
    found = []
    for path in folder.glob(f"{prefix}*"):
        with suppress(OSError):
            found.append((path, path.lstat()))
    return sorted(found, key=lambda one: -one[1].st_mtime_ns)


@cache
def code_edition(*rooms: str) -> int:
    """When the code of these rooms was last changed, in nanoseconds: part of the key of what they worked out.

    A process that is asked again says the same, for it still runs the code that it began with.
    """
    root = Path(sopctl.__file__).parent
    return max(file.stat().st_mtime_ns for room in rooms for file in (root / room).iterdir() if file.suffix == ".py")


@cache
def code_checksum(*rooms: str) -> int:
    """The CRC-32 of the code of these rooms: part of the key of what several computers share."""
    root = Path(sopctl.__file__).parent
    files = (file for room in rooms for file in sorted((root / room).iterdir()) if file.suffix == ".py")
    return reduce(lambda checksum, file: crc32(file.read_bytes(), checksum), files, 0)


def _checksum(data: bytes) -> bytes:
    return crc32(data).to_bytes(CHECKSUM, "little")


def account_folder() -> str:
    """The name of the folder of the account at the keyboard."""
    if sys.platform == "win32":
        return "".join(letter if letter.isalnum() else "_" for letter in os.getlogin())
    return str(os.geteuid())


def _is_own(found: os.stat_result) -> bool:
    """Whether it belongs to the account at the keyboard, and nobody else may write to it."""
    if sys.platform == "win32":
        return True
    return found.st_uid == os.geteuid() and not found.st_mode & _OTHERS_WRITE


def _make(data: Path, place: Path) -> None:
    """Make the folder of an account, closed to all others, in one that is as open as the record is."""
    mode = stat.S_IMODE(data.stat().st_mode)
    with suppress(FileExistsError):
        place.parent.mkdir()  # the data folder itself may be a link
        if sys.platform != "win32":
            with disk.open_descriptor(place.parent, os.O_RDONLY | _NO_LINK) as folder:
                os.fchmod(folder, mode)
    with suppress(FileExistsError), ParentFolder(place) as (folder, name):
        os.mkdir(name, 0o700, dir_fd=folder)
