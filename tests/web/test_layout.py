"""What stands around every page."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from flask.testing import FlaskClient

if TYPE_CHECKING:
    from tests.conftest import Room

Browse = Callable[[str], FlaskClient]


def test_the_style_needs_no_account_and_is_the_reports_own(browse: Browse) -> None:
    sheet = browse("").get("/gaya/laporan.css")
    assert (sheet.status_code, sheet.mimetype) == (200, "text/css")
    assert "--timely" in sheet.text
    with browse("").get("/static/style.css") as own:
        assert "--timely: #" not in own.get_data(as_text=True).partition("@media (prefers-contrast")[0]


def test_a_page_names_the_office_and_has_landmarks_and_a_way_out(room: "Room", browse: Browse) -> None:
    room.say('instansi: {nama: "Dinas <b>Uji</b>"}\nofficials:\n  - {nama: Siti Aminah, pelaksana: [kabid]}')
    page = browse("siti-aminah").get("/tidak-ada")
    assert page.status_code == 404
    assert "Dinas &lt;b&gt;Uji&lt;/b&gt;" in page.text
    for part in ("<main", "<nav", 'href="#isi"', 'action="/keluar"', 'name="csrf"', 'href="/laporan"'):
        assert part in page.text
    assert " style=" not in page.text
    assert re.findall(r"<script.*?</script>", page.text) == ['<script src="/static/typing.js" defer></script>']


def test_an_office_file_that_cannot_be_read_still_gives_a_page(room: "Room", browse: Browse) -> None:
    (room.root / "sopctl.yaml").write_text("instansi: [", encoding="utf-8")
    assert browse("siti-aminah").get("/tidak-ada").status_code == 500


def test_a_record_whose_disk_is_away_is_not_taken_for_an_empty_one(room: "Room", browse: Browse) -> None:
    room.say("officials:\n  - {nama: Siti Aminah, pelaksana: [kabid]}")
    id = room.start("sk-tim", "Tim uji").id
    browser, data, away = browse("siti-aminah"), room.root / "data", room.root.parent / "lepas"
    data.rename(away)
    data.symlink_to(room.root.parent / "tidak-ada", target_is_directory=True)
    answer = browser.get("/")
    assert (answer.status_code, str(room.root) in answer.text) == (500, False)
    assert "tidak dapat dicapai sebagai folder" in answer.text
    data.unlink()
    away.rename(data)
    assert browser.get(f"/berkas/{id}").status_code == 200
