"""Plans that the server keeps, and statements that are sent in one go: both only make moves faster."""

from pathlib import Path
from typing import LiteralString

import pytest

from sopctl.errors import BusyError, DamagedError
from sopctl.store.postgres.connections import Connections, Statement, connect
from sopctl.store.postgres.store import PostgresStore
from tests.postgres_cluster import Database
from tests.store.contract.acts import opened, save
from tests.store.postgres.conftest import ROLE, OpenStore

ALTER: LiteralString = "ALTER TABLE offices ALTER COLUMN lines TYPE integer"
OWN: Statement = ("SELECT office FROM sopctl.offices", {})
GENERIC: Statement = ("SELECT sum(generic_plans) FROM pg_prepared_statements", {})


@pytest.mark.parametrize(("way", "keeps"), [("direct", True), ("pooler", False)])
def test_plans_are_kept_only_where_the_session_is_ones_own(
    database: Database, open_store: OpenStore, pgbouncer: int, way: str, *, keeps: bool
) -> None:
    """What is asked often is planned once; a pooler gives the session with the plan to others."""
    database.add_service("pooler", ROLE, port=pgbouncer)
    store = open_store(ROLE if way == "direct" else "pooler")
    for _ in range(9):
        store.state()
    ((rows,),) = store.ask(("SELECT count(*) FROM pg_prepared_statements", {}))
    assert (rows[0] > 0) is keeps


@pytest.mark.parametrize("change", [ALTER, "DO $$ BEGIN DEALLOCATE ALL; END $$"])
def test_plans_that_hold_no_more_are_made_anew(store: PostgresStore, database: Database, change: LiteralString) -> None:
    for _ in range(9):
        store.state()
        save(store)
    if change == ALTER:
        database.change(change)
    else:
        store.ask((change, {}))
    assert store.state() == "0"
    save(store, opened())
    assert store.state() == "1"


def test_tables_of_a_newer_sopctl_are_told_where_plans_were_kept(store: PostgresStore, database: Database) -> None:
    for _ in range(9):
        store.state()
    database.change("UPDATE migrations SET number = 9999")
    database.change(ALTER)
    with pytest.raises(DamagedError, match="sopctl yang lebih baru"):
        store.state()


def test_a_transaction_that_failed_leaves_no_plans_that_the_server_does_not_have(store: PostgresStore) -> None:
    """What follows a statement that fails is not planned, though it was sent."""
    with store.begin():
        pass
    for _ in range(5):
        store.ask(OWN)
    with store.begin(), pytest.raises(BusyError):
        store.ask(("SELECT 1 / 0", {}), OWN)
    with store.begin():
        assert store.ask(OWN) == [[("dinas",)]]


def test_a_plan_that_is_kept_shows_no_office_to_another(database: Database) -> None:
    """One role that works for two offices; what it sees is found anew each time that the plan is used."""
    offices = ("satu", "dua")
    for office in offices:
        database.add_office(office, ROLE)
    asking = Connections(ROLE, offices[0])
    connection, _ = asking.attempt(asking.open_transaction)
    for office in offices * 20:
        connection.office = office
        assert asking.open_transaction(connection, OWN)[1:] == [[(office,)]]
    _, ((generic,),) = asking.open_transaction(connection, GENERIC)
    assert generic > 0


def test_nothing_is_sent_before_all_of_it_is_there(database: Database, tmp_path: Path) -> None:
    """Rests on what psycopg does not promise; without it the server holds its locks while statements are made."""
    database.add_office("dinas", ROLE)
    connection = connect(ROLE)
    with (tmp_path / "sent").open("wb+") as sent:
        connection.pgconn.trace(sent.fileno())
        with connection.pipeline():
            for _ in range(3):
                connection.execute("SELECT 1", {}, binary=True)
            assert Path(sent.name).read_bytes() == b""
        connection.pgconn.untrace()
        assert Path(sent.name).read_text().count("\tParse\t") == 3
