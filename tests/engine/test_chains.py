"""Rows that several pelaksana pass along or share, and the diamond that one of them holds."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.engine.conftest import Walk

FORM = """
id: uji
nama: Uji
pelaksana: {a: A, b: B, c: C}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: a}
  - {id: periksa, kegiatan: Memeriksa, pelaksana: [a, b, c], decides: b, branches: {ya: arsip, tidak: susun}}
  - {id: lain, kegiatan: Mencatat, pelaksana: a, next: arsip}
  - {id: arsip, kegiatan: Mengarsipkan, pelaksana: a}
"""
TOGETHER = FORM.replace("decides: b", "together: true, decides: b")
together = pytest.mark.parametrize("sop", [TOGETHER], indirect=True, ids=["together"])


def test_a_row_passes_along_its_pelaksana_in_their_order(walk: "Walk") -> None:
    walk.approve_until("periksa")
    turns = []
    while walk.state.step == "periksa":
        turns.append(walk.state.turn)
        walk.approve()
    assert turns == [("a",), ("b",), ("c",)]
    assert walk.state.step == "arsip"


def test_what_the_one_in_the_middle_decided_stands_once_the_row_is_done(walk: "Walk") -> None:
    walk.approve_until("periksa")
    walk.approve()
    assert walk.decide("ya") == "done"
    assert (walk.state.step, walk.state.turn, walk.state.visit.label) == ("periksa", ("c",), "ya")
    walk.approve()
    assert (walk.state.step, walk.state.visits[1].outcome) == ("arsip", "ya")


def test_turning_down_in_the_middle_leaves_the_row_at_once(walk: "Walk") -> None:
    walk.approve_until("periksa")
    walk.approve()
    assert walk.reject() == "done"
    assert (walk.state.step, walk.state.turn) == ("susun", ("a",))


def test_after_the_way_back_the_whole_row_is_passed_along_again(walk: "Walk") -> None:
    walk.approve_until("periksa")
    walk.approve()
    walk.reject()
    walk.approve()
    assert walk.state.turn == ("a",)
    walk.approve_until("arsip")
    assert [part.pelaksana for part in walk.state.visits[3].acted] == ["a", "b", "c"]


@pytest.mark.parametrize("before", [0, 2], ids=["before the decider", "after the decider"])
def test_those_around_the_decider_only_pass_it_on(walk: "Walk", before: int) -> None:
    walk.approve_until("periksa")
    for _ in range(before):
        walk.approve()
    assert walk.reject() == "not_the_decider"
    assert walk.decide("ya") == "not_the_decider"
    assert walk.approve() == "done"


def test_without_decides_the_last_of_the_row_holds_the_diamond(walk: "Walk") -> None:
    """
    id: uji
    nama: Uji
    pelaksana: {a: A, b: B}
    steps:
      - {id: susun, kegiatan: Menyusun, pelaksana: a}
      - {id: periksa, kegiatan: Memeriksa, pelaksana: [a, b], branches: {ya: end, tidak: susun}}
    """
    walk.approve_until("periksa")
    assert walk.reject() == "not_the_decider"
    walk.approve()
    assert walk.reject() == "done"


@together
def test_those_who_act_together_act_in_any_order(walk: "Walk") -> None:
    walk.approve_until("periksa")
    assert walk.state.turn == ("a", "b", "c")
    for pelaksana, left in {"c": ("a", "b"), "a": ("b",)}.items():
        assert walk.approve(walk.request(as_=pelaksana)) == "done"
        assert walk.state.turn == left
    assert walk.approve() == "done"
    assert walk.state.step == "arsip"


@together
@pytest.mark.parametrize(
    ("as_", "allowed", "reason"),
    [
        pytest.param("", None, "as_needed", id="nobody named"),
        pytest.param("", frozenset({"a", "c"}), "as_needed", id="an account of two of them"),
        pytest.param("", frozenset({"c"}), "done", id="an account of one of them"),
        pytest.param("a", frozenset({"c"}), "not_permitted", id="as another of them"),
        pytest.param("b", None, "done", id="named"),
    ],
)
def test_those_who_act_together_say_who_they_are(
    walk: "Walk", as_: str, allowed: frozenset[str] | None, reason: str
) -> None:
    walk.approve_until("periksa")
    assert walk.approve(walk.request(as_=as_, allowed=allowed)) == reason


@together
def test_nobody_acts_twice_in_a_row(walk: "Walk") -> None:
    walk.approve_until("periksa")
    walk.approve(walk.request(as_="a"))
    assert walk.approve(walk.request(as_="a")) == "not_your_turn"


@together
def test_the_decider_turns_down_before_the_others_acted(walk: "Walk") -> None:
    walk.approve_until("periksa")
    assert walk.reject(walk.request(as_="b", note="belum")) == "done"
    assert walk.way == ["susun", "periksa", "susun"]


@together
def test_the_decider_may_agree_before_the_others_acted(walk: "Walk") -> None:
    walk.approve_until("periksa")
    for pelaksana in ("b", "c", "a"):
        assert walk.approve(walk.request(as_=pelaksana)) == "done"
    assert (walk.state.step, walk.state.visits[1].outcome) == ("arsip", "ya")


def test_a_hand_on_within_the_row_is_taken_back_alone(walk: "Walk") -> None:
    walk.approve_until("periksa")
    before = walk.state
    walk.approve()
    assert walk.withdraw() == "done"
    assert (walk.state.step, walk.state.turn, walk.state.visits) == ("periksa", ("a",), before.visits)


def test_what_the_row_asks_for_is_asked_of_the_last_of_it(walk: "Walk") -> None:
    """
    id: uji
    nama: Uji
    pelaksana: {a: A, b: B}
    fields:
      hasil: {label: Hasil, required: true, step: periksa}
    steps:
      - {id: periksa, kegiatan: Memeriksa, pelaksana: [a, b]}
    """
    assert walk.approve() == "done"
    assert walk.approve() == "missing_fields"
    assert walk.approve(walk.request(fields={"hasil": "baik"})) == "done"


def test_a_called_case_does_the_whole_row(walk: "Walk") -> None:
    walk.approve_until("periksa")
    walk.approve()
    assert walk.complete("lain-1", "Laporan") == "done"
    assert walk.state.step == "arsip"
