"""Layouts of forms that no real form at hand shows: each is made here as an office's program would make it."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt
from openpyxl import Workbook

from sopctl.errors import WrongError
from sopctl.importing.cover import read_date, split_items
from sopctl.importing.headings import find_role
from sopctl.importing.reading import ReadSop
from sopctl.sop.draft import write_sop
from sopctl.word.pdf import convert_to_pdf
from tests.importing.conftest import read

HEADINGS = ("No", "Kegiatan", "Kepala Seksi", "Sekretaris", "Kelengkapan", "Waktu", "Output", "Ket")
ROWS = (
    ("1", "Menyusun konsep", "√", "", "Kertas", "10 menit", "Konsep", ""),
    ("2", "Memeriksa konsep", "", "√", "Konsep", "1 jam", "Konsep diperiksa", "diparaf"),
    ("3", "Mengirim surat", "√", "√", "Surat", "1 hari", "Surat terkirim", ""),
)


def _acting(sop: ReadSop) -> list[tuple[str, ...]]:
    return [tuple(sop.draft.pelaksana[one - 1] for one in row.pelaksana) for row in sop.draft.rows]


def _say(sop: ReadSop) -> list[tuple[str, str, str, str]]:
    return [(row.no or "", row.kegiatan, row.waktu, row.output) for row in sop.draft.rows]


EXPECTED = [(row[0], row[1], row[5], row[6]) for row in ROWS]
WHO = [("Kepala Seksi",), ("Sekretaris",), ("Kepala Seksi", "Sekretaris")]


def _word_form(path: Path, *, upright: bool = False, rows: Sequence[Sequence[str]] = ROWS) -> None:
    """A form in Word whose columns are ticked; with ``upright`` the names of the pelaksana read upwards."""
    document = Document()
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Pt(842), Pt(595)
    document.add_paragraph("STANDAR OPERASIONAL PROSEDUR PENGIRIMAN SURAT")
    table = document.add_table(rows=1, cols=len(HEADINGS), style="Table Grid")
    for cell, heading in zip(table.rows[0].cells, HEADINGS, strict=True):
        cell.text = heading
        if upright and heading in {"Kepala Seksi", "Sekretaris"}:
            cell._tc.get_or_add_tcPr().append(  # noqa: SLF001 — python-docx gives its XML under such names
                parse_xml(f'<w:textDirection {nsdecls("w")} w:val="btLr"/>')
            )
    if upright:
        table.rows[0].height = Pt(80)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.save(str(path))


def test_ticks_tell_who_acts_in_a_word_file(tmp_path: Path) -> None:
    _word_form(tmp_path / "surat.docx")
    (sop,) = read(tmp_path / "surat.docx")
    assert (_say(sop), _acting(sop)) == (EXPECTED, WHO)
    assert sop.draft.nama == "PENGIRIMAN SURAT"


VML = "urn:schemas-microsoft-com:vml"
PLACE = "margin-left:20pt;margin-top:2pt;width:20pt;height:10pt"
DIAMOND = (
    '<v:group style="margin-left:15pt;margin-top:1pt;width:40pt;height:14pt" coordsize="400,140">'
    '<v:shape type="#_x0000_t110" style="left:50;top:10;width:200;height:100"/></v:group>'
    '<v:line from="20pt,7pt" to="-44pt,-14pt"><v:stroke endarrow="block"/></v:line>'
    '<v:line from="28pt,12pt" to="28pt,32pt"><v:stroke endarrow="block"/></v:line>'
)
OLD_SYMBOLS = (
    (1, 2, f'<v:rect style="{PLACE}"/>'),
    (2, 3, DIAMOND),
    (3, 2, f'<v:roundrect style="{PLACE}"/>'),
    (3, 3, f'<v:oval style="{PLACE}"/>'),
)
"""Rows and columns with what an old Word draws in them: a box, a diamond with arrows back and on, two rounded ends."""


def test_symbols_of_an_old_word_file_tell_who_acts_and_where_it_leads(tmp_path: Path) -> None:
    _word_form(tmp_path / "lama.docx", rows=[[*row[:2], "", "", *row[4:]] for row in ROWS])
    document = Document(str(tmp_path / "lama.docx"))
    for row, column, drawn in OLD_SYMBOLS:
        run = document.tables[0].cell(row, column).paragraphs[0].add_run()
        run._r.append(parse_xml(f'<w:pict {nsdecls("w")} xmlns:v="{VML}">{drawn}</w:pict>'))  # noqa: SLF001 — the same
    document.save(str(tmp_path / "lama.docx"))
    (sop,) = read(tmp_path / "lama.docx")
    assert _acting(sop) == WHO
    assert sorted(target or 0 for _, target in sop.draft.rows[1].exits) == [1, 3]


def test_a_table_within_a_table_is_found(tmp_path: Path) -> None:
    _word_form(tmp_path / "dalam.docx")
    document = Document(str(tmp_path / "dalam.docx"))
    inner = document.tables[0]._tbl  # noqa: SLF001 — the same
    outer = document.add_table(rows=1, cols=1)
    outer.cell(0, 0)._tc.insert(1, inner)  # noqa: SLF001 — the same
    document.save(str(tmp_path / "dalam.docx"))
    (sop,) = read(tmp_path / "dalam.docx")
    assert (_say(sop), _acting(sop)) == (EXPECTED, WHO)


def test_the_same_form_as_pdf_with_names_that_read_upwards(tmp_path: Path) -> None:
    _word_form(tmp_path / "tegak.docx", upright=True)
    (pdf,) = convert_to_pdf([tmp_path / "tegak.docx"], tmp_path)
    (sop,) = read(pdf)
    assert sop.draft.pelaksana == ("Kepala Seksi", "Sekretaris")
    assert (_say(sop), _acting(sop)) == (EXPECTED, WHO)


def test_a_row_that_a_page_break_cuts_is_one_row(tmp_path: Path) -> None:
    long = "Menyusun konsep yang sangat panjang " * 12
    rows = [(str(n), long if n == 9 else "Mencatat", "√", "", "", "1 hari", f"Hasil {n}", "") for n in range(1, 13)]
    _word_form(tmp_path / "panjang.docx", rows=rows)
    (pdf,) = convert_to_pdf([tmp_path / "panjang.docx"], tmp_path)
    (sop,) = read(pdf)
    assert [row.no for row in sop.draft.rows] == [str(n) for n in range(1, 13)]
    assert "".join(sop.draft.rows[8].kegiatan.split()) == "".join(long.split())


def test_each_sheet_with_a_step_table_is_an_sop(tmp_path: Path) -> None:
    book = Workbook()
    for n, sheet in enumerate((book.active, book.create_sheet("Dua"), book.create_sheet("Tersembunyi")), 1):
        sheet.append(("SOP", f"Pengiriman surat {n}"))
        sheet.append(())
        sheet.append(HEADINGS)
        for row in ROWS:
            sheet.append((int(row[0]), *row[1:]))
        sheet.insert_rows(5)
        sheet.row_dimensions[5].hidden = True
        sheet["B5"] = "baris yang tersembunyi"
    book["Tersembunyi"].sheet_state = "hidden"
    book.save(tmp_path / "buku.xlsx")
    sops = read(tmp_path / "buku.xlsx")
    assert [sop.draft.id for sop in sops] == ["buku", "buku-2"]
    assert [sop.draft.nama for sop in sops] == ["Pengiriman surat 1", "Pengiriman surat 2"]
    for sop in sops:
        assert (_say(sop), _acting(sop)) == (EXPECTED, WHO)


def test_a_workbook_of_too_many_sheets_is_refused_in_a_sentence(tmp_path: Path) -> None:
    book = Workbook()
    for n in range(300):
        book.create_sheet(f"L{n}")
    book.save(tmp_path / "buku.xlsx")
    with pytest.raises(WrongError, match=r"buku\.xlsx mempunyai 301 lembar; paling banyak 300"):
        read(tmp_path / "buku.xlsx")


class _Drawn:
    """A PDF of one page, drawn with the plainest operators; places from the top left, in points."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def frame(self, left: float, top: float, width: float, height: float) -> None:
        self.parts.append(f"{left} {595 - top - height} {width} {height} re S")

    def line(self, *points: tuple[float, float], dash: str = "[] 0 d") -> None:
        way = " ".join(f"{x} {595 - y} {'m' if n == 0 else 'l'}" for n, (x, y) in enumerate(points))
        self.parts.append(f"{dash} {way} S [] 0 d")

    def head(self, x: float, y: float) -> None:
        """An arrowhead that points down."""
        self.parts.append(f"{x - 3} {595 - y + 6} m {x + 3} {595 - y + 6} l {x} {595 - y} l h f")

    def text(self, left: float, top: float, text: str) -> None:
        self.parts.append(f"BT /F 8 Tf {left} {595 - top} Td ({text}) Tj ET")

    def save(self, path: Path) -> None:
        content = "\n".join(self.parts).encode()
        objects = [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 842 595]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
            b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ]
        data = b"%PDF-1.4\n" + b"".join(b"%d 0 obj%s endobj\n" % (n, one) for n, one in enumerate(objects, 1))
        path.write_bytes(data + b"trailer<</Root 1 0 R>>\n")


