"""Connections to a database, and transactions on them, each in as few round trips as can be.

Address, role and password come from libpq: its service file, `.pgpass` or environment. Everything happens within
explicit transactions and rests on no state of a session, so that a pooler (pgbouncer in transaction mode) may stand
between. Connections that nobody uses are kept for whoever comes next; a process that was forked opens its own.

Why not `psycopg_pool`: it connects in threads of its own, so that a command would start three, an audit could not fork,
and who waits in vain is told of a timeout instead of its cause. The page has never more connections than threads.
"""

import logging
import os
import re
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, LiteralString, Protocol, TypeVar

import psycopg
from psycopg.rows import TupleRow

from sopctl.errors import BusyError
from sopctl.store.moved import moved_error
from sopctl.store.postgres.errors import LOST, is_lost, make_error, newer_schema_error, translate, translate_connecting
from sopctl.store.postgres.schema import APPLICATION, NUMBER

T = TypeVar("T")

Rows = list[tuple[Any, ...]]
Statement = tuple[LiteralString, Mapping[str, object]]
"""SQL and its values by name; `office` is added to them."""


class Ask(Protocol):
    """How the parts of the store ask the database."""

    def __call__(self, *statements: Statement) -> list[Rows]:
        """The rows of each statement, all of one round trip."""


PATIENCE = 10.0
"""Seconds that a command waits for the writer before it, or for the server to come back."""

LIMITS = {"patience": f"{PATIENCE:.0f}s"}
"""What a transaction is told as it begins."""

_PAUSE = 0.1
_OFTEN = 5
"""How often a statement is asked before the server keeps its plan, where the session is this connection's own."""

_PLANS_LOST = frozenset(("0A000", "26000"))
"""The tables are others since a plan was made, or the server has let go of it: a new connection has no plans yet."""

_LEAST_OFFSET = timedelta(seconds=1)
"""An offset of the clocks below this is taken for the delay of the network."""

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_NO_TEXT = "\ufffd"

_SETTINGS: dict[str, Any] = {
    "application_name": APPLICATION,
    "client_encoding": "UTF8",
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,  # milliseconds
}

BEGIN: Statement = ("BEGIN ISOLATION LEVEL READ COMMITTED", {})
_BEGIN_LOOK: Statement = ("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", {})
COMMIT: Statement = ("COMMIT", {})
NO_LIMIT: Statement = ("SELECT set_config('idle_in_transaction_session_timeout', '0', true)", {})
"""What lets a transaction keep writers out while nothing is asked, as long as who began it is at work."""

OWN_FUNCTIONS: LiteralString = "SET LOCAL search_path TO pg_catalog, pg_temp"
"""What a transaction begins with that asks no record: see the function `enter` (0001)."""
_ENTER: Statement = ("SELECT * FROM sopctl.enter(%(office)s, %(patience)s)", LIMITS)
_OFFICES: Statement = ("SELECT session_user::text, ARRAY(SELECT sopctl.own_offices())", {})

logging.getLogger("psycopg").disabled = True  # its texts may name the host and the role


class _OneGo(psycopg.Pipeline):
    """A pipeline that sends nothing before all of it is there.

    psycopg sends each statement as soon as it is made: the server would hold its locks while the next one is. It offers
    no other way, and this method and the queue are its own: `pyproject.toml` names the versions that have them, and
    `tests/store/postgres/test_plans.py` fails where another sends sooner.
    """

    def _communicate_gen(self) -> Generator[Any, Any, None]:
        if self.command_queue[-1] == self.pgconn.pipeline_sync:
            while len(self.command_queue) > 1:
                self.command_queue.popleft()()
            yield from super()._communicate_gen()


class RecordConnection(psycopg.Connection[TupleRow]):
    """A connection; one that is left open ends with the process, and nobody need be told."""

    office = ""
    is_direct = False
    """Whether nothing stands between that gives the server's session to others."""

    @contextmanager
    def pipeline(self) -> Iterator[psycopg.Pipeline]:
        """Send what is executed in the block in one go."""
        self._pipeline = self._pipeline or _OneGo(self)
        with super().pipeline() as pipeline:
            yield pipeline

    def __del__(self, _warn: object = None, /) -> None:
        """End without a warning."""


