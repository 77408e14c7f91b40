"""What stands above a signature block keeps with it: by its marks here, on the pages in `test_pages`."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from sopctl.letters.context import TableRow
from sopctl.letters.renderer import Renderer

BEGAN = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)


def kept(data: bytes) -> dict[str, bool]:
    """The paragraphs that say something, those in cells too, and whether each keeps with what follows by itself."""
    body = parse_xml(ZipFile(BytesIO(data)).read("word/document.xml"))
    said = [(_text(one), one.find(f"{qn('w:pPr')}/{qn('w:keepNext')}")) for one in body.iter(qn("w:p"))]
    return {text: keep is not None for text, keep in said if text}


def _text(element: Any) -> str:  # noqa: ANN401 — lxml has no types
    return "".join(text.text or "" for text in element.iter(qn("w:t")))


def filled(templates: dict[str, WordDocument], **said: object) -> bytes:
    """The Word file that `surat.docx` makes of what is said."""

    def load(name: str) -> bytes:
        target = BytesIO()
        templates[name].save(target)
        return target.getvalue()

    return Renderer(load).render("surat.docx", said, created=BEGAN, title="Uji")


@pytest.mark.parametrize("rows", [pytest.param(4, id="four"), pytest.param(60, id="sixty")])
def test_the_last_rows_of_a_lampiran_keep_with_its_signature(
    build: Callable[..., dict[str, object]], renderer: Renderer, rows: int
) -> None:
    members = [TableRow({"nama": f"Pegawai {number}"}) for number in range(1, rows + 1)]
    said = build("surat-tugas.docx") | {"anggota": members}
    found = kept(renderer.render("surat-tugas.docx", said, created=BEGAN, title="Uji"))
    assert [found[f"Pegawai {number}"] for number in range(rows - 2, rows + 1)] == [False, True, True]
    assert found[f"Jumlah: {rows} orang."]


@pytest.mark.parametrize(
    ("rows", "row_of"), [pytest.param(2, False, id="short-table"), pytest.param(40, True, id="long-table")]
)
def test_below_a_long_table_the_block_is_its_last_row(rows: int, row_of: bool) -> None:  # noqa: FBT001 — a table of cases
    letter, block = Document(), Document()
    table = letter.add_table(rows, 3)
    for number, row in enumerate(table.rows):
        row.cells[1].text = f"Baris {number}"
    letter.add_paragraph("Demikian.")
    letter.add_paragraph('{%p include "tanda-tangan.docx" %}')
    letter.add_paragraph("Tembusan")
    block.add_table(1, 2).rows[0].cells[1].text = "{{ nama }}"
    body = Document(BytesIO(filled({"surat.docx": letter, "tanda-tangan.docx": block}, nama="Nama"))).element.body
    assert [_text(one) for one in body.iter(qn("w:p")) if _text(one)] == [
        *(f"Baris {number}" for number in range(rows)), "Demikian.", "Nama", "Tembusan",
    ]  # fmt: skip
    assert (len(body.findall(qn("w:tbl"))) == 1) == row_of
    assert ("Demikian." in _text(body.findall(qn("w:tbl"))[0].findall(qn("w:tr"))[-1])) == row_of


@pytest.mark.parametrize(
    ("paragraphs", "keep"),
    [
        pytest.param(["Satu.", "Dua.", "Tiga.", "Empat."], [False, True, True, True], id="short-ones"),
        pytest.param(["Satu.", "", "Dua. " * 130], [False, True], id="one-of-many-lines"),
        pytest.param(["Satu. " * 200, "Dua."], [False, True], id="none-that-is-taller-than-half-a-page"),
        pytest.param(["Satu."], [True], id="all-that-there-is"),
    ],
)
def test_an_office_s_own_block_takes_the_last_paragraphs_along(paragraphs: list[str], keep: list[bool]) -> None:
    letter, block = Document(), Document()
    for paragraph in (*paragraphs, '{%p include "tanda-tangan.docx" %}'):
        letter.add_paragraph(paragraph)
    for paragraph in ("{%p if jabatan %}", "{{ jabatan }},", "{%p endif %}", "", "{{ nama }}"):
        block.add_paragraph(paragraph)
    found = kept(filled({"surat.docx": letter, "tanda-tangan.docx": block}, jabatan="Kepala", nama="Nama"))
    assert [found[paragraph] for paragraph in paragraphs if paragraph] == keep
    assert found["Kepala,"]


def test_a_block_written_out_in_a_letter_takes_text_along_too() -> None:
    letter = Document()
    for text in ("Satu.", "Dua.", "Demikian.", "Kepala,", "", "", "{{ signer.nama }}", "{{ signer.nip }}", "Tembusan"):
        letter.add_paragraph(text)
    found = kept(filled({"surat.docx": letter}, signer={"nama": "Nama", "nip": "1"}))
    assert [text for text, keep in found.items() if keep] == ["Dua.", "Demikian.", "Kepala,", "Nama"]


def test_a_block_in_the_last_row_of_a_table_takes_the_row_above_along_and_is_not_split() -> None:
    letter = Document()
    letter.styles.add_style("TandaTangan", 1)
    letter.add_paragraph("Judul")
    table = letter.add_table(4, 2)
    for number, row in enumerate(table.rows):
        for cell in row.cells:
            cell.text = f"Sel {number}"
    table.rows[3].cells[1].paragraphs[0].style = "TandaTangan"
    found = kept(filled({"surat.docx": letter}))
    assert found == {"Judul": False, "Sel 0": True, "Sel 1": True, "Sel 2": True, "Sel 3": False}


def test_an_empty_paragraph_at_the_end_of_a_page_begins_no_other() -> None:
    letter = Document()
    for text in ("Satu.", "", "Lampiran", "", "{{ akhir }}", ""):
        letter.add_paragraph(text)
    letter.paragraphs[2].paragraph_format.page_break_before = True
    body = Document(BytesIO(filled({"surat.docx": letter}, akhir="Akhir"))).element.body
    assert [_text(one) for one in body.iter(qn("w:p"))] == ["Satu.", "Lampiran", "", "Akhir"]


def test_blocks_below_each_other_share_one_row_of_the_table_above_until_they_fill_a_page() -> None:
    letter, block = Document(), Document()
    letter.add_table(4, 2)
    for _ in range(3):
        letter.add_paragraph('{%p include "tanda-tangan.docx" %}')
    for number, row in enumerate(block.add_table(25, 1).rows):
        row.cells[0].text = f"Nama {number}"
    body = Document(BytesIO(filled({"surat.docx": letter, "tanda-tangan.docx": block}))).element.body
    table, *others = body.findall(qn("w:tbl"))
    assert [_text(row).count("Nama 24") for row in table.findall(qn("w:tr"))] == [0, 0, 0, 0, 2]
    assert "".join(map(_text, others)).count("Nama 24") == 1
