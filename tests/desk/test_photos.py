"""Photos beside a case: what each of them shows is said by a person, and printed under it."""

import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docx import Document
from PIL import Image

from sopctl.audit.verify import verify
from sopctl.cli.options import captioned_files
from sopctl.desk import moves
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.errors import UsageError

if TYPE_CHECKING:
    from tests.conftest import Room

NOTULEN = """
id: rapat
nama: Rapat
pelaksana: {tim: Tim Kerja, kadis: Kepala Dinas}
documents:
  notulen: {template: notulen.docx}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim, document: {name: notulen, act: draft}}
  - {id: teken, kegiatan: Menandatangani, pelaksana: kadis, document: {name: notulen, act: sign}}
"""


def photo(path: Path, color: str = "red") -> str:
    """A photo in the format that its name says; its path."""
    Image.new("RGB", (60, 40), color).save(path)
    return str(path)


def attach(room: "Room", *files: str, captions: tuple[str, ...] = ()) -> Outcome:
    typed = MoveInput(attach=captioned_files("Dokumentasi", files, captions))
    answer = room.ask(lambda session: moves.attach(session, "rapat-1", typed))
    assert isinstance(answer, Outcome), answer
    return answer


def captions_of(room: "Room", outcome: Outcome) -> list[str]:
    """What stands below the photos of the draft that an outcome wrote."""
    found = Document(str(room.root / outcome.documents[-1].path))
    cells = (cell for table in found.tables for row in table.rows for cell in row.cells)
    paragraphs = [*found.paragraphs, *(one for cell in cells for one in cell.paragraphs)]
    return [one.text for one in paragraphs if one.text.startswith("Gambar ")]


@pytest.fixture
def minutes(room: "Room") -> "Room":
    """An office whose case rapat-1 has a draft of the minutes."""
    room.write(NOTULEN)
    room.start("rapat")
    room.approve("rapat-1")
    return room


@pytest.mark.parametrize("office", ["pages: {photos: 2}", "pages: {photos: 4}"])
def test_each_photo_is_printed_with_what_was_said_of_it(minutes: "Room", tmp_path: Path, office: str) -> None:
    minutes.say(office)
    files = photo(tmp_path / "IMG_1.jpg"), photo(tmp_path / "IMG_2.png", "blue")
    made = attach(minutes, *files, captions=("Rapat di aula", "Peserta & undangan"))
    assert made.notices == ()
    assert captions_of(minutes, made) == ["Gambar 1. Rapat di aula", "Gambar 2. Peserta & undangan"]
    assert verify(minutes.session().record, None).findings == ()


def test_a_photo_without_a_caption_is_called_what_it_proves_and_never_like_its_file(
    minutes: "Room", tmp_path: Path
) -> None:
    file = photo(tmp_path / "IMG_1.jpg")
    assert captions_of(minutes, attach(minutes, file)) == ["Gambar 1. Dokumentasi"]
    assert captions_of(minutes, attach(minutes, file, captions=("Rapat",))) == ["Gambar 1. Rapat"]


def test_captions_are_for_every_file_or_for_none(minutes: "Room", tmp_path: Path) -> None:
    files = photo(tmp_path / "IMG_1.jpg"), photo(tmp_path / "IMG_2.jpg")
    with pytest.raises(UsageError, match="satu keterangan untuk setiap file"):
        attach(minutes, *files, captions=("Rapat",))


@pytest.mark.parametrize("name", ["foto.webp", "pindaian.tif"])
def test_a_photo_that_cannot_be_printed_is_told_when_it_is_attached(
    minutes: "Room", tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = photo(tmp_path / name)
    assert attach(minutes, file).notices == ()
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "PIL", None)
        (notice,) = attach(minutes, file).notices
    assert (notice.advice, notice.message.partition(" ")[0]) == ("foto_extra", name)
    (tmp_path / name).write_bytes(b"RIFF bukan gambar")
    (notice,) = attach(minutes, file).notices
    assert "bukan gambar yang utuh" in notice.message


def test_a_photo_is_stored_as_it_was_and_printed_as_a_jpeg(minutes: "Room", tmp_path: Path) -> None:
    attach(minutes, photo(tmp_path / "foto.webp"))
    session = minutes.session()
    case = session.record.load_case("rapat-1")
    (stored,) = case.state.attachments
    assert (minutes.root / stored.path).read_bytes() == (tmp_path / "foto.webp").read_bytes()
    found = Document(str(minutes.root / case.state.documents[-1].path))
    blobs = [part.blob for part in found.part.package.iter_parts() if part.partname.startswith("/word/media/")]
    assert [Image.open(BytesIO(blob)).format for blob in blobs] == ["JPEG"]
