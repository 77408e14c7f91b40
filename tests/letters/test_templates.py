import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from msgspec.structs import asdict
from openxml_audit import OpenXmlValidator

from sopctl.letters.context import Agenda, Surat
from sopctl.letters.renderer import Renderer
from sopctl.letters.template_check import check_template
from sopctl.office.model import Office
from sopctl.word.dates import Tanggal
from sopctl.word.letterhead import letterhead_of

Write = Callable[..., bytes]
Build = Callable[..., dict[str, object]]
Lines = Callable[..., list[str]]

TEMPLATES = Path(__file__).parents[2] / "templates"
FRAGMENTS = {"kop.docx", "tanda-tangan.docx", "paraf.docx", "kaki.docx", "foto.docx", "hadir.docx"} | {
    "kepala-surat.docx",
    "tembusan.docx",
}
REGISTER = {"agenda.docx", "agenda-masuk.docx", "monitoring.docx", "inbox.docx"}
DOCUMENTS = sorted(path.name for path in TEMPLATES.glob("*.docx") if path.name not in FRAGMENTS | REGISTER)
AUDIT = OpenXmlValidator()
BEGAN = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c6360606000000004000127340a6e0000000049454e44ae426082"
)
HOSTILE = (
    "&<>\"' {{ 7*7 }} {% raw %} {_{ 1 }_} ]]> &amp;\nbaris kedua\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}"
    "\nbaris ketiga"
)


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        ("draft", "missing"),
        ("initial", "short"),
        ("sign", "short"),
        ("sign", "long"),
        ("receive", "hostile"),
        ("selesai", "missing"),
        ("selesai", "hostile"),
    ],
)
@pytest.mark.parametrize("template", DOCUMENTS)
def test_every_template_writes_a_sound_word_file(
    write: Write, tmp_path: Path, template: str, step: str, kind: str
) -> None:
    file = tmp_path / "naskah.docx"
    file.write_bytes(write(template, step, kind=kind, logo=PNG if step == "sign" else None))
    assert [error.description for error in AUDIT.validate(file).errors] == []


@pytest.mark.parametrize("template", DOCUMENTS)
def test_no_tag_is_left_and_no_value_says_none(write: Write, lines: Lines, template: str) -> None:
    for kind in ("short", "long", "missing"):
        text = "\n".join(lines(write(template, kind=kind)))
        assert not [bad for bad in ("{{", "}}", "{%", "%}", "None", "Undefined", "Blank", "<") if bad in text]


@pytest.mark.parametrize("template", DOCUMENTS)
def test_a_template_needs_no_field_of_the_sop(build: Build, renderer: Renderer, template: str) -> None:
    renderer.render(template, build(template, fields=()), created=BEGAN, title="Uji")


@pytest.mark.parametrize("template", DOCUMENTS)
def test_the_same_case_writes_the_same_bytes(write: Write, template: str) -> None:
    assert write(template, kind="long", logo=PNG) == write(template, kind="long", logo=PNG)


INTERNAL = {
    "bahan-data.docx",
    "daftar-hadir.docx",
    "disposisi.docx",
    "lembar-hasil.docx",
    "rincian-tugas.docx",
    "notulen.docx",
}
"""Papers that stay in the office, and say at their foot what they are of."""


@pytest.mark.parametrize("template", DOCUMENTS)
@pytest.mark.parametrize(("step", "status"), [("draft", "KONSEP"), ("initial", "DIPARAF"), ("sign", "DITANDATANGANI")])
def test_a_signed_letter_bears_nothing_of_the_office_s_own_work(
    write: Write, lines: Lines, template: str, step: str, status: str
) -> None:
    data = write(template, step, code="K7QF-2M6D-X4TB")
    feet = [name for name in ZipFile(BytesIO(data)).namelist() if name.startswith("word/footer")]
    assert len(feet) == 2
    for foot in feet:
        if step == "sign" and template not in INTERNAL:
            assert lines(data, foot) == ["Verifikasi K7QF-2M6D-X4TB"]
        else:
            assert lines(data, foot)[0].startswith(f"{status} · Pembuatan SK Tim Kerja Bidang 3")
    text = "\n".join(lines(data))
    own = template in {"disposisi.docx", "laporan.docx"}  # which have words of their own for it
    assert ("Riwayat naskah" in text) == (step != "sign" and not own)
    assert step != "sign" or template == "disposisi.docx" or status not in text


