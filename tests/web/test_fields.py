"""The fields of a step in a form of the page: each type, what is wrong beside its input, and what is kept."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from flask.testing import FlaskClient
from PIL import Image

from sopctl.cli.options import move_input
from sopctl.desk import moves
from tests.web.pages import Page

if TYPE_CHECKING:
    from tests.conftest import Room

FORM = """
id: uji
nama: Uji isian
pelaksana: {tim: Tim, kadis: Kepala Dinas}
fields:
  tujuan: {label: Tujuan}
  uraian: {label: Uraian, step: isi, required: ya}
  jumlah: {label: Jumlah, type: number, step: isi}
  biaya: {label: Biaya, type: money, step: isi}
  hari: {label: Hari, type: date, step: isi}
  nip: {label: NIP, type: nip, step: isi}
  sifat: {label: Sifat, type: choice, choices: [Biasa, Segera], step: isi}
  dasar: {label: Dasar, type: list, step: isi}
  perihal: {label: Perihal rapat, step: isi}
  anggota: {label: Anggota, type: table, columns: {nama: text, nip: nip, pangkat: text, lama: number}, step: isi}
steps:
  - {id: isi, kegiatan: Mengisi, pelaksana: tim, kelengkapan: [{nama: Daftar hadir, evidence: ya}, ATK]}
  - {id: setuju, kegiatan: Menyetujui, pelaksana: kadis, branches: {ya: end, tidak: isi}}
"""

OFFICIALS = """
officials:
  - {nama: Siti Aminah, pelaksana: [kadis]}
  - {nama: Budi Santoso, pelaksana: [tim]}
