"""The server that other tests rest on: its databases, its roles, the pooler and the proxy before it, its end."""

import subprocess
import sys
from pathlib import Path
from signal import SIGINT, SIGKILL
from time import sleep
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cutting_proxy import CuttingProxy
    from tests.postgres_cluster import Database, PostgresCluster

psycopg = pytest.importorskip("psycopg")


def test_a_service_of_each_role_reaches_the_database_by_its_password(database: "Database") -> None:
    for role in ("pemilik", "dinas_satu", "dinas_dua", "postgres"):
        with psycopg.connect(service=role) as connection:
            (user, name) = connection.execute("SELECT session_user, current_database()").fetchone()
        assert (user, name) == (role, database.name)
    assert database.change("INSERT INTO offices (office) VALUES (%s)", "dinas") == 1


@pytest.mark.usefixtures("pgbouncer")
def test_the_pooler_gives_a_session_from_transaction_to_transaction(database: "Database", pgbouncer: int) -> None:
    database.add_service("pooler", "pemilik", port=pgbouncer)
    with psycopg.connect(service="pooler", prepare_threshold=None) as one:
        one.execute("SELECT set_config('sopctl.office', 'satu', true)")
        one.commit()
        (kept,) = one.execute("SELECT current_setting('sopctl.office', true)").fetchone()
    assert not kept


def test_the_proxy_counts_round_trips_and_cuts_where_it_is_told(database: "Database", proxy: "CuttingProxy") -> None:
    database.add_service("proxy", "pemilik", host="127.0.0.1", port=proxy.port)
    with psycopg.connect(service="proxy", autocommit=True) as connection:
        for _ in range(3):
            connection.execute("SELECT 1")
    assert (proxy.setups, proxy.round_trips) == (1, 3)
    for when, made in (("before", 0), ("after", 1)):
        proxy.cut_once(when, b"COMMIT")  # type: ignore[arg-type]  # one of the two
        with pytest.raises(psycopg.OperationalError), psycopg.connect(service="proxy") as connection:
            connection.execute("CREATE TABLE percobaan (nilai integer)")
        with psycopg.connect(service="pemilik") as connection:
            (found,) = connection.execute("SELECT count(*) FROM pg_tables WHERE tablename = 'percobaan'").fetchone()
        assert found == made
    assert proxy.cuts == 2


def test_what_was_committed_outlives_a_server_that_is_stopped_at_once(
    database: "Database", postgres_cluster: "PostgresCluster"
) -> None:
    database.change("INSERT INTO offices (office) VALUES (%s)", "dinas")
    postgres_cluster.stop("immediate")
    postgres_cluster.start()
    assert database.change("DELETE FROM offices") == 1


@pytest.mark.parametrize("signal", [SIGINT, SIGKILL], ids=["Ctrl-C", "killed"])
@pytest.mark.usefixtures("postgres_cluster")
def test_nothing_is_left_of_a_server_whose_tests_were_ended(signal: int) -> None:
    code = """if True:
        import sys, time
        from tests.postgres_cluster import find_programs, run_cluster
        with run_cluster(find_programs()) as cluster:
            print(cluster.folder, cluster.folder.joinpath("data/postmaster.pid").read_text().split()[0], flush=True)
            time.sleep(60)
    """
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        folder, pid = process.stdout.readline().split()
        assert Path(folder, "pgpass").is_file()
        process.send_signal(signal)
        process.stderr.read()  # the guard closes it when it is done
    assert not Path(folder).exists()
    while is_running(pid):
        sleep(0.02)


def is_running(pid: str) -> bool:
    """Whether a process is there that has not ended."""
    try:
        return Path("/proc", pid, "cmdline").read_bytes() != b""
    except OSError:
        return False
