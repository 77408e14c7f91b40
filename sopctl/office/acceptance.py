"""Whether an account may put another `sopctl.yaml` in the place of the one that holds.

It needs a post by the file that holds, and may win nothing by the new one; that others win is for it to answer for.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, get_args

from msgspec.structs import replace

from sopctl.office.model import Office, OnBehalf
from sopctl.office.page_accounts import is_page_account

AcceptanceFault = Literal["", "opens", "no_post", "wins", "loosens"]
"""Why it may not, empty where it may: afterwards everybody could act, it holds no post, it would win something, or more
could be recorded on behalf of others, which is accepted expressly only."""


_ADMIN = "admin:"
"""Stands for what no pelaksana can be called: who may manage the accounts of the page."""


def find_acceptance_fault(
    before: Office, after: Office, account: str, day: date, *, expressly: bool = True
) -> AcceptanceFault:
    """Why an account may not put ``after`` in the place of ``before`` on that day; without accounts everybody may.

    It does so ``expressly``, or by recording something with it. Where nobody is in a post any more by the old file,
    nobody can answer for the new one: its own officials may.
    """
    if not before.restricts:
        return ""
    if not after.restricts:
        return "opens"
    lapsed = not any(one.pelaksana and one.in_office(day) and before.can_act(one) for one in before.officials)
    if not (after if lapsed else before).pelaksana_of(account, day):
        return "no_post"
    if not lapsed and _wins(before, after, account, day):
        return "wins"
    rules = get_args(OnBehalf)
    loosens = rules.index(after.on_behalf_rule) > rules.index(before.on_behalf_rule)
    return "loosens" if loosens and not expressly else ""


def has_same_officials(before: Office, after: Office) -> bool:
    """Whether two files say the same of who may act or record when, whatever else they say."""
    one, other = ([replace(official, source=before.source) for official in file.officials] for file in (before, after))
    return (one, before.timezone, before.on_behalf_rule) == (other, after.timezone, after.on_behalf_rule)


def _wins(before: Office, after: Office, account: str, day: date) -> bool:
    """Whether the account could do more by the new file, on whatever day.

    It wins a pelaksana or a place in the office, one that nobody holds any more (whoever's turn it is may then assign
    it to himself) unless it was its own, a nama to which cases are assigned, or by looking like two people to the
    separation of duties; where its posts begin or end, some hours more by another time zone. What the same person wins
    on the page counts too.
    """
    freed = _posts(before) - _posts(after) - (before.pelaksana_of(account, day) or frozenset())
    own = after.accounts_of_person(account)
    also = (name for name in own if is_page_account(name) or is_page_account(account))
    more = any(
        _rights(after, name, one) - _rights(before, name, one)
        for name in {account, *also}
        for one in _days_of_change(before, after)
    )
    names = _names(after, account) - _names(before, account)
    lost = _accounts(before, account) - _fold(after.accounts_of_person(account))
    dated = any(one.since or one.until for one in before.entries_of(account))
    return bool(freed or more or names or lost) or (dated and before.timezone != after.timezone)


def _days_of_change(before: Office, after: Office) -> Iterator[date]:
    """The days from which on an account may have more by the new file than by the old one, and the first of all."""
    yield date.min
    yield from (one.since for one in after.officials if one.since is not None)
    ends = (one.until for one in before.officials if one.until is not None and one.until < date.max)
    yield from (end + timedelta(days=1) for end in ends)


def _rights(office: Office, account: str, day: date) -> frozenset[str]:
    """The pelaksana of an account on a day; the empty one stands for being in the office at all, `admin:` for more."""
    held = office.pelaksana_of(account, day) or frozenset()
    held |= {_ADMIN} if office.may_manage_accounts(account, day) else set()
    return held | {""} if office.employs(account, day) else held


def _posts(office: Office) -> frozenset[str]:
    return frozenset(pelaksana for official in office.officials for pelaksana in official.pelaksana)


def _names(office: Office, account: str) -> frozenset[str]:
    return _fold(frozenset(one.nama for one in office.entries_of(account)))


def _accounts(office: Office, account: str) -> frozenset[str]:
    """The accounts by which the person of an account can have acted: of the page only the one in use, if any."""
    uses_page = office.web is not None or is_page_account(account)
    pages = {office.page_account(one) for one in office.entries_of(account) if uses_page}
    known = office.accounts_of_person(account)
    return _fold(frozenset(one for one in known if not is_page_account(one) or one in pages))


def _fold(names: frozenset[str]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)