@pytest.mark.parametrize("template", DOCUMENTS)
def test_a_draft_says_so_at_its_head_and_a_signed_one_is_clean(write: Write, lines: Lines, template: str) -> None:
    assert "KONSEP" in lines(write(template, "draft"), "word/header1.xml")
    assert lines(write(template, "sign"), "word/header1.xml") == [""]


def test_a_hostile_value_is_printed_as_it_was_typed(write: Write, lines: Lines) -> None:
    text = lines(write("laporan.docx", kind="hostile"))
    assert HOSTILE in text
    assert f"1.\t{HOSTILE} (1)" in text


def test_a_signed_surat_tugas_shows_number_date_and_signature_block(
    build: Build, renderer: Renderer, lines: Lines, staffed: object
) -> None:
    said = build("surat-tugas.docx", "sign", at=staffed)
    text = lines(renderer.render("surat-tugas.docx", said, created=BEGAN, title="Uji"))
    assert "NOMOR 800.1.11.1/0012/DISKOPUKM" in text
    block = text[text.index("Ditetapkan di Pontianak") :]
    assert [line for line in block if line][:6] == [
        "Ditetapkan di Pontianak",
        "pada tanggal 24 November 2026",
        "Plt. KEPALA DINAS KOPERASI, USAHA KECIL DAN MENENGAH,",
        "Nama Pejabat, S.E.",
        "Pembina Utama Muda (IV/c)",
        "NIP 19000101 190001 1 001",
    ]


def test_an_unknown_official_signs_on_dotted_lines(write: Write, lines: Lines) -> None:
    text = lines(write("surat-tugas.docx", "draft", kind="missing", nomor=None))
    assert f"NOMOR {'…' * 12} (nomor)" in text
    assert f"pada tanggal {'…' * 12} (tanggal)" in text
    assert "KEPALA DINAS," in text
    assert f"NIP {'…' * 12} (18 angka)" in text


@pytest.mark.parametrize(
    ("kind", "attached"), [pytest.param("short", False, id="three"), pytest.param("long", True, id="thirty")]
)
def test_more_than_three_names_go_to_a_lampiran(write: Write, lines: Lines, kind: str, attached: bool) -> None:  # noqa: FBT001 — a table of cases
    text = lines(write("surat-tugas.docx", kind=kind))
    assert ("Lampiran Surat Tugas" in text) == attached
    assert any(line.startswith("Nama terlampir sebanyak 30 orang") for line in text) == attached
    assert ("30" in text) == attached


@pytest.mark.parametrize(
    ("signs", "step", "said"),
    [
        pytest.param("kadis", "draft", ["Status laporan: DRAF"], id="prepared"),
        pytest.param("kadis", "initial", ["Status laporan: SUDAH DIPERIKSA"], id="checked"),
        pytest.param("kadis", "sign", [], id="signed-by-its-author"),
        pytest.param("kabid", "sign", ["SUDAH DISETUJUI"], id="approved-by-another"),
        pytest.param("kabid", "receive", ["SUDAH DISETUJUI"], id="handed-over"),
    ],
)
def test_a_laporan_says_what_happened_to_it(
    build: Build, renderer: Renderer, lines: Lines, signs: str, step: str, said: list[str]
) -> None:
    text = lines(renderer.render("laporan.docx", build("laporan.docx", step, signs=signs), created=BEGAN, title="Uji"))
    assert [line for line in text if "SUDAH DI" in line or "DRAF" in line] == said
    assert ("Disetujui" in text) == (signs == "kabid")
    assert ("Disusun dan ditandatangani" in text) == (step == "sign" and signs == "kadis")
    assert "Disusun" in text


def test_a_berita_acara_says_day_and_number_in_words(write: Write, lines: Lines) -> None:
    opening = next(line for line in lines(write("berita-acara.docx")) if line.startswith("Pada hari ini"))
    assert "Selasa tanggal dua puluh empat bulan November tahun dua ribu dua puluh enam (24 November 2026)" in opening
    assert "1.234 (seribu dua ratus tiga puluh empat) orang" in opening


