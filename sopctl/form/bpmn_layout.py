"""Places for the elements of BPMN: the form's layout laid on its side, each column a lane, each row a stretch of it.

The lines are routed as those of the form are (`routing`), in coordinates whose x runs across the lanes and whose y runs
along the rows; what leaves this module is turned: x to the right, y down, in pixels of bpmn-js and its kin.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from sopctl.form.bpmn_flow import BpmnFlow, BpmnNode, BpmnProcess
from sopctl.form.dimensions import Dimensions
from sopctl.form.font_metrics import TWIPS, longest_word_width, text_width, wrap
from sopctl.form.geometry import PlacedSymbol, Point, Rect, SymbolKind
from sopctl.form.labels import LabelText
from sopctl.form.placement import Connection, UnroutedPage
from sopctl.form.ports import Side
from sopctl.form.routing import PageRouter, RoutedConnection
from sopctl.form.search_limit import SearchLimit
from sopctl.sop.model import Sop

TEXT, SMALL = 12.0, 11.0
"""The sizes of type of modelling tools, in pixels: in boxes, and beside symbols."""

_LINE, _SMALL_LINE = 15, 14
"""The heights of their lines."""

_TASK, _LOWEST_TASK, _GATEWAY, _EVENT = 180, 80, 50, 36
"""The width of a task and its least height, and the sizes of gateways and events."""

_ICON = 26
"""What the sign of a task in its corner, or that of a call at its foot, takes of its height."""

_DATA_OBJECT = (36, 50)
"""Width and height of a data object."""

_LABEL = 88
"""Where text beside a symbol is broken: tools break at 90."""

_ANNOTATION = 108
"""The width of a text annotation; right of it is room for a timer's end and its name."""

_GAP, _CLEAR, _LANE, _EDGE, _PORT = 18, 16, 12, 10, 12
"""Distances: of what is attached to a symbol, of lines from symbols, from each other and from the border of a lane, and
of two lines that reach one side of a symbol."""

TIMED_OUT = "Waktu lewat"
"""The name of the end to which a timer leads."""

_TRACKS = (3, 4, 6, 9)
"""How many lines fit beside each other, tried one after the other."""

_HEAD, _MARGIN = 30, 80
"""The strip with the name of a pool or lane, and the free border of the drawing."""

_SAFE = 1.08
"""Other fonts than Arial are so much wider."""


class BpmnShape(Struct, frozen=True, kw_only=True):
    """A node in its place with what is attached to it: each a rectangle in pixels, None where there is none.

    ``event_label`` is that of an event, ``annotation`` the annotation of a task, ``data_object`` its data object with
    ``data_object_label``, ``timer`` the timer on its border and ``timer_end`` where that leads, with ``timer_label``.
    """

    frame: Rect
    event_label: Rect | None = None
    annotation: Rect | None = None
    data_object: Rect | None = None
    data_object_label: Rect | None = None
    timer: Rect | None = None
    timer_end: Rect | None = None
    timer_label: Rect | None = None

    @property
    def parts(self) -> tuple[Rect, ...]:
        """All of it."""
        return tuple(rect for name in self.__struct_fields__ if (rect := getattr(self, name)))

    def moved(self, right: int, down: int) -> "BpmnShape":
        """The same in another place."""
        found = {name: getattr(self, name) for name in self.__struct_fields__}
        return BpmnShape(**{name: move_rect(rect, right, down) for name, rect in found.items() if rect})


class BpmnLine(Struct, frozen=True):
    """The corners of a flow, and where its label stands."""

    points: tuple[Point, ...]
    label: Rect | None


class BpmnDrawing(Struct, frozen=True, kw_only=True):
    """Where everything is: the pool, its lanes, the nodes in their order, the flows in theirs."""

    pool: Rect
    lanes: tuple[Rect, ...]
    shapes: tuple[BpmnShape, ...]
    lines: tuple[BpmnLine, ...]


class AttachedParts(Struct, frozen=True):
    """What is attached to a task: the text of its annotation, the name of its data object, whether a timer runs."""

    annotation: str = ""
    data_object: str = ""
    timer: bool = False


