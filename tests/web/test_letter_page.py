"""The letter of a step before it is signed: what is shown is what is signed, made once, never waited for long."""

import os
from collections.abc import Callable, Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from struct import unpack
from threading import Thread
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from pypdfium2 import PdfDocument

from sopctl.desk import agenda
from sopctl.desk.move_input import MoveInput
from sopctl.errors import BusyError, NotFoundError
from sopctl.store.workspace import Workspace
from sopctl.web import previews
from sopctl.web.previews import LetterPictures, Previews
from sopctl.word.page_pictures import draw_pages

if TYPE_CHECKING:
    from tests.conftest import Room

Browse = Callable[[str], FlaskClient]

OFFICIALS = """
officials:
  - {nama: Siti Aminah, pelaksana: [kabid]}
  - {nama: Budi Santoso, pelaksana: [kadis]}
  - {nama: Dewi, pelaksana: [kasubbag, tim]}
"""


@pytest.fixture
def id(room: "Room") -> str:
    room.say(OFFICIALS)
    room.account = "page:dewi"
    found = room.start("sk-tim", "Tim uji").id
    for account, sets in (
        ("budi-santoso", ()),
        ("siti-aminah", ()),
        ("dewi", ("tugas=Menyusun", "anggota=Anggota pertama")),
    ):
        room.account = f"page:{account}"
        room.approve(found, MoveInput(sets=sets))
    room.account = "page:siti-aminah"
    room.approve(found)
    return found


def body(data: bytes) -> str:
    return ZipFile(BytesIO(data)).read("word/document.xml").decode()


def test_who_signs_reads_the_letter_as_it_will_be(room: "Room", browse: Browse, id: str) -> None:
    before = room.record()
    head = browse("budi-santoso")
    shown = head.get(f"/berkas/{id}/surat/tandatangan/surat.docx").data
    assert "bila Anda meneruskan langkahnya sekarang" in head.get(f"/berkas/{id}/surat/tandatangan").text
    assert room.record() == before
    room.account = "page:budi-santoso"
    room.approve(id)
    signed = head.get(f"/berkas/{id}/dokumen/surat-tugas").data
    assert body(shown) == body(signed)
    assert head.get(f"/berkas/{id}/surat/tandatangan").status_code == 404


def test_the_number_that_is_shown_is_the_one_that_comes_next(room: "Room", browse: Browse, id: str) -> None:
    head = browse("budi-santoso")
    first = head.get(f"/berkas/{id}/surat/tandatangan/surat.docx").data
    room.account = "page:dewi"
    agenda.add(room.session(), agenda.NewLetter(kode="800", perihal="Surat lain"))
    second = head.get(f"/berkas/{id}/surat/tandatangan/surat.docx").data
    room.account = "page:budi-santoso"
    room.approve(id)
    assert body(first) != body(second) == body(head.get(f"/berkas/{id}/dokumen/surat-tugas").data)


def test_others_read_the_draft(room: "Room", browse: Browse, id: str) -> None:
    shown = browse("dewi").get(f"/berkas/{id}/surat/tandatangan/surat.docx").data
    written = [one for one in room.session().record.load_case(id).state.documents if one.name == "surat-tugas"][-1]
    assert sha256(shown).hexdigest() == written.sha256
    assert f"/berkas/{id}/surat/tandatangan" in browse("dewi").get(f"/berkas/{id}").text


@pytest.mark.parametrize(
    "address", ["surat/periksa", "surat/tidak-ada", "surat/tandatangan/lain.txt", "surat/tandatangan/0.png"]
)
def test_there_is_no_other_letter(browse: Browse, id: str, address: str) -> None:
    assert browse("budi-santoso").get(f"/berkas/{id}/{address}").status_code == 404


def test_its_pages_are_pictures(browse: Browse, id: str, needs: Callable[[str], str]) -> None:
    needs("soffice")
    head = browse("budi-santoso")
    text = head.get(f"/berkas/{id}/surat/tandatangan").text
    assert f"/berkas/{id}/surat/tandatangan/1.png" in text
    picture = head.get(f"/berkas/{id}/surat/tandatangan/1.png")
    assert (picture.status_code, picture.mimetype) == (200, "image/png")
    assert picture.data.startswith(b"\x89PNG")
    assert head.get(f"/berkas/{id}/surat/tandatangan/surat.pdf").data.startswith(b"%PDF")
    assert head.get(f"/berkas/{id}/surat/tandatangan/99.png").status_code == 404
    assert f"/berkas/{id}/dokumen/disposisi/lihat/1.png" in head.get(f"/berkas/{id}/dokumen/disposisi/lihat").text


