"""Who may read a case on the page: the answer for one account, by `sopctl.yaml` and what is known of the case.

Who has to do with a case reads it: who acted in it (or had it recorded), to whom it is assigned, whose turn it is. The
named readers read every case, and who is in no post of the office reads none. Whom else a case is open to is said by
the rule of its SOP; a confidential one is open to nobody else.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct

from sopctl.office.model import Office, Official


class CaseFacts(Struct, frozen=True, array_like=True):
    """What the rule asks of a case.

    ``callers`` are the SOPs of the cases that called it, the nearest first. ``confidential`` says that it was opened
    so. ``pelaksana`` are those of its SOP, ``turn`` those whose turn it is, ``assigned`` to whom the case gave one.
    ``people`` are the accounts that acted, and the officials for whom others recorded.
    """

    sop: str
    callers: tuple[str, ...]
    confidential: bool
    pelaksana: tuple[str, ...]
    turn: tuple[str, ...]
    assigned: tuple[tuple[str, str], ...]
    people: tuple[str, ...]


def is_confidential(office: Office, facts: CaseFacts) -> bool:
    """Whether a case is confidential: it was opened so, or its SOP, or that of a case that called it, is listed so."""
    return facts.confidential or any(sop in office.confidential for sop in (facts.sop, *facts.callers))


class CaseReader:
    """What one page account may read on one day; the answer about the same facts is kept."""

    def __init__(self, office: Office, account: str, day: date) -> None:
        self._office = office
        self._account = account
        self._day = day
        self._held = office.pelaksana_of(account, day) or frozenset()
        entries = office.entries_of(account)
        self._names = {account.casefold(), *_own_names(office, entries)}
        self._units = self._units_of([account])
        self._reads_none = not office.employs(account, day)
        self._reads_all = any(one in entries for name in office.readers for one in find_person(office, name))
        self._known: dict[CaseFacts, bool] = {}

    def may_read(self, facts: CaseFacts) -> bool:
        """Whether the account may read a case."""
        if self._reads_none or self._reads_all:
            return not self._reads_none
        if facts not in self._known:
            self._known[facts] = self._is_involved(facts) or self._is_open(facts)
        return self._known[facts]

    def _is_involved(self, facts: CaseFacts) -> bool:
        """Whether the account has to do with the case itself: it acted, is assigned, or could act now.

        Of what is assigned to somebody who cannot act any more it is the turn of who holds the post.
        """
        office = self._office
        given = {name for name, to in facts.assigned if office.can_be_assigned(to, self._day)}
        return (
            any(name.casefold() in self._names for name in facts.people)
            or any(office.is_named(self._account, to) for _, to in facts.assigned)
            or any(name in self._held and name not in given for name in facts.turn)
        )

    def _is_open(self, facts: CaseFacts) -> bool:
        """Whether the case is open to the account by the rule of its SOP."""
        rule = self._office.read.find(facts.sop)
        if is_confidential(self._office, facts):
            return False
        if rule == "unit":
            involved = (*facts.people, *(to for _, to in facts.assigned))
            return not self._units.isdisjoint(self._units_of(involved))
        return rule == "all" or not self._held.isdisjoint(facts.pelaksana)

    def _units_of(self, people: Iterable[str]) -> frozenset[str]:
        """The units of these accounts and namas: of their posts on the day, of who has none then those they had."""
        entries = [one for name in people for one in self._office.entries_named(name)]
        there = [one for one in entries if one.in_office(self._day)]
        gone = [one for one in entries if not any(map(one.is_same_person, there))]
        return frozenset(one.unit for one in (*there, *gone) if one.unit)


def find_person(office: Office, name: str) -> list[Official]:
    """The entries of the one person with this NIP or this nama, with or without gelar; none where several have it."""
    wanted, nip = name.casefold(), "".join(name.split())
    found = [one for one in office.officials if wanted in _namas(one) or nip == one.nip_digits]
    return found if all(one.is_same_person(found[0]) for one in found) else []


def _namas(official: Official) -> frozenset[str]:
    return frozenset(map(str.casefold, (official.nama, official.nama_tanpa_gelar, official.nama_gelar)))


def _own_names(office: Office, entries: tuple[Official, ...]) -> Iterator[str]:
    """The accounts of a person, and each nama that no other person has: what a namesake did is not theirs to read."""
    yield from (account for account, own in office.page_accounts.items() if any(one in own for one in entries))
    others = {one.nama.casefold() for one in office.officials if one not in entries}
    for one in entries:
        yield from map(str.casefold, one.accounts)
        if one.nama.casefold() not in others:
            yield one.nama.casefold()
