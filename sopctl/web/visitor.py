"""Who asks for a page, and the use cases opened in their name."""

from flask import current_app, g

from sopctl.desk.session import Session
from sopctl.office.model import Office
from sopctl.web.settings import WebSettings


def settings() -> WebSettings:
    """How this page is served."""
    found: WebSettings = current_app.extensions["sopctl"]
    return found


def current_account() -> str:
    """The page account that asks, such as `page:siti-aminah`; empty where nobody is logged in."""
    account: str = g.get("account", "")
    return account


def office_of_today() -> Office:
    """The office as its file says it now, whoever asks."""
    if "office" not in g:
        here = settings()
        g.office = Session(here.workspace, now=here.clock, account="", looking=True).office
    found: Office = g.office
    return found


def page_session(*, looking: bool = True) -> Session:
    """The use cases as whoever asks; what a killed writer left is finished first.

    A page that only shows something is ``looking``, all its parts in one session; for a move, say that it is not.
    """
    here = settings()
    here.workspace.check_data()
    if not looking:
        return Session(here.workspace, now=here.clock, account=current_account(), via="web")
    if "looking" not in g:
        g.looking = Session(here.workspace, now=here.clock, account=current_account(), via="web", looking=True)
        g.looking.record.whole_store.recover()
    found: Session = g.looking
    return found
