"""Files that a page hands over: always as a download, never shown as a page of ours."""

import os
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import BinaryIO
from unicodedata import category
from urllib.parse import quote

from flask import Response

from sopctl.store import disk

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_UNKNOWN = "application/octet-stream"
_TYPES = {
    ".docx": WORD,
    ".xlsx": WORKBOOK,
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".bmp": "image/bmp",
    ".webp": "image/webp",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".heic": "image/heic",
    ".heif": "image/heif",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".zip": "application/zip",
    ".txt": "text/plain",
    ".csv": "text/csv",
}
"""What files are by the ending of their names; of any other, a page or a drawing among them, nothing is told."""

_LONGEST = 120


def send_download(data: bytes | Iterable[bytes], name: str, mimetype: str) -> Response:
    """The answer that makes a browser keep these bytes under a name (RFC 6266)."""
    answer, name = Response(data, mimetype=mimetype), clean_name(name)
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-._ ") else "_" for letter in name)
    answer.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return answer


def send_file(file: BinaryIO, name: str) -> Response:
    """The same of an open file, which is read piece by piece and closed at the end."""
    answer = send_download(_read_pieces(file), name, _TYPES.get(PurePath(name).suffix.lower(), _UNKNOWN))
    answer.call_on_close(file.close)
    answer.content_length = file.seek(0, os.SEEK_END)
    file.seek(0)
    return answer


def _read_pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        yield from disk.read_pieces(file)


def clean_name(name: str) -> str:
    """A name that a browser may keep a file under: no folder, no hidden character, not too long."""
    seen = "".join("_" if letter in '/\\:*?"<>|' else letter for letter in name if category(letter)[0] != "C")
    stem, suffix = PurePath(seen.strip(". ") or "file").stem, PurePath(seen).suffix
    return f"{stem[: _LONGEST - len(suffix)]}{suffix}" if len(suffix) < _LONGEST else seen[:_LONGEST]
