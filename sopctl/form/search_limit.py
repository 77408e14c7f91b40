"""A limit on the work of drawing a flow, counted in search steps, so that the same SOP is always drawn alike."""

PLENTY, MOST = 1_500_000, 4_000_000
"""Steps until which lines are improved, and until which they are looked for at all: the hardest form seen takes half of
the first. A million take some three seconds.
"""


class SearchLimit:
    """The steps that are ``left`` for the pages of one SOP, with all numbers of lanes together."""

    def __init__(self) -> None:
        self.left = MOST

    @property
    def low(self) -> bool:
        """Whether enough is left for drawing every line, but not for improving any."""
        return self.left < MOST - PLENTY

    @property
    def exhausted(self) -> bool:
        """Whether no further line is looked for."""
        return self.left < 0

    @property
    def spent(self) -> int:
        """The steps that were counted."""
        return MOST - self.left

    def count(self, steps: int) -> None:
        """Count so many steps: one is a node that the search for a route looks at."""
        self.left -= steps
