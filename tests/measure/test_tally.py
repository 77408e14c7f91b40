"""What the report keeps of cases: taken apart and put together it says the same as the cases themselves."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sopctl.engine.case import Case
from sopctl.engine.events import Approved, Begun, Cancelled, Event, Rejected, Resumed, Started, Suspended
from sopctl.engine.fold import fold
from sopctl.measure.figures import Figures, measure_tallies
from sopctl.measure.inbox import list_turns
from sopctl.measure.query import By, Query
from sopctl.measure.tally import Tally, join_tallies, tally_cases
from sopctl.problems import Source
from sopctl.sop.model import Branch, Duration, Sop, Step, Waktu
from sopctl.worktime.calendar import Calendar

PONTIANAK = ZoneInfo("Asia/Pontianak")
OFFICE = Calendar(zone=PONTIANAK)
HERE = Source("sops/uji.yaml", 1, 1)
BEGAN = datetime(2026, 11, 2, 8, 0, tzinfo=PONTIANAK)
NOW = datetime(2027, 6, 1, 9, 0, tzinfo=PONTIANAK)
KINDS: tuple[By, ...] = ("sop", "step", "pelaksana", "month")


def upto(amount: float) -> Waktu:
    return Waktu(f"{amount} menit", Duration(amount, "menit"), Duration(amount, "menit"))


def sop_of(id: str, minutes: float) -> Sop:
    exits = (Branch("sesuai", "arsip"), Branch("belum", "susun"))
    steps = (
        Step(id="susun", no=1, kegiatan="Menyusun", pelaksana=("tim",), waktu=upto(minutes), source=HERE),
        Step(
            id="periksa",
            kegiatan="Memeriksa",
            pelaksana=("kabid", "kadis"),
            branches=exits,
            decides={"kadis": exits},
            source=HERE,
        ),
        Step(id="arsip", kegiatan="Menyimpan", pelaksana=("tim",), waktu=upto(2 * minutes), source=HERE),
    )
    people = {"tim": "Tim Kerja", "kabid": "Kepala Bidang", "kadis": "Kepala Dinas"}
    return Sop(id=id, nama=id.upper(), pelaksana=people, steps=steps, start=("susun",), source=HERE)


SOPS = (sop_of("satu", 25), sop_of("dua", 600))


def case_of(number: int, sop: Sop, gaps: list[int], *, back: int = 0, cancelled: bool = False, rest: int = 0) -> Case:
    """A case whose moves come after these minutes, the first ``back`` decisions turning the work down.

    Every move whose number from 0 is in the bits of ``rest`` comes after a pause.
    """
    at = BEGAN + timedelta(days=number)
    events: list[Event] = [Started(at=at, recorded_at=at, by="akun", step="susun", subject="Uji")]
    state = fold(sop, (events[0].chained(1, ""),))
    for place, gap in enumerate(gaps):
        at += timedelta(minutes=gap)
        if state.step is None:
            break
        pelaksana, step = state.turn[0], state.step
        if place % 3 == 1 and state.visit.begun is None:
            half = at - timedelta(minutes=gap // 2)
            events.append(Begun(at=half, recorded_at=half, by="akun", step=step))
        if rest >> place & 1:
            since, until = at - timedelta(minutes=gap // 3), at - timedelta(minutes=gap // 4)
            events.append(Suspended(at=since, recorded_at=since, by="akun"))
            events.append(Resumed(at=until, recorded_at=until + timedelta(hours=1), by="akun"))
        typed = at + timedelta(hours=place % 2)
        if pelaksana == "kadis" and back:
            back -= 1
            events.append(
                Rejected(at=at, recorded_at=typed, by="akun", for_="kadis", step=step, label="belum", to="susun")
            )
        else:
            to = {"tim": {"susun": "periksa", "arsip": "end"}.get(step, ""), "kadis": "arsip"}.get(pelaksana, "")
            label = "sesuai" if pelaksana == "kadis" else ""
            events.append(Approved(at=at, recorded_at=typed, by="akun", for_=pelaksana, step=step, label=label, to=to))
        state = fold(sop, tuple(event.chained(n, "") for n, event in enumerate(events, 1)))
    if cancelled and state.step is not None:
        at += timedelta(minutes=gaps[-1] if gaps else 0)
        events.append(Cancelled(at=at, recorded_at=at, by="akun"))
    chained = tuple(event.chained(n, "") for n, event in enumerate(events, 1))
    return Case.from_events(f"{sop.id}-{number}", "versi", chained, lambda _: sop)


cases = st.builds(
    case_of,
    st.integers(1, 200),
    st.sampled_from(SOPS),
    st.lists(st.integers(0, 3000), max_size=9),
    back=st.integers(0, 2),
    cancelled=st.booleans(),
    rest=st.integers(0, 511),
)
offices = st.lists(cases, min_size=1, max_size=12, unique_by=lambda case: case.id)


def every(tallies: list[Tally], query: Query) -> Figures:
    return measure_tallies(tallies, OFFICE, NOW, query)


@settings(max_examples=60)
@given(office=offices, cut=st.integers(0, 12), by=st.sampled_from(KINDS), days=st.booleans())
def test_cases_in_several_tallies_make_the_same_figures(office: list[Case], cut: int, by: By, *, days: bool) -> None:
    query = Query(by=by, since=BEGAN.date() + timedelta(days=20), until=NOW.date()) if days else Query(by=by)
    whole = every([tally_cases(office, OFFICE)], query)
    assert every([tally_cases(office[:cut], OFFICE), tally_cases(office[cut:], OFFICE)], query) == whole


@settings(max_examples=60)
@given(office=offices, changed=st.lists(cases, max_size=3, unique_by=lambda case: case.id), by=st.sampled_from(KINDS))
def test_a_case_that_changed_is_as_it_is_now(office: list[Case], changed: list[Case], by: By) -> None:
    new = {case.id for case in changed}
    now = [case for case in office if case.id not in new] + changed
    put = join_tallies(tally_cases(office, OFFICE), tally_cases(changed, OFFICE))
    assert every([put], Query(by=by)) == every([tally_cases(now, OFFICE)], Query(by=by))
    assert list_turns(put.turns, OFFICE, NOW) == list_turns(tally_cases(now, OFFICE).turns, OFFICE, NOW)


@given(office=offices)
@settings(max_examples=20)
def test_a_tally_can_be_stored(office: list[Case]) -> None:
    known = tally_cases(office, OFFICE)
    stored = msgspec.msgpack.decode(msgspec.msgpack.encode(known), type=Tally)
    assert every([stored], Query()) == every([known], Query())


DONE = case_of(1, SOPS[0], [20, 5, 10, 30, 5, 5, 10], back=1)
OPEN = case_of(2, SOPS[0], [20])
ENDED = case_of(3, SOPS[1], [10], cancelled=True)


def test_rework_is_told_as_rounds_and_as_minutes() -> None:
    row = next(row for row in every([tally_cases([DONE], OFFICE)], Query(sop="satu")).rows if row.step == "susun")
    assert (row.visits, row.rework, row.rework_minutes) == (2, 1, 30)


def test_waiting_is_apart_from_working_where_work_was_begun() -> None:
    row = next(row for row in every([tally_cases([DONE], OFFICE)], Query()).rows if row.step == "periksa")
    assert row.begun == 2
    assert row.waiting_minutes is not None
    assert row.working_minutes is not None


def test_what_was_typed_later_is_a_share_of_what_was_recorded() -> None:
    row = next(row for row in every([tally_cases([DONE], OFFICE)], Query(by="sop")).rows if row.sop == "satu")
    assert row.typed_later == round(3 / 10, 4)  # seven moves, the start, and two times that work began


def test_the_cases_of_an_sop_are_counted_and_only_finished_ones_compared() -> None:
    first, second = every([tally_cases([DONE, OPEN, ENDED], OFFICE)], Query()).sops
    assert (second.sop, second.running, second.completed, second.cancelled) == ("satu", 1, 1, 0)
    assert (second.median_minutes, second.standard_minutes, second.within_standard) == (85, 75, 0)
    assert (first.sop, first.cancelled, first.median_minutes, first.ratio) == ("dua", 1, None, None)


def test_months_count_what_came_and_went_without_gaps() -> None:
    late = case_of(95, SOPS[0], [1])
    months = every([tally_cases([DONE, late], OFFICE)], Query()).months
    assert [(one.month, one.started, one.ended) for one in months] == [
        ("2026-11", 1, 1), ("2026-12", 0, 0), ("2027-01", 0, 0), ("2027-02", 1, 0),
    ]  # fmt: skip


def test_a_short_list_of_cases_holds_those_furthest_beyond_their_standard() -> None:
    found = every([tally_cases([DONE, OPEN, ENDED], OFFICE)], Query(at_most=2)).cases
    assert [case.id for case in found] == ["satu-2", "satu-1"]


def test_late_leaves_only_what_was_late_and_changes_no_figure() -> None:
    known = [tally_cases([DONE, OPEN, ENDED], OFFICE)]
    all_rows = {row.step: row for row in every(known, Query()).rows}
    late = every(known, Query(late=True))
    assert [row.step for row in late.rows] == ["susun"]
    assert late.rows[0] == all_rows["susun"]
    assert [case.id for case in late.cases] == ["satu-1", "satu-2"]


@pytest.mark.parametrize("count_of", [1, 4, 5])
def test_few_visits_are_marked(count_of: int) -> None:
    office = [case_of(number, SOPS[0], [5]) for number in range(1, count_of + 1)]
    (row,) = every([tally_cases(office, OFFICE)], Query()).rows
    assert row.few is (count_of < 5)
