"""How long something takes, or how far arrivals lie apart: a distribution of minutes."""

from collections.abc import Callable
from math import log
from random import Random
from typing import Literal, Self

from msgspec import Struct

DistributionKind = Literal["fixed", "uniform", "exponential", "empirical"]


class Distribution(Struct, frozen=True):
    """A distribution of minutes.

    ``minutes`` are one for `fixed` and `exponential` (its mean), the two ends of `uniform`, and all that were recorded,
    equally likely, for `empirical`.
    """

    kind: DistributionKind
    minutes: tuple[float, ...]

    @classmethod
    def fixed(cls, minutes: float) -> Self:
        """Always the same."""
        return cls("fixed", (minutes,))

    @property
    def mean(self) -> float:
        """The mean of the distribution."""
        return sum(self.minutes) / len(self.minutes)

    def scale(self, factor: float) -> Self:
        """The same distribution of so many times the minutes."""
        return type(self)(self.kind, tuple([one * factor for one in self.minutes]))

    def make_sampler(self, rng: Random) -> Callable[[], float]:
        """What draws a time from it, again and again."""
        first, last, draw = self.minutes[0], self.minutes[-1], rng.random
        match self.kind:
            case "fixed":
                return lambda: first
            case "uniform":
                return lambda: rng.uniform(first, last)
            case "exponential":
                return lambda: -log(1.0 - draw()) * first
            case "empirical":
                return lambda: rng.choice(self.minutes)

    def make_pair_sampler(self, other: Self, rng: Random) -> Callable[[], tuple[float, float]]:
        """What draws a time from it and one from the other: where both were recorded, those of the same act."""
        if self.kind == other.kind == "empirical":
            both = list(zip(self.minutes, other.minutes, strict=True))
            return lambda: rng.choice(both)
        first, second = self.make_sampler(rng), other.make_sampler(rng)
        return lambda: (first(), second())
