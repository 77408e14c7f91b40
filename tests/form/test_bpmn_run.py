"""What `form --bpmn` writes runs in an engine of BPMN as sopctl runs it: the same steps in the same order.

SpiffWorkflow 3.2 joins the arms of a fork too early when the case comes there again: it counts those of the first time.
So it goes the ways that come to each fork once, and `TokenGame`, which is what the standard says of the few elements
that sopctl writes, goes all.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Protocol

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree  # type: ignore[import-untyped]
from msgspec.structs import replace
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from sopctl.engine import moves, skipping
from sopctl.engine.case import Case
from sopctl.engine.events import Started
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.form.bpmn import process_id, write_bpmn
from sopctl.form.bpmn_flow import DONE, LEFT_OUT, name_variable
from sopctl.sop.decode import read_sop
from sopctl.sop.model import END, PAIR, Sop, Step
from tests.form.rich_sops import LONG_FORM, rich_sops

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SOPS = sorted((Path(__file__).parents[2] / "sops").glob("*.yaml"))
AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
FORKED = """
id: serentak
nama: Serentak
pelaksana: {a: Petugas, b: Kepala Bidang, c: Kepala Dinas}
steps:
  - {id: bagi, kegiatan: Membagi, pelaksana: a, next: [kiri, kanan, tengah]}
  - {id: kiri, kegiatan: Kiri, pelaksana: a, branches: {langsung: temu, dahulu: kiri-lagi}, kind: choice}
  - {id: kiri-lagi, kegiatan: Kiri lagi, pelaksana: [b, c], next: temu}
  - {id: kanan, kegiatan: Kanan, pelaksana: b, branches: {ya: temu, batal: end}, kind: approval}
  - {id: tengah, kegiatan: Tengah, pelaksana: c, next: temu, optional: ya, waktu: 3 hari kalender}
  - {id: temu, kegiatan: Bertemu, pelaksana: [a, c], together: ya, branches: {ya: akhir, tidak: temu}}
  - {id: akhir, kegiatan: Menerima, pelaksana: a, sop: lain}
"""
CALLED = """
id: lain
nama: Yang dipanggil
pelaksana: {z: Petugas Lain}
steps:
  - {id: layani, kegiatan: Melayani, pelaksana: z}
"""
LONG_WALK = 60
"""Acts after which a walk takes the first exit everywhere."""

Act = tuple[str, str, str]
"""Step, pelaksana and the label that was chosen, empty where nothing was; nobody chooses whether a row is done."""


def read(text: str) -> Sop:
    sop, problems = read_sop(text.encode(), "sops/uji.yaml")
    assert sop, problems
    return sop


def opened(sop: Sop, start: str) -> Case:
    """A case of the SOP without what stops a walk: fields, items to confirm, other SOPs."""
    steps = tuple(replace(step, kelengkapan=(), sop=None, not_by=()) for step in sop.steps)
    plain = replace(sop, fields={}, documents={}, steps=tuple(replace(step, document=None) for step in steps))
    return Case.opened(plain, "uji-1", "0" * 64, Started(at=AT, recorded_at=AT, by="a", step=start, subject="Uji"))


def choices(case: Case, done: tuple[Act, ...], *, once: bool) -> list[Act]:
    """What may happen next; of a row that may be left out it is settled as soon as the case comes there.

    With ``once`` nothing leads back over a fork.
    """
    found = []
    for state in case.state.rows:
        step = case.sop.step(state.visit.step)
        settled = sum(id == step.id and label in {DONE, LEFT_OUT} for id, _, label in done)
        if step.optional and state.visit.round > settled:
            skips = len(step.branches) <= PAIR  # of more exits sopctl takes none by itself
            return [(step.id, "", DONE), *([(step.id, "", LEFT_OUT)] if skips else [])]
        for who in state.turn:
            alone = not step.together or state.turn == (who,)
            found += [(step.id, who, label) for label in labels(case.sop, step, who, alone=alone, once=once)]
    return found


def labels(sop: Sop, step: Step, who: str, *, alone: bool, once: bool) -> Iterator[str]:
    """What somebody may choose, but what BPMN cannot do: call other rows back, or reject before all have acted."""
    if who not in step.decides:
        yield ""
        return
    seen = step.seen_by(who)
    for branch in seen.branches:
        to = branch.to
        passed = sop.steps[sop.row(to) : sop.row(step.id) + 1] if to != END else ()
        again = once and any(one.together or len(one.next) > 1 for one in passed)
        called_back = to != END and sop.beside.get(step.id, frozenset()) - sop.beside.get(to, frozenset())
        if not again and not (sop.rejects(seen, branch) and (called_back or not alone)):
            yield branch.label


def after(case: Case, act: Act, number: int) -> Case:
    """The case after an act."""
    id, who, label = act
    if label == DONE:
        return case
    at = case.at(id)
    now = AT + timedelta(minutes=number + 1)
    request = Request(at=now, now=now, by="a", as_=who or at.state.turn[0], note="uji")
    if label == LEFT_OUT:
        event: Any = skipping.skip(case.sop, at.state, request)
    elif label:
        event = moves.decide(case.sop, at.state, request, label)
    else:
        event = moves.approve(case.sop, at.state, request)
    assert not isinstance(event, Refused), event
    return case.after(event)


def walks(case: Case, done: tuple[Act, ...] = ()) -> Iterator[tuple[Act, ...]]:
    """Every way through an SOP that takes no exit twice, in every order, as sopctl's engine goes."""
    if case.state.step is None:
        yield done
    else:
        for act in choices(case, done, once=True):
            if not (act[2] and act in done):
                yield from walks(after(case, act, len(done)), (*done, act))