EDGES = (40, 70, 230, 330, 430, 530, 600, 700, 800)


def _drawn_table() -> _Drawn:
    """A table of frames side by side: a heading and three rows of 80 points."""
    page = _Drawn()
    for n, (top, height) in enumerate(((60, 40), (100, 80), (180, 80), (260, 80))):
        for (left, right), text in zip(pairwise(EDGES), HEADINGS if n == 0 else ROWS[n - 1], strict=True):
            page.frame(left, top, right - left, height)
            if text and text != "√":
                page.text(left + 4, top + 20, text)
    return page


def test_cells_that_are_frames_and_symbols_of_four_lines(tmp_path: Path) -> None:
    page = _drawn_table()
    for left, top in ((250, 120), (350, 200), (250, 280), (350, 280)):
        corners = ((left, top), (left + 50, top), (left + 50, top + 30), (left, top + 30), (left, top))
        for one, other in pairwise(corners):
            page.line(one, other)
    page.save(tmp_path / "bingkai.pdf")
    (sop,) = read(tmp_path / "bingkai.pdf")
    assert (_say(sop), _acting(sop)) == (EXPECTED, WHO)


def test_a_dashed_line_made_of_pieces_leads_on(tmp_path: Path) -> None:
    page = _drawn_table()
    page.line((350, 200), (375, 185), (400, 200), (375, 215), (350, 200))
    for left, top in ((250, 120), (250, 280), (350, 280)):
        page.frame(left, top, 50, 30)
    page.line((375, 215), (375, 274))
    page.head(375, 280)
    page.text(380, 240, "Ya")
    for n in range(12):  # from the left corner to below the first box, in dashes
        page.line((350 - n * 6.25, 200), (347 - n * 6.25, 200))
    page.line((275, 200), (275, 157))
    page.parts.append(f"{272} {595 - 157} m {278} {595 - 157} l {275} {595 - 150} l h f")
    page.text(300, 195, "Tidak")
    page.save(tmp_path / "putus.pdf")
    (sop,) = read(tmp_path / "putus.pdf")
    assert dict(sop.draft.rows[1].exits) == {"Ya": 3, "Tidak": 1}


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Aktivitas/Kegiatan", "kegiatan"),
        ("URAIAN\nPROSEDUR", "kegiatan"),
        ("Sumber Data", "kelengkapan"),
        ("Persyaratan / Kelengkapan", "kelengkapan"),
        ("Waktu (menit)", "waktu"),
        ("Out put", "output"),
        ("WAKTU\nPENYELE\nSAIAN", "waktu"),
        ("Waktu yang dibutuhkan", "waktu"),
        ("Ket.", "keterangan"),
        ("Ketua Tim", None),
        ("Keuangan", None),
        ("Pelaksana", None),
        ("Mutu Buku", None),
        ("Notulis", None),
    ],
)
def test_a_heading_is_known_by_its_words(heading: str, role: str | None) -> None:
    assert find_role(heading) == role


