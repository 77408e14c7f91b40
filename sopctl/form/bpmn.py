"""An SOP as BPMN 2.0 with its diagram, for modelling tools: what `bpmn_flow` says, where `bpmn_layout` puts it.

What BPMN has no place for (waktu in working time, kelengkapan, numbers of rows) stands in extension elements of the
namespace ``NAMESPACE``, which other tools keep as it is. The same SOP always gives the same bytes.
"""

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Sequence

from sopctl.form.bpmn_flow import BpmnFlow, BpmnNode, BpmnProcess, build_process
from sopctl.form.bpmn_layout import TIMED_OUT, AttachedParts, BpmnDrawing, BpmnShape, lay_out_process
from sopctl.form.geometry import Point, Rect
from sopctl.sop.model import ACTS, Duration, Sop, Step, Waktu
from sopctl.word.xml_text import replace_illegal

NAMESPACE = "urn:sopctl:sop:1"
"""That of the extension elements."""

_NAMESPACES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "sopctl": NAMESPACE,
}

_TAGS = {
    "start": "startEvent",
    "end": "endEvent",
    "terminate": "endEvent",
    "task": "userTask",
    "exclusive": "exclusiveGateway",
    "parallel": "parallelGateway",
}

_UNITS = {
    "tahun": ("Y", 12),
    "bulan": ("M", 30),
    "hari": ("D", 24),
    "jam": ("H", 60),
    "menit": ("M", 60),
    "detik": ("S", 1),
}
"""The letter of a unit in ISO 8601, and how many of the next one it has."""

_DATE_UNITS, _WEEK = 3, 7
"""How many of them stand before the T, and the days of a week."""


def write_bpmn(sop: Sop) -> bytes:
    """The BPMN file of an SOP that was read without mistakes."""
    process = build_process(sop)
    drawing = lay_out_process(sop, process, [_list_attached(sop, node) for node in process.nodes])
    root = _BpmnWriter(sop, process, drawing).write()
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'.encode()


def process_id(sop: str) -> str:
    """The id of the process of an SOP: that of an SOP may begin with a figure."""
    return f"sop.{sop}"


def format_duration(duration: Duration) -> str:
    """A time by the clock or the calendar as engines read ISO 8601: `P3D`, `PT1H30M`, without fractions."""
    amounts = dict.fromkeys(_UNITS, 0.0)
    part: Duration | None = duration
    while part is not None:
        weeks = part.unit == "minggu"
        amounts["hari" if weeks else part.unit] += part.amount * (_WEEK if weeks else 1)
        part = part.plus
    texts, rest = [], 0.0
    for unit, (letter, smaller) in _UNITS.items():
        amount = round(amounts[unit] + rest, 6)
        rest = (amount - int(amount)) * smaller
        texts.append(f"{int(amount)}{letter}" if amount >= 1 else "")
    date, time = "".join(texts[:_DATE_UNITS]), "".join(texts[_DATE_UNITS:])
    return f"P{date}T{time}" if time else f"P{date or 'T0S'}"


def _has_timer(step: Step) -> bool:
    """Whether a timer can tell when the row is late: its time runs by the clock, from when its one task begins."""
    waktu = step.waktu
    alone = len(step.pelaksana) == 1 and waktu.per is None
    return alone and waktu.maximum is not None and waktu.clock == "calendar"


def _list_attached(sop: Sop, node: BpmnNode) -> AttachedParts:
    step = node.step
    if step is None:
        return AttachedParts()
    waktu = f"Waktu: {_one_line(step.waktu.text)}" if node.first and step.waktu.text else ""
    return AttachedParts(
        waktu, _name_data_object(sop, step) if node.main else "", timer=node.first and _has_timer(step)
    )


def _name_data_object(sop: Sop, step: Step) -> str:
    """What the data object of a row is called: its output, else its document; empty where it makes neither."""
    return _one_line(step.output_name or (sop.documents[step.document.name].shown_name if step.document else ""))


