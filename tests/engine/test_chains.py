"""Rows that several pelaksana pass along or share, and the diamonds that some of them hold."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from sopctl.engine.next_actions import next_actions
from sopctl.engine.replay import find_impossible_event

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


SEVERAL = """
id: uji
nama: Uji
pelaksana: {{a: A, b: B, c: C}}
documents:
  surat: {{template: surat-tugas.docx}}
steps:
  - {{id: susun, kegiatan: Menyusun, pelaksana: a, document: {{name: surat}}}}
  - {{id: telaah, kegiatan: Menelaah, pelaksana: b}}
  - id: periksa
    kegiatan: Memeriksa
    pelaksana: [a, b, c]
    document: {{name: surat, act: initial}}
    {exits}
  - {{id: arsip, kegiatan: Mengarsipkan, pelaksana: c}}
"""
SHARED = "branches: {sesuai: arsip, belum sesuai: susun}"


@pytest.mark.parametrize(
    ("exits", "back"),
    [
        pytest.param(f"decides: all\n    {SHARED}", ["susun", "susun", "susun"], id="all"),
        pytest.param(f"decides: [c, a]\n    {SHARED}", ["susun", None, "susun"], id="two of three"),
        pytest.param(
            "decides: {a: {lengkap: arsip, tidak lengkap: susun}, c: {setuju: arsip, belum: telaah}}",
            ["susun", None, "telaah"],
            id="each by exits of its own",
        ),
        pytest.param(
            f"decides: {{a: {{}}, b: {{ya: arsip, tidak: telaah}}}}\n    {SHARED}",
            ["susun", "telaah", None],
            id="one of its own",
        ),
    ],
)
@pytest.mark.parametrize("together", ["", "    together: ya\n"], ids=["in order", "together"])
def test_each_diamond_of_a_row_turns_down_to_its_own_target(
    read: "Callable[[str], Walk]", exits: str, back: list[str | None], together: str
) -> None:
    document = "    document: {name: surat, act"
    text = SEVERAL.format(exits=exits).replace(document, together + document)
    for place, target in enumerate(back):
        walk = read(text)
        walk.approve_until("periksa")
        for who in "abc"[:place]:
            assert walk.approve(walk.request(as_=who)) == "done"
        named = {one.kind for one in next_actions(walk.sop, walk.state) if one.pelaksana in ("", "abc"[place])}
        assert named == ({"approve", "reject"} if target else {"approve"})
        turned_down = walk.reject(walk.request(as_="abc"[place], note="belum"))
        assert turned_down == ("done" if target else "not_the_decider")
        if target:
            assert walk.state.step == target
            assert walk.state.visits[2].rejected
        assert find_impossible_event("versi", walk.case.instance.events, {"versi": walk.sop}.__getitem__) is None


def test_the_work_leaves_a_row_of_several_diamonds_once_all_agreed_and_each_initialled(
    read: "Callable[[str], Walk]",
) -> None:
    walk = read(SEVERAL.format(exits=f"decides: all\n    {SHARED}"))
    walk.approve_until("periksa")
    assert [walk.approve(), walk.decide("sesuai"), walk.state.step] == ["done", "done", "periksa"]
    assert walk.approve() == "done"
    assert (walk.state.step, walk.state.visits[2].outcome) == ("arsip", "sesuai")
    assert [(one.act, one.pelaksana) for one in walk.state.signings["surat"]] == [
        ("draft", "a"), ("initial", "a"), ("initial", "b"), ("initial", "c"),
    ]  # fmt: skip
    walk.withdraw()
    assert (walk.state.turn, walk.state.visit.label) == (("c",), "sesuai")


def test_of_several_who_decide_the_last_one_signs_and_says_where_it_goes(read: "Callable[[str], Walk]") -> None:
    text = SEVERAL.format(exits="decides: {a: {x: arsip, y: susun}, b: {besar: arsip, kecil: end, lagi: susun}}")
    walk = read(text.replace("act: initial", "act: sign"))
    walk.approve_until("periksa")
    assert [walk.approve(), walk.approve(), walk.decide("kecil"), walk.approve()] == [
        "done", "label_needed", "done", "done",
    ]  # fmt: skip
    assert (walk.state.status, walk.state.visits[2].outcome) == ("completed", "kecil")
    assert [(one.act, one.pelaksana) for one in walk.state.signings["surat"]] == [("draft", "a"), ("sign", "b")]


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
