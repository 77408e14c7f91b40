"""Checks the folders of the record: files that no event recorded, permissions, and the cache of the account."""

import os
import stat
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from sopctl.accounts import paths
from sopctl.audit.audited_case import AuditedCase
from sopctl.audit.file_hashes import FileHashes
from sopctl.audit.findings import Finding
from sopctl.audit.ledger_summary import LedgerSummary
from sopctl.errors import BusyError
from sopctl.store import case_ids, disk
from sopctl.store.caches.account_cache import CACHE
from sopctl.store.incoming_register import list_scans
from sopctl.store.record import Record
from sopctl.store.workspace import JOURNAL, STAGING, Workspace


def unrecorded_files(
    ledger: LedgerSummary, cases: Mapping[str, AuditedCase], ids: Collection[str], hashes: FileHashes
) -> Iterator[Finding]:
    """Files below the folders of documents and attachments that no event and no line about an incoming letter names.

    Those of a case that is there but cannot be read are left out: what it recorded is not known.
    """
    recorded = {path for case in cases.values() for path in case.files}
    recorded |= {scan.path for entries in ledger.sequences.values() for scan in list_scans(entries)}
    unread = set(ids) - cases.keys()
    for folder, names in hashes.items():
        id = folder.rpartition("/")[2]
        for path in sorted(path for name in names if (path := f"{folder}/{name}") not in recorded):
            if id not in unread:
                message = f"{path} tidak dicatat oleh berkas mana pun: ditaruh di luar sopctl, atau berkasnya hilang."
                yield Finding(id, path, message, "stray")


def foreign_files(
    record: Record, ledger: LedgerSummary, cases: Mapping[str, AuditedCase], ids: Collection[str]
) -> Iterator[Finding]:
    """Files elsewhere below `data` that are no part of the record; no command reads them.

    None where the record lies in no folder: what else a store holds was found with the cases, the files and the ledger.
    """
    workspace = record.workspace
    if record.whole_store.folder is None:
        return
    found = [path for path in sorted(workspace.data.glob("*")) if path.name not in _own_names(workspace)]
    found += _foreign_case_files(workspace.instances)
    sequence = (".jsonl", workspace.agenda)
    found += [path for path in _files(workspace.agenda) if (path.suffix, path.parents[1]) != sequence]
    if not set(ids) - cases.keys():  # the versions of a case that cannot be read are not known
        versions = {version for case in cases.values() for version in case.versions}
        versions |= {one.version for case in ledger.cases.values() for one in case}
        names = {f"{version}.yaml" for version in versions}
        found += [path for path in _files(workspace.versions) if path.name not in names]
    known = all(case.events <= len(ledger.cases.get(id, ())) for id, case in cases.items())
    if known and all(one.office for one in ledger.events):  # else any of them may be the office file of an event
        names = {f"{line.office}.yaml" for _, line in ledger.office_lines}
        found += [path for path in _files(workspace.offices) if path.name not in names]
    for path in found:
        if not _is_temporary(path):
            name = workspace.relative_path(path)
            message = f"{name} bukan bagian catatan dan tidak dihitung; pindahkan ke luar folder data."
            yield Finding("", name, message, "stray")


def _own_names(workspace: Workspace) -> set[str]:
    """The names that sopctl itself puts into `data`, for good or for the time of a command."""
    paths = (*workspace.record, workspace.aside, workspace.lock)
    return {JOURNAL, STAGING, CACHE, *(path.name for path in paths)}


def _foreign_case_files(instances: Path) -> Iterator[Path]:
    """The files below the folder of all cases that are no file of a case in its place."""
    for parent, names in _walk_files(instances):
        own = parent.relative_to(instances).as_posix()
        for name in names:
            if not (name.endswith(".json") and case_ids.lies_in(own, name.removesuffix(".json"))):
                yield parent / name


def sweep_leftovers(record: Record) -> Iterator[str]:
    """Remove the temporary files of processes that died: a record in no folder leaves none."""
    data = record.whole_store.folder
    for path in _files(data) if data else ():
        if _is_temporary(path) and disk.is_abandoned(path):
            with disk.translate_errors(path):
                disk.remove_file(path)
            yield f"Sisa file sementara dihapus: {record.workspace.relative_path(path)}."


def _is_temporary(path: Path) -> bool:
    return path.name.startswith(".") and path.suffix == ".tmp"


def check_access(record: Record) -> Iterator[Finding]:
    """Whether others than `sopctl.yaml` says can read or change the record; Windows keeps permissions elsewhere.

    A server has roles for what a folder has permissions for, and its owner grants them.
    """
    data, umask = record.whole_store.folder, record.office.record.umask
    if sys.platform == "win32" or data is None or not data.exists():
        return
    mode = stat.S_IMODE(data.stat().st_mode)
    if mode & umask:
        name = record.workspace.relative_path(data)
        message = (
            f"Folder {name} terbuka bagi akun lain (izin {mode:o}): mereka dapat membaca atau mengubah catatan "
            "tanpa sopctl. Bila kantor memang berbagi folder, tulis record: {share: group} di sopctl.yaml."
        )
        yield Finding("", name, message, "access", advice="close_folder")
    if closed := _closed_to_group(record):
        yield _access_finding(record, closed, "tertutup bagi kelompok yang berbagi folder data.", "open_folder")
    if links := [path for path in _walk(data) if path.is_symlink()]:
        yield _access_finding(record, links, "adalah tautan ke tempat lain; salin isinya ke dalam folder data.")


