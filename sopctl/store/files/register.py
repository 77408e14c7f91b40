"""The register on disk: each sequence of letter numbers is a file of lines, so that the next number is at its end."""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from sopctl.errors import DamagedError
from sopctl.store import disk
from sopctl.store.register import INCOMING, LetterKey, RegisterEntry, sum_up_letters
from sopctl.store.struct_decoders import make_json_decoder

_LONGEST_LINE = 1_000_000
"""Bytes: more than the longest text that a case can have for its perihal."""


_encode = msgspec.json.Encoder().encode


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
    return _decode(lines[-1], path).highest + 1 if lines else 1


def encode_entry(entry: RegisterEntry) -> bytes:
    """The line of an entry."""
    return _encode(entry) + b"\n"


def read_all_entries(folder: Path, year: int | None = None) -> Iterator[RegisterEntry]:
    """Every line about outgoing letters, or those of one year, in the order of the files and lines."""
    for path in _files(folder, year):
        if not f"{path.parent.name}/".startswith(INCOMING):
            yield from read_entries(path)


def sequence_names(folder: Path) -> set[str]:
    """The sequences that have a file, such as `2026/semua.jsonl`."""
    return {path.relative_to(folder).as_posix() for path in _files(folder, None)}


def read_sequences(folder: Path, case: str | None = None) -> dict[str, list[RegisterEntry]]:
    """The lines, all or those about one case, by the name of their file below the folder: `2026/semua.jsonl`."""
    return {path.relative_to(folder).as_posix(): list(read_entries(path, case)) for path in _files(folder, None)}


def find_sequence(folder: Path, letter: LetterKey) -> str | None:
    """The sequence that holds a letter of a case: the latest with this number, or with the wait for one."""
    rows = sum_up_letters(read_sequences(folder, letter[0]))
    return next((row.sequence for row in reversed(rows) if (row.id, row.document, row.nomor) == letter), None)


def _files(folder: Path, year: int | None) -> list[Path]:
    years = [str(year)] if year else disk.list_names(folder)
    return [folder / one / name for one in years for name in disk.list_names(folder / one) if name.endswith(".jsonl")]


def read_entries(path: Path, case: str | None = None) -> Iterator[RegisterEntry]:
    """The lines of one file, all or those about one case.

    Raises:
        DamagedError: where one is not a line of the register.
    """
    yield from decode_entries(disk.read_file(path, limit=200_000_000), path, case)


def decode_entries(data: bytes, path: Path, case: str | None = None) -> Iterator[RegisterEntry]:
    """The lines of one file that has these bytes; the rest as above."""
    for text in data.splitlines() if case is None else _lines_with(data, b'"id":' + _encode(case)):
        yield _decode(text, path)


def _lines_with(data: bytes, mark: bytes) -> Iterator[bytes]:
    """The lines that hold a mark, found without a look at the others."""
    at = data.find(mark)
    while at >= 0:
        ends = data.find(b"\n", at) % (len(data) + 1)  # of a last line without its end all of it
        yield data[data.rfind(b"\n", 0, at) + 1 : ends]
        at = data.find(mark, ends)


def _check_scan(scan: str, path: Path) -> None:
    """Make sure that a scan lies in the folder of its sequence; else ValidationError."""
    folder, _, name = scan.rpartition("/")
    if folder != f"data/attachments/{path.parent.name}/{path.stem}" or name in {"", ".", ".."}:
        raise msgspec.ValidationError(scan)


def _decode(text: bytes, path: Path) -> RegisterEntry:
    try:
        entry = make_json_decoder(RegisterEntry).decode(text)
        if entry.masuk and entry.masuk.scan:
            _check_scan(entry.masuk.scan.path, path)
        return entry  # noqa: TRY300 — what the check refuses is damage as well
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise DamagedError(
            f"Buku agenda {path} rusak ({error}). Pulihkan dari cadangan, atau dari buku catatan.",
            advice="mend",
        ) from error