def test_without_libreoffice_the_word_file_is_there(browse: Browse, id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/tidak-ada")
    head = browse("budi-santoso")
    text = head.get(f"/berkas/{id}/surat/tandatangan").text
    assert "surat.docx" in text
    assert "/1.png" not in text
    assert "/1.png" not in head.get(f"/berkas/{id}").text
    assert head.get(f"/berkas/{id}/surat/tandatangan/1.png").status_code == 404


def test_while_others_are_drawn_the_word_file_is_there(
    browse: Browse, id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "IN_LINE", -previews.AT_ONCE)
    answer = browse("budi-santoso").get(f"/berkas/{id}/surat/tandatangan")
    assert answer.status_code == 200
    assert "masih dibuat" in answer.text
    assert "surat.docx" in answer.text


@pytest.mark.parametrize(("width", "height"), [(14400, 14400), (3, 14400), (14400, 3), (3, 3)])
def test_a_page_of_any_size_becomes_a_picture_of_bounded_size(tmp_path: Path, width: int, height: int) -> None:
    document = PdfDocument.new()
    document.new_page(width, height)
    document.save(tmp_path / "masuk.pdf")
    draw_pages(tmp_path / "masuk.pdf", tmp_path)
    across, down = unpack(">II", (tmp_path / "1.png").read_bytes()[16:24])
    assert 0 < across <= 1241
    assert 0 < down <= 4961


SOFFICE = """#!/bin/sh
echo x >> "{count}"
while [ -e "{hold}" ]; do sleep .05; done
for word; do [ "$before" = --outdir ] && out=$word; before=$word; last=$word; done
[ -e "{broken}" ] && exit 1
name=$(basename "$last" .docx)
cp "{pdf}" "$out/$name.pdf"
"""
"""A LibreOffice that counts how often it is started, and waits or fails as long as a file is there."""


class Office:
    def __init__(self, folder: Path, workspace: Path) -> None:
        self.count, self.hold, self.broken = (folder / name for name in ("count", "hold", "broken"))
        (folder / "leer.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
        program = folder / "soffice"
        text = SOFFICE.format(count=self.count, hold=self.hold, broken=self.broken, pdf=folder / "leer.pdf")
        program.write_text(text, encoding="utf-8")
        program.chmod(0o755)
        (workspace / "data").mkdir(exist_ok=True)
        self.previews = Previews(Workspace(workspace).cache)

    @property
    def starts(self) -> int:
        return len(self.count.read_text().split()) if self.count.exists() else 0


@pytest.fixture
def office(tmp_path: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    made = Office(tmp_path, workspace)
    yield made
    made.hold.unlink(missing_ok=True)


def draw_in_threads(office: Office, letters: list[bytes]) -> tuple[list[Thread], list[object]]:
    found: list[object] = []

    def draw(data: bytes) -> None:
        try:
            found.append(office.previews.draw(data, ".docx"))
        except (BusyError, NotFoundError) as error:
            found.append(error)

    threads = [Thread(target=draw, args=(data,)) for data in letters]
    for thread in threads:
        thread.start()
    return threads, found


def test_who_asks_at_once_gets_what_was_made_once(office: Office) -> None:
    office.hold.touch()
    threads, found = draw_in_threads(office, [b"surat"] * 4)
    office.hold.unlink()
    for thread in threads:
        thread.join()
    assert [type(one) for one in found] == [LetterPictures] * 4
    assert office.previews.draw(b"surat", ".docx").pdf.startswith(b"%PDF")
    assert office.starts == 1


def test_beyond_a_few_nobody_waits(office: Office) -> None:
    office.hold.touch()
    threads, found = draw_in_threads(office, [bytes([number]) for number in range(12)])
    while len(found) < 12 - previews.AT_ONCE - previews.IN_LINE:
        threads[0].join(0.05)
    assert {type(one) for one in found} == {BusyError}
    office.hold.unlink()
    for thread in threads:
        thread.join()
    assert office.starts == previews.AT_ONCE + previews.IN_LINE


def test_what_failed_is_not_tried_again_at_once(office: Office) -> None:
    office.broken.touch()
    for _ in range(3):
        with pytest.raises(NotFoundError):
            office.previews.draw(b"surat", ".docx")
    assert office.starts == 1


def test_a_letter_that_takes_too_long_is_given_up(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, "_SECONDS", 1)
    office.hold.touch()
    with pytest.raises(NotFoundError):
        office.previews.draw(b"surat", ".docx")


def test_what_a_killed_process_left_is_removed(office: Office, workspace: Path) -> None:
    office.previews.draw(b"surat", ".docx")
    left = Workspace(workspace).cache.place / ".gambar-lama"
    left.mkdir()
    (left / "naskah.docx").write_bytes(b"surat")
    os.utime(left, (0, 0))
    office.previews.draw(b"surat lain", ".docx")
    assert not left.exists()


def test_the_cache_keeps_the_newest_only_and_for_its_account(
    office: Office, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "MOST_KEPT", 150)
    for number in range(5):
        office.previews.draw(bytes([number]), ".docx")
    kept = list(Workspace(workspace).cache.place.glob("gambar-*"))
    assert sum(path.stat().st_size for path in kept) <= 150
    assert kept
    assert {path.stat().st_mode & 0o077 for path in kept} == {0}
    assert not list(Workspace(workspace).cache.place.glob(".gambar-*"))
