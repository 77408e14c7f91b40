"""Files and folders of a record, reached without following a link.

Whoever may write in the folder of a record could put a link in it, and have somebody else's command read, or write,
what it leads to. The folder of a record may itself be a link, as offices have it; no path below is followed through
one. Where the system can (Linux, macOS) every name on the way is opened by itself, relative to the folder before, so
that nobody can put a link there meanwhile. Windows cannot: there each name is looked at first.

Any other path is taken as it is.
"""

import os
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from sopctl.errors import DamagedError

T = TypeVar("T")

_ROOTS: set[str] = set()
"""The folders of the records that this process has opened."""

used_umask: ContextVar[int | None] = ContextVar("used_umask", default=None)
"""What is taken from the permissions of files and folders that are made; None for what the process takes from them.

The umask of the system is one for all threads of a process, so that none may set it for itself.
"""

_NO_LINK: int = getattr(os, "O_NOFOLLOW", 0)
_FOLDER: int = getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_PATH", os.O_RDONLY)
OPENS_RELATIVE = os.open in os.supports_dir_fd and bool(_NO_LINK)

_HERE = -2 if sys.platform == "darwin" else -100
"""`AT_FDCWD`: what the system takes for the current folder; a whole path needs none."""

_LINK_TAGS = frozenset((0xA0000003, 0xA000000C))
"""What Windows calls a junction and a symbolic link; other tags are of files that lie in a cloud, and are no links."""


def follow_no_links_below(folder: Path) -> None:
    """From now on no path below this folder is followed through a link."""
    _ROOTS.add(os.fspath(folder))


def lies_in_record(path: Path | str) -> bool:
    """Whether a path lies below the folder of a record."""
    return bool(_split(os.fspath(path), len(_ROOTS))[0])


