"""The report as people read it on a terminal of 80 columns: a bar for what was on time, and the figures beside it."""

from collections.abc import Callable
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from sopctl.cli.output import line, plain, readable
from sopctl.cli.screen import console, styled, table
from sopctl.engine.moments import format_day_time, format_short_moment
from sopctl.engine.state import STATUS
from sopctl.measure.report_rows import weighted_mean
from sopctl.reports.content import CellKind, by_clock, format_cell, format_count, format_decimal
from sopctl.reports.tables import VERDICTS, kegiatan_of, titles_of

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from sopctl.desk.report import Proposals
    from sopctl.measure.case_report import CaseReport
    from sopctl.measure.figures import Figures
    from sopctl.measure.query import By
    from sopctl.measure.report_rows import ReportRow
    from sopctl.measure.tally import Legend
    from sopctl.office.model import Office
    from sopctl.reports.summary import Summary

_BAR = 10
_WITH_BARS = 72
"""Letters of a line that has room for bars."""
_GROUPS = {"sop": "SOP", "step": "langkah", "pelaksana": "pelaksana", "month": "bulan"}
_FIGURES = ("Kali", "Ulang", "Median", "P90", "Standar")
_PAUSED = "~"
_LEGEND = "Waktu = jam kerja kantor, termasuk menunggu giliran. '-' = tanpa standar."
_BY_CLOCK = "kal. = hari kalender, dengan malam dan hari libur (standar hari kalender atau n x 24 jam)."

Row = tuple["str | Text", ...]
"""The cells of a row of a table."""

FormatFigure = Callable[[float | None, CellKind], str]
"""A figure as text."""


def report(found: "Summary", by: "By", day_minutes: float) -> None:
    """Elapsed against standard."""
    screen, figures = console(), found.figures
    if not figures.rows and not figures.cases and not figures.sops:
        screen.print(readable("belum ada langkah yang selesai untuk dilaporkan", len(found.damaged)))
        return
    format_figure = partial(format_cell, day_minutes=day_minutes)
    if figures.rows:
        _rows(figures.rows, by, found.legends, format_figure)
    _wholes(figures, format_figure)
    _cases(figures, format_figure)
    screen.print(_LEGEND)
    by_calendar = any(row.clock == "calendar" for row in figures.rows)
    for note in (
        *([_BY_CLOCK] if by_calendar else []),
        *_paused(figures, format_figure),
        *_fairness(figures),
        *found.notes,
    ):
        screen.print(note)


def single(found: "CaseReport", day_minutes: float, office: "Office") -> None:
    """One case: where its time went."""
    format_figure = partial(format_cell, kind="minutes", day_minutes=day_minutes)
    screen = console()
    screen.print(styled(f"{found.id} · {line(found.subject)}"))
    ended = f" sampai {format_day_time(found.ended)}" if found.ended else ""
    screen.print(f"{STATUS[found.status].capitalize()}, mulai {format_day_time(found.started)}{ended}")
    ratio = f", {format_figure(found.ratio, kind='ratio')} standar" if found.ratio is not None else ""
    screen.print(f"Terpakai {format_figure(found.elapsed_minutes)} dari {format_figure(found.standard_minutes)}{ratio}")
    rows: list[Row] = [
        (
            f"{visit.no or ''} {visit.step}{f' ({visit.round})' if visit.round > 1 else ''}".strip(),
            format_short_moment(visit.from_),
            format_short_moment(visit.until),
            visit.outcome,
            styled(format_figure(by_clock(visit.elapsed_minutes, visit.clock)), "red" if visit.late else ""),
            format_figure(by_clock(visit.standard_minutes, visit.clock)),
        )
        for visit in found.visits
    ]
    right = ("Terpakai", "Standar")
    screen.print(table("Langkah", "Dari", "Sampai", "Hasil", *right, rows=rows, right=right))
    if found.rework:
        screen.print(f"Pekerjaan ulang: {found.rework} kali, {format_figure(found.rework_minutes)}.")
    if found.begun:
        screen.print(
            f"Menunggu {format_figure(found.waiting_minutes)} dan dikerjakan {format_figure(found.working_minutes)} "
            f"pada {found.begun} langkah yang mulainya dicatat."
        )
    if found.suspended_minutes:
        screen.print(f"Ditunda {format_figure(found.suspended_minutes)}; waktu itu tidak dihitung.")
    if found.typed_later:
        screen.print(f"Dicatat belakangan: {format_figure(found.typed_later, kind='share')} dari waktunya.")
    for visit in found.visits:
        for act in visit.acts:
            if act.on_behalf:
                recorder = office.shown_name(act.by)
                screen.print(plain(f"Di atas kertas: {visit.step} oleh {act.on_behalf}, dicatat {recorder}."))


def proposals(found: "Proposals", day_minutes: float) -> None:
    """What the figures suggest for the column Waktu."""
    screen = console()
    if not found.proposals:
        screen.print(readable("belum ada langkah yang selesai untuk diusulkan standarnya", len(found.damaged)))
        return
    right = ("Berkas", "Median", "P80")
    rows: list[Row] = []
    for sop, members in groupby(found.proposals, key=lambda one: one.sop):
        rows.append((styled(sop), "", "", "", "", ""))
        rows += [
            (
                f"  {one.no or ''} {one.step}",
                format_count(one.cases),
                *(
                    format_cell(by_clock(minutes, one.clock), "minutes", day_minutes)
                    for minutes in (one.median_minutes, one.p80_minutes)
                ),
                one.standard or "-",
                one.proposal or VERDICTS[one.verdict],
            )
            for one in members
        ]
    screen.print(table("Langkah", *right, "Standar", "Usul", rows=rows, right=right))
    screen.print("Usul = waktu yang cukup untuk empat dari lima kejadian (P80), dibulatkan ke atas.")
    screen.print("Angka hanya mengusulkan; yang menetapkan standar adalah pejabat yang mengesahkan SOP.")


