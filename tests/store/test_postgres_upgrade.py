"""`record upgrade` on a real server: the tables are made once, and programs of another number stay away."""

import threading
from typing import TYPE_CHECKING

import pytest

from sopctl.errors import BusyError, DamagedError, NotFoundError, OwnerError, SopctlError
from sopctl.store.postgres import schema
from sopctl.store.postgres.connections import connect
from sopctl.store.postgres.upgrade import Migration, Upgraded, read_migrations, upgrade
from tests.postgres_cluster import MEMBERS, OWNER, SUPERUSER, Database

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FILES = read_migrations()
NEXT = Migration(schema.NUMBER + 1, "0002_uji", b"CREATE TABLE added (office text)")


@pytest.fixture
def empty(database: Database) -> Database:
    database.change("DROP SCHEMA sopctl CASCADE")
    return database


def upgraded(service: str, grants: "Mapping[str, str] | None" = None, *more: Migration) -> Upgraded:
    with connect(service) as connection:
        return upgrade(connection, grants or {}, [*FILES, *more])


def refused(kind: type[SopctlError], ask: "Callable[[], object]") -> SopctlError:
    with pytest.raises(kind) as caught:
        ask()
    assert not any(secret in caught.value.message for secret in ("sopctl-postgres", SUPERUSER, "password"))
    return caught.value


def members(database: Database) -> list[tuple[str, str]]:
    with database.connect() as connection:
        return connection.execute("SELECT role::text, office FROM sopctl.members ORDER BY 1, 2").fetchall()


def test_the_number_of_this_program_is_that_of_the_last_file() -> None:
    assert [one.number for one in FILES] == list(range(1, schema.NUMBER + 1))


@pytest.mark.usefixtures("empty")
def test_tables_are_made_once_and_each_file_is_noted() -> None:
    assert upgraded(OWNER, {"dinas_satu": "dinas_satu"}).applied == tuple(one.name for one in FILES)
    assert upgraded(OWNER) == Upgraded((), schema.NUMBER, {})
    with connect(OWNER) as connection:
        noted = connection.execute("SELECT number, name, sha256, at IS NOT NULL FROM sopctl.migrations").fetchall()
    assert noted == [(one.number, one.name, one.sha256, True) for one in FILES]


def test_a_role_works_for_an_office_of_its_name_or_of_another(empty: Database) -> None:
    upgraded(OWNER, {"dinas_satu": "dinas_satu", "dinas_dua": "diskop"})
    assert members(empty) == [("dinas_dua", "diskop"), ("dinas_satu", "dinas_satu")]


def test_an_owner_who_works_alone_gets_an_office_of_its_own(empty: Database) -> None:
    upgraded(OWNER)
    assert members(empty) == [(OWNER, OWNER)]
    upgraded(OWNER, {"dinas_satu": "dinas_satu"})
    upgraded(OWNER)
    assert members(empty) == [("dinas_satu", "dinas_satu"), (OWNER, OWNER)]


def test_the_tables_belong_to_the_owner_though_a_superuser_brings_them_up(empty: Database) -> None:
    upgraded(OWNER)
    upgraded(SUPERUSER, {}, NEXT)
    with empty.connect() as connection:
        owners = connection.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'sopctl'").fetchall()
    assert owners == [(OWNER,)]


@pytest.mark.usefixtures("empty")
def test_a_member_learns_that_nothing_is_missing_and_may_change_nothing() -> None:
    upgraded(OWNER, {"dinas_satu": "dinas_satu"})
    assert upgraded("dinas_satu") == Upgraded((), schema.NUMBER, {})
    assert refused(OwnerError, lambda: upgraded("dinas_satu", {"dinas_dua": "dinas_satu"})).code == "database_owner"
    assert refused(OwnerError, lambda: upgraded("dinas_satu", {}, NEXT)).code == "database_owner"


@pytest.mark.usefixtures("empty")
def test_who_may_make_no_tables_is_told_so() -> None:
    assert refused(OwnerError, lambda: upgraded("dinas_satu")).code == "database_owner"


