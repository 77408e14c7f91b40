"""What is next for a case: every move that the SOP accepts now, as data.

Only the SOP and the state decide here. That somebody may not act (the office, `not_by`) is refused at the move itself.
"""

from collections.abc import Callable, Iterator
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from sopctl.engine.branches import (
    branch_holds,
    find_called,
    first_that_holds,
    has_conditions,
    is_awaited,
)
from sopctl.engine.request import Request
from sopctl.engine.requirements import missing_fields, missing_kelengkapan, missing_wajib
from sopctl.engine.skipping import find_entered, find_skip_target
from sopctl.engine.state import State
from sopctl.sop.conditions import list_condition_fields
from sopctl.sop.model import END, Branch, Field, Sop, Step

FindSop = Callable[[str], Sop | None]

ActionKind = Literal["approve", "reject", "decide", "skip", "fill", "resume", "wait", "start", "assign"]


_MOVES: frozenset[ActionKind] = frozenset({"approve", "reject", "decide", "skip"})
"""The actions that may lead to another step."""


class NextAction(Struct, frozen=True, kw_only=True):
    """One move that is accepted now.

    ``pelaksana`` is whom it is made for, named where the turn has several (`assign`: who is nobody's yet). ``label`` is
    the branch that it takes. ``fields`` and ``items`` (kelengkapan that want a file) must come with it, and a reason
    where ``note`` says so. ``called`` is the case that is waited for (`wait`) or the SOP to be opened (`start`). `fill`
    comes before the moves of a step whose conditions no branch meets yet; its ``items`` are those that the step wants.
    """

    kind: ActionKind
    step: str
    pelaksana: str = ""
    label: str = ""
    fields: tuple[Field, ...] = ()
    items: tuple[str, ...] = ()
    note: bool = False
    called: str = ""


def next_actions(
    sop: Sop,
    state: State,
    *,
    nobody: frozenset[str] = frozenset(),
    vacant: frozenset[str] = frozenset(),
    find_sop: FindSop | None = None,
) -> tuple[NextAction, ...]:
    """The moves that are accepted now, the way forward first; none once the case ended.

    ``nobody`` are the pelaksana whom the office has nobody for and whom one is to be assigned to, ``vacant`` the posts
    in which nobody is just now: no move can be made for them. ``find_sop`` gives the SOP with an id, None where there
    is none that can be opened: no move leads there. What a called SOP requires at its start must be there when it is
    opened. Without ``find_sop`` every called SOP is taken to be there and to require nothing.
    """
    if state.step is None:
        return ()
    if state.status == "suspended":
        return (NextAction(kind="resume", step=state.step),)
    return tuple([one for row in state.rows for one in _list_row_actions(sop, row, nobody, vacant, find_sop)])


def _list_row_actions(
    sop: Sop, state: State, nobody: frozenset[str], vacant: frozenset[str], find_sop: FindSop | None
) -> tuple[NextAction, ...]:
    """The moves that are accepted at the row at hand."""
    step, child = sop.step(state.visit.step), state.visit.child
    if child:
        return (NextAction(kind="wait", step=step.id, called=child),)
    opening = _start_call(step, find_sop)
    skips = tuple(_list_skips(sop, state, nobody | vacant, find_sop))
    if step.sop is not None and not step.sop.optional:
        return (*opening, *skips)
    return (
        *(
            action
            for name in state.turn
            if name not in vacant
            for action in _list_pelaksana_actions(sop, state, name, nobody, find_sop)
        ),
        *opening,
        *skips,
    )


def _list_skips(sop: Sop, state: State, nobody: frozenset[str], find_sop: FindSop | None) -> Iterator[NextAction]:
    """Leaving the step out, by each of the turn, where the SOP lets them."""
    step = sop.step(state.visit.step)
    if step.optional is None:
        return
    target = find_skip_target(sop, state, Request(at=state.last, now=state.last, by=""))
    for name in state.turn if isinstance(target, str) else ():
        acts_for = name if len(state.turn) > 1 else ""
        action = NextAction(kind="skip", step=step.id, pelaksana=acts_for, note=True)
        complete = _add_fields_to_call(sop, step, state, action, find_sop, str(target)) if find_sop else action
        if complete is not None and name not in nobody:
            yield complete


