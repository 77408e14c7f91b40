"""Who is logged in: by a session of the page, or by the header of a trusted proxy."""

from flask import Blueprint, g, render_template, request

from sopctl.web.visitor import settings

pages = Blueprint("login", __name__)


def identify() -> None:
    """Find out whose request this is."""
    if settings().remote_user and (user := request.headers.get("Remote-User", "")):
        g.account = f"page:{user}"


@pages.get("/masuk")
def form() -> str:
    """The form to log in with."""
    return render_template("log_in.html")
