"""Who may get at the record, and who may not act twice on one paper."""

import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sopctl.audit.doctor import run_doctor
from sopctl.cli.options import move_input
from sopctl.desk import moves, status
from sopctl.desk.move_input import MoveInput
from sopctl.engine.refused import Refused
from sopctl.store.caches.account_cache import Cache

if TYPE_CHECKING:
    from tests.conftest import Room

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="permissions are kept elsewhere there")

EYES = """
id: uji
nama: Uji
pelaksana: {tim: Tim, kabid: Kepala Bidang}
fields: {tugas: {label: Tugas, step: susun}}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim}
  - {id: periksa, kegiatan: Memeriksa, pelaksana: kabid, not_by: susun, branches: {ya: selesai, tidak: susun}}
  - {id: selesai, kegiatan: Menyelesaikan, pelaksana: tim, not_by: [periksa]}
"""


PEOPLE = """
officials:
  - {nama: Ani, nip: 198001012005012001, pelaksana: [tim, kabid], accounts: [satu, dua]}
  - {nama: "Ani, S.E.", nip: 19800101 200501 2 001, pelaksana: [kabid], accounts: [tiga]}
  - {nama: Ani, nip: 199001012015012002, pelaksana: [kabid], accounts: [lain]}
"""


def modes(room: "Room") -> set[tuple[str, int]]:
    data = room.root / "data"
    written = [path for path in data.rglob("*") if "cache" not in path.parts]
    return {("d" if path.is_dir() else "f", stat.S_IMODE(path.stat().st_mode)) for path in (data, *written)}


def test_the_record_is_its_writers_alone(room: "Room") -> None:
    room.approve(room.letter())
    assert modes(room) == {("d", 0o700), ("f", 0o600)}
    assert run_doctor(room.session().record).findings == ()


def test_an_office_may_share_the_record_with_a_group(room: "Room") -> None:
    room.say("record: {share: group}")
    room.approve(room.letter())
    found = modes(room)
    assert {mode & 0o777 for kind, mode in found if kind == "d"} == {0o770}
    assert {mode for kind, mode in found if kind == "f"} == {0o660}
    assert (room.root / "data").stat().st_mode & stat.S_ISGID
    assert run_doctor(room.session().record).findings == ()


def test_a_record_that_others_can_open_is_told_and_closed_when_asked(room: "Room") -> None:
    room.start("sk-tim")
    (room.root / "data").chmod(0o777)
    (finding,) = run_doctor(room.session().record).findings
    assert "terbuka bagi akun lain (izin 777)" in finding.message
    assert run_doctor(room.session().record, mend=True).findings == ()


def test_a_record_that_comes_to_be_shared_is_opened_when_asked(room: "Room") -> None:
    room.approve(room.letter())
    room.say("record: {share: group}")
    told = [finding.message for finding in run_doctor(room.session().record).findings]
    assert len(told) == 1
    assert "tertutup bagi kelompok" in told[0]
    assert run_doctor(room.session().record, mend=True).findings == ()
    found = modes(room)
    assert {mode & 0o777 for kind, mode in found if kind == "d"} == {0o770}
    assert {mode for kind, mode in found if kind == "f"} == {0o660}


def test_what_doctor_writes_in_a_shared_office_is_the_groups_too(room: "Room") -> None:
    room.say("record: {share: group}")
    room.approve(room.letter())
    ledger = room.root / "data" / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes() + b'{"torn')
    next(room.root.rglob("sk-tim-1.json")).write_bytes(b"{")
    before = os.umask(0o022)
    try:
        assert run_doctor(room.session().record, mend=True).findings == ()
    finally:
        os.umask(before)
    assert {mode for kind, mode in modes(room) if kind == "f"} == {0o660}


def test_a_workspace_that_says_nothing_of_the_group_shuts_it_out_of_nothing(room: "Room") -> None:
    plain = (room.root / "sopctl.yaml").read_text(encoding="utf-8")
    room.say("record: {share: group}")
    room.start("sk-tim")
    (room.root / "sopctl.yaml").write_text(plain, encoding="utf-8")
    room.approve(room.letter())
    room.start("penugasan")
    found = modes(room)
    assert {mode & 0o777 for kind, mode in found if kind == "d"} == {0o770}
    assert {mode for kind, mode in found if kind == "f"} == {0o660}


