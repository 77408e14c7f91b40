"""The report against process mining (pm4py) and data frames (pandas), and its index against reading the files.

    python -m bench.report [FOLDER]

FOLDER as in `bench.scale`. pm4py and pandas run in processes of their own (`mining.py`, `frames.py`) that tell the
seconds of the computation alone, on events that they hold in memory; ours is the whole process from the start.
"""

import json
import resource
import shutil
import subprocess
import sys
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.generate import generate
from bench.office import ENVIRONMENT, PYTHON, process, program
from bench.ratio import Result, table, timed

ROUNDS = 5
TENTH, NO_SLOWER, THIRD, BUILD = 0.1, 1.0, 1 / 3, 3.0


def measured(large: Path) -> list[Result]:
    """A result for each claim of the report."""
    return [_built(large), _against_frames(large), *_against_mining(large)]


def _built(office: Path) -> Result:
    """The first look, which reads every case, against a loop that only opens and parses the same files."""
    shutil.rmtree(office / "data" / "cache", ignore_errors=True)
    process([PYTHON, "-c", _LOOP, str(office)], office)  # so that both find the files in memory
    loop = timed(partial(process, [PYTHON, "-c", _LOOP, str(office)], office))
    first = timed(partial(process, [program(), "inbox", "--json"], office))
    theirs, ours = loop(), first()
    return Result(what="first look at all cases", peer="open and json.loads", ours=ours, theirs=theirs, at_most=BUILD)


_LOOP = """
import json, sys
from pathlib import Path
for path in Path(sys.argv[1]).glob("data/instances/*/*/*.json"):
    json.loads(path.read_text(encoding="utf-8"))
"""


def _against_frames(office: Path) -> Result:
    process([program(), "report"], office)
    theirs = float(_told("frames", office)["seconds"])
    times = sorted(timed(partial(process, [program(), "report"], office))() for _ in range(ROUNDS))
    peer = "pandas, plain durations in memory"
    return Result(what="sopctl report", peer=peer, ours=times[ROUNDS // 2], theirs=theirs, at_most=NO_SLOWER)


def _against_mining(office: Path) -> list[Result]:
    told = _told("mining", office)
    times = sorted(timed(partial(process, [program(), "report"], office))() for _ in range(ROUNDS))
    peer = "pm4py, durations and sojourn times in working hours"
    seconds = float(told["seconds"])
    return [
        Result(what="sopctl report", peer=peer, ours=times[ROUNDS // 2], theirs=seconds, at_most=TENTH),
        Result(
            what="peak memory (MB as ms)",
            peer="pm4py",
            ours=_peak([program(), "report"], office) / 1000,
            theirs=float(told["peak_mb"]) / 1000,
            at_most=THIRD,
        ),
    ]


def _told(script: str, target: Path) -> dict[str, float]:
    """What a peer's own process tells."""
    command = [PYTHON, "-W", "ignore", "-m", f"bench.{script}", str(target)]
    root = Path(__file__).parents[1]
    answer = subprocess.run(command, cwd=root, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    told: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return told


def _peak(command: list[str], office: Path) -> float:
    """The peak memory of a process in MB."""
    watch = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    )
    answer = subprocess.run(
        [PYTHON, "-c", watch, *command], cwd=office, env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    return float(answer.stdout)


def own_peak_mb() -> float:
    """The peak memory of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure in the office that was named, or in one made for it."""
    began = perf_counter()
    if sys.argv[1:]:
        print(table(measured(Path(sys.argv[1]))))
    else:
        with TemporaryDirectory() as folder:
            office = Path(folder) / "kantor"
            now = datetime.now().astimezone().replace(microsecond=0)
            generate(office, finished=100_000, running=5_000, seed=1, now=now)
            print(table(measured(office)))
    print(f"{perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
