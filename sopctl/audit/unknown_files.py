"""Why a file is not known to the record, and what to do instead."""

import zipfile
import zlib
from io import BytesIO

_PDF = b"%PDF"
_OLD_WORD = b"\xd0\xcf\x11\xe0"
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument"

_INSTEAD = (
    "Bandingkan dengan berkas Word-nya (sopctl docs ID), atau ketik kode verifikasi di kakinya: sopctl verify KODE."
)


def explain_unknown_file(name: str, data: bytes, codes: tuple[str, ...]) -> str:
    """The sentence about a file with these bytes; ``codes`` are those in it that belong to no event."""
    if data.startswith(_PDF):
        return (
            f"{name} adalah PDF, dan PDF tidak dapat diperiksa: sopctl hanya mencatat isi berkas Word, juga bila PDF "
            f"itu dibuat dengan docs --pdf. {_INSTEAD}"
        )
    if data.startswith(_OLD_WORD) or _is_open_document(data):
        return (
            f"{name} disimpan ulang dalam format lain (bukan .docx), jadi isinya tidak dapat dibandingkan dengan yang "
            f"dicatat. {_INSTEAD}"
        )
    if codes:
        return (
            f"{name} bukan berkas yang ditulis sopctl di ruang kerja ini: kode di kakinya ({', '.join(codes)}) tidak "
            "dikenal di sini."
        )
    return (
        f"{name} bukan berkas yang ditulis sopctl di ruang kerja ini, atau isinya dan kode verifikasinya sudah diubah."
    )


def _is_open_document(data: bytes) -> bool:
    """Whether it is an ODT: its zip begins with a part that says so."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package, package.open("mimetype") as part:
            return part.read(len(_OPEN_DOCUMENT)) == _OPEN_DOCUMENT
    except (zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        return False
