"""Symbols and lines as older Word files hold them: Vector Markup Language."""

import re

from lxml.etree import _Element as Element  # type: ignore[import-untyped]

from sopctl.importing.drawingml import Drawn, read_text
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


def read_vml(picture: Element, left: float, top: float) -> Drawn:
    """The symbols, lines and words of a picture whose paragraph begins at ``left`` and ``top``."""
    drawn = Drawn([], [], [])
    for element in picture.iterchildren():
        _read(element, (left, top, 1.0, 1.0), drawn)
    return drawn


def _read(element: Element, place: tuple[float, float, float, float], drawn: Drawn) -> None:
    """Collect one element; ``place`` is how its coordinates lie on the page: an origin and two scales."""
    if not isinstance(element.tag, str) or not element.tag.startswith(_V):
        return
    name = element.tag[len(_V) :]
    style = dict(part.strip().split(":", 1) for part in element.get("style", "").split(";") if ":" in part)
    if name == "line":
        a, b = (_to_point(element.get(key, "0,0"), place) for key in ("from", "to"))
        drawn.lines.append(Line((a, b), *_read_heads(element)))
        return
    if name not in {"shape", "rect", "roundrect", "oval", "group"}:
        return
    box = _read_box(style, place)
    if name == "group":
        _read_group(element, box, drawn)
        return
    kind = _find_kind(name, element)
    if kind is None:
        drawn.lines.append(Line(_list_points(style, box), *_read_heads(element)))
    elif (text := read_text(element)) and element.get("stroked") in {"f", "false"}:
        drawn.labels.append(Label(text, box))
    else:
        drawn.shapes.append(Shape(kind, box, text))


def _read_group(element: Element, box: Box, drawn: Drawn) -> None:
    width, height = (float(one) for one in element.get("coordsize", "1000,1000").split(","))
    x, y = (float(one or 0) for one in element.get("coordorigin", "0,0").split(","))
    across, down = box.width / width, box.height / height
    for child in element.iterchildren():
        _read(child, (box.left - x * across, box.top - y * down, across, down), drawn)


def _find_kind(name: str, element: Element) -> ShapeKind | None:
    """What a shape is by its type; None for a line."""
    if name in {"roundrect", "oval"}:
        return "terminator"
    number = re.sub(r"\D", "", element.get("type", "").rpartition("t")[2])
    return None if number in _LINES else _TYPES.get(number, "process")


def _read_box(style: dict[str, str], place: tuple[float, float, float, float]) -> Box:
    x0, y0, across, down = place
    left = _measure(style.get("margin-left", style.get("left", "0"))) * across + x0
    top = _measure(style.get("margin-top", style.get("top", "0"))) * down + y0
    return Box(
        left, top, left + _measure(style.get("width", "0")) * across, top + _measure(style.get("height", "0")) * down
    )


def _measure(text: str) -> float:
    """A length as points; one without a unit is in the coordinates of its group."""
    match = re.match(r"\s*(-?[\d.]+)\s*(pt|in|cm|mm|px)?", text)
    return float(match[1]) * _UNITS.get(match[2] or "", 1.0) if match else 0.0


def _to_point(text: str, place: tuple[float, float, float, float]) -> Point:
    x, _, y = text.partition(",")
    return Point(place[0] + _measure(x) * place[2], place[1] + _measure(y) * place[3])


def _list_points(style: dict[str, str], box: Box) -> tuple[Point, ...]:
    flip = style.get("flip", "")
    x0, x1 = (box.right, box.left) if "x" in flip else (box.left, box.right)
    y0, y1 = (box.bottom, box.top) if "y" in flip else (box.top, box.bottom)
    return Point(x0, y0), Point(x1, y1)


def _read_heads(element: Element) -> tuple[bool, bool]:
    stroke = element.find(f"{_V}stroke")
    if stroke is None:
        return False, False
    return stroke.get("startarrow", "none") != "none", stroke.get("endarrow", "none") != "none"
