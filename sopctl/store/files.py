"""Single files on disk: replaced whole, made to last, read with an error that people understand."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOSPC, EROFS
from pathlib import Path

from sopctl.errors import BusyError, DamagedError, NotFoundError


def replace(path: Path, data: bytes) -> None:
    """Put ``data`` in the place of the file, whole or not at all, and on the disk before this returns.

    Raises:
        BusyError: where the disk does not take it.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with disk(path):
        make(path.parent)
        try:
            write(temporary, data)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        settle(path.parent)


def make(folder: Path) -> None:
    """Make a folder and those above it, each of them on the disk before this returns."""
    if folder.is_dir():
        return
    make(folder.parent)
    folder.mkdir(exist_ok=True)
    settle(folder.parent)


def write(path: Path, data: bytes) -> None:
    """Write a file and wait until the disk has it."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        flush(file.fileno())


def flush(descriptor: int) -> None:
    """Wait until the disk has what was written to an open file."""
    os.fsync(descriptor)


def settle(folder: Path) -> None:
    """Wait until the disk has the folder's entries; Windows does so by itself."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(path: Path, *, limit: int) -> bytes:
    """The bytes of a file that holds at most ``limit`` of them.

    Raises:
        NotFoundError: where there is none. DamagedError: where it is larger. BusyError: where it cannot be read.
    """
    with disk(path):
        try:
            with path.open("rb") as file:
                data = file.read(limit + 1)
        except (FileNotFoundError, NotADirectoryError):
            raise NotFoundError(f"Berkas {path} tidak ada.", code="file") from None
        except IsADirectoryError:
            raise NotFoundError(f"{path} adalah folder, bukan berkas.", code="file") from None
    if len(data) > limit:
        raise DamagedError(f"Berkas {path} lebih besar dari {limit // 1_000_000} MB; itu tidak mungkin benar.")
    return data


@contextmanager
def disk(path: Path) -> Iterator[None]:
    """Turn what the operating system says about a path into what its user can do about it."""
    try:
        yield
    except PermissionError as error:
        raise BusyError(
            f"Tidak ada izin untuk {error.filename or path}; minta pengelola folder membuka izinnya.", code="permission"
        ) from error
    except OSError as error:
        if error.errno == ENOSPC:
            raise BusyError(
                f"Disk penuh saat menulis {path}; kosongkan ruang lalu ulangi.", code="disk_full"
            ) from error
        if error.errno == EROFS:
            raise BusyError(f"{path} ada di disk yang hanya dapat dibaca.", code="read_only") from error
        raise BusyError(f"Disk menolak {path}: {error.strerror}.", code="disk") from error
