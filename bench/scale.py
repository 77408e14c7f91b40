"""Years of cases against ten: what a clerk types all day costs the same however much the office has done.

    python -m bench.scale [FOLDER]

FOLDER is an office that `bench.generate` made; without it one of 100,000 finished and 5,000 running cases is made in
the folder for temporary files (about 2 GB) and swept away.
"""

import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.generate import generate
from bench.office import process, program
from bench.ratio import Result, Side, medians, table, timed
from sopctl.store.files import cases
from sopctl.store.workspace import Workspace

FINISHED, RUNNING = 100_000, 5_000
TEN = 10
ROUNDS = 9

INBOX_AT_MOST = 3
SAME = 1.25
"""What counts as the same on a machine that does other things too."""


def measured(folder: Path, rounds: int = ROUNDS) -> list[Result]:
    """`inbox`, `start` and `approve` as processes in the office of that folder, against an office of ten cases."""
    with TemporaryDirectory() as small:
        ten = Path(small) / "kantor"
        generate(ten, finished=0, running=TEN, seed=1, now=datetime.now().astimezone().replace(microsecond=0))
        size = sum(1 for _ in cases.iter_ids(Workspace(folder).instances))
        return [
            *(_compared(["inbox", *more], folder, ten, rounds, size) for more in ([], ["--json"])),
            *(_moved(folder, ten, rounds, size)),
        ]


def _compared(words: list[str], many: Path, ten: Path, rounds: int, size: int) -> Result:
    command = [program(), *words]
    ours, theirs = medians([timed(partial(process, command, office)) for office in (many, ten)], rounds)
    return Result(
        what=f"sopctl {' '.join(words)}, {size} cases",
        peer=f"{TEN} cases",
        ours=ours,
        theirs=theirs,
        at_most=INBOX_AT_MOST,
    )


def _moved(many: Path, ten: Path, rounds: int, size: int) -> list[Result]:
    """A start and the approval of what it opened, in both offices."""
    starts = [timed(partial(process, [program(), "start", "penugasan"], office)) for office in (many, ten)]
    approvals = [_approval(office, _opened(office, rounds + 1)) for office in (many, ten)]
    results = []
    for what, sides in (("start penugasan", starts), ("approve ID", approvals)):
        ours, theirs = medians(sides, rounds)
        results.append(
            Result(
                what=f"sopctl {what}, {size} cases",
                peer=f"{TEN} cases",
                ours=ours,
                theirs=theirs,
                at_most=SAME,
            )
        )
    return results


def _opened(office: Path, wanted: int) -> list[str]:
    """The ids of so many cases that were opened just now."""
    for _ in range(wanted):
        process([program(), "start", "penugasan"], office)
    newest = max((office / "data" / "instances" / "penugasan").iterdir())
    last = max(int(path.stem.rpartition("-")[2]) for path in newest.glob("*.json"))
    return [f"penugasan-{number}" for number in range(last - wanted + 1, last + 1)]


def _approval(office: Path, ids: list[str]) -> Side:
    """Approves another case each time."""
    place = count()
    step: Callable[[], None] = lambda: process([program(), "approve", ids[next(place)]], office)  # noqa: E731 — one line
    return timed(step)


def main() -> None:
    """Measure in the office that was named, or in one made for it."""
    if sys.argv[1:]:
        print(table(measured(Path(sys.argv[1]))))
        return
    with TemporaryDirectory() as folder:
        office = Path(folder) / "kantor"
        now = datetime.now().astimezone().replace(microsecond=0)
        generate(office, finished=FINISHED, running=RUNNING, seed=1, now=now)
        print(table(measured(office)))


if __name__ == "__main__":
    main()
