"""What is simulated, as values: the SOP, who works on it, how long each row takes, how cases come and go."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct

from sopctl.simulate.distribution import Distribution
from sopctl.sop.model import Sop

WorkKind = Literal["people", "waiting", "calendar"]
"""Who is kept busy by a row: its pelaksana in working hours, or nobody, while working time or the clock runs."""

Exits = tuple[tuple[str, float], ...]
"""The labels of the exits of a diamond, each with its share of 1."""


class RowWork(Struct, frozen=True):
    """How long a row takes, in minutes: for each of its pelaksana where people work on it, else one for all of it.

    By the clock where it runs by the `calendar`, else in working minutes. ``lying`` is for each pelaksana how long it
    lies before that, while nobody is busy with it; empty where it does not. Where both are recorded they are of the
    same acts, in the same order.
    """

    kind: WorkKind
    parts: tuple[Distribution, ...]
    lying: tuple[Distribution, ...] = ()

    @property
    def mean(self) -> float:
        """The mean of all parts together."""
        return sum(part.mean for part in self.parts)


class Scenario(Struct, frozen=True, kw_only=True):
    """One way in which an office might work.

    ``rows`` and ``skips`` (the share of cases that leave a row out) are by the id of the row, ``exits`` by row and the
    pelaksana who decides; ``starts`` are the entries with their shares, ``people`` how many there are of each
    pelaksana. ``gaps`` are the working minutes between two arrivals.
    """

    sop: Sop
    rows: Mapping[str, RowWork]
    exits: Mapping[tuple[str, str], Exits]
    skips: Mapping[str, float]
    starts: Exits
    people: Mapping[str, int]
    gaps: Distribution


class Span(Struct, frozen=True, kw_only=True):
    """How much is simulated: so many ``cases``, or with 0 those of so many ``days`` of the calendar.

    ``origin`` is when it begins. A fifth more comes before, and is not counted: no office begins with empty desks.
    """

    cases: int = 0
    days: int = 0
    origin: datetime
