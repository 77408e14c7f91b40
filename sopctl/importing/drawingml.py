"""Symbols and lines as Office files describe them: preset outlines, rotated and mirrored frames, groups, glued ends."""

from collections.abc import Callable, Iterable, Iterator
from math import cos, radians, sin

from lxml.etree import _Element as Element  # type: ignore[import-untyped]
from msgspec import Struct
from msgspec.structs import replace

from sopctl.importing.outlines import measure_area, name_outline
from sopctl.importing.seen import Box, Label, Line, Point, Shape, ShapeKind

EMU = 12700
"""English Metric Units a point."""

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"

_KINDS: dict[str, ShapeKind] = {
    "diamond": "decision",
    "flowChartDecision": "decision",
    "flowChartTerminator": "terminator",
    "roundRect": "terminator",
    "ellipse": "terminator",
    "flowChartAlternateProcess": "terminator",
    "homePlate": "off_page",
    "pentagon": "off_page",
    "flowChartOffpageConnector": "off_page",
    "flowChartConnector": "off_page",
    "downArrowCallout": "off_page",
}
_LINES = ("line", "straightConnector1", "bentConnector", "curvedConnector")
_SMALLEST = 5
"""A symbol is at least this wide and high, in points."""

Transform = Callable[[Box], Box]
"""From the frame that a drawing states to its place on the page."""


class Drawn(Struct, frozen=True):
    """What drawings hold; the ends of a line that are glued to a shape are its number among ``shapes``."""

    shapes: tuple[Shape, ...]
    lines: tuple[Line, ...]
    labels: tuple[Label, ...]


class _Found(Struct):
    """A symbol or line before its glued ends are numbers."""

    id: str
    item: Shape | Line | Label
    start: str = ""
    end: str = ""


def read_drawings(elements: Iterable[tuple[Element, Box | None]], more: Iterable[Shape | Line | Label] = ()) -> Drawn:
    """The symbols, lines and words of drawings, and those that were read otherwise.

    With each drawing comes its place on the page, where the anchor tells it.
    """
    found = [one for element, box in elements for one in _read_element(element, box, None)]
    found += [_Found("", one) for one in more]
    shapes = [(one.id, one.item) for one in found if isinstance(one.item, Shape)]
    numbers = {id: n for n, (id, _) in enumerate(shapes) if id}
    return Drawn(
        tuple(shape for _, shape in shapes),
        tuple(
            replace(one.item, start=numbers.get(one.start), end=numbers.get(one.end))
            for one in found
            if isinstance(one.item, Line)
        ),
        tuple(one.item for one in found if isinstance(one.item, Label)),
    )


def _local_name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _find(element: Element, name: str) -> Element | None:
    """The first element below with this local name, whatever its namespace; None where there is none."""
    return next((one for one in element.iter() if isinstance(one.tag, str) and _local_name(one) == name), None)


def _read_element(element: Element, box: Box | None, place: Transform | None) -> Iterator[_Found]:
    name = _local_name(element)
    if name in {"grpSp", "wgp"}:
        yield from _read_group(element, box, place)
    elif name in {"sp", "wsp", "cxnSp", "pic"}:
        frame = _read_frame(element)
        if frame is None and box is None:
            return
        stated = frame or box
        where = place(stated) if place and stated else box or stated
        if where is not None:
            yield from _read_item(element, name, where)
    elif name != "grpSpPr":
        for child in element:
            if isinstance(child.tag, str):
                yield from _read_element(child, box, place)


def _read_group(element: Element, box: Box | None, place: Transform | None) -> Iterator[_Found]:
    """The members of a group, moved from its own coordinates to the page."""
    properties = next((child for child in element if _local_name(child) == "grpSpPr"), None)
    xfrm = properties.find(f"{A}xfrm") if properties is not None else None
    if xfrm is None:
        members: Transform | None = place
    else:
        own = _parse_frame(xfrm, "off", "ext")
        members = make_transform(_parse_frame(xfrm, "chOff", "chExt"), place(own) if place else box or own)
    for child in element:
        if _local_name(child) != "grpSpPr":
            yield from _read_element(child, None, members)


def make_transform(inner: Box, outer: Box) -> Transform:
    """The transform that takes ``inner``, a group's own coordinates, to ``outer``, its place on the page."""
    x = outer.width / inner.width if inner.width else 1
    y = outer.height / inner.height if inner.height else 1

    def place(box: Box) -> Box:
        left, top = outer.left + (box.left - inner.left) * x, outer.top + (box.top - inner.top) * y
        return Box(left, top, left + box.width * x, top + box.height * y)

    return place


def _parse_frame(xfrm: Element, off: str, ext: str) -> Box:
    at, size = xfrm.find(f"{A}{off}"), xfrm.find(f"{A}{ext}")
    left, top = (float(at.get(key, 0)) / EMU if at is not None else 0.0 for key in ("x", "y"))
    width, height = (float(size.get(key, 0)) / EMU if size is not None else 0.0 for key in ("cx", "cy"))
    return Box(left, top, left + width, top + height)


def _read_frame(element: Element) -> Box | None:
    xfrm = _find(element, "xfrm")
    return None if xfrm is None else _parse_frame(xfrm, "off", "ext")


