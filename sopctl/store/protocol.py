"""What the use cases ask of a store, so that another one (a database, say) can stand in for the files."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol

from sopctl.engine.instance import Instance
from sopctl.store.ledger import AccountAct

if TYPE_CHECKING:
    from sopctl.store.register import RegisterEntry


class Transaction(Protocol):
    """A transaction; one writer at a time holds it, and leaving the block without `commit` changes nothing."""

    def check_clock(self, now: datetime) -> None:
        """Make sure that the computer's clock can be right; BusyError where it is well behind the last recording."""

    def new_id(self, sop: str) -> str:
        """The id of the next case of an SOP; several in one transaction differ."""

    def load_instance(self, id: str) -> Instance:
        """The case as it is now that nobody else can change it."""

    def use_office(self, office: str, text: bytes) -> None:
        """Record that what is saved from now on was allowed by this office file (sha256 and text), which is kept."""

    def accept_office(self, office: str, at: datetime, by: str, *, holds: bool) -> None:
        """Record that an official accepted an office file (sha256); see `ledger.OfficeLine`."""

    def record_account_act(self, act: AccountAct, account: str, at: datetime, by: str) -> None:
        """Record what somebody did with a page account; see `ledger.AccountLine`."""

    def save_instance(self, instance: Instance) -> None:
        """Store a case."""

    def pin_sop(self, version: str, text: bytes) -> None:
        """Keep the text of an SOP version for the cases that were started with it."""

    def add_document(self, id: str, name: str, data: bytes, suffix: str = ".docx") -> str:
        """Store a document of a case under a name without suffix; its path as the record names it.

        Signs that a file name cannot have are replaced, and a long name is cut off at its end.
        """

    def add_attachment(self, id: str, name: str, data: bytes) -> str:
        """Store an attachment of a case; its path as the record names it."""

    def add_scan(self, sequence: str, name: str, data: bytes) -> str:
        """Store the scan of an incoming letter of a sequence; its path as the record names it."""

    def next_urut(self, sequence: str) -> int:
        """The next number of a sequence of letters, such as `2026/semua.jsonl`."""

    def add_entry(self, entry: "RegisterEntry", sequence: str) -> None:
        """Add a line to a sequence of the register."""

    def amend_entry(self, entry: "RegisterEntry") -> None:
        """Add what became of a letter of a case to the sequence that holds it."""

    def read_file(self, path: str) -> bytes:
        """The bytes of a file by its path in the record, one that this transaction stores included."""

    def commit(self) -> None:
        """Make the transaction; it lasts when this returns."""


CommitState = Literal["nothing", "perhaps", "yes"]
"""What became of the transactions of a store so far; ``perhaps`` while one is being committed."""


class Store(Protocol):
    """The record of one office. Reading never writes and never waits for a writer."""

    @property
    def commit_state(self) -> CommitState:
        """What became of the transactions so far."""

    def find_id(self, text: str) -> str:
        """The id that the text is, or the only one that it begins."""

    def list_ids(self, sop: str | None = None) -> Iterator[str]:
        """The ids of all cases, or those of one SOP."""

    def load_instance(self, id: str) -> Instance:
        """The case with this id."""

    def read_sop_text(self, version: str) -> bytes:
        """The text of an SOP version that a case was started with."""

    def read_office_text(self, version: str) -> bytes:
        """The text of an office file by which events were allowed."""

    def read_event_offices(self, case: str) -> dict[int, str]:
        """The office file (sha256) by which each event of a case was recorded, by its number; empty where unknown."""

    def read_register(self, year: int | None = None) -> "Iterator[RegisterEntry]":
        """The register of outgoing letters."""

    def read_sequences(self, case: str | None = None) -> "dict[str, list[RegisterEntry]]":
        """The registers, or their lines about one case, by their sequences, such as `2026/semua.jsonl`."""

    def recover(self) -> bool:
        """Finish the transaction that a dead writer left, or roll it back; whether there was one and it could be done.

        Raises:
            DamagedError: where what it left is not what was written.
        """

    def begin(self) -> AbstractContextManager[Transaction]:
        """Become the one writer; a transaction that a dead writer left is finished first."""
