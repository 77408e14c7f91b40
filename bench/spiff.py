"""The peers of `engine.py`: sk-tim in SpiffWorkflow, in both of the ways that it offers.

`bpmn` is its BPMN engine, which its documentation is about and its users run; `plain` is the older core below it, with
workflows built in code. Each is driven the quickest way its public names allow: the model built once, its logging off,
the next task looked for from the last one where the engine remembers it.
"""

import logging
from pathlib import Path
from typing import Any

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.operators import Attrib, Equal
from SpiffWorkflow.specs.ExclusiveChoice import ExclusiveChoice
from SpiffWorkflow.specs.Simple import Simple
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

from bench.walk import WALK, Filled, Walk

for _name in ("spiff", "spiff.workflow", "spiff.task"):
    logging.getLogger(_name).setLevel(logging.WARNING)


def bpmn(filled: Filled) -> Walk:
    """A case of the BPMN model: user tasks, and a gateway whose condition is an expression."""
    parser = BpmnParser()
    parser.add_bpmn_file(str(Path(__file__).with_name("sk-tim.bpmn")))
    spec = parser.get_spec("sk-tim")

    def walk() -> None:
        workflow = BpmnWorkflow(spec)
        workflow.do_engine_steps()
        for step, agreed in WALK:
            _complete(workflow.get_next_task(state=TaskState.READY, manual=True), step, filled, agreed=agreed)
            workflow.do_engine_steps()
        _ended(workflow)

    return walk


def plain(filled: Filled) -> Walk:
    """A case of a workflow built in code: manual tasks, the diamond itself a manual choice."""
    spec = _spec()

    def walk() -> None:
        workflow = Workflow(spec)
        workflow.run_next()
        for step, agreed in WALK:
            task = workflow.get_next_task(workflow.last_task, state=TaskState.READY)
            _complete(task, step, filled, agreed=agreed)
        _ended(workflow)

    return walk


def _spec() -> WorkflowSpec:
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


def _complete(task: Any, step: str, filled: Filled, *, agreed: bool) -> None:  # noqa: ANN401 — SpiffWorkflow has no types
    if task.task_spec.name != step:
        raise SystemExit(f"SpiffWorkflow is at {task.task_spec.name}, not at {step}.")
    task.set_data(agreed=agreed, **filled.get(step, {}))
    task.run()


def _ended(workflow: Workflow) -> None:
    if not workflow.is_completed():
        raise SystemExit("SpiffWorkflow did not come to the end of the case.")
