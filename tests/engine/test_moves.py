"""From row to row: which way a move takes, and every reason why one is not made."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from sopctl.cli.remedies import sentence
from sopctl.engine import branches
from sopctl.engine.events import Decided, FieldValue, Rejected
from sopctl.errors import NotFoundError

if TYPE_CHECKING:
    from tests.engine.conftest import Walk

FORM = """
id: uji
nama: Uji
pelaksana: {tim: Tim Kerja, kabid: Kepala Bidang 3, kadis: Kepala Dinas}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim}
  - {id: periksa, kegiatan: Memeriksa, pelaksana: kabid, branches: {sesuai: arsip, belum sesuai: susun}}
  - {id: arsip, kegiatan: Mengarsipkan, pelaksana: kadis}
"""


def test_rows_lead_to_the_row_below_and_the_last_one_ends_the_case(walk: "Walk") -> None:
    walk.approve_until(None)
    assert walk.way == ["susun", "periksa", "arsip"]
    assert (walk.state.status, walk.state.turn, walk.state.ended) == ("completed", (), walk.now)


def test_next_leads_elsewhere_and_end_ends_anywhere(walk: "Walk") -> None:
    """
    id: uji
    nama: Uji
    pelaksana: {tim: Tim Kerja}
    steps:
      - {id: satu, kegiatan: Menyusun, pelaksana: tim, next: tiga}
      - {id: dua, kegiatan: Memeriksa, pelaksana: tim, next: end}
      - {id: tiga, kegiatan: Mengarsipkan, pelaksana: tim, next: dua}
    """
    walk.approve_until(None)
    assert walk.way == ["satu", "tiga", "dua"]


def test_a_case_begins_at_any_of_several_entries(walk: "Walk") -> None:
    """
    id: uji
    nama: Uji
    pelaksana: {tim: Tim Kerja}
    start: [langsung, surat]
    steps:
      - {id: surat, kegiatan: Menerima surat, pelaksana: tim}
      - {id: langsung, kegiatan: Menerima perintah, pelaksana: tim}
    """
    assert walk.way == ["langsung"]
    other = type(walk)(walk.sop, "surat")
    other.approve_until(None)
    assert other.way == ["surat", "langsung"]


@pytest.mark.parametrize("times", [0, 1, 2, 7])
def test_a_draft_is_turned_down_as_often_as_it_takes(walk: "Walk", times: int) -> None:
    for _ in range(times):
        walk.approve_until("periksa")
        assert walk.reject() == "done"
    walk.approve_until(None)
    assert walk.way == [*["susun", "periksa"] * (times + 1), "arsip"]
    assert [visit.round for visit in walk.state.visits if visit.step == "periksa"] == list(range(1, times + 2))
    assert [visit.rejected for visit in walk.state.visits if visit.step == "periksa"] == [True] * times + [False]


def test_the_label_is_the_outcome_of_the_visit(walk: "Walk") -> None:
    walk.approve_until("periksa")
    walk.reject()
    walk.approve_until(None)
    assert [visit.outcome for visit in walk.state.visits] == [
        "selesai", "belum sesuai", "selesai", "sesuai", "selesai",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("label", "kind", "to"),
    [
        pytest.param("sesuai", Decided, "arsip", id="the way forward"),
        pytest.param(" BELUM Sesuai ", Rejected, "susun", id="back, in any case and with blanks around"),
    ],
)
def test_a_label_that_is_named_leads_where_it_says(walk: "Walk", label: str, kind: type, to: str) -> None:
    walk.approve_until("periksa")
    assert walk.decide(label) == "done"
    assert isinstance(walk.case.instance.events[-1], kind)
    assert walk.state.step == to


def test_a_label_that_is_not_there_is_not_found_and_those_that_are_get_named(walk: "Walk") -> None:
    walk.approve_until("periksa")
    with pytest.raises(NotFoundError, match="pilihannya: sesuai, belum sesuai"):
        walk.decide("setuju")


three_exits = pytest.mark.parametrize(
    "sop",
    [
        """
id: uji
nama: Uji
pelaksana: {tim: Tim Kerja}
steps:
  - id: pilah
    kegiatan: Memilah
    pelaksana: tim
    branches: {Teknis: teknis, Administratif: administratif, Bukan wewenang: end}
  - {id: teknis, kegiatan: Menelaah, pelaksana: tim, next: end}
  - {id: administratif, kegiatan: Mencatat, pelaksana: tim}
