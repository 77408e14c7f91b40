"""Asks the engine again for every event of a case, and finds the first one that it would not have allowed.

A chain can be forged by whoever knows how it is made; an event that the SOP has no way for betrays itself. Who was
allowed to act is not asked again, for the office of that day is not in the events; and a rule that came later judges
nothing that was recorded before it.
"""

from collections.abc import Iterable, Iterator
from typing import get_args

from msgspec import Struct
from msgspec.structs import replace

from sopctl.engine import case_changes, guards, moves, requirements, skipping
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
    Returned,
    Skipped,
    Started,
    Suspended,
    Withdrawn,
)
from sopctl.engine.fold import Versions, states_after_each
from sopctl.engine.refused import Refused
from sopctl.engine.renaming import find_missing_steps, find_rows_apart, refuse_renaming
from sopctl.engine.request import Request
from sopctl.engine.state import State
from sopctl.errors import NotFoundError
from sopctl.sop.model import Sop

_WITH_DOCUMENTS: frozenset[type] = frozenset((*get_args(Move), Numbered, Returned, Filled, Attached))


class ImpossibleEvent(Struct, frozen=True):
    """An event (by its number) that the engine would not have allowed, and what it would have answered instead."""

    number: int
    why: str


class _Before(Struct, frozen=True):
    """Where a case stood before an event: the version of its SOP, its state, all events."""

    version: str
    sop: Sop
    state: State
    events: tuple[Event, ...]


def find_impossible_event(
    version: str, events: tuple[Event, ...], versions: Versions, states: Iterable[tuple[Sop, State]] = ()
) -> ImpossibleEvent | None:
    """The first event that cannot be, None where all of them can; the case was opened with this ``version``.

    ``states`` are SOP and state after each event where they are known already.

    Raises:
        KeyError: where the events and the SOP do not belong together at all; see `fold`.
    """
    opened, *rest = events
    sop = versions(version)
    if why := _why_no_opening(sop, opened):
        return ImpossibleEvent(1, why)
    known = iter(states or states_after_each(sop, events, versions))
    sop, state = next(known)
    for number, event in enumerate(rest, 2):
        here = state.at(getattr(event, "step", "")) if state.open else state
        before = _Before(version, sop, here, events)
        why = (
            _why_no_migration(before, versions(event.version), event)
            if isinstance(event, Migrated)
            else _why_impossible(before, event)
        )
        if why:
            return ImpossibleEvent(number, why)
        version = event.version if isinstance(event, Migrated) else version
        sop, state = next(known)
    return None


def _why_no_opening(sop: Sop, event: Event) -> str:
    """Why a case cannot begin so, empty where it can."""
    if not isinstance(event, Started):
        return "Catatan pertama bukan pembukaan berkas."
    if event.step not in sop.start:
        return f"SOP ini tidak dapat dimulai dari langkah {event.step}."
    missing = requirements.missing_fields(sop, None, event.fields)
    return requirements.refuse_missing_fields(sop, None, missing).message if missing else ""


def _why_impossible(before: _Before, event: Event) -> str:
    """Why an event cannot follow, empty where one of the ways to it leads there."""
    reasons, said = [], _strip_event(event)
    for answer in _list_answers(before, event):
        if isinstance(answer, Refused):
            if answer.reason == "not_by" and not _did_both(before, event):
                return _why_impossible(_without_not_by(before), event)
            reasons.append(answer.message)
        elif difference := _describe_difference(said, answer):
            reasons.append(difference)
        else:
            return ""
    return reasons[0]


def _did_both(before: _Before, event: Event) -> bool:
    """Whether who acts (account, or official on paper) did so at a step that closes this one: `not_by` from the first.

    That the end of another case counts, and whoever wrote the fields of a step, came later.
    """
    closed_to = before.sop.step(before.state.visit.step).not_by
    acted = {part.actor.casefold() for visit in before.state.visits if visit.step in closed_to for part in visit.acted}
    actor = getattr(event, "on_behalf", "") or event.by
    return actor.casefold() in acted and not isinstance(event, Completed)