def test_each_diamond_of_a_row_has_its_own_exits(tmp_path: Path) -> None:
    page = _drawn_table()
    for left in (250, 350):
        page.line((left, 215), (left + 25, 200), (left + 50, 215), (left + 25, 230), (left, 215))
    page.frame(250, 120, 50, 30)
    page.frame(250, 290, 50, 30)
    page.line((300, 215), (344, 215))
    page.parts.append(f"344 {595 - 212} m 344 {595 - 218} l 350 {595 - 215} l h f")
    page.text(310, 212, "Ya")
    page.line((275, 200), (275, 156))
    page.parts.append(f"272 {595 - 156} m 278 {595 - 156} l 275 {595 - 150} l h f")
    page.text(280, 180, "Tidak")
    page.line((400, 215), (415, 215), (415, 305), (306, 305))
    page.parts.append(f"306 {595 - 302} m 306 {595 - 308} l 300 {595 - 305} l h f")
    page.text(402, 212, "Ya")
    page.line((375, 200), (375, 135), (306, 135))
    page.parts.append(f"306 {595 - 132} m 306 {595 - 138} l 300 {595 - 135} l h f")
    page.text(380, 190, "Tidak")
    page.save(tmp_path / "berjenjang.pdf")
    (sop,) = read(tmp_path / "berjenjang.pdf")
    row = sop.draft.rows[1]
    assert row.decides == ((1, (("Ya", 3), ("Tidak", 1))), (2, (("Ya", 3), ("Tidak", 1))))
    assert "decides: [kepala-seksi, sekretaris]" in write_sop(sop.draft)