def _rows(rows: "tuple[ReportRow, ...]", by: "By", legends: "dict[str, Legend]", format_figure: FormatFigure) -> None:
    shown: list[Row] = []
    sop = None
    for row in rows:
        if by == "step" and row.sop != sop:
            sop = row.sop
            shown.append((styled(sop or ""), *[""] * (len(_FIGURES) + 1)))
        figures = (row.median_minutes, row.p90_minutes, row.standard_minutes) if row.visits else (None,) * 3
        shown.append(
            (
                _group(row, legends),
                format_count(row.visits) + ("*" if row.few and row.visits else ""),
                format_count(row.rework),
                *(format_figure(by_clock(one, row.clock), "minutes") for one in figures),
                _bar(row.within_standard, marked=row.paused > 0),
            )
        )
    console().print(_on_time_table(_GROUPS[by], _FIGURES, shown, f"Menurut {_GROUPS[by]}"), "")
    for row in rows:
        if row.skipped:
            console().print(f"Dilewati {format_count(row.skipped)} kali: {_group(row, legends).strip()}.")


def _on_time_table(first: str, figures: tuple[str, ...], rows: "list[Row]", title: str) -> "Table":
    """A table of figures between what they are about and the bar of what was on time."""
    last, whole = ("Tepat waktu", ("Tepat waktu",)) if _has_bars() else ("Tepat", ())
    return table(first[0].upper() + first[1:], *figures, last, rows=rows, right=figures, whole=whole, title=title)


def _has_bars() -> bool:
    return console().width >= _WITH_BARS


def _group(row: "ReportRow", legends: "dict[str, Legend]") -> str:
    if row.step is not None and row.sop is not None:
        no = kegiatan_of(row.sop, row.step, legends).partition(". ")
        return f"  {no[0]} {row.step}" if no[1] and no[0].isdigit() else f"  {row.step}"
    if row.pelaksana is not None:
        return titles_of(row.pelaksana, legends)
    return row.month or row.sop or ""


def _bar(share: float | None, *, marked: bool) -> "Text":
    """The share that was on time, drawn and written; marked where the clock stood still at some time."""
    mark = _PAUSED if marked else ""
    if share is None:
        return styled(f"-{mark}", "")
    if not _has_bars():
        return styled(f"{share * 100:.0f}%{mark}", "")
    full, empty = ("█", "░") if console().encoding.lower().startswith("utf") else ("#", ".")
    filled = round(share * _BAR)
    style = "red" if share < 0.5 else ""  # noqa: PLR2004 — more late than on time
    return styled(f"{full * filled}{empty * (_BAR - filled)} {share * 100:>3.0f}%{mark}", style)


def _wholes(figures: "Figures", format_figure: FormatFigure) -> None:
    rows: list[Row] = [
        (
            one.sop,
            *map(format_count, (one.running, one.suspended)),
            format_count(one.completed) + ("*" if one.few else ""),
            *(format_figure(minutes, "minutes") for minutes in (one.median_minutes, one.standard_minutes)),
            _bar(one.within_standard, marked=one.paused > 0),
        )
        for one in figures.sops
    ]
    heading = ("Jalan", "Tunda", "Selesai", "Median", "Standar")
    console().print(_on_time_table("SOP", heading, rows, "Seluruh berkas"), "")
    cancelled = {one.sop: one.cancelled for one in figures.sops if one.cancelled}
    if cancelled:
        each = ", ".join(f"{sop} {format_count(count)}" for sop, count in cancelled.items())
        console().print(plain(f"Dibatalkan: {format_count(sum(cancelled.values()))} berkas ({each})."))


def _cases(figures: "Figures", format_figure: FormatFigure) -> None:
    beyond = [case for case in figures.cases if case.ratio is not None and case.ratio > 1]
    if not beyond:
        return
    right = ("Terpakai", "Standar", "Rasio")
    rows: list[Row] = [
        (
            case.id,
            STATUS[case.status],
            *(format_figure(minutes, "minutes") for minutes in (case.elapsed_minutes, case.standard_minutes)),
            styled(format_figure(case.ratio, "ratio"), "red"),
        )
        for case in beyond
    ]
    title = "Paling jauh melampaui standar"
    console().print(table("Berkas", "Keadaan", *right, rows=rows, right=right, title=title), "")


def _paused(figures: "Figures", format_figure: FormatFigure) -> list[str]:
    """What the mark means."""
    if not any(row.paused for row in figures.rows) and not any(sop.paused for sop in figures.sops):
        return []
    times, minutes = sum(row.paused for row in figures.rows), sum(row.suspended_minutes for row in figures.rows)
    long = format_figure(minutes, "minutes")
    return [f"{_PAUSED} pernah ditunda ({format_count(times)} langkah, {long}); waktu itu tidak dihitung."]


def _fairness(figures: "Figures") -> list[str]:
    """What is to be known before anybody is blamed."""
    notes = []
    begun, visits = sum(row.begun for row in figures.rows), sum(row.visits for row in figures.rows)
    if visits:
        known = f"{begun / visits * 100:.0f}%"
        notes.append(f"Waktu menunggu dan waktu kerja terpisah pada {known} langkah (sopctl begin).")
    typed = weighted_mean(figures.rows, lambda row: row.typed_later)
    if typed:
        notes.append(f"{format_decimal(typed * 100, 1)}% waktunya dicatat belakangan, menurut ingatan.")
    return notes
