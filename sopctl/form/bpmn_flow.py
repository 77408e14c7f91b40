"""The flow of an SOP in the elements of BPMN 2.0: events, tasks, gateways and the flows between them, without places.

A row is a task for each pelaksana, one after the other, or between parallel gateways where they act together. A diamond
is an exclusive gateway behind the task of who decides. Rows at the same time begin at a parallel gateway and end at
another before the row where they meet. A row that may be left out stands behind an exclusive gateway.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from sopctl.form.flow_graph import FINISH, START
from sopctl.sop.model import END, Branch, Sop, Step

NodeType = Literal["start", "end", "terminate", "task", "exclusive", "parallel"]

MOST_LINES = 5
"""Flows that reach a node, or leave it: for more, another gateway stands before or behind it."""

DONE, LEFT_OUT = "dikerjakan", "dilewati"
"""The labels of the gateway before a row that may be left out."""


class BpmnNode(Struct, frozen=True, kw_only=True):
    """A node: ``row`` and ``lane`` count from 0, ``slot`` is its place within the row.

    An end ``under`` its gateway hangs there, in its ``depth``, counted from 1. A task has its ``step`` and its
    ``pelaksana``, and says whether it is the ``first`` and the ``main`` one of its row; the gateway before a row that
    may be left out has the ``step``, too.
    """

    id: str
    type: NodeType
    row: int
    lane: int
    slot: int = 0
    name: str = ""
    under: str = ""
    depth: int = 0
    step: Step | None = None
    pelaksana: str = ""
    first: bool = False
    main: bool = False


class BpmnFlow(Struct):
    """A sequence flow; ``condition`` is what is decided, ``when`` the SOP's own condition.

    Where it hands work back that is done at the same time elsewhere, it ``withdraws`` that.
    """

    source: str
    target: str = ""
    label: str = ""
    condition: str = ""
    when: str = ""
    withdraws: bool = False


class BpmnProcess(Struct, frozen=True):
    """All nodes, row by row, and all flows."""

    nodes: tuple[BpmnNode, ...]
    flows: tuple[BpmnFlow, ...]


class _LeavingFlow(Struct, frozen=True):
    """A flow that leaves a row for another one or the end."""

    flow: BpmnFlow
    row: int
    to: str
    back: bool = False
    forks: bool = False


def build_process(sop: Sop) -> BpmnProcess:
    """The nodes and flows of an SOP that was read without mistakes; the same SOP gives the same ids."""
    return _ProcessBuilder(sop).build()


def name_variable(kind: str, *ids: str) -> str:
    """The name of what a gateway asks for, as languages of expressions take it."""
    return "_".join((kind, *(id.replace("-", "_") for id in ids)))


def _compare(variable: str, *labels: str) -> str:
    return " or ".join(f"{variable} == {msgspec.json.encode(label).decode()}" for label in labels)


def _end_at(flows: Iterable[BpmnFlow], target: str) -> None:
    """Let the flows end at a node."""
    for flow in flows:
        flow.target = target


class _ProcessBuilder:
    """Adds the rows from the top, then what stands before and behind them."""

    def __init__(self, sop: Sop) -> None:
        self.sop = sop
        self.lanes = {key: number for number, key in enumerate(sop.pelaksana)}
        self.rows: list[list[list[BpmnNode]]] = [[] for _ in sop.steps]
        """The nodes of each row, slot by slot."""
        self.flows: list[BpmnFlow] = []
        self.exits: list[_LeavingFlow] = []
        self.entries: dict[str, str] = {}
        self.entering: dict[str, list[BpmnFlow]] = {}
        self.forking: list[BpmnFlow] = []
        """What leads on from the row at hand to several at the same time."""

    def build(self) -> BpmnProcess:
        self._add_start()
        for row, step in enumerate(self.sop.steps):
            self._add_row(row, step)
        for row, step in enumerate(self.sop.steps):
            self._enter_row(row, step)
        for exit_ in self.exits:
            if exit_.to == END:
                self._add_end(exit_)
        nodes = [
            msgspec.structs.replace(node, slot=slot)
            for groups in self.rows
            for slot, group in enumerate(groups)
            for node in group
        ]
        return BpmnProcess(tuple(nodes), tuple(self.flows))

    def _add_node(self, row: int, type_: NodeType, id: str, lane: int, step: Step | None = None) -> str:
        """Add a node in a slot of its own, behind those of its row; its id."""
        name = START if type_ == "start" else ""
        self.rows[row].append([BpmnNode(id=id, type=type_, row=row, lane=lane, name=name, step=step)])
        return id

    def _add_flow(self, source: str, label: str = "", condition: str = "", when: str = "") -> BpmnFlow:
        flow = BpmnFlow(source, label=label, condition=condition, when=when)
        self.flows.append(flow)
        return flow

    def _connect(self, flows: Sequence[BpmnFlow], target: str) -> list[BpmnFlow]:
        """Lead the flows to a node; the flow that leaves it."""
        _end_at(flows, target)
        return [self._add_flow(target)]

    def _add_start(self) -> None:
        starts = self.sop.start or (self.sop.steps[0].id,)
        row, lane = self.sop.row(starts[0]), self._find_lane(self.sop.step(starts[0]))
        opened = [self._add_flow(self._add_node(row, "start", "mulai", lane))]
        if len(starts) > 1:
            _end_at(opened, self._add_node(row, "exclusive", "pilihan.mulai", lane))
            numbers = [self.sop.step(id).no for id in starts]
            known = all(numbers) and len(set(numbers)) == len(numbers)
            labels = [f"langkah {no if known else id}" for no, id in zip(numbers, starts, strict=True)]
            opened = [self._add_flow("pilihan.mulai", label, _compare("mulai", label)) for label in labels]
        for id, flow in zip(starts, opened, strict=True):
            self.entering.setdefault(id, []).append(flow)

    def _find_lane(self, step: Step, *, last: bool = False) -> int:
        return self.lanes[step.pelaksana[-1 if last else 0]]

    def _add_row(self, row: int, step: Step) -> None:
        self.start_slots = len(self.rows[row])
        opened = self._add_skip(row, step)
        if step.together and len(step.pelaksana) > 1:
            self._add_together(row, step, opened)
        else:
            self._add_chain(row, step, opened)
        self.entries[step.id] = self.rows[row][self.start_slots][0].id

    def _add_skip(self, row: int, step: Step) -> list[BpmnFlow]:
        """The gateway before a row that may be left out, and the flow to its task."""
        if step.optional is None or not step.optional.allowed:
            return []
        gateway = self._add_node(row, "exclusive", f"lewati.{step.id}", self._find_lane(step), step)
        variable = name_variable("lewati", step.id)
        seen = step.seen_by(step.decider) if step.decides else step
        onward = self.sop.ways_on(seen)
        if not any(branch.when for branch in seen.branches):
            onward = onward[:1]
        opened = [self._add_flow(gateway, DONE, _compare(variable, DONE))]
        for branch in onward or (None,):
            label = f"{LEFT_OUT}: {branch.label}" if branch and len(onward) > 1 else LEFT_OUT
            flow = self._add_flow(gateway, label, _compare(variable, label), step.optional.when or "")
            targets = (branch.to,) if branch else self.sop.exits(step)
            self._leave(row, [flow], targets)
        return opened

    def _leave(self, row: int, flows: Sequence[BpmnFlow], targets: Sequence[str], *, back: bool = False) -> None:
        """Let flows leave a row; where it forks, by the gateway that its task and its skip share."""
        if len(targets) == 1:
            self.exits += [_LeavingFlow(flow, row, targets[0], back=back) for flow in flows]
        else:
            self.forking += flows

    def _make_task(self, row: int, step: Step, who: str) -> BpmnNode:
        several = len(step.pelaksana) > 1
        return BpmnNode(
            id=f"kegiatan.{step.id}.{who}" if several else f"kegiatan.{step.id}",
            type="task",
            row=row,
            lane=self.lanes[who],
            name=" ".join(step.kegiatan.split()),
            step=step,
            pelaksana=who,
            first=who == step.pelaksana[0],
            main=who == step.decider,
        )

    def _add_chain(self, row: int, step: Step, opened: list[BpmnFlow]) -> None:
        """The tasks of who act one after the other, each diamond behind its task."""
        last = next(reversed(step.decides), "")
        for who in step.pelaksana:
            task = self._make_task(row, step, who)
            self.rows[row].append([task])
            opened = self._connect(opened, task.id)
            if who in step.decides and not (who == last == step.pelaksana[-1]):
                opened = self._add_back_gateway(row, step, who, opened)
        if not step.decides:
            self._leave_row(row, step, opened)
        else:
            self._decide(row, step, last, opened)

    def _add_back_gateway(self, row: int, step: Step, who: str, opened: list[BpmnFlow]) -> list[BpmnFlow]:
        """The gateway of somebody who may hand the row back, else on to the next in it."""
        seen = step.seen_by(who)
        onward, back = self.sop.ways_on(seen), self.sop.rejections(seen)
        if not back:
            return opened
        gateway = self._add_gateway(row, step, who, opened)
        self._add_branches(row, step, who, gateway, back)
        labels = [branch.label for branch in onward]
        return [self._add_flow(gateway, " / ".join(labels), _compare(self._name_variable(step, who), *labels))]

    def _decide(self, row: int, step: Step, who: str, opened: list[BpmnFlow]) -> None:
        """The exits of the last who decides, behind the task of who acts last."""
        seen = step.seen_by(who)
        branches = seen.branches if who == step.pelaksana[-1] else self.sop.ways_on(seen)
        if len(branches) == 1 and who != step.pelaksana[-1]:
            self._leave(row, opened, [branches[0].to])
            return
        gateway = self._add_gateway(row, step, step.pelaksana[-1], opened)
        self._add_branches(row, step, who, gateway, branches)

    def _add_gateway(self, row: int, step: Step, who: str, opened: Sequence[BpmnFlow]) -> str:
        gateway = self._add_node(row, "exclusive", f"putusan.{step.id}.{who}", self.lanes[who])
        _end_at(opened, gateway)
        return gateway

    def _name_variable(self, step: Step, who: str) -> str:
        return name_variable("putusan", step.id, *((who,) if len(step.decides) > 1 else ()))

    def _add_branches(self, row: int, step: Step, who: str, gateway: str, branches: Sequence[Branch]) -> None:
        for branch in branches:
            condition = _compare(self._name_variable(step, who), branch.label)
            flow = self._add_flow(gateway, branch.label, condition, branch.when or "")
            back = self.sop.rejects(step.seen_by(who), branch)
            withdrawn = self.sop.beside.get(step.id, frozenset()) - self.sop.beside.get(branch.to, frozenset())
            flow.withdraws = back and branch.to != END and bool(withdrawn)
            self._leave(row, [flow], [branch.to], back=back)

    def _add_together(self, row: int, step: Step, opened: list[BpmnFlow]) -> None:
        """The tasks of who act together, between two parallel gateways; then what they decide."""
        split = self._add_node(row, "parallel", f"bersama.{step.id}", self._find_lane(step))
        _end_at(opened, split)
        tasks = [self._make_task(row, step, who) for who in step.pelaksana]
        self.rows[row].append(tasks)
        done = []
        for task in tasks:
            self._add_flow(split).target = task.id
            done.append(self._add_flow(task.id))
        joined = self._connect(
            done, self._add_node(row, "parallel", f"selesai.{step.id}", self._find_lane(step, last=True))
        )
        if not step.decides:
            self._leave_row(row, step, joined)
            return
        *others, last = step.decides
        gateway = self._add_gateway(row, step, last, joined)
        for who in [who for who in others if step.decides[who] != step.decides[last]]:
            self._add_branches(row, step, who, gateway, self.sop.rejections(step.seen_by(who)))
        self._add_branches(row, step, last, gateway, step.seen_by(last).branches)

    def _leave_row(self, row: int, step: Step, opened: Sequence[BpmnFlow]) -> None:
        """Let a row without branches lead on: to one row, to several at the same time, or to the end."""
        targets = self.sop.exits(step)
        self._leave(row, opened, targets)
        if len(targets) > 1:
            waiting, self.forking = self.forking, []
            self._fork(row, step, waiting, targets)

    def _fork(self, row: int, step: Step, waiting: list[BpmnFlow], targets: Sequence[str]) -> None:
        lane = self._find_lane(step, last=True)
        if len(waiting) > 1:
            waiting = self._connect(waiting, self._add_node(row, "exclusive", f"lanjut.{step.id}", lane))
        rest, number = list(targets), 1
        while rest:
            gateway = self._add_node(row, "parallel", f"serentak.{step.id}.{number}", lane)
            _end_at(waiting, gateway)
            take = len(rest) if len(rest) <= MOST_LINES else MOST_LINES - 1
            arms = [self._add_flow(gateway) for _ in rest[:take]]
            self.exits += [_LeavingFlow(flow, row, to, forks=True) for flow, to in zip(arms, rest, strict=False)]
            rest, number = rest[take:], number + 1
            waiting = [self._add_flow(gateway)] if rest else []

    def _enter_row(self, row: int, step: Step) -> None:
        """Lead what comes to a row to its first node: arms of a fork by a parallel gateway, many lines by others."""
        coming = [exit_ for exit_ in self.exits if exit_.to == step.id]
        arms = self._group_arms(coming)
        joined = {id(exit_.flow) for arm in arms for exit_ in arm}
        flows = [*self.entering.get(step.id, ()), *(one.flow for one in coming if id(one.flow) not in joined)]
        before = len(self.rows[row])
        entry = self.entries[step.id]
        if arms:
            lines = [self._gather(row, step, [one.flow for one in arm], f"cabang.{step.id}.{number}")
                     for number, arm in enumerate(arms, 1)]  # fmt: skip
            flows += self._gather(row, step, [line for one in lines for line in one], f"temu.{step.id}", "parallel")
        parallel = any(node.id == entry and node.type == "parallel" for group in self.rows[row] for node in group)
        if len(flows) > (1 if parallel else MOST_LINES):
            flows = self._gather(row, step, flows, f"gabung.{step.id}")
        _end_at(flows, entry)
        added = len(self.rows[row]) - before
        self._move_before(row, entry, added)

    def _move_before(self, row: int, entry: str, added: int) -> None:
        """Put the slots that were added last before the one of the entry."""
        groups = self.rows[row]
        new, rest = groups[len(groups) - added :], groups[: len(groups) - added]
        at = next(number for number, group in enumerate(rest) if any(node.id == entry for node in group))
        self.rows[row] = [*rest[:at], *new, *rest[at:]]

    def _gather(
        self, row: int, step: Step, flows: list[BpmnFlow], id: str, type_: NodeType = "exclusive"
    ) -> list[BpmnFlow]:
        """One flow for several, behind as many gateways as they need."""
        number = 1
        while len(flows) > 1:
            gateway = self._add_node(row, type_, f"{id}.{number}", self._find_lane(step))
            flows, number = [*self._connect(flows[:MOST_LINES], gateway), *flows[MOST_LINES:]], number + 1
        return flows

    def _group_arms(self, coming: Sequence[_LeavingFlow]) -> list[list[_LeavingFlow]]:
        """What arrives at the same time, by the arm that it comes from; empty where nothing does."""
        ways = [one for one in coming if not one.back]
        meeting = [one for one in ways if any(self._runs_beside(one, other) for other in ways)]
        arms: list[list[_LeavingFlow]] = []
        for one in meeting:
            same = [arm for arm in arms if any(not self._runs_beside(one, other) for other in arm)]
            arms = [*(arm for arm in arms if arm not in same), [*(other for arm in same for other in arm), one]]
        return arms

    def _runs_beside(self, one: _LeavingFlow, other: _LeavingFlow) -> bool:
        step, its = self.sop.steps[one.row].id, self.sop.steps[other.row].id
        if its in self.sop.beside.get(step, ()):
            return True
        return any(
            (fork.row == step and one.forks and its in fork.rows)
            or (fork.row == its and other.forks and step in fork.rows)
            for fork in self.sop.forks
        )

    def _add_end(self, exit_: _LeavingFlow) -> None:
        """The end event of an exit: behind its task, or under its gateway."""
        group = next(group for group in self.rows[exit_.row] if any(node.id == exit_.flow.source for node in group))
        source = next(node for node in group if node.id == exit_.flow.source)
        cuts = exit_.back and bool(self.sop.beside.get(self.sop.steps[exit_.row].id))
        depth = sum(node.under == source.id for node in group) + 1 if source.type == "exclusive" else 0
        node = BpmnNode(
            id=f"selesai.{source.id}.{depth}" if depth else f"selesai.{source.id}",
            type="terminate" if cuts else "end",
            row=exit_.row,
            lane=source.lane,
            name=FINISH,
            under=source.id if depth else "",
            depth=depth,
        )
        exit_.flow.target = node.id
        if depth:
            group.append(node)
        else:
            self.rows[exit_.row].append([node])
