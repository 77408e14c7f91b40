"""What `form --bpmn` writes runs in an engine of BPMN as sopctl runs it: the same steps in the same order."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree  # type: ignore[import-untyped]
from msgspec.structs import replace
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from sopctl.engine import moves
from sopctl.engine.case import Case
from sopctl.engine.events import Started
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.form.bpmn import process_id, write_bpmn
from sopctl.form.bpmn_flow import name_variable
from sopctl.sop.decode import read_sop
from sopctl.sop.model import Sop

SOPS = sorted((Path(__file__).parents[2] / "sops").glob("*.yaml"))
AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
FORKED = """
id: serentak
nama: Serentak
pelaksana: {a: Petugas, b: Kepala Bidang, c: Kepala Dinas}
steps:
  - {id: bagi, kegiatan: Membagi, pelaksana: a, next: [kiri, kanan]}
  - {id: kiri, kegiatan: Kiri, pelaksana: a, branches: {langsung: temu, dahulu: kiri-lagi}, kind: choice}
  - {id: kiri-lagi, kegiatan: Kiri lagi, pelaksana: [b, c], next: temu}
  - {id: kanan, kegiatan: Kanan, pelaksana: b}
  - {id: temu, kegiatan: Bertemu, pelaksana: c, branches: {ya: akhir, tidak: temu}}
  - {id: akhir, kegiatan: Menerima, pelaksana: a}
"""

Path_ = tuple[tuple[str, str, str], ...]
"""A way through an SOP: step, pelaksana and the label that was chosen, empty where nothing was."""


def read(text: str) -> Sop:
    """The SOP without what stops a walk: fields, items to confirm, other SOPs."""
    sop, problems = read_sop(text.encode(), "sops/uji.yaml")
    assert sop, problems
    steps = tuple(replace(step, kelengkapan=(), sop=None, not_by=()) for step in sop.steps)
    return replace(sop, fields={}, steps=steps)


def walks(sop: Sop) -> Iterator[Path_]:
    """Every way through an SOP that takes no exit twice, as sopctl's engine goes."""
    for start in sop.start or (sop.steps[0].id,):
        opening = Started(at=AT, recorded_at=AT, by="a", step=start, subject="Uji")
        yield from _walk_on(sop, Case.opened(sop, "uji-1", "0" * 64, opening), ())


def _walk_on(sop: Sop, case: Case, done: Path_) -> Iterator[Path_]:
    state = case.state
    if state.step is None:
        yield done
        return
    who, step = state.turn[0], sop.step(state.visit.step)
    labels = [branch.label for branch in step.seen_by(who).branches] if who in step.decides else [""]
    for label in labels:
        act = (step.id, who, label)
        if label and act in done:
            continue
        now = AT + timedelta(minutes=len(done) + 1)
        request = Request(at=now, now=now, by="a", as_=who, note="uji")
        event = moves.decide(sop, state, request, label) if label else moves.approve(sop, state, request)
        assert not isinstance(event, Refused), event
        yield from _walk_on(sop, case.after(event), (*done, act))


def run(spec: Any, subs: Any, sop: Sop, way: Path_) -> None:  # noqa: ANN401 — SpiffWorkflow has no types
    """Go the way in SpiffWorkflow: each task is ready when it comes, and at the end nothing is left."""
    workflow = BpmnWorkflow(spec, subs)
    workflow.do_engine_steps()
    for id, who, label in way:
        step = sop.step(id)
        name = f"kegiatan.{id}.{who}" if len(step.pelaksana) > 1 else f"kegiatan.{id}"
        ready = {task.task_spec.name: task for task in workflow.get_tasks(state=TaskState.READY, manual=True)}
        assert name in ready, (way, name, list(ready))
        if label:
            several = (who,) if len(step.decides) > 1 else ()
            ready[name].set_data(**{name_variable("putusan", id, *several): label})
        ready[name].set_data(**{one.bpmn_id: "berkas" for one in ready[name].task_spec.data_output_associations})
        ready[name].run()
        workflow.do_engine_steps()
    assert workflow.is_completed()


@pytest.mark.parametrize(
    "text", [*(path.read_text() for path in SOPS), FORKED], ids=[*(p.stem for p in SOPS), "forked"]
)
def test_every_way_through_an_sop_is_the_same_in_an_engine_of_bpmn(text: str) -> None:
    sop = read(text)
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(write_bpmn(sop)))
    spec, subs = parser.get_spec(process_id(sop.id)), parser.get_subprocess_specs(process_id(sop.id))
    ways = list(walks(sop))
    assert ways
    for way in ways:
        run(spec, subs, sop, way)
