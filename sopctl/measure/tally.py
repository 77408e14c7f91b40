"""What the report keeps of some cases, whatever the time is when somebody asks.

A tally can be stored and taken apart again: its parts are plain values, and a case that changed is dropped from one
and added as another. Everything that runs on (a turn that waits, a case that has not ended) is kept up to the case's
last event; what has passed since then is one stretch of working time, added by whoever asks.
"""

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from math import nan
from typing import NamedTuple, Self

from msgspec import Struct

from sopctl.engine.state import Status, Visit
from sopctl.measure.cell import Cell, CellKey, Entry, packed
from sopctl.measure.happy_path import SopStandards
from sopctl.measure.measured import CaseClock, MeasuredCase, standard_of
from sopctl.measure.measures import measure_visits
from sopctl.sop.model import Step
from sopctl.worktime.calendar import Calendar

STATUSES: tuple[Status, ...] = ("running", "suspended", "completed", "cancelled")
"""The numbers by which `Courses` tells how a case stands."""


class Turn(Struct, frozen=True, array_like=True):
    """A turn that has come in a running case.

    ``jabatan`` is the pelaksana's title. ``since`` is when it came: in a row that passes along several pelaksana, when
    the one before handed on. ``due`` and ``standard`` (working minutes) are the row's, counted from the case's coming
    to it. ``spent`` are the working minutes from ``since`` to ``last``, the case's last event.
    """

    id: str
    sop: str
    subject: str
    step: str
    no: int | str | None
    kegiatan: str
    pelaksana: str
    jabatan: str
    since: datetime
    due: datetime | None
    spent: float
    last: datetime
    standard: float | None


class Course(NamedTuple):
    """A case as a whole: ``case`` is its number in the tally, ``status`` one of `STATUSES`.

    Days are ordinals in the office's zone, ``ended`` is 0 while it has not. ``elapsed`` are the working minutes up to
    its end or to ``last``, its last event (POSIX seconds), and ``suspended`` those in which its clock stood still, not
    a number where it never did. ``standard`` is not a number where the SOP has none.
    """

    case: int
    status: int
    started: int
    ended: int
    elapsed: float
    last: float
    suspended: float
    standard: float


class Courses(Struct, frozen=True, array_like=True):
    """The courses of the cases of one SOP, packed column by column."""

    sop: str
    case: bytes
    status: bytes
    started: bytes
    ended: bytes
    elapsed: bytes
    last: bytes
    suspended: bytes
    standard: bytes

    @classmethod
    def packed(cls, sop: str, courses: Iterable[Course]) -> Self:
        """These courses, in the order in which they come."""
        columns = tuple(zip(*courses, strict=True)) or ((),) * len(Course._fields)
        case, status, started, ended, elapsed, last, suspended, standard = columns
        return cls(
            sop=sop,
            case=array("I", case).tobytes(),
            status=bytes(status),
            started=array("I", started).tobytes(),
            ended=array("I", ended).tobytes(),
            elapsed=array("d", elapsed).tobytes(),
            last=array("d", last).tobytes(),
            suspended=array("d", suspended).tobytes(),
            standard=array("d", standard).tobytes(),
        )

    def each(self) -> "Iterator[Course]":
        """The courses one by one."""
        days = array("I", self.started), array("I", self.ended)
        numbers = map(partial(array, "d"), (self.elapsed, self.last, self.suspended, self.standard))
        return map(Course, array("I", self.case), self.status, *days, *numbers)


class FormRow(Struct, frozen=True, array_like=True):
    """How the form prints a row."""

    no: int | str | None
    kegiatan: str
    waktu: str


class Legend(Struct, frozen=True):
    """The words of an SOP that a report shows: its nama, the titles of its pelaksana, its rows by step."""

    nama: str
    pelaksana: dict[str, str]
    steps: dict[str, FormRow]


class Tally(Struct, frozen=True, kw_only=True):
    """What is kept of some cases; their numbers in `Cell.case` are their places in ``ids``."""

    ids: list[str]
    cells: list[Cell]
    courses: list[Courses]
    turns: list[Turn]
    legends: dict[str, Legend]


def tally_cases(cases: Iterable[MeasuredCase], calendar: Calendar) -> Tally:
    """What the report keeps of these cases."""
    ids: list[str] = []
    grouped: defaultdict[CellKey, list[Entry]] = defaultdict(list)
    courses: defaultdict[str, list[Course]] = defaultdict(list)
    turns: list[Turn] = []
    legends: dict[str, Legend] = {}
    known: dict[int, SopStandards] = {}
    for number, case in enumerate(cases):
        standards = known.get(id(case.sop))
        if standards is None:
            standards = known[id(case.sop)] = SopStandards(case.sop, calendar)
        ids.append(case.id)
        clock = CaseClock(case, calendar, case.state.last)
        courses[case.sop.id].append(_course(case, number, clock, standards))
        for key, entry in measure_visits(case, number, clock, standards):
            grouped[key].append(entry)
        turns += _turns(case, calendar)
        legends[case.sop.id] = legends.get(case.sop.id) or _legend(case)
    cells = [packed(key, entries) for key, entries in grouped.items()]
    return Tally(ids=ids, cells=cells, courses=_packed(courses), turns=turns, legends=legends)


