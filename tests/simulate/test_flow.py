"""Cases go where the engine moves them: the transitions that are looked up are compared with walks through it."""

from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from sopctl.engine import moves
from sopctl.engine.events import Started
from sopctl.engine.fold import apply_event, fold
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.errors import UsageError
from sopctl.simulate.build import Alteration
from sopctl.simulate.event_loop import Run
from sopctl.simulate.flow import Flow
from sopctl.simulate.scenario import Span
from sopctl.simulate.typed import parse_changes
from sopctl.sop.decode import read_sop
from sopctl.sop.model import Sop
from tests.simulate.conftest import MONDAY, OFFICE, run, scenario_of, sop_of

ROOT = Path(__file__).parents[2]
SOPS = sorted([*(ROOT / "sops").glob("*.yaml"), *(ROOT / "sops/contoh").glob("*.yaml")])
AT = datetime(2026, 1, 5, tzinfo=UTC)


def walk_both(sop: Sop, seed: int) -> list[str]:
    """Walk a case by the engine alone and by the transitions, with the same choices; the rows that were left."""
    flow, chance = Flow(sop), Random(seed)  # noqa: S311 — choices, not secrets
    plain = flow.sop
    position = flow.start(sop.start[0])
    trail: list[str] = []
    state = fold(plain, (Started(number=1, at=AT, recorded_at=AT, by="", step=sop.start[0]),))
    for number in range(2, 2000):
        assert position.turns == ({row.visit.step: row.turn for row in state.rows} if state.step else {})
        if state.step is None:
            return trail
        row = chance.choice(state.rows)
        step, pelaksana = row.visit.step, chance.choice(row.turn)
        exits = plain.step(step).decides.get(pelaksana, ())
        label = chance.choice(exits).label if exits else ""
        request = Request(at=AT, now=AT, by="", as_=pelaksana, note="-")
        event = moves.decide(plain, row, request, label) if label else moves.approve(plain, row, request)
        assert not isinstance(event, Refused), event
        before, state = state, apply_event(plain, row, event.chained(number, ""))
        change = flow.move(position, flow.choice(step, pelaksana, label))
        assert list(change.opened) == [visit.step for visit in state.visits[len(before.visits) :]]
        assert change.leaves == (state.visits[row.visit_number - 1].until is not None)
        trail += [step] * change.leaves
        position = change.position
    return trail


@pytest.mark.parametrize("path", SOPS, ids=lambda path: path.stem)
def test_every_sop_is_walked_as_the_engine_walks_it(path: Path) -> None:
    sop, problems = read_sop(path.read_bytes(), f"sops/{path.name}", frozenset())
    assert sop is not None, problems
    for seed in range(30):
        walk_both(sop, seed)


def test_forks_are_walked_as_the_engine_walks_them(forked: Sop) -> None:
    for seed in range(200):
        assert walk_both(forked, seed)[-1] == "temu"


def test_arms_run_beside_each_other_and_meet(forked: Sop) -> None:
    found = run(scenario_of(forked, 100_000), cases=50, runs=1)
    assert found.standard_minutes == 55
    assert found.median_minutes == 55  # 10, then 20 beside 30 + 10, then 5 together
    assert found.within_standard == 1
    assert {row.step: row.waiting_minutes for row in found.rows} == dict.fromkeys(
        ["buka", "kiri", "kanan", "periksa", "temu"], 0
    )


def test_an_arm_that_is_withdrawn_frees_its_people(forked: Sop) -> None:
    changes = parse_changes(["tolak periksa=50%"], forked)
    found = run(scenario_of(forked, 400, Alteration(changes=changes)), cases=4000, runs=4)
    rows = {row.step: row for row in found.rows}
    assert rows["buka"].visits == pytest.approx(2, abs=0.1)
    assert rows["temu"].visits == 1
    assert found.overloaded == ()


def test_a_row_by_the_clock_keeps_nobody_busy_and_runs_at_night() -> None:
    rows = (
        "  - {id: umumkan, kegiatan: x, pelaksana: a, waktu: 1 x 24 jam}\n"
        "  - {id: tutup, kegiatan: x, pelaksana: a, waktu: 10 menit}\n"
    )
    found = run(scenario_of(sop_of(rows), 50_000), cases=200, runs=1)
    assert found.rows[0].calendar_minutes == 1440
    assert found.rows[0].waiting_minutes == found.rows[0].working_minutes == 0
    assert 10 <= found.median_minutes <= 460  # at most a working day lies within 24 hours
    assert found.staff[0].load == pytest.approx(10 / 50_000, abs=1e-4)


def test_pelaksana_one_after_the_other_share_the_time_and_together_each_has_it() -> None:
    rows = (
        "  - {id: rantai, kegiatan: x, pelaksana: [a, b], waktu: 20 menit}\n"
        "  - {id: bersama, kegiatan: x, pelaksana: [a, b], together: ya, waktu: 30 menit}\n"
    )
    found = run(scenario_of(sop_of(rows), 100_000), cases=20, runs=1)
    assert [row.working_minutes for row in found.rows] == [20, 30]
    assert found.median_minutes == 50
    assert [one.load for one in found.staff] == pytest.approx([40 / 100_000] * 2, abs=1e-4)


def test_a_row_of_another_sop_takes_as_long_as_that_and_keeps_nobody_busy() -> None:
    rows = "  - {id: minta, kegiatan: x, pelaksana: a, waktu: 5 menit, sop: lain}\n"
    called = sop_of("  - {id: kerja, kegiatan: x, pelaksana: a, waktu: 90 menit}\n")
    sop = sop_of(rows)
    for what_if, minutes in (((), 90), (("waktu minta=40 menit",), 40)):
        alteration = Alteration(changes=parse_changes(what_if, sop))
        found = run(scenario_of(sop, 1000, alteration, called=called), cases=20, runs=1)
        assert found.median_minutes == minutes
        assert found.bottleneck is None


def test_a_choice_of_ways_on_cannot_be_left_out() -> None:
    rows = (
        "  - {id: pilih, kegiatan: x, pelaksana: a, waktu: 5 menit, branches: {satu: kiri, dua: kanan, tiga: end}}\n"
        "  - {id: kiri, kegiatan: x, pelaksana: b, next: end}\n"
        "  - {id: kanan, kegiatan: x, pelaksana: c}\n"
    )
    with pytest.raises(UsageError, match="pilih"):
        parse_changes(["tanpa pilih"], sop_of(rows))


def test_who_is_asked_to_wait_is_served_in_the_order_of_coming() -> None:
    found = run(scenario_of(sop_of("  - {id: kerja, kegiatan: x, pelaksana: a, waktu: 10 menit}\n"), 11), runs=4)
    assert found.p90_minutes < 200  # last come, first served has the same mean and a far longer tail


def test_rows_done_together_are_no_withdrawal(forked: Sop) -> None:
    scenario, span = scenario_of(forked, 20), Span(cases=200, origin=MONDAY)
    figures = Run(scenario, Flow(forked), OFFICE, span, "1", 10_000).figures()
    assert figures.acts == 240 * 7, "nothing else is looked through"
