"""The page of a case, its drawing and its files."""

import re
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient

from sopctl.desk import moves
from sopctl.desk.input_files import InputFile
from sopctl.desk.move_input import MoveInput

if TYPE_CHECKING:
    from tests.conftest import Room

Browse = Callable[[str], FlaskClient]

HOSTILE = "<script>alert(1)</script>\"'& <img src=x onerror=alert(1)> {{ 7*7 }}"
MARKS = ("<script>", "<img src=x", "49")

OFFICIALS = """
officials:
  - {nama: "Siti <b>Aminah", pelaksana: [kabid]}
  - {nama: Budi Santoso, pelaksana: [kadis, kasubbag, tim]}
"""


@pytest.fixture
def page(room: "Room", browse: Browse) -> FlaskClient:
    room.say(OFFICIALS)
    return browse("budi-santoso")


def text_of(page: FlaskClient, address: str) -> str:
    answer = page.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def test_the_page_says_whose_turn_it_is_and_carries_csrf_and_revision(room: "Room", page: FlaskClient) -> None:
    id = room.letter("Tim uji")
    text = text_of(page, f"/berkas/{id}")
    assert "Tim uji" in text
    assert "Giliran" in text
    assert 'aria-current="step"' in text
    revision = room.session().record.load_case(id).instance.revision
    assert f'name="revisi" value="{revision}"' in text
    assert re.search(r'type="hidden" name="csrf" value="[0-9a-f]{64}"', text)
    assert " style=" not in text
    assert f"/berkas/{id}/dokumen/surat-tugas" in text


def test_a_reason_of_rejection_stands_at_the_top(room: "Room", page: FlaskClient) -> None:
    id = room.start("sk-tim", "Tim uji").id
    for sets in ((), (), ("tugas=Menyusun laporan", "anggota=Anggota pertama")):
        room.approve(id, MoveInput(sets=sets))
    room.reject(id, "Nama anggota\nkeliru")
    text = text_of(page, f"/berkas/{id}")
    assert text.index("Nama anggota\nkeliru") < text.index('id="sekarang"')


def test_what_people_typed_is_text_everywhere(room: "Room", page: FlaskClient, tmp_path: Path) -> None:
    file = tmp_path / "<img src=x onerror=alert(1)>.txt"
    file.write_text("isi", encoding="utf-8")
    id = room.start("sk-tim", HOSTILE).id
    room.approve(id, MoveInput(note=HOSTILE))
    room.approve(id, MoveInput(note=HOSTILE, attach=(InputFile(path=file, name=file.name, item=HOSTILE),)))
    room.approve(id, MoveInput(sets=(f"tugas={HOSTILE}", f"anggota={HOSTILE}"), note=HOSTILE))
    room.reject(id, HOSTILE)
    text = text_of(page, f"/berkas/{id}")
    assert not [mark for mark in MARKS if mark in text.replace("&#34;", "")], text
    assert text.count("&lt;script&gt;") > 4
    assert "&lt;b&gt;Aminah" in text or "Aminah" not in text


def test_the_drawing_marks_every_open_row_and_says_so_in_words(room: "Room", page: FlaskClient) -> None:
    id = room.letter("Tim uji")
    svg = page.get(f"/berkas/{id}/alur.svg")
    assert (svg.status_code, svg.mimetype) == (200, "image/svg+xml")
    assert svg.text.count('class="current"') == 1
    assert "style=" not in svg.text
    assert "berkas ini ada di langkah" in text_of(page, f"/berkas/{id}")
    assert page.get(f"/berkas/{id}/alur.svg?halaman=9").status_code == 404
    assert page.get(f"/berkas/{id}/alur.svg?halaman=x").status_code == 404


