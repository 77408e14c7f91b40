"""The versions of `sopctl.yaml` by which events were recorded: which there were, from when, for how many events.

A version that was put in place for five events shows up here; whether it held is told by `office_history`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from sopctl.audit.findings import Finding
from sopctl.audit.ledger_summary import LedgerEvent
from sopctl.engine.moments import format_moment
from sopctl.errors import DamagedError, NotFoundError, SopctlError
from sopctl.office.model import Office
from sopctl.store.record import Record


class OfficeVersion(Struct, frozen=True, kw_only=True):
    """One version of `sopctl.yaml`.

    ``version`` is the sha256 of its text and ``path`` where it is kept; both are empty for events that name none.
    ``since`` and ``until`` are when its first and its last event were recorded. ``accounts`` is how many accounts it
    names, None where it cannot be read; with 0 everybody may act. ``current`` says that it is in force now.
    ``accepted_by`` is the account by which it came to hold, empty where it is the first, None where it never did.
    """

    version: str
    path: str
    since: datetime
    until: datetime
    events: int
    accounts: int | None
    current: bool
    accepted_by: str | None


def versions_used(
    record: Record, recorded: Iterable[LedgerEvent], accepted_by: Mapping[str, str]
) -> tuple[OfficeVersion, ...]:
    """The versions by which these events were recorded, in the order in which they came into use."""
    used: dict[str, list[LedgerEvent]] = defaultdict(list)
    for one in recorded:
        used[one.office].append(one)
    return tuple(
        OfficeVersion(
            version=version,
            path=f"data/office/{version}.yaml" if version else "",
            since=events[0].at.astimezone(record.office.zone),
            until=events[-1].at.astimezone(record.office.zone),
            events=len(events),
            accounts=_count_accounts(record, version),
            current=version == record.office_version,
            accepted_by=accepted_by.get(version) if version else "",
        )
        for version, events in used.items()
    )


def missing_versions(record: Record, used: Iterable[OfficeVersion]) -> Iterator[Finding]:
    """Versions whose text is gone or was changed."""
    for one in used:
        try:
            if one.version:
                record.load_office(one.version)
        except NotFoundError:
            message = f"{one.path} hilang: {_describe(one)} dicatat menurut sopctl.yaml itu. Pulihkan dari cadangan."
            yield Finding("", one.path, message, "office")
        except DamagedError as error:
            message = f"{error.message} {_describe(one)} dicatat menurut sopctl.yaml itu."
            yield Finding("", one.path, message, "office")


def load_office_or_none(record: Record, version: str) -> Office | None:
    """An office by its version; None where the version is empty or cannot be read (`missing_versions` reports that)."""
    try:
        return record.load_office(version) if version else None
    except SopctlError:
        return None


def _describe(one: OfficeVersion) -> str:
    return f"{one.events} catatan ({format_moment(one.since)} sampai {format_moment(one.until)})"


def _count_accounts(record: Record, version: str) -> int | None:
    office = load_office_or_none(record, version)
    if office is None:
        return None
    return len({account.casefold() for official in office.officials for account in official.accounts})
