"""The record in a database, for the contract: a role works for the office, and who may do all does the damage."""

from itertools import count
from pathlib import Path
from typing import LiteralString

from sopctl.engine.instance import Instance
from sopctl.store.postgres.cases import encode_envelope
from sopctl.store.postgres.connections import shared_connections
from sopctl.store.postgres.register import name_counter
from sopctl.store.postgres.store import PostgresStore
from sopctl.store.protocol import RecordStore
from sopctl.store.workspace import VersionKind, Workspace
from tests.postgres_cluster import Database

ROLE = "dinas_satu"


class KeptInPostgres:
    """See `acts.Kept`; each is an office of its own in a database that many share."""

    is_append_only = True
    _numbers = count(1)

    def __init__(self, root: Path, database: Database) -> None:
        self.workspace = Workspace(root)
        self.office = f"kantor-{next(self._numbers)}"
        self._database = database
        database.add_office(self.office, ROLE)

    def open(self) -> RecordStore:
        return PostgresStore(self.workspace, ROLE, self.office)

    def close(self) -> None:
        """Close the connections of this process."""
        shared_connections(ROLE, self.office, takes_closed=False).close()

    def put_case(self, instance: Instance) -> None:
        values = encode_envelope(instance), instance.revision, instance.head, instance.id
        self._change("UPDATE cases SET envelope = %s, revision = %s, head = %s WHERE id = %s AND office = %s", *values)

    def lose_case(self, id: str) -> None:
        self._change("DELETE FROM cases WHERE id = %s AND office = %s", id)

    def put_file(self, path: str, data: bytes | None) -> None:
        if data is None:
            self._change("DELETE FROM files WHERE path = %s AND office = %s", path)
        else:
            part = (
                "contents.office = files.office AND contents.sha256 = files.sha256 AND path = %s AND files.office = %s"
            )
            self._change(f"UPDATE contents SET data = %s FROM files WHERE {part}", data, path)

    def put_version(self, kind: VersionKind, version: str, text: bytes) -> None:
        where = "(kind, version) = (%s, %s) AND office = %s"
        self._change(f"UPDATE versions SET text = %s WHERE {where}", text, kind, version)

    def lose_number(self, sequence: str) -> None:
        self._change("UPDATE counters SET value = value - 1 WHERE name = %s AND office = %s", name_counter(sequence))

    def put_line(self, number: int, text: bytes) -> None:
        self._change("UPDATE ledger SET text = %s WHERE line = %s AND office = %s", text.decode(), number)

    def lose_line(self, number: int) -> None:
        self._change("DELETE FROM ledger WHERE line = %s AND office = %s", number)

    def lose_lines(self, first: int) -> None:
        head = (
            "SELECT encode(sha256(convert_to(text, 'UTF8')), 'hex') FROM ledger WHERE line = %s AND office = o.office"
        )
        self._change("DELETE FROM ledger WHERE line >= %s AND office = %s", first)
        self._change(
            f"UPDATE offices o SET lines = %s, head = coalesce(({head}), '') WHERE office = %s", first - 1, first - 1
        )

    def _change(self, statement: LiteralString, *values: object) -> None:
        """Change rows; the office is the last value."""
        assert self._database.change(statement, *values, self.office), statement
