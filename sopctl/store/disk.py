"""Single files on disk: replaced whole, made to last, read with an error that people understand."""

import os
import re
import stat
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from errno import ENAMETOOLONG, ENOSPC, ENOTDIR, EROFS
from functools import partial
from itertools import count
from pathlib import Path
from typing import IO, BinaryIO

from sopctl.errors import BusyError, DamagedError, NotFoundError, SopctlError, UsageError, because
from sopctl.store.record_paths import (
    OPENS_RELATIVE,
    ParentFolder,
    check_writable,
    lies_in_record,
    list_folder,
    make_directory,
    open_file,
    stat_path,
    used_umask,
)

_BINARY: int = getattr(os, "O_BINARY", 0)  # Windows only: leave line breaks alone
_NONBLOCK: int = getattr(os, "O_NONBLOCK", 0)  # a pipe that nobody writes into would be waited for for ever
_NO_LINK: int = getattr(os, "O_NOFOLLOW", 0)
_FOLDER: int = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_PIECE = 1 << 18
"""Bytes of a file of any length that are read at a time: what a database keeps as one part of it."""

DEFAULT_MODE = 0o666
"""Permissions of a new file before the umask takes away what it does."""

_TRIES = 25
_PAUSE = 0.02
"""How often, and after how many seconds, a file is put in its place again where a reader stood in the way."""

_SHOWN = 80
"""Letters of a path that is too long."""

_numbers = count(1)
"""Tells the temporary files of one process apart: two of its threads may write the same file."""


def replace_file(
    path: Path,
    content: bytes | Iterable[bytes],
    *,
    mode: int = DEFAULT_MODE,
    durable: bool = True,
    keep_permissions: bool = False,
) -> None:
    """Replace the file with ``content``, whole or not at all: staged file, fsync, rename, fsync of the folder.

    ``mode`` are the permissions of the file, of which the umask takes away what it does; with ``keep_permissions`` a
    file that is there keeps its own, and where the path is a link, what it leads to is replaced. What is not
    ``durable`` is not waited for: after a power failure it may be gone or damaged.

    Raises:
        BusyError: where the disk does not take it.
    """
    with translate_errors(path):
        target = path.resolve() if keep_permissions else path
        staged = target.with_name(f".{target.name}.{next(_numbers)}.{os.getpid()}.tmp")
        make_folder(target.parent)
        try:
            remove_file(staged)
            if durable:
                sweep_leftovers(target)
            with open_descriptor(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=mode) as file:
                _is_held(file)  # by this process from now on
                for piece in (content,) if isinstance(content, bytes) else content:
                    _write_piece(file, piece)
                if durable:
                    os.fsync(file)
            if keep_permissions and target.exists():
                staged.chmod(stat.S_IMODE(target.stat().st_mode))
            rename_over(staged, target)
        except BaseException:
            remove_file(staged)
            raise
        if durable:
            fsync_directory(target.parent)


def sweep_leftovers(target: Path) -> None:
    """Remove what processes that died left beside a file, in the writing of files with its ending."""
    name = re.compile(rf"\..+{re.escape(target.suffix)}(\.[0-9]+){{1,2}}\.tmp")
    with suppress(OSError):
        for path in (target.with_name(one) for one in list_folder(target.parent) if name.fullmatch(one)):
            if is_abandoned(path):
                remove_file(path)


def is_abandoned(path: Path) -> bool:
    """Whether nobody writes a temporary file any more: no process of the number in its name, nor one elsewhere.

    Windows removes no file that somebody writes.
    """
    if sys.platform == "win32":
        return True
    number = re.search(r"\.([0-9]{1,9})\.tmp$", path.name)
    if number is not None and _runs(int(number[1])):
        return False
    with suppress(OSError, DamagedError), open_descriptor(path, os.O_RDONLY) as file:
        return not _is_held(file)
    return True


def _runs(process: int) -> bool:
    """Whether a process of this number runs on this computer."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def rename_over(source: Path | str, target: Path) -> None:
    """Put a file in the place of another.

    Windows lets nobody do so while somebody reads the other, so it is tried again.
    """
    with ParentFolder(source) as (folder, name), ParentFolder(target) as (new_folder, new_name):
        for _ in range(_TRIES if sys.platform == "win32" else 0):  # pragma: no cover — runs on Windows only
            try:
                os.replace(name, new_name, src_dir_fd=folder, dst_dir_fd=new_folder)
            except PermissionError:
                time.sleep(_PAUSE)
            else:
                return
        os.replace(name, new_name, src_dir_fd=folder, dst_dir_fd=new_folder)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, each of them on the disk before this returns."""
    found = stat_path(folder)
    if found is not None and stat.S_ISDIR(found.st_mode):
        return
    if found is not None:
        raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR), str(folder))
    make_folder(folder.parent)
    make_directory(folder)
    fsync_directory(folder.parent)


def make_private_folder(folder: Path) -> None:
    """Make a folder that only its owner enters, and that no version control takes along, where there is none."""
    with suppress(FileExistsError):
        folder.mkdir(0o700)
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")


