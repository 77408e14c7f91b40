"""Letters laid out by LibreOffice and read back: the page of a signature bears signed text, whatever the size."""

import shutil
from pathlib import Path

import pytest

from sopctl.office.model import Margins
from sopctl.word.page_setup import PageSetup
from tests.proofs.letters import SIGNER, Letter, Size, template_letter, template_names
from tests.proofs.pages import find_faults, read_pages

pytestmark = pytest.mark.skipif(
    shutil.which("soffice") is None or shutil.which("pdftotext") is None, reason="LibreOffice and poppler are needed"
)

SIZES = (Size(4), Size(28, titles=True), Size(12, long=True))
TABLES = tuple(Size(rows) for rows in (1, 5, 16, 28, 30, 55, 60))
F4 = PageSetup(paper="F4", margins=Margins(top=25, right=25, bottom=30, left=35), font="Bookman Old Style")


def faults(letters: list[Letter], folder: Path, layout: PageSetup | None = None) -> dict[str, list[str]]:
    files = [letter.write(folder, layout) for letter in letters]
    read = {pdf.stem: pages for pdf, pages in read_pages(files, folder)}
    assert [name for name, pages in read.items() if SIGNER not in "".join(pages)] == []
    found = {name: find_faults(pages, SIGNER) for name, pages in read.items()}
    return {name: wrong for name, wrong in found.items() if wrong}


def test_no_template_leaves_a_signature_alone_on_a_page(tmp_path: Path) -> None:
    letters = [template_letter(template, size) for template in template_names() for size in SIZES]
    letters += [template_letter(f"{name}.docx", size) for name in ("surat-tugas", "keputusan") for size in TABLES]
    assert faults(letters, tmp_path) == {}


def test_nor_on_other_paper_with_other_margins_and_font(tmp_path: Path) -> None:
    letters = [template_letter("surat-tugas.docx", size) for size in (*TABLES, *SIZES)]
    assert faults(letters, tmp_path, F4) == {}


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        pytest.param("Jumlah: 3 orang.\n{block}", "page 1: 0 line(s) of text above the signature", id="bare"),
        pytest.param("Baris satu berisi.\n{name}\n\nNIP 1", "page 1: the signature block is split", id="split"),
        pytest.param("2\n\nKONSEP · Uji · uji-1", "page 1 is empty", id="empty"),
        pytest.param("2\nad. Butir tiga puluh.\n", "page 1: 1 line(s) alone", id="stray"),
        pytest.param("Tembusan:\n1. Gubernur", "page 1: tembusan without the signature", id="tembusan"),
    ],
)
def test_what_is_wrong_with_a_page_is_found(page: str, fault: str) -> None:
    block = f"Ditetapkan di Pontianak\n\n\n{SIGNER}\nPembina (IV/a)\nNIP 19750101 200003 1 001"
    assert find_faults([page.format(block=block, name=f"{SIGNER}\nPembina (IV/a)")], SIGNER) == [fault]
