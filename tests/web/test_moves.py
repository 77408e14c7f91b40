"""The moves of a case on its page: what is recorded, what is refused, and what is kept of a form."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient

from sopctl.desk import moves
from sopctl.desk.move_input import MoveInput
from sopctl.engine.events import Approved, Event, Rejected
from sopctl.errors import BusyError
from tests.web.pages import Page

if TYPE_CHECKING:
    from tests.conftest import Room

OFFICIALS = """
officials:
  - {nama: Siti Aminah, pelaksana: [kadis]}
  - {nama: Budi Santoso, pelaksana: [kabid, kasubbag, tim]}
  - {nama: Orang Lain, pelaksana: [lain]}
"""


Visit = Callable[[str, str], Page]


@pytest.fixture
def visit(room: "Room", browse: Callable[[str], FlaskClient]) -> Visit:
    room.say(OFFICIALS)
    return lambda account, id: Page(browse(account), f"/berkas/{id}")


def events_of(room: "Room", id: str) -> tuple[Event, ...]:
    return room.session().record.load_case(id).instance.events


def test_an_official_signs_and_is_told_so_once(room: "Room", visit: Visit) -> None:
    id = room.letter("Tim uji")
    page = visit("siti-aminah", id)
    assert "Setujui" in page.text
    answer = page.post("setuju")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/berkas/{id}"), answer.text
    last = events_of(room, id)[-1]
    assert isinstance(last, Approved)
    assert (last.by, last.via) == ("page:siti-aminah", "web")
    assert "Sudah dicatat" in page.look()
    assert "Sudah dicatat" not in page.look()


def test_what_is_wrong_stands_at_the_head_of_the_page_with_the_way_to_its_form(room: "Room", visit: Visit) -> None:
    id = room.start("sk-tim", "Tim uji").id
    for sets in ((), (), ("tugas=Menyusun laporan", "anggota=Anggota pertama")):
        room.approve(id, MoveInput(sets=sets))
    page = visit("budi-santoso", id)
    text = page.post("kembalikan").text
    alert = text.index('role="alert"')
    assert alert < text.index('id="sekarang"') < text.index('<section id="giliran-1"')
    assert '<a href="#giliran-1">' in text[alert:]
    text = page.post("catat").text
    assert text.index('<a href="#lain-catat">') < text.index('<details open id="lain-catat">')


def test_the_address_of_a_button_opened_again_leads_to_the_case(room: "Room", visit: Visit) -> None:
    id = room.start("sk-tim", "Tim uji").id
    client = visit("siti-aminah", id).client
    answer = client.get(f"/berkas/{id}/setuju")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/berkas/{id}")
    assert client.get("/berkas/%0d%0aSet-Cookie:a=b/setuju").headers.get("Set-Cookie") is None


def test_who_signs_is_told_before_what_the_letter_lacks(room: "Room", visit: Visit) -> None:
    id = room.letter("Tim uji")
    told = "Masih kosong pada surat itu, dan tercetak titik-titik: "
    assert "NIP Kepala Dinas" in visit("siti-aminah", id).text.partition(told)[2].partition("</p>")[0]
    assert told not in visit("budi-santoso", id).text


def test_what_a_move_warns_of_is_told_with_it(room: "Room", visit: Visit) -> None:
    id = room.letter("Tim uji")
    page = visit("siti-aminah", id)
    answer = page.post("setuju", kosong="ya")
    assert answer.status_code == 303, answer.text
    assert "ditandatangani dengan yang masih kosong" in page.look()
    assert "ditandatangani dengan yang masih kosong" not in page.look()


def test_a_rejection_wants_its_reason_beside_the_input_and_keeps_nothing_else(room: "Room", visit: Visit) -> None:
    id = room.start("sk-tim", "Tim uji").id
    for sets in ((), (), ("tugas=Menyusun laporan", "anggota=Anggota pertama")):
        room.approve(id, MoveInput(sets=sets))
    page, before = visit("budi-santoso", id), room.record()
    answer = page.post("kembalikan")
    assert (answer.status_code, room.record()) == (422, before)
    assert re.search(r'aria-describedby="[^"]*giliran-1-catatan-salah" aria-invalid="true"', answer.text)
    assert page.post("kembalikan", catatan="Nama anggota keliru").status_code == 303
    last = events_of(room, id)[-1]
    assert isinstance(last, Rejected)
    assert last.note == "Nama anggota keliru"


def test_a_page_that_was_overtaken_says_what_has_changed_and_keeps_what_was_typed(room: "Room", visit: Visit) -> None:
    id = room.letter("Tim uji")
    page = visit("siti-aminah", id)
    room.note(id, "Tunggu sebentar")
    before = room.record()
    answer = page.post("setuju", catatan="Sudah saya baca")
    assert (answer.status_code, room.record()) == (409, before)
    assert "Tunggu sebentar" in answer.text
    assert "Sudah saya baca" in answer.text
    page.text = answer.text
    assert page.post("setuju").status_code == 303


def test_two_posts_at_once_make_one_move(room: "Room", visit: Visit) -> None:
    id = room.letter("Tim uji")
    first, second = visit("siti-aminah", id), visit("siti-aminah", id)
    with ThreadPoolExecutor(2) as pool:
        codes = sorted(one.status_code for one in pool.map(lambda page: page.post("setuju"), (first, second)))
    assert codes in ([303, 409], [303, 503])
    assert sum(event.by == "page:siti-aminah" for event in events_of(room, id)) == 1


@pytest.mark.parametrize(
    ("account", "verb", "data", "status"),
    [
        pytest.param("orang-lain", "setuju", {}, 403, id="a stranger to the SOP"),
        pytest.param("budi-santoso", "setuju", {}, 403, id="not their turn"),
        pytest.param("siti-aminah", "setuju", {"csrf": "0" * 64}, 400, id="a token of nobody"),
        pytest.param("siti-aminah", "setuju", {"csrf": ""}, 400, id="no token"),
        pytest.param("siti-aminah", "setuju", {"revisi": "1"}, 409, id="an old revision"),
        pytest.param("siti-aminah", "setuju", {"revisi": "99999"}, 409, id="a revision to come"),
        pytest.param("siti-aminah", "setuju", {"revisi": "satu"}, 400, id="no revision"),
        pytest.param("siti-aminah", "setuju", {"revisi": ""}, 400, id="an empty revision"),
        pytest.param("siti-aminah", "hapus", {}, 404, id="no such move"),
        pytest.param("siti-aminah", "putuskan", {"label": "tidak ada"}, 422, id="no such label"),
        pytest.param("siti-aminah", "setuju", {"langkah": "susun"}, 409, id="another step"),
        pytest.param("siti-aminah", "setuju", {"sebagai": "siapa"}, 422, id="no such pelaksana"),
        pytest.param("siti-aminah", "setuju", {"sebagai": "kabid"}, 403, id="another pelaksana"),
        pytest.param("siti-aminah", "setuju", {"catatan": "a\x01b"}, 422, id="a control character"),
        pytest.param("siti-aminah", "setuju", {"catatan": "a" * 100_001}, 422, id="a note without end"),
        pytest.param("siti-aminah", "catat", {"catatan": " "}, 422, id="an empty note"),
        pytest.param("siti-aminah", "tunda", {}, 422, id="suspended for no reason"),
        pytest.param("siti-aminah", "lanjutkan", {}, 422, id="nothing to resume"),
        pytest.param("siti-aminah", "lewati", {"catatan": "x"}, 422, id="not optional"),
        pytest.param("siti-aminah", "isi", {"perihal": "\x00"}, 422, id="a subject that cannot be"),
        pytest.param("siti-aminah", "lampirkan", {"kelengkapan": "Surat"}, 422, id="no file"),
        pytest.param("siti-aminah", "serahkan", {"pelaksana": "kadis", "kepada": "Siapa Pun"}, 422, id="nobody's name"),
        pytest.param("siti-aminah", "serahkan", {"pelaksana": "tim", "kepada": "Siti Aminah"}, 403, id="not theirs"),
    ],
)
def test_what_is_refused_has_its_status_and_records_nothing(
    room: "Room", visit: Visit, account: str, verb: str, data: dict[str, str], status: int
) -> None:
    id = room.letter("Tim uji")
    page, before = visit(account, id), room.record()
    answer = page.post(verb, **data)
    assert (answer.status_code, room.record()) == (status, before), answer.text
    assert str(room.root) not in answer.text


def test_a_case_that_is_not_there_is_not_there(room: "Room", visit: Visit) -> None:
    page = visit("siti-aminah", room.letter("Tim uji"))
    page.address = "/berkas/sk-tim"
    assert page.post("setuju").status_code == 404
    page.address = "/berkas/sk-tim-99"
    assert page.post("setuju").status_code == 404


FORK = """
id: dua
nama: Dua lengan
pelaksana: {tim: Tim, kadis: Kepala Dinas, kabid: Kepala Bidang, lain: Orang lain}
steps:
  - {id: mulai, kegiatan: Memulai, pelaksana: tim, next: [kiri, kanan]}
  - {id: kiri, kegiatan: Kiri, pelaksana: [tim, kabid], next: temu}
  - {id: kanan, kegiatan: Kanan, pelaksana: tim, optional: ya}
  - {id: temu, kegiatan: Bertemu, pelaksana: kadis, decides: {kadis: {terima: end, ulang: mulai, lain: kanan}}}
