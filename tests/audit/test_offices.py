"""By which `sopctl.yaml` an event was allowed is kept with it: a file slipped in for a while leaves its mark."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sopctl.audit.verify import Verification, verify
from sopctl.desk import moves
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome

if TYPE_CHECKING:
    from tests.audit.conftest import Record
    from tests.conftest import Room

FORM = """
id: uji
nama: Uji
pelaksana: {tim: Tim Kerja, kabid: Kepala Bidang 3}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim}
  - {id: periksa, kegiatan: Memeriksa, pelaksana: kabid, branches: {ya: end, tidak: susun}}
"""
CALLING = """
id: induk
nama: Induk
pelaksana: {kabid: Kepala Bidang 3}
steps:
  - {id: lewat, kegiatan: Menugaskan, pelaksana: kabid, sop: uji}
  - {id: tutup, kegiatan: Menutup, pelaksana: kabid}
"""
OFFICIALS = """
officials:
  - {nama: Pejabat A, jabatan: Kepala Bidang 3, pelaksana: [kabid], accounts: [kabid-lama], until: 2026-11-23}
  - {nama: Pejabat B, jabatan: Kepala Bidang 3, pelaksana: [kabid], accounts: [Kabid], from: 2026-11-24, as: Plt.}
  - {nama: Pejabat E, jabatan: Kepala Bidang 3, pelaksana: [kabid], accounts: [kabid-sehari], until: 2026-11-24}
  - {nama: Pejabat C, jabatan: Ketua Tim, pelaksana: [tim], accounts: [ketua]}
  - {nama: Pejabat D, jabatan: Sekretaris, pelaksana: [tim], accounts: [sekretaris]}