def wander(case: Case, seed: int, *, once: bool) -> tuple[Act, ...]:
    """One way through an SOP; after a while it takes the first exit everywhere."""
    done: tuple[Act, ...] = ()
    random = Random(seed)  # noqa: S311 — no secret
    while case.state.step is not None:
        found = choices(case, done, once=once)
        act = found[0] if len(done) > LONG_WALK else random.choice(found)
        case, done = after(case, act, len(done)), (*done, act)
    return done


def name_task(step: Step, who: str) -> str:
    return f"kegiatan.{step.id}.{who}" if len(step.pelaksana) > 1 else f"kegiatan.{step.id}"


def asked(sop: Sop, act: Act) -> dict[str, str]:
    """What the gateway behind a task asks for; of those who reject together it asks the last who decides."""
    id, who, label = act
    step = sop.step(id)
    if not label:
        return {}
    (branch,) = (branch for branch in step.decides[who] if branch.label == label)
    if step.together and step.decides[who] == step.decides[step.decider] and sop.rejects(step.seen_by(who), branch):
        who = step.decider
    return {name_variable("putusan", id, *((who,) if len(step.decides) > 1 else ())): label}


def look_ahead(way: tuple[Act, ...]) -> dict[str, str]:
    """Of each row that may be left out, whether it is when the case comes there next."""
    return {name_variable("lewati", id): label for id, who, label in reversed(way) if not who}


class Engine(Protocol):
    """A case in an engine: which tasks wait for somebody, one of them done, and whether the case is over."""

    def ready(self) -> list[str]: ...

    def do(self, task: str, data: dict[str, str]) -> None: ...

    def is_over(self) -> bool: ...


class Spiff:
    """A case in SpiffWorkflow, which takes a duration for an expression of Python: it is told what the names mean."""

    def __init__(self, parser: BpmnParser, sop: Sop, data: dict[str, str], **durations: str) -> None:
        spec, subs = parser.get_spec(process_id(sop.id)), parser.get_subprocess_specs(process_id(sop.id))
        names = TaskDataEnvironment({name: name for name in ("P3D", "P1D", "P14D")} | durations)
        self.workflow = BpmnWorkflow(spec, subs, script_engine=PythonScriptEngine(environment=names))
        self.papers = dict.fromkeys(spec.data_objects, "berkas")
        self.workflow.data_objects.update(self.papers)
        self.workflow.task_tree.set_data(**data)
        self.workflow.do_engine_steps()

    def tasks(self) -> dict[str, Any]:
        """The tasks by their ids: one of a process that was called by that of its call."""
        found = {}
        for task in self.workflow.get_tasks(state=TaskState.READY, manual=True):
            inner = task.workflow is not self.workflow
            row = self.workflow.get_task_from_id(task.workflow.parent_task_id) if inner else task
            found[row.task_spec.name] = task
        return found

    def ready(self) -> list[str]:
        return sorted(self.tasks())

    def do(self, task: str, data: dict[str, str]) -> None:
        found = self.tasks()[task]
        found.set_data(**self.papers, **data)
        found.run()
        self.workflow.do_engine_steps()

    def is_over(self) -> bool:
        return bool(self.workflow.is_completed())


