"""A Word file as the zip that it is: refused where it is none or could harm, written the same way every time."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError  # noqa: N812 — the class has no other name

from sopctl.errors import WrongError

MAX_BYTES = 64 * 1024 * 1024
MAX_ENTRIES = 1000
BODY = "word/document.xml"
EPOCH = (1980, 1, 1, 0, 0, 0)


def check_package(name: str, data: bytes) -> None:
    """WrongError where the bytes are no Word file, are too large unpacked, or carry a DTD or entities."""
    try:
        with ZipFile(BytesIO(data)) as package:
            _check_entries(name, package)
            for entry in package.namelist():
                _check_part(name, entry, package.read(entry))
    except (BadZipFile, ZlibError, EOFError, RuntimeError, NotImplementedError, OSError) as error:
        raise WrongError(f"Templat {name} bukan berkas Word (.docx) yang utuh. Simpan ulang dari Word.") from error


def repacked(data: bytes) -> bytes:
    """The same parts, in the order of their names, with a fixed time and compression."""
    target = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(target, "w") as package:
        for entry in sorted(source.namelist()):
            info = ZipInfo(entry, EPOCH)
            info.compress_type = ZIP_DEFLATED
            info.create_system = 0  # else it says which system wrote the file
            package.writestr(info, source.read(entry), compresslevel=6)
    return target.getvalue()


def _check_entries(name: str, package: ZipFile) -> None:
    entries = package.infolist()
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_BYTES:
        raise WrongError(f"Templat {name} terlalu besar bila dibuka. Kecilkan gambar di dalamnya.")
    if BODY not in package.namelist():
        raise WrongError(f"Templat {name} bukan dokumen Word (.docx). Simpan sebagai Dokumen Word.")


def _check_part(name: str, entry: str, content: bytes) -> None:
    """Word itself writes no DTD; whoever does wants the reader to expand entities."""
    if not entry.endswith((".xml", ".rels")):
        return
    plain = content.replace(b"\0", b"").upper()  # without its zeros UTF-16 reads as ASCII
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise WrongError(f"Templat {name} memuat DTD atau entitas XML di {entry}; itu tidak diterima.")
