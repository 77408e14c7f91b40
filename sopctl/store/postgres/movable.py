"""The record in a database, to be moved to files or back: closed by `offices.moved_to`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice

import psycopg

from sopctl.engine.instance import Instance
from sopctl.office.model import RecordKind
from sopctl.store.ledger import LedgerLine, NumberLine, decode_line
from sopctl.store.postgres import cases, contents, register
from sopctl.store.postgres.connections import (
    BEGIN,
    COMMIT,
    NO_LIMIT,
    RecordConnection,
    Rows,
    Statement,
    run,
    shared_connections,
)
from sopctl.store.postgres.errors import translate
from sopctl.store.postgres.ledger import LedgerEnd, broken_end_error, save_changes
from sopctl.store.postgres.store import PostgresStore
from sopctl.store.workspace import VersionKind, Workspace

_QUEUE: Statement = ("SELECT sopctl.take_turn()", {})
_NO_WRITER: Statement = (
    "SELECT FROM sopctl.offices WHERE office = %(office)s AND moved_to = '' FOR UPDATE",
    {},
)
_MOVED_TO: Statement = ("SELECT moved_to FROM sopctl.offices WHERE office = %(office)s", {})
_SET_MOVED_TO = "UPDATE sopctl.offices SET moved_to = %(moved_to)s WHERE office = %(office)s"
_END: Statement = (
    (
        "SELECT lines, head, named_office, (SELECT text FROM sopctl.ledger WHERE office = %(office)s AND line = lines)"
        " FROM sopctl.offices WHERE office = %(office)s"
    ),
    {},
)
_STALE: Statement = (
    (
        """SELECT one.case_id, substring(one.text FROM '"head":"([0-9a-f]*)"')"""
        " FROM sopctl.ledger AS one JOIN (SELECT case_id, max(line) AS line"
        " FROM sopctl.ledger WHERE office = %(office)s AND kind = 'event' GROUP BY case_id) AS newest USING (line)"
        " LEFT JOIN sopctl.cases AS kept ON kept.office = one.office AND kept.id = one.case_id"
        " WHERE one.office = %(office)s AND kept.line IS DISTINCT FROM one.line"
    ),
    {},
)
_LAST_LINES = (
    "SELECT case_id, max(line) FROM sopctl.ledger WHERE office = %(office)s AND kind = 'event'"
    " AND case_id = ANY(%(ids)s) GROUP BY case_id"
)


class MovablePostgres:
    """See `relocation.MovableRecord`."""

    kind: RecordKind = "postgres"

    def __init__(self, workspace: Workspace, service: str, office: str) -> None:
        self.store = PostgresStore(workspace, service, office, takes_closed=True)
        self._connections = shared_connections(service, office, takes_closed=True)

    @property
    def is_closed(self) -> bool:
        """Whether the record lies in files."""
        ((row,),) = self._connections.read(_MOVED_TO)
        return bool(row[0])

    @property
    def is_empty(self) -> bool:
        """Whether its ledger has no line."""
        return not self._find_end()[0].lines

    @contextmanager
    def hold(self) -> Iterator[Callable[[], None]]:
        """Hold the row of the office, where it is open, in a transaction of its own."""
        connection, _ = self._connections.attempt(self._begin)
        try:
            yield lambda: self._close(connection)
        finally:
            connection.close()

    def _begin(self, connection: RecordConnection) -> list[Rows]:
        return self._connections.open_transaction(connection, NO_LIMIT, _QUEUE, _NO_WRITER, begin=(BEGIN,))

    def _close(self, connection: RecordConnection) -> None:
        """Close it in the transaction that keeps writers out, and keep other moves out from then on."""
        try:
            run(connection, [(_SET_MOVED_TO, {"moved_to": "files"}), COMMIT])
            self._begin(connection)
        except psycopg.Error as error:
            raise translate(error) from None

    def open(self) -> None:
        """Let its roles work in it."""
        self._write((_SET_MOVED_TO, {"moved_to": ""}))

    def trim_end(self) -> tuple[int, bytes]:
        """The lines of the ledger, none of which is ever cut short."""
        end, text = self._find_end()
        return end.lines, text

    def add_version(self, kind: VersionKind, version: str, text: bytes) -> None:
        """Keep a text."""
        self._write((contents.ADD_VERSION, {"kind": kind, "version": version, "text": text}))

    def add_file(self, path: str, pieces: Iterable[bytes], sha256: str) -> None:
        """Keep its parts in one transaction, a few of them at a time."""
        number, left = 0, contents.cut_parts(pieces)
        with self._writing() as write:
            while portion := list(islice(left, contents.PORTION)):
                parts = enumerate(portion, number)
                write(*((contents.ADD_PART, {"sha256": sha256, "part": n, "data": data}) for n, data in parts))
                number += len(portion)
            write((contents.ADD_FILE, {"path": path, "sha256": sha256}))

    def add_lines(self, texts: Sequence[bytes]) -> None:
        """Add them, with the numbers that they give."""
        lines = [_decode(text) for text in texts]
        counters = {
            register.name_counter(line.sequence): line.entry.highest for line in lines if isinstance(line, NumberLine)
        }
        self._write(save_changes(lines, texts, self._find_end()[0], counters=counters))

    def find_stale_cases(self) -> Mapping[str, str]:
        """The cases that are not kept up to their last line."""
        (rows,) = self._connections.read(_STALE)
        return {case: head or "" for case, head in rows}

    def put_cases(self, instances: Sequence[Instance]) -> None:
        """Keep cases, and count them."""
        (rows,) = self._connections.read((_LAST_LINES, {"ids": [one.id for one in instances]}))
        lines: dict[str, int] = dict(rows)
        newest = [(one, lines[one.id]) for one in instances]
        self._write(save_changes(instances=newest, counters=cases.count_cases(instances)))

    def put_sequence(self, sequence: str, data: bytes) -> None:
        """The register stands in the ledger."""

    def _find_end(self) -> tuple[LedgerEnd, bytes]:
        (((lines, head, named_office, text),),) = self._connections.read(_END)
        if lines and text is None:
            raise broken_end_error()
        return LedgerEnd(lines, head, named_office), (text or "").encode()

    def _write(self, *statements: Statement) -> None:
        with self._writing() as write:
            write(*statements)

    @contextmanager
    def _writing(self) -> Iterator[Callable[..., object]]:
        """A transaction that is committed at the end of the block; where it cannot be, nothing of it is made."""
        connection, _ = self._connections.attempt(lambda one: self._connections.open_transaction(one, begin=(BEGIN,)))
        try:
            yield lambda *statements: run(connection, statements)
            run(connection, [COMMIT])
        except psycopg.Error as error:
            raise translate(error) from None
        finally:
            self._connections.give_back(connection)


def _decode(text: bytes) -> LedgerLine:
    line = decode_line(text)
    if line is None:
        raise broken_end_error()
    return line