def remove_file(path: Path | str) -> None:
    """Remove a file, or a link where one stands; one that is not there is gone already."""
    with suppress(FileNotFoundError), ParentFolder(path) as (folder, name):
        os.unlink(name, dir_fd=folder)


def exists(path: Path | str) -> bool:
    """Whether there is a file or folder of this path; DamagedError where it is a link in a record."""
    return stat_path(path) is not None


def is_file(path: Path | str) -> bool:
    """Whether there is a plain file of this path; DamagedError where it is a link in a record."""
    found = stat_path(path)
    return found is not None and stat.S_ISREG(found.st_mode)


def file_size(path: Path) -> int | None:
    """The size of a file that is to be written to, in bytes; None where there is none.

    Raises:
        DamagedError: where a link, or no file of its own, stands in its place.
    """
    found = stat_path(path)
    if found is not None:
        check_writable(path, found)
    return None if found is None else found.st_size


def list_names(folder: Path | str) -> list[str]:
    """The names in a folder in order; none where there is no such folder."""
    with translate_errors(folder):
        try:
            return sorted(list_folder(folder))
        except (FileNotFoundError, NotADirectoryError):
            return []


@contextmanager
def use_umask(umask: int) -> Iterator[None]:
    """Let what this thread makes in the block with the functions here have the permissions that this umask leaves."""
    before = used_umask.set(umask)
    try:
        yield
    finally:
        used_umask.reset(before)


if sys.platform == "win32":  # pragma: no cover — runs on Windows only

    def _is_held(_file: int) -> bool:
        return False

else:
    import fcntl

    def _is_held(file: int) -> bool:
        """Whether another process holds an open file; where none does, this one holds it until it is closed."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:  # a folder without locks
            return False
        return False


def restrict_folder(folder: Path, umask: int) -> None:
    """Take from others the permissions on a folder that they should not have; what lies in it is closed with it.

    Where a group shares the folder, what is made in it belongs to that group too. Windows keeps permissions elsewhere.
    """
    if sys.platform != "win32":
        with translate_errors(folder):
            folder.chmod(0o777 & ~umask | (stat.S_ISGID if umask & stat.S_IRWXG == 0 else 0))


def write_file(path: Path | str, data: bytes) -> None:
    """Write a file and wait until the disk has it."""
    with open_descriptor(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC) as file:
        write_all(file, data)


def write_all(file: int, data: bytes) -> None:
    """Write all of the bytes at the current position of an open file, and fsync it."""
    _write_piece(file, data)
    os.fsync(file)


def _write_piece(file: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(file, left) :]


def read_rest(file: int, *, limit: int) -> bytes:
    """What an open file holds from where it stands, and no more than a byte over the limit of it.

    One that grows meanwhile is read to the end that it has then.
    """
    asked = min(limit, os.fstat(file).st_size) + 1
    parts: list[bytes] = []
    left = limit + 1
    while left and (part := os.read(file, min(left, asked))):
        parts.append(part)
        left -= len(part)
        if len(part) < asked:
            break
    return b"".join(parts)


class open_descriptor:  # noqa: N801 — used like a function; a generator costs every file of a command more
    """An open file as the system counts it: the few bytes that a command writes want none of Python's buffers."""

    __slots__ = ("_file",)

    def __init__(self, path: Path | str, flags: int, *, mode: int = DEFAULT_MODE) -> None:
        self._file = open_file(path, flags | _BINARY | _NONBLOCK, mode)

    def __enter__(self) -> int:
        """The descriptor."""
        return self._file

    def __exit__(self, *_: object) -> None:
        """Close it."""
        os.close(self._file)


def open_nonblocking(path: Path | str, flags: int) -> int:
    """Open a file without waiting: one that is a pipe has no writer, and holds nothing."""
    return open_file(path, flags | _BINARY | _NONBLOCK)


def fsync_directory(folder: Path) -> None:
    """Wait until the disk has the folder's entries; Windows does so by itself."""
    if sys.platform == "win32":
        return
    with open_descriptor(folder, os.O_RDONLY) as file:
        os.fsync(file)


def read_file(path: Path | str, *, limit: int) -> bytes:
    """The bytes of a file that holds at most ``limit`` of them.

    Raises:
        NotFoundError: where there is none, or what is there (a folder, a pipe, a device) is no file. DamagedError:
            where it is larger, and in a record where it is no file, or a link. BusyError: where it cannot be read.
    """
    data = read_file_if_there(path, limit=limit)
    if data is None:
        raise NotFoundError(f"File {path} tidak ada.", code="file")
    return data


def read_file_if_there(path: Path | str, *, limit: int) -> bytes | None:
    """The same, but None where there is no such file."""
    with translate_errors(path):
        try:
            with open_descriptor(path, os.O_RDONLY) as file:
                mode = os.fstat(file).st_mode
                if not stat.S_ISREG(mode):
                    raise _no_file_error(path, mode)
                data = read_rest(file, limit=limit)
        except (FileNotFoundError, NotADirectoryError):
            return None
    if len(data) > limit:
        raise DamagedError(f"File {path} lebih besar dari {limit // 1_000_000} MB; itu tidak mungkin benar.")
    return data


