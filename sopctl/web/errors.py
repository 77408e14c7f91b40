"""What went wrong, as a page with its status: never a traceback, never a path of the machine."""

from flask import Flask, Response, make_response, render_template
from werkzeug.exceptions import HTTPException

from sopctl.engine.refused import Refused
from sopctl.errors import SopctlError
from sopctl.web.messages import Message, word_message, word_status

_BUSY = 503
_WAIT = "5"
"""Seconds after which a browser may try again what found the record in use."""


def register(app: Flask) -> None:
    """Answer with such a page in this application."""
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(SopctlError, show_error)


def _answer_http(error: HTTPException) -> Response:
    return show_message(word_status(error.code or 500))


def show_error(of: SopctlError | Refused) -> Response:
    """The page of an error, or of a move that is refused."""
    return show_message(word_message(of))


def show_message(message: Message) -> Response:
    """A page that says what went wrong, and where it goes on."""
    answer = make_response(render_template("error.html", message=message), message.status)
    if message.status == _BUSY:
        answer.headers["Retry-After"] = _WAIT
    return answer
