"""A record of each kind of store, one after the other."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sopctl.store.protocol import RecordStore
from tests.conftest import Room
from tests.store.contract.acts import Kept
from tests.store.contract.stores import KeptInFiles, KeptInMemory

if TYPE_CHECKING:
    from tests.postgres_cluster import Database, PostgresCluster

KINDS = "files", "memory", "postgres"


@pytest.fixture(params=KINDS)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    """An empty record."""
    if request.param == "postgres":
        from tests.store.contract.kept_in_postgres import KeptInPostgres  # noqa: PLC0415 — brings psycopg

        made = KeptInPostgres(tmp_path, request.getfixturevalue("shared_database"))
        yield made
        made.close()
    else:
        yield KeptInFiles(tmp_path) if request.param == "files" else KeptInMemory(tmp_path)


@pytest.fixture(scope="session")
def shared_database(
    postgres_cluster: "PostgresCluster", tmp_path_factory: pytest.TempPathFactory
) -> "Iterator[Database]":
    """A database in which each test has an office of its own."""
    from tests.postgres_cluster import Database  # noqa: PLC0415 — nobody needs it where PostgreSQL is missing

    with pytest.MonkeyPatch.context() as patched:
        yield Database(postgres_cluster, tmp_path_factory.mktemp("services") / "pg_service.conf", patched)


@pytest.fixture(params=["files", "postgres"])
def rooms_of_one(request: pytest.FixtureRequest, room: Room, tmp_path: Path) -> list[Room]:
    """Two ways into one record: the same folder, or two people's whose roles work for one office, one by a pooler."""
    if request.param == "files":
        return [room, room]
    database = request.getfixturevalue("shared_database")
    database.add_office(tmp_path.name, "dinas_satu", "dinas_dua")
    database.add_service(f"antrean-{tmp_path.name}", "dinas_dua", port=request.getfixturevalue("pgbouncer"))
    rooms = [room, Room(shutil.copytree(room.root, tmp_path / "lain"))]
    for one, service in zip(rooms, ("dinas_satu", f"antrean-{tmp_path.name}"), strict=True):
        one.say(f"record: {{store: postgres, service: {service}, office: {tmp_path.name}}}")
    return rooms


@pytest.fixture
def seed_into(kept: Kept, seed: Path) -> None:
    """Lay the office of the seeds into the folder of the record."""
    shutil.copytree(seed, kept.workspace.root, dirs_exist_ok=True)


@pytest.fixture
def store(kept: Kept) -> RecordStore:
    """Its store."""
    return kept.open()
