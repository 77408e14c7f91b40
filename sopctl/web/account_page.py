"""`/akun`: one's calendar link and one's sessions; `/kalender/TOKEN.ics`: the calendar behind such a link."""

from flask import Blueprint, Response, abort, g, redirect, render_template
from msgspec import Struct
from werkzeug.wrappers import Response as AnyResponse

from sopctl.desk.inbox import make_calendar_feed
from sopctl.engine.moments import format_moment
from sopctl.errors import NotFoundError
from sopctl.office.page_accounts import PAGE
from sopctl.web.visitor import current_account, office_of_today, page_session, settings

pages = Blueprint("account", __name__)


class ShownSession(Struct, frozen=True):
    """A session as its official reads it; ``own`` is the one that asks."""

    began: str
    used: str
    own: bool


@pages.get("/akun")
def show() -> str:
    """What belongs to one's account."""
    return _show()


@pages.post("/akun/kalender")
def renew_feed() -> str:
    """A new link, which no later page can show."""
    try:
        token = settings().accounts.renew_feed(_own_account())
    except NotFoundError:  # whom the proxy logs in, and nobody ever invited
        return _show(error="Untuk tautan kalender Anda perlu diundang dahulu. Mintalah undangan kepada admin.")
    return _show(f"{office_of_today().page_url}/kalender/{token}.ics")


@pages.post("/akun/sesi")
def end_other_sessions() -> AnyResponse:
    """End all sessions but the one that asks."""
    settings().accounts.end_other_sessions(_own_account(), g.login)
    return redirect("/akun", code=303)


@pages.get("/kalender/<token>.ics")
def show_feed(token: str) -> Response:
    """What waits for whose link it is, for a program that logs in by nothing else."""
    account = settings().accounts.find_feed(token)
    office, today = office_of_today(), settings().clock()
    if account is None or not office.employs(f"{PAGE}{account}", today.astimezone(office.zone).date()):
        abort(404)
    g.account = f"{PAGE}{account}"
    return Response(make_calendar_feed(page_session()), content_type="text/calendar; charset=utf-8")


def _own_account() -> str:
    return current_account().removeprefix(PAGE)


def _show(feed: str = "", error: str = "") -> str:
    here, zone = settings(), office_of_today().zone
    found = here.accounts.list_sessions(_own_account(), g.login, here.clock())
    shown = [
        ShownSession(format_moment(one.began.astimezone(zone)), format_moment(one.used.astimezone(zone)), own=one.own)
        for one in found
    ]
    return render_template("account.html", feed=feed, error=error, sessions=shown)
