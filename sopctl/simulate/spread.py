"""How long something takes, or how far arrivals lie apart: a distribution of minutes."""

from collections.abc import Callable
from math import log
from random import Random
from typing import Literal, Self

from msgspec import Struct

SpreadKind = Literal["fixed", "between", "exponential", "recorded"]


class Spread(Struct, frozen=True):
    """A distribution of minutes.

    ``minutes`` are one for `fixed` and `exponential` (its mean), the two ends of `between`, and all that were recorded,
    equally likely, for `recorded`.
    """

    kind: SpreadKind
    minutes: tuple[float, ...]

    @classmethod
    def fixed(cls, minutes: float) -> Self:
        """Always the same."""
        return cls("fixed", (minutes,))

    @property
    def mean(self) -> float:
        """The mean of the distribution."""
        return sum(self.minutes) / len(self.minutes)

    def times(self, factor: float) -> Self:
        """The same distribution of so many times the minutes."""
        return type(self)(self.kind, tuple([one * factor for one in self.minutes]))

    def drawer(self, chance: Random) -> Callable[[], float]:
        """What draws a time from it, again and again."""
        first, last, draw = self.minutes[0], self.minutes[-1], chance.random
        match self.kind:
            case "fixed":
                return lambda: first
            case "between":
                return lambda: chance.uniform(first, last)
            case "exponential":
                return lambda: -log(1.0 - draw()) * first
            case "recorded":
                return lambda: chance.choice(self.minutes)

    def drawer_with(self, other: Self, chance: Random) -> Callable[[], tuple[float, float]]:
        """What draws a time from it and one from the other: where both were recorded, those of the same act."""
        if self.kind == other.kind == "recorded":
            both = list(zip(self.minutes, other.minutes, strict=True))
            return lambda: chance.choice(both)
        first, second = self.drawer(chance), other.drawer(chance)
        return lambda: (first(), second())
