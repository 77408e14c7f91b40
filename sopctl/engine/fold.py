"""From events to state: the one place that says what an event does to a case."""

from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import get_args

from msgspec.structs import replace

from sopctl.engine.events import (
    Assigned,
    Attached,
    Begun,
    Called,
    Cancelled,
    Completed,
    Event,
    Filled,
    Migrated,
    Move,
    Noted,
    Numbered,
    Rejected,
    Resumed,
    Returned,
    Skipped,
    Started,
    Suspended,
    Withdrawn,
    Written,
)
from sopctl.engine.series import Series
from sopctl.engine.signings import add_act, drop_acts_since, fill_fields, find_last_visit
from sopctl.engine.state import CANCELLED, SKIPPED, WITHDRAWN, Acted, OpenRow, Pause, State, Visit
from sopctl.sop.model import END, Sop, Step

_MOVES = get_args(Move)

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


def apply_event(sop: Sop, state: State, event: Event) -> State:  # noqa: C901, PLR0911 — one arm for each kind of event
    """The state after one event more, with the first of several open rows at hand."""
    if state.open:
        state = state.at(getattr(event, "step", state.open[0].step))
    if isinstance(event, Withdrawn):
        return _withdraw(sop, state, event)
    filled = _fill_in(state, event)
    if isinstance(event, _MOVES):
        return (_skip if isinstance(event, Skipped) else _move)(sop, state, filled, event)
    after = _add_to_move(state, filled, event)
    match event:
        case Begun():
            return _replace_visit(after, replace(state.visit, begun=event.at)).at_first()
        case Called():
            return _replace_visit(after, replace(state.visit, child=event.child)).at_first()
        case Assigned():
            return replace(after, assigned={**state.assigned, event.pelaksana: event.to})
        case Suspended():
            return replace(after, status="suspended", pauses=state.pauses.add(Pause(event.at)))
        case Resumed():
            return replace(after, status="running", pauses=_end_pause(state, event.at))
        case Filled() if event.subject:
            return replace(after, subject=event.subject, documents=after.documents.extend(event.documents))
        case Numbered() | Returned() | Filled() | Attached():
            return replace(after, documents=after.documents.extend(event.documents))
        case Migrated():
            return _migrate(sop, after, event)
        case Cancelled():
            return _cancel(state, after, event)
    return after


def _fill_in(state: State, event: Event) -> State:
    """The state with the fields and files that an event brings."""
    if event.fields:
        state = replace(fill_fields(state, event.fields), writers=_add_writers(state, event))
    if event.attachments:
        state = replace(state, attachments=state.attachments + event.attachments)
    return state


def _add_to_move(state: State, filled: State, event: Event) -> State:
    """The state after an event that is no move: the last move can be withdrawn while only its mover adds something.

    What was filled in, attached or noted is kept without the drafts, which are undone with the move.
    """
    if state.before and isinstance(event, Filled | Attached | Noted) and event.by == _last_actor(state, state.before):
        added = event if isinstance(event, Noted) else replace(event, documents=())
        return replace(filled, last=event.at, added=(*state.added, added))
    return replace(filled, last=event.at, moved=0, before=None, added=())


def _last_actor(state: State, before: State) -> str:
    """The account that made the last move."""
    return state.visits[before.visit_number - 1].acted[-1].by


def _open(sop: Sop, event: Started) -> State:
    step = sop.step(event.step)
    visit = Visit(step=step.id, round=1, since=event.at)
    return State(
        status="running",
        subject=event.subject,
        parent=event.parent,
        agenda=event.agenda,
        step=step.id,
        turn=turn_of(step, visit),
        started=event.at,
        last=event.at,
        visits=Series(tail=(visit,)),
        fields=event.fields,
        writers={name: event.carried.get(name, (event.by,)) for name in event.fields},
        attachments=event.attachments,
    )


