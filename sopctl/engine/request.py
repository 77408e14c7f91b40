"""Who asks for a move, when, and with what."""

from datetime import datetime
from typing import TypedDict

from msgspec import Struct

from sopctl.engine.events import Attachment, FieldValue


class EventFields(TypedDict):
    """The keyword arguments that every event takes from the request."""

    at: datetime
    recorded_at: datetime
    by: str
    note: str
    fields: dict[str, FieldValue]
    attachments: tuple[Attachment, ...]
    via: str


class Request(Struct, frozen=True, kw_only=True):
    """A request for a move.

    ``at`` is when it happened, ``now`` when it is typed, both with a time zone. ``allowed`` are the pelaksana that the
    account ``by`` may act for on the day when it happened, ``allowed_now`` those on the day when it is typed, None
    where the office restricts nobody; ``as_`` is the one it wants to act for, empty for whoever's turn it is.
    ``on_behalf`` is the official who made the move on paper, where ``by`` only records it, and ``evidence`` the files
    that show it. ``person`` are all accounts and names of whoever acts: of that official, else of who uses ``by``.
    ``absent`` are those to whom the case is assigned and who are not in the office any more.
    ``via`` is the face by which the request came, as an event says it.
    """

    at: datetime
    now: datetime
    by: str
    as_: str = ""
    allowed: frozenset[str] | None = None
    allowed_now: frozenset[str] | None = None
    person: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    note: str = ""
    fields: dict[str, FieldValue] = {}
    attachments: tuple[Attachment, ...] = ()
    on_behalf: str = ""
    evidence: tuple[Attachment, ...] = ()
    via: str = ""

    @property
    def actor(self) -> str:
        """Who acts: the official who acted on paper, else the account."""
        return self.on_behalf or self.by

    def event_fields(self) -> EventFields:
        """The keyword arguments that every event takes from this request."""
        return {
            "at": self.at,
            "recorded_at": self.now,
            "by": self.by,
            "note": self.note,
            "fields": self.fields,
            "attachments": self.attachments,
            "via": self.via,
        }
