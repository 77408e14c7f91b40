"""The page of an office whose record lies in a database."""

from typing import TYPE_CHECKING

import pytest

from sopctl.audit.verify import verify
from sopctl.desk.record_store import move_record
from sopctl.engine.events import Approved
from sopctl.store.postgres import connections
from tests.web.conftest import Browse
from tests.web.pages import Page
from tests.web.test_turns import ask, state_of

if TYPE_CHECKING:
    from tests.conftest import Room
    from tests.postgres_cluster import Database

SETTINGS = """
officials:
  - {nama: Siti Aminah, pelaksana: [kadis]}
record: {store: postgres, service: dinas_satu}
"""


def test_the_pages_show_what_the_database_holds(room: "Room", browse: Browse, database: "Database") -> None:
    database.add_office("dinas_satu", "dinas_satu")
    room.say(SETTINGS)
    client = browse("siti-aminah")
    state = state_of(client.get("/").text)
    assert ask(client, state) == (204, "")
    room.letter("Tim Kerja 2027")
    assert ask(client, state)[0] == 200
    for path in ("/berkas/sk-tim-1", "/cari?q=Tim+Kerja", "/?semua=ya", "/laporan?sop=sk-tim"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "sk-tim-1" in answer.text, path
    letter = client.get("/berkas/sk-tim-1/dokumen/surat-tugas")
    assert letter.data.startswith(b"PK")
    assert letter.content_length == len(letter.data)
    assert not (room.root / "data" / "instances").exists()


def test_an_official_signs_on_the_page_what_the_command_line_began(
    room: "Room", browse: Browse, database: "Database"
) -> None:
    database.add_office("dinas_satu", "dinas_satu")
    room.say(SETTINGS)
    id = room.letter("Tim uji")
    page, other = (Page(browse("siti-aminah"), f"/berkas/{id}") for _ in range(2))
    answer = page.post("setuju")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/berkas/{id}"), answer.text
    assert "Sudah dicatat" in page.look()
    assert other.post("setuju").status_code != 303, "it was seen before that"
    last = room.session().store.load_instance(id).events[-1]
    assert (type(last), last.via) == (Approved, "web")
    assert verify(room.session().record, None).findings == ()


def test_the_page_goes_on_where_the_record_was_moved_to(room: "Room", browse: Browse, database: "Database") -> None:
    database.add_office("dinas_satu", "dinas_satu")
    room.say("officials:\n  - {nama: Siti Aminah, pelaksana: [kadis]}")
    room.letter("Tim Kerja 2027")
    client = browse("siti-aminah")
    assert client.get("/berkas/sk-tim-1").status_code == 200
    before = (room.root / "sopctl.yaml").read_bytes()
    move_record(room.session(), "postgres", "dinas_satu", None)
    after = (room.root / "sopctl.yaml").read_bytes()
    (room.root / "sopctl.yaml").write_bytes(before)  # as somebody may put back an older one
    refused = client.get("/berkas/sk-tim-1")
    assert (refused.status_code, "basis data PostgreSQL" in refused.text) == (503, True)
    (room.root / "sopctl.yaml").write_bytes(after)
    assert client.get("/berkas/sk-tim-1").status_code == 200


def test_the_page_says_that_the_server_is_off_and_goes_on_when_it_is_back(
    room: "Room", browse: Browse, database: "Database", monkeypatch: pytest.MonkeyPatch
) -> None:
    database.add_office("dinas_satu", "dinas_satu")
    room.say(SETTINGS)
    room.letter("Tim Kerja 2027")
    client = browse("siti-aminah")
    monkeypatch.setattr(connections, "PATIENCE", 0.2)
    for _ in range(2):
        assert client.get("/berkas/sk-tim-1").status_code == 200
        database.cluster.stop()
        for path in ("/", "/berkas/sk-tim-1", "/laporan?sop=sk-tim"):
            refused = client.get(path)
            assert (refused.status_code, "catatan tidak dapat dibaca" in refused.text) == (503, True), path
        database.cluster.start()
    assert client.get("/").status_code == 200
