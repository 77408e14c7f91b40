"""Invitations: a link with which an official chooses a password, once, within 72 hours. The newest one counts."""

from datetime import UTC, datetime
from sqlite3 import Connection

from msgspec import Struct

from sopctl.accounts.database import CLOCK_SKEW, seconds
from sopctl.accounts.tokens import hash_token, new_token

LASTS = 72 * 3600
"""Seconds."""

GONE = "Undangan ini sudah dipakai, diganti, atau lewat 72 jam."
"""What is said of a link that is no invitation any more."""


class Invitation(Struct, frozen=True):
    """For which account it is, and until when."""

    account: str
    until: datetime


def make_invitation(connection: Connection, account: str, now: datetime) -> str:
    """Make one in the place of any before; its token."""
    token = new_token()
    connection.execute("REPLACE INTO invitation VALUES (?, ?, ?)", (account, hash_token(token), seconds(now)))
    return token


def find_invitation(connection: Connection, token: str, now: datetime) -> Invitation | None:
    """The invitation with this token; None where it was used, replaced, withdrawn or is too old."""
    row = connection.execute("SELECT account, made FROM invitation WHERE token = ?", (hash_token(token),)).fetchone()
    return _valid(row[0], row[1], now) if row else None


def invitation_of(connection: Connection, account: str, now: datetime) -> Invitation | None:
    """The invitation that an account can still use."""
    row = connection.execute("SELECT made FROM invitation WHERE account = ?", (account,)).fetchone()
    return _valid(account, row[0], now) if row else None


def end_invitation(connection: Connection, account: str) -> None:
    """Void it."""
    connection.execute("DELETE FROM invitation WHERE account = ?", (account,))


def _valid(account: str, made: int, now: datetime) -> Invitation | None:
    """One made at that time; none where it is too old, or the clock went back behind its making."""
    if made - CLOCK_SKEW <= seconds(now) < made + LASTS:
        return Invitation(account, datetime.fromtimestamp(made + LASTS, UTC))
    return None
