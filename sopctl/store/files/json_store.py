"""The store that keeps everything as files below `data`; writing is in `json_transaction`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from sopctl.engine.instance import Instance
from sopctl.errors import BusyError, DamagedError
from sopctl.store import case_json, disk
from sopctl.store.files import cases
from sopctl.store.workspace import Workspace

if TYPE_CHECKING:
    from sopctl.store.protocol import CommitState, Transaction
    from sopctl.store.register import RegisterEntry


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

    def find_id(self, text: str) -> str:
        """The id that the text is, or the only one that it begins."""
        return cases.find_id(self._workspace.instances, text)

    def list_ids(self, sop: str | None = None) -> Iterator[str]:
        """The ids of all cases, or those of one SOP."""
        return cases.iter_ids(self._workspace.instances, sop)

    def load_instance(self, id: str) -> Instance:
        """The case with this id."""
        return cases.load(self._workspace.instances, id)

    def read_sop_text(self, version: str) -> bytes:
        """The text of a pinned SOP version, compared with its sha256."""
        return _read_pinned(self._workspace.versions, version)

    def read_office_text(self, version: str) -> bytes:
        """The text of a pinned office file, compared with its sha256."""
        return _read_pinned(self._workspace.offices, version)

    def read_event_offices(self, case: str) -> dict[int, str]:
        """The office file (sha256) by which each event of a case was recorded, as the ledger says."""
        from sopctl.store.files.ledger_index import LedgerIndex  # noqa: PLC0415 — looking needs none of it

        return {line.revision: line.office for line in LedgerIndex(self._workspace).event_lines(case)}

    def read_register(self, year: int | None = None) -> "Iterator[RegisterEntry]":
        """The register of outgoing letters."""
        from sopctl.store.files import register  # noqa: PLC0415 — few commands read it

        return register.read_all_entries(self._workspace.agenda, year)

    def read_sequences(self, case: str | None = None) -> "dict[str, list[RegisterEntry]]":
        """The registers, or their lines about one case, by their sequences, such as `2026/semua.jsonl`."""
        from sopctl.store.files import register  # noqa: PLC0415 — few commands read it

        return register.read_sequences(self._workspace.agenda, case)

    @contextmanager
    def begin(self) -> "Iterator[Transaction]":
        """Become the one writer; a transaction that a dead writer left is finished first."""
        from sopctl.store.files.json_transaction import begin_transaction  # noqa: PLC0415 — looking needs none of it

        with begin_transaction(self._workspace, self._umask_now(), self._user(), self._set_commit_state) as transaction:
            yield transaction

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

    def _umask_now(self) -> int:
        return self._workspace.keep_open(self._umask())

    def _set_commit_state(self, state: "CommitState") -> None:
        self.commit_state = state


def _read_pinned(folder: Path, version: str) -> bytes:
    path = folder / f"{version}.yaml"
    text = disk.read_file(path, limit=case_json.LARGEST)
    if sha256(text).hexdigest() != version:
        raise DamagedError(f"File {path} diubah di luar sopctl; pulihkan dari cadangan.", code="changed")
    return text