"""

PLAIN = """
id: pilih
nama: Memilih
pelaksana: {tim: Tim, kadis: Kepala Dinas}
fields:
  jumlah: {label: Jumlah, type: number, step: nilai}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim, optional: ya}
  - {id: nilai, kegiatan: Menilai, pelaksana: kadis, branches: {
      besar: {to: end, when: jumlah > 5}, kecil: {to: kirim, when: jumlah <= 5}, ulang: susun}}
  - {id: kirim, kegiatan: Mengirim, pelaksana: tim, not_by: [susun]}
"""


def buttons(page: Page) -> set[str]:
    """The moves that the page offers."""
    return set(re.findall(rf'formaction="{page.address}/([a-z-]+)"', page.text))


def test_branches_are_buttons_and_conditions_are_those_of_what_is_typed(room: "Room", visit: Visit) -> None:
    room.write(PLAIN)
    room.start("pilih", "Perihal")
    page = visit("budi-santoso", "pilih-1")
    assert buttons(page) == {"setuju", "lewati", "mulai-kerja"}
    assert page.post("mulai-kerja").status_code == 303
    page.look()
    assert page.post("lewati", catatan="tidak perlu").status_code == 303
    page = visit("siti-aminah", "pilih-1")
    assert {"putuskan", "setuju", "kembalikan"} & buttons(page)
    for label in ("besar", "kecil", "ulang"):
        assert label in page.text
    before = room.record()
    assert page.post("putuskan", label="besar", jumlah="3").status_code == 422
    assert page.post("setuju").status_code == 422
    assert room.record() == before
    assert page.post("putuskan", label="kecil", jumlah="3").status_code == 303
    assert room.session().record.load_case("pilih-1").state.step == "kirim"


def test_who_did_a_step_that_another_forbids_is_offered_nothing_there(room: "Room", visit: Visit) -> None:
    room.write(PLAIN)
    room.start("pilih", "Perihal")
    assert visit("budi-santoso", "pilih-1").post("setuju").status_code == 303
    assert visit("siti-aminah", "pilih-1").post("putuskan", label="kecil", jumlah="3").status_code == 303
    page = visit("budi-santoso", "pilih-1")
    assert buttons(page) == set()
    assert page.post("setuju").status_code == 403


def test_where_several_rows_are_open_each_has_its_form(room: "Room", visit: Visit) -> None:
    room.write(FORK)
    room.start("dua", "Perihal")
    assert visit("budi-santoso", "dua-1").post("setuju").status_code == 303
    page = visit("budi-santoso", "dua-1")
    assert re.findall(r'name="langkah" value="([^"]*)"', page.text) == ["kiri", "kanan"]
    assert page.post("setuju").status_code == 422
    assert page.post("setuju", langkah="kanan").status_code == 303
    page.look()
    assert page.post("setuju", langkah="kiri", sebagai="tim").status_code == 303
    page.look()
    assert page.post("setuju", langkah="kiri", sebagai="kabid").status_code == 303
    assert visit("siti-aminah", "dua-1").post("putuskan", label="terima").status_code == 303
    assert room.session().record.load_case("dua-1").state.status == "completed"


LETTER = """
id: rapat
nama: Rapat
pelaksana: {tim: Tim, kadis: Kepala Dinas}
fields:
  hasil: {label: Hasil rapat, step: susun}
