"""Writing to the store of files: one writer at a time, and each transaction all or nothing."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sopctl.engine.instance import Instance
from sopctl.errors import DamagedError
from sopctl.store import case_json, disk, file_paths, ledger
from sopctl.store.files import cases, journal, register
from sopctl.store.files.ledger_index import LedgerIndex
from sopctl.store.files.lock import PATIENCE, Lock, hold_lock
from sopctl.store.ledger import EventLine
from sopctl.store.protocol import CommitState
from sopctl.store.register import RegisterEntry, encode_entry, find_sequence
from sopctl.store.transaction import Transaction, disagreement_error
from sopctl.store.workspace import VersionKind, Workspace


@contextmanager
def begin_transaction(
    workspace: Workspace, umask: int, who: str, on_commit: Callable[[CommitState], None], patience: float = PATIENCE
) -> Iterator["JsonTransaction"]:
    """Hold the lock; a transaction that a dead writer left is finished first. Files are made with this ``umask``.

    ``who`` is named to those who wait for the lock; ``on_commit`` is called with what becomes of the transaction.
    """
    with disk.use_umask(umask), hold_lock(workspace.lock, who, patience) as lock:
        journal.recover(workspace.data)
        yield JsonTransaction(workspace, umask, lock, on_commit)


class JsonTransaction(Transaction):
    """One transaction on the files."""

    def __init__(self, workspace: Workspace, umask: int, lock: Lock, on_commit: Callable[[CommitState], None]) -> None:
        super().__init__("data/agenda/")
        self._workspace = workspace
        self._umask = umask
        self._lock = lock
        self._on_commit = on_commit
        self._files = journal.FileTransaction(workspace.data)
        self._saved: dict[str, tuple[bytes, Instance]] = {}
        self._index = LedgerIndex(workspace)

    def amend_entry(self, entry: RegisterEntry) -> None:
        """Add what became of a letter of a case to the sequence that holds it."""
        sequences = register.read_sequences(self._workspace.agenda, entry.id)
        self.add_entry(entry, find_sequence(sequences, entry, "folder data"))

    def commit(self) -> None:
        """Make the transaction, its lines in the ledger included; it is on the disk when this returns."""
        ledger_file = self._workspace.ledger
        if self._lines:
            before = self._read_last_line()
            if not before:
                disk.restrict_folder(self._workspace.data, self._umask)
            lines = ledger.encode_chain(self._lines, ledger.hash_line(before) if before else "")
            self._files.append_line(ledger_file, lines)
        self._lock.check()
        self._on_commit("perhaps")
        self._files.commit()
        self._on_commit("yes")
        for id, saved in self._saved.items():
            case_json.recent.put(id, saved)

    def _read_highest_case(self, sop: str) -> int:
        return max(cases.next_number(self._workspace.instances, sop) - 1, self._index.highest_case_number(sop))

    def _load(self, id: str) -> Instance:
        found = cases.load(self._workspace.instances, id)
        if id not in self._revisions:
            self._check_ledger_agrees(found)
        return found

    def _find_file(self, path: str) -> bytes | None:
        target = self._workspace.root / path
        data = self._files.staged_bytes(target)
        if data is None and file_paths.is_file_path(path):
            data = disk.read_file_if_there(target, limit=case_json.LARGEST * 4)
        return data

    def _keep_version(self, kind: VersionKind, version: str, text: bytes) -> None:
        path = f"{self._workspace.data}{os.sep}{kind}{os.sep}{version}.yaml"
        if not disk.exists(path):
            self._files.put_file(Path(path), text)

    def _put_case(self, instance: Instance, data: bytes) -> None:
        self._saved[instance.id] = data, instance
        self._files.put_file(cases.path_of(self._workspace.instances, instance.id), data)

    def _put_file(self, path: str, data: bytes) -> str:
        self._files.put_file(self._workspace.root / path, data)
        return path

    def _put_entry(self, entry: RegisterEntry, sequence: str) -> None:
        self._files.append_line(self._workspace.agenda / sequence, encode_entry(entry))

    def _read_last_line(self) -> bytes:
        """The last line of the ledger, empty where there is nothing yet that one should hold."""
        workspace, last = self._workspace, self._index.last_line()
        if not last and (
            next(cases.iter_ids(workspace.instances), None) or any(register.sequence_names(workspace.agenda))
        ):
            raise DamagedError(
                f"Buku catatan {workspace.ledger} hilang atau kosong, padahal sudah ada berkas; tidak ada yang "
                "dicatat. Pulihkan dari cadangan; bila tidak ada, buku itu dapat disusun kembali dari berkas yang ada.",
                code="ledger",
                advice="rebuild_ledger",
            )
        return last

    def _check_ledger_agrees(self, found: Instance) -> None:
        if _are_head(self._index.latest_event_lines(found.id), found):
            return
        self._index.make_anew()
        latest = self._index.latest_event_lines(found.id)
        if _are_head(latest, found):
            return
        if latest and latest[0].revision == found.revision:
            raise DamagedError(
                f"Berkas {found.id} diubah di luar sopctl: berbeda dari buku catatan. {case_json.REMEDY}",
                code="changed",
                advice="rebuild",
            )
        raise disagreement_error(found.id, found.revision, latest[0].revision if latest else 0)

    def _read_highest(self, sequence: str) -> tuple[int, int]:
        """The highest number of a sequence by its file and by the ledger, whose index is not trusted against it."""
        counted = register.next_urut(self._workspace.agenda / sequence) - 1
        if (known := self._index.highest_letter_number(sequence)) != counted:
            self._index.make_anew()
            known = self._index.highest_letter_number(sequence)
        return counted, known


def _are_head(latest: Sequence[EventLine], found: Instance) -> bool:
    """Whether the newest lines of a case, of which there is one, tell of its newest event."""
    return {line.head for line in latest} == {found.head}
