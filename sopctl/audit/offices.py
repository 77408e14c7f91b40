"""The office files by which events were recorded: which there were, from when, for how much.

Who may act is what `sopctl.yaml` says at that moment. A file that was slipped in for five events is one of these.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from sopctl.audit.witness import Finding, Span
from sopctl.engine.guards import format_moment
from sopctl.errors import DamagedError, NotFoundError, SopctlError
from sopctl.store.record import Record


class Office(Struct, frozen=True, kw_only=True):
    """One version of `sopctl.yaml`, in the order in which they were first used.

    ``version`` is the sha256 of its text and ``path`` where it is kept; both are empty for events of which nobody wrote
    it down. ``since`` and ``until`` are when its first and its last event were recorded. ``accounts`` is how many
    accounts it names, None where it cannot be read; with 0 everybody may act. ``current`` says that it holds now.
    """

    version: str
    path: str
    since: datetime
    until: datetime
    events: int
    accounts: int | None
    current: bool

    @property
    def open(self) -> bool:
        """Whether it let everybody act."""
        return self.accounts == 0


def offices_used(record: Record, used: Mapping[str, Span]) -> tuple[Office, ...]:
    """The versions that were used, in the order in which they came into use."""
    return tuple(
        Office(
            version=version,
            path=_path(record, version) if version else "",
            since=span.since.astimezone(record.office.zone),
            until=span.until.astimezone(record.office.zone),
            events=span.events,
            accounts=_accounts(record, version),
            current=version == record.office_version,
        )
        for version, span in used.items()
    )


def not_kept(record: Record, used: Iterable[Office]) -> Iterator[Finding]:
    """Versions whose text is not kept any more, or is another one now."""
    for one in used:
        try:
            if one.version:
                record.load_office(one.version)
        except NotFoundError:
            message = f"{one.path} hilang: {_said(one)} dicatat menurut sopctl.yaml itu. Pulihkan dari cadangan."
            yield Finding("", one.path, message, "office")
        except DamagedError as error:
            message = f"{error.message} {_said(one)} dicatat menurut sopctl.yaml itu."
            yield Finding("", one.path, message, "office")


def opened_to_all(every: Iterable[Office], asked: Collection[str]) -> Iterator[Finding]:
    """Versions without accounts that came into use after one with accounts, those that are asked for."""
    closed = False
    for one in every:
        if one.open and closed and one.version in asked:
            message = (
                f"{one.path} tidak menyebut satu akun pun, padahal sopctl.yaml sebelumnya menyebutnya: {_said(one)} "
                "dicatat ketika siapa saja dapat bertindak. Periksa siapa yang mengubah sopctl.yaml."
            )
            yield Finding("", one.path, message, "office")
        closed = closed or bool(one.accounts)


def _said(one: Office) -> str:
    return f"{one.events} catatan ({format_moment(one.since)} sampai {format_moment(one.until)})"


def _path(record: Record, version: str) -> str:
    return f"{record.workspace.relative_path(record.workspace.offices)}/{version}.yaml"


def _accounts(record: Record, version: str) -> int | None:
    try:
        office = record.load_office(version) if version else None
    except SopctlError:
        return None
    if office is None:
        return None
    return len({account.casefold() for official in office.officials for account in official.accounts})