def test_the_arms_of_a_fork_are_all_marked(room: "Room", page: FlaskClient) -> None:
    room.write("""
        id: cabang
        nama: Dua cabang
        pelaksana: {kadis: Kepala, kabid: Bidang, tim: Tim}
        steps:
          - {id: mulai, no: 1., kegiatan: Memulai, pelaksana: kadis, waktu: 5 menit, next: [kiri, kanan]}
          - {id: kiri, no: 2., kegiatan: Kiri, pelaksana: kabid, waktu: 5 menit, next: akhir}
          - {id: kanan, no: 3, kegiatan: Kanan, pelaksana: tim, waktu: 5 menit, next: akhir}
          - {id: akhir, no: 4, kegiatan: Mengakhiri, pelaksana: kadis, waktu: 5 menit}
    """)
    id = room.start("cabang", "Bercabang").id
    room.approve(id)
    marked = re.search(r'<g class="current".*?</g>', page.get(f"/berkas/{id}/alur.svg").text, re.DOTALL)
    assert marked is not None
    assert marked[0].count("<rect") == 2
    text = text_of(page, f"/berkas/{id}") + text_of(page, "/?semua=ya")
    assert text.count('aria-current="step"') == 2
    assert "2. Kiri" in text
    assert not re.search(r"\d\.[.,]", text)


def test_a_document_is_a_download_and_each_round_can_be_had(room: "Room", page: FlaskClient) -> None:
    id = room.start("sk-tim", "Tim uji").id
    for sets in ((), (), ("tugas=Pertama", "anggota=Anggota pertama")):
        room.approve(id, MoveInput(sets=sets))
    room.reject(id, "ulang")
    room.approve(id, MoveInput(sets=("tugas=Kedua",)))
    address = f"/berkas/{id}/dokumen/surat-tugas"
    written = [one for one in room.session().record.load_case(id).state.documents if one.name == "surat-tugas"]
    newest, first = page.get(address), page.get(f"{address}?langkah=susun&putaran=1")
    assert newest.headers["Content-Disposition"].startswith("attachment; filename=")
    assert newest.headers["X-Content-Type-Options"] == "nosniff"
    assert ZipFile(BytesIO(newest.data)).testzip() is None
    assert sha256(newest.data).hexdigest() == written[-1].sha256
    assert sha256(first.data).hexdigest() == written[1].sha256
    assert f"{address}?langkah=susun&amp;putaran=2" in text_of(page, f"/berkas/{id}")
    for wrong in ("?langkah=tidak-ada", "?langkah=susun&putaran=9", "?putaran=x"):
        assert page.get(address + wrong).status_code == 404


@pytest.mark.parametrize(
    "address",
    ["tidak-ada", "sk-tim", "sk-tim-9", "..", "%2e%2e%2fsopctl.yaml", "sk-tim-1%00", "SK-TIM-1%0d%0aX: y"],
)
def test_no_other_name_leads_to_a_case(room: "Room", page: FlaskClient, address: str) -> None:
    room.start("sk-tim", "Tim uji")
    for below in ("", "/alur.svg", "/dokumen/disposisi", "/lampiran/1"):
        assert page.get(f"/berkas/{address}{below}").status_code == 404


@pytest.mark.parametrize("name", ["..%2f..%2fsopctl.yaml", "tidak-ada", "%00", "-"])
def test_no_other_name_leads_to_a_file(room: "Room", page: FlaskClient, name: str) -> None:
    id = room.letter()
    assert page.get(f"/berkas/{id}/dokumen/{name}").status_code == 404
    assert page.get(f"/berkas/{id}/lampiran/{name}").status_code == 404


@pytest.mark.parametrize(
    ("name", "mimetype"),
    [
        pytest.param("foto.JPG", "image/jpeg", id="picture"),
        pytest.param("jebakan.html", "application/octet-stream", id="page"),
        pytest.param("gambar.svg", "application/octet-stream", id="drawing"),
        pytest.param('a"; filename=b.exe;\u202efdp.txt', "text/plain", id="hostile-name"),
    ],
)
def test_an_attachment_is_never_a_page(
    room: "Room", page: FlaskClient, tmp_path: Path, name: str, mimetype: str
) -> None:
    file = tmp_path / name
    file.write_bytes(b"<script>alert(1)</script>")
    id = room.start("sk-tim", "Tim uji").id
    room.approve(id, MoveInput(attach=(InputFile(path=file, name=name, item="Bukti"),)))
    answer = page.get(f"/berkas/{id}/lampiran/1")
    assert (answer.status_code, answer.mimetype) == (200, mimetype)
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["Content-Disposition"].count(";") == 2
    assert answer.content_length == len(answer.data) == 25
    assert "\u202e" not in answer.headers["Content-Disposition"]
    assert page.get(f"/berkas/{id}/lampiran/2").status_code == 404