class ParentFolder:
    """The folder that a path lies in, open in a `with` block, which gives its descriptor and the path's name in it.

    Of a path that lies in no record, and on Windows: None, and the path itself; of one that lies in the folder of the
    record itself no folder is open, and the name is the path. An error of the system within the block is one of this
    path. A class, for every file of a command is reached through it and a generator costs more.

    Raises:
        DamagedError: where a name on the way is a link, or where the system refuses the path and it is one.
    """

    __slots__ = ("_at", "_descriptor", "_names", "_path", "_root")

    def __init__(self, path: Path | str) -> None:
        self._path = os.fspath(path)
        self._root, self._names = _split(self._path, len(_ROOTS))
        self._descriptor: int | None = None
        self._at = 0

    def __enter__(self) -> tuple[int | None, str]:
        """The descriptor and the name."""
        names = self._names
        if not self._root:
            return None, self._path
        if not OPENS_RELATIVE:
            for end in range(1, len(names) + 1):
                _refuse_link(str(Path(self._root, *names[:end])), None)
            return None, self._path
        if len(names) == 1:  # the system follows nothing but the folder of the record
            return _HERE, self._path
        try:
            folder = self._descriptor = os.open(f"{self._root}{os.sep}{names[0]}", _FOLDER | _NO_LINK)
            for self._at in range(1, len(names) - 1):
                self._descriptor = os.open(names[self._at], _FOLDER | _NO_LINK, dir_fd=folder)
                os.close(folder)
                folder = self._descriptor
        except OSError as error:
            self.__exit__(OSError, error, None)
            raise
        self._at = len(names) - 1
        return folder, names[-1]

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Close the folder; an error is told with the whole path."""
        try:
            if self._root and isinstance(error, OSError):
                error.filename = self._path
                if not isinstance(error, FileNotFoundError):
                    shown = str(Path(self._root, *self._names[: self._at + 1]))
                    name = shown if self._descriptor is None else self._names[self._at]
                    _refuse_link(name, self._descriptor, shown)
        finally:
            if self._descriptor is not None:
                os.close(self._descriptor)


def open_file(path: Path | str, flags: int, mode: int = 0o666) -> int:
    """The descriptor of an open file or folder.

    What is opened for writing is a file of its own, known by no other name: else it would be written there too. Nothing
    is cut off before that is known.

    Raises:
        DamagedError: where it is a link, or (for writing) something else than such a file.
    """
    umask = used_umask.get() if flags & os.O_CREAT else None
    mode &= ~(umask or 0)
    with ParentFolder(path) as (folder, name):
        extra = _NO_LINK if folder is not None else 0
        file = os.open(name, flags & ~os.O_TRUNC | extra, mode, dir_fd=folder)
    if flags & (os.O_WRONLY | os.O_RDWR):
        try:
            found = os.fstat(file)
            check_writable(path, found)
            if flags & os.O_TRUNC and found.st_size:
                os.ftruncate(file, 0)
            if umask is not None and not found.st_size:
                _permit(file, found, mode)
        except BaseException:
            os.close(file)
            raise
    return file


def make_directory(path: Path) -> None:
    """Make a folder in one that is there; nothing where it is there already."""
    umask = used_umask.get()
    mode = 0o777 & ~(umask or 0)
    with ParentFolder(path) as (folder, name), suppress(FileExistsError):
        os.mkdir(name, mode, dir_fd=folder)
        if umask is not None and sys.platform != "win32":
            made = os.open(name, os.O_RDONLY | os.O_DIRECTORY | _NO_LINK, dir_fd=folder)
            try:
                _permit(made, os.fstat(made), mode)
            finally:
                os.close(made)


def _permit(made: int, found: os.stat_result, mode: int) -> None:
    """Give what was just made those of its permissions that the umask of the process took from it."""
    if sys.platform != "win32" and mode & ~found.st_mode:
        with suppress(PermissionError):  # an empty file of another account
            os.fchmod(made, stat.S_IMODE(found.st_mode) | mode)


def stat_path(path: Path | str) -> os.stat_result | None:
    """What the system says of a file or folder; None where there is none.

    Raises:
        DamagedError: where it is a link.
    """
    with suppress(FileNotFoundError, NotADirectoryError), ParentFolder(path) as (folder, name):
        found = os.stat(name, dir_fd=folder, follow_symlinks=folder is None)
        if folder is not None and is_link(found):
            raise _link_error(os.fspath(path))
        return found
    return None


def stat_names(folder: str, names: Mapping[T, str]) -> Iterator[tuple[T, os.stat_result]]:
    """What the system says of the files of a folder, links not followed; those that are not there are left out."""
    with suppress(FileNotFoundError), ParentFolder(f"{folder}{os.sep}.") as (descriptor, path):
        for key, name in names.items():
            with suppress(FileNotFoundError):
                yield key, os.stat(f"{path[:-1]}{name}", dir_fd=descriptor, follow_symlinks=False)


def list_folder(folder: Path | str) -> list[str]:
    """The names in a folder, in no order."""
    if not OPENS_RELATIVE:
        with ParentFolder(folder) as (_, name):
            return os.listdir(name)  # noqa: PTH208 — years of cases
    descriptor = open_file(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        return os.listdir(descriptor)  # noqa: PTH208 — no path, but an open folder
    finally:
        os.close(descriptor)


def is_link(found: os.stat_result) -> bool:
    """Whether what was found, itself not followed, leads elsewhere: a symbolic link, or a junction of Windows."""
    return stat.S_ISLNK(found.st_mode) or getattr(found, "st_reparse_tag", 0) in _LINK_TAGS


@lru_cache(64)  # one command asks of a few paths again and again
def _split(path: str, _known: int) -> tuple[str, list[str]]:
    """The folder of a record that a path lies below, and the names from there; empty where it lies below none.

    ``_known`` is how many records this process has opened: with one more, the answer may be another.
    """
    if sys.platform == "win32":
        path = path.replace("/", os.sep)
    at = path.rfind(os.sep)
    while at > 0:
        if path[:at] in _ROOTS:
            return path[:at], path[at + 1 :].split(os.sep)  # noqa: PTH206 — at every file
        at = path.rfind(os.sep, 0, at)
    return "", []


def _refuse_link(name: str, folder: int | None, path: str = "") -> None:
    with suppress(OSError):
        if is_link(os.stat(name, dir_fd=folder, follow_symlinks=False)):
            raise _link_error(path or name)


def _link_error(path: str) -> DamagedError:
    return DamagedError(
        f"{path} adalah tautan ke tempat lain; catatan tidak dibaca dan tidak ditulis lewat tautan. Hapus tautan itu, "
        "lalu pulihkan yang asli dari cadangan bila ada.",
        code="link",
    )


def check_writable(path: Path | str, found: os.stat_result) -> None:
    """Make sure that a file that is to be written to is a plain one with no other name; else DamagedError."""
    if not stat.S_ISREG(found.st_mode):
        raise DamagedError(f"{path} bukan file biasa. Hapus, lalu pulihkan yang asli dari cadangan.", code="file")
    if found.st_nlink > 1:
        raise DamagedError(
            f"{path} mempunyai nama lain di disk ini (hard link), dan yang ditulis di sini berubah juga di sana. "
            "Ganti dengan salinannya.",
            code="link",
        )
