"""A record in PostgreSQL against the same record in files, and a large one there against a small one.

    python -m bench.postgres [FOLDER]

FOLDER is an office of 100,000 finished and 5,000 running cases that `bench.generate` made; without it one is made. The
server is one of its own, reached by a socket of this computer. Connecting is no part of what is measured.

- **Inbox.** The same 300 cases wait among 10,000 and among 1,000,000. Of the latter, all but the 10,000 are cases that
  ended: rows of `cases`, and for each thousand the figures of a group that really was read.
- **First look.** Every case is read, by a process for each processor; the server works on the same ones.
- **Report.** Both stores have read all cases before, and both account folders hold what they keep of it.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import LiteralString

import pytest

from bench.database import TELL_GROUPS, copy_record
from bench.generate import generate
from bench.ratio import Result, medians, table, timed
from sopctl.measure.query import Query
from sopctl.reports.summary import summarize
from sopctl.store.case_ids import PER_FOLDER
from sopctl.store.case_index import load_tallies, load_turns
from sopctl.store.postgres.connections import shared_connections
from sopctl.store.postgres.store import PostgresStore
from sopctl.store.record import Record
from sopctl.store.workspace import Workspace
from tests.postgres_cluster import Database, PostgresCluster, find_programs, run_cluster

FINISHED, RUNNING = 100_000, 5_000
SMALL, LARGE, WAITING = 10_000, 1_000_000, 300
ROUNDS = 9
SMALL_OFFICE, LARGE_OFFICE = "dinas_satu", "dinas_dua"
"""The roles that work for the two offices, each of one's name."""

INBOX_AT_MOST, REPORT_AT_MOST, FIRST_AT_MOST = 15, 1.0, 2.0

_COPY_OFFICE: tuple[LiteralString, ...] = (
    """
    INSERT INTO sopctl.ledger
    SELECT 'dinas_dua', line, kind, case_id, revision, sequence, changes_office, text
    FROM sopctl.ledger WHERE office = 'dinas_satu'
    """,
    """
    INSERT INTO sopctl.versions SELECT 'dinas_dua', kind, version, text FROM sopctl.versions WHERE office = 'dinas_satu'
    """,
    """
    INSERT INTO sopctl.cases
    SELECT 'dinas_dua', id, sop, version, number, folder, revision, head, envelope, line
    FROM sopctl.cases WHERE office = 'dinas_satu'
    """,
    """
    INSERT INTO sopctl.figures
    SELECT 'dinas_dua', folder, edition, line, damaged, running, turns, running_facts, tally, digest, facts
    FROM sopctl.figures WHERE office = 'dinas_satu'
    """,
)
_LIKELY_GROUP: LiteralString = """
SELECT g.folder, count(*) FROM sopctl.figures g JOIN sopctl.cases c USING (office, folder)
WHERE g.office = 'dinas_dua' GROUP BY g.folder, g.running ORDER BY g.running, count(*) DESC LIMIT 1
"""
"""A group of cases that ended, as large as there are."""

_ADD_CASES: LiteralString = """
INSERT INTO sopctl.cases
SELECT office, sop || '-' || number + %(by)s, sop, version, number + %(by)s, %(folder)s, revision, head, envelope, line
FROM sopctl.cases WHERE office = 'dinas_dua' AND folder = %(like)s
"""
_ADD_FIGURES: LiteralString = """
INSERT INTO sopctl.figures
SELECT office, %(folder)s, edition, line, damaged, running, turns, running_facts, tally, digest, facts
FROM sopctl.figures WHERE office = 'dinas_dua' AND folder = %(like)s
"""


def measured(large: Path, rounds: int = ROUNDS, *, small: int = SMALL, many: int = LARGE) -> list[Result]:
    """A result for each claim; ``large`` is the office of the report."""
    programs = find_programs()
    if programs is None:
        raise SystemExit("PostgreSQL is not installed here")
    with run_cluster(programs) as cluster, TemporaryDirectory() as folder:
        inbox = _compare_inboxes(cluster, Path(folder), rounds, small, many)
        return [inbox, *_compare_reports(cluster, large, Path(folder), rounds)]


