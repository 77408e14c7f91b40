"""The form's Word file: the XML parts around its body, which lie in `parts`, and the zip of all."""

from collections.abc import Mapping
from importlib.resources import files
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from msgspec import Struct

from sopctl.word.xml_text import quote_attribute

_IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_EPOCH = (1980, 1, 1, 0, 0, 0)

FOOTER = "rIdFooter"
LOGO = "rIdLogo"
"""The relationships by which the body refers to its footer and to the logo."""


class LogoPicture(Struct, frozen=True):
    """The logo: its bytes, the extension of its name, its content type, its width and height in twips."""

    data: bytes
    extension: str
    content_type: str
    width: int
    height: int


def write_package(title: str, body: str, footer: str, logo: LogoPicture | None) -> bytes:
    """The Word file of a body and a footer, both as WordprocessingML.

    Its properties hold no date and no person, so that the same SOP gives the same file.
    """
    name = f"media/logo.{logo.extension}" if logo else ""
    content_type = f'<Default Extension="{logo.extension}" ContentType="{logo.content_type}"/>' if logo else ""
    relationship = f'<Relationship Id="{LOGO}" Type="{_IMAGE}" Target="{name}"/>' if logo else ""
    parts = {
        "[Content_Types].xml": _part("content_types", logo=content_type),
        "_rels/.rels": _part("package_rels"),
        "docProps/core.xml": _part("core", title=quote_attribute(title)[1:-1]),
        "word/document.xml": _part("document", body=body),
        "word/_rels/document.xml.rels": _part("document_rels", logo=relationship),
        "word/footer1.xml": _part("footer1", footer=footer),
        "word/styles.xml": _part("styles"),
        "word/settings.xml": _part("settings"),
        "word/fontTable.xml": _part("fontTable"),
        "word/theme/theme1.xml": _part("theme1"),
    }
    return _zip(parts | ({f"word/{name}": logo.data} if logo else {}))


def _part(name: str, **fields: str) -> bytes:
    """A part with its fields filled in."""
    return (files("sopctl.form") / "parts" / f"{name}.xml").read_bytes().decode().format(**fields).encode()


def _zip(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a zip that depends on no clock and no operating system."""
    target = BytesIO()
    with ZipFile(target, "w") as file:
        for name, content in parts.items():
            entry = ZipInfo(name, _EPOCH)
            entry.compress_type, entry.create_system = ZIP_DEFLATED, 0
            file.writestr(entry, content, compresslevel=6)
    return target.getvalue()
