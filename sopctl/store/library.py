"""The SOP files of a workspace, as their authors wrote them."""

import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from sopctl.errors import BusyError, DamagedError, NotFoundError, WrongError
from sopctl.notation.nearest import suggestion
from sopctl.problems import Problem, Source, errors_of, note
from sopctl.sop.model import Sop
from sopctl.store import disk
from sopctl.store.workspace import LARGEST_SOURCE, Workspace

EXAMPLES = "contoh"
"""The folder below `sops` with procedures to start from: none of the office's own, and in no list of them."""


class SopFile(Struct, frozen=True):
    """An SOP file as it is read: its text, and the SOP or the mistakes in it; ``path`` is relative to the workspace."""

    path: str
    text: bytes
    sop: Sop | None
    problems: tuple[Problem, ...]

    @property
    def version(self) -> str:
        """The sha256 that names this exact text."""
        return sha256(self.text).hexdigest()


class Library:
    """The folder `sops` of a workspace; ``reserved`` returns the names that no field may have."""

    def __init__(self, workspace: Workspace, reserved: Callable[[], frozenset[str]]) -> None:
        self._workspace = workspace
        self._reserved = reserved
        self._read: dict[str, SopFile] = {}

    def list_ids(self) -> list[str]:
        """The ids of the office's own SOPs, which are the names of their files."""
        return _list_ids(self._workspace.sops)

    def list_examples(self) -> list[str]:
        """The examples by what `start` takes, `contoh/undangan`; the id of that SOP is `undangan`."""
        return [f"{EXAMPLES}/{id}" for id in _list_ids(self._workspace.sops / EXAMPLES)]

    def find_file(self, id: str) -> str | None:
        """What `sops` calls the SOP of an id, or an example named with its folder; the office's own go first.

        The path of the file from the workspace, as the Tab key of a shell completes it, names it as well.
        """
        path = id.strip().lower().replace("\\", "/").removeprefix("./")
        wanted = path.removeprefix("sops/").removesuffix(".yaml")
        if wanted in self.list_ids():
            return wanted
        return next((one for one in self.list_examples() if wanted in {one, one.partition("/")[2]}), None)

    def find_misnamed_files(self) -> tuple[Problem, ...]:
        """The files in the folder, and among its examples, that are no SOPs because of their names."""
        folders = [one for one in (self._workspace.sops, self._workspace.sops / EXAMPLES) if one.is_dir()]
        files = [path for folder in folders for path in folder.iterdir()]
        found = [path for path in files if path.suffix.lower() in {".yaml", ".yml"}]
        name = "File ini tidak dibaca: namanya harus huruf kecil, angka dan '-', lalu .yaml; misalnya sk-tim.yaml."
        kind = "Ini tidak dibaca: bukan file biasa, atau tautan ke tempat yang tidak ada."
        return tuple(
            note(Source(self._workspace.relative_path(path), 1, 1), "file_name", name if path.is_file() else kind)
            for path in sorted(found)
            if not _is_sop_file(path)
        )

    def read_file(self, id: str) -> SopFile:
        """An SOP file, whatever mistakes it holds; one that did not change since is not parsed again.

        Raises:
            NotFoundError: where the workspace has no such SOP; the message suggests the nearest.
        """
        from sopctl.sop.decode import read_sop  # noqa: PLC0415 — brings yaml

        wanted = self.find_file(id)
        if wanted is None:
            known = self.list_ids()
            have = f" SOP yang ada: {', '.join(known)}." if known else " Folder sops masih kosong."
            examples = self.list_examples()
            lacking = id.strip().startswith(f"{EXAMPLES}/") and not examples
            raise NotFoundError(
                f"Tidak ada SOP '{id}'{suggestion(id, [*known, *examples])}.{have}",
                code="sop",
                advice="take_examples" if lacking else "",
            )
        path = self._workspace.sops / f"{wanted}.yaml"
        name = self._workspace.relative_path(path)
        try:
            text = disk.read_file(path, limit=LARGEST_SOURCE)
        except (BusyError, DamagedError) as error:  # a mistake of this file, which keeps nobody from the others
            return SopFile(name, b"", None, (Problem(Source(name, 1, 1), "unreadable", error.message),))
        if wanted not in self._read or self._read[wanted].text != text:
            self._read[wanted] = SopFile(name, text, *read_sop(text, name, self._reserved()))
        return self._read[wanted]

    def read_sop(self, id: str) -> Sop:
        """An SOP.

        Raises:
            NotFoundError: where the workspace has no such SOP. WrongError: with its mistakes, where it cannot be read.
        """
        source = self.read_file(id)
        if source.sop is None:
            problems = errors_of(source.problems)
            raise WrongError(f"SOP {source.path} belum benar.", problems=problems, code="sop", advice="check")
        return source.sop

    def find_sop(self, id: str) -> Sop | None:
        """An SOP, None where there is no such file or it cannot be read."""
        return self.read_file(id).sop if self.find_file(id) is not None else None

    def read_sops(self) -> list[Sop]:
        """All SOPs that can be read, and the examples; each file is parsed."""
        own = self.list_ids()
        examples = [one for one in self.list_examples() if one.partition("/")[2] not in own]
        return [sop for id in (*own, *examples) if (sop := self.read_file(id).sop) is not None]


def _list_ids(folder: Path) -> list[str]:
    """The SOPs that lie in a folder itself."""
    with disk.translate_errors(folder):
        return sorted(path.stem for path in folder.glob("*.yaml") if _is_sop_file(path)) if folder.is_dir() else []


def _is_sop_file(path: Path) -> bool:
    return re.fullmatch(r"[a-z0-9][a-z0-9-]*\.yaml", path.name) is not None and path.is_file()
