"""The Word file: sound, editable, the same every time, and saying what the SOP says."""

import re
import struct
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from msgspec.structs import replace
from openxml_audit import OpenXmlValidator
from PIL import Image

from sopctl.errors import NotFoundError, WrongError
from sopctl.form.columns import cell_text
from sopctl.form.document import write_form
from sopctl.form.drawingml import PRESETS
from sopctl.form.geometry import Flowchart
from sopctl.form.identity import build_identity
from sopctl.form.layout import lay_out_flowchart
from sopctl.office.model import Instansi, Office, Official
from sopctl.sop.model import Identitas, Sop, Step
from sopctl.word.pdf import convert_to_pdf
from sopctl.word.pictures import EMU

AUDIT = OpenXmlValidator()
TODAY = date(2026, 11, 24)
OFFICE = Office(
    instansi=Instansi(pemerintah="Pemerintah Provinsi", nama="Dinas Koperasi", bidang="Bidang Pemberdayaan"),
    officials=(Official(nama="Nama Pejabat, S.E.", nip="1900", pangkat="Pembina", jabatan="Kepala Dinas", as_="Plt."),),
)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c6360606000000004000127340a6e0000000049454e44ae426082"
)
ITEMS = [
    "Nomor SOP", "Tanggal Pembuatan", "Tanggal Revisi", "Tanggal Efektif", "Disahkan oleh", "Nama SOP", "Dasar Hukum",
    "Kualifikasi pelaksana", "Keterkaitan", "Peralatan/perlengkapan", "Peringatan", "Pencatatan dan pendataan",
]  # fmt: skip
WPS = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
MAIN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def written(sop: Sop, drawn: Flowchart | None = None, *, cover: bool = False, logo: bytes | None = None) -> bytes:
    return write_form(drawn or lay_out_flowchart(sop, "A4"), build_identity(sop, OFFICE, TODAY, logo), cover=cover)


def cells(row: Any) -> list[str]:  # noqa: ANN401 — python-docx' row
    return [cell.text for cell in row.cells]


def tables(data: bytes) -> list[Any]:
    return list(Document(BytesIO(data)).tables)


def body(data: bytes) -> Any:  # noqa: ANN401 — lxml's element
    return parse_xml(ZipFile(BytesIO(data)).read("word/document.xml"))


def test_a_known_sop_is_a_sound_word_file(known: Sop, drawn: Flowchart, tmp_path: Path) -> None:
    file = tmp_path / "formulir.docx"
    file.write_bytes(written(known, drawn, cover=True, logo=PNG))
    assert [error.description for error in AUDIT.validate(file).errors] == []


def test_the_table_says_what_the_sop_says(known: Sop, drawn: Flowchart) -> None:
    _, *pages = tables(written(known, drawn))
    rows = [cells(row) for page in pages for row in page.rows[2:]]
    count = len(known.pelaksana)
    keys = ("no", "kegiatan", "kelengkapan", "waktu", "output", "keterangan")
    assert [row[:2] + row[2 + count :] for row in rows] == [
        [cell_text(one, key) for key in keys] for one in known.steps
    ]
    for page in pages:
        assert cells(page.rows[1])[2 : 2 + count] == list(known.pelaksana.values())
        assert {"Pelaksana", "Mutu Baku"} < set(cells(page.rows[0]))
    repeated = [
        row.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None
        for row in body(written(known, drawn)).iter(qn("w:tr"))
    ]
    assert sum(repeated) == 2 * len(drawn.pages)


def test_every_shape_is_an_editable_one_with_a_number_of_its_own(known: Sop, drawn: Flowchart) -> None:
    xml = body(written(known, drawn))
    numbers = [int(one.get("id")) for one in xml.iter(f"{DRAWING}docPr")]
    assert numbers == list(range(1, len(numbers) + 1))
    presets = [one.get("prst") for one in xml.iter(f"{MAIN}prstGeom")]
    for kind, (preset, _) in PRESETS.items():
        assert presets.count(preset) == sum(shape.kind == kind for page in drawn.pages for shape in page.symbols)
    lines = sum(len(page.routes) for page in drawn.pages)
    assert len(list(xml.iter(f"{MAIN}custGeom"))) + presets.count("straightConnector1") == lines
    labels = [one for one in xml.iter(f"{WPS}cNvSpPr") if one.get("txBox")]
    assert len(labels) == sum(len(page.labels) for page in drawn.pages)


