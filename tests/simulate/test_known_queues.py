"""Queues whose answers are known. Runs are seeded, so every figure is the same each time.

A mean is compared with theory by its own 99.99 percent interval over the runs (twice the 95 percent one, which holds
even where waits within a run hang together): wider than chance, narrower than any mistake of a model.
"""

from math import exp, factorial

import pytest

from sopctl.simulate.build import Alteration
from sopctl.simulate.outcome import Interval, SimulationFigures
from sopctl.simulate.typed import parse_changes
from tests.simulate.conftest import run, scenario_of, sop_of

ONE_ROW = "  - {id: kerja, kegiatan: x, pelaksana: a, waktu: 8 menit}\n"


def near(expected: float, figure: float, interval: Interval | None) -> bool:
    """Whether theory lies within twice the interval of the simulation."""
    assert interval is not None
    low, high = interval
    assert high - low < expected / 2, "the runs say too little"
    return abs(figure - expected) <= high - low


def waiting_mdc(load: float, service: float, people: int) -> float:
    """The mean wait of M/D/c, by Crommelin's chain: what is there at one service time later, solved by iteration."""
    most, offered = 400, load * people
    come = [exp(-offered)]
    for number in range(1, most):
        come.append(come[-1] * offered / number)
    there = [1.0] + [0.0] * (most - 1)
    for _ in range(3000):
        left = [sum(there[: people + 1]), *there[people + 1 :]]
        nonzero = [(at, share) for at, share in enumerate(left) if share > 1e-13]
        now = [0.0] * most
        for at, share in nonzero:
            for number in range(min(60, most - at)):
                now[at + number] += share * come[number]
        done = max(abs(one - other) for one, other in zip(now, there, strict=True)) < 1e-11
        there = now
        if done:
            break
    queue = sum((at - people) * share for at, share in enumerate(there) if at > people)
    return queue * service / offered


@pytest.mark.parametrize("load", [0.5, 0.8])
def test_one_person_with_exponential_work_is_m_m_1(load: float) -> None:
    found = run(scenario_of(sop_of(ONE_ROW), 8 / load, duration="exponential"))
    in_system = 8 / (1 - load)
    assert near(in_system, found.mean_minutes, found.uncertainty.mean_minutes)
    assert near(load, found.staff[0].utilization, found.uncertainty.utilization)
    assert found.rows[0].waiting_minutes == pytest.approx(load * in_system, rel=0.1)
    assert found.median_minutes == pytest.approx(in_system * 0.6931, rel=0.1)
    assert found.p90_minutes == pytest.approx(in_system * 2.3026, rel=0.1)


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    scenario = scenario_of(sop_of(ONE_ROW), 16, duration="exponential")
    held = 0
    for seed in range(60):
        interval = run(scenario, cases=400, runs=6, seed=seed).uncertainty.mean_minutes
        assert interval is not None
        held += interval[0] <= 16 <= interval[1]
    assert held >= 51  # of 60; 95 percent are 57, and 50 or fewer have a chance of one in 600


@pytest.mark.parametrize(("people", "load"), [(1, 0.8), (2, 0.8), (3, 0.7)])
def test_people_with_fixed_work_are_m_d_c(people: int, load: float) -> None:
    alteration = Alteration(people={"a": people})
    found = run(scenario_of(sop_of(ONE_ROW), 8 / (load * people), alteration))
    expected = waiting_mdc(load, 8, people)
    if people == 1:
        assert expected == pytest.approx(load * 8 / (2 * (1 - load)), rel=1e-6)  # Pollaczek and Khinchine
    assert near(8 + expected, found.mean_minutes, found.uncertainty.mean_minutes)
    assert found.rows[0].waiting_minutes == pytest.approx(expected, rel=0.1)