class Connections:
    """The connections of this process to a database; ``office`` is empty for the only one of the role.

    Only who ``takes_closed`` records reads one that lies in files.
    """

    def __init__(self, service: str, office: str = "", *, takes_closed: bool = False) -> None:
        self._service = service
        self._office = office
        self._takes_closed = takes_closed
        self._process = os.getpid()
        self._idle: list[RecordConnection] = []
        self._of_parents: list[list[RecordConnection]] = []
        self._gave_up = -PATIENCE
        self.clock_offset = timedelta()
        self.has_asked_clock = False

    def read(self, *statements: Statement) -> list[Rows]:
        """The rows of each of these statements, in one transaction, which is that of what is sent in one go."""
        connection, (_, *rows) = self.attempt(lambda one: self.open_transaction(one, *statements))
        self.give_back(connection)
        return rows

    def look(self, work: Callable[[Ask], T]) -> T:
        """What ``work`` finds by asking, all as it is at one moment."""

        def look_at(connection: RecordConnection) -> T:
            self.open_transaction(connection, begin=(_BEGIN_LOOK,))
            found = work(lambda *statements: run(connection, statements))
            run(connection, (COMMIT,))
            return found

        connection, found = self.attempt(look_at)
        self.give_back(connection)
        return found

    def open_transaction(
        self,
        connection: RecordConnection,
        *statements: Statement,
        enter: Statement = _ENTER,
        begin: tuple[Statement, ...] = (),
    ) -> list[Rows]:
        """The rows of ``enter`` and of these statements, in a transaction for the office.

        It goes on where ``begin`` begins one. What ``enter`` calls answers like the function `enter` (see 0001).

        Raises:
            BusyError, DamagedError: where the tables are of another sopctl, or the role does not work for the office.
            MovedError: where its record lies in files.
        """
        asked = datetime.now(UTC)
        found = run(connection, (*begin, enter, *statements))[len(begin) :]
        ((number, office, clock, process, moved_to, *_),) = found[0]
        if number != NUMBER:
            raise newer_schema_error() if (number or 0) > NUMBER else make_error("schema")
        if office is None:
            ((_, offices),) = run(connection, (_OFFICES,))[0]
            raise _wrong_office_error(connection.office, offices)
        if moved_to and not self._takes_closed:
            raise moved_error(moved_to)
        self._compare_clock(asked, clock)
        connection.is_direct = process == connection.info.backend_pid
        connection.prepare_threshold = _OFTEN if connection.is_direct else None
        return found

    def attempt(self, work: Callable[[RecordConnection], T]) -> tuple[RecordConnection, T]:
        """What ``work`` does on a connection, and that one; again on another one where it breaks, and changes nothing.

        Raises:
            BusyError: where there is none in time, or the server refuses.
        """
        until = time.monotonic() + self._patience
        while True:
            kept = self._take_idle()
            connection = kept or self._connect(until)
            try:
                return connection, work(connection)
            except psycopg.Error as error:
                lost = is_lost(error) or (kept is not None and error.sqlstate in _PLANS_LOST)
                connection.close()
                if not lost or (kept is None and time.monotonic() > until):
                    raise translate(error) from None
                time.sleep(0 if kept else _PAUSE)
            except BaseException:
                connection.close()
                raise

    def give_back(self, connection: RecordConnection) -> None:
        """Let others use a connection, where it is in no transaction and whole."""
        if not connection.closed and connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE:
            self._own_idle().append(connection)
        else:
            connection.close()

    def close(self) -> None:
        """Close the connections that nobody uses."""
        for connection in self._own_idle():
            connection.close()
        self._idle = []

    def _take_idle(self) -> RecordConnection | None:
        with suppress(IndexError):
            return self._own_idle().pop()
        return None

    def _own_idle(self) -> list[RecordConnection]:
        if self._process != os.getpid():
            self._of_parents.append(self._idle)  # closed here, they would end for the parent
            self._idle, self._process = [], os.getpid()
        return self._idle

    def _connect(self, until: float) -> RecordConnection:
        while True:
            try:
                connection = _connect(self._service)
                connection.office = self._office or self._find_office(connection)
            except psycopg.Error as error:
                failure = translate_connecting(error)
                if failure.code not in LOST or time.monotonic() > until:
                    self._gave_up = time.monotonic()
                    raise failure from None
                time.sleep(_PAUSE)
            else:
                self._gave_up = -PATIENCE
                return connection

    @property
    def _patience(self) -> float:
        """Seconds to wait for the server; none where somebody just waited in vain."""
        return PATIENCE if time.monotonic() - self._gave_up >= PATIENCE else 0.0

    def _find_office(self, connection: RecordConnection) -> str:
        """The only office that the role works for, else the one of its name."""
        try:
            (((role, offices),),) = run(connection, (_OFFICES,))
        except psycopg.Error as error:
            connection.close()
            if is_lost(error):
                raise
            raise translate(error) from None
        if len(offices) == 1 or role in offices:
            return str(offices[0] if len(offices) == 1 else role)
        connection.close()
        raise _wrong_office_error("", offices)

    def _compare_clock(self, asked: datetime, server: float) -> None:
        """Note how far the server's clock is from all that this one said meanwhile; one that was busy tells little."""
        answered, told = datetime.now(UTC), datetime.fromtimestamp(server, UTC)
        if answered - asked < _LEAST_OFFSET or not self.has_asked_clock:
            offset = told - min(max(told, asked), answered)
            self.clock_offset = offset if abs(offset) >= _LEAST_OFFSET else timedelta()
            self.has_asked_clock = True


