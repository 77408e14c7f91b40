"""How long a flow may be drawn: counted in what the search does, so that the same SOP always gets the same answer."""

from sopctl.errors import WrongError
from sopctl.sop.model import Sop

PLENTY, MOST = 1_500_000, 4_000_000
"""Steps until which lines are bettered, and until which they are drawn at all: the hardest form seen takes half of the
first. A million take some three seconds.
"""


class Effort:
    """What is left for the pages of one SOP, all attempts together."""

    def __init__(self, sop: Sop) -> None:
        self._sop = sop.id
        self._left = MOST

    @property
    def scarce(self) -> bool:
        """Whether there is enough for drawing everything, but no more for drawing it better."""
        return self._left < MOST - PLENTY

    def spend(self, steps: int) -> None:
        """Take so many steps: one is a place that the search for a line looks at.

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