def _compare_inboxes(cluster: PostgresCluster, folder: Path, rounds: int, small: int, many: int) -> Result:
    office = folder / "kantor"
    waiting = min(WAITING, small // 2)
    now = datetime.now().astimezone().replace(microsecond=0)
    generate(office, finished=small - waiting, running=waiting, seed=1, now=now, documents=False)
    with _fill_database(cluster, folder, office) as database:
        load_turns(_open(office, SMALL_OFFICE))
        _enlarge(database, many)
        sides = [timed(partial(_read_inbox, office, role)) for role in (LARGE_OFFICE, SMALL_OFFICE)]
        ours, theirs = medians(sides, rounds)
    what, peer = f"{waiting} waiting cases of {many}, in a database", f"of {small}"
    return Result(what=what, peer=peer, ours=ours, theirs=theirs, at_most=INBOX_AT_MOST)


def _compare_reports(cluster: PostgresCluster, office: Path, folder: Path, rounds: int) -> list[Result]:
    """The first look at a record in a database and in files, and the reports after it."""
    with _fill_database(cluster, folder, office):
        rmtree(office / "data" / "cache", ignore_errors=True)
        first = [timed(partial(_read_inbox, office, role))() for role in (SMALL_OFFICE, "")]
        later = medians([timed(partial(_report, office, role)) for role in (SMALL_OFFICE, "")], rounds)
    return [
        Result(what=f"{what}, in a database", peer="in files", ours=ours, theirs=theirs, at_most=at_most)
        for what, (ours, theirs), at_most in (
            ("first look at all cases", first, FIRST_AT_MOST),
            ("report of all cases", later, REPORT_AT_MOST),
        )
    ]


@contextmanager
def _fill_database(cluster: PostgresCluster, folder: Path, office: Path) -> Iterator[Database]:
    """A database with the record of this office, for the role `SMALL_OFFICE`."""
    services = folder / "pg_service.conf"
    services.unlink(missing_ok=True)
    with pytest.MonkeyPatch.context() as environment:
        database = Database(cluster, services, environment)
        for role in (SMALL_OFFICE, LARGE_OFFICE):
            database.add_office(role, role)
        with database.connect() as connection:
            copy_record(Workspace(office), connection, SMALL_OFFICE)
        yield database
    for role in (SMALL_OFFICE, LARGE_OFFICE):
        shared_connections(role, "").close()
    cluster.drop_database(database.name)


def _enlarge(database: Database, many: int) -> None:
    """Give the other office the same cases, and so many in all: groups that are like one of those that ended."""
    with database.connect() as connection:
        for statement in _COPY_OFFICE:
            connection.execute(statement)
        ((like, size),) = connection.execute(_LIKELY_GROUP).fetchall()
        ((there,),) = connection.execute("SELECT count(*) FROM sopctl.cases WHERE office = 'dinas_dua'").fetchall()
        sop, _, first = like.partition("/")
        for more in range(100, 100 + (many - there) // size):
            folder = f"{sop}/{int(first) + more:04d}"
            values = {"by": more * PER_FOLDER, "folder": folder, "like": like}
            connection.execute(_ADD_CASES, values)
            connection.execute(_ADD_FIGURES, values)
        connection.execute(TELL_GROUPS, {"office": LARGE_OFFICE})
        connection.execute("VACUUM ANALYZE")


def _open(office: Path, role: str) -> Record:
    """The record of a folder, as a command opens it to look, in the database by this role or in files."""
    workspace = Workspace(office)
    kept_in = PostgresStore(workspace, role) if role else None
    return Record(workspace, clock=lambda: datetime.now(UTC), account="petugas", looking=True, kept_in=kept_in)


def _read_inbox(office: Path, role: str) -> None:
    found = load_turns(_open(office, role))
    if not found.turns or found.damaged:
        raise SystemExit("the inbox is not what it should be")


def _report(office: Path, role: str) -> None:
    record = _open(office, role)
    summarize(record, load_tallies(record), Query())


def main() -> None:
    """Measure with the office that was named, or with one made for it."""
    if sys.argv[1:]:
        print(table(measured(Path(sys.argv[1]))))
        return
    with TemporaryDirectory() as folder:
        office = Path(folder) / "kantor"
        now = datetime.now().astimezone().replace(microsecond=0)
        generate(office, finished=FINISHED, running=RUNNING, seed=1, now=now, documents=False)
        print(table(measured(office)))


if __name__ == "__main__":
    main()
