"""What everything that reads or writes the record asks of a store: the files, PostgreSQL, or another one.

The record is cases (their events), documents, attachments and scans, the register of letters, the ledger, and the SOP
versions and office files that events name. Nothing reaches it but through these protocols, and what a store cannot do
it says by an error: no answer is ever silently empty. The suite `tests/store/contract` holds every store to it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal, Protocol

from msgspec import Struct

from sopctl.engine.case import Case
from sopctl.engine.instance import Instance
from sopctl.office.model import Office
from sopctl.store.workspace import VersionKind, Workspace
from sopctl.worktime.calendar import Calendar

if TYPE_CHECKING:
    from sopctl.measure.tally import MeasuredTurn, Tally
    from sopctl.office.reading import CaseFacts
    from sopctl.store.ledger import LedgerLine, ReadLine
    from sopctl.store.register import RegisterEntry
    from sopctl.store.transaction import Transaction

OnProgress = Callable[[int, int], None]
"""Is called with how many cases of how many have been read."""

CommitState = Literal["nothing", "perhaps", "yes"]
"""What became of the transactions of a store so far; ``perhaps`` while one is being committed."""

MayRead = Callable[["CaseFacts"], bool]
"""The rule of reading, asked of what it needs to know of a case."""


class Ledger(Protocol):
    """The lines of the ledger as they are when it is first asked.

    ``place`` is where a line stands among the others: later lines have higher ones. A key is one of `ledger.OFFICE`,
    `MENDED`, `ACCOUNT`, or `case_key(id)`.
    """

    @property
    def name(self) -> str:
        """What the ledger is called in a sentence, such as `data/ledger.jsonl`."""

    @property
    def exists(self) -> bool:
        """Whether there is one at all."""

    def read_lines(self) -> "Iterator[ReadLine]":
        """Every line, from the first on."""

    def count_lines(self) -> int:
        """How many lines there are, read without a look at what they say."""

    def read_texts(self, numbers: Iterable[int]) -> dict[int, bytes]:
        """The lines with these numbers (counted from 1) that there are, by their numbers."""

    def last_line(self) -> bytes:
        """The last line, empty where there is none.

        Raises:
            DamagedError: where it is none that another line can follow.
        """

    def find_texts(self, key: str) -> list[tuple[int, bytes]]:
        """The lines with a key as they stand in the ledger, each with its place, oldest first."""

    def find_neighbours(self, texts: Iterable[tuple[int, bytes]]) -> list[tuple[bytes, bytes]]:
        """The lines before and after each of these lines, given with its place; empty where there is none."""


class CaseOpener(Protocol):
    """What an index of cases asks of a record; in another process, to which it is given, it opens the same one."""

    workspace: Workspace

    @property
    def office(self) -> Office:
        """What `sopctl.yaml` says now."""

    @property
    def calendar(self) -> Calendar:
        """The working time of the office."""

    def open_case(self, instance: Instance) -> Case:
        """The case that a stored instance is; DamagedError where its events do not fit its SOP."""


class CaseIndex(Protocol):
    """The figures of all cases as they are now, without reading every case; each group is of at most a thousand.

    ``beginning`` is that of the groups' names, such as `sk-tim/`; empty for all. Whatever is kept for it may be deleted
    at any time: the answers stay the same.
    """

    def read_turns(self, may_read: MayRead | None) -> "tuple[list[MeasuredTurn], tuple[str, ...]]":
        """The turns of the running cases that may be read, and the sentences about cases that cannot be."""

    def read_tallies(self, beginning: str, may_read: MayRead | None) -> "tuple[list[Tally], tuple[str, ...]]":
        """The tallies of the groups, and the sentences about cases that cannot be read."""

    def list_readable(self, beginning: str, may_read: MayRead) -> set[str]:
        """The ids of the cases that may be read."""


class WrongProjection(Struct, frozen=True):
    """Something that a store derives from ledger and cases, and has otherwise than they say; its name in a sentence.

    ``derivable`` says whether `Repair` can derive it anew.
    """

    name: str
    derivable: bool


class Repair(Protocol):
    """Mending the record as its one writer; each change lasts when its method returns.

    A store may let others write between two changes; once they did, it adds no lines to the ledger (BusyError).
    What is replaced is put aside, and the answer says where: a path, or words for it; empty where there was nothing.
    """

    def append_lines(self, lines: "Sequence[LedgerLine]") -> None:
        """Add lines to the ledger, chained to the last one."""

    def cut_broken_end(self) -> tuple[int, str]:
        """Cut off the last lines of the ledger that are not whole, which none can follow; how many, and where to."""

    def replace_case(self, instance: Instance) -> str:
        """Store a case anew as the ledger has it."""

    def derive_projections(self) -> None:
        """Derive anew what the store derives from ledger and cases."""

    def replace_sequence(self, sequence: str, entries: Sequence["RegisterEntry"]) -> str:
        """Store a sequence of the register anew as the ledger has it."""


class Store(Protocol):
    """What the use cases ask of the record of an office, as far as the account may read it (`readable_store`).

    Reading never writes (but to a cache) and never waits for a writer.
    """

    def find_id(self, text: str) -> str:
        """The id that the text is, or the only one that has it as a part; see `case_ids.choose_id`."""

    def list_ids(self, sop: str | None = None) -> Iterator[str]:
        """The ids of all cases, or those of one SOP: by SOP, then in the order in which they were opened."""

    def load_instance(self, id: str) -> Instance:
        """The case with this id.

        Raises:
            NotFoundError: where there is none. DamagedError: where it is not what sopctl wrote.
        """

    def begin(self) -> "AbstractContextManager[Transaction]":
        """Become the one writer; a transaction that a dead writer left is finished first."""


class RecordStore(Store, Protocol):
    """The whole record of one office, whoever asks."""

    @property
    def commit_state(self) -> CommitState:
        """What became of the transactions so far."""

    @property
    def folder(self) -> Path | None:
        """The folder that the record lies in as files; None where it lies in none."""

    def correct_clock(self, now: datetime) -> datetime:
        """The moment that is recorded where this computer's clock says ``now``; a server's own clock counts."""

    def state(self) -> str:
        """A short text that is another one after each change of the record."""

    def await_change(self, state: str, seconds: float) -> bool:
        """Wait until the record is another than in this state; False where so many seconds went by before."""

    def read_case(self, id: str) -> bytes:
        """The bytes that the store keeps of a case, such as `case_json.encode` makes them.

        Raises:
            NotFoundError: where there is none. DamagedError: where something else is in its place.
        """

    def read_cases(self, ids: Iterable[str]) -> Iterator[tuple[str, str, bytes | None]]:
        """Each id with what its case is called in a sentence, and its bytes; None where `read_case` must be asked."""

    def read_version(self, kind: VersionKind, version: str) -> bytes:
        """The text of an SOP that a case was started with, or of an office file, compared with its sha256.

        Raises:
            NotFoundError: where it is not kept. DamagedError: where it was altered.
        """

    def read_register(self, year: int | None = None) -> "Iterator[RegisterEntry]":
        """The register of outgoing letters."""

    def has_number(self, nomor: str, year: int | None) -> bool:
        """Whether an outgoing letter, of one year or of any, bears a number (`letter_numbers.normalize_number`)."""

    def read_sequences(self, case: str | None = None) -> "dict[str, list[RegisterEntry]]":
        """The registers, or their lines about one case, by their sequences, such as `2026/semua.jsonl`."""

    def list_sequences(self) -> list[str]:
        """The names of the sequences of both registers, such as `2026/semua.jsonl`."""

    def read_sequence(self, sequence: str) -> bytes:
        """The lines that the store keeps of a sequence, such as `register.encode_entry` makes them.

        Empty where there is no such sequence.

        Raises:
            DamagedError: where something else is in its place.
        """

    def list_versions(self, kind: VersionKind) -> list[str]:
        """The versions (sha256) of SOPs or office files that are kept."""

    def open_ledger(self) -> Ledger:
        """The ledger as it is now."""

    def open_index(self, cases: CaseOpener, on_progress: OnProgress | None = None) -> CaseIndex:
        """The figures of the cases, which ``cases`` opens, not bound by the rule of reading."""

    def open_file(self, path: str) -> BinaryIO:
        """A document, attachment or scan by its path in the record, open for reading from its beginning.

        Raises:
            NotFoundError: where it is not there. DamagedError: where something else than a file is.
        """

    def locate_file(self, path: str) -> Path:
        """Where other programs of this computer find such a file; a copy where the record lies in no folder.

        Raises:
            NotFoundError: where it is not there.
        """

    def list_missing(self, paths: Iterable[str]) -> list[str]:
        """Those of these paths at which the record has no file."""

    def find_wrong_projections(self) -> list[WrongProjection]:
        """What the store derives from ledger and cases to answer quickly, where it is otherwise than they say.

        Nothing where all of it is compared whenever it is read.
        """

    def list_file_parts(self, case: str | None) -> list[str]:
        """Names of parts of all files, or of those of one case, which can be hashed by several processes."""

    def hash_files(self, part: str) -> dict[str, dict[str, str]]:
        """The sha256 of the files of a part by folder and name; empty of what is to be looked at by itself."""

    def recover(self) -> bool:
        """Finish the transaction that a dead writer left, or roll it back; whether there was one and it could be done.

        Raises:
            DamagedError: where what it left is not what was written.
        """

    def repair(self, at: datetime) -> AbstractContextManager[Repair]:
        """Become the one writer to mend the record at a moment, which the name of what is put aside bears."""
