"""Small SOPs, read from YAML as an office writes them, and the scenarios of queues whose answers are known."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from sopctl.simulate.build import Alteration, Basis, DurationKind, build_scenario
from sopctl.simulate.distribution import Distribution
from sopctl.simulate.outcome import SimulationFigures, simulate
from sopctl.simulate.scenario import Scenario, Span
from sopctl.sop.decode import read_sop
from sopctl.sop.model import Sop
from sopctl.worktime.calendar import Calendar

PONTIANAK = ZoneInfo("Asia/Pontianak")
OFFICE = Calendar(zone=PONTIANAK)
MONDAY = datetime(2026, 1, 5, tzinfo=PONTIANAK)

MakeSop = Callable[[str], Sop]


def sop_of(rows: str) -> Sop:
    """An SOP of these rows, whose pelaksana are a, b and c."""
    head = "id: uji\nnama: Uji\npelaksana: {a: A, b: B, c: C}\nsteps:\n"
    sop, problems = read_sop((head + rows).encode(), "sops/uji.yaml", frozenset())
    assert sop is not None, problems
    return sop


def scenario_of(
    sop: Sop,
    apart: float,
    alteration: Alteration | None = None,
    duration: DurationKind = "standard",
    called: Sop | None = None,
) -> Scenario:
    """The scenario in which cases come by chance, so many working minutes apart; ``called`` is any other SOP."""
    basis = Basis(
        sop=sop, calendar=OFFICE, duration=duration, record=None, from_record=False,
        gaps=Distribution("exponential", (apart,)), find_sop=lambda _: called,
    )  # fmt: skip
    return build_scenario(basis, alteration or Alteration())


def run(scenario: Scenario, *, cases: int = 5000, runs: int = 20, seed: int = 1) -> SimulationFigures:
    """The figures of runs of so many cases."""
    return simulate(scenario, OFFICE, Span(cases=cases, origin=MONDAY), runs=runs, seed=seed)


@pytest.fixture
def forked() -> Sop:
    """Two arms beside each other, one of which may turn the work down to before the fork."""
    return sop_of(
        """
  - {id: buka, kegiatan: x, pelaksana: a, waktu: 10 menit, next: [kiri, kanan]}
  - {id: kiri, kegiatan: x, pelaksana: b, waktu: 20 menit, next: temu}
  - {id: kanan, kegiatan: x, pelaksana: c, waktu: 30 menit}
  - {id: periksa, kegiatan: x, pelaksana: [c, a], decides: c, waktu: 10 menit, branches: {ya: temu, tidak: buka}}
  - {id: temu, kegiatan: x, pelaksana: [a, b], together: ya, waktu: 5 menit}
"""
    )
