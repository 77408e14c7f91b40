"""The report as one HTML page with its style, script and charts inside; it loads no other file.

A policy in the page lets only its own style and script work, by their hashes; whatever users typed is text.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from html import escape
from importlib.resources import files
from itertools import groupby
from typing import TypeVar

from sopctl.reports import charts
from sopctl.reports.content import (
    SENTENCES,
    CellKind,
    CellValue,
    KeyFigure,
    Queue,
    ReportContent,
    StepFigures,
    Table,
    TableColumn,
    format_cell,
)

T = TypeVar("T", StepFigures, Queue)

_FEW_COLUMNS = 12
"""Columns that a desk's screen has room for without smaller letters."""

_NUMBERS: tuple[CellKind, ...] = ("count", "minutes", "ratio", "share")


def render_page(content: ReportContent) -> str:
    """The whole page."""
    style, script = _asset("page.css"), _asset("page.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    body = "\n".join(_body(content))
    return (
        '<!DOCTYPE html>\n<html lang="id">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(content.title)}</title>\n<style>{style}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n<script>{script}</script>\n</body>\n</html>\n"
    )


def _body(content: ReportContent) -> Iterator[str]:
    title, office, period = map(escape, (content.title, content.office, content.period))
    yield f"<header><h1>{title}</h1><p>{office}</p><p>{period}</p></header>"
    yield from _contents(content)


def render_contents(content: ReportContent) -> str:
    """What stands below the heading of the page, for a page that has its own."""
    return "\n".join(_contents(content))


def _contents(content: ReportContent) -> Iterator[str]:
    yield f'<dl class="facts">{"".join(map(_key_figure, content.key_figures))}</dl>'
    drawn = list(_charts(content))
    links = [(id, title) for id, title, _ in drawn] + [(table.name.lower(), table.title) for table in content.tables]
    items = "".join(f'<li><a href="#{_id(id)}">{escape(title)}</a></li>' for id, title in links)
    yield f'<nav aria-label="Isi halaman"><ul>{items}</ul></nav>'
    for note in content.notes:
        yield f'<p class="note">{escape(note)}</p>'
    for id, title, chart in drawn:
        yield f'<section id="{_id(id)}"><h2>{escape(title)}</h2>{chart}</section>'
    for table in content.tables:
        yield _section(table, content.day_minutes)
    created = escape(format_cell(content.created, "moment", content.day_minutes))
    yield f'<p class="made">Dibuat {created} dengan sopctl.</p>'


def _charts(content: ReportContent) -> Iterator[tuple[str, str, str]]:
    """Each chart that has something to show: its id, its title, and what stands under it."""
    if content.on_time:
        words = "Bagian langkah yang selesai dalam waktu standar; * berarti datanya sedikit."
        figures = (charts.on_time_chart(rows) for rows in _by_group(content.on_time))
        yield "tepat", "Tepat waktu menurut standar", _explained(words, figures)
    if content.durations:
        words = (
            "Garis putus-putus adalah standar. Kotak memuat separuh dari semua kejadian, garis di dalamnya yang di "
            "tengah (median), garis panjang delapan dari sepuluh. Jingga: mediannya melampaui standar. Setiap garis ke "
            "kanan dua kali lebih lama."
        )
        figures = (charts.duration_chart(rows, content.day_minutes) for rows in _by_group(content.durations))
        yield "lama", "Lama pengerjaan dibanding standar", _explained(words, figures)
    if content.queues:
        key = _legend(("late", "terlambat"), ("timely", "belum lewat batas"), ("without", "tanpa standar"))
        most = max(queue.waiting for queue in content.queues)
        figures = (charts.queue_chart(rows, most) for rows in _by_group(content.queues))
        yield "antrean", "Di mana berkas menunggu sekarang", key + "".join(figures)
    if content.loads:
        words = "Bagian jam kerja yang terpakai untuk SOP ini. Jingga: yang diminta lebih banyak daripada yang sanggup."
        yield "beban", "Seberapa sibuk setiap pelaksana", _explained(words, [charts.load_chart(content.loads)])
    if content.stretches:
        key = _legend(("late", "menunggu giliran"), ("timely", "dikerjakan"), ("without", "berjalan menurut kalender"))
        figure = charts.stretch_chart(content.stretches, content.day_minutes)
        yield "tunggu", "Di mana berkas menunggu", key + figure
    if content.months:
        key = _legend(("timely", "dibuka"), ("ended", "berakhir"))
        yield "alur", "Berkas setiap bulan", key + charts.flow_chart(content.months)


def _by_group(rows: Iterable[T]) -> Iterator[list[T]]:
    """The rows of each SOP by themselves."""
    return (list(members) for _, members in groupby(rows, key=lambda row: row.group))


def _explained(words: str, figures: Iterable[str]) -> str:
    return f'<p class="note">{escape(words)}</p>{"".join(figures)}'


def _legend(*entries: tuple[str, str]) -> str:
    return f'<ul class="key">{"".join(f"""<li class="{kind}">{words}</li>""" for kind, words in entries)}</ul>'


def _key_figure(figure: KeyFigure) -> str:
    detail = f"<dd>{escape(figure.detail)}</dd>" if figure.detail else ""
    return f"<div><dt>{escape(figure.label)}</dt><dd>{escape(figure.value)}</dd>{detail}</div>"


def _section(table: Table, day_minutes: float) -> str:
    heads = "".join(f'<th scope="col"{_class(column)}>{escape(column.title)}</th>' for column in table.columns)
    rows = "\n".join(
        "<tr>" + "".join(map(_cell, row, table.columns, [day_minutes] * len(row))) + "</tr>" for row in table.rows
    )
    note = f'<p class="note">{escape(table.note)}</p>' if table.note else ""
    id, wide = _id(table.name), ' class="wide"' if len(table.columns) > _FEW_COLUMNS else ""
    return (
        f'<section id="{id}" data-table><h2>{escape(table.title)}</h2>{note}'
        f'<div class="tools" hidden><label>Saring <input type="search" placeholder="kata yang dicari"></label>'
        f'<output aria-live="polite"></output></div><div class="scroll" tabindex="0" role="region" '
        f'aria-label="{escape(table.title)}"><table{wide}><thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>'
        "</section>"
    )


def _cell(cell: CellValue, column: TableColumn, day_minutes: float) -> str:
    text, value = escape(format_cell(cell, column.kind, day_minutes)), ""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        value = f' data-value="{cell}"'
    elif isinstance(cell, datetime):
        value = f' data-value="{cell.timestamp():.0f}"'
    return f'<td{_class(column)} data-label="{escape(column.title)}"{value}>{text}</td>'


def _class(column: TableColumn) -> str:
    if column.kind == "moment":
        return ' class="number moment"'
    if column.kind in _NUMBERS:
        return ' class="number"'
    return f' class="{"words" if column.key in SENTENCES else column.key if column.kind == "mark" else "name"}"'


def _id(name: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in name.lower())


def _asset(name: str) -> str:
    return (files("sopctl.reports") / name).read_text(encoding="utf-8").strip()


def _hash(text: str) -> str:
    """What the policy calls a style or script by."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