@pytest.mark.usefixtures("empty")
def test_a_role_that_is_not_there_is_found_before_anything_is_made() -> None:
    told = refused(NotFoundError, lambda: upgraded(OWNER, {"dinas_satu": "a", "hilang": "b", "lupa": "c"}))
    assert (told.code, "hilang, lupa" in told.message) == ("role", True)
    with connect(OWNER) as connection:
        assert connection.execute("SELECT FROM pg_namespace WHERE nspname = 'sopctl'").fetchall() == []


def test_a_role_that_the_server_has_no_more_holds_up_no_upgrade(empty: Database) -> None:
    empty.change("CREATE ROLE pindah")
    upgraded(OWNER, {"dinas_satu": "dinas_satu", "pindah": "dinas_dua"})
    empty.change("DROP OWNED BY pindah")
    empty.change("DROP ROLE pindah")
    assert upgraded(OWNER, {}, NEXT).applied == (NEXT.name,)
    assert upgraded(OWNER, {"dinas_dua": "dinas_dua"}, NEXT).admitted == {"dinas_dua": "dinas_dua"}


def test_a_schema_of_somebody_else_is_left_alone(empty: Database) -> None:
    empty.change("CREATE SCHEMA sopctl")
    empty.change("CREATE TABLE sopctl.other ()")
    assert refused(DamagedError, lambda: upgraded(OWNER)).code == "database_foreign"


def test_a_schema_that_was_made_for_the_owner_is_filled(empty: Database) -> None:
    empty.change(f"CREATE SCHEMA sopctl AUTHORIZATION {OWNER}")
    assert upgraded(OWNER).number == schema.NUMBER


@pytest.mark.usefixtures("empty")
def test_tables_of_a_newer_program_are_left_alone() -> None:
    upgraded(OWNER, {}, NEXT)
    assert refused(DamagedError, lambda: upgraded(OWNER)).code == "newer_schema"


def test_tables_that_other_files_made_are_left_alone(empty: Database) -> None:
    upgraded(OWNER)
    for change in ("UPDATE migrations SET sha256 = 'other'", "DELETE FROM migrations"):
        empty.change(change)
        assert refused(DamagedError, lambda: upgraded(OWNER, {}, NEXT)).code == "database_foreign"


@pytest.mark.usefixtures("empty")
def test_an_upgrade_is_refused_while_an_older_program_is_connected() -> None:
    upgraded(OWNER, {"dinas_satu": "dinas_satu"})
    with connect("dinas_satu"):
        assert refused(BusyError, lambda: upgraded(OWNER, {}, NEXT)).code == "older_programs"
    assert upgraded(OWNER, {}, NEXT).applied == (NEXT.name,)


def test_an_upgrade_waits_for_a_transaction_and_the_next_one_sees_the_new_number(
    empty: Database, pgbouncer: int
) -> None:
    upgraded(OWNER, {"dinas_satu": "dinas_satu"})
    empty.add_service("pooled", "dinas_satu", port=pgbouncer)
    done = threading.Event()

    def bring_up() -> None:
        upgraded(OWNER, {}, NEXT)
        done.set()

    with connect("pooled") as old:
        old.execute("SET application_name TO other")  # as one that the upgrade does not know
        with old.transaction():
            old.execute("SELECT max(number) FROM sopctl.migrations")
            running = threading.Thread(target=bring_up)
            running.start()
            assert not done.wait(0.5)
        running.join(30)
        assert done.is_set()
        assert old.execute("SELECT max(number) FROM sopctl.migrations").fetchone() == (NEXT.number,)


def test_a_member_gets_its_rights_on_what_an_upgrade_adds(empty: Database) -> None:
    upgraded(OWNER, dict(zip(MEMBERS, MEMBERS, strict=True)))
    empty.change("REVOKE ALL ON ALL TABLES IN SCHEMA sopctl FROM dinas_satu, dinas_dua")
    upgraded(OWNER, {}, NEXT)
    with connect("dinas_dua") as connection:
        assert connection.execute("SELECT count(*) FROM sopctl.cases").fetchone() == (0,)
