"""Symbols and lines as older Word files hold them: Vector Markup Language."""

import re
from collections.abc import Iterator

from lxml.etree import _Element as Element  # type: ignore[import-untyped]

from sopctl.importing.drawingml import Transform, make_transform, read_text
from sopctl.importing.seen import Box, Label, Line, Point, Shape, ShapeKind

_V = "{urn:schemas-microsoft-com:vml}"
_TYPES: dict[str, ShapeKind] = {
    "4": "decision",
    "110": "decision",
    "116": "terminator",
    "176": "terminator",
    "177": "off_page",
    "15": "off_page",
    "120": "off_page",
}
_LINES = {"20", "32", "33", "34", "35", "36", "37", "38", "39", "40"}
_UNITS = {"pt": 1.0, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "px": 0.75}


def read_vml(picture: Element, left: float, top: float) -> Iterator[Shape | Line | Label]:
    """The symbols, lines and words of a picture whose paragraph begins at ``left`` and ``top``."""
    place = make_transform(Box(0, 0, 1, 1), Box(left, top, left + 1, top + 1))
    for element in picture.iterchildren():
        yield from _read_element(element, place)


def _read_element(element: Element, place: Transform) -> Iterator[Shape | Line | Label]:
    """What one element is; ``place`` is how its coordinates lie on the page."""
    name = element.tag.removeprefix(_V) if isinstance(element.tag, str) else ""
    style = dict(part.strip().split(":", 1) for part in element.get("style", "").split(";") if ":" in part)
    if name == "line":
        yield _read_line(element, place(Box(*_read_pair(element, "from"), *_read_pair(element, "to"))))
    elif name == "group":
        x, y = _read_pair(element, "coordorigin")
        width, height = _read_pair(element, "coordsize", "1000,1000")
        members = make_transform(Box(x, y, x + width, y + height), place(_read_frame(style)))
        for child in element.iterchildren():
            yield from _read_element(child, members)
    elif name in {"shape", "rect", "roundrect", "oval"}:
        yield _read_shape(element, name, place(_read_frame(style)), style.get("flip", ""))


def _read_shape(element: Element, name: str, box: Box, flip: str) -> Shape | Line | Label:
    number = re.sub(r"\D", "", element.get("type", "").rpartition("t")[2])
    if name in {"roundrect", "oval"}:
        kind: ShapeKind = "terminator"
    elif number in _LINES:
        return _read_line(element, box, flip)
    else:
        kind = _TYPES.get(number, "process")
    text = read_text(element)
    return Label(text, box) if text and element.get("stroked") in {"f", "false"} else Shape(kind, box, text)


def _read_line(element: Element, box: Box, flip: str = "") -> Line:
    """The line across a box, which may be mirrored from left to right (x) and upside down (y)."""
    x0, x1 = (box.right, box.left) if "x" in flip else (box.left, box.right)
    y0, y1 = (box.bottom, box.top) if "y" in flip else (box.top, box.bottom)
    stroke = element.find(f"{_V}stroke")
    heads = (stroke is not None and stroke.get(f"{end}arrow", "none") != "none" for end in ("start", "end"))
    return Line((Point(x0, y0), Point(x1, y1)), *heads)


def _read_frame(style: dict[str, str]) -> Box:
    left = _measure(style.get("margin-left", style.get("left", "0")))
    top = _measure(style.get("margin-top", style.get("top", "0")))
    return Box(left, top, left + _measure(style.get("width", "0")), top + _measure(style.get("height", "0")))


def _read_pair(element: Element, key: str, otherwise: str = "0,0") -> tuple[float, float]:
    x, _, y = element.get(key, otherwise).partition(",")
    return _measure(x), _measure(y)


def _measure(text: str) -> float:
    """A length as points; one without a unit is in the coordinates of its group."""
    match = re.match(r"\s*(-?[\d.]+)\s*(pt|in|cm|mm|px)?", text)
    return float(match[1]) * _UNITS.get(match[2] or "", 1.0) if match else 0.0