def _read_item(element: Element, name: str, box: Box) -> Iterator[_Found]:
    """The symbol, line or text box that an element is; nothing for a frame that is too small or shows nothing."""
    id = _read_id(element)
    preset = _find(element, "prstGeom")
    outline = str(preset.get("prst", "")) if preset is not None else ""
    if (
        name == "cxnSp"
        or outline.startswith(_LINES)
        or (name != "pic" and min(box.width, box.height) < 1 < max(box.width, box.height))
    ):
        yield _Found(
            id, _read_line(element, outline, box), _find_glued_id(element, "stCxn"), _find_glued_id(element, "endCxn")
        )
        return
    drawn = _read_path(element, box)
    if drawn is not None and not drawn[1]:
        yield _Found(id, Line(drawn[0], *_read_heads(element)))
        return
    text = read_text(element)
    if name != "pic" and text and (_is_text_box(element) or _is_bare(element)):
        yield _Found(id, Label(text, box))
    elif box.width >= _SMALLEST and box.height >= _SMALLEST and (name == "pic" or not _is_bare(element)):
        kind = _name_path(drawn[0], box) if drawn is not None else None
        yield _Found(id, Shape(kind or _KINDS.get(outline, "process"), _turn_frame(element, box), text))


def _read_path(element: Element, box: Box) -> tuple[tuple[Point, ...], bool] | None:
    """The corners of a path drawn freely, and whether it is closed; None where the outline is a preset one."""
    path = _find(element, "path")
    if path is None or not str(path.tag).startswith(A):
        return None
    width, height = (float(path.get(key, 0)) or 1.0 for key in ("w", "h"))
    points = tuple(
        Point(
            box.left + float(one.get("x", 0)) / width * box.width,
            box.top + float(one.get("y", 0)) / height * box.height,
        )
        for one in path.iter(f"{A}pt")
    )
    closed = path.find(f"{A}close") is not None or (len(points) > 2 and points[0] == points[-1])
    return (points, closed) if len(points) > 1 else None


def _name_path(points: tuple[Point, ...], box: Box) -> ShapeKind | None:
    """The symbol that a path drawn freely is."""
    size = box.width * box.height
    return name_outline(points, measure_area(points) / size, curved=False) if size else None


def _read_id(element: Element) -> str:
    """The id by which connectors name a shape: its own, or that of the Word drawing which holds it alone."""
    own = _find(element, "cNvPr")
    if own is None:
        anchor = next((one for one in element.iterancestors() if _local_name(one) in {"anchor", "inline"}), None)
        own = _find(anchor, "docPr") if anchor is not None else None
    return str(own.get("id", "")) if own is not None else ""


def _turn_frame(element: Element, box: Box) -> Box:
    """The place of a frame with its rotation, to the next quarter turn: width and height are exchanged or kept."""
    xfrm = _find(element, "xfrm")
    turn = int(xfrm.get("rot", 0)) if xfrm is not None else 0
    if round(turn / 5400000) % 2 == 0:
        return box
    x, y = box.center
    return Box(x - box.height / 2, y - box.width / 2, x + box.height / 2, y + box.width / 2)


def _is_text_box(element: Element) -> bool:
    properties = _find(element, "cNvSpPr")
    return properties is not None and properties.get("txBox") in {"1", "true"}


def _is_bare(element: Element) -> bool:
    """Whether a frame has neither a fill nor an outline: only its words are seen."""
    shape = _find(element, "spPr")
    if shape is None:
        return False
    line = shape.find(f"{A}ln")
    no_line = line is not None and line.find(f"{A}noFill") is not None
    return no_line and (shape.find(f"{A}noFill") is not None or shape.find(f"{A}solidFill") is not None)


def read_text(element: Element) -> str:
    """The words in a shape, a paragraph a line."""
    paragraphs = [one for one in element.iter() if isinstance(one.tag, str) and _local_name(one) == "p"]
    lines = [
        "".join(run.text or "" for run in one.iter() if isinstance(run.tag, str) and _local_name(run) == "t")
        for one in paragraphs
    ]
    return "\n".join(line for line in lines if line.strip()).strip()


def _find_glued_id(element: Element, name: str) -> str:
    end = _find(element, name)
    return str(end.get("id", "")) if end is not None else ""


def _read_line(element: Element, outline: str, box: Box) -> Line:
    return Line(_list_points(element, outline, box), *_read_heads(element))


def _read_heads(element: Element) -> tuple[bool, bool]:
    """Whether an arrowhead is drawn at the start and at the end of a line."""
    line = _find(element, "ln")
    return line is not None and _has_head(line, "headEnd"), line is not None and _has_head(line, "tailEnd")


def _has_head(line: Element, name: str) -> bool:
    end = line.find(f"{A}{name}")
    return end is not None and end.get("type", "none") != "none"


def _list_points(element: Element, outline: str, box: Box) -> tuple[Point, ...]:
    """The corners of a line, from its start to its end, in a frame that may be mirrored and turned."""
    width, height = box.width, box.height
    if outline.startswith("bentConnector2"):
        points = [(0.0, 0.0), (width, 0.0), (width, height)]
    elif outline.startswith("bentConnector"):
        middle = width * _read_adjustment(element)
        points = [(0.0, 0.0), (middle, 0.0), (middle, height), (width, height)]
    else:
        points = [(0.0, 0.0), (width, height)]
    xfrm = _find(element, "xfrm")
    turn = radians(int(xfrm.get("rot", 0)) / 60000) if xfrm is not None else 0
    flip_x, flip_y = (xfrm is not None and xfrm.get(key) in {"1", "true"} for key in ("flipH", "flipV"))
    center = box.center
    placed = []
    for x, y in points:
        dx, dy = (width - x if flip_x else x) - width / 2, (height - y if flip_y else y) - height / 2
        placed.append(Point(center.x + dx * cos(turn) - dy * sin(turn), center.y + dx * sin(turn) + dy * cos(turn)))
    return tuple(placed)


def _read_adjustment(element: Element) -> float:
    """Where the middle piece of a bent line lies, as a share of its frame."""
    guide = _find(element, "gd")
    words = str(guide.get("fmla", "")).split() if guide is not None else []
    try:
        return float(words[1]) / 100000 if len(words) == 2 and words[0] == "val" else 0.5
    except ValueError:
        return 0.5
