"""pandas' side: plain durations, in wall-clock time, from events that are in memory already."""

import json
import sys
from pathlib import Path
from time import perf_counter

import msgspec
import pandas as pd

from bench.report import own_peak_mb
from sopctl.engine.events import Move, Started
from sopctl.engine.instance import Instance

ROUNDS = 5


def events(office: Path) -> pd.DataFrame:
    """Every start and every move of the office: case, step, time."""
    rows = []
    for path in office.glob("data/instances/*/*/*.json"):
        instance = msgspec.json.decode(path.read_bytes(), type=Instance)
        rows += [
            (instance.id, f"{instance.sop} {event.step}", event.at)
            for event in instance.events
            if isinstance(event, Started | Move)
        ]
    frame = pd.DataFrame(rows, columns=["case", "step", "at"])
    frame["at"] = pd.to_datetime(frame["at"], utc=True)
    return frame.sort_values(["case", "at"], kind="stable", ignore_index=True)


def durations(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """How long each step took (count, median, ninetieth percentile, longest) and how long each case."""
    took = frame.groupby("case")["at"].diff().dt.total_seconds()
    grouped = took.groupby(frame["step"])
    steps = grouped.agg(["count", "median", "max"]).assign(p90=grouped.quantile(0.9))
    ends = frame.groupby("case")["at"].agg(["min", "max"])
    return steps, (ends["max"] - ends["min"]).dt.total_seconds()


def main() -> None:
    """Tell the median seconds of the computation alone."""
    frame = events(Path(sys.argv[1]))
    durations(frame)
    times = []
    for _ in range(ROUNDS):
        began = perf_counter()
        durations(frame)
        times.append(perf_counter() - began)
    print(json.dumps({"seconds": sorted(times)[ROUNDS // 2], "peak_mb": own_peak_mb(), "events": len(frame)}))


if __name__ == "__main__":
    main()
