"""The page of a case as a real browser lays it out, on a phone and on a desk."""

from collections.abc import Iterator
from itertools import product
from threading import Thread
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import Page
from werkzeug.serving import make_server

from sopctl.desk.move_input import MoveInput
from sopctl.store.workspace import Workspace
from sopctl.web.app import create_app
from sopctl.web.settings import WebSettings

if TYPE_CHECKING:
    from tests.conftest import Room

BESIDE = """[...document.querySelectorAll('body *')]
    .filter(one => one.checkVisibility() && !one.closest('.scroll') && !one.matches('.skip, .hidden'))
    .filter(one => { const box = one.getBoundingClientRect(); return box.left < -.5 || box.right > innerWidth + .5; })
    .map(one => one.tagName + ' ' + one.textContent.slice(0, 40))"""
"""The elements that are not wholly within the width of the page, but for what scrolls by itself."""

DRAWN = """Promise.all([...document.images].map(one => {
    one.loading = 'eager';
    return one.complete || new Promise((done, fail) => { one.onload = done; one.onerror = () => fail(one.src); });
})).then(() => true)"""
"""Waits for all pictures; fails for one that cannot be shown."""

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

OFFICIALS = """
officials:
  - {nama: Siti Aminah, jabatan: Kepala Bidang 3, pelaksana: [kabid]}
  - {nama: Budi Santoso, jabatan: Kepala Dinas, pelaksana: [kadis, kasubbag, tim]}
"""


@pytest.fixture
def site(room: "Room") -> Iterator[str]:
    """The page of the office, served to whoever a header names; its address."""
    room.say(OFFICIALS)
    settings = WebSettings(
        workspace=Workspace(room.root), key=b"k" * 32, clock=lambda: room.now, behind_proxy=True, remote_user=True
    )
    server = make_server("127.0.0.1", 0, create_app(settings), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_nothing_sticks_out_and_nothing_is_blocked(room: "Room", site: str, tab: Page, complaints: list[str]) -> None:
    id = room.start("sk-tim", f"Penugasan {'sangatpanjang' * 12}").id
    for sets in ((), (), ("tugas=Menyusun laporan", f"anggota={'Anggota' * 30}")):
        room.approve(id, MoveInput(sets=sets))
    room.reject(id, "belum sesuai " * 30 + "W" * 200)
    tab.set_extra_http_headers({"Remote-User": "budi-santoso"})
    for address in (f"/berkas/{id}", f"/berkas/{id}/surat/susun", "/sop", "/sop/sk-tim"):
        tab.goto(site + address, wait_until="load")
        for scheme, width in product(SCHEMES, (390, 640, 1280)):
            tab.emulate_media(color_scheme=scheme)
            tab.set_viewport_size({"width": width, "height": 900})
            tab.evaluate(DRAWN)
            assert tab.evaluate(BESIDE) == [], (address, scheme, width)
            assert tab.evaluate("document.documentElement.scrollWidth") <= width, (address, scheme)
    assert complaints == []


def test_a_picture_that_cannot_be_made_leaves_its_words_and_no_blank_sheet(room: "Room", site: str, tab: Page) -> None:
    id = room.letter("Tim uji")
    tab.set_extra_http_headers({"Remote-User": "siti-aminah"})
    tab.route("**/1.png*", lambda one: one.fulfill(status=503, body="", content_type="text/html"))
    with tab.expect_response("**/1.png*"):
        tab.goto(f"{site}/berkas/{id}")
    tab.wait_for_function("document.querySelector('a > img.sheet').getBoundingClientRect().height < 100")
