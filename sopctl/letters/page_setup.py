"""The office's page setup applied to an opened template: paper, margins, font, page numbers.

Loads python-docx: import it only where a template is read anew.
"""

from typing import Any

from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from sopctl.word.page_setup import A4, HALF, WHOLE, PageSetup

_NEAR = Mm(2)
_ALIGNED = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
_FACES = ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia")


def apply_page_setup(document: Any, layout: PageSetup) -> None:  # noqa: ANN401 — python-docx' own type is a function's
    """Change the sections of a document that has a template's usual sizes; a sheet of another size stays as it is."""
    for section in document.sections:
        whole = _has_size(section, A4)
        if whole or _has_size(section, HALF["A4"]):
            _resize(section, (WHOLE if whole else HALF)[layout.paper])
        if whole and layout.margins is not None:
            margins = layout.margins
            section.top_margin, section.bottom_margin = Mm(margins.top), Mm(margins.bottom)
            section.left_margin, section.right_margin = Mm(margins.left), Mm(margins.right)
        if layout.page_number is not None:
            _place_page_number(section, layout.page_number)
    if layout.font:
        _use_font(document, layout.font)


def _has_size(section: Any, size: tuple[int, int]) -> bool:  # noqa: ANN401 — as above
    """Whether the sheet has this size in mm, portrait or landscape."""
    sides = sorted((section.page_width or 0, section.page_height or 0))
    return all(abs(side - Mm(mm)) < _NEAR for side, mm in zip(sides, size, strict=True))


def _resize(section: Any, size: tuple[int, int]) -> None:  # noqa: ANN401 — as above
    short, long = Mm(size[0]), Mm(size[1])
    lies = section.orientation == WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = (long, short) if lies else (short, long)


def _place_page_number(section: Any, where: str) -> None:  # noqa: ANN401 — as above
    """Set the paragraph with the page number to a side of the page, or empty it."""
    for element in section.header._element.iter(qn("w:p")):  # noqa: SLF001 — python-docx offers no other way
        if next(element.iter(qn("w:fldChar"), qn("w:fldSimple"), qn("w:instrText")), None) is None:
            continue
        paragraph = Paragraph(element, section.header)
        if where == "none":
            paragraph.clear()  # type: ignore[no-untyped-call]
        else:
            paragraph.alignment = _ALIGNED[where]


def _use_font(document: Any, font: str) -> None:  # noqa: ANN401 — as above
    """Make a font that of all text for which no style names another."""
    for faces in document.styles.element.iterfind(f"{qn('w:docDefaults')}//{qn('w:rFonts')}"):
        for face in _FACES:
            faces.set(qn(face), font)
