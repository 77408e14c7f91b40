"""`restore FILE FOLDER`: a workspace out of a backup, or the record of a workspace that has none.

All of it is unpacked beside the place, compared with the list of the backup and verified there; then it takes its place
by one renaming. Whatever goes wrong before leaves nothing, and where a record is nothing is touched.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sopctl.audit.anchor import format_anchor
from sopctl.audit.backup_archive import Archive, broken, open_archive
from sopctl.audit.findings import Finding
from sopctl.audit.verify import compare_record
from sopctl.errors import BusyError, DamagedError, SopctlError, UsageError
from sopctl.store import disk, ledger
from sopctl.store.files.json_store import JsonStore
from sopctl.store.files.lock import hold_lock
from sopctl.store.protocol import Ledger
from sopctl.store.record import Record
from sopctl.store.workspace import EMPLOYEES, OFFICE, Workspace, refuse_nested_workspace


class RestoredBackup(Struct, frozen=True, kw_only=True):
    """What was restored where, of which moment; ``only_data`` where the workspace kept its own SOPs and templates."""

    workspace: str
    only_data: bool
    at: datetime
    anchor: str
    cases: int
    files: int
    findings: tuple[Finding, ...]
    notices: tuple[Finding, ...]


def restore_backup(
    source: Path, folder: Path, clock: Callable[[], datetime], account: str, *, damaged: bool = False
) -> RestoredBackup:
    """Restore a backup into a folder that is empty or not there, or into a workspace without a record.

    Raises:
        UsageError: where the folder holds anything else. DamagedError: where the file is no backup, was altered, or its
            record is not intact, unless a ``damaged`` one is wanted too. BusyError: where the disk has no room.
    """
    place, only_data = _find_place(folder)
    with open_archive(source) as archive, _staging(place, folder) as staged:
        _check_room(archive, staged)
        workspace = Workspace(staged)
        record = Record(workspace, clock=clock, account=account, kept_in=JsonStore(workspace))
        _unpack(archive, record)
        _check_anchor(archive, record.whole_store.open_ledger())
        found = compare_record(record, None)
        findings, notices = (_rename(several, staged, folder) for several in (found.findings, found.notices))
        if findings and not damaged:
            raise DamagedError(
                f"Catatan di dalam {source.name} tidak utuh ({len(findings)} temuan), jadi tidak ada yang "
                f"dipulihkan: {findings[0].message}",
                code="backup_damaged",
            )
        _put_in_place(staged / "data" if only_data else staged, place, Workspace(folder))
    notices += tuple(_tell_where_it_is_looked_for(folder, clock, account))
    return RestoredBackup(
        workspace=str(folder.resolve()), only_data=only_data, at=archive.manifest.at, anchor=archive.manifest.anchor,
        cases=found.cases, files=len(archive.manifest.files), findings=findings, notices=notices,
    )  # fmt: skip


def _tell_where_it_is_looked_for(folder: Path, clock: Callable[[], datetime], account: str) -> Iterator[Finding]:
    """What to do where `sopctl.yaml` says that the record lies in a database: what was restored are files."""
    workspace = Workspace(folder)
    with suppress(SopctlError):  # a sopctl.yaml of the workspace itself that cannot be read is told by every command
        office = Record(workspace, clock=clock, account=account, kept_in=JsonStore(workspace)).office
        if office.record.store != "files":
            message = (
                "Catatan dipulihkan ke folder data, sedangkan sopctl.yaml menyebut basis data (record: store: "
                f"{office.record.store}), sehingga folder data itu belum dipakai. Hapus store, service dan office di "
                "bawah record di sopctl.yaml; sesudah itu kantor bekerja dengan folder data."
            )
            yield Finding("", OFFICE, message, "office", "move_restored")


def _find_place(folder: Path) -> tuple[Path, bool]:
    """What is to appear: the folder, or the `data` of the workspace that it is; and whether it is the latter."""
    workspace = Workspace(folder)
    with disk.translate_errors(folder):
        if workspace.office.exists():
            _refuse_record(workspace)
            return workspace.data.resolve(), True
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UsageError(f"{folder} tidak kosong; sebutkan folder yang baru.", code="folder_not_empty")
        if folder.exists() and folder.samefile(Path.cwd()):
            raise UsageError("Pindah dahulu ke folder lain; folder tempat Anda berdiri diganti.", code="folder_in_use")
        refuse_nested_workspace(folder)
        return folder.resolve(), False


def _refuse_record(workspace: Workspace) -> None:
    """Refuse where anything was recorded: something lies in `data` beside the lock, the caches and empty folders."""
    paths = workspace.data.iterdir() if workspace.data.exists() else ()
    rest = (path for path in paths if path not in _passing(workspace))
    if any(not path.is_dir() or any(path.iterdir()) for path in rest):
        raise UsageError(
            f"{workspace.root} sudah mempunyai catatan; tidak ada yang dipulihkan. Sebutkan folder yang baru, atau "
            "pindahkan dahulu folder data-nya ke tempat lain.",
            code="record_exists",
        )


def _passing(workspace: Workspace) -> tuple[Path, Path]:
    """What may be thrown away: the lock and the caches."""
    return workspace.lock, workspace.cache.place.parent


@contextmanager
def _staging(place: Path, folder: Path) -> Iterator[Path]:
    """A new folder beside the place, for one restoring at a time; gone at the end, and where an earlier one died.

    What goes wrong in the block names the folder that was asked for: what was beside it is gone when it is read. Who is
    killed after the folder took its place leaves the empty file of the lock.
    """
    staged, lock = (place.with_name(f".{place.name}.pulih.{ending}") for ending in ("tmp", "lock"))
    try:
        with hold_lock(lock, patience=0), disk.translate_errors(staged):
            try:
                if staged.exists():
                    shutil.rmtree(staged)
                staged.mkdir()
                yield staged
            finally:
                shutil.rmtree(staged, ignore_errors=True)
                with suppress(OSError):  # Windows removes no file that is open
                    lock.unlink()
    except SopctlError as error:
        for beside in (staged, lock):
            error.message = error.message.replace(str(beside), str(folder))
        raise


def _check_room(archive: Archive, staged: Path) -> None:
    if shutil.disk_usage(staged).free < archive.size:
        message = f"Disk tidak cukup untuk memulihkan: perlu {archive.size // 1_000_000 + 1} MB di {staged.parent}."
        raise BusyError(message, code="disk_full")


def _unpack(archive: Archive, record: Record) -> None:
    """Write the files of a backup, as open as its sopctl.yaml says, and wait until the disk has them."""
    workspace = record.workspace
    _unpack_file(archive, workspace.root, OFFICE)
    umask = record.office.record.umask
    for name in archive.manifest.files.keys() - {OFFICE}:
        with disk.use_umask(umask) if name.startswith("data/") or name == EMPLOYEES else nullcontext():
            _unpack_file(archive, workspace.root, name)
    with disk.use_umask(umask):
        disk.make_folder(workspace.data)
    disk.restrict_folder(workspace.data, umask)
    if sys.platform != "win32":
        os.sync()


def _check_anchor(archive: Archive, whole: Ledger) -> None:
    """Make sure that the anchor is that of the ledger: it is compared with the one that the office wrote down."""
    lines = whole.count_lines()
    found = format_anchor(lines, ledger.hash_line(whole.read_texts([lines])[lines])) if lines else ""
    if archive.manifest.anchor != found:
        raise broken(archive.path, "sidiknya bukan sidik buku catatan di dalamnya")


def _rename(found: Iterable[Finding], staged: Path, folder: Path) -> tuple[Finding, ...]:
    """What was found, with the paths that the files will have."""
    return tuple(replace(one, message=one.message.replace(str(staged), str(folder))) for one in found)


def _unpack_file(archive: Archive, root: Path, name: str) -> None:
    disk.make_folder((root / name).parent)
    with open(root / name, "xb", opener=disk.open_nonblocking) as file:
        file.writelines(archive.read(name))


def _put_in_place(made: Path, place: Path, workspace: Workspace) -> None:
    """Rename what was made to its place; where something else appeared there meanwhile, that stays.

    Nobody begins a record there now: he would go on in the one that takes its place, as if it were empty.
    """
    only_data = made.name == workspace.data.name
    can_begin = only_data and sys.platform != "win32" and workspace.data.exists()  # Windows removes no open file
    with disk.translate_errors(place), hold_lock(workspace.lock) if can_begin else nullcontext():
        if only_data:
            _refuse_record(workspace)
            for path in _passing(workspace):
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)
            for folder in workspace.data.iterdir() if workspace.data.exists() else ():
                folder.rmdir()
        if place.exists():
            place.rmdir()
        disk.rename_over(made, place)
        disk.fsync_directory(place.parent)
