"""How the files of cases look, without reading them: sizes and times of change, by which a cache knows what changed."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR

from sopctl.store import disk
from sopctl.store.files import cases
from sopctl.store.record_paths import stat_names, stat_path

FileStats = dict[str, tuple[int, int]]
"""The files of a folder by id (of a case) or name: size and time of change (nanoseconds) of each one."""

TICK = 2_000_000_000
"""Nanoseconds that a file system may need to tell two changes apart (FAT does)."""


def list_folders(instances: Path) -> dict[str, int]:
    """The folders of cases below the folder of all cases, by name such as `sk-tim/0000`, with their times of change."""
    names = (f"{sop}/{name}" for sop in cases.list_names(instances) for name in cases.list_names(instances / sop))
    found = {name: stat_path(f"{instances}/{name}") for name in names}
    return {name: one.st_mtime_ns for name, one in found.items() if one is not None and S_ISDIR(one.st_mode)}


def stat_cases(instances: Path, folder: str) -> FileStats:
    """How the case files of a folder look, in the order in which their cases were opened."""
    return _stat_each(f"{instances}/{folder}", {id: f"{id}.json" for id in cases.list_folder_ids(instances, folder)})


def stat_sop_versions(versions: Path) -> FileStats:
    """How the SOP versions look that cases were started with, by the names of their files."""
    return _stat_each(str(versions), {name: name for name in cases.list_names(versions)})


def file_system_time(folder: Path | None) -> int | None:
    """The file system's own present in nanoseconds, which need not be this machine's.

    None where nothing can be written, or where a folder's time does not move with its files (FAT): there no folder's
    time tells anything.
    """
    if folder is None:
        return None
    probe = folder / f".now.{os.getpid()}.tmp"
    try:
        with disk.open_descriptor(probe, os.O_WRONLY | os.O_CREAT) as file:
            os.write(file, b" ")
            now, moved = os.fstat(file).st_mtime_ns, folder.stat().st_mtime_ns
    except OSError:
        return None
    finally:
        with suppress(OSError):
            disk.remove_file(probe)
    return now if moved >= now - TICK else None


def _stat_each(folder: str, names: Mapping[str, str]) -> FileStats:
    """What the system says of the files themselves; what Windows lists of them in a folder may be an older state."""
    return {key: (one.st_size, one.st_mtime_ns) for key, one in stat_names(folder, names)}
