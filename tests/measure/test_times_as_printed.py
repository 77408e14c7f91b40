"""Times by the clock, rates, and deadlines that hang on a date or on another row, in all that is told of a case.

Times are of November and December 2026: Friday 27 November is followed by Monday the 30th.
"""

from datetime import datetime
from inspect import cleandoc
from zoneinfo import ZoneInfo

import pytest

from sopctl.engine.case import Case
from sopctl.engine.events import Approved, Event, FieldValue, Filled, Resumed, Started, Suspended
from sopctl.measure.case_report import report_case
from sopctl.measure.figures import Figures, measure_tallies
from sopctl.measure.inbox import WaitingTurn, list_turns
from sopctl.measure.proposals import propose_standards
from sopctl.measure.query import By, Query
from sopctl.measure.tally import join_tallies, tally_cases
from sopctl.measure.timeline import timeline
from sopctl.sop.decode import read_sop
from sopctl.sop.model import Sop
from sopctl.worktime.calendar import Calendar
from sopctl.worktime.national import national_holidays

PONTIANAK = ZoneInfo("Asia/Pontianak")
OFFICE = Calendar(zone=PONTIANAK, holidays_of=national_holidays)
FORM = """
id: uji
nama: Uji
pelaksana: {a: Staf, b: Kabid}
fields:
  rapat: {label: Tanggal rapat, type: date}
  berkas: {label: Jumlah berkas, type: number}
  nama: {label: Nama, type: list}
steps:
  - {id: satu, kegiatan: Satu, pelaksana: a, waktu: WAKTU, output: X}
  - {id: dua, kegiatan: Dua, pelaksana: b, waktu: 1 jam, output: Y}
"""


def sop_of(waktu: str, second: str = "1 jam") -> Sop:
    text = cleandoc(FORM).replace("WAKTU", waktu).replace("waktu: 1 jam", f"waktu: {second}")
    sop, problems = read_sop(text.encode(), "sops/uji.yaml")
    assert sop is not None, [str(problem) for problem in problems]
    return sop


def when(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=PONTIANAK)


def started(at: str, **fields: FieldValue) -> Started:
    return Started(at=when(at), recorded_at=when(at), by="x", step="satu", subject="S", fields={**fields})


def approved(at: str, step: str, to: str) -> Approved:
    return Approved(at=when(at), recorded_at=when(at), by="x", for_="a" if step == "satu" else "b", step=step, to=to)


def case_of(sop: Sop, *events: Event, id: str = "uji-1") -> Case:
    chained = tuple(event.chained(number, "") for number, event in enumerate(events, 1))
    return Case.from_events(id, "versi", chained, lambda _: sop)


def turn(case: Case, now: str) -> WaitingTurn:
    (found,) = list_turns(tally_cases([case], OFFICE).turns, OFFICE, when(now))
    return found


def figures(by: By, *cases: Case) -> Figures:
    return measure_tallies([tally_cases(cases, OFFICE)], OFFICE, when("12-31 12:00"), Query(by=by))


def due(waktu: str, *events: Event, now: str = "12-01 08:00") -> str | None:
    found = turn(case_of(sop_of(waktu), *events), now).due
    return found.strftime("%m-%d %H:%M") if found else None


@pytest.mark.parametrize(
    ("waktu", "expected"),
    [
        ("24 jam", "11-28 10:00"),
        ("1 x 24 jam", "11-28 10:00"),
        ("72 jam", "11-30 10:00"),
        ("14 hari kalender", "12-11 10:00"),
        ("24 jam kerja", "12-02 11:30"),
        ("1 bulan 2 hari", "12-30 07:30"),
        ("1 hari 2 jam", "11-30 12:00"),
    ],
)
def test_when_it_is_due(waktu: str, expected: str) -> None:
    assert due(waktu, started("11-27 10:00"), now="11-27 10:00") == expected


