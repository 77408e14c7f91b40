"""Several files changed in one transaction: all of them or none, whenever the process dies.

A write-ahead journal: the new content is first staged (`staging/`) and on the disk, then one journal file names it all.
With that file on the disk the transaction has happened; applying it (moving the staged files to their places) only
follows, and the next command finishes what a dead process left.

The transaction of almost every command is one file and one line of the ledger. It needs no journal: see `prepared`.
"""

import os
import shutil
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
from sopctl.store.moved import moved_error
from sopctl.store.record_paths import follow_no_links_below
from sopctl.store.struct_decoders import make_json_decoder
from sopctl.store.workspace import JOURNAL, STAGING

CLOSED = b'{"moved_to":"postgres"}'
"""What stands in the place of a journal where the record lies in a database: moved there, or not all here yet.

Whoever becomes the writer looks there anyway, and an older sopctl takes it for a journal that it must not pass.
"""

OperationKind = Literal["put", "append"]


class JournalOperation(Struct, frozen=True, forbid_unknown_fields=True):
    """One file of a transaction; paths are relative to the folder of the journal, written with `/`.

    `put` moves the staged file to ``target``; `append` adds the staged file's bytes at ``offset`` of ``target``.
    """

    kind: OperationKind
    staged: str
    target: str
    sha256: str
    offset: int = 0


class Journal(Struct, frozen=True, forbid_unknown_fields=True):
    """A transaction that has happened, and may still have to be applied."""

    operations: tuple[JournalOperation, ...]
    schema: int = 1


class FileTransaction:
    """The files that one command changes; nothing is touched before `commit`."""

    def __init__(self, root: Path) -> None:
        follow_no_links_below(root)
        self._root = root
        self._prefix = len(str(root)) + 1
        self._puts: dict[Path, bytes] = {}
        self._appends: dict[Path, bytes] = {}

    def put_file(self, target: Path, content: bytes) -> None:
        """Replace ``target`` (or make it) with these bytes."""
        self._puts[target] = content

    def staged_bytes(self, target: Path) -> bytes | None:
        """The bytes that this transaction puts at ``target``, None where it puts none."""
        return self._puts.get(target)

    def append_line(self, target: Path, line: bytes) -> None:
        """Add a line to ``target`` (or make it)."""
        self._appends[target] = self._appends.get(target, b"") + line

    def commit(self) -> None:
        """Make the changes; when this returns they are on the disk.

        Raises:
            BusyError: where the disk does not take them. Then nothing has changed, unless the code is `unfinished`:
                that transaction has happened, and the next command applies it.
        """
        if len(self._puts) == 1 and not self._appends:
            disk.replace_file(*next(iter(self._puts.items())))
        elif len(self._puts) == len(self._appends) == 1 and (prepared := self._prepared_write()) is not None:
            commit_prepared(self._root, prepared, self._puts, self._appends)
        elif self._puts or self._appends:
            journal = self._stage()
            self._write_journal(journal)
            try:
                _apply(self._root, journal)
            except BusyError as error:
                raise BusyError(
                    f"{error.message} Perubahan ini sudah tercatat dan dirampungkan oleh perintah berikutnya; "
                    "jangan diulang.",
                    code="unfinished",
                ) from error

    def _prepared_write(self) -> PreparedWrite | None:
        """The transaction of one file and one line; None where there are more lines, or it does not fit into a name."""
        (target,), ((log, line),) = self._puts, self._appends.items()
        with disk.translate_errors(log):
            offset = disk.file_size(log)
            if offset is None:
                return None
        prepared = PreparedWrite(offset, sha256_of(line), self._name(log), self._name(target))
        return prepared if prepared.fits_in_name and line.count(b"\n") == 1 else None

    def _write_journal(self, journal: Journal) -> None:
        """Put the journal on the disk: with it the transaction has happened, and where that fails it has not."""
        path = self._root / JOURNAL
        try:
            disk.replace_file(path, msgspec.json.encode(journal))
        except BaseException:
            with suppress(OSError):
                disk.remove_file(path)
            shutil.rmtree(self._root / STAGING, ignore_errors=True)
            raise

    def _stage(self) -> Journal:
        """Write all content to the staging folder, which is removed where that fails."""
        staging = self._root / STAGING
        files: list[tuple[OperationKind, Path, bytes]] = [("put", *one) for one in self._puts.items()]
        files += [("append", *one) for one in self._appends.items()]
        with disk.translate_errors(staging):
            disk.make_folder(staging)
            try:
                operations = tuple(self._stage_file(staging / str(n), *one) for n, one in enumerate(files, 1))
                disk.fsync_directory(staging)
            except BaseException:
                shutil.rmtree(staging, ignore_errors=True)
                raise
        return Journal(operations)

    def _stage_file(self, staged: Path, kind: OperationKind, target: Path, content: bytes) -> JournalOperation:
        disk.make_folder(target.parent)
        disk.write_file(staged, content)
        offset = disk.file_size(target) or 0 if kind == "append" else 0
        return JournalOperation(kind, self._name(staged), self._name(target), sha256_of(content), offset)

    def _name(self, path: Path) -> str:
        return str(path)[self._prefix :].replace(os.sep, "/")


