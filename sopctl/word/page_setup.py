"""How the office wants its pages: what `sopctl.yaml` says of paper, margins, font and page numbers.

The rules leave these to the office; so they are settings, applied to a template when it is read, never written into it.
"""

from msgspec import Struct

from sopctl.office.model import Margins, Office, PageNumber, PaperSize

A4 = (210, 297)
F4 = (215, 330)
HALF: dict[PaperSize, tuple[int, int]] = {"A4": (148, 210), "F4": (165, 215)}
"""Half a sheet, upright, as a disposisi is written on: A5, or half a folio."""

WHOLE: dict[PaperSize, tuple[int, int]] = {"A4": A4, "F4": F4}
"""Width and height in mm."""


class PageSetup(Struct, frozen=True, kw_only=True):
    """What is applied to every template; None leaves a thing as the template has it."""

    paper: PaperSize = "A4"
    margins: Margins | None = None
    font: str = ""
    page_number: PageNumber | None = None


def page_setup_of(office: Office) -> PageSetup:
    """The layout that an office wants."""
    pages = office.pages
    return PageSetup(paper=office.paper, margins=pages.margins, font=pages.font, page_number=pages.page_number)
