"""A case as it is stored: an envelope around its events."""

from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from sopctl.engine.events import Event, FieldValue, digest, root

SCHEMA = 1


class Instance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One case of an SOP.

    ``sop`` and ``version`` name the SOP and the sha256 of the YAML it was started with; ``revision`` counts its
    events; ``head`` is the hash of the last one. ``subject`` and ``fields`` repeat what the events say, for whoever
    reads the file, and are compared with them on reading.
    """

    schema: int = SCHEMA
    id: str
    revision: int = 0
    sop: str
    version: str
    subject: str = ""
    fields: dict[str, FieldValue] = {}
    events: tuple[Event, ...] = ()
    head: str = ""

    @classmethod
    def new(cls, id: str, sop: str, version: str) -> Self:
        """A case without events."""
        return cls(id=id, sop=sop, version=version, head=root(id, version))

    def add(self, event: Event) -> Self:
        """The case with one event more, chained to the last."""
        number = self.revision + 1
        chained = event.chained(number, self.head)
        return replace(
            self,
            revision=number,
            subject=getattr(chained, "subject", self.subject),
            fields=self.fields | chained.fields if chained.fields else self.fields,
            events=(*self.events, chained),
            head=digest(chained),
        )
