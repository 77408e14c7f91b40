"""The accounts of the page: what the page and the command line ask of them.

An account has the name that its official has in the record without its beginning `page:`, such as `siti-aminah`. Times
are moments with a zone. Each method is one transaction, made when it returns.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_bytes
from sqlite3 import Connection
from typing import Literal

from msgspec import Struct

from sopctl.accounts import invitations, passwords, rate_limit, sessions
from sopctl.accounts.database import Database, seconds
from sopctl.accounts.invitations import Invitation
from sopctl.accounts.rate_limit import Attempt
from sopctl.accounts.sessions import OpenSession, PageSession
from sopctl.accounts.tokens import hash_token, new_token
from sopctl.engine.refused import Refused
from sopctl.errors import BusyError, NotFoundError

AccountState = Literal["active", "invited", "expired", "disabled"]
"""It has a password; it was invited and has none; the invitation was not used in time; nobody may log in with it."""


class PageAccount(Struct, frozen=True, kw_only=True):
    """An account, when somebody last logged in with it, and how many are logged in now."""

    account: str
    state: AccountState
    invited_until: datetime | None
    last_login: datetime | None
    sessions: int


class LoginRefused(Struct, frozen=True):
    """Nobody was logged in: the name or the password is wrong, or another attempt may be made in ``wait`` seconds."""

    wait: int = 0


class Accounts:
    """The accounts in this folder, which is made by the first change.

    Raises:
        OwnerError: where they belong to another system account. BusyError, DamagedError: see `Database`; so do all.
    """

    def __init__(self, folder: Path) -> None:
        self._database = Database(folder)

    def session_key(self) -> bytes:
        """The secret that signs what a browser sends back, the same in each process; made where there is none."""
        with self._database.write() as connection:
            row = connection.execute("SELECT key FROM secret").fetchone()
            if row is None:
                row = (token_bytes(32),)
                connection.execute("INSERT INTO secret VALUES (?)", row)
            return bytes(row[0])

    def list(self, now: datetime) -> tuple[PageAccount, ...]:
        """All accounts by name."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT name, password, disabled, login FROM account ORDER BY name").fetchall()
            return tuple(_describe(connection, now, *row) for row in rows)

    def invite(self, account: str, now: datetime, notice: str = "", *, record: Callable[[], None]) -> str:
        """Invite an official, whose account is made where there is none; the token of the link.

        ``record`` records the act after all of it was done and before it counts; ``notice`` is what the official is
        told. A password there is stays until the invitation is used; a disabled account is one again then.
        """
        with self._database.write() as connection:
            connection.execute("INSERT OR IGNORE INTO account (name) VALUES (?)", (account,))
            token = invitations.make_invitation(connection, account, now)
            _notify(connection, account, notice)
            record()
        return token

    def reset(self, account: str, now: datetime, notice: str = "", *, record: Callable[[], None]) -> str:
        """End all that lets anybody in as the account, and invite its official again; the token of the link.

        Raises:
            NotFoundError: where there is no such account.
        """
        with self._database.write() as connection:
            _shut(connection, account)
            token = invitations.make_invitation(connection, account, now)
            _notify(connection, account, notice)
            record()
        return token

    def disable(self, account: str, notice: str = "", *, record: Callable[[], None]) -> None:
        """Let nobody in as the account any more, until it is invited again.

        Raises:
            NotFoundError: where there is no such account.
        """
        with self._database.write() as connection:
            _shut(connection, account)
            invitations.end_invitation(connection, account)
            connection.execute("UPDATE account SET disabled = 1 WHERE name = ?", (account,))
            _notify(connection, account, notice)
            record()

    def find_invitation(self, token: str, now: datetime) -> Invitation | None:
        """The invitation with this token, which looking at does not use up; None where it is none any more."""
        with self._database.read() as connection:
            return invitations.find_invitation(connection, token, now)

    def redeem(self, token: str, password: str, now: datetime, personal: tuple[str, ...] = ()) -> str | Refused:
        """Use an invitation up: its account gets this password, and who was logged in with it is no more.

        Returns the account, else why not: `invitation`, or what `find_password_fault` says, which does not use it up.
        """
        gone = Refused(reason="invitation", message=invitations.GONE)
        found = self.find_invitation(token, now)
        if found is None:
            return gone
        if fault := passwords.find_password_fault(password, (found.account, *personal)):
            return fault
        kept = passwords.hash_password(password)
        with self._database.write() as connection:
            if invitations.find_invitation(connection, token, now) is None:
                return gone
            account = found.account
            invitations.end_invitation(connection, account)
            sessions.end_sessions(connection, account)
            rate_limit.forget_attempts(connection, account)
            connection.execute("UPDATE account SET password = ?, disabled = 0 WHERE name = ?", (kept, account))
        return account

    def log_in(self, name: str, password: str, address: str, now: datetime) -> str | LoginRefused:
        """Begin a session of the account with this name and password; its token, which goes into a cookie.

        What a wrong password, an unknown name and a disabled account are answered, and after how long, is the same.
        """
        with self._database.write() as connection:
            kept, known = _password_of(connection, name)
            attempt = Attempt(name, address, known)
            if wait := rate_limit.count_attempt(connection, attempt, now):
                return LoginRefused(wait)
        if not passwords.is_password(kept, password) or kept is None:
            return LoginRefused()
        new = passwords.hash_password(password) if passwords.is_outdated(kept) else kept
        with self._database.write() as connection:
            if _password_of(connection, name) != (kept, True):  # disabled or changed meanwhile
                return LoginRefused()
            rate_limit.forgive_attempt(connection, attempt, now)
            connection.execute("UPDATE account SET password = ?, login = ? WHERE name = ?", (new, seconds(now), name))
            return sessions.begin_session(connection, name, now)

    def find_session(self, token: str, now: datetime, *, used: bool = True) -> PageSession | None:
        """Whose session it is, which goes on where it is ``used``; None where it ended or there is none.

        That it goes on is noted once a minute; where the disk does not take that, it ends when it would have.
        """
        with self._database.read() as connection:
            found, is_stale = sessions.find_session(connection, token, now)
        if is_stale and used:
            try:
                with self._database.write() as connection:
                    sessions.touch_session(connection, token, now)
            except BusyError:
                pass
        return found

    def log_out(self, token: str) -> None:
        """End a session."""
        with self._database.write() as connection:
            sessions.end_session(connection, token)

    def change_password(self, account: str, token: str, password: str, notice: str = "") -> None:
        """Give an account another password, and end its sessions but the one with this token, which is told of it.

        Nothing where that session ended meanwhile; `find_password_fault` has nothing against the password.
        """
        kept = passwords.hash_password(password)
        with self._database.write() as connection:
            if sessions.has_session(connection, account, token):
                connection.execute("UPDATE account SET password = ? WHERE name = ?", (kept, account))
                sessions.end_sessions(connection, account, but=token)
                _notify(connection, account, notice)

    def list_sessions(self, account: str, token: str, now: datetime) -> tuple[OpenSession, ...]:
        """The sessions of an account that have not ended, the latest first; whose token it is, is the own one."""
        with self._database.read() as connection:
            return sessions.list_sessions(connection, account, token, now)

    def end_other_sessions(self, account: str, token: str) -> None:
        """End all sessions of an account but one."""
        with self._database.write() as connection:
            sessions.end_sessions(connection, account, but=token)

    def may_enter(self, account: str) -> bool:
        """Whether an account was not disabled, be there one or not: for who is known without a password."""
        with self._database.read() as connection:
            row = connection.execute("SELECT disabled FROM account WHERE name = ?", (account,)).fetchone()
        return row is None or not row[0]

    def take_notices(self, account: str) -> tuple[str, ...]:
        """What an official is to be told, oldest first, and is told once."""
        with self._database.read() as connection:
            if not connection.execute("SELECT 1 FROM notice WHERE account = ?", (account,)).fetchone():
                return ()
        with self._database.write() as connection:
            rows = connection.execute("SELECT text FROM notice WHERE account = ? ORDER BY id", (account,)).fetchall()
            connection.execute("DELETE FROM notice WHERE account = ?", (account,))
        return tuple(text for (text,) in rows)

    def renew_feed(self, account: str) -> str:
        """A new token for the calendar of an account, by which a calendar program reads it, shown this once.

        The one before works no more.

        Raises:
            NotFoundError: where there is no such account, or nobody may log in with it.
        """
        token, query = new_token(), "UPDATE account SET feed = ? WHERE name = ? AND disabled = 0"
        with self._database.write() as connection:
            if not connection.execute(query, (hash_token(token), account)).rowcount:
                raise no_account_error(account)
        return token

    def find_feed(self, token: str) -> str | None:
        """The account whose calendar has this token."""
        query = "SELECT name FROM account WHERE feed = ? AND disabled = 0"
        with self._database.read() as connection:
            row = connection.execute(query, (hash_token(token),)).fetchone()
        return row[0] if row else None


