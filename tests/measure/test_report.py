"""Figures computed by hand around Christmas 2026: Wednesday 23 December is followed by Monday the 28th."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopctl.engine.case import Case
from sopctl.engine.events import Approved, Begun, Cancelled, Event, Rejected, Resumed, Started, Suspended, Withdrawn
from sopctl.measure.case_report import report_case
from sopctl.measure.figures import Figures, measure_tallies
from sopctl.measure.happy_path import happy_path, happy_path_minutes
from sopctl.measure.inbox import WaitingTurn, list_turns
from sopctl.measure.query import By, Query
from sopctl.measure.report_rows import ReportRow
from sopctl.measure.tally import tally_cases
from sopctl.measure.timeline import VisitRow, timeline
from sopctl.problems import Source
from sopctl.sop.model import Branch, Duration, Sop, Step, Unit, Waktu
from sopctl.worktime.calendar import Calendar
from sopctl.worktime.national import national_holidays

PONTIANAK = ZoneInfo("Asia/Pontianak")
OFFICE = Calendar(zone=PONTIANAK, holidays_of=national_holidays)
HERE = Source("sops/uji.yaml", 1, 1)

NO_STANDARD = Waktu()

EventT = TypeVar("EventT", bound=Event)


def measure_cases(cases: Sequence[Case], calendar: Calendar, now: datetime, query: Query) -> Figures:
    return measure_tallies([tally_cases(cases, calendar)], calendar, now, query)


def list_inbox(cases: Sequence[Case], calendar: Calendar, now: datetime) -> tuple[WaitingTurn, ...]:
    return list_turns(tally_cases(cases, calendar).turns, calendar, now)


def upto(amount: float, unit: Unit = "menit") -> Waktu:
    return Waktu(f"{amount} {unit}", Duration(amount, unit), Duration(amount, unit))


def row(
    id: str, *pelaksana: str, waktu: Waktu = NO_STANDARD, branches: tuple[Branch, ...] = (), together: bool = False
) -> Step:
    return Step(id=id, kegiatan=id, pelaksana=pelaksana, waktu=waktu, branches=branches, together=together, source=HERE)


def sop_of(*steps: Step, id: str = "uji") -> Sop:
    return Sop(id=id, nama=id, pelaksana={}, steps=steps, start=(steps[0].id,), source=HERE)


EXITS = (Branch("sesuai", "paraf"), Branch("belum sesuai", "susun"))
SOP = sop_of(
    row("susun", "tim", waktu=upto(25)),
    row("periksa", "kabid", waktu=upto(15), branches=EXITS),
    row("paraf", "kasubbag", "kadis", waktu=upto(30)),
    row("arsip", "tim"),
)


def when(text: str) -> datetime:
    """A time of December 2026, such as `23 15:30`."""
    return datetime.fromisoformat(f"2026-12-{text}").replace(tzinfo=PONTIANAK)


def started(at: str, step: str = "susun") -> Started:
    return Started(at=when(at), recorded_at=when(at), by="akun-tu", step=step, subject="Tim baru")


def approved(at: str, step: str, pelaksana: str, to: str = "") -> Approved:
    return Approved(at=when(at), recorded_at=when(at), by=f"akun-{pelaksana}", for_=pelaksana, step=step, to=to)


def rejected(at: str, step: str, pelaksana: str, to: str) -> Rejected:
    return Rejected(
        at=when(at),
        recorded_at=when(at),
        by=f"akun-{pelaksana}",
        for_=pelaksana,
        step=step,
        label="belum sesuai",
        to=to,
    )


def suspended(at: str) -> Suspended:
    return Suspended(at=when(at), recorded_at=when(at), by="akun-tu")


def resumed(at: str) -> Resumed:
    return Resumed(at=when(at), recorded_at=when(at), by="akun-tu")


def case_of(*events: Event, id: str = "uji-1", sop: Sop = SOP) -> Case:
    chained = tuple(event.chained(number, "") for number, event in enumerate(events, 1))
    return Case.from_events(id, "versi", chained, lambda _: sop)


WALKED = (
    started("23 15:30"),
    approved("23 15:50", "susun", "tim", "periksa"),  # 20
    rejected("28 07:40", "periksa", "kabid", "susun"),  # 10 on Wednesday and 10 on Monday: 20, and 15 were allowed
    Begun(at=when("28 07:50"), recorded_at=when("28 07:50"), by="akun-tim", step="susun"),
    approved("28 08:20", "susun", "tim", "periksa"),  # 40, of which 10 waiting; 25 were allowed
    approved("28 08:30", "periksa", "kabid", "paraf"),  # 10
    suspended("28 08:40"),
    resumed("28 10:40"),
    approved("28 10:50", "paraf", "kasubbag"),  # 140 less 120
    approved("28 11:00", "paraf", "kadis", "arsip"),  # 10 more: 30, just within
    approved("28 11:45", "arsip", "tim", "end"),  # 45, without a standard
)
DONE = case_of(*WALKED)
NOW = when("28 12:00")


def rows(by: By, *cases: Case) -> dict[str | None, ReportRow]:
    found = measure_cases(cases or (DONE,), OFFICE, NOW, Query(by=by)).rows
    return {getattr(one, by): one for one in found}


def test_a_row_that_comes_round_again_is_rework_only_where_work_was_turned_down() -> None:
    circle = case_of(
        started("23 08:00"),
        approved("23 08:10", "susun", "tim", "periksa"),
        approved("23 08:20", "periksa", "kabid", "susun"),
        approved("23 08:40", "susun", "tim", "periksa"),  # no rework: nobody turned the first down
        rejected("23 08:50", "periksa", "kabid", "susun"),
        approved("23 09:20", "susun", "tim", "periksa"),
    )
    row = rows("step", circle)["susun"]
    assert (row.visits, row.rework, row.rework_minutes) == (3, 1, 30)
    assert report_case(circle, OFFICE, NOW).rework == 2  # and the open visit at periksa


def test_a_step_is_measured_over_the_weekend_with_its_rework() -> None:
    assert rows("step")["susun"] == ReportRow(
        sop="uji",
        step="susun",
        pelaksana=None,
        month=None,
        cases=1,
        visits=2,
        rework=1,
        rework_minutes=40,
        p10_minutes=20,
        p25_minutes=20,
        median_minutes=30,
        p75_minutes=40,
        p80_minutes=40,
        p90_minutes=40,
        max_minutes=40,
        begun=1,
        waiting_minutes=10,
        working_minutes=30,
        within_working=0,
        paused=0,
        suspended_minutes=0,
        standard_minutes=25,
        clock="working",
        ratio=1.2,
        within_standard=0.5,
        typed_later=0,
        few=True,
    )


@pytest.mark.parametrize(
    ("step", "visits", "median", "worst", "against_standard"),
    [
        pytest.param("periksa", 2, 15, 20, (15, 1, 0.5), id="one-late-over-christmas"),
        pytest.param("paraf", 1, 30, 30, (30, 1, 1), id="suspended-time-does-not-count"),
        pytest.param("arsip", 1, 45, 45, (None, None, None), id="tanpa-standar-is-neither-late-nor-on-time"),
    ],
)
def test_steps_against_their_standard(
    step: str, visits: int, median: float, worst: float, against_standard: tuple[float | None, ...]
) -> None:
    found = rows("step")[step]
    assert (found.visits, found.median_minutes, found.max_minutes) == (visits, median, worst)
    assert (found.standard_minutes, found.ratio, found.within_standard) == against_standard


def test_steps_come_in_the_order_of_the_form() -> None:
    assert list(rows("step")) == ["susun", "periksa", "paraf", "arsip"]


def test_in_a_chain_each_pelaksana_answers_for_the_own_part_alone() -> None:
    found = rows("pelaksana")
    assert list(found) == ["kabid", "kadis", "kasubbag", "tim"]
    assert (found["kasubbag"].median_minutes, found["kadis"].median_minutes) == (20, 10)
    assert found["kadis"].standard_minutes is found["kadis"].within_standard is None
    assert (found["kabid"].standard_minutes, found["kabid"].within_standard) == (15, 0.5)


def test_rows_of_different_standards_are_compared_each_with_its_own() -> None:
    tim = rows("pelaksana")["tim"]
    assert (tim.visits, tim.rework, tim.median_minutes, tim.p90_minutes) == (3, 1, 40, 45)
    assert tim.standard_minutes is None
    assert (tim.ratio, tim.within_standard) == (1.2, 0.5)


def test_two_standards_are_not_one() -> None:
    sop = sop_of(row("satu", "tim", waktu=upto(10)), row("dua", "tim", waktu=upto(20)))
    case = case_of(
        started("28 08:00", "satu"),
        approved("28 08:05", "satu", "tim", "dua"),
        approved("28 08:25", "dua", "tim", "end"),
        sop=sop,
    )
    tim = rows("pelaksana", case)["tim"]
    assert (tim.standard_minutes, tim.ratio, tim.within_standard) == (None, 0.75, 1)


@pytest.mark.parametrize("by", ["sop", "month"])
def test_wider_groups_hold_all_visits(by: By) -> None:
    (found,) = rows(by).items()
    assert found[0] == {"sop": "uji", "month": "2026-12"}[by]
    assert (found[1].visits, found[1].median_minutes, found[1].p90_minutes, found[1].rework) == (6, 25, 45, 2)


def test_who_act_together_are_each_measured_from_the_start() -> None:
    sop = sop_of(row("rapat", "tim", "kabid", waktu=upto(30), together=True))
    case = case_of(
        started("28 08:00", "rapat"),
        approved("28 08:10", "rapat", "kabid"),
        approved("28 08:25", "rapat", "tim", "end"),
        sop=sop,
    )
    found = rows("pelaksana", case)
    assert (found["kabid"].median_minutes, found["tim"].median_minutes) == (10, 25)


def test_the_90th_percentile_is_the_nearest_rank() -> None:
    sop = sop_of(row("satu", "tim"))
    cases = [
        case_of(started("28 08:00", "satu"), approved(f"28 08:{n:02}", "satu", "tim", "end"), id=f"uji-{n}", sop=sop)
        for n in range(1, 12)
    ]
    assert rows("step", *cases[:10])["satu"].p90_minutes == 9
    assert rows("step", *cases)["satu"].p90_minutes == 10


def test_a_range_is_met_below_its_upper_end() -> None:
    waktu = Waktu("5-10 menit", Duration(5, "menit"), Duration(10, "menit"))
    case = case_of(
        started("28 08:00", "satu"),
        approved("28 08:10", "satu", "tim", "end"),
        sop=sop_of(row("satu", "tim", waktu=waktu)),
    )
    found = rows("step", case)["satu"]
    assert (found.standard_minutes, found.within_standard) == (10, 1)


def test_a_day_is_on_time_until_the_same_hour_of_the_next_working_day() -> None:
    sop = sop_of(row("satu", "tim", waktu=upto(1, "hari")))
    on_time = case_of(started("23 10:00", "satu"), approved("28 10:00", "satu", "tim", "end"), sop=sop)
    late = case_of(started("23 10:00", "satu"), approved("28 10:01", "satu", "tim", "end"), sop=sop)
    assert rows("step", on_time)["satu"].within_standard == 1
    assert rows("step", late)["satu"].within_standard == 0


def test_a_cancelled_visit_is_not_a_finished_one() -> None:
    cancel = Cancelled(at=when("28 08:20"), recorded_at=when("28 08:20"), by="akun-tu")
    case = case_of(started("28 08:00"), approved("28 08:10", "susun", "tim", "periksa"), cancel)
    assert list(rows("step", case)) == ["susun"]
    (total,) = measure_cases([case], OFFICE, NOW, Query()).cases
    assert (total.status, total.elapsed_minutes) == ("cancelled", 20)


def cancelled(at: str, *before: Event) -> Case:
    """A case that came to kabid at 08.10, where 15 minutes are allowed, and was cancelled."""
    cancel = Cancelled(at=when(at), recorded_at=when(at), by="akun-tu")
    return case_of(started("28 08:00"), approved("28 08:10", "susun", "tim", "periksa"), *before, cancel)


def test_nobody_is_in_time_by_cancelling_the_case() -> None:
    begun = Begun(at=when("28 08:24"), recorded_at=when("28 08:24"), by="akun-kabid", step="periksa")
    found = rows("step", cancelled("28 08:26", begun))["periksa"]
    assert (found.visits, found.median_minutes, found.within_standard) == (1, 16, 0)
    assert (found.begun, found.waiting_minutes, found.within_working) == (0, None, None)
    assert list(rows("step", cancelled("28 08:25"))) == ["susun"]
    assert list(rows("step", cancelled("28 10:35", suspended("28 08:20"), resumed("28 10:30")))) == ["susun"]
    assert rows("step", cancelled("28 10:36", suspended("28 08:20"), resumed("28 10:30")))["periksa"].paused == 1


def test_a_row_of_several_is_late_where_its_case_was_cancelled_and_who_acted_has_a_part() -> None:
    cancel = Cancelled(at=when("28 09:30"), recorded_at=when("28 09:30"), by="akun-tu")
    case = case_of(started("28 08:00", "paraf"), approved("28 08:10", "paraf", "kasubbag"), cancel)
    assert rows("step", case)["paraf"].within_standard == 0
    assert list(rows("pelaksana", case)) == ["kasubbag"]


def test_time_in_which_the_clock_stood_still_is_told_and_not_counted() -> None:
    found = rows("step")
    assert {step: (one.paused, one.suspended_minutes) for step, one in found.items()} == {
        "susun": (0, 0),
        "periksa": (0, 0),
        "paraf": (1, 120),
        "arsip": (0, 0),
    }
    parts = rows("pelaksana")
    assert (parts["kasubbag"].suspended_minutes, parts["kadis"].suspended_minutes) == (120, 0)
    (whole,) = measure_cases([DONE, case_of(*WALKED[:7], id="uji-2")], OFFICE, NOW, Query()).sops
    assert (whole.paused, whole.suspended_minutes) == (1, 120)


def test_a_pause_outside_office_hours_is_told_though_it_takes_no_time() -> None:
    sop = sop_of(row("satu", "tim"))
    done = approved("29 08:00", "satu", "tim", "end")
    case = case_of(started("28 15:00", "satu"), suspended("28 19:00"), resumed("28 20:00"), done, sop=sop)
    found = rows("step", case)["satu"]
    assert (found.paused, found.suspended_minutes, found.median_minutes) == (1, 0, 90)


def later(event: EventT) -> EventT:
    """The same, typed a day later than it happened."""
    return msgspec.structs.replace(event, recorded_at=event.recorded_at + timedelta(days=1))


CLOCK: dict[str, Event] = {
    "started": started("28 08:00"),
    "begun": Begun(at=when("28 08:01"), recorded_at=when("28 08:01"), by="akun-tim", step="susun"),
    "suspended": suspended("28 08:02"),
    "resumed": resumed("28 08:03"),
    "approved": approved("28 08:04", "susun", "tim", "periksa"),
}


@pytest.mark.parametrize("which", CLOCK)
def test_whatever_sets_a_clock_is_told_where_it_was_typed_later(which: str) -> None:
    assert rows("step", case_of(*CLOCK.values()))["susun"].typed_later == 0
    events = [later(event) if name == which else event for name, event in CLOCK.items()]
    assert rows("step", case_of(*events))["susun"].typed_later == 1 / 5
    assert rows("pelaksana", case_of(*events))["tim"].typed_later == 1 / 5
    assert report_case(case_of(*events), OFFICE, NOW).typed_later == 1 / 5


def test_a_late_step_that_is_suspended_afterwards_is_told_as_typed_later() -> None:
    paused = later(suspended("28 08:02"))
    case = case_of(started("28 08:00"), paused, resumed("29 08:02"), approved("29 08:03", "susun", "tim", "periksa"))
    found = rows("step", case)["susun"]
    assert (found.within_standard, found.paused, found.suspended_minutes, found.typed_later) == (1, 1, 450, 1 / 4)


def test_a_cancellation_and_a_part_are_told_as_typed_later_in_their_own_visit() -> None:
    case = cancelled("28 08:26")
    typed = case_of(*case.instance.events[:-1], later(case.instance.events[-1]))
    assert {step: one.typed_later for step, one in rows("step", typed).items()} == {"susun": 0, "periksa": 1}
    assert WALKED[6] == suspended("28 08:40")
    parts = rows("pelaksana", case_of(*WALKED[:6], later(suspended("28 08:40")), *WALKED[7:]))
    assert (parts["kasubbag"].typed_later, parts["kadis"].typed_later) == (round(1 / 3, 4), 0)


def test_a_move_that_was_taken_back_is_not_told_as_typed_later_but_what_came_before_is() -> None:
    undo = Withdrawn(at=when("28 08:05"), recorded_at=when("28 08:05"), by="akun-tim", move=3)
    begun, moved = later(CLOCK["begun"]), later(CLOCK["approved"])
    again = approved("28 08:06", "susun", "tim", "periksa")
    case = case_of(CLOCK["started"], begun, moved, undo, again)
    assert rows("step", case)["susun"].typed_later == round(1 / 3, 4)


def test_a_withdrawn_move_is_not_a_finished_visit() -> None:
    undo = Withdrawn(at=when("28 08:15"), recorded_at=when("28 08:15"), by="akun-tim", move=2)
    case = case_of(started("28 08:00"), approved("28 08:10", "susun", "tim", "periksa"), undo)
    assert rows("step", case) == {}
    assert [one.elapsed_minutes for one in timeline(case, OFFICE, NOW)] == [240]


def test_a_case_is_measured_against_the_straight_way() -> None:
    (total,) = measure_cases([DONE], OFFICE, NOW, Query()).cases
    assert (total.elapsed_minutes, total.standard_minutes, total.ratio) == (165, 70, 2.3571)


@pytest.mark.parametrize(
    ("query", "steps", "cases"),
    [
        pytest.param(Query(until=date(2026, 12, 23)), ["susun"], 0, id="until-counts-the-end"),
        pytest.param(Query(since=date(2026, 12, 24)), ["susun", "periksa", "paraf", "arsip"], 1, id="since"),
        pytest.param(Query(since=date(2026, 12, 29)), [], 0, id="nothing-ended-then"),
        pytest.param(Query(sop="uji"), ["susun", "periksa", "paraf", "arsip"], 1, id="this-sop"),
        pytest.param(Query(sop="lain"), [], 0, id="another-sop"),
    ],
)
def test_a_report_holds_what_ended_in_its_days(query: Query, steps: list[str], cases: int) -> None:
    found = measure_cases([DONE], OFFICE, NOW, query)
    assert [one.step for one in found.rows] == steps
    assert len(found.cases) == cases


def sk_tim() -> Sop:
    return sop_of(*(row(f"s{n}", "tim", waktu=upto(minutes)) for n, minutes in enumerate((5, 5, 25, 15, 10, 5, 5))))


def bimtek() -> Sop:
    hour, days = upto(1, "jam"), upto(2, "hari")
    times = (upto(5), hour, upto(15), upto(15), upto(15), upto(5), days)
    return sop_of(*(row(f"s{n}", "tim", waktu=waktu) for n, waktu in enumerate(times)))


@pytest.mark.parametrize(
    ("sop", "minutes"),
    [
        pytest.param(sk_tim(), 70, id="sk-tim"),
        pytest.param(bimtek(), 115 + 2 * 450, id="bimtek"),
        pytest.param(SOP, 70, id="each-row-once-along-the-first-exit"),
        pytest.param(sop_of(row("satu", "tim")), None, id="no-standard-at-all"),
    ],
)
def test_the_total_of_an_sop(sop: Sop, minutes: float | None) -> None:
    assert happy_path_minutes(sop, OFFICE) == minutes


def test_the_straight_way_ends_where_it_meets_itself() -> None:
    circle = (Branch("ulang", "satu"), Branch("selesai", "end"))
    sop = sop_of(row("satu", "tim"), row("dua", "tim", branches=circle))
    assert [step.id for step in happy_path(sop)] == ["satu", "dua"]
    assert [step.id for step in happy_path(SOP, "paraf")] == ["paraf", "arsip"]


def test_the_timeline_shows_every_visit() -> None:
    found = timeline(DONE, OFFICE, NOW)
    assert [(one.step, one.round, one.outcome, one.elapsed_minutes) for one in found] == [
        ("susun", 1, "selesai", 20),
        ("periksa", 1, "belum sesuai", 20),
        ("susun", 2, "selesai", 40),
        ("periksa", 2, "selesai", 10),
        ("paraf", 1, "selesai", 30),
        ("arsip", 1, "selesai", 45),
    ]
    assert [one.waiting_minutes for one in found] == [None, None, 10, None, None, None]
    assert (found[4].pelaksana, found[4].by) == ("kasubbag, kadis", "akun-kasubbag, akun-kadis")


def test_an_open_visit_runs_until_now() -> None:
    last = timeline(case_of(*WALKED[:2]), OFFICE, when("28 08:00"))[-1]
    assert (last.until, last.outcome, last.by, last.elapsed_minutes) == (None, "", "", 40)


def test_the_inbox_tells_whose_turn_it_is_and_until_when() -> None:
    (waiting,) = list_inbox([case_of(*WALKED[:2])], OFFICE, when("28 07:35"))
    assert waiting == WaitingTurn(
        id="uji-1",
        sop="uji",
        subject="Tim baru",
        step="periksa",
        no=None,
        kegiatan="periksa",
        pelaksana="kabid",
        jabatan="kabid",
        since=when("23 15:50"),
        due=when("28 07:35"),
        late=False,
        elapsed_minutes=15,
        standard_minutes=15,
        clock="working",
        left_minutes=0,
    )
    (later,) = list_inbox([case_of(*WALKED[:2])], OFFICE, when("28 07:36"))
    assert later.late


@pytest.mark.parametrize(
    ("events", "now", "pelaksana", "since", "due", "late"),
    [
        pytest.param(3, "28 08:00", "tim", "28 07:40", "28 08:05", False, id="rework-restarts-the-clock"),
        pytest.param(8, "28 10:55", "kasubbag", "28 08:30", "28 11:00", False, id="a-pause-moves-the-due-time"),
        pytest.param(9, "28 11:05", "kadis", "28 10:50", "28 11:00", True, id="a-chain-has-the-row's-due-time"),
        pytest.param(10, "28 15:00", "tim", "28 11:00", None, False, id="without-a-standard-nothing-is-late"),
    ],
)
def test_turns(events: int, now: str, pelaksana: str, since: str, due: str | None, late: bool) -> None:  # noqa: FBT001 — a table
    (found,) = list_inbox([case_of(*WALKED[:events])], OFFICE, when(now))
    assert (found.pelaksana, found.since, found.late) == (pelaksana, when(since), late)
    assert found.due == (when(due) if due else None)


def test_all_who_act_together_are_in_the_inbox() -> None:
    sop = sop_of(row("rapat", "tim", "kabid", "kadis", waktu=upto(30), together=True))
    case = case_of(started("28 08:00", "rapat"), approved("28 08:10", "rapat", "kabid"), sop=sop)
    found = list_inbox([case], OFFICE, when("28 08:20"))
    assert [(one.pelaksana, one.elapsed_minutes) for one in found] == [("kadis", 20), ("tim", 20)]


def test_only_running_cases_wait_and_the_most_urgent_comes_first() -> None:
    early = case_of(*WALKED[:2], id="awal")
    late = case_of(started("28 10:00"), id="akhir")
    endless = case_of(*WALKED[:10], id="tanpa-standar")
    resting = case_of(*WALKED[:7], id="ditunda")
    found = list_inbox([endless, late, DONE, resting, early], OFFICE, when("28 11:30"))
    assert [one.id for one in found] == ["awal", "akhir", "tanpa-standar"]


def test_a_suspended_case_stands_still() -> None:
    resting = case_of(*WALKED[:7])
    assert timeline(resting, OFFICE, when("28 10:00"))[-1].elapsed_minutes == 10
    (total,) = measure_cases([resting], OFFICE, when("31 10:00"), Query()).cases
    assert total.elapsed_minutes == 100


@pytest.mark.parametrize(
    ("shape", "keys"),
    [
        pytest.param(
            VisitRow,
            "step no pelaksana from until outcome by elapsed_minutes waiting_minutes standard_minutes",
            id="status",
        ),
        pytest.param(
            WaitingTurn, "id sop step kegiatan pelaksana since due late elapsed_minutes standard_minutes", id="inbox"
        ),
        pytest.param(
            ReportRow,
            "sop step pelaksana cases visits rework median_minutes p90_minutes max_minutes standard_minutes ratio "
            "within_standard month",
            id="report",
        ),
    ],
)
def test_json_keeps_its_names(shape: type[msgspec.Struct], keys: str) -> None:
    assert set(keys.split()) <= {field.encode_name for field in msgspec.structs.fields(shape)}


def test_json_writes_times_in_the_office_zone() -> None:
    written = json.loads(msgspec.json.encode(timeline(DONE, OFFICE, NOW)[0]))
    assert (written["from"], written["until"]) == ("2026-12-23T15:30:00+07:00", "2026-12-23T15:50:00+07:00")
    assert set(json.loads(msgspec.json.encode(Figures((), ())))) >= {"rows", "cases"}


@given(
    gaps=st.lists(st.integers(0, 3000), min_size=4, max_size=4),
    pauses=st.lists(st.booleans(), min_size=4, max_size=4),
)
def test_the_visits_of_a_case_add_up_to_the_case(gaps: list[int], pauses: list[bool]) -> None:
    """Whatever the times and wherever it was suspended."""
    sop = sop_of(*(row(f"s{n}", "tim") for n in range(4)))
    at = when("23 08:00")
    events: list[Event] = [Started(at=at, recorded_at=at, by="akun-tu", step="s0")]
    for n, (gap, paused) in enumerate(zip(gaps, pauses, strict=True)):
        if paused:
            at += timedelta(minutes=gap // 3)
            events.append(Suspended(at=at, recorded_at=at, by="akun-tu"))
            at += timedelta(minutes=gap // 2)
            events.append(Resumed(at=at, recorded_at=at, by="akun-tu"))
        at += timedelta(minutes=gap)
        to = f"s{n + 1}" if n < 3 else "end"
        events.append(Approved(at=at, recorded_at=at, by="akun-tu", for_="tim", step=f"s{n}", to=to))
    case = case_of(*events, sop=sop)
    (total,) = measure_cases([case], OFFICE, at, Query()).cases
    assert sum(one.elapsed_minutes for one in timeline(case, OFFICE, at)) == pytest.approx(total.elapsed_minutes)
