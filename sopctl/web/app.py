"""The page as a Flask application: its pages, who may ask for them, and what goes with every answer."""

from importlib import import_module

from flask import Flask, Response, abort, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as AnyResponse

from sopctl.letters.field_values import heading
from sopctl.reports.tables import numbered_kegiatan
from sopctl.web import errors
from sopctl.web.csrf import check_csrf, csrf_token, keep_stranger
from sopctl.web.identification import account_notices, ask_to_log_in, identify
from sopctl.web.previews import Previews
from sopctl.web.settings import WebSettings
from sopctl.web.uploads import UploadRequest
from sopctl.web.visitor import current_account, settings

PAGES = (
    "account_page",
    "agenda_page",
    "case_page",
    "inbox_page",
    "layout",
    "letter_page",
    "login_page",
    "move_page",
    "password_page",
    "report_page",
    "search_page",
    "sop_page",
    "start_page",
)
"""The modules of the pages, each with its blueprint ``pages``."""

FOR_ALL = frozenset({"static", "layout.report_style", "layout.show_health", "account.show_feed"})
"""The endpoints that are the same whoever asks."""

OPEN = FOR_ALL | {
    "login.show_form",
    "login.log_in",
    "password.show_invitation",
    "password.accept_invitation",
}
"""The endpoints that nobody needs to be logged in for."""

BY_SCRIPT = frozenset({"inbox.show_turns"})
"""The endpoints that a page asks by itself, again and again: no session goes on with that."""

LARGEST_REQUEST = 110_000_000
"""Bytes of a request with its files."""

LARGEST_OF_STRANGERS = 65_536
"""Bytes of a form of whoever is not logged in."""

FORM_TEXT, FORM_PARTS = 4_000_000, 5_000
"""Bytes of all of a form's texts, and how many texts and files it has at most: enough for the rows of a long table."""

_KEPT = 3600
"""Seconds for which a browser keeps our style sheet and scripts."""

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

_HSTS = "max-age=31536000"


def create_app(serving: WebSettings) -> Flask:
    """The application for one office."""
    app = Flask(__name__)
    app.request_class = UploadRequest
    app.extensions["sopctl"] = serving
    app.extensions["sopctl-previews"] = Previews(serving.workspace.cache)
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=FORM_TEXT,
        MAX_FORM_PARTS=FORM_PARTS,
        PROVIDE_AUTOMATIC_OPTIONS=False,
        SEND_FILE_MAX_AGE_DEFAULT=_KEPT,
    )
    app.url_map.strict_slashes = app.url_map.merge_slashes = False  # else the Host header goes into a redirect
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(numbered=numbered_kegiatan, heading=heading)
    app.jinja_env.globals.update(csrf_token=csrf_token, account_notices=account_notices)
    for name in PAGES:
        app.register_blueprint(import_module(f"sopctl.web.{name}").pages)
    app.before_request(_admit)
    app.after_request(_protect)
    errors.register(app)
    if serving.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    return app


def _admit() -> AnyResponse | None:
    """Find out who asks; a stranger gets only what is open, and a form must be our own."""
    if request.endpoint not in FOR_ALL:
        identify(used=request.endpoint not in BY_SCRIPT)
    if request.endpoint not in OPEN and not current_account():
        return ask_to_log_in()
    if not current_account():
        request.max_content_length, request.max_files = LARGEST_OF_STRANGERS, 0  # type: ignore[attr-defined]
    elif request.mimetype != "multipart/form-data":
        request.max_content_length = FORM_TEXT  # werkzeug reads such a form whole
    check_csrf()
    if sum(map(len, request.form.listvalues())) > FORM_PARTS:  # werkzeug counts only those of `multipart/form-data`
        abort(413)
    return None


def _protect(response: Response) -> Response:
    """Tell the browser that nothing but our own files may work on a page, and that nobody else may keep it."""
    keep_stranger(response)
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if settings().secure:
        response.headers["Strict-Transport-Security"] = _HSTS
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
