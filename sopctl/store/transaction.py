"""A transaction on the record: what it gives and what it says to the ledger is the same in every store.

A store adds how it reads what the record has, and where it puts what is to be written (the methods that are abstract).
"""

from abc import ABC, abstractmethod
from datetime import datetime

from sopctl.engine.instance import Instance
from sopctl.engine.moments import check_clock
from sopctl.errors import DamagedError
from sopctl.store import case_ids, case_json, file_paths, ledger
from sopctl.store.ledger import AccountAct, AccountLine, LedgerLine, NumberLine, OfficeLine, event_lines
from sopctl.store.register import RegisterEntry, note_highest
from sopctl.store.workspace import VersionKind


class Transaction(ABC):
    """A transaction; one writer at a time holds it, and leaving its block without `commit` changes nothing.

    ``agenda`` is where the store keeps the register, such as `data/agenda/`; empty for no folder.
    """

    def __init__(self, agenda: str = "") -> None:
        self._lines: list[LedgerLine] = []
        self._office = ""
        self._opened: dict[str, int] = {}
        self._revisions: dict[str, int] = {}
        self._agenda = agenda
        self._highest: dict[str, int] = {}

    def check_clock(self, now: datetime) -> None:
        """Make sure that the computer's clock can be right; BusyError where it is well behind the last recording."""
        check_clock(now, ledger.recording_moment(self._read_last_line()))

    def new_id(self, sop: str) -> str:
        """The id of the next case of an SOP; several in one transaction differ, and none is ever given twice."""
        self._opened[sop] = (self._opened[sop] if sop in self._opened else self._read_highest_case(sop)) + 1
        return case_ids.new_id(sop, self._opened[sop])

    def load_instance(self, id: str) -> Instance:
        """The case as it is now that nobody else can change it.

        Raises:
            DamagedError: where the ledger knows it otherwise: an older copy of the one or the other was put back.
        """
        found = self._load(id)
        self._revisions.setdefault(id, found.revision)
        return found

    def use_office(self, office: str, text: bytes) -> None:
        """Record that what is saved from now on was allowed by this office file (sha256 and text), which is kept."""
        self._office = office
        self._keep_version("office", office, text)

    def accept_office(self, office: str, at: datetime, by: str, *, holds: bool) -> None:
        """Record that an official accepted an office file (sha256); see `ledger.OfficeLine`."""
        self._lines.append(OfficeLine(previous="", at=at, by=by, office=office, holds=holds))

    def record_account_act(self, act: AccountAct, account: str, at: datetime, by: str) -> None:
        """Record what somebody did with a page account; see `ledger.AccountLine`."""
        self._lines.append(AccountLine(previous="", at=at, by=by, act=act, account=account, office=self._office))

    def save_instance(self, instance: Instance) -> None:
        """Store a case, and add its new events to the ledger.

        Raises:
            UsageError: where it is larger than a case may be (`case_json.LARGEST`).
        """
        self._put_case(instance, case_json.encode_to_save(instance))
        self._lines += event_lines(instance, self._revisions.get(instance.id, 0), self._office)
        self._revisions[instance.id] = instance.revision

    def pin_sop(self, version: str, text: bytes) -> None:
        """Keep the text of an SOP version for the cases that were started with it."""
        self._keep_version("sops", version, text)

    def add_document(self, id: str, name: str, data: bytes, suffix: str = ".docx") -> str:
        """Store a document of a case under a name without suffix; its path as the record names it (`file_paths`)."""
        return self._put_file(file_paths.document_path(id, name, suffix), data)

    def add_attachment(self, id: str, name: str, data: bytes) -> str:
        """Store an attachment of a case; its path as the record names it."""
        return self._put_file(file_paths.attachment_path(id, name), data)

    def add_scan(self, sequence: str, name: str, data: bytes) -> str:
        """Store the scan of an incoming letter of a sequence; its path as the record names it."""
        return self._put_file(file_paths.scan_path(sequence, name), data)

    def next_urut(self, sequence: str) -> int:
        """The next number of a sequence of letters, such as `2026/semua.jsonl`, those of this transaction included."""
        self._highest[sequence] = self._find_highest(sequence) + 1
        return self._highest[sequence]

    def add_entry(self, entry: RegisterEntry, sequence: str) -> None:
        """Add a line to a sequence of the register, and to the ledger."""
        highest = self._find_highest(sequence)
        entry = note_highest(entry, highest)
        self._highest[sequence] = max(highest, entry.urut)
        self._put_entry(entry, sequence)
        self._lines.append(NumberLine(previous="", sequence=sequence, office=self._office, entry=entry))

    def read_file(self, path: str) -> bytes:
        """The bytes of a file by its path in the record, one that this transaction stores included.

        Raises:
            DamagedError: where the record has lost it.
        """
        data = self._find_file(path)
        if data is None:
            raise DamagedError(f"{path} hilang. Pulihkan dari cadangan.", code="missing", advice="verify")
        return data

    @abstractmethod
    def amend_entry(self, entry: RegisterEntry) -> None:
        """Add what became of a letter of a case to the sequence that holds it."""

    @abstractmethod
    def commit(self) -> None:
        """Make the transaction; it lasts when this returns.

        Raises:
            BusyError: where it could not be made, and nothing has changed; with the code `unfinished` where it is made
                or will be, though the store could not say so at once.
        """

    def _find_highest(self, sequence: str) -> int:
        """The highest number, those of this transaction included.

        Raises:
            DamagedError: where register and ledger disagree, for none must be given again.
        """
        if sequence not in self._highest:
            counted, known = self._read_highest(sequence)
            if known != counted:
                raise DamagedError(
                    f"Buku agenda {self._agenda}{sequence} berakhir pada nomor urut {counted}, padahal buku catatan "
                    f"mencatat {known}; tidak ada nomor yang diberikan. Pulihkan dari cadangan, atau dari buku "
                    "catatan.",
                    code="register",
                    advice="mend",
                )
            self._highest[sequence] = counted
        return self._highest[sequence]

    @abstractmethod
    def _read_last_line(self) -> bytes:
        """The last line of the ledger, empty where there is nothing yet that one should hold; else DamagedError."""

    @abstractmethod
    def _read_highest_case(self, sop: str) -> int:
        """The highest number that a case of this SOP ever had."""

    @abstractmethod
    def _read_highest(self, sequence: str) -> tuple[int, int]:
        """The highest number of a sequence of letters by the register, and by the ledger."""

    @abstractmethod
    def _load(self, id: str) -> Instance:
        """The case, which the ledger knows as it is; else DamagedError."""

    @abstractmethod
    def _find_file(self, path: str) -> bytes | None:
        """The bytes of a file, one that this transaction stores included; None where there is none."""

    @abstractmethod
    def _keep_version(self, kind: VersionKind, version: str, text: bytes) -> None:
        """Keep a text by its sha256; almost always it is there already."""

    @abstractmethod
    def _put_case(self, instance: Instance, data: bytes) -> None:
        """Keep a case, of which these are the bytes."""

    @abstractmethod
    def _put_file(self, path: str, data: bytes) -> str:
        """Keep a file; its path."""

    @abstractmethod
    def _put_entry(self, entry: RegisterEntry, sequence: str) -> None:
        """Keep a line of the register, besides in the ledger."""


def disagreement_error(id: str, kept: int, told: int) -> DamagedError:
    """The error where the record keeps ``kept`` events of a case, and the ledger tells of ``told``."""
    if not told:
        return DamagedError(
            f"Buku catatan tidak memuat berkas {id}: berkas itu ditaruh di luar sopctl, atau baris buku catatannya "
            "hilang. Tidak ada yang dicatat. Bandingkan dengan cadangan.",
            code="ahead",
            advice="complete_ledger",
        )
    return DamagedError(
        f"Berkas {id} berakhir pada catatan nomor {kept}, sedangkan menurut buku catatan nomor {told}: salah satunya "
        "diganti dengan salinan lama. Tidak ada yang dicatat. Bandingkan dengan cadangan.",
        code="behind",
        id=id,
    )