def _access_finding(record: Record, paths: list[Path], what: str, advice: str = "") -> Finding:
    """The finding that says this of the first path, and how many more there are."""
    name = record.workspace.relative_path(paths[0])
    more = f" dan {len(paths) - 1} lainnya" if len(paths) > 1 else ""
    return Finding("", name, f"{name}{more} {what}", "access", advice)


def open_account_paths(record: Record) -> dict[Path, int]:
    """The folder and the file of the page accounts where others than their owner can open them, with the right mode.

    Windows keeps permissions elsewhere, and of another account's nothing can be told.
    """
    wanted = {record.workspace.accounts: paths.FOLDER_MODE, record.workspace.accounts / paths.FILE: paths.MODE}
    if sys.platform == "win32":
        return {}
    return {path: mode for path, mode in wanted.items() if _permissions(path) & ~mode}


def _permissions(path: Path) -> int:
    """Those of a file or folder that is no link and can be looked at, else none."""
    try:
        found = path.lstat()
    except OSError:
        return 0
    return 0 if stat.S_ISLNK(found.st_mode) else stat.S_IMODE(found.st_mode)


def check_account_paths(record: Record) -> Iterator[Finding]:
    """Whether others can open what the passwords of the page are kept in."""
    for path in open_account_paths(record):
        what = "terbuka bagi akun lain: di dalamnya sandi (tersandi) dan sesi akun halaman."
        yield _access_finding(record, [path], what, "close_folder")


def mend_access(record: Record) -> Iterator[str]:
    """Open and close folders and files as `sopctl.yaml` says; the sentences that say what was done."""
    if any(check_access(record)):
        yield from _restrict_folder(record)
    for path, mode in open_account_paths(record).items():
        with suppress(PermissionError):  # its owner has to
            path.chmod(mode)
            yield f"{record.workspace.relative_path(path)} ditutup bagi akun lain."
    if opened := _open_to_group(record):
        yield f"{opened} berkas dan folder catatan dibuka bagi kelompok."


def _restrict_folder(record: Record) -> Iterator[str]:
    """Set the permissions of the folder; where it belongs to another account, its owner has to."""
    try:
        disk.restrict_folder(record.workspace.data, record.office.record.umask)
    except BusyError as error:
        if error.code != "permission":
            raise
    else:
        yield "Izin folder data disesuaikan dengan sopctl.yaml."


def _open_to_group(record: Record) -> int:
    """Open to the group what is closed to it where a group shares the record; the number of files and folders."""
    opened = 0
    for path in _closed_to_group(record):
        with suppress(PermissionError):  # its owner has to
            with disk.open_descriptor(path, os.O_RDONLY) as file:
                os.fchown(file, -1, record.workspace.data.stat().st_gid)
                os.fchmod(file, stat.S_IMODE(os.fstat(file).st_mode) | _group_bits(path))
            opened += 1
    return opened


def _closed_to_group(record: Record) -> list[Path]:
    """The files and folders that a group should share and cannot; the caches are each account's own."""
    data = record.whole_store.folder
    if sys.platform == "win32" or data is None or record.office.record.umask & stat.S_IRWXG or not data.exists():
        return []
    group = data.stat().st_gid
    paths = [path for path in _walk(data) if path.relative_to(data).parts[0] != CACHE and not path.is_symlink()]
    return [path for path in (data, *paths) if _is_closed(path, group)]


def _is_closed(path: Path, group: int) -> bool:
    """Whether a folder, or a file that has no other name, lacks something for the group."""
    wanted, found = _group_bits(path), path.stat()
    if not stat.S_ISDIR(found.st_mode) and found.st_nlink > 1:
        return False
    return found.st_gid != group or found.st_mode & wanted != wanted


def _group_bits(path: Path) -> int:
    return stat.S_IRWXG | stat.S_ISGID if path.is_dir() else stat.S_IRGRP | stat.S_IWGRP


def check_cache(record: Record) -> Iterator[Finding]:
    """Whether the account works without a cache, because it cannot trust or make the folder for it."""
    workspace, place = record.workspace, record.workspace.cache.place
    if workspace.cache.folder is not None or not workspace.data.exists():
        return
    name = workspace.relative_path(place)
    if os.path.lexists(place):
        why = "milik akun lain, tautan, atau dapat ditulis akun lain, jadi isinya tidak dipercaya dan tidak dibaca"
        remedy = "Hapus atau ganti namanya; sopctl membuatnya lagi."
    else:
        why = "tidak dapat dibuat oleh akun ini"
        remedy = f"Hapus {workspace.relative_path(place.parent)}, atau minta pemiliknya membuka izinnya."
    message = f"Folder {name} {why}. Semua perintah tetap benar, hanya lebih lambat. {remedy}"
    yield Finding("", name, message, "access")


def _files(folder: Path) -> list[Path]:
    """The files below a folder; links are not followed."""
    return [parent / name for parent, names in _walk_files(folder) for name in names]


def _walk_files(folder: Path) -> Iterator[tuple[Path, list[str]]]:
    """A folder and those below with the names of their files; links are not followed."""
    for parent, folders, names in os.walk(folder):
        links = [name for name in folders if Path(parent, name).is_symlink()]
        yield Path(parent), sorted((*names, *links))


def _walk(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        yield from (Path(parent, name) for name in sorted((*folders, *names)))