def turn_rect(rect: Rect) -> Rect:
    """The rectangle with x and y exchanged."""
    return Rect(rect.top, rect.left, rect.bottom, rect.right)


def move_rect(rect: Rect, right: int, down: int) -> Rect:
    """The rectangle in another place."""
    return Rect(rect.left + right, rect.top + down, rect.right + right, rect.bottom + down)


def lay_out_process(sop: Sop, process: BpmnProcess, attached: Sequence[AttachedParts]) -> BpmnDrawing:
    """The places of a process; ``attached`` is what belongs to each of its nodes.

    A line that finds no room on the most tracks lies on those of others.
    """
    limit = SearchLimit()
    for tracks in _TRACKS:
        layout = _ProcessLayout(sop, process, attached, tracks)
        router = PageRouter(layout.page(), layout.dimensions, _label_variants, limit)
        routed = router.run()
        if limit.exhausted or all(one.complete for one in routed):
            break
    return layout.drawing(router.route_over_others(routed))


def _pixels(twips: float) -> int:
    """Pixels of a width of text, rounded up to an even number, so that halves are whole."""
    return -(-int(twips * _SAFE) // TWIPS // 2) * 2


def _text_size(text: str, width: int, size: float, line: int) -> tuple[int, int]:
    """Width and height of a text that is broken at a width."""
    lines = wrap(text, width * TWIPS / _SAFE, size)
    return min(width, max(_pixels(text_width(one, size)) for one in lines) + 4), len(lines) * line


def _name_height(name: str) -> int:
    """What the name of a pool or lane takes of its height, in two lines."""
    return 24 + max(_pixels(text_width(name, TEXT)) // 2, _pixels(longest_word_width(name, TEXT)))


def _label_variants(label: str) -> tuple[LabelText, ...]:
    """The label of a flow in the turned coordinates: its lines stand beside each other."""
    width, height = _text_size(label, _LABEL, SMALL, _SMALL_LINE)
    return (LabelText((label,), height, width),)


def _centered(x: int, y: int, width: int, height: int) -> Rect:
    return Rect(x - width // 2, y - height // 2, x + width // 2, y + height // 2)


def _size(node: BpmnNode) -> tuple[int, int]:
    """Width and height of a node as a reader sees it."""
    if node.type == "task":
        height = _text_size(node.name, _TASK - 16, TEXT, _LINE)[1] + 2 * _ICON
        return _TASK, max(_LOWEST_TASK, height + height % 2)
    return (_GATEWAY, _GATEWAY) if node.type in {"exclusive", "parallel"} else (_EVENT, _EVENT)


def _attach(frame: Rect, node: BpmnNode, attached: AttachedParts) -> BpmnShape:
    """A node that a reader sees at ``frame``, with what is attached to it."""
    shape = BpmnShape(frame=frame)
    if node.name and node.type != "task":
        width, height = _text_size(node.name, _LABEL, SMALL, _SMALL_LINE)
        shape = replace(shape, event_label=_below(frame, width, height, 4))
    if attached.annotation:
        height = _text_size(attached.annotation, _ANNOTATION - 12, TEXT, _LINE)[1] + 16
        top = frame.top - _GAP - height
        shape = replace(shape, annotation=Rect(frame.left, top, frame.left + _ANNOTATION, frame.top - _GAP))
    if attached.timer:
        timer = _centered(frame.right - 30, frame.top, _EVENT, _EVENT)
        end = _centered(frame.right - 30, frame.top - 2 * _EVENT, _EVENT, _EVENT)
        width, height = _text_size(TIMED_OUT, _LABEL, SMALL, _SMALL_LINE)
        label = Rect(frame.right - width, end.top - 4 - height, frame.right, end.top - 4)
        shape = replace(shape, timer=timer, timer_end=end, timer_label=label)
    if attached.data_object:
        data_object = _below(frame, *_DATA_OBJECT, _GAP)
        width, height = _text_size(attached.data_object, _LABEL, SMALL, _SMALL_LINE)
        shape = replace(shape, data_object=data_object, data_object_label=_below(data_object, width, height, 4))
    return shape


def _below(frame: Rect, width: int, height: int, gap: int) -> Rect:
    x = frame.center[0]
    return Rect(x - width // 2, frame.bottom + gap, x - width // 2 + width, frame.bottom + gap + height)


class _ProcessLayout:
    """The places of nodes, lanes and tracks, in the turned coordinates unless a name says otherwise."""

    def __init__(self, sop: Sop, process: BpmnProcess, attached: Sequence[AttachedParts], tracks: int) -> None:
        self.sop, self.process, self.tracks = sop, process, tracks
        self.index = {node.id: number for number, node in enumerate(process.nodes)}
        self.dimensions = Dimensions(
            box=(0, 0), diamond=(0, 0), small=(0, 0), pentagon=(0, 0), port=_PORT, lane=_LANE, edge=_EDGE,
            clear=_CLEAR, lanes=tracks, bend=100, crossing=180, label_gap=4,
        )  # fmt: skip
        self.unplaced = [self._make_unplaced(node, parts) for node, parts in zip(process.nodes, attached, strict=True)]
        self.lane_borders, self.centers = self._stack_lanes()
        self.slots = self._stack_slots()
        self.shapes = [self._place(number) for number in range(len(process.nodes))]

    def _make_unplaced(self, node: BpmnNode, attached: AttachedParts) -> BpmnShape:
        """A node as a reader sees it, its centre at the origin; one under another so far below it."""
        width, height = _size(node)
        pitch = _EVENT + _SMALL_LINE + 2 * _CLEAR + _LANE
        y = _GATEWAY // 2 + pitch * node.depth - _EVENT // 2 if node.depth else 0
        return _attach(_centered(0, y, width, height), node, attached)

    def _pad(self) -> int:
        """The room for lines along the border of a lane."""
        return _EDGE + _LANE * (self.tracks - 1) + _CLEAR

    def _stack_lanes(self) -> tuple[list[int], list[int]]:
        """The borders of the lanes, and the line on which the nodes of each stand."""
        borders, centers = [0], []
        for lane, name in enumerate(self.sop.pelaksana.values()):
            parts = [
                part for node, shape in zip(self.process.nodes, self.unplaced, strict=True) if node.lane == lane
                for part in shape.parts
            ]  # fmt: skip
            up = max([_LOWEST_TASK // 2, *(-part.top for part in parts)]) + self._pad()
            down = max([_LOWEST_TASK // 2, *(part.bottom for part in parts)]) + self._pad()
            centers.append(borders[-1] + up)
            borders.append(borders[-1] + max(up + down, _name_height(name)))
        borders[-1] = max(borders[-1], _name_height(self.sop.nama))
        return borders, centers

    def _stack_slots(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Where each slot of each row begins and ends."""
        slots: dict[tuple[int, int], tuple[int, int]] = {}
        place, least = 0, 2 * _CLEAR + _LANE * (self.tracks - 1)
        for key in sorted({(node.row, node.slot) for node in self.process.nodes}):
            inside = [number for number, node in enumerate(self.process.nodes) if (node.row, node.slot) == key]
            half = max(max(-part.left, part.right) for number in inside for part in self.unplaced[number].parts)
            labels = [
                _label_variants(flow.label)[0].height for flow in self.process.flows
                if flow.label and self.index[flow.source] in inside
            ]  # fmt: skip
            slots[key] = (place + least, place + least + 2 * half)
            place += least + 2 * half + max([0, *(width + 12 - least + _CLEAR for width in labels)])
        return slots

    def _place(self, number: int) -> BpmnShape:
        """A node in its place, as a reader sees it."""
        node = self.process.nodes[number]
        begin, end = self.slots[node.row, node.slot]
        right, down = (begin + end) // 2, self.centers[node.lane]
        return self.unplaced[number].moved(right, down)

    def page(self) -> UnroutedPage:
        """What is to be routed."""
        kinds: dict[str, SymbolKind] = {"task": "box", "exclusive": "diamond", "parallel": "diamond"}
        symbols = [
            PlacedSymbol(kind=kinds.get(node.type, "pentagon"), frame=turn_rect(shape.frame))
            for node, shape in zip(self.process.nodes, self.shapes, strict=True)
        ]
        strips: list[Side | None] = ["top" if node.type == "start" else None for node in self.process.nodes]
        extra = [PlacedSymbol(kind="box", frame=turn_rect(rect)) for rect in self._obstacles()]
        end = max(end for _, end in self.slots.values()) + 2 * _CLEAR + _LANE * self.tracks
        return UnroutedPage(
            area=Rect(0, 0, self.lane_borders[-1], end),
            borders=tuple(self.lane_borders),
            bands=(),
            symbols=(*symbols, *extra),
            strips=(*strips, *[None] * len(extra)),
            shut=frozenset(self._shut_sides()),
            connections=tuple(
                Connection(sources=(self.index[flow.source],), targets=(self.index[flow.target],), label=flow.label)
                for flow in self.process.flows
            ),
            xs=tuple(self._across()),
            ys=tuple(self._along(end)),
        )

    def _obstacles(self) -> Iterator[Rect]:
        """What lines keep off, as a reader sees it: labels of events, and a task with all that is attached to it."""
        for shape in self.shapes:
            if shape.event_label:
                yield shape.event_label
            tops, bottoms = [part.top for part in shape.parts], [part.bottom for part in shape.parts]
            if shape.annotation or shape.data_object or shape.timer:
                yield Rect(shape.frame.left, min(tops), shape.frame.right, max(bottoms))

    def _shut_sides(self) -> Iterator[tuple[int, Side]]:
        """The sides where something is attached, or an end stands: the top is the left in the turned coordinates."""
        for number, (node, shape) in enumerate(zip(self.process.nodes, self.shapes, strict=True)):
            if shape.annotation or shape.timer or node.depth > 1:
                yield number, "left"
            if shape.data_object or shape.event_label:
                yield number, "right"

    def _across(self) -> Iterator[int]:
        """The tracks along the lanes."""
        for (top, bottom), center in zip(pairwise(self.lane_borders), self.centers, strict=True):
            yield from (center, center - _PORT, center + _PORT)
            for track in range(self.tracks):
                yield from (top + _EDGE + _LANE * track, bottom - _EDGE - _LANE * track)
        for shape in self.shapes:
            yield from (shape.frame.center[1], shape.frame.top - _CLEAR, shape.frame.bottom + _CLEAR)

    def _along(self, end: int) -> Iterator[int]:
        """The tracks across the lanes: between the slots and through their middles."""
        before = 0
        for begin, after in (*self.slots.values(), (end, end)):
            yield from range(before + _CLEAR, begin - _CLEAR + 1, _LANE)
            yield from (begin - _CLEAR, (begin + after) // 2)
            before = after

    def drawing(self, routed: Sequence[RoutedConnection]) -> BpmnDrawing:
        """The places as a reader sees them, in a pool with a margin around it."""
        ways = [
            one.path.points if one.path else self._connect_plainly(flow)
            for one, flow in zip(routed, self.process.flows, strict=True)
        ]
        lines = (point[1] for points in ways for point in points)
        labels = (one.label.frame.bottom for one in routed if one.label)
        length = max(*lines, *labels, *(end for _, end in self.slots.values())) + 2 * _CLEAR
        right, down = _MARGIN + 2 * _HEAD, _MARGIN

        def move(rect: Rect) -> Rect:
            return move_rect(rect, right, down)

        lanes = [Rect(-_HEAD, top, length, bottom) for top, bottom in pairwise(self.lane_borders)]
        return BpmnDrawing(
            pool=move(Rect(-2 * _HEAD, 0, length, self.lane_borders[-1])),
            lanes=tuple(map(move, lanes)),
            shapes=tuple(shape.moved(right, down) for shape in self.shapes),
            lines=tuple(
                BpmnLine(
                    tuple((along + right, across + down) for across, along in points),
                    move(turn_rect(one.label.frame)) if one.label else None,
                )
                for one, points in zip(routed, ways, strict=True)
            ),
        )

    def _connect_plainly(self, flow: BpmnFlow) -> tuple[Point, ...]:
        """A line that was not looked for within the search limit: out behind its source, and in before its target."""
        source, target = (turn_rect(self.shapes[self.index[end]].frame) for end in (flow.source, flow.target))
        (x, _), (to_x, _), between = source.center, target.center, source.bottom + _CLEAR
        return (x, source.bottom), (x, between), (to_x, between), (to_x, target.top)
