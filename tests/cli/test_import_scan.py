"""A scanned form: read by Tesseract with every row marked, or a sentence that says what is missing."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
import pytest

from sopctl.sop.decode import read_sop
from sopctl.sop.unconfirmed import confirm
from sopctl.word.pdf import convert_to_pdf

if TYPE_CHECKING:
    from tests.cli.conftest import Office


@pytest.fixture
def scan(office: "Office", tmp_path: Path, needs: Callable[[str], str]) -> Path:
    """A form that sopctl printed, as pictures of its pages."""
    needs("soffice")
    form = tmp_path / "bimtek.docx"
    office.ok("form", "bimtek", "--output", str(form))
    convert_to_pdf([form], tmp_path)
    with pypdfium2.PdfDocument(tmp_path / "bimtek.pdf") as pdf:
        pages = [page.render(scale=200 / 72).to_pil().convert("L") for page in pdf]
    path = tmp_path / "pindai.pdf"
    pages[0].save(path, save_all=True, append_images=pages[1:], resolution=200)
    return path


def test_each_row_of_a_scan_is_marked(office: "Office", scan: Path, needs: Callable[[str], str]) -> None:
    needs("tesseract")
    office.ok("import", str(scan), "--review")
    text = (office.root / "sops/pindai.yaml").read_text(encoding="utf-8")
    there, _ = read_sop((office.root / "sops/bimtek.yaml").read_bytes(), "bimtek.yaml")
    form, problems = read_sop(confirm(text).encode(), "pindai.yaml")
    assert there is not None
    assert form is not None, problems
    assert len(form.steps) == len(there.steps)
    rows = re.split(r"^  - ", text.partition("\nsteps:")[2], flags=re.MULTILINE)[1:]
    assert all("# periksa: kegiatan: seluruh baris ini terbaca dari gambar" in row for row in rows)
    assert "# periksa: nama: " in text
    assert "# periksa: pelaksana: " in text
    assert office.type("start", "pindai").exit_code == 5
    assert "data:image/png;base64," in (office.root / "sops/pindai.review.html").read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="the path of programs is another there")
def test_without_tesseract_a_scan_says_what_is_missing(
    office: "Office", scan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    result = office.type("import", str(scan))
    assert result.exit_code == 5
    assert "tampaknya hasil pindai" in result.output
    assert "tesseract-ocr-ind" in result.output
    assert not (office.root / "sops/pindai.yaml").exists()
