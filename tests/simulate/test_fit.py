"""A record is fitted and simulated again: the figures are those of the record, its waits found from its moves alone.

The office that made the record has one person a post, who take what comes first; its times are drawn once by a seed.
"""

from datetime import datetime
from heapq import heappop, heappush
from random import Random

import pytest
from msgspec.structs import replace

from sopctl.engine import moves, skipping
from sopctl.engine.case import Case
from sopctl.engine.events import Started
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.measure.case_totals import sop_totals
from sopctl.measure.tally import tally_cases
from sopctl.simulate.assumptions import list_assumptions
from sopctl.simulate.build import Alteration, Basis, DurationKind, build_scenario
from sopctl.simulate.distribution import Distribution
from sopctl.simulate.fit import FittedRecord, fit_record
from sopctl.simulate.outcome import SimulationFigures, simulate
from sopctl.simulate.scenario import Span
from sopctl.simulate.typed import parse_changes
from sopctl.sop.model import Duration, Sop
from tests.simulate.conftest import MONDAY, OFFICE, sop_of

CASES = 1500
ROWS = (
    "  - {id: susun, kegiatan: x, pelaksana: a, waktu: 30 menit}\n"
    "  - {id: periksa, kegiatan: x, pelaksana: b, waktu: 20 menit, branches: {ya: kirim, tidak: susun}}\n"
    "  - {id: kirim, kegiatan: x, pelaksana: c, waktu: 5 menit}\n"
)
MEANS = {"susun": 20.0, "periksa": 24.0, "kirim": 4.0}
NOW = OFFICE.due(MONDAY, Duration(200_000, "menit"))


def moment(minutes: float) -> datetime:
    """So many working minutes after the beginning."""
    return OFFICE.due(MONDAY, Duration(minutes, "menit"))


def opened(sop: Sop, number: int, at: datetime, step: str = "susun") -> Case:
    return Case.opened(sop, f"uji-{number}", "versi", Started(at=at, recorded_at=at, by="akun", step=step))


def work(case: Case, at: datetime, *, agrees: bool) -> Case:
    """The case after whoever's turn it is handed on, or turned the work down."""
    request = Request(at=at, now=at, by="akun", note="-")
    event = (moves.approve if agrees else moves.reject)(case.sop, case.state, request)
    assert not isinstance(event, Refused), event
    return case.after(event)


def make_record(sop: Sop) -> list[Case]:
    """The cases of an office that works first come, first served."""
    chance, now = Random(7), 0.0  # noqa: S311 — times, not secrets
    coming: list[tuple[float, int]] = []
    for number in range(CASES):
        now += chance.expovariate(1 / 40)
        heappush(coming, (now, number))
    free = dict.fromkeys(sop.pelaksana, 0.0)
    cases: dict[int, Case] = {}
    while coming:
        now, number = heappop(coming)
        if number not in cases:
            cases[number] = opened(sop, number, moment(now))
        step = sop.step(cases[number].state.visit.step)
        (name,) = step.pelaksana
        free[name] = max(now, free[name]) + chance.gammavariate(4, MEANS[step.id] / 4)
        agrees = not step.branches or chance.random() > 0.2
        cases[number] = work(cases[number], moment(free[name]), agrees=agrees)
        if cases[number].step is not None:
            heappush(coming, (free[name], number))
    return [case for _, case in sorted(cases.items())]


@pytest.fixture(scope="module")
def sop() -> Sop:
    return sop_of(ROWS)


@pytest.fixture(scope="module")
def record(sop: Sop) -> list[Case]:
    return make_record(sop)


@pytest.fixture(scope="module")
def fitted(sop: Sop, record: list[Case]) -> FittedRecord:
    return fit_record(sop, record, OFFICE, NOW)


def basis_of(sop: Sop, fitted: FittedRecord, duration: DurationKind = "record") -> Basis:
    assert fitted.gaps is not None
    return Basis(
        sop=sop, calendar=OFFICE, duration=duration, record=fitted, from_record=True, gaps=fitted.gaps,
        find_sop=lambda _: None,
    )  # fmt: skip


def run(basis: Basis, alteration: Alteration | None = None) -> SimulationFigures:
    scenario = build_scenario(basis, alteration or Alteration())
    return simulate(scenario, OFFICE, Span(cases=CASES, origin=MONDAY), runs=10, seed=1)


def test_work_is_told_from_waiting_by_the_moves_alone(fitted: FittedRecord) -> None:
    assert fitted.cases == CASES
    assert fitted.overtaking == ()
    for step, mean in MEANS.items():
        assert fitted.rows[step].mean == pytest.approx(mean, rel=0.05)  # 1,500 times of half their mean's spread
    shares = dict(fitted.exits["periksa", "b"])
    assert shares["tidak"] == pytest.approx(0.2, abs=0.03)
    assert fitted.gaps is not None
    assert fitted.gaps.mean == pytest.approx(40, rel=0.08)


def test_the_simulation_has_the_figures_of_the_record(sop: Sop, record: list[Case], fitted: FittedRecord) -> None:
    (recorded,) = sop_totals(tally_cases(record, OFFICE).courses)
    found = run(basis_of(sop, fitted))
    # the record is one run; its own median of cases that hang together strays by about a tenth
    assert recorded.within_standard is not None
    assert found.within_standard == pytest.approx(recorded.within_standard, abs=0.03)
    assert found.median_minutes == pytest.approx(recorded.median_minutes, rel=0.15)
    assert found.p90_minutes == pytest.approx(recorded.p90_minutes, rel=0.25)
    assert found.bottleneck is not None
    assert found.bottleneck.pelaksana == "b"
    assert found.bottleneck.utilization == pytest.approx(24 * 1.25 / 40, abs=0.06)


