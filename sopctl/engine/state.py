"""Where a case stands: what its events add up to."""

from datetime import datetime
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from sopctl.engine.events import AgendaReference, Attached, Attachment, FieldValue, Filled, Noted, Written
from sopctl.engine.series import Series
from sopctl.sop.model import Act

CANCELLED, WITHDRAWN = "dibatalkan", "ditarik"
"""The outcome of a visit that ended with its case, and with the arm of a fork that it is in."""

SKIPPED = "dilewati"
"""The outcome of a visit whose step was left out."""

Status = Literal["running", "suspended", "completed", "cancelled"]

STATUS: dict[Status, str] = {
    "running": "berjalan",
    "suspended": "ditunda",
    "completed": "selesai",
    "cancelled": "dibatalkan",
}
"""What people read of it."""


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

    @property
    def is_cut(self) -> bool:
        """Whether it ended undone: its case was cancelled, or the arm of a fork that it is in was withdrawn."""
        return self.outcome in {CANCELLED, WITHDRAWN} and self.outcome != self.label

    @property
    def is_skipped(self) -> bool:
        """Whether its step was left out."""
        return self.outcome == SKIPPED and not self.label


class OpenRow(Struct, frozen=True):
    """A row at which a case stands: whose turn it is there, and the number (from 1) of its visit."""

    step: str
    turn: tuple[str, ...]
    number: int


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
    one is open while the case is. In the arms of a fork a case may stand at several rows: these are ``open``, in the
    order of the form, and ``step``, ``turn`` and ``place`` (the number of its visit) are those of the one at hand, the
    first unless `at` took another. Where only the last visit is open, ``open`` is empty and ``place`` 0.
    ``signings`` holds per document the acts that count. ``moved`` is the number of the last move if nobody did anything
    since but who made it: ``before`` is the state that its withdrawal goes back to, with the row that was moved at
    hand, ``added`` what its mover filled in, attached or noted since. ``writers`` are the accounts that gave a field
    another value, by its name. ``left_out`` are the outputs of steps that were left out. ``agenda`` is the incoming
    letter that the case answers.
    """

    status: Status
    subject: str
    parent: str
    agenda: AgendaReference | None = None
    step: str | None
    turn: tuple[str, ...]
    open: tuple[OpenRow, ...] = ()
    place: int = 0
    started: datetime
    last: datetime
    visits: Series[Visit]
    fields: dict[str, FieldValue] = {}
    writers: dict[str, tuple[str, ...]] = {}
    attachments: tuple[Attachment, ...] = ()
    documents: Series[Written] = Series()
    produced: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    signings: dict[str, tuple[Signing, ...]] = {}
    assigned: dict[str, str] = {}
    pauses: Series[Pause] = Series()
    ended: datetime | None = None
    moved: int = 0
    before: "State | None" = None
    added: tuple[Filled | Attached | Noted, ...] = ()

    @property
    def visit(self) -> Visit:
        """The open visit of the row at hand, or the last one of a case that ended."""
        return self.visits[self.place - 1] if self.place else self.visits.tail[0]

    @property
    def visit_number(self) -> int:
        """The number (from 1) of that visit."""
        return self.place or len(self.visits)

    @property
    def rows(self) -> "tuple[State, ...]":
        """The state with each of the open rows at hand, in the order of the form; itself alone where it has no fork."""
        return tuple([self.at(row.step) for row in self.open]) or (self,)

    @property
    def whole_turn(self) -> tuple[str, ...]:
        """The pelaksana who may act now at any of the open rows."""
        return tuple(dict.fromkeys([name for row in self.open for name in row.turn])) if self.open else self.turn

    def at(self, step: str) -> "State":
        """The state with this row at hand; unchanged where the case does not stand there in the arm of a fork."""
        for row in self.open:
            if row.step == step:
                return replace(self, step=step, turn=row.turn, place=row.number)
        return self

    def at_first(self) -> "State":
        """The state with the first of its open rows at hand."""
        return self.at(self.open[0].step) if self.open else self
