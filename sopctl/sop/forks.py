"""Forks: rows that are worked on at the same time, from the row that leads to several to where their arms meet."""

from collections.abc import Iterable
from itertools import combinations
from typing import Self

from msgspec import Struct

from sopctl.sop.graph import StepGraph, find_reachable


class Meeting(Struct, frozen=True):
    """Two arms of a fork, by their first rows, and the rows at which either comes to one that both reach.

    A sound pair meets at one row, which is not the end.
    """

    arms: tuple[str, str]
    rows: tuple[str, ...]


class Fork(Struct, frozen=True):
    """A row that leads to several at once.

    ``arms`` are the rows that are gone through before all arms have met, by the first row of each.
    """

    row: str
    arms: dict[str, frozenset[str]]
    meetings: tuple[Meeting, ...]

    @property
    def rows(self) -> frozenset[str]:
        """The rows of all its arms."""
        return frozenset[str]().union(*self.arms.values())

    @classmethod
    def among(cls, graph: StepGraph, row: str, starts: Iterable[str]) -> Self:
        """The fork at a row whose arms begin at ``starts``."""
        reached = {start: find_reachable(graph, [start]) for start in starts}
        common = frozenset.intersection(*reached.values())
        pairs = [_find_meeting(graph, reached, *pair) for pair in combinations(reached, 2)]
        return cls(row, {start: rows - common for start, rows in reached.items()}, tuple(pairs))


def _find_meeting(graph: StepGraph, reached: dict[str, frozenset[str]], one: str, other: str) -> Meeting:
    both = reached[one] & reached[other]
    own = reached[one] ^ reached[other]
    found = [start for start in (one, other) if start in both]
    found += [target for row in graph if row in own for target in graph[row] if target in both]
    return Meeting((one, other), tuple(dict.fromkeys(found)))


def find_rows_beside(forks: Iterable[Fork]) -> dict[str, frozenset[str]]:
    """For each row in an arm, the rows of the arms beside it."""
    beside: dict[str, frozenset[str]] = {}
    for fork in forks:
        for row in fork.rows:
            own = [arm for arm in fork.arms.values() if row in arm]
            others = [arm for arm in fork.arms.values() if row not in arm]
            rows = frozenset[str]().union(*others).difference(*own)
            beside[row] = beside.get(row, frozenset()) | rows
    return beside
