"""A trial run as people read it on a terminal of 80 columns."""

from typing import TYPE_CHECKING

from sopctl.cli.output import line, plain
from sopctl.cli.screen import console, hanging, styled, table
from sopctl.reports.content import by_clock, format_cell, format_count, format_decimal, format_duration
from sopctl.reports.simulation import describe_changes, describe_span, list_totals, tell_results
from sopctl.reports.tables import VERDICTS

if TYPE_CHECKING:
    from rich.text import Text

    from sopctl.simulate.outcome import SimulatedRow, Simulation, SimulationFigures

Row = tuple["str | Text", ...]


def simulation(found: "Simulation", day_minutes: float) -> None:
    """The figures, where they come from, and what was assumed."""
    screen, figures = console(), found.figures
    screen.print(styled(f"Simulasi {found.sop} · {line(found.nama)}"))
    screen.print(plain(f"{describe_span(found)}."), "")
    for words in tell_results(found):
        screen.print(styled(words, "red" if figures.overloaded else "bold"))
    _say_totals(found, day_minutes)
    changed = ", sesudah diubah" if found.baseline is not None else ""
    _say_rows(figures, day_minutes, f"Setiap langkah{changed}")
    _say_staff(figures, day_minutes, f"Setiap pelaksana{changed}")
    if found.proposals:
        _say_proposals(found)
    screen.print("Anggapan dalam hitungan ini:")
    for words in found.assumptions:
        hanging(screen, f"- {words}")


def _say_totals(found: "Simulation", day: float) -> None:
    """The figures of whole cases, beside those without the changes."""
    rows: list[Row] = [*list_totals(found.figures, day, found.baseline)]
    now: tuple[str, ...] = ("Hasil",)
    if found.baseline is not None:
        before = list_totals(found.baseline, day, found.figures)
        rows = [(name, was, value, sure) for (name, was, _), (_, value, sure) in zip(before, rows, strict=True)]
        now = ("Semula", "Diubah")
        console().print(*map(plain, describe_changes(found)))
    console().print(table("Seluruh berkas", *now, "Rentang 95%", rows=rows, right=now), "")


def _say_rows(figures: "SimulationFigures", day: float, title: str) -> None:
    right = ("Kali", "Menunggu", "Dikerjakan")
    rows: list[Row] = [
        (
            f"{row.no or ''} {row.step}".strip(),
            ", ".join(row.pelaksana),
            format_decimal(row.visits, 2),
            format_duration(row.waiting_minutes, day),
            _format_work(row, day),
        )
        for row in figures.rows
    ]
    console().print(table("Langkah", "Pelaksana", *right, rows=rows, right=right, title=title), "")


def _format_work(row: "SimulatedRow", day: float) -> str:
    minutes = row.working_minutes if row.calendar_minutes is None else row.calendar_minutes
    return format_duration(by_clock(minutes, row.clock) or 0.0, day)


def _say_staff(figures: "SimulationFigures", day: float, title: str) -> None:
    right = ("Orang", "Sibuk", "Menunggu")
    rows: list[Row] = [
        (
            f"{one.jabatan} ({one.pelaksana})",
            format_count(one.people),
            styled(format_cell(one.utilization, "share", day), "red" if one.load >= 1 else ""),
            format_duration(one.waiting_minutes, day),
        )
        for one in figures.staff
    ]
    console().print(table("Pelaksana", *right, rows=rows, right=right, title=title), "")


def _say_proposals(found: "Simulation") -> None:
    rows: list[Row] = [
        (f"{one.no or ''} {one.step}".strip(), one.standard or "-", one.proposal or VERDICTS[one.verdict])
        for one in found.proposals
    ]
    console().print(table("Langkah", "Standar", "Usul", rows=rows, title="Standar yang diusulkan"), "")
