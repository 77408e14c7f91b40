"""How the files of cases look, without reading them: sizes and times of change, by which a cache knows what changed."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from sopctl.engine.instance import Instance
from sopctl.errors import DamagedError, because
from sopctl.store import disk
from sopctl.store.files import cases

FileStats = dict[str, tuple[int, int]]
"""The files of a folder by id (of a case) or name: size and time of change (nanoseconds) of each one."""

TICK = 2_000_000_000
"""Nanoseconds that a file system may need to tell two changes apart (FAT does)."""


def list_folders(instances: Path) -> dict[str, int]:
    """The folders of cases below the folder of all cases, by name such as `sk-tim/0000`, with their times of change."""
    return {
        f"{sop}/{folder}": _stat(f"{instances}/{sop}/{folder}").st_mtime_ns
        for sop in _list_subfolders(instances)
        for folder in _list_subfolders(instances / sop)
    }


def count_files(instances: Path, folder: str) -> int:
    """About how many cases a folder holds."""
    return len(_list_entries(instances / folder))


def stat_cases(instances: Path, folder: str) -> FileStats:
    """How the case files of a folder look, in the order in which their cases were opened."""
    ids = (name.removesuffix(".json") for name, _ in _list_entries(instances / folder) if name.endswith(".json"))
    ordered = sorted((id for id in ids if cases.lies_in(folder, id)), key=lambda id: int(id.rpartition("-")[2]))
    return dict(_stat_each(f"{instances}/{folder}", ((id, f"{id}.json") for id in ordered)))


def stat_sop_versions(versions: Path) -> FileStats:
    """How the SOP versions look that cases were started with, by the names of their files."""
    return dict(_stat_each(str(versions), ((name, name) for name, _ in _list_entries(versions))))


def read_cases(instances: Path, ids: Iterable[str]) -> Iterator[tuple[str, Instance | DamagedError]]:
    """The cases with these ids, or why one cannot be read; one that is there no more is left out."""
    for id in ids:
        path = f"{instances}/{cases.relative_path_of(id)}"
        try:
            data = _read_bytes(path)
        except FileNotFoundError:
            continue
        except OSError as error:
            yield id, DamagedError(f"Berkas {path} tidak dapat dibaca: {because(error)}.")
            continue
        try:
            yield id, cases.decode(data, path, id)
        except DamagedError as error:
            yield id, error


def file_system_time(folder: Path | None) -> int | None:
    """The file system's own present in nanoseconds, which need not be this machine's.

    None where nothing can be written, or where a folder's time does not move with its files (FAT): there no folder's
    time tells anything.
    """
    if folder is None:
        return None
    probe = folder / f".now.{os.getpid()}.tmp"
    try:
        probe.touch()
        now, moved = probe.stat().st_mtime_ns, folder.stat().st_mtime_ns
    except OSError:
        return None
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)
    return now if moved >= now - TICK else None


def _read_bytes(path: str) -> bytes:
    """What a file holds, up to what a case may take."""
    file = disk.open_nonblocking(path, os.O_RDONLY)
    try:
        return disk.read_rest(file, limit=cases.LARGEST)
    finally:
        os.close(file)


def _stat(path: str) -> os.stat_result:
    """What the system says of a path itself; what Windows lists of it in its folder may be an older state.

    Paths are texts here: a record of years has a hundred thousand of them.
    """
    return os.stat(path)  # noqa: PTH116 — as said


def _stat_each(folder: str, names: Iterable[tuple[str, str]]) -> Iterator[tuple[str, tuple[int, int]]]:
    for key, name in names:
        with suppress(FileNotFoundError):
            found = _stat(f"{folder}/{name}")
            yield key, (found.st_size, found.st_mtime_ns)


def _list_subfolders(folder: Path) -> list[str]:
    return sorted(name for name, is_folder in _list_entries(folder) if is_folder)


def _list_entries(folder: Path) -> list[tuple[str, bool]]:
    """The names in a folder and whether they are folders, hidden ones left out."""
    try:
        with os.scandir(folder) as entries:
            return [(entry.name, entry.is_dir()) for entry in entries if not entry.name.startswith(".")]
    except (FileNotFoundError, NotADirectoryError):
        return []
