"""A trial run as it is told: the figures, beside them those of today, and what they rest on."""

from datetime import date

from msgspec import Struct

from sopctl.measure.proposals import Proposal
from sopctl.simulate.build import DurationKind
from sopctl.simulate.outcome import SimulationFigures


class Simulation(Struct, frozen=True, kw_only=True):
    """What the trial runs came to.

    ``baseline`` is the same without what was changed, None where nothing was. ``recorded`` counts the cases of the
    record that it rests on, ``proposals`` are those that were tried. ``changes`` is what would be otherwise, as typed.
    """

    sop: str
    nama: str
    runs: int
    seed: int
    since: date
    days: int | None
    arrivals_per_day: float
    duration: DurationKind
    recorded: int
    changes: tuple[str, ...]
    proposals: tuple[Proposal, ...]
    assumptions: tuple[str, ...]
    figures: SimulationFigures
    baseline: SimulationFigures | None
    damaged: tuple[str, ...]
