"""Whether a Word file may be a template: limited in size, no XML entities, nothing that fetches files or runs code.

What python-docx then opens is a zip of our own with what was looked at, so that it sees nothing else. Loads lxml:
import it only where a template is read anew.
"""

import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import islice
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from lxml import etree  # type: ignore[import-untyped]

from sopctl.errors import WrongError
from sopctl.letters.template_files import template_error
from sopctl.letters.word_fields import find_harmful_field, harmful_field_message

MAX_BYTES = 64 * 1024 * 1024
MAX_XML = 4 * 1024 * 1024
MAX_ELEMENTS = 100_000
"""Bytes and elements of all parts that are XML; those of a hundred pages have less than half of it."""

MAX_ENTRIES = 1000
BODY = "word/document.xml"

_CHUNK = 64 * 1024
_GLANCE = 4096
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_BREAK = "Lepaskan di Word: File > Info > Edit Links to Files > Break Link"
_MACRO = "memuat makro. Simpan di Word sebagai Word Document (.docx)"
_OBJECT = "memuat objek tertanam. Hapus di Word, atau ganti dengan gambarnya"
_TEMPLATE = "menaut templat lain. Lepaskan di Word: File > Options > Add-ins > Manage: Templates > Go > Normal"

_NO_ZIP = (BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, NotImplementedError, OSError, ValueError)

_REFUSED = {
    "attachedtemplate": _TEMPLATE,
    "vbaproject": _MACRO, "wordvbadata": _MACRO, "keymapcustomizations": _MACRO, "attachedtoolbars": _MACRO,
    "extensibility": _MACRO, "webextension": _MACRO, "webextensiontaskpanes": _MACRO, "taskpanes": _MACRO,
    "oleobject": _OBJECT, "control": _OBJECT, "activexcontrolbinary": _OBJECT, "package": _OBJECT,
    "afchunk": "menyisipkan dokumen lain. Salin isinya ke dalam templat",
    "subdocument": "menyisipkan dokumen lain. Salin isinya ke dalam templat",
    "frame": "menyisipkan dokumen lain. Salin isinya ke dalam templat",
}  # fmt: skip
"""What Word would fetch or start, by the last word of a relation's type; Word ignores a type that it does not know."""

_MERGE = "memakai Mail Merge. Matikan di Word: Mailings > Start Mail Merge > Normal Word Document"


def checked_package(name: str, data: bytes) -> bytes:
    """The Word file with the same parts, in a new zip whose directory is true.

    Raises:
        WrongError: where it is no Word file, too large unpacked, has a DTD or entities, or fetches or starts something.
    """
    try:
        parts = _unpack(name, data)
    except _NO_ZIP as error:
        raise WrongError(f"Templat {name} bukan dokumen Word (.docx) yang utuh. Simpan ulang dari Word.") from error
    size = elements = 0
    for entry, content in parts.items():
        if _is_xml(content):
            size += len(content)
            elements += _check_part(name, entry, content) if size <= MAX_XML else 0
            if size > MAX_XML or elements > MAX_ELEMENTS:
                raise WrongError(f"Templat {name} terlalu besar bila dibuka. Pecah menjadi beberapa templat.")
    target = BytesIO()
    with ZipFile(target, "w") as package:
        for entry, content in parts.items():
            package.writestr(ZipInfo(entry), content)  # a clock of before 1980 has no place in a zip
    return target.getvalue()


def _unpack(name: str, data: bytes) -> Mapping[str, bytes]:
    """The entries of the zip, unpacked in chunks: the sizes that its directory states need not be true."""
    parts: dict[str, bytes] = {}
    left = MAX_BYTES
    with ZipFile(BytesIO(data)) as package:
        if len(package.infolist()) > MAX_ENTRIES:
            raise _too_large(name)
        if BODY not in package.namelist():
            raise WrongError(f"Templat {name} bukan dokumen Word (.docx). Simpan sebagai Dokumen Word.")
        for entry in package.infolist():
            if entry.filename in parts or entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                raise BadZipFile(entry.filename)
            content = bytearray()
            with package.open(entry) as opened:
                while chunk := opened.read(_CHUNK):
                    content += chunk
                    left -= len(chunk)
                    if left < 0:
                        raise _too_large(name)
            parts[entry.filename] = bytes(content)
    return parts


def _too_large(name: str) -> WrongError:
    return WrongError(f"Templat {name} terlalu besar bila dibuka. Kecilkan gambar di dalamnya.")


def _is_xml(content: bytes) -> bool:
    """Whether the first bytes parse as XML, whatever the part's name and encoding."""
    parser = etree.XMLPullParser(resolve_entities=False)
    try:
        parser.feed(content[:_GLANCE])
    except etree.XMLSyntaxError:
        return False
    return bool(content)


def _check_part(name: str, entry: str, content: bytes) -> int:
    """The number of elements of a part that was checked; 0 for one that is no XML, which python-docx refuses later.

    Word itself writes no DTD; whoever does wants entities expanded.
    """
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        root = None
    if _has_doctype(content) or (root is not None and root.getroottree().docinfo.doctype):
        raise WrongError(f"Templat {name} memuat DTD atau entitas XML di {entry}; itu tidak diterima.")
    if root is None:
        return 0
    for complaint in _find_dangers(entry, root):
        raise template_error(name, complaint)
    return sum(1 for _ in islice(root.iter(), MAX_ELEMENTS + 1))


def _has_doctype(content: bytes) -> bool:
    plain = content.replace(b"\0", b"").upper()  # without its zeros UTF-16 reads as ASCII
    return b"<!DOCTYPE" in plain or b"<!ENTITY" in plain


def _find_dangers(entry: str, root: Any) -> Iterator[str]:  # noqa: ANN401 — lxml has no types
    for relation in root.iterfind(f"{_RELATIONS}Relationship") if root.tag == f"{_RELATIONS}Relationships" else ():
        kind = re.split(r"[/#]", relation.get("Type", ""))[-1].lower()
        outside = relation.get("TargetMode", "").strip().lower() == "external"
        if kind in _REFUSED and not (kind == "package" and "charts/" in entry):
            yield _REFUSED[kind]
        elif outside and kind != "hyperlink":
            yield f"mengambil {'gambar' if kind == 'image' else 'isi'} dari luar berkas ini. {_BREAK}"
    if next(root.iter("{*}mailMerge"), None) is not None:
        yield _MERGE
    if field := find_harmful_field(etree.tostring(root)):
        yield harmful_field_message(field)
