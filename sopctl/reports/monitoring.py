"""The half-yearly monitoring form: the evidence of the record for each SOP, in the office's own Word template.

The form and its columns are those of PermenPAN-RB 35/2012. Whether a procedure runs well is for people to say: the
boxes stay empty, and so do what is to be done and the paraf.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import Annotated

from msgspec import Struct
from msgspec.structs import asdict, replace

from sopctl.letters.renderer import Renderer
from sopctl.measure.case_totals import SopTotal
from sopctl.measure.query import Query
from sopctl.measure.report_rows import ReportRow, weighted_mean
from sopctl.measure.tally import Legend
from sopctl.reports.compose import Measurements, measure
from sopctl.reports.content import by_clock, day_minutes, format_cell, format_count, format_decimal, format_duration
from sopctl.reports.tables import kegiatan_of, nama_of
from sopctl.store.protocol import OnProgress
from sopctl.store.record import Record
from sopctl.word.dates import Tanggal
from sopctl.word.letterhead import Letterhead, letterhead_of, read_logo

TEMPLATE = "monitoring.docx"


class Procedure(Struct, frozen=True, kw_only=True):
    """One row of the form: ``bukti`` are the sentences of evidence that stand under Catatan hasil penilaian."""

    no: int
    nama: str
    bukti: tuple[str, ...]


class Monitoring(Struct, frozen=True, kw_only=True):
    """Everything that the template may use."""

    instansi: Annotated[Letterhead, "kop surat; lihat Instansi"]
    periode: Annotated[str, "hari-hari yang dipantau"]
    tanggal: Annotated[Tanggal, "tanggal dicetak"]
    prosedur: Annotated[tuple[Procedure, ...], "daftar SOP: no, nama, dan bukti (daftar kalimat)"]


_SLOWEST = 3
_ENOUGH = 0.8
"""The share within the standard from which a step is no longer named among those to look at."""


def render_monitoring_form(
    record: Record, renderer: Renderer, query: Query, *, on_progress: OnProgress | None = None
) -> tuple[bytes, tuple[str, ...]]:
    """The form as a Word file, and the sentences about cases that cannot be read.

    Without days of its own the query is about the half year that ends today.

    Raises:
        WrongError: where the template is missing or cannot be used.
    """
    now = record.now()
    today = now.date()
    query = replace(query, since=query.since or _half_a_year_before(today), until=query.until or today, late=False)
    found = measure(record, query, on_progress=on_progress)
    days = f"{Tanggal.of(query.since or today)} sampai {Tanggal.of(query.until or today)}"
    minutes = day_minutes(record.calendar)
    form = Monitoring(
        instansi=letterhead_of(record.office, read_logo(record.workspace, record.office)),
        periode=days,
        tanggal=Tanggal.of(today),
        prosedur=tuple(
            Procedure(no=number, nama=nama_of(total.sop, found.summary.legends), bukti=_evidence(found, total, minutes))
            for number, total in enumerate(found.summary.figures.sops, 1)
        ),
    )
    data = renderer.render(TEMPLATE, asdict(form), created=now, title=f"Pemantauan SOP {days}")
    return data, found.summary.damaged


def _half_a_year_before(day: date) -> date:
    """The day six months before, the last of its month where that is shorter."""
    year, month = (day.year, day.month - 6) if day.month > 6 else (day.year - 1, day.month + 6)  # noqa: PLR2004
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _evidence(found: Measurements, total: SopTotal, day: float) -> tuple[str, ...]:
    """What the record says of one SOP, in sentences."""
    steps = [row for row in found.steps if row.sop == total.sop]
    late = sum(turn.late for turn in found.waiting if turn.sop == total.sop)
    now = [f"Saat ini {format_count(late)} giliran melewati batas waktu."] if late else []
    return (_cases(total, day), *_step_evidence(steps, found.summary.legends, day), *now)


def _cases(total: SopTotal, day: float) -> str:
    counts = (
        f"{format_count(total.completed)} berkas selesai, {format_count(total.running)} berjalan, "
        f"{format_count(total.suspended)} ditunda, {format_count(total.cancelled)} dibatalkan."
    )
    if total.median_minutes is None:
        return counts
    took = f" Lama seluruh berkas: median {format_duration(total.median_minutes, day)}"
    if total.standard_minutes is None or total.within_standard is None:
        return f"{counts}{took}, tanpa standar."
    return (
        f"{counts}{took} dari standar {format_duration(total.standard_minutes, day)}; "
        f"{total.within_standard * 100:.0f}% dalam standar."
    )


def _step_evidence(steps: list[ReportRow], legends: dict[str, Legend], day: float) -> Iterator[str]:
    """Whether its steps were on time, and what says how far that can be trusted."""
    share = weighted_mean(steps, lambda row: row.within_standard)
    if share is None:
        yield "Tidak ada langkah selesai yang mempunyai standar."
    else:
        visits = sum(row.visits for row in steps if row.within_standard is not None)
        few = " Datanya masih sedikit." if any(row.few for row in steps) else ""
        yield f"Langkah tepat waktu: {share * 100:.0f}% dari {format_count(visits)} kejadian.{few}"
    yield from _slowest(steps, legends, day)
    visits, rework = sum(row.visits for row in steps), sum(row.rework for row in steps)
    if rework:
        yield f"Pekerjaan ulang: {format_count(rework)} dari {format_count(visits)} langkah."
    if paused := sum(row.paused for row in steps):
        long = format_duration(sum(row.suspended_minutes for row in steps), day)
        yield f"Pernah ditunda: {format_count(paused)} langkah, {long}; waktu itu tidak dihitung."
    if later := weighted_mean(steps, lambda row: row.typed_later):
        yield f"Dicatat belakangan: {format_decimal(later * 100, 1)}%; waktunya menurut ingatan."


def _slowest(steps: list[ReportRow], legends: dict[str, Legend], day: float) -> Iterator[str]:
    """The steps that are most often late, but for those of which little is known."""
    shares = [(row.within_standard, row) for row in steps if row.within_standard is not None and not row.few]
    slow = sorted((one for one in shares if one[0] < _ENOUGH), key=lambda one: one[0])[:_SLOWEST]
    for share, row in slow:
        named = kegiatan_of(row.sop or "", row.step or "", legends).rstrip(".")
        took = format_cell(by_clock(row.median_minutes, row.clock), "minutes", day)
        yield f"Sering terlambat: “{named}”, hanya {share * 100:.0f}% tepat waktu (median {took})."
