"""Calendar feeds: a link by which a calendar program reads what waits for an official."""

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
