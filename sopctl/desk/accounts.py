"""`account`: page accounts are listed, and their officials invited, reset or disabled by those who may.

An account is one official of `sopctl.yaml`, named as in the record without its beginning `page:`. What is done with one
is a line of the ledger, recorded before it counts; the secret of a link is shown once and nowhere recorded.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from msgspec import Struct

from sopctl.accounts import passwords
from sopctl.accounts.accounts import Accounts, AccountState
from sopctl.accounts.invitations import LASTS
from sopctl.audit.office_history import find_accepted_office
from sopctl.desk.session import Session
from sopctl.engine.moments import format_moment
from sopctl.engine.refused import Refused
from sopctl.office.find_official import find_official
from sopctl.office.model import Office
from sopctl.office.page_accounts import PAGE, make_slug
from sopctl.store.ledger import AccountAct

INVITATION = "/undangan/"
"""Where the page takes an invitation, before its token."""

LOOPBACK = "http://127.0.0.1:8080"
"""Where `serve` opens the page unless it is told otherwise."""

_NOTICES: dict[AccountAct, str] = {
    "invite": "{by} membuat undangan baru untuk akun Anda pada {at}.",
    "reset": "{by} mereset akun Anda pada {at}: sandi dan sesi yang lama diakhiri.",
    "disable": "{by} menutup akun Anda pada {at}.",
}
"""What the official of an account is told at the next log-in."""


class AccountLink(Struct, frozen=True, kw_only=True):
    """An invitation: its link, whose account it is, and until when."""

    link: str
    account: str
    nama: str
    until: datetime


class DisabledAccount(Struct, frozen=True):
    """An account that nobody can log in with any more."""

    account: str
    nama: str


class ListedAccount(Struct, frozen=True, kw_only=True):
    """An account as it stands; ``nama`` is empty where `sopctl.yaml` knows no official of it."""

    account: str
    nama: str
    state: AccountState
    invited_until: datetime | None
    last_login: datetime | None
    sessions: int


def invite(session: Session, person: str, base: str = "", *, reset: bool = False) -> AccountLink | Refused:
    """Invite an official (nama, NIP or account); ``base`` is the address of the page, else what `sopctl.yaml` says.

    With ``reset`` the password and all sessions of the official's account end before.

    Raises:
        NotFoundError: where the name fits no official, or several; with ``reset`` where there is no such account.
    """
    accounts, now, office = Accounts(session.workspace.accounts), session.now(), session.office
    act: AccountAct = "reset" if reset else "invite"
    account = _account_of(office, person, now.date())
    if refused := _refuse_others(session):
        return refused
    passwords.check_installed()
    make = accounts.reset if reset else accounts.invite
    token = make(account, now, _notice(session, act), record=_recorder(session, act, account))
    return AccountLink(
        link=f"{(base or office.page_url or LOOPBACK).rstrip('/')}{INVITATION}{token}",
        account=account,
        nama=office.shown_name(PAGE + account),
        until=now + timedelta(seconds=LASTS),
    )


def disable(session: Session, person: str) -> DisabledAccount | Refused:
    """Let nobody in any more with the account of an official, also of one who left, or with an account of this name.

    Raises:
        NotFoundError: as above.
    """
    accounts, now = Accounts(session.workspace.accounts), session.now()
    if refused := _refuse_others(session):
        return refused
    account = _find_account(session.office, accounts, person, now)
    accounts.disable(account, _notice(session, "disable"), record=_recorder(session, "disable", account))
    return DisabledAccount(account, session.office.shown_name(PAGE + account).removeprefix(PAGE))


def list_accounts(session: Session) -> tuple[ListedAccount, ...]:
    """All accounts by name."""
    now, office = session.now(), session.office
    return tuple(
        ListedAccount(
            account=one.account,
            nama=next((official.nama for official in office.entries_of(PAGE + one.account)), ""),
            state=one.state,
            invited_until=one.invited_until.astimezone(office.zone) if one.invited_until else None,
            last_login=one.last_login.astimezone(office.zone) if one.last_login else None,
            sessions=one.sessions,
        )
        for one in Accounts(session.workspace.accounts).list(now)
    )


def _recorder(session: Session, act: AccountAct, account: str) -> Callable[[], None]:
    """What adds the line to the ledger."""

    def record() -> None:
        with session.begin() as change:
            change.record_account_act(act, account, session.record.exact_now(), session.account)
            change.commit()

    return record


def _notice(session: Session, act: AccountAct) -> str:
    return _NOTICES[act].format(by=session.account, at=format_moment(session.now()))


def _refuse_others(session: Session) -> Refused | None:
    """The refusal of one who may not manage accounts by the `sopctl.yaml` that the office accepted and the present one.

    Verify judges by the present one, which the act is recorded under.
    """
    office, day = find_accepted_office(session.record), session.now().date()
    if not session.office.may_manage_accounts(session.account, day):
        office = session.office
    elif office.may_manage_accounts(session.account, day):
        return None
    may = office.list_actors(one for one in office.officials if one.admin and one.accounts and one.in_office(day))
    by = "di sopctl.yaml"
    if session.office.may_manage_accounts(session.account, day):
        by = "di sopctl.yaml yang terakhir diterima kantor"
    return Refused(
        reason="not_permitted",
        message=f"Akun {session.account} bukan admin {by}, jadi tidak boleh mengelola akun halaman. "
        f"Yang boleh: {', '.join(may) or 'belum ada; tulis admin: ya pada pejabatnya'}.",
    )


def _account_of(office: Office, person: str, day: date) -> str:
    """The account of an official who is in office, or comes later."""
    return office.page_account(find_official(office, person, day)).removeprefix(PAGE)


def _find_account(office: Office, accounts: Accounts, person: str, now: datetime) -> str:
    """The account that there is with this name or of this official, who may have left."""
    known = {one.account for one in accounts.list(now)}
    typed = person.strip().casefold().removeprefix(PAGE)
    named = [name for name in (typed, make_slug(person), "".join(filter(str.isdigit, person))) if name in known]
    return named[0] if named else _account_of(office, person, date.min)
