"""What waits for one account: the turns in which it may act today, the most urgent first."""

from typing import TYPE_CHECKING

import icalendar
import pytest

from sopctl.desk import moves
from sopctl.desk.inbox import make_calendar_feed, waiting_for
from sopctl.desk.move_input import MoveInput
from sopctl.engine.refused import Refused

if TYPE_CHECKING:
    from tests.conftest import Room

ROW = """
    id: {id}
    nama: Uji
    pelaksana: {{tim: Tim Kerja, kabid: Kepala Bidang 3, arsip: Arsiparis}}
    steps:
      - {{id: susun, kegiatan: Menyusun, pelaksana: {pelaksana}, waktu: {waktu}}}
"""
FORK = """
    id: cabang
    nama: Uji cabang
    pelaksana: {tim: Tim Kerja, kabid: Kepala Bidang 3, arsip: Arsiparis}
    steps:
      - {id: mulai, kegiatan: Memulai, pelaksana: arsip, next: [undangan, tempat, catat]}
      - {id: undangan, kegiatan: Mengundang, pelaksana: tim, waktu: 2 jam, next: selesai}
      - {id: tempat, kegiatan: Menyiapkan, pelaksana: kabid, waktu: 1 jam, next: selesai}
      - {id: catat, kegiatan: Mencatat, pelaksana: arsip, next: selesai}
      - {id: selesai, kegiatan: Menutup, pelaksana: kabid}
"""
OFFICIALS = """
officials:
  - {nama: Siti, pelaksana: [kabid], accounts: [siti]}
  - {nama: Siti, pelaksana: [tim], accounts: [siti], as: Plt., from: 2026-11-24}
  - {nama: Budi, pelaksana: [tim], accounts: [budi], until: 2026-11-24}
  - {nama: Ani, pelaksana: [arsip], accounts: [ani]}
"""


@pytest.fixture
def staffed(room: "Room") -> "Room":
    for id, pelaksana, waktu in (("lama", "tim", "2 hari"), ("cepat", "kabid", "5 menit"), ("bebas", "tim", '""')):
        room.write(ROW.format(id=id, pelaksana=pelaksana, waktu=waktu))
    room.write(FORK)
    room.say(OFFICIALS)
    return room


def waiting(room: "Room", account: str) -> list[str]:
    room.account = account
    return [f"{row.id} {row.step}" for row in waiting_for(room.session(looking=True)).rows]


def assign(room: "Room", id: str, pelaksana: str, to: str, *, by: str) -> None:
    room.account = by
    answer = room.ask(lambda session: moves.assign(session, id, pelaksana, to, MoveInput()))
    assert not isinstance(answer, Refused), answer


def test_late_comes_first_then_what_is_due_then_what_has_no_standard(staffed: "Room") -> None:
    staffed.account = "siti"
    for sop in ("bebas", "lama", "cepat"):
        staffed.start(sop)
    staffed.now = staffed.now.replace(hour=15)
    found = waiting_for(staffed.session(looking=True)).rows
    assert [(row.id, row.late) for row in found] == [("cepat-1", True), ("lama-1", False), ("bebas-1", False)]


def test_who_has_several_posts_is_told_of_all_and_others_of_theirs(staffed: "Room") -> None:
    staffed.account = "siti"
    staffed.start("lama")
    staffed.start("cepat")
    assert [waiting(staffed, who) for who in ("siti", "budi", "ani")] == [
        ["cepat-1 susun", "lama-1 susun"], ["lama-1 susun"], []
    ]  # fmt: skip


def test_what_a_case_assigned_to_somebody_waits_for_them_alone(staffed: "Room") -> None:
    staffed.account = "siti"
    staffed.start("lama")
    assign(staffed, "lama-1", "tim", "Ani", by="siti")
    assert [waiting(staffed, who) for who in ("siti", "budi", "ani")] == [[], [], ["lama-1 susun"]]


def test_what_is_assigned_to_who_has_left_waits_for_the_holders_of_the_post(staffed: "Room") -> None:
    staffed.account = "siti"
    staffed.start("lama")
    assign(staffed, "lama-1", "tim", "Budi", by="siti")
    assert [waiting(staffed, who) for who in ("siti", "budi")] == [[], ["lama-1 susun"]]
    staffed.now = staffed.now.replace(day=25)
    assert [waiting(staffed, who) for who in ("siti", "budi")] == [["lama-1 susun"], []]


def test_a_post_is_told_from_its_first_day_to_its_last(staffed: "Room") -> None:
    staffed.account = "siti"
    staffed.start("lama")
    staffed.now = staffed.now.replace(day=25)
    assert [waiting(staffed, who) for who in ("siti", "budi")] == [["lama-1 susun"], []]


def test_each_way_of_a_fork_waits_for_its_own_people(staffed: "Room") -> None:
    staffed.account = "ani"
    staffed.start("cabang")
    staffed.approve("cabang-1")
    assert waiting(staffed, "siti") == ["cabang-1 tempat", "cabang-1 undangan"]
    assert waiting(staffed, "budi") == ["cabang-1 undangan"]
    assert waiting(staffed, "ani") == ["cabang-1 catat"]


def test_a_stranger_waits_for_nothing_and_without_accounts_all_waits_for_anybody(staffed: "Room") -> None:
    staffed.account = "siti"
    staffed.start("lama")
    assert waiting(staffed, "tamu") == []
    staffed.say("officials: []")
    assert waiting(staffed, "tamu") == ["lama-1 susun"]


def test_a_page_account_waits_for_its_own_posts_alone_also_without_accounts(staffed: "Room") -> None:
    staffed.say("""
        officials:
          - {nama: Siti, pelaksana: [kabid]}
          - {nama: Siti, pelaksana: [tim], as: Plt., from: 2026-11-24}
          - {nama: Budi, pelaksana: [tim], until: 2026-11-24}
        """)
    for sop in ("lama", "cepat", "bebas"):
        staffed.start(sop)
    both = ["cepat-1 susun", "lama-1 susun", "bebas-1 susun"]
    assert [waiting(staffed, f"page:{who}") for who in ("siti", "budi", "tamu")] == [both, both[1:], []]
    staffed.now = staffed.now.replace(day=25)
    assert [waiting(staffed, f"page:{who}") for who in ("siti", "budi")] == [both, []]
    staffed.account = "page:siti"
    staffed.say("web: {url: https://sop.kantor.go.id}")
    feed = make_calendar_feed(staffed.session(looking=True))
    links = [event["URL"] for event in icalendar.Calendar.from_ical(feed).walk("VEVENT")]
    assert links == [f"https://sop.kantor.go.id/berkas/{id}" for id in ("cepat-1", "lama-1")]
