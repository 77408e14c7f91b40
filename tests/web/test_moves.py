"""The moves of a case on its page: what is recorded, what is refused, and what is kept of a form."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient

from sopctl.desk.move_input import MoveInput
from sopctl.engine.events import Approved, Event, Rejected
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
