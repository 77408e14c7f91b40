"""`/`: what waits for whoever asks, late first, and where asked what waits for everybody."""

from flask import Blueprint, render_template, request

from sopctl.desk.inbox import inbox, waiting_for
from sopctl.reports.content import day_minutes, describe_due
from sopctl.web.visitor import page_session

pages = Blueprint("inbox", __name__)


@pages.get("/")
def show() -> str:
    """What waits."""
    session, everybody = page_session(), "semua" in request.args
    found = inbox(session) if everybody else waiting_for(session)
    minutes = day_minutes(session.calendar)
    rows = [(row, describe_due(row, minutes)) for row in found.rows]
    return render_template("inbox.html", rows=rows, found=found, everybody=everybody)
