"""The calendar of one person: what waits for them, by when."""

from sopctl.desk.inbox import find_confidential, waiting_for
from sopctl.desk.session import Session
from sopctl.reports.calendar_feed import render_calendar


def make_calendar_feed(session: Session, url: str = "") -> bytes:
    """The iCalendar of what waits for the session's account; ``url`` is where the page of the office is, if anywhere.

    What is due at no known moment is in no calendar.
    """
    rows = waiting_for(session).rows
    return render_calendar(rows, "Pekerjaan yang menunggu (SOP)", session.now(), url, find_confidential(session, rows))
