"""The store that keeps everything as files below `data`; writing is in `json_transaction`."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from functools import cache
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from sopctl.engine.instance import Instance
from sopctl.errors import BusyError, DamagedError, NotFoundError, SopctlError
from sopctl.office.letter_numbers import normalize_number
from sopctl.store import case_ids, case_json, disk, file_paths
from sopctl.store.files import cases
from sopctl.store.record_paths import stat_path
from sopctl.store.workspace import Workspace

if TYPE_CHECKING:
    from sopctl.store.protocol import CaseIndex, CaseOpener, CommitState, Ledger, OnProgress, Repair, WrongProjection
    from sopctl.store.register import RegisterEntry
    from sopctl.store.transaction import Transaction
    from sopctl.store.workspace import VersionKind


_EVERY = 1.0
"""Seconds between two looks at whether the record has changed."""

PRIVATE = 0o077
"""The permissions that nobody but the account which writes has; see `os.umask`."""


class JsonStore:
    """The record of one workspace; see `protocol.Store`.

    ``umask`` is asked when something is written; ``user``, as people read it, is named to those who wait for the lock.
    """

    def __init__(
        self, workspace: Workspace, umask: Callable[[], int] = lambda: PRIVATE, user: Callable[[], str] = lambda: "akun"
    ) -> None:
        self._workspace = workspace
        self._umask = umask
        self._user = user
        self.commit_state: CommitState = "nothing"

    def __reduce__(self) -> "tuple[Callable[[Path], JsonStore], tuple[Path]]":
        return open_to_look, (self._workspace.root,)

    @property
    def folder(self) -> Path:
        """The folder that the record lies in."""
        return self._workspace.data

    def correct_clock(self, now: datetime) -> datetime:
        """The moment as this computer's clock says it: there is no other."""
        return now

    def state(self) -> str:
        """How long the ledger is, which grows with each change."""
        found = stat_path(self._workspace.ledger)
        return str(found.st_size if found else 0)

    def await_change(self, state: str, seconds: float) -> bool:
        """Look at the ledger again and again until it has grown."""
        until = time.monotonic() + seconds
        while self.state() == state:
            if (left := until - time.monotonic()) <= 0:
                return False
            time.sleep(min(left, _EVERY))
        return True

    def find_id(self, text: str) -> str:
        """The id that the text is, or the only one that has it as a part."""
        return cases.find_id(self._workspace.instances, text)

    def list_ids(self, sop: str | None = None) -> Iterator[str]:
        """The ids of all cases, or those of one SOP."""
        return cases.iter_ids(self._workspace.instances, sop)

    def load_instance(self, id: str) -> Instance:
        """The case with this id."""
        return cases.load(self._workspace.instances, id)

    def read_case(self, id: str) -> bytes:
        """The bytes of the file of a case."""
        return cases.read(cases.path_of(self._workspace.instances, id), id)

    def read_cases(self, ids: Iterable[str]) -> Iterator[tuple[str, str, bytes | None]]:
        """Each id with the path of its file and what is in it; the files of a folder are read in one go."""
        for group, some in groupby(ids, _group_of):
            own, folder = list(some), str(self._workspace.instances / group)
            found = disk.read_names(folder, [f"{id}.json" for id in own], limit=case_json.LARGEST)
            for id, data in zip(own, found, strict=True):
                yield id, f"{folder}{os.sep}{id}.json", data

    def list_versions(self, kind: "VersionKind") -> list[str]:
        """The versions that are kept, by the names of their files."""
        names = cases.list_names(self._workspace.data / kind)
        return [name.removesuffix(".yaml") for name in names if name.endswith(".yaml")]

    def read_version(self, kind: "VersionKind", version: str) -> bytes:
        """The text of a pinned SOP or office file, compared with its sha256."""
        path = self._workspace.data / kind / f"{version}.yaml"
        text = disk.read_file(path, limit=case_json.LARGEST)
        if sha256(text).hexdigest() != version:
            raise DamagedError(f"File {path} diubah di luar sopctl; pulihkan dari cadangan.", code="changed")
        return text

    def open_ledger(self) -> "Ledger":
        """The ledger as it is now, with its index."""
        from sopctl.store.files.ledger_index import LedgerIndex  # noqa: PLC0415 — looking needs none of it

        return LedgerIndex(self._workspace)

    def open_index(self, cases: "CaseOpener", on_progress: "OnProgress | None" = None) -> "CaseIndex":
        """The figures of the cases, kept in a cache beside the files."""
        from sopctl.store.files.case_index import FileIndex  # noqa: PLC0415 — many commands need none of it

        return FileIndex(cases, on_progress)

    def read_register(self, year: int | None = None) -> "Iterator[RegisterEntry]":
        """The register of outgoing letters."""
        from sopctl.store.files import register  # noqa: PLC0415 — few commands read it

        return register.read_all_entries(self._workspace.agenda, year)

    def has_number(self, nomor: str, year: int | None) -> bool:
        """Whether a line of a letter has the number."""
        wanted = normalize_number(nomor)
        return any(normalize_number(entry.nomor) == wanted for entry in self.read_register(year))

    def read_sequences(self, case: str | None = None) -> "dict[str, list[RegisterEntry]]":
        """The registers, or their lines about one case, by their sequences, such as `2026/semua.jsonl`."""
        from sopctl.store.files import register  # noqa: PLC0415 — few commands read it

        return register.read_sequences(self._workspace.agenda, case)

    def list_sequences(self) -> list[str]:
        """The sequences that have a file."""
        from sopctl.store.files import register  # noqa: PLC0415 — few commands read it

        return sorted(register.sequence_names(self._workspace.agenda))

    def read_sequence(self, sequence: str) -> bytes:
        """The bytes of its file."""
        from sopctl.store.files import register  # noqa: PLC0415 — few commands read it

        return register.read_sequence(self._workspace.agenda, sequence)

    def open_file(self, path: str) -> BinaryIO:
        """A file of the record, open for reading; a pipe in its place is not waited for."""
        return disk.open_plain_file(self._path_of(path))

    def locate_file(self, path: str) -> Path:
        """Where the file lies."""
        target = self._path_of(path)
        if not disk.is_file(target):
            raise file_paths.no_file_error(path)
        return target

    def list_missing(self, paths: Iterable[str]) -> list[str]:
        """Those of these paths where no file lies; a link is none."""
        return [path for path in paths if not self._has_file(path)]

    def find_wrong_projections(self) -> "list[WrongProjection]":
        """Nothing: what is derived from the files lies in caches, and is compared whenever it is read."""
        return []

    def list_file_parts(self, case: str | None) -> list[str]:
        """The folders of one case; or all, in parts of about a thousand cases each, and what lies beside them."""
        roots = self._workspace.documents, self._workspace.attachments
        if case is None:
            return [str(part) for root in roots for folder in _list(root) for part in _list(folder) or [folder]]
        return [str(root / case_ids.folder_of(case) / case) for root in roots] if case_ids.is_id(case) else []

    def hash_files(self, part: str) -> dict[str, dict[str, str]]:
        """The files of one part, read and hashed."""
        found: dict[str, dict[str, str]] = {}
        begins, last, names = len(str(self._workspace.root)) + 1, "", dict[str, str]()
        for folder, name, data in disk.read_tree(part, limit=file_paths.LARGEST_FILE):
            if folder != last:
                last = folder
                names = found.setdefault(folder[begins:].replace(os.sep, "/"), {})
            names[name] = "" if data is None else sha256(data).hexdigest()
        return found

    @contextmanager
    def repair(self, at: datetime) -> "Iterator[Repair]":
        """Hold the lock; what a dead writer left is not finished, for it may be what is to be mended."""
        from sopctl.store.files.lock import hold_lock  # noqa: PLC0415 — only the doctor needs it
        from sopctl.store.files.repair import FileRepair  # noqa: PLC0415 — the same

        with disk.use_umask(self._umask_now()), hold_lock(self._workspace.lock, self._user()):
            yield FileRepair(self._workspace, at)

    def begin(self) -> "AbstractContextManager[Transaction]":
        """Become the one writer; a transaction that a dead writer left is finished first."""
        from sopctl.store.files.json_transaction import begin_transaction  # noqa: PLC0415 — looking needs none of it

        return begin_transaction(self._workspace, self._umask_now(), self._user(), self._set_commit_state)

    def recover(self) -> bool:
        """Finish or roll back what a dead writer left, unless somebody writes now or nothing can be written."""
        if not self._workspace.has_unfinished_change:
            return False
        from sopctl.store.files.json_transaction import begin_transaction  # noqa: PLC0415 — looking almost never needs it

        with (
            suppress(BusyError),
            begin_transaction(self._workspace, self._umask_now(), self._user(), self._set_commit_state, patience=0),
        ):
            return True
        return False

    def _has_file(self, path: str) -> bool:
        with suppress(NotFoundError, DamagedError):
            return disk.is_file(self._path_of(path))
        return False

    def _path_of(self, path: str) -> Path:
        if not file_paths.is_file_path(path):
            raise file_paths.no_file_error(path)
        return self._workspace.root / path

    def _umask_now(self) -> int:
        return self._workspace.keep_open(self._umask())

    def _set_commit_state(self, state: "CommitState") -> None:
        self.commit_state = state


def _list(folder: Path) -> list[Path]:
    """What lies in a folder; nothing where it cannot be read, or is none."""
    with suppress(SopctlError):
        return [folder / name for name in disk.list_names(folder)]
    return []


def _group_of(id: str) -> str:
    """The folder of a case; of a text that is no id the folder of all."""
    return case_ids.folder_of(id) if case_ids.is_id(id) else ""


@cache
def open_to_look(root: Path) -> JsonStore:
    """The files of a process that only reads them for another one."""
    return JsonStore(Workspace(root))
