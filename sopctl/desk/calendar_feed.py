"""The calendar of one person: what waits for them, by when."""

from sopctl.desk.inbox import find_confidential, waiting_for
from sopctl.desk.session import Session
from sopctl.reports.calendar_feed import render_calendar


def make_calendar_feed(session: Session) -> bytes:
    """The iCalendar of what waits for the session's account, with links where `sopctl.yaml` says where the page is.

    What is due at no known moment is in no calendar.
    """
    rows, url = waiting_for(session).rows, session.office.page_url
    return render_calendar(rows, "Pekerjaan yang menunggu (SOP)", session.now(), url, find_confidential(session, rows))
