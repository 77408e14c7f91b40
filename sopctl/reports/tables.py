"""From figures to a book: which columns a report shows, under which words, and which charts stand before them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct

from sopctl.desk.session import Session
from sopctl.measure.case_totals import SopTotal
from sopctl.measure.inbox import WaitingTurn
from sopctl.measure.proposals import Proposal
from sopctl.measure.query import By, Query
from sopctl.measure.rows import ReportRow, report_rows, weighted_mean
from sopctl.measure.tally import Legend
from sopctl.reports.book import Bar, Book, Box, Cell, Column, Fact, Flow, Queue, Sheet, decimal, duration, grouped
from sopctl.reports.overview import Report, kept, reported
from sopctl.reports.waiting import Inbox, inbox
from sopctl.sop.model import Duration
from sopctl.store.files.case_index import OnProgress, Tallies

AT_MOST = 200
"""Rows of single cases and turns that a book holds: it is read, not processed; `--json` has them all."""

MONTHS = 24
"""Months that the chart of cases goes back."""

_NAMES: dict[By, tuple[str, str]] = {
    "step": ("Langkah", "Menurut langkah"),
    "sop": ("SOP", "Menurut SOP"),
    "pelaksana": ("Pelaksana", "Menurut pelaksana"),
    "month": ("Bulan", "Menurut bulan"),
}

_KEYS: dict[By, tuple[Column, ...]] = {
    "step": (Column("sop", "SOP"), Column("step", "Langkah"), Column("kegiatan", "Kegiatan")),
    "sop": (Column("sop", "SOP"), Column("nama", "Nama SOP")),
    "pelaksana": (Column("pelaksana", "Pelaksana"), Column("jabatan", "Jabatan")),
    "month": (Column("month", "Bulan"),),
}

FIGURES = (
    Column("cases", "Berkas", "count"),
    Column("visits", "Kali", "count"),
    Column("rework", "Ulang", "count"),
    Column("rework_minutes", "Waktu ulang", "minutes"),
    Column("median_minutes", "Median", "minutes"),
    Column("p80_minutes", "P80", "minutes"),
    Column("p90_minutes", "P90", "minutes"),
    Column("max_minutes", "Terlama", "minutes"),
    Column("waiting_minutes", "Menunggu", "minutes"),
    Column("working_minutes", "Dikerjakan", "minutes"),
    Column("paused", "Pernah ditunda", "count"),
    Column("suspended_minutes", "Lama ditunda", "minutes"),
    Column("standard_minutes", "Standar", "minutes"),
    Column("ratio", "Rasio", "ratio"),
    Column("within_standard", "Tepat waktu", "share"),
    Column("within_working", "Tepat bila tanpa menunggu", "share"),
    Column("typed_later", "Dicatat belakangan", "share"),
    Column("few", "Data sedikit", "mark"),
)
"""The figures of a row, in the order of every format."""

_WHOLES = (
    Column("sop", "SOP"),
    Column("nama", "Nama SOP"),
    Column("running", "Berjalan", "count"),
    Column("suspended", "Ditunda", "count"),
    Column("completed", "Selesai", "count"),
    Column("cancelled", "Dibatalkan", "count"),
    Column("median_minutes", "Median", "minutes"),
    Column("p90_minutes", "P90", "minutes"),
    Column("max_minutes", "Terlama", "minutes"),
    Column("paused", "Pernah ditunda", "count"),
    Column("suspended_minutes", "Lama ditunda", "minutes"),
    Column("standard_minutes", "Standar", "minutes"),
    Column("ratio", "Rasio", "ratio"),
    Column("within_standard", "Tepat waktu", "share"),
    Column("few", "Data sedikit", "mark"),
)

_CASES = (
    Column("id", "Berkas"),
    Column("sop", "SOP"),
    Column("status", "Keadaan"),
    Column("elapsed_minutes", "Terpakai", "minutes"),
    Column("standard_minutes", "Standar", "minutes"),
    Column("ratio", "Rasio", "ratio"),
)

_WAITING = (
    Column("id", "Berkas"),
    Column("subject", "Perihal"),
    Column("jabatan", "Menunggu"),
    Column("kegiatan", "Langkah"),
    Column("since", "Sejak", "moment"),
    Column("due", "Batas", "moment"),
    Column("late", "Terlambat", "mark"),
    Column("elapsed_minutes", "Terpakai", "minutes"),
    Column("standard_minutes", "Standar", "minutes"),
    Column("left_minutes", "Sisa", "minutes"),
)

_PROPOSALS = (
    Column("sop", "SOP"),
    Column("step", "Langkah"),
    Column("kegiatan", "Kegiatan"),
    Column("cases", "Berkas", "count"),
    Column("visits", "Kali", "count"),
    Column("standard", "Standar sekarang"),
    Column("median_minutes", "Median", "minutes"),
    Column("p80_minutes", "P80", "minutes"),
    Column("verdict", "Pertimbangan"),
    Column("proposal", "Usul standar"),
)

STATUS = {"running": "berjalan", "suspended": "ditunda", "completed": "selesai", "cancelled": "dibatalkan"}

VERDICTS = {
    "too_few": "data terlalu sedikit",
    "keep": "standar cocok",
    "longer": "standar terlalu singkat",
    "shorter": "standar dapat dipersingkat",
    "new": "belum ada standar",
}
"""What is said of a proposal."""


class Known(Struct, frozen=True):
    """Everything that a book is made of."""

    tallies: Tallies
    report: Report
    inbox: Inbox


def gathered(session: Session, query: Query, *, on_progress: OnProgress | None = None) -> Known:
    """The figures of a query and what waits now."""
    tallies = kept(session, query, on_progress=on_progress)
    waiting = inbox(session)
    rows = tuple(row for row in waiting.rows if query.sop in (None, row.sop) and (row.late or not query.late))
    return Known(tallies, reported(session, tallies, query), msgspec.structs.replace(waiting, rows=rows))


def book(session: Session, query: Query, *, on_progress: OnProgress | None = None) -> Book:
    """The report as a book; the sheet that the query groups by comes first."""
    known = gathered(session, msgspec.structs.replace(query, at_most=AT_MOST), on_progress=on_progress)
    found, legends, waiting = known.report, known.report.legends, known.inbox.rows
    steps = report_rows(known.tallies.tallies, msgspec.structs.replace(query, by="step"))
    kinds: list[By] = [query.by, *(by for by in _NAMES if by != query.by)]
    sheets = [rows_sheet(_rows(known, query, by), by, legends) for by in kinds]
    return Book(
        office=" · ".join(filter(None, (session.office.instansi.nama, session.office.instansi.bidang))),
        title="Waktu pelaksanaan SOP",
        period=_period(query),
        made=session.now(),
        day_minutes=day_minutes(session),
        facts=tuple(_facts(known, steps, day_minutes(session))),
        notes=(EXPLAINED, *found.notes, *found.damaged),
        bars=tuple(_bars(steps, legends)),
        boxes=tuple(_boxes(steps, legends)),
        flows=tuple(Flow(one.month, one.started, one.ended) for one in found.figures.months[-MONTHS:]),
        queues=tuple(_queues(waiting, legends)),
        sheets=(
            sheets[0],
            wholes_sheet(found.figures.sops, legends),
            *sheets[1:],
            _waiting_sheet(waiting),
            cases_sheet(found),
        ),
        damaged=found.damaged,
    )


def _rows(known: Known, query: Query, by: By) -> tuple[ReportRow, ...]:
    if by == query.by:
        return known.report.figures.rows
    return report_rows(known.tallies.tallies, msgspec.structs.replace(query, by=by))


def rows_sheet(rows: Iterable[ReportRow], by: By, legends: dict[str, Legend]) -> Sheet:
    """The figures of each group under the words of the form."""
    name, title = _NAMES[by]
    columns = _KEYS[by] + FIGURES
    return Sheet(name, title, columns, tuple(_cells(row, columns, _words(row, legends)) for row in rows))


def csv_sheet(rows: Iterable[ReportRow], by: By) -> Sheet:
    """The figures for other programs: under every key that a row can have, whatever it is grouped by."""
    name, title = _NAMES[by]
    columns = tuple(Column(key, key) for key in ("sop", "step", "pelaksana", "month")) + FIGURES
    return Sheet(name, title, columns, tuple(_cells(row, columns, {"few": "ya" if row.few else ""}) for row in rows))


def wholes_sheet(rows: Iterable[SopTotal], legends: dict[str, Legend]) -> Sheet:
    """The cases of each SOP against its own total."""
    cells = tuple(_cells(row, _WHOLES, {"nama": _nama(row.sop, legends)}) for row in rows)
    note = "Waktu seluruh berkas yang selesai, dibanding jumlah standar jalan lurus SOP-nya."
    return Sheet("Berkas SOP", "Berkas menurut SOP", _WHOLES, cells, note)


def cases_sheet(found: Report) -> Sheet:
    """The cases of a report, at most so many as it holds."""
    cells = tuple(_cells(case, _CASES, {"status": STATUS[case.status]}) for case in found.figures.cases)
    note = f"Paling banyak {AT_MOST} berkas, yang paling jauh melampaui standar lebih dahulu."
    return Sheet("Berkas", "Berkas", _CASES, cells, note)


def proposals_sheet(rows: Iterable[Proposal]) -> Sheet:
    """What the figures suggest for the column Waktu."""
    cells = tuple(_cells(row, _PROPOSALS, {"verdict": VERDICTS[row.verdict]}) for row in rows)
    return Sheet("Usul", "Usul standar baru", _PROPOSALS, cells)


def _waiting_sheet(rows: Sequence[WaitingTurn]) -> Sheet:
    cells = tuple(_cells(row, _WAITING, {}) for row in rows[:AT_MOST])
    note = f"{grouped(len(rows))} menunggu; yang paling mendesak di atas, paling banyak {AT_MOST}."
    return Sheet("Menunggu", "Menunggu sekarang", _WAITING, cells, note)


def _cells(row: Struct, columns: Iterable[Column], words: dict[str, str]) -> tuple[Cell, ...]:
    return tuple(words[one.key] if one.key in words else getattr(row, one.key) for one in columns)


def _words(row: ReportRow, legends: dict[str, Legend]) -> dict[str, str]:
    """What the form says of a row's keys."""
    if row.pelaksana is not None:
        return {"jabatan": titles(row.pelaksana, legends)}
    sop = row.sop or ""
    return {"nama": _nama(sop, legends), "kegiatan": kegiatan(sop, row.step or "", legends)}


