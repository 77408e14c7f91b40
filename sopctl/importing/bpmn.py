"""Reads the processes of a BPMN 2.0 file as drafts of SOPs: what an SOP can say is taken, the rest is told by its name.

A lane is a pelaksana, a task a row, an exclusive gateway behind it its branches, a parallel one rows at the same time.
The rows stand in the order in which the diagram shows them from left to right.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

from lxml import etree  # type: ignore[import-untyped]
from lxml.etree import _Element as Element  # type: ignore[import-untyped]
from msgspec import Struct

from sopctl.errors import WrongError
from sopctl.notation.compose import UNPRINTABLE
from sopctl.sop.draft import DraftRow, SopDraft, write_scalar
from sopctl.sop.formats import id_complaint
from sopctl.sop.model import MOST_PELAKSANA, MOST_STEPS, StepKind
from sopctl.sop.unconfirmed import write_remark
from sopctl.store import disk

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_DC = "{http://www.omg.org/spec/DD/20100524/DC}"
_OWN = "{urn:sopctl:sop:1}"
"""The namespace of the extension elements that `form --bpmn` writes."""

_LARGEST = 30_000_000
"""Bytes that a file has at most."""

_TWO_BYTES = {b"\xff\xfe", b"\xfe\xff", b"\x00<"}
"""How XML begins whose letters have two bytes or more."""

_MOST_FOLLOWED, _MOST_GATEWAYS = 50_000, 300
"""Flows that are followed for one process at most, as ways multiply, and gateways and events one behind the other."""

_TASKS = {"task", "userTask", "manualTask"}
_OTHER_TASKS = {
    "serviceTask": "tugas sistem",
    "scriptTask": "tugas skrip",
    "sendTask": "tugas mengirim pesan",
    "receiveTask": "tugas menerima pesan",
    "businessRuleTask": "tugas aturan",
    "subProcess": "subproses, isinya tidak dibaca",
    "transaction": "transaksi, isinya tidak dibaca",
    "adHocSubProcess": "subproses bebas, isinya tidak dibaca",
}
_GATEWAYS = {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"}
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
    "messageFlow": "aliran pesan",
    "startEvent": "awal",
    "endEvent": "akhir",
}
_UNNAMED, _UNLABELLED = "tanpa nama", "cabang "

Exits = tuple[tuple[str, int | None], ...]
"""Labels and the rows to which they lead, counted from 1; None ends the case."""


class _BpmnFile(Struct, frozen=True):
    """A file: where its shapes begin, from the left and the top, and the names of its pools, by their elements' ids."""

    path: Path
    root: Element
    places: dict[str, tuple[float, float]]
    pools: dict[str, str]


class _Way(Struct, frozen=True):
    """Where a flow leads: to a task (its element id) or the end (None), under which labels, at once with others."""

    labels: tuple[str, ...]
    to: str | None
    forked: bool = False


def is_markup(path: Path) -> bool:
    """Whether a file holds XML, in whatever encoding."""
    with disk.translate_errors(path), path.open("rb") as file:
        start = file.read(256)
    return start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") or start[:2] in _TWO_BYTES


def read_bpmn(path: Path, id: str) -> list[SopDraft]:
    """A draft for each process of a file that has a task; the first gets ``id``, the others a number behind it.

    Raises:
        WrongError: where the file is no BPMN 2.0, damaged, too large, or holds no task.
    """
    root = _parse(path)
    processes = [one for one in root.iterchildren(f"{_BPMN}process") if any(map(_is_row, one.iterchildren()))]
    if not processes:
        raise WrongError(f"{path.name} tidak memuat proses dengan kegiatan.")
    shapes = ((shape.get("bpmnElement"), shape.find(f"{_DC}Bounds")) for shape in root.iter(f"{_DI}BPMNShape"))
    places = {id: _read_place(frame) for id, frame in shapes if frame is not None}
    pools = {one.get("processRef"): _clean(one.get("name")) for one in root.iter(f"{_BPMN}participant")}
    file = _BpmnFile(path, root, places, pools)
    return [
        _ProcessReader(file, process, f"{id}-{number}" if number > 1 else id).read(first=number == 1)
        for number, process in enumerate(processes, 1)
    ]


