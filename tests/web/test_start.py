"""Opening a case on the page."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient

from sopctl.engine.events import Started
from tests.web.pages import Page

if TYPE_CHECKING:
    from tests.conftest import Room

OFFICIALS = """
officials:
  - {nama: Siti Aminah, pelaksana: [kadis]}
  - {nama: Budi Santoso, pelaksana: [kabid, kasubbag, tim]}
"""

FORM = """
id: uji
nama: Uji isian
pelaksana: {tim: Tim}
start: [satu, dua]
fields:
  tujuan: {label: Tujuan, required: ya}
  kota: {label: Kota, default: {office: kota}}
  anggota: {label: Anggota, type: table, columns: [nama]}
steps:
  - {id: satu, kegiatan: Satu, pelaksana: tim}
  - {id: dua, kegiatan: Dua, pelaksana: tim}
"""


@pytest.fixture
def client(room: "Room", browse: Callable[[str], FlaskClient]) -> FlaskClient:
    room.write(FORM)
    room.say(OFFICIALS)
    return browse("budi-santoso")


def test_a_case_is_opened_once_however_often_the_form_is_sent(room: "Room", client: FlaskClient) -> None:
    assert 'href="/mulai/uji"' in client.get("/mulai").text
    page = Page(client, "/mulai/uji")
    sent = {"perihal": "Rapat", "tujuan": "Pontianak", "masuk": "dua", "anggota-0-nama": "Ani"}
    for _ in range(2):
        answer = page.post(**sent)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/berkas/uji-1"), answer.text
    assert "Sudah dicatat" in client.get("/berkas/uji-1").text
    assert list(room.session().store.list_ids("uji")) == ["uji-1"]
    case = room.session().record.load_case("uji-1")
    assert (case.state.step, case.state.subject) == ("dua", "Rapat")
    assert case.state.fields["anggota"] == [{"nama": "Ani"}]
    assert case.state.fields["kota"] == room.session().office.instansi.kota
    assert (case.instance.events[0].by, case.instance.events[0].via) == ("page:budi-santoso", "web")
    page.look()
    assert page.post(**sent).headers["Location"] == "/berkas/uji-2"


def test_two_posts_at_once_open_one_case(room: "Room", client: FlaskClient) -> None:
    page = Page(client, "/mulai/uji")
    with ThreadPoolExecutor(2) as pool:
        codes = [one.status_code for one in pool.map(lambda _: page.post(tujuan="Pontianak"), range(2))]
    assert set(codes) <= {303, 503}
    assert list(room.session().store.list_ids("uji")) == ["uji-1"]


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({}, "Wajib diisi"),
        ({"tujuan": "a\x07"}, "tidak dapat disimpan"),
        ({"tujuan": "x", "masuk": "tiga"}, "tidak dapat dimulai dari"),
        ({"tujuan": "x", "perihal": "\x01"}, "tidak dapat disimpan"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_opened(
    room: "Room", client: FlaskClient, sent: dict[str, str], says: str
) -> None:
    page, before = Page(client, "/mulai/uji"), room.record()
    answer = page.post(**sent, kota="Sungai Raya")
    assert (answer.status_code, room.record()) == (422, before)
    assert says in answer.text
    assert "Sungai Raya" in answer.text


def test_a_confidential_case_is_opened_so(room: "Room", client: FlaskClient) -> None:
    assert Page(client, "/mulai/uji").post(tujuan="x", rahasia="ya").status_code == 303
    assert "<strong>rahasia</strong>" in client.get("/berkas/uji-1").text
    first = room.session().record.load_case("uji-1").instance.events[0]
    assert isinstance(first, Started)
    assert first.confidential


def test_rows_are_added_before_the_case_is_opened(room: "Room", client: FlaskClient) -> None:
    page = Page(client, "/mulai/uji")
    answer = page.post(tambah="anggota", **{"anggota-0-nama": "Ani"})
    assert answer.status_code == 200
    assert 'name="anggota-1-nama"' in answer.text
    assert list(room.session().store.list_ids("uji")) == []


@pytest.mark.parametrize("address", ["/mulai/tidak-ada", "/mulai/uji?induk=uji-9", "/mulai/uji?induk=uji"])
def test_what_is_not_there_is_not_there(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_stranger_opens_nothing(room: "Room", client: FlaskClient, browse: Callable[[str], FlaskClient]) -> None:
    stranger = browse("orang-luar")
    token = Page(client, "/mulai/uji").hidden("csrf")
    for answer in (
        stranger.get("/mulai"),
        stranger.get("/mulai/uji"),
        stranger.post("/mulai/uji", data={"csrf": token, "tujuan": "x"}),
    ):
        assert (answer.status_code, answer.headers["Location"]) == (303, "/masuk")
    assert list(room.session().store.list_ids("uji")) == []
