"""The parts of the form's Word file around its body: types, relationships, styles, theme; and the zip around all."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from msgspec import Struct

from sopctl.form.wordml import NAMESPACES, attribute

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_EPOCH = (1980, 1, 1, 0, 0, 0)

FOOTER = "rIdFooter"
LOGO = "rIdLogo"
"""How the body refers to its footer and to the logo."""


class Picture(Struct, frozen=True):
    """The logo: its bytes, the ending of its name, its type, its width and height in twips."""

    data: bytes
    ending: str
    type: str
    width: int
    height: int


def package(title: str, body: str, footer: str, picture: Picture | None) -> bytes:
    """The Word file of a body and a footer, both as WordprocessingML."""
    parts = {
        "[Content_Types].xml": _content_types(picture),
        "_rels/.rels": _relations(
            [
                ("rId1", f"{_OFFICE}/officeDocument", "word/document.xml"),
                ("rId2", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            ]
        ),
        "docProps/core.xml": _properties(title),
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": _relations(_document_relations(picture)),
        "word/footer1.xml": f"<w:ftr {NAMESPACES}>{footer}</w:ftr>",
        "word/styles.xml": _STYLES,
        "word/settings.xml": _SETTINGS,
        "word/fontTable.xml": _FONTS,
        "word/theme/theme1.xml": _THEME,
    }
    media = {f"word/media/logo.{picture.ending}": picture.data} if picture else {}
    return _zipped({name: (_XML + text).encode() for name, text in parts.items()} | media)


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a zip that holds no clock and no name of a system."""
    target = BytesIO()
    with ZipFile(target, "w") as file:
        for name, content in parts.items():
            entry = ZipInfo(name, _EPOCH)
            entry.compress_type, entry.create_system = ZIP_DEFLATED, 0
            file.writestr(entry, content, compresslevel=6)
    return target.getvalue()


def _content_types(picture: Picture | None) -> str:
    overrides = {
        "/word/document.xml": f"{_WORD}.document.main+xml",
        "/word/styles.xml": f"{_WORD}.styles+xml",
        "/word/settings.xml": f"{_WORD}.settings+xml",
        "/word/fontTable.xml": f"{_WORD}.fontTable+xml",
        "/word/footer1.xml": f"{_WORD}.footer+xml",
        "/word/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    logo = f'<Default Extension="{picture.ending}" ContentType="{picture.type}"/>' if picture else ""
    named = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in overrides.items())
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{logo}{named}</Types>'
    )


def _document_relations(picture: Picture | None) -> list[tuple[str, str, str]]:
    relations = [
        ("rIdStyles", f"{_OFFICE}/styles", "styles.xml"),
        ("rIdSettings", f"{_OFFICE}/settings", "settings.xml"),
        ("rIdFonts", f"{_OFFICE}/fontTable", "fontTable.xml"),
        ("rIdTheme", f"{_OFFICE}/theme", "theme/theme1.xml"),
        (FOOTER, f"{_OFFICE}/footer", "footer1.xml"),
    ]
    return relations + ([(LOGO, f"{_OFFICE}/image", f"media/logo.{picture.ending}")] if picture else [])


def _relations(relations: Iterable[tuple[str, str, str]]) -> str:
    lines = "".join(f'<Relationship Id="{id}" Type="{kind}" Target="{to}"/>' for id, kind, to in relations)
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def _properties(title: str) -> str:
    """What the file is; no date and no person, so that the same SOP gives the same file."""
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{attribute(title)[1:-1]}</dc:title>'
        "<dc:creator>sopctl</dc:creator></cp:coreProperties>"
    )


_STYLES = (
    f"<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>"
    '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/><w:sz w:val="18"/><w:szCs w:val="18"/>'
    '<w:lang w:val="id-ID" w:eastAsia="en-US" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
    "</w:docDefaults>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/></w:style></w:styles>'
)
_SETTINGS = (
    f'<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="567"/><w:compat>'
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    "</w:compat></w:settings>"
)
_FONTS = (
    f'<w:fonts {NAMESPACES}><w:font w:name="Arial"><w:panose1 w:val="020B0604020202020204"/><w:charset w:val="00"/>'
    '<w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font></w:fonts>'
)


def _theme() -> str:
    """The least theme that Word accepts: black on white, Arial, thin lines."""
    colours = {
        "dk1": "000000", "lt1": "FFFFFF", "dk2": "404040", "lt2": "D9D9D9", "accent1": "404040", "accent2": "595959",
        "accent3": "737373", "accent4": "8C8C8C", "accent5": "A6A6A6", "accent6": "BFBFBF", "hlink": "0000FF",
        "folHlink": "800080",
    }  # fmt: skip
    named = "".join(f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in colours.items())
    font = '<a:latin typeface="Arial"/><a:ea typeface=""/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="9525">{fill}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Formulir"><a:themeElements>'
        f'<a:clrScheme name="Formulir">{named}</a:clrScheme><a:fontScheme name="Formulir">'
        f"<a:majorFont>{font}</a:majorFont><a:minorFont>{font}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="Formulir"><a:fillStyleLst>{fill * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{line * 3}</a:lnStyleLst><a:effectStyleLst>{effect * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme>"
        "</a:themeElements></a:theme>"
    )


_THEME = _theme()
