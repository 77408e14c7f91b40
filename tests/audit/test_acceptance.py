"""Another's `sopctl.yaml`: who links `data` into his own workspace acts by a file that the office never accepted."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from sopctl.audit.doctor import DoctorReport
from sopctl.audit.findings import Finding
from sopctl.audit.trace import trace_file
from sopctl.audit.verify import verify
from sopctl.cli.app import full
from sopctl.cli.options import move_input
from sopctl.cli.remedies import sentence
from sopctl.desk import agenda, moves
from sopctl.desk.move_input import MoveInput
from sopctl.desk.status import case_status
from sopctl.desk.upkeep import run_doctor, write_bundle
from sopctl.engine.refused import Refused
from sopctl.errors import NotFoundError
from sopctl.store import ledger
from sopctl.store.files import ledger_file
from sopctl.store.ledger import OfficeLine

if TYPE_CHECKING:
    from tests.conftest import Room

FORM = """
id: uji
nama: Uji
pelaksana: {tim: Tim Kerja, kabid: Kepala Bidang 3}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim}
  - {id: periksa, kegiatan: Memeriksa, pelaksana: kabid, branches: {ya: end, tidak: susun}}
"""
OFFICIALS = """
officials:
  - {nama: Ibu Kabid, jabatan: Kepala Bidang 3, pelaksana: [kabid], accounts: [kabid]}
  - {nama: Pak Ketua, jabatan: Ketua Tim, pelaksana: [tim], accounts: [ketua]}
  - {nama: Pak Wakil, jabatan: Wakil Ketua Tim, pelaksana: [tim], accounts: [wakil]}