def test_by_the_clock_nights_and_holidays_count_everywhere() -> None:
    sop = sop_of("48 jam")
    waiting = turn(case_of(sop, started("11-27 10:00")), "11-28 10:00")
    assert (waiting.clock, waiting.elapsed_minutes, waiting.standard_minutes) == ("calendar", 1440, 2880)
    assert (waiting.left_minutes, waiting.late) == (1440, False)
    late = case_of(sop, started("11-27 10:00"), approved("11-30 10:00", "satu", "dua"))
    first, second = timeline(late, OFFICE, when("11-30 10:30"))
    assert (first.clock, first.elapsed_minutes, first.standard_minutes, first.late) == ("calendar", 4320, 2880, True)
    assert (second.clock, second.elapsed_minutes, second.standard_minutes, second.late) == ("working", 30, 60, False)
    timely = case_of(sop, started("11-27 10:00"), approved("11-28 10:00", "satu", "dua"), id="uji-2")
    (row,) = figures("step", late, timely).rows
    assert (row.clock, row.max_minutes, row.standard_minutes, row.within_standard) == ("calendar", 4320, 2880, 0.5)
    assert row.ratio == 1.0


def test_a_suspension_moves_a_time_by_the_clock_by_its_own_time() -> None:
    pause = Suspended(at=when("11-27 20:00"), recorded_at=when("11-27 20:00"), by="x")
    on = Resumed(at=when("11-28 02:00"), recorded_at=when("11-28 02:00"), by="x")
    waiting = turn(case_of(sop_of("24 jam"), started("11-27 10:00"), pause, on), "11-28 10:00")
    assert (waiting.due, waiting.elapsed_minutes) == (when("11-28 16:00"), 18 * 60)


def test_rows_of_both_clocks_are_told_in_working_minutes_together() -> None:
    events = (started("11-27 10:00"), approved("11-30 10:00", "satu", "dua"), approved("11-30 10:30", "dua", "end"))
    (row,) = figures("sop", case_of(sop_of("24 jam"), *events)).rows
    assert (row.clock, row.max_minutes, row.standard_minutes) == ("working", 450, None)
    (case,) = figures("sop", case_of(sop_of("24 jam"), *events)).cases
    assert (case.elapsed_minutes, case.standard_minutes) == (480, 510)  # a day, and an hour
    one = report_case(case_of(sop_of("24 jam"), *events), OFFICE, when("12-01 08:00"))
    assert (one.elapsed_minutes, one.standard_minutes) == (480, 510)


def test_a_joined_tally_is_that_of_all_cases() -> None:
    events = (started("11-27 10:00"), approved("11-30 10:00", "satu", "dua"))
    one, other = case_of(sop_of("24 jam"), *events), case_of(sop_of("24 jam"), *events, id="uji-2")
    joined = join_tallies(tally_cases([one], OFFICE), tally_cases([other], OFFICE))
    (row,) = measure_tallies([joined], OFFICE, when("12-31 12:00"), Query()).rows
    assert (row.visits, row.clock, row.median_minutes) == (2, "calendar", 4320)


RATE = "{text: 2 menit/berkas, per: berkas}"


def test_a_rate_is_a_standard_once_its_field_is_filled() -> None:
    assert due(RATE, started("12-01 08:00")) is None
    assert due(RATE, started("12-01 08:00", berkas=15)) == "12-01 08:30"
    filled = Filled(at=when("12-01 08:05"), recorded_at=when("12-01 08:05"), by="x", fields={"berkas": 20})
    assert due(RATE, started("12-01 08:00"), filled) == "12-01 08:40"
    assert due("{text: 5 menit/nama, per: nama}", started("12-01 08:00", nama=["A", "B"])) == "12-01 08:10"
    assert due(RATE, started("12-01 08:00", berkas=0)) is None


def test_the_report_compares_a_rate_with_what_it_came_to() -> None:
    some = [
        case_of(sop_of(RATE), started("12-01 08:00", berkas=count), approved("12-01 08:30", "satu", "dua"), id=id)
        for id, count in (("uji-1", 30), ("uji-2", 10))
    ]
    (row,) = figures("step", *some).rows
    assert (row.standard_minutes, row.ratio, row.within_standard) == (None, 1.0, 0.5)
    assert [case.standard_minutes for case in figures("step", *some).cases] == [120, 80]
    tally = tally_cases(some, OFFICE)
    assert propose_standards([tally], tally.legends, OFFICE, Query()) == ()


