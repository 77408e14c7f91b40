"""Why a file is not known to the record, and what to do instead."""

import zipfile
from io import BytesIO

from sopctl.audit.periksa import UNREADABLE
from sopctl.errors import DamagedError

_PDF = b"%PDF"
_OLD_WORD = b"\xd0\xcf\x11\xe0"
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument"


def unknown_file(name: str, data: bytes, codes: tuple[str, ...]) -> DamagedError:
    """The error about a file with these bytes; ``codes`` are those in it that belong to no event."""
    if data.startswith(_PDF):
        return _otherwise_read(
            f"{name} adalah PDF, dan PDF tidak dapat diperiksa: sopctl hanya mencatat isi dokumen Word, juga bila PDF "
            "itu dibuatnya sendiri."
        )
    if data.startswith(_OLD_WORD) or _is_open_document(data):
        return _otherwise_read(
            f"{name} disimpan ulang dalam format lain (bukan .docx), jadi isinya tidak dapat dibandingkan dengan yang "
            "dicatat."
        )
    if codes:
        why = f": kode di kakinya ({', '.join(codes)}) tidak dikenal di sini."
    else:
        why = ", atau isinya dan kode verifikasinya sudah diubah."
    return DamagedError(f"{name} bukan dokumen yang ditulis sopctl di ruang kerja ini{why}", code="unknown_file")


def _otherwise_read(message: str) -> DamagedError:
    """The error about a file that may well be the office's, though not as it was written."""
    instead = "Bandingkan dengan dokumen Word-nya, atau periksa kode verifikasi di kakinya."
    return DamagedError(f"{message} {instead}", code="unknown_file", advice="compare_with_word")


def _is_open_document(data: bytes) -> bool:
    """Whether it is an ODT: its zip begins with a part that says so."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package, package.open("mimetype") as part:
            return part.read(len(_OPEN_DOCUMENT)) == _OPEN_DOCUMENT
    except UNREADABLE:
        return False
