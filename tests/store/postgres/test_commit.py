"""What becomes of a transaction whose connection breaks, or whose server goes away: it is made once, or not at all."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import pytest

from sopctl.engine.case import Case
from sopctl.errors import BusyError
from sopctl.store.postgres import errors, writer
from sopctl.store.postgres.store import PostgresStore
from tests.postgres_cluster import Database, PostgresCluster
from tests.store.contract.acts import NOW, add_note, give_number, lines, noted, opened, read, save
from tests.store.postgres.conftest import ROLE, OpenStore

if TYPE_CHECKING:
    from tests.cutting_proxy import CuttingProxy


@pytest.fixture
def far(database: Database, proxy: "CuttingProxy", open_store: OpenStore) -> PostgresStore:
    """The record, reached through the proxy, and connected."""
    database.add_service("jauh", ROLE, host="127.0.0.1", port=proxy.port)
    store = open_store("jauh")
    store.state()
    return store


@pytest.fixture
def pooled(
    database: Database,
    proxy: "CuttingProxy",
    postgres_cluster: PostgresCluster,
    pgbouncer_program: str,
    open_store: OpenStore,
) -> Iterator[PostgresStore]:
    """The record, reached through a pooler that reaches the server through the proxy."""
    with postgres_cluster.run_bouncer(pgbouncer_program, "127.0.0.1", proxy.port) as port:
        database.add_service("antrean", ROLE, port=port)
        store = open_store("antrean")
        store.state()
        yield store


@pytest.fixture(params=["far", "pooled"])
def remote(request: pytest.FixtureRequest) -> PostgresStore:
    """The record, reached through the proxy, by way of a pooler or without."""
    store: PostgresStore = request.getfixturevalue(request.param)
    return store


def break_connections(database: Database) -> None:
    """End every connection of the role, as a restart of the server does."""
    database.change("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = %s", ROLE)


def note_over_broken_connections(store: PostgresStore, database: Database) -> Case:
    """Note something on the case `uji-1` in a transaction whose connection breaks again and again; the case then."""
    with store.begin() as change:
        break_connections(database)
        case = noted(read(change.load_instance("uji-1")))
        break_connections(database)
        change.save_instance(case.instance)
        change.commit()
    return case


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_commit_whose_answer_is_lost_is_made_once(
    store: PostgresStore, remote: PostgresStore, proxy: "CuttingProxy", when: Literal["before", "after"]
) -> None:
    save(store, opened())
    proxy.cut_once(when, b"COMMIT\0")
    add_note(remote, "uji-1")
    assert (proxy.cuts, remote.commit_state) == (1, "yes")
    assert store.load_instance("uji-1").revision == len(lines(store)) == 2
    assert add_note(remote, "uji-1").instance.revision == 3


FAREWELL = b"SFATAL\0VFATAL\0C08P01\0Mserver conn crashed?\0\0"


def test_what_a_pooler_says_of_a_server_that_is_gone_is_no_answer_to_the_commit(
    store: PostgresStore, far: PostgresStore, proxy: "CuttingProxy"
) -> None:
    """The COMMIT may have been made; psycopg tells of it before the connection is closed."""
    save(store, opened())
    proxy.cut_once("after", b"COMMIT\0", farewell=b"E" + (len(FAREWELL) + 4).to_bytes(4) + FAREWELL)
    add_note(far, "uji-1")
    assert far.commit_state == "yes"
    assert len(lines(store)) == 2


def test_a_commit_is_made_once_though_the_server_ended_the_connection_of_a_pooler(
    pooled: PostgresStore, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pooler says so and goes on: what it was sent stays without an answer."""
    save(pooled, opened())
    with monkeypatch.context() as ending:
        ending.setattr(writer, "_NOTIFY", "SELECT pg_terminate_backend(pg_backend_pid())")
        add_note(pooled, "uji-1")
    assert (pooled.commit_state, pooled.load_instance("uji-1").revision) == ("yes", 2)
    case = note_over_broken_connections(pooled, database)
    break_connections(database)
    assert pooled.load_instance("uji-1") == case.instance
    assert len(lines(pooled)) == 3


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_number_whose_commit_was_lost_is_given_once(
    store: PostgresStore, far: PostgresStore, proxy: "CuttingProxy", when: Literal["before", "after"]
) -> None:
    proxy.cut_once(when, b"COMMIT\0")
    with far.begin() as change:
        change.add_document("uji-1", "surat", b"isi" * 200_000)
        give_number(change, "surat")
        change.commit()
    with store.begin() as change:
        assert give_number(change, "nota") == 2
        change.commit()
    assert [one.urut for one in store.read_register()] == [1, 2]


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_a_repair_replaced_is_put_aside_though_its_commit_was_lost(
    store: PostgresStore,
    far: PostgresStore,
    proxy: "CuttingProxy",
    database: Database,
    when: Literal["before", "after"],
) -> None:
    save(store, opened())
    case = store.load_instance("uji-1")
    database.change("UPDATE cases SET envelope = 'rusak'")
    with far.repair(NOW) as repair:
        proxy.cut_once(when, b"COMMIT\0")
        assert repair.replace_case(case)
    assert (proxy.cuts, store.load_instance("uji-1")) == (1, case)
    with database.connect() as connection:
        found = connection.execute("SELECT name, convert_from(data, 'UTF8') FROM sopctl.aside ORDER BY at").fetchall()
    assert found[0] == ("uji-1", "rusak")


def test_a_connection_that_broke_within_a_transaction_is_replaced(store: PostgresStore, database: Database) -> None:
    save(store, opened())
    case = note_over_broken_connections(store, database)
    assert store.load_instance("uji-1") == case.instance
    assert len(lines(store)) == 2


