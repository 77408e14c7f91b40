"""A running case goes on under the SOP as it stands now: after a look, with its past as it was, and on the record."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sopctl.audit.bundle import write_bundle
from sopctl.audit.doctor import run_doctor
from sopctl.audit.verify import verify
from sopctl.desk import moves, status
from sopctl.desk.migrate import MigrationPlan, migrate, plan
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.engine.refused import Refused
from sopctl.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from tests.conftest import Room


def edited(room: "Room", *changes: tuple[str, str]) -> None:
    path = room.root / "sops" / "sk-tim.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def planned(room: "Room", *maps: str) -> MigrationPlan:
    found = plan(room.session(), "sk-tim-1", maps)
    assert isinstance(found, MigrationPlan), found
    return found


def refused(room: "Room", *maps: str) -> str:
    found = plan(room.session(), "sk-tim-1", maps)
    assert isinstance(found, Refused)
    return found.reason


def test_a_case_goes_on_under_the_new_version_to_its_end(room: "Room", tmp_path: Path) -> None:
    id = room.letter()
    edited(room, ("- id: serahkan", "- id: sampaikan"), ("waktu: 10 Menit", "waktu: 20 Menit"))
    look = planned(room)
    assert 'Langkah tandatangan: waktu "10 Menit" menjadi "20 Menit".' in look.sentences
    assert any("Langkah baru: sampaikan" in sentence for sentence in look.sentences)
    moved = room.ask(lambda session: migrate(session, look, MoveInput(note="SOP direvisi")))
    assert isinstance(moved, Outcome)
    assert (moved.step, moved.waktu) == ("tandatangan", "20 Menit")
    assert room.approve(id).step == "sampaikan"
    for _ in range(2):
        room.approve(id)
    assert status.case_status(room.session().record, id).status == "completed"
    assert verify(room.session().record, None).findings == ()
    write_bundle(room.session().record, id, tmp_path / "b.zip")


def test_a_step_that_was_gone_through_keeps_its_past_under_its_new_id(room: "Room") -> None:
    room.letter()
    edited(room, ("- id: periksa", "- id: teliti"))
    assert refused(room) == "steps_gone"
    look = planned(room, "periksa=teliti")
    assert "Langkah periksa sekarang bernama teliti." in look.sentences
    room.ask(lambda session: migrate(session, look, MoveInput()))
    state = room.session().record.load_case("sk-tim-1").state
    assert [visit.step for visit in state.visits] == ["perintah", "teruskan", "susun", "teliti", "tandatangan"]
    assert state.visits[3].outcome == "sesuai"
    assert room.approve("sk-tim-1").documents[0].act == "sign"
    assert verify(room.session().record, None).findings == ()


def test_a_migrated_case_is_made_again_from_the_ledger(room: "Room") -> None:
    room.letter()
    edited(room, ("waktu: 10 Menit", "waktu: 20 Menit"))
    room.ask(lambda session: migrate(session, planned(room), MoveInput()))
    before = room.record()
    (room.root / "data" / "instances" / "sk-tim" / "0000" / "sk-tim-1.json").unlink()
    assert run_doctor(room.session().record, mend=True).findings == ()
    assert room.record() == before


def test_a_move_is_not_taken_back_across_versions(room: "Room") -> None:
    room.letter()
    edited(room, ("waktu: 10 Menit", "waktu: 20 Menit"))
    room.ask(lambda session: migrate(session, planned(room), MoveInput()))
    answer = room.ask(lambda session: moves.withdraw(session, "sk-tim-1", MoveInput(note="x")))
    assert isinstance(answer, Refused)
    assert answer.reason == "nothing_to_withdraw"


def test_what_was_looked_at_and_changed_since_is_not_done(room: "Room") -> None:
    room.letter()
    edited(room, ("waktu: 10 Menit", "waktu: 20 Menit"))
    look = planned(room)
    room.approve("sk-tim-1")
    answer = room.ask(lambda session: migrate(session, look, MoveInput()))
    assert isinstance(answer, Refused)
    assert answer.reason == "overtaken"


def test_a_look_changes_nothing(room: "Room") -> None:
    room.letter()
    edited(room, ("waktu: 10 Menit", "waktu: 20 Menit"))
    before = room.record()
    planned(room)
    assert room.record() == before


def test_a_case_that_is_up_to_date_or_ended_is_left_alone(room: "Room") -> None:
    room.letter()
    assert refused(room) == "same_version"
    edited(room, ("waktu: 10 Menit", "waktu: 20 Menit"))
    room.cancel("sk-tim-1")
    assert refused(room) == "cancelled"


def test_a_pelaksana_who_acted_must_still_be_there(room: "Room") -> None:
    room.letter()
    edited(room, ("kasubbag", "sekretaris"))
    assert refused(room) == "pelaksana_gone"


@pytest.mark.parametrize(
    ("text", "error"),
    [("periksa", UsageError), ("tidak-ada=periksa", NotFoundError), ("periksa=tidak-ada", NotFoundError)],
    ids=["no pair", "no old step", "no new step"],
)
def test_a_map_that_names_no_step_is_told(room: "Room", text: str, error: type[Exception]) -> None:
    room.letter()
    with pytest.raises(error):
        plan(room.session(), "sk-tim-1", (text,))


RETARGETED = {
    "periksa": (),
    "susun": (("belum sesuai: susun", "belum sesuai: teliti"), ("step: susun", "step: teliti")),
}
"""What else names a step in the SOP, where it bears another id."""


@pytest.mark.parametrize(
    ("change", "maps"),
    [
        pytest.param(None, ("periksa=tandatangan",), id="past a step that is still there"),
        pytest.param(None, ("susun=teliti",), id="away from a step that is still there"),
        pytest.param(None, ("periksa=periksa",), id="to itself"),
        pytest.param("periksa", ("periksa=susun",), id="onto a row that the old version has"),
        pytest.param("susun", ("susun=tandatangan",), id="a step gone through onto another"),
    ],
)
def test_a_map_only_renames(room: "Room", change: str | None, maps: tuple[str, ...]) -> None:
    id = room.start("sk-tim").id
    for sets in ((), (), ("tugas=Menyusun laporan", "anggota=Anggota pertama")):
        room.approve(id, MoveInput(sets=sets))
    edited(room, ("waktu: 10 Menit", "waktu: 20 Menit"))
    if change is None:
        edited(room, ("- id: laksanakan", "- id: teliti"))
    else:
        edited(room, (f"- id: {change}", "- id: teliti"), *RETARGETED[change])
    before = room.record()
    assert refused(room, *maps) == "not_renamed"
    assert room.record() == before


def test_two_maps_name_two_pairs(room: "Room") -> None:
    room.letter()
    edited(room, ("- id: periksa", "- id: teliti"), ("- id: laksanakan", "- id: baca"))
    assert refused(room, "periksa=teliti", "laksanakan=teliti") == "not_renamed"
    with pytest.raises(UsageError, match="sudah disebut"):
        plan(room.session(), "sk-tim-1", ("periksa=teliti", "periksa=baca"))


def test_what_a_step_no_longer_forbids_is_told(room: "Room") -> None:
    form = room.root / "sops" / "sk-tim.yaml"
    plain = form.read_text(encoding="utf-8")
    edited(room, ("    waktu: 15 Menit", "    not_by: susun\n    waktu: 15 Menit"))
    room.start("sk-tim")
    form.write_text(plain, encoding="utf-8")
    assert planned(room).sentences[1:] == ('Langkah periksa: tidak boleh oleh pelaku "susun" menjadi "–".',)


OFFICIALS = """
officials:
  - {nama: Ibu Kadis, jabatan: Kepala Dinas, pelaksana: [kadis], accounts: [kadis]}
  - {nama: Ibu Kabid, jabatan: Kepala Bidang 3, pelaksana: [kabid], accounts: [kabid]}
  - {nama: Ibu Kabid, jabatan: Kasubbag, pelaksana: [kasubbag], accounts: [kabid-2], as: Plh.}
