"""Which acts upon a document count: those since the last draft that nobody turned down."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from sopctl.engine.effects import find_effect, steps_without_paraf

if TYPE_CHECKING:
    from tests.engine.conftest import Walk

FORM = """
id: uji
nama: Uji
pelaksana: {tim: Tim Kerja, kasubbag: Kasubbag TU, kabid: Kepala Bidang 3, kadis: Kepala Dinas}
fields:
  hal: {label: Hal}
documents:
  surat: {template: surat-tugas.docx, kode: 800.1.11.1}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim, document: {name: surat, act: draft}}
  - {id: paraf, kegiatan: Memaraf, pelaksana: kasubbag, document: {name: surat, act: initial}}
  - id: periksa
    kegiatan: Memeriksa
    pelaksana: kabid
    branches: {sesuai: tandatangan, belum sesuai: paraf}
    document: {name: surat, act: initial}
  - id: tandatangan
    kegiatan: Menandatangani
    pelaksana: kadis
    branches: {setuju: end, tidak: susun}
    document: {name: surat, act: sign}
"""


def acts(walk: "Walk", document: str = "surat") -> list[tuple[str, str]]:
    """The acts that count, and by whom."""
    return [(signing.act, signing.pelaksana) for signing in walk.state.signings.get(document, ())]


def test_the_acts_are_those_of_the_rows_in_order(walk: "Walk") -> None:
    walk.approve_until(None)
    assert acts(walk) == [("draft", "tim"), ("initial", "kasubbag"), ("initial", "kabid"), ("sign", "kadis")]


def test_a_draft_that_is_turned_down_loses_the_acts_since_the_row_it_goes_back_to(walk: "Walk") -> None:
    walk.approve_until("periksa")
    walk.reject()
    assert acts(walk) == [("draft", "tim")]
    walk.approve_until("tandatangan")
    assert acts(walk) == [("draft", "tim"), ("initial", "kasubbag"), ("initial", "kabid")]


@pytest.mark.parametrize("times", [1, 3])
def test_an_act_that_is_made_anew_counts_once(walk: "Walk", times: int) -> None:
    for _ in range(times):
        walk.approve_until("tandatangan")
        walk.reject()
        assert acts(walk) == []
    walk.approve_until(None)
    assert acts(walk) == [("draft", "tim"), ("initial", "kasubbag"), ("initial", "kabid"), ("sign", "kadis")]


def test_turning_down_is_no_act_upon_the_document(walk: "Walk") -> None:
    walk.approve_until("tandatangan")
    walk.reject()
    walk.approve()
    assert acts(walk) == [("draft", "tim")]


def test_an_act_that_is_taken_back_counts_no_more(walk: "Walk") -> None:
    walk.approve_until("periksa")
    walk.withdraw()
    assert acts(walk) == [("draft", "tim")]


def test_a_rejection_that_is_taken_back_gives_the_acts_back(walk: "Walk") -> None:
    walk.approve_until("tandatangan")
    before = acts(walk)
    walk.reject()
    walk.withdraw()
    assert acts(walk) == before


def test_a_new_draft_starts_the_count_anew(walk: "Walk") -> None:
    """
    id: uji
    nama: Uji
    pelaksana: {tim: Tim Kerja, kabid: Kepala Bidang 3}
    documents:
      surat: {template: surat-tugas.docx}
    steps:
      - {id: konsep, kegiatan: Membuka konsep, pelaksana: kabid, document: {name: surat, act: draft}}
      - {id: susun, kegiatan: Menyusun, pelaksana: tim, document: {name: surat, act: draft}}
    """
    walk.approve_until(None)
    assert acts(walk) == [("draft", "tim")]


def test_in_a_row_of_several_the_act_is_the_deciders(walk: "Walk") -> None:
    """
    id: uji
    nama: Uji
    pelaksana: {a: A, b: B, c: C}
    documents:
      surat: {template: surat-tugas.docx}
    steps:
      - {id: susun, kegiatan: Menyusun, pelaksana: a, document: {name: surat}}
      - id: periksa
        kegiatan: Memeriksa
        pelaksana: [a, b, c]
        decides: b
        branches: {ya: end, tidak: susun}
        document: {name: surat, act: sign}
    """
    walk.approve_until(None)
    assert acts(walk) == [("draft", "a"), ("sign", "b")]


def test_without_a_draft_every_paraf_on_the_way_is_missed(walks: "type[Walk]", walk: "Walk") -> None:
    walk = walks(walk.sop, "paraf")
    assert steps_without_paraf(walk.sop, walk.state, "surat") == ()
    walk.approve()
    walk.approve()
    assert steps_without_paraf(walk.sop, replace(walk.state, signings={}), "surat") == ("paraf", "periksa")


def test_only_the_paraf_since_the_last_draft_are_missed(walk: "Walk") -> None:
    walk.approve_until("tandatangan")
    walk.reject()
    walk.approve()
    walk.approve()
    drafted = {"surat": tuple(one for one in walk.state.signings["surat"] if one.act == "draft")}
    assert steps_without_paraf(walk.sop, replace(walk.state, signings=drafted), "surat") == ("paraf",)
    assert steps_without_paraf(walk.sop, walk.state, "surat") == ()


def test_a_signed_document_keeps_what_it_said_and_a_draft_follows_the_case(walk: "Walk") -> None:
    walk.fill(hal="Rapat")
    walk.approve_until("tandatangan")
    before = walk.state
    walk.fill(hal="Undangan")
    did = find_effect(before, walk.state, walk.case.instance.events[-1])
    assert (did.changed, did.kept, [one.act for one in did.dropped["surat"]]) == (("hal",), {}, ["initial", "initial"])


def test_a_field_that_a_signed_document_shows_otherwise_is_told(read: "Callable[[str], Walk]") -> None:
    walk = read(FORM.replace("setuju: end", "setuju: tutup") + "  - {id: tutup, kegiatan: Menutup, pelaksana: tim}\n")
    walk.fill(hal="Rapat")
    walk.approve_until("tutup")
    before = walk.state
    walk.fill(hal="Lain")
    assert find_effect(before, walk.state, walk.case.instance.events[-1]).kept == {"surat": ("hal",)}


def test_a_rejection_drops_acts_as_expected_and_tells_nothing_of_it(walk: "Walk") -> None:
    walk.approve_until("tandatangan")
    before = walk.state
    walk.reject()
    assert find_effect(before, walk.state, walk.case.instance.events[-1]).dropped == {}
