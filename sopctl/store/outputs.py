"""Files that a user asks for by name: where they may be written.

What an office works with is never the place of an output: not its record, SOPs and templates, not its `sopctl.yaml`, in
this workspace or in another one that the name leads into. Any other file of the name is replaced, whole or not at all.
"""

import stat
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from sopctl.errors import UsageError
from sopctl.store import disk
from sopctl.store.record import Record
from sopctl.store.workspace import OFFICE, Workspace

_KEPT = ("data", "sops", "templates", OFFICE)


def check_output_path(record: Record, path: Path, purpose: str, *endings: str) -> Path:
    """The path, where a file may be written there; ``endings`` are those that its name may have, the usual one first.

    ``purpose`` is what is written, for whoever words an error: a kind of report, `form`, `bundle`, `template` …

    Raises:
        UsageError: where it may not; the message says what is wrong with the place.
    """
    usual = endings[0]
    if not path.name:
        raise UsageError(f"Sebutkan nama filenya, misalnya hasil{usual}.", code="output", purpose=purpose)
    if path.suffix.lower() not in endings:
        meant = f"{path.stem.strip('.') or 'hasil'}{usual}"
        raise UsageError(
            f"{path}: nama filenya harus berakhir dengan {usual}; tulis misalnya {meant}.",
            code="output",
            purpose=purpose,
        )
    with disk.translate_errors(path):
        _check_place(record.workspace, path, purpose)
        mode = path.stat().st_mode if path.exists() else stat.S_IFREG
    if stat.S_ISDIR(mode):
        raise UsageError(f"{path} adalah folder; sebutkan nama file.", code="output", purpose=purpose)
    if not stat.S_ISREG(mode):
        raise UsageError(f"{path} bukan file biasa; sebutkan nama lain.", code="output", purpose=purpose)
    return path


def check_output_folder(record: Record, folder: Path) -> Path:
    """The folder, where files may be written into it.

    Raises:
        UsageError: where they may not.
    """
    with disk.translate_errors(folder):
        _check_place(record.workspace, folder, "pdf")
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"{folder} adalah file, bukan folder; sebutkan folder.", code="output", purpose="pdf")
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


def write_outputs(record: Record, named: Mapping[str, Path], render: Callable[[str], Iterable[bytes]]) -> None:
    """Write what the record holds in each named kind of file (`xlsx`, `html` …), in none where one may not be written.

    Raises:
        UsageError: where one may not be written under its name. BusyError: where the disk does not take it.
    """
    for kind, path in named.items():
        check_output_path(record, path, kind, f".{kind}")
    for kind, path in named.items():
        write_output(path, render(kind), mode=private_mode(record))


def _check_place(workspace: Workspace, path: Path, purpose: str) -> None:
    target = path.resolve()
    way = (target, *target.parents)
    roots = (workspace.root, *(folder for folder in way if (folder / OFFICE).is_file()))
    if any(_same(place, root / name) for root in roots for name in _KEPT for place in way):
        raise UsageError(
            f"{path} tidak dapat menjadi tempat hasil: folder data, sops, templates dan {OFFICE} milik ruang kerja. "
            "Sebutkan tempat di folder lain.",
            code="output",
            purpose=purpose,
        )


def _same(one: Path, other: Path) -> bool:
    """Whether two paths are one place, under whatever names."""
    return one == other or (one.exists() and other.exists() and one.samefile(other))