"""


def recorded(room: "Room") -> list[str]:
    """The office version of each event, in the order of the ledger."""
    lines = (room.root / "data" / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
    return [line.get("office", "") for line in map(json.loads, lines) if line["kind"] == "event"]


def kept(room: "Room") -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (room.root / "data" / "office").iterdir()}


def test_the_office_file_is_kept_once_and_every_event_names_it(room: "Room") -> None:
    text = (room.root / "sopctl.yaml").read_bytes()
    version = sha256(text).hexdigest()
    room.approve(room.letter())
    assert kept(room) == {f"{version}.yaml": text}
    assert set(recorded(room)) == {version}


def test_an_office_file_that_was_put_back_stays_known(room: "Room") -> None:
    room.start("sk-tim")
    path = room.root / "sopctl.yaml"
    honest = path.read_bytes()
    path.write_bytes(honest + b"# lain\n")
    room.approve("sk-tim-1")
    path.write_bytes(honest)
    room.approve("sk-tim-1")
    first, second, third = recorded(room)
    assert first == third != second
    assert kept(room)[f"{second}.yaml"] == honest + b"# lain\n"


def test_a_refused_command_keeps_no_office_file(room: "Room") -> None:
    room.start("sk-tim")
    (room.root / "sopctl.yaml").write_bytes((room.root / "sopctl.yaml").read_bytes() + b"# lain\n")
    before = room.record()
    with pytest.raises(AssertionError):
        room.reject("sk-tim-1")
    assert room.record() == before


def verified(room: "Room", id: str | None = None) -> Verification:
    return verify(room.session().record, id)


def acting(room: "Room", account: str) -> "Room":
    room.account = account
    return room


@pytest.fixture
def staffed(room: "Room") -> "Room":
    """An office whose officials have accounts, a case that the ketua opened and that went through once."""
    room.write(FORM, CALLING)
    room.say(OFFICIALS)
    acting(room, "ketua").start("uji")
    room.approve("uji-1")
    acting(room, "kabid").approve("uji-1")
    return room


def spoilt(record: "Record", spoil: Callable[[Path], object]) -> Verification:
    (path,) = (record.data / "office").iterdir()
    spoil(path)
    return verified(record.room)


def test_an_office_file_that_is_gone_is_found(record: "Record") -> None:
    (finding,) = spoilt(record, Path.unlink).findings
    assert (finding.kind, finding.path.startswith("data/office/")) == ("office", True)
    assert "hilang: 15 catatan (24-11-2026 10.01 sampai" in finding.message


def test_an_office_file_that_was_changed_is_found(record: "Record") -> None:
    (finding,) = spoilt(record, lambda path: path.write_bytes(path.read_bytes() + b"#")).findings
    assert (finding.kind, "diubah di luar sopctl" in finding.message) == ("office", True)
    assert [one.kind for one in verified(record.room, "sk-tim-1").findings] == ["office"]


def test_an_office_file_that_nobody_used_is_told(record: "Record") -> None:
    (record.data / "office" / f"{'0' * 64}.yaml").write_bytes(b"")
    (notice,) = verified(record.room).notices
    assert (notice.kind, notice.path) == ("stray", f"data/office/{'0' * 64}.yaml")


def test_without_its_ledger_nobody_is_told_to_move_the_office_files_away(record: "Record") -> None:
    record.ledger.unlink()
    assert "stray" not in {one.kind for one in verified(record.room).notices}


def slipped_in(room: "Room", officials: str, *moves_by: str) -> None:
    """Another office file for a few moves, then the honest one again."""
    path = room.root / "sopctl.yaml"
    honest = path.read_bytes()
    room.say(officials)
    for account in moves_by:
        acting(room, account).start("uji")
    path.write_bytes(honest)


def test_a_version_that_was_slipped_in_stands_out(staffed: "Room") -> None:
    slipped_in(staffed, OFFICIALS.replace("[tim], accounts: [ketua]", "[tim, kabid], accounts: [ketua, tamu]"), "tamu")
    staffed.account = "ketua"
    staffed.start("uji")
    found = verified(staffed)
    assert [one.kind for one in found.findings] == ["unaccepted"]
    versions = [(one.events, one.accounts, one.current, one.accepted_by) for one in found.offices]
    assert versions == [(4, 5, True, ""), (1, 6, False, None)]
    honest, slipped = found.offices
    assert honest.since < slipped.since == slipped.until < honest.until
    assert (staffed.root / slipped.path).is_file()


def test_a_version_that_let_everybody_act_after_one_that_did_not_is_found(staffed: "Room") -> None:
    slipped_in(staffed, "officials: []", "tamu", "tamu")
    (finding,) = verified(staffed).findings
    assert "2 catatan (24-11-2026" in finding.message
    assert "tidak menyebut satu akun pun" in finding.message
    assert ["1 catatan" in one.message for one in verified(staffed, "uji-2").findings] == [True]
    assert verified(staffed, "uji-1").findings == ()


def test_accounts_that_came_later_are_no_notice(room: "Room") -> None:
    room.write(FORM)
    room.start("uji")
    room.say(OFFICIALS)
    acting(room, "ketua").approve("uji-1")
    assert verified(room).findings == verified(room).notices == ()


def event(number: int, **said: object) -> Callable[[dict[str, Any]], None]:
    return lambda case: case["events"][number - 1].update(said)


@pytest.fixture
def forged(staffed: "Room", hands: "type[Record]") -> "Record":
    """The record of the office with accounts, and hands to forge it."""
    return hands(staffed)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(event(3, by="ketua"), "langkah periksa, 24-11-2026 10.03, akun ketua)", id="a move of another"),
        pytest.param(event(3, by="kabid-lama"), "berwenang bertindak untuk kabid", id="of one who left"),
        pytest.param(event(2, by="tamu"), "akun tamu) tidak mungkin diterima", id="of nobody"),
        pytest.param(event(1, by="tamu"), "tidak berwenang bertindak.", id="the opening"),
        pytest.param(
            event(3, by="kabid-sehari", recorded_at="2026-11-25T08:00:00+07:00"),
            "akun kabid-sehari)",
            id="typed too late",
        ),
    ],
)
def test_an_event_that_the_office_of_then_would_not_have_let_happen_is_found(
    forged: "Record", change: Callable[[dict[str, Any]], None], says: str
) -> None:
    assert verified(forged.room).findings == ()
    forged.forge(change, "uji-1")
    (finding,) = verified(forged.room).findings
    assert (finding.id, finding.kind) == ("uji-1", "permission")
    assert says in finding.message
    assert verified(forged.room, "uji-1").findings == (finding,)


def assigned(room: "Room", pelaksana: str, to: str) -> None:
    assert isinstance(room.ask(lambda session: moves.assign(session, "uji-2", pelaksana, to, MoveInput())), Outcome)


def test_an_assignment_counts_while_it_lasts(forged: "Record") -> None:
    room = forged.room
    acting(room, "ketua").start("uji")
    assigned(room, "tim", "Pejabat D")
    acting(room, "sekretaris").approve("uji-2")
    acting(room, "kabid").reject("uji-2")
    acting(room, "ketua")
    assigned(room, "tim", "")
    room.approve("uji-2")
    assert verified(room).findings == ()
    forged.forge(event(3, by="ketua"), "uji-2")
    assert ["nomor 3 (" in finding.message for finding in verified(room).findings] == [True]
    forged.forge(event(3, by="sekretaris"), "uji-2")
    forged.forge(event(2, by="kabid"), "uji-2")
    assert ["nomor 2 (penugasan" in finding.message for finding in verified(room).findings] == [True]


def successor(room: "Room") -> None:
    """Somebody else is kabid now, and who was before has no account any more."""
    room.say(OFFICIALS.replace("[Kabid], from: 2026-11-24", "[kabid-baru], from: 2026-11-24"))
    acting(room, "ketua").start("uji")


HONEST: dict[str, Callable[["Room"], object]] = {
    "who has left since": successor,
    "a step that another case did": lambda r: (
        acting(r, "kabid").start("induk"),
        acting(r, "ketua").approve("uji-2"),
        acting(r, "kabid").approve("uji-2"),
        r.approve("induk-1"),
    ),
    "a move that was taken back": lambda r: (
        acting(r, "ketua").start("uji"), r.approve("uji-2"), r.withdraw("uji-2"), r.approve("uji-2"),
    ),
    "a case that was cancelled, and its parent": lambda r: (
        acting(r, "kabid").start("induk"), acting(r, "ketua").cancel("uji-2"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("honest", HONEST.values(), ids=HONEST.keys())
def test_honest_work_is_no_finding(staffed: "Room", honest: Callable[["Room"], object]) -> None:
    honest(staffed)
    found = verified(staffed)
    assert found.findings == found.notices == ()
