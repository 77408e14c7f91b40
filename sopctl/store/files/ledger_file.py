"""The ledger on disk: one file of lines, of which the newest is found from the end."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO

from sopctl.errors import DamagedError
from sopctl.store import disk
from sopctl.store.ledger import ReadLine, decode_passing

_LARGE_BLOCK = 1_000_000
"""Bytes of a ledger that are read at a time from one end to the other."""

_BLOCK = 4096
"""Bytes that are read at a time to find the beginning of a line."""


@contextmanager
def open_ledger(path: Path) -> Iterator[BinaryIO | None]:
    """The open file of the ledger; None where there is none, or a pipe stands in its place."""
    with disk.translate_errors(path):
        try:
            file = open(path, "rb", opener=disk.open_nonblocking)  # noqa: SIM115 — a path opens without an opener
        except FileNotFoundError:
            file = None
        with file or nullcontext():
            yield file if file and file.seekable() else None


def read_last_line(path: Path) -> bytes:
    """The last line, empty where there is none; it is found from the end of the file.

    Raises:
        DamagedError: where the file does not end with a line break.
    """
    with open_ledger(path) as file:
        size = file.seek(0, os.SEEK_END) if file else 0
        if file is None or not size:
            return b""
        file.seek(size - 1)
        if file.read() != b"\n":
            raise broken_end_error(path)
        return read_line_before(file, size)


def broken_end_error(path: Path) -> DamagedError:
    """What is wrong with a ledger whose last line has no end, or is none that sopctl wrote: none can follow it."""
    return DamagedError(
        f"Baris terakhir buku catatan {path} terpotong atau rusak; tidak ada yang dicatat. Pulihkan dari cadangan, "
        "atau buang baris itu.",
        code="ledger",
        advice="cut_ledger",
    )


def read_line_at(file: BinaryIO, place: int) -> bytes:
    """The line that begins at this byte, without its line break; empty where none begins there."""
    if place > os.fstat(file.fileno()).st_size:  # a damaged index says what it likes
        return b""
    file.seek(max(0, place - 1))
    begins = not place or file.read(1) == b"\n"
    return file.readline().removesuffix(b"\n") if begins else b""


def read_line_before(file: BinaryIO, place: int) -> bytes:
    """The line that ends at this byte, without its line break; empty at the beginning."""
    text, begins, at = b"", place, -1
    while begins and at < 0:
        begins = max(0, place - _BLOCK - 2 * (place - begins))
        file.seek(begins)
        text = file.read(place - begins).removesuffix(b"\n")
        at = text.rfind(b"\n")
    return text[at + 1 :]


def count_lines(file: BinaryIO) -> int:
    """How many lines there are, without a look at what they say; a last one without its end is one."""
    lines, block, ended = 0, b"", True
    while block := file.read(_LARGE_BLOCK):
        lines, ended = lines + block.count(b"\n"), block.endswith(b"\n")
    return lines if ended else lines + 1


def read_lines(path: Path) -> Iterator[ReadLine]:
    """Every line, from the first on."""
    with open_ledger(path) as file:
        for number, text in enumerate(file or (), 1):
            plain = text.removesuffix(b"\n")
            yield ReadLine(number, plain, decode_passing(plain), torn=plain == text)
