"""All claims in one table: `python -m bench.run`; the exit code is 1 where one is over its target.

With `--quick` every bench runs a few times only, the searches for lost data among them, and no speed is judged: CI does
so, that none of them stops working unseen.
"""

import argparse
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import (
    approve,
    engine,
    form,
    generate,
    growth,
    importing,
    postgres,
    postgres_moves,
    render,
    report,
    save,
    scale,
    simulate,
    start,
    startup,
    verify,
    web,
)
from bench.office import PYTHON
from bench.ratio import Result, table

QUICK = 2
"""Rounds of each bench in the quick mode."""

CLAIMS = (startup, start, approve, render, engine, save, growth, form, importing, simulate)

SEARCHES = (
    "race --clerks 2 --moves 60",
    "alter --tries 40",
    "death --kills 60",
    "death --two-accounts --kills 20",
    "postgres_story --seconds 15",
    "postgres_story --seconds 8 --bouncer",
)
"""The benches that look for lost, doubled or unseen changes, with options that keep them short."""


def main() -> int:
    """Measure everything; 1 where something is over its target, or where a search of the quick mode found something."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a few repetitions of every bench; no speed is judged")
    if parser.parse_args().quick:
        print(table(quick(), judged=False))
        root = Path(__file__).parents[1]
        ends = [subprocess.run([PYTHON, "-m", *f"bench.{line}".split()], cwd=root, check=False) for line in SEARCHES]
        return max(abs(end.returncode) for end in ends)
    results = [result for claim in CLAIMS for result in claim.measured()]
    print(table(results))
    return 0 if all(result.met for result in results) else 1


def quick() -> list[Result]:
    """Every claim measured a few times, those about a large office in a small one."""
    results = [result for claim in CLAIMS for result in claim.measured(QUICK)]
    with TemporaryDirectory() as folder:
        office = Path(folder) / "kantor"
        now = datetime.now().astimezone().replace(microsecond=0)
        generate.generate(office, finished=20, running=5, seed=1, now=now)
        verified = verify.measured(Path(folder), 25, QUICK, few=15)
        pages = web.measured(4, finished=50, rounds=QUICK)
        kept = postgres.measured(office, QUICK, small=20, many=60)
        worked = postgres_moves.measured(1.0, 1, (1, postgres_moves.SLOWEST_OF))
        return [*results, *kept, *worked, *scale.measured(office, QUICK), *report.measured(office), *verified, *pages]


if __name__ == "__main__":
    sys.exit(main())
