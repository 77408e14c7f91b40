"""Several files changed as one: all of them or none, whenever the process dies.

What a command writes is first laid beside (`staging/`), then one journal file names it all: with that file on the disk
the change has happened. Putting the files in their places only follows, and whoever comes next finishes it.

The change of almost every command is one file and one line of the ledger. It needs no journal: see `step`.
"""

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from sopctl.errors import BusyError, DamagedError
from sopctl.store import disk
from sopctl.store.files.prepared import (
    LARGEST,
    PreparedWrite,
    commit_prepared,
    recover_prepared,
    resolve_inside,
    sha256_of,
)
from sopctl.store.workspace import JOURNAL, STAGING


class JournalOperation(Struct, frozen=True, forbid_unknown_fields=True):
    """One file of a change; paths are relative to the folder of the journal, written with `/`.

    `put` moves the staged file to ``target``; `append` adds the staged file's bytes at ``offset`` of ``target``.
    """

    kind: Literal["put", "append"]
    staged: str
    target: str
    sha256: str
    offset: int = 0


class Journal(Struct, frozen=True, forbid_unknown_fields=True):
    """A change that has happened, and may still be on its way."""

    operations: tuple[JournalOperation, ...]
    schema: int = 1


class FileTransaction:
    """The files that one command changes; nothing is touched before `commit`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._prefix = len(str(root)) + 1
        self._puts: dict[Path, bytes] = {}
        self._appends: dict[Path, bytes] = {}

    def put_file(self, target: Path, content: bytes) -> None:
        """Replace ``target`` (or make it) with these bytes."""
        self._puts[target] = content

    def staged_bytes(self, target: Path) -> bytes | None:
        """The bytes that this change puts at ``target``, None where it puts none."""
        return self._puts.get(target)

    def append_line(self, target: Path, line: bytes) -> None:
        """Add a line to ``target`` (or make it)."""
        self._appends[target] = self._appends.get(target, b"") + line

    def commit(self) -> None:
        """Make the change; when this returns it is on the disk.

        Raises:
            BusyError: where the disk does not take it. Then nothing has changed, unless the code is `unfinished`: that
                change has happened, and the next command finishes it.
        """
        puts = [*self._puts.items()]
        if len(puts) == 1 and not self._appends:
            disk.replace_file(puts[0][0], puts[0][1])
            return
        if len(puts) == len(self._appends) == 1 and (step := self._prepared_write()) is not None:
            commit_prepared(self._root, step, self._puts, self._appends)
            return
        if puts or self._appends:
            journal = self._stage()
            self._declare(journal)
            try:
                _apply(self._root, journal)
            except BusyError as error:
                raise BusyError(
                    f"{error.message} Perubahan ini sudah tercatat dan dirampungkan oleh perintah berikutnya; "
                    "jangan diulang.",
                    code="unfinished",
                ) from error

    def _prepared_write(self) -> PreparedWrite | None:
        """The change of one file and one line; None where there are more lines, or its words do not fit into a name."""
        (target,), ((log, line),) = self._puts, self._appends.items()
        with disk.translate_errors(log):
            try:
                offset = log.stat().st_size
            except FileNotFoundError:
                return None
        step = PreparedWrite(offset, sha256_of(line), self._name(log), self._name(target))
        return step if step.fits_in_name and line.count(b"\n") == 1 else None

    def _declare(self, journal: Journal) -> None:
        """Put the journal on the disk: with it the change has happened, and where that fails it has not."""
        path = self._root / JOURNAL
        try:
            disk.replace_file(path, msgspec.json.encode(journal))
        except BaseException:
            with suppress(OSError):
                path.unlink(missing_ok=True)
            shutil.rmtree(self._root / STAGING, ignore_errors=True)
            raise

    def _stage(self) -> Journal:
        """Lay everything beside; what was laid is swept away where that fails."""
        staging = self._root / STAGING
        with disk.translate_errors(staging):
            disk.make_folder(staging)
            try:
                operations = tuple(self._staged(staging))
                disk.fsync_directory(staging)
            except BaseException:
                shutil.rmtree(staging, ignore_errors=True)
                raise
        return Journal(operations)

    def _staged(self, staging: Path) -> Iterable[JournalOperation]:
        number = 0
        for target, content in self._puts.items():
            number += 1
            staged = staging / str(number)
            disk.make_folder(target.parent)
            sha256 = _lay(staged, content)
            yield JournalOperation("put", self._name(staged), self._name(target), sha256)
        for target, line in self._appends.items():
            number += 1
            staged = staging / str(number)
            disk.make_folder(target.parent)
            sha256 = _lay(staged, line)
            offset = target.stat().st_size if target.exists() else 0
            yield JournalOperation("append", self._name(staged), self._name(target), sha256, offset)

    def _name(self, path: Path) -> str:
        return str(path)[self._prefix :].replace(os.sep, "/")


def recover(root: Path) -> bool:
    """Finish a change that a dead process left on its way, and sweep what one left that had not happened.

    Returns whether there was anything to do. Only for the holder of the lock.

    Raises:
        DamagedError: where the journal or what it names is not what was written.
    """
    journal = read_journal(root)
    if journal is not None:
        check_journal(root, journal)
        _apply(root, journal)
        return True
    staging = root / STAGING
    with disk.translate_errors(staging):
        try:
            names = os.listdir(staging)  # noqa: PTH208 — at every command
        except FileNotFoundError:
            return False
        if not names:
            return False
        check_staging_folder(staging)
        for step in filter(None, map(PreparedWrite.parse, names)):
            if (staging / step.file_name).is_file():
                recover_prepared(root, step)
        shutil.rmtree(staging)
    return True


def check_staging_folder(staging: Path) -> None:
    """Make sure that what lies beside lies in the record's own folder.

    Raises:
        DamagedError: where it is a link to another.
    """
    if staging.is_symlink():
        raise DamagedError(
            f"Folder {staging} adalah tautan ke tempat lain; tidak ada yang dicatat sebelum dibereskan. Hapus tautan "
            "itu, atau sisihkan.",
            code="journal",
        )


def set_aside(root: Path, aside: Path) -> None:
    """Put a journal that cannot be finished, and what it names, into another folder.

    Only for the holder of the lock.
    """
    with disk.translate_errors(aside):
        disk.make_folder(aside)
        for name in (STAGING, JOURNAL):  # as long as the journal is there, nobody takes what it names for rubbish
            if (root / name).exists():
                (root / name).replace(aside / name)
        disk.fsync_directory(aside)
        disk.fsync_directory(root)


def read_journal(root: Path) -> Journal | None:
    """The change that is still on its way, if there is one."""
    path = root / JOURNAL
    if not path.exists():
        return None
    try:
        return msgspec.json.decode(disk.read_file(path, limit=10_000_000), type=Journal)
    except msgspec.MsgspecError as error:
        raise DamagedError(
            f"Berkas {path} diubah di luar sopctl, dan tidak ada yang dapat dicatat sebelum dibereskan. "
            "Pulihkan folder data dari cadangan, atau sisihkan perubahan itu.",
            code="journal",
        ) from error


def check_journal(root: Path, journal: Journal) -> None:
    """Whether what was laid beside, or lies in its place already, is what the journal says.

    Raises:
        DamagedError: where it is not.
    """
    for operation in journal.operations:
        staged, target = resolve_inside(root, operation.staged), resolve_inside(root, operation.target)
        laid = staged if staged.exists() or operation.kind == "append" else target
        data = disk.read_file(laid, limit=LARGEST) if laid.is_file() else None
        if data is None or sha256_of(data) != operation.sha256:
            raise _lost(operation)
        if operation.kind == "append" and not _continues(target, operation.offset, data):
            raise _lost(operation)


def _continues(target: Path, offset: int, data: bytes) -> bool:
    """Whether a file ends at the offset, or with as much of the bytes as somebody who died could write there."""
    if not target.exists():
        return offset == 0
    with disk.open_descriptor(target, os.O_RDONLY) as file:
        size = os.fstat(file).st_size
        os.lseek(file, offset, os.SEEK_SET)
        return size >= offset and data.startswith(disk.read_rest(file, limit=len(data)))


def _lay(staged: Path, content: bytes) -> str:
    """Lay one file beside; its sha256."""
    disk.write_file(staged, content)
    return sha256_of(content)


def _apply(root: Path, journal: Journal) -> None:
    """Put every file in its place, then forget the journal; doing it twice does it once."""
    with disk.translate_errors(root / JOURNAL):
        folders: set[Path] = set()
        for operation in journal.operations:
            staged, target = root / operation.staged, root / operation.target
            if operation.kind == "put":
                _put(staged, target, operation)
            else:
                _append(staged, target, operation)
            folders.add(target.parent)
        for folder in folders:
            disk.fsync_directory(folder)
        (root / JOURNAL).unlink()
        disk.fsync_directory(root)
        shutil.rmtree(root / STAGING, ignore_errors=True)


def _put(staged: Path, target: Path, operation: JournalOperation) -> None:
    if staged.exists():
        disk.rename_over(staged, target)
    elif not target.exists():
        raise _lost(operation)


def _append(staged: Path, target: Path, operation: JournalOperation) -> None:
    """Write the bytes at their offset: what a dead process wrote of them is written over."""
    if not staged.exists():
        raise _lost(operation)
    data = staged.read_bytes()
    mode = "rb+" if target.exists() else "wb"
    with target.open(mode) as file:
        file.truncate(operation.offset)
        file.seek(operation.offset)
        file.write(data)
        file.flush()
        disk.fsync_file(file.fileno())


def _lost(operation: JournalOperation) -> DamagedError:
    return DamagedError(
        f"Perubahan yang tertunda atas {operation.target} hilang atau diubah di luar sopctl; pulihkan folder data dari "
        "cadangan, atau sisihkan perubahan itu.",
        code="journal",
    )