def test_a_berita_acara_is_signed_by_its_parties_side_by_side(write: Write, lines: Lines) -> None:
    file = write("berita-acara.docx")
    assert not [line for line in lines(file) if line.startswith("Diterima tanggal")]
    table = next(table for table in Document(BytesIO(file)).tables if "PIHAK PERTAMA," in table.cell(0, 2).text)
    assert "PIHAK KEDUA," in table.cell(0, 0).text
    names = [[line for line in cell.text.splitlines() if line] for cell in table.rows[1].cells]
    assert names[0][0] == "Anggota Tim 1"
    assert names[2][-1].startswith("NIP ")


@pytest.mark.parametrize("template", ["surat-dinas.docx", "nota-dinas.docx"])
@pytest.mark.parametrize(
    "last", ["Demikian kami sampaikan.", "Atas bantuannya diucapkan terima kasih.", "Data terlampir."]
)
def test_a_letter_that_closes_in_its_own_words_is_closed_once(
    build: Build, renderer: Renderer, lines: Lines, template: str, last: str
) -> None:
    said = build(template) | {"isi": ["Dengan ini disampaikan data koperasi.", last]}
    text = lines(renderer.render(template, said, created=BEGAN, title="Uji"))
    body = text[text.index(last) :]
    assert any(line.startswith("Demikian disampaikan, ") for line in body) == (last == "Data terlampir.")


def test_a_paraf_is_dated_without_the_hour(write: Write, lines: Lines) -> None:
    text = lines(write("surat-tugas.docx"))
    box = text[text.index("Paraf hierarki") :]
    assert "24 November 2026" in box
    assert not [line for line in box if "WIB" in line]


@pytest.mark.parametrize(
    ("template", "kind", "heads"),
    [
        pytest.param("surat-dinas.docx", "short", ["Pontianak, 24 November 2026"], id="surat-dinas"),
        pytest.param("undangan.docx", "short", ["Pontianak, 24 November 2026"], id="undangan"),
        pytest.param(
            "undangan.docx", "long", ["Pontianak, 24 November 2026", "Tanggal\t:\t24 November 2026"], id="lampiran"
        ),
        pytest.param("surat-pengantar.docx", "short", ["Pontianak, 24 November 2026"], id="surat-pengantar"),
        pytest.param("nota-dinas.docx", "short", ["24 November 2026"], id="nota-dinas"),
        pytest.param("perjalanan-dinas.docx", "short", ["pada tanggal 24 November 2026"], id="spd"),
    ],
)
def test_a_letter_is_dated_once_and_its_lampiran_at_its_head(
    write: Write, lines: Lines, template: str, kind: str, heads: list[str]
) -> None:
    of_others = re.compile(r"Selasa, |[bc]\. |Pada tanggal\t")  # of a meeting, of a journey
    text = lines(write(template, kind=kind))
    paraf = text.index("Tanggal", text.index("Paraf hierarki")) if "Paraf hierarki" in text else len(text)
    said = [line for line in text[: paraf + 1] + text[paraf + 5 :] if line.endswith("24 November 2026")]
    assert [line for line in said if not of_others.match(line)] == heads


def test_a_penilaian_gives_the_predikat_of_the_two_ratings(write: Write, lines: Lines) -> None:
    text = lines(write("penilaian-kinerja.docx"))
    assert text[text.index("4.  Predikat kinerja") + 1] == "Baik"
    blank = lines(write("penilaian-kinerja.docx", kind="missing"))
    assert set(blank[blank.index("4.  Predikat kinerja") + 1]) == {"…"}


def test_a_disposisi_ticks_the_sifat_and_names_the_recipient(write: Write, lines: Lines) -> None:
    text = lines(write("disposisi.docx", "draft"))
    assert "☑ Segera   ☐ Biasa" in text
    assert "1.\tKepala Bidang 3" in text
    assert any(line.startswith("Surat dari\t: …") for line in text)


def test_a_daftar_hadir_without_names_has_rows_to_sign_by_hand(write: Write, lines: Lines) -> None:
    text = lines(write("notulen.docx", kind="missing"))
    assert "15" in text
    assert "Jumlah peserta: …… orang." in text


