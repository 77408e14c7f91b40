"""pm4py's side: durations of all cases and sojourn times of all visits, in the office's working hours.

pm4py is under the AGPL and a peer of the benches alone: sopctl neither imports nor ships it.
"""

import json
import sys
from pathlib import Path
from time import perf_counter

import pandas as pd
import pm4py
from pm4py.statistics.service_time.pandas import get as sojourn

from bench.frames import events
from bench.report import own_peak_mb

_DAY = 86_400
SLOTS = [
    (day * _DAY + start, day * _DAY + end) for day in range(4) for start, end in ((27_000, 43_200), (46_800, 57_600))
]
SLOTS += [(4 * _DAY + 27_000, 4 * _DAY + 41_400), (4 * _DAY + 46_800, 4 * _DAY + 59_400)]
"""07.30 to 12.00 and 13.00 to 16.00; on Friday to 11.30 and 13.00 to 16.30: seconds from Monday's midnight."""


def visits(office: Path) -> pd.DataFrame:
    """Every stretch between two moves of a case, on the office's own clock, as pm4py wants it."""
    frame = events(office)
    clock = frame["at"].dt.tz_convert("Asia/Pontianak").dt.tz_localize(None)
    frame["at"] = clock.dt.tz_localize("UTC")  # pm4py counts working hours on the clock that it is shown
    frame["since"] = frame.groupby("case")["at"].shift()
    names = {"case": "case:concept:name", "step": "concept:name", "at": "time:timestamp", "since": "start_timestamp"}
    return frame.dropna(subset=["since"]).rename(columns=names)


def main() -> None:
    """Tell the seconds of the computation alone and the peak memory."""
    log = visits(Path(sys.argv[1]))
    began = perf_counter()
    pm4py.get_all_case_durations(log, business_hours=True, business_hour_slots=SLOTS)
    parameters = {
        "business_hours": True,
        "business_hour_slots": SLOTS,
        sojourn.Parameters.START_TIMESTAMP_KEY: "start_timestamp",
        sojourn.Parameters.AGGREGATION_MEASURE: "median",
    }
    sojourn.apply(log, parameters)
    print(json.dumps({"seconds": perf_counter() - began, "peak_mb": own_peak_mb(), "visits": len(log)}))


if __name__ == "__main__":
    main()
