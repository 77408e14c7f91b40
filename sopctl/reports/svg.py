"""Charts as SVG that stands in a page: no script, no colours of their own, every number also written.

Colours come from the page's style by class, so that light, dark and paper each have theirs.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from math import log2
from typing import TypeVar

from sopctl.reports.content import DurationBox, MonthFlow, OnTimeBar, Queue, format_duration

T = TypeVar("T")

_WIDTH = 860
_LINE = 22
_LABELS = 306
_HEAD = 20
_LETTERS = 35
_RIGHT = _WIDTH - 160
"""Where the scale of times ends."""

_LEAST, _MOST = 1 / 8, 32
"""Times its standard: what took less or more than this is drawn at the edge."""

_TICKS = ((1 / 8, "⅛×"), (1 / 4, "¼×"), (1 / 2, "½×"), (1, "standar"), (2, "2×"), (4, "4×"), (8, "8×"), (16, "16×"))


def draw_bars(rows: Sequence[OnTimeBar]) -> str:
    """The share of visits within their standard, one bar a step of one SOP."""
    span = _WIDTH - _LABELS - 110
    parts = [_group(rows[0].group, 0)]
    for y, bar in _lines(rows, _LINE):
        words = f"{bar.share * 100:.0f}% dari {bar.visits}{' *' if bar.few else ''}"
        parts += (
            _label(bar.label, y),
            _rect("track", _LABELS, y + 4, span, _LINE - 8),
            _rect("timely", _LABELS, y + 4, bar.share * span, _LINE - 8, title=f"{bar.label}: {words}"),
            _text("value", _LABELS + span + 8, y, words),
        )
    return _svg((len(rows) + 1) * _LINE, f"Bagian langkah yang selesai dalam waktu standar: {rows[0].group}", parts)


def draw_boxes(rows: Sequence[DurationBox], day_minutes: float) -> str:
    """How long each step of one SOP takes against its standard, on a scale that doubles from line to line."""
    height = _HEAD + len(rows) * _LINE
    parts = [_group(_shorten(rows[0].group, _LETTERS), -4)]
    for at, words in _TICKS:
        x, kind = _x_of(at), "standard" if at == 1 else "grid"
        parts.append(f'<line class="{kind}" x1="{x:.1f}" x2="{x:.1f}" y1="{_HEAD - 4}" y2="{height:.0f}"/>')
        parts.append(f'<text class="tick" x="{x:.1f}" y="12">{words}</text>')
    parts += [_box(box, y, day_minutes) for y, box in _lines(rows, _HEAD)]
    return _svg(height, f"Lama pengerjaan setiap langkah dibanding standarnya: {rows[0].group}", parts)


def draw_flows(rows: Sequence[MonthFlow]) -> str:
    """Cases started and ended, month by month."""
    height, foot = 180.0, 40
    most = max((max(row.started, row.ended) for row in rows), default=0) or 1
    step = (_WIDTH - 60) / max(len(rows), 1)
    wide = min(step * 0.38, 26)
    parts = []
    for number, row in enumerate(rows):
        x = 50 + number * step
        for count, kind, dx, word in ((row.started, "started", 0.0, "dibuka"), (row.ended, "ended", wide, "berakhir")):
            tall = height * count / most
            title = f"{row.month}: {count} {word}"
            parts.append(_rect(kind, x + dx, _HEAD + height - tall, wide - 1, tall, title=title))
        if number % (len(rows) // 12 + 1) == 0:
            parts.append(f'<text class="month" x="{x:.1f}" y="{_HEAD + height + 16:.0f}">{row.month}</text>')
    for part in (0, 0.5, 1):
        y = _HEAD + height * (1 - part)
        parts.append(f'<line class="grid" x1="46" x2="{_WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="count" x="42" y="{y + 4:.1f}">{round(most * part)}</text>')
    return _svg(_HEAD + height + foot, "Berkas yang dibuka dan yang berakhir setiap bulan", parts)


def draw_queues(rows: Sequence[Queue], most: int) -> str:
    """Where cases of one SOP wait now: late, on time, and without a standard; ``most`` turns are as long as it gets."""
    span = _WIDTH - _LABELS - 150
    parts = [_group(rows[0].group, 0)]
    for y, queue in _lines(rows, _LINE):
        x = float(_LABELS)
        parts.append(_label(queue.label, y))
        for kind, count in (("late", queue.late), ("timely", queue.timely), ("without", queue.without_standard)):
            long = span * count / most
            parts.append(_rect(kind, x, y + 4, long, _LINE - 8, title=f"{queue.label}: {count}"))
            x += long
        late = f" ({queue.late} terlambat)" if queue.late else ""
        parts.append(_text("value", x + 8, y, f"{queue.waiting}{late}"))
    return _svg((len(rows) + 1) * _LINE, f"Tempat berkas menunggu sekarang: {rows[0].group}", parts)


def _lines(rows: Sequence[T], top: float) -> Iterator[tuple[float, T]]:
    """Each row with the height at which its line begins."""
    return ((top + number * _LINE, row) for number, row in enumerate(rows))


def _box(box: DurationBox, y: float, day_minutes: float) -> str:
    p10, p25, middle, p75, p90 = (
        _x_of(minutes / box.standard) for minutes in (box.p10, box.p25, box.median, box.p75, box.p90)
    )
    centre = y + _LINE / 2
    words = f"{format_duration(box.median, day_minutes)} dari {format_duration(box.standard, day_minutes)}"
    late = " beyond" if box.median > box.standard else ""
    return (
        _label(box.label, y)
        + f'<line class="whisker" x1="{p10:.1f}" x2="{p90:.1f}" y1="{centre:.1f}" y2="{centre:.1f}"/>'
        + _rect(f"box{late}", p25, y + 5, max(p75 - p25, 2), _LINE - 10, title=f"{box.label}: median {words}")
        + f'<line class="median" x1="{middle:.1f}" x2="{middle:.1f}" y1="{y + 3:.1f}" y2="{y + _LINE - 3:.1f}"/>'
        + _text("value", _RIGHT + 8, y, words)
    )


def _x_of(ratio: float) -> float:
    """Where a time so many times its standard is drawn."""
    within = min(max(ratio, _LEAST), _MOST)
    return _LABELS + (_RIGHT - _LABELS) * log2(within / _LEAST) / log2(_MOST / _LEAST)


def _svg(height: float, title: str, parts: Iterable[str]) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height:.0f}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def _group(words: str, y: float) -> str:
    return _text("group", 0, y, _shorten(words, 2 * _LETTERS))


def _label(words: str, y: float) -> str:
    return f"<g><title>{escape(words)}</title>{_text('label', 10, y, _shorten(words, _LETTERS))}</g>"


def _text(kind: str, x: float, y: float, words: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y + _LINE / 2 + 4:.1f}">{escape(words)}</text>'


def _rect(kind: str, x: float, y: float, width: float, height: float, *, title: str = "") -> str:
    said = f"<title>{escape(title)}</title>" if title else ""
    size = f'x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{max(height, 0):.1f}"'
    return f'<rect class="{kind}" {size}>{said}</rect>'


def _shorten(words: str, letters: int) -> str:
    return words if len(words) <= letters else words[: letters - 1] + "…"
