"""Two offices in one database: neither sees, counts or changes what is the other's, whatever its role tries."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, LiteralString

import psycopg
import pytest
from psycopg import errors, sql

from sopctl.audit.doctor import run_doctor
from sopctl.store.case_index import load_tallies
from sopctl.store.postgres.connections import connect, shared_connections
from sopctl.store.postgres.facts import describe_database
from sopctl.store.postgres.store import PostgresStore
from sopctl.store.postgres.upgrade import read_migrations, upgrade
from sopctl.store.workspace import Workspace
from tests.postgres_cluster import OWNER, Database

if TYPE_CHECKING:
    from tests.conftest import Room

ONE, TWO = "dinas_satu", "dinas_dua"
TABLES: tuple[LiteralString, ...] = (
    "offices", "ledger", "cases", "folders", "figures", "counters", "versions", "files", "contents", "aside",
)  # fmt: skip
ROWS: dict[str, LiteralString] = {
    "ledger": "INSERT INTO ledger VALUES (%(of)s, 1, 'event', 'uji-1', 1, NULL, false, '{}')",
    "cases": "INSERT INTO cases VALUES (%(of)s, 'uji-1', 'uji', '', 1, 'uji/0000', 1, '', '{}', 1)",
    "folders": "INSERT INTO folders VALUES (%(of)s, 'uji/0000', 1)",
    "figures": "INSERT INTO figures VALUES (%(of)s, 'uji/0000', 'x', 1, '{}', true, '', '', '', '', '')",
    "counters": "INSERT INTO counters VALUES (%(of)s, 'sop:uji', 1)",
    "versions": "INSERT INTO versions VALUES (%(of)s, 'sops', 'x', '')",
    "files": "INSERT INTO files VALUES (%(of)s, 'data/documents/x', 'x')",
    "contents": "INSERT INTO contents VALUES (%(of)s, 'x', 0, '')",
    "aside": "INSERT INTO aside (office, name, data) VALUES (%(of)s, 'x', '')",
}
LASTING = "ledger", "versions", "files", "contents", "aside"


class Role:
    """A role at work for an office, each statement in a transaction as the program makes them."""

    def __init__(self, connection: psycopg.Connection, office: str) -> None:
        self._connection = connection
        self.office = office

    def run(self, statement: LiteralString, **values: object) -> psycopg.Cursor:
        with self._connection.transaction():
            self._connection.execute("SELECT set_config('sopctl.office', %s, true)", (self.office,))
            return self._connection.execute(statement, values)

    def count(self, table: LiteralString) -> int:
        ((found,),) = self.run(f"SELECT count(*) FROM {table}").fetchall()
        return int(found)


@pytest.fixture
def roles(database: Database) -> Iterator[dict[str, Role]]:
    """Both members and the owner, each with a row in every table of its office."""
    offices = {ONE: ONE, TWO: TWO, OWNER: OWNER}
    database.change("DROP SCHEMA sopctl CASCADE")
    with database.connect(OWNER) as connection:
        upgrade(connection, offices, read_migrations())
    with database.connect(ONE) as one, database.connect(TWO) as two, database.connect(OWNER) as owner:
        made = {ONE: Role(one, ONE), TWO: Role(two, TWO), OWNER: Role(owner, OWNER)}
        for connection in (one, two, owner):
            connection.execute("SET search_path TO sopctl")
        for role in made.values():
            for statement in ROWS.values():
                role.run(statement, of=role.office)
        yield made


def test_every_table_with_an_office_is_closed(roles: dict[str, Role]) -> None:
    found = roles[ONE].run(
        "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity FROM pg_attribute AS a"
        " JOIN pg_class AS c ON c.oid = a.attrelid WHERE c.relnamespace = 'sopctl'::regnamespace"
        " AND c.relkind = 'r' AND a.attname = 'office'"
    )
    assert dict(found.fetchall()) == {**dict.fromkeys(TABLES, True), "members": False}


@pytest.mark.parametrize("name", [ONE, TWO, OWNER])
@pytest.mark.parametrize("table", TABLES)
def test_a_role_sees_and_counts_only_what_is_its_offices(
    roles: dict[str, Role], name: str, table: LiteralString
) -> None:
    """The owner too, who is no superuser."""
    assert roles[name].run(f"SELECT office FROM {table}").fetchall() == [(name,)]
    assert roles[name].count(table) == 1


@pytest.mark.parametrize("name", [ONE, OWNER])
@pytest.mark.parametrize("table", ROWS)
def test_a_role_adds_nothing_to_another_office(roles: dict[str, Role], name: str, table: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        roles[name].run(ROWS[table].replace("1, ", "2, "), of=TWO)


@pytest.mark.parametrize("name", [ONE, OWNER])
@pytest.mark.parametrize("office", [TWO, ""])
def test_naming_another_office_or_none_opens_nothing(roles: dict[str, Role], name: str, office: str) -> None:
    roles[name].office = office
    assert [roles[name].count(table) for table in TABLES] == [0] * len(TABLES)
    with pytest.raises(errors.InsufficientPrivilege):
        roles[name].run(ROWS["ledger"], of=TWO)


@pytest.mark.parametrize("table", ["offices", "cases", "folders", "figures", "counters"])
def test_a_role_changes_nothing_of_another_office(roles: dict[str, Role], table: LiteralString) -> None:
    column: LiteralString = {"offices": "lines", "cases": "line", "counters": "value"}.get(table, "line")
    for name in (ONE, OWNER):
        assert roles[name].run(f"UPDATE {table} SET {column} = 7 WHERE office = %(of)s", of=TWO).rowcount == 0
    assert roles[ONE].run(f"UPDATE {table} SET {column} = 7").rowcount == 1
    with pytest.raises(errors.InsufficientPrivilege):
        roles[ONE].run(f"UPDATE {table} SET office = %(of)s", of=TWO)


@pytest.mark.parametrize("table", LASTING)
def test_what_was_recorded_is_neither_changed_nor_removed(roles: dict[str, Role], table: LiteralString) -> None:
    for statement in (f"UPDATE {table} SET office = office", f"DELETE FROM {table}", f"TRUNCATE {table}"):
        with pytest.raises(errors.InsufficientPrivilege):
            roles[ONE].run(statement)
    assert roles[OWNER].run(f"UPDATE {table} SET office = office").rowcount == 0  # no policy lets it
    assert roles[OWNER].run(f"DELETE FROM {table}").rowcount == 0


@pytest.mark.parametrize("table", ["offices", "cases", "folders", "figures", "counters"])
def test_a_member_removes_no_case_no_number_and_no_office(roles: dict[str, Role], table: LiteralString) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        roles[ONE].run(f"DELETE FROM {table}")


def test_figures_are_trimmed_by_their_office_alone(roles: dict[str, Role]) -> None:
    roles[ONE].run("SELECT trim_figures('uji/0000', 0)")
    assert [roles[name].count("figures") for name in (ONE, TWO, OWNER)] == [0, 1, 1]


@pytest.mark.parametrize("table", [*TABLES, "members", "migrations"])
def test_no_office_locks_the_others_out(roles: dict[str, Role], table: LiteralString) -> None:
    """Nor its row: what is not seen is not locked."""
    for mode in ("SHARE ROW EXCLUSIVE", "ACCESS EXCLUSIVE"):
        with pytest.raises(errors.InsufficientPrivilege):
            roles[ONE].run(f"LOCK TABLE {table} IN {mode} MODE")
    if table == "offices":
        assert roles[ONE].run("SELECT office FROM offices FOR UPDATE").fetchall() == [(ONE,)]


def test_an_office_holds_up_no_writer_of_another_and_hears_none(database: Database, tmp_path: Path) -> None:
    for office in (ONE, TWO):
        database.add_office(office, office)
    shared_connections.cache_clear()
    with database.connect(TWO) as other:
        for channel in (ONE, TWO, "sopctl"):
            name = f"sopctl_{sha256(channel.encode()).hexdigest()[:32]}"
            other.execute(sql.SQL("LISTEN {}").format(sql.Identifier(name)))
        other.execute("SELECT pg_advisory_lock(hashtext('sopctl'), hashtext(%s))", (ONE,))
        for (table,) in other.execute("SELECT relname FROM pg_class WHERE relname LIKE 'writer%'").fetchall():
            locking = sql.SQL("LOCK TABLE sopctl.{} IN EXCLUSIVE MODE").format(sql.Identifier(table))
            with pytest.raises(errors.InsufficientPrivilege), other.transaction():
                other.execute(locking)
        with PostgresStore(Workspace(tmp_path), ONE).begin() as change:
            change.accept_office("0" * 64, datetime(2026, 11, 24, tzinfo=UTC), "akun", holds=True)
            change.commit()
        assert list(other.notifies(timeout=0.2)) == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM members",
        "INSERT INTO members VALUES ('dinas_satu', 'dinas_dua')",
        "INSERT INTO offices (office) VALUES ('lain')",
        "SELECT admit('dinas_satu', 'dinas_dua')",
        "UPDATE offices SET office = 'lain'",
        "UPDATE migrations SET number = 9",
        "ALTER TABLE ledger DISABLE ROW LEVEL SECURITY",
        "CREATE TABLE sopctl.own ()",
        "SET ROLE pemilik",
    ],
)
def test_a_member_neither_reads_nor_changes_who_works_for_whom(
    roles: dict[str, Role], statement: LiteralString
) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        roles[ONE].run(statement)


def test_a_function_of_the_same_name_elsewhere_opens_nothing(roles: dict[str, Role], database: Database) -> None:
    database.change("GRANT CREATE ON SCHEMA public TO dinas_satu")
    made = "CREATE FUNCTION public.current_office() RETURNS text LANGUAGE sql AS $$ SELECT 'dinas_dua' $$"
    roles[ONE].run(made)
    roles[ONE].run("CREATE TABLE public.members AS SELECT 'dinas_satu'::name AS role, 'dinas_dua' AS office")
    roles[ONE].run("SET search_path TO public, sopctl")
    roles[ONE].office = TWO
    assert roles[ONE].count("ledger") == 0


TRAPS: LiteralString = """
CREATE FUNCTION set_trap(text) RETURNS void LANGUAGE sql AS 'INSERT INTO public.caught VALUES (session_user, $1)';
CREATE FUNCTION json_populate_record(sopctl.ledger, json) RETURNS sopctl.ledger LANGUAGE sql AS
    'SELECT public.set_trap(''a row''); SELECT pg_catalog.json_populate_record($1, $2)';
