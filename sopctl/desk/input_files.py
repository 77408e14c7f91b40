"""Files that a user names for a command: read whole, with an error that says what to do."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path

from msgspec import Struct

from sopctl.errors import DamagedError, UsageError
from sopctl.store import disk

LARGEST_DATA = 10_000_000
"""Bytes of a data file."""


class InputFile(Struct, frozen=True, kw_only=True):
    """A file that comes with a move: its bytes lie at ``path`` on this machine, ``name`` is the user's own for it.

    ``item`` is the kelengkapan that it proves, ``caption`` what it shows; both may be empty.
    """

    path: Path
    name: str
    item: str = ""
    caption: str = ""


def read_input_file(path: Path, *, limit: int) -> bytes:
    """The bytes of a file that a user named, at most ``limit`` of them.

    Raises:
        UsageError: where it is larger. NotFoundError: where there is none. BusyError: where it cannot be read.
    """
    try:
        return disk.read_file(path, limit=limit)
    except DamagedError as error:
        raise UsageError(
            f"{path} terlalu besar; paling besar {limit // 1_000_000} MB. Kecilkan, atau bagi menjadi beberapa file.",
            code="size",
        ) from error


def read_text(path: Path) -> str:
    """The text of a file: UTF-8 or, as Windows programs write it, UTF-16 with a mark or Windows-1252."""
    data = read_input_file(path, limit=LARGEST_DATA)
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
