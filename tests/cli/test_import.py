"""`import` as an office types it: forms become SOP files, what is doubtful holds up a start, nothing is replaced."""

import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from sopctl.desk import import_sops
from sopctl.desk.import_sops import read_in_child
from sopctl.importing.reader_process import Answer
from sopctl.word.child_processes import ChildProcesses

if TYPE_CHECKING:
    from tests.cli.conftest import Office

FORMS = Path(__file__).parents[1] / "importing" / "forms"

_ANSWERS: dict[tuple[object, ...], Answer] = {}


@pytest.fixture(autouse=True)
def _a_file_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start one process for a file that several tests import: `test_import_hostile.py` looks at what starts it."""

    def read_once(source: Path, id: str, children: ChildProcesses, *, review: bool) -> Answer:
        key = source.name, source.read_bytes(), id, review
        if key not in _ANSWERS:
            _ANSWERS[key] = read_in_child(source, id, children, review=review)
        return _ANSWERS[key]

    monkeypatch.setattr(import_sops, "read_in_child", read_once)


ENCRYPTED = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj
4 0 obj<</Filter/Standard/V 1/R 2/P -4/O(abcdefghijklmnopqrstuvwxyzabcdef)/U(abcdefghijklmnopqrstuvwxyzabcdef)>>endobj
trailer<</Root 1 0 R/Encrypt 4 0 R/ID[<01><01>]>>
"""


def test_a_form_becomes_a_running_case(office: "Office") -> None:
    printed = office.ok("import", str(FORMS / "dev-11.pdf"), "--review")
    assert "dev-11.yaml" in printed.replace("\n", "")
    assert "buka di peramban: sops/dev-11.review.html" in printed
    refused = office.type("start", "dev-11")
    assert refused.exit_code == 5
    assert "sops/dev-11.yaml:" in refused.stderr
    assert "Periksa branches" in refused.stderr
    office.ok("check", "dev-11", "--accept")
    assert "# periksa" not in (office.root / "sops/dev-11.yaml").read_text(encoding="utf-8")
    assert "dev-11-1" in office.ok("start", "dev-11")
    assert office.type("form", "dev-11", "--output", str(office.root / "formulir.docx")).exit_code == 0


def test_a_folder_of_real_forms_becomes_running_cases_and_forms(office: "Office") -> None:
    """Imported, accepted, checked, each started, moved by the first printed command, and printed as a form again."""
    office.ok("import", str(FORMS))
    names = sorted(path.stem for path in (office.root / "sops").glob("dev-*.yaml"))
    assert len(names) == 17
    for name in names:
        marked = "# periksa" in (office.root / f"sops/{name}.yaml").read_text(encoding="utf-8")
        accepted = office.type("check", name, "--accept")
        if accepted.exit_code:
            assert marked  # what a person has to decide first was said by the import
            continue
        opened = office.json("start", name)
        moved = office.json("approve" if _is_plain(office, opened["id"]) else "begin", opened["id"])
        assert (moved["sop"], moved["status"]) == (name, "running")
        office.ok("form", name, "--out", str(office.root / f"{name}.docx"))
    assert sum((office.root / f"{name}.docx").exists() for name in names) >= len(names) - 2


def _is_plain(office: "Office", id: str) -> bool:
    """Whether the way on from the first row is a plain approval."""
    first: dict[str, str] = office.json("status", id)["next"][0]
    return first["kind"] == "approve"


def test_the_review_page_loads_nothing_and_shows_the_page_beside_its_rows(office: "Office") -> None:
    office.ok("import", str(FORMS / "dev-11.pdf"), str(FORMS / "dev-13.xlsx"), "--review")
    for name, rows in (("dev-11", 8), ("dev-13", 5)):
        page = (office.root / f"sops/{name}.review.html").read_text(encoding="utf-8")
        assert "default-src 'none'" in page
        assert not re.search(r"""(src|href)=["'](?!#|data:)""", page)
        assert page.count('class="row"') == rows
        lines = (office.root / f"sops/{name}.yaml").read_text(encoding="utf-8").splitlines()
        assert page.count('<li id="L') == len(lines)