"""
USURPED = OFFICIALS.replace("[tim], accounts: [ketua]", "[tim, kabid], accounts: [ketua]")
SUCCEEDED = OFFICIALS.replace("accounts: [kabid]", "accounts: [penerus]")


@pytest.fixture
def staffed(room: "Room") -> "Room":
    """An office whose officials have accounts, with a case that waits for the kabid."""
    room.write(FORM)
    room.say(OFFICIALS)
    acting(room, "ketua").start("uji")
    room.approve("uji-1")
    return room


@pytest.fixture
def own(staffed: "Room", tmp_path: Path) -> "Room":
    """A workspace of the ketua's own, whose `data` is the office's and in which he is kabid too."""
    root = tmp_path / "sendiri"
    shutil.copytree(staffed.root, root, ignore=shutil.ignore_patterns("data"))
    (root / "data").symlink_to(staffed.root / "data", target_is_directory=True)
    room = type(staffed)(root)
    room.now = staffed.now
    room.say(USURPED)
    return acting(room, "ketua")


def acting(room: "Room", account: str) -> "Room":
    room.account = account
    return room


def found(room: "Room", id: str | None = None) -> tuple[Finding, ...]:
    return verify(room.session().record, id).findings


def accept(room: "Room", account: str, version: str = "") -> DoctorReport | Refused:
    return run_doctor(acting(room, account).session(), mend=False, accept=version)


def test_who_acts_by_his_own_file_is_found_and_nobody_is_stopped(staffed: "Room", own: "Room") -> None:
    own.approve("uji-1")
    (finding,) = found(staffed)
    assert finding.kind == "unaccepted"
    assert "1 catatan (24-11-2026 10.03 sampai 24-11-2026 10.03, oleh ketua)" in finding.message
    assert "akun ketua mendapat wewenang darinya" in finding.message
    assert "Yang boleh menerimanya: kabid dan wakil." in finding.message
    assert sentence(finding).endswith(f"sopctl doctor --accept-office {Path(finding.path).stem[:12]}")
    assert found(staffed, "uji-1") == (finding,)
    staffed.now = own.now
    acting(staffed, "ketua").start("uji")
    staffed.approve("uji-2")
    acting(staffed, "kabid").approve("uji-2")
    assert found(staffed, "uji-2") == ()
    assert found(staffed) == (finding,)


def told(room: "Room", id: str) -> list[str]:
    """What `status` warns of."""
    return [sentence(notice) for notice in case_status(room.session(looking=True).record, id).notices]


def test_status_says_it_of_the_case_until_it_is_accepted(staffed: "Room", own: "Room") -> None:
    own.note("uji-1", "satu")
    own.approve("uji-1")
    staffed.now = own.now
    acting(staffed, "ketua").start("uji")
    (notice,) = told(staffed, "uji-1")
    said = "Catatan nomor 3 dan 4 dicatat menurut sopctl.yaml yang tidak pernah diterima kantor."
    assert notice == f"{said} Rinciannya: sopctl verify uji-1."
    shown = CliRunner().invoke(full(), ["status", "uji-1", "--workspace", str(staffed.root)])
    assert f"Penting: {said}" in " ".join(shown.stdout.split())
    assert told(staffed, "uji-2") == []
    accept(staffed, "kabid", own.session().record.office_version)
    assert told(staffed, "uji-1") == []


def test_a_stranger_with_his_own_file_is_found(staffed: "Room", own: "Room") -> None:
    own.say(OFFICIALS.replace("accounts: [kabid]", "accounts: [tamu]"))
    acting(own, "tamu").approve("uji-1")
    (finding,) = found(staffed)
    assert "akun tamu tidak menjabat menurut sopctl.yaml sebelumnya" in finding.message


def test_a_post_by_his_own_file_neither_mends_nor_bundles(staffed: "Room", own: "Room", tmp_path: Path) -> None:
    own.say(OFFICIALS.replace("accounts: [kabid]", "accounts: [tamu]"))
    acting(own, "tamu").note("uji-1", "masuk")
    before = staffed.record()
    assert isinstance(run_doctor(own.session(), mend=True), Refused)
    assert isinstance(write_bundle(own.session(), "uji-1", tmp_path / "b.zip"), Refused)
    assert staffed.record() == before
    assert isinstance(run_doctor(acting(staffed, "ketua").session(), mend=True), DoctorReport)


def test_only_what_came_by_such_a_file_is_doubtful(staffed: "Room", own: "Room", tmp_path: Path) -> None:
    proof = tmp_path / "bukti.txt"
    typed = move_input(attach=[f"Bukti={proof}"])
    for room, text in ((staffed, "sah"), (own, "sendiri")):
        proof.write_text(text, encoding="utf-8")
        assert not isinstance(room.ask(lambda session: moves.attach(session, "uji-1", typed)), Refused)
    traced = {}
    for text in ("sah", "sendiri"):
        proof.write_text(text, encoding="utf-8")
        traced[text] = trace_file(staffed.session().record, proof)
    assert [one.kind for one in traced["sah"].findings] == []
    assert [one.kind for one in traced["sendiri"].findings] == ["unaccepted"]


def test_a_letter_that_is_entered_or_withdrawn_by_his_own_file_is_found(staffed: "Room", own: "Room") -> None:
    own.say(OFFICIALS.replace("accounts: [kabid]", "accounts: [tamu]"))
    letter = agenda.NewLetter(perihal="Undangan", kode="000.1")
    added = agenda.add(acting(own, "tamu").session(), letter)
    assert not isinstance(added, Refused)
    (finding,) = found(staffed)
    assert finding.message.startswith("1 catatan (24-11-2026 10.02 sampai")
    agenda.withdraw(own.session(), added.entry.nomor, "keliru")
    assert [one.message.partition(" ")[0] for one in found(staffed)] == ["2"]
    accept(staffed, "ketua", own.session().record.office_version)
    assert found(staffed) == ()


def test_both_work_in_turns_and_each_file_is_one_finding(staffed: "Room", own: "Room") -> None:
    for _ in range(3):
        own.now = staffed.now
        own.start("uji")
        staffed.now = own.now
        acting(staffed, "kabid").note("uji-1", "lanjut")
    own.say(OFFICIALS.replace("accounts: [kabid]", "accounts: [tamu]"))
    acting(own, "tamu").start("uji")
    assert [finding.message.partition(" ")[0] for finding in found(staffed)] == ["3", "1"]


def succeed(room: "Room", first: str) -> "Room":
    """The office names another kabid, and this account is the first to record after that."""
    room.say(SUCCEEDED)
    acting(room, first).note("uji-1", "berganti")
    return room


@pytest.mark.parametrize(("first", "findings"), [("ketua", 0), ("wakil", 0), ("penerus", 1)])
def test_an_office_changes_its_file_by_working_on(staffed: "Room", first: str, findings: int) -> None:
    assert len(found(succeed(staffed, first))) == findings
    if first != "penerus":
        acting(staffed, "penerus").approve("uji-1")
        assert found(staffed) == ()


def test_a_file_that_says_the_same_of_who_may_act_needs_nobody(staffed: "Room") -> None:
    with_staff = f"{OFFICIALS.rstrip()}\n  - {{nama: Staf, pelaksana: [], accounts: [staf]}}\n"
    staffed.say(with_staff)
    acting(staffed, "ketua").ask(lambda session: moves.assign(session, "uji-1", "kabid", "", MoveInput()))
    acting(staffed, "kabid").ask(lambda session: moves.assign(session, "uji-1", "kabid", "staf", MoveInput()))
    staffed.say("holidays: {add: {2026-12-28: Cuti bersama}}")
    acting(staffed, "staf").approve("uji-1")
    staffed.say(with_staff.replace("[], accounts: [staf]", "[tim], accounts: [staf]"))
    acting(staffed, "staf").start("uji")
    assert [one.message.partition(" ")[0] for one in found(staffed)] == ["1"]


def test_a_file_may_be_accepted_before_anybody_works_by_it(staffed: "Room") -> None:
    staffed.say(SUCCEEDED)
    report = accept(staffed, "ketua")
    assert isinstance(report, DoctorReport)
    assert "diterima oleh akun ketua." in report.mended[0]
    assert report.findings == report.notices == ()
    acting(staffed, "penerus").approve("uji-1")
    assert found(staffed) == ()


def test_who_left_and_goes_on_by_the_old_file_is_found(staffed: "Room", own: "Room") -> None:
    own.say(OFFICIALS)
    staffed.say(SUCCEEDED)
    accept(staffed, "ketua")
    acting(own, "kabid").approve("uji-1")
    (finding,) = found(staffed)
    assert "akun kabid tidak menjabat" in finding.message


def test_what_waits_is_accepted_by_an_official_who_wins_nothing(staffed: "Room") -> None:
    succeed(staffed, "penerus")
    before = staffed.record()
    for account in ("penerus", "tamu"):
        refused = accept(staffed, account)
        assert isinstance(refused, Refused)
        assert "Yang boleh menerimanya: " in refused.message
    assert staffed.record() == before
    report = accept(staffed, "wakil")
    assert isinstance(report, DoctorReport)
    assert "1 catatan yang menunggu kini sah" in report.mended[0]
    assert report.findings == ()
    acting(staffed, "ketua").start("uji")
    assert found(staffed) == ()
    again = accept(staffed, "wakil")
    assert isinstance(again, DoctorReport)
    assert "Tidak ada yang perlu diterima" in again.mended[0]


def test_an_earlier_file_is_accepted_by_its_name_and_does_not_come_back(staffed: "Room") -> None:
    honest = (staffed.root / "sopctl.yaml").read_bytes()
    succeed(staffed, "penerus")
    (finding,) = found(staffed)
    (staffed.root / "sopctl.yaml").write_bytes(honest)
    version = Path(finding.path).stem
    with pytest.raises(NotFoundError):
        accept(staffed, "wakil", "f" * 12 if version[0] != "f" else "0" * 12)
    assert isinstance(accept(staffed, "wakil", version[:12]), DoctorReport)
    acting(staffed, "ketua").start("uji")
    assert found(staffed) == ()
    staffed.say(SUCCEEDED)
    acting(staffed, "penerus").start("uji")
    assert [one.path for one in found(staffed)] == [finding.path]


def test_what_was_recorded_before_a_file_held_is_accepted_too(staffed: "Room") -> None:
    honest = (staffed.root / "sopctl.yaml").read_bytes()
    succeed(staffed, "penerus")
    (staffed.root / "sopctl.yaml").write_bytes(honest)
    acting(staffed, "wakil").start("uji")
    succeed(staffed, "ketua")
    (finding,) = found(staffed)
    assert finding.message.startswith("1 catatan ")
    assert isinstance(accept(staffed, "tamu"), Refused)
    assert isinstance(accept(staffed, "wakil"), DoctorReport)
    assert found(staffed) == ()


def test_a_file_without_accounts_cannot_be_accepted(staffed: "Room") -> None:
    staffed.say("officials: []")
    acting(staffed, "tamu").approve("uji-1")
    (finding,) = found(staffed)
    assert "siapa saja dapat bertindak" in finding.message
    assert finding.advice == ""
    refused = accept(staffed, "ketua")
    assert isinstance(refused, Refused)
    assert "siapa saja dapat bertindak" in refused.message


def test_without_accounts_the_file_may_be_any(room: "Room") -> None:
    room.write(FORM)
    room.start("uji")
    room.say("instansi: {nama: Dinas Lain}")
    room.approve("uji-1")
    room.say(OFFICIALS)
    acting(room, "kabid").approve("uji-1")
    assert found(room) == ()


def line(room: "Room", **said: object) -> None:
    """Add a line that accepts the file of the workspace, as somebody would who knows how it is written."""
    record = room.session().record
    path = room.root / "data" / "ledger.jsonl"
    made = OfficeLine(previous="", at=room.now, by="kabid", office=record.office_version, holds=True)
    made = replace(made, **said)
    made = replace(made, head=made.digest)
    path.write_bytes(
        path.read_bytes() + ledger.encode_chain([made], ledger.hash_line(ledger_file.read_last_line(path)))
    )


@pytest.mark.parametrize("by", ["ketua", "tamu"])
def test_an_acceptance_by_who_may_not_is_none(staffed: "Room", own: "Room", by: str) -> None:
    own.approve("uji-1")
    line(own, by=by)
    assert [one.kind for one in found(staffed)] == ["unaccepted"]
    line(own, by="kabid")
    assert found(staffed) == ()


def test_an_acceptance_that_is_put_in_again_is_found_and_accepts_nothing(staffed: "Room", own: "Room") -> None:
    own.approve("uji-1")
    line(own, by="wakil")
    made = own.now
    staffed.now = own.now
    acting(staffed, "kabid").start("uji")
    own.start("uji")
    line(own, by="wakil", at=made)
    assert sorted(one.kind for one in found(staffed)) == ["ledger", "unaccepted"]
    run_doctor(acting(staffed, "kabid").session(), mend=True)
    assert [one.kind for one in found(staffed)] == ["unaccepted"]


CHANGES = [("wakil", "kabid"), ('"holds":true', '"holds":false'), ("2026-11-24", "2026-11-23")]


@pytest.mark.parametrize("change", CHANGES)
def test_an_acceptance_that_is_changed_is_found(staffed: "Room", change: tuple[str, str]) -> None:
    staffed.say(SUCCEEDED)
    accept(staffed, "wakil")
    path = staffed.root / "data" / "ledger.jsonl"
    *before, last = path.read_text(encoding="utf-8").splitlines(keepends=True)
    assert change[0] in last
    path.write_text("".join((*before, last.replace(*change))), encoding="utf-8")
    assert "ledger" in {one.kind for one in found(staffed)}


def old(room: "Room") -> None:
    """The ledger as it was before its lines named the office file."""
    path = room.root / "data" / "ledger.jsonl"
    lines = [ledger.decode_line(read.text) for read in ledger_file.read_lines(path)]
    path.write_bytes(ledger.encode_chain([replace(one, office="") for one in lines if one is not None], ""))


def test_a_ledger_that_names_no_file_is_as_it_was(staffed: "Room") -> None:
    old(staffed)
    assert found(staffed) == ()
    staffed.say(SUCCEEDED)
    acting(staffed, "penerus").approve("uji-1")
    assert found(staffed) == ()


def test_a_file_that_is_lost_accepts_nothing(staffed: "Room", own: "Room") -> None:
    own.approve("uji-1")
    version = staffed.session().record.office_version
    (staffed.root / "data" / "office" / f"{version}.yaml").unlink()
    staffed.say(SUCCEEDED)
    assert sorted(one.kind for one in found(staffed)) == ["office", "unaccepted"]


def test_a_lost_case_comes_back_from_a_ledger_with_an_acceptance(staffed: "Room") -> None:
    accept(succeed(staffed, "penerus"), "wakil")
    for path in (staffed.root / "data" / "instances").rglob("uji-1.json"):
        path.unlink()
    assert isinstance(report := run_doctor(staffed.session(), mend=True), DoctorReport)
    assert report.findings == ()


ACCEPTED: dict[str, Callable[["Room"], object]] = {
    "accepted": lambda room: accept(room, "wakil"),
    "not accepted": lambda _room: None,
}


@pytest.mark.parametrize("then", ACCEPTED)
def test_a_bundle_tells_it(staffed: "Room", tmp_path: Path, then: str) -> None:
    ACCEPTED[then](succeed(staffed, "penerus"))
    made = write_bundle(acting(staffed, "ketua").session(), "uji-1", tmp_path / "b.zip")
    assert not isinstance(made, Refused)
    with ZipFile(tmp_path / "b.zip") as bundle:
        bundle.extractall(tmp_path / "isi")
    readme = (tmp_path / "isi" / "BACA-DAHULU.txt").read_text(encoding="utf-8")
    assert ("tidak pernah diterima kantor" in readme) == (then == "not accepted") == bool(made.notices)
    words = [sys.executable, str(tmp_path / "isi" / "periksa.py")]
    ended = subprocess.run(words, capture_output=True, text=True, check=False, encoding="utf-8")
    assert ended.returncode == 0, ended.stdout
    assert ("diterima untuk kantor oleh wakil" in ended.stdout) == (then == "accepted")
