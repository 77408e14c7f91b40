"""The engine in memory: sk-tim from start to end with one rejection, against SpiffWorkflow.

Both sides walk the same nine completions with the same values filled in; the SOP and the workflow are built once.
Ours includes the hash chain, theirs has no record. Its logging is turned off, as whoever wants speed from it does.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from SpiffWorkflow.operators import Attrib, Equal
from SpiffWorkflow.specs.ExclusiveChoice import ExclusiveChoice
from SpiffWorkflow.specs.Simple import Simple
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

from bench.office import FILLED, MORNING, sk_tim
from bench.ratio import Result, medians, table, timed
from sopctl.desk.ask import Ask
from sopctl.desk.ask import fields as asked
from sopctl.engine import moves
from sopctl.engine.case import Case
from sopctl.engine.events import FieldValue, Started
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.sop.model import Sop

ROUNDS = 60
WALKS = 20
"""Whole cases in one measurement."""

Fields = dict[str, FieldValue]

WALK = (
    ("perintah", True),
    ("teruskan", True),
    ("susun", True),
    ("periksa", False),
    ("susun", True),
    ("periksa", True),
    ("tandatangan", True),
    ("serahkan", True),
    ("laksanakan", True),
)
"""The steps in the order in which they are completed, and whether each time the work was agreed to."""


def ours(sop: Sop, filled: dict[str, Fields]) -> Callable[[], None]:
    """One case in sopctl's engine, as the desk drives it."""

    def walk() -> None:
        opening = Started(at=MORNING, recorded_at=MORNING, by="petugas", step=sop.start[0], subject=sop.nama)
        case = Case.opened(sop, "sk-tim-1", "0" * 64, opening)
        for minute, (step, agreed) in enumerate(WALK, 1):
            now = MORNING + timedelta(minutes=minute)
            note = "" if agreed else "Nama anggota belum benar"
            request = Request(at=now, now=now, by="petugas", note=note, fields=filled.get(step, {}))
            move = moves.approve if agreed else moves.reject
            event = move(sop, case.state, request)
            if isinstance(event, Refused):
                raise SystemExit(event.message)
            case = case.after(event)
        if case.state.status != "completed":
            raise SystemExit("sopctl did not come to the end of the case")

    return walk


def theirs(filled: dict[str, Fields]) -> Callable[[], None]:
    """One workflow in SpiffWorkflow: manual tasks, each run when its turn comes."""
    spec = _spec()

    def walk() -> None:
        workflow = Workflow(spec)
        workflow.run_next()
        for step, agreed in WALK:
            task: Any = workflow.get_next_task(workflow.last_task, state=TaskState.READY)
            if task.task_spec.name != step:
                raise SystemExit(f"SpiffWorkflow is at {task.task_spec.name}, not at {step}")
            task.set_data(agreed=agreed, **filled.get(step, {}))
            task.run()
        if not workflow.is_completed():
            raise SystemExit("SpiffWorkflow did not come to the end of the case")

    return walk


def _spec() -> WorkflowSpec:
    """sk-tim as SpiffWorkflow models it: a row is a manual task, the diamond a manual choice."""
    for name in ("spiff.workflow", "spiff.task"):
        logging.getLogger(name).setLevel(logging.WARNING)
    spec = WorkflowSpec("sk-tim", addstart=True)
    steps = {name: (ExclusiveChoice if name == "periksa" else Simple)(spec, name, manual=True) for name in dict(WALK)}
    spec.start.connect(steps["perintah"])
    steps["perintah"].connect(steps["teruskan"])
    steps["teruskan"].connect(steps["susun"])
    steps["susun"].connect(steps["periksa"])
    steps["periksa"].connect_if(Equal(Attrib("agreed"), True), steps["tandatangan"])  # noqa: FBT003 — the value compared with
    steps["periksa"].connect(steps["susun"])
    steps["tandatangan"].connect(steps["serahkan"])
    steps["serahkan"].connect(steps["laksanakan"])
    return spec


def measured(rounds: int = ROUNDS) -> list[Result]:
    """Seconds for one completion."""
    sop = sk_tim()
    filled = {step: asked(sop, Ask(sets=sets)) for step, sets in FILLED.items()}

    def repeated(walk: Callable[[], None]) -> Callable[[], None]:
        def walks() -> None:
            for _ in range(WALKS):
                walk()

        return walks

    mine, peer = medians([timed(repeated(ours(sop, filled))), timed(repeated(theirs(filled)))], rounds)
    steps = WALKS * len(WALK)
    return [
        Result(
            what="one completion in memory, hash chain included",
            peer="SpiffWorkflow",
            ours=mine / steps,
            theirs=peer / steps,
            at_least=8,
        )
    ]


if __name__ == "__main__":
    print(table(measured()))
