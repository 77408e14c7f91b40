"""`/`: what waits for whoever asks, late first, and where asked what waits for everybody."""

import hmac

from flask import Blueprint, render_template, request

from sopctl.desk.inbox import inbox, waiting_for
from sopctl.desk.session import Session
from sopctl.reports.content import day_minutes, describe_due
from sopctl.web.visitor import page_session, settings

pages = Blueprint("inbox", __name__)


@pages.get("/")
def show() -> str:
    """What waits."""
    session = page_session()
    return _show("inbox.html", session, _name_state(session))


@pages.get("/giliran")
def show_turns() -> str | tuple[str, int]:
    """The list alone, for the script of the page; nothing as long as it is the one that the page has."""
    session = page_session()
    state = _name_state(session)
    return ("", 204) if request.args.get("keadaan") == state else _show("turns.html", session, state)


def _show(template: str, session: Session, state: str) -> str:
    """The page or a part of it; the record may be newer than its ``state``, never older."""
    everybody = "semua" in request.args
    found = inbox(session) if everybody else waiting_for(session)
    minutes = day_minutes(session.calendar)
    rows = [(row, describe_due(row, minutes)) for row in found.rows]
    return render_template(template, rows=rows, found=found, everybody=everybody, state=state)


def _name_state(session: Session) -> str:
    """A text that is another one after each change of the record and each minute, and tells nothing else of it."""
    state = f"{session.record.whole_store.state()} {session.now():%H.%M}"
    return hmac.digest(settings().key, state.encode(), "sha256").hex()
