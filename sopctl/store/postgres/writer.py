"""The one writer of an office: holds the row of the office in a transaction, and commits what it is given in one go.

Where nobody can say whether a COMMIT was made (the connection broke), the ledger is asked. What was sent is sent again
only where nothing has happened since the transaction began: never is anything recorded twice.
"""

import os
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import psycopg
from psycopg.pq import TransactionStatus

from sopctl.errors import BusyError, SopctlError
from sopctl.store import ledger
from sopctl.store.postgres.connections import (
    BEGIN,
    COMMIT,
    LIMITS,
    PATIENCE,
    Connections,
    RecordConnection,
    Rows,
    Statement,
    run,
)
from sopctl.store.postgres.errors import REPEATABLE, is_lost, translate
from sopctl.store.postgres.ledger import LedgerEnd, broken_end_error
from sopctl.store.protocol import CommitState

_ENTER: Statement = ("SELECT * FROM sopctl.enter_to_write(%(office)s, %(patience)s)", LIMITS)
_LINE = "SELECT text FROM sopctl.ledger WHERE office = %(office)s AND line = %(line)s"
_ROLLBACK: Statement = ("ROLLBACK", {})
_NOTIFY = "SELECT set_config('synchronous_commit', 'off', true), pg_notify(%(channel)s, '')"
"""Wakes who waits for a change; after the COMMIT, for with it every commit of the server would wait for every other."""


class Writer:
    """The writer, from the beginning of its transaction on; ``also`` are statements whose rows it begins with."""

    def __init__(
        self,
        connections: Connections,
        also: Sequence[Statement] = (),
        on_commit: Callable[[CommitState], None] = lambda _state: None,
    ) -> None:
        self._connections = connections
        self._on_commit = on_commit
        self._owner = os.getpid(), threading.get_ident()
        self._is_open = True
        self.beginning = self._begin(also)

    @property
    def is_own(self) -> bool:
        """Whether this thread asks in its transaction."""
        return self._is_open and self._owner == (os.getpid(), threading.get_ident())

    def check_last_line(self) -> bytes:
        """The last line of the ledger, empty where there is none.

        Raises:
            DamagedError: where it is none that another line can follow.
        """
        number, text = self._last
        last = (text or "").encode()
        whole = number is None or (ledger.hash_line(last) == self.end.head and ledger.is_whole(last))
        if not whole or (number or 0) != self.end.lines:
            raise broken_end_error()
        return last

    def ask(self, *statements: Statement) -> list[Rows]:
        """The rows of these statements, as they are now that nobody else can change them."""
        try:
            return run(self._connection, statements)
        except psycopg.Error as error:
            if not is_lost(error):
                raise translate(error) from None
        self._connection.close()
        before = self.end
        rows = self._begin(statements)
        self._check_unchanged(before)
        return rows

    def commit(self, statements: Sequence[Statement], line: int = 0, text: bytes = b"") -> None:
        """Make these changes; the ``text`` of this ``line`` of the ledger, which they add, tells whether they are made.

        Raises:
            BusyError, DamagedError: where they could not be made; with the code `unfinished` where nobody can say.
        """
        until = time.monotonic() + PATIENCE
        self._on_commit("perhaps")
        while (error := self._send(statements)) is not None:
            repeatable = is_lost(error) or error.sqlstate in REPEATABLE
            unknown = self._connection.info.transaction_status != TransactionStatus.INERROR
            if (repeatable or unknown) and self._is_made(line, text, unknown=unknown):
                break
            if not repeatable or time.monotonic() > until:
                self._on_commit("nothing")
                raise translate(error) from None
        self._on_commit("yes")
        self.close()

    def close(self) -> None:
        """Let others write; what was not committed is not made. A connection on which something failed is not kept."""
        if self._is_open:
            self._is_open = False
            if not self._connection.closed and self._connection.info.transaction_status == TransactionStatus.INTRANS:
                with suppress(psycopg.Error):
                    run(self._connection, (_ROLLBACK,))
            self._connections.give_back(self._connection)

    def _begin(self, also: Sequence[Statement]) -> list[Rows]:
        """Lock the row of the office; the rows of the other statements."""

        def open_transaction(connection: RecordConnection) -> list[Rows]:
            return self._connections.open_transaction(connection, *also, enter=_ENTER, begin=(BEGIN,))

        self._connection, ((entered,), *rows) = self._connections.attempt(open_transaction)
        *_, lines, head, named_office, self._channel, number, text, lost, versions = entered
        self.end, self._last = LedgerEnd(lines, head, named_office), (number, text)
        self.has_lost_ledger: bool = lost
        self.office_versions: list[str] = versions
        return rows

    def _send(self, statements: Sequence[Statement]) -> psycopg.Error | None:
        """Send the changes with the COMMIT; the error where that did not go well."""
        try:
            run(self._connection, (*statements, COMMIT, (_NOTIFY, {"channel": self._channel})))
        except psycopg.Error as error:
            return error
        return None

    def _is_made(self, line: int, text: bytes, *, unknown: bool) -> bool:
        """Whether the ledger has the line; else another transaction is begun, and nothing else has happened."""
        before = self.end
        self._connection.close()
        try:
            (found,) = self._begin([(_LINE, {"line": line})])
        except SopctlError:
            if unknown:
                raise _unfinished_error() from None
            self._on_commit("nothing")
            raise
        if text and found == [(text.decode(),)]:
            return True
        self._check_unchanged(before)
        return False

    def _check_unchanged(self, before: LedgerEnd) -> None:
        if self.end != before:
            self._on_commit("nothing")
            raise BusyError(
                "Sambungan ke server PostgreSQL terputus selagi perintah ini berjalan, dan sementara itu perintah lain "
                "mencatat; tidak ada yang dicatat oleh perintah ini. Ulangi perintahnya.",
                code="lock_lost",
            )


def _unfinished_error() -> BusyError:
    return BusyError(
        "Sambungan ke server PostgreSQL terputus tepat ketika perubahan ini dicatat, dan server belum dapat ditanya "
        "lagi. Perubahan itu mungkin sudah tercatat; lihat dahulu keadaannya, jangan langsung diulang.",
        code="unfinished",
        advice="look_first",
    )
