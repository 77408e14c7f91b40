"""What can be said of a database that holds records: its server, its tables, and what the connected role may do."""

import time

import psycopg

from sopctl.store.postgres import schema
from sopctl.store.postgres.connections import OWN_FUNCTIONS, connect
from sopctl.store.postgres.errors import translate
from sopctl.store.record_facts import DatabaseFacts, RecordFacts, RecordSize

_ROLE = (
    "SELECT rolsuper, rolbypassrls, pg_is_in_recovery(), pg_backend_pid(),"
    " extract(epoch FROM clock_timestamp())::float8 FROM pg_roles WHERE rolname = session_user"
)
_TABLES = (
    "SELECT pg_has_role(session_user, nspowner, 'MEMBER'), has_schema_privilege(oid, 'USAGE'),"
    " EXISTS (SELECT FROM pg_class WHERE relnamespace = s.oid AND relname = 'migrations')"
    " FROM pg_namespace AS s WHERE nspname = 'sopctl'"
)
_OFFICE = (
    "SELECT set_config('sopctl.office', coalesce(nullif(%s, ''), (SELECT CASE WHEN count(*) = 1 THEN min(one) END"
    " FROM sopctl.own_offices() AS one), session_user), true)"
)
_OFFICES = "SELECT one FROM sopctl.own_offices() AS one ORDER BY one"
_SIZE = (
    "SELECT lines, head, moved_to, (SELECT count(*) FROM sopctl.cases WHERE office = own.office),"
    " (SELECT count(*) FROM sopctl.files WHERE office = own.office),"
    " (SELECT coalesce(sum(octet_length(data)), 0) FROM sopctl.contents WHERE office = own.office)::bigint, office"
    " FROM sopctl.offices AS own WHERE office = sopctl.current_office()"
)


def describe_database(service: str, office: str) -> RecordFacts:
    """The database of a service, and the record of an office in it; empty for the only one of the role.

    Raises:
        BusyError: where it cannot be reached.
    """
    connection = connect(service)
    try:
        with connection, connection.transaction():
            connection.execute(OWN_FUNCTIONS)
            return _describe(connection, service, office)
    except psycopg.Error as error:
        raise translate(error) from None


def _describe(connection: psycopg.Connection, service: str, office: str) -> RecordFacts:
    ((superuser, bypasses, standby, process, clock),) = connection.execute(_ROLE).fetchall()
    offset = clock - time.time()
    is_owner, may_use, has_tables = connection.execute(_TABLES).fetchone() or (False, False, False)
    number = _read_number(connection) if may_use and has_tables else 0
    size, moved_to, offices = None, "", ()
    if number == schema.NUMBER:
        offices = tuple(one for (one,) in connection.execute(_OFFICES).fetchall())
        office, moved_to, size = _read_office(connection, office)
    database = DatabaseFacts(
        service=service,
        office=office,
        offices=offices,
        tables=number,
        needed=schema.NUMBER,
        server=connection.info.parameter_status("server_version") or "",
        encrypted=bool(connection.pgconn.ssl_in_use),
        local=connection.info.host.startswith("/"),
        standby=standby,
        is_owner=is_owner,
        is_superuser=superuser,
        bypasses_policies=bypasses,
        listens=process == connection.info.backend_pid and not standby,
        offset=round(offset, 3),
    )
    return RecordFacts(store="postgres", moved_to=moved_to, size=size, database=database)


def _read_number(connection: psycopg.Connection) -> int:
    """The number that the tables have."""
    ((number,),) = connection.execute("SELECT coalesce(max(number), 0) FROM sopctl.migrations").fetchall()
    return int(number)


def _read_office(connection: psycopg.Connection, named: str) -> tuple[str, str, RecordSize | None]:
    """The office, where its record lies if not here, and how large it is; nothing where the role works for none."""
    connection.execute(_OFFICE, (named,))
    found = connection.execute(_SIZE).fetchone()
    if found is None:
        return "", "", None
    lines, head, moved_to, cases, files, total, office = found
    return office, moved_to, RecordSize(cases=cases, lines=lines, head=head, files=files, bytes=total)
