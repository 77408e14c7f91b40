"""Which branch a step with branches takes."""

from sopctl.engine.events import FieldValue
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.engine.state import State
from sopctl.errors import NotFoundError
from sopctl.sop.conditions import evaluate_condition
from sopctl.sop.model import PAIR, Branch, Sop, Step


def decides_now(step: Step, state: State, actor: str) -> bool:
    """Whether this pelaksana decides the branch of the step (`decides`), and it is not decided yet."""
    return bool(step.branches) and actor == step.decides and not state.visit.label


def forward_branch(sop: Sop, step: Step, state: State, request: Request) -> Branch | Refused:
    """The branch that `approve` takes: the first, or the first whose condition holds."""
    conditional = any(branch.when is not None for branch in step.branches)
    if not conditional:
        return refuse_without_label(step) if len(step.branches) > PAIR else step.branches[0]
    branch = first_that_holds(step, state.fields | request.fields)
    if isinstance(branch, str):
        return Refused(reason="condition", message=branch)
    if branch is None or sop.rejects(step, branch):
        first = step.branches[0]
        unmet = f"Cabang '{first.label}' mensyaratkan {first.when}, dan itu tidak terpenuhi"
        if branch is None:
            return Refused(reason="condition", message=f"{unmet}; periksa isiannya.")
        return Refused(
            reason="condition",
            message=f"{unmet}; yang terpenuhi cabang '{branch.label}'.",
            advice="turn_down" if len(step.branches) <= PAIR else "choose",
            facts={"labels": (branch.label,)},
        )
    return branch


def refuse_without_label(step: Step) -> Refused:
    """The refusal to choose among more exits than `approve` and `reject` can tell apart."""
    labels = tuple(branch.label for branch in step.branches)
    return Refused(
        reason="label_needed",
        message=f"Langkah {step.id} mempunyai {len(labels)} cabang.",
        facts={"labels": labels},
    )


def find_branch(step: Step, label: str) -> Branch:
    """The branch with this label, in any case.

    Raises:
        NotFoundError: where the step has none; the message names those it has.
    """
    for branch in step.branches:
        if branch.label.lower() == label.strip().lower():
            return branch
    labels = ", ".join(branch.label for branch in step.branches)
    raise NotFoundError(f"Langkah {step.id} tidak mempunyai cabang '{label}'; pilihannya: {labels}.", code="label")


def refuse_unmet_condition(branch: Branch, state: State, request: Request) -> Refused | None:
    """Whether the condition of a branch that somebody chose lets the case through."""
    answer = branch_holds(branch, state.fields | request.fields)
    if answer is True:
        return None
    message = answer or f"Cabang '{branch.label}' mensyaratkan {branch.when}, dan itu tidak terpenuhi."
    return Refused(reason="condition", message=message)


def first_that_holds(step: Step, fields: dict[str, FieldValue]) -> Branch | str | None:
    """The first exit whose condition holds (one without always does); a sentence where a condition has no answer."""
    for branch in step.branches:
        answer = branch_holds(branch, fields)
        if answer is True:
            return branch
        if isinstance(answer, str):
            return answer
    return None


def branch_holds(branch: Branch, fields: dict[str, FieldValue]) -> bool | str:
    """Whether the condition of a branch holds, where it has one; a sentence where it has no answer."""
    return branch.when is None or evaluate_condition(branch.when, fields)
