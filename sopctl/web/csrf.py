"""Forms come from our own pages: each POST carries a token that only they know (CSRF)."""

from hashlib import sha256
from hmac import compare_digest, new

from flask import abort, g, request

from sopctl.web.visitor import current_account, settings


def csrf_token() -> str:
    """The token for the forms of whoever asks: it ends with their log-in."""
    login = g.get("login", "") or current_account()
    return new(settings().key, f"csrf {login}".encode(), sha256).hexdigest()


def check_csrf() -> None:
    """Refuse a POST without the token of its own visitor with status 400."""
    if request.method == "POST" and not compare_digest(request.form.get("csrf", "").encode(), csrf_token().encode()):
        abort(400)