def test_two_people_with_exponential_work_wait_as_erlang_says() -> None:
    load, people, service = 0.8, 2, 8.0
    alteration = Alteration(people={"a": people})
    found = run(scenario_of(sop_of(ONE_ROW), service / (load * people), alteration, "exponential"))
    offered = load * people
    last = offered**people / factorial(people) / (1 - load)
    waits = last / (sum(offered**k / factorial(k) for k in range(people)) + last)
    expected = waits * service / (people * (1 - load))
    assert near(service + expected, found.mean_minutes, found.uncertainty.mean_minutes)


def test_a_row_that_hands_back_is_jacksons_network() -> None:
    rows = (
        "  - {id: susun, kegiatan: x, pelaksana: a, waktu: 6 menit}\n"
        "  - {id: periksa, kegiatan: x, pelaksana: b, waktu: 5 menit, branches: {ya: end, tidak: susun}}\n"
    )
    sop = sop_of(rows)
    found = run(scenario_of(sop, 10, Alteration(changes=parse_changes(["tolak periksa=20%"], sop)), "exponential"))
    rate = 1 / 10 / 0.8
    expected = sum(1 / (1 / service - rate) for service in (6, 5)) / 0.8
    assert near(expected, found.mean_minutes, found.uncertainty.mean_minutes)
    assert found.rows[1].visits == pytest.approx(1.25, abs=0.01)
    assert found.staff[0].load == pytest.approx(0.75, abs=0.01)


def planted(alteration: Alteration | None = None) -> SimulationFigures:
    """Three rows, of which the middle one is the slowest."""
    rows = "".join(
        f"  - {{id: {id}, kegiatan: x, pelaksana: {who}, waktu: {minutes} menit}}\n"
        for id, who, minutes in (("masuk", "a", 4), ("periksa", "b", 9), ("kirim", "c", 2))
    )
    return run(scenario_of(sop_of(rows), 10, alteration, "exponential"))


def test_a_planted_bottleneck_is_found() -> None:
    found = planted()
    assert found.bottleneck is not None
    assert found.bottleneck.pelaksana == "b"
    assert near(0.9, found.bottleneck.utilization, found.uncertainty.utilization)
    assert max(found.rows, key=lambda row: row.waiting_minutes).step == "periksa"
    assert found.overloaded == ()


@pytest.mark.parametrize(
    ("people", "what_if", "expected"),
    [
        pytest.param({}, "waktu periksa=5 menit", 1 / (1 / 4 - 0.1) + 1 / (1 / 5 - 0.1) + 1 / (1 / 2 - 0.1), id="time"),
        pytest.param({}, "tanpa periksa", 1 / (1 / 4 - 0.1) + 1 / (1 / 2 - 0.1), id="without-the-row"),
        pytest.param({"b": 2}, "", 4 / 0.6 + 9 / (1 - 0.45**2) + 2 / 0.8, id="two-people"),
    ],
)
def test_a_change_gives_what_theory_gives(people: dict[str, int], what_if: str, expected: float) -> None:
    sop = sop_of(
        "  - {id: masuk, kegiatan: x, pelaksana: a}\n  - {id: periksa, kegiatan: x, pelaksana: b}\n"
        "  - {id: kirim, kegiatan: x, pelaksana: c}\n"
    )
    changes = parse_changes([what_if], sop) if what_if else ()
    found = planted(Alteration(people=people, changes=changes))
    assert near(expected, found.mean_minutes, found.uncertainty.mean_minutes)


def test_more_work_than_there_is_time_for_is_said() -> None:
    found = run(scenario_of(sop_of(ONE_ROW), 7), cases=2000, runs=3)
    assert found.overloaded == ("a",)
    assert found.staff[0].load == pytest.approx(8 / 7, abs=0.03)
    assert found.staff[0].utilization > 0.98
    longer = run(scenario_of(sop_of(ONE_ROW), 7), cases=4000, runs=3)
    assert longer.mean_minutes > 1.5 * found.mean_minutes


def test_the_same_seed_gives_the_same_and_another_another() -> None:
    scenario = scenario_of(sop_of(ONE_ROW), 10)
    first = run(scenario, cases=300, runs=2)
    assert run(scenario, cases=300, runs=2) == first
    assert run(scenario, cases=300, runs=2, seed=2) != first
