"""The events of all cases, to look for one of them: where a case cannot be read, as the ledger has them."""

from collections.abc import Iterator

from msgspec import Struct

from sopctl.audit.witness import chain_of, witness
from sopctl.engine.events import Event, Migrated, Move, Numbered, Written, first_version
from sopctl.engine.fold import fold_versions
from sopctl.engine.state import State
from sopctl.engine.verification_code import verification_code
from sopctl.errors import DamagedError, NotFoundError, SopctlError
from sopctl.sop.model import Sop, Step
from sopctl.store.record import Record


class History(Struct, frozen=True):
    """The events of a case, and the SOP version that it was opened with."""

    id: str
    version: str
    events: tuple[Event, ...]

    def code(self, event: Event) -> str:
        """The verification code of an event."""
        return verification_code(self.id, event.number, event.previous)

    def then(self, record: Record, number: int) -> tuple[Sop, State] | None:
        """SOP and state after the event with this number, None where the events do not fit their SOP."""
        try:
            return fold_versions(record.load_sop(self.version), self.events[:number], record.load_sop)
        except (SopctlError, KeyError, ValueError, IndexError):
            return None

    def step(self, record: Record, number: int, id: str) -> tuple[Sop | None, Step | None]:
        """A step as the SOP version of an event calls it, or the version before: a letter may be written again later.

        None for what cannot be read any more.
        """
        moved = [event.version for event in self.events[:number] if isinstance(event, Migrated)]
        newest = None
        for version in reversed((self.version, *moved)):
            try:
                sop = record.load_sop(version)
                newest = newest or sop
                return sop, sop.step(id)
            except (SopctlError, KeyError):
                continue
        return newest, None


def histories(record: Record) -> Iterator[History]:
    """Every case; those that cannot be read, or are gone, come last and as the ledger has them."""
    unread = []
    for id in (ids := list(record.store.list_ids())):
        try:
            instance = record.store.load_instance(id)
        except (DamagedError, NotFoundError):
            unread.append(id)
        else:
            yield History(id, first_version(instance.version, instance.events), instance.events)
    for id in (*unread, *sorted(witness(record.workspace).cases.keys() - set(ids))):
        lines = chain_of(record.workspace, id)
        if lines:
            yield History(id, lines[0].version, tuple(line.event for line in lines))


def papers(event: Event) -> tuple[Written, ...]:
    """The Word files that an event recorded."""
    return event.documents if isinstance(event, Move | Numbered) else ()
