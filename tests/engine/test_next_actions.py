"""What is next for a case, as data: each action with the fields, evidence, label and reason that it wants."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from sopctl.engine.next_actions import NextAction, next_actions

if TYPE_CHECKING:
    from tests.engine.conftest import Walk

FORM = """
id: uji
nama: Uji
pelaksana: {tim: Tim, kabid: Kepala Bidang, kadis: Kepala Dinas}
fields:
  hal: {label: Hal, required: true, step: susun}
  nilai: {label: Nilai, type: number, step: nilai}
  nota: {label: Nota, required: true, step: nilai}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim, kelengkapan: [{nama: Bukti, evidence: true}]}
  - {id: periksa, kegiatan: Memeriksa, pelaksana: kabid, branches: {sesuai: panggil, belum sesuai: susun}}
  - {id: panggil, kegiatan: Mengerjakan, pelaksana: tim, sop: lain}
  - {id: boleh, kegiatan: Mengerjakan, pelaksana: tim, sop: {id: lain, optional: true}}
  - {id: bersama, kegiatan: Bersama, pelaksana: [tim, kabid], together: true, decides: kabid,
     branches: {satu: pilih, dua: susun}}
  - {id: pilih, kegiatan: Memilih, pelaksana: kadis, branches: {satu: nilai, dua: end, tiga: susun}}
  - id: nilai
    kegiatan: Menilai
    pelaksana: kabid
    kelengkapan: [{nama: Lembar, evidence: true}]
    branches: {lulus: {to: akhir, when: nilai >= 75}, ulang: {to: susun, when: nilai < 60}}
  - id: akhir
    kegiatan: Menilai lagi
    pelaksana: kabid
    branches: {a: {to: tutup, when: nilai >= 90}, b: {to: end, when: nilai >= 80}, c: {to: susun, when: nilai >= 75}}
  - {id: dua, kegiatan: Memilih, pelaksana: kadis, branches: {satu: tutup, lain: end}}
  - {id: satu, kegiatan: Memilih, pelaksana: kadis, branches: {maju: tutup, ulang: susun, ditolak: end}}
  - {id: balik, kegiatan: Memilih, pelaksana: kadis, branches: {kembali: susun, terus: tutup}}
  - {id: tutup, kegiatan: Menutup, pelaksana: tim}
"""
CALLED = """
id: lain
nama: Lain
pelaksana: {tim: Tim}
fields:
  judul: {label: Judul, required: true}
  catatan: {label: Catatan, required: true, step: satu}
steps:
  - {id: satu, kegiatan: Satu, pelaksana: tim}
