"""`/cari`: cases by id, by words of their subject, or by the number of a letter."""

from flask import Blueprint, render_template, request

from sopctl.desk.status import CaseList, list_cases, search_cases
from sopctl.engine.state import STATUS
from sopctl.web.visitor import page_session

pages = Blueprint("search", __name__)

SHOWN = 50
"""Cases that are listed."""


@pages.get("/cari")
def show() -> str:
    """What is found; without a question the cases in which something happened last."""
    text, record = request.args.get("q", "").strip(), page_session().record
    found: CaseList = search_cases(record, text, at_most=SHOWN) if text else list_cases(record, at_most=SHOWN)
    return render_template("search.html", found=found, text=text, status=STATUS)
