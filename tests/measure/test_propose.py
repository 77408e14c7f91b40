"""Suggested standards: what the figures say, in words that a form can print."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopctl.engine.case import Case
from sopctl.engine.events import Approved, Started
from sopctl.measure.proposals import ENOUGH, Proposal, propose_standards, round_up_waktu
from sopctl.measure.query import Query
from sopctl.measure.tally import tally_cases
from sopctl.problems import Source
from sopctl.sop.durations import parse_waktu
from sopctl.sop.model import Duration, Sop, Step, Waktu
from sopctl.worktime.calendar import Calendar

PONTIANAK = ZoneInfo("Asia/Pontianak")
OFFICE = Calendar(zone=PONTIANAK)
BEGAN = datetime(2026, 11, 24, 8, 0, tzinfo=PONTIANAK)


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        pytest.param(0, "5 menit", id="nothing-is-at-least-five-minutes"),
        pytest.param(5, "5 menit", id="five"),
        pytest.param(5.01, "10 menit", id="rounded-up"),
        pytest.param(31, "45 menit", id="quarters-of-an-hour"),
        pytest.param(121, "2,5 jam", id="half-hours"),
        pytest.param(420, "7 jam", id="whole-hours"),
        pytest.param(450, "1 hari", id="a-working-day"),
        pytest.param(451, "2 hari", id="days"),
    ],
)
def test_a_suggestion_is_rounded_up_to_what_a_form_prints(minutes: float, text: str) -> None:
    assert round_up_waktu(minutes, 450)[0] == text


@given(minutes=st.floats(0, 100_000))
def test_a_suggestion_is_a_standard_that_the_language_reads_and_that_is_enough(minutes: float) -> None:
    text, worth = round_up_waktu(minutes, 450)
    read = parse_waktu(text)
    assert isinstance(read, Waktu)
    assert read.maximum is not None
    assert OFFICE.minutes(read.maximum) == worth >= minutes


def visited(times: int, minutes: int, standard: Duration | None) -> Proposal:
    """What is proposed after so many visits of so many minutes."""
    here = Source("sops/uji.yaml", 1, 1)
    text = Waktu("standar", standard, standard)
    step = Step(id="susun", no=3, kegiatan="Menyusun", pelaksana=("tim",), waktu=text, source=here)
    sop = Sop(id="uji", nama="Uji", pelaksana={"tim": "Tim"}, steps=(step,), start=("susun",), source=here)
    office = []
    for number in range(times):
        until = BEGAN + timedelta(minutes=minutes)
        started = Started(at=BEGAN, recorded_at=BEGAN, by="akun", step="susun", number=1)
        approved = Approved(at=until, recorded_at=until, by="akun", for_="tim", step="susun", to="end", number=2)
        office.append(Case.from_events(f"uji-{number + 1}", "versi", (started, approved), lambda _: sop))
    known = tally_cases(office, OFFICE)
    (found,) = propose_standards([known], known.legends, OFFICE, Query())
    return found


@pytest.mark.parametrize(
    ("times", "minutes", "standard", "verdict", "proposal"),
    [
        pytest.param(ENOUGH - 1, 60, Duration(5, "menit"), "too_few", None, id="too-few"),
        pytest.param(ENOUGH, 60, Duration(5, "menit"), "longer", "60 menit", id="longer"),
        pytest.param(ENOUGH, 10, Duration(60, "menit"), "shorter", "10 menit", id="shorter"),
        pytest.param(ENOUGH, 40, Duration(60, "menit"), "keep", None, id="it-may-stay"),
        pytest.param(ENOUGH, 60, Duration(60, "menit"), "keep", None, id="just-met"),
        pytest.param(ENOUGH, 20, None, "new", "20 menit", id="a-row-without-a-standard"),
    ],
)
def test_a_proposal_says_what_the_figures_suggest(
    times: int, minutes: int, standard: Duration | None, verdict: str, proposal: str | None
) -> None:
    found = visited(times, minutes, standard)
    assert (found.verdict, found.proposal) == (verdict, proposal)
    assert (found.cases, found.visits, found.no, found.standard) == (times, times, 3, "standar")
    assert (found.median_minutes, found.p80_minutes) == (minutes, minutes)
