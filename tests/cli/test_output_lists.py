"""A row with several outputs: each is printed on its own line, and is there for the rows below."""

from typing import TYPE_CHECKING

import pytest
from docx import Document

if TYPE_CHECKING:
    from tests.cli.conftest import Office

SOP = """id: izin
nama: Pemeriksaan Izin
pelaksana: {staf: Petugas Loket, kasi: Kepala Seksi}
steps:
  - id: terima
    no: 1
    kegiatan: Menerima permohonan
    pelaksana: staf
    kelengkapan: [Fotokopi KTP, Pas foto]
    waktu: 10 menit
    output: [Berita acara, Daftar periksa]
  - id: telaah
    no: 2
    kegiatan: Menelaah
    pelaksana: kasi
    kelengkapan: [Berita acara, {nama: daftar periksa, evidence: true}]
    waktu: 1 hari
    output: [Telaahan]
"""


@pytest.fixture
def izin(office: "Office") -> "Office":
    (office.root / "sops" / "izin.yaml").write_text(SOP)
    return office


def test_each_output_counts_as_made_and_is_printed_on_its_own_line(izin: "Office") -> None:
    assert izin.json("check", "izin")["problems"] == []
    izin.ok("form", "izin", "-o", "izin.docx")
    cells = [cell.text for table in Document("izin.docx").tables for row in table.rows for cell in row.cells]
    assert "1. Fotokopi KTP\n2. Pas foto" in cells
    assert "1. Berita acara\n2. Daftar periksa" in cells
    assert "Telaahan" in cells
    assert "2. Daftar" in izin.ok("show", "izin")


def test_json_has_the_output_as_a_text_too(izin: "Office") -> None:
    first, second = izin.json("show", "izin")["steps"]
    assert (first["output"], first["outputs"]) == ("Berita acara\nDaftar periksa", ["Berita acara", "Daftar periksa"])
    assert (second["output"], second["outputs"]) == ("Telaahan", ["Telaahan"])


def test_evidence_is_there_when_it_is_one_of_several_outputs_of_an_earlier_row(izin: "Office") -> None:
    izin.ok("start", "izin")
    (written,) = izin.json("approve", "izin-1")["documents"]
    assert "BERITA ACARA DAN DAFTAR PERIKSA" in "\n".join(
        paragraph.text.upper() for paragraph in Document(written["path"]).paragraphs
    )
    assert izin.json("status", "izin-1")["missing_items"] == []
    assert izin.json("approve", "izin-1")["status"] == "completed"
