"""`/`: what waits for whoever asks, late first, and where asked what waits for everybody."""

from flask import Blueprint, render_template, request

from sopctl.desk.inbox import inbox, waiting_for
from sopctl.engine.moments import format_day_time
from sopctl.measure.inbox import WaitingTurn
from sopctl.reports.content import day_minutes, due_unknown, format_left
from sopctl.web.visitor import page_session

pages = Blueprint("inbox", __name__)


@pages.get("/")
def show() -> str:
    """What waits."""
    session, everybody = page_session(), "semua" in request.args
    found = inbox(session) if everybody else waiting_for(session)
    minutes = day_minutes(session.calendar)
    rows = [(row, _describe_due(row, minutes)) for row in found.rows]
    return render_template("inbox.html", rows=rows, found=found, everybody=everybody)


def _describe_due(row: WaitingTurn, day_minutes: float) -> str:
    """Until when it is to be done, and how far off that is."""
    if row.due is None or row.left_minutes is None:
        return due_unknown(row.due_need)
    return f"{format_day_time(row.due)}, {format_left(row.left_minutes, row.clock, day_minutes)}"
