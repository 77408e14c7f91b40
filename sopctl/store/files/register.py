"""The register on disk: each sequence of letter numbers is a file of lines, so that the next number is at its end."""

import os
from collections.abc import Iterator
from pathlib import Path

from sopctl.store import disk
from sopctl.store.register import INCOMING, RegisterEntry, decode_entries, decode_entry

_LONGEST_LINE = 1_000_000
"""Bytes: more than the longest text that a case can have for its perihal."""

_LARGEST = 200_000_000
"""Bytes of a file that is read."""


def next_urut(path: Path) -> int:
    """The number after the last one of a sequence.

    Raises:
        DamagedError: where its last line is not one.
    """
    if not disk.exists(path):
        return 1
    with disk.translate_errors(path), disk.open_descriptor(path, os.O_RDONLY) as file:
        os.lseek(file, max(0, os.fstat(file).st_size - _LONGEST_LINE), os.SEEK_SET)
        lines = disk.read_rest(file, limit=_LONGEST_LINE).splitlines()
    return decode_entry(lines[-1], path).highest + 1 if lines else 1


def read_all_entries(folder: Path, year: int | None = None) -> Iterator[RegisterEntry]:
    """Every line about outgoing letters, or those of one year, in the order of the files and lines."""
    for path in _files(folder, year):
        if not f"{path.parent.name}/".startswith(INCOMING):
            yield from read_entries(path)


def sequence_names(folder: Path) -> set[str]:
    """The sequences that have a file, such as `2026/semua.jsonl`."""
    return {path.relative_to(folder).as_posix() for path in _files(folder, None)}


def read_sequence(folder: Path, name: str) -> bytes:
    """What is in the file of a sequence, empty where there is none."""
    return disk.read_file_if_there(folder / name, limit=_LARGEST) or b""


def read_sequences(folder: Path, case: str | None = None) -> dict[str, list[RegisterEntry]]:
    """The lines, all or those about one case, by the name of their file below the folder: `2026/semua.jsonl`."""
    return {path.relative_to(folder).as_posix(): list(read_entries(path, case)) for path in _files(folder, None)}


def _files(folder: Path, year: int | None) -> list[Path]:
    years = [str(year)] if year else disk.list_names(folder)
    return [folder / one / name for one in years for name in disk.list_names(folder / one) if name.endswith(".jsonl")]


def read_entries(path: Path, case: str | None = None) -> Iterator[RegisterEntry]:
    """The lines of one file, all or those about one case.

    Raises:
        DamagedError: where one is not a line of the register.
    """
    yield from decode_entries(disk.read_file(path, limit=_LARGEST), path, case)
