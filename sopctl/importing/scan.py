"""Reads a page that is only a picture: its rules as long lines of ink, its words by Tesseract, where that is installed.

Characters are guesses then, so that every value is marked. https://tesseract-ocr.github.io (Apache-2.0) is run as a
program with its Indonesian letters (`ind`).
"""

import csv
import re
import shutil
import subprocess
from collections.abc import Sequence
from io import BytesIO

import numpy as np
from pdfplumber.table import edges_to_intersections, intersections_to_cells, merge_edges
from PIL import Image

from sopctl.importing.picture_drawing import SCALE, Mask, Picture, clear, find_lines, list_rules
from sopctl.importing.seen import Box, Label, Point

_INK = 150
"""A pixel darker than this (of 255) is ink."""

_RULE = 14
"""A line at least this long may be a rule, in points."""

_SURE = 30
"""Words of which Tesseract is less sure than this (of 100) are noise."""

_RULE_MARGIN = 1.4
"""Ink this near to the edge of a cell is its rule, in points; scanned rules are thicker than drawn ones."""

_NARROW = 45
"""A cell narrower than this may hold a number alone, in points."""

_MOST_NUMBERS = 80
"""At most so many numbers are read one by one on a page."""

_DOTS = 12
"""Fewer dark pixels than this are dirt."""

_SECONDS = 60
"""How long Tesseract may take for a picture."""


def can_read_scans() -> bool:
    """Whether Tesseract with Indonesian letters is installed."""
    if not shutil.which("tesseract"):
        return False
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False)  # noqa: S607
    return "ind" in listed.stdout.split()


def find_scanned_cells(gray: Picture) -> list[Box]:
    """The cells that long lines make in the picture of a page, `SCALE` pixels a point."""
    ink: Mask = gray < _INK
    across = find_lines(ink, _RULE, upright=False)
    down = find_lines(ink.T, _RULE, upright=True)
    edges = [*(_to_edge(line, "h") for line in across), *(_to_edge(line, "v") for line in down)]
    merged = merge_edges(edges, 3, 3, 4, 4)
    boxes = [Box(*map(float, cell)) for cell in intersections_to_cells(edges_to_intersections(merged, 4, 4))]
    cells = [box for box in boxes if not any(_is_inside(box, other) for other in boxes)]
    return sorted(cells, key=lambda box: (round(box.top), box.left))


def _is_inside(box: Box, other: Box) -> bool:
    """Whether a box is drawn in a cell: it is a symbol and no cell of its own."""
    apart = 1.5
    return (
        other.left + apart < box.left
        and other.top + apart < box.top
        and box.right + apart < other.right
        and box.bottom + apart < other.bottom
    )


def _to_edge(line: tuple[Point, Point], orientation: str) -> dict[str, object]:
    """A line in pixels as an edge of pdfplumber, in points; ``orientation`` is h or v."""
    a, b = (Point(point.x / SCALE, point.y / SCALE) for point in line)
    return {
        "x0": min(a.x, b.x),
        "x1": max(a.x, b.x),
        "top": min(a.y, b.y),
        "bottom": max(a.y, b.y),
        "width": abs(a.x - b.x),
        "height": abs(a.y - b.y),
        "orientation": orientation,
        "object_type": "line",
    }


def read_scanned_words(gray: Picture, cells: Sequence[Box]) -> list[Label]:
    """The words that Tesseract reads on the picture of a page; the rules of its cells are taken away first."""
    ink: Mask = gray < 255
    rules = np.zeros_like(ink)
    for cell in cells:
        for edge in list_rules(cell, _RULE_MARGIN):
            clear(rules, edge, value=True)
    clean = np.where(rules, 255, gray).astype(np.uint8)
    words = _run_tesseract(clean, "11")
    narrow = [cell for cell in cells if cell.width < _NARROW and not any(cell.holds(word.box.center) for word in words)]
    return [*words, *(word for cell in narrow[:_MOST_NUMBERS] for word in _read_number(clean, cell))]


def _read_number(gray: Picture, cell: Box) -> list[Label]:
    """A number that stands alone in a narrow cell, which Tesseract passes over on a whole page."""
    left, top, right, bottom = (round(place * SCALE) for place in cell)
    part = gray[top + 8 : bottom - 8, left + 8 : right - 8]
    if part.size == 0 or (part < _INK).sum() < _DOTS:
        return []
    rows, columns = np.nonzero(part < _INK)
    y, x = top + 8 + int(rows.min()), left + 8 + int(columns.min())
    framed = np.pad(part[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1], 40, constant_values=255)
    found = _run_tesseract(framed, "7", "-c", "tessedit_char_whitelist=0123456789.")
    return [Label(word.text, Box(x / SCALE, y / SCALE, x / SCALE + 6, y / SCALE + 8)) for word in found[:1]]


def _run_tesseract(gray: Picture, mode: str, *options: str) -> list[Label]:
    """The words that Tesseract reads on a picture, with their places on it."""
    file = BytesIO()
    Image.fromarray(gray).save(file, "PNG", dpi=(72 * SCALE, 72 * SCALE))
    command = ["tesseract", "-", "-", "-l", "ind", "--psm", mode, *options, "tsv"]
    done = subprocess.run(command, input=file.getvalue(), capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    rows = csv.DictReader(done.stdout.decode("utf-8", "replace").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [_read_word(row) for row in rows if re.search(r"\w", row["text"] or "") and float(row["conf"]) >= _SURE]


def _read_word(row: dict[str, str]) -> Label:
    left, top, width, height = (int(row[key]) / SCALE for key in ("left", "top", "width", "height"))
    return Label(row["text"].strip(), Box(left, top, left + width, top + height))
