"""The happy path through an SOP, and how long the SOP says that it takes.

It is what happens when nobody turns anything down: from an entry along `next` and the first exit of each diamond,
until the end or a row that was already on it. Every row counts once. Of the arms of a fork it takes the longest.
"""

from collections.abc import Callable

from sopctl.measure.case_clock import standard_of
from sopctl.sop.model import END, Sop, Step
from sopctl.worktime.calendar import Calendar


def happy_path(
    sop: Sop,
    start: str | None = None,
    minutes: Callable[[Step], float] = lambda _: 0,
    known: dict[str, tuple[Step, ...]] | None = None,
) -> tuple[Step, ...]:
    """The rows from an entry (the default one if not given) to the end.

    ``minutes`` tells how long a row takes; ``known`` are the paths from the arms that were looked at already.
    """
    path: dict[str, Step] = {}
    id = start or sop.start[0]
    known = {} if known is None else known
    while id != END and id not in path:
        step = path[id] = sop.step(id)
        if len(step.next) > 1:
            for arm in step.next:
                if arm not in known:
                    known[arm] = ()  # for a loop that comes back to it
                    known[arm] = happy_path(sop, arm, minutes, known)
            longest = max((known[arm] for arm in step.next), key=lambda rows: sum(map(minutes, rows)))
            path |= {one.id: one for one in longest}
            break
        id = step.branches[0].to if step.branches else sop.step_after(step)
    return tuple(path.values())


def happy_path_minutes(sop: Sop, calendar: Calendar, start: str | None = None) -> float | None:
    """The standards of the happy path added up, in working minutes; None where no row on it has one."""
    path = happy_path(sop, start, lambda step: standard_of(step.waktu, calendar) or 0)
    standards = [standard_of(step.waktu, calendar) for step in path]
    known = [standard for standard in standards if standard is not None]
    return sum(known) if known else None


class SopStandards:
    """What the report asks of an SOP again and again, looked up once: its rows, their standards and the totals."""

    def __init__(self, sop: Sop, calendar: Calendar) -> None:
        self.sop = sop
        self._calendar = calendar
        self._rows = {
            step.id: (number, step, standard_of(step.waktu, calendar)) for number, step in enumerate(sop.steps)
        }
        self._totals: dict[str, float | None] = {}

    def step_row(self, id: str) -> tuple[int, Step, float | None]:
        """A step's place on the form, the step, and its standard in working minutes."""
        return self._rows[id]

    def total_minutes(self, start: str) -> float | None:
        """The minutes of the happy path from an entry."""
        if start not in self._totals:
            self._totals[start] = happy_path_minutes(self.sop, self._calendar, start)
        return self._totals[start]
