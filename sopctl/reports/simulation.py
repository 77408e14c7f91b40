"""A trial run of an SOP as the content of a page."""

from collections.abc import Iterator

from sopctl.reports.compose import office_name
from sopctl.reports.content import (
    NONE,
    KeyFigure,
    LoadBar,
    ReportContent,
    StretchBar,
    Table,
    TableColumn,
    by_clock,
    day_minutes,
    format_cell,
    format_count,
    format_decimal,
    format_duration,
)
from sopctl.reports.tables import VERDICTS
from sopctl.simulate.outcome import Interval, SimulatedRow, SimulatedStaff, Simulation, SimulationFigures
from sopctl.store.record import Record

_ROWS = (
    TableColumn("no", "No"),
    TableColumn("kegiatan", "Kegiatan"),
    TableColumn("pelaksana", "Pelaksana"),
    TableColumn("visits", "Kali per berkas", "ratio"),
    TableColumn("waiting_minutes", "Menunggu", "minutes"),
    TableColumn("working_minutes", "Dikerjakan", "minutes"),
)
_STAFF = (
    TableColumn("pelaksana", "Pelaksana"),
    TableColumn("people", "Orang", "count"),
    TableColumn("utilization", "Sibuk", "share"),
    TableColumn("load", "Diminta", "share"),
    TableColumn("waiting_minutes", "Menunggu per pekerjaan", "minutes"),
)
_PROPOSALS = (TableColumn("kegiatan", "Kegiatan"), TableColumn("standard", "Standar"), TableColumn("proposal", "Usul"))


def compose_simulation(record: Record, found: Simulation, kegiatan: dict[str, str]) -> ReportContent:
    """The content of the page; ``kegiatan`` are the texts of the rows by their ids."""
    minutes, figures = day_minutes(record.calendar), found.figures
    return ReportContent(
        office=office_name(record),
        title=f"Simulasi: {found.nama}",
        period=describe_span(found),
        created=record.now(),
        day_minutes=minutes,
        key_figures=tuple(_key_figures(found, minutes)),
        notes=(
            *describe_changes(found),
            *tell_results(found),
            *(f"Anggapan: {words}" for words in found.assumptions),
            *found.damaged,
        ),
        loads=tuple(
            LoadBar(one.jabatan, one.utilization, one.people, one.load >= 1) for one in figures.staff if one.load
        ),
        stretches=tuple(_stretch(row, kegiatan) for row in figures.rows if row.visits),
        tables=(
            _rows_table(figures, kegiatan),
            _staff_table(figures),
            *([_proposals_table(found)] if found.proposals else []),
        ),
        damaged=found.damaged,
    )


def describe_span(found: Simulation) -> str:
    """How much was simulated, from when on."""
    cases = f"{format_count(found.figures.cases)} berkas"
    length = f"{cases} dalam {found.days} hari kalender" if found.days else cases
    rate = f"{format_decimal(found.arrivals_per_day, 2)} berkas datang per hari kerja"
    return f"{found.runs} percobaan, masing-masing {length} mulai {found.since:%d-%m-%Y}; {rate}"


def describe_changes(found: Simulation) -> tuple[str, ...]:
    """What would be otherwise, as one sentence; none where nothing would."""
    tried = [*found.changes, *(["standar yang diusulkan"] if any(one.proposal for one in found.proposals) else [])]
    return (f"Perubahan: {'; '.join(tried)}.",) if tried else ()


def tell_results(found: Simulation) -> Iterator[str]:
    """In sentences what must not be missed: what grows without end, and who is the bottleneck."""
    figures = found.figures
    titles = {one.pelaksana: one for one in figures.staff}
    if figures.overloaded:
        asked = "; ".join(f"{_name(titles[name])} {titles[name].load * 100:.0f}%" for name in figures.overloaded)
        yield (
            f"Kelebihan beban. Yang diminta dari jam kerja pelaksana: {asked}. Antreannya bertambah panjang "
            "tanpa akhir: makin lama dicoba, makin lama pula berkas menunggu."
        )
    if figures.bottleneck and not figures.overloaded:
        one = titles[figures.bottleneck.pelaksana]
        ends = _format_share(figures.uncertainty.utilization)
        busy = f"{one.utilization * 100:.0f}% dari jam kerjanya"
        yield f"Penghambat: {_name(one)}, sibuk {busy}{f' ({ends})' if ends else ''}."


