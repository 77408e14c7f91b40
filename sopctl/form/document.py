"""The form as a Word file: identity sheet and flowchart pages, the parts around them (see `parts`), and the zip of all.

No clock, no person and no operating system leaves a trace in it: the same SOP gives the same bytes.
"""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sopctl.errors import WrongError
from sopctl.form.document_pages import chart_page, identity_sheet, title_page
from sopctl.form.drawingml import ShapeWriter
from sopctl.form.geometry import Flowchart
from sopctl.form.identity import Identity
from sopctl.form.table_layout import MARGIN
from sopctl.form.wordml import paragraph, run
from sopctl.word.pictures import PictureFormat, fit_size, picture_format
from sopctl.word.xml_text import quote_attribute

_EMBLEM = 80, 20
"""The room of the emblem: its width and height at most, in millimetres."""

_FOOTER_DISTANCE = 400
"""The distance of the page number from the edge of the sheet, in twips."""

_FOOTER, _LOGO = "rIdFooter", "rIdLogo"
"""The relationships by which the body refers to its footer and to the logo."""

_IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_form(chart: Flowchart, identity: Identity, *, cover: bool = False) -> bytes:
    """The Word file of an SOP; ``cover`` puts a title page before it.

    Raises:
        WrongError: where the logo is no picture that Word knows.
    """
    logo = _logo_format(identity.logo.data) if identity.logo else None
    title, name = chart.title.text, f"media/logo.{logo.extension}" if logo else ""
    content_type = f'<Default Extension="{logo.extension}" ContentType="{logo.content_type}"/>' if logo else ""
    relationship = f'<Relationship Id="{_LOGO}" Type="{_IMAGE}" Target="{name}"/>' if logo else ""
    parts = {
        "[Content_Types].xml": _part("content_types", logo=content_type),
        "_rels/.rels": _part("package_rels"),
        "docProps/core.xml": _part("core", title=quote_attribute(title)[1:-1]),
        "word/document.xml": _part("document", body="".join(_body(chart, identity, logo, cover=cover))),
        "word/_rels/document.xml.rels": _part("document_rels", logo=relationship),
        "word/footer1.xml": _part("footer1", footer=_footer(title)),
        "word/styles.xml": _part("styles"),
        "word/settings.xml": _part("settings"),
        "word/fontTable.xml": _part("fontTable"),
        "word/theme/theme1.xml": _part("theme1"),
    }
    return _zip(parts | ({f"word/{name}": identity.logo.data} if identity.logo else {}))


def _part(name: str, **fields: str) -> bytes:
    """A part with its fields filled in."""
    return (files("sopctl.form") / "parts" / f"{name}.xml").read_bytes().decode().format(**fields).encode()


def _zip(parts: Mapping[str, bytes]) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w") as file:
        for name, content in parts.items():
            entry = ZipInfo(name, _EPOCH)
            entry.compress_type, entry.create_system = ZIP_DEFLATED, 0
            file.writestr(entry, content, compresslevel=6)
    return target.getvalue()


def _body(chart: Flowchart, identity: Identity, logo: PictureFormat | None, *, cover: bool) -> Iterator[str]:
    shapes, sheet = ShapeWriter(), chart.paper

    def emblem() -> str:
        if logo is None or identity.logo is None:
            return ""
        return shapes.picture(_LOGO, logo, fit_size(logo, *_EMBLEM), identity.logo.alt)

    if cover:
        yield title_page(identity, emblem(), sheet.height - 2 * MARGIN)
    yield identity_sheet(identity, emblem(), sheet.width - 2 * MARGIN, page_break=cover)
    for page in chart.pages:
        yield chart_page(chart, page, shapes)
    yield paragraph("", 1)
    yield (
        f'<w:sectPr><w:footerReference w:type="default" r:id="{_FOOTER}"/>'
        f'<w:pgSz w:w="{sheet.width}" w:h="{sheet.height}" w:orient="landscape"/>'
        f'<w:pgMar w:top="{MARGIN}" w:right="{MARGIN}" w:bottom="{MARGIN}" w:left="{MARGIN}" '
        f'w:header="{_FOOTER_DISTANCE}" w:footer="{_FOOTER_DISTANCE}" w:gutter="0"/></w:sectPr>'
    )


def _footer(title: str) -> str:
    page, pages = (f'<w:fldSimple w:instr=" {name} ">{run("1", 7)}</w:fldSimple>' for name in ("PAGE", "NUMPAGES"))
    return paragraph(run(f"{title} · halaman ", 7) + page + run(" dari ", 7) + pages, 7, align="right")


def _logo_format(data: bytes) -> PictureFormat:
    """The logo's format.

    Raises:
        WrongError: where it is no picture that Word shows.
    """
    found = picture_format(data)
    if found is None:
        raise WrongError("instansi.logo di sopctl.yaml: gambar tidak dikenal; pakai PNG atau JPEG.", code="logo")
    return found