"""
    ],
    indirect=True,
    ids=["three exits"],
)


@three_exits
def test_three_exits_want_a_label(walk: "Walk") -> None:
    assert walk.approve() == "label_needed"
    assert '"Teknis", "Administratif", "Bukan wewenang"' in sentence(walk.refused)


@three_exits
@pytest.mark.parametrize(
    ("label", "way"),
    [
        pytest.param("Teknis", ["pilah", "teknis"], id="first"),
        pytest.param("Administratif", ["pilah", "administratif"], id="second"),
        pytest.param("Bukan wewenang", ["pilah"], id="to the end"),
    ],
)
def test_each_of_three_exits_is_a_decision_and_none_turns_anything_down(
    walk: "Walk", label: str, way: list[str]
) -> None:
    assert walk.decide(label, walk.request()) == "done"
    assert isinstance(walk.case.instance.events[1], Decided)
    walk.approve_until(None)
    assert walk.way == way


conditions = pytest.mark.parametrize(
    "sop",
    [
        """
id: uji
nama: Uji
pelaksana: {penilai: Penilai}
fields:
  nilai: {label: Nilai, type: number}
steps:
  - {id: siapkan, kegiatan: Menyiapkan, pelaksana: penilai}
  - id: nilai
    kegiatan: Menilai
    pelaksana: penilai
    branches:
      baik: {to: baik, when: nilai >= 75}
      cukup: {to: cukup, when: nilai >= 50}
      kurang: siapkan
  - {id: baik, kegiatan: Mencatat, pelaksana: penilai, next: end}
  - {id: cukup, kegiatan: Mencatat, pelaksana: penilai}
"""
    ],
    indirect=True,
    ids=["conditions"],
)


@conditions
@pytest.mark.parametrize(
    ("fields", "answer", "at"),
    [
        pytest.param({"nilai": 75}, "done", "baik", id="the first holds"),
        pytest.param({"nilai": 74.5}, "done", "cukup", id="only the second holds"),
        pytest.param({"nilai": 49}, "condition", "nilai", id="only the way back is left"),
        pytest.param({}, "condition", "nilai", id="not filled in"),
        pytest.param({"nilai": "banyak"}, "condition", "nilai", id="not comparable"),
    ],
)
def test_approve_takes_the_first_exit_whose_condition_holds(
    walk: "Walk", fields: dict[str, FieldValue], answer: str, at: str
) -> None:
    walk.approve()
    assert walk.approve(walk.request(fields=fields)) == answer
    assert walk.state.step == at


@conditions
@pytest.mark.parametrize(
    ("label", "nilai", "answer"),
    [
        pytest.param("baik", 80, "done", id="holds"),
        pytest.param("cukup", 80, "done", id="a later one that holds too"),
        pytest.param("baik", 60, "condition", id="does not hold"),
        pytest.param("kurang", 80, "done", id="without a condition"),
    ],
)
def test_a_named_exit_is_taken_only_where_its_condition_holds(
    walk: "Walk", label: str, nilai: int, answer: str
) -> None:
    walk.approve()
    assert walk.decide(label, walk.request(note="sebab", fields={"nilai": nilai})) == answer


@conditions
def test_a_condition_asks_what_was_filled_in_earlier(walk: "Walk") -> None:
    walk.approve(walk.request(fields={"nilai": 90}))
    assert walk.approve() == "done"
    assert walk.state.step == "baik"


KINDS = """
id: uji
nama: Uji
pelaksana: {{tim: Tim Kerja}}
steps:
  - {{id: awal, kegiatan: Menyusun, pelaksana: tim}}
  - {{id: pilih, kegiatan: Memilih, pelaksana: tim, {exits}}}
  - {{id: maju, kegiatan: Menerima, pelaksana: tim, next: end}}
  - {{id: lain, kegiatan: Menyurati, pelaksana: tim}}
