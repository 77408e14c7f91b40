"""Reads a PDF with text into a form as seen: cells from its rules, words in their cells, symbols and lines as drawn."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import permutations
from pathlib import Path
from statistics import mode
from typing import Any

import numpy as np
import pdfplumber
import pypdfium2
from msgspec.structs import replace
from pdfplumber.page import Page as PdfPage

from sopctl.importing.network import distance_to_way
from sopctl.importing.pdf_drawing import drop_repeated, find_place, has_unread_paths, read_drawing
from sopctl.importing.picture_drawing import SCALE, Picture, read_picture
from sopctl.importing.scan import can_read_scans, find_scanned_cells, read_scanned_words
from sopctl.importing.seen import Box, Cell, Label, Page, SeenForm, Shape, enclose
from sopctl.importing.seen import Line as DrawnLine

_THIN = 2.5
"""A rectangle up to this high or wide (in points) is a rule."""

_MANY = 4
"""A picture over more cells than this draws what is in them."""

_OPEN, _SEVERAL = 8, 3
"""Rules that end this far beyond the cells (in points) belong to an open side, where so many end in one place."""

_TABLES = {"snap_tolerance": 2, "join_tolerance": 2, "intersection_tolerance": 3}
_DASHED_TABLES = _TABLES | {"join_tolerance": 4, "edge_min_length_prefilter": 0}
_WORDS = {"x_tolerance_ratio": 0.2, "y_tolerance": 3}

_ANSWERS = {"ya", "tidak", "y", "t", "iya", "belum"}
"""Words beside a branch, which go on with no other."""


def read_pdf(path: Path) -> SeenForm:
    """The form on the pages of a PDF."""
    with pdfplumber.open(path) as pdf:
        return SeenForm(path.name, tuple(_read_page(path, page) for page in pdf.pages))


def _read_page(path: Path, page: PdfPage) -> Page:
    scanned = not page.chars and bool(page.images)
    if scanned and can_read_scans():
        gray = _render(path, page)
        boxes = find_scanned_cells(gray)
        words = read_scanned_words(gray, boxes)
        shapes, lines = (
            read_picture(gray, _table_area(boxes), boxes, [word.box for word in words]) if boxes else ((), ())
        )
    else:
        words = _read_words(page)
        boxes = _find_cells(page)
        shapes, lines = _read_drawing(path, page, boxes, words)
    return Page(
        number=page.page_number,
        box=Box(0, 0, float(page.width), float(page.height)),
        cells=tuple(Cell(box, text) for box, text in zip(boxes, _fill_cells(boxes, words), strict=True)),
        shapes=shapes,
        lines=lines,
        labels=tuple(_join_phrases([word for word in words if _is_near_drawing(word.box, shapes, lines)])),
        headlines=tuple(_list_headlines(words, boxes)),
        scanned=scanned,
    )


def _is_near_drawing(box: Box, shapes: tuple[Shape, ...], lines: tuple[DrawnLine, ...]) -> bool:
    """Whether words stand near what is drawn."""
    reach = 40
    around = Box(box.left - reach, box.top - reach, box.right + reach, box.bottom + reach)
    return any(shape.box.touches(around) for shape in shapes) or any(
        distance_to_way(box.center, line.points) < reach for line in lines
    )


def _read_drawing(
    path: Path, page: PdfPage, cells: list[Box], words: list[Label]
) -> tuple[tuple[Shape, ...], tuple[DrawnLine, ...]]:
    """What is drawn among the cells, from the paths and, where they do not tell all of it, from the page's picture."""
    shapes, lines = read_drawing(page.objects, cells)
    area = _find_picture(page, cells, shapes, len(lines))
    if area is None:
        return shapes, lines
    more, drawn = read_picture(_render(path, page), area, cells, [word.box for word in words])
    whole = tuple(shape for shape in shapes if not any(shape.box.touches(one.box, -2) for one in more))
    outside = tuple(line for line in lines if not all(area.holds(point) for point in line.points))
    return tuple(drop_repeated((*whole, *more))), (*outside, *drawn)


def _find_picture(page: PdfPage, cells: list[Box], shapes: Sequence[Shape], lines: int) -> Box | None:
    """The part of the page whose drawing has to be looked at; None where its paths tell it."""
    if not cells:
        return None
    left = min(box.left for box in cells)
    rows = sum(box.left < left + _THIN for box in cells)
    held = sum(any(cell.holds(shape.box.center) for cell in cells) for shape in shapes)
    drawn_otherwise = held < rows / 2 and lines > rows
    pictures = [find_place(image) for image in page.images]
    drawn = any(sum(box.touches(picture, -3) for box in cells) > _MANY for picture in pictures)
    return _table_area(cells) if drawn or drawn_otherwise or has_unread_paths(page.objects) else None


