"""Who may act: with accounts in `sopctl.yaml` only they, while they are in office, and whom a case was assigned to."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from sopctl.desk import moves, start
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.desk.session import Session
from sopctl.engine.refused import Refused
from sopctl.errors import NotFoundError

if TYPE_CHECKING:
    from tests.conftest import Answer, Room

FORM = """
id: uji
nama: Uji
pelaksana: {tim: Tim Kerja, kabid: Kepala Bidang 3}
fields:
  hasil: {label: Hasil}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim}
  - {id: periksa, kegiatan: Memeriksa, pelaksana: kabid, branches: {ya: end, tidak: susun}}
"""
OFFICIALS = """
officials:
  - {nama: Pejabat A, jabatan: Kepala Bidang 3, pelaksana: [kabid], accounts: [kabid-tetap], until: 2026-11-20}
  - {nama: Pejabat B, jabatan: Kepala Bidang 3, pelaksana: [kabid], accounts: [Kabid-Plt], from: 2026-11-21, as: Plt.}
  - {nama: Pejabat C, jabatan: Ketua Tim, pelaksana: [tim], accounts: [ketua]}
  - {nama: Pejabat D, jabatan: Sekretaris, pelaksana: [tim, kabid], accounts: [sekretaris]}
  - {nama: Pejabat E, jabatan: Kepala Bidang 1, pelaksana: [lain], accounts: [lain]}
  - {nama: Pejabat F, jabatan: Kepala Bidang 3, pelaksana: [kabid], accounts: [merangkap], until: 2026-11-20, as: Plh.}
  - {nama: Pejabat F, jabatan: Ketua Tim, pelaksana: [tim], accounts: [merangkap]}
  - {nama: Pejabat G, jabatan: Staf, pelaksana: [tim]}