def test_rows_of_exact_height_put_every_shape_into_its_row(known: Sop, drawn: Flowchart) -> None:
    """The heights that Word is told, added up from the top of the table, are where the layout put the rows."""
    heights = [
        int(row.find(qn("w:trPr")).find(qn("w:trHeight")).get(qn("w:val")))
        for row in body(written(known, drawn)).iter(qn("w:tr"))
        if row.find(qn("w:trPr")).find(qn("w:trHeight")).get(qn("w:hRule")) == "exact"
    ]
    told = iter(heights)
    for page in drawn.pages:
        top = page.header[0].frame.top + next(told) + next(told)
        for row in page.rows:
            assert row.frame.top == top
            top += next(told)


def test_the_same_sop_gives_the_same_bytes(known: Sop, drawn: Flowchart) -> None:
    assert written(known, drawn, cover=True, logo=PNG) == written(known, drawn, cover=True, logo=PNG)


@pytest.fixture
def sheet(plain: Callable[..., Step]) -> Sop:
    """An SOP whose identity sheet is filled in."""
    first = plain("s1", "a")
    return Sop(
        id="uji",
        nama="Uji Lembar",
        identitas=Identitas(
            nomor="000.8/1/DISKOPUKM",
            tanggal_pembuatan=date(2023, 8, 31),
            disahkan_oleh="Kepala Dinas",
            dasar_hukum=("Undang-Undang & <Peraturan>", "Peraturan Gubernur"),
            peringatan=("Bila tidak dilaksanakan, terhambat.",),
        ),
        pelaksana={"a": "Staf"},
        steps=(first,),
        start=("s1",),
        source=first.source,
    )


def test_the_identity_sheet_keeps_all_items_in_order(sheet: Sop) -> None:
    said = [line for row in tables(written(sheet))[0].rows for cell in row.cells for line in cell.text.split("\n")]
    assert [line for line in dict.fromkeys(said) if line in ITEMS] == ITEMS
    assert "PEMERINTAH PROVINSI" in said
    assert {"000.8/1/DISKOPUKM", "31 Agustus 2023", "UJI LEMBAR"} < set(said)
    assert {"1.\tUndang-Undang & <Peraturan>", "2.\tPeraturan Gubernur"} < set(said)
    assert "Bila tidak dilaksanakan, terhambat." in said


def test_the_signature_shows_who_holds_the_post(sheet: Sop) -> None:
    signed = tables(written(sheet))[0].rows[4].cells[2].text
    assert signed.split("\n") == ["Plt. KEPALA DINAS,", "Nama Pejabat, S.E.", "Pembina", "NIP 1900"]


def test_an_unknown_official_is_a_dotted_line(sheet: Sop) -> None:
    unsigned = replace(sheet, identitas=Identitas())
    jabatan, nama, pangkat, nip = tables(written(unsigned))[0].rows[4].cells[2].text.split("\n")
    assert set(jabatan.rstrip(",")) == set(nama) == set(pangkat) == {"…"}
    assert nip.startswith("NIP …")


def test_a_list_of_eighty_items_goes_on_and_keeps_them_all(sheet: Sop, tmp_path: Path) -> None:
    many = tuple(f"Peraturan nomor {number} tentang penyusunan standar" for number in range(80))
    file = tmp_path / "formulir.docx"
    file.write_bytes(written(replace(sheet, identitas=Identitas(dasar_hukum=many))))
    text = tables(file.read_bytes())[0].rows[6].cells[0].text
    assert text.count("Peraturan nomor") == 80
    assert AUDIT.validate(file).errors == []


def test_the_title_page_comes_first_where_it_is_wanted(sheet: Sop) -> None:
    said = [line.text for line in Document(BytesIO(written(sheet, cover=True))).paragraphs if line.text]
    assert said[:2] == ["STANDAR OPERASIONAL PROSEDUR (SOP)", "UJI LEMBAR"]
    assert "TAHUN 2023" in said


