"""`/undangan/TOKEN` and `/sandi`: an official chooses a password, by invitation or by the old one."""

from flask import Blueprint, render_template, request

from sopctl.accounts.accounts import LoginRefused
from sopctl.accounts.invitations import GONE
from sopctl.accounts.passwords import SHORTEST
from sopctl.desk import page_login as desk
from sopctl.desk.accounts import INVITATION
from sopctl.desk.page_login import PasswordChange
from sopctl.engine.refused import Refused
from sopctl.office.page_accounts import PAGE
from sopctl.web.errors import show_message
from sopctl.web.login_page import Form, begin_session, enter, word_refused
from sopctl.web.messages import INCOMPLETE, Message
from sopctl.web.visitor import current_account, office_of_today, settings

pages = Blueprint("password", __name__)

_DIFFERENT = "Kedua sandi baru tidak sama."


@pages.get(f"{INVITATION}<token>")
def show_invitation(token: str) -> Form:
    """The form by which an official chooses a password; looking uses nothing up."""
    found = settings().accounts.find_invitation(token, settings().clock())
    if found is None:
        return show_message(Message(404, f"{GONE} Mintalah yang baru."))
    return _invitation_form(found.account)


@pages.post(f"{INVITATION}<token>")
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
    return enter(answer, password)


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
    chosen, address = PasswordChange(old=request.form.get("sandi_lama", ""), new=password), request.remote_addr or ""
    answer = desk.change_password(office_of_today(), here.accounts, account, chosen, address, here.clock())
    if isinstance(answer, LoginRefused):
        return _password_form(word_refused(answer, "Sandi yang lama keliru."))
    if isinstance(answer, Refused):
        return _password_form(answer.message)
    return begin_session(answer, "/akun")


def _invitation_form(account: str, error: str = "") -> Form:
    nama = office_of_today().shown_name(f"{PAGE}{account}")
    return _form("accept_invitation.html", account, error, invited=nama)


def _password_form(error: str = "") -> Form:
    return _form("change_password.html", current_account().removeprefix(PAGE), error)


def _form(template: str, account: str, error: str, **texts: str) -> Form:
    shown = render_template(template, account=account, error=error, shortest=SHORTEST, **texts)
    return shown, INCOMPLETE if error else 200
