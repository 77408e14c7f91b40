"""What one run adds up to."""

from msgspec import Struct


class StaffSums(Struct):
    """What the people of a pelaksana did: minutes at work within the window, and of counted cases acts and waiting.

    ``asked`` is all the work that counted cases asked for, whenever it was done.
    """

    busy: float = 0.0
    acts: int = 0
    waiting: float = 0.0
    asked: float = 0.0

    def add(self, came: float, began: float, until: float, window: tuple[float, float], *, counted: bool) -> None:
        """One act more, or what was done of one that was cut short."""
        self.busy += max(0.0, min(until, window[1]) - max(began, window[0]))
        if counted:
            self.acts += 1
            self.waiting += began - came
            self.asked += until - began


class RunFigures(Struct, frozen=True):
    """One run: the working minutes of each counted case in order, and sums.

    ``rows`` are by row the visits, and the sums of their minutes of waiting, of work and of the clock. ``window`` is
    how long it is, in working minutes.
    """

    elapsed: list[float]
    rows: dict[str, tuple[float, float, float, float]]
    staff: dict[str, StaffSums]
    window: float
