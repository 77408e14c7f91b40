"""A limit on the work of drawing a flow, counted in search steps, so that the same SOP always gets the same answer."""

from sopctl.errors import WrongError
from sopctl.sop.model import Sop

PLENTY, MOST = 1_500_000, 4_000_000
"""Steps until which lines are improved, and until which they are drawn at all: the hardest form seen takes half of the
first. A million take some three seconds.
"""


class SearchLimit:
    """The steps that are left for the pages of one SOP, all attempts together."""

    def __init__(self, sop: Sop) -> None:
        self._sop = sop.id
        self._left = MOST

    @property
    def low(self) -> bool:
        """Whether enough is left for drawing every line, but not for improving any."""
        return self._left < MOST - PLENTY

    @property
    def spent(self) -> int:
        """The steps that were counted."""
        return MOST - self._left

    def count(self, steps: int) -> None:
        """Count so many steps: one is a node that the search for a route looks at.

        Raises:
            WrongError: where none are left.
        """
        self._left -= steps
        if self._left < 0:
            raise WrongError(
                f"Alur SOP {self._sop} terlalu rumit untuk digambar: terlalu banyak langkah, cabang dan pelaksana. "
                "Pecah menjadi beberapa SOP.",
                code="flow",
            )