def test_the_names_of_a_copy_stand_side_by_side(build: Build, renderer: Renderer) -> None:
    said = build("keputusan.docx", "receive") | {"is_copy": True}
    document = Document(BytesIO(renderer.render("keputusan.docx", said, created=BEGAN, title="Uji")))
    rows = [row for row in document.element.iter(qn("w:tr")) if "Salinan sesuai" in "".join(row.itertext())]
    left, _, right = rows[-1].getnext().findall(qn("w:tc"))
    places = [[bool("".join(line.itertext())) for line in cell.findall(qn("w:p"))] for cell in (left, right)]
    assert [place.index(True, 2) for place in places] == [4, 4]  # below the room for the signature, or ttd


def test_a_rincian_tugas_says_who_does_what(write: Write, lines: Lines) -> None:
    text = lines(write("rincian-tugas.docx"))
    assert text[text.index("Pembagian tugas") + 1 :][:6] == ["No", "Nama", "Tugas", "1", "Anggota Tim 1", "Analis"]
    assert not [line for line in text if line.startswith(("SOP", "Langkah", "Kelengkapan"))]


def test_the_generic_sheet_prints_every_field(write: Write, lines: Lines) -> None:
    text = lines(write("lembar-hasil.docx", "selesai"))
    assert text.count("DOKUMENTASI") == 1
    assert "Dokumen terlampir:" in text  # a berkas is a case
    assert "Dokumen" in lines(write("lembar-hasil.docx"))
    for printed in ("Jumlah peserta", "1.234", "Tanggal kegiatan", "24 November 2026", "NIP", "Anggota Tim 3"):
        assert printed in text


@pytest.mark.parametrize("template", DOCUMENTS)
def test_every_picture_says_what_it_shows_to_who_hears_the_letter(write: Write, template: str) -> None:
    with ZipFile(BytesIO(write(template, "sign", kind="long", logo=PNG))) as package:
        parts = [package.read(name).decode() for name in package.namelist() if name.endswith(".xml")]
    pictures = [said for part in parts for said in re.findall(r"<wp:docPr[^>]*>", part)]
    assert all(re.search(r'descr="[^"]+"', said) for said in pictures)
    assert any('descr="Lambang Pemerintah Provinsi Kalimantan Barat"' in said for said in pictures)


def test_a_logo_is_printed_where_there_is_one(write: Write) -> None:
    with_logo = ZipFile(BytesIO(write("surat-tugas.docx", logo=PNG))).namelist()
    without = ZipFile(BytesIO(write("surat-tugas.docx"))).namelist()
    assert set(with_logo) - set(without) == {"word/media/image1.png"}


@pytest.mark.parametrize("template", DOCUMENTS)
def test_check_finds_nothing_wrong_with_our_own(template: str) -> None:
    assert check_template(template, Renderer(TEMPLATES), ()) == ()
    printed = Renderer(TEMPLATES).load_compiled(template).names
    assert ("pegawai" if template == "laporan-perjalanan-dinas.docx" else "signer") in printed  # who signs it


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed here")
def test_templates_saved_by_another_program_still_write(
    build: Build, lines: Lines, renderer: Renderer, tmp_path: Path
) -> None:
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    files = sorted(TEMPLATES.glob("*.docx"))
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "docx",
        "--outdir",
        str(tmp_path / "saved"),
        *map(str, files),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    again = Renderer(tmp_path / "saved")
    for template in DOCUMENTS:
        said = build(template, kind="long")
        ours = renderer.render(template, said, created=BEGAN, title="Uji")
        theirs = again.render(template, said, created=BEGAN, title="Uji")
        assert [line for line in lines(theirs) if line] == [line for line in lines(ours) if line]


TWICE = {
    ("berita-acara.docx", "pihak_kedua"),
    ("disposisi.docx", "sifat"),
    ("laporan-perjalanan-dinas.docx", "pegawai"),
}
"""What is printed in two places on purpose (people and where they sign), or as a tick."""


@pytest.mark.parametrize("template", DOCUMENTS)
def test_every_line_that_was_filled_in_is_printed_exactly_once(
    marked: Callable[[str], tuple[bytes, dict[str, str]]], lines: Lines, template: str
) -> None:
    data, markers = marked(template)
    text = "\n".join(lines(data))
    found = {marker: text.count(marker) for marker, name in markers.items() if (template, name) not in TWICE}
    assert {marker: count for marker, count in found.items() if count != 1} == {}