def titles(pelaksana: str, legends: dict[str, Legend]) -> str:
    """The titles that a pelaksana's key has in the SOPs."""
    found = {legend.pelaksana[pelaksana] for legend in legends.values() if pelaksana in legend.pelaksana}
    return " / ".join(sorted(found)) or pelaksana


def kegiatan(sop: str, step: str, legends: dict[str, Legend]) -> str:
    """A row as the form prints it, with its number."""
    row = legends[sop].steps.get(step) if sop in legends else None
    if row is None:
        return step
    return row.kegiatan if row.no is None else f"{row.no}. {row.kegiatan}"


def _nama(sop: str, legends: dict[str, Legend]) -> str:
    return legends[sop].nama if sop in legends else sop


def _period(query: Query) -> str:
    first = f"sejak {query.since:%d-%m-%Y}" if query.since else ""
    last = f"sampai {query.until:%d-%m-%Y}" if query.until else ""
    days = " ".join(filter(None, (first, last))) or "seluruh catatan"
    only = ", hanya yang pernah terlambat" if query.late else ""
    return f"{'SOP ' + query.sop if query.sop else 'Semua SOP'}, {days}{only}"


def _facts(known: Known, steps: Sequence[ReportRow], day: float) -> Iterable[Fact]:
    wholes, waiting = known.report.figures.sops, known.inbox.rows
    late = sum(row.late for row in waiting)
    cancelled = sum(sop.cancelled for sop in wholes)
    ended = f"{grouped(cancelled)} dibatalkan" if cancelled else ""
    yield Fact("Berkas selesai", grouped(sum(sop.completed for sop in wholes)), ended)
    resting = sum(sop.suspended for sop in wholes)
    rest = f"{grouped(resting)} ditunda" if resting else ""
    yield Fact("Sedang berjalan", grouped(sum(sop.running for sop in wholes)), rest)
    yield Fact("Terlambat sekarang", grouped(late), f"dari {grouped(len(waiting))} giliran yang menunggu")
    within = weighted_mean(steps, lambda row: row.within_standard)
    if within is not None:
        yield Fact("Langkah tepat waktu", f"{within * 100:.0f}%", "dari langkah yang mempunyai standar")
    visits = sum(row.visits for row in steps)
    if visits:
        rework = sum(row.rework for row in steps)
        yield Fact(
            "Pekerjaan ulang", f"{rework / visits * 100:.0f}%", f"{grouped(rework)} dari {grouped(visits)} langkah"
        )
        later = weighted_mean(steps, lambda row: row.typed_later)
        if later is not None:
            yield Fact("Dicatat belakangan", f"{decimal(later * 100, 1)}%", "waktunya menurut ingatan")
        paused, minutes = sum(row.paused for row in steps), sum(row.suspended_minutes for row in steps)
        if paused:
            yield Fact("Langkah pernah ditunda", grouped(paused), f"{duration(minutes, day)}, tidak dihitung")


