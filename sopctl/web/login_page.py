"""`/masuk` and `/keluar`: a session begins with a password, and ends."""

from math import ceil

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from sopctl.accounts.accounts import LoginRefused
from sopctl.desk import page_login as desk
from sopctl.web.cookies import NEXT, SESSION, STRANGER, drop_cookie, read_cookie, set_cookie
from sopctl.web.messages import TOO_OFTEN
from sopctl.web.visitor import current_account, office_of_today, settings

pages = Blueprint("login", __name__)

_WRONG = "Nama atau sandi keliru."
_UNKNOWN, _MUST_WAIT = 403, 429

Form = str | tuple[str, int] | Response
"""A page with a form, with its status where that is not 200; or the redirection of who has filled it in."""


@pages.get("/masuk")
def show_form() -> Form:
    """The form to log in with."""
    return _form()


@pages.post("/masuk")
def log_in() -> Form:
    """Begin a session, by a new token whatever the browser brought along."""
    return enter(request.form.get("nama", ""), request.form.get("sandi", ""))


@pages.post("/keluar")
def log_out() -> Response:
    """End the session."""
    answer = redirect("/masuk", code=303)
    _end_session(answer)
    return answer


@pages.get("/sesi")
def keep_session() -> tuple[str, int]:
    """Nothing: that it was asked for keeps the session, which a page does while somebody types."""
    return "", 204


def enter(name: str, password: str) -> Form:
    """Log in with what was typed; the form again where that fits nobody."""
    here = settings()
    answer = desk.log_in(office_of_today(), here.accounts, name, password, request.remote_addr or "", here.clock())
    if isinstance(answer, LoginRefused):
        shown, status = _form(word_refused(answer, _WRONG)), _MUST_WAIT if answer.wait else _UNKNOWN
        return Response(shown, status, {"Retry-After": str(answer.wait)} if answer.wait else {}, mimetype="text/html")
    return begin_session(answer, _own_path(read_cookie(NEXT)))


def begin_session(token: str, path: str) -> Response:
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
    own = asked.isprintable() and asked.startswith("/") and asked[1:2] not in {"/", "\\"}
    return asked if own else "/"


def _form(error: str = "") -> str:
    user = request.headers.get("Remote-User", "") if settings().remote_user else ""
    account = current_account()
    ended = not (account or error or user) and read_cookie(SESSION) != ""
    return render_template("log_in.html", error=error, user=user, account=account, ended=ended)


def word_refused(refused: LoginRefused, wrong: str) -> str:
    """That name and password do not fit; or when the next attempt may be made."""
    if not refused.wait:
        return wrong
    return f"{TOO_OFTEN} Coba lagi sesudah {ceil(refused.wait / 60)} menit."