def test_a_remark_on_what_a_row_lacks_stands_in_that_row(tmp_path: Path) -> None:
    page = _drawn_table()
    page.line((350, 200), (375, 185), (400, 200), (375, 215), (350, 200))
    for left, top in ((250, 120), (250, 280), (350, 280)):
        page.frame(left, top, 50, 30)
    page.save(tmp_path / "lepas.pdf")
    (sop,) = read(tmp_path / "lepas.pdf")
    _, first, second, third = write_sop(sop.draft).split("  - id: ")
    assert ["# periksa: branches:" in row for row in (first, second, third)] == [False, True, False]


def _draw_rules(page: _Drawn, *, outer: bool) -> None:
    """The rules and words of the table, each rule a line; without ``outer`` the frame around it is missing."""
    heights = (60, 100, 180, 260, 340)
    for y in heights if outer else heights[1:-1]:
        page.line((EDGES[0], y), (EDGES[-1], y))
    for x in EDGES if outer else EDGES[1:-1]:
        page.line((x, heights[0]), (x, heights[-1]))
    for top, row in zip(heights, (HEADINGS, *ROWS), strict=False):
        for left, text in zip(EDGES, row, strict=False):
            if text and text != "√":
                page.text(left + 4, top + 20, text)


def test_a_table_without_an_outer_frame_is_read_whole(tmp_path: Path) -> None:
    page = _Drawn()
    _draw_rules(page, outer=False)
    for left, top in ((250, 120), (350, 200), (250, 280), (350, 280)):
        page.frame(left, top, 50, 30)
    page.save(tmp_path / "terbuka.pdf")
    (sop,) = read(tmp_path / "terbuka.pdf")
    assert (_say(sop), _acting(sop)) == (EXPECTED, WHO)


def test_pelaksana_after_the_mutu_baku_need_no_group(tmp_path: Path) -> None:
    order = (0, 1, 4, 5, 6, 2, 3, 7)
    book = Workbook()
    sheet = book.create_sheet("Tabel", 0)
    for row in (HEADINGS, *ROWS):
        sheet.append([row[n] for n in order])
    book.save(tmp_path / "tukar.xlsx")
    (sop,) = read(tmp_path / "tukar.xlsx")
    assert (_say(sop), _acting(sop)) == (EXPECTED, WHO)


def test_rules_made_of_dashes_make_cells(tmp_path: Path) -> None:
    page = _Drawn()
    heights = (60, 100, 180, 260, 340)
    page.parts += [f"{x} {595 - y} 2.2 0.7 re f" for y in heights for x in range(EDGES[0], EDGES[-1], 4)]
    page.parts += [f"{x} {595 - y} 0.7 2.2 re f" for x in EDGES for y in range(heights[0], heights[-1] + 4, 4)]
    for top, row in zip(heights, (HEADINGS, *ROWS), strict=False):
        for left, text in zip(EDGES, row, strict=False):
            if text and text != "√":
                page.text(left + 4, top + 20, text)
    page.save(tmp_path / "garis.pdf")
    (sop,) = read(tmp_path / "garis.pdf")
    assert _say(sop) == EXPECTED


def test_words_in_symbols_and_column_numbers_are_no_labels(tmp_path: Path) -> None:
    page = _drawn_table()
    page.line((350, 200), (375, 185), (400, 200), (375, 215), (350, 200))
    for left, top in ((250, 120), (250, 280), (350, 280)):
        page.frame(left, top, 50, 30)
    page.line((375, 215), (375, 274))
    page.head(375, 280)
    page.text(372, 203, "2")
    page.line((350, 200), (275, 200), (275, 157))
    page.parts.append(f"{272} {595 - 157} m {278} {595 - 157} l {275} {595 - 150} l h f")
    page.text(300, 195, "Tidak")
    page.save(tmp_path / "angka.pdf")
    (sop,) = read(tmp_path / "angka.pdf")
    assert dict(sop.draft.rows[1].exits) == {"Ya": 3, "Tidak": 1}