"""


@pytest.mark.parametrize(
    ("account", "told"),
    [
        pytest.param("tamu", "tidak berwenang atas berkas", id="no official"),
        pytest.param("kadis", "tidak berwenang bertindak untuk Kepala Bidang 3", id="whose turn it is not"),
        pytest.param("kabid", "orangnya sebagai kabid-2 mengerjakan", id="whose turn it is, but who drafted"),
    ],
)
def test_only_who_may_act_in_the_case_takes_it_to_a_new_version(room: "Room", account: str, told: str) -> None:
    room.say(OFFICIALS)
    edited(room, ("    waktu: 15 Menit", "    not_by: susun\n    waktu: 15 Menit"))
    room.account = "kadis"
    id = room.start("sk-tim").id
    for room.account in ("kadis", "kabid"):
        room.approve(id)
    room.account = "kabid-2"
    room.approve(id, MoveInput(sets=("tugas=Menyusun laporan", "anggota=Anggota pertama")))
    edited(room, ("    not_by: susun\n", ""))
    look, before = planned(room), room.record()
    room.account = account
    answer = room.ask(lambda session: migrate(session, look, MoveInput()))
    assert isinstance(answer, Refused)
    assert told in answer.message
    assert room.record() == before


def test_who_may_act_takes_it_to_a_new_version(room: "Room") -> None:
    room.say(OFFICIALS)
    room.account = "kadis"
    room.start("sk-tim")
    edited(room, ("waktu: 10 Menit", "waktu: 20 Menit"))
    assert isinstance(room.ask(lambda session: migrate(session, planned(room), MoveInput())), Outcome)
