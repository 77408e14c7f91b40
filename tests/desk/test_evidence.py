"""Files laid beside a case: what a step wants to see first, and that none of them is ever lost."""

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sopctl.audit import verify
from sopctl.cli.options import move_input
from sopctl.desk import moves, status
from sopctl.engine.refused import Refused
from sopctl.errors import NotFoundError, SopctlError, UsageError

if TYPE_CHECKING:
    from tests.conftest import Room

FORM = """
id: uji
nama: Uji
pelaksana: {tim: Tim Kerja}
steps:
  - id: susun
    kegiatan: Menyusun
    pelaksana: tim
    kelengkapan: [{nama: Daftar hadir, evidence: true}, {nama: Foto kegiatan, evidence: true}, Kertas]
    output: Laporan kegiatan
  - id: periksa
    kegiatan: Memeriksa
    pelaksana: tim
    kelengkapan: [{nama: Laporan Kegiatan, evidence: true}]
    branches: {ya: end, tidak: susun}
"""


@pytest.fixture
def opened(room: "Room") -> "Room":
    room.write(FORM)
    room.start("uji")
    return room


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "pindai.PDF"
    path.write_bytes(b"%PDF-1.7 halaman 1")
    return path


def test_a_step_is_refused_until_its_evidence_lies_beside_it(opened: "Room", scan: Path) -> None:
    before = opened.record()
    answer = opened.ask(lambda session: moves.approve(session, "uji-1", move_input(attach=[f"daftar={scan}"])))
    assert isinstance(answer, Refused)
    assert (answer.reason, answer.items) == ("missing_evidence", ("Foto kegiatan",))
    assert opened.record() == before
    assert status.case_status(opened.session().record, "uji-1").missing_items == ("Daftar hadir", "Foto kegiatan")


def test_an_empty_file_proves_nothing(opened: "Room", tmp_path: Path) -> None:
    (tmp_path / "kosong.pdf").touch()
    before = opened.record()
    with pytest.raises(UsageError, match="kosong"):
        opened.ask(
            lambda session: moves.attach(session, "uji-1", move_input(attach=[f"daftar={tmp_path / 'kosong.pdf'}"]))
        )
    assert opened.record() == before


def test_evidence_comes_with_the_move_or_before_it_and_an_output_is_its_own(opened: "Room", scan: Path) -> None:
    opened.ask(lambda session: moves.attach(session, "uji-1", move_input(attach=[f"DAFTAR HADIR={scan}"])))
    opened.approve("uji-1", move_input(attach=[f"foto={scan}"]))
    assert opened.approve("uji-1").status == "completed"


def test_a_file_is_kept_as_it_was_under_its_own_name_in_the_record(opened: "Room", scan: Path) -> None:
    opened.ask(lambda session: moves.attach(session, "uji-1", move_input(attach=[f"foto={scan}"])))
    (kept,) = status.case_status(opened.session().record, "uji-1").attachments
    assert (kept.item, kept.name) == ("Foto kegiatan", "pindai.PDF")
    assert kept.path == "data/attachments/uji/0000/uji-1/001.pdf"
    assert (opened.root / kept.path).read_bytes() == scan.read_bytes()
    assert kept.sha256 == sha256(scan.read_bytes()).hexdigest()


def test_a_file_of_a_withdrawn_move_is_not_overwritten_by_the_next(opened: "Room", scan: Path) -> None:
    opened.approve("uji-1", move_input(attach=[f"daftar={scan}", f"foto={scan}"]))
    opened.withdraw("uji-1")
    scan.write_bytes(b"%PDF-1.7 halaman 2")
    opened.approve("uji-1", move_input(attach=[f"daftar={scan}", f"foto={scan}"]))
    assert [kept.path[-7:] for kept in status.case_status(opened.session().record, "uji-1").attachments] == [
        "003.pdf",
        "004.pdf",
    ]
    assert verify.verify(opened.session().record, None).findings == ()


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        pytest.param("foto.JPEG", ".jpeg", id="in small letters"),
        pytest.param("daftar", "", id="none"),
        pytest.param("arsip.tar.gz", ".gz", id="the last of two"),
        pytest.param("aneh.p$f", "", id="no plain one"),
        pytest.param("aneh.sangatpanjang", "", id="a long one"),
        pytest.param(".htaccess", "", id="a hidden file"),
    ],
)
def test_only_a_plain_ending_is_kept(opened: "Room", tmp_path: Path, name: str, ending: str) -> None:
    (tmp_path / name).write_bytes(b"isi")
    opened.ask(lambda session: moves.attach(session, "uji-1", move_input(attach=[f"foto={tmp_path / name}"])))
    assert status.case_status(opened.session().record, "uji-1").attachments[0].path.endswith(f"/001{ending}")


@pytest.mark.parametrize(
    ("attach", "error", "says"),
    [
        pytest.param("foto", UsageError, "tidak lengkap", id="no file named"),
        pytest.param("foto= ", UsageError, "tidak lengkap", id="an empty file name"),
        pytest.param("foto=tidak-ada.pdf", NotFoundError, "tidak ada", id="no such file"),
        pytest.param("foto=.", NotFoundError, "adalah folder", id="a folder"),
        pytest.param("Daftar hadr={scan}", NotFoundError, 'maksudnya "Daftar hadir"', id="a mistyped item"),
        pytest.param("={scan}", UsageError, "nama kelengkapan", id="no item named"),
        pytest.param("x\x07={scan}", UsageError, "0x7", id="a control character"),
    ],
)
def test_a_file_that_cannot_be_attached_changes_nothing(
    opened: "Room", scan: Path, attach: str, error: type[SopctlError], says: str
) -> None:
    before = opened.record()
    with pytest.raises(error) as raised:
        opened.ask(
            lambda session: moves.attach(session, "uji-1", move_input(attach=[attach.replace("{scan}", str(scan))]))
        )
    assert says in raised.value.message
    assert opened.record() == before


def test_a_file_that_proves_nothing_the_sop_asks_for_may_lie_beside_the_case_too(opened: "Room", scan: Path) -> None:
    opened.ask(lambda session: moves.attach(session, "uji-1", move_input(attach=[f"Undangan rapat={scan}"])))
    assert status.case_status(opened.session().record, "uji-1").attachments[0].item == "Undangan rapat"


@pytest.mark.parametrize("change", ["changed", "removed"])
def test_a_file_that_is_changed_or_gone_is_found(opened: "Room", scan: Path, change: str) -> None:
    opened.ask(lambda session: moves.attach(session, "uji-1", move_input(attach=[f"foto={scan}"])))
    kept = opened.root / status.case_status(opened.session().record, "uji-1").attachments[0].path
    kept.unlink()
    if change == "changed":
        kept.write_bytes(b"%PDF-1.7 lain")
    (finding,) = verify.verify(opened.session().record, "uji-1").findings
    assert (finding.id, finding.path) == ("uji-1", "data/attachments/uji/0000/uji-1/001.pdf")