"""

NIP = "198501012010011001"

FILLED = {
    "uraian": "Rapat & <b>persiapan</b>\r\nbaris kedua",
    "jumlah": "1.250,5",
    "biaya": "Rp1.500.000",
    "hari": "2026-11-24",
    "nip": NIP,
    "sifat": "Segera",
    "dasar": "Undang-undang; lama\r\n\r\n@/etc/passwd",
    "isian-perihal": "=cmd",
    "anggota-0-nama": "Ani",
    "anggota-0-nip": NIP,
    "anggota-0-pangkat": "Penata",
    "anggota-0-lama": "2,5",
    "anggota-3-nama": "Budi",
    "anggota-7-nama": " ",
}
TYPED = [
    "uraian=Rapat & <b>persiapan</b>\nbaris kedua",
    "jumlah=1.250,5",
    "biaya=Rp1.500.000",
    "hari=2026-11-24",
    f"nip={NIP}",
    "sifat=Segera",
    "dasar=Undang-undang;; lama",
    "dasar=@/etc/passwd",
    "perihal==cmd",
    f"anggota=Ani|{NIP}|Penata|2,5\nBudi|||",
]


def proof(name: str = "hadir.pdf", data: bytes = b"%PDF-1.7\n%%EOF") -> dict[str, object]:
    return {"kelengkapan-1": "Daftar hadir", "lampiran-1": (BytesIO(data), name), "keterangan-1": "Rapat"}


@pytest.fixture
def page(room: "Room", browse: Callable[[str], FlaskClient]) -> Page:
    room.write(FORM)
    room.say(OFFICIALS)
    room.start("uji", "Perihal uji")
    return Page(browse("budi-santoso"), "/berkas/uji-1")


def test_the_page_and_the_command_line_record_the_same(room: "Room", page: Page) -> None:
    scan = room.root / "hadir.pdf"
    scan.write_bytes(b"%PDF-1.7\n%%EOF")
    room.start("uji", "Perihal uji")
    assert page.post("setuju", catatan="Sudah", **FILLED, **proof()).status_code == 303
    typed = move_input(set_=TYPED, note="Sudah", attach=[f"Daftar hadir={scan}"])
    room.ask(lambda session: moves.approve(session, "uji-2", typed))
    record = room.session().record
    one, other = (record.load_case(id).instance.events[-1] for id in ("uji-1", "uji-2"))
    assert one.fields == other.fields
    assert one.fields["dasar"] == ["Undang-undang; lama", "@/etc/passwd"]
    assert one.fields["anggota"][1] == {"nama": "Budi", "nip": "", "pangkat": "", "lama": ""}  # type: ignore[index]
    assert (one.note, one.for_, [(file.item, file.name) for file in one.attachments]) == (
        other.note, other.for_, [(file.item, file.name) for file in other.attachments],
    )  # fmt: skip
    assert one.attachments[0].caption == "Rapat"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("jumlah", "banyak"),
        ("jumlah", "9" * 40),
        ("biaya", "-5"),
        ("hari", "31 Februari"),
        ("nip", "123"),
        ("sifat", "Rahasia"),
        ("uraian", "a\x00b"),
        ("uraian", "a" * 100_001),
        ("dasar", "satu\n\x1b[31m"),
        ("anggota-0-nip", "123"),
        ("anggota-0-lama", "lama"),
        ("anggota-0-nama", ""),
    ],
)
def test_a_wrong_value_stands_beside_its_input_and_everything_typed_is_kept(
    room: "Room", page: Page, name: str, text: str
) -> None:
    before = room.record()
    answer = page.post("setuju", **{**FILLED, name: text}, **proof())
    assert (answer.status_code, room.record()) == (422, before)
    marked = re.findall(r'name="([^"]+)"[^>]*aria-invalid="true"', answer.text)
    assert marked == [name]
    assert "File harus dipilih lagi: hadir.pdf" in answer.text
    kept = {key for key in FILLED if key != name and f'name="{key}"' in answer.text}
    assert len(kept) > 11
    for shown in ("Rapat &amp; &lt;b&gt;persiapan&lt;/b&gt;", "1.250,5", "Rp1.500.000", "=cmd", "Penata"):
        assert shown in answer.text or name in ("uraian", "jumlah", "biaya")
    assert "<b>persiapan" not in answer.text


def test_what_is_missing_is_asked_for_beside_its_input(room: "Room", page: Page) -> None:
    before = room.record()
    answer = page.post("setuju")
    assert (answer.status_code, room.record()) == (422, before)
    assert re.findall(r'name="([^"]+)"[^>]*aria-invalid="true"', answer.text) == ["uraian"]
    answer = page.post("setuju", uraian="Rapat")
    assert answer.status_code == 422
    assert "Wajib dilampirkan." in answer.text


def test_rows_are_added_and_taken_away_without_recording_anything(room: "Room", page: Page) -> None:
    before = room.record()
    answer = page.post("setuju", tambah="anggota", **FILLED)
    assert (answer.status_code, room.record()) == (200, before)
    assert re.findall(r'name="anggota-(\d+)-nama"', answer.text)[:4] == ["0", "3", "7", "8"]
    answer = page.post("setuju", hapus="anggota-0", **FILLED)
    assert (answer.status_code, room.record()) == (200, before)
    assert re.findall(r'name="anggota-(\d+)-nama" value="([^"]*)"', answer.text)[:2] == [("3", "Budi"), ("7", " ")]
    for name, value in (("tambah", "siapa"), ("hapus", "anggota-x"), ("hapus", "anggota-" + "9" * 99), ("tambah", "")):
        assert page.post("setuju", **{name: value}, **FILLED).status_code == 200
    assert room.record() == before


def test_people_of_the_office_are_filled_in_by_their_name_or_nip(room: "Room", page: Page) -> None:
    people = f"nama,nip,pangkat,golongan,jabatan,unit\nSri Wahyuni,{NIP},Penata,III/c,,\n"
    (room.root / "pegawai.csv").write_text(people, encoding="utf-8")
    assert '<option value="Sri Wahyuni">' in page.look()
    rows = {"anggota-0-nama": "wahyuni", "anggota-1-nip": NIP}
    assert page.post("setuju", uraian="Rapat", **rows, **proof()).status_code == 303
    fields = room.session().record.load_case("uji-1").state.fields
    row = {"nama": "Sri Wahyuni", "nip": NIP, "pangkat": "Penata (III/c)", "lama": ""}
    assert fields["anggota"] == [row, row]


def test_a_form_without_end_is_refused(room: "Room", page: Page) -> None:
    before = room.record()
    part = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    file = part.replace('"a"', '"lampiran-1"; filename="hadir.pdf"')
    sent = {"data": f"{file}{part * 5_001}--x--\r\n", "content_type": "multipart/form-data; boundary=x"}
    assert page.client.post("/berkas/uji-1/setuju", **sent).status_code == 413
    rows = {f"anggota-{number}-nama": "Ani" for number in range(3_000)}
    answer = page.post("setuju", **rows)
    assert (answer.status_code, room.record()) == (422, before)
    assert 'name="anggota-2999-nama"' in answer.text


def test_what_a_case_holds_is_emptied_by_an_empty_input(room: "Room", page: Page) -> None:
    assert page.post("isi", **{"jumlah": "5", "anggota-0-nama": "Ani", "perihal": "Perihal baru"}).status_code == 303
    page.look()
    assert page.post("isi", jumlah="", anggota="", uraian="").status_code == 303
    case = room.session().record.load_case("uji-1")
    assert (case.state.fields, case.state.subject) == ({"jumlah": "", "anggota": []}, "Perihal baru")


def bomb() -> bytes:
    data = BytesIO()
    with ZipFile(data, "w", ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", b"0" * 301_000_000)
    return data.getvalue()


def picture(kind: str, size: tuple[int, int] = (4, 4)) -> bytes:
    data = BytesIO()
    Image.new("1", size).save(data, kind)
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        pytest.param("hadir.pdf", b"", "kosong", id="empty"),
        pytest.param("hadir.pdf", b"MZ", "bukan PDF", id="no PDF"),
        pytest.param("hadir.pdf", b"%PDF-1.7", "terpotong", id="a PDF cut off"),
        pytest.param("foto.png", b"%PDF-1.7\n%%EOF", "bukan gambar", id="a PDF called a picture"),
        pytest.param("foto.png", picture("PNG")[:-9], "bukan gambar", id="a picture cut off"),
        pytest.param("foto.png", picture("PNG", (20_000, 20_000)), "kecilkan", id="a picture of many pixels"),
        pytest.param("surat.docx", bomb(), "terlalu besar setelah dibuka", id="a ZIP bomb"),
        pytest.param("surat.docx", b"PK\x03\x04", "rusak", id="no package"),
        pytest.param("surat.doc", b"{\\rtf1}", "bukan file doc", id="no old Word file"),
        pytest.param("catatan.txt", b"\0" * 20, "bukan teks", id="no text"),
        pytest.param("halaman.html", b"<script>", "tidak diterima", id="a page"),
        pytest.param("gambar.svg", b"<svg/>", "tidak diterima", id="a drawing that is a program"),
        pytest.param("program.exe", b"MZ", "tidak diterima", id="a program"),
        pytest.param("tanpa-akhiran", b"isi", "tidak diterima", id="no suffix"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_beside_its_input(
    room: "Room", page: Page, name: str, data: bytes, says: str
) -> None:
    before = room.record()
    answer = page.post("setuju", uraian="Rapat", **proof(name, data))
    assert (answer.status_code, room.record()) == (422, before)
    assert says in answer.text
    assert re.search(r'name="lampiran-1"[^>]*aria-invalid="true"', answer.text)
    assert "/tmp/" not in answer.text  # noqa: S108 — no path of the machine


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/hadir.pdf", "hadir.pdf"),
        ("/etc/cron.d/x.PDF", "x.PDF"),
        ("<img src=x onerror=alert(1)>.pdf", "<img src=x onerror=alert(1)>.pdf"),
        ("a" * 400 + ".pdf", "a" * 146 + ".pdf"),
    ],
)
def test_a_file_keeps_its_name_and_no_folder(room: "Room", page: Page, sent: str, kept: str) -> None:
    assert page.post("setuju", uraian="Rapat", **proof(sent)).status_code == 303
    (file,) = room.session().record.load_case("uji-1").state.attachments
    assert (file.name, file.path) == (kept, "data/attachments/uji/0000/uji-1/001.pdf")
    assert kept not in page.look() or "<" not in kept


def test_several_files_are_attached_at_once_each_with_its_caption(room: "Room", page: Page) -> None:
    files = [(BytesIO(picture("PNG")), "satu.png"), (BytesIO(picture("JPEG")), "dua.jpg")]
    sent = {"kelengkapan": "Foto", "lampiran": files, "keterangan": "Pembukaan\r\nPenutupan"}
    assert page.post("lampirkan", **sent).status_code == 303
    found = room.session().record.load_case("uji-1").state.attachments
    assert [(file.item, file.name, file.caption) for file in found] == [
        ("Foto", "satu.png", "Pembukaan"),
        ("Foto", "dua.jpg", "Penutupan"),
    ]
    page.look()
    sent = {"lampiran": [(BytesIO(picture("PNG")), "satu.png")], "keterangan": "Satu\nDua"}
    assert page.post("lampirkan", **sent).status_code == 422


def test_no_upload_stays_on_the_disk(
    page: Page, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("unggahan")
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    page.post("setuju", **proof("hadir.pdf", b"%PDF" + b"0" * 100_000))
    page.post("setuju", uraian="Rapat", **proof())
    assert list(folder.iterdir()) == []


def test_a_file_of_another_kind_is_told_the_kinds_and_not_two_dozen_suffixes(page: Page) -> None:
    told = page.post("setuju", uraian="Rapat", **proof("program.exe", b"MZ")).text
    assert "Yang diterima: PDF, foto dan gambar, Word, Excel, PowerPoint, OpenDocument, dan teks." in told


def test_words_for_a_day_are_offered_only_where_words_can_be_typed(page: Page) -> None:
    assert "besok" not in page.text
    told = page.post("setuju", uraian="Rapat", hari="entah").text
    assert "misalnya 3 nov atau besok" in told
