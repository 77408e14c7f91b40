"""Rows that are worked on at the same time: each arm of a fork goes its own way, and the join waits for all."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sopctl.engine.fold import fold
from sopctl.engine.next_actions import next_actions
from sopctl.engine.replay import find_impossible_event

if TYPE_CHECKING:
    from tests.engine.conftest import Walk

FORM = """
id: rapat
nama: Rapat
pelaksana: {kabag: Kepala Bagian, staf: Staf, protokol: Protokol}
documents: {undangan: {template: umum.docx}, denah: {template: umum.docx}}
steps:
  - {id: perintah, kegiatan: Memerintahkan, pelaksana: kabag, next: [undangan, tempat]}
  - {id: undangan, kegiatan: Menyusun, pelaksana: staf, document: {name: undangan, act: draft}}
  - {id: paraf, kegiatan: Memeriksa, pelaksana: kabag, document: {name: undangan, act: initial},
     branches: {ya: laksana, belum: undangan}}
  - {id: tempat, kegiatan: Menyiapkan, pelaksana: protokol, document: {name: denah, act: draft}}
  - {id: setuju, kegiatan: Menyetujui, pelaksana: kabag, document: {name: denah, act: initial},
     branches: {ya: laksana, ulang: perintah}}
  - {id: laksana, kegiatan: Melaksanakan, pelaksana: kabag, branches: {ya: end, kurang: undangan}}
"""


def at(walk: "Walk") -> list[str]:
    return [row.step or "" for row in walk.state.rows]


def test_each_arm_goes_its_own_way_and_the_join_waits_for_the_last(walk: "Walk") -> None:
    assert walk.approve() == "done"
    assert at(walk) == ["undangan", "tempat"]
    assert walk.approve(walk.request(as_="protokol")) == "done"
    assert at(walk) == ["undangan", "setuju"]
    assert walk.approve(step="setuju") == "done"
    assert (at(walk), walk.state.turn, walk.state.visit.step) == (["undangan"], ("staf",), "undangan")
    assert walk.approve() == "done"
    assert walk.approve() == "done"
    assert (at(walk), walk.state.open) == (["laksana"], ())
    assert walk.approve() == "done"
    assert walk.state.status == "completed"
    assert walk.way == ["perintah", "undangan", "tempat", "setuju", "paraf", "laksana"]
    assert all(visit.until for visit in walk.state.visits)


def test_a_move_without_a_row_is_refused_where_it_could_be_meant_for_several(walk: "Walk") -> None:
    walk.approve()
    assert walk.approve() == "several_rows"
    assert walk.refused.facts == {"steps": ("undangan", "tempat")}
    assert walk.approve(walk.request(as_="kabag")) == "not_your_turn"
    assert "Staf, Protokol" in walk.refused.message
    assert walk.approve(walk.request(allowed=frozenset(["staf"]))) == "done"
    assert walk.approve(walk.request(as_="protokol")) == "done"
    assert walk.approve(walk.request(as_="kabag")) == "several_rows"


def test_a_rejection_within_an_arm_leaves_the_others_and_what_they_signed(walk: "Walk") -> None:
    walk.approve()
    walk.approve(step="undangan")
    walk.approve(step="tempat")
    assert walk.reject(step="paraf") == "done"
    assert at(walk) == ["undangan", "setuju"]
    assert walk.state.visit.round == 2
    assert [one.act for one in walk.state.signings["denah"]] == ["draft"]
    assert walk.state.signings["undangan"] == ()


def test_a_rejection_to_before_the_fork_withdraws_all_arms(walk: "Walk") -> None:
    walk.approve()
    walk.approve(step="undangan")
    walk.approve(step="tempat")
    assert walk.reject(step="setuju") == "done"
    assert at(walk) == ["perintah"]
    assert [(visit.step, visit.outcome) for visit in walk.state.visits if visit.step == "paraf"] == [
        ("paraf", "ditarik")
    ]
    assert walk.state.signings == {"undangan": (), "denah": ()}
    walk.approve()
    assert [(row.visit.step, row.visit.round) for row in walk.state.rows] == [("undangan", 2), ("tempat", 2)]


def test_a_rejection_after_the_join_into_an_arm_repeats_that_arm_alone(walk: "Walk") -> None:
    walk.approve()
    for step in ("undangan", "tempat", "setuju", "paraf"):
        walk.approve(step=step)
    assert walk.reject() == "done"
    assert at(walk) == ["undangan"]
    assert [one.act for one in walk.state.signings["denah"]] == ["draft", "initial"]
    walk.approve()
    walk.approve()
    assert at(walk) == ["laksana"]


def test_a_move_in_an_arm_is_withdrawn_and_with_that_of_the_fork_all_arms(walk: "Walk") -> None:
    walk.approve()
    forked = walk.state
    walk.approve(step="tempat")
    walk.note()
    assert walk.withdraw() == "done"
    assert walk.state.visits == forked.visits
    assert at(walk) == ["undangan", "tempat"]
    assert walk.withdraw() == "done"
    assert (at(walk), walk.way) == (["perintah"], ["perintah"])


def test_begin_call_suspend_and_cancel_know_every_open_row(walk: "Walk") -> None:
    walk.approve()
    assert walk.begin(step="tempat") == "done"
    walk.call("denah-1", "tempat")
    assert [bool(row.visit.begun) for row in walk.state.rows] == [False, True]
    assert [row.visit.child for row in walk.state.rows] == ["", "denah-1"]
    walk.suspend()
    assert walk.approve(step="undangan") == "suspended"
    walk.resume()
    assert walk.complete("denah-1", step="tempat") == "done"
    walk.cancel()
    assert {visit.step: visit.outcome for visit in walk.state.visits if visit.outcome == "dibatalkan"} == {
        "undangan": "dibatalkan", "setuju": "dibatalkan",
    }  # fmt: skip
    assert (walk.state.open, walk.state.step) == ((), None)


def test_what_is_next_are_the_moves_of_every_open_row(walk: "Walk") -> None:
    walk.approve()
    walk.approve(step="undangan")
    assert [(one.kind, one.step) for one in next_actions(walk.sop, walk.state)] == [
        ("approve", "paraf"), ("reject", "paraf"), ("approve", "tempat"),
    ]  # fmt: skip


def test_a_rejection_waits_for_the_case_of_another_sop_in_an_arm_that_it_would_withdraw(walk: "Walk") -> None:
    walk.approve()
    walk.approve(step="undangan")
    walk.approve(step="tempat")
    walk.call("lain-1", "paraf")
    assert walk.reject(step="setuju") == "waits_for_child"


def test_arms_may_meet_one_after_the_other(read: Callable[[str], "Walk"]) -> None:
    walk = read("""
