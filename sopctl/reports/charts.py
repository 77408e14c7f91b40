"""Charts as rows of a page: a label that wraps, the figures in words, and a drawing that takes the room that is left.

A drawing is SVG in percent of its own width, so that one page serves a phone, a desk and paper. It has no script, no
style and no colours of its own: those come from the page's style by class.
"""

from collections.abc import Iterable, Sequence
from html import escape
from math import log2

from sopctl.measure.case_totals import MonthTotal
from sopctl.reports.content import (
    LoadBar,
    Queue,
    StepFigures,
    StretchBar,
    by_clock,
    format_cell,
    format_duration,
)

_LEAST, _MOST = 1 / 8, 32
"""Times its standard: what took less or more than this is drawn at the edge."""

_TICKS = ((1 / 8, "⅛×"), (1 / 4, "¼×"), (1 / 2, "½×"), (1, "standar"), (2, "2×"), (4, "4×"), (8, "8×"), (16, "16×"))

_THINNEST = 0.01
"""The width of a box, as a share of the drawing, that is seen on a phone too."""


def on_time_chart(rows: Sequence[StepFigures]) -> str:
    """The share of visits within their standard, one bar a step of one SOP."""
    return _figure(rows[0].group, map(_on_time_row, rows))


def duration_chart(rows: Sequence[StepFigures], day_minutes: float) -> str:
    """How long each step of one SOP takes against its standard, on a scale that doubles from line to line."""
    ticks = "".join(f'<text x="{_percent(_place_of(at))}" y="16">{words}</text>' for at, words in _TICKS)
    svg = f'<svg role="img" aria-label="Skala: berapa kali standar">{ticks}</svg>'
    scale = f'<li class="scale"><span class="drawing">{svg}</span></li>\n'
    return _figure(rows[0].group, [scale, *(_duration_row(row, day_minutes) for row in rows)])


def queue_chart(rows: Sequence[Queue], most: int) -> str:
    """Where cases of one SOP wait now: late, on time, and without a standard; ``most`` turns are as long as it gets."""
    return _figure(rows[0].group, (_queue_row(row, most) for row in rows))


def flow_chart(rows: Sequence[MonthTotal]) -> str:
    """Cases started and ended, month by month."""
    most = max((max(row.started, row.ended) for row in rows), default=0) or 1
    return _figure("", (_flow_row(row, most) for row in rows))


def load_chart(rows: Iterable[LoadBar]) -> str:
    """How busy the people of each pelaksana are."""
    return _figure("", map(_load_row, rows))


def stretch_chart(rows: Sequence[StretchBar], day_minutes: float) -> str:
    """Waiting and work of each row, all on one scale of working time; a row by the clock has a scale of its own."""
    most = max((row.waiting + row.working for row in rows if row.clock == "working"), default=0.0) or 1.0
    return _figure("", (_stretch_row(row, most, day_minutes) for row in rows))


def _load_row(bar: LoadBar) -> str:
    words = f"{bar.share * 100:.0f}% · {bar.people} orang"
    return _row(bar.label, words, _rect("track", 0, 1) + _rect("late" if bar.beyond else "timely", 0, bar.share))


def _stretch_row(bar: StretchBar, most: float, day_minutes: float) -> str:
    if bar.clock == "calendar":
        words = format_duration(by_clock(bar.working, bar.clock) or 0.0, day_minutes)
        return _row(bar.label, words, _rect("without", 0, 1 if bar.working else 0))
    waiting, working = (format_duration(one, day_minutes) for one in (bar.waiting, bar.working))
    drawing = _rect("late", 0, bar.waiting / most) + _rect("timely", bar.waiting / most, bar.working / most)
    return _row(bar.label, f"{waiting} + {working}", drawing)


def _on_time_row(step: StepFigures) -> str:
    row, share = step.row, step.row.within_standard or 0.0
    words = f"{share * 100:.0f}% dari {row.visits}{' *' if row.few else ''}"
    return _row(step.label, words, _rect("track", 0, 1) + _rect("timely", 0, share))


def _duration_row(step: StepFigures, day_minutes: float) -> str:
    row, standard = step.row, step.row.standard_minutes or 1.0
    percentiles = (row.p10_minutes, row.p25_minutes, row.median_minutes, row.p75_minutes, row.p90_minutes)
    p10, p25, middle, p75, p90 = (_place_of(minutes / standard) for minutes in percentiles)
    grid = "".join(_line("standard" if at == 1 else "grid", _place_of(at), "0", "100%") for at, _ in _TICKS)
    drawing = (
        f'{grid}<line class="whisker" x1="{_percent(p10)}" x2="{_percent(p90)}" y1="12" y2="12"/>'
        + _rect("beyond" if row.median_minutes > standard else "box", p25, max(p75 - p25, _THINNEST))
        + _line("median", middle, "3", "21")
    )
    took, allowed = (
        format_cell(by_clock(one, row.clock), "minutes", day_minutes) for one in (row.median_minutes, standard)
    )
    return _row(step.label, f"{took} dari {allowed}", drawing)


def _queue_row(queue: Queue, most: int) -> str:
    at, drawing = 0.0, ""
    for kind, count in (("late", queue.late), ("timely", queue.timely), ("without", queue.without_standard)):
        drawing += _rect(kind, at, count / most)
        at += count / most
    late = f" ({queue.late} terlambat)" if queue.late else ""
    return _row(queue.label, f"{queue.waiting}{late}", drawing)


def _flow_row(flow: MonthTotal, most: int) -> str:
    drawing = _rect("timely", 0, flow.started / most, 3, 9) + _rect("ended", 0, flow.ended / most, 12, 9)
    return _row(flow.month, f"{flow.started} dibuka, {flow.ended} berakhir", drawing)


def _figure(group: str, rows: Iterable[str]) -> str:
    caption = f"<figcaption>{escape(group)}</figcaption>" if group else ""
    return f'<figure>{caption}<ul class="chart">{"".join(rows)}</ul></figure>'


def _row(label: str, words: str, drawing: str) -> str:
    return (
        f'<li><span class="label">{escape(label)}</span><span class="value">{escape(words)}</span>'
        f'<span class="drawing"><svg role="img" aria-label="{escape(words)}">{drawing}</svg></span></li>\n'
    )


def _rect(kind: str, at: float, width: float, y: int = 5, height: int = 14) -> str:
    """A rectangle from ``at`` on; both are shares of the drawing's width, ``y`` and ``height`` pixels."""
    return f'<rect class="{kind}" x="{_percent(at)}" width="{_percent(width)}" y="{y}" height="{height}"/>'


def _line(kind: str, at: float, top: str, foot: str) -> str:
    return f'<line class="{kind}" x1="{_percent(at)}" x2="{_percent(at)}" y1="{top}" y2="{foot}"/>'


def _place_of(ratio: float) -> float:
    """Where a time so many times its standard is drawn, as a share of the width."""
    within = min(max(ratio, _LEAST), _MOST)
    return log2(within / _LEAST) / log2(_MOST / _LEAST)


def _percent(share: float) -> str:
    return f"{share * 100:.2f}%"
