"""What a refusal says as data, for who words it: its reason, its advice, its facts."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from sopctl.engine import case_changes, guards
from sopctl.engine.events import Rejected

if TYPE_CHECKING:
    from tests.engine.conftest import Walk

FORM = """
id: uji
nama: Uji
pelaksana: {tim: Tim, kabid: Kepala Bidang}
fields:
  nilai: {label: Nilai, type: number}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim}
  - {id: nilai, kegiatan: Menilai, pelaksana: kabid,
     branches: {lulus: {to: bersama, when: nilai >= 75}, ulang: {to: susun, when: nilai < 60}}}
  - {id: bersama, kegiatan: Bersama, pelaksana: [tim, kabid], together: true}
  - {id: ulangi, kegiatan: Mengulang, pelaksana: tim, branches: {kembali: susun, terus: panggil}}
  - {id: sebelum, kegiatan: Menyiapkan, pelaksana: tim}
  - {id: panggil, kegiatan: Mengerjakan, pelaksana: tim, sop: lain}
  - {id: tiga, kegiatan: Memilih, pelaksana: tim,
     branches: {a: {to: end, when: nilai > 90}, b: {to: susun, when: nilai > 50}, c: {to: end, when: nilai > 99}}}
  - {id: empat, kegiatan: Memilih, pelaksana: tim,
     branches: {a: {to: end, when: nilai > 90}, b: {to: susun, when: nilai > 50}, c: {to: susun, when: nilai > 10}}}
"""


def at(walks: "type[Walk]", walk: "Walk", step: str) -> "Walk":
    return walks(walk.sop, step)


@pytest.mark.parametrize(
    ("nilai", "advice", "facts", "says"),
    [
        (70, "", {}, "Cabang 'lulus' mensyaratkan nilai >= 75, dan itu tidak terpenuhi; periksa isiannya."),
        (50, "turn_down", {"labels": ("ulang",)}, "tidak terpenuhi; yang terpenuhi cabang 'ulang'."),
    ],
)
def test_a_condition_that_does_not_hold_names_the_branch_that_does(
    walks: "type[Walk]", walk: "Walk", nilai: int, advice: str, facts: dict[str, tuple[str, ...]], says: str
) -> None:
    there = at(walks, walk, "nilai")
    there.fill(nilai=nilai)
    assert there.approve() == "condition"
    assert (there.refused.advice or "", there.refused.facts) == (advice, facts)
    assert there.refused.message.endswith(says)


def test_of_three_branches_one_is_to_be_chosen(walks: "type[Walk]", walk: "Walk") -> None:
    there = at(walks, walk, "tiga")
    there.fill(nilai=60)
    assert there.approve() == "condition"
    assert (there.refused.advice, there.refused.facts) == ("turn_down", {"labels": ("b",)})
    other = at(walks, walk, "empat")
    other.fill(nilai=60)
    assert other.approve() == "condition"
    assert (other.refused.advice, other.refused.facts) == ("choose", {"labels": ("b",)})


def test_where_all_act_together_it_says_whose_turn_it_is(walks: "type[Walk]", walk: "Walk") -> None:
    there = at(walks, walk, "bersama")
    assert there.approve() == "as_needed"
    assert there.refused.facts == {"turn": ("tim", "kabid")}


def test_who_may_not_act_hears_whether_the_case_is_assigned_already(walk: "Walk") -> None:
    outside = walk.request(allowed=frozenset({"kabid"}))
    assert walk.approve(outside) == "not_permitted"
    assert walk.refused.advice == "assign"
    walk.take(case_changes.assign(walk.state, walk.request(), "tim", "Nama Pejabat"))
    outside = walk.request(allowed=frozenset({"kabid"}))
    assert walk.approve(outside) == "not_permitted"
    assert walk.refused.advice == "reassign"
    refused = guards.refuse_outsider(walk.sop, walk.state, outside)
    assert refused == walk.refused
    assert guards.refuse_outsider(walk.sop, walk.state, walk.request(allowed=frozenset({"tim"}))) is None


def test_approving_where_the_first_branch_leads_back_turns_the_work_down(walks: "type[Walk]", walk: "Walk") -> None:
    there = at(walks, walk, "ulangi")
    assert there.approve() == "note_needed"
    assert there.approve(there.request(note="belum")) == "done"
    assert isinstance(there.case.instance.events[-1], Rejected)
    assert there.state.step == "susun"


def test_a_step_that_another_case_does_says_which(walks: "type[Walk]", walk: "Walk") -> None:
    there = at(walks, walk, "panggil")
    assert there.approve() == "waits_for_call"
    assert there.refused.facts == {"sop": "lain"}
    there.call("lain-7")
    assert there.approve() == "waits_for_child"
    assert there.refused.facts == {"child": "lain-7"}
    there.complete("lain-7")
    assert there.withdraw() == "done_elsewhere"


def test_a_required_field_of_the_sop_that_is_called_is_named_one_move_before(
    read: "Callable[[str], Walk]", walks: "type[Walk]", walk: "Walk"
) -> None:
    from sopctl.engine.next_actions import next_actions  # noqa: PLC0415 — this test alone

    text = "id: lain\nnama: Lain\npelaksana: {tim: Tim}\nfields:\n  nilai: {label: Nilai, required: true}\n"
    called = read(text + "steps:\n  - {id: satu, kegiatan: Satu, pelaksana: tim}\n").sop
    there = at(walks, walk, "sebelum")
    found = next_actions(there.sop, there.state, find_sop={"lain": called}.get)
    assert [[field.name for field in action.fields] for action in found] == [["nilai"]]
    assert [action.fields for action in next_actions(there.sop, there.state)] == [()]