def test_who_does_not_own_the_folder_of_a_record_mends_the_rest(room: "Room", monkeypatch: pytest.MonkeyPatch) -> None:
    room.start("sk-tim")
    path = next(room.root.rglob("sk-tim-1.json"))
    path.unlink()
    data = room.root / "data"
    data.chmod(0o750)

    def refuse(self: Path, _mode: int) -> None:
        raise PermissionError(1, "Operation not permitted", str(self))

    monkeypatch.setattr(Path, "chmod", refuse)
    (finding,) = run_doctor(room.session().record, mend=True).findings
    assert finding.kind == "access"
    assert path.is_file()


@pytest.fixture
def eyes(room: "Room") -> "Room":
    room.write(EYES)
    room.account = "penyusun"
    room.start("uji")
    room.approve("uji-1")
    return room


def why(room: "Room", account: str) -> str:
    room.account = account
    answer = room.ask(lambda session: moves.approve(session, "uji-1", MoveInput()))
    return answer.reason if isinstance(answer, Refused) else ""


@pytest.mark.parametrize("account", ["penyusun", "PENYUSUN"])
def test_who_drafted_does_not_check(eyes: "Room", account: str) -> None:
    before = eyes.record()
    assert why(eyes, account) == "not_by"
    assert eyes.record() == before


def test_another_account_checks_and_does_not_finish_either(eyes: "Room") -> None:
    assert why(eyes, "pemeriksa") == ""
    assert why(eyes, "pemeriksa") == "not_by"
    assert why(eyes, "penyusun") == ""


def test_who_drafted_in_an_earlier_round_does_not_check_in_a_later_one(eyes: "Room") -> None:
    eyes.account = "pemeriksa"
    eyes.reject("uji-1")
    eyes.account = "penyusun-lain"
    eyes.approve("uji-1")
    assert why(eyes, "penyusun") == "not_by"
    assert why(eyes, "pemeriksa") == ""


def test_who_took_the_draft_back_may_check(eyes: "Room") -> None:
    eyes.withdraw("uji-1")
    eyes.account = "penyusun-lain"
    eyes.approve("uji-1")
    assert why(eyes, "penyusun") == ""


def test_all_accounts_of_an_official_are_one_person(room: "Room") -> None:
    """Also where the official stands in the file twice, by the same NIP or, without one, the same name."""
    room.write(EYES)
    room.say(PEOPLE)
    room.account = "satu"
    room.start("uji")
    room.approve("uji-1")
    for account in ("dua", "tiga"):
        assert why(room, account) == "not_by"
    assert why(room, "lain") == ""


def test_who_writes_the_draft_with_set_does_not_check_it(eyes: "Room") -> None:
    eyes.account = "pemeriksa"
    eyes.ask(lambda session: moves.fill(session, "uji-1", MoveInput(sets=("tugas=Lain sekali",))))
    assert why(eyes, "pemeriksa") == "not_by"
    assert why(eyes, "pemeriksa-lain") == ""


def test_an_account_that_stands_outside_gets_no_further_by_links(room: "Room", tmp_path: Path) -> None:
    """An attachment that is a link is read through, and what lies in the record is a file of its own."""
    room.start("sk-tim")
    (tmp_path / "bukti.txt").write_text("isi", encoding="utf-8")
    (tmp_path / "tautan.txt").symlink_to(tmp_path / "bukti.txt")
    room.ask(
        lambda session: moves.attach(session, "sk-tim-1", move_input(attach=[f"Kertas={tmp_path / 'tautan.txt'}"]))
    )
    (kept,) = (path for path in (room.root / "data" / "attachments").rglob("*") if path.is_file())
    assert not kept.is_symlink()


def test_a_cache_that_is_not_the_accounts_own_is_told_and_nothing_depends_on_it(room: "Room") -> None:
    place = Cache(room.root / "data").place
    room.approve(room.letter())
    assert run_doctor(room.session().record).findings == ()
    place.chmod(0o770)
    (finding,) = run_doctor(room.session().record).findings
    assert (finding.kind, finding.path) == ("access", f"data/cache/{place.name}")
    assert "hanya lebih lambat" in finding.message
    assert room.approve(room.letter()).step == "serahkan"
    assert status.case_status(room.session(looking=True).record, "sk-tim-2").step == "serahkan"
    place.rename(place.with_name("lama"))
    assert run_doctor(room.session().record).findings == ()


def test_no_leftover_is_swept_through_a_link(room: "Room", tmp_path: Path) -> None:
    room.approve(room.letter())
    cache, leftover = room.root / "data" / "cache", tmp_path / ".surat.docx.999999999.tmp"
    cache.rename(tmp_path / "cache")
    cache.symlink_to(tmp_path)
    leftover.write_bytes(b"")
    assert run_doctor(room.session().record).mended == ()
    assert leftover.exists()