def connect(service: str) -> RecordConnection:
    """A connection to the database of a service, for one who asks no record.

    Raises:
        BusyError: where there is none.
    """
    try:
        return _connect(service)
    except psycopg.Error as error:
        raise translate_connecting(error) from None


def _connect(service: str) -> RecordConnection:
    named: dict[str, Any] = {"service": service} if service else {}
    return RecordConnection.connect(**named, **_SETTINGS, autocommit=True, prepare_threshold=None)


def run(connection: RecordConnection, statements: Iterable[Statement]) -> list[Rows]:
    """The rows of each of these statements, sent in one go; after the first that fails none is done."""
    with connection.pipeline():
        cursors = [
            connection.execute(text, {"office": connection.office, **_storable(values)}, binary=True)
            for text, values in statements
        ]
    return [one.fetchall() if one.description else [] for one in cursors]


def read_portions(
    ask: Ask, text: LiteralString, after: Mapping[str, object], portion: int, **values: object
) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement, so many at a time.

    ``after`` are the keys behind which it begins, by the names of their values: they are the first columns of a row.
    """
    more = True
    while more:
        (rows,) = ask((text, {**values, **after, "portion": portion}))
        yield from rows
        more = len(rows) == portion
        after = dict(zip(after, rows[-1], strict=False)) if more else {}


def _storable(values: Mapping[str, object]) -> dict[str, object]:
    """The values, for a text that no database keeps (with NUL or half a sign) one that no row has."""
    return {
        name: _NO_TEXT if isinstance(value, str) and _UNSTORABLE.search(value) else value
        for name, value in values.items()
    }


def _wrong_office_error(named: str, offices: Iterable[str]) -> BusyError:
    """What is wrong where a role works for none, for several of which none is ``named``, or for others than that."""
    working = ", ".join(sorted(offices))
    if not working:
        return make_error("permission")
    if named:
        said = f"Peran ini tidak bekerja untuk kantor {named}, tetapi untuk {working}; perbaiki sopctl.yaml"
    else:
        said = f"Peran ini bekerja untuk beberapa kantor ({working}); sopctl.yaml harus menyebut yang mana"
    return BusyError(f"{said} (record: office).", code="office")


@cache
def shared_connections(service: str, office: str, *, takes_closed: bool = False) -> Connections:
    """The connections of this process to the database of a service."""
    return Connections(service, office, takes_closed=takes_closed)
