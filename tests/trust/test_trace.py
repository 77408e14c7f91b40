"""Where a Word file comes from: told by its bytes, else by the code at its foot, else by the place where it lies."""

import re
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from sopctl.desk.trust.trace import trace
from sopctl.engine.code import PATTERN, code
from sopctl.errors import DamagedError, NotFoundError

if TYPE_CHECKING:
    from tests.conftest import Room
    from tests.trust.conftest import Record


def edited(source: Path, target: Path, old: bytes, new: bytes) -> None:
    """The file with other words in its text, as somebody saves it from Word."""
    with ZipFile(source) as word:
        parts = {name: word.read(name) for name in word.namelist()}
    assert any(old in data for data in parts.values())
    with ZipFile(target, "w") as word:
        for name, data in parts.items():
            word.writestr(name, data.replace(old, new))


def test_every_document_bears_the_code_of_its_event(record: "Record") -> None:
    case = record.room.desk().case("sk-tim-1")
    codes = {code(case.id, event.number, event.previous) for event in case.instance.events}
    for path in record.papers():
        with ZipFile(path) as word:
            text = "".join(
                re.sub(r"<[^>]*>", "", word.read(name).decode()) for name in word.namelist() if "foot" in name
            )
        (shown,) = set(re.findall(PATTERN, text))
        assert shown in codes
        codes.remove(shown)


def test_an_untouched_file_is_told_with_step_and_state(record: "Record", tmp_path: Path) -> None:
    copy = tmp_path / "surat.docx"
    copy.write_bytes(record.papers()[-1].read_bytes())
    traced = trace(record.room.desk(), copy)
    assert (traced.id, traced.number, traced.step, traced.act) == ("sk-tim-1", 6, "tandatangan", "sign")
    assert (traced.nomor, traced.altered, traced.latest) == ("800.1.11.1/1/DISKOPUKM", False, "")


def test_an_altered_copy_is_known_by_its_code(record: "Record", tmp_path: Path) -> None:
    copy = tmp_path / "surat.docx"
    edited(record.papers()[-1], copy, b"Menyusun laporan", b"Menerima honor")
    traced = trace(record.room.desk(), copy)
    assert (traced.id, traced.step, traced.altered) == ("sk-tim-1", "tandatangan", True)


def test_an_altered_file_is_known_by_its_place(record: "Record") -> None:
    paper = record.papers()[-1]
    paper.write_bytes(b"bukan Word lagi")
    traced = trace(record.room.desk(), paper)
    assert (traced.id, traced.step, traced.altered) == ("sk-tim-1", "tandatangan", True)


def test_an_older_draft_names_the_newer_one(record: "Record") -> None:
    traced = trace(record.room.desk(), record.papers()[2])
    assert traced.latest.endswith("006-tandatangan-surat-tugas.docx")


def test_a_withdrawn_move_is_said_to_be(room: "Room") -> None:
    room.start("sk-tim")
    written = room.root / room.approve("sk-tim-1").documents[0].path
    room.withdraw("sk-tim-1")
    assert trace(room.desk(), written).withdrawn


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xff" * 500], ids=["empty", "half a zip", "binary"])
def test_a_file_from_elsewhere_is_told(record: "Record", tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.docx").write_bytes(data)
    with pytest.raises(DamagedError, match="bukan berkas yang ditulis sopctl"):
        trace(record.room.desk(), tmp_path / "x.docx")


def test_a_file_that_is_not_there_is_told(record: "Record", tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="tidak ada"):
        trace(record.room.desk(), tmp_path / "x.docx")
