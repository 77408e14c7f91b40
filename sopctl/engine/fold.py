"""From events to state: the one place that says what an event does to a case."""

from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import get_args

from msgspec.structs import replace

from sopctl.engine.events import (
    Approved,
    Assigned,
    Attached,
    Begun,
    Called,
    Cancelled,
    Completed,
    Decided,
    Event,
    Filled,
    Migrated,
    Move,
    Noted,
    Numbered,
    Rejected,
    Resumed,
    Started,
    Suspended,
    Withdrawn,
    Written,
)
from sopctl.engine.series import Series
from sopctl.engine.signings import add_act, drop_acts_since, fill_fields, find_last_visit
from sopctl.engine.state import Acted, Pause, State, Visit
from sopctl.sop.model import END, Sop, Step

_MOVES = get_args(Move)

MOST_WITHDRAWN = 20
"""Moves that can be withdrawn one after the other."""

Versions = Callable[[str], Sop]
"""The SOP whose text has this sha256."""


def fold(sop: Sop, events: tuple[Event, ...]) -> State:
    """The state that the events of one case add up to; the first of them opened it.

    KeyError where an event names a step that the SOP does not have: events and SOP do not belong together.
    """
    return fold_versions(sop, events)[1]


def fold_versions(sop: Sop, events: tuple[Event, ...], versions: Versions | None = None) -> tuple[Sop, State]:
    """The same with the SOP that the case follows after these events; ``sop`` is the one that it was opened with.

    ``versions`` is asked where a case went on under another version.
    """
    (last,) = deque(states_after_each(sop, events, versions), maxlen=1)
    return last


def states_after_each(
    sop: Sop, events: tuple[Event, ...], versions: Versions | None = None
) -> Iterator[tuple[Sop, State]]:
    """SOP and state after each of the events in turn."""
    opened, *rest = events
    if not isinstance(opened, Started):
        raise KeyError(opened.number)
    state = _open(sop, opened)
    yield sop, state
    for event in rest:
        if isinstance(event, Migrated):
            if versions is None:
                raise KeyError(event.version)
            sop = versions(event.version)
        state = apply_event(sop, state, event)
        yield sop, state


def turn_of(step: Step, visit: Visit) -> tuple[str, ...]:
    """Whose turn it is at a step: the next of the row, or all who have not acted where they act together."""
    waiting = step.pelaksana
    if visit.acted:
        acted = {part.pelaksana for part in visit.acted}
        waiting = tuple([pelaksana for pelaksana in waiting if pelaksana not in acted])
    return waiting if step.together else waiting[:1]


def apply_event(sop: Sop, state: State, event: Event) -> State:  # noqa: C901, PLR0911, PLR0912 — one arm for each kind of event
    """The state after one event more."""
    if isinstance(event, Withdrawn):
        return _withdraw(state, event)
    moved, earlier = _withdrawable(sop, state, event)
    after = replace(state, last=event.at, moved=moved, earlier=earlier)
    if event.fields:
        after = replace(fill_fields(after, event.fields), writers=_add_writers(state, event))
    if event.attachments:
        after = replace(after, attachments=after.attachments + event.attachments)
    match event:
        case Approved() | Rejected() | Decided() | Completed():
            return _move(sop, after, event)
        case Begun():
            return _replace_visit(after, replace(state.visit, begun=event.at))
        case Called():
            return _replace_visit(after, replace(state.visit, child=event.child))
        case Assigned():
            return replace(after, assigned={**state.assigned, event.pelaksana: event.to})
        case Suspended():
            return replace(after, status="suspended", pauses=state.pauses.add(Pause(event.at)))
        case Resumed():
            return replace(after, status="running", pauses=_end_pause(state, event.at))
        case Filled() if event.subject:
            return replace(after, subject=event.subject, documents=after.documents.extend(event.documents))
        case Numbered() | Filled() | Attached():
            return replace(after, documents=after.documents.extend(event.documents))
        case Migrated():
            return _migrate(sop, after, event)
        case Cancelled():
            return _cancel(state, after, event)
        case Noted() | Started():
            return after


def _withdrawable(sop: Sop, state: State, event: Event) -> tuple[int, tuple[State, ...]]:
    """The move that may be withdrawn after an event, and the states that this and further withdrawals go back to.

    What the mover fills in, attaches or notes afterwards belongs to those states too, drafts of what is undone do not.
    """
    if isinstance(event, _MOVES):
        return event.number, (*state.earlier[1 - MOST_WITHDRAWN :], replace(state, earlier=()))
    if state.moved and isinstance(event, Filled | Attached | Noted) and event.by == _last_actor(state):
        bare = event if isinstance(event, Noted) else replace(event, documents=())
        return state.moved, tuple([apply_event(sop, one, bare) for one in state.earlier])
    return 0, ()


def _last_actor(state: State) -> str:
    """The account that made the last move of a case that was moved."""
    acted = state.visit.acted or state.visits[-2].acted
    return acted[-1].by


