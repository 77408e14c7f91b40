"""`init` and `template restore`: what the installed package carries is copied into a workspace."""

import os
from importlib.resources import as_file
from importlib.resources import files as resources
from pathlib import Path

from sopctl.errors import UsageError
from sopctl.store import disk
from sopctl.store.library import EXAMPLES
from sopctl.store.workspace import EMPLOYEES, IGNORED, OFFICE, Workspace, refuse_nested_workspace

_PARTS = ("sops", "templates")
_LEFT_OUT = f"/data/\n/{EMPLOYEES}\n".encode()


def init(folder: Path, *, examples: bool = False) -> tuple[str, ...]:
    """Copy the SOPs, templates and `sopctl.yaml` of the package into a folder; the new files, relative to it.

    A file that is there already stays as it is. With ``examples`` the example SOPs come along; a workspace gets them
    too, with the templates that it lacks.

    Raises:
        UsageError: where the folder is a workspace already.
    """
    known = (folder / OFFICE).exists()
    if known and not examples:
        raise UsageError(f"{folder} sudah menjadi ruang kerja; tidak ada yang diubah.", code="workspace_exists")
    refuse_nested_workspace(folder)
    parts = _PARTS[known:] + ((f"sops/{EXAMPLES}",) if examples else ())
    workspace = Workspace(folder)
    with as_file(resources("sopctl")) as package:
        packaged = _packaged_office(package)
        made = [path for part in parts for path in _copy_missing(packaged / part, folder / part)]
        made += _copy_file(packaged / OFFICE, workspace.office)
    made += [] if known else _make_file(folder / IGNORED, _LEFT_OUT)
    return tuple(path.relative_to(folder).as_posix() for path in made)


def restore(workspace: Workspace) -> tuple[str, ...]:
    """Copy the templates of the package that the workspace lacks; the new files, relative to its root."""
    with as_file(resources("sopctl")) as package:
        made = _copy_missing(_packaged_office(package) / "templates", workspace.templates)
    return tuple(workspace.relative_path(path) for path in made)


def read_packaged_template(name: str) -> bytes:
    """The bytes of a template of the package."""
    with as_file(resources("sopctl")) as package:
        return (_packaged_office(package) / "templates" / name).read_bytes()


def _packaged_office(package: Path) -> Path:
    """The folder of the packaged SOPs and templates: inside an installed package, else at the root of the sources."""
    return package / "seed" if (package / "seed").is_dir() else package.parent


def _copy_missing(source: Path, target: Path) -> list[Path]:
    """Copy the files of ``source`` that ``target`` lacks; the new files."""
    return [path for file in sorted(source.iterdir()) for path in _copy_file(file, target / file.name)]


def _copy_file(source: Path, target: Path) -> list[Path]:
    return _make_file(target, source.read_bytes()) if source.is_file() else []


def _make_file(target: Path, content: bytes) -> list[Path]:
    """Make a file that is not there."""
    if os.path.lexists(target):  # a link to a place that is away for now is there too
        return []
    disk.replace_file(target, content)
    return [target]