def _add_writers(before: State, event: Event) -> dict[str, tuple[str, ...]]:
    """Who gave each field another value, after an event with fields; the same value again is nobody's work."""
    changed = [name for name, value in event.fields.items() if before.fields.get(name) != value]
    return before.writers | {name: tuple(dict.fromkeys((*before.writers.get(name, ()), event.by))) for name in changed}


def _replace_visit(state: State, visit: Visit) -> State:
    return replace(state, visits=state.visits.replace_at(state.visit_number, visit))


def _move(sop: Sop, before: State, state: State, event: Move) -> State:
    """Hand the row on, or leave it for where the event says; ``state`` is ``before`` with what the event fills in."""
    step, visit = sop.step(event.step), state.visit
    acted = (*visit.acted, Acted(event.for_, event.by, event.at, event.recorded_at, event.note, event.on_behalf))
    label, to = (event.label, event.to) if event.label else (visit.label, visit.to)
    leaves, rejected = _is_row_done(step, acted, event), isinstance(event, Rejected)
    if leaves:
        outcome = label or "selesai"
        visit = replace(visit, acted=acted, label=label, to=to, until=event.at, outcome=outcome, rejected=rejected)
    else:
        visit = replace(visit, acted=acted, label=label, to=to)
    target = (to or event.to) if leaves else step.id
    if rejected:
        signings, produced = drop_acts_since(state, target, sop.beside.get(target, ())), state.produced
    else:
        signings = add_act(state, step, visit, leaves=leaves)
        produced = _add_outputs(state, step, event) if leaves else state.produced
    if state.open or (step.next and leaves and len(step.next) > 1):
        state = _move_among(sop, state, visit, (target, *step.next[1:]) if leaves else (), event)
        target, turn, visits = state.step or END, state.turn, state.visits
    elif leaves and target != END:
        left, visit = visit, _visit(state.visits, target, event.at)
        visits, turn = state.visits.replace_last(left, visit), turn_of(sop.step(target), visit)
    else:
        visits, turn = state.visits.replace_last(visit), () if leaves else turn_of(step, visit)
    after = replace(
        state,
        step=target,
        turn=turn,
        visits=visits,
        documents=state.documents.extend(event.documents) if event.documents else state.documents,
        signings=signings,
        produced=produced,
        last=event.at,
        moved=event.number,
        before=before,
        added=(),
    )
    return replace(after, status="completed", step=None, ended=event.at) if target == END else after


def _skip(sop: Sop, before: State, state: State, event: Skipped) -> State:
    """Leave the row out: as a move that makes nothing; by a condition it goes with the move that led there."""
    after = _move(sop, before, state, event)
    number, visit = before.visit_number, after.visits[before.visit_number - 1]
    acted = before.visit.acted if event.condition else visit.acted
    after = replace(
        after,
        visits=after.visits.replace_at(number, replace(visit, acted=acted, outcome=SKIPPED)),
        signings=state.signings,
        produced=state.produced,
        left_out=tuple(dict.fromkeys((*state.left_out, *sop.step(event.step).output))),
    )
    return replace(after, moved=before.moved, before=before.before, added=before.added) if event.condition else after


def _is_row_done(step: Step, acted: tuple[Acted, ...], event: Move) -> bool:
    """Whether the row is done: everyone acted, the decider turned it down, another case did it, or it was left out."""
    return len(acted) >= len(step.pelaksana) or isinstance(event, (Rejected, Completed, Skipped))


def _visit(visits: Series[Visit], step: str, since: datetime) -> Visit:
    """A stay that begins, after these visits."""
    last = find_last_visit(visits, step)
    return Visit(step=step, round=visits[last - 1].round + 1 if last else 1, since=since)


