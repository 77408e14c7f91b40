"""The recorded events of all cases, to search in; of a case that cannot be read those that the ledger has."""

from collections.abc import Iterator

from msgspec import Struct

from sopctl.audit.ledger_summary import ledger_events_of, summarize_ledger
from sopctl.engine.events import Event, Migrated, first_version
from sopctl.engine.fold import fold_versions
from sopctl.engine.state import State
from sopctl.engine.verification_code import verification_code
from sopctl.errors import DamagedError, NotFoundError, SopctlError
from sopctl.sop.model import Sop, Step
from sopctl.store import case_json
from sopctl.store.record import Record


class RecordedCase(Struct, frozen=True):
    """The events of a case, and the SOP version that it was opened with."""

    id: str
    version: str
    events: tuple[Event, ...]

    def code(self, event: Event) -> str:
        """The verification code of an event."""
        return verification_code(self.id, event.number, event.previous)

    def replay(self, record: Record, number: int) -> tuple[Sop, State] | None:
        """SOP and state after the event with this number, None where the events do not fit their SOP."""
        try:
            return fold_versions(record.load_sop(self.version), self.events[:number], record.load_sop)
        except (SopctlError, KeyError, ValueError, IndexError):
            return None

    def step(self, record: Record, number: int, id: str) -> tuple[Sop | None, Step | None]:
        """The SOP at an event and a step of it; a letter that is written again may be of a step of an older version.

        None for what cannot be read any more.
        """
        versions = [self.version, *(event.version for event in self.events[:number] if isinstance(event, Migrated))]
        newest = None
        for version in reversed(versions):
            try:
                sop = record.load_sop(version)
                newest = newest or sop
                return sop, sop.step(id)
            except (SopctlError, KeyError):
                continue
        return newest, None


def recorded_cases(record: Record) -> Iterator[RecordedCase]:
    """Every case; those that cannot be read, or are gone, come last and as the ledger has them.

    Whom the rule of reading binds gets those that it allows, and nothing of the ledger, of which nobody can say.
    """
    ids, unread = list(record.store.list_ids()), []
    together = record.whole_store.read_cases(ids) if record.reader is None else ((id, "", None) for id in ids)
    for id, name, data in together:
        try:
            instance = record.store.load_instance(id) if data is None else case_json.decode(data, name, id)
        except (DamagedError, NotFoundError):
            unread.append(id)
        else:
            yield RecordedCase(id, first_version(instance.version, instance.events), instance.events)
    if record.reader is not None:
        return
    whole = record.whole_store.open_ledger()
    for id in (*unread, *sorted(summarize_ledger(whole).cases.keys() - set(ids))):
        lines = ledger_events_of(whole, id)
        if lines:
            yield RecordedCase(id, lines[0].version, tuple(line.event for line in lines))
