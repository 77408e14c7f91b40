"""`/sehat`: whether the page works, for whoever watches over it."""

from flask import Blueprint

pages = Blueprint("health", __name__)


@pages.get("/sehat")
def show() -> dict[str, bool]:
    """Say so."""
    return {"ok": True}