def _parse(path: Path) -> Element:
    with disk.translate_errors(path):
        size = path.stat().st_size
        data = path.read_bytes() if size <= _LARGEST else b""
    if not data:
        raise WrongError(f"{path.name} terlalu besar: lebih dari {_LARGEST // 1_000_000} MB.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        place = f"baris {error.lineno}" if error.lineno else "awal file"
        raise WrongError(f"{path.name} tidak dapat dibaca sebagai XML ({place}); file itu rusak.") from error
    if root.getroottree().docinfo.doctype:
        raise WrongError(f"{path.name} memuat DOCTYPE (baris 1), yang tidak dipakai BPMN; simpan kembali tanpa itu.")
    if root.tag != f"{_BPMN}definitions":
        raise WrongError(f"{path.name} bukan BPMN 2.0: elemen pertamanya {etree.QName(root).localname} (baris 1).")
    return root


def _kind(element: Element) -> str:
    """The name of an element of BPMN; empty for those of others, and for comments."""
    return element.tag.removeprefix(_BPMN) if isinstance(element.tag, str) and element.tag.startswith(_BPMN) else ""


def _is_row(element: Element) -> bool:
    return _kind(element) in _TASKS or _kind(element) in _OTHER_TASKS or _kind(element) == "callActivity"


def _clean(text: str | None) -> str:
    """A text on one line, without signs that no form prints."""
    return " ".join(UNPRINTABLE.sub(" ", text or "").split())


def _is_parallel(node: Element, flows: Sequence[Element]) -> bool:
    """Whether the flows out of a node, where there are several, are all taken."""
    if _kind(node) in _GATEWAYS:
        return _kind(node) == "parallelGateway"
    return not any(flow.find(f"{_BPMN}conditionExpression") is not None for flow in flows)


class _ProcessReader:
    """Reads one process: its rows (each one task, or the tasks that say they are of one row), then what leads where."""

    def __init__(self, file: _BpmnFile, process: Element, id: str) -> None:
        self.file, self.process, self.id = file, process, id
        self.nodes = {one.get("id"): one for one in process.iterchildren() if one.get("id")}
        self.outgoing: dict[str | None, list[Element]] = {}
        for flow in process.iterchildren(f"{_BPMN}sequenceFlow"):
            self.outgoing.setdefault(flow.get("sourceRef"), []).append(flow)
        self.followed = 0
        self.noted = {one.get("targetRef"): one.get("sourceRef") for one in process.iterchildren(f"{_BPMN}association")}
        self.lanes = list(self._list_lanes())
        self.rows = self._group_rows()
        self.row_of = {id: number for number, row in enumerate(self.rows, 1) for task in row if (id := task.get("id"))}
        own = {step: row[0] for row in self.rows if (step := self._said(row[0], "id"))}
        self.skips = {
            id: own[step]
            for id, node in self.nodes.items()
            if _kind(node) in _GATEWAYS and (step := self._said(node, "id")) in own
        }
        """The first task of the row that may be left out, by the gateway before it."""
        self.marks: list[list[tuple[str, str]]] = [[] for _ in self.rows]

    def read(self, *, first: bool) -> SopDraft:
        """The draft; the ``first`` of a file tells what belongs to no process."""
        if len(self.rows) > MOST_STEPS or len(self.lanes) > MOST_PELAKSANA:
            raise WrongError(
                f"{self.file.path.name} terlalu besar: satu SOP memuat paling banyak {MOST_STEPS} kegiatan "
                f"dan {MOST_PELAKSANA} pelaksana."
            )
        name = _clean(self.process.get("name")) or self.file.pools.get(self.process.get("id"), "")
        rows = tuple(self._read_row(number) for number in range(len(self.rows)))
        starts = self.process.iterchildren(f"{_BPMN}startEvent")
        begun = dict.fromkeys(self.row_of[way.to] for one in starts for way in self._follow(one) if way.to)
        pelaksana = [lane for lane, _ in self.lanes] or [name or _UNNAMED]
        marks = tuple(self._list_marks(name, first=first))
        return SopDraft(
            id=self.id, nama=name or self.id, pelaksana=tuple(pelaksana), rows=rows, marks=marks,
            start=tuple(begun), keys=tuple(self._list_keys()),
        )  # fmt: skip

    def _list_marks(self, name: str, *, first: bool) -> Iterator[tuple[str, str]]:
        """What is doubtful of the process as a whole."""
        for why in (*self._list_left(), *(self._list_message_flows() if first else ())):
            yield "bpmn", write_remark("bpmn", why)
        if not name:
            yield "nama", write_remark("nama", "proses ini tidak bernama")
        if not self.lanes:
            yield "pelaksana", write_remark("pelaksana", "proses ini tidak mempunyai jalur (lane)")

    def _list_lanes(self) -> Iterator[tuple[str, frozenset[str]]]:
        """The names of the innermost lanes and what stands in each."""
        for lane in self._find_lanes():
            name = _clean(lane.get("name")) or _clean(lane.get("id")) or _UNNAMED
            yield name, frozenset(_clean(one.text) for one in lane.iterchildren(f"{_BPMN}flowNodeRef"))

    def _list_keys(self) -> Iterator[str]:
        """The key of each pelaksana: that which an export of sopctl says, or its name."""
        for lane, (name, _) in zip(self._find_lanes(), self.lanes, strict=True):
            prefix, _, key = _clean(lane.get("id")).partition(".")
            yield key if key and prefix == "pelaksana" else name

    def _find_lanes(self) -> list[Element]:
        lanes = self.process.iter(f"{_BPMN}lane")
        return [lane for lane in lanes if lane.find(f"{_BPMN}childLaneSet/{_BPMN}lane") is None]

    def _lane_of(self, task: Element) -> int:
        return next((number for number, (_, ids) in enumerate(self.lanes) if task.get("id") in ids), 0)

    def _group_rows(self) -> list[list[Element]]:
        places = self.file.places
        written = [one for one in self.process.iterchildren() if _is_row(one)]
        tasks = list(written)
        if all(one.get("id") in places for one in tasks):
            tasks.sort(key=lambda one: places[one.get("id")])
        rows: dict[str, list[Element]] = {}
        for number, task in enumerate(tasks):
            rows.setdefault(self._said(task, "id") or f"\0{number}", []).append(task)
        place = {task: number for number, task in enumerate(written)}
        return [sorted(row, key=place.__getitem__) for row in rows.values()]

    def _own(self, node: Element, name: str) -> Element | None:
        found: Element | None = node.find(f"{_BPMN}extensionElements/{_OWN}{name}")
        return found

    def _said(self, node: Element, key: str) -> str:
        """What sopctl itself wrote at a node about its row; empty where it did not."""
        own = self._own(node, "langkah")
        return "" if own is None else _clean(own.get(key))

    def _follow(self, node: Element, passed: frozenset[str] = frozenset()) -> list[_Way]:
        """The tasks and ends to which a node leads, through gateways and events."""
        flows = self.outgoing.get(node.get("id"), [])
        forks = len(flows) > 1 and _is_parallel(node, flows)
        found = []
        for number, flow in enumerate(flows, 1):
            self._count_flow(passed)
            label = (_clean(flow.get("name")) or f"{_UNLABELLED}{number}",) if len(flows) > 1 and not forks else ()
            target = self.nodes.get(flow.get("targetRef"))
            if target is not None and target.get("id") not in passed:
                ways = self._reach(self.skips.get(target.get("id"), target), passed)
                found += [_Way((*label, *way.labels), way.to, way.forked or forks) for way in ways]
        return found

    def _count_flow(self, passed: frozenset[str]) -> None:
        self.followed += 1
        if self.followed > _MOST_FOLLOWED or len(passed) > _MOST_GATEWAYS:
            raise WrongError(
                f"{self.file.path.name} memuat terlalu banyak aliran dan gerbang bersambung; sederhanakan."
            )

    def _reach(self, target: Element, passed: frozenset[str]) -> list[_Way]:
        """The task or end that the target of a flow is, else those to which it leads."""
        if _is_row(target):
            return [_Way((), target.get("id"))]
        if _kind(target) == "endEvent" or not self.outgoing.get(target.get("id")):
            return [_Way((), None)]
        return self._follow(target, passed | {target.get("id")})

    def _read_row(self, number: int) -> DraftRow:
        tasks, marks = self.rows[number], self.marks[number]
        main = tasks[0]
        own = self._own(main, "langkah")
        for task in tasks:
            marks += self._list_doubts(task)
        exits, next_, decides = self._read_exits(number)
        kelengkapan, outputs = self._read_kelengkapan_and_output(main)
        output, *more_output = outputs or [""]
        kind = self._said(main, "jenis")
        return DraftRow(
            id=self._said(main, "id"),
            no=_clean(own.get("no")) if own is not None else None,
            kegiatan=_clean(main.get("name")) or _clean(main.get("id")) or _UNNAMED,
            pelaksana=tuple(dict.fromkeys(self._lane_of(task) + 1 for task in tasks)),
            together=self._said(main, "bersama") == "ya",
            optional=main in self.skips.values(),
            kind=kind if exits and kind in get_args(StepKind) else "",
            kelengkapan=tuple(kelengkapan),
            output=output,
            more_output=tuple(more_output),
            waktu=", ".join(self._read_texts(main, "waktu")),
            keterangan=", ".join(self._read_texts(main, "keterangan")),
            sop=self._read_call(number),
            exits=exits,
            next=next_,
            decides=decides,
            marks=tuple(marks),
        )

    def _read_kelengkapan_and_output(self, task: Element) -> tuple[list[str], list[str]]:
        """Kelengkapan and outputs of a row: as sopctl wrote them, else the data objects of its task."""
        if self._own(task, "langkah") is None:
            return self._list_data_objects(task, "Input"), self._list_data_objects(task, "Output")
        return self._read_texts(task, "kelengkapan"), self._read_texts(task, "output")

    def _read_call(self, number: int) -> str:
        """The SOP that a row calls, as YAML; marked where it cannot be one."""
        task = next((one for one in self.rows[number] if one.get("calledElement")), self.rows[number][0])
        called = _clean(task.get("calledElement"))
        called = (called.partition(":")[2] or called).removeprefix("sop.")
        if called and id_complaint(called):
            self._mark(number, "sop", f"memanggil proses '{called}', yang bukan id SOP")
            return ""
        written = write_scalar(called, flow=True) if called else ""
        return f"{{id: {written}, optional: ya}}" if called and self._said(task, "panggilan") == "boleh" else written

    def _read_texts(self, task: Element, key: str) -> list[str]:
        found = task.iterfind(f"{_BPMN}extensionElements/{_OWN}{key}")
        return [text for one in found if (text := _clean(one.text))]

    def _list_data_objects(self, task: Element, way: str) -> list[str]:
        """The names of the data objects that a task takes in or puts out."""
        ref = "sourceRef" if way == "Input" else "targetRef"
        refs = task.iterfind(f"{_BPMN}data{way}Association/{_BPMN}{ref}")
        found = (self.nodes.get(_clean(one.text)) for one in refs)
        return [name for one in found if one is not None and (name := _clean(one.get("name")))]

    def _list_doubts(self, task: Element) -> Iterator[tuple[str, str]]:
        kind = _kind(task)
        if kind in _OTHER_TASKS:
            yield "kegiatan", write_remark("kegiatan", f"pada BPMN ini {_OTHER_TASKS[kind]}")
        if not _clean(task.get("name")):
            yield "kegiatan", write_remark("kegiatan", "kegiatan ini tidak bernama")
        if any(_kind(one) in {"standardLoopCharacteristics", "multiInstanceLoopCharacteristics"} for one in task):
            yield "kegiatan", write_remark("kegiatan", "pada BPMN kegiatan ini berulang")
        if self.lanes and not any(task.get("id") in ids for _, ids in self.lanes):
            yield "pelaksana", write_remark("pelaksana", "kegiatan ini tidak berada pada jalur mana pun")

    def _read_exits(self, number: int) -> tuple[Exits, tuple[int, ...], tuple[tuple[int, Exits], ...]]:
        """Branches, rows that follow, and who decides; what an SOP cannot say is marked."""
        *earlier, last = self.rows[number]
        ways = self._follow(last)
        exits = self._name_exits(number, [way for way in ways if way.labels])
        plain = list(dict.fromkeys(self.row_of.get(way.to) for way in ways if not way.labels))
        if any(way.forked and way.labels for way in ways) or (exits and plain):
            self._mark(number, "branches", "cabang dan kegiatan serentak bercampur; periksa ke mana baris ini menuju")
        if len(exits) == 1:
            plain = list(dict.fromkeys((*plain, exits[0][1])))
            exits = ()
        if len(plain) > 1 and not any(way.forked for way in ways):
            self._mark(number, "next", "beberapa aliran keluar tanpa gerbang; dibaca sebagai serentak")
        deciding = tuple(self._read_deciders(number, exits, plain)) if earlier else ()
        if deciding and all(len(held) > 1 for _, held in deciding):
            return deciding[-1][1], (), deciding
        if exits:
            return exits, (), ()
        if not plain:
            self._mark(number, "next", "tidak ada aliran yang keluar dari kegiatan ini")
        next_ = tuple(to or len(self.rows) + 1 for to in plain or [None])
        return (), () if next_ == (number + 2,) else next_, ()

    def _read_deciders(self, number: int, exits: Exits, plain: Sequence[int | None]) -> Iterator[tuple[int, Exits]]:
        """Who of a row decides, each with the exits of its own; ``exits`` are those behind the last task."""
        tasks = self.rows[number]
        deciding = [at for at, task in enumerate(tasks) if self._said(task, "memutuskan")]
        together = self._said(tasks[0], "bersama") == "ya"
        apart = any(self._said(tasks[at], "memutuskan") == "sendiri" for at in deciding)
        if together and apart:
            self._mark(number, "branches", "masing-masing memutuskan dengan cabangnya sendiri, yang di sini bercampur")
        onward = exits[0][1] if exits else (plain or [None])[0]
        held = {at: exits if together else self._join_exits(number, at, exits, onward) for at in deciding}
        for at in deciding:
            yield self._lane_of(tasks[at]) + 1, held[at if apart else deciding[-1]]

    def _join_exits(self, number: int, at: int, exits: Exits, onward: int | None) -> Exits:
        """The exits of one who decides: forward as the next in the row, or as the row leads on, and back."""
        tasks = self.rows[number]
        if at == len(tasks) - 1:
            return exits
        later = {one.get("id") for one in tasks[at + 1 :]}
        ways = [way for way in self._follow(tasks[at]) if way.labels]
        back = self._name_exits(number, [way for way in ways if way.to not in later])
        if exits and not any(self._said(task, "memutuskan") for task in tasks[at + 1 :]):
            return (*exits, *back)
        return (*((", ".join(way.labels), onward) for way in ways if way.to in later), *back)

    def _name_exits(self, number: int, ways: Sequence[_Way]) -> Exits:
        """The branches of some ways, each under a label of its own; a lone one is none."""
        exits: dict[str, int | None] = {}
        for way in ways:
            label = ", ".join(way.labels)
            if any(part.startswith(_UNLABELLED) for part in way.labels):
                self._mark(number, "branches", f"cabang tanpa label disebut '{label}'")
            if label in exits and exits[label] != self.row_of.get(way.to):
                self._mark(number, "branches", f"cabang '{label}' menuju lebih dari satu tempat")
                label = f"{label} ({len(exits) + 1})"
            exits[label] = self.row_of.get(way.to)
        return tuple(exits.items())

    def _mark(self, number: int, key: str, why: str) -> None:
        self.marks[number].append((key, write_remark(key, why)))

    def _list_left(self) -> Iterator[str]:
        """What the draft does not say, by name and id."""
        for one in self.process.iterchildren(f"{_BPMN}*"):
            kind = _kind(one)
            state = one.find(f"{_BPMN}dataState")
            if state is not None:
                yield f"keadaan dokumen {_name(one)} ({_clean(state.get('name'))}) tidak diambil; tulis documents"
            when = self._own(one, "syarat")
            if when is not None:
                yield f"syarat '{_clean(when.text)}' pada aliran {_name(one)} tidak diambil; tulis when"
            if kind in _KINDS and not self._is_said(one):
                trigger = next((_kind(child) for child in one if _kind(child).endswith("EventDefinition")), "")
                shown = f" ({trigger.removesuffix('EventDefinition')})" if trigger else ""
                yield f"{_KINDS[kind]}{shown} {_name(one)} tidak diambil"

    def _is_said(self, one: Element) -> bool:
        """Whether an element has a meaning in the draft: a plain start or end, what sopctl itself writes of waktu."""
        kind = _kind(one)
        if kind in {"startEvent", "endEvent"}:
            terminates = one.find(f"{_BPMN}terminateEventDefinition") is not None
            return terminates or not any(_kind(child).endswith("EventDefinition") for child in one)
        at = {"boundaryEvent": one.get("attachedToRef"), "textAnnotation": self.noted.get(one.get("id"))}.get(kind)
        task = self.nodes.get(at)
        return task is not None and self._own(task, "waktu") is not None

    def _list_message_flows(self) -> Iterator[str]:
        flows = self.file.root.iterfind(f"{_BPMN}collaboration/{_BPMN}messageFlow")
        yield from (f"{_KINDS['messageFlow']} {_name(flow)} tidak diambil" for flow in flows)
        known = {one.get("id") for one in self.file.root.iterchildren(f"{_BPMN}process") if any(map(_is_row, one))}
        for pool in self.file.root.iterfind(f"{_BPMN}collaboration/{_BPMN}participant"):
            if pool.get("processRef") not in known:
                yield f"kolam {_name(pool)} tidak diambil, karena tidak memuat kegiatan"


def _name(element: Element) -> str:
    """An element by its name, or what it says, and its id."""
    said = element.get("name") or element.findtext(f"{_BPMN}text")
    return f"'{_clean(said) or _UNNAMED}' [{_clean(element.get('id')) or 'tanpa id'}]"


def _read_place(frame: Element) -> tuple[float, float]:
    """Where a shape begins, from the left and from the top."""
    try:
        return float(frame.get("x", 0)), float(frame.get("y", 0))
    except ValueError:
        return 0.0, 0.0
