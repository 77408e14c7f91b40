"""What a browser keeps for us: cookies that no script reads, and that go along with our own forms only."""

from flask import request
from werkzeug.wrappers import Response

from sopctl.web.visitor import settings

SESSION = "sesi"
"""The token of a log-in."""

STRANGER = "tamu"
"""Who asks for a form without being logged in, so that the form is known again as ours."""

NEXT = "tujuan"
"""The page of ours that somebody asked for who had to log in first."""

DONE = "tercatat"
"""Which events were just recorded, for the next page to tell: the case, and the numbers before the first and of the
last."""


def read_cookie(name: str) -> str:
    """What the browser sends back; empty for nothing."""
    return request.cookies.get(_full_name(name), "")


def set_cookie(answer: Response, name: str, value: str, *, seconds: int | None = None) -> None:
    """Have the browser keep a value, until it is closed where no ``seconds`` are given."""
    secure = settings().secure
    answer.set_cookie(_full_name(name), value, max_age=seconds, secure=secure, httponly=True, samesite="Lax")


def drop_cookie(answer: Response, name: str) -> None:
    """Have the browser forget it."""
    answer.delete_cookie(_full_name(name), secure=settings().secure, httponly=True, samesite="Lax")


def _full_name(name: str) -> str:
    """By TLS the name keeps others of the same domain from setting it (`__Host-`, RFC 6265bis)."""
    return f"{'__Host-' * settings().secure}sopctl-{name}"
