"""What an audit keeps of a case while it reads the others, and checks of a case by itself."""

from msgspec import Struct

from sopctl.engine.case import Case
from sopctl.engine.events import Attachment, Event, Migrated, Move, Numbered, Written, first_version
from sopctl.engine.instance import SCHEMA, Instance
from sopctl.engine.replay import ImpossibleEvent, find_impossible_event
from sopctl.letters.case_numbers import number_of
from sopctl.store import disk
from sopctl.store.files import cases
from sopctl.store.record import Record


class AuditedCase(Struct, frozen=True):
    """The parts of a case that are compared with those of others; ``files`` come with the number of their event.

    ``numbers`` are its documents with every letter number they ever had, ``valid`` those with the one they have now.
    ``versions`` are the versions of its SOP that it went through.
    """

    id: str
    events: tuple[Event, ...]
    files: tuple[tuple[int, Written | Attachment], ...]
    numbers: frozenset[tuple[str, str]]
    valid: frozenset[tuple[str, str]]
    versions: frozenset[str]

    @classmethod
    def of(cls, case: Case) -> "AuditedCase":
        """What is kept of a case."""
        events = case.instance.events
        files: list[tuple[int, Written | Attachment]] = []
        numbers: set[tuple[str, str]] = set()
        for event in events:
            written = documents_of(event)
            files += [(event.number, attachment) for attachment in event.attachments]
            files += [(event.number, one) for one in written]
            numbers |= {(one.name, one.nomor) for one in written if one.nomor}
            if isinstance(event, Numbered) and event.nomor:
                numbers.add((event.document, event.nomor))
        versions = {event.version for event in events if isinstance(event, Migrated)}
        versions |= {first_version(case.instance.version, events), case.instance.version}
        documents = () if case.state.status == "cancelled" else {document for document, _ in numbers}
        valid = frozenset((document, number_of(case, document) or "") for document in documents)
        return cls(case.id, events, tuple(files), frozenset(numbers), valid, frozenset(versions))


def documents_of(event: Event) -> tuple[Written, ...]:
    """The Word files that an event recorded."""
    return event.documents if isinstance(event, Move | Numbered) else ()


def first_impossible_event(record: Record, instance: Instance) -> ImpossibleEvent | None:
    """The first event of a case that the engine would not have allowed."""
    version = first_version(instance.version, instance.events)
    return find_impossible_event(version, instance.events, record.load_sop)


def is_canonical(record: Record, instance: Instance) -> bool:
    """Whether the file of a case is byte for byte what sopctl writes; a file of an older schema need not be."""
    data = disk.read_file(cases.path_of(record.workspace.instances, instance.id), limit=cases.LARGEST)
    return instance.schema != SCHEMA or data == cases.encode(instance)
