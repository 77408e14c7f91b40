"""Whether every event was recorded by an account that was permitted to, by the office file that its ledger line names.

What one event set off in another case asks nobody; and events from before the office file was kept are not judged.
"""

from collections.abc import Iterator
from datetime import date

from sopctl.audit.witness import COMPARE, Finding, Told, named, upper
from sopctl.engine.case import Case
from sopctl.engine.events import (
    Approved,
    Assigned,
    Begun,
    Called,
    Completed,
    Decided,
    Event,
    Migrated,
    Rejected,
    Started,
    first_version,
)
from sopctl.errors import SopctlError
from sopctl.office.model import Office
from sopctl.office.rights import AccountRights
from sopctl.store.record import Record


def unpermitted(record: Record, case: Case, told: list[Told]) -> Iterator[Finding]:
    """The events of a case that the office, as it was then, would not have let this account record."""
    events = case.instance.events
    versions = {one.revision: one.office for one in told}
    sop = record.load_sop(first_version(case.instance.version, events))
    assigned: dict[str, str] = {}
    for event in events:
        version = versions.get(event.number, "")
        office = _office(record, version)
        if office is not None:
            right = AccountRights(
                office=office, account=event.by, pelaksana=sop.pelaksana, assigned=assigned, opener=events[0].by
            )
            if not all(
                _may(right, event, moment.date()) for moment in (min(event.at, event.recorded_at), event.recorded_at)
            ):
                yield Finding(case.id, f"data/instances/{case.id}", _message(event, version), "permission")
        if isinstance(event, Assigned):
            assigned[event.pelaksana] = event.to
        if isinstance(event, Migrated):
            sop = record.load_sop(event.version)


def _office(record: Record, version: str) -> Office | None:
    """The office of an event, None where nobody wrote it down or it cannot be read, which is told elsewhere."""
    try:
        return record.load_office(version) if version else None
    except SopctlError:
        return None


def _may(right: AccountRights, event: Event, day: date) -> bool:
    """Whether the event is one that the account may have recorded, as far as that day is concerned."""
    match event:
        case Completed() | Called():
            return True
        case Started():
            return bool(event.parent) or right.office.pelaksana_of(right.account, day) != frozenset()
        case Approved() | Rejected() | Decided() | Begun():
            allowed = right.allowed(day)
            return allowed is None or event.for_ in allowed
        case Assigned() if right.office.has_officials_for(event.pelaksana):
            held = right.posts(day)
            return held is None or event.pelaksana in held
        case _:
            return right.belongs(day)


def _message(event: Event, version: str) -> str:
    for_ = f" untuk {event.for_}" if event.for_ else ""
    return (
        f"{upper(named(event))} tidak mungkin diterima sopctl: menurut data/office/{version[:12]}….yaml akun itu "
        f"tidak berwenang bertindak{for_}. {COMPARE}, dan tanyakan kepada pejabatnya."
    )
