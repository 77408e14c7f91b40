"""Whether every event was recorded by an account that was permitted to, by the office file that its ledger line names.

What one event triggered in another case needs no permission; events from before the office file was kept are skipped.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from sopctl.audit.findings import COMPARE_FIRST, Finding, case_finding, describe_event
from sopctl.audit.ledger_summary import LedgerEvent
from sopctl.audit.office_versions import load_office_or_none
from sopctl.engine import events
from sopctl.engine.case import Case
from sopctl.engine.events import Event, first_version
from sopctl.office.rights import AccountRights
from sopctl.store.record import Record


def check_permissions(record: Record, case: Case, recorded: Sequence[LedgerEvent]) -> Iterator[Finding]:
    """The events of a case that the office, as it was then, would not have let this account record."""
    instance = case.instance
    versions = {one.revision: one.office for one in recorded}
    sop = record.load_sop(first_version(instance.version, instance.events))
    assigned: dict[str, str] = {}
    for event in instance.events:
        version = versions.get(event.number, "")
        office = load_office_or_none(record, version)
        if office is not None:
            rights = AccountRights(
                office=office,
                account=event.by,
                pelaksana=sop.pelaksana,
                assigned=assigned,
                opener=instance.events[0].by,
            )
            moments = (min(event.at, event.recorded_at), event.recorded_at)
            if not all(_is_permitted(rights, event, moment.date()) for moment in moments):
                yield case_finding(case.id, _message(event, version), "permission")
        if isinstance(event, events.Assigned):
            assigned[event.pelaksana] = event.to
        if isinstance(event, events.Migrated):
            sop = record.load_sop(event.version)


def _is_permitted(rights: AccountRights, event: Event, day: date) -> bool:
    """Whether the account may have recorded the event, as far as that day is concerned."""
    match event:
        case events.Completed() | events.Called():
            return True
        case events.Started():
            return bool(event.parent) or rights.office.pelaksana_of(rights.account, day) != frozenset()
        case events.Approved() | events.Rejected() | events.Decided() | events.Begun():
            allowed = rights.allowed_pelaksana(day)
            return allowed is None or event.for_ in allowed
        case events.Assigned() if rights.office.has_officials_for(event.pelaksana):
            held = rights.held_pelaksana(day)
            return held is None or event.pelaksana in held
        case _:
            return rights.is_involved(day)


def _message(event: Event, version: str) -> str:
    for_ = f" untuk {event.for_}" if event.for_ else ""
    return (
        f"{describe_event(event)} tidak mungkin diterima sopctl: menurut data/office/{version[:12]}….yaml akun itu "
        f"tidak berwenang bertindak{for_}. {COMPARE_FIRST}, dan tanyakan kepada pejabatnya."
    )
