"""Waiting for a change: the server tells of it on a direct connection; else it is looked for every second."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg import sql

from sopctl.store.postgres.connections import Connections, RecordConnection, Statement

_EVERY, _EVERY_LISTENING = 1.0, 10.0
"""Seconds between two looks; longer where the server tells of changes."""

_CHANNEL: Statement = ("SELECT channel FROM sopctl.offices WHERE office = %(office)s", {})


@contextmanager
def listen(connections: Connections) -> Iterator[Callable[[float], None]]:
    """What waits for a change, or so many seconds, or a part of them after which to look again."""
    connection = _open_listening(connections)

    def wait(seconds: float) -> None:
        if connection is None or connection.closed:
            time.sleep(min(seconds, _EVERY))
            return
        with suppress(psycopg.Error):
            for _ in connection.notifies(timeout=min(seconds, _EVERY_LISTENING), stop_after=1):
                pass

    try:
        yield wait
    finally:
        if connection is not None:
            connection.close()


def _open_listening(connections: Connections) -> RecordConnection | None:
    """A connection on which the server tells of changes; None behind a pooler, which gives its session to others."""
    with suppress(psycopg.Error):
        connection, (_, ((channel,),)) = connections.attempt(lambda one: connections.open_transaction(one, _CHANNEL))
        if connection.is_direct:
            connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            return connection
        connections.give_back(connection)
    return None
