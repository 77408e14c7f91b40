"""The folder of an office: `sopctl.yaml`, `sops`, `templates` and the record under `data`."""

import os
import stat
from pathlib import Path
from typing import Literal, get_args

from sopctl.errors import DamagedError, NotFoundError, UsageError
from sopctl.notation.nearest import suggestion
from sopctl.store import disk
from sopctl.store.caches.account_cache import Cache
from sopctl.store.record_paths import follow_no_links_below, stat_path

LARGEST_SOURCE = 20_000_000
"""Bytes of an SOP, office or template file that are read at all; the SOP language allows fewer and says so."""

OFFICE = "sopctl.yaml"
EMPLOYEES = "pegawai.csv"
IGNORED = ".gitignore"
"""What a version control of the office's own files leaves out: the record, and personal data."""

JOURNAL = "journal.json"
STAGING = "staging"
"""Where the files of a transaction are staged, below `data`."""

VersionKind = Literal["sops", "office"]
"""Texts that are kept by their sha256 in a folder below `data`: versions of SOPs, versions of `sopctl.yaml`."""

VERSION_KINDS: tuple[VersionKind, ...] = get_args(VersionKind)

_SHARED = stat.S_ISGID | stat.S_IRWXG
"""The permissions of the folder of a record that a group shares; see `disk.restrict_folder`."""

VARIABLE = "SOPCTL_WORKSPACE"


class Workspace:
    """Where everything of one office lies."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.office = root / OFFICE
        self.sops = root / "sops"
        self.templates = root / "templates"
        self.data = root / "data"
        follow_no_links_below(self.data)
        self.instances = self.data / "instances"
        self.documents = self.data / "documents"
        self.attachments = self.data / "attachments"
        self.versions = self.data / "sops"
        self.offices = self.data / "office"
        self.agenda = self.data / "agenda"
        self.cache = Cache(self.data)
        self.ledger = self.data / "ledger.jsonl"
        self.aside = self.data / "aside"
        self.lock = self.data / "lock"
        self.notified = root / "notified"
        self.accounts = root / "accounts"

        self.record = (
            self.instances, self.documents, self.attachments, self.versions, self.offices, self.agenda, self.ledger,
        )  # fmt: skip

    @property
    def has_unfinished_change(self) -> bool:
        """Whether anything is staged: by a writer at work, or by one that died."""
        with disk.translate_errors(self.data):
            return disk.exists(self.data / JOURNAL) or bool(disk.list_names(self.data / STAGING))

    def keep_open(self, umask: int) -> int:
        """The umask for what is made in the record: a group that shares it shares that too, whatever ``umask`` says.

        Who wrote there by a `sopctl.yaml` that says nothing of it would shut all others out.
        """
        with disk.translate_errors(self.data):
            found = stat_path(self.data)
            shared = found is not None and found.st_mode & _SHARED == _SHARED and disk.exists(self.ledger)
        return umask & ~stat.S_IRWXG if shared else umask

    def check_data(self) -> None:
        """Make sure that the record is not taken for an empty one while its disk is away.

        Raises:
            DamagedError: where no folder is what `data` leads to.
        """
        if os.path.lexists(self.data) and not self.data.is_dir():
            raise DamagedError(
                f"{self.data} tidak dapat dicapai sebagai folder (tautan yang putus, disk yang belum tersambung, atau "
                "sebuah file). Tidak ada yang dibaca dan tidak ada yang dicatat sebelum folder itu kembali.",
                code="data",
            )

    def read_template(self, name: str) -> bytes:
        """The bytes of a template.

        Raises:
            NotFoundError: where there is none; its fact `meant` suggests the nearest.
        """
        try:
            return disk.read_file(self.templates / name, limit=LARGEST_SOURCE)
        except NotFoundError as error:
            files = (path.name for path in self.templates.glob("*.docx") if path.is_file())
            error.facts["meant"] = suggestion(name, sorted(files))
            raise

    def read_picture(self, name: str) -> bytes:
        """The bytes of a file by its path from the root.

        Raises:
            NotFoundError: where there is none, or it lies outside the workspace.
        """
        path = (self.root / name).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise NotFoundError(f"{name} tidak berada di dalam ruang kerja.", code="file")
        return disk.read_file(path, limit=LARGEST_SOURCE)

    def relative_path(self, path: Path) -> str:
        """A path as the record names it: from the root, with `/`."""
        return path.relative_to(self.root).as_posix()


def find_workspace(named: Path | None, here: Path | None) -> Workspace:
    """The workspace that was named (option, then environment), else the one that ``here`` lies in.

    ``here`` is None where the current folder is there no more.

    Raises:
        NotFoundError: where there is none. DamagedError: where no folder is what its `data` leads to.
    """
    found = _find_workspace(named, here)
    found.check_data()
    return found


def _find_workspace(named: Path | None, here: Path | None) -> Workspace:
    name = named or (Path(text) if (text := os.environ.get(VARIABLE)) else None)
    if name is not None:
        if not (name / OFFICE).is_file():
            raise NotFoundError(
                f"{name} bukan ruang kerja sopctl: tidak ada {OFFICE} di dalamnya.",
                code="workspace",
                advice="init",
                folder=str(name),
            )
        return Workspace(name.resolve())
    if here is None:
        raise NotFoundError(
            "Folder tempat perintah ini diketik sudah tidak ada. Pindah ke folder kantor.",
            code="workspace",
            advice="name_workspace",
        )
    for folder in (here, *here.parents):
        if (folder / OFFICE).is_file():
            return Workspace(folder)
    raise NotFoundError(
        f"Di folder ini dan di atasnya tidak ada {OFFICE}. Pindah ke folder kantor.",
        code="workspace",
        advice="name_or_init_workspace",
    )


def refuse_nested_workspace(folder: Path) -> None:
    """Make sure that a folder for a new workspace lies in no other.

    Raises:
        UsageError: where it does.
    """
    above = next((parent for parent in folder.resolve().parents if (parent / OFFICE).exists()), None)
    if above is not None:
        raise UsageError(f"{folder} berada di dalam ruang kerja {above}; pilih folder lain.", code="workspace_exists")
