"""The parts of the form's Word file around its body: types, relationships, properties; and the zip around all."""

from collections.abc import Iterable, Mapping
from importlib.resources import files
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from msgspec import Struct

from sopctl.form.wordml import NAMESPACES
from sopctl.word.xml_text import quote_attribute

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_EPOCH = (1980, 1, 1, 0, 0, 0)

_FIXED = ("styles.xml", "settings.xml", "fontTable.xml", "theme/theme1.xml")
"""Parts that are the same in every form, below `word` in the file and in `parts` here: Arial, black on white."""

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
    """The Word file of a body and a footer, both as WordprocessingML."""
    written = {
        "[Content_Types].xml": _content_types(logo),
        "_rels/.rels": _relationships(
            [
                ("rId1", f"{_OFFICE}/officeDocument", "word/document.xml"),
                ("rId2", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            ]
        ),
        "docProps/core.xml": _properties(title),
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": _relationships(_document_relationships(logo)),
        "word/footer1.xml": f"<w:ftr {NAMESPACES}>{footer}</w:ftr>",
    }
    parts = {name: (_XML + text).encode() for name, text in written.items()}
    for name in _FIXED:
        parts[f"word/{name}"] = (files("sopctl.form") / "parts" / name.rpartition("/")[2]).read_bytes()
    if logo:
        parts[f"word/media/logo.{logo.extension}"] = logo.data
    return _zip(parts)


def _zip(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a zip that depends on no clock and no operating system."""
    target = BytesIO()
    with ZipFile(target, "w") as file:
        for name, content in parts.items():
            entry = ZipInfo(name, _EPOCH)
            entry.compress_type, entry.create_system = ZIP_DEFLATED, 0
            file.writestr(entry, content, compresslevel=6)
    return target.getvalue()


def _content_types(logo: LogoPicture | None) -> str:
    overrides = {
        "/word/document.xml": f"{_WORD}.document.main+xml",
        "/word/styles.xml": f"{_WORD}.styles+xml",
        "/word/settings.xml": f"{_WORD}.settings+xml",
        "/word/fontTable.xml": f"{_WORD}.fontTable+xml",
        "/word/footer1.xml": f"{_WORD}.footer+xml",
        "/word/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    picture = f'<Default Extension="{logo.extension}" ContentType="{logo.content_type}"/>' if logo else ""
    named = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in overrides.items())
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{picture}{named}</Types>'
    )


def _document_relationships(logo: LogoPicture | None) -> list[tuple[str, str, str]]:
    found = [
        ("rIdStyles", f"{_OFFICE}/styles", "styles.xml"),
        ("rIdSettings", f"{_OFFICE}/settings", "settings.xml"),
        ("rIdFonts", f"{_OFFICE}/fontTable", "fontTable.xml"),
        ("rIdTheme", f"{_OFFICE}/theme", "theme/theme1.xml"),
        (FOOTER, f"{_OFFICE}/footer", "footer1.xml"),
    ]
    return found + ([(LOGO, f"{_OFFICE}/image", f"media/logo.{logo.extension}")] if logo else [])


def _relationships(relationships: Iterable[tuple[str, str, str]]) -> str:
    lines = "".join(f'<Relationship Id="{id}" Type="{kind}" Target="{to}"/>' for id, kind, to in relationships)
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def _properties(title: str) -> str:
    """The core properties; no date and no person, so that the same SOP gives the same file."""
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{quote_attribute(title)[1:-1]}</dc:title>'
        "<dc:creator>sopctl</dc:creator></cp:coreProperties>"
    )
