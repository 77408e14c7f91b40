"""Reads the processes of a BPMN 2.0 file as drafts of SOPs: what an SOP can say is taken, the rest is told by its name.

A lane is a pelaksana, a task a row, an exclusive gateway behind it its branches, a parallel one rows at the same time.
The rows stand in the order in which the diagram shows them from left to right.
"""

from collections.abc import Iterator
from pathlib import Path

from lxml.etree import _Element as Element  # type: ignore[import-untyped]

from sopctl.errors import WrongError
from sopctl.importing.bpmn_process import SeenProcess
from sopctl.importing.bpmn_row import BpmnRow
from sopctl.importing.bpmn_xml import (
    BPMN,
    UNNAMED,
    clean_text,
    describe_element,
    find_extension,
    find_kind,
    is_row,
    parse_bpmn,
)
from sopctl.importing.files import refuse_too_many
from sopctl.sop.draft import SopDraft
from sopctl.sop.model import MOST_PELAKSANA, MOST_STEPS
from sopctl.sop.unconfirmed import write_remark

_DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_DC = "{http://www.omg.org/spec/DD/20100524/DC}"
_KINDS = {
    "inclusiveGateway": "gerbang inklusif",
    "eventBasedGateway": "gerbang peristiwa",
    "complexGateway": "gerbang kompleks",
    "boundaryEvent": "peristiwa pada tepi kegiatan",
    "intermediateCatchEvent": "peristiwa antara",
    "intermediateThrowEvent": "peristiwa antara",
    "implicitThrowEvent": "peristiwa antara",
    "dataStoreReference": "penyimpan data",
    "textAnnotation": "catatan",
    "group": "kelompok",
    "startEvent": "awal",
    "endEvent": "akhir",
}
"""What is told where a draft does not say it."""


def read_bpmn(path: Path, id: str) -> list[SopDraft]:
    """A draft for each process of a file that has a task; the first gets ``id``, the others a number behind it.

    The first tells what belongs to no process, too.

    Raises:
        WrongError: where the file is no BPMN 2.0, damaged, too large, or holds no task or too many processes.
    """
    root = parse_bpmn(path)
    processes = [one for one in root.iterchildren(f"{BPMN}process") if any(map(is_row, one.iterchildren()))]
    if not processes:
        raise WrongError(f"{path.name} tidak memuat proses dengan kegiatan.")
    refuse_too_many(path, len(processes), "proses")
    shapes = ((shape.get("bpmnElement"), shape.find(f"{_DC}Bounds")) for shape in root.iter(f"{_DI}BPMNShape"))
    places = {id: _read_place(frame) for id, frame in shapes if frame is not None}
    pools = {one.get("processRef"): clean_text(one.get("name")) for one in root.iter(f"{BPMN}participant")}
    around = list(_list_outside(root, {one.get("id") for one in processes}))
    drafts: list[SopDraft] = []
    for number, element in enumerate(processes, 1):
        name = clean_text(element.get("name")) or pools.get(element.get("id"), "")
        process = SeenProcess(path.name, element, places)
        drafts.append(_make_draft(process, f"{id}-{number}" if number > 1 else id, name, [] if drafts else around))
    return drafts


def _read_place(frame: Element) -> tuple[float, float]:
    """Where a shape begins, from the left and from the top."""
    try:
        return float(frame.get("x", 0)), float(frame.get("y", 0))
    except ValueError:
        return 0.0, 0.0


def _make_draft(process: SeenProcess, id: str, name: str, around: list[str]) -> SopDraft:
    """The draft of a process; ``around`` is what else it tells that was left out."""
    if len(process.rows) > MOST_STEPS or len(process.lanes) > MOST_PELAKSANA:
        raise WrongError(
            f"{process.source} terlalu besar: satu SOP memuat paling banyak {MOST_STEPS} kegiatan "
            f"dan {MOST_PELAKSANA} pelaksana."
        )
    starts = process.element.iterchildren(f"{BPMN}startEvent")
    marks = [("bpmn", why) for why in (*_list_left(process), *around)]
    marks += [] if name else [("nama", "proses ini tidak bernama")]
    marks += [] if process.lanes else [("pelaksana", "proses ini tidak mempunyai jalur (lane)")]
    return SopDraft(
        id=id,
        nama=name or id,
        pelaksana=tuple([lane.name for lane in process.lanes] or [name or UNNAMED]),
        keys=tuple(lane.key for lane in process.lanes),
        rows=tuple(BpmnRow(process, number).read() for number in range(1, len(process.rows) + 1)),
        start=tuple(dict.fromkeys(process.row_of[way.to] for one in starts for way in process.follow(one) if way.to)),
        marks=tuple((key, write_remark(key, why)) for key, why in marks),
    )


def _list_left(process: SeenProcess) -> Iterator[str]:
    """What the draft of a process does not say, by name and id."""
    notes = {one.get("targetRef"): one.get("sourceRef") for one in process.element.iterchildren(f"{BPMN}association")}
    for one in process.element.iterchildren(f"{BPMN}*"):
        kind = find_kind(one)
        state = one.find(f"{BPMN}dataState")
        if state is not None:
            what = f"{describe_element(one)} ({clean_text(state.get('name'))})"
            yield f"keadaan dokumen {what} tidak diambil; tulis documents"
        when = find_extension(one, "syarat")
        if when is not None:
            yield f"syarat '{clean_text(when.text)}' pada aliran {describe_element(one)} tidak diambil; tulis when"
        attached = one.get("attachedToRef") if kind == "boundaryEvent" else notes.get(one.get("id"))
        if kind in _KINDS and not _is_plain_end(one) and not _is_waktu(one, process.nodes.get(attached)):
            shown = "".join(f" ({trigger})" for trigger in _list_triggers(one)[:1])
            yield f"{_KINDS[kind]}{shown} {describe_element(one)} tidak diambil"


def _list_triggers(event: Element) -> list[str]:
    """What sets an event off, such as `timer`."""
    kinds = [find_kind(child) for child in event]
    return [kind.removesuffix("EventDefinition") for kind in kinds if kind.endswith("EventDefinition")]


def _is_plain_end(one: Element) -> bool:
    """Whether an element is a start or an end that the draft says: one that nothing special sets off."""
    triggers = _list_triggers(one)
    return find_kind(one) in {"startEvent", "endEvent"} and (not triggers or "terminate" in triggers)


def _is_waktu(one: Element, task: Element | None) -> bool:
    """Whether an element at a task is what sopctl itself writes of its waktu."""
    at_task = find_kind(one) in {"boundaryEvent", "textAnnotation"} and task is not None
    return at_task and find_extension(task, "waktu") is not None


def _list_outside(root: Element, known: set[str | None]) -> Iterator[str]:
    """What stands between the processes and is left out; ``known`` are the ids of those that have tasks."""
    for flow in root.iterfind(f"{BPMN}collaboration/{BPMN}messageFlow"):
        yield f"aliran pesan {describe_element(flow)} tidak diambil"
    for pool in root.iterfind(f"{BPMN}collaboration/{BPMN}participant"):
        if pool.get("processRef") not in known:
            yield f"kolam {describe_element(pool)} tidak diambil, karena tidak memuat kegiatan"