def _open(sop: Sop, event: Started) -> State:
    step = sop.step(event.step)
    visit = Visit(step=step.id, round=1, since=event.at)
    return State(
        status="running",
        subject=event.subject,
        parent=event.parent,
        step=step.id,
        turn=turn_of(step, visit),
        started=event.at,
        last=event.at,
        visits=Series[Visit]().add(visit),
        fields=event.fields,
        writers={name: event.carried.get(name, (event.by,)) for name in event.fields},
        attachments=event.attachments,
    )


def _add_writers(before: State, event: Event) -> dict[str, tuple[str, ...]]:
    """Who gave each field another value, after an event with fields; the same value again is nobody's work."""
    changed = [name for name, value in event.fields.items() if before.fields.get(name) != value]
    return before.writers | {name: tuple(dict.fromkeys((*before.writers.get(name, ()), event.by))) for name in changed}


def _replace_visit(state: State, visit: Visit) -> State:
    return replace(state, visits=state.visits.replace_last(visit))


def _move(sop: Sop, state: State, event: Move) -> State:
    """Hand the row on, or leave it for where the event says."""
    step, visit = sop.step(event.step), state.visit
    acted = (*visit.acted, Acted(event.for_, event.by, event.at, event.recorded_at, event.note, event.on_behalf))
    label, to = (event.label, event.to) if event.label else (visit.label, visit.to)
    leaves, rejected = _is_row_done(step, acted, event), isinstance(event, Rejected)
    if leaves:
        outcome = label or "selesai"
        visit = replace(visit, acted=acted, label=label, to=to, until=event.at, outcome=outcome, rejected=rejected)
    else:
        visit = replace(visit, acted=acted, label=label, to=to)
    signings = state.signings if rejected else add_act(state, step, visit, leaves=leaves)
    documents = state.documents.extend(event.documents) if event.documents else state.documents
    if not leaves:
        visits = state.visits.replace_last(visit)
        return replace(state, visits=visits, documents=documents, signings=signings, turn=turn_of(step, visit))
    target, produced = to or event.to, state.produced
    if rejected:
        signings = drop_acts_since(state, target)
    else:
        produced = _add_outputs(state, step, event)
    after = replace(state, documents=documents, signings=signings, produced=produced)
    return _arrive(sop, after, visit, target, event.at)


def _is_row_done(step: Step, acted: tuple[Acted, ...], event: Move) -> bool:
    """Whether the row is done: everyone acted, the decider turned it down, or another case did it."""
    return len(acted) >= len(step.pelaksana) or isinstance(event, (Rejected, Completed))


def _arrive(sop: Sop, state: State, left: Visit, target: str, at: datetime) -> State:
    """Put the case at the step to which the visit that is ``left`` led, or end it."""
    if target == END:
        visits = state.visits.replace_last(left)
        return replace(state, status="completed", step=None, turn=(), ended=at, visits=visits)
    step, last = sop.step(target), find_last_visit(state.visits, target)
    visit = Visit(step=target, round=state.visits[last - 1].round + 1 if last else 1, since=at)
    return replace(state, step=target, turn=turn_of(step, visit), visits=state.visits.replace_last(left).add(visit))


def _add_outputs(state: State, step: Step, event: Move) -> tuple[str, ...]:
    """What is there now: the step's output too, and what the case put out that did the step; each once."""
    own = (step.output,) if step.output else ()
    called = event.kelengkapan if isinstance(event, Completed) else ()
    return state.produced + tuple([name for name in own + called if name not in state.produced])


def _withdraw(state: State, event: Withdrawn) -> State:
    """Back to before the move; what was attached or noted stays noted in the events alone."""
    if not state.earlier or state.moved != event.move:
        raise KeyError(event.move)
    *earlier, before = state.earlier
    return replace(before, last=event.at, earlier=tuple(earlier))


def _migrate(sop: Sop, state: State, event: Migrated) -> State:
    """The same stays and acts under the ids of the new version; the step at hand is that version's."""

    def now(step: str) -> str:
        return event.steps.get(step, step)

    visits = Series[Visit]().extend(replace(visit, step=now(visit.step), to=now(visit.to)) for visit in state.visits)
    here = sop.step(visits[-1].step)
    return replace(
        state,
        step=here.id,
        turn=turn_of(here, visits[-1]),
        visits=visits,
        documents=Series[Written]().extend(replace(written, step=now(written.step)) for written in state.documents),
        signings={
            name: tuple(replace(signing, step=now(signing.step)) for signing in signings)
            for name, signings in state.signings.items()
        },
    )


def _end_pause(state: State, at: datetime) -> Series[Pause]:
    """The pauses of a suspended case, the last of them ended."""
    return state.pauses.replace_last(replace(state.pauses[-1], until=at))


def _cancel(state: State, after: State, event: Cancelled) -> State:
    pauses = _end_pause(state, event.at) if state.status == "suspended" else state.pauses
    visit = replace(state.visit, until=event.at, outcome="dibatalkan")
    return replace(_replace_visit(after, visit), status="cancelled", step=None, turn=(), ended=event.at, pauses=pauses)
