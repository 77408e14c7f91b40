"""The record in a database of PostgreSQL; see `protocol.RecordStore`.

A question is one short read-only transaction, and within a transaction of the same thread a part of that. What is long
is read a portion at a time.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cache
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from sopctl.engine.instance import Instance
from sopctl.errors import BusyError, DamagedError, NotFoundError
from sopctl.store import case_ids
from sopctl.store.postgres import cases, contents, register
from sopctl.store.postgres.cases import CaseRow
from sopctl.store.postgres.connections import Rows, Statement, read_portions, shared_connections
from sopctl.store.postgres.ledger import LINES, PostgresLedger
from sopctl.store.workspace import Workspace

if TYPE_CHECKING:
    from sopctl.store.postgres.case_index import PostgresIndex
    from sopctl.store.postgres.repair import PostgresRepair
    from sopctl.store.postgres.transaction import PostgresTransaction
    from sopctl.store.protocol import CaseOpener, CommitState, OnProgress, WrongProjection
    from sopctl.store.register import RegisterEntry
    from sopctl.store.workspace import VersionKind

_CASES = 200
"""Cases that are read at a time."""

_IDS = 10_000
"""Ids that are read at a time."""

_SHOWN = 6
"""Ids of which a sentence shows some; one more than these."""

_LIST_IDS = (
    "SELECT sop, number, id FROM sopctl.cases WHERE office = %(office)s AND (sop, number) > (%(sop)s, %(number)s)"
    " AND sop <= %(last)s ORDER BY sop, number LIMIT %(portion)s"
)
_FIND_IDS = (
    "SELECT id FROM sopctl.cases WHERE office = %(office)s AND strpos(id, %(part)s) > 0"
    " ORDER BY right(id, length(%(part)s) + 1) = '-' || %(part)s DESC, sop, number LIMIT %(most)s"
)
_NEAR_IDS = "SELECT id FROM sopctl.cases WHERE office = %(office)s ORDER BY sop, number LIMIT 10000"
_VERSIONS = "SELECT version FROM sopctl.versions WHERE office = %(office)s AND kind = %(kind)s ORDER BY version"
_VERSION = "SELECT text FROM sopctl.versions WHERE office = %(office)s AND kind = %(kind)s AND version = %(version)s"

_END = "\U0010ffff"


class PostgresStore:
    """The record of one office in the database of a service; ``office`` is empty for the only one of the role."""

    def __init__(self, workspace: Workspace, service: str, office: str = "", *, takes_closed: bool = False) -> None:
        self._workspace = workspace
        self._place = workspace.root, service, office, takes_closed
        self._connections = shared_connections(service, office, takes_closed=takes_closed)
        self._transaction: PostgresTransaction | None = None
        self._texts: dict[tuple[VersionKind, str], bytes] = {}
        self._expected = ""
        self.commit_state: CommitState = "nothing"
        workspace.cache.make_data()

    def __reduce__(self) -> "tuple[Callable[[Path, str, str, bool], PostgresStore], tuple[Path, str, str, bool]]":
        return open_to_look, self._place

    @property
    def folder(self) -> None:
        """The record lies in no folder."""
        return

    def ask(self, *statements: Statement) -> list[Rows]:
        """The rows of these statements, in the transaction that this thread holds, else in one of their own."""
        transaction = self._transaction
        if transaction is not None and transaction.writer.is_own:
            return transaction.writer.ask(*statements)
        return self._connections.read(*statements)

    def write(self, *statements: Statement) -> None:
        """Make a transaction of these statements, which may be made twice: they keep what anybody can work out."""
        self._connections.read(*statements)

    def correct_clock(self, now: datetime) -> datetime:
        """The moment by the server's clock; by this computer's where the server cannot be asked."""
        if not self._connections.has_asked_clock:
            with suppress(BusyError):
                self.ask()
        return now + self._connections.clock_offset

    def state(self) -> str:
        """How many lines the ledger has."""
        (rows,) = self.ask(LINES)
        return str(rows[0][0] if rows else 0)

    def await_change(self, state: str, seconds: float) -> bool:
        """Look at the ledger again and again until it has grown; at once where the server tells of it."""
        from sopctl.store.postgres.waiting import listen  # noqa: PLC0415 — few commands wait

        until = time.monotonic() + seconds
        with listen(self._connections) as wait:
            while self.state() == state:
                if (left := until - time.monotonic()) <= 0:
                    return False
                wait(left)
        return True

    def find_id(self, text: str) -> str:
        """The id that the text is, or the only one that has it as a part."""
        wanted = text.strip().lower()
        if case_ids.is_id(wanted) and self._read_row(wanted):
            return wanted
        if not wanted:
            return case_ids.choose_id((), text)
        (rows,) = self.ask((_FIND_IDS, {"part": wanted, "most": _SHOWN}))
        if not rows:
            (rows,) = self.ask((_NEAR_IDS, {}))
        return case_ids.choose_id([id for (id,) in rows], text)

    def list_ids(self, sop: str | None = None) -> Iterator[str]:
        """The ids of all cases, or those of one SOP."""
        rows = read_portions(self.ask, _LIST_IDS, {"sop": sop or "", "number": 0}, _IDS, last=sop or _END)
        return (id for _, _, id in rows)

    def load_instance(self, id: str) -> Instance:
        """The case with this id."""
        return self._find_row(id).decode()

    def read_case(self, id: str) -> bytes:
        """The bytes of a case, put together."""
        return self._find_row(id).formatted

    def read_cases(self, ids: Iterable[str]) -> Iterator[tuple[str, str, bytes | None]]:
        """Each id with what its case is called, and its bytes; None where there is none."""
        left = iter(ids)
        while some := [*islice(left, _CASES)]:
            (rows,) = self.ask((cases.BY_IDS, {"ids": [*filter(case_ids.is_id, some)]}))
            found = {row.id: row.formatted for row in cases.read_rows(rows)}
            for id in some:
                yield id, cases.name_case(id), found.get(id)

    def list_versions(self, kind: "VersionKind") -> list[str]:
        """The versions that are kept."""
        transaction = self._transaction
        if kind == "office" and transaction is not None and transaction.writer.is_own:
            return transaction.writer.office_versions
        (rows,) = self.ask((_VERSIONS, {"kind": kind}))
        return [version for (version,) in rows]

    def read_version(self, kind: "VersionKind", version: str) -> bytes:
        """The text of a pinned SOP or office file; that of the SOP of a case came with it."""
        text = self._texts.get((kind, version))
        if text is None:
            (rows,) = self.ask((_VERSION, {"kind": kind, "version": version}))
            if not rows:
                raise NotFoundError(f"Versi {version} tidak ada dalam basis data.", code="file")
            text = bytes(rows[0][0])
        if sha256(text).hexdigest() != version:
            raise DamagedError(
                f"Versi {version} dalam basis data diubah di luar sopctl; pulihkan dari cadangan.", code="changed"
            )
        return text

    def open_ledger(self) -> PostgresLedger:
        """The ledger as it is now."""
        return PostgresLedger(self.ask)

    def open_index(self, cases: "CaseOpener", on_progress: "OnProgress | None" = None) -> "PostgresIndex":
        """The figures of the cases."""
        from sopctl.store.postgres.case_index import PostgresIndex  # noqa: PLC0415 — a move needs none

        return PostgresIndex(cases, self.ask, self.write, on_progress)

    def read_register(self, year: int | None = None) -> "Iterator[RegisterEntry]":
        """The register of outgoing letters."""
        return register.read_outgoing(self.ask, year)

    def has_number(self, nomor: str, year: int | None) -> bool:
        """Whether a line of a letter has the number."""
        return register.has_number(self.ask, nomor, year)

    def read_sequences(self, case: str | None = None) -> "dict[str, list[RegisterEntry]]":
        """The registers, or their lines about one case, by their sequences."""
        return register.read_sequences(self.ask, case)

    def list_sequences(self) -> list[str]:
        """The names of the sequences."""
        return register.list_names(self.ask)

    def read_sequence(self, sequence: str) -> bytes:
        """The lines of a sequence, as a file has them."""
        return register.read_sequence(self.ask, sequence)

    def open_file(self, path: str) -> BinaryIO:
        """A file of the record, open for reading."""
        return contents.open_spooled(self.ask, path)

    def locate_file(self, path: str) -> Path:
        """A copy of the file."""
        return contents.copy_file(self.ask, self._workspace.cache, path)

    def list_missing(self, paths: Iterable[str]) -> list[str]:
        """Those of these paths that no file has."""
        return contents.list_missing(self.ask, [*paths])

    def find_wrong_projections(self) -> "list[WrongProjection]":
        """What is derived from ledger and cases, where it is otherwise than they say."""
        from sopctl.store.postgres.projections import find_wrong_projections  # noqa: PLC0415 — only an audit asks

        return self._connections.look(find_wrong_projections)

    def list_file_parts(self, case: str | None) -> list[str]:
        """The folders below which files may be."""
        return contents.list_parts(self.ask, case)

    def hash_files(self, part: str) -> dict[str, dict[str, str]]:
        """The files below a folder, hashed."""
        return contents.hash_part(self.ask, part)

    def recover(self) -> bool:
        """Nothing: the server itself finishes or rolls back what a dead writer left."""
        return False

    @contextmanager
    def begin(self) -> "Iterator[PostgresTransaction]":
        """Become the one writer."""
        from sopctl.store.postgres.transaction import PostgresTransaction  # noqa: PLC0415 — looking needs none of it

        transaction = PostgresTransaction(self._connections, self._set_commit_state, self._expected)
        self._transaction = transaction
        try:
            yield transaction
        finally:
            self._transaction = None
            transaction.writer.close()

    @contextmanager
    def repair(self, at: datetime) -> "Iterator[PostgresRepair]":  # noqa: ARG002 — the table says when itself
        """Become the one writer to mend the record."""
        from sopctl.store.postgres.repair import PostgresRepair  # noqa: PLC0415 — only the doctor needs it

        repair = PostgresRepair(self._connections)
        try:
            yield repair
        finally:
            repair.writer.close()

    def _find_row(self, id: str) -> CaseRow:
        if (row := self._read_row(id)) is None:
            raise case_ids.no_case(id)
        return row

    def _read_row(self, id: str) -> CaseRow | None:
        """What is kept of a case, with the text of its SOP version, which is asked for next."""
        (rows,) = self.ask((cases.BY_ID, {"id": id}))
        for *_, version, text in rows:
            if version is not None:
                self._texts["sops", version] = text
        self._expected = id
        return next(iter(cases.read_rows(rows)), None)

    def _set_commit_state(self, state: "CommitState") -> None:
        self.commit_state = state


@cache
def open_to_look(root: Path, service: str, office: str, takes_closed: bool) -> PostgresStore:  # noqa: FBT001 — pickled
    """The database of a process that only reads it for another one."""
    return PostgresStore(Workspace(root), service, office, takes_closed=takes_closed)
