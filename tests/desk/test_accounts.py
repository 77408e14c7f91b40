"""Who may act: with accounts in `sopctl.yaml` only they, while they are in office, and whom a case was assigned to."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from sopctl.desk import moves
from sopctl.desk import start as opening
from sopctl.desk.ask import Ask
from sopctl.desk.desk import Desk
from sopctl.desk.outcome import Outcome
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
"""


@pytest.fixture
def staffed(room: "Room") -> "Room":
    """An office whose officials have accounts, and one case at its first row."""
    room.write(FORM)
    room.say(OFFICIALS)
    room.account = "ketua"
    room.start("uji")
    return room


def reason(answer: "Answer") -> str:
    """Why a command was refused, `done` where it was not."""
    return answer.reason if isinstance(answer, Refused) else "done"


def approving(room: "Room", account: str, *, as_: str = "", at: str = "") -> str:
    room.account = account
    return reason(room.ask(lambda desk: moves.approve(desk, "uji-1", Ask(as_=as_, at=at))))


def assign(room: "Room", to: str) -> None:
    assert reason(room.ask(lambda desk: moves.assign(desk, "uji-1", "Tim Kerja", to, Ask()))) == "done"


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
        pytest.param("kabid-tetap", "2026-11-20 15:00", "done", id="in office when it was done on paper"),
        pytest.param("kabid-plt", "2026-11-20 15:00", "not_permitted", id="not yet in office when it was done"),
    ],
)
def test_the_day_of_the_act_decides_who_was_in_office(room: "Room", account: str, at: str, expected: str) -> None:
    room.write(FORM)
    room.say(OFFICIALS)
    room.account = "ketua"
    room.start("uji", ask=Ask(at="2026-11-18 09:00"))
    room.approve("uji-1", Ask(at="2026-11-19 09:00"))
    assert approving(room, account, at=at) == expected


BESIDE: dict[str, Callable[[Desk], "Answer"]] = {
    "start": lambda desk: opening.start(desk, "uji", opening.Opening(), Ask()),
    "set": lambda desk: moves.fill(desk, "uji-1", Ask(sets=("hasil=x",))),
    "note": lambda desk: moves.note(desk, "uji-1", Ask(note="x")),
    "assign": lambda desk: moves.assign(desk, "uji-1", "tim", "tamu", Ask()),
    "suspend": lambda desk: moves.suspend(desk, "uji-1", Ask(note="x")),
    "cancel": lambda desk: moves.cancel(desk, "uji-1", Ask(note="x")),
}


@pytest.mark.parametrize("command", BESIDE)
@pytest.mark.parametrize(("account", "expected"), [("tamu", "not_permitted"), ("sekretaris", "done")])
def test_who_is_no_official_changes_nothing_at_all(staffed: "Room", command: str, account: str, expected: str) -> None:
    staffed.account = account
    before = staffed.record()
    assert reason(staffed.ask(BESIDE[command])) == expected
    assert (staffed.record() == before) == (expected != "done")


@pytest.mark.parametrize(
    ("to", "account", "expected"),
    [
        pytest.param("sekretaris", "sekretaris", "done", id="by account"),
        pytest.param("Pejabat D", "sekretaris", "done", id="by name"),
        pytest.param("pejabat d", "sekretaris", "done", id="by name in any case"),
        pytest.param("Pejabat D", "ketua", "not_permitted", id="another of the same post"),
        pytest.param("tamu", "tamu", "done", id="somebody the office does not list"),
    ],
)
def test_an_assigned_pelaksana_is_the_work_of_one_person(staffed: "Room", to: str, account: str, expected: str) -> None:
    assign(staffed, to)
    assert approving(staffed, account) == expected


def test_an_assignment_that_is_taken_back_binds_nobody(staffed: "Room") -> None:
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
    assert room.desk().case("uji-1").instance.events[-1].by == "siapa-saja"


def test_a_move_is_taken_back_by_the_account_that_made_it(staffed: "Room") -> None:
    assert approving(staffed, "ketua") == "done"
    staffed.account = "sekretaris"
    answer = staffed.ask(lambda desk: moves.withdraw(desk, "uji-1", Ask(note="keliru")))
    assert reason(answer) == "not_yours"
    staffed.account = "ketua"
    assert isinstance(staffed.withdraw("uji-1"), Outcome)


@pytest.mark.parametrize("as_", ["kadis", "Kepala Dinas"])
def test_a_pelaksana_that_the_sop_does_not_have_is_not_found(staffed: "Room", as_: str) -> None:
    with pytest.raises(NotFoundError, match=r"pilihannya: tim \(Tim Kerja\), kabid"):
        approving(staffed, "ketua", as_=as_)
