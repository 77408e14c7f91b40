"""Whose request it is: by a session of the page, or by the header of a trusted proxy; and what is told to strangers."""

from flask import g, redirect, request
from werkzeug.wrappers import Response

from sopctl.desk.page_login import find_page_session
from sopctl.errors import SopctlError
from sopctl.office.model import Office
from sopctl.office.page_accounts import PAGE
from sopctl.web.cookies import NEXT, SESSION, read_cookie, set_cookie
from sopctl.web.visitor import current_account, office_of_today, settings

_NEXT_LASTS = 600
"""Seconds for which the page that somebody asked for is kept while they log in."""

_NEXT_LONGEST = 1000
"""Characters of its address: browsers keep no longer cookie."""


def identify(*, used: bool = True) -> None:
    """Find out whose request this is: `g.account`, and as `g.login` by what; its session goes on where it is used."""
    here = settings()
    user = request.headers.get("Remote-User", "") if here.remote_user else ""
    if user:
        g.account, g.login = _find_remote(office_of_today(), user), f"proxy {user}"
    elif token := read_cookie(SESSION):
        found = find_page_session(office_of_today(), here.accounts, token, here.clock(), used=used)
        if found is not None:
            g.account, g.login = f"{PAGE}{found.account}", token


def _find_remote(office: Office, user: str) -> str:
    """The page account of the official whom the proxy knows by account or NIP; empty for everybody else."""
    here = settings()
    entries = office.entries_of(f"{PAGE}{user.strip().removeprefix(PAGE)}")
    account = office.page_account(entries[0]) if entries else ""
    day = here.clock().astimezone(office.zone).date()
    enters = account and office.employs(account, day) and here.accounts.may_enter(account.removeprefix(PAGE))
    return account if enters else ""


def ask_to_log_in() -> Response:
    """Lead a stranger to the form, and keep which page was asked for where it is one."""
    answer = redirect("/masuk", code=303)
    path = request.full_path.rstrip("?")
    asked = request.headers.get("Sec-Fetch-Dest", "document") == "document" and len(path) <= _NEXT_LONGEST
    if request.method == "GET" and request.endpoint and asked:
        set_cookie(answer, NEXT, path, seconds=_NEXT_LASTS)
    return answer


def account_notices() -> tuple[str, ...]:
    """What was done with the account of whoever is logged in, told once; on a later page where it cannot be read."""
    account = current_account()
    if not account:
        return ()
    try:
        return settings().accounts.take_notices(account.removeprefix(PAGE))
    except SopctlError:
        return ()
