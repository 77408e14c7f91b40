"""Forms come from our own pages: each POST carries a token that only they know (CSRF).

It belongs to the log-in, or to a cookie of whoever is not logged in, and is made with the secret of the page.
"""

from hashlib import sha256
from hmac import compare_digest, new
from secrets import token_urlsafe

from flask import abort, g, request
from werkzeug.wrappers import Response

from sopctl.web.cookies import STRANGER, read_cookie, set_cookie
from sopctl.web.visitor import current_account, settings


def csrf_token() -> str:
    """The token for the forms of whoever asks: it ends with their log-in."""
    if not current_account() and "stranger" not in g:
        g.stranger = read_cookie(STRANGER) or token_urlsafe()
    return _make_token()


def check_csrf() -> None:
    """Refuse a POST without the token of its own visitor with status 400."""
    if request.method != "POST":
        return
    g.stranger = read_cookie(STRANGER)
    belongs = bool(current_account() or g.stranger)
    if not (belongs and compare_digest(request.form.get("csrf", "").encode(), _make_token().encode())):
        abort(400)


def keep_stranger(answer: Response) -> None:
    """Have the browser keep by what the form that it was just sent is known again."""
    stranger = g.get("stranger", "")
    if stranger and not current_account() and stranger != read_cookie(STRANGER):
        set_cookie(answer, STRANGER, stranger)


def _make_token() -> str:
    whose = f"login {g.login}" if current_account() else f"stranger {g.stranger}"
    return new(settings().key, whose.encode(), sha256).hexdigest()