id: tiga
nama: Tiga
pelaksana: {a: A, b: B, c: C}
steps:
  - {id: mulai, kegiatan: Memulai, pelaksana: a, next: [satu, dua, tiga]}
  - {id: satu, kegiatan: Menyusun, pelaksana: a, next: gabung}
  - {id: dua, kegiatan: Menyusun, pelaksana: b, next: gabung}
  - {id: gabung, kegiatan: Menggabungkan, pelaksana: a, next: [x, y]}
  - {id: x, kegiatan: Menyusun, pelaksana: a, next: akhir}
  - {id: y, kegiatan: Menyusun, pelaksana: b, next: akhir}
  - {id: tiga, kegiatan: Menyusun, pelaksana: c, next: akhir}
  - {id: akhir, kegiatan: Mengakhiri, pelaksana: a}
""")
    walk.approve()
    walk.approve(step="satu")
    assert at(walk) == ["dua", "tiga"]
    walk.approve(step="dua")
    assert at(walk) == ["gabung", "tiga"]
    walk.approve(step="gabung")
    assert at(walk) == ["x", "y", "tiga"]
    walk.approve(step="tiga")
    walk.approve(step="x")
    assert at(walk) == ["y"]
    walk.approve()
    assert at(walk) == ["akhir"]


def test_what_the_record_says_of_arms_is_the_fold_and_can_be(walk: "Walk") -> None:
    walk.approve()
    walk.approve(step="undangan")
    walk.begin(step="tempat")
    walk.approve(step="tempat")
    walk.reject(step="paraf")
    walk.reject(step="setuju")
    walk.approve()
    events = walk.case.instance.events
    assert fold(walk.sop, events) == walk.state
    assert find_impossible_event("versi", events, lambda _: walk.sop) is None
