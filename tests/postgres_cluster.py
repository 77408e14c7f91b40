"""A PostgreSQL server of the tests' own: a cluster in a folder of its own that is gone when the tests are.

Each process of the tests that asks for one gets one, so that a test may stop its server without harm to others. It
listens to a socket in that folder only. A guard ends the server and removes the folder as soon as the pipe from the
tests closes, in whatever way they ended.
"""

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGTERM
from time import sleep
from typing import Literal, LiteralString

import psycopg
import pytest
from psycopg import sql

from sopctl.store.postgres.upgrade import read_migrations, upgrade

PORT, BOUNCER_PORT = 5432, 6432
OWNER, SUPERUSER = "pemilik", "postgres"
MEMBERS = "dinas_satu", "dinas_dua"
ROLES = OWNER, *MEMBERS, SUPERUSER
PATTERN = "pola"
"""The database that each database of a test is a copy of."""

_GUARD = """
trap '' INT
cat >/dev/null
for file in "$1"/*.pid "$1"/data/postmaster.pid; do
    [ -e "$file" ] || continue
    pid=$(head -1 "$file")
    kill -QUIT "$pid" && while [ -e "$file" ] && kill -0 "$pid"; do sleep 0.02; done
done 2>/dev/null
rm -rf -- "$1"
"""

_BOUNCER = """
[databases]
* = host={host} port={server}
[pgbouncer]
listen_addr =
listen_port = {port}
unix_socket_dir = {folder}
unix_socket_mode = 0700
pidfile = {folder}/pgbouncer.pid
auth_type = scram-sha-256
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = 3
; of itself it asks a server that was stopped every 15 seconds
server_login_retry = 1
"""

_SETTINGS = f"""
listen_addresses = ''
unix_socket_directories = '{{folder}}'
port = {PORT}
max_connections = 60
shared_buffers = 32MB
fsync = off                 # what is written outlives a killed server; only a power failure shows the difference
log_min_messages = fatal
"""