def test_a_logo_is_printed_where_there_is_one(sheet: Sop) -> None:
    package = ZipFile(BytesIO(written(sheet, logo=PNG)))
    assert "word/media/logo.png" in package.namelist()
    assert 'descr="Lambang Pemerintah' in package.read("word/document.xml").decode()
    with pytest.raises(WrongError, match="PNG atau JPEG"):
        written(sheet, logo=b"no picture")


def test_a_logo_that_a_camera_stored_on_its_side_stands_upright(sheet: Sop) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    Image.new("RGB", (60, 40)).save(target := BytesIO(), "JPEG", exif=turned.tobytes())
    xml = ZipFile(BytesIO(written(sheet, logo=target.getvalue()))).read("word/document.xml").decode()
    assert 'rot="5400000"' in xml
    assert '<wp:extent cx="720000" cy="480000"/>' in xml


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(PNG[:8], id="cut-off"),
        pytest.param(PNG[:16] + bytes(8) + PNG[24:], id="of-no-size"),
        pytest.param(b"\xff\xd8\xff\xd9", id="jpeg-of-no-size"),
        pytest.param(b"BM" + bytes(16) + b"\xff" * 8, id="bmp-of-less-than-nothing"),
    ],
)
def test_a_broken_logo_is_a_sentence(sheet: Sop, broken: bytes) -> None:
    with pytest.raises(WrongError, match=r"instansi\.logo"):
        written(sheet, logo=broken)


@pytest.mark.parametrize("size", [(1, 1), (4_000_000_000, 1), (1, 4_000_000_000)])
def test_a_logo_of_any_shape_fits_its_place(sheet: Sop, size: tuple[int, int]) -> None:
    data = PNG[:16] + struct.pack(">2L", *size) + PNG[24:]
    body = ZipFile(BytesIO(written(sheet, logo=data))).read("word/document.xml").decode()
    width, height = map(int, re.findall(r'<wp:inline [^>]*><wp:extent cx="(\d+)" cy="(\d+)"', body)[0])
    assert 0 < width <= 81 * EMU
    assert 0 < height <= 21 * EMU


def test_what_xml_cannot_hold_shows_as_a_mark(sheet: Sop) -> None:
    odd = replace(sheet, nama="Uji\x07 ]]> <b>&amp;</b>", pelaksana={"a": "Staf \ud800"})
    data = written(odd)
    assert "SOP Uji� ]]> <b>&amp;</b>" in [line.text for line in Document(BytesIO(data)).paragraphs]


@pytest.mark.parametrize("known", ["bimtek", "forty-steps", "fifteen-columns"], indirect=True)
def test_libreoffice_prints_as_many_pages_as_were_laid_out(
    needs: Callable[[str], str], tmp_path: Path, known: Sop, drawn: Flowchart
) -> None:
    needs("soffice")
    file = tmp_path / "formulir.docx"
    file.write_bytes(written(known, drawn))
    (pdf,) = convert_to_pdf([file], tmp_path)
    asked = subprocess.run([needs("pdfinfo"), pdf], capture_output=True, text=True, check=True).stdout
    assert re.findall(r"Pages:\s+(\d+)", asked) == [str(len(drawn.pages) + 1)]


def test_without_libreoffice_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotFoundError, match="LibreOffice tidak terpasang"):
        convert_to_pdf([tmp_path / "formulir.docx"], tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="lays a program of Linux")
@pytest.mark.parametrize("path", ["", ":", ".", ":/nowhere", "./bin", "C:/Program Files"])
def test_a_program_in_the_current_folder_is_never_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, path: str
) -> None:
    for folder in (".", "bin", "C:/Program Files/LibreOffice/program"):
        for name in ("soffice", "libreoffice", "soffice.com"):
            planted = tmp_path / folder / name
            planted.parent.mkdir(parents=True, exist_ok=True)
            planted.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
            planted.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", path)
    with pytest.raises(NotFoundError, match="LibreOffice tidak terpasang"):
        convert_to_pdf([tmp_path / "formulir.docx"], tmp_path)
    assert not (tmp_path / "ran").exists()
