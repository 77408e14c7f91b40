"""An office in a database, and ways to its server that break."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sopctl.store.postgres import connections, writer
from sopctl.store.postgres.connections import shared_connections
from sopctl.store.postgres.store import PostgresStore
from sopctl.store.workspace import Workspace
from tests.postgres_cluster import Database

ROLE = "dinas_satu"

OpenStore = Callable[[str], PostgresStore]


@pytest.fixture
def open_store(database: Database, tmp_path: Path) -> OpenStore:
    """Opens the record of an office by a service, as another process does."""
    database.add_office("dinas", ROLE)
    shared_connections.cache_clear()
    return lambda service: PostgresStore(Workspace(tmp_path), service)


@pytest.fixture
def store(open_store: OpenStore) -> PostgresStore:
    """The record, reached directly."""
    return open_store(ROLE)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a server."""
    for module in (connections, writer):
        monkeypatch.setattr(module, "PATIENCE", 0.2)