def recover(root: Path) -> bool:
    """Apply a transaction that a dead process did not finish, and remove what was staged for one that never happened.

    Returns whether there was anything to do. Only for the holder of the lock.

    Raises:
        DamagedError: where the journal or what it names is not what was written.
        MovedError: where it closes the record.
    """
    follow_no_links_below(root)
    journal = read_journal(root)
    if journal is not None:
        check_journal(root, journal)
        _apply(root, journal)
        return True
    names = disk.list_names(f"{root}{os.sep}{STAGING}")
    if names:
        staging = root / STAGING
        with disk.translate_errors(staging):
            for prepared in filter(None, map(PreparedWrite.parse, names)):
                if disk.is_file(staging / prepared.file_name):
                    recover_prepared(root, prepared)
            shutil.rmtree(staging)
        disk.sweep_leftovers(root / JOURNAL)
    return bool(names)


def set_aside(root: Path, aside: Path) -> None:
    """Move a journal that cannot be applied, and what it names, into another folder.

    Only for the holder of the lock.
    """
    with disk.translate_errors(aside):
        disk.make_folder(aside)
        for name in (STAGING, JOURNAL):  # as long as the journal is there, nobody removes what it names
            if os.path.lexists(root / name):
                disk.rename_over(root / name, aside / name)
        disk.fsync_directory(aside)
        disk.fsync_directory(root)


def read_journal(root: Path) -> Journal | None:
    """The transaction that still has to be applied, if there is one."""
    path = f"{root}{os.sep}{JOURNAL}"
    try:
        data = disk.read_file_if_there(path, limit=10_000_000)
        if data == CLOSED:
            raise moved_error("postgres")
        return None if data is None else make_json_decoder(Journal).decode(data)
    except (msgspec.MsgspecError, DamagedError) as error:
        if getattr(error, "code", "") == "link":
            raise
        raise DamagedError(
            f"File {path} diubah di luar sopctl, dan tidak ada yang dapat dicatat sebelum dibereskan. "
            "Pulihkan folder data dari cadangan, atau sisihkan perubahan itu.",
            code="journal",
        ) from error


def check_journal(root: Path, journal: Journal) -> None:
    """Compare what is staged, or in its place already, with the journal.

    Raises:
        DamagedError: where it differs.
    """
    for operation in journal.operations:
        staged, target = resolve_inside(root, operation.staged), resolve_inside(root, operation.target)
        path = staged if disk.exists(staged) or operation.kind == "append" else target
        data = disk.read_file_if_there(path, limit=LARGEST)
        if data is None or sha256_of(data) != operation.sha256:
            raise _lost_error(operation)
        if operation.kind == "append" and not _continues(target, operation.offset, data):
            raise _lost_error(operation)


def _continues(target: Path, offset: int, data: bytes) -> bool:
    """Whether a file ends at the offset, or goes on with a beginning of the bytes, as a write cut short leaves it."""
    if not disk.exists(target):
        return offset == 0
    with disk.open_descriptor(target, os.O_RDONLY) as file:
        size = os.fstat(file).st_size
        os.lseek(file, offset, os.SEEK_SET)
        return size >= offset and data.startswith(disk.read_rest(file, limit=len(data)))


def _apply(root: Path, journal: Journal) -> None:
    """Put every file in its place, then remove the journal; idempotent."""
    with disk.translate_errors(root / JOURNAL):
        for operation in journal.operations:
            staged, target = root / operation.staged, root / operation.target
            if operation.kind == "append":
                _append(staged, target, operation)
            elif disk.exists(staged):
                disk.rename_over(staged, target)
            elif not disk.exists(target):
                raise _lost_error(operation)
        for folder in {(root / operation.target).parent for operation in journal.operations}:
            disk.fsync_directory(folder)
        disk.remove_file(root / JOURNAL)
        disk.fsync_directory(root)
        shutil.rmtree(root / STAGING, ignore_errors=True)


def _append(staged: Path, target: Path, operation: JournalOperation) -> None:
    """Write the bytes at their offset, over what an append cut short left there."""
    data = disk.read_file_if_there(staged, limit=LARGEST)
    if data is None:
        raise _lost_error(operation)
    with disk.open_descriptor(target, os.O_WRONLY | os.O_CREAT) as file:
        os.ftruncate(file, operation.offset)
        os.lseek(file, operation.offset, os.SEEK_SET)
        disk.write_all(file, data)


def _lost_error(operation: JournalOperation) -> DamagedError:
    return DamagedError(
        f"Perubahan yang tertunda atas {operation.target} hilang atau diubah di luar sopctl; pulihkan folder data dari "
        "cadangan, atau sisihkan perubahan itu.",
        code="journal",
    )
