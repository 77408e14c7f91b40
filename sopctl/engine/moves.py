"""The moves of a step: each takes the state and a request and answers with an event or with `Refused`.

Nothing here looks at the clock, the user or the disk: they come in the request.
"""

from sopctl.engine import branches, guards, requirements
from sopctl.engine.events import Approved, Begun, Completed, Decided, Move, Rejected, Withdrawn
from sopctl.engine.moments import format_moment
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.engine.separation_of_duties import refuse_same_person
from sopctl.engine.state import State
from sopctl.sop.model import PAIR, Branch, Kelengkapan, Sop


def approve(sop: Sop, state: State, request: Request) -> Move | Refused:
    """The way forward: the first branch (or the first whose condition holds), or the row below."""
    actor = guards.acting_pelaksana(sop, state, request)
    if isinstance(actor, Refused):
        return actor
    step = sop.step(state.step or state.visit.step)
    if actor not in step.decides:
        return _pass_on(sop, state, request, actor, None)
    step = step.seen_by(actor)
    branch = branches.forward_branch(sop, step, state, request)
    if isinstance(branch, Refused):
        return branch
    if sop.rejects(step, branch):
        return _take_branch(sop, state, request, actor, branch, rejected=True)
    return _pass_on(sop, state, request, actor, branch)


def reject(sop: Sop, state: State, request: Request) -> Move | Refused:
    """The branch that turns the work down, with a reason; refused where there is none, or more than one."""
    actor = _find_decider(sop, state, request)
    if isinstance(actor, Refused):
        return actor
    branch = branches.rejecting_branch(sop, sop.step(state.visit.step).seen_by(actor))
    return branch if isinstance(branch, Refused) else _take_branch(sop, state, request, actor, branch, rejected=True)


def reject_forward(sop: Sop, state: State, request: Request) -> Move | Refused:
    """The second of two branches as a rejection, wherever it leads: as `reject` took it before a row had a kind."""
    actor = _find_decider(sop, state, request)
    if isinstance(actor, Refused):
        return actor
    step = sop.step(state.visit.step)
    if step.kind or len(step.branches) > PAIR:
        return branches.refuse_without_label(step)
    return _take_branch(sop, state, request, actor, step.branches[-1], rejected=True)


def decide(sop: Sop, state: State, request: Request, label: str) -> Move | Refused:
    """The branch with this label."""
    actor = _find_decider(sop, state, request)
    if isinstance(actor, Refused):
        return actor
    step = sop.step(state.visit.step).seen_by(actor)
    branch = branches.find_branch(step, label)
    return _take_branch(sop, state, request, actor, branch, rejected=sop.rejects(step, branch))


def withdraw(state: State, request: Request, last: Move | None) -> Withdrawn | Refused:
    """Take back the last move, where it is one's own and nobody else did anything since; ``last`` is that move."""
    refused = guards.refuse_wrong_time(state, request)
    if refused is not None:
        return refused
    if last is None or state.before is None:
        return Refused(
            reason="nothing_to_withdraw",
            message="Tidak ada yang dapat ditarik: belum ada langkah, atau sesudahnya sudah ada catatan lain.",
        )
    if isinstance(last, Completed):
        return Refused(
            reason="done_elsewhere",
            message=f"Langkah terakhir diselesaikan lewat berkas {last.child}; itu tidak dapat ditarik kembali.",
        )
    if last.by != request.by:
        return Refused(
            reason="not_yours",
            message=f"Langkah terakhir dilakukan oleh {last.by}; hanya pelakunya yang dapat menariknya kembali.",
        )
    return guards.refuse_without_note(request) or Withdrawn(**request.event_fields(), for_=last.for_, move=last.number)


def begin(sop: Sop, state: State, request: Request) -> Begun | Refused:
    """Mark that work on the step began."""
    actor = guards.acting_pelaksana(sop, state, request)
    if isinstance(actor, Refused):
        return actor
    begun = state.visit.begun
    if begun is not None:
        return Refused(
            reason="already_begun", message=f"Langkah {state.visit.step} sudah dimulai {format_moment(begun)}."
        )
    return Begun(**request.event_fields(), for_=actor, step=state.visit.step)