def _one_line(text: str) -> str:
    return replace_illegal(" ".join(text.split()))


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    """A child; attributes without a value are left out."""
    child = ET.SubElement(parent, tag, {key: replace_illegal(value) for key, value in attributes.items() if value})
    child.text = replace_illegal(text) or None
    return child


class _BpmnWriter:
    """Writes the process, then its diagram."""

    def __init__(self, sop: Sop, process: BpmnProcess, drawing: BpmnDrawing) -> None:
        self.sop, self.process, self.drawing = sop, process, drawing
        self.flows = list(zip(_name_flows(process.flows), process.flows, drawing.lines, strict=True))
        self.nodes = list(zip(process.nodes, drawing.shapes, strict=True))

    def write(self) -> ET.Element:
        root = ET.Element("bpmn:definitions", {f"xmlns:{key}": uri for key, uri in _NAMESPACES.items()})
        root.attrib |= {"id": "definisi", "targetNamespace": NAMESPACE, "exporter": "sopctl"}
        process = process_id(self.sop.id)
        pool = _add(root, "bpmn:collaboration", id="kolaborasi")
        _add(pool, "bpmn:participant", id="kolam", name=_one_line(self.sop.nama), processRef=process)
        self._write_process(_add(root, "bpmn:process", id=process, name=_one_line(self.sop.nama), isExecutable="true"))
        diagram = _add(root, "bpmndi:BPMNDiagram", id="diagram")
        self._draw(_add(diagram, "bpmndi:BPMNPlane", id="bidang", bpmnElement="kolaborasi"))
        return root

    def _write_process(self, process: ET.Element) -> None:
        self._write_lanes(_add(process, "bpmn:laneSet", id="jalur"))
        data_objects: dict[str, str] = {}
        for node, shape in self.nodes:
            self._write_node(process, node)
            if shape.timer and node.step:
                _write_timer(process, node.id, node.step.waktu)
            if shape.data_object and node.step:
                self._write_data_object(process, node.step, data_objects)
        for id, flow, _ in self.flows:
            _write_flow(process, id, flow)
        for node, shape in self.nodes:
            if shape.annotation and node.step:
                annotation = _add(process, "bpmn:textAnnotation", id=f"catatan.{node.id}")
                _add(annotation, "bpmn:text", f"Waktu: {_one_line(node.step.waktu.text)}")
                _add(process, "bpmn:association", id=f"kaitan.{node.id}", sourceRef=node.id,
                     targetRef=f"catatan.{node.id}")  # fmt: skip

    def _write_lanes(self, lanes: ET.Element) -> None:
        timers = [(node.lane, id) for node, shape in self.nodes if shape.timer for id in _timer_ids(node.id)]
        for number, (key, name) in enumerate(self.sop.pelaksana.items()):
            lane = _add(lanes, "bpmn:lane", id=f"pelaksana.{key}", name=_one_line(name))
            for where, id in (*((node.lane, node.id) for node in self.process.nodes), *timers):
                if where == number:
                    _add(lane, "bpmn:flowNodeRef", id)

    def _write_node(self, process: ET.Element, node: BpmnNode) -> None:
        tag, called = _TAGS[node.type], ""
        if node.step and node.step.sop and node.main:
            tag, called = "callActivity", process_id(node.step.sop.sop)
        element = _add(process, f"bpmn:{tag}", id=node.id, name=replace_illegal(node.name), calledElement=called)
        if node.step:
            _write_row(element, node, node.step)
        for tag, end in ("incoming", "target"), ("outgoing", "source"):
            for id, flow, _ in self.flows:
                if getattr(flow, end) == node.id:
                    _add(element, f"bpmn:{tag}", id)
        if node.step and node.main and _name_data_object(self.sop, node.step):
            _associate_data_object(element, node.step)
        if node.type == "terminate":
            _add(element, "bpmn:terminateEventDefinition", id=f"sifat.{node.id}")

    def _write_data_object(self, process: ET.Element, step: Step, known: dict[str, str]) -> None:
        """The data object of a row; rows that write one document share its object, in another state each."""
        document = step.document
        id = f"dokumen.{document.name}" if document else f"hasil.{step.id}"
        if id not in known:
            known[id] = self.sop.documents[document.name].shown_name if document else _name_data_object(self.sop, step)
            _add(process, "bpmn:dataObject", id=id, name=_one_line(known[id]))
        reference = _add(
            process, "bpmn:dataObjectReference", id=f"rujukan.{step.id}", name=_name_data_object(self.sop, step),
            dataObjectRef=id,
        )  # fmt: skip
        if document:
            _add(reference, "bpmn:dataState", id=f"keadaan.{step.id}", name=ACTS[document.act])

    def _draw(self, plane: ET.Element) -> None:
        _draw_shape(plane, "kolam", self.drawing.pool, isHorizontal="true")
        for key, frame in zip(self.sop.pelaksana, self.drawing.lanes, strict=True):
            _draw_shape(plane, f"pelaksana.{key}", frame, isHorizontal="true")
        for node, shape in self.nodes:
            marker = "true" if node.type == "exclusive" else ""
            _draw_shape(plane, node.id, shape.frame, shape.event_label, isMarkerVisible=marker)
            _draw_attached(plane, node, shape)
        for id, _, line in self.flows:
            _draw_edge(plane, id, line.points, line.label)