def test_where_a_folder_is_named_no_office_is_needed(
    office: "Office", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "bukan-kantor"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    office.ok("import", str(FORMS / "dev-07.pdf"), "-o", "hasil")
    assert (elsewhere / "hasil/dev-07.yaml").exists()
    assert office.type("import", str(FORMS / "dev-07.pdf")).exit_code == 4


def test_nothing_is_replaced(office: "Office") -> None:
    office.ok("import", str(FORMS / "dev-01.pdf"), "--id", "surat-tugas-baru")
    path = office.root / "sops/surat-tugas-baru.yaml"
    path.write_text("milik kantor", encoding="utf-8")
    again = office.type("import", str(FORMS / "dev-01.pdf"), "--id", "surat-tugas-baru")
    assert again.exit_code == 2
    assert "sudah ada" in again.output
    assert "Pilih --id lain, atau bandingkan dengan --into." in " ".join(again.output.split())
    assert path.read_text(encoding="utf-8") == "milik kantor"


def test_one_bad_file_of_a_folder_stops_no_other(office: "Office", tmp_path: Path) -> None:
    folder = tmp_path / "formulir"
    folder.mkdir()
    shutil.copy(FORMS / "dev-07.pdf", folder)
    (folder / "rusak.pdf").write_bytes(b"%PDF-1.7 dan tidak lebih")
    (folder / "catatan.txt").write_text("bukan formulir", encoding="utf-8")
    result = office.type("import", str(folder), "-o", str(tmp_path / "hasil"))
    assert result.exit_code == 5
    assert (tmp_path / "hasil/dev-07.yaml").exists()
    assert "rusak.pdf" in result.output
    assert "catatan" not in result.output


def _bomb(path: Path) -> None:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "")
        archive.writestr("xl/media/a", bytes(220_000_000))


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


