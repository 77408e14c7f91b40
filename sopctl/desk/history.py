"""What each event of a case did that it does not say itself: found by going through the record once more."""

from collections.abc import Iterator

from msgspec import Struct

from sopctl.desk.session import Session
from sopctl.engine.case import Case
from sopctl.engine.effects import find_effect
from sopctl.engine.events import Started, Withdrawn, first_version
from sopctl.engine.fold import states_after_each
from sopctl.sop.model import Act


class Fallen(Struct, frozen=True):
    """An act upon a document that no longer counts, and whose it was."""

    act: Act
    jabatan: str


class Entry(Struct, frozen=True, kw_only=True):
    """The event with this ``number``.

    ``filled`` are fields that were empty before, ``changed`` those that had another value. ``dropped`` are the acts
    that no longer count, by the document. ``withdrawn`` says that the move was taken back.
    """

    number: int
    filled: tuple[str, ...]
    changed: tuple[str, ...]
    dropped: dict[str, tuple[Fallen, ...]]
    withdrawn: bool


def history(desk: Session, case: Case) -> tuple[Entry, ...]:
    """An entry for each event, in order."""
    return tuple(_entries(desk, case))


def _entries(desk: Session, case: Case) -> Iterator[Entry]:
    events = case.instance.events
    withdrawn = {event.move for event in events if isinstance(event, Withdrawn)}
    first = desk.record.sop(first_version(case.instance.version, events))
    before = None
    for event, (sop, state) in zip(events, states_after_each(first, events, desk.record.sop), strict=True):
        if before is None or isinstance(event, Started):
            yield Entry(number=event.number, filled=tuple(event.fields), changed=(), dropped={}, withdrawn=False)
        else:
            did = find_effect(before, state, event)
            yield Entry(
                number=event.number,
                filled=did.filled,
                changed=did.changed,
                dropped={
                    document: tuple(Fallen(one.act, sop.pelaksana[one.pelaksana]) for one in acts)
                    for document, acts in did.dropped.items()
                },
                withdrawn=event.number in withdrawn,
            )
        before = state
