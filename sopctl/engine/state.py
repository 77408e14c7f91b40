"""Where a case stands: what its events add up to."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from sopctl.engine.events import AgendaReference, Attached, Attachment, FieldValue, Filled, Noted, Written
from sopctl.engine.series import Series
from sopctl.sop.model import Act

Status = Literal["running", "suspended", "completed", "cancelled"]


class Acted(Struct, frozen=True):
    """One pelaksana's part in a visit: handed on at ``at`` by ``by``, typed at ``recorded_at``.

    ``on_behalf`` is the official who did it on paper, where ``by`` only recorded it.
    """

    pelaksana: str
    by: str
    at: datetime
    recorded_at: datetime
    note: str = ""
    on_behalf: str = ""

    @property
    def actor(self) -> str:
        """Who did it: the official who did it on paper, else the account."""
        return self.on_behalf or self.by


class Visit(Struct, frozen=True, kw_only=True):
    """One stay of the case at a step.

    ``round`` is 1 for the first stay at that step. ``outcome`` is the label taken, `selesai` where there was no
    choice, empty while it lasts; ``rejected`` says that it turned the work down. ``begun`` is when work began, where
    `begin` said so. ``label`` and ``to`` are the decider's choice while the rest of the row still passes it on.
    """

    step: str
    round: int
    since: datetime
    until: datetime | None = None
    begun: datetime | None = None
    acted: tuple[Acted, ...] = ()
    outcome: str = ""
    rejected: bool = False
    label: str = ""
    to: str = ""
    child: str = ""


class DocumentText(Struct, frozen=True):
    """What people put into a document, as it was at one moment: the fields, the files beside the case, who has what."""

    fields: dict[str, FieldValue]
    attachments: tuple[Attachment, ...]
    assigned: dict[str, str]


class Signing(Struct, frozen=True):
    """One act upon a document that still counts: a draft that was turned down has lost those made since.

    ``by`` is the account that acted, the official where an account recorded what he did on paper. ``text`` is what it
    was put under, ``assigned`` whom the case had made the pelaksana then (empty for nobody).
    """

    act: Act
    step: str
    pelaksana: str
    by: str
    at: datetime
    visit: int
    text: DocumentText
    assigned: str


class Pause(Struct, frozen=True):
    """A time in which the clock of the case stood still; ``until`` is None while it does."""

    since: datetime
    until: datetime | None = None


class State(Struct, frozen=True, kw_only=True):
    """The fold of a case's events.

    ``step`` is None once the case ended; ``turn`` are the pelaksana who may act now; ``visits`` are in order, the last
    one is open while the case is. ``signings`` holds per document the acts that count. ``moved`` is the number of the
    last move if nobody did anything since but who made it: ``before`` is the state that its withdrawal goes back to,
    ``added`` what its mover filled in, attached or noted since. ``writers`` are the accounts that gave a field another
    value, by its name. ``agenda`` is the incoming letter that the case answers.
    """

    status: Status
    subject: str
    parent: str
    agenda: AgendaReference | None = None
    step: str | None
    turn: tuple[str, ...]
    started: datetime
    last: datetime
    visits: Series[Visit]
    fields: dict[str, FieldValue] = {}
    writers: dict[str, tuple[str, ...]] = {}
    attachments: tuple[Attachment, ...] = ()
    documents: Series[Written] = Series()
    produced: tuple[str, ...] = ()
    signings: dict[str, tuple[Signing, ...]] = {}
    assigned: dict[str, str] = {}
    pauses: Series[Pause] = Series()
    ended: datetime | None = None
    moved: int = 0
    before: "State | None" = None
    added: tuple[Filled | Attached | Noted, ...] = ()

    @property
    def visit(self) -> Visit:
        """The open visit, or the last one of a case that ended."""
        return self.visits.tail[0]
