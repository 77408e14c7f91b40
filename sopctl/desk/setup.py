"""Making a workspace from the office that sopctl carries."""

from importlib.resources import as_file
from importlib.resources import files as resources
from pathlib import Path

from sopctl.errors import UsageError
from sopctl.store import disk
from sopctl.store.workspace import OFFICE, Workspace

_PARTS = ("sops", "templates")


def init(folder: Path) -> tuple[str, ...]:
    """Copy the SOPs, templates and `sopctl.yaml` that sopctl carries into a folder; the files that were made.

    What lies there already is left as it is.

    Raises:
        UsageError: where the folder is a workspace already.
    """
    if (folder / OFFICE).exists():
        raise UsageError(f"{folder} sudah menjadi ruang kerja; tidak ada yang diubah.", code="workspace_exists")
    above = next((parent for parent in folder.resolve().parents if (parent / OFFICE).exists()), None)
    if above is not None:
        raise UsageError(f"{folder} berada di dalam ruang kerja {above}; pilih folder lain.", code="workspace_exists")
    workspace = Workspace(folder)
    with as_file(resources("sopctl")) as package:
        carried = _carried(package)
        made = [path for part in _PARTS for path in _filled(carried / part, folder / part)]
        made += _copied(carried / OFFICE, workspace.office)
    return tuple(path.relative_to(folder).as_posix() for path in made)


def restore(workspace: Workspace) -> tuple[str, ...]:
    """Copy the templates that sopctl carries and that the workspace lacks; the files that were made."""
    with as_file(resources("sopctl")) as package:
        made = _filled(_carried(package) / "templates", workspace.templates)
    return tuple(workspace.relative_path(path) for path in made)


def _carried(package: Path) -> Path:
    """Where the office of the seeds lies: in the installed package, or at the root of its sources."""
    return package / "seed" if (package / "seed").is_dir() else package.parent


def _filled(source: Path, target: Path) -> list[Path]:
    """Copy what a folder lacks of another one."""
    return [path for file in sorted(source.iterdir()) for path in _copied(file, target / file.name)]


def _copied(source: Path, target: Path) -> list[Path]:
    if target.exists() or not source.is_file():
        return []
    disk.replace_file(target, source.read_bytes())
    return [target]
