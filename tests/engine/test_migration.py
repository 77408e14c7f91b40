"""A case under another version of its SOP: everything it went through keeps its place, under the new ids."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from sopctl.engine.case import Case
from sopctl.engine.events import Approved, Migrated, Written, find_broken_link
from sopctl.engine.fold import fold, fold_versions

if TYPE_CHECKING:
    from sopctl.sop.model import Sop
    from tests.engine.conftest import Walk

FORM = """
id: uji
nama: Uji
pelaksana: {tim: Tim, kabid: Kepala Bidang, kadis: Kepala Dinas}
documents:
  surat: {template: surat-tugas.docx}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim, document: {name: surat, act: draft}}
  - {id: periksa, kegiatan: Memeriksa, pelaksana: [kabid, tim], decides: kabid,
     branches: {sesuai: akhir, belum: susun}, document: {name: surat, act: initial}}
  - {id: akhir, kegiatan: Menutup, pelaksana: tim}
"""
NEW = """
id: uji
nama: Uji
pelaksana: {tim: Tim, kabid: Kepala Bidang, kadis: Kepala Dinas}
documents:
  surat: {template: surat-tugas.docx}
steps:
  - {id: menyusun, kegiatan: Menyusun, pelaksana: tim, document: {name: surat, act: draft}}
  - {id: memeriksa, kegiatan: Memeriksa, pelaksana: [kabid, tim], decides: kabid,
     branches: {sesuai: menutup, belum: menyusun}, document: {name: surat, act: initial}}
  - {id: menutup, kegiatan: Menutup, pelaksana: kadis}
"""
RENAMED = {"susun": "menyusun", "periksa": "memeriksa", "akhir": "menutup"}


@pytest.fixture
def newer(read: "Callable[[str], Walk]") -> "Sop":
    return read(NEW).sop


def gone_through(walk: "Walk") -> Case:
    """A case at its last row, whose first move wrote a Word file."""
    walk.approve()
    letter = Written(name="surat", act="draft", step="susun", path="surat.docx", sha256="0" * 64)
    walk.case = walk.case.with_documents((letter,))
    walk.approve()
    walk.approve()
    return walk.case


def migrated(walk: "Walk", newer: "Sop") -> Case:
    case = gone_through(walk)
    request = walk.request()
    event = Migrated(
        at=request.at, recorded_at=request.now, by="akun", before="versi", version="baru", steps=RENAMED
    )  # fmt: skip
    return case.migrated(newer, event)


def test_the_past_bears_the_new_ids_and_the_turn_is_that_of_the_new_version(walk: "Walk", newer: "Sop") -> None:
    before = gone_through(walk).state
    walk = type(walk)(walk.sop)
    state = migrated(walk, newer).state
    assert state.step == "menutup"
    assert state.turn == ("kadis",)
    assert [(visit.step, visit.to, visit.outcome) for visit in state.visits] == [
        ("menyusun", "", "selesai"),
        ("memeriksa", "menutup", "sesuai"),
        ("menutup", "", ""),
    ]
    assert [(written.step, written.path) for written in state.documents] == [("menyusun", "surat.docx")]
    assert {name: [(one.act, one.step) for one in acts] for name, acts in state.signings.items()} == {
        "surat": [("draft", "menyusun"), ("initial", "memeriksa")]
    }
    assert [visit.since for visit in state.visits] == [visit.since for visit in before.visits]


def test_the_case_says_which_version_it_follows_and_is_read_again_from_its_events(walk: "Walk", newer: "Sop") -> None:
    old = walk.sop
    case = migrated(walk, newer)
    versions = {"versi": old, "baru": newer}.__getitem__
    assert (case.sop, case.instance.version, case.instance.revision) == (newer, "baru", 5)
    assert case.agrees()
    assert not replace(case, instance=replace(case.instance, version="versi")).agrees()
    assert Case.read(newer, case.instance, versions) == case
    assert Case.from_events(case.id, "versi", case.instance.events, versions) == case
    assert fold_versions(old, case.instance.events, versions) == (newer, case.state)
    assert find_broken_link(case.id, "versi", case.instance.events, case.instance.head) is None


def test_a_case_that_never_changed_its_version_is_made_again_from_its_events(walk: "Walk") -> None:
    case = gone_through(walk)
    assert Case.from_events(case.id, "versi", case.instance.events, {"versi": walk.sop}.__getitem__) == case


def test_who_knows_no_other_version_cannot_read_on(walk: "Walk", newer: "Sop") -> None:
    case = migrated(walk, newer)
    with pytest.raises(KeyError, match="versi"):
        Case.read(newer, case.instance)
    with pytest.raises(KeyError, match="baru"):
        fold(walk.sop, case.instance.events)


def test_events_that_do_not_begin_with_an_opening_are_no_case(walk: "Walk") -> None:
    gone_through(walk)
    moved = walk.case.instance.events[1]
    assert isinstance(moved, Approved)
    with pytest.raises(KeyError):
        fold(walk.sop, (moved,))


def test_the_other_pauses_stay_when_one_ends(walk: "Walk") -> None:
    for _ in range(3):
        walk.suspend()
        walk.resume()
    assert [pause.until is not None for pause in walk.state.pauses] == [True] * 3
    assert len({pause.since for pause in walk.state.pauses}) == 3
    walk.suspend()
    walk.cancel()
    assert [pause.until is not None for pause in walk.state.pauses] == [True] * 4


def test_a_move_that_is_taken_back_leaves_its_time_and_names_who_took_it_back(walk: "Walk") -> None:
    walk.approve()
    walk.withdraw()
    taken = walk.case.instance.events[-1]
    assert walk.state.last == taken.at == walk.now
    assert (taken.for_, taken.note) == ("tim", "keliru")
    assert walk.state.step == "susun"


def test_a_move_keeps_its_note_and_whom_it_was_made_for(walk: "Walk") -> None:
    walk.approve(walk.request(note="sudah"))
    move = walk.case.instance.events[-1]
    assert (move.note, move.for_, move.by) == ("sudah", "tim", "akun")
