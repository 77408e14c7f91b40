"""Rows that are worked on at the same time are measured each by its own visit, the case by its longest way."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from sopctl.engine.case import Case
from sopctl.engine.events import Approved, Begun, Cancelled, Event, Rejected, Started
from sopctl.measure.case_report import report_case
from sopctl.measure.happy_path import happy_path_minutes
from sopctl.measure.inbox import list_turns
from sopctl.measure.tally import tally_cases
from sopctl.measure.visits import count_typed_later
from sopctl.sop.decode import read_sop
from sopctl.sop.model import Sop
from sopctl.worktime.calendar import Calendar

FORM = """
id: rapat
nama: Rapat
pelaksana: {k: Kepala, s: Staf, p: Protokol}
steps:
  - {id: perintah, kegiatan: Memerintahkan, pelaksana: k, waktu: 10 menit, next: [undangan, tempat]}
  - {id: undangan, kegiatan: Menyusun, pelaksana: s, waktu: 30 menit}
  - {id: paraf, kegiatan: Memeriksa, pelaksana: k, waktu: 5 menit, branches: {ya: laksana, tidak: perintah}}
  - {id: tempat, kegiatan: Menyiapkan, pelaksana: p, waktu: 20 menit, next: laksana}
  - {id: laksana, kegiatan: Melaksanakan, pelaksana: k, waktu: 10 menit}
"""
BEGAN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
OFFICE = Calendar()
DAY = OFFICE.elapsed(BEGAN, BEGAN + timedelta(days=1)) / timedelta(minutes=1)


def sop(form: str = FORM) -> Sop:
    read, problems = read_sop(form.encode(), "sops/rapat.yaml")
    assert read is not None, problems
    return read


def at(minutes: int) -> datetime:
    return BEGAN + timedelta(minutes=minutes)


def approved(minutes: int, step: str, for_: str, to: str, late: int = 0) -> Approved:
    when = at(minutes)
    return Approved(
        at=when, recorded_at=when + timedelta(minutes=late), by="akun", for_=for_, step=step, to=to,
        label="ya" if step == "paraf" else "",
    )  # fmt: skip


def case_of(*events: Event, form: Sop | None = None) -> Case:
    form = form or sop()
    opened = Started(at=BEGAN, recorded_at=BEGAN, by="akun", step="perintah")
    case = Case.opened(form, "rapat-1", "versi", opened)
    for event in events:
        case = case.after(event)
    return case


FORKED = approved(5, "perintah", "k", "undangan")


def test_the_total_of_an_sop_is_that_of_its_longest_way() -> None:
    assert happy_path_minutes(sop(), OFFICE) == 10 + 30 + 5 + 10
    assert happy_path_minutes(sop(), OFFICE, "tempat") == 20 + 10


def test_every_open_row_has_a_turn_that_is_due_and_late_by_itself() -> None:
    tally = tally_cases([case_of(FORKED)], OFFICE)
    found = {one.step: one for one in list_turns(tally.turns, OFFICE, at(26))}
    assert {step: (one.pelaksana, one.due, one.late) for step, one in found.items()} == {
        "undangan": ("s", at(35), False),
        "tempat": ("p", at(25), True),
    }


def test_a_case_is_measured_by_the_visits_of_both_arms_and_from_start_to_end() -> None:
    case = case_of(
        FORKED,
        Begun(at=at(7), recorded_at=at(7), by="akun", for_="s", step="undangan"),
        approved(15, "tempat", "p", "laksana", late=30),
        approved(25, "undangan", "s", "paraf"),
        approved(30, "paraf", "k", "laksana"),
        approved(40, "laksana", "k", "end"),
    )
    found = report_case(case, OFFICE, at(60))
    assert (found.elapsed_minutes, found.standard_minutes, found.rework) == (40, 55, 0)
    assert {one.step: one.elapsed_minutes for one in found.visits} == {
        "perintah": 5, "undangan": 20, "tempat": 10, "paraf": 5, "laksana": 10,
    }  # fmt: skip
    parts, _ = count_typed_later(case)
    assert [(visit.step, [late for _, late in own]) for visit, own in zip(case.state.visits, parts, strict=True)] == [
        ("perintah", [0]), ("undangan", [0]), ("tempat", [1]), ("paraf", [0]), ("laksana", [0]),
    ]  # fmt: skip
    tally = tally_cases([case], OFFICE)
    assert sorted(one.key.step for one in tally.visits) == ["laksana", "paraf", "perintah", "tempat", "undangan"]


def test_an_arm_that_was_withdrawn_late_counts_as_late_and_one_in_time_does_not_count() -> None:
    rejected = Rejected(
        at=at(30), recorded_at=at(30), by="akun", for_="k", note="ulang", step="paraf", label="tidak", to="perintah"
    )
    late = case_of(FORKED, approved(25, "undangan", "s", "paraf"), rejected)
    assert [one.key.step for one in tally_cases([late], OFFICE).visits] == ["perintah", "undangan", "tempat", "paraf"]
    timely = case_of(FORKED, approved(9, "undangan", "s", "paraf"), replace(rejected, at=at(10), recorded_at=at(10)))
    assert [one.key.step for one in tally_cases([timely], OFFICE).visits] == ["perintah", "undangan", "paraf"]


def test_both_open_rows_of_a_cancelled_case_are_cut_short() -> None:
    cancelled = Cancelled(at=at(60), recorded_at=at(60), by="akun", note="tidak jadi")
    case = case_of(FORKED, cancelled)
    assert [one.key.step for one in tally_cases([case], OFFICE).visits] == ["perintah", "undangan", "tempat"]
    assert tally_cases([case], OFFICE).turns == []


def test_a_deadline_after_a_row_beside_waits_for_it_again_in_the_next_round() -> None:
    form = sop(FORM.replace("waktu: 20 menit", "waktu: {text: 20 menit setelah undangan, after: undangan}"))
    back = Rejected(
        at=at(20), recorded_at=at(20), by="akun", for_="k", step="paraf", to="perintah", label="tidak", note="ulang"
    )
    first = (FORKED, approved(10, "undangan", "s", "paraf"), back)
    again = approved(25, "perintah", "k", "undangan")

    def due(*events: Event) -> datetime | None:
        turns = list_turns(tally_cases([case_of(*events, form=form)], OFFICE).turns, OFFICE, at(120))
        return next(one.due for one in turns if one.step == "tempat")

    assert due(*first[:2]) == at(30)
    assert due(*first, again) is None
    assert due(*first, again, approved(40, "undangan", "s", "paraf")) == at(60)
    ended = case_of(*first, again, approved(30, "tempat", "p", "laksana"), form=form)
    assert report_case(ended, OFFICE, at(120)).visits[-1].due is None


def test_the_sums_of_a_case_are_working_time_where_a_row_runs_by_the_clock() -> None:
    form = sop(FORM.replace("waktu: 30 menit", "waktu: 14 hari kalender"))
    night = approved(5 + 24 * 60, "undangan", "s", "paraf")
    begun = Begun(at=at(65), recorded_at=at(65), by="akun", for_="s", step="undangan")
    back = Rejected(
        at=at(5 + 24 * 60), recorded_at=at(5 + 24 * 60), by="akun", for_="k", step="paraf", to="undangan", label="tidak"
    )
    found = report_case(case_of(FORKED, begun, night, back, form=form), OFFICE, at(5 + 48 * 60))
    assert (found.waiting_minutes, found.working_minutes, found.rework_minutes) == (60, DAY - 60, DAY)