def _table_area(cells: list[Box]) -> Box:
    """The cells and what is drawn close above and below them."""
    left, top, right, bottom = enclose(cells)
    return Box(max(0, left - 2), max(0, top - 40), right + 2, bottom + 40)


def _render(path: Path, page: PdfPage) -> Picture:
    """The picture of a page in shades of grey, `SCALE` pixels a point."""
    with pypdfium2.PdfDocument(path) as pdf:
        gray = pdf[page.page_number - 1].render(scale=SCALE, grayscale=True).to_numpy()
    return np.asarray(gray, dtype=np.uint8).reshape(gray.shape[:2])


def _read_words(page: PdfPage) -> list[Label]:
    """The words of the page; one that a second text layer repeats in the same place counts once."""
    turned = next((90 if char["matrix"][1] > 0 else -90 for char in page.chars if not char["upright"]), 90)
    words = page.dedupe_chars(tolerance=1, extra_attrs=()).extract_words(
        **_WORDS, char_dir_rotated="btt" if turned > 0 else "ttb"
    )
    return [Label(word["text"], find_place(word), 0 if word["upright"] else turned) for word in words]


def _find_cells(page: PdfPage) -> list[Box]:
    """The cells that the rules of the page make, from top to bottom and left to right.

    Where rules make none, the cells are rectangles that are drawn side by side, or ruled by dots and dashes.
    """
    found = (
        _find_boxes(page, _is_rule)
        or _find_boxes(page, lambda thing: _is_rule(thing) or _is_frame(thing, page))
        or _find_boxes(page, _is_dash, _DASHED_TABLES)
    )
    sides = _find_open_sides(page, found)
    if sides:
        found |= _find_boxes(page, _is_rule, _TABLES | sides)
    return sorted(found, key=lambda box: (round(box.top), box.left))


def _find_boxes(
    page: PdfPage, makes_cells: Callable[[dict[str, Any]], bool], settings: dict[str, Any] = _TABLES
) -> set[Box]:
    """The cells of the tables that the objects make which pass the test; tables of few cells are left out."""
    tables = page.filter(makes_cells).find_tables(settings)
    return {Box(*map(float, cell)) for table in tables for cell in table.cells if len(table.cells) > _MANY}


def _find_open_sides(page: PdfPage, cells: set[Box]) -> dict[str, list[float]]:
    """Where the outer edges of a table without an outer frame are: where several of its rules end beyond its cells."""
    if not cells:
        return {}
    area = enclose(cells)
    rules = [find_place(thing) for kind in ("rect", "line") for thing in page.objects.get(kind, ()) if _is_rule(thing)]
    flat = [rule for rule in rules if rule.width > rule.height and area.top - 2 <= rule.top <= area.bottom + 2]
    upright = [rule for rule in rules if rule.height > rule.width and area.left - 2 <= rule.left <= area.right + 2]
    sides = (
        [rule.left for rule in flat if rule.left < area.left - _OPEN],
        [rule.right for rule in flat if rule.right > area.right + _OPEN],
        [rule.top for rule in upright if rule.top < area.top - _OPEN],
        [rule.bottom for rule in upright if rule.bottom > area.bottom + _OPEN],
    )
    if not any(_count_most_frequent(places) >= _SEVERAL for places in sides):
        return {}
    edges = [[float(mode(map(round, places)))] if places else [] for places in sides]
    return {"explicit_vertical_lines": edges[0] + edges[1], "explicit_horizontal_lines": edges[2] + edges[3]}


def _count_most_frequent(places: list[float]) -> int:
    """How many of these places are the same, to a point: the most for any place."""
    return max(Counter(map(round, places)).values(), default=0)


def _is_dash(thing: dict[str, Any]) -> bool:
    """Whether an object may be a dot or dash of a rule."""
    sizes = sorted((thing.get("width") or 0, thing.get("height") or 0))
    return thing["object_type"] in {"rect", "line", "curve"} and bool(sizes[0] < _THIN)


