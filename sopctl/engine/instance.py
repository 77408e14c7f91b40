"""A case as it is stored: an envelope around its events."""

from msgspec import Struct

from sopctl.engine.events import Event, FieldValue

SCHEMA = 2
"""Since 2 an event may say what a letter was signed without, for whom a move was recorded, which drafts it changed."""


class Instance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One case of an SOP.

    ``schema`` is that of the sopctl that wrote it last. ``sop`` and ``version`` name the SOP and the sha256 of the
    YAML it was started with; ``revision`` counts its events; ``head`` is the hash of the last one. ``subject`` and
    ``fields`` repeat what the events add up to, for whoever reads the file, and are compared with them on reading.
    """

    schema: int = SCHEMA
    id: str
    revision: int
    sop: str
    version: str
    subject: str
    fields: dict[str, FieldValue]
    events: tuple[Event, ...]
    head: str
