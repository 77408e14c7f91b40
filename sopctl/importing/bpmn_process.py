"""One process of a BPMN file: its lanes, its tasks as rows, and which of them follow each other."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from lxml.etree import _Element as Element  # type: ignore[import-untyped]
from msgspec import Struct

from sopctl.errors import WrongError
from sopctl.importing.bpmn_xml import BPMN, UNNAMED, clean_text, find_kind, is_row, read_row_key

UNLABELLED = "cabang "
"""What a branch without a label is called, with its number."""

_MOST_FOLLOWED, _MOST_GATEWAYS = 50_000, 300
"""Flows that are followed for one process at most, as ways multiply, and gateways and events one behind the other."""

_GATEWAYS = {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"}


class Lane(Struct, frozen=True):
    """A lane that is divided no further: its name, the key of the pelaksana, and the ids of what stands in it."""

    name: str
    key: str
    nodes: frozenset[str]


class BpmnWay(Struct, frozen=True):
    """Where a flow leads: to a task (its element id) or the end (None), under which labels, at once with others."""

    labels: tuple[str, ...]
    to: str | None
    forked: bool = False


class SeenProcess:
    """A process.

    ``rows`` are one task each, or the tasks that say they are of one row; ``row_of`` is the row of a task, from 1, by
    its id. ``skips`` is the first task of the row that may be left out, by the gateway before it.
    """

    def __init__(self, source: str, process: Element, places: Mapping[str, tuple[float, float]]) -> None:
        """The process of the file ``source``; ``places`` tell where each of its tasks is drawn."""
        self.source, self.element = source, process
        self.nodes = {one.get("id"): one for one in process.iterchildren() if one.get("id")}
        self.lanes = list(_list_lanes(process))
        self.rows = _group_rows([one for one in process.iterchildren() if is_row(one)], places)
        self.row_of = {id: number for number, row in enumerate(self.rows, 1) for task in row if (id := task.get("id"))}
        first = {step: row[0] for row in self.rows if (step := read_row_key(row[0], "id"))}
        gateways = [(id, read_row_key(node, "id")) for id, node in self.nodes.items() if find_kind(node) in _GATEWAYS]
        self.skips = {id: first[step] for id, step in gateways if step in first}
        self._outgoing: defaultdict[str | None, list[Element]] = defaultdict(list)
        for flow in process.iterchildren(f"{BPMN}sequenceFlow"):
            self._outgoing[flow.get("sourceRef")].append(flow)
        self._followed = 0

    def find_lane(self, task: Element) -> int | None:
        """The lane, from 1, in which a task stands."""
        return next((number for number, lane in enumerate(self.lanes, 1) if task.get("id") in lane.nodes), None)

    def follow(self, node: Element, passed: frozenset[str] = frozenset()) -> list[BpmnWay]:
        """The tasks and ends to which a node leads, through gateways and events.

        Raises:
            WrongError: where too many flows or gateways have to be followed.
        """
        flows = self._outgoing[node.get("id")]
        forks = len(flows) > 1 and _is_parallel(node, flows)
        found = []
        for number, flow in enumerate(flows, 1):
            self._count_flow(passed)
            label = (clean_text(flow.get("name")) or f"{UNLABELLED}{number}",) if len(flows) > 1 and not forks else ()
            target = self.nodes.get(flow.get("targetRef"))
            if target is not None and target.get("id") not in passed:
                ways = self._reach(self.skips.get(target.get("id"), target), passed)
                found += [BpmnWay((*label, *way.labels), way.to, way.forked or forks) for way in ways]
        return found

    def _count_flow(self, passed: frozenset[str]) -> None:
        self._followed += 1
        if self._followed > _MOST_FOLLOWED or len(passed) > _MOST_GATEWAYS:
            raise WrongError(f"{self.source} memuat terlalu banyak aliran dan gerbang bersambung; sederhanakan.")

    def _reach(self, target: Element, passed: frozenset[str]) -> list[BpmnWay]:
        """The task or end that the target of a flow is, else those to which it leads."""
        id = target.get("id")
        if is_row(target):
            return [BpmnWay((), id)]
        if find_kind(target) == "endEvent" or not self._outgoing[id]:
            return [BpmnWay((), None)]
        return self.follow(target, passed | {id})


def _list_lanes(process: Element) -> Iterator[Lane]:
    """The innermost lanes; the key is that which an export of sopctl says, or the name."""
    for lane in process.iter(f"{BPMN}lane"):
        if lane.find(f"{BPMN}childLaneSet/{BPMN}lane") is None:
            id = clean_text(lane.get("id"))
            name = clean_text(lane.get("name")) or id or UNNAMED
            prefix, _, key = id.partition(".")
            nodes = frozenset(clean_text(one.text) for one in lane.iterchildren(f"{BPMN}flowNodeRef"))
            yield Lane(name, key if key and prefix == "pelaksana" else name, nodes)


def _group_rows(tasks: Sequence[Element], places: Mapping[str, tuple[float, float]]) -> list[list[Element]]:
    """The rows from left to right, where all tasks are drawn; the tasks of a row stand as they are written."""
    drawn = all(task.get("id") in places for task in tasks)
    rows: dict[str, list[Element]] = {}
    for number, task in enumerate(sorted(tasks, key=lambda one: places[one.get("id")]) if drawn else tasks):
        rows.setdefault(read_row_key(task, "id") or f"\0{number}", []).append(task)
    written = {task: number for number, task in enumerate(tasks)}
    return [sorted(row, key=written.__getitem__) for row in rows.values()]


def _is_parallel(node: Element, flows: Sequence[Element]) -> bool:
    """Whether the flows out of a node, where there are several, are all taken."""
    if find_kind(node) in _GATEWAYS:
        return find_kind(node) == "parallelGateway"
    return not any(flow.find(f"{BPMN}conditionExpression") is not None for flow in flows)