def _name_flows(flows: Sequence[BpmnFlow]) -> list[str]:
    """An id for each flow, by its ends."""
    seen: Counter[str] = Counter()
    names = []
    for flow in flows:
        name = f"alur.{flow.source}.{flow.target}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}.{seen[name]}")
    return names


def _write_row(element: ET.Element, node: BpmnNode, step: Step) -> None:
    """What the form says of a row; the tasks of one row after the first only say that they belong to it."""
    more = _add(element, "bpmn:extensionElements")
    no = "" if step.no is None else str(step.no)
    said = {
        "bersama": "ya" if step.together and len(step.pelaksana) > 1 else "",
        "memutuskan": ("ya" if len(step.diamonds) == 1 else "sendiri") if node.pelaksana in step.decides else "",
        "jenis": step.kind or "",
        "panggilan": "boleh" if step.sop and step.sop.optional else "",
    }
    _add(more, "sopctl:langkah", id=step.id, no=no, pelaksana=node.pelaksana, **said)
    if not node.first:
        return
    for item in step.kelengkapan:
        _add(more, "sopctl:kelengkapan", _one_line(item.nama))
    if step.waktu.text:
        longest = step.waktu.maximum
        size = {"amount": f"{longest.amount:g}", "unit": longest.unit, "clock": step.waktu.clock} if longest else {}
        _add(more, "sopctl:waktu", _one_line(step.waktu.text), **size)
    for name in step.output:
        _add(more, "sopctl:output", _one_line(name))
    if step.keterangan:
        _add(more, "sopctl:keterangan", _one_line(step.keterangan))


def _is_taken(step: Step) -> bool:
    """Whether the row takes its document from another one, and does not make it."""
    return step.document is not None and step.document.act == "receive"


def _associate_data_object(element: ET.Element, step: Step) -> None:
    """The data association of a task, as modelling tools write it: what it takes in goes to a property of it."""
    data_object, id = f"rujukan.{step.id}", f"bawa.{step.id}"
    if not _is_taken(step):
        _add(_add(element, "bpmn:dataOutputAssociation", id=id), "bpmn:targetRef", data_object)
        return
    _add(element, "bpmn:property", id=f"masukan.{step.id}", name="__targetRef_placeholder")
    association = _add(element, "bpmn:dataInputAssociation", id=id)
    _add(association, "bpmn:sourceRef", data_object)
    _add(association, "bpmn:targetRef", f"masukan.{step.id}")


def _timer_ids(task: str) -> tuple[str, str]:
    """The ids of the timer of a task and of the end to which it leads."""
    return f"batas.{task}", f"batas-lewat.{task}"