class TokenGame:
    """A case as the tokens that BPMN lets run along the flows of its process."""

    def __init__(self, root: etree._Element, data: dict[str, str]) -> None:
        self.data, self.tasks, self.waiting = data, list[str](), Counter[str]()
        (process,) = root.iterchildren(f"{BPMN}process")
        self.nodes = {one.get("id"): one for one in process.iterchildren()}
        flows = list(process.iterchildren(f"{BPMN}sequenceFlow"))
        self.out = {id: [flow for flow in flows if flow.get("sourceRef") == id] for id in self.nodes}
        self.into = {id: [flow.get("id") for flow in flows if flow.get("targetRef") == id] for id in self.nodes}
        self.send(self.out["mulai"])

    def send(self, flows: list[etree._Element]) -> None:
        for flow in flows:
            self.arrive(self.nodes[flow.get("targetRef")], flow.get("id"))

    def arrive(self, node: etree._Element, flow: str) -> None:
        id, kind = node.get("id"), node.tag.removeprefix(BPMN)
        if kind in {"userTask", "callActivity"}:
            self.tasks.append(id)
        elif kind == "exclusiveGateway":
            ways = [(way, way.findtext(f"{BPMN}conditionExpression", "True")) for way in self.out[id]]
            self.send([way for way, condition in ways if eval(condition, {}, self.data)][:1])  # noqa: S307 — our own
        elif kind == "parallelGateway":
            self.waiting[flow] += 1
            if all(self.waiting[one] for one in self.into[id]):
                self.waiting.subtract(self.into[id])
                self.send(self.out[id])
        elif node.find(f"{BPMN}terminateEventDefinition") is not None:
            self.tasks, self.waiting = [], Counter()

    def ready(self) -> list[str]:
        return sorted(self.tasks)

    def do(self, task: str, data: dict[str, str]) -> None:
        self.data |= data
        self.tasks.remove(task)
        self.send(self.out[task])

    def is_over(self) -> bool:
        return not self.tasks and not +self.waiting


def go(engine: Engine, sop: Sop, case: Case, way: tuple[Act, ...]) -> None:
    """Go a way: at each act the same tasks wait for somebody as sopctl has open, and at the end nothing does."""
    for number, act in enumerate(way):
        if act[1]:
            open_ = [name_task(sop.step(one.visit.step), who) for one in case.state.rows for who in one.turn]
            assert engine.ready() == sorted(open_), (way, act)
            engine.do(name_task(sop.step(act[0]), act[1]), asked(sop, act) | look_ahead(way[number + 1 :]))
        case = after(case, act, number)
    assert engine.is_over(), way


def known_at_start(sop: Sop, start: str, way: tuple[Act, ...]) -> dict[str, str]:
    return {"mulai": f"langkah {sop.step(start).no or start}"} | look_ahead(way)


def parse(*files: bytes) -> BpmnParser:
    """SpiffWorkflow's reader with the processes of some files."""
    parser = BpmnParser()
    for data in files:
        parser.add_bpmn_xml(etree.fromstring(data))
    return parser


@pytest.mark.parametrize(
    "text", [*(path.read_text() for path in SOPS), FORKED], ids=[*(p.stem for p in SOPS), "forked"]
)
def test_every_way_through_an_sop_in_every_order_is_the_same_in_an_engine_of_bpmn(text: str) -> None:
    sop = read(text)
    called = [replace(read(CALLED), id=step.sop.sop) for step in sop.steps if step.sop]
    parser = parse(*map(write_bpmn, (sop, *called)))
    for start in sop.start or (sop.steps[0].id,):
        case = opened(sop, start)
        ways = list(walks(case))
        assert ways
        for way in ways:
            go(Spiff(parser, sop, known_at_start(sop, start, way)), sop, case, way)


@settings(max_examples=15)
@given(rich_sops(), st.integers(0, 9))
def test_any_way_through_any_sop_is_the_same_in_an_engine_of_bpmn(sop: Sop, seed: int) -> None:
    assume(len(sop.steps) <= LONG_FORM)
    data = write_bpmn(sop)
    parser = parse(data, write_bpmn(read(CALLED)))
    for start in sop.start:
        case = opened(sop, start)
        way = wander(case, seed, once=True)
        go(Spiff(parser, sop, known_at_start(sop, start, way)), sop, case, way)
        way = wander(case, seed, once=False)
        go(TokenGame(etree.fromstring(data), known_at_start(sop, start, way)), sop, case, way)


def test_a_process_that_is_called_may_stand_in_the_same_file() -> None:
    sop = read(FORKED)
    both = etree.fromstring(write_bpmn(sop))
    both.insert(1, etree.fromstring(write_bpmn(read(CALLED))).find(f"{BPMN}process"))
    case = opened(sop, "bagi")
    way = wander(case, 1, once=True)
    go(Spiff(parse(etree.tostring(both)), sop, known_at_start(sop, "bagi", way)), sop, case, way)


@pytest.mark.parametrize(("lasts", "over"), [("PT0S", "COMPLETED"), ("P3D", "WAITING")])
def test_a_timer_that_runs_out_lets_the_task_go_on(lasts: str, over: str) -> None:
    sop = read(FORKED)
    parser = parse(write_bpmn(sop), write_bpmn(read(CALLED)))
    engine = Spiff(parser, sop, look_ahead((("tengah", "", DONE),)), P3D=lasts)
    engine.do("kegiatan.bagi", {})
    engine.workflow.refresh_timers()
    engine.workflow.do_engine_steps()
    (timer,) = engine.workflow.get_tasks(spec_name="batas.kegiatan.tengah")
    assert TaskState.get_name(timer.state) == over
    assert "kegiatan.tengah" in engine.ready()
