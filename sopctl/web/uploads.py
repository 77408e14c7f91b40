"""Files that a browser sends: kept on disk while the request lasts, and accepted by their size, name and content."""

import os
import re
import zipfile
from functools import cached_property
from pathlib import Path, PureWindowsPath
from tempfile import NamedTemporaryFile
from typing import IO, cast

from flask import Request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from sopctl.desk.input_files import InputFile, read_input_file
from sopctl.desk.move_input import file_suffix
from sopctl.engine.text import clean_text
from sopctl.errors import UsageError
from sopctl.word.pdf_signatures import is_pdf, is_whole
from sopctl.word.picture_conversion import PICTURES, find_lack
from sopctl.word.pictures import picture_format

LARGEST_FILE = 25_000_000
"""Bytes of one file."""

MOST_FILES = 100
"""Files of one request."""

_MARGIN = 500_000
"""Bytes of a form between and before its texts and files, and of what was read of a file and not written yet."""

_MOST_PIXELS = 120_000_000
"""Pixels of a picture: more than any camera's or scanner's."""

_MOST_UNPACKED, _MOST_ENTRIES = 300_000_000, 5_000
"""Bytes that a Word or Excel file holds once it is unpacked, and files in it."""

_LONGEST_NAME = 150

_PACKAGES = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp")
_OLD_OFFICE = (".doc", ".xls", ".ppt")
_OLD_OFFICE_START = bytes.fromhex("d0cf11e0a1b11ae1")
_TEXTS = (".txt", ".csv")

ACCEPTED = (".pdf", *PICTURES, *_PACKAGES, *_OLD_OFFICE, *_TEXTS)
"""How the names of the files end that are accepted."""

_KINDS = "PDF, foto dan gambar, Word, Excel, PowerPoint, OpenDocument, dan teks"
"""What these are called."""


class UploadRequest(Request):
    """A request whose files go to disk as they come, each under a name of its own until the answer is given.

    All its texts are as long together as werkzeug lets one be, and it holds ``max_files`` files: each is an open one.
    """

    max_files = MOST_FILES

    @cached_property
    def _streams(self) -> list[IO[bytes]]:
        return []

    def _get_stream_for_parsing(self) -> IO[bytes]:
        return cast("IO[bytes]", _LimitedTexts(super()._get_stream_for_parsing(), self))

    def check_texts(self, taken: int) -> None:
        """Refuse a form whose texts are longer than they may be, after ``taken`` bytes of it."""
        longest, files = self.max_form_memory_size, sum(os.fstat(stream.fileno()).st_size for stream in self._streams)
        if longest is not None and taken > longest + files + _MARGIN:
            raise RequestEntityTooLarge

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002 — werkzeug's own parameters
        content_type: str | None,  # noqa: ARG002 — as above
        filename: str | None = None,  # noqa: ARG002 — as above
        content_length: int | None = None,  # noqa: ARG002 — as above
    ) -> IO[bytes]:
        if len(self._streams) >= self.max_files:
            raise RequestEntityTooLarge
        self._streams.append(NamedTemporaryFile("rb+", prefix="sopctl-"))  # noqa: SIM115 — until the answer is given
        return self._streams[-1]

    def close(self) -> None:
        """Remove the files, those of a form too that was cut off."""
        super().close()
        for stream in self._streams:
            stream.close()


class _LimitedTexts:
    """The body of a form as it is read, until its texts are too long."""

    def __init__(self, stream: IO[bytes], of: UploadRequest) -> None:
        self._stream, self._of, self._taken = stream, of, 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self._stream.read(size)
        self._taken += len(data)
        self._of.check_texts(self._taken)
        return data


def read_upload(file: FileStorage, item: str, caption: str) -> InputFile:
    """A file that was sent, for a kelengkapan; the user's name for it has no folders any more.

    Raises:
        UsageError: where it cannot be accepted, and why.
    """
    name = clean_text(PureWindowsPath((file.filename or "").replace("\n", " ")).name, "Nama file")
    suffix = file_suffix(name)
    if suffix not in ACCEPTED:
        raise UsageError(f"Jenis file {name} tidak diterima. Yang diterima: {_KINDS}.", code="suffix")
    if len(name) > _LONGEST_NAME:
        name = name[: _LONGEST_NAME - len(suffix)] + suffix
    file.stream.flush()
    path = Path(str(file.stream.name))
    size = path.stat().st_size
    if not size:
        raise UsageError(f"File {name} kosong (0 byte); pindai atau salin lagi.", code="empty_file")
    if size > LARGEST_FILE:
        message = f"File {name} terlalu besar; paling besar {LARGEST_FILE // 1_000_000} MB. Kecilkan, atau bagi."
        raise UsageError(message, code="size")
    if wrong := _find_wrong_content(path, suffix):
        raise UsageError(f"File {name} {wrong}", code="content")
    return InputFile(path=path, name=name, item=item, caption=caption)


def _find_wrong_content(path: Path, suffix: str) -> str:
    """What keeps the content from being what the suffix says, as the end of a sentence; empty where nothing does."""
    if suffix in _PACKAGES:
        return _find_wrong_package(path)
    data = read_input_file(path, limit=LARGEST_FILE)
    if suffix == ".pdf":
        return "bukan PDF." if not is_pdf(data) else "" if is_whole(data) else "terpotong: akhir PDF-nya tidak ada."
    if suffix in PICTURES:
        found = picture_format(data)
        if found and found.width * found.height > _MOST_PIXELS:
            return f"terlalu besar ({found.width} kali {found.height} titik); kecilkan gambarnya."
        return "bukan gambar yang utuh; simpan atau foto lagi." if find_lack(data) == "picture" else ""
    if suffix in _TEXTS:
        return "bukan teks." if b"\0" in data.removeprefix(b"\xff\xfe")[:1000:2] else ""
    return "" if data.startswith(_OLD_OFFICE_START) else f"bukan file {suffix[1:]}."


def _find_wrong_package(path: Path) -> str:
    """The same of a ZIP package of an office program; nothing of it is unpacked."""
    try:
        with zipfile.ZipFile(path) as package:
            files = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "rusak atau bukan file dari program kantor; simpan lagi."
    if len(files) > _MOST_ENTRIES or sum(one.file_size for one in files) > _MOST_UNPACKED:
        return "terlalu besar setelah dibuka."
    known = any(re.fullmatch(r"\[Content_Types\]\.xml|mimetype", one.filename) for one in files)
    return "" if known else "bukan file dari program kantor; simpan lagi."
