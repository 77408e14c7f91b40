"""Which branch a step with branches takes."""

from sopctl.engine.events import FieldValue
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.engine.state import State
from sopctl.errors import NotFoundError
from sopctl.sop.conditions import evaluate_condition
from sopctl.sop.model import END, PAIR, Branch, Sop, Step


def forward_branch(sop: Sop, step: Step, state: State, request: Request, *, may_end: bool = False) -> Branch | Refused:
    """The branch that `approve` takes: the first, or the first whose condition holds.

    With ``may_end`` that may be one that ends the case though it turns the work down.
    """
    if not has_conditions(step):
        clear = len(step.branches) <= PAIR or sop.ways_on(step) == step.branches[:1]
        return step.branches[0] if clear else refuse_without_label(step)
    branch = first_that_holds(step, state.fields | request.fields)
    if isinstance(branch, str):
        return Refused(reason="condition", message=branch)
    if branch is None or (sop.rejects(step, branch) and not (may_end and branch.to == END)):
        first = step.branches[0]
        unmet = f"Cabang '{first.label}' mensyaratkan {first.when}, dan itu tidak terpenuhi"
        if branch is None:
            return Refused(reason="condition", message=f"{unmet}; periksa isiannya.")
        return Refused(
            reason="condition",
            message=f"{unmet}; yang terpenuhi cabang '{branch.label}'.",
            advice="turn_down" if sop.rejections(step) == (branch,) else "choose",
            facts={"labels": (branch.label,)},
        )
    return branch


def has_conditions(step: Step) -> bool:
    """Whether a branch of the step has a condition."""
    return any(branch.when is not None for branch in step.branches)


def refuse_without_label(step: Step) -> Refused:
    """The refusal to choose among more exits than `approve` can tell apart."""
    return _refuse_to_choose(f"Langkah {step.id} mempunyai {len(step.branches)} cabang.", step.branches)


def rejecting_branch(sop: Sop, step: Step) -> Branch | Refused:
    """The branch that `reject` takes: the only one that turns the work down."""
    found = sop.rejections(step)
    if len(found) == 1:
        return found[0]
    if found:
        return _refuse_to_choose(f"Langkah {step.id} mempunyai {len(found)} cabang yang menolak.", found)
    return _refuse_to_choose(f"Tidak ada cabang langkah {step.id} yang mengembalikan atau menolak.", step.branches)


def _refuse_to_choose(message: str, branches: tuple[Branch, ...]) -> Refused:
    labels = tuple(branch.label for branch in branches)
    return Refused(reason="label_needed", message=message, facts={"labels": labels})


def is_awaited(sop: Sop, state: State, target: str) -> bool:
    """Whether the row that the row at hand leads to waits for other open ones: they are in arms that meet there."""
    beside = sop.beside.get(target, ())
    return any(row.step not in beside and row.number != state.visit_number for row in state.open)


def find_called(sop: Sop, state: State, branch: Branch) -> State | None:
    """The state with the row at hand that a rejection would leave or withdraw while a case of another SOP does it."""
    beside = sop.beside.get(branch.to, ())
    return next((row for row in state.rows if row.visit.child and row.visit.step not in beside), None)


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
