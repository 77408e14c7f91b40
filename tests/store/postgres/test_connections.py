"""How the server is reached: through a pooler too, and in words where it is not, none of which holds a secret."""

import logging
import os
import re
import traceback
from datetime import UTC, datetime, timedelta, tzinfo
from multiprocessing import get_context
from pathlib import Path
from threading import Thread, Timer
from time import time
from typing import LiteralString

import pytest
from psycopg import OperationalError

from sopctl.errors import BusyError, DamagedError
from sopctl.store.postgres import connections, errors, waiting
from sopctl.store.postgres.store import PostgresStore
from sopctl.store.workspace import Workspace
from tests.postgres_cluster import MEMBERS, Database, PostgresCluster
from tests.store.contract.acts import add_note, noted, opened, read, save
from tests.store.postgres.conftest import ROLE, OpenStore

SECRET = "rahasia-9314"  # noqa: S105 — stands where a secret may
WRONG = {
    "no service": ("", "service"),
    "no server": ("host=127.0.0.1\nport=1\n", "unreachable"),
    "no host": (f"host={SECRET}.invalid\n", "unreachable"),
    "no password": (f"host={{folder}}\ndbname={{name}}\nuser={ROLE}\npassword={SECRET}\n", "login"),
    "no line in the password file": (f"host={{folder}}\ndbname={{name}}\nuser={SECRET}\n", "no_password"),
    "no role": (f"host={{folder}}\ndbname={{name}}\nuser={SECRET}\npassword={SECRET}\n", "login"),
    "no database": (f"host={{folder}}\ndbname={SECRET}\nuser={ROLE}\n", "database"),
    "an option that libpq does not know": (f"hos={SECRET}\n", "service"),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.usefixtures("impatient")
def test_what_is_wrong_with_the_way_to_the_server_is_told_without_naming_it(
    database: Database,
    open_store: OpenStore,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    wrong: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    text, code = WRONG[wrong]
    if text:
        with (tmp_path / "pg_service.conf").open("a") as file:
            file.write(f"[{SECRET}]\n{text.format(folder=database.cluster.folder, name=database.name)}")
    with pytest.raises(BusyError) as raised:
        open_store(SECRET).state()
    assert raised.value.code == code
    told = "".join(traceback.format_exception(raised.value, chain=True)) + caplog.text + "".join(capfd.readouterr())
    assert not re.search(f"{SECRET}|127.0.0.1|{database.cluster.folder}|{ROLE}|dinas_satu", _own_words(told))
    assert raised.value.__suppress_context__


@pytest.mark.usefixtures("impatient")
def test_a_password_file_that_others_may_open_is_told(
    open_store: OpenStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = tmp_path / "pgpass"
    copied.write_bytes(Path(os.environ["PGPASSFILE"]).read_bytes())
    copied.chmod(0o644)
    monkeypatch.setenv("PGPASSFILE", str(copied))
    with pytest.raises(BusyError) as raised:
        open_store(ROLE).state()
    assert raised.value.code == "open_password_file"
    copied.chmod(0o600)
    assert open_store(ROLE).state() == "0"


def test_an_account_without_a_home_is_asked_for_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGPASSFILE", raising=False)
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    assert errors.translate_connecting(OperationalError("fe_sendauth: no password supplied")).code == "no_password"


def test_an_office_that_the_role_does_not_work_for_is_told_with_those_that_it_does(
    database: Database, tmp_path: Path
) -> None:
    database.add_office("satu", ROLE)
    database.add_office("dua", ROLE)
    store = PostgresStore(Workspace(tmp_path), ROLE, "lain")
    for ask in (store.state, store.begin().__enter__):
        with pytest.raises(BusyError, match=r"tidak bekerja untuk kantor lain, tetapi untuk dua, satu;") as raised:
            ask()
        assert raised.value.code == "office"


def _own_words(told: str) -> str:
    """What a traceback says besides lines of code."""
    return "\n".join(line for line in told.splitlines() if not line.startswith("    "))


def test_every_sentence_about_a_server_is_one_for_people() -> None:
    for code in errors.SENTENCES:
        error = errors.make_error(code)
        assert error.message.endswith(".")
        assert (error.code, error.exit_code) == (code, 6)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("DROP SCHEMA sopctl CASCADE", "schema"),
        ("DROP TABLE sopctl.cases", "schema"),
        ("DELETE FROM migrations", "schema"),
        ("UPDATE migrations SET number = 0", "schema"),
        ("UPDATE migrations SET number = 9999", "newer_schema"),
        ("DELETE FROM members", "permission"),
        (f"REVOKE SELECT ON cases FROM {ROLE}", "permission"),
        (f"REVOKE USAGE ON SCHEMA sopctl FROM {ROLE}", "permission"),
    ],
)
def test_tables_that_are_not_as_they_should_be_are_told(
    store: PostgresStore, database: Database, change: LiteralString, code: str
) -> None:
    save(store, opened())
    database.change(change)
    for act in (lambda: store.load_instance("uji-1"), lambda: add_note(store, "uji-1")):
        with pytest.raises((BusyError, DamagedError)) as raised:
            act()
        assert raised.value.code == code


def test_an_office_of_others_is_no_empty_one(database: Database, open_store: OpenStore, tmp_path: Path) -> None:
    save(open_store(ROLE), opened())
    other = PostgresStore(Workspace(tmp_path), MEMBERS[1], "dinas")
    for ask in (lambda: [*other.list_ids()], other.state, lambda: save(other, opened("uji-2"))):
        with pytest.raises(BusyError) as raised:
            ask()
        assert raised.value.code == "permission"
    database.add_office("lain", MEMBERS[1])
    assert [*PostgresStore(Workspace(tmp_path), MEMBERS[1]).list_ids()] == []


def test_a_role_of_several_offices_must_say_which(database: Database, open_store: OpenStore, tmp_path: Path) -> None:
    save(open_store(ROLE), opened())
    database.add_office("cabang", ROLE)
    database.add_service("lain", ROLE)
    with pytest.raises(BusyError, match="cabang, dinas"):
        open_store("lain").state()
    assert [*PostgresStore(Workspace(tmp_path), "lain", "dinas").list_ids()] == ["uji-1"]
    assert [*PostgresStore(Workspace(tmp_path), "lain", "cabang").list_ids()] == []


def test_a_server_that_became_a_standby_is_read_and_refused_for_writing(
    store: PostgresStore, postgres_cluster: PostgresCluster
) -> None:
    save(store, opened())
    signal = postgres_cluster.folder / "data" / "standby.signal"
    postgres_cluster.stop("fast")
    signal.touch()
    postgres_cluster.start()
    try:
        assert store.load_instance("uji-1").revision == 1
        with pytest.raises(BusyError) as raised:
            add_note(store, "uji-1")
        assert raised.value.code == "standby"
    finally:
        postgres_cluster.stop("fast")
        signal.unlink()
        postgres_cluster.start()
    assert add_note(store, "uji-1").instance.revision == 2


def test_a_server_that_was_closed_for_changes_is_refused_clearly(store: PostgresStore, database: Database) -> None:
    save(store, opened())
    database.change(f"ALTER ROLE {ROLE} SET default_transaction_read_only = on")
    database.add_service("baru", ROLE)
    with pytest.raises(BusyError) as raised:
        add_note(PostgresStore(Workspace(Path()), "baru"), "uji-1")
    database.change(f"ALTER ROLE {ROLE} RESET default_transaction_read_only")
    assert raised.value.code == "standby"


def test_everything_works_through_a_pooler(database: Database, open_store: OpenStore, pgbouncer: int) -> None:
    database.add_service("antrean", ROLE, port=pgbouncer)
    store, others = open_store("antrean"), [open_store("antrean") for _ in range(6)]
    save(store, opened())
    threads = [Thread(target=add_note, args=(one, "uji-1")) for one in others]
    for thread in threads:
        thread.start()
    assert store.await_change("1", 20)
    for thread in threads:
        thread.join()
    assert store.load_instance("uji-1").revision == 7
    with database.connect() as connection:
        listening = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE query ILIKE 'LISTEN%%'").fetchone()
    assert listening == (0,)


def test_a_change_is_told_at_once_on_a_direct_connection(
    store: PostgresStore, open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "_EVERY_LISTENING", 600)
    save(store, opened())
    noting = Timer(0.2, add_note, args=(open_store(ROLE), "uji-1"))
    noting.start()
    assert store.await_change("1", 60)
    noting.join()
    assert not store.await_change("2", 0.1)


def set_clock(monkeypatch: pytest.MonkeyPatch, behind: timedelta) -> None:
    """Let the clock of this computer be so far behind."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Clock":
            return cls.fromtimestamp(time() - behind.total_seconds(), tz)

    monkeypatch.setattr(connections, "datetime", Clock)


@pytest.mark.parametrize("behind", [timedelta(days=-400), timedelta(hours=3), timedelta()])
def test_the_moment_that_is_recorded_is_the_servers(
    store: PostgresStore, monkeypatch: pytest.MonkeyPatch, behind: timedelta
) -> None:
    set_clock(monkeypatch, behind)
    now = datetime(2026, 11, 24, 3, tzinfo=UTC)
    assert abs(store.correct_clock(now) - now - behind) < timedelta(seconds=1)


@pytest.mark.parametrize("behind", [timedelta(hours=3), timedelta()])
def test_who_waits_for_the_writer_before_it_takes_no_clock_for_wrong(
    store: PostgresStore, open_store: OpenStore, monkeypatch: pytest.MonkeyPatch, behind: timedelta
) -> None:
    set_clock(monkeypatch, behind)
    waiting_store = open_store(ROLE)
    waiting_store.state()
    now = datetime(2026, 11, 24, 3, tzinfo=UTC)
    change = store.begin()
    change.__enter__()
    Timer(2, change.__exit__, (None, None, None)).start()
    with waiting_store.begin():
        assert abs(waiting_store.correct_clock(now) - now - behind) < timedelta(seconds=1)


def test_a_process_that_was_forked_has_a_connection_of_its_own(store: PostgresStore) -> None:
    save(store, opened())
    with store.begin() as change:
        change.load_instance("uji-1")
        process = get_context("fork").Process(target=_read_and_fail, args=(store,))
        process.start()
        process.join()
        assert process.exitcode == 0
        change.save_instance(noted(read(change.load_instance("uji-1"))).instance)
        change.commit()
    assert store.load_instance("uji-1").revision == 2


def _read_and_fail(store: PostgresStore) -> None:
    """In another process: what is read is there, and its end does not end the connections of the first."""
    assert store.load_instance("uji-1").revision == 1
    assert [*store.list_ids()] == ["uji-1"]


def test_who_waits_too_long_for_the_writer_is_told(
    store: PostgresStore, open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connections.LIMITS, "patience", "50ms")
    save(store, opened())
    with store.begin(), pytest.raises(BusyError, match="Ruang kerja sedang dipakai perintah lain") as raised:
        add_note(open_store(ROLE), "uji-1")
    assert raised.value.code == "busy"
    assert add_note(store, "uji-1").instance.revision == 2