"""


@pytest.fixture
def staffed(room: "Room") -> "Room":
    """An office whose officials have accounts, and one case at its first row."""
    room.write(FORM)
    room.say(OFFICIALS)
    room.account = "ketua"
    room.start("uji")
    return room


@pytest.fixture
def earlier(room: "Room") -> "Room":
    """The same, and the case came to its second row while the former Kepala Bidang was in office."""
    room.write(FORM)
    room.say(OFFICIALS)
    room.account = "ketua"
    room.start("uji", typed=MoveInput(at="2026-11-18 09:00"))
    room.approve("uji-1", MoveInput(at="2026-11-19 09:00"))
    return room


def reason(answer: "Answer") -> str:
    """Why a command was refused, `done` where it was not."""
    return answer.reason if isinstance(answer, Refused) else "done"


def approving(room: "Room", account: str, *, as_: str = "", at: str = "") -> str:
    room.account = account
    return reason(room.ask(lambda session: moves.approve(session, "uji-1", MoveInput(as_=as_, at=at))))


def assign(room: "Room", to: str) -> None:
    assert reason(room.ask(lambda session: moves.assign(session, "uji-1", "Tim Kerja", to, MoveInput()))) == "done"


@pytest.mark.parametrize(
    ("account", "as_", "expected"),
    [
        pytest.param("ketua", "", "done", id="the one whose turn it is"),
        pytest.param("KETUA", "", "done", id="in any case, as Windows has it"),
        pytest.param("sekretaris", "", "done", id="one with several posts"),
        pytest.param("sekretaris", "tim", "done", id="one with several posts, named"),
        pytest.param("ketua", "Tim Kerja", "done", id="by the title on the form"),
        pytest.param("kabid-plt", "", "not_permitted", id="one with another post"),
        pytest.param("kabid-plt", "tim", "not_permitted", id="one with another post, who says otherwise"),
        pytest.param("ketua", "kabid", "not_your_turn", id="another pelaksana"),
        pytest.param("tamu", "", "not_permitted", id="nobody the office knows"),
    ],
)
def test_only_the_accounts_of_a_post_act_for_it(staffed: "Room", account: str, as_: str, expected: str) -> None:
    assert approving(staffed, account, as_=as_) == expected


@pytest.mark.parametrize(
    ("account", "at", "expected"),
    [
        pytest.param("kabid-plt", "", "done", id="in office today"),
        pytest.param("kabid-tetap", "", "not_permitted", id="no longer in office"),
        pytest.param("kabid-tetap", "2026-11-20 15:00", "not_permitted", id="in office then, and no longer today"),
        pytest.param("sekretaris", "2026-11-20 15:00", "done", id="in office then and today"),
        pytest.param("kabid-plt", "2026-11-20 15:00", "not_permitted", id="not yet in office when it was done"),
    ],
)
def test_an_account_is_in_office_on_the_day_of_the_act_and_today(
    earlier: "Room", account: str, at: str, expected: str
) -> None:
    assert approving(earlier, account, at=at) == expected


@pytest.mark.parametrize(
    ("account", "told"),
    [
        pytest.param(
            "kabid-tetap", "pada hari ini (24-11-2026), walaupun berwenang pada hari kejadiannya (20-11-2026)"
        ),
        pytest.param("kabid-plt", "pada hari kejadiannya (20-11-2026)"),
        pytest.param(
            "merangkap", "Kepala Bidang 3 pada hari ini (24-11-2026), walaupun berwenang pada hari kejadiannya"
        ),
    ],
)
def test_which_of_the_two_days_fails_is_told(earlier: "Room", account: str, told: str) -> None:
    earlier.account = account
    answer = earlier.ask(lambda session: moves.approve(session, "uji-1", MoveInput(at="2026-11-20 15:00")))
    assert isinstance(answer, Refused)
    assert told in answer.message


BESIDE: dict[str, Callable[[Session], "Answer"]] = {
    "start": lambda session: start.start(session, "uji", start.StartInput(), MoveInput()),
    "set": lambda session: moves.fill(session, "uji-1", MoveInput(sets=("hasil=x",))),
    "note": lambda session: moves.note(session, "uji-1", MoveInput(note="x")),
    "assign": lambda session: moves.assign(session, "uji-1", "tim", "ketua", MoveInput()),
    "suspend": lambda session: moves.suspend(session, "uji-1", MoveInput(note="x")),
    "cancel": lambda session: moves.cancel(session, "uji-1", MoveInput(note="x")),
}


@pytest.mark.parametrize("command", BESIDE)
@pytest.mark.parametrize(
    ("account", "expected"),
    [
        pytest.param("tamu", "not_permitted", id="no official"),
        pytest.param("kabid-tetap", "not_permitted", id="a former one"),
        pytest.param("sekretaris", "done", id="a pelaksana of the SOP"),
    ],
)
def test_who_does_not_belong_changes_nothing_at_all(staffed: "Room", command: str, account: str, expected: str) -> None:
    staffed.account = account
    before = staffed.record()
    assert reason(staffed.ask(BESIDE[command])) == expected
    assert (staffed.record() == before) == (expected != "done")


@pytest.mark.parametrize("command", ["set", "note", "suspend", "cancel"])
def test_an_official_of_another_post_leaves_the_case_alone_unless_assigned_in_it(staffed: "Room", command: str) -> None:
    staffed.account = "lain"
    before = staffed.record()
    answer = staffed.ask(BESIDE[command])
    assert isinstance(answer, Refused)
    assert "bukan pelaksana SOP uji, tidak ditugaskan pada berkas ini" in answer.message
    assert staffed.record() == before
    staffed.account = "ketua"
    assign(staffed, "Pejabat E")
    staffed.account = "lain"
    assert reason(staffed.ask(BESIDE[command])) == "done"


@pytest.mark.parametrize(("account", "expected"), [("lain", "not_permitted"), ("sekretaris", "done")])
def test_who_opens_a_case_for_another_belongs_to_that_one(room: "Room", account: str, expected: str) -> None:
    row = "kegiatan: Menyusun, pelaksana: tim"
    room.write(FORM.replace(row, f"{row}, sop: {{id: anak, optional: ya}}"), FORM.replace("id: uji", "id: anak"))
    room.say(OFFICIALS)
    room.account = "ketua"
    room.start("uji")
    room.account, before = account, room.record()
    of = start.StartInput(parent="uji-1")
    assert reason(room.ask(lambda session: start.start(session, "anak", of, MoveInput()))) == expected
    assert (room.record() == before) == (expected != "done")


def test_who_opened_a_case_may_end_it_too(staffed: "Room") -> None:
    staffed.account = "lain"
    assert staffed.start("uji").id == "uji-2"
    assert staffed.cancel("uji-2").status == "cancelled"


@pytest.mark.parametrize(
    ("to", "account", "expected"),
    [
        pytest.param("sekretaris", "sekretaris", "done", id="by account"),
        pytest.param("Pejabat D", "sekretaris", "done", id="by name"),
        pytest.param("pejabat d", "sekretaris", "done", id="by name in any case"),
        pytest.param("Pejabat D", "ketua", "not_permitted", id="another of the same post"),
        pytest.param("Pejabat E", "lain", "done", id="somebody with another post"),
    ],
)
def test_an_assigned_pelaksana_is_the_work_of_one_person(staffed: "Room", to: str, account: str, expected: str) -> None:
    assign(staffed, to)
    assert approving(staffed, account) == expected


def test_an_assignment_that_is_taken_back_binds_nobody(staffed: "Room") -> None:
    """Who delegated may take it back, though the pelaksana is another's meanwhile."""
    assign(staffed, "Pejabat D")
    assign(staffed, "")
    assert approving(staffed, "ketua") == "done"


def test_an_assignment_binds_where_nobody_has_an_account_too(room: "Room") -> None:
    room.write(FORM)
    room.start("uji")
    assign(room, "ketua")
    assert approving(room, "akun") == "not_permitted"
    assert approving(room, "ketua") == "done"
    assert approving(room, "akun") == "done"


def test_without_accounts_whoever_is_at_the_keyboard_acts_and_is_recorded(room: "Room") -> None:
    room.write(FORM)
    room.start("uji")
    assert approving(room, "siapa-saja") == "done"
    assert room.session().record.load_case("uji-1").instance.events[-1].by == "siapa-saja"


def test_a_move_is_taken_back_by_the_account_that_made_it(staffed: "Room") -> None:
    assert approving(staffed, "ketua") == "done"
    staffed.account = "sekretaris"
    answer = staffed.ask(lambda session: moves.withdraw(session, "uji-1", MoveInput(note="keliru")))
    assert reason(answer) == "not_yours"
    staffed.account = "ketua"
    assert isinstance(staffed.withdraw("uji-1"), Outcome)


@pytest.mark.parametrize("as_", ["kadis", "Kepala Dinas"])
def test_a_pelaksana_that_the_sop_does_not_have_is_not_found(staffed: "Room", as_: str) -> None:
    with pytest.raises(NotFoundError, match=r"pilihannya: tim \(Tim Kerja\), kabid"):
        approving(staffed, "ketua", as_=as_)