class PostgresCluster:
    """The server; ``programs`` is the folder of `initdb` and the other programs of PostgreSQL."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="sopctl-postgres-"))
        self._guard = subprocess.Popen(
            ["sh", "-c", _GUARD, "sh", self.folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._as_user = _change_user()
        if self._as_user:
            shutil.chown(self.folder, *_user())
        self.passwords = {role: secrets.token_hex(8) for role in ROLES}
        self.pass_file = self._write_private(
            "pgpass", "".join(f"*:*:*:{role}:{password}\n" for role, password in self.passwords.items())
        )
        self._databases = 0
        self._init()
        self.start()
        self._fill()

    def _write_private(self, name: str, text: str, *, for_server: bool = False) -> Path:
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        if for_server and self._as_user:
            shutil.chown(path, *_user())
        return path

    def _init(self) -> None:
        """Make the cluster; every role needs its password."""
        password = self._write_private("password", self.passwords[SUPERUSER], for_server=True)
        words = "--no-sync", "--no-locale", "--encoding=UTF8", "--auth=scram-sha-256", f"--username={SUPERUSER}"
        self._run("initdb", *words, f"--pwfile={password}")
        with (self.folder / "data" / "postgresql.conf").open("a") as settings:
            settings.write(_SETTINGS.format(folder=self.folder))

    def _fill(self) -> None:
        """Make the roles, and the database that others are copied from, with the tables of the record."""
        with self.connect("postgres") as connection:
            for role in (OWNER, *MEMBERS):
                made = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
                connection.execute(made.format(sql.Identifier(role), sql.Literal(self.passwords[role])))
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*map(sql.Identifier, (PATTERN, OWNER))))
        with self.connect(PATTERN, OWNER) as connection:
            upgrade(connection, {}, read_migrations())
        with self.connect(PATTERN) as connection:
            connection.execute("DELETE FROM sopctl.members; DELETE FROM sopctl.offices")

    def _run(self, program: str, *words: str) -> None:
        command = [*self._as_user, str(self._programs / program), "-D", str(self.folder / "data"), *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", timeout=150)
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self) -> None:
        """Start the server."""
        log = self.folder / "data" / "log"
        self._run("pg_ctl", "start", "--wait", "--timeout=120", "--silent", f"--log={log}")

    def start_again(self) -> None:
        """Start the server where a test that failed left it stopped."""
        if not (self.folder / "data" / "postmaster.pid").exists():
            self.start()

    def stop(self, mode: Literal["fast", "immediate"] = "immediate") -> None:
        """Stop the server; at once is as if its processes were killed."""
        self._run("pg_ctl", "stop", "--wait", "--timeout=120", "--silent", f"--mode={mode}")

    @contextmanager
    def run_bouncer(self, program: str, host: str = "", server: int = PORT) -> Iterator[int]:
        """Run `pgbouncer` in transaction mode for the length of a block; its port, by the same folder.

        It reaches the server by another ``host`` and port where one is given.
        """
        self._write_private(
            "users.txt",
            "".join(f'"{role}" "{password}"\n' for role, password in self.passwords.items()),
            for_server=True,
        )
        text = _BOUNCER.format(folder=self.folder, host=host or self.folder, server=server, port=BOUNCER_PORT)
        settings = self._write_private("pgbouncer.ini", text, for_server=True)
        subprocess.run([*self._as_user, program, "-d", "-q", settings], check=True, capture_output=True, cwd="/")
        try:
            yield BOUNCER_PORT
        finally:
            pid_file = self.folder / "pgbouncer.pid"
            os.kill(int(pid_file.read_text()), SIGTERM)
            while pid_file.exists():
                sleep(0.01)

    def connect(self, database: str, role: str = SUPERUSER) -> psycopg.Connection:
        """A connection in which each statement is committed by itself."""
        password = self.passwords[role]
        return psycopg.connect(
            host=str(self.folder), port=PORT, dbname=database, user=role, password=password, autocommit=True
        )

    def create_database(self) -> str:
        """Make a database with the tables of the record; its name."""
        self.start_again()
        self._databases += 1
        name = f"uji_{self._databases}"
        with self.connect("postgres") as connection:
            made = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}")
            connection.execute(made.format(*map(sql.Identifier, (name, PATTERN, OWNER))))
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        with self.connect("postgres") as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def remove(self) -> None:
        """End the server and remove the folder."""
        assert self._guard.stdin is not None
        self._guard.stdin.close()
        self._guard.wait(60)


class Database:
    """A database with the tables of the record, and how libpq's service file names it: each role is a service.

    ``environment`` is told where that file and the passwords are.
    """

    def __init__(self, cluster: PostgresCluster, service_file: Path, environment: pytest.MonkeyPatch) -> None:
        self.cluster = cluster
        self.name = cluster.create_database()
        self._service_file = service_file
        environment.setenv("PGSERVICEFILE", str(service_file))
        environment.setenv("PGPASSFILE", str(cluster.pass_file))
        for role in ROLES:
            self.add_service(role, role)

    def add_service(self, service: str, role: str, *, host: str = "", port: int = PORT) -> None:
        """Name the database by another service, which reaches it by another host or port."""
        with self._service_file.open("a", encoding="utf-8") as file:
            file.write(f"[{service}]\nhost={host or self.cluster.folder}\nport={port}\n")
            file.write(f"dbname={self.name}\nuser={role}\n")

    def connect(self, role: str = SUPERUSER) -> psycopg.Connection:
        """A connection in which each statement is committed by itself."""
        return self.cluster.connect(self.name, role)

    def add_office(self, office: str, *roles: str) -> None:
        """Make an office, or let more roles work for it."""
        self.cluster.start_again()
        for role in roles:
            self.change("SELECT admit(%s, %s)", role, office)

    def change(self, statement: LiteralString, *values: object) -> int:
        """Change the record behind the back of sopctl, as who may do everything; how many rows."""
        with self.connect() as connection:
            connection.execute("SET search_path TO sopctl")
            return connection.execute(statement, values).rowcount


@contextmanager
def run_cluster(programs: Path) -> Iterator[PostgresCluster]:
    """A server for the length of a block."""
    cluster = PostgresCluster(programs)
    try:
        yield cluster
    finally:
        cluster.remove()


def find_programs() -> Path | None:
    """Where PostgreSQL's programs lie; Debian keeps those of each version in a folder of its own."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    named = shutil.which("initdb")
    return found[-1].parent if found else Path(named).resolve().parent if named else None


def _user() -> tuple[int, int]:
    """The account that PostgreSQL runs by where the tests run as root, which it refuses: user and group."""
    from pwd import getpwnam  # noqa: PLC0415 — Windows has none, and no server there

    for name in ("postgres", "nobody"):
        try:
            entry = getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise AssertionError("no account for PostgreSQL")


def _change_user() -> list[str]:
    """What stands before a command that must not run as root."""
    if os.geteuid():
        return []
    user, group = _user()
    return ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups"]
