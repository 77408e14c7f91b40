"""What the report keeps of some cases: plain values that do not depend on the present time, so that they can be cached.

Everything that runs on (a turn that waits, a case that has not ended) is measured up to the case's last event; the
working time since then is added when the report is made.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from sopctl.engine.case import Case
from sopctl.engine.state import State, Status, Visit
from sopctl.measure.case_clock import CaseClock
from sopctl.measure.happy_path import SopStandards
from sopctl.measure.visit_columns import ColumnsKey, MeasuredVisit, VisitColumns, pack_visits
from sopctl.measure.visits import measure_visits
from sopctl.sop.model import Clock, Step
from sopctl.worktime.calendar import Calendar


class Turn(Struct, frozen=True):
    """A turn that has come in a running case.

    ``jabatan`` is the pelaksana's title. ``since`` is when it came: in a row that passes along several pelaksana, when
    the one before handed on. ``due`` is the row's, counted from the case's coming to it.
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


class MeasuredTurn(Turn, frozen=True, array_like=True):
    """A turn, the minutes ``spent`` from ``since`` to ``last``, the case's last event, and the row's, by its clock.

    ``assigned`` is the nama or account that the case gave this pelaksana to, empty where to nobody.
    """

    spent: float
    last: datetime
    standard: float | None
    clock: Clock
    due_need: str
    assigned: str


class CaseCourse(Struct, frozen=True, array_like=True, gc=False):
    """A case from its start to its end, or to its last event while it has not ended.

    Days are ordinals in the office's zone, ``ended`` is 0 while it has not. ``elapsed`` are the working minutes up to
    its end or to ``last``, its last event (POSIX seconds), and ``suspended`` those in which its clock stood still, None
    where it never did. ``standard`` is the SOP's own total in working minutes, None where it has none.
    """

    id: str
    sop: str
    subject: str
    status: Status
    started: int
    ended: int
    elapsed: float
    last: float
    suspended: float | None
    standard: float | None


class FormRow(Struct, frozen=True, array_like=True):
    """How the form prints a row; ``relative`` says that each case has its own standard."""

    no: int | str | None
    kegiatan: str
    waktu: str
    relative: bool


class Legend(Struct, frozen=True):
    """The words of an SOP that a report shows: its nama, the titles of its pelaksana, its rows by step."""

    nama: str
    pelaksana: dict[str, str]
    steps: dict[str, FormRow]


class Tally(Struct, frozen=True, kw_only=True):
    """What is kept of some cases; the case numbers in ``visits`` are places in ``courses``."""

    courses: list[CaseCourse]
    visits: list[VisitColumns]
    turns: list[MeasuredTurn]
    legends: dict[str, Legend]


def tally_cases(cases: Iterable[Case], calendar: Calendar) -> Tally:
    """What the report keeps of these cases."""
    courses: list[CaseCourse] = []
    grouped: defaultdict[ColumnsKey, list[MeasuredVisit]] = defaultdict(list)
    turns: list[MeasuredTurn] = []
    legends: dict[str, Legend] = {}
    known: dict[int, SopStandards] = {}
    for number, case in enumerate(cases):
        standards = known.get(id(case.sop))
        if standards is None:
            standards = known[id(case.sop)] = SopStandards(case.sop, calendar)
        clock = CaseClock(case, calendar, case.state.last)
        courses.append(_measure_course(case, clock, standards))
        for key, visit in measure_visits(case, number, clock, standards):
            grouped[key].append(visit)
        turns += _list_turns(case, clock, standards)
        legends[case.sop.id] = legends.get(case.sop.id) or _legend(case)
    return Tally(courses=courses, visits=[pack_visits(*one) for one in grouped.items()], turns=turns, legends=legends)