CREATE FUNCTION json_populate_recordset(sopctl.cases, json) RETURNS SETOF sopctl.cases LANGUAGE sql AS
    'SELECT public.set_trap(''rows''); SELECT * FROM pg_catalog.json_populate_recordset($1, $2)';
CREATE FUNCTION add_one(text[], text) RETURNS text[] LANGUAGE sql AS
    'SELECT public.set_trap(''an aggregate''); SELECT array_append($1, $2)';
CREATE AGGREGATE array_agg(text) (SFUNC = add_one, STYPE = text[]);
CREATE FUNCTION differ(text[], text[]) RETURNS boolean LANGUAGE sql AS
    'SELECT public.set_trap(''an operator''); SELECT $1 OPERATOR(pg_catalog.<>) $2';
CREATE OPERATOR <> (FUNCTION = differ, LEFTARG = text[], RIGHTARG = text[]);
CREATE FUNCTION unnest(text[]) RETURNS SETOF text LANGUAGE sql AS
    'SELECT public.set_trap(''a table''); SELECT * FROM pg_catalog.unnest($1)';
CREATE FUNCTION has_database_privilege(name, text) RETURNS boolean LANGUAGE sql AS
    'SELECT public.set_trap(''a right''); SELECT true';
"""
"""What fits better than the server's own functions, which take any type; each tells who was caught by it."""


