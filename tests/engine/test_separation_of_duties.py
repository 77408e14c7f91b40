"""Four eyes: who did a step, or wrote its fields, does not do the one that says so, whatever account they use."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from sopctl.engine import moves
from sopctl.engine.events import Started
from sopctl.engine.replay import find_impossible_event

if TYPE_CHECKING:
    from tests.engine.conftest import Walk

FORM = """
id: uji
nama: Uji
pelaksana: {tim: Tim, kabid: Kepala Bidang, kadis: Kepala Dinas}
fields:
  tugas: {label: Uraian tugas, step: susun}
  catatan: {label: Catatan, step: periksa}
  perihal: {label: Perihal surat}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim}
  - {id: periksa, kegiatan: Memeriksa, pelaksana: kabid, not_by: susun, branches: {ya: tugaskan, tidak: susun}}
  - {id: tugaskan, kegiatan: Menugaskan, pelaksana: kadis, not_by: [susun, periksa], sop: anak}
"""


@pytest.fixture
def drafted(walk: "Walk") -> "Walk":
    """The case that `penyusun` drafted, about to be checked."""
    assert walk.approve(walk.request(by="penyusun", fields={"tugas": "Satu"})) == "done"
    return walk


def checking(walk: "Walk", by: str, **given: object) -> str:
    return walk.approve(walk.request(by=by, **given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("by", "person", "reason"),
    [
        pytest.param("penyusun", frozenset(), "not_by", id="the account"),
        pytest.param("Penyusun", frozenset(), "not_by", id="in another letter case"),
        pytest.param("kabid", frozenset({"kabid", "PENYUSUN"}), "not_by", id="another account of the same person"),
        pytest.param("kabid", frozenset({"kabid", "kabid-2"}), "done", id="another person with two accounts"),
        pytest.param("kabid", frozenset(), "done", id="another person"),
    ],
)
def test_who_drafted_does_not_check(drafted: "Walk", by: str, person: frozenset[str], reason: str) -> None:
    assert checking(drafted, by, person=person) == reason


def test_both_accounts_are_named(drafted: "Walk") -> None:
    checking(drafted, "kabid", person=frozenset({"kabid", "penyusun"}))
    assert "akun kabid, yang orangnya sebagai penyusun mengerjakan langkah susun;" in drafted.refused.message


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        pytest.param("tugas", "Dua", "not_by", id="a field of the draft"),
        pytest.param("tugas", "Satu", "done", id="the same value again"),
        pytest.param("catatan", "Baik", "done", id="a field of the check itself"),
        pytest.param("perihal", "Lain", "done", id="a field of no step"),
    ],
)
@pytest.mark.parametrize("how", ["set", "with the move"])
def test_who_writes_the_draft_does_not_check_it(drafted: "Walk", how: str, field: str, value: str, reason: str) -> None:
    if how == "set":
        drafted.fill("kabid", **{field: value})
        assert checking(drafted, "kabid") == reason
    else:
        assert checking(drafted, "kabid", fields={field: value}) == reason
    if reason != "done":
        assert "Uraian tugas" in drafted.refused.message


def test_who_wrote_it_counts_after_others_wrote_over_it(drafted: "Walk") -> None:
    drafted.fill("kabid", tugas="Dua")
    drafted.fill("penyusun", tugas="Tiga")
    assert checking(drafted, "kabid") == "not_by"
    assert checking(drafted, "kabid-lain") == "done"


@pytest.mark.parametrize(
    ("then", "now", "person", "reason"),
    [
        pytest.param("", "Pejabat A", {"Pejabat A"}, "done", id="the recorder is not who acts"),
        pytest.param("", "Pejabat A", {"Pejabat A", "penyusun"}, "not_by", id="the official's own account drafted"),
        pytest.param("Pejabat A", "Pejabat A", set(), "not_by", id="both on paper by one official"),
        pytest.param("Pejabat A", "Pejabat B", set(), "done", id="both on paper by two officials"),
        pytest.param("Pejabat A", "", set(), "done", id="who recorded it may check"),
        pytest.param("Pejabat A", "", {"penyusun", "Pejabat A"}, "not_by", id="the official checks his own paper"),
    ],
)
def test_who_acts_on_paper_is_the_official(walk: "Walk", then: str, now: str, person: set[str], reason: str) -> None:
    assert walk.approve(replace(walk.request(by="penyusun"), on_behalf=then)) == "done"
    here = walk.request(by="penyusun", person=frozenset(person))
    assert walk.approve(replace(here, on_behalf=now)) == reason
    assert find_impossible_event("versi", walk.case.instance.events, lambda _: walk.sop) is None


def test_the_end_of_a_called_case_that_was_recorded_for_an_official_is_the_official_s(drafted: "Walk") -> None:
    assert checking(drafted, "kabid") == "done"
    drafted.call("anak-1")
    for official, reason in (("kabid", "not_by"), ("Pejabat B", "done")):
        request = replace(drafted.request(by="penyusun"), on_behalf=official)
        assert drafted.take(moves.complete(drafted.sop, drafted.state, request, "anak-1", ())) == reason
    assert drafted.case.instance.events[-1].on_behalf == "Pejabat B"  # type: ignore[union-attr]
    assert find_impossible_event("versi", drafted.case.instance.events, lambda _: drafted.sop) is None


def test_what_was_taken_back_was_not_written(walk: "Walk") -> None:
    walk.approve(walk.request(by="kabid", fields={"tugas": "Satu"}))
    walk.withdraw(walk.request(by="kabid", note="keliru"))
    walk.approve(walk.request(by="penyusun", fields={"tugas": "Satu"}))
    assert checking(walk, "kabid") == "done"


@pytest.mark.parametrize(
    ("carried", "writers"),
    [({}, ("akun",)), ({"tugas": ("penulis", "lain")}, ("penulis", "lain"))],
    ids=["typed at the start", "came with the call"],
)
def test_who_wrote_the_fields_of_the_start(
    walk: "Walk", carried: dict[str, tuple[str, ...]], writers: tuple[str, ...]
) -> None:
    (opened,) = walk.case.instance.events
    assert isinstance(opened, Started)
    case = type(walk.case).opened(walk.sop, "uji-2", "versi", replace(opened, fields={"tugas": "x"}, carried=carried))
    assert case.state.writers == {"tugas": writers}


@pytest.mark.parametrize(("by", "reason"), [("penyusun", "not_by"), ("kabid", "not_by"), ("kadis", "done")])
def test_whose_move_completes_the_called_case_is_held_to_it_too(drafted: "Walk", by: str, reason: str) -> None:
    assert checking(drafted, "kabid") == "done"
    drafted.call("anak-1")
    assert drafted.complete("anak-1", by=by) == reason


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [
        pytest.param("tim", "kabid", "pada hari ini (26-11-2026), walaupun", id="not today"),
        pytest.param("kabid", "tim", "pada hari kejadiannya (24-11-2026)", id="not then"),
        pytest.param("kabid", "kabid", "pada hari kejadiannya (24-11-2026)", id="on neither"),
        pytest.param("tim", "tim", "done", id="on both"),
    ],
)
def test_an_account_is_permitted_then_and_today(walk: "Walk", then: str, now: str, told: str) -> None:
    happened = walk.request(allowed=frozenset({then}), allowed_now=frozenset({now}))
    typed = replace(happened, now=happened.now + timedelta(days=2))
    answer = walk.approve(typed)
    assert told in (walk.refused.message if answer != "done" else answer)
