"""What a report says, as tables of typed cells and a few charts: every format is written from this alone.

So the same figures stand in all of them, and a new format is a new module that reads a `ReportContent`.
"""

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Literal, Protocol

from msgspec import Struct

from sopctl.engine.moments import format_day_time
from sopctl.sop.model import Clock, Duration
from sopctl.worktime.calendar import Calendar
from sopctl.worktime.hours import DAY_MINUTES

if TYPE_CHECKING:
    from sopctl.measure.case_totals import MonthTotal
    from sopctl.measure.report_rows import ReportRow

CellKind = Literal["text", "count", "minutes", "ratio", "share", "moment", "mark"]
"""What a column holds: text, whole numbers, working minutes, multiples of the standard, shares of 1, times, flags."""

CellValue = str | int | float | bool | datetime | None

SENTENCES = ("kegiatan", "subject", "nama")
"""Columns of sentences, which need room."""

NONE = "-"
"""How a cell without a value is shown: no standard, nothing begun."""

_LONG = 600
_DAYS = 3
_HOUR = 60


class TableColumn(Struct, frozen=True):
    """A column: its key in JSON and CSV, what people read above it, and what it holds."""

    key: str
    title: str
    kind: CellKind = "text"


class Table(Struct, frozen=True):
    """A table; every row has a cell for each column."""

    name: str
    title: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[CellValue, ...], ...]
    note: str = ""


class StepFigures(Struct, frozen=True):
    """The figures of one step of an SOP: the SOP and the step as a chart names them."""

    group: str
    label: str
    row: "ReportRow"


class Queue(Struct, frozen=True):
    """How many turns wait at one place now."""

    group: str
    label: str
    timely: int
    late: int
    without_standard: int

    @property
    def waiting(self) -> int:
        """All of them."""
        return self.timely + self.late + self.without_standard


class LoadBar(Struct, frozen=True):
    """How busy the people of one pelaksana are: a share of their time; ``beyond`` says that they cannot do it all."""

    label: str
    share: float
    people: int
    beyond: bool


class StretchBar(Struct, frozen=True):
    """What a visit of a row is made of in the mean: minutes of waiting and of work, or those of the clock."""

    label: str
    waiting: float
    working: float
    clock: Clock


class KeyFigure(Struct, frozen=True):
    """A figure at the head of the report."""

    label: str
    value: str
    detail: str = ""


class ReportContent(Struct, frozen=True, kw_only=True):
    """A whole report; ``day_minutes`` are the working minutes of a mean day, by which long times are shown in days.

    ``on_time`` are the steps of which some visits have a standard, ``durations`` those in which all have the same.
    ``damaged`` are the sentences about cases that cannot be read; they stand among the notes too.
    """

    office: str
    title: str
    period: str
    created: datetime
    day_minutes: float
    key_figures: tuple[KeyFigure, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()
    on_time: tuple[StepFigures, ...] = ()
    durations: tuple[StepFigures, ...] = ()
    months: "tuple[MonthTotal, ...]" = ()
    queues: tuple[Queue, ...] = ()
    loads: tuple[LoadBar, ...] = ()
    stretches: tuple[StretchBar, ...] = ()
    damaged: tuple[str, ...] = ()


class ClockMinutes(float):
    """Minutes of the clock, in a table or line where other minutes are working time."""


def by_clock(minutes: float | None, clock: Clock) -> float | None:
    """The minutes, marked where they run by the clock, for whoever formats them."""
    return minutes if minutes is None or clock == "working" else ClockMinutes(minutes)


def due_unknown(need: str) -> str:
    """Why there is no deadline; ``need`` is what it hangs on."""
    return f"belum diketahui, menunggu {need}" if need else "tanpa standar"


def format_due(due: datetime | None, need: str, zone: tzinfo) -> str:
    """The deadline in the office's time, or why there is none."""
    return format_day_time(due.astimezone(zone)) if due else due_unknown(need)


class Deadline(Protocol):
    """What waits until a moment, with the minutes that are left by its clock."""

    @property
    def due(self) -> datetime | None: ...  # noqa: D102
    @property
    def due_need(self) -> str: ...  # noqa: D102
    @property
    def left_minutes(self) -> float | None: ...  # noqa: D102
    @property
    def clock(self) -> Clock: ...  # noqa: D102


def describe_due(row: Deadline, day_minutes: float) -> str:
    """Until when something is to be done, and how far off that is, in a sentence."""
    if row.due is None or row.left_minutes is None:
        return due_unknown(row.due_need)
    return f"{format_day_time(row.due)}, {spell_out(format_left(row.left_minutes, row.clock, day_minutes))}"


def spell_out(time: str) -> str:
    """A time in a sentence, where a table has room for an abbreviation only."""
    return time.replace(" kal.", " hari kalender")


def format_left(minutes: float, clock: Clock, day_minutes: float) -> str:
    """How far off a deadline is, or since when it has passed: `sisa 45 mnt`, `lewat 2,5 jam`."""
    left = format_cell(by_clock(abs(minutes), clock), "minutes", day_minutes)
    return f"lewat {left}" if minutes < 0 else f"sisa {left}"


def day_minutes(calendar: Calendar) -> float:
    """The working minutes of a mean day, by which long times are shown in days."""
    return calendar.minutes(Duration(1, "hari"))


def format_cell(cell: CellValue, kind: CellKind, day_minutes: float) -> str:
    """A cell as people read it."""
    if cell is None:
        return NONE
    if isinstance(cell, bool):
        return "ya" if cell else ""
    if isinstance(cell, datetime):
        return f"{cell:%d-%m-%Y %H.%M}"
    return cell if isinstance(cell, str) else format_number(cell, kind, day_minutes)


def format_number(value: float, kind: CellKind, day_minutes: float) -> str:
    """A number as people read what it counts."""
    match kind:
        case "minutes":
            return format_duration(value, day_minutes)
        case "ratio":
            return f"{format_decimal(value, 2)}×"
        case "share":
            return f"{value * 100:.0f}%"
        case _:
            return format_count(value)


def format_duration(minutes: float, day_minutes: float, beside: float | None = None) -> str:
    """A time in the unit that is read at a glance: `45 mnt`, `12,5 jam`, `4,2 hari` of work, `14,0 kal.` days.

    Where it stands ``beside`` another time, in the unit of that one.
    """
    calendar = isinstance(minutes, ClockMinutes)
    day, least, name = (DAY_MINUTES, DAY_MINUTES, "kal.") if calendar else (day_minutes, _DAYS * day_minutes, "hari")
    size = abs(minutes if beside is None else beside)
    if size < _LONG:
        return f"{format_count(minutes)} mnt"
    if not day or size < least:
        return f"{format_decimal(minutes / _HOUR, 1)} jam"
    return f"{format_decimal(minutes / day, 1)} {name}"


def format_count(number: float) -> str:
    """A number with points between its thousands."""
    return f"{number:,.0f}".replace(",", ".")


def format_decimal(number: float, digits: int) -> str:
    """A number with a decimal comma."""
    return f"{number:,.{digits}f}".translate({ord(","): ".", ord("."): ","})