def _write_timer(process: ET.Element, task: str, waktu: Waktu) -> None:
    """A timer that tells that the time is over and lets the task go on."""
    timer, end = _timer_ids(task)
    event = _add(process, "bpmn:boundaryEvent", id=timer, cancelActivity="false", attachedToRef=task)
    _add(event, "bpmn:outgoing", f"lewat.{task}")
    clock = _add(event, "bpmn:timerEventDefinition", id=f"sifat.{timer}")
    duration = format_duration(waktu.maximum) if waktu.maximum else ""
    _add(clock, "bpmn:timeDuration", duration, **{"xsi:type": "bpmn:tFormalExpression"})
    _add(_add(process, "bpmn:endEvent", id=end, name=TIMED_OUT), "bpmn:incoming", f"lewat.{task}")
    _add(process, "bpmn:sequenceFlow", id=f"lewat.{task}", sourceRef=timer, targetRef=end)


def _write_flow(process: ET.Element, id: str, flow: BpmnFlow) -> None:
    element = _add(
        process, "bpmn:sequenceFlow", id=id, name=_one_line(flow.label), sourceRef=flow.source, targetRef=flow.target
    )
    if flow.when or flow.withdraws:
        more = _add(element, "bpmn:extensionElements")
        if flow.when:
            _add(more, "sopctl:syarat", flow.when)
        if flow.withdraws:
            _add(more, "sopctl:tarik", "Baris lain yang sedang dikerjakan bersamaan ditarik kembali.")
    if flow.condition:
        _add(element, "bpmn:conditionExpression", flow.condition, **{"xsi:type": "bpmn:tFormalExpression"})


def _draw_attached(plane: ET.Element, node: BpmnNode, shape: BpmnShape) -> None:
    """The timer of a task with its end, its data object and its annotation."""
    if shape.timer and shape.timer_end:
        timer, end = _timer_ids(node.id)
        _draw_shape(plane, timer, shape.timer)
        _draw_shape(plane, end, shape.timer_end, shape.timer_label)
        _draw_vertical(plane, f"lewat.{node.id}", shape.timer.center[0], shape.timer.top, shape.timer_end.bottom)
    if shape.data_object and node.step:
        _draw_shape(plane, f"rujukan.{node.step.id}", shape.data_object, shape.data_object_label)
        ends = shape.frame.bottom, shape.data_object.top
        _draw_vertical(
            plane, f"bawa.{node.step.id}", shape.frame.center[0], *(ends[::-1] if _is_taken(node.step) else ends)
        )
    if shape.annotation:
        _draw_shape(plane, f"catatan.{node.id}", shape.annotation)
        _draw_vertical(plane, f"kaitan.{node.id}", shape.annotation.center[0], shape.frame.top, shape.annotation.bottom)


def _draw_vertical(plane: ET.Element, element: str, x: int, begin: int, end: int) -> None:
    _draw_edge(plane, element, ((x, begin), (x, end)))


def _draw_shape(plane: ET.Element, element: str, frame: Rect, label: Rect | None = None, **attributes: str) -> None:
    shape = _add(plane, "bpmndi:BPMNShape", id=f"{element}_di", bpmnElement=element, **attributes)
    _draw_bounds(shape, frame)
    if label:
        _draw_bounds(_add(shape, "bpmndi:BPMNLabel"), label)


def _draw_edge(plane: ET.Element, element: str, points: Sequence[Point], label: Rect | None = None) -> None:
    edge = _add(plane, "bpmndi:BPMNEdge", id=f"{element}_di", bpmnElement=element)
    for x, y in points:
        _add(edge, "di:waypoint", x=str(x), y=str(y))
    if label:
        _draw_bounds(_add(edge, "bpmndi:BPMNLabel"), label)


def _draw_bounds(parent: ET.Element, frame: Rect) -> None:
    _add(parent, "dc:Bounds", x=str(frame.left), y=str(frame.top), width=str(frame.width), height=str(frame.height))