def test_a_line_that_leaves_where_another_arrives_has_one_head(tmp_path: Path) -> None:
    page = _drawn_table()
    page.line((350, 220), (375, 205), (400, 220), (375, 235), (350, 220))
    for left, top in ((250, 120), (250, 280)):
        page.frame(left, top, 50, 30)
    page.line((300, 135), (375, 135), (375, 199))
    page.head(375, 205)
    page.line((350, 220), (325, 220), (325, 135), (306, 135))
    page.parts.append(f"306 {595 - 132} m 306 {595 - 138} l 300 {595 - 135} l h f")
    page.line((375, 235), (375, 295), (306, 295))
    page.parts.append(f"306 {595 - 292} m 306 {595 - 298} l 300 {595 - 295} l h f")
    page.text(331, 217, "T")
    page.text(380, 250, "Y")
    page.save(tmp_path / "berangkat.pdf")
    (sop,) = read(tmp_path / "berangkat.pdf")
    assert dict(sop.draft.rows[1].exits) == {"Y": 3, "T": 1}


def test_a_row_of_several_rows_of_a_sheet_is_one_row(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.create_sheet("Tabel", 0)
    sheet.append(HEADINGS)
    for row in ROWS:
        sheet.append((int(row[0]), row[1], "", "", "1. ATK", *row[5:]))
        sheet.append(("", "", *row[2:4], "2. Formulir", "", "", ""))
        sheet.append(())
    book.save(tmp_path / "pecah.xlsx")
    (sop,) = read(tmp_path / "pecah.xlsx")
    assert (_say(sop), _acting(sop)) == (EXPECTED, WHO)
    assert sop.draft.rows[0].kelengkapan == ("ATK", "Formulir")


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("1, Undang-Undang Nomor 16\n2. Peraturan", ("Undang-Undang Nomor 16", "Peraturan")),
        ("1,5 juta rupiah\n2,5 juta", ("1,5 juta rupiah 2,5 juta",)),
    ],
)
def test_a_comma_after_the_number_of_an_item_is_a_slip(text: str, items: tuple[str, ...]) -> None:
    assert split_items(text) == items


def test_a_diamond_with_two_ways_of_no_is_remarked(tmp_path: Path) -> None:
    page = _drawn_table()
    page.line((350, 220), (375, 205), (400, 220), (375, 235), (350, 220))
    for left, top in ((250, 120), (250, 280), (350, 280), (350, 120)):
        page.frame(left, top, 50, 30)
    for way in (((375, 235), (375, 274)), ((350, 220), (275, 220), (275, 274))):
        page.line(*way)
        page.head(way[-1][0], 280)
    page.line((375, 205), (375, 156))
    page.parts.append(f"{372} {595 - 156} m {378} {595 - 156} l {375} {595 - 150} l h f")
    page.line((400, 220), (420, 220), (420, 295), (406, 295))
    for left, top, text in ((380, 250, "Ya"), (300, 217, "Tidak"), (380, 180, "Belum lengkap")):
        page.text(left, top, text)
    page.save(tmp_path / "tiga.pdf")
    (sop,) = read(tmp_path / "tiga.pdf")
    assert "branches" in dict(sop.draft.rows[1].marks)


def test_a_small_circle_is_no_step(tmp_path: Path) -> None:
    page = _drawn_table()
    for left, top in ((250, 120), (350, 200), (250, 280), (350, 280)):
        page.frame(left, top, 50, 30)
    x, y, r, k = 280, 595 - 235, 8, 4.4
    arcs = ((r, k, k, r, 0, r), (-k, r, -r, k, -r, 0), (-r, -k, -k, -r, 0, -r), (k, -r, r, -k, r, 0))
    curves = " ".join(f"{x + a} {y + b} {x + c} {y + d} {x + e} {y + f} c" for a, b, c, d, e, f in arcs)
    page.parts.append(f"{x + r} {y} m {curves} h S")
    page.save(tmp_path / "lingkaran.pdf")
    (sop,) = read(tmp_path / "lingkaran.pdf")
    assert (_say(sop), _acting(sop)) == (EXPECTED, WHO)


@pytest.mark.parametrize("text", ["-", "–", " — ", ""])
def test_a_dash_of_any_length_is_no_item(text: str) -> None:
    assert split_items(text) == ()


@pytest.mark.parametrize(
    ("text", "day"),
    [("2 Nopember 2025", "2025-11-02"), ("03 Pebruari 2024", "2024-02-03"), ("5 Agt 2024", "2024-08-05")],
)
def test_a_date_is_read_as_people_write_its_month(text: str, day: str) -> None:
    found = read_date(text)
    assert found is not None
    assert found.isoformat() == day


def test_a_month_that_is_none_is_not_guessed() -> None:
    assert read_date("2 Marxt 2025") is None