def _packed(courses: Mapping[str, Iterable[Course]]) -> list[Courses]:
    return [Courses.packed(sop, members) for sop, members in courses.items()]


def cells_without(cells: Iterable[Cell], numbers: Collection[int]) -> list[Cell]:
    """The cells less what they hold of the cases with these numbers."""
    gone = 0
    for number in numbers:
        gone |= 1 << number
    left = (
        cell.where(lambda entry: entry.case not in numbers) if int.from_bytes(cell.seen, "little") & gone else cell
        for cell in cells
    )
    return [cell for cell in left if cell.flags]


def courses_without(courses: Iterable[Courses], numbers: Collection[int]) -> list[Courses]:
    """The courses less those of the cases with these numbers."""
    left = {one.sop: [course for course in one.each() if course.case not in numbers] for one in courses}
    return _packed({sop: members for sop, members in left.items() if members})


def join_tallies(old: Tally, new: Tally) -> Tally:
    """Both as one; a case that is in both is as the new one has it."""
    places = {id: number for number, id in enumerate(old.ids)}
    for id in new.ids:
        places.setdefault(id, len(places))
    renamed = [places[id] for id in new.ids]
    grouped: defaultdict[CellKey, list[Entry]] = defaultdict(list)
    kept = cells_without(old.cells, frozenset(renamed))
    for cell in new.cells:
        grouped[cell.key] += [entry._replace(case=renamed[entry.case]) for entry in cell.entries()]
    for cell in kept:
        if cell.key in grouped:
            grouped[cell.key] += cell.entries()
    courses: defaultdict[str, list[Course]] = defaultdict(list)
    for packed_courses in courses_without(old.courses, frozenset(renamed)):
        courses[packed_courses.sop] += packed_courses.each()
    for packed_courses in new.courses:
        courses[packed_courses.sop] += [one._replace(case=renamed[one.case]) for one in packed_courses.each()]
    changed = frozenset(new.ids)
    return Tally(
        ids=list(places),
        cells=[cell for cell in kept if cell.key not in grouped]
        + [packed(key, entries) for key, entries in grouped.items()],
        courses=_packed(courses),
        turns=[turn for turn in old.turns if turn.id not in changed] + new.turns,
        legends={**old.legends, **new.legends},
    )


def _course(case: MeasuredCase, number: int, clock: CaseClock, standards: SopStandards) -> Course:
    state = case.state
    standard, suspended = (
        standards.total_minutes(state.visits[0].step),
        clock.suspended_minutes(state.started, state.ended),
    )
    elapsed = clock.minutes(state.started, state.ended)
    return Course(
        case=number,
        status=STATUSES.index(state.status),
        started=clock.local_day(state.started).toordinal(),
        ended=clock.local_day(state.ended).toordinal() if state.ended else 0,
        elapsed=elapsed,
        last=state.last.timestamp(),
        suspended=nan if suspended is None else suspended,
        standard=nan if standard is None else standard,
    )


def _turns(case: MeasuredCase, calendar: Calendar) -> Iterator[Turn]:
    if case.state.status != "running":
        return
    clock, visit = CaseClock(case, calendar, case.state.last), case.state.visit
    step = case.sop.step(visit.step)
    since = turn_began(step, visit)
    spent, due = clock.minutes(since, None), clock.due_time(visit.since, step.waktu)
    for pelaksana in case.state.turn:
        yield Turn(
            id=case.id,
            sop=case.sop.id,
            subject=case.state.subject,
            step=step.id,
            no=step.no,
            kegiatan=step.kegiatan,
            pelaksana=pelaksana,
            jabatan=case.sop.pelaksana.get(pelaksana, pelaksana),
            since=since,
            due=due,
            spent=spent,
            last=case.state.last,
            standard=standard_of(step.waktu, calendar),
        )


def turn_began(step: Step, visit: Visit) -> datetime:
    """When the turn at a visit came: with the visit, or when the pelaksana before handed the row on."""
    return visit.since if step.together or not visit.acted else visit.acted[-1].at


def _legend(case: MeasuredCase) -> Legend:
    steps = {step.id: FormRow(step.no, step.kegiatan, step.waktu.text) for step in case.sop.steps}
    return Legend(case.sop.nama, case.sop.pelaksana, steps)
