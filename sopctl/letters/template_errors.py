"""Jinja's errors as sentences for whoever wrote the template: file, reason, paragraph.

Loads jinja2: import it only where a template is read or filled in.
"""

import re
from collections.abc import Mapping
from types import TracebackType

from jinja2.exceptions import SecurityError, TemplateError, TemplateSyntaxError, UndefinedError

from sopctl.errors import WrongError
from sopctl.letters.template_files import template_error
from sopctl.letters.template_syntax import ForbiddenError

RUNTIME_ERRORS = (TypeError, ValueError, ArithmeticError, AttributeError, LookupError, RecursionError, SyntaxError)
"""What an expression of a template can raise at run time, besides Jinja's own."""

_SYNTAX = (
    (r"innermost block that needs to be closed is '(\w+)'", "tag `{0}` belum ditutup dengan {{% end{0} %}}"),
    (r"Encountered unknown tag '(\w+)'", "tag `{0}` tidak dikenal atau tidak pada tempatnya"),
    (r"No filter named '(\w+)'", "filter `{0}` tidak ada"),
    (r"No test named '(\w+)'", "uji `{0}` tidak ada"),
    (r"got '([^']+)'", "penulisan tag salah di dekat `{0}`"),
)

_ODD = (
    (ZeroDivisionError, "tag membagi dengan nol"),
    (RecursionError, "tag memanggil dirinya sendiri tanpa akhir"),
    (TypeError, "tag menggabungkan nilai yang tidak sejenis"),
)


def syntax_error(error: TemplateSyntaxError, sources: Mapping[str, str], main: str) -> WrongError:
    """The fault of a file that Jinja cannot read."""
    name, message = error.filename or main, error.message or ""
    line = 0 if "end of template" in message else error.lineno  # it would show the last paragraph
    said = message if isinstance(error, ForbiddenError) else _syntax_message(message)
    return template_error(name, said, paragraph_at(sources, name, line))


def render_error(error: Exception, sources: Mapping[str, str], main: str) -> WrongError:
    """The fault of a file that was being filled in; the traceback, which Jinja rewrote, knows the place."""
    if isinstance(error, TemplateSyntaxError):
        return syntax_error(error, sources, main)
    name, line = _find_place(error.__traceback__, sources, main)
    return template_error(name, _runtime_message(error), paragraph_at(sources, name, line))


def paragraph_at(sources: Mapping[str, str], name: str, line: int) -> str:
    """The text of the paragraph that begins on this line of a source; empty where there is none."""
    lines = sources.get(name, "").splitlines()
    return visible_text(lines[line - 1]) if 0 < line <= len(lines) else ""


def visible_text(xml: str) -> str:
    """What a reader sees of a piece of XML, on one line."""
    return " ".join(re.sub(r"<[^<>]*>", "", xml).split())


def _find_place(traceback: TracebackType | None, sources: Mapping[str, str], main: str) -> tuple[str, int]:
    """The innermost file and line of a template."""
    place = (main, 0)
    while traceback is not None:
        file = traceback.tb_frame.f_code.co_filename
        if file in sources:
            place = (file, traceback.tb_lineno)
        traceback = traceback.tb_next
    return place


def _syntax_message(message: str) -> str:
    """Jinja's message about a mistake in a tag, in Indonesian."""
    for pattern, sentence in _SYNTAX:
        if match := re.search(pattern, message):
            return sentence.format(*match.groups())
    return "penulisan tag salah"


def _runtime_message(error: Exception) -> str:
    if isinstance(error, SecurityError):
        return f"tidak diizinkan di templat: {error.message}"
    if isinstance(error, UndefinedError):
        return error.message or "variabel tidak dikenal"
    if isinstance(error, TemplateError):
        return _syntax_message(error.message or "")
    return next((said for kind, said in _ODD if isinstance(error, kind)), "tag tidak dapat dijalankan")
