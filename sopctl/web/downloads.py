"""Files that a page hands over: always as a download, never shown as a page of ours."""

from collections.abc import Iterable
from urllib.parse import quote

from flask import Response

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send_download(data: bytes | Iterable[bytes], name: str, mimetype: str) -> Response:
    """The answer that makes a browser keep these bytes under a name (RFC 6266)."""
    answer = Response(data, mimetype=mimetype)
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-._ ") else "_" for letter in name)
    answer.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return answer