def _move_among(sop: Sop, state: State, visit: Visit, targets: tuple[str, ...], event: Move) -> State:
    """The state with the visits and the open rows after a move in the arm of a fork, or one that leads to ``targets``.

    ``visit`` is the one that the move adds to, and ends where there are targets. Of the other open rows those that do
    not run beside the target are in arms that meet there: the move waits for them; a rejection withdraws them.
    """
    visits = state.visits.replace_at(state.visit_number, visit)
    rows = [row for row in state.open if row.number != state.visit_number]
    if not targets:
        here = sop.step(visit.step)
        rows.append(OpenRow(here.id, turn_of(here, visit), state.visit_number))
    for target in dict.fromkeys(targets):
        beside = sop.beside.get(target, frozenset())
        waited = [row for row in rows if row.step not in beside]
        if isinstance(event, Rejected):
            for row in waited:
                withdrawn = replace(visits[row.number - 1], until=event.at, outcome=WITHDRAWN)
                visits = visits.replace_at(row.number, withdrawn)
                rows.remove(row)
        elif waited:
            continue
        if target != END:
            begun = _visit(visits, target, event.at)
            visits = visits.add(begun)
            rows.append(OpenRow(target, turn_of(sop.step(target), begun), len(visits)))
    return _stand_at(sop, replace(state, visits=visits), rows)


def _stand_at(sop: Sop, state: State, rows: list[OpenRow]) -> State:
    """The state with these rows open and the first of them, as the form has them, at hand."""
    first, *others = sorted(rows, key=lambda row: sop.row(row.step)) or [OpenRow(END, (), len(state.visits))]
    if not others and first.number == len(state.visits):
        return replace(state, step=first.step, turn=first.turn, open=(), place=0)
    return replace(state, step=first.step, turn=first.turn, open=(first, *others), place=first.number)


def _add_outputs(state: State, step: Step, event: Move) -> tuple[str, ...]:
    """What is there now: the step's outputs too, and what the case put out that did the step; each once."""
    outputs = (*step.output, *event.kelengkapan) if isinstance(event, Completed) else step.output
    produced = state.produced
    for name in outputs:
        if name not in produced:
            produced = (*produced, name)
    return produced


def _withdraw(sop: Sop, state: State, event: Withdrawn) -> State:
    """Back to before the move, with what was filled in, attached or noted since."""
    if state.before is None or state.moved != event.move:
        raise KeyError(event.move)
    before = state.before
    for added in state.added:
        before = apply_event(sop, before, added)
    return replace(before.at_first(), last=event.at)


def _migrate(sop: Sop, state: State, event: Migrated) -> State:
    """The same stays and acts under the ids of the new version; the step at hand is that version's."""

    def now(step: str) -> str:
        return event.steps.get(step, step)

    visits = Series[Visit]().extend(replace(visit, step=now(visit.step), to=now(visit.to)) for visit in state.visits)
    numbers = [row.number for row in state.open] or [len(visits)]
    open_ = [(sop.step(visits[number - 1].step), visits[number - 1], number) for number in numbers]
    moved = replace(
        state,
        visits=visits,
        documents=Series[Written]().extend(replace(written, step=now(written.step)) for written in state.documents),
        signings={
            name: tuple(replace(signing, step=now(signing.step)) for signing in signings)
            for name, signings in state.signings.items()
        },
    )
    return _stand_at(sop, moved, [OpenRow(step.id, turn_of(step, visit), number) for step, visit, number in open_])


def _end_pause(state: State, at: datetime) -> Series[Pause]:
    """The pauses of a suspended case, the last of them ended."""
    return state.pauses.replace_last(replace(state.pauses[-1], until=at))


def _cancel(state: State, after: State, event: Cancelled) -> State:
    pauses = _end_pause(state, event.at) if state.status == "suspended" else state.pauses
    for row in state.rows:
        after = replace(after, place=row.place)
        after = _replace_visit(after, replace(row.visit, until=event.at, outcome=CANCELLED))
    return replace(after, status="cancelled", step=None, turn=(), open=(), place=0, ended=event.at, pauses=pauses)
