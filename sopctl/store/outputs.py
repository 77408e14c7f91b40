"""Files that a user asks for by name: where they may lie, and how they are laid there.

What an office works with is never the place of an output: not its record, SOPs and templates, not its `sopctl.yaml`, in
this workspace or in another one that the name leads into. Any other file of the name is replaced, whole or not at all.
"""

import stat
from collections.abc import Iterable
from pathlib import Path

from sopctl.errors import UsageError
from sopctl.store import disk
from sopctl.store.record import Record
from sopctl.store.workspace import OFFICE, Workspace

_KEPT = ("data", "sops", "templates", OFFICE)


def check_output_path(record: Record, path: Path, option: str, *endings: str) -> Path:
    """The path, where a file may be written there; ``endings`` are those that its name may have, the usual one first.

    Raises:
        UsageError: where it may not; the message names the ``option`` that says another place.
    """
    usual = endings[0]
    if not path.name:
        raise UsageError(f"Sebutkan nama berkasnya: {option} BERKAS{usual}.", code="output")
    if path.suffix.lower() not in endings:
        meant = f"{path.stem.strip('.') or 'berkas'}{usual}"
        raise UsageError(
            f"{option} {path}: nama berkasnya harus berakhir dengan {usual}; tulis misalnya {meant}.", code="output"
        )
    with disk.translate_errors(path):
        _check_place(record.workspace, path, option)
        mode = path.stat().st_mode if path.exists() else stat.S_IFREG
    if stat.S_ISDIR(mode):
        raise UsageError(f"{path} adalah folder; sebutkan nama berkas dengan {option}.", code="output")
    if not stat.S_ISREG(mode):
        raise UsageError(f"{path} bukan berkas biasa; sebutkan nama lain dengan {option}.", code="output")
    return path


def check_output_folder(record: Record, folder: Path, option: str) -> Path:
    """The folder, where files may be written into it.

    Raises:
        UsageError: where they may not.
    """
    with disk.translate_errors(folder):
        _check_place(record.workspace, folder, option)
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"{folder} adalah berkas, bukan folder; sebutkan folder dengan {option}.", code="output")
    return folder


def private_mode(record: Record) -> int:
    """The permissions of a file with what the record holds: those of the record's own files."""
    return disk.DEFAULT_MODE & ~record.office.record.umask


def write_output(path: Path, pieces: Iterable[bytes], *, mode: int = disk.DEFAULT_MODE) -> None:
    """Write a file whole or not at all; where it replaces one, that one's permissions stay.

    Raises:
        BusyError: where the disk does not take it.
    """
    disk.replace_file(path, pieces, mode=mode, keep_permissions=True)


def _check_place(workspace: Workspace, path: Path, option: str) -> None:
    target = path.resolve()
    way = (target, *target.parents)
    roots = (workspace.root, *(folder for folder in way if (folder / OFFICE).is_file()))
    if any(_same(place, root / name) for root in roots for name in _KEPT for place in way):
        raise UsageError(
            f"{path} tidak dapat menjadi tempat hasil: folder data, sops, templates dan {OFFICE} milik ruang kerja. "
            f"Sebutkan tempat di folder lain dengan {option}.",
            code="output",
        )


def _same(one: Path, other: Path) -> bool:
    """Whether two paths are one place, under whatever names."""
    return one == other or (one.exists() and other.exists() and one.samefile(other))
