"""The record in a database, for the contract: a role works for one office, and who may do all does the damage."""

from pathlib import Path

from sopctl.engine.instance import Instance
from sopctl.store.postgres.cases import encode_envelope
from sopctl.store.postgres.store import PostgresStore
from sopctl.store.protocol import RecordStore, VersionKind
from sopctl.store.workspace import Workspace
from tests.postgres_cluster import Database

ROLE = "dinas_satu"


class KeptInPostgres:
    """See `acts.Kept`."""

    is_append_only = True

    def __init__(self, root: Path, database: Database) -> None:
        self.workspace = Workspace(root)
        self._database = database
        database.add_office("dinas", ROLE)

    def open(self) -> RecordStore:
        return PostgresStore(self.workspace, ROLE)

    def put_case(self, instance: Instance) -> None:
        self._database.change(
            "UPDATE cases SET envelope = %s, revision = %s, head = %s WHERE id = %s",
            encode_envelope(instance),
            instance.revision,
            instance.head,
            instance.id,
        )

    def lose_case(self, id: str) -> None:
        self._database.change("DELETE FROM cases WHERE id = %s", id)

    def put_file(self, path: str, data: bytes | None) -> None:
        if data is None:
            self._database.change("DELETE FROM files WHERE path = %s", path)
        else:
            content = "(SELECT sha256 FROM files WHERE path = %s)"
            self._database.change(f"UPDATE contents SET data = %s WHERE sha256 = {content}", data, path)

    def put_version(self, kind: VersionKind, version: str, text: bytes) -> None:
        self._database.change("UPDATE versions SET text = %s WHERE (kind, version) = (%s, %s)", text, kind, version)

    def put_line(self, number: int, text: bytes) -> None:
        self._database.change("UPDATE ledger SET text = %s WHERE line = %s", text.decode(), number)

    def lose_lines(self, first: int) -> None:
        head = "SELECT encode(sha256(convert_to(text, 'UTF8')), 'hex') FROM ledger WHERE line = %s"
        self._database.change("DELETE FROM ledger WHERE line >= %s", first)
        self._database.change(f"UPDATE offices SET lines = %s, head = coalesce(({head}), '')", first - 1, first - 1)
