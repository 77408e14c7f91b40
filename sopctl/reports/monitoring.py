"""The half-yearly monitoring form: the evidence of the record for each SOP, in the office's own Word template."""

from datetime import date

from msgspec.structs import asdict, replace

from sopctl.desk.session import Session
from sopctl.measure.case_totals import SopTotal
from sopctl.measure.query import Query
from sopctl.measure.rows import ReportRow, report_rows, weighted_mean
from sopctl.reports.book import decimal, duration, grouped
from sopctl.reports.monitoring_context import Monitoring, Procedure
from sopctl.reports.tables import Known, day_minutes, gathered, kegiatan
from sopctl.store.files.case_index import OnProgress
from sopctl.word.dates import Tanggal
from sopctl.word.letterhead import letterhead_of, read_logo

TEMPLATE = "monitoring.docx"

_SLOWEST = 3
_ENOUGH = 0.8
"""The share within the standard from which a step is no longer named among those to look at."""


def monitoring(
    session: Session, query: Query, *, on_progress: OnProgress | None = None
) -> tuple[bytes, tuple[str, ...]]:
    """The form as a Word file, and the sentences about cases that cannot be read.

    Without days of its own the query is about the half year that ends today.

    Raises:
        WrongError: where the template is missing or cannot be used.
    """
    today = session.now().date()
    query = replace(query, since=query.since or _half_a_year_before(today), until=query.until or today, late=False)
    known = gathered(session, query, on_progress=on_progress)
    steps = report_rows(known.tallies.tallies, replace(query, by="step"))
    days = f"{Tanggal.of(query.since or today)} sampai {Tanggal.of(query.until or today)}"
    form = Monitoring(
        instansi=letterhead_of(session.office, read_logo(session.workspace, session.office)),
        periode=days,
        tanggal=Tanggal.of(today),
        prosedur=tuple(
            Procedure(no=number, nama=_nama(known, whole.sop), bukti=_evidence(session, known, whole, steps))
            for number, whole in enumerate(known.report.figures.sops, 1)
        ),
    )
    title = f"Pemantauan SOP {days}"
    data = session.renderer.render(TEMPLATE, asdict(form), created=session.now(), title=title)
    return data, known.report.damaged


def _half_a_year_before(day: date) -> date:
    """The day six months before, the last of its month where that is shorter."""
    months = day.year * 12 + day.month - 1 - 6
    for last in (day.day, 30, 29, 28):
        try:
            return date(months // 12, months % 12 + 1, last)
        except ValueError:
            continue
    raise ValueError(day)


def _nama(known: Known, sop: str) -> str:
    legends = known.report.legends
    return legends[sop].nama if sop in legends else sop


def _evidence(session: Session, known: Known, whole: SopTotal, steps: tuple[ReportRow, ...]) -> tuple[str, ...]:
    """What the record says of one SOP, in sentences."""
    own = [row for row in steps if row.sop == whole.sop]
    said = (
        _cases(session, whole),
        _within(own),
        _slow(session, known, own),
        _again(own),
        _paused(session, own),
        _later(own),
        _now(known, whole),
    )
    return tuple(filter(None, said))


def _cases(session: Session, whole: SopTotal) -> str:
    counts = (
        f"{grouped(whole.completed)} berkas selesai, {grouped(whole.running)} berjalan, "
        f"{grouped(whole.suspended)} ditunda, {grouped(whole.cancelled)} dibatalkan."
    )
    if whole.median_minutes is None:
        return counts
    day = day_minutes(session)
    took = f" Lama seluruh berkas: median {duration(whole.median_minutes, day)}"
    if whole.standard_minutes is None or whole.within_standard is None:
        return f"{counts}{took}, tanpa standar."
    return (
        f"{counts}{took} dari standar {duration(whole.standard_minutes, day)}; "
        f"{whole.within_standard * 100:.0f}% dalam standar."
    )


def _within(rows: list[ReportRow]) -> str:
    share = weighted_mean(rows, lambda row: row.within_standard)
    if share is None:
        return "Tidak ada langkah selesai yang mempunyai standar."
    visits = sum(row.visits for row in rows if row.within_standard is not None)
    few = " Datanya masih sedikit." if any(row.few for row in rows) else ""
    return f"Langkah tepat waktu: {share * 100:.0f}% dari {grouped(visits)} kejadian.{few}"


def _slow(session: Session, known: Known, rows: list[ReportRow]) -> str:
    slow = sorted(
        (row for row in rows if row.within_standard is not None and row.within_standard < _ENOUGH and not row.few),
        key=lambda row: row.within_standard or 0,
    )[:_SLOWEST]
    if not slow:
        return ""
    day = day_minutes(session)
    named = "; ".join(
        f"“{_short(kegiatan(row.sop or '', row.step or '', known.report.legends))}” "
        f"{(row.within_standard or 0) * 100:.0f}% (median {duration(row.median_minutes, day)})"
        for row in slow
    )
    return f"Paling sering terlambat: {named}."


def _again(rows: list[ReportRow]) -> str:
    visits, rework = sum(row.visits for row in rows), sum(row.rework for row in rows)
    return f"Pekerjaan ulang: {grouped(rework)} dari {grouped(visits)} langkah." if rework else ""


def _paused(session: Session, rows: list[ReportRow]) -> str:
    paused, minutes = sum(row.paused for row in rows), sum(row.suspended_minutes for row in rows)
    if not paused:
        return ""
    long = duration(minutes, day_minutes(session))
    return f"Pernah ditunda: {grouped(paused)} langkah, {long}; waktu itu tidak dihitung."


def _later(rows: list[ReportRow]) -> str:
    later = weighted_mean(rows, lambda row: row.typed_later)
    return f"Dicatat belakangan: {decimal(later * 100, 1)}%; waktunya menurut ingatan." if later else ""


def _now(known: Known, whole: SopTotal) -> str:
    late = sum(row.late for row in known.inbox.rows if row.sop == whole.sop)
    return f"Saat ini {grouped(late)} giliran melewati batas waktu." if late else ""


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"  # noqa: PLR2004 — a line of the form's column
