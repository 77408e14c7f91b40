"""Who may say who a pelaksana of a case is, where the office names accounts."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from sopctl.cli.command_lines import next_commands
from sopctl.cli.remedies import sentence
from sopctl.desk import moves
from sopctl.desk.move_input import MoveInput
from sopctl.desk.status import case_status
from sopctl.desk.why import why
from sopctl.engine.refused import Refused
from sopctl.errors import NotFoundError

if TYPE_CHECKING:
    from tests.conftest import Room

FORM = """
id: uji
nama: Uji
pelaksana:
  {pemohon: Pemohon, kabid: Kepala Bidang 3, staf: Staf, kadis: Kepala Dinas, ketua: Ketua Tim, arsip: Arsiparis}
steps:
  - {id: mohon, kegiatan: Memohon, pelaksana: pemohon}
  - {id: teruskan, kegiatan: Meneruskan, pelaksana: kabid}
  - {id: siapkan, kegiatan: Menyiapkan, pelaksana: staf}
  - {id: laksanakan, kegiatan: Melaksanakan, pelaksana: ketua}
  - {id: setujui, kegiatan: Menyetujui, pelaksana: kadis}
  - {id: simpan, kegiatan: Menyimpan, pelaksana: arsip}
"""
OFFICIALS = """
officials:
  - {nama: Ibu Kadis, jabatan: Kepala Dinas, pelaksana: [kadis], accounts: [kadis]}
  - {nama: Ibu Kabid, jabatan: Kepala Bidang 3, pelaksana: [kabid], accounts: [kabid]}
  - {nama: Pak Staf, jabatan: Staf, pelaksana: [staf], accounts: [staf]}
  - {nama: Pak Lain, jabatan: Kepala Bidang 1, pelaksana: [lain], accounts: [lain]}
  - {nama: Pak Bekas, jabatan: Arsiparis, pelaksana: [arsip], accounts: [bekas], until: 2026-10-31}
  - {nama: Pak Kertas, jabatan: Staf, pelaksana: [lain]}
