"""`record upgrade`: makes the tables of the record in a database, or brings them up to this program, as their owner.

Each file of `migrations` is one transaction, noted in `sopctl.migrations`. What keeps programs of another number away
is told there (0001): a transaction at work is waited for, and the next one of an older program is refused. Programs
that are only connected (`serve`) are seen by how their connections call themselves, and the upgrade is refused while
there is an older one, so that nobody's page stops in the middle of a morning. A pooler keeps a connection, and with it
the name, for some minutes after its program has ended; of a program to which it lends none now, nobody knows.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import psycopg
from msgspec import Struct

from sopctl.errors import BusyError, DamagedError, NotFoundError, OwnerError, UsageError
from sopctl.store.postgres.connections import OWN_FUNCTIONS, PATIENCE
from sopctl.store.postgres.errors import newer_schema_error, translate

MIGRATIONS = Path(__file__).parent / "migrations"
OLDEST_SERVER = 140000
"""The oldest version of PostgreSQL that the tables are made in, as it counts them."""

_ONE_AT_A_TIME = 0x736F7063746C
"""The advisory lock of whoever makes or changes the tables: `sopctl`."""


class Migration(Struct, frozen=True):
    """A file of `migrations`."""

    number: int
    name: str
    text: bytes

    @property
    def sha256(self) -> str:
        """The sha256 of its text."""
        return sha256(self.text).hexdigest()


class Upgraded(Struct, frozen=True):
    """The files that were applied now, the number that the tables have, and each role with its office."""

    applied: tuple[str, ...]
    number: int
    admitted: dict[str, str]


def read_migrations(folder: Path = MIGRATIONS) -> list[Migration]:
    """The files in their order; line breaks as in the repository, whatever a checkout made of them."""
    paths = sorted(folder.glob("[0-9]*.sql"))
    return [Migration(int(one.name[:4]), one.stem, one.read_text(encoding="utf-8").encode()) for one in paths]


def upgrade(
    connection: psycopg.Connection, grants: Mapping[str, str], migrations: list[Migration], own_office: str = ""
) -> Upgraded:
    """Apply what is missing, each file in a transaction, and make each role of ``grants`` work for its office.

    Where no role works for any office yet and none is named, the connected one is to work itself: for ``own_office``,
    or one of its own name.

    Raises:
        OwnerError: where that takes other rights. BusyError: where an older program is at work. DamagedError: where
            the schema is none of ours, or a newer program's. NotFoundError: where there is no such role.
    """
    try:
        _check_server(connection)
        _check_roles(connection, grants)
        applied: list[str] = []
        while name := _apply_next(connection, migrations):
            applied.append(name)
        admitted = _admit(connection, grants, own_office) if grants or _may_change(connection) else {}
    except psycopg.Error as error:
        raise translate(error) from None
    return Upgraded(tuple(applied), migrations[-1].number, admitted)


def _check_server(connection: psycopg.Connection) -> None:
    info = connection.info
    if info.server_version < OLDEST_SERVER:
        message = f"Server itu PostgreSQL yang terlalu lama; yang diperlukan versi {OLDEST_SERVER // 10000} atau lebih."
        raise UsageError(message, code="database_version")
    if (encoding := info.parameter_status("server_encoding")) != "UTF8":
        message = f"Basis data itu menyimpan huruf sebagai {encoding}; buat basis data dengan ENCODING 'UTF8'."
        raise UsageError(message, code="database_encoding")


def _check_roles(connection: psycopg.Connection, roles: Iterable[str]) -> None:
    """Make sure that all roles are there, before anything is made for them."""
    wanted = "SELECT * FROM unnest(%s::text[]) EXCEPT SELECT rolname::text FROM pg_roles ORDER BY 1"
    with connection.transaction():
        connection.execute(OWN_FUNCTIONS)
        missing = [name for (name,) in connection.execute(wanted, ([*roles],)).fetchall()]
    if missing:
        message = f"Peran {', '.join(missing)} belum ada di server itu; buat dahulu dengan CREATE ROLE."
        raise NotFoundError(f"{message} Tidak ada yang diubah.", code="role")


def _apply_next(connection: psycopg.Connection, migrations: list[Migration]) -> str:
    """Apply the next file; its name, empty where nothing is missing."""
    with _changing(connection):
        known = _read_number(connection, migrations)
        following = next((one for one in migrations if one.number > known), None)
        if following is None:
            return ""
        _become_owner(connection)
        if known:
            _refuse_older_programs(connection, migrations[-1].number)
            connection.execute("LOCK TABLE sopctl.migrations IN ACCESS EXCLUSIVE MODE")
        connection.execute("SET LOCAL search_path TO sopctl, pg_temp")
        connection.execute(following.text)
        noted = following.number, following.name, following.sha256
        connection.execute("INSERT INTO migrations (number, name, sha256) VALUES (%s, %s, %s)", noted)
        return following.name


@contextmanager
def _changing(connection: psycopg.Connection) -> Iterator[None]:
    """A transaction of the only one who changes the tables now; nobody at work is waited for longer than `PATIENCE`."""
    with connection.transaction():
        connection.execute(OWN_FUNCTIONS)
        connection.execute(f"SET LOCAL lock_timeout = '{PATIENCE:.0f}s'")
        connection.execute("SET LOCAL statement_timeout = 0")
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_ONE_AT_A_TIME,))
        yield


def _read_number(connection: psycopg.Connection, migrations: list[Migration]) -> int:
    """The number that the tables have, 0 where there are none; what is there must be what these files make."""
    found = connection.execute(
        "SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = schema.oid),"
        " EXISTS (SELECT FROM pg_class WHERE relnamespace = schema.oid AND relname = 'migrations')"
        " FROM pg_namespace AS schema WHERE nspname = 'sopctl'"
    ).fetchone()
    if found in {None, (False, False)}:
        return 0
    if found == (True, False):
        raise _foreign_error("sudah mempunyai schema bernama sopctl yang tidak dibuat sopctl")
    applied: list[tuple[int, str]] = connection.execute(
        "SELECT number, sha256 FROM sopctl.migrations ORDER BY number"
    ).fetchall()
    if applied and applied[-1][0] > migrations[-1].number:
        raise newer_schema_error()
    if not applied or applied != [(one.number, one.sha256) for one in migrations[: len(applied)]]:
        raise _foreign_error("disiapkan oleh sopctl lain daripada yang terpasang di sini")
    return applied[-1][0]


def _foreign_error(why: str) -> DamagedError:
    return DamagedError(f"Basis data itu {why}; tidak ada yang diubah.", code="database_foreign")


def _may_change(connection: psycopg.Connection) -> bool:
    """Whether the connected role is, or may become, the owner of the tables."""
    found = connection.execute("SELECT pg_has_role(nspowner, 'MEMBER') FROM pg_namespace WHERE nspname = 'sopctl'")
    return (True,) in found.fetchall()


def _become_owner(connection: psycopg.Connection) -> None:
    """What is made belongs to the owner of the schema, which is made where there is none."""
    found = connection.execute("SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'sopctl'").fetchone()
    if found is None:
        rights = connection.execute("SELECT has_database_privilege(current_database(), 'CREATE')").fetchone()
        if rights != (True,):
            raise OwnerError("Peran itu tidak berhak membuat tabel di basis data itu.", code="database_owner")
        connection.execute("CREATE SCHEMA sopctl")
    elif not _may_change(connection):
        raise OwnerError("Tabel di basis data itu hanya dapat diubah pemiliknya.", code="database_owner")
    else:
        connection.execute(f"SET LOCAL ROLE {found[0]}")  # regrole quotes it


def _refuse_older_programs(connection: psycopg.Connection, number: int) -> None:
    (count,) = connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND application_name ~ '^sopctl/[0-9]{1,6}$' AND substr(application_name, 8)::integer < %s"
        " AND pid <> pg_backend_pid()",
        (number,),
    ).fetchone() or (0,)
    if count:
        raise BusyError(
            f"Masih ada {count} sambungan sopctl versi lama ke basis data itu; tidak ada yang diubah. Hentikan dahulu "
            "sopctl versi lama di semua komputer, juga halamannya (serve), lalu ulangi. Lewat pgbouncer sambungan itu "
            "baru hilang beberapa menit kemudian.",
            code="older_programs",
        )


def _admit(connection: psycopg.Connection, grants: Mapping[str, str], own_office: str) -> dict[str, str]:
    """Make the roles work for their offices, and give all that do their rights on new tables; those of ``grants``."""
    with _changing(connection):
        _become_owner(connection)
        admitted = dict(grants)
        if not grants and not connection.execute("SELECT FROM sopctl.members LIMIT 1").fetchall():
            ((own,),) = connection.execute("SELECT session_user::text").fetchall()
            admitted[own] = own_office or own
        for role, office in admitted.items():
            connection.execute("SELECT sopctl.admit(%s, %s)", (role, office))
        connection.execute("SELECT sopctl.admit(role, office) FROM sopctl.members JOIN pg_roles ON rolname = role")
        return admitted
