"""Calendar feeds, and the mail of the day: what an official is told elsewhere than on the page."""

from datetime import date
from sqlite3 import Connection

from sopctl.accounts.tokens import hash_token, new_token


def renew_feed(connection: Connection, account: str) -> str | None:
    """A new token for an account's calendar, the one before works no more; None where nobody may log in with it."""
    token, query = new_token(), "UPDATE account SET feed = ? WHERE name = ? AND disabled = 0"
    return token if connection.execute(query, (hash_token(token), account)).rowcount else None


def find_feed(connection: Connection, token: str) -> str | None:
    """Whose calendar has this token."""
    row = connection.execute(
        "SELECT name FROM account WHERE feed = ? AND disabled = 0", (hash_token(token),)
    ).fetchone()
    return row[0] if row else None


def claim_mail(connection: Connection, account: str, day: date) -> bool:
    """Note that an account is sent its mail of that day; not where it was already, nor where it may not log in."""
    changed = connection.execute(
        "UPDATE account SET mailed = ? WHERE name = ? AND disabled = 0 AND password IS NOT NULL AND mailed IS NOT ?",
        (day.isoformat(), account, day.isoformat()),
    )
    return changed.rowcount == 1


def release_mail(connection: Connection, account: str, day: date) -> None:
    """The mail could not be sent after all."""
    connection.execute("UPDATE account SET mailed = NULL WHERE name = ? AND mailed = ?", (account, day.isoformat()))