def test_a_count_of_nothing_is_known_and_has_no_due_time() -> None:
    waiting = turn(case_of(sop_of(RATE), started("12-01 08:00")), "12-01 08:00")
    counted = turn(case_of(sop_of(RATE), started("12-01 08:00", berkas=0)), "12-01 08:00")
    assert (waiting.due_need, counted.due, counted.due_need) == ("Jumlah berkas", None, "")


@pytest.mark.parametrize(
    ("waktu", "expected"),
    [
        ("{text: H-3, before: rapat}", "12-15 16:00"),
        ("{text: H-3, before: rapat, reading: 3 hari kalender}", "12-15 16:00"),
        ("{text: H-5, before: rapat, reading: 5 hari kalender}", "12-13 23:59"),
        ("{text: 1 minggu sebelum rapat, before: rapat}", "12-11 16:30"),
        ("{text: 1 bulan sebelum rapat, before: rapat}", "11-18 16:00"),
        ("{text: H+3, after: rapat}", "12-23 16:00"),
        ("{text: H+4, after: rapat}", "12-28 16:00"),
        ("{text: 3 hari setelah rapat, after: rapat, reading: 3 hari kalender}", "12-21 16:00"),
    ],
)
def test_a_deadline_counts_from_a_date(waktu: str, expected: str) -> None:
    unknown = turn(case_of(sop_of(waktu), started("12-01 08:00")), "12-01 08:00")
    assert (unknown.due, unknown.late, unknown.due_need) == (None, False, "Tanggal rapat")
    assert due(waktu, started("12-01 08:00", rapat="2026-12-18")) == expected


def test_a_date_on_a_day_off_counts_the_working_days_around_it() -> None:
    assert due("{text: H-1, before: rapat}", started("12-01 08:00", rapat="2026-12-19")) == "12-18 16:30"
    assert due("{text: H+1, after: rapat}", started("12-01 08:00", rapat="2026-12-19")) == "12-21 16:00"
    assert due("{text: H-5, before: rapat}", started("12-01 08:00", rapat="2027-01-04")) == "12-23 16:00"


def test_a_deadline_is_met_or_missed_and_has_no_ratio() -> None:
    sop = sop_of("{text: H-3, before: rapat}")
    timely = case_of(sop, started("12-01 08:00", rapat="2026-12-18"), approved("12-15 15:00", "satu", "dua"))
    late = case_of(sop, started("12-01 08:00", rapat="2026-12-18"), approved("12-16 08:00", "satu", "dua"), id="uji-2")
    unknown = case_of(sop, started("12-01 08:00"), approved("12-16 08:00", "satu", "dua"), id="uji-3")
    (row,) = figures("step", timely, late, unknown).rows
    assert (row.visits, row.within_standard, row.standard_minutes, row.ratio) == (3, 0.5, None, None)
    assert [timeline(case, OFFICE, when("12-31 08:00"))[0].late for case in (timely, late, unknown)] == [
        False,
        True,
        False,
    ]
    waiting = case_of(sop, started("12-01 08:00", rapat="2026-12-18"))
    assert (turn(waiting, "12-15 16:00").late, turn(waiting, "12-15 16:01").late) == (False, True)


def test_a_suspension_does_not_move_a_date() -> None:
    pause = Suspended(at=when("12-02 08:00"), recorded_at=when("12-02 08:00"), by="x")
    on = Resumed(at=when("12-04 08:00"), recorded_at=when("12-04 08:00"), by="x")
    assert due("{text: H-3, before: rapat}", started("12-01 08:00", rapat="2026-12-18"), pause, on) == "12-15 16:00"


def test_a_deadline_counts_from_the_completion_of_another_row() -> None:
    sop = sop_of("2 hari", second="{text: 2 jam setelah langkah 1, after: satu, reading: 2 jam}")
    case = case_of(sop, started("12-01 08:00"), approved("12-01 09:00", "satu", "dua"))
    assert turn(case, "12-01 09:30").due == when("12-01 11:00")
    back = sop_of("{text: H-1, before: dua}")
    open_ = case_of(back, started("12-01 08:00"))
    assert turn(open_, "12-01 09:00").due is None
    done = case_of(
        back, started("12-01 08:00"), approved("12-03 09:00", "satu", "dua"), approved("12-03 10:00", "dua", "end")
    )
    assert timeline(done, OFFICE, when("12-31 08:00"))[0].due == when("12-02 16:00")
