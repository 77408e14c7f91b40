"""Whether every event was recorded by an account that was permitted to, by the office file that its ledger line names.

What one event set off in another case asks nobody; and events from before the office file was kept are not judged.
"""

from collections.abc import Iterator, Mapping

from sopctl.desk.desk import Desk
from sopctl.desk.trust.witness import COMPARE, Finding, Told, named, upper
from sopctl.engine.events import Assigned, Begun, Called, Completed, Event, Move, Started
from sopctl.errors import SopctlError
from sopctl.office.model import Office


def unpermitted(desk: Desk, id: str, events: tuple[Event, ...], told: list[Told]) -> Iterator[Finding]:
    """The events of a case that the office, as it was then, would not have let this account record."""
    versions = {one.revision: one.office for one in told}
    assigned: dict[str, str] = {}
    for event in events:
        version = versions.get(event.number, "")
        office = _office(desk, version)
        if office is not None and not _may(office, event, assigned):
            yield Finding(id, f"data/instances/{id}", _message(event, version), "permission")
        if isinstance(event, Assigned):
            assigned[event.pelaksana] = event.to


def _office(desk: Desk, version: str) -> Office | None:
    """The office of an event, None where nobody wrote it down or it cannot be read, which is told elsewhere."""
    try:
        return desk.office_of(version) if version else None
    except SopctlError:
        return None


def _may(office: Office, event: Event, assigned: Mapping[str, str]) -> bool:
    """Whether the account may have recorded the event: a move for its pelaksana, anything else as one of the office."""
    if isinstance(event, Completed | Called) or (isinstance(event, Started) and event.parent):
        return True
    day = event.at.date()
    mine = {pelaksana for pelaksana, to in assigned.items() if to and office.is_meant(event.by, to)}
    if isinstance(event, Move | Begun):
        others = assigned.get(event.for_) and event.for_ not in mine
        return not others and (event.for_ in mine or office.permits(event.by, event.for_, day))
    return bool(mine) or not office.restricts or any(official.uses(event.by) for official in office.officials)


def _message(event: Event, version: str) -> str:
    for_ = f" untuk {event.for_}" if event.for_ else ""
    return (
        f"{upper(named(event))} tidak mungkin diterima sopctl: menurut data/office/{version[:12]}….yaml akun itu "
        f"tidak berwenang bertindak{for_}. {COMPARE}, dan tanyakan kepada pejabatnya."
    )
