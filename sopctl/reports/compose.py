"""From the record to the content of a report: its tables, its charts and its key figures."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sopctl.measure.inbox import WaitingTurn, list_turns
from sopctl.measure.query import Query
from sopctl.measure.report_rows import ReportRow, report_rows, weighted_mean
from sopctl.measure.tally import Legend
from sopctl.reports import tables
from sopctl.reports.content import (
    KeyFigure,
    Queue,
    ReportContent,
    StepFigures,
    Table,
    day_minutes,
    format_cell,
    format_count,
    format_decimal,
    format_duration,
)
from sopctl.reports.summary import Summary, summarize
from sopctl.store import case_index
from sopctl.store.protocol import OnProgress
from sopctl.store.record import Record

MONTHS = 24
"""Months that the chart of cases goes back."""

EXPLANATION = (
    "Semua waktu adalah jam kerja kantor, tanpa hari libur dan tanpa waktu berkas ditunda; langkah yang standarnya "
    "hari kalender atau n x 24 jam dihitung dengan malam dan hari libur. '-' berarti tanpa standar: tidak terlambat "
    "dan tidak tepat waktu. Waktu terpakai memuat waktu menunggu giliran; waktu menunggu dan waktu kerja hanya "
    "terpisah pada langkah yang mulainya dicatat."
)
"""What must be known to read any figure."""


class Measurements(Struct, frozen=True):
    """Everything that a report is made of: the figures, those of each step, and what waits now."""

    summary: Summary
    tallies: case_index.Tallies
    steps: tuple[ReportRow, ...]
    waiting: tuple[WaitingTurn, ...]


def measure(record: Record, query: Query, *, on_progress: OnProgress | None = None) -> Measurements:
    """The figures of a query and what waits now."""
    tallies = case_index.load_tallies(record, query.sop, on_progress=on_progress)
    turns = list_turns(case_index.load_turns(record).turns, record.calendar, record.now())
    return Measurements(
        summary=summarize(record, tallies, query),
        tallies=tallies,
        steps=report_rows(tallies.tallies, replace(query, by="step")),
        waiting=tuple(one for one in turns if query.sop in (None, one.sop) and (one.late or not query.late)),
    )


def compose_list(
    record: Record, title: str, figures: tuple[KeyFigure, ...], table: Table, notes: tuple[str, ...] = ()
) -> ReportContent:
    """The content of a list as it is now, without charts."""
    now = record.now()
    return ReportContent(
        office=office_name(record),
        title=title,
        period=format_cell(now, "moment", 0),
        created=now,
        day_minutes=day_minutes(record.calendar),
        key_figures=figures,
        notes=notes,
        tables=(table,),
    )


def office_name(record: Record) -> str:
    """The office as the head of a page names it."""
    instansi = record.office.instansi
    return " · ".join(filter(None, (instansi.nama, instansi.bidang)))


def compose_report(record: Record, query: Query, *, on_progress: OnProgress | None = None) -> ReportContent:
    """The content of a report; the table that the query groups by comes first."""
    found = measure(record, replace(query, at_most=tables.MOST_ROWS), on_progress=on_progress)
    figures, legends = found.summary.figures, found.summary.legends
    minutes = day_minutes(record.calendar)
    steps = [StepFigures(*_name_place(row.sop or "", row.step or "", legends), row) for row in found.steps]
    others = [
        tables.group_table(report_rows(found.tallies.tallies, replace(query, by=by)), by, legends)
        for by in tables.GROUPINGS
        if by != query.by
    ]
    return ReportContent(
        office=office_name(record),
        title="Waktu pelaksanaan SOP",
        period=_period(query),
        created=record.now(),
        day_minutes=minutes,
        key_figures=tuple(_key_figures(found, minutes)),
        notes=(EXPLANATION, *found.summary.notes, *found.summary.damaged),
        on_time=tuple(one for one in steps if one.row.within_standard is not None),
        durations=tuple(one for one in steps if one.row.standard_minutes),
        months=figures.months[-MONTHS:],
        queues=tuple(_queues(found.waiting, legends)),
        tables=(
            tables.group_table(figures.rows, query.by, legends),
            tables.sop_totals_table(figures.sops, legends),
            *others,
            tables.waiting_table(found.waiting),
            tables.cases_table(figures.cases),
        ),
        damaged=found.summary.damaged,
    )


def _period(query: Query) -> str:
    first = f"sejak {query.since:%d-%m-%Y}" if query.since else ""
    last = f"sampai {query.until:%d-%m-%Y}" if query.until else ""
    days = " ".join(filter(None, (first, last))) or "seluruh catatan"
    only = ", hanya yang pernah terlambat" if query.late else ""
    return f"{'SOP ' + query.sop if query.sop else 'Semua SOP'}, {days}{only}"


def _key_figures(found: Measurements, day: float) -> Iterator[KeyFigure]:
    sops, steps, waiting = found.summary.figures.sops, found.steps, found.waiting
    cancelled, suspended = sum(sop.cancelled for sop in sops), sum(sop.suspended for sop in sops)
    beside = f"{format_count(cancelled)} dibatalkan" if cancelled else ""
    yield KeyFigure("Berkas selesai", format_count(sum(sop.completed for sop in sops)), beside)
    beside = f"{format_count(suspended)} ditunda" if suspended else ""
    yield KeyFigure("Sedang berjalan", format_count(sum(sop.running for sop in sops)), beside)
    late, turns = sum(row.late for row in waiting), format_count(len(waiting))
    yield KeyFigure("Terlambat sekarang", format_count(late), f"dari {turns} giliran yang menunggu")
    within = weighted_mean(steps, lambda row: row.within_standard)
    if within is not None:
        yield KeyFigure("Langkah tepat waktu", f"{within * 100:.0f}%", "dari langkah yang mempunyai standar")
    visits, rework = sum(row.visits for row in steps), sum(row.rework for row in steps)
    if visits:
        among = f"{format_count(rework)} dari {format_count(visits)} langkah"
        yield KeyFigure("Pekerjaan ulang", f"{rework / visits * 100:.0f}%", among)
        later = weighted_mean(steps, lambda row: row.typed_later)
        if later is not None:
            yield KeyFigure("Dicatat belakangan", f"{format_decimal(later * 100, 1)}%", "waktunya menurut ingatan")
        paused, minutes = sum(row.paused for row in steps), sum(row.suspended_minutes for row in steps)
        if paused:
            long = f"{format_duration(minutes, day)}, tidak dihitung"
            yield KeyFigure("Langkah pernah ditunda", format_count(paused), long)


def _name_place(sop: str, step: str, legends: dict[str, Legend]) -> tuple[str, str]:
    """The SOP and the step as the form names them."""
    return tables.nama_of(sop, legends), tables.kegiatan_of(sop, step, legends)


def _queues(waiting: Sequence[WaitingTurn], legends: dict[str, Legend]) -> Iterator[Queue]:
    places: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in waiting:
        places[row.sop, row.step]["without" if row.due is None else "late" if row.late else "timely"] += 1
    order = {(sop, step): place for sop, legend in legends.items() for place, step in enumerate(legend.steps)}
    for (sop, step), counts in sorted(places.items(), key=lambda one: (one[0][0], order.get(one[0], 0))):
        yield Queue(*_name_place(sop, step, legends), counts["timely"], counts["late"], counts["without"])