def test_a_changed_time_keeps_the_recorded_spread(sop: Sop, fitted: FittedRecord) -> None:
    changes = parse_changes(["waktu periksa=12 menit"], sop)
    scenario = build_scenario(basis_of(sop, fitted), Alteration(changes=changes))
    part = scenario.rows["periksa"].parts[0]
    assert part.kind == "empirical"
    assert part.mean == pytest.approx(12)
    assert max(part.minutes) > 20
    assert run(basis_of(sop, fitted), Alteration(changes=changes)).standard_minutes == 30 + 12 + 5
    assert scenario.rows["susun"] == fitted.rows["susun"]


def test_exponential_and_fixed_times_have_the_recorded_mean(sop: Sop, fitted: FittedRecord) -> None:
    for duration in ("exponential", "fixed"):
        scenario = build_scenario(basis_of(sop, fitted, duration), Alteration())
        assert scenario.rows["susun"].parts == (Distribution(duration, (fitted.rows["susun"].mean,)),)


def test_rows_that_the_record_hardly_knows_have_their_standard(sop: Sop, record: list[Case]) -> None:
    few = fit_record(sop, record[:3], OFFICE, NOW)
    basis = basis_of(sop, few)
    scenario = build_scenario(basis, Alteration())
    assert few.rows.keys().isdisjoint({"kirim"})
    assert scenario.rows["kirim"].parts == (Distribution.fixed(5),)
    assert any("kirim" in words for words in list_assumptions(basis, scenario, Alteration()))


def make_lying_record(sop: Sop) -> list[Case]:
    """The cases of an office in which every piece of work takes its time whatever else there is, a fifth of it days."""
    chance, cases, now = Random(3), [], 0.0  # noqa: S311 — times, not secrets
    for number in range(600):
        now += chance.expovariate(1 / 200)
        at, case = now, opened(sop, number, moment(now))
        for step in sop.steps:
            assert step.waktu.maximum is not None
            usual = step.waktu.maximum.amount * chance.lognormvariate(-0.3, 0.7)
            at += usual if chance.random() < 0.8 else chance.expovariate(1 / 1500)
            case = work(case, moment(at), agrees=True)
        cases.append(case)
    return cases


def test_work_that_lies_while_later_work_is_done_is_no_work(sop: Sop) -> None:
    cases = make_lying_record(sop)
    found = fit_record(sop, cases, OFFICE, NOW)
    assert found.overtaking == ("a", "b", "c")
    assert max(found.rows["susun"].parts[0].minutes) <= 30
    (recorded,) = sop_totals(tally_cases(cases, OFFICE).courses)
    again = run(basis_of(sop, found))
    assert recorded.within_standard is not None
    assert again.within_standard == pytest.approx(recorded.within_standard, abs=0.04)  # of 600: ± 0.04
    assert again.median_minutes == pytest.approx(recorded.median_minutes, rel=0.1)
    assert again.p90_minutes == pytest.approx(recorded.p90_minutes, rel=0.1)


def test_what_was_begun_is_work_from_then_on(sop: Sop) -> None:
    cases = []
    for number in range(6):
        case = opened(sop, number, moment(number * 1000))
        begun = moves.begin(sop, case.state, Request(at=moment(number * 1000 + 90), now=NOW, by="akun"))
        assert not isinstance(begun, Refused)
        cases.append(work(case.after(begun), moment(number * 1000 + 100), agrees=True))
    assert fit_record(sop, cases, OFFICE, NOW).rows["susun"].mean == pytest.approx(10)


@pytest.mark.parametrize("start", ["susun", "kirim"])
def test_each_case_has_the_standard_of_its_entry_without_the_rows_that_it_left_out(start: str) -> None:
    sop = sop_of(
        "  - {id: susun, kegiatan: x, pelaksana: a, waktu: 60 menit, optional: ya}\n"
        "  - {id: kirim, kegiatan: x, pelaksana: b, waktu: 10 menit}\n"
    )
    sop, cases = replace(sop, start=("susun", "kirim")), []
    for number in range(40):
        at, is_short = number * 1000, number % 2 == 1
        case = opened(sop, number, moment(at), start if is_short else "susun")
        if is_short and start == "susun":
            event = skipping.skip(sop, case.state, Request(at=moment(at), now=moment(at), by="akun", note="-"))
            assert not isinstance(event, Refused), event
            case = case.after(event)
        for minutes in (40,) if is_short else (50, 5):
            at += minutes
            case = work(case, moment(at), agrees=True)
        cases.append(case)
    (recorded,) = sop_totals(tally_cases(cases, OFFICE).courses)
    found = run(basis_of(sop, fit_record(sop, cases, OFFICE, NOW)))
    assert recorded.within_standard == 0.5
    # `kirim` takes 40 or 5 minutes, whatever came before: half of either kind is late
    assert found.within_standard == pytest.approx(0.5, abs=0.02)
    assert found.standard_minutes is recorded.standard_minutes is None