def _without_not_by(before: _Before) -> _Before:
    steps = tuple(replace(step, not_by=()) for step in before.sop.steps)
    return replace(before, sop=replace(before.sop, steps=steps))


def _strip_event(event: Event) -> Event:
    """An event as the engine answers with it: without its place in the chain and the documents that were written."""
    if type(event) in _WITH_DOCUMENTS:
        return replace(event, number=0, previous="", documents=())
    return replace(event, number=0, previous="")


def _describe_difference(event: Event, answer: Event) -> str:
    """What an event says otherwise than the engine's answer, empty where it says the same."""
    if event == answer:
        return ""
    if type(event) is not type(answer):
        return "Menurut SOP, perintah itu berakibat lain."
    for name in event.__struct_fields__:
        recorded, expected = getattr(event, name), getattr(answer, name)
        if recorded != expected:
            return f'{_WORDS.get(name, name)} tercatat "{recorded}", menurut SOP "{expected}".'
    return ""


_WORDS = {
    "for_": "Pelaksana",
    "step": "Langkah",
    "label": "Pilihan",
    "to": "Langkah berikutnya",
    "kelengkapan": "Kelengkapan",
    "move": "Catatan yang ditarik",
    "note": "Alasan",
}
"""What the form calls the parts of an event."""


def _list_answers(before: _Before, event: Event) -> Iterator[Event | Refused]:  # noqa: C901, PLR0912 — one arm for each kind of event
    """What could have led to an event, the likeliest first."""
    sop, state, request = before.sop, before.state, _request_of(event)
    match event:
        case Approved() | Rejected() | Decided() | Begun() if event.for_ not in sop.pelaksana:
            yield Refused(reason="pelaksana", message=f"SOP ini tidak mempunyai pelaksana '{event.for_}'.")
        case Approved():
            yield moves.approve(sop, state, request)
            yield moves.approve(_as_choices(sop), state, request)
        case Rejected():
            yield moves.reject(sop, state, request)
            yield _decide(sop, state, request, event.label)
            yield moves.approve(sop, state, request)
            yield moves.reject_forward(sop, state, request)
        case Decided():
            yield _decide(sop, state, request, event.label)
            yield _decide(_as_choices(sop), state, request, event.label)
        case Skipped():
            yield _answer_skipped(before, request, event)
        case Completed():
            yield _answer_completed(before, request, event)
        case Withdrawn():
            last = before.events[state.moved - 1] if state.moved else None
            yield moves.withdraw(state, request, last if isinstance(last, Move) else None)
        case Begun():
            yield moves.begin(sop, state, request)
        case Filled():
            yield case_changes.fill(sop, state, request, event.subject)
        case Attached():
            yield case_changes.attach(state, request)
        case Noted():
            yield case_changes.note(state, request)
        case Assigned():
            yield case_changes.assign(state, request, event.pelaksana, event.to)
        case Suspended():
            yield case_changes.suspend(state, request)
        case Resumed():
            yield case_changes.resume(state, request)
        case Cancelled():
            yield case_changes.cancel(state, request)
        case Called():
            yield _answer_called(before, event)
        case Numbered():
            yield _answer_numbered(before, event)
        case Returned():
            yield case_changes.bring_back(sop, state, request, event.document)
        case Started() | Migrated():
            yield Refused(reason="started", message="Berkas ini sudah dibuka.")


def _request_of(event: Event) -> Request:
    return Request(
        at=event.at, now=event.recorded_at, by=event.by, as_=event.for_, note=event.note,
        fields=event.fields, attachments=event.attachments,
        on_behalf=getattr(event, "on_behalf", ""), evidence=getattr(event, "evidence", ()), via=event.via,
    )  # fmt: skip


