"""Several files changed as one: all of them or none, whenever the process dies.

What a command writes is first laid beside (`staging/`), then one journal file names it all: with that file on the disk
the change has happened. Putting the files in their places only follows, and whoever comes next finishes it.
"""

import hashlib
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from sopctl.errors import BusyError, DamagedError
from sopctl.store import files

JOURNAL = "journal.json"
STAGING = "staging"


class Operation(Struct, frozen=True, forbid_unknown_fields=True):
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

    operations: tuple[Operation, ...]
    schema: int = 1


class Change:
    """The files that one command changes; nothing is touched before `commit`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._puts: dict[Path, bytes] = {}
        self._appends: dict[Path, bytes] = {}

    def put(self, target: Path, content: bytes) -> None:
        """Replace ``target`` (or make it) with these bytes."""
        self._puts[target] = content

    def laid(self, target: Path) -> bytes | None:
        """The bytes that this change puts at ``target``, None where it puts none."""
        return self._puts.get(target)

    def append(self, target: Path, line: bytes) -> None:
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
            files.replace(puts[0][0], puts[0][1])
            return
        if puts or self._appends:
            journal = self._stage()
            self._declare(journal)
            try:
                _perform(self._root, journal)
            except BusyError as error:
                raise BusyError(
                    f"{error.message} Perubahan ini sudah tercatat dan dirampungkan oleh perintah berikutnya; "
                    "jangan diulang.",
                    code="unfinished",
                ) from error

    def _declare(self, journal: Journal) -> None:
        """Put the journal on the disk: with it the change has happened, and where that fails it has not."""
        path = self._root / JOURNAL
        try:
            files.replace(path, msgspec.json.encode(journal))
        except BaseException:
            with suppress(OSError):
                path.unlink(missing_ok=True)
            shutil.rmtree(self._root / STAGING, ignore_errors=True)
            raise

    def _stage(self) -> Journal:
        """Lay everything beside; what was laid is swept away where that fails."""
        staging = self._root / STAGING
        with files.disk(staging):
            files.make(staging)
            try:
                operations = tuple(self._staged(staging))
                files.settle(staging)
            except BaseException:
                shutil.rmtree(staging, ignore_errors=True)
                raise
        return Journal(operations)

    def _staged(self, staging: Path) -> Iterable[Operation]:
        number = 0
        for target, content in self._puts.items():
            number += 1
            staged = staging / str(number)
            files.make(target.parent)
            digest = _lay(staged, content)
            yield Operation("put", self._name(staged), self._name(target), digest)
        for target, line in self._appends.items():
            number += 1
            staged = staging / str(number)
            files.make(target.parent)
            digest = _lay(staged, line)
            offset = target.stat().st_size if target.exists() else 0
            yield Operation("append", self._name(staged), self._name(target), digest, offset)

    def _name(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()


def recover(root: Path) -> bool:
    """Finish a change that a dead process left on its way, and sweep what one left that had not happened.

    Returns whether there was anything to do. Only for the holder of the lock.

    Raises:
        DamagedError: where the journal or what it names is not what was written.
    """
    journal = pending(root)
    if journal is not None:
        _perform(root, journal)
        return True
    staging = root / STAGING
    with files.disk(staging):
        if staging.exists() and any(staging.iterdir()):
            shutil.rmtree(staging)
            return True
    return False


def pending(root: Path) -> Journal | None:
    """The change that is still on its way, if there is one."""
    path = root / JOURNAL
    if not path.exists():
        return None
    try:
        return msgspec.json.decode(files.read(path, limit=10_000_000), type=Journal)
    except msgspec.MsgspecError as error:
        raise DamagedError(f"Berkas {path} rusak; jalankan sopctl doctor.") from error


def _lay(staged: Path, content: bytes) -> str:
    """Lay one file beside; its sha256."""
    files.write(staged, content)
    return hashlib.sha256(content).hexdigest()


def _perform(root: Path, journal: Journal) -> None:
    """Put every file in its place, then forget the journal; doing it twice does it once."""
    with files.disk(root / JOURNAL):
        folders: set[Path] = set()
        for operation in journal.operations:
            staged, target = root / operation.staged, root / operation.target
            if operation.kind == "put":
                _put(staged, target, operation)
            else:
                _append(staged, target, operation)
            folders.add(target.parent)
        for folder in folders:
            files.settle(folder)
        (root / JOURNAL).unlink()
        files.settle(root)
        shutil.rmtree(root / STAGING, ignore_errors=True)


def _put(staged: Path, target: Path, operation: Operation) -> None:
    if staged.exists():
        staged.replace(target)
    elif not target.exists():
        raise _lost(operation)


def _append(staged: Path, target: Path, operation: Operation) -> None:
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
        files.flush(file.fileno())


def _lost(operation: Operation) -> DamagedError:
    return DamagedError(
        f"Perubahan yang tertunda kehilangan berkas {operation.target}; pulihkan folder data dari cadangan."
    )
