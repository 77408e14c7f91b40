"""What each event of a case did that it does not say itself, found by folding the events once more."""

from collections.abc import Iterator

from msgspec import Struct

from sopctl.engine.case import Case
from sopctl.engine.effects import find_effect
from sopctl.engine.events import Started, Withdrawn, first_version
from sopctl.engine.fold import Versions, states_after_each
from sopctl.sop.model import Act


class DroppedAct(Struct, frozen=True):
    """An act upon a document that no longer counts, and whose it was."""

    act: Act
    jabatan: str


class HistoryEntry(Struct, frozen=True, kw_only=True):
    """The event with this ``number``.

    ``filled`` are fields that were empty before, ``changed`` those that had another value. ``dropped`` are the acts
    that no longer count, by the document. ``withdrawn`` says that the move was taken back.
    """

    number: int
    filled: tuple[str, ...]
    changed: tuple[str, ...]
    dropped: dict[str, tuple[DroppedAct, ...]]
    withdrawn: bool


def list_history(case: Case, versions: Versions) -> tuple[HistoryEntry, ...]:
    """An entry for each event, in order."""
    return tuple(_entries(case, versions))


def _entries(case: Case, versions: Versions) -> Iterator[HistoryEntry]:
    events = case.instance.events
    withdrawn = {event.move for event in events if isinstance(event, Withdrawn)}
    first = versions(first_version(case.instance.version, events))
    before = None
    for event, (sop, state) in zip(events, states_after_each(first, events, versions), strict=True):
        if before is None or isinstance(event, Started):
            yield HistoryEntry(number=event.number, filled=tuple(event.fields), changed=(), dropped={}, withdrawn=False)
        else:
            did = find_effect(before, state, event)
            yield HistoryEntry(
                number=event.number,
                filled=did.filled,
                changed=did.changed,
                dropped={
                    document: tuple(DroppedAct(one.act, sop.pelaksana[one.pelaksana]) for one in acts)
                    for document, acts in did.dropped.items()
                },
                withdrawn=event.number in withdrawn,
            )
        before = state