EXPLAINED = (
    "Semua waktu adalah jam kerja kantor, tanpa hari libur dan tanpa waktu berkas ditunda. '-' berarti tanpa standar: "
    "tidak terlambat dan tidak tepat waktu. Waktu terpakai memuat waktu menunggu giliran; waktu menunggu dan waktu "
    "kerja hanya terpisah pada langkah yang mulainya dicatat."
)
"""What must be known to read any figure."""


def _label(row: ReportRow, legends: dict[str, Legend]) -> str:
    return kegiatan(row.sop or "", row.step or "", legends)


def _bars(steps: Iterable[ReportRow], legends: dict[str, Legend]) -> Iterable[Bar]:
    for row in steps:
        if row.within_standard is not None:
            group = _nama(row.sop or "", legends)
            key = f"{row.sop} {row.step}"
            yield Bar(key, group, _label(row, legends), row.within_standard, row.visits, row.few)


def _boxes(steps: Iterable[ReportRow], legends: dict[str, Legend]) -> Iterable[Box]:
    for row in steps:
        if row.standard_minutes:
            yield Box(
                group=_nama(row.sop or "", legends),
                label=_label(row, legends),
                p10=row.p10_minutes,
                p25=row.p25_minutes,
                median=row.median_minutes,
                p75=row.p75_minutes,
                p90=row.p90_minutes,
                standard=row.standard_minutes,
            )


def _queues(waiting: Iterable[WaitingTurn], legends: dict[str, Legend]) -> Iterable[Queue]:
    places: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in waiting:
        places[row.sop, row.step]["without" if row.due is None else "late" if row.late else "timely"] += 1
    order = {(sop, step): place for sop, legend in legends.items() for place, step in enumerate(legend.steps)}
    for (sop, step), counts in sorted(places.items(), key=lambda one: (one[0][0], order.get(one[0], 0))):
        yield Queue(
            _nama(sop, legends), kegiatan(sop, step, legends), counts["timely"], counts["late"], counts["without"]
        )


def day_minutes(session: Session) -> float:
    """The working minutes of a mean day, by which long times are told in days."""
    return session.calendar.minutes(Duration(1, "hari"))