def _no_file_error(path: Path | str, mode: int) -> SopctlError:
    """What is wrong with a folder, a pipe or a device in the place of a file."""
    what = "adalah folder, bukan file" if stat.S_ISDIR(mode) else "bukan file biasa"
    if lies_in_record(path):
        return DamagedError(f"{path} {what}. Hapus, lalu pulihkan yang asli dari cadangan.", code="file")
    return NotFoundError(f"{path} {what}; sebutkan file yang berisi datanya.", code="file")


def open_plain_file(path: Path) -> BinaryIO:
    """A file, open for reading from its beginning; the errors are those of `read_file`, but for its size."""
    with translate_errors(path):
        try:
            file = open(path, "rb", opener=open_nonblocking)  # noqa: SIM115 — a path opens without an opener
        except (FileNotFoundError, NotADirectoryError):
            raise NotFoundError(f"File {path} tidak ada.", code="file") from None
        except IsADirectoryError:
            raise _no_file_error(path, stat.S_IFDIR) from None
        mode = os.fstat(file.fileno()).st_mode
        if not stat.S_ISREG(mode):
            file.close()
            raise _no_file_error(path, mode)
        return file


def read_pieces(file: IO[bytes]) -> Iterator[bytes]:
    """The bytes of an open file from where it stands, of which few are in memory at a time."""
    return iter(partial(file.read, _PIECE), b"")


def read_names(folder: str, names: Iterable[str], *, limit: int) -> Iterator[bytes | None]:
    """The files of one folder of a record, which is opened once; None for each that is to be read by itself.

    That is one that is missing, no plain file, too large, or written to meanwhile.
    """
    left = iter(names)
    with suppress(OSError, DamagedError), ParentFolder(f"{folder}{os.sep}.") as (descriptor, _):
        for name in left if descriptor is not None else ():
            yield _read_name(descriptor, name, limit)
    yield from (None for _ in left)


def read_tree(path: str, *, limit: int) -> Iterator[tuple[str, str, bytes | None]]:
    """The files below a folder of a record, by folder and name; None for each that is to be looked at by itself.

    That is what `read_names` leaves out too, and a link, which is not followed. Of what is no folder it is the path.
    """
    with suppress(OSError):
        try:
            descriptor = open_file(path, _FOLDER) if OPENS_RELATIVE else None
            yield from _read_below(path, descriptor, limit)
        except (NotADirectoryError, DamagedError):
            folder, _, name = path.rpartition(os.sep)
            yield folder, name, None


def _read_below(path: str, folder: int | None, limit: int) -> Iterator[tuple[str, str, bytes | None]]:
    """Those below a folder that is open, and closed here; Windows opens none."""
    try:
        with os.scandir(path if folder is None else folder) as entries:
            found = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
        for name, is_folder in found:
            if not is_folder:
                yield path, name, None if folder is None else _read_name(folder, name, limit)
        for name in (name for name, is_folder in found if is_folder):
            with suppress(OSError):
                below = None if folder is None else os.open(name, _FOLDER | _NO_LINK, dir_fd=folder)
                yield from _read_below(f"{path}{os.sep}{name}", below, limit)
    finally:
        if folder is not None:
            os.close(folder)


def _read_name(folder: int | None, name: str, limit: int) -> bytes | None:
    """One of them, in as few calls as it takes: an audit reads years of files."""
    try:
        file = os.open(name, os.O_RDONLY | _NONBLOCK | _NO_LINK, dir_fd=folder)
    except OSError:
        return None
    try:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode) or found.st_size > limit:
            return None
        data = os.read(file, found.st_size + 1)
        return data if len(data) == found.st_size else None
    except OSError:
        return None
    finally:
        os.close(file)


class translate_errors:  # noqa: N801 — as above
    """Turn what the operating system says about a path into what its user can do about it."""

    __slots__ = ("_path",)

    def __init__(self, path: Path | str) -> None:
        self._path = path

    def __enter__(self) -> None:
        """Nothing."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Raise the error for people in the place of the system's."""
        if isinstance(error, OSError):
            raise translate_error(self._path, error) from error


def translate_error(path: Path | str, error: OSError) -> SopctlError:
    """What the user can do about an error of the operating system at a path."""
    if isinstance(error, PermissionError):
        where = error.filename or path
        message = f"Tidak ada izin untuk {where}; minta pengelola folder membuka izinnya."
        return BusyError(message, code="permission")
    if error.errno == ENOSPC:
        return BusyError(f"Disk penuh saat menulis {path}; kosongkan ruang lalu ulangi.", code="disk_full")
    if error.errno == EROFS:
        return BusyError(f"{path} ada di disk yang hanya dapat dibaca.", code="read_only")
    if error.errno == ENAMETOOLONG:
        shown = f"{str(path)[:_SHOWN]}…" if len(str(path)) > _SHOWN else path
        return UsageError(f"Nama {shown} terlalu panjang; pakai nama yang lebih pendek.", code="file_name")
    return BusyError(f"Disk menolak {path}: {because(error)}.", code="disk")