def _start_call(step: Step, find_sop: FindSop | None) -> tuple[NextAction, ...]:
    """The start of the SOP that the step calls, where it can be opened."""
    if step.sop is None:
        return ()
    called = find_sop(step.sop.sop) if find_sop else None
    if find_sop and called is None:
        return ()
    fields = () if called is None else tuple(called.fields[name] for name in missing_fields(called, None))
    return (NextAction(kind="start", step=step.id, called=step.sop.sop, fields=fields),)


def _list_pelaksana_actions(
    sop: Sop, state: State, pelaksana: str, nobody: frozenset[str], find_sop: FindSop | None
) -> Iterator[NextAction]:
    """The moves of one of the turn: on, and by the other branches where the choice is theirs."""
    step = sop.step(state.visit.step)
    decides = pelaksana in step.decides
    if pelaksana in nobody:
        yield NextAction(kind="assign", step=step.id, pelaksana=pelaksana)
        return
    acts_for = pelaksana if len(state.turn) > 1 else ""
    forward = NextAction(
        kind="approve",
        step=step.id,
        pelaksana=acts_for,
        fields=tuple(sop.fields[name] for name in _list_missing_fields(sop, step, state)),
        items=missing_kelengkapan(state, step),
    )
    step = step.seen_by(pelaksana) if decides else step
    actions = _list_branch_actions(sop, step, state, forward) if decides else iter([forward])
    for action in actions:
        if find_sop is None:
            yield action
        elif (complete := _add_fields_to_call(sop, step, state, action, find_sop)) is not None:
            yield complete


def _list_missing_fields(sop: Sop, step: Step, state: State) -> dict[str, None]:
    """The fields that the step requires, and those without which the letter that it signs is not signed."""
    signs = step.document is not None and step.document.act == "sign"
    wajib = missing_wajib(sop.documents[step.document.name], state.fields) if step.document and signs else ()
    return dict.fromkeys((*missing_fields(sop, step.id, state.fields), *wajib))


def _add_fields_to_call(
    sop: Sop, step: Step, state: State, action: NextAction, find_sop: FindSop, skipped_to: str = ""
) -> NextAction | None:
    """The action with the fields that the SOPs require at their start which the next steps call at once.

    None where one of these cannot be opened: the move is refused then.
    """
    ways = {branch.label: branch.to for branch in step.branches}
    target = skipped_to or ways.get(action.label) or state.visit.to or sop.step_after(step)
    fields = dict.fromkeys(action.fields)
    for way in (target, *step.next[1:]) if action.kind in _MOVES else ():
        to = find_entered(sop, state, way)
        call = sop.step(to).sop if to != END and (action.kind == "reject" or not is_awaited(sop, state, to)) else None
        if call is None or call.optional:
            continue
        called = find_sop(call.sop)
        if called is None:
            return None
        names = missing_fields(called, None, state.fields)
        fields |= dict.fromkeys(sop.fields[name] for name in names if name in sop.fields)
    return replace(action, fields=tuple(fields))


def _list_branch_actions(sop: Sop, step: Step, state: State, forward: NextAction) -> Iterator[NextAction]:
    """The branches that may be taken, those that lead on first: by approve and reject where either means one of them.

    Where they have conditions, approve takes the first that holds, and no branch is taken that does not hold.
    """
    first = first_that_holds(step, state.fields)
    if not isinstance(first, Branch):
        yield _fill_in(sop, step, state, forward)
        first = None
    down = sop.rejections(step)
    clear = first is not None and (has_conditions(step) or sop.ways_on(step) == (first,))
    approved = first if clear and first not in down else None
    for branch in sorted(step.branches, key=lambda one: (one != approved, one in down)):
        if branch_holds(branch, state.fields) is not True or (branch in down and find_called(sop, state, branch)):
            continue
        if branch in down:
            kind: ActionKind = "reject" if len(down) == 1 else "decide"
            yield NextAction(kind=kind, step=step.id, pelaksana=forward.pelaksana, label=branch.label, note=True)
        else:
            yield replace(forward, kind="approve" if branch == approved else "decide", label=branch.label)


def _fill_in(sop: Sop, step: Step, state: State, forward: NextAction) -> NextAction:
    """Filling in what the conditions of the step ask for, or other values of it, and what the step requires."""
    asked = dict.fromkeys(
        name for branch in step.branches if branch.when for name in list_condition_fields(branch.when)
    )
    known = [name for name in asked if name in sop.fields]
    names = [name for name in known if name not in state.fields] or known
    fields = dict.fromkeys((*names, *(field.name for field in forward.fields)))
    return NextAction(
        kind="fill", step=forward.step, fields=tuple(sop.fields[name] for name in fields), items=forward.items
    )
