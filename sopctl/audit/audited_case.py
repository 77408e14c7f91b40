"""What an audit keeps of a case while it reads the others, and checks of a case by itself."""

from collections.abc import Iterable
from datetime import datetime
from typing import get_args

from msgspec import Struct

from sopctl.engine.case import Case
from sopctl.engine.events import Attachment, Event, Migrated, Move, Numbered, Written, first_version
from sopctl.engine.instance import Instance
from sopctl.engine.replay import ImpossibleEvent, find_impossible_event
from sopctl.engine.state import State
from sopctl.letters.case_numbers import number_of
from sopctl.sop.model import Sop
from sopctl.store import case_json
from sopctl.store.record import Record

_MOVES = get_args(Move)


class AuditedCase(Struct, frozen=True):
    """The parts of a case that are compared with those of others; ``files`` are paths.

    ``events`` counts them, ``misdated`` are those with times that no right clock gives, ``on_behalf`` the moves that
    were recorded for an official who made them on paper.

    ``numbers`` are its documents with every letter number they ever had, ``valid`` those with the one they have now.
    ``versions`` are the versions of its SOP that it went through. ``agenda`` is the incoming letter that it was opened
    from, by its sequence and number, where one is; of a case that another called, None.
    """

    id: str
    events: int
    misdated: tuple[Event, ...]
    on_behalf: tuple[Move, ...]
    files: tuple[str, ...]
    numbers: frozenset[tuple[str, str]]
    valid: frozenset[tuple[str, str]]
    versions: frozenset[str]
    agenda: tuple[str, str] | None = None

    @classmethod
    def of(cls, case: Case, latest: datetime) -> "AuditedCase":
        """What is kept of a case; no right clock recorded an event after the ``latest`` moment."""
        events = case.instance.events
        files: list[Written | Attachment] = []
        numbers: set[tuple[str, str]] = set()
        misdated: list[Event] = []
        papers: list[Move] = []
        versions = {first_version(case.instance.version, events), case.instance.version}
        for event in events:  # one pass, for an audit looks at every event of the record
            if event.recorded_at > latest or event.at > event.recorded_at:
                misdated.append(event)
            files += event.files
            if isinstance(event, _MOVES):
                if event.on_behalf:
                    papers.append(event)
            elif isinstance(event, Numbered) and event.nomor:
                numbers.add((event.document, event.nomor))
            elif isinstance(event, Migrated):
                versions.add(event.version)
        numbers |= {(file.name, file.nomor) for file in files if isinstance(file, Written) and file.nomor}
        documents = () if case.state.status == "cancelled" else {document for document, _ in numbers}
        valid = frozenset((document, number_of(case, document) or "") for document in documents)
        paths = tuple([file.path for file in files])
        letter = None if case.state.parent else case.state.agenda
        return cls(
            case.id, len(events), tuple(misdated), tuple(papers), paths, frozenset(numbers), valid, frozenset(versions),
            (letter.sequence, letter.nomor) if letter else None,
        )  # fmt: skip


def first_impossible_event(
    record: Record, instance: Instance, states: Iterable[tuple[Sop, State]] = ()
) -> ImpossibleEvent | None:
    """The first event of a case that the engine would not have allowed; ``states`` are those after each event."""
    version = first_version(instance.version, instance.events)
    return find_impossible_event(version, instance.events, record.load_sop, states)


def is_canonical(instance: Instance, data: bytes) -> bool:
    """Whether the bytes of a case are what sopctl writes; schema 1 was written alike."""
    return data == case_json.encode(instance)
