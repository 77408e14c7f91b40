"""All claims in one table: `python -m bench.run`; the exit code is 1 where one is over its target."""

import sys

from bench import approve, engine, render, save, startup
from bench.ratio import table


def main() -> int:
    """Measure everything; whether all of it is within its targets."""
    results = [result for claim in (startup, approve, render, engine, save) for result in claim.measured()]
    print(table(results))
    return 0 if all(result.met for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
