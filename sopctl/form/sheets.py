"""The sheets of the form as WordprocessingML: title page, identity sheet, and the pages of the flowchart table."""

from collections.abc import Iterator
from itertools import pairwise

from sopctl.form.drawing import Drawing
from sopctl.form.geometry import Chart, Page, Row, Text
from sopctl.form.identity import Identity
from sopctl.form.layout import LEAD
from sopctl.form.table import MARGIN, PAD, TITLE
from sopctl.form.wordml import cell, paragraph, row, run, table

GREY = "D9D9D9"

_TYPE = 10.0
_BIG = 12.0
_INDENT = 340
_LEFT, _MIDDLE = 45, 18
"""The shares of the identity sheet's first two columns, in percent."""

_LINE_ROW = 340
_SIGNATURE_ROW = 2300
_LIST_ROW = 1100


def title_page(identity: Identity, logo: str, height: int) -> str:
    """The halaman judul: which SOP, whose, of which year; ``height`` is the room between the margins."""
    lines = [
        paragraph(run("STANDAR OPERASIONAL PROSEDUR (SOP)", 18, bold=True), 18, align="center", after=200),
        paragraph(run(identity.nama, 22, bold=True), 22, align="center", after=height // 6),
        *(paragraph(run(line, 14, bold=True), 14, align="center", after=60) for line in identity.instansi),
        paragraph(run(f"TAHUN {identity.year}", 14, bold=True), 14, align="center", before=200),
    ]
    emblem = paragraph(logo, _TYPE, align="center", before=height // 8, after=height // 10, height=1500 if logo else 1)
    return emblem + "".join(lines)


def identity_sheet(identity: Identity, logo: str, width: int, *, page_break: bool) -> str:
    """The identity sheet as a table of a width in twips; an empty item keeps its row."""
    left, middle = width * _LEFT // 100, width * _MIDDLE // 100
    widths = (left, middle, width - left - middle)
    pairs = zip(identity.lists[:3], identity.lists[3:], strict=True)
    rows = [*_upper_rows(identity, logo, widths), *(_list_row(one, two, widths) for one, two in pairs)]
    return paragraph("", 1, page_break=page_break, height=LEAD) + table(widths, rows)


def chart_page(chart: Chart, page: Page, drawing: Drawing, *, page_break: bool) -> str:
    """One page of the flowchart: the paragraph that holds its shapes, and its part of the table."""
    shapes = drawing.page(page)
    if page.number == 1:
        anchor = paragraph(
            shapes + run(chart.title.text, chart.title.size, bold=True),
            chart.title.size,
            page_break=page_break,
            height=TITLE,
        )
    else:
        anchor = paragraph(shapes, 1, page_break=True, height=LEAD)
    widths = [right - left for left, right in pairwise(chart.edges)]
    return anchor + table(
        widths, [*_header_rows(chart, page, widths), *(_row(chart, one, widths) for one in page.rows)]
    )


def _upper_rows(identity: Identity, logo: str, widths: tuple[int, int, int]) -> Iterator[str]:
    lines = (*identity.lines, ("Disahkan oleh", ""), ("Nama SOP", identity.nama))
    for number, (label, value) in enumerate(lines):
        office = cell(_office(identity, logo) if number == 0 else paragraph("", 1), widths[0],
                      merge="continue" if number else "restart")  # fmt: skip
        signed = label == "Disahkan oleh"
        said = _signature(identity) if signed else _value(value, bold=label == "Nama SOP")
        height = _SIGNATURE_ROW if signed else _LINE_ROW
        yield row([office, cell(_value(label), widths[1]), cell(said, widths[2])], height, exact=False)


def _office(identity: Identity, logo: str) -> str:
    """The emblem, or the space for it, above the name of the office."""
    emblem = paragraph(logo, _TYPE, align="center", after=120, height=1200)
    lines = (paragraph(run(line, _BIG, bold=True), _BIG, align="center", left=PAD, right=PAD, after=40)
             for line in identity.instansi)  # fmt: skip
    return emblem + "".join(lines)


def _value(text: str, *, bold: bool = False) -> str:
    return paragraph(run(text, _TYPE, bold=bold), _TYPE, left=PAD * 2, right=PAD, before=30, after=30)


def _signature(identity: Identity) -> str:
    """Jabatan, room for the signature, name, pangkat and NIP."""
    person = identity.disahkan_oleh
    jabatan = " ".join(filter(None, (person.as_, person.jabatan.upper())))
    below = (str(person.nama), str(person.pangkat), f"NIP {person.nip}")
    first = paragraph(run(f"{jabatan},", _TYPE), _TYPE, align="center", before=60, after=1000)
    return first + "".join(
        paragraph(
            run(line, _TYPE, bold=number == 0), _TYPE, align="center", after=60 if number == len(below) - 1 else 0
        )
        for number, line in enumerate(below)
    )


def _list_row(one: tuple[str, tuple[str, ...]], two: tuple[str, tuple[str, ...]], widths: tuple[int, int, int]) -> str:
    cells = [
        cell(_listed(*one), widths[0], valign="top"),
        cell(_listed(*two), widths[1] + widths[2], span=2, valign="top"),
    ]
    return row(cells, _LIST_ROW, exact=False)


def _listed(label: str, items: tuple[str, ...]) -> str:
    """The heading of an item and its list; a single one is not numbered."""
    heading = paragraph(run(label, _TYPE, bold=True), _TYPE, left=PAD * 2, right=PAD, before=60, after=40)
    if len(items) == 1:
        return heading + paragraph(run(items[0], _TYPE), _TYPE, left=PAD * 2, right=PAD, after=60)
    numbered = (
        paragraph(run(f"{number}.\t{item}", _TYPE), _TYPE, left=PAD * 2 + _INDENT, right=PAD, hanging=_INDENT, after=30)
        for number, item in enumerate(items, 1)
    )
    return heading + "".join(numbered)


def _header_rows(chart: Chart, page: Page, widths: list[int]) -> Iterator[str]:
    """The header: Pelaksana and Mutu Baku over their columns, the other headings over both rows."""
    pelaksana, mutu_baku, *heads = page.header
    first, last = chart.first, chart.last
    upper = [_head(text, width, merge="restart") for text, width in zip(heads[:first], widths[:first], strict=True)]
    upper.append(_head(pelaksana, sum(widths[first:last]), span=last - first))
    upper.append(_head(mutu_baku, sum(widths[last:-1]), span=len(widths) - 1 - last))
    upper.append(_head(heads[-1], widths[-1], merge="restart"))
    yield row(upper, chart.heads[0], header=True)
    lower = [cell(paragraph("", 1), width, merge="continue", fill=GREY) for width in widths[:first]]
    lower += [_head(text, width) for text, width in zip(heads[first:-1], widths[first:-1], strict=True)]
    lower.append(cell(paragraph("", 1), widths[-1], merge="continue", fill=GREY))
    yield row(lower, chart.heads[1], header=True)
    if page.numbers:
        cells = [cell(_text(text), width) for text, width in zip(page.numbers, widths, strict=True)]
        yield row(cells, chart.heads[2], header=True)


def _head(text: Text, width: int, *, span: int = 1, merge: str = "") -> str:
    return cell(_text(text), width, span=span, merge=merge, fill=GREY, turned=text.turned)


def _row(chart: Chart, one: Row, widths: list[int]) -> str:
    """One step; the cells of the pelaksana are empty, for the symbols lie over them."""
    texts = iter(one.cells)
    cells = []
    for column, width in enumerate(widths):
        pelaksana = chart.first <= column < chart.last
        content = paragraph("", 1) if pelaksana else _text(next(texts))
        cells.append(cell(content, width, above=one.above, below=one.below))
    return row(cells, one.frame.height)


def _text(text: Text) -> str:
    side = 0 if text.turned else PAD
    return paragraph(run(text.text, text.size, bold=text.bold), text.size, align=text.align, left=side, right=side)


def room(chart: Chart) -> int:
    """The width between the margins, in twips."""
    return chart.sheet.width - 2 * MARGIN