"""


@pytest.fixture
def case(room: "Room") -> "Room":
    """One case at its first row, that of a pelaksana whom no official holds; an official of another post opened it."""
    room.write(FORM)
    room.say(OFFICIALS)
    room.account = "lain"
    room.start("uji")
    return room


def assigning(room: "Room", account: str, pelaksana: str, to: str) -> str:
    room.account = account
    answer = room.ask(lambda session: moves.assign(session, "uji-1", pelaksana, to, MoveInput()))
    return answer.message if isinstance(answer, Refused) else "done"


@pytest.mark.parametrize(
    ("account", "pelaksana", "to", "told"),
    [
        pytest.param("kabid", "kabid", "staf", "done", id="one's own post"),
        pytest.param("staf", "kadis", "staf", "akun yang berwenang untuknya: kadis", id="the head's"),
        pytest.param("staf", "kabid", "kadis", "akun yang berwenang untuknya: kabid", id="to lock another out"),
        pytest.param("lain", "kadis", "lain", "akun yang berwenang untuknya: kadis", id="who opened it"),
        pytest.param("kabid", "arsip", "kabid", "sekarang tidak ada; isi dahulu officials", id="a post that is vacant"),
        pytest.param("kabid", "ketua", "Pak Staf", "done", id="nobody's post, by a row above"),
        pytest.param("kadis", "ketua", "kadis", "baris di atasnya (Pemohon, Kepala Bidang 3, Staf)", id="by one below"),
        pytest.param("lain", "pemohon", "lain", "done", id="the first row, by who opened it"),
        pytest.param("kadis", "pemohon", "staf", "done", id="the first row, by any of the SOP"),
        pytest.param("kabid", "kabid", "Pak Bekas", "Pak Bekas tidak menjabat", id="to one who left"),
        pytest.param("kabid", "kabid", "bekas", "bekas tidak menjabat", id="to an account that left"),
        pytest.param("kabid", "kabid", "Pak Kertas", "belum mempunyai akun", id="to one without an account"),
    ],
)
def test_an_assignment_is_made_by_who_may(case: "Room", account: str, pelaksana: str, to: str, told: str) -> None:
    before = case.record()
    answer = assigning(case, account, pelaksana, to)
    assert told in answer
    assert (case.record() == before) == (told != "done")


def test_whoever_has_the_turn_says_who_a_post_of_nobody_is(case: "Room") -> None:
    for pelaksana in ("pemohon", "ketua"):
        assert assigning(case, "kabid", pelaksana, "Pak Staf") == "done"
    for case.account in ("staf", "kabid", "staf"):
        case.approve("uji-1")
    assert "baris di atasnya" in assigning(case, "kadis", "ketua", "Ibu Kadis")
    case.account = "staf"
    assert case.approve("uji-1").turn == ("kadis",)
    assert assigning(case, "kadis", "ketua", "Ibu Kadis") == "done"


def test_who_was_assigned_may_hand_it_on_and_who_delegated_may_take_it_back(case: "Room") -> None:
    assert assigning(case, "kabid", "kabid", "Pak Staf") == "done"
    assert assigning(case, "staf", "kabid", "Ibu Kadis") == "done"
    assert "akun yang berwenang" in assigning(case, "staf", "kabid", "Pak Staf")
    assert assigning(case, "kabid", "kabid", "") == "done"


@pytest.mark.parametrize("to", ["nobodyatall", "Pak Entah"])
def test_nobody_is_assigned_whom_the_office_does_not_list(case: "Room", to: str) -> None:
    before = case.record()
    with pytest.raises(NotFoundError, match="bukan pejabat atau akun yang dikenal"):
        assigning(case, "kabid", "kabid", to)
    assert case.record() == before


def test_who_left_the_office_has_left_what_was_assigned_too(case: "Room") -> None:
    assert assigning(case, "kadis", "pemohon", "staf") == "done"
    case.say(OFFICIALS.replace("[staf], accounts: [staf]", "[staf], accounts: [staf], until: 2026-11-23"))
    case.account = "staf"
    answer = case.ask(lambda session: moves.approve(session, "uji-1", MoveInput()))
    assert isinstance(answer, Refused)
    assert answer.reason == "not_permitted"


@pytest.mark.parametrize(
    ("was", "now"),
    [
        pytest.param("  - {nama: Pak Staf, jabatan: Staf, pelaksana: [staf], accounts: [staf]}\n", "", id="removed"),
        pytest.param("accounts: [staf]", "accounts: [staf], until: 2026-11-23", id="past-the-last-day"),
        pytest.param("accounts: [staf]", "accounts: [staf], from: 2026-11-25", id="before-the-first-day"),
        pytest.param("accounts: [staf]", "accounts: [staf-baru]", id="another-account"),
    ],
)
def test_nobody_who_left_is_named_as_one_who_may_act(case: "Room", was: str, now: str) -> None:
    assert assigning(case, "kabid", "pemohon", "staf") == "done"
    case.say(OFFICIALS.replace(was, now))
    found, told = why(case.session(), "uji-1"), case_status(case.session().record, "uji-1")
    assert [(one.people, one.absent, one.anybody) for one in found.holders] == [((), "staf", False)]
    assert next_commands("uji-1", found.next) == next_commands("uji-1", told.next)
    assert next_commands("uji-1", found.next) == ('sopctl assign uji-1 pemohon "NAMA"',)
    assert (told.assigned, told.absent) == ({"pemohon": "staf"}, ("pemohon",))
    assert "staf, yang ditugasi sebagai Pemohon, tidak ada lagi" in sentence(told.notices[0])
    assert "sopctl assign" in sentence(told.notices[0])
    case.account = "kadis"
    answer = case.ask(lambda session: moves.approve(session, "uji-1", MoveInput()))
    assert isinstance(answer, Refused)
    assert "staf, yang ditugasi, tidak ada lagi di kantor ini" in answer.message
    assert assigning(case, "kabid", "pemohon", "kabid") == "done"
    assert [one.people for one in why(case.session(), "uji-1").holders] == [("kabid",)]
    assert case_status(case.session().record, "uji-1").absent == ()


def test_who_left_is_told_as_soon_as_the_case_comes_to_him(case: "Room") -> None:
    assert assigning(case, "kabid", "kabid", "Pak Staf") == "done"
    case.say(OFFICIALS.replace("nama: Pak Staf", "nama: Pak Lama"))
    assert assigning(case, "kabid", "pemohon", "kabid") == "done"
    case.account = "kabid"
    moved = case.approve("uji-1")
    assert [one.message for one in moved.notices] == [
        "Pak Staf, yang ditugasi sebagai Kepala Bidang 3, tidak ada lagi di kantor ini."
    ]
    assert [one.kind for one in moved.next] == ["assign"]


def test_no_command_is_named_for_a_post_in_which_nobody_is_today(case: "Room") -> None:
    assert assigning(case, "kabid", "pemohon", "kabid") == "done"
    case.say(OFFICIALS.replace("accounts: [kabid]", "accounts: [kabid], until: 2026-11-24"))
    case.account = "kabid"
    case.approve("uji-1")
    case.now += timedelta(days=1)
    found, told = why(case.session(), "uji-1"), case_status(case.session().record, "uji-1")
    assert [(one.people, one.anybody, one.absent) for one in found.holders] == [((), False, "")]
    assert found.next == told.next == ()
    assert "Sebagai Kepala Bidang 3 tidak ada yang menjabat hari ini" in told.notices[0].message


def test_who_left_an_office_without_accounts_is_not_named_either(room: "Room") -> None:
    room.write(FORM)
    room.say("officials:\n  - {nama: Ibu Kadis, pelaksana: [kadis]}")
    room.start("uji")
    assert assigning(room, "akun", "pemohon", "Ibu Kadis") == "done"
    room.say("officials:\n  - {nama: Ibu Kadis, pelaksana: [kadis], until: 2026-11-23}")
    assert [one.people for one in why(room.session(), "uji-1").holders] == [()]
    assert "tidak menjabat" in assigning(room, "akun", "pemohon", "Ibu Kadis")
    room.say("officials: []")
    assert next_commands("uji-1", why(room.session(), "uji-1").next) == ('sopctl assign uji-1 pemohon "NAMA"',)
    assert assigning(room, "akun", "pemohon", "akun-lain") == "done"
    assert [one.people for one in why(room.session(), "uji-1").holders] == [("akun-lain",)]


def test_who_left_is_not_suggested_as_whom_to_assign(case: "Room") -> None:
    with pytest.raises(NotFoundError) as raised:
        assigning(case, "kabid", "kabid", "Pak Beka")
    assert "Pak Bekas" not in str(raised.value)
    with pytest.raises(NotFoundError, match="Pak Staf"):
        assigning(case, "kabid", "kabid", "Pak Sta")


def test_why_says_to_assign_whom_the_office_does_not_have(case: "Room") -> None:
    assert next_commands("uji-1", why(case.session(), "uji-1").next) == ('sopctl assign uji-1 pemohon "NAMA"',)
    assigning(case, "kabid", "pemohon", "staf")
    assert next_commands("uji-1", why(case.session(), "uji-1").next) == ("sopctl approve uji-1 --step mohon",)


def test_without_accounts_anybody_assigns_anybody(room: "Room") -> None:
    room.write(FORM)
    room.start("uji")
    assert assigning(room, "siapa-saja", "kadis", "entah-siapa") == "done"
    assert assigning(room, "orang-lain", "kadis", "") == "done"