def no_account_error(account: str) -> NotFoundError:
    """There is no such account."""
    return NotFoundError(f"Akun halaman {account} tidak ada.", code="account", advice="no_account")


def _describe(
    connection: Connection, now: datetime, name: str, password: str | None, disabled: int, login: int | None
) -> PageAccount:
    invitation = invitations.invitation_of(connection, name, now)
    state: AccountState = "disabled" if disabled else "active" if password else "invited" if invitation else "expired"
    return PageAccount(
        account=name,
        state=state,
        invited_until=invitation.until if invitation else None,
        last_login=None if login is None else datetime.fromtimestamp(login, UTC),
        sessions=len(sessions.list_sessions(connection, name, "", now)),
    )


def _password_of(connection: Connection, name: str) -> tuple[str | None, bool]:
    """What is kept of an account's password, None where nobody can log in with it; whether there is the account."""
    row = connection.execute("SELECT password, disabled FROM account WHERE name = ?", (name,)).fetchone()
    return (None if row is None or row[1] else row[0]), row is not None


def _shut(connection: Connection, account: str) -> None:
    """Forget the password and the calendar of an account, and end its sessions."""
    if not connection.execute("UPDATE account SET password = NULL, feed = NULL WHERE name = ?", (account,)).rowcount:
        raise no_account_error(account)
    sessions.end_sessions(connection, account)


def _notify(connection: Connection, account: str, notice: str) -> None:
    if notice:
        connection.execute("INSERT INTO notice (account, text) VALUES (?, ?)", (account, notice))