def _is_frame(thing: dict[str, Any], page: PdfPage) -> bool:
    """Whether an object is the frame of a cell: a stroked rectangle with another right beside or below it."""
    if thing["object_type"] != "rect" or not thing.get("stroke"):
        return False
    return any(_is_next_to(find_place(thing), find_place(other)) for other in page.rects if other.get("stroke"))


def _is_next_to(box: Box, other: Box) -> bool:
    """Whether two frames share an edge."""
    beside = min(abs(box.left - other.right), abs(box.right - other.left)) < 2 and box.shared_height(other) > 2
    below = min(abs(box.top - other.bottom), abs(box.bottom - other.top)) < 2 and box.shared_width(other) > 2
    return beside or below


def _is_rule(thing: dict[str, Any]) -> bool:
    """Whether an object of the page is a thin rectangle or a straight line."""
    if thing["object_type"] not in {"rect", "line"}:
        return False
    wide, high = thing["x1"] - thing["x0"] >= _THIN, thing["bottom"] - thing["top"] >= _THIN
    return bool(wide != high)


def _fill_cells(boxes: list[Box], words: Iterable[Label]) -> list[str]:
    """The text of each cell: the words whose middle lies in it, a line of print a line."""
    held: list[list[Label]] = [[] for _ in boxes]
    for word in words:
        inside = [n for n, box in enumerate(boxes) if box.holds(word.box.center)]
        if inside:
            held[min(inside, key=lambda n: boxes[n].width * boxes[n].height)].append(word)
    margin = min((word.box.left - box.left for some, box in zip(held, boxes, strict=True) for word in some), default=0)
    return [_join_words(some, box.width - 2 * max(margin, 0)) for some, box in zip(held, boxes, strict=True)]


def _list_headlines(words: Iterable[Label], boxes: list[Box]) -> Iterator[Label]:
    """The lines of text that stand in no cell, from top to bottom."""
    free = [word for word in words if not any(box.holds(word.box.center) for box in boxes)]
    for line in _split_lines(free):
        yield Label(_join_line(line), enclose([word.box for word in line]))


def _join_words(words: list[Label], width: float) -> str:
    """The words in a cell as lines of print; a word that is wider than these and goes on in the next line is one.

    ``width`` is what a line has room for, in points.
    """
    text = ""
    broken = False
    for line in _split_lines(words):
        here = _join_line(line)
        text += here if not text or (broken and here[:1].islower()) else f"\n{here}"
        full = width - line[0].box.width < line[0].box.height / 2
        broken = len(line) == 1 and here[-1:].isalpha() and full
    return text


def _join_line(line: list[Label]) -> str:
    return " ".join(word.text for word in sorted(line, key=lambda word: word.box.left))


def _turn(word: Label) -> Box:
    """The place of a turned word on the page turned such that it lies."""
    left, top, right, bottom = word.box
    return Box(-bottom, left, -top, right) if word.turned > 0 else Box(top, -right, bottom, -left)


def _split_lines(words: Iterable[Label]) -> list[list[Label]]:
    """Words by the line of print in which they stand, also those that are turned."""
    words = list(words)
    if words and all(word.turned for word in words):
        words = [replace(word, box=_turn(word), turned=0) for word in words]
    lines: list[list[Label]] = []
    for word in sorted(words, key=lambda word: (word.box.center.y, word.box.left)):
        if lines and abs(lines[-1][0].box.center.y - word.box.center.y) < word.box.height / 2:
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def _join_phrases(words: Sequence[Label]) -> list[Label]:
    """Words beside and below each other as one phrase; the pieces of a word that a rule cut are one word."""
    phrases = [*words]
    joined = True
    while joined:
        joined = False
        for one, other in permutations(phrases, 2):
            together = _join_two(one, other)
            if together is not None:
                phrases = [phrase for phrase in phrases if phrase is not one and phrase is not other] + [together]
                joined = True
                break
    return phrases


def _join_two(one: Label, other: Label) -> Label | None:
    """Two pieces as one where the second goes on with the first, else None; an answer goes on with no other."""
    if other.text.lower() in _ANSWERS:
        return None
    box = enclose((one.box, other.box))
    height = min(one.box.height, other.box.height)
    gap = other.box.left - one.box.right
    if one.box.shared_height(other.box) > height * 0.6 and -1 <= gap < height * 0.6:
        return Label(one.text + ("" if gap < height * 0.12 else " ") + other.text, box)
    below = other.box.top - one.box.bottom
    if -2 <= below < height * 0.5 and one.box.shared_width(other.box) > 0:
        return Label(f"{one.text} {other.text}", box)
    return None