def _as_choices(sop: Sop) -> Sop:
    """The SOP as it was before a label alone could turn work down: rows without a kind choose."""
    return replace(sop, steps=tuple(replace(step, kind=step.kind or "choice") for step in sop.steps))


def _decide(sop: Sop, state: State, request: Request, label: str) -> Event | Refused:
    """`moves.decide`; a label that the row does not have is an answer like others here."""
    try:
        return moves.decide(sop, state, request, label)
    except NotFoundError as error:
        return Refused(reason="label", message=error.message)


def _answer_skipped(before: _Before, request: Request, event: Skipped) -> Event | Refused:
    """The step is left out by somebody, or by its condition."""
    if not event.condition:
        return skipping.skip(before.sop, before.state, request)
    message = f"Langkah {event.step} saat itu tidak dilewati karena syaratnya."
    found = skipping.skip_unneeded(before.sop, before.state, event)
    return found or Refused(reason="condition", message=message)


def _answer_completed(before: _Before, request: Request, event: Completed) -> Event | Refused:
    """The step is done by the case that it waits for, and by no other."""
    if before.state.visit.child != event.child:
        return Refused(reason="not_called", message=f"Langkah itu tidak menunggu berkas {event.child}.")
    return moves.complete(before.sop, before.state, request, event.child, event.kelengkapan)


def _answer_called(before: _Before, event: Called) -> Event | Refused:
    """A step that another SOP does waits for a case of that SOP, or waits for it no more."""
    state, visit = before.state, before.state.visit
    step = before.sop.step(visit.step)
    called = step.sop is not None and event.child.rpartition("-")[0] == step.sop.sop and not visit.child
    freed = not event.child and visit.child
    if state.step is None or event.step != step.id or not (called or freed):
        child = event.child or "lain"
        return Refused(reason="not_called", message=f"Langkah {event.step} saat itu tidak dikerjakan berkas {child}.")
    return _refuse_earlier(state, event) or Called(
        at=event.at, recorded_at=event.recorded_at, by=event.by, step=step.id, child=event.child, via=event.via
    )


def _answer_numbered(before: _Before, event: Numbered) -> Event | Refused:
    """A letter of the SOP gets its number, or loses it."""
    if event.document not in before.sop.documents:
        return Refused(reason="document", message=f"SOP ini tidak mempunyai dokumen {event.document}.")
    cancelled = event.nomor and before.state.status == "cancelled"
    refused = guards.refuse_if_ended(before.state) if cancelled else None
    return refused or _refuse_earlier(before.state, event) or _strip_event(event)


def _refuse_earlier(state: State, event: Event) -> Refused | None:
    """Whether an event that sets itself after the last one does come before it."""
    return guards.refuse_wrong_time(state, Request(at=event.at, now=max(event.at, event.recorded_at), by=event.by))


def _why_no_migration(before: _Before, sop: Sop, event: Migrated) -> str:
    """Why the case cannot go on under this version of its SOP, empty where it can."""
    state = before.state
    request = Request(at=event.at, now=event.recorded_at, by=event.by)
    refused = guards.refuse_unless_running(state) or guards.refuse_wrong_time(state, request)
    if refused is not None:
        return refused.message
    if event.before != before.version:
        return "Saat itu berkas ini memakai versi SOP yang lain."
    for row in state.rows:
        if row.visit.acted or row.visit.child:
            return f"Langkah {row.visit.step} saat itu sedang berjalan."
    misnamed = refuse_renaming(before.sop, sop, event.steps)
    if misnamed is not None:
        return misnamed.message
    gone = find_missing_steps(state, sop, event.steps)
    if gone:
        return f"Versi baru tidak mempunyai langkah {gone[0]}."
    apart = find_rows_apart(state, sop, event.steps)
    return f"Pada versi baru langkah {' dan '.join(apart)} tidak dikerjakan bersamaan." if apart else ""
