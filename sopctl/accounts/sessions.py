"""Sessions: who is logged in, until when.

A session ends 30 minutes after its last page and 12 hours after the log-in, as NIST SP 800-63B section 4.2.3 has it for
two factors and more strictly than it asks of a password alone. It also ends where the clock goes back behind its
beginning or its last page, so that a wrong clock lengthens it by 30 minutes at most.
"""

from datetime import UTC, datetime
from sqlite3 import Connection

from msgspec import Struct

from sopctl.accounts.database import CLOCK_SKEW, seconds
from sopctl.accounts.tokens import hash_token, new_token

IDLE = 30 * 60
"""Seconds after the last page."""

LONGEST = 12 * 3600
"""Seconds after the log-in."""

TOUCHED_EVERY = 60
"""Seconds between two notes of the last page."""

_MOST = 10
"""Sessions of one account; the oldest ends where one more begins."""


class PageSession(Struct, frozen=True):
    """Whose session it is, and when it ends at the latest."""

    account: str
    until: datetime


class OpenSession(Struct, frozen=True):
    """When a session began and was last used, and whether it is that of who asks."""

    began: datetime
    used: datetime
    own: bool


def begin_session(connection: Connection, account: str, now: datetime) -> str:
    """Begin one, and forget those that ended; its token."""
    token, at = new_token(), seconds(now)
    ended = (at - IDLE, at - LONGEST, at + CLOCK_SKEW, at + CLOCK_SKEW)
    connection.execute("DELETE FROM session WHERE used <= ? OR made <= ? OR used > ? OR made > ?", ended)
    connection.execute("INSERT INTO session VALUES (?, ?, ?, ?)", (hash_token(token), account, at, at))
    connection.execute(
        "DELETE FROM session WHERE account = ? AND token NOT IN "
        "(SELECT token FROM session WHERE account = ? ORDER BY made DESC, rowid DESC LIMIT ?)",
        (account, account, _MOST),
    )
    return token


def find_session(connection: Connection, token: str, now: datetime) -> tuple[PageSession | None, bool]:
    """The session with this token, None where there is none, or it ended; and whether to note that it was used."""
    row = connection.execute(
        "SELECT session.account, session.made, session.used FROM session JOIN account ON account.name = session.account"
        " WHERE token = ? AND disabled = 0",
        (hash_token(token),),
    ).fetchone()
    if row is None:
        return None, False
    account, made, used = row
    at = seconds(now)
    if not (used - CLOCK_SKEW <= at < used + IDLE and made - CLOCK_SKEW <= at < made + LONGEST):
        return None, False
    until = datetime.fromtimestamp(made + LONGEST, UTC)
    return PageSession(account, until), at >= used + TOUCHED_EVERY


def touch_session(connection: Connection, token: str, now: datetime) -> None:
    """Note that a page was asked for."""
    connection.execute("UPDATE session SET used = max(used, ?) WHERE token = ?", (seconds(now), hash_token(token)))


def end_session(connection: Connection, token: str) -> None:
    """End one; what has ended is ended."""
    connection.execute("DELETE FROM session WHERE token = ?", (hash_token(token),))


def end_sessions(connection: Connection, account: str, *, but: str = "") -> None:
    """End all of an account, or all but the one with a token."""
    connection.execute("DELETE FROM session WHERE account = ? AND token != ?", (account, hash_token(but)))


def has_session(connection: Connection, account: str, token: str) -> bool:
    """Whether an account has the session with this token."""
    query = "SELECT 1 FROM session WHERE account = ? AND token = ?"
    return connection.execute(query, (account, hash_token(token))).fetchone() is not None


def list_sessions(connection: Connection, account: str, token: str, now: datetime) -> tuple[OpenSession, ...]:
    """Those of an account that have not ended, the latest first; ``token`` is that of the own one."""
    at = seconds(now)
    query = "SELECT made, used, token FROM session WHERE account = ? AND used > ? AND made > ? ORDER BY made DESC"
    rows = connection.execute(query, (account, at - IDLE, at - LONGEST)).fetchall()
    own = hash_token(token)
    return tuple(
        OpenSession(datetime.fromtimestamp(made, UTC), datetime.fromtimestamp(used, UTC), own=key == own)
        for made, used, key in rows
    )
