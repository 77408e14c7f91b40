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
from sopctl.store import disk
from sopctl.store.workspace import STAGING

LARGEST = 1_000_000_000
"""Bytes that one file of a change may have."""

_NAME = re.compile(r"([0-9]{1,15}),([0-9a-f]{64}),(ledger\.jsonl),([^,]+)")
"""The names that are believed; only the ledger is a log whose lines vouch for a file."""

_LONGEST_NAME = 240
"""Bytes that every file system allows in a name, and some to spare."""


class PreparedWrite(Struct, frozen=True):
    """A change of one file and one line, as the name of the file that is laid beside says it.

    It has happened when the line that begins at ``offset`` of ``log`` has this sha256; then the file belongs at
    ``target``.
    """

    offset: int
    digest: str
    log: str
    target: str

    @property
    def file_name(self) -> str:
        """The words in the name: no path of a change holds a comma or a percent sign."""
        return ",".join((str(self.offset), self.digest, self.log, self.target)).replace("/", "%")

    @property
    def fits_in_name(self) -> bool:
        """Whether every file system takes the name."""
        return len(self.file_name) < _LONGEST_NAME

    @classmethod
    def parse(cls, name: str) -> "PreparedWrite | None":
        """The change that a file's name tells of, None where it tells of none."""
        match = _NAME.fullmatch(name)
        if match is None:
            return None
        offset, sha256, *paths = match.groups()
        return cls(int(offset), sha256, *(path.replace("%", "/") for path in paths))


def commit_prepared(root: Path, step: PreparedWrite, puts: dict[Path, bytes], appends: dict[Path, bytes]) -> None:
    """Make the change of one file and one line.

    The folder of the file is not waited for: where the power fails before it lasts, the file still lies beside, the
    line says so, and whoever comes next puts it in its place.
    """
    ((target, content),), ((log, line),) = puts.items(), appends.items()
    staged = root / f"{STAGING}/{step.file_name}"
    with disk.translate_errors(staged):
        disk.make_folder(target.parent)
        try:
            _stage(staged, content)
            _append_line(log, step.offset, line)
            disk.rename_over(staged, target)
        except BaseException as error:
            try:
                if staged.exists():  # else it is in its place, and only the word of it did not come (Ctrl-C)
                    _roll_back(staged, log, step.offset, line)
            except OSError:
                raise _unknown_outcome(step) from error
            raise


def _stage(staged: Path, content: bytes) -> None:
    """Write the file, into a folder that almost always is there."""
    try:
        disk.write_file(staged, content)
    except FileNotFoundError:
        disk.make_folder(staged.parent)
        disk.write_file(staged, content)


def _append_line(log: Path, offset: int, line: bytes) -> None:
    with disk.open_descriptor(log, os.O_WRONLY) as file:
        if os.lseek(file, 0, os.SEEK_END) != offset:
            raise BusyError(f"{log} ditulisi perintah lain pada saat yang sama; ulangi perintahnya.", code="lock_lost")
        disk.write_all(file, line)


def _roll_back(staged: Path, log: Path, offset: int, line: bytes) -> None:
    """Take a change back that the disk did not take whole; the line first, for with it the change has happened.

    Nothing is cut off but that line, or as much of it as came to the disk.
    """
    with disk.open_descriptor(log, os.O_RDWR) as file:
        os.lseek(file, offset, os.SEEK_SET)
        written = disk.read_rest(file, limit=len(line))
        if written and line.startswith(written):
            os.ftruncate(file, offset)
            disk.fsync_file(file)
    staged.unlink(missing_ok=True)


def recover_prepared(root: Path, step: PreparedWrite) -> None:
    """Finish the change where its line is there, else take it back.

    Whole lines that others added are left alone whatever lies beside: a copy of the folder, taken while somebody
    worked, can hold a file of before next to a log of after.
    """
    log, target, staged = (
        resolve_inside(root, step.log),
        resolve_inside(root, step.target),
        root / STAGING / step.file_name,
    )
    if not log.is_file():
        return
    with disk.open_descriptor(log, os.O_RDONLY) as file:
        os.lseek(file, step.offset, os.SEEK_SET)
        line, end, later = disk.read_rest(file, limit=LARGEST).partition(b"\n")
    if end and sha256_of(line + end) == step.digest and not later:
        disk.rename_over(staged, target)
        disk.fsync_directory(target.parent)
    elif end:
        staged.unlink(missing_ok=True)
    else:
        _roll_back(staged, log, step.offset, line)


def _unknown_outcome(step: PreparedWrite) -> BusyError:
    return BusyError(
        f"Disk menolak perubahan atas {step.target} dan juga pembatalannya. Perintah berikutnya merampungkan atau "
        "membersihkannya; lihat dahulu keadaannya, jangan langsung diulang.",
        code="unfinished",
        advice="look_first",
    )


def resolve_inside(root: Path, name: str) -> Path:
    """A path that a journal names.

    Raises:
        DamagedError: where it leads out of the folder, by its words or by a link on its way.
    """
    path = root / name
    if ".." in path.parts or not path.resolve().is_relative_to(root.resolve()):
        raise DamagedError(
            f"Catatan perubahan di {root} menunjuk ke luar foldernya ({name}); tidak ada yang dicatat sebelum "
            "dibereskan. Pulihkan folder data dari cadangan, atau sisihkan perubahan itu.",
            code="journal",
        )
    return path


def sha256_of(data: bytes) -> str:
    """The sha256 by which a file laid beside is known."""
    return hashlib.sha256(data).hexdigest()
