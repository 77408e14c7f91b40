"""A PostgreSQL server of a bench's own, and offices whose record lies there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import LiteralString

import pytest

from bench.race import ROUND
from sopctl.desk.setup import init
from sopctl.office.record_text import set_record
from tests.postgres_cluster import MEMBERS, Database, find_programs, run_cluster

_DEFAULTS: tuple[LiteralString, ...] = (
    "ALTER SYSTEM SET fsync = on",
    "ALTER SYSTEM SET shared_buffers = '128MB'",
    "ALTER SYSTEM SET max_connections = 100",
)


@contextmanager
def run_database(folder: Path) -> Iterator[Database]:
    """A database with an office for each member role, on a server with the settings that PostgreSQL comes with.

    libpq's files, by which this process and those that it starts reach it, lie in ``folder``.
    """
    programs = find_programs()
    if programs is None:
        raise SystemExit("PostgreSQL is not installed here.")
    with run_cluster(programs) as cluster, pytest.MonkeyPatch.context() as environment:
        with cluster.connect("postgres") as server:
            for statement in _DEFAULTS:
                server.execute(statement)
        cluster.stop("fast")
        cluster.start()
        database = Database(cluster, folder / "pg_service.conf", environment)
        for role in MEMBERS:
            database.add_office(role, role)
        yield database


def found_office(root: Path, service: str = "") -> Path:
    """A new workspace with the SOP of `bench.race`, its record in files or in the database of a service."""
    init(root)
    (root / "sops" / "putar.yaml").write_text(ROUND, encoding="utf-8")
    if service:
        keep_in_database(root, service)
    return root


def keep_in_database(root: Path, service: str) -> None:
    """Let `sopctl.yaml` say that the record lies in the database of a service."""
    office = root / "sopctl.yaml"
    values = {"store": "postgres", "service": service}
    office.write_bytes(set_record(office.read_bytes(), values, office.name))
