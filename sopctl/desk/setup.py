"""Making a workspace from the office that sopctl carries."""

from importlib.resources import as_file
from importlib.resources import files as resources
from pathlib import Path

from sopctl.errors import UsageError
from sopctl.store import files
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
    workspace = Workspace(folder)
    made: list[Path] = []
    with as_file(resources("sopctl")) as package:
        carried = package / "seed" if (package / "seed").is_dir() else package.parent
        for part in _PARTS:
            for source in sorted((carried / part).iterdir()):
                made += _copied(source, folder / part / source.name)
        made += _copied(carried / OFFICE, workspace.office)
    return tuple(path.relative_to(folder).as_posix() for path in made)


def _copied(source: Path, target: Path) -> list[Path]:
    if target.exists() or not source.is_file():
        return []
    files.replace(target, source.read_bytes())
    return [target]
