"""The form as LibreOffice prints it, read back: symbols stand in their rows and columns, lines end at symbols.

Poppler turns each page of the PDF into SVG: borders of the table are thinner lines than the drawing, symbols are filled
with white, heads of arrows with black. All places are points from the upper left corner.
"""

import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from msgspec import Struct
from msgspec.structs import replace

from sopctl.form.document import write_form
from sopctl.form.font_metrics import TWIPS
from sopctl.form.geometry import Flowchart
from sopctl.form.identity import build_identity
from sopctl.form.layout import lay_out_flowchart
from sopctl.office.model import Office
from sopctl.sop.model import Kelengkapan, Sop
from sopctl.word.pdf import convert_to_pdf
from tests.form.conftest import KEGIATAN, sop_of, step

NEAR = 1.2
"""Points that a place may be off: word processors round, and the head of an arrow covers the end of its line."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

NAMA = "Penerbitan Rekomendasi Pendirian dan Perubahan Anggaran Dasar Koperasi Simpan Pinjam Lintas Kabupaten "


def made(rows: int, columns: int, title: int) -> Sop:
    """An SOP whose title has so many letters, with a way back in every fourth row and texts of many lengths."""
    keys = [chr(ord("a") + number) for number in range(columns)]
    steps = [
        step(
            f"s{n}",
            keys[n * 3 % columns],
            kegiatan=KEGIATAN[: 20 + n * 37 % 90] * (1 + n % 3),
            kelengkapan=(Kelengkapan(KEGIATAN[: 10 + n * 53 % 80]),),
            to={"ya": f"s{n + 1}", "tidak": f"s{n - 2}"} if n % 4 == 3 and n < rows else {},
        )
        for n in range(1, rows + 1)
    ]
    return replace(sop_of(columns, *steps, id=f"r{rows}c{columns}"), nama=(NAMA.upper() * 5)[:title].strip())


FORMS = {
    sop.id: sop
    for sop in (made(3, 1, 10), made(9, 4, 83), made(12, 9, 190), made(20, 8, 300), made(25, 15, 420), made(40, 12, 96))
}


class PrintedPage(Struct, frozen=True):
    """The borders of the table on a page (x of columns, y of rows), its symbols, where lines begin and arrows point."""

    columns: list[float]
    rows: list[float]
    symbols: list[Box]
    ends: list[tuple[float, float]]


def read_page(pdf: Path, page: int) -> PrintedPage:
    """A page as printed."""
    words = ["pdftocairo", "-svg", "-f", str(page), "-l", str(page), str(pdf), "-"]
    svg = ET.fromstring(subprocess.run(words, check=True, capture_output=True).stdout)  # noqa: S314 — poppler's
    paths = [(one.get("style") or "", list(places(one))) for one in svg.iter("{http://www.w3.org/2000/svg}path")]
    borders = [frame(path) for style, path in paths if "stroke-width:0.5;" in style]
    lines = [path[0] for style, path in paths if "fill:none;stroke-width:0.75;" in style]
    heads = [path[0] for style, path in paths if "stroke:none" in style and "fill:rgb(0%" in style and len(path) == 5]
    return PrintedPage(
        columns=distinct([left for left, top, right, bottom in borders if bottom - top > right - left]),
        rows=distinct([top for left, top, right, bottom in borders if right - left > bottom - top]),
        symbols=[frame(path) for style, path in paths if "fill:rgb(100%" in style and "stroke-width:0.75;" in style],
        ends=[*lines, *heads],
    )


def places(path: ET.Element) -> Iterator[tuple[float, float]]:
    """The corners of a path."""
    a, b, c, d, right, down = map(float, re.findall(r"-?[\d.]+", path.get("transform") or "1 0 0 1 0 0"))
    for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)(?= |$)", path.get("d") or ""):
        yield a * float(x) + c * float(y) + right, b * float(x) + d * float(y) + down


def frame(path: list[tuple[float, float]]) -> Box:
    xs, ys = zip(*path, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def distinct(found: list[float]) -> list[float]:
    """The values in order, those less than a point apart once."""
    ordered = sorted(found)
    return [one for one, before in zip(ordered, [-99.0, *ordered], strict=False) if one - before > 1]


def place_in_cell(columns: Sequence[float], rows: Sequence[float], box: Box) -> tuple[int, int, float, float]:
    """The column and row of a symbol, counted from 0, and how far right and down in its cell it begins."""
    column, row = sum(x < box[0] for x in columns) - 1, sum(y < box[1] for y in rows) - 1
    return column, row, box[0] - columns[column], box[1] - rows[row]


def laid_out(chart: Flowchart, number: int) -> list[tuple[int, int, float, float]]:
    """Where the layout put the symbols of a page."""
    page, rows = chart.pages[number], [chart.pages[number].header[0].frame.top]
    for height in (*chart.heads, *(row.frame.height for row in page.rows)):
        rows.append(rows[-1] + height)
    boxes = (symbol.frame for symbol in page.symbols)
    return [
        place_in_cell(
            [x / TWIPS for x in chart.borders],
            [y / TWIPS for y in rows],
            (box.left / TWIPS, box.top / TWIPS, box.right / TWIPS, box.bottom / TWIPS),
        )
        for box in boxes
    ]


def touches(page: PrintedPage, place: tuple[float, float]) -> bool:
    x, y = place
    return any(
        left - NEAR <= x <= right + NEAR and top - NEAR <= y <= bottom + NEAR
        for left, top, right, bottom in page.symbols
    )


@pytest.fixture(scope="module")
def printed(needs: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Flowchart, Path]]:
    """The charts of the forms, and their PDFs."""
    needs("soffice"), needs("pdftocairo")
    folder = tmp_path_factory.mktemp("printed")
    charts = {id: lay_out_flowchart(sop, "A4") for id, sop in FORMS.items()}
    for id, chart in charts.items():
        data = write_form(chart, build_identity(FORMS[id], Office(), date(2026, 11, 24)))
        (folder / f"{id}.docx").write_bytes(data)
    pdfs = convert_to_pdf([folder / f"{id}.docx" for id in charts], folder)
    return {id: (chart, pdf) for (id, chart), pdf in zip(charts.items(), pdfs, strict=True)}


@pytest.mark.parametrize("id", FORMS)
def test_what_is_printed_stands_where_it_was_laid_out(printed: dict[str, tuple[Flowchart, Path]], id: str) -> None:
    chart, pdf = printed[id]
    for number in range(len(chart.pages)):
        page = read_page(pdf, number + 2)
        found = [place_in_cell(page.columns, page.rows, box) for box in page.symbols]
        assert found == [pytest.approx(place, abs=NEAR) for place in laid_out(chart, number)]
        assert [place for place in page.ends if not touches(page, place)] == []
    asked = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    assert re.findall(r"Pages:\s+(\d+)", asked) == [str(len(chart.pages) + 1)]