def join_tallies(old: Tally, new: Tally) -> Tally:
    """Both as one; a case that is in both is as the new one has it."""
    courses = {course.id: course for course in old.courses} | {course.id: course for course in new.courses}
    places = {id: number for number, id in enumerate(courses)}
    numbers = [places[course.id] for course in new.courses]
    grouped: defaultdict[ColumnsKey, list[MeasuredVisit]] = defaultdict(list)
    for columns in new.visits:
        grouped[columns.key] += [visit._replace(case=numbers[visit.case]) for visit in columns.unpack()]
    changed = sum(1 << number for number in numbers)
    kept: list[VisitColumns] = []
    for columns in old.visits:
        if columns.key in grouped or int.from_bytes(columns.seen, "little") & changed:
            grouped[columns.key] += [visit for visit in columns.unpack() if not changed >> visit.case & 1]
        else:
            kept.append(columns)
    ids = {course.id for course in new.courses}
    return Tally(
        courses=list(courses.values()),
        visits=kept + [pack_visits(key, visits) for key, visits in grouped.items() if visits],
        turns=[turn for turn in old.turns if turn.id not in ids] + new.turns,
        legends=old.legends | new.legends,
    )


def keep_cases(tally: Tally, ids: Container[str]) -> Tally:
    """The tally of those of its cases that have these ids; their numbers in ``visits`` stay the old ones."""
    kept = [number for number, course in enumerate(tally.courses) if course.id in ids]
    if len(kept) == len(tally.courses):
        return tally
    bits = sum(1 << number for number in kept)
    return Tally(
        courses=[tally.courses[number] for number in kept],
        visits=[columns for one in tally.visits if (columns := _keep_visits(one, bits)).flags],
        turns=[turn for turn in tally.turns if turn.id in ids],
        legends=tally.legends,
    )


def _keep_visits(columns: VisitColumns, bits: int) -> VisitColumns:
    """The visits of those cases whose bits are set."""
    seen = int.from_bytes(columns.seen, "little")
    if not seen & ~bits:
        return columns
    return pack_visits(
        columns.key, (visit for visit in columns.unpack() if bits >> visit.case & 1) if seen & bits else ()
    )


def _measure_course(case: Case, clock: CaseClock, standards: SopStandards) -> CaseCourse:
    state = case.state
    return CaseCourse(
        id=case.id,
        sop=case.sop.id,
        subject=state.subject,
        status=state.status,
        started=clock.local_day(state.started).toordinal(),
        ended=clock.local_day(state.ended).toordinal() if state.ended else 0,
        elapsed=clock.minutes(state.started, state.ended),
        last=state.last.timestamp(),
        suspended=clock.suspended_minutes(state.started, state.ended),
        standard=standards.total_minutes(state),
    )


def _list_turns(case: Case, clock: CaseClock, standards: SopStandards) -> list[MeasuredTurn]:
    if case.state.status != "running":
        return []
    return [turn for row in case.state.rows for turn in _list_row_turns(case, row, clock, standards)]


def _list_row_turns(case: Case, state: State, clock: CaseClock, standards: SopStandards) -> Iterator[MeasuredTurn]:
    """The turns at the row at hand."""
    _, step, standard = standards.step_row(state.visit.step, state.fields)
    since = turn_began(step, state.visit)
    spent, due = clock.minutes(since, None, step.waktu.clock), clock.due_time(state.visit, step.waktu)
    for pelaksana in state.turn:
        yield MeasuredTurn(
            id=case.id,
            sop=case.sop.id,
            subject=state.subject,
            step=step.id,
            no=step.no,
            kegiatan=step.kegiatan,
            pelaksana=pelaksana,
            jabatan=case.sop.pelaksana.get(pelaksana, pelaksana),
            since=since,
            due=due,
            spent=spent,
            last=state.last,
            standard=standard,
            clock=step.waktu.clock,
            due_need=clock.find_due_need(state.visit, step.waktu),
            assigned=case.state.assigned.get(pelaksana, ""),
        )


def turn_began(step: Step, visit: Visit) -> datetime:
    """When the turn at a visit came: with the visit, or when the pelaksana before handed the row on."""
    return visit.since if step.together or not visit.acted else visit.acted[-1].at


def _legend(case: Case) -> Legend:
    steps = {step.id: _form_row(step) for step in case.sop.steps}
    return Legend(case.sop.nama, case.sop.pelaksana, steps)


def _form_row(step: Step) -> FormRow:
    waktu = step.waktu
    return FormRow(step.no, step.kegiatan, waktu.text, relative=bool(waktu.per or waktu.anchor))
