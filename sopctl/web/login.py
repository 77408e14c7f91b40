"""Who is logged in, by a session of the page or by the header of a trusted proxy; logging in and out, and passwords."""

from urllib.parse import urlsplit

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response

from sopctl.accounts.accounts import LoginRefused
from sopctl.accounts.invitations import GONE
from sopctl.desk import accounts as desk
from sopctl.engine.refused import Refused
from sopctl.errors import SopctlError
from sopctl.office.model import Office
from sopctl.office.page_accounts import PAGE
from sopctl.web.cookies import NEXT, SESSION, STRANGER, drop_cookie, read_cookie, set_cookie
from sopctl.web.errors import show_message
from sopctl.web.messages import INCOMPLETE, SENTENCES, Message
from sopctl.web.visitor import current_account, office_of_today, settings

pages = Blueprint("login", __name__)

_NEXT_LASTS = 600
"""Seconds for which the page that somebody asked for is kept while they log in."""

_NEXT_LONGEST = 1000
"""Characters of its address: browsers keep no longer cookie."""

_WRONG = "Nama atau sandi keliru."
_DIFFERENT = "Kedua sandi baru tidak sama."
_UNKNOWN = 403
_TOO_OFTEN = 429

Form = str | tuple[str, int] | Response


def identify() -> None:
    """Find out whose request this is: `g.account`, and as `g.login` by what."""
    here = settings()
    user = request.headers.get("Remote-User", "") if here.remote_user else ""
    if user:
        g.account, g.login = _find_remote(office_of_today(), user), f"proxy {user}"
    elif token := read_cookie(SESSION):
        found = desk.find_page_session(office_of_today(), here.accounts, token, here.clock())
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


@pages.get("/masuk")
def show_form() -> Form:
    """The form to log in with."""
    return _form()


@pages.post("/masuk")
def log_in() -> Form:
    """Begin a session, by a new token whatever the browser brought along."""
    return _enter(request.form.get("nama", ""), request.form.get("sandi", ""))


@pages.post("/keluar")
def log_out() -> Response:
    """End the session."""
    answer = redirect("/masuk", code=303)
    _end_session(answer)
    return answer


@pages.get("/undangan/<token>")
def show_invitation(token: str) -> Form:
    """The form by which an official chooses a password; looking uses nothing up."""
    found = settings().accounts.find_invitation(token, settings().clock())
    if found is None:
        return show_message(Message(404, f"{GONE} Mintalah yang baru."))
    return _invitation_form(found.account)


@pages.post("/undangan/<token>")
def accept_invitation(token: str) -> Form:
    """Use an invitation up, and log its official in."""
    here, office, password = settings(), office_of_today(), request.form.get("sandi", "")
    found = here.accounts.find_invitation(token, here.clock())
    if found is None:
        return show_invitation(token)
    if password != request.form.get("sandi_ulang", ""):
        return _invitation_form(found.account, _DIFFERENT)
    answer = desk.redeem(office, here.accounts, token, password, here.clock())
    if isinstance(answer, Refused):
        return _invitation_form(found.account, answer.message)
    return _enter(answer, password)


@pages.get("/sandi")
def show_password_form() -> Form:
    """The form to change one's password."""
    return _password_form()


@pages.post("/sandi")
def change_password() -> Form:
    """Change one's password by the old one: all other sessions end, and this one goes on by a new token."""
    here, password = settings(), request.form.get("sandi", "")
    if password != request.form.get("sandi_ulang", ""):
        return _password_form(_DIFFERENT)
    account = current_account().removeprefix(PAGE)
    old, address = request.form.get("sandi_lama", ""), request.remote_addr or ""
    answer = desk.change_password(office_of_today(), here.accounts, account, (old, password), address, here.clock())
    if isinstance(answer, LoginRefused):
        return _password_form(_word_refused(answer, "Sandi yang lama keliru."))
    if isinstance(answer, Refused):
        return _password_form(answer.message)
    return _begin_session(answer, "/akun")


def account_notices() -> tuple[str, ...]:
    """What was done with the account of whoever is logged in, told once; on a later page where it cannot be read."""
    account = current_account()
    if not account:
        return ()
    try:
        return settings().accounts.take_notices(account.removeprefix(PAGE))
    except SopctlError:
        return ()


def _enter(name: str, password: str) -> Form:
    """Log in with what was typed; the form again where that fits nobody."""
    here = settings()
    answer = desk.log_in(office_of_today(), here.accounts, name, password, request.remote_addr or "", here.clock())
    if isinstance(answer, LoginRefused):
        shown, status = _form(_word_refused(answer, _WRONG)), _TOO_OFTEN if answer.wait else _UNKNOWN
        return Response(shown, status, {"Retry-After": str(answer.wait)} if answer.wait else {}, mimetype="text/html")
    return _begin_session(answer, _own_path(read_cookie(NEXT)))


def _begin_session(token: str, path: str) -> Response:
    """Lead to a page of ours with the cookie of a new log-in; the one before it ends."""
    answer = redirect(path, code=303)
    _end_session(answer)
    set_cookie(answer, SESSION, token)
    drop_cookie(answer, NEXT)
    return answer


def _end_session(answer: Response) -> None:
    """End the session that the browser brought along, whose ever it is."""
    if token := read_cookie(SESSION):
        settings().accounts.log_out(token)
    drop_cookie(answer, SESSION)
    drop_cookie(answer, STRANGER)


def _own_path(asked: str) -> str:
    """A path of ours, without what a browser could take for another site; the first page for anything else."""
    parts = urlsplit(asked) if asked.isprintable() else None
    own = parts and not parts.scheme and not parts.netloc and asked.startswith("/") and asked[1:2] not in {"/", "\\"}
    return asked if own else "/"


def _form(error: str = "") -> str:
    user = request.headers.get("Remote-User", "") if settings().remote_user else ""
    return render_template("log_in.html", error=error, user=user, account=current_account())


def _invitation_form(account: str, error: str = "") -> Form:
    nama = office_of_today().shown_name(f"{PAGE}{account}")
    shown = render_template("accept_invitation.html", error=error, account=account, invited=nama)
    return shown, INCOMPLETE if error else 200


def _password_form(error: str = "") -> Form:
    shown = render_template("change_password.html", error=error, account=current_account().removeprefix(PAGE))
    return shown, INCOMPLETE if error else 200


def _word_refused(refused: LoginRefused, wrong: str) -> str:
    """That name and password do not fit; or when the next attempt may be made."""
    if not refused.wait:
        return wrong
    return f"{SENTENCES[_TOO_OFTEN].partition('.')[0]}. Coba lagi sesudah {-(-refused.wait // 60)} menit."
