"""The change of one file and one line of a log, as almost every command makes it, made as one without a journal.

The file is laid beside, and its own name says what a journal would: with the line on the disk the change has happened,
and whoever finds the file beside puts it in its place. The disk is waited for twice, as often as for the replacing of a
single file.
"""

import hashlib
import os
import re
from pathlib import Path

from msgspec import Struct

from sopctl.errors import BusyError, DamagedError
from sopctl.store import disk as files
from sopctl.store.workspace import STAGING

LARGEST = 1_000_000_000
"""Bytes that one file of a change may have."""

_NAME = re.compile(r"([0-9]{1,15}),([0-9a-f]{64}),(ledger\.jsonl),([^,]+)")
"""The names that are believed; only the ledger is a log whose lines vouch for a file."""

_LONGEST_NAME = 240
"""Bytes that every file system allows in a name, and some to spare."""


class Step(Struct, frozen=True):
    """A change of one file and one line, as the name of the file that is laid beside says it.

    It has happened when the line that begins at ``offset`` of ``log`` has this sha256; then the file belongs at
    ``target``.
    """

    offset: int
    digest: str
    log: str
    target: str

    @property
    def name(self) -> str:
        """The words in the name: no path of a change holds a comma or a percent sign."""
        return ",".join((str(self.offset), self.digest, self.log, self.target)).replace("/", "%")

    @property
    def has_a_name(self) -> bool:
        """Whether every file system takes the name."""
        return len(self.name) < _LONGEST_NAME

    @classmethod
    def named(cls, name: str) -> "Step | None":
        """The change that a file's name tells of, None where it tells of none."""
        match = _NAME.fullmatch(name)
        if match is None:
            return None
        offset, sha256, *paths = match.groups()
        return cls(int(offset), sha256, *(path.replace("%", "/") for path in paths))


def take(root: Path, step: Step, puts: dict[Path, bytes], appends: dict[Path, bytes]) -> None:
    """Make the change of one file and one line.

    The folder of the file is not waited for: where the power fails before it lasts, the file still lies beside, the
    line says so, and whoever comes next puts it in its place.
    """
    ((target, content),), ((log, line),) = puts.items(), appends.items()
    staged = root / f"{STAGING}/{step.name}"
    with files.disk(staged):
        files.make(target.parent)
        try:
            _lay_beside(staged, content)
            _add(log, step.offset, line)
            files.swap(staged, target)
        except BaseException as error:
            try:
                if staged.exists():  # else it is in its place, and only the word of it did not come (Ctrl-C)
                    _undo(staged, log, step.offset, line)
            except OSError:
                raise _unsure(step) from error
            raise


def _lay_beside(staged: Path, content: bytes) -> None:
    """Write the file, into a folder that almost always is there."""
    try:
        files.write(staged, content)
    except FileNotFoundError:
        files.make(staged.parent)
        files.write(staged, content)


def _add(log: Path, offset: int, line: bytes) -> None:
    with files.descriptor(log, os.O_WRONLY) as file:
        if os.lseek(file, 0, os.SEEK_END) != offset:
            raise BusyError(f"{log} ditulisi perintah lain pada saat yang sama; ulangi perintahnya.", code="lock_lost")
        files.put(file, line)


def _undo(staged: Path, log: Path, offset: int, line: bytes) -> None:
    """Take a change back that the disk did not take whole; the line first, for with it the change has happened.

    Nothing is cut off but that line, or as much of it as came to the disk.
    """
    with files.descriptor(log, os.O_RDWR) as file:
        os.lseek(file, offset, os.SEEK_SET)
        written = files.rest(file, limit=len(line))
        if written and line.startswith(written):
            os.ftruncate(file, offset)
            files.flush(file)
    staged.unlink(missing_ok=True)


def settle(root: Path, step: Step) -> None:
    """Finish the change where its line is there, else take it back.

    Whole lines that others added are left alone whatever lies beside: a copy of the folder, taken while somebody
    worked, can hold a file of before next to a log of after.
    """
    log, target, staged = inside(root, step.log), inside(root, step.target), root / STAGING / step.name
    if not log.is_file():
        return
    with files.descriptor(log, os.O_RDONLY) as file:
        os.lseek(file, step.offset, os.SEEK_SET)
        line, end, later = files.rest(file, limit=LARGEST).partition(b"\n")
    if end and digest(line + end) == step.digest and not later:
        files.swap(staged, target)
        files.settle(target.parent)
    elif end:
        staged.unlink(missing_ok=True)
    else:
        _undo(staged, log, step.offset, line)


def _unsure(step: Step) -> BusyError:
    return BusyError(
        f"Disk menolak perubahan atas {step.target} dan juga pembatalannya. Perintah berikutnya merampungkan atau "
        "membersihkannya; lihat dahulu keadaannya dengan sopctl status, jangan langsung diulang.",
        code="unfinished",
    )


def inside(root: Path, name: str) -> Path:
    """A path that a journal names.

    Raises:
        DamagedError: where it leads out of the folder, by its words or by a link on its way.
    """
    path = root / name
    if ".." in path.parts or not path.resolve().is_relative_to(root.resolve()):
        raise DamagedError(
            f"Catatan perubahan di {root} menunjuk ke luar foldernya ({name}); tidak ada yang dicatat sebelum "
            "dibereskan. Pulihkan folder data dari cadangan, atau jalankan sopctl doctor --mend untuk menyisihkannya.",
            code="journal",
        )
    return path


def digest(data: bytes) -> str:
    """The sha256 by which a file laid beside is known."""
    return hashlib.sha256(data).hexdigest()
