"""Whether every event was recorded by an account that was permitted to, by the office file that its ledger line names.

What one event triggered in another case needs no permission; events from before the office file was kept are skipped.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import get_args

from sopctl.audit.findings import COMPARE_FIRST, Finding, case_finding, describe_event
from sopctl.audit.ledger_summary import LedgerEvent
from sopctl.audit.office_versions import load_office_or_none
from sopctl.engine import events
from sopctl.engine.case import Case
from sopctl.engine.events import Event, first_version
from sopctl.office.model import Office
from sopctl.office.page_accounts import is_page_account
from sopctl.office.rights import AccountRights
from sopctl.store.record import Record

_DAY = timedelta(days=1)
_MOVES = get_args(events.Move)


class PermissionChecks:
    """Asks of each event whether its account was permitted to record it; the same is asked once for all cases."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self._offices: dict[str, tuple[Office | None, list[date]]] = {}
        self._answers: dict[tuple[object, ...], bool] = {}

    def check(self, case: Case, recorded: Sequence[LedgerEvent]) -> Iterator[Finding]:
        """The events of a case that the office, as it was then, would not have let this account record."""
        instance = case.instance
        assigns = events.Assigned in {type(event) for event in instance.events}
        tied = assigns or any(map(is_page_account, {event.by for event in instance.events}))
        if not tied and not any(map(self._restricts, {one.office for one in recorded})):
            return
        offices = {one.revision: one.office for one in recorded}
        version, opener = first_version(instance.version, instance.events), instance.events[0].by
        assigned: dict[str, str] = {}
        for event in instance.events:
            office = offices.get(event.number, "")
            if office and not self._is_permitted(office, version, assigned, opener, event):
                yield case_finding(case.id, _message(event, office), "permission")
            if isinstance(event, events.Assigned):
                assigned[event.pelaksana] = event.to
            if isinstance(event, events.Migrated):
                version = event.version

    def _restricts(self, office: str) -> bool:
        """Whether an office file forbids anybody anything, in a case where nothing is assigned or done on the page."""
        found = self._load_office(office)[0] if office else None
        return found is not None and (found.restricts or not found.allows_on_behalf("", evidence=False))

    def _is_permitted(self, office: str, sop: str, assigned: Mapping[str, str], opener: str, event: Event) -> bool:
        """Whether the event was permitted; yes where the office file cannot be read, which is found elsewhere."""
        found, changes = self._load_office(office)
        if found is None:
            return True
        days = _days_of(event) if changes else ()
        periods = [bisect_right(changes, day) for day in days]
        if isinstance(event, _MOVES):
            of: tuple[object, ...] = event.on_behalf != "", event.evidence != ()
        else:
            of = getattr(event, "pelaksana", ""), getattr(event, "parent", "") != ""
        asked = (office, sop, opener, type(event), event.by, event.for_, *of, *periods, *assigned.items())
        if asked not in self._answers:
            rights = AccountRights(
                office=found,
                account=event.by,
                pelaksana=self.record.load_sop(sop).pelaksana,
                assigned=assigned,
                opener=opener,
            )
            self._answers[asked] = all(_is_permitted(rights, event, day) for day in days or _days_of(event))
        return self._answers[asked]

    def _load_office(self, version: str) -> tuple[Office | None, list[date]]:
        """An office file, and the days on which somebody comes into a post or has left one."""
        if version not in self._offices:
            office = load_office_or_none(self.record, version)
            posts = office.officials if office else ()
            left = {post.until + _DAY for post in posts if post.until is not None and post.until != date.max}
            self._offices[version] = office, sorted(left | {post.since for post in posts if post.since is not None})
        return self._offices[version]


def _days_of(event: Event) -> set[date]:
    """The day on which an event happened, and that on which it was typed."""
    return {min(event.at, event.recorded_at).date(), event.recorded_at.date()}


def _is_permitted(rights: AccountRights, event: Event, day: date) -> bool:
    """Whether the account may have recorded the event, as far as that day is concerned."""
    match event:
        case events.Completed() | events.Called() | events.Skipped(for_=""):
            return True
        case events.Started():
            return bool(event.parent) or rights.office.pelaksana_of(rights.account, day) != frozenset()
        case events.Approved() | events.Rejected() | events.Decided() | events.Skipped() if event.on_behalf:
            allows = rights.office.allows_on_behalf(rights.account, evidence=bool(event.evidence))
            return allows and rights.is_involved(day)
        case events.Approved() | events.Rejected() | events.Decided() | events.Skipped() | events.Begun():
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
