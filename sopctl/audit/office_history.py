"""Which `sopctl.yaml` held when: the first that an event names, then each that somebody may have put in its place.

Who may act is what `sopctl.yaml` says, and whoever links the folder `data` into a workspace of his own says there what
he likes. So a file holds only from the event on that an account recorded by it to whom the file before it gave a post
and this one gives nothing more, or that says the same of who may act; what was recorded by another file is found,
until an official accepts it.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from sopctl.audit.findings import Finding, format_list
from sopctl.audit.ledger_summary import NamingLine, RecordedLine, find_naming_lines, recorded_line
from sopctl.audit.office_versions import load_office_or_none
from sopctl.engine.moments import format_moment
from sopctl.office.acceptance import find_acceptance_fault, has_same_officials
from sopctl.office.model import Office
from sopctl.store.ledger import OFFICE, LoggedEvent, OfficeLine, case_key
from sopctl.store.record import Record

SHORT = 12
"""Letters of a version that tell it from the others."""

_NAMED = 5
"""Accounts that a finding names."""

_WHY = {
    "opens": "file itu tidak menyebut satu akun pun, sehingga siapa saja dapat bertindak, sedangkan sopctl.yaml "
    "sebelumnya menyebut akun",
    "no_post": "akun {} tidak menjabat menurut sopctl.yaml sebelumnya",
    "wins": "akun {} mendapat wewenang darinya yang tidak ada dalam sopctl.yaml sebelumnya",
    "loosens": "file itu membolehkan lebih banyak dicatat atas nama orang lain (on_behalf), dan akun {} hanya mencatat "
    "dengannya tanpa menerimanya",
    "unreadable": "teksnya, atau teks sopctl.yaml sebelumnya, tidak dapat dibaca",
}
"""Why an account may not bring in a version."""


class OfficeHistory:
    """The office files along the ledger.

    Of its lines only those are needed that accept a file, and those that name another file than the last line that
    named one, or follow such a line.

    ``holding`` is the version that holds at the end, empty where no event names one, and ``accepted_by`` says of each
    that ever did, or was accepted, which account brought it in (empty for the first). ``refused`` says of each version
    that was named without being allowed to why not, and which account recorded the first such line.
    """

    def __init__(self, record: Record, lines: Iterable[tuple[int, NamingLine]]) -> None:
        self.holding = ""
        self.accepted_by: dict[str, str] = {}
        self.refused: dict[str, tuple[str, str]] = {}
        self._record = record
        self._places: list[int] = []
        self._faults: list[str] = []
        self._acceptances: set[str] = set()
        self._accepted: dict[str, int] = {}
        for place, line in lines:
            if line.office:
                self._follow(place, line)

    def accepts(self, office: str, place: int) -> bool:
        """Whether an event whose line stands at that place was recorded by a file that held, or that was accepted."""
        if not office or not self.refused or place < self._accepted.get(office, 0):
            return True
        at = bisect_right(self._places, place) - 1
        return at < 0 or not self._faults[at]

    def find_fault(self, office: str, account: str, at: datetime, *, expressly: bool = True) -> str:
        """Why an account may not put this version in the place of the one that holds, empty where it may.

        It does so ``expressly``, or by recording something with it.
        """
        if not self.holding:
            return ""
        before, after = self._load(self.holding), self._load(office)
        if before is None or after is None:
            return "unreadable"
        day = at.astimezone(before.zone).date()
        return find_acceptance_fault(before, after, account, day, expressly=expressly)

    def explain_fault(self, office: str, fault: str, account: str, at: datetime) -> str:
        """Why an account may not bring in a version, and who may accept it then."""
        before = self._load(self.holding)
        accounts = [name for one in before.officials for name in one.accounts] if before else []
        may = [name for name in dict.fromkeys(accounts) if not self.find_fault(office, name, at)]
        return (
            f"{_WHY[fault].format(account)}. Yang boleh menerimanya: {format_list(may, at_most=_NAMED) or 'tidak ada'}."
        )

    def _load(self, version: str) -> Office | None:
        """A version as it is kept, or as the workspace has it now."""
        record = self._record
        return record.office if version == record.office_version else load_office_or_none(record, version)

    def _follow(self, place: int, line: NamingLine) -> None:
        """Take the next line."""
        if isinstance(line, OfficeLine):
            repeated = line.digest in self._acceptances
            self._acceptances.add(line.digest)
            if not repeated and not self.find_fault(line.office, line.by, line.at):
                self._accepted[line.office] = place
                self._accept(line.office, line.by, holds=line.holds)
            return
        one = recorded_line(line, place)
        fault = (
            "" if self._has_same_officials(one.office) else self.find_fault(one.office, one.by, one.at, expressly=False)
        )
        self._places.append(place)
        self._faults.append(fault)
        if fault:
            self.refused.setdefault(one.office, (fault, one.by))
        else:
            self._accept(one.office, one.by, holds=True)

    def _has_same_officials(self, office: str) -> bool:
        """Whether a version is the one that holds, or differs from it in nothing that says who may act."""
        if office == self.holding:
            return True
        before, after = self._load(self.holding), self._load(office)
        return before is not None and after is not None and has_same_officials(before, after)

    def _accept(self, office: str, by: str, *, holds: bool) -> None:
        self.accepted_by.setdefault(office, by if self.holding else "")
        self.holding = office if holds else self.holding


def check_acceptance(record: Record, history: OfficeHistory, recorded: Iterable[RecordedLine]) -> Iterator[Finding]:
    """The events that were recorded by a `sopctl.yaml` that the office did not accept: one finding for each."""
    found: dict[str, list[RecordedLine]] = defaultdict(list)
    for one in recorded if history.refused else ():
        if not history.accepts(one.office, one.place):
            found[one.office].append(one)
    for office, events in found.items():
        fault, account = history.refused[office]
        since, until = (format_moment(at.astimezone(record.office.zone)) for at in (events[0].at, events[-1].at))
        path = f"data/office/{office}.yaml"
        accounts = format_list(dict.fromkeys(one.by for one in events), at_most=_NAMED)
        message = (
            f"{len(events)} catatan ({since} sampai {until}, oleh {accounts}) dicatat menurut {path}, sopctl.yaml yang "
            f"tidak pernah diterima kantor: {history.explain_fault(office, fault, account, record.now())}"
        )
        advice = "" if fault in {"opens", "unreadable"} else "accept_office"
        yield Finding("", path, message, "unaccepted", advice, {"version": office[:SHORT]})


def find_accepted_office(record: Record) -> Office:
    """The office as its present file says it, or as the last one does that held where this one never did."""
    history = OfficeHistory(record, find_naming_lines(record.whole_store.open_ledger(), OFFICE))
    if not history.holding or record.office_version in history.accepted_by:
        return record.office
    return load_office_or_none(record, history.holding) or record.office


def find_unaccepted_events(record: Record, id: str) -> tuple[int, ...]:
    """The numbers of a case's events that were recorded by a `sopctl.yaml` that the office did not accept."""
    whole = record.whole_store.open_ledger()
    history = OfficeHistory(record, find_naming_lines(whole, OFFICE))
    lines = find_naming_lines(whole, case_key(id)) if history.refused else ()
    return tuple(
        line.revision
        for place, line in lines
        if isinstance(line, LoggedEvent) and not history.accepts(line.office, place)
    )
