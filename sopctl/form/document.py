"""The form as a Word file: identity sheet and flowchart pages in one document, the same bytes for the same SOP."""

from collections.abc import Iterator

from sopctl.errors import WrongError
from sopctl.form.document_package import FOOTER, LOGO, LogoPicture, write_package
from sopctl.form.document_pages import chart_page, identity_sheet, title_page
from sopctl.form.drawingml import ShapeWriter
from sopctl.form.geometry import Flowchart
from sopctl.form.identity import Identity
from sopctl.form.table_layout import MARGIN
from sopctl.form.wordml import paragraph, run
from sopctl.word.pictures import picture_format

_LOGO_HEIGHT = 1134
_LOGO_WIDTH = 4536
"""2 cm and 8 cm, in twips."""

_FOOTER_DISTANCE = 400
"""The distance of the page number from the edge of the sheet, in twips."""


def write_form(chart: Flowchart, identity: Identity, *, cover: bool = False) -> bytes:
    """The Word file of an SOP; ``cover`` puts a title page before it.

    Raises:
        WrongError: where the logo is no picture that Word knows.
    """
    logo = _logo_picture(identity.logo) if identity.logo else None
    body = "".join(_body(chart, identity, logo, cover=cover))
    return write_package(chart.title.text, body, _footer(chart.title.text), logo)


def _body(chart: Flowchart, identity: Identity, logo: LogoPicture | None, *, cover: bool) -> Iterator[str]:
    shapes, sheet = ShapeWriter(), chart.paper

    def emblem() -> str:
        return shapes.picture(LOGO, logo.width, logo.height, "Lambang") if logo else ""

    if cover:
        yield title_page(identity, emblem(), sheet.height - 2 * MARGIN)
    yield identity_sheet(identity, emblem(), sheet.width - 2 * MARGIN, page_break=cover)
    for page in chart.pages:
        yield chart_page(chart, page, shapes)
    yield paragraph("", 1)
    yield (
        f'<w:sectPr><w:footerReference w:type="default" r:id="{FOOTER}"/>'
        f'<w:pgSz w:w="{sheet.width}" w:h="{sheet.height}" w:orient="landscape"/>'
        f'<w:pgMar w:top="{MARGIN}" w:right="{MARGIN}" w:bottom="{MARGIN}" w:left="{MARGIN}" '
        f'w:header="{_FOOTER_DISTANCE}" w:footer="{_FOOTER_DISTANCE}" w:gutter="0"/></w:sectPr>'
    )


def _footer(title: str) -> str:
    page, pages = (f'<w:fldSimple w:instr=" {name} ">{run("1", 7)}</w:fldSimple>' for name in ("PAGE", "NUMPAGES"))
    return paragraph(run(f"{title} · halaman ", 7) + page + run(" dari ", 7) + pages, 7, align="right")


def _logo_picture(data: bytes) -> LogoPicture:
    """The logo as high as it should be, smaller where it would be too wide.

    Raises:
        WrongError: where it is no picture that Word shows.
    """
    found = picture_format(data)
    if found is None:
        raise WrongError("instansi.logo di sopctl.yaml: gambar tidak dikenal; pakai PNG atau JPEG.", code="logo")
    height = max(1, min(_LOGO_HEIGHT, _LOGO_WIDTH * found.height // found.width))
    width = max(1, min(_LOGO_WIDTH, height * found.width // found.height))
    return LogoPicture(data, found.extension, found.content_type, width, height)
