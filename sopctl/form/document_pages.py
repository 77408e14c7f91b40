"""The pages of the form as WordprocessingML: title page, identity sheet, and the pages of the flowchart table."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from sopctl.form.drawingml import ShapeWriter
from sopctl.form.geometry import ChartPage, ChartRow, Flowchart, TextBlock
from sopctl.form.identity import Identity
from sopctl.form.table_layout import LEAD, PAD, TITLE_GAP
from sopctl.form.wordml import cell, paragraph, row, run, table

_GREY = "D9D9D9"
_SIZE, _BIG = 10.0, 12.0
_INDENT = 340
_LEFT, _MIDDLE = 45, 18
"""The shares of the identity sheet's first two columns, in percent."""

_LINE_ROW = 340
_SIGNATURE_ROW = 2300
_LIST_ROW = 1100


def title_page(identity: Identity, logo: str, height: int) -> str:
    """The halaman judul: which SOP, whose, of which year; ``height`` is the room between the margins."""
    lines = (
        _line("STANDAR OPERASIONAL PROSEDUR (SOP)", 18, after=200),
        _line(identity.nama, 22, after=height // 6),
        *(_line(line, 14, after=60) for line in identity.instansi),
        _line(f"TAHUN {identity.year}", 14, before=200),
    )
    emblem = paragraph(logo, _SIZE, align="center", before=height // 8, after=height // 10, height=1500 if logo else 1)
    return emblem + "".join(lines)


def identity_sheet(identity: Identity, logo: str, width: int, *, page_break: bool) -> str:
    """The identity sheet as a table of a width in twips; an empty item keeps its row."""
    left, middle = width * _LEFT // 100, width * _MIDDLE // 100
    widths = (left, middle, width - left - middle)
    pairs = zip(identity.lists[:3], identity.lists[3:], strict=True)
    rows = [*_upper_rows(identity, logo, widths), *(_list_row(one, two, widths) for one, two in pairs)]
    return paragraph("", 1, page_break=page_break, height=LEAD) + table(widths, rows)


def chart_page(chart: Flowchart, page: ChartPage, shapes: ShapeWriter) -> str:
    """One page of the flowchart: the title if it is the first, the line that holds its shapes, its part of the table.

    The shapes are placed from that line, so that they go where the table goes.
    """
    title, first = "", page.number == 1
    if first:
        content = run(chart.title.text, chart.title.size, bold=True)
        title = paragraph(content, chart.title.size, after=TITLE_GAP - LEAD, page_break=True)
    drawn = shapes.page(page, (chart.borders[0], page.header[0].frame.top - LEAD))
    widths = [right - left for left, right in pairwise(chart.borders)]
    rows = (*_header_rows(chart, page, widths), *(_row(chart, one, widths) for one in page.rows))
    return title + paragraph(drawn, 1, page_break=not first, height=LEAD) + table(widths, rows)


def _line(text: str, size: float, *, before: int = 0, after: int = 0, side: int = 0) -> str:
    """A line of bold type, centred."""
    content = run(text, size, bold=True)
    return paragraph(content, size, align="center", left=side, right=side, before=before, after=after)


def _upper_rows(identity: Identity, logo: str, widths: Sequence[int]) -> Iterator[str]:
    lines = (*identity.lines, ("Disahkan oleh", ""), ("Nama SOP", identity.nama))
    for number, (label, value) in enumerate(lines):
        left = paragraph("", 1) if number else _office(identity, logo)
        signed = label == "Disahkan oleh"
        content = _signature(identity) if signed else _value(value, bold=label == "Nama SOP")
        cells = [
            cell(left, widths[0], merge="continue" if number else "restart"),
            cell(_value(label), widths[1]),
            cell(content, widths[2]),
        ]
        yield row(cells, _SIGNATURE_ROW if signed else _LINE_ROW, exact=False)


def _office(identity: Identity, logo: str) -> str:
    """The emblem, or the space for it, above the name of the office."""
    emblem = paragraph(logo, _SIZE, align="center", after=120, height=1200)
    return emblem + "".join(_line(line, _BIG, after=40, side=PAD) for line in identity.instansi)


def _value(text: str, *, bold: bool = False, before: int = 30, after: int = 30) -> str:
    return paragraph(run(text, _SIZE, bold=bold), _SIZE, left=PAD * 2, right=PAD, before=before, after=after)


def _signature(identity: Identity) -> str:
    """Jabatan, room for the signature, name, pangkat and NIP."""
    person = identity.disahkan_oleh
    jabatan = " ".join(filter(None, (person.as_, person.jabatan.upper())))
    return (
        paragraph(run(f"{jabatan},", _SIZE), _SIZE, align="center", before=60, after=1000)
        + paragraph(run(str(person.nama), _SIZE, bold=True), _SIZE, align="center")
        + paragraph(run(str(person.pangkat), _SIZE), _SIZE, align="center")
        + paragraph(run(f"NIP {person.nip}", _SIZE), _SIZE, align="center", after=60)
    )


def _list_row(one: tuple[str, tuple[str, ...]], two: tuple[str, tuple[str, ...]], widths: Sequence[int]) -> str:
    cells = [
        cell(_list(*one), widths[0], valign="top"),
        cell(_list(*two), widths[1] + widths[2], span=2, valign="top"),
    ]
    return row(cells, _LIST_ROW, exact=False)


def _list(label: str, items: tuple[str, ...]) -> str:
    """The heading of an item and its list; a single one is not numbered."""
    heading = _value(label, bold=True, before=60, after=40)
    if len(items) == 1:
        return heading + _value(items[0], before=0, after=60)
    numbered = (
        paragraph(run(f"{number}.\t{item}", _SIZE), _SIZE, left=PAD * 2 + _INDENT, right=PAD, hanging=_INDENT, after=30)
        for number, item in enumerate(items, 1)
    )
    return heading + "".join(numbered)


def _header_rows(chart: Flowchart, page: ChartPage, widths: list[int]) -> Iterator[str]:
    """The header: Pelaksana and Mutu Baku over their columns, the other headings over both rows."""
    groups, heads = page.header[: len(chart.groups)], page.header[len(chart.groups) :]
    spans = dict(zip(chart.groups, groups, strict=True))
    upper, lower = [], []
    for column, (text, width) in enumerate(zip(heads, widths, strict=True)):
        span = next((span for span in spans if span[0] <= column < span[1]), None)
        lower.append(_head(text, width) if span else cell(paragraph("", 1), width, merge="continue", fill=_GREY))
        if span is None:
            upper.append(_head(text, width, merge="restart"))
        elif column == span[0]:
            upper.append(_head(spans[span], sum(widths[slice(*span)]), span=span[1] - span[0]))
    yield row(upper, chart.heads[0], header=True)
    yield row(lower, chart.heads[1], header=True)
    if page.numbers:
        cells = [cell(_text(text), width) for text, width in zip(page.numbers, widths, strict=True)]
        yield row(cells, chart.heads[2], header=True)


def _head(text: TextBlock, width: int, *, span: int = 1, merge: str = "") -> str:
    return cell(_text(text), width, span=span, merge=merge, fill=_GREY, rotated=text.rotated)


def _row(chart: Flowchart, one: ChartRow, widths: list[int]) -> str:
    """One step; the cells of the pelaksana are empty, for the symbols lie over them."""
    texts = iter(one.cells)
    cells = []
    for column, width in enumerate(widths):
        content = paragraph("", 1) if chart.first <= column < chart.last else _text(next(texts))
        cells.append(cell(content, width, above=one.above, below=one.below))
    return row(cells, one.frame.height)


def _text(text: TextBlock) -> str:
    return paragraph(run(text.text, text.size, bold=text.bold), text.size, align=text.align, left=PAD, right=PAD)