"""


def shown(action: NextAction) -> dict[str, Any]:
    """What an action says, without what it leaves open."""
    names = {"fields": tuple(field.name for field in action.fields)}
    said = {name: getattr(action, name) for name in action.__struct_fields__} | names
    return {name: value for name, value in said.items() if value not in ("", (), False)}


def actions(walk: "Walk", **more: Any) -> list[dict[str, Any]]:  # noqa: ANN401 — as the function takes them
    return [shown(action) for action in next_actions(walk.sop, walk.state, **more)]


def at(walks: "type[Walk]", walk: "Walk", step: str) -> "Walk":
    """A case that begins at this step."""
    return walks(walk.sop, step)


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("susun", [{"kind": "approve", "fields": ("hal",), "items": ("Bukti",)}]),
        (
            "periksa",
            [{"kind": "approve", "label": "sesuai"}, {"kind": "reject", "label": "belum sesuai", "note": True}],
        ),
        ("panggil", [{"kind": "start", "called": "lain"}]),
        ("boleh", [{"kind": "approve"}, {"kind": "start", "called": "lain"}]),
        (
            "bersama",
            [
                {"kind": "approve", "pelaksana": "tim"},
                {"kind": "approve", "pelaksana": "kabid", "label": "satu"},
                {"kind": "reject", "pelaksana": "kabid", "label": "dua", "note": True},
            ],
        ),
        (
            "pilih",
            [
                {"kind": "decide", "label": "satu"},
                {"kind": "decide", "label": "dua"},
                {"kind": "reject", "label": "tiga", "note": True},
            ],
        ),
        ("dua", [{"kind": "decide", "label": "satu"}, {"kind": "decide", "label": "lain"}]),
        (
            "satu",
            [
                {"kind": "approve", "label": "maju"},
                {"kind": "decide", "label": "ulang", "note": True},
                {"kind": "decide", "label": "ditolak", "note": True},
            ],
        ),
        ("balik", [{"kind": "decide", "label": "terus"}, {"kind": "reject", "label": "kembali", "note": True}]),
        ("nilai", [{"kind": "fill", "fields": ("nilai", "nota"), "items": ("Lembar",)}]),
    ],
)
def test_each_step_says_what_it_takes(
    walks: "type[Walk]", walk: "Walk", step: str, expected: list[dict[str, Any]]
) -> None:
    assert actions(at(walks, walk, step)) == [{"step": step, **one} for one in expected]


LULUS = {"kind": "approve", "label": "lulus", "fields": ("nota",), "items": ("Lembar",)}


@pytest.mark.parametrize(
    ("step", "nilai", "expected"),
    [
        pytest.param("nilai", 75, [LULUS], id="the first holds"),
        pytest.param("nilai", 59, [{"kind": "reject", "label": "ulang", "note": True}], id="the way back holds"),
        pytest.param(
            "nilai", 70, [{"kind": "fill", "fields": ("nilai", "nota"), "items": ("Lembar",)}], id="neither holds"
        ),
        pytest.param(
            "akhir",
            95,
            [
                {"kind": "approve", "label": "a"},
                {"kind": "decide", "label": "b"},
                {"kind": "reject", "label": "c", "note": True},
            ],
            id="all three hold",
        ),
        pytest.param(
            "akhir",
            85,
            [{"kind": "approve", "label": "b"}, {"kind": "reject", "label": "c", "note": True}],
            id="the second holds first",
        ),
        pytest.param("akhir", 76, [{"kind": "reject", "label": "c", "note": True}], id="only the way back holds"),
    ],
)
def test_conditions_leave_the_branches_that_hold(
    walks: "type[Walk]", walk: "Walk", step: str, nilai: int, expected: list[dict[str, Any]]
) -> None:
    there = at(walks, walk, step)
    there.fill(nilai=nilai)
    assert actions(there) == [{"step": step, **one} for one in expected]


def test_what_is_there_is_not_asked_for_again(walk: "Walk") -> None:
    walk.fill(hal="Rapat")
    assert actions(walk) == [{"kind": "approve", "step": "susun", "items": ("Bukti",)}]


def test_a_suspended_case_goes_on_first_and_an_ended_one_has_nothing_next(walk: "Walk") -> None:
    walk.suspend()
    assert actions(walk) == [{"kind": "resume", "step": "susun"}]
    walk.cancel()
    assert actions(walk) == []


def test_a_step_that_another_case_does_waits_for_it(walks: "type[Walk]", walk: "Walk") -> None:
    there = at(walks, walk, "panggil")
    there.call("lain-3")
    assert actions(there) == [{"kind": "wait", "step": "panggil", "called": "lain-3"}]


@pytest.mark.parametrize("step", ["panggil", "boleh"])
def test_the_start_of_the_called_sop_says_what_that_asks_for_at_its_start(
    walks: "type[Walk]", walk: "Walk", read: "Callable[[str], Walk]", step: str
) -> None:
    found = actions(at(walks, walk, step), find_sop={"lain": read(CALLED).sop}.get)
    assert found[-1] == {"kind": "start", "step": step, "called": "lain", "fields": ("judul",)}


def test_who_is_nobody_is_to_be_assigned(walks: "type[Walk]", walk: "Walk") -> None:
    nobody = frozenset({"tim"})
    assert actions(walk, nobody=nobody) == [{"kind": "assign", "step": "susun", "pelaksana": "tim"}]
    assert actions(at(walks, walk, "bersama"), nobody=nobody)[:2] == [
        {"kind": "assign", "step": "bersama", "pelaksana": "tim"},
        {"kind": "approve", "step": "bersama", "pelaksana": "kabid", "label": "satu"},
    ]
