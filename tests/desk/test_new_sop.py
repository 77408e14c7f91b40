"""A new SOP is a new file, or none."""

from typing import TYPE_CHECKING

import pytest

from sopctl.desk.new_sop import accept_id, accept_text, create_sop
from sopctl.errors import SopctlError, UsageError
from sopctl.sop.draft import DraftRow, SopDraft
from sopctl.store import disk

if TYPE_CHECKING:
    from tests.conftest import Room

ROW = DraftRow(kegiatan="Mengajukan", pelaksana=(1,), waktu="10 Menit", output="Permohonan")
DRAFT = SopDraft(id="izin", nama="Izin", pelaksana=("Pemohon",), rows=(ROW,))


def test_a_file_that_came_meanwhile_is_not_replaced(room: "Room") -> None:
    path = room.root / "sops" / "izin.yaml"
    path.write_bytes(b"milik orang lain")
    with pytest.raises(UsageError, match="sudah ada"):
        create_sop(room.session(), DRAFT)
    assert path.read_bytes() == b"milik orang lain"


def test_a_file_that_the_disk_does_not_take_is_not_left_half(room: "Room", monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "penuh")

    before = sorted((room.root / "sops").iterdir())
    monkeypatch.setattr(disk, "_write_piece", refuse)
    with pytest.raises(SopctlError, match="Disk penuh"):
        create_sop(room.session(), DRAFT)
    assert sorted((room.root / "sops").iterdir()) == before


def test_what_check_says_is_told_and_the_sop_runs(room: "Room") -> None:
    found = create_sop(room.session(), DRAFT)
    assert (found.files, found.problems) == (("sops/izin.yaml",), ())
    assert room.start("izin").id == "izin-1"


@pytest.mark.parametrize("id", ["", "../izin", "Izin", "con", "a b", "sk-tim", "x" * 61])
def test_an_id_that_can_be_no_new_file_is_refused(room: "Room", id: str) -> None:
    with pytest.raises(UsageError):
        accept_id(room.session().workspace, id)


@pytest.mark.parametrize("sign", ["\x07", "\x1b[2J", "\u200e\ufeff", "\ud800"])
def test_a_character_that_no_form_prints_is_refused(sign: str) -> None:
    with pytest.raises(UsageError, match="Karakter tak terlihat"):
        accept_text(f"Izin{sign}")
    assert accept_text(" Izin \n ruang\t1 ") == "Izin ruang 1"