@pytest.mark.parametrize("how", ["changed", "gone", "link", "folder"])
def test_a_file_that_is_not_as_recorded_is_refused(room: "Room", page: FlaskClient, tmp_path: Path, how: str) -> None:
    id = room.letter()
    written = room.session().record.load_case(id).state.documents[-1]
    path = room.root / written.path
    data = path.read_bytes()
    path.unlink()
    if how == "changed":
        path.write_bytes(data + b"x")
    elif how == "link":
        (tmp_path / "lain").write_bytes(data)
        path.symlink_to(tmp_path / "lain")
    elif how == "folder":
        path.mkdir()
    answer = page.get(f"/berkas/{id}/dokumen/{written.name}")
    assert answer.status_code == 500
    assert 'role="alert"' in answer.text
    assert str(room.root) not in answer.text
    assert text_of(page, f"/berkas/{id}")


def test_an_sop_is_shown_as_its_form(page: FlaskClient) -> None:
    assert 'href="/sop/sk-tim"' in text_of(page, "/sop")
    text = text_of(page, "/sop/sk-tim")
    assert "Kelengkapan" in text
    assert "/sop/sk-tim/alur.svg?halaman=1" in text
    assert 'href="/mulai/sk-tim"' in text
    assert page.get("/sop/sk-tim/alur.svg").mimetype == "image/svg+xml"
    assert ZipFile(BytesIO(page.get("/sop/sk-tim/formulir.docx").data)).testzip() is None
    for wrong in ("tidak-ada", "..", "%2e%2e%2fsopctl"):
        assert page.get(f"/sop/{wrong}").status_code == 404


def test_the_form_is_a_pdf_too(page: FlaskClient, needs: Callable[[str], str]) -> None:
    needs("soffice")
    assert "/sop/sk-tim/formulir.pdf" in text_of(page, "/sop/sk-tim")
    answer = page.get("/sop/sk-tim/formulir.pdf")
    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="sk-tim.pdf"')
    assert page.get("/sop/tidak-ada/formulir.pdf").status_code == 404


def test_a_letter_is_linked_from_when_it_can_be_read(room: "Room", page: FlaskClient) -> None:
    id = room.start("pelaporan-bimtek", "Bimtek").id
    room.say("officials: [{nama: Budi Santoso, pelaksana: [anggota]}]")
    room.approve(id)
    text = text_of(page, f"/berkas/{id}")
    assert "Suratnya dapat dibaca di sini sesudah yang wajib pada langkah ini dilengkapi." in text
    assert "/surat/" not in text
    room.ask(lambda session: moves.fill(session, id, MoveInput(answers={"hasil": ["Baik"]})))
    address = re.search(rf'href="(/berkas/{id}/surat/[^"/]+)"', text_of(page, f"/berkas/{id}"))
    assert address
    text_of(page, address[1])


def test_an_sop_with_mistakes_says_who_mends_it(room: "Room", page: FlaskClient) -> None:
    room.write("""
        id: salah
        nama: <script>alert(1)</script>
        pelaksana: {kadis: Kepala}
        steps:
          - {id: mulai, kegiatan: Memulai, pelaksana: tidak-ada}
    """)
    text = text_of(page, "/sop/salah")
    assert "Ada kesalahan pada file SOP ini, jadi SOP ini belum dapat ditampilkan. Beri tahu pengelola" in text
    assert "salah.yaml" not in text
    assert "<script>" not in text
    assert "kesalahan" in text_of(page, "/sop")
