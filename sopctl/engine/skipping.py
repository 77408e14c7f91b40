"""Rows that may be left out (`optional`): by whoever has the turn, or by a condition as the case comes there."""

from sopctl.engine import branches, guards
from sopctl.engine.events import Event, Skipped
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.engine.state import State
from sopctl.sop.conditions import evaluate_condition
from sopctl.sop.model import END, Sop, Step


def skip(sop: Sop, state: State, request: Request) -> Skipped | Refused:
    """Leave out the step at hand, with a reason: before anybody acted there, and only where the SOP lets it."""
    actor = guards.acting_pelaksana(sop, state, request)
    if isinstance(actor, Refused):
        return actor
    target = find_skip_target(sop, state, request)
    if isinstance(target, Refused):
        return target
    return guards.refuse_without_note(request) or Skipped(
        **request.event_fields(), for_=actor, step=state.visit.step, to=target, on_behalf=request.on_behalf,
        evidence=request.evidence,
    )  # fmt: skip


def skip_unneeded(sop: Sop, state: State, event: Event) -> Skipped | None:
    """What leaves out the step that ``event`` brought the case to, where its condition says so; once after a move."""
    step = sop.step(state.visit.step)
    if state.status != "running" or not _is_unneeded(step, state):
        return None
    target = _find_way_on(sop, state, step, Request(at=event.at, now=event.recorded_at, by=event.by))
    moved = len(state.before.visits) if state.before else 0
    earlier = (visit.until for visit in state.visits[moved:] if visit.step == step.id and visit.is_skipped)
    if isinstance(target, Refused) or event.at in earlier:
        return None
    when = step.optional.when if step.optional else None
    return Skipped(
        at=event.at, recorded_at=event.recorded_at, by=event.by, via=event.via, step=step.id, to=target,
        condition=when or "",
    )  # fmt: skip


def find_entered(sop: Sop, state: State, target: str) -> str:
    """The step that a case comes to which is sent to ``target``: past those that their conditions leave out."""
    passed: set[str] = set()
    while target != END and target not in passed and _is_unneeded(sop.step(target), state):
        passed.add(target)
        onward = _find_way_on(sop, state, sop.step(target), Request(at=state.last, now=state.last, by=""))
        target = target if isinstance(onward, Refused) else onward
    return target


def find_skip_target(sop: Sop, state: State, request: Request) -> str | Refused:
    """Where the step at hand leads if somebody leaves it out, or why nobody may."""
    step, visit = sop.step(state.visit.step), state.visit
    if step.optional is None or not step.optional.allowed:
        message = f"Langkah {step.id} tidak boleh dilewati menurut SOP-nya."
        return Refused(reason="not_optional", message=message)
    if visit.child:
        return guards.refuse_waiting(state)
    if visit.acted:
        message = f"Langkah {step.id} sudah dikerjakan sebagian, jadi tidak dapat dilewati lagi."
        return Refused(reason="already_acted", message=message)
    when = step.optional.when
    holds = when is None or evaluate_condition(when, state.fields | request.fields)
    if holds is not True:
        message = holds or f"Langkah {step.id} hanya dilewati bila {when}, dan itu tidak terpenuhi."
        return Refused(reason="condition", message=message)
    return _find_way_on(sop, state, step, request)


def _is_unneeded(step: Step, state: State) -> bool:
    """Whether the condition of a step that may be left out holds."""
    when = step.optional.when if step.optional and step.optional.allowed else None
    return when is not None and evaluate_condition(when, state.fields) is True


def _find_way_on(sop: Sop, state: State, step: Step, request: Request) -> str | Refused:
    """Where a step that is left out leads: as if it had been approved."""
    if not step.decides:
        return sop.step_after(step)
    branch = branches.forward_branch(sop, step.seen_by(step.decider), state, request)
    return branch if isinstance(branch, Refused) else branch.to
