"""What is the same of every page: the office and who is logged in around it, its style, and whether it works."""

from contextlib import suppress
from importlib.resources import files

from flask import Blueprint, Response, current_app

from sopctl.errors import SopctlError
from sopctl.web.visitor import current_account, page_session

pages = Blueprint("layout", __name__)


@pages.get("/gaya/laporan.css")
def report_style() -> Response:
    """The colours and figures of the report; a page's own style is a static file beside it."""
    return _send_asset("page.css", "text/css")


@pages.get("/gaya/laporan.js")
def report_script() -> Response:
    """What sorts and filters the tables of the report, where a browser runs it."""
    return _send_asset("page.js", "text/javascript")


def _send_asset(name: str, mimetype: str) -> Response:
    answer = Response((files("sopctl.reports") / name).read_bytes(), mimetype=mimetype)
    answer.cache_control.max_age = current_app.get_send_file_max_age(name)
    return answer


@pages.get("/sehat")
def show_health() -> dict[str, bool]:
    """That the page works, for whoever watches over it."""
    return {"ok": True}


@pages.app_context_processor
def describe_frame() -> dict[str, object]:
    """The names that the templates have around a page; without them where the office file cannot be read."""
    with suppress(SopctlError):
        session = page_session()
        posts = session.office.entries_of(current_account()) if current_account() else ()
        jabatan = ", ".join(dict.fromkeys(one.jabatan for one in posts if one.in_office(session.now().date())))
        nama = posts[0].nama if posts else ""
        return {"instansi": session.office.instansi, "nama": nama, "jabatan": jabatan, "logged_in": current_account()}
    return {"instansi": None, "nama": "", "jabatan": "", "logged_in": current_account()}