def test_the_print_of_the_register_is_a_sound_word_file(renderer: Renderer, office: Office, tmp_path: Path) -> None:
    day = Tanggal(2026, 11, 24)
    letters = tuple(
        Surat(
            nomor=f"000.1.5/{number}/DISKOPUKM",
            tanggal=day,
            perihal=HOSTILE,
            tujuan=HOSTILE,
            berkas="uji-1",
            dokumen="surat-tugas",
            oleh="akun",
            keadaan="ditarik",
            catatan="salah & keliru",
        )
        for number in range(60)
    )
    said = Agenda(instansi=letterhead_of(office, PNG), tahun="2026", surat=letters, tanggal=day)
    file = tmp_path / "agenda.docx"
    file.write_bytes(renderer.render("agenda.docx", asdict(said), created=BEGAN, title="Agenda"))
    assert [error.description for error in AUDIT.validate(file).errors] == []
    assert check_template("agenda.docx", renderer, (), Agenda) == ()


@pytest.mark.parametrize("template", sorted(path.name for path in TEMPLATES.glob("*.docx")))
def test_tables_with_a_head_repeat_it_and_split_no_row(template: str) -> None:
    for table in Document(str(TEMPLATES / template)).element.body.iter(qn("w:tbl")):
        if table.find(f"./{qn('w:tr')}//{qn('w:pStyle')}[@{qn('w:val')}='KepalaTabel']") is None:
            continue
        head, *rows = table.findall(qn("w:tr"))
        assert head.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        printed = [row for row in rows if "{%tr" not in "".join(text.text or "" for text in row.iter(qn("w:t")))]
        assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in printed)


@pytest.mark.parametrize(("step", "shown"), [("draft", True), ("sign", False)])
def test_what_may_be_left_out_is_named_in_a_draft_and_gone_from_what_is_signed(
    write: Write, lines: Lines, step: str, *, shown: bool
) -> None:
    text = lines(write("surat-tugas.docx", step, kind="missing"))
    assert (f"Masa tugas: {'…' * 12} (Masa tugas)" in text) == shown
    assert any(line.startswith("Masa tugas") for line in text) == shown


def test_each_item_of_a_keputusan_is_a_row_that_is_not_split(renderer: Renderer, build: Build) -> None:
    items = [f"Butir {number}" for number in range(1, 31)]
    said = build("keputusan.docx", "sign") | dict.fromkeys(("menimbang", "mengingat", "memperhatikan", "tugas"), items)
    written = Document(BytesIO(renderer.render("keputusan.docx", said, created=BEGAN, title="Uji")))
    rows = [row for row in written.element.body.iter(qn("w:tr")) if "Butir " in "".join(row.itertext())]
    assert len([row for row in rows if row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None]) == 4 * len(items)


@pytest.mark.parametrize("template", ["keputusan.docx", "surat-tugas.docx", "surat-keterangan.docx"])
def test_a_lampiran_bears_its_date_in_its_heading_only(write: Write, lines: Lines, template: str) -> None:
    text = lines(write(template, "sign", kind="long"))
    assert [line for line in text if line.startswith("Ditetapkan di")] == ["Ditetapkan di Pontianak"]
    assert "Ditetapkan di Pontianak" in text[: next(n for n, line in enumerate(text) if line.startswith("Lampiran "))]


def test_a_laporan_ends_with_its_penutup_and_lists_its_lampiran_below_the_signature(write: Write, lines: Lines) -> None:
    text = lines(write("laporan.docx", "sign"))
    order = [text.index(said) for said in ("D.  SIMPULAN DAN SARAN", "E.  PENUTUP", "Pemeriksaan laporan", "Lampiran")]
    assert order == sorted(order)
    assert "Pontianak, 24 November 2026" in text[order[2] : order[3]]


def test_the_paraf_of_a_penilaian_stands_below_the_names(write: Write, lines: Lines) -> None:
    text = lines(write("penilaian-kinerja.docx", "sign"))
    assert text.index("KETUA TIM KERJA,") < text.index("Paraf hierarki")
