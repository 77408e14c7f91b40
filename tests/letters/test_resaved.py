"""Letters opened and saved again by LibreOffice: a colleague without Word passes on what he was given."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from sopctl.sop.model import Act
from tests.proofs.letters import Size, template_letter

pytestmark = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is needed")

SAMPLE = ("keputusan.docx", "surat-tugas.docx", "berita-acara.docx", "penilaian-kinerja.docx", "disposisi.docx")
SIZES: tuple[tuple[Size, Act], ...] = ((Size(28), "sign"), (Size(3), "draft"))


def said(file: Path) -> Iterator[list[str]]:
    """What the body and the feet of a Word file say, a list of lines for each."""
    document = Document(str(file))
    feet = [foot for section in document.sections for foot in (section.first_page_footer, section.footer)]
    for part in (document.element.body, *(foot._element for foot in feet)):  # noqa: SLF001 — python-docx offers no other way
        lines = ["".join(text.text or "" for text in line.iter(qn("w:t"))) for line in part.iter(qn("w:p"))]
        yield [line.strip() for line in lines if line.strip()]


def test_a_letter_saved_again_says_the_same(tmp_path: Path) -> None:
    letters = [template_letter(name, size, act) for name in SAMPLE for size, act in SIZES]
    files = [letter.write(tmp_path) for letter in letters]
    again = tmp_path / "again"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "docx", "--outdir", str(again), *map(str, files)]
    subprocess.run(command, check=True, capture_output=True)
    assert {file.name: list(said(again / file.name)) for file in files} == {
        file.name: list(said(file)) for file in files
    }
