"""What happened to a case, in order: the only truth about it.

Each event carries the hash of the one before, the first one that of the case's own name and SOP version, so that
no event can be changed, removed or moved to another case without breaking the chain.
"""

from datetime import datetime
from hashlib import sha256
from typing import Annotated, Self

import msgspec
from msgspec import Struct

from sopctl.sop.model import Act

FieldValue = str | int | float | list[str | dict[str, str]]
"""A value that people filled in: text, number, date (ISO) and choice, or the lines of a list or table."""

EMPTY: tuple[object, ...] = (None, "", [])
"""The values of a field that is not filled in."""

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A time with its zone: one without could be compared with no other."""


class Attachment(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A file attached to the case; ``item`` is the kelengkapan it proves, ``path`` is relative to the workspace.

    ``name`` is what it was called on the computer, ``caption`` what somebody says that it shows.
    """

    item: str
    path: str
    sha256: str
    name: str = ""
    caption: str = ""

    @property
    def printed(self) -> str:
        """What a letter says of the file: its caption, else what it proves."""
        return self.caption or self.item


class Certificate(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """In whose name the certificate of an electronic signature is, and who issued it, as the signature says it.

    Both are empty where it cannot be read. Nobody checked it.
    """

    subject: str = ""
    issuer: str = ""


class IncomingLetter(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A letter that came in; the day that it bears is ISO, and like the others empty where nobody knows it.

    ``scan`` is its scanned page or pages, which prove no kelengkapan (its item is empty).
    """

    surat_dari: str
    perihal: str
    nomor_surat: str = ""
    tanggal_surat: str = ""
    sifat: str = ""
    scan: Attachment | None = None


class AgendaReference(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The entry of the register of incoming letters that a case was opened from, and what it said then.

    ``sequence`` is its file, such as `masuk/2026.jsonl`, and ``nomor`` its No. Agenda; ``received`` is an ISO day.
    """

    sequence: str
    nomor: str
    received: str
    letter: IncomingLetter


class Written(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A Word file that a move wrote; ``nomor`` is the letter number it shows, where it shows one.

    ``gaps`` are the values, as the letter calls them, for which a dotted line stands in it; of signed ones only.
    A letter that came back signed elsewhere is a PDF, with the ``certificates`` of its electronic signatures.
    """

    name: str
    act: Act
    step: str
    path: str
    sha256: str
    nomor: str = ""
    gaps: tuple[str, ...] = ()
    certificates: tuple[Certificate, ...] = ()

    @property
    def is_returned(self) -> bool:
        """Whether it came back signed elsewhere; sopctl itself writes no PDF."""
        return self.path.endswith(".pdf")


class _Base(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, tag_field="kind"):
    """What every event says.

    ``at`` is when it happened and ``recorded_at`` when it was typed; ``by`` is the account at the keyboard, ``for_``
    the pelaksana it acted for (empty where none is needed). ``via`` is `web` where it was done on the page, empty on
    the command line.
    """

    number: int = 0
    at: Moment
    recorded_at: Moment
    by: str
    for_: str = msgspec.field(name="for", default="")
    note: str = ""
    fields: dict[str, FieldValue] = {}
    attachments: tuple[Attachment, ...] = ()
    previous: str = ""
    via: str = ""

    @property
    def written(self) -> tuple[Written, ...]:
        """The Word files that were written with the event."""
        documents: tuple[Written, ...] = getattr(self, "documents", ())
        return documents

    @property
    def files(self) -> tuple[Written | Attachment, ...]:
        """The Word files that were written, and the attachments."""
        return self.written + self.attachments

    def chained(self, number: int, previous: str) -> Self:
        """The same event at its place in the chain."""
        return msgspec.structs.replace(self, number=number, previous=previous)


class Started(_Base, frozen=True, kw_only=True, tag="started"):
    """The case was opened at ``step``; ``parent`` is the case that called it, where one did.

    ``carried`` are the fields that came with the call, and the accounts that had filled them in there. ``agenda`` is
    the incoming letter that it answers, where one does: its own, or that of the case that called it. ``confidential``
    says that it was opened for those alone who have to do with it.
    """

    step: str
    subject: str = ""
    parent: str = ""
    carried: dict[str, tuple[str, ...]] = {}
    agenda: AgendaReference | None = None
    confidential: bool = False


class _Move(_Base, frozen=True, kw_only=True):
    """A step left the hands of a pelaksana.

    ``to`` is the step it went to, `end`, or empty while the row passes along its other pelaksana. ``label`` is the
    exit that was chosen, where there was a choice. ``kelengkapan`` are the items that were confirmed. ``on_behalf`` is
    the official who acted on paper, where the account only recorded it; ``evidence`` are the files that show it.
    """

    step: str
    label: str = ""
    to: str = ""
    kelengkapan: tuple[str, ...] = ()
    documents: tuple[Written, ...] = ()
    on_behalf: str = ""
    evidence: tuple[Attachment, ...] = ()

    @property
    def files(self) -> tuple[Written | Attachment, ...]:
        """The Word files that were written, the attachments, and what shows the act on paper."""
        return self.documents + self.attachments + self.evidence


class Approved(_Move, frozen=True, kw_only=True, tag="approved"):
    """Done, or agreed to: the way forward."""


class Rejected(_Move, frozen=True, kw_only=True, tag="rejected"):
    """Turned down; ``note`` says why."""


class Decided(_Move, frozen=True, kw_only=True, tag="decided"):
    """One of several exits was chosen by its label."""


class Completed(_Move, frozen=True, kw_only=True, tag="completed"):
    """The case of another SOP that does this step (``child``) came to its end."""

    child: str


class Skipped(_Move, frozen=True, kw_only=True, tag="skipped"):
    """The step was left out: somebody decided so, or the ``condition`` held when the case came there.

    By a condition nobody acted; it is taken back with the move that led there.
    """

    condition: str = ""


class Called(_Base, frozen=True, kw_only=True, tag="called"):
    """The case of another SOP (``child``) was opened to do ``step``."""

    step: str
    child: str


class Withdrawn(_Base, frozen=True, kw_only=True, tag="withdrawn"):
    """The move with number ``move`` was taken back by the one who made it."""

    move: int


class Begun(_Base, frozen=True, kw_only=True, tag="begun"):
    """Work on the step began: what came before was waiting."""

    step: str


class Filled(_Base, frozen=True, kw_only=True, tag="filled"):
    """Fields were filled in, or the ``subject`` of the case changed (empty for the same).

    ``documents`` are the drafts that were written anew for it.
    """

    subject: str = ""
    documents: tuple[Written, ...] = ()


class Attached(_Base, frozen=True, kw_only=True, tag="attached"):
    """Files were attached to the case; ``documents`` are the drafts that were written anew for it."""

    documents: tuple[Written, ...] = ()


class Noted(_Base, frozen=True, kw_only=True, tag="noted"):
    """Somebody added a note."""


class Assigned(_Base, frozen=True, kw_only=True, tag="assigned"):
    """In this case ``pelaksana`` is the work of ``to``: an official's nama or an account; empty takes it back."""

    pelaksana: str
    to: str


class Suspended(_Base, frozen=True, kw_only=True, tag="suspended"):
    """The clock of the case was stopped."""


class Resumed(_Base, frozen=True, kw_only=True, tag="resumed"):
    """The clock of the case went on."""


class Numbered(_Base, frozen=True, kw_only=True, tag="numbered"):
    """The registry desk gave a document its number, or took it away again (``nomor`` is empty).

    ``documents`` are the Word files written again with the number.
    """

    document: str
    nomor: str = ""
    documents: tuple[Written, ...] = ()


class Returned(_Base, frozen=True, kw_only=True, tag="returned"):
    """A letter came back signed by another system, or on paper; it is the one that is handed over from then on."""

    document: str
    documents: tuple[Written, ...] = ()


class Migrated(_Base, frozen=True, kw_only=True, tag="migrated"):
    """The case goes on under another version of its SOP: ``before`` and ``version`` are the sha256 of the two texts.

    ``steps`` are the steps that bear another id now, by the old one.
    """

    before: str
    version: str
    steps: dict[str, str] = {}


class Cancelled(_Base, frozen=True, kw_only=True, tag="cancelled"):
    """The case was ended before its end."""


Move = Approved | Rejected | Decided | Completed | Skipped
"""What takes a case from one step to the next, or from one pelaksana of a row to the next."""

Event = (
    Started | Approved | Rejected | Decided | Completed | Skipped | Called | Withdrawn | Begun
    | Filled | Attached | Noted | Assigned | Suspended | Resumed | Numbered | Returned | Migrated | Cancelled
)  # fmt: skip

_encode = msgspec.json.Encoder().encode


def digest(event: Event) -> str:
    """The sha256 of an event's own JSON, in hexadecimal."""
    return sha256(_encode(event)).hexdigest()


def chain_root(case: str, version: str) -> str:
    """What the first event of a case carries for the event before it."""
    return sha256(f"{case}\n{version}".encode()).hexdigest()


def first_version(version: str, events: tuple[Event, ...]) -> str:
    """The SOP version that a case was opened with, where ``version`` is the one that it follows now."""
    if Migrated not in map(type, events):  # far quicker than a look at each, and asked several times of every case
        return version
    return next(event.before for event in events if isinstance(event, Migrated))


def current_version(version: str, events: tuple[Event, ...]) -> str:
    """The SOP version that a case follows after these events, where ``version`` is the one that it was opened with."""
    if Migrated not in map(type, events):
        return version
    return next(event.version for event in reversed(events) if isinstance(event, Migrated))


def find_broken_link(case: str, version: str, events: tuple[Event, ...], head: str) -> int | None:
    """The number of the first event whose chain does not hold, None where all of it does.

    One more than the last event's number means that the last event itself is not the one the head was made of.
    """
    previous = chain_root(case, version)
    for number, event in enumerate(events, 1):
        if event.number != number or event.previous != previous:
            return number
        previous = digest(event)
    return None if previous == head else len(events) + 1