def _name(staff: SimulatedStaff) -> str:
    return f"{staff.jabatan} ({staff.pelaksana})"


def list_totals(
    figures: SimulationFigures, day: float, beside: SimulationFigures | None = None
) -> Iterator[tuple[str, str, str]]:
    """The figures of whole cases: what each is called, the figure (`NONE` without a standard), and its interval.

    The times of a line have one unit: that of the shorter one, where the figures ``beside`` stand in the line too.
    """
    sure, others = figures.uncertainty, beside or figures
    share = format_cell(figures.within_standard, "share", day)
    yield "Selesai dalam standar", share, _format_share(sure.within_standard)
    for name, value, other, interval in (
        ("Median", figures.median_minutes, others.median_minutes, sure.median_minutes),
        ("P90 (9 dari 10 berkas)", figures.p90_minutes, others.p90_minutes, sure.p90_minutes),
        ("Standar seluruhnya", figures.standard_minutes, others.standard_minutes, None),
    ):
        shorter = min((one for one in (value, other) if one is not None), default=None)
        times = [format_duration(one, day, shorter) for one in (value, *(interval or ())) if one is not None]
        yield name, times[0] if times else NONE, " s.d. ".join(times[1:])


def _format_share(interval: Interval | None) -> str:
    """The interval of a share, `80% s.d. 85%`; empty where there is none."""
    return " s.d. ".join(format_cell(end, "share", 0.0) for end in interval or ())


def _key_figures(found: Simulation, day: float) -> Iterator[KeyFigure]:
    """The totals, each with its interval and what it was without the change."""
    was = list_totals(found.baseline, day, found.figures) if found.baseline else ()
    before = {name: f"semula {value}" for name, value, _ in was}
    for name, value, interval in list_totals(found.figures, day, found.baseline):
        if value != NONE:
            yield KeyFigure(name, value, " · ".join(filter(None, (interval, before.get(name)))))


def _stretch(row: SimulatedRow, kegiatan: dict[str, str]) -> StretchBar:
    working = row.working_minutes if row.calendar_minutes is None else row.calendar_minutes
    return StretchBar(_label(row, kegiatan), row.waiting_minutes, working, row.clock)


def _label(row: SimulatedRow, kegiatan: dict[str, str]) -> str:
    return f"{row.no}. {kegiatan[row.step]}" if row.no else kegiatan[row.step]


def _rows_table(figures: SimulationFigures, kegiatan: dict[str, str]) -> Table:
    titles = {one.pelaksana: one.jabatan for one in figures.staff}
    rows = tuple(
        (
            "" if row.no is None else str(row.no),
            kegiatan[row.step],
            ", ".join(titles[name] for name in row.pelaksana),
            row.visits,
            row.waiting_minutes,
            row.working_minutes if row.calendar_minutes is None else by_clock(row.calendar_minutes, "calendar"),
        )
        for row in figures.rows
    )
    note = "Rata-rata setiap kali; waktu kerja kantor, dan 'kal.' menurut kalender."
    return Table("Langkah", "Setiap langkah", _ROWS, rows, note)


def _proposals_table(found: Simulation) -> Table:
    rows = tuple((one.kegiatan, one.standard or "-", one.proposal or VERDICTS[one.verdict]) for one in found.proposals)
    return Table("Usul", "Standar yang diusulkan", _PROPOSALS, rows, "")


def _staff_table(figures: SimulationFigures) -> Table:
    rows = tuple((one.jabatan, one.people, one.utilization, one.load, one.waiting_minutes) for one in figures.staff)
    note = "Sibuk: bagian jam kerja yang terpakai. Diminta: pekerjaan yang datang dibanding yang sanggup dikerjakan."
    return Table("Pelaksana", "Setiap pelaksana", _STAFF, rows, note)