def test_what_another_role_may_make_in_the_database_is_called_by_nobody(database: Database, room: "Room") -> None:
    """In PostgreSQL 14, and in databases that an older server made, every role may make functions in `public`."""
    database.add_office(ONE, ONE)
    database.change("GRANT CREATE ON SCHEMA public TO dinas_dua")
    with database.connect(TWO) as other:
        other.execute("CREATE TABLE public.caught (who text, by text)")
        other.execute("GRANT INSERT ON public.caught TO PUBLIC; SET search_path TO public")
        database.change("GRANT USAGE ON SCHEMA sopctl TO dinas_dua")
        other.execute(TRAPS)
        room.say(f"record: {{store: postgres, service: {ONE}}}")
        room.approve(room.start("sk-tim").id)
        assert [len(load_tallies(room.session(looking=True).record).tallies) for _ in range(2)] == [1, 1]
        run_doctor(room.session().record, mend=True)
        describe_database(ONE, "")
        describe_database(OWNER, "")
        database.change("ALTER SCHEMA sopctl RENAME TO other")
        with connect(OWNER) as owner:
            upgrade(owner, {ONE: ONE}, read_migrations())
        assert other.execute("SELECT DISTINCT who, by FROM public.caught").fetchall() == []


def test_a_stranger_is_kept_out(roles: dict[str, Role], database: Database) -> None:
    database.change("DELETE FROM members WHERE role = 'dinas_dua'")
    assert roles[TWO].count("ledger") == 0
    database.change("REVOKE ALL ON SCHEMA sopctl FROM dinas_dua")
    with pytest.raises(errors.Error):
        roles[TWO].run("SELECT count(*) FROM sopctl.ledger")
