"""Writing to the store of files: one writer at a time, and each transaction all or nothing."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sopctl.engine.instance import Instance
from sopctl.engine.moments import check_clock
from sopctl.errors import DamagedError
from sopctl.store import case_ids, case_json, disk, file_paths, ledger
from sopctl.store.files import cases, journal, register
from sopctl.store.files.ledger_index import LedgerIndex
from sopctl.store.files.lock import PATIENCE, Lock, hold_lock
from sopctl.store.ledger import AccountAct, AccountLine, EventLine, LedgerLine, NumberLine, OfficeLine, event_lines
from sopctl.store.protocol import CommitState
from sopctl.store.register import RegisterEntry, SequenceNumbers, encode_entry, find_sequence
from sopctl.store.workspace import Workspace


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


class JsonTransaction:
    """One transaction on the files; see `protocol.Transaction`."""

    def __init__(self, workspace: Workspace, umask: int, lock: Lock, on_commit: Callable[[CommitState], None]) -> None:
        self._workspace = workspace
        self._umask = umask
        self._lock = lock
        self._on_commit = on_commit
        self._files = journal.FileTransaction(workspace.data)
        self._opened: dict[str, int] = {}
        self._numbers = SequenceNumbers(self._read_highest, "data/agenda/")
        self._revisions: dict[str, int] = {}
        self._saved: dict[str, tuple[bytes, Instance]] = {}
        self._lines: list[LedgerLine] = []
        self._office = ""
        self._index = LedgerIndex(workspace)

    def check_clock(self, now: datetime) -> None:
        """Make sure that the computer's clock can be right, compared with the last line of the ledger."""
        check_clock(now, ledger.recording_moment(self._last_line()))

    def new_id(self, sop: str) -> str:
        """The id of the next case of an SOP; several in one transaction differ, and no id is ever given twice."""
        if sop not in self._opened:
            known = self._index.highest_case_number(sop)
            self._opened[sop] = max(cases.next_number(self._workspace.instances, sop) - 1, known)
        self._opened[sop] += 1
        return case_ids.new_id(sop, self._opened[sop])

    def load_instance(self, id: str) -> Instance:
        """The case as it is now that nobody else can change it.

        Raises:
            DamagedError: where the ledger knows it otherwise: an older copy of the one or the other was put back.
        """
        found = cases.load(self._workspace.instances, id)
        if id not in self._revisions:
            self._check_ledger_agrees(found)
        self._revisions.setdefault(id, found.revision)
        return found

    def use_office(self, office: str, text: bytes) -> None:
        """Record that what is saved from now on was allowed by this office file, and keep its text."""
        self._office = office
        self._put_if_missing(self._workspace.offices, office, text)

    def accept_office(self, office: str, at: datetime, by: str, *, holds: bool) -> None:
        """Record that an official accepted an office file."""
        self._lines.append(OfficeLine(previous="", at=at, by=by, office=office, holds=holds))

    def record_account_act(self, act: AccountAct, account: str, at: datetime, by: str) -> None:
        """Record what somebody did with a page account."""
        line = AccountLine(previous="", at=at, by=by, act=act, account=account, office=self._office)
        self._lines.append(line)

    def save_instance(self, instance: Instance) -> None:
        """Store a case, and add its new events to the ledger."""
        data = case_json.encode_to_save(instance)
        known = self._revisions.get(instance.id, 0)
        self._lines += event_lines(instance, known, self._office)
        self._revisions[instance.id] = instance.revision
        self._saved[instance.id] = data, instance
        self._files.put_file(cases.path_of(self._workspace.instances, instance.id), data)

    def pin_sop(self, version: str, text: bytes) -> None:
        """Keep the text of an SOP version; it is the same for every case of that version."""
        self._put_if_missing(self._workspace.versions, version, text)

    def add_document(self, id: str, name: str, data: bytes, suffix: str = ".docx") -> str:
        """Store a document of a case under a name without suffix; its path as the record names it."""
        path = file_paths.document_path(id, name, suffix)
        self._files.put_file(self._workspace.root / path, data)
        return path

    def add_attachment(self, id: str, name: str, data: bytes) -> str:
        """Store an attachment of a case; its path as the record names it."""
        path = file_paths.attachment_path(id, name)
        self._files.put_file(self._workspace.root / path, data)
        return path

    def add_scan(self, sequence: str, name: str, data: bytes) -> str:
        """Store the scan of an incoming letter of a sequence; its path as the record names it."""
        path = file_paths.scan_path(sequence, name)
        self._files.put_file(self._workspace.root / path, data)
        return path

    def next_urut(self, sequence: str) -> int:
        """The next number of a sequence of letters, those of this transaction included."""
        return self._numbers.give_next(sequence)

    def add_entry(self, entry: RegisterEntry, sequence: str) -> None:
        """Add a line to a sequence of the register."""
        entry = self._numbers.add_entry(entry, sequence)
        self._files.append_line(self._workspace.agenda / sequence, encode_entry(entry))
        self._lines.append(NumberLine(previous="", sequence=sequence, office=self._office, entry=entry))

    def amend_entry(self, entry: RegisterEntry) -> None:
        """Add what became of a letter of a case to the sequence that holds it."""
        sequences = register.read_sequences(self._workspace.agenda, entry.id)
        self.add_entry(entry, find_sequence(sequences, entry, "folder data"))

    def read_file(self, path: str) -> bytes:
        """The bytes of a file by its path in the record, one that this transaction stores included.

        Raises:
            DamagedError: where the record has lost it.
        """
        target = self._workspace.root / path
        data = self._files.staged_bytes(target)
        if data is None and file_paths.is_file_path(path):
            data = disk.read_file_if_there(target, limit=case_json.LARGEST * 4)
        if data is None:
            raise DamagedError(f"{path} hilang. Pulihkan dari cadangan.", code="missing", advice="verify")
        return data

    def commit(self) -> None:
        """Make the transaction, its lines in the ledger included; it is on the disk when this returns."""
        ledger_file = self._workspace.ledger
        if self._lines:
            before = self._last_line()
            if not before:
                disk.restrict_folder(self._workspace.data, self._umask)
            lines = ledger.encode_chain(self._lines, ledger.hash_line(before) if before else "")
            self._files.append_line(ledger_file, lines)
        self._lock.check()
        self._on_commit("perhaps")
        self._files.commit()
        self._on_commit("yes")
        for id, saved in self._saved.items():
            cases.recent.put(id, saved)

    def _put_if_missing(self, folder: Path, version: str, text: bytes) -> None:
        """Store a text by its sha256; almost always it is there already."""
        if not disk.exists(f"{folder}{os.sep}{version}.yaml"):
            self._files.put_file(folder / f"{version}.yaml", text)

    def _last_line(self) -> bytes:
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
        latest = self._index.latest_event_lines(found.id)
        if _are_head(latest, found):
            return
        self._index.make_anew()
        latest = self._index.latest_event_lines(found.id)
        if _are_head(latest, found):
            return
        if not latest:
            raise DamagedError(
                f"Buku catatan tidak memuat berkas {found.id}: berkas itu ditaruh di luar sopctl, atau baris buku "
                "catatannya hilang. Tidak ada yang dicatat. Bandingkan dengan cadangan.",
                code="ahead",
                advice="complete_ledger",
            )
        if latest[0].revision == found.revision:
            raise DamagedError(
                f"Berkas {found.id} diubah di luar sopctl: berbeda dari buku catatan. {case_json.REMEDY}",
                code="changed",
                advice="rebuild",
            )
        raise DamagedError(
            f"Berkas {found.id} berakhir pada catatan nomor {found.revision}, sedangkan menurut buku catatan nomor "
            f"{latest[0].revision}: salah satunya diganti dengan salinan lama. Tidak ada yang dicatat. Bandingkan "
            "dengan cadangan.",
            code="behind",
            id=found.id,
        )

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
