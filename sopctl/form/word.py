"""The form as a Word file: identity sheet and flowchart pages in one document, the same bytes for the same SOP."""

from collections.abc import Iterator

from sopctl.errors import WrongError
from sopctl.form.drawing import Drawing
from sopctl.form.geometry import Chart
from sopctl.form.identity import Identity
from sopctl.form.package import FOOTER, LOGO, Picture, package
from sopctl.form.sheets import chart_page, identity_sheet, room, title_page
from sopctl.form.table import MARGIN
from sopctl.form.wordml import paragraph, run
from sopctl.word.pictures import format_of

_LOGO_HEIGHT = 1134
_LOGO_WIDTH = 4536
"""2 cm and 8 cm, in twips."""

_FOOT = 400
"""The distance of the page number from the edge of the sheet, in twips."""


def form(chart: Chart, identity: Identity, *, cover: bool = False) -> bytes:
    """The Word file of an SOP; ``cover`` puts a title page before it.

    Raises:
        WrongError: where the logo is no picture that Word knows.
    """
    picture = _picture(identity.logo) if identity.logo else None
    body = "".join(_body(chart, identity, picture, cover=cover))
    return package(chart.title.text, body, _footer(chart.title.text), picture)


def _body(chart: Chart, identity: Identity, picture: Picture | None, *, cover: bool) -> Iterator[str]:
    drawing = Drawing()

    def logo() -> str:
        return drawing.picture(LOGO, picture.width, picture.height, "Lambang") if picture else ""

    if cover:
        yield title_page(identity, logo(), chart.sheet.height - 2 * MARGIN)
    yield identity_sheet(identity, logo(), room(chart), page_break=cover)
    for page in chart.pages:
        yield chart_page(chart, page, drawing, page_break=True)
    yield paragraph("", 1)
    yield (
        f'<w:sectPr><w:footerReference w:type="default" r:id="{FOOTER}"/>'
        f'<w:pgSz w:w="{chart.sheet.width}" w:h="{chart.sheet.height}" w:orient="landscape"/>'
        f'<w:pgMar w:top="{MARGIN}" w:right="{MARGIN}" w:bottom="{MARGIN}" w:left="{MARGIN}" '
        f'w:header="{_FOOT}" w:footer="{_FOOT}" w:gutter="0"/></w:sectPr>'
    )


def _footer(title: str) -> str:
    page, pages = (f'<w:fldSimple w:instr=" {name} ">{run("1", 7)}</w:fldSimple>' for name in ("PAGE", "NUMPAGES"))
    return paragraph(run(f"{title} · halaman ", 7) + page + run(" dari ", 7) + pages, 7, align="right")


def _picture(data: bytes) -> Picture:
    """The logo as high as it should be, smaller where it would be too wide.

    Raises:
        WrongError: where it is no picture that Word shows.
    """
    found = format_of(data)
    if found is None:
        raise WrongError("instansi.logo di sopctl.yaml: gambar tidak dikenal; pakai PNG atau JPEG.", code="logo")
    height = max(1, min(_LOGO_HEIGHT, _LOGO_WIDTH * found.height // found.width))
    width = max(1, min(_LOGO_WIDTH, height * found.width // found.height))
    return Picture(data, found.extension, found.content_type, width, height)
