"""The event log as a process-mining tool reads it: the same cases, and the same durations."""

import importlib.util
import os
import warnings
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sopctl.desk import moves
from sopctl.desk.move_input import MoveInput
from sopctl.desk.report import publish, report
from sopctl.measure.query import Query

Room = Any  # the class stands in a conftest

if importlib.util.find_spec("pm4py") is None and not os.environ.get("SOPCTL_ALL_TOOLS"):
    pytest.skip("pm4py is missing", allow_module_level=True)

MONDAY_TO_THURSDAY = [
    (day * 86400 + start, day * 86400 + end) for day in range(4) for start, end in ((27000, 43200), (46800, 57600))
]
FRIDAY = [(4 * 86400 + 27000, 4 * 86400 + 41400), (4 * 86400 + 46800, 4 * 86400 + 59400)]
"""The office's hours as pm4py counts them: seconds from Monday's midnight."""


@pytest.fixture
def log(room: Room, tmp_path: Path) -> Any:  # noqa: ANN401 — a data frame
    """Two cases that ended and one on its way, over a night and a weekend, read by pm4py."""
    room.now = room.now.replace(day=19, hour=14)
    for number, gaps in enumerate(((30, 200, 17), (1000, 5, 4300), (90,)), 1):
        room.start("penugasan", f"Uji {number}")
        for gap in gaps:
            room.now += timedelta(minutes=gap)
            room.ask(lambda session, number=number: moves.begin(session, f"penugasan-{number}", MoveInput()))
            room.approve(f"penugasan-{number}", MoveInput(sets=("tugas=satu",)))
    path = tmp_path / "catatan.xes"
    publish(room.session(looking=True), Query(), {"xes": path})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pm4py  # noqa: PLC0415 — heavy, and its own warnings are not ours

        return pm4py.read_xes(str(path))


def working_minutes(since: Any, until: Any) -> float:  # noqa: ANN401 — pandas' time stamps
    """What pm4py counts between two moments of the office, in minutes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pm4py.util.business_hours import soj_time_business_hours_diff  # noqa: PLC0415 — as above

        zone = "Asia/Pontianak"
        moments = (moment.tz_convert(zone).tz_localize(None).tz_localize("UTC") for moment in (since, until))
        return float(soj_time_business_hours_diff(*moments, MONDAY_TO_THURSDAY + FRIDAY, None)) / 60


def test_a_process_mining_tool_finds_the_same_durations(log: Any, room: Room) -> None:  # noqa: ANN401 — a data frame
    assert sorted(log["case:concept:name"].unique()) == ["penugasan-1", "penugasan-2", "penugasan-3"]
    found = report(room.session(looking=True), Query()).figures
    ended = {case.id: case.elapsed_minutes for case in found.cases if case.status == "completed"}
    for id, minutes in ended.items():
        events = log[log["case:concept:name"] == id]["time:timestamp"]
        assert working_minutes(events.min(), events.max()) == pytest.approx(minutes, abs=0.02)
    assert len(ended) == 2


def test_each_visit_has_its_own_duration_in_the_log(log: Any) -> None:  # noqa: ANN401 — a data frame
    done = log[log["lifecycle:transition"] == "complete"]
    assert len(done) == 7
    for _, event in done.iterrows():
        same = log[
            (log["case:concept:name"] == event["case:concept:name"]) & (log["concept:name"] == event["concept:name"])
        ]
        came = same[same["lifecycle:transition"] == "assign"]["time:timestamp"].iloc[0]
        minutes = working_minutes(came, event["time:timestamp"])
        assert minutes == pytest.approx(event["sopctl:elapsed_minutes"], abs=0.02)
        assert "start" in set(same["lifecycle:transition"])
