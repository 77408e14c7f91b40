"""The page on which a person compares an SOP that was read with its form, row by row; it loads nothing else."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup
from msgspec import Struct

from sopctl.form.layout import lay_out_flowchart
from sopctl.form.svg import page_svg
from sopctl.importing.reading import ReadSop
from sopctl.importing.seen import Box, Page, SeenForm, ShapeKind
from sopctl.sop.decode import read_sop
from sopctl.sop.draft import DraftRow
from sopctl.sop.unconfirmed import confirm

_SCALE = 1.6
"""Pixels a point in the picture of a page."""

_LABELS = (("waktu", "Waktu"), ("output", "Output"), ("keterangan", "Keterangan"))

_WORDS = {
    "nama": "Judul",
    "branches": "Cabang",
    "next": "Langkah berikutnya",
    "decides": "Yang memutuskan",
    "nomor": "Nomor SOP",
    "keterkaitan": "Keterkaitan SOP",
    "further": "tambahan",
}
"""What the page calls keys of the file whose own names a reader would not understand."""


def _name_key(key: str) -> str:
    return _WORDS.get(key, key.replace("_", " ").capitalize())


class _ReviewedRow(Struct, frozen=True):
    """A row beside the picture; ``line`` is where it begins in the YAML."""

    number: int
    draft: DraftRow
    pelaksana: str
    values: list[tuple[str, str]]
    exits: list[tuple[str, str]]
    line: int


class _ReviewedPage(Struct, frozen=True):
    """A page of the source with the rows that stand on it."""

    number: int
    place: str
    picture: Markup
    rows: list[_ReviewedRow]


def write_review(source: Path, form: SeenForm, sop: ReadSop, text: str) -> str:
    """The page as HTML; ``text`` is the YAML of the SOP."""
    environment = Environment(autoescape=True, trim_blocks=True)
    template = environment.from_string(files("sopctl.importing").joinpath("review.html").read_text(encoding="utf-8"))
    return template.render(
        source=source.name,
        draft=sop.draft,
        doubts=sop.draft.doubts,
        headings=[
            (_name_key(column.role), column.name) for column in sop.table.header.columns if column.role != "pelaksana"
        ],
        cover=_list_cover(sop),
        remarks=list(_list_remarks(sop)),
        first=_draw_cover(source, form, sop),
        pages=list(_list_pages(source, form, sop, text.splitlines())),
        form=_print_form(text, sop.draft.id),
        text=text.splitlines(),
    )


def _list_cover(sop: ReadSop) -> list[tuple[str, str | tuple[str, ...]]]:
    """What the cover says, under words for people."""
    return [
        (_name_key(key), _write_day(value) if key.startswith("tanggal") else value)
        for key, value in sop.draft.identitas
    ]


def _write_day(value: str | tuple[str, ...]) -> str:
    return date.fromisoformat(str(value)).strftime("%d-%m-%Y")


def _list_remarks(sop: ReadSop) -> Iterator[tuple[str, str, str]]:
    """Each remark with the part of the page that it is about, and what that is called."""
    yield from (("identitas", _name_key(key), _strip_key(remark)) for key, remark in sop.draft.marks)
    for number, row in enumerate(sop.draft.rows, 1):
        place = f"Baris {row.no or number}"
        yield from ((f"baris-{number}", f"{place}, {_name_key(key)}", _strip_key(remark)) for key, remark in row.marks)


def _strip_key(remark: str) -> str:
    """A remark `periksa: KEY: why (place)` without its first two parts."""
    return remark.split(": ", 2)[-1]


def _draw_cover(source: Path, form: SeenForm, sop: ReadSop) -> Markup | None:
    """The picture of the page of the cover; None where it is that of the table."""
    page = next(page for page in form.pages if page.number == sop.cover)
    return None if page.number in sop.table.headers else _draw_page(source, page, sop)


def _list_pages(source: Path, form: SeenForm, sop: ReadSop, lines: Sequence[str]) -> Iterator[_ReviewedPage]:
    starts = [n for n, line in enumerate(lines, 1) if line.startswith("  - id: ")]
    for page in form.pages:
        if page.number in sop.table.headers:
            rows = [
                _review_row(number, draft, sop, starts[number - 1])
                for number, (draft, row) in enumerate(zip(sop.draft.rows, sop.table.rows, strict=True), 1)
                if row.page == page.number
            ]
            yield _ReviewedPage(page.number, page.place, _draw_page(source, page, sop), rows)


def _review_row(number: int, draft: DraftRow, sop: ReadSop, line: int) -> _ReviewedRow:
    names = sop.draft.pelaksana
    targets = [(label, _name_row(to, sop)) for label, to in draft.exits]
    onward = [("Lalu", _name_row(target, sop)) for target in draft.next]
    values = [(label, getattr(draft, key)) for key, label in _LABELS if getattr(draft, key)]
    kelengkapan = [("Kelengkapan", "; ".join(draft.kelengkapan))] if draft.kelengkapan else []
    return _ReviewedRow(
        number,
        draft,
        " → ".join(names[one - 1] for one in draft.pelaksana),
        kelengkapan + values,
        targets + onward,
        line,
    )


def _name_row(to: int | None, sop: ReadSop) -> str:
    if to is None or to > len(sop.draft.rows):
        return "selesai"
    row = sop.draft.rows[to - 1]
    return f"baris {row.no or to}: {row.kegiatan}"


def _draw_page(source: Path, page: Page, sop: ReadSop) -> Markup:
    """The picture of a page with the rows that were read marked on it, each a link to what was read."""
    picture = _render_page(source, page) if source.suffix.lower() == ".pdf" else ""
    right, bottom = (page.box.right, page.box.bottom) if picture else _measure_drawn(page)
    size = f"0 0 {right:.0f} {bottom:.0f}"
    image = f'<image href="data:image/png;base64,{picture}" {_frame(page.box)}/>'
    rows = (
        f'<a href="#baris-{number}" aria-label="Baris {escape(draft.no or str(number))}">'
        f'<rect {_frame(row.box)} class="{"doubtful" if draft.marks else "sure"}"/></a>'
        for number, (draft, row) in enumerate(zip(sop.draft.rows, sop.table.rows, strict=True), 1)
        if row.page == page.number
    )
    parts = (
        f'<svg viewBox="{size}" role="group" aria-label="Halaman {page.number}">',
        *([image] if picture else _draw_seen(page)),
    )
    return Markup("\n".join((*parts, *rows, "</svg>")))  # noqa: S704 — its words are escaped


def _measure_drawn(page: Page) -> tuple[float, float]:
    """How far what is seen on a page reaches: a sheet ends far behind its last cell."""
    boxes = [cell.box for cell in page.cells if cell.text]
    boxes += [*(shape.box for shape in page.shapes), *(label.box for label in page.labels)]
    return max((box.right for box in boxes), default=1) + 4, max((box.bottom for box in boxes), default=1) + 4


def _frame(box: Box) -> str:
    return f'x="{box.left:.1f}" y="{box.top:.1f}" width="{box.width:.1f}" height="{box.height:.1f}"'


def _draw_seen(page: Page) -> Iterator[str]:
    """Cells, symbols and lines as they were seen, for files that are no pictures."""
    for cell in page.cells:
        yield f'<rect {_frame(cell.box)} class="cell"/>'
        letters = int(cell.box.width / 4) + 1
        for n, words in enumerate(cell.text.splitlines()[:8], 1):
            yield f'<text x="{cell.box.left + 2:.1f}" y="{cell.box.top + 9 * n:.1f}">{escape(words[:letters])}</text>'
    for line in page.lines:
        points = " ".join(f"{point.x:.1f},{point.y:.1f}" for point in line.points)
        yield f'<polyline points="{points}" class="line"/>'
    yield from (_draw_shape(shape.box, shape.kind) for shape in page.shapes)
    for label in page.labels:
        yield f'<text x="{label.box.left:.1f}" y="{label.box.center.y:.1f}">{escape(label.text)}</text>'


def _draw_shape(box: Box, kind: ShapeKind) -> str:
    left, top, right, bottom = box
    x, y = box.center
    if kind in {"process", "terminator"}:
        round_ = box.height / 2 if kind == "terminator" else 0
        return f'<rect {_frame(box)} rx="{round_:.1f}" class="shape"/>'
    corners = [(x, top), (right, y), (x, bottom), (left, y)]
    if kind == "off_page":
        shoulder = top + box.height * 0.7
        corners = [(left, top), (right, top), (right, shoulder), (x, bottom), (left, shoulder)]
    return f'<polygon points="{" ".join(f"{a:.1f},{b:.1f}" for a, b in corners)}" class="shape"/>'


def _render_page(source: Path, page: Page) -> str:
    """The picture of a page of a PDF as PNG in base64; empty where it is too large to draw."""
    import pypdfium2  # noqa: PLC0415 — only for a PDF

    if max(page.box.right, page.box.bottom) > 4000:
        return ""
    with pypdfium2.PdfDocument(source) as pdf:
        image = pdf[page.number - 1].render(scale=_SCALE).to_pil()
    file = BytesIO()
    image.convert("P", palette=1).save(file, "PNG", optimize=True)
    return b64encode(file.getvalue()).decode()


def _print_form(text: str, id: str) -> list[Markup]:
    """The official form of the SOP as it was read, a drawing a page; none where it cannot be drawn yet."""
    sop, _ = read_sop(confirm(text).encode(), f"{id}.yaml")
    if sop is None:
        return []
    chart = lay_out_flowchart(sop, "A4")
    return [Markup(page_svg(chart, page)) for page in chart.pages]  # noqa: S704 — its words are escaped
