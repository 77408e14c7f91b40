"""A speed claim: our median against a peer's, taken in turns so that a busy machine slows both sides alike.

A ratio travels from machine to machine, a number of milliseconds does not; so claims are made of ratios only.
"""

from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter

from msgspec import Struct

Side = Callable[[], float]
"""Does its work once and returns the seconds that the work took, without its preparation."""


class Result(Struct, frozen=True, kw_only=True):
    """What was measured of one claim; ``ours`` and ``theirs`` are medians in seconds.

    ``at_most`` limits our time over the peer's, ``at_least`` our speed over the peer's; one of them is set.
    """

    what: str
    peer: str
    ours: float
    theirs: float
    at_most: float | None = None
    at_least: float | None = None

    @property
    def ratio(self) -> float:
        """Our time over the peer's, or our speed over the peer's, as the limit counts."""
        return self.ours / self.theirs if self.at_most is not None else self.theirs / self.ours

    @property
    def met(self) -> bool:
        """Whether the claim holds in this run."""
        if self.at_most is not None:
            return self.ratio <= self.at_most
        return self.at_least is None or self.ratio >= self.at_least


def medians(sides: Sequence[Side], rounds: int) -> list[float]:
    """The median seconds of each side over so many rounds A B A B …, after one round that nobody counts."""
    for side in sides:
        side()
    times = [[side() for side in sides] for _ in range(rounds)]
    return [median(column) for column in zip(*times, strict=True)]


def timed(work: Callable[[], object], clock: Callable[[], float] = perf_counter) -> Side:
    """A side that needs no preparation; what only computes may be timed by the processor (`process_time`)."""

    def side() -> float:
        began = clock()
        work()
        return clock() - began

    return side


def table(results: Sequence[Result], *, judged: bool = True) -> str:
    """The results as text, a line each; their targets only where they are judged."""
    head = ("what", "peer", "ours ms", "peer ms", "ratio", "target", "")
    rows = [row[: None if judged else -2] for row in (head, *(_row(result) for result in results))]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def _row(result: Result) -> tuple[str, ...]:
    target = f"<= {result.at_most}" if result.at_most is not None else f">= {result.at_least}"
    return (
        result.what,
        result.peer,
        f"{result.ours * 1000:.3f}",
        f"{result.theirs * 1000:.3f}",
        f"{result.ratio:.2f}",
        target,
        "ok" if result.met else "over",
    )
