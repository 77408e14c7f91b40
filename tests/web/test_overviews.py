"""The pages that look at many cases: what waits, the report, the registers, the search."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient

if TYPE_CHECKING:
    from tests.conftest import Room

OFFICIALS = """
officials:
  - nama: Pejabat Satu
    pelaksana: [kabid]
"""
HOSTILE = "<script>alert(1)</script>\"'&"


@pytest.fixture
def page(room: "Room", browse: Callable[[str], FlaskClient]) -> FlaskClient:
    room.say(OFFICIALS)
    return browse("pejabat-satu")


def test_what_waits_is_listed_late_first_with_a_link(room: "Room", page: FlaskClient) -> None:
    room.start("sk-tim", "Baru saja")
    room.start("penugasan", f"Sudah lama {HOSTILE}", typed=None)
    text = page.get("/?semua=ya").get_data(as_text=True)
    assert 'href="/berkas/sk-tim-1"' in text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_an_official_sees_own_turns_only(room: "Room", page: FlaskClient) -> None:
    room.start("sk-tim", "Bukan giliran saya")
    assert "Tidak ada yang menunggu Anda" in page.get("/").get_data(as_text=True)


def test_the_report_shows_the_figures_of_the_written_page(room: "Room", page: FlaskClient) -> None:
    room.letter("Tim uji")
    text = page.get("/laporan?kelompok=pelaksana&sop=sk-tim").get_data(as_text=True)
    written = page.get("/laporan/laporan.html?kelompok=pelaksana&sop=sk-tim").get_data(as_text=True)
    tables = re.findall(r"<tbody>.*?</tbody>", written, re.DOTALL)
    assert len(tables) > 4
    assert all(table in text for table in tables)


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_the_report_is_taken_away_as_a_file(room: "Room", page: FlaskClient, kind: str) -> None:
    room.start("sk-tim", "Tim uji")
    answer = page.get(f"/laporan/laporan.{kind}")
    assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="laporan.{kind}"')
    assert ZipFile(BytesIO(answer.data)).testzip() is None


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("dari=2026-13-01", 400),
        ("dari=" + "9" * 5000, 400),
        ("dari=2026-12-01&sampai=2026-11-01", 400),
        ("kelompok=hari", 400),
        ("sop=tidak-ada", 404),
        ("sop=../../etc", 404),
        ("dari=2026-11-01&sampai=2026-11-30&terlambat=ya", 200),
    ],
)
def test_a_filter_that_cannot_be_is_told(page: FlaskClient, query: str, status: int) -> None:
    assert page.get(f"/laporan?{query}").status_code == status


def test_the_register_of_letters_is_a_table_and_a_file(room: "Room", page: FlaskClient) -> None:
    id = room.letter("Tim uji")
    room.approve(id)
    text = page.get("/agenda?tahun=2026").get_data(as_text=True)
    assert f'href="/berkas/{id}"' in text
    assert "Belum ada surat bernomor" in page.get("/agenda?tahun=2025").get_data(as_text=True)
    assert ZipFile(BytesIO(page.get("/agenda/agenda.docx").data)).testzip() is None
    assert ZipFile(BytesIO(page.get("/agenda/agenda.xlsx?buku=masuk").data)).testzip() is None
    assert page.get("/agenda?tahun=²⁰²⁶").status_code == 400
    assert page.get("/agenda?buku=rahasia").status_code == 404


@pytest.mark.parametrize("text", ["tim%20uji", "sk-tim-1", "uji%20TIM", "DISKOPUKM"])
def test_a_case_is_found_by_its_id_its_subject_and_the_number_of_a_letter(
    room: "Room", page: FlaskClient, text: str
) -> None:
    room.approve(room.letter("Tim uji"))
    room.start("penugasan", "Lain sekali")
    found = page.get(f"/cari?q={text}").get_data(as_text=True)
    assert "sk-tim-1" in found
    assert "penugasan-1" not in found


def test_a_search_without_a_question_lists_what_moved_last(room: "Room", page: FlaskClient) -> None:
    assert "Belum ada berkas" in page.get("/cari").get_data(as_text=True)
    room.start("sk-tim", "Pertama")
    room.start("penugasan", "Kedua")
    text = page.get("/cari").get_data(as_text=True)
    assert text.index("penugasan-1") < text.index("sk-tim-1")
    assert "Tidak ada berkas yang cocok" in page.get(f"/cari?q={HOSTILE}").get_data(as_text=True)


@pytest.mark.parametrize("name", ["kind", "_external", "_scheme", "_anchor", "_method"])
def test_what_else_stands_in_the_address_of_the_report_changes_no_link(page: FlaskClient, name: str) -> None:
    plain, odd = page.get("/laporan"), page.get(f"/laporan?{name}=lain")
    assert odd.status_code == 200
    links = [re.findall('href="(/laporan/[^"]*)"', answer.get_data(as_text=True)) for answer in (plain, odd)]
    assert links[0] == links[1] != []