@pytest.mark.parametrize("asks", [False, True], ids=["at the commit", "before it"])
def test_nothing_is_made_where_others_wrote_after_the_connection_broke(
    store: PostgresStore, open_store: OpenStore, database: Database, *, asks: bool
) -> None:
    save(store, opened(), opened("uji-2"))
    with store.begin() as change, pytest.raises(BusyError) as raised:  # noqa: PT012 — at either
        case = noted(read(change.load_instance("uji-1")))
        break_connections(database)
        add_note(open_store(ROLE), "uji-2")
        if asks:
            change.load_instance("uji-2")
        change.save_instance(case.instance)
        change.commit()
    assert raised.value.code == "lock_lost"
    assert store.commit_state == "nothing"
    assert store.load_instance("uji-1").revision == 1
    assert len(lines(store)) == 3


def test_where_nobody_can_say_whether_it_was_made_one_is_told_to_look(
    store: PostgresStore, far: PostgresStore, proxy: "CuttingProxy", monkeypatch: pytest.MonkeyPatch
) -> None:
    save(store, opened())
    with far.begin() as change, monkeypatch.context() as away:
        change.save_instance(noted(read(change.load_instance("uji-1"))).instance)
        proxy.cut_once("after", b"COMMIT\0")
        away.setenv("PGSERVICEFILE", "/tidak/ada")
        with pytest.raises(BusyError) as raised:
            change.commit()
    assert (raised.value.code, raised.value.advice) == ("unfinished", "look_first")
    assert far.commit_state == "perhaps"
    assert store.load_instance("uji-1").revision == 2


def test_a_server_that_was_restarted_between_two_moves_is_found_again(
    store: PostgresStore, postgres_cluster: PostgresCluster
) -> None:
    save(store, opened())
    for mode in ("fast", "immediate"):
        postgres_cluster.stop(mode)
        postgres_cluster.start()
        add_note(store, "uji-1")
        assert [*store.list_ids()] == ["uji-1"]
    assert store.load_instance("uji-1").revision == 3


@pytest.mark.usefixtures("impatient")
def test_a_server_that_is_away_is_told_and_nothing_is_recorded(
    store: PostgresStore, postgres_cluster: PostgresCluster
) -> None:
    save(store, opened())
    postgres_cluster.stop()
    try:
        for ask in (store.state, lambda: save(store, opened("uji-2")), lambda: [*store.list_ids()]):
            with pytest.raises(BusyError) as raised:
                ask()
            assert raised.value.code == "unreachable"
    finally:
        postgres_cluster.start()
    assert add_note(store, "uji-1").instance.revision == 2


@pytest.mark.usefixtures("impatient")
def test_a_server_that_stops_at_the_commit_has_made_nothing(
    store: PostgresStore, postgres_cluster: PostgresCluster
) -> None:
    save(store, opened())
    with store.begin() as change:
        change.save_instance(noted(read(change.load_instance("uji-1"))).instance)
        postgres_cluster.stop()
        try:
            with pytest.raises(BusyError) as raised:
                change.commit()
        finally:
            postgres_cluster.start()
    assert raised.value.code == "unfinished"
    assert add_note(store, "uji-1").instance.revision == 2


@pytest.mark.parametrize("state", sorted(errors.REPEATABLE))
def test_a_transaction_that_the_server_gave_up_is_sent_again(
    store: PostgresStore, database: Database, state: str
) -> None:
    save(store, opened())
    refuse(database, state, times=2)
    add_note(store, "uji-1")
    assert store.load_instance("uji-1").revision == 2
    assert len(lines(store)) == 2


@pytest.mark.parametrize("at_commit", [False, True], ids=["at a statement", "at the commit"])
def test_a_full_disk_of_the_server_is_told_and_nothing_is_recorded(
    store: PostgresStore, database: Database, *, at_commit: bool
) -> None:
    save(store, opened())
    refuse(database, "53100", at_commit=at_commit)
    with pytest.raises(BusyError) as raised:
        add_note(store, "uji-1")
    assert raised.value.code == "disk_full"
    assert store.commit_state == "nothing"
    database.change("DROP FUNCTION public.refuse CASCADE")
    assert add_note(store, "uji-1").instance.revision == 2


def refuse(database: Database, state: str, *, at_commit: bool = False, times: int = 1000) -> None:
    """Let the server refuse so many lines of the ledger."""
    database.change("CREATE SEQUENCE IF NOT EXISTS public.tries")
    database.change("GRANT USAGE ON SEQUENCE public.tries TO PUBLIC")
    database.change(
        "CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF nextval(''public.tries'') <= "
        f"{times} THEN RAISE EXCEPTION USING ERRCODE = ''{state}''; END IF; RETURN NULL; END'"
    )
    deferred = "DEFERRABLE INITIALLY DEFERRED" if at_commit else ""
    database.change(
        f"CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON ledger {deferred} FOR EACH ROW EXECUTE FUNCTION"
        " public.refuse()"
    )


def test_a_pooler_that_loses_the_server_at_the_first_question_is_asked_again(
    open_store: OpenStore, database: Database, pgbouncer: int
) -> None:
    database.add_service("antrean-baru", ROLE, port=pgbouncer)
    database.change("CREATE SEQUENCE public.tries")
    database.change("GRANT USAGE ON SEQUENCE public.tries TO PUBLIC")
    store = open_store("antrean-baru")
    database.change(
        "CREATE OR REPLACE FUNCTION own_offices() RETURNS SETOF text LANGUAGE plpgsql AS 'BEGIN IF"
        " nextval(''public.tries'') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;"
        " RETURN QUERY SELECT ''dinas''::text; END'"
    )
    assert store.state() == "0"
