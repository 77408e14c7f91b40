"""The happy path through an SOP, and how long the SOP says that it takes.

It is what happens when nobody turns anything down: from an entry along `next` and the first exit of each diamond,
until the end or a row that was already on it. Every row counts once. Of the arms of a fork it takes the longest.
"""

from collections.abc import Callable, Container, Iterable, Mapping
from types import MappingProxyType

from sopctl.engine.events import FieldValue
from sopctl.engine.state import State, Visit
from sopctl.measure.case_clock import longest_time, standard_of
from sopctl.sop.model import END, Sop, Step
from sopctl.worktime.calendar import Calendar

_NO_FIELDS: Mapping[str, FieldValue] = MappingProxyType({})


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


def happy_path_minutes(
    sop: Sop,
    calendar: Calendar,
    start: str | None = None,
    fields: Mapping[str, FieldValue] = _NO_FIELDS,
    skipped: Container[str] = (),
) -> float | None:
    """The standards of the happy path added up, in working minutes; None where no row on it has one.

    A standard by the clock counts as the most working time that it can hold; a date has no length, and neither has a
    row that was ``skipped``.
    """

    def minutes(step: Step) -> float:
        time = None if step.id in skipped else longest_time(step.waktu, fields)
        return calendar.working_minutes(time) if time else 0

    known = [one for one in map(minutes, happy_path(sop, start, minutes)) if one]
    return sum(known) if known else None


def find_skipped_steps(visits: Iterable[Visit]) -> set[str]:
    """The steps that were only ever left out."""
    left_out = {visit.step for visit in visits if visit.is_skipped}
    return left_out and left_out - {visit.step for visit in visits if not visit.is_skipped}


class SopStandards:
    """What the report asks of an SOP again and again, looked up once: its rows, their standards and the totals."""

    def __init__(self, sop: Sop, calendar: Calendar) -> None:
        self.sop = sop
        self._calendar = calendar
        self._rows = {
            step.id: (number, step, standard_of(step.waktu, calendar, {})) for number, step in enumerate(sop.steps)
        }
        self._rates = any(step.waktu.per for step in sop.steps)
        self._totals: dict[str, float | None] = {}

    def step_row(self, id: str, fields: Mapping[str, FieldValue]) -> tuple[int, Step, float | None]:
        """A step's place on the form, the step, and its standard by its clock, in a case with these fields."""
        number, step, standard = self._rows[id]
        return number, step, standard_of(step.waktu, self._calendar, fields) if step.waktu.per else standard

    def total_minutes(self, state: State) -> float | None:
        """The working minutes of the happy path from the entry of a case, without the rows that it left out."""
        start, skipped = state.visits[0].step, find_skipped_steps(state.visits)
        if skipped:
            return happy_path_minutes(self.sop, self._calendar, start, state.fields, skipped)
        if start not in self._totals or self._rates:
            self._totals[start] = happy_path_minutes(self.sop, self._calendar, start, state.fields)
        return self._totals[start]
