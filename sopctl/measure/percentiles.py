"""Middles and percentiles of values in order, and how many values are too few to go by."""

from collections.abc import Sequence

FEW = 5
"""Fewer visits (or finished cases) than this are marked: one of them alone moves the figures."""


def median(in_order: Sequence[float]) -> float | None:
    """The median of values in order, None of none."""
    if not in_order:
        return None
    middle = len(in_order) // 2
    return in_order[middle] if len(in_order) % 2 else (in_order[middle - 1] + in_order[middle]) / 2


def percentile(in_order: Sequence[float], percent: int) -> float:
    """The smallest value that at least so many percent of all do not exceed."""
    rank = -(-percent * len(in_order) // 100)
    return in_order[max(rank, 1) - 1]