HOSTILE = {
    "terkunci.pdf": (ENCRYPTED, "dilindungi kata sandi"),
    "rusak.docx": (b"PK\x03\x04 rusak", "rusak"),
    "lama.doc": (b"\xd0\xcf\x11\xe0" + bytes(600), "format"),
    "kosong.pdf": (b"", "0 byte"),
    "gambar.png": (b"\x89PNG\r\n", "bukan PDF"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_no_form_is_a_sentence(office: "Office", tmp_path: Path, name: str) -> None:
    content, expected = HOSTILE[name]
    path = tmp_path / name
    path.write_bytes(content)
    result = office.type("import", str(path))
    assert result.exit_code == 5
    assert expected in result.output
    assert "Traceback" not in result.output


def test_a_bomb_is_not_unpacked(office: "Office", tmp_path: Path) -> None:
    _bomb(tmp_path / "bom.xlsx")
    result = office.type("import", str(tmp_path / "bom.xlsx"))
    assert result.exit_code == 5
    assert "terlalu besar" in result.output


def test_a_word_file_without_a_step_table_says_what_it_is(office: "Office") -> None:
    result = office.type("import", str(office.root / "templates/disposisi.docx"))
    assert result.exit_code == 5
    assert "tidak ada tabel dengan kolom Kegiatan" in result.output


def test_without_its_libraries_import_says_what_to_install(office: "Office", monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pdfplumber", "pypdfium2", "openpyxl", "numpy"):
        monkeypatch.setitem(sys.modules, name, None)
    for words in ((), ("--into", "sk-tim")):
        result = office.type("import", str(FORMS / "dev-07.pdf"), *words)
        assert result.exit_code == 4
        assert "Pembaca formulir belum terpasang" in result.output
        assert "pip install pdfplumber pypdfium2 openpyxl numpy" in " ".join(result.output.split())
    assert office.type("check", "sk-tim").exit_code == 0


def test_what_is_not_there_is_not_found(office: "Office", tmp_path: Path) -> None:
    assert office.type("import", str(tmp_path / "tidak-ada.pdf")).exit_code == 4
    assert office.type("import", str(tmp_path)).exit_code == 4


def test_a_row_to_which_nothing_leads_is_told_at_once_and_by_check(office: "Office") -> None:
    assert "dev-06.yaml  14     1" in office.ok("import", str(FORMS / "dev-06.pdf"))
    text = (office.root / "sops/dev-06.yaml").read_text(encoding="utf-8")
    assert "# periksa: next: tidak ada baris yang menuju baris ini" in text
    assert "(halaman 2, baris 8)" in text
    accepted = office.type("check", "dev-06", "--accept")
    assert accepted.exit_code == 5
    assert "tidak pernah tercapai" in accepted.output


def test_a_form_is_compared_with_an_sop_that_is_there(office: "Office", tmp_path: Path) -> None:
    form = tmp_path / "sk-tim.docx"
    office.ok("form", "sk-tim", "--output", str(form))
    assert "sama dengan SOP sk-tim" in office.ok("import", str(form), "--into", "sk-tim")
    path = office.root / "sops/sk-tim.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("waktu: 25 Menit", "waktu: 27 Menit", 1), encoding="utf-8")
    assert "27 Menit" in office.ok("import", str(form), "--into", "sk-tim")


UJI = """id: uji
nama: Rapat Koordinasi
pelaksana: {kabid: Kepala Bidang, staf: Staf}
columns: {bahaya: Risiko}
fields: {tempat: {label: Tempat}}
steps:
  - {id: a, no: 1, kegiatan: Menyiapkan bahan rapat, pelaksana: staf, waktu: 10 menit, output: Bahan, bahaya: Telat}
  - {id: b, no: 2, kegiatan: Memeriksa bahan rapat itu, pelaksana: kabid, waktu: 5 menit, output: Persetujuan,
     branches: {ya: c, tidak: a}}
  - {id: c, no: 3, kegiatan: Mengirim undangan peserta, pelaksana: staf, waktu: 1 jam, output: Undangan, optional: true}
  - {id: d, no: 4, kegiatan: Mengarsipkan seluruh berkas, pelaksana: staf, waktu: 1 jam, output: Arsip}
"""
CHANGES = (
    ("Rapat Koordinasi", "Rapat Dinas", 'Nama SOP "Rapat Dinas" menjadi "Rapat Koordinasi"'),
    ("Menyiapkan bahan", "Menyusun bahan", 'kegiatan "Menyusun bahan rapat" menjadi "Menyiapkan bahan rapat"'),
    (
        "pelaksana: staf, waktu: 10",
        "pelaksana: kabid, waktu: 10",
        'pelaksana "Kepala Bidang (kabid)" menjadi "Staf (staf)"',
    ),
    ("10 menit", "15 menit", 'waktu "15 menit" menjadi "10 menit"'),
    ("tidak: a", "tidak: b", "cabang"),
    ("output: Undangan", "output: Surat", "output"),
    ("bahaya: Telat", "bahaya: Batal", "Batal"),
)


def test_each_kind_of_change_of_a_form_is_said_once(office: "Office", tmp_path: Path) -> None:
    path, form = office.root / "sops/uji.yaml", tmp_path / "uji.docx"
    path.write_text(UJI, encoding="utf-8")
    office.ok("form", "uji", "--output", str(form))
    assert office.ok("import", str(form), "--into", "uji") == "Formulir ini sama dengan SOP uji.\n"
    for printed, there, sentence in CHANGES:
        path.write_text(UJI.replace(printed, there, 1), encoding="utf-8")
        differences = office.json("import", str(form), "--into", "uji")["differences"]
        assert len(differences) == 1, differences
        assert sentence in differences[0]


def test_doubts_about_a_form_are_said_when_it_is_compared(office: "Office") -> None:
    office.ok("import", str(FORMS / "dev-11.pdf"), "--id", "rekomendasi")
    office.ok("check", "rekomendasi", "--accept")
    result = office.type("import", str(FORMS / "dev-11.pdf"), "--into", "rekomendasi")
    assert result.exit_code == 0
    assert "Formulir ini sama" in result.stdout
    assert "Terbaca dengan ragu, branches: hanya satu jalan keluar" in result.stderr
