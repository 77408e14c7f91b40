"""What went wrong, as a page with its status: never a traceback, never a path of the machine."""

from flask import Flask, render_template
from werkzeug.exceptions import HTTPException

from sopctl.errors import BusyError, NotFoundError, SopctlError, UsageError

_STATUS: tuple[tuple[type[SopctlError], int], ...] = ((NotFoundError, 404), (UsageError, 400), (BusyError, 503))

SENTENCES = {
    400: "Permintaan ini tidak dapat dipakai. Kembali, muat ulang halamannya, lalu coba lagi.",
    403: "Anda tidak berwenang atas hal ini.",
    404: "Halaman atau berkas itu tidak ada.",
    405: "Permintaan ini tidak dapat dipakai di sini.",
    413: "Kiriman ini terlalu besar.",
    500: "Ada yang keliru pada program ini. Beri tahu pengelola; tidak ada yang tercatat.",
}


def register(app: Flask) -> None:
    """Answer with such a page in this application."""
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(SopctlError, _answer_fault)


def _answer_http(error: HTTPException) -> tuple[str, int]:
    status = error.code or 500
    return show_error(SENTENCES.get(status, SENTENCES[500 if status >= 500 else 400]), status)  # noqa: PLR2004


def _answer_fault(error: SopctlError) -> tuple[str, int]:
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    return show_error(SENTENCES[404] if status == 404 else error.message, status)  # noqa: PLR2004


def show_error(sentence: str, status: int) -> tuple[str, int]:
    """The page that says what went wrong."""
    return render_template("error.html", sentence=sentence), status