def complete(sop: Sop, state: State, request: Request, child: str, outputs: tuple[str, ...]) -> Completed | Refused:
    """The step is done because the case that it called (``child``) came to its end with these ``outputs``.

    When that was is what the other case's record says, be it ahead of the computer's clock; and so is who did it.
    """
    refused = guards.refuse_unless_running(state) or guards.refuse_before_last_event(state, request)
    step = sop.step(state.visit.step)
    refused = (
        refused or refuse_same_person(sop, state, request) or requirements.refuse_missing(sop, state, request, step)
    )
    if refused is not None:
        return refused
    seen = step.seen_by(step.decider) if step.decides else step
    branch = branches.forward_branch(sop, seen, state, request, may_end=True) if step.branches else None
    if isinstance(branch, Refused):
        return branch
    return Completed(
        **request.event_fields(),
        step=step.id,
        label=branch.label if branch else "",
        to=branch.to if branch else sop.step_after(step),
        kelengkapan=outputs,
        child=child,
        on_behalf=request.on_behalf,
    )


def _find_decider(sop: Sop, state: State, request: Request) -> str | Refused:
    """The pelaksana that the request acts for, where it holds the diamond of the step."""
    actor = guards.acting_pelaksana(sop, state, request)
    if isinstance(actor, Refused):
        return actor
    step = sop.step(state.visit.step)
    if not step.branches:
        return Refused(
            reason="no_branches",
            message=f"Langkah {step.id} tidak memberi pilihan, jadi tidak ada yang dapat ditolak atau diputuskan.",
        )
    if actor not in step.decides:
        return Refused(
            reason="not_the_decider",
            message=f"Keputusan pada langkah {step.id} ada pada {guards.titles(sop, tuple(step.decides))}.",
        )
    return actor


def _take_branch(
    sop: Sop, state: State, request: Request, actor: str, branch: Branch, *, rejected: bool
) -> Move | Refused:
    """The move along a branch that somebody chose by name."""
    refused = branches.refuse_unmet_condition(branch, state, request)
    if refused is not None:
        return refused
    if not rejected:
        return _pass_on(sop, state, request, actor, branch, decided=True)
    if (row := branches.find_called(sop, state, branch)) is not None:
        return guards.refuse_waiting(row)
    return guards.refuse_without_note(request) or Rejected(
        **request.event_fields(), for_=actor, step=state.visit.step, label=branch.label, to=branch.to,
        on_behalf=request.on_behalf, evidence=request.evidence,
    )  # fmt: skip


def _pass_on(
    sop: Sop, state: State, request: Request, actor: str, branch: Branch | None, *, decided: bool = False
) -> Move | Refused:
    """The move that hands the row on or leaves it, once everything it asks for is there."""
    visit = state.visit
    step = sop.step(visit.step)
    if visit.child:
        return guards.refuse_waiting(state)
    if step.sop is not None and not step.sop.optional:
        return Refused(
            reason="waits_for_call",
            message=f"Langkah {step.id} dikerjakan lewat SOP {step.sop.sop}, dan berkasnya belum dibuka.",
            facts={"sop": step.sop.sop},
        )
    leaves = len(visit.acted) + 1 >= len(step.pelaksana)
    if leaves:
        missing = requirements.refuse_missing(sop, state, request, step)
        if missing is not None:
            return missing
    to = branch.to if branch else (visit.to or sop.step_after(step))
    kind = Decided if decided else Approved
    return kind(  # word for word what `request.event_fields()` returns: unpacking that dict takes four times as long
        at=request.at,
        recorded_at=request.now,
        by=request.by,
        note=request.note,
        fields=request.fields,
        attachments=request.attachments,
        via=request.via,
        on_behalf=request.on_behalf,
        evidence=request.evidence,
        for_=actor,
        step=step.id,
        label=branch.label if branch else "",
        to=to if leaves or branch else "",
        kelengkapan=tuple([item.nama for item in step.kelengkapan if not _is_left_out(state, item)])
        if state.left_out
        else tuple([item.nama for item in step.kelengkapan]),
    )


def _is_left_out(state: State, item: Kelengkapan) -> bool:
    """Whether an item is the output of a step that was left out, so that nobody can have confirmed it."""
    made = {output.lower() for output in state.produced}
    return not item.external and item.nama.lower() in {output.lower() for output in state.left_out} - made
