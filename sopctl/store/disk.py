"""Single files on disk: replaced whole, made to last, read with an error that people understand."""

import os
import stat
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from errno import ENAMETOOLONG, ENOSPC, EROFS
from pathlib import Path

from sopctl.errors import BusyError, DamagedError, NotFoundError, SopctlError, UsageError, because

_BINARY: int = getattr(os, "O_BINARY", 0)  # Windows only: leave line breaks alone
_NONBLOCK: int = getattr(os, "O_NONBLOCK", 0)  # a pipe that nobody writes into would be waited for for ever
DEFAULT_MODE = 0o666
"""Permissions of a new file before the umask takes away what it does."""

_TRIES = 25
_PAUSE = 0.02
"""How often, and after how many seconds, a file is put in its place again where a reader stood in the way."""

_SHOWN = 80
"""Letters of a path that is too long."""


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
        staged = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        make_folder(target.parent)
        try:
            staged.unlink(missing_ok=True)
            with open_descriptor(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=mode) as file:
                for piece in (content,) if isinstance(content, bytes) else content:
                    _write_piece(file, piece)
                if durable:
                    fsync_file(file)
            if keep_permissions and target.exists():
                staged.chmod(stat.S_IMODE(target.stat().st_mode))
            rename_over(staged, target)
        except BaseException:
            staged.unlink(missing_ok=True)
            raise
        if durable:
            fsync_directory(target.parent)


def rename_over(source: Path, target: Path) -> None:
    """Put a file in the place of another.

    Windows lets nobody do so while somebody reads the other, so it is tried again.
    """
    for _ in range(_TRIES if sys.platform == "win32" else 0):  # pragma: no cover — runs on Windows only
        try:
            source.replace(target)
        except PermissionError:
            time.sleep(_PAUSE)
        else:
            return
    source.replace(target)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, each of them on the disk before this returns."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    fsync_directory(folder.parent)


@contextmanager
def use_umask(umask: int) -> Iterator[None]:
    """Let what is made in the block have the permissions that this umask leaves."""
    before = os.umask(umask)
    try:
        yield
    finally:
        os.umask(before)


def restrict_folder(folder: Path, umask: int) -> None:
    """Take from others the permissions on a folder that they should not have; what lies in it is closed with it.

    Where a group shares the folder, what is made in it belongs to that group too. Windows keeps permissions elsewhere.
    """
    if sys.platform != "win32":
        with translate_errors(folder):
            folder.chmod(0o777 & ~umask | (stat.S_ISGID if umask & stat.S_IRWXG == 0 else 0))


def write_file(path: Path, data: bytes, *, mode: int = DEFAULT_MODE) -> None:
    """Write a file and wait until the disk has it."""
    with open_descriptor(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode=mode) as file:
        write_all(file, data)


def write_all(file: int, data: bytes) -> None:
    """Write all of the bytes at the current position of an open file, and fsync it."""
    _write_piece(file, data)
    fsync_file(file)


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


@contextmanager
def open_descriptor(path: Path, flags: int, *, mode: int = DEFAULT_MODE) -> Iterator[int]:
    """An open file as the system counts it: the few bytes that a command writes want none of Python's buffers."""
    file = os.open(path, flags | _BINARY | _NONBLOCK, mode)
    try:
        yield file
    finally:
        os.close(file)


def open_nonblocking(path: str, flags: int) -> int:
    """Open a file without waiting: one that is a pipe has no writer, and holds nothing."""
    return os.open(path, flags | _BINARY | _NONBLOCK)


def fsync_file(descriptor: int) -> None:
    """Wait until the disk has what was written to an open file."""
    os.fsync(descriptor)


def fsync_directory(folder: Path) -> None:
    """Wait until the disk has the folder's entries; Windows does so by itself."""
    if sys.platform == "win32":
        return
    with open_descriptor(folder, os.O_RDONLY) as file:
        os.fsync(file)


def read_file(path: Path, *, limit: int) -> bytes:
    """The bytes of a file that holds at most ``limit`` of them.

    Raises:
        NotFoundError: where there is none, or what is there (a folder, a pipe, a device) is no file. DamagedError:
            where it is larger. BusyError: where it cannot be read.
    """
    with translate_errors(path):
        try:
            with open_descriptor(path, os.O_RDONLY | _NONBLOCK) as file:
                mode = os.fstat(file).st_mode
                if stat.S_ISDIR(mode):
                    raise NotFoundError(f"{path} adalah folder, bukan file.", code="file")
                if not stat.S_ISREG(mode):
                    raise NotFoundError(f"{path} bukan file biasa; simpan dahulu isinya ke dalam file.", code="file")
                data = read_rest(file, limit=limit)
        except (FileNotFoundError, NotADirectoryError):
            raise NotFoundError(f"File {path} tidak ada.", code="file") from None
    if len(data) > limit:
        raise DamagedError(f"File {path} lebih besar dari {limit // 1_000_000} MB; itu tidak mungkin benar.")
    return data


@contextmanager
def translate_errors(path: Path) -> Iterator[None]:
    """Turn what the operating system says about a path into what its user can do about it."""
    try:
        yield
    except OSError as error:
        raise translate_error(path, error) from error


def translate_error(path: Path, error: OSError) -> SopctlError:
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