"""


@pytest.mark.parametrize(
    ("exits", "rejected"),
    [
        pytest.param("branches: {ringan: maju, berat: lain}", "", id="two-ways-on"),
        pytest.param("branches: {setuju: maju, tidak: lain}", "", id="below-whatever-its-label"),
        pytest.param("branches: {setuju: maju, lagi: pilih}", "lagi", id="to-itself"),
        pytest.param("branches: {salah: awal, benar: maju}", "salah", id="above-in-the-first-place"),
        pytest.param("branches: {ya: maju, lain: lain, ulang: awal}", "ulang", id="above-of-three"),
        pytest.param("branches: {ya: maju, Permohonan ditolak: end}", "Permohonan ditolak", id="to-the-end-by-label"),
        pytest.param("branches: {ya: maju, lain: lain, Belum lengkap: end}", "Belum lengkap", id="of-three-by-label"),
        pytest.param("branches: {cukup: maju, tidak ada tanggapan: end}", "", id="nothing-is-wanted"),
        pytest.param("branches: {ya: maju, tidak: end}, kind: choice", "", id="a-choice-whatever-its-label"),
        pytest.param("branches: {setuju: end, kembali: awal}, kind: approval", "kembali", id="approval-to-the-end"),
        pytest.param("branches: {setuju: maju, arsipkan: end}, kind: approval", "arsipkan", id="approval-or-the-end"),
        pytest.param("branches: {ya: maju, ulang: awal, gagal: end}", "ulang/gagal", id="two-turn-down"),
    ],
)
def test_a_branch_turns_down_where_it_leads_up_or_ends_the_case_with_a_no(
    read: "Callable[[str], Walk]", exits: str, rejected: str
) -> None:
    """What turns down is recorded as such and wants a reason; `reject` is open where exactly one branch does."""
    down = rejected.split("/") if rejected else []
    for branch in read(KINDS.format(exits=exits)).sop.step("pilih").branches:
        walk = read(KINDS.format(exits=exits))
        walk.approve()
        silent = walk.request()
        assert walk.decide(branch.label, silent) == ("note_needed" if branch.label in down else "done")
        if branch.label in down:
            assert walk.decide(branch.label) == "done"
        assert isinstance(walk.case.instance.events[-1], Rejected if branch.label in down else Decided)
        assert walk.state.visits[1].rejected == (branch.label in down)
    walk = read(KINDS.format(exits=exits))
    walk.approve()
    if len(down) == 1:
        assert walk.reject() == "done"
        assert walk.case.instance.events[-1].label == rejected  # type: ignore[union-attr]
    else:
        assert walk.reject() == "label_needed"
        labels = down or [branch.label for branch in walk.sop.step("pilih").branches]
        named = ", ".join(f'"{label}"' for label in labels)
        assert sentence(walk.refused).endswith(f" Gunakan decide dengan salah satu: {named}.")


@pytest.mark.parametrize(
    ("exits", "answer"),
    [
        pytest.param("branches: {ringan: maju, berat: lain}", "done", id="a-pair"),
        pytest.param("branches: {sesuai: maju, ulang: awal, gagal: end}", "done", id="the-only-way-on-of-three"),
        pytest.param("branches: {sesuai: maju, lain: lain, ulang: awal}", "label_needed", id="one-of-two-ways-on"),
        pytest.param("branches: {ulang: awal, gagal: end, sesuai: maju}", "label_needed", id="not-in-the-first-place"),
    ],
)
def test_approve_takes_the_first_branch_where_it_cannot_mean_another(
    read: "Callable[[str], Walk]", exits: str, answer: str
) -> None:
    walk = read(KINDS.format(exits=exits))
    walk.approve()
    assert walk.approve() == answer
    assert walk.state.step == ("maju" if answer == "done" else "pilih")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        pytest.param({"as_": "kabid"}, "not_your_turn", id="somebody else's turn"),
        pytest.param({"allowed": frozenset({"kadis"})}, "not_permitted", id="an account of another post"),
        pytest.param({"allowed": frozenset()}, "not_permitted", id="an account of no post"),
        pytest.param({"as_": "tim", "allowed": frozenset({"kabid"})}, "not_permitted", id="as somebody it is not"),
        pytest.param({"as_": "tim"}, "done", id="named oneself"),
        pytest.param({"allowed": frozenset({"tim", "kadis"})}, "done", id="an account of several posts"),
    ],
)
def test_only_those_move_whose_turn_it_is(walk: "Walk", said: dict[str, object], reason: str) -> None:
    request = walk.request(**said)  # type: ignore[arg-type]  # a table of keyword arguments
    assert [walk.begin(request), walk.approve(request)] == [reason, reason]


@pytest.mark.parametrize(
    ("minutes", "reason"),
    [
        pytest.param(1, "in_the_future", id="a minute ahead"),
        pytest.param(0, "done", id="now"),
        pytest.param(-1, "done", id="at the time of the last event"),
        pytest.param(-2, "before_the_last", id="before the last event"),
    ],
)
def test_a_move_lies_between_the_last_event_and_now(walk: "Walk", minutes: int, reason: str) -> None:
    at = walk.now + timedelta(minutes=1 + minutes)
    assert walk.approve(walk.request(at=at)) == reason


def test_a_row_without_exits_cannot_be_turned_down(walk: "Walk") -> None:
    assert walk.reject() == "no_branches"
    assert walk.decide("sesuai") == "no_branches"


@pytest.mark.parametrize("note", ["", "belum lengkap"])
def test_turning_down_wants_a_reason(walk: "Walk", note: str) -> None:
    walk.approve_until("periksa")
    assert walk.reject(walk.request(note=note)) == ("done" if note else "note_needed")


def test_an_ended_case_does_not_move(walk: "Walk") -> None:
    walk.approve_until(None)
    assert [walk.approve(), walk.reject(), walk.begin(), walk.decide("sesuai")] == ["completed"] * 4


def test_work_begins_once_a_visit(walk: "Walk") -> None:
    assert [walk.begin(), walk.begin()] == ["done", "already_begun"]
    walk.approve_until("periksa")
    assert walk.state.visit.begun is None
    assert walk.begin() == "done"


def test_a_label_is_found_in_any_case(walk: "Walk") -> None:
    assert branches.find_branch(walk.sop.step("periksa"), "SESUAI").to == "arsip"
