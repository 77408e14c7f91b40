from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sopctl.letters.renderer import Renderer
from sopctl.office.model import Margins, Office, Pages, PaperSize
from sopctl.word.letterhead import letterhead_of
from sopctl.word.page_setup import PageSetup, page_setup_of
from sopctl.word.printed_values import Picture
from tests.letters.test_pictures import png

Build = Callable[..., dict[str, object]]
TEMPLATES = Path(__file__).parents[2] / "templates"


@pytest.fixture
def laid_out(build: Build, began: object) -> Callable[..., object]:
    """A document of a template under a layout, opened."""

    def opened(template: str, **layout: object) -> object:
        renderer = Renderer(TEMPLATES, PageSetup(**layout))  # type: ignore[arg-type]  # a test's own names
        return Document(BytesIO(renderer.render(template, build(template), created=began, title="Uji")))  # type: ignore[arg-type]

    return opened


@pytest.mark.parametrize(
    ("template", "paper", "size"),
    [
        pytest.param("surat-tugas.docx", "A4", (210, 297), id="a4"),
        pytest.param("surat-tugas.docx", "F4", (215, 330), id="f4"),
        pytest.param("disposisi.docx", "A4", (148, 210), id="a5"),
        pytest.param("disposisi.docx", "F4", (165, 215), id="half-folio"),
    ],
)
def test_a_sheet_has_the_size_of_the_office(
    laid_out: Callable[..., object], template: str, paper: PaperSize, size: tuple[int, int]
) -> None:
    for section in laid_out(template, paper=paper).sections:  # type: ignore[attr-defined]
        found = (section.page_width, section.page_height)
        assert all(abs(side - Mm(mm)) < Mm(1) for side, mm in zip(found, size, strict=True))


def test_margins_are_those_of_the_office_on_whole_sheets_only(laid_out: Callable[..., object]) -> None:
    margins = Margins(top=15, right=16, bottom=17, left=35)
    (letter,) = laid_out("surat-tugas.docx", margins=margins).sections  # type: ignore[attr-defined]
    found = (letter.top_margin, letter.right_margin, letter.bottom_margin, letter.left_margin)
    assert [round(side / Mm(1)) for side in found] == [15, 16, 17, 35]
    (half,) = laid_out("disposisi.docx", margins=margins).sections  # type: ignore[attr-defined]
    assert round(half.left_margin / Mm(1)) == 15


@pytest.mark.parametrize("paper", ["A4", "F4"])
@pytest.mark.parametrize("template", ["disposisi.docx", "surat-tugas.docx"])
def test_the_logo_has_room_in_its_cell_and_no_cell_stays_empty(
    build: Build, office: Office, began: datetime, template: str, paper: PaperSize
) -> None:
    with_logo = replace(letterhead_of(office, None), logo=Picture(png(200, 260)))
    said = build(template) | {"instansi": with_logo}
    page = Document(
        BytesIO(Renderer(TEMPLATES, PageSetup(paper=paper)).render(template, said, created=began, title="Uji"))
    )
    section, row = page.sections[0], page.tables[0].rows[0]
    text = section.page_width - section.left_margin - section.right_margin  # type: ignore[operator]
    share = int(row.cells[0]._tc.tcPr.tcW.get(qn("w:w"))) / 5000  # type: ignore[union-attr]  # noqa: SLF001 — no other way
    assert page.inline_shapes[0].width <= share * text
    assert all(cell.text or cell._tc.xpath(".//w:drawing") for cell in row.cells)  # noqa: SLF001 — the same


def test_a_font_of_the_office_is_that_of_all_text_that_names_none(laid_out: Callable[..., object]) -> None:
    for template, normal in (("surat-tugas.docx", None), ("keputusan.docx", "Bookman Old Style")):
        document = laid_out(template, font="Tahoma")
        assert 'w:ascii="Tahoma"' in document.styles.element.xml  # type: ignore[attr-defined]
        assert document.styles["Normal"].font.name == normal  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("where", "alignment"),
    [("left", WD_ALIGN_PARAGRAPH.LEFT), ("right", WD_ALIGN_PARAGRAPH.RIGHT), ("none", None)],
)
def test_a_page_number_goes_where_the_office_wants_it(
    laid_out: Callable[..., object], where: str, alignment: object
) -> None:
    (section,) = laid_out("surat-tugas.docx", page_number=where).sections  # type: ignore[attr-defined]
    (paragraph,) = section.header.paragraphs
    assert ("PAGE" in paragraph._p.xml) == (where != "none")  # noqa: SLF001 — python-docx offers no other way
    assert paragraph.alignment == alignment


@given(st.sampled_from(["A4", "F4"]), st.sampled_from([None, "center"]), st.text(max_size=5))
def test_the_layout_is_what_the_office_says(paper: PaperSize, number: object, font: str) -> None:
    office = Office(paper=paper, pages=Pages(font=font, page_number=number))  # type: ignore[arg-type]
    assert page_setup_of(office) == PageSetup(paper=paper, font=font, page_number=number)  # type: ignore[arg-type]


@pytest.mark.parametrize("template", sorted(path.name for path in TEMPLATES.glob("*.docx")))
def test_every_table_is_as_wide_as_the_paper_of_the_office(template: str) -> None:
    widths = {
        (width.get(qn("w:type")), width.get(qn("w:w")))
        for width in Document(str(TEMPLATES / template)).element.iter(qn("w:tblW"))
    }
    assert widths <= {("pct", "5000")}