documents:
  notulen: {template: notulen.docx, wajib: [hasil]}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim, document: {name: notulen, act: draft}}
  - {id: teken, kegiatan: Menandatangani, pelaksana: kadis, document: {name: notulen, act: sign}}
"""


def test_a_letter_with_gaps_is_signed_only_where_that_is_chosen(room: "Room", visit: Visit) -> None:
    room.write(LETTER)
    room.start("rapat", "Rapat")
    room.approve("rapat-1")
    page, before = visit("siti-aminah", "rapat-1"), room.record()
    assert "menandatangani <strong>Notulen</strong>" in page.text
    assert 'name="kosong"' not in page.text
    answer = page.post("setuju")
    assert (answer.status_code, room.record()) == (422, before)
    assert 'name="kosong"' in answer.text
    assert page.post("setuju", kosong="ya").status_code == 303
    assert "ditandatangani" in page.look()
    assert events_of(room, "rapat-1")[-1].written[0].gaps


def test_the_other_buttons_do_what_they_say(room: "Room", visit: Visit) -> None:
    id = room.start("sk-tim", "Tim uji").id
    page = visit("siti-aminah", id)
    for verb, data, state in (
        ("catat", {"catatan": "Dicatat"}, "running"),
        ("isi", {"perihal": "Perihal baru", "tugas": "Satu\nDua"}, "running"),
        ("serahkan", {"pelaksana": "kadis", "kepada": "Siti Aminah"}, "running"),
        ("tunda", {"catatan": "Menunggu"}, "suspended"),
        ("lanjutkan", {}, "running"),
        ("setuju", {}, "running"),
        ("tarik", {"catatan": "Keliru"}, "running"),
        ("batalkan", {"catatan": "Tidak jadi"}, "cancelled"),
    ):
        assert page.post(verb, **data).status_code == 303, verb
        assert room.session().record.load_case(id).state.status == state
        page.look()
    case = room.session().record.load_case(id)
    assert (case.state.subject, case.state.fields["tugas"]) == ("Perihal baru", ["Satu", "Dua"])
    assert page.post("setuju").status_code == 409


def test_the_page_and_the_command_line_at_once_make_one_move(room: "Room", visit: Visit) -> None:
    id = room.letter("Tim uji")
    page = visit("siti-aminah", id)
    with ThreadPoolExecutor(2) as pool:
        typed = pool.submit(lambda: moves.approve(room.session(), id, MoveInput()))
        status = pool.submit(lambda: page.post("setuju").status_code).result()
        with suppress(BusyError):
            typed.result()
    made = [event for event in events_of(room, id) if isinstance(event, Approved) and event.step == "tanda-tangan"]
    assert status in (303, 409, 503)
    assert len([event for event in made if event.number > 5]) <= 1


def test_a_page_speaks_with_the_words_of_the_form(room: "Room", visit: Visit) -> None:
    id = room.letter("Tim uji")
    page = visit("siti-aminah", id)
    assert "menandatangani <strong>Surat tugas</strong>" in page.text
    page.post("setuju", kosong="ya")
    text = re.sub(r"<[^>]+>", " ", page.look())
    assert "Surat tugas ditandatangani, nomor" in text
    assert "mengisi Tugas yang diberikan, Anggota tim" in text
    assert not re.search("langkah (?:perintah|teruskan|susun|periksa|tandatangan)|surat-tugas|mengisi [a-z]", text)


def test_the_columns_of_a_table_are_headed_as_on_paper(room: "Room", visit: Visit) -> None:
    id = room.start("sk-tim", "Tim uji").id
    room.approve(id)
    room.approve(id)
    text = visit("budi-santoso", id).text
    assert re.findall(r'<label for="giliran-1-anggota-0-\d">(.*?)</label>', text) == [
        "Nama", "NIP", "Pangkat", "Jabatan", "Peran"
    ]  # fmt: skip


def test_what_was_typed_wrong_is_not_called_missing(room: "Room", visit: Visit) -> None:
    id = room.start("sk-tim", "Tim uji").id
    room.approve(id)
    room.approve(id)
    cells = {"anggota": "", "anggota-0-nama": "Anggota pertama", "anggota-0-nip": "123"}
    answer = visit("budi-santoso", id).post("setuju", langkah="susun", tugas="Menyusun laporan", **cells)
    assert answer.status_code == 422
    assert "bukan NIP" in answer.text
    assert "Ada yang perlu diperbaiki" in answer.text
    assert "Wajib diisi" not in answer.text
    assert "membutuhkan isian" not in answer.text
    assert "baris 1, NIP: " in answer.text


def test_what_was_typed_wrong_beside_what_is_missing_is_told_at_the_head(room: "Room", visit: Visit) -> None:
    id = room.start("sk-tim", "Tim uji").id
    room.approve(id)
    room.approve(id)
    cells = {"anggota": "", "anggota-0-nama": "Anggota pertama", "anggota-0-nip": "123"}
    answer = visit("budi-santoso", id).post("setuju", langkah="susun", **cells)
    assert "membutuhkan isian: Tugas yang diberikan. " in answer.text
    assert "Ada juga isian atau file yang perlu diperbaiki." in answer.text


def test_a_row_that_a_condition_skips_is_told_by_the_label_of_the_field(room: "Room", visit: Visit) -> None:
    room.write("""
        id: beli
        nama: Membeli
        pelaksana: {tim: Tim}
        fields: {nilai: {label: Nilai pembelian, type: number, required: true}}
        steps:
          - {id: minta, no: 1, kegiatan: Meminta, pelaksana: tim}
          - {id: lelang, no: 2, kegiatan: Melelang, pelaksana: tim, optional: {when: nilai < 10}}
          - {id: bayar, no: 3, kegiatan: Membayar, pelaksana: tim}
    """)
    room.start("beli", "Perihal", typed=MoveInput(answers={"nilai": 5}))
    page = visit("budi-santoso", "beli-1")
    seen = page.hidden("revisi")
    page.post("setuju")
    text = re.sub(r"<[^>]+>", "", page.look())
    assert "Langkah 2 dilewati, karena Nilai pembelian &lt; 10." in text
    assert "karena nilai" not in text
    answer = page.post("setuju", revisi=seen)
    assert " : langkah 2 dilewati" not in answer.text
    assert " langkah 2 dilewati, karena Nilai pembelian" in answer.text
