"""What one run adds up to."""

from collections.abc import Mapping
from dataclasses import dataclass

from msgspec import Struct


@dataclass(slots=True)
class PartSums:
    """What a pelaksana did at a row in counted cases: acts, their minutes of waiting and of work.

    ``left`` counts the visits that ended with one of the acts. Of a row by the clock, ``clock`` are its minutes in all
    cases, ``drawn`` how often. ``busy`` are the minutes of work within the window of the run, of whichever case.
    A dataclass, whose slots are set twice as fast as those of a Struct: every act adds to them.
    """

    acts: int = 0
    left: int = 0
    waiting: float = 0.0
    working: float = 0.0
    clock: float = 0.0
    drawn: int = 0
    busy: float = 0.0


Course = tuple[str, frozenset[str]]
"""What the standard of a case depends on: the row at which it was opened, and those that it left out."""


class RunFigures(Struct, frozen=True):
    """One run: the working minutes of each counted case by its course and in order, sums by row and pelaksana.

    ``window`` is how long what counts took to come, in working minutes; ``acts`` are how much there was to count.
    """

    courses: Mapping[Course, list[float]]
    elapsed: list[float]
    parts: dict[tuple[str, str], PartSums]
    window: float
    acts: int
