"""How an official comes in by the page: by invitation or password, as long as they are in a post of the office.

An account is named as in the record, without its beginning `page:`.
"""

from datetime import datetime

from msgspec import Struct

from sopctl.accounts import passwords
from sopctl.accounts.accounts import Accounts, LoginRefused
from sopctl.accounts.sessions import PageSession
from sopctl.engine.refused import Refused
from sopctl.office.find_official import match_official
from sopctl.office.model import Office
from sopctl.office.page_accounts import PAGE


class PasswordChange(Struct, frozen=True, kw_only=True):
    """The password that an official has, and the one that is to take its place."""

    old: str
    new: str


def log_in(
    office: Office, accounts: Accounts, name: str, password: str, address: str, now: datetime
) -> str | LoginRefused:
    """Log an official in by account, nama or NIP; the token of the session, else why not.

    Who is in no post today is answered like somebody who never was.
    """
    day = now.astimezone(office.zone).date()
    official = match_official(office, name, day)
    account = office.page_account(official) if official else ""
    known = account.removeprefix(PAGE) if account and office.employs(account, day) else f"? {name.strip().casefold()}"
    return accounts.log_in(known, password, address, now)


def find_page_session(
    office: Office, accounts: Accounts, token: str, now: datetime, *, used: bool = True
) -> PageSession | None:
    """Whose session it is, which goes on where it is ``used``; of nobody who is in no post any more."""
    found = accounts.find_session(token, now, used=used)
    if found is None or not office.employs(PAGE + found.account, now.astimezone(office.zone).date()):
        return None
    return found


def redeem(office: Office, accounts: Accounts, token: str, password: str, now: datetime) -> str | Refused:
    """Use an invitation up with a password that says nothing of its official; the account, else why not."""
    invitation = accounts.find_invitation(token, now)
    return accounts.redeem(token, password, now, _personal_texts(office, invitation.account if invitation else ""))


def change_password(
    office: Office, accounts: Accounts, account: str, chosen: PasswordChange, address: str, now: datetime
) -> str | LoginRefused | Refused:
    """Change an official's password; the token of the only session that is left, else why not."""
    if fault := passwords.find_password_fault(chosen.new, (account, *_personal_texts(office, account))):
        return fault
    token = accounts.log_in(account, chosen.old, address, now)
    if isinstance(token, str):
        accounts.change_password(account, token, chosen.new, "Sandi Anda sudah diganti.")
    return token


def _personal_texts(office: Office, account: str) -> tuple[str, ...]:
    """What says who an official is, and where: no good part of a password."""
    posts = office.entries_of(PAGE + account)
    texts = (text for one in posts for text in (one.nama, one.nip_digits, one.nip_digits[:8], one.jabatan))
    return (*texts, office.instansi.singkatan, office.instansi.kota)
