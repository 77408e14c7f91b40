"""Page accounts: the name by which an official acts on the web page, derived from `sopctl.yaml` alone.

`page:siti-aminah` is made of the nama without gelar, `page:196801011990031001` of the NIP where two persons have that
nama. Nothing but the file says whose account it is, so the record can be judged without the list of passwords.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol, TypeVar

PAGE = "page:"
"""What every page account begins with, and no account of an operating system."""

ACCOUNT_IN_TEXT = re.compile(r"\bpage:[a-z0-9]+(?:-[a-z0-9]+)*")
"""A page account as sentences name it."""


class Named(Protocol):
    """What tells people apart: of an entry of `officials`."""

    @property
    def nama(self) -> str:
        """The nama as it is written, empty where it is not known."""

    @property
    def nip_digits(self) -> str:
        """The NIP, empty where it is not known."""

    @property
    def page_names(self) -> tuple[str, ...]:
        """What the page account may be called."""


Entry = TypeVar("Entry", bound=Named)


def is_page_account(account: str) -> bool:
    """Whether an account is one of the page, be its official known or not; letter case aside."""
    return account[: len(PAGE)].lower() == PAGE


def make_slug(nama: str) -> str:
    """A nama in small ASCII letters with hyphens, such as `siti-aminah`; empty where none of its letters is ASCII."""
    plain = unicodedata.normalize("NFKD", nama).replace("'", "").encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall("[a-z0-9]+", plain))
    return "" if slug.isdecimal() else slug


def map_page_accounts(officials: Sequence[Entry]) -> dict[str, tuple[Entry, ...]]:
    """The entries of whoever has a page account, by every name of it; the first name of a person is the one in use.

    A name that would be that of two persons is nobody's.
    """
    people: dict[str, list[Entry]] = defaultdict(list)
    owners: dict[str, set[str]] = defaultdict(set)
    for number, (one, person) in enumerate(zip(officials, _name_people(officials), strict=True)):
        people[person or f"entry {number}"].append(one)
        for account in one.page_names:
            owners[account].add(person or f"entry {number}")
    return {
        account: tuple(entries)
        for person, entries in people.items()
        for rank in (0, 1)  # slugs before NIP
        for account in dict.fromkeys(name for one in entries for name in one.page_names if _rank(name) == rank)
        if owners[account] == {person}
    }


def _rank(account: str) -> int:
    return int(account.removeprefix(PAGE).isdecimal())


def _name_people(officials: Sequence[Named]) -> list[str]:
    """For each entry what tells its person from the others: the NIP, also where only another entry has it, or the nama.

    Empty where the entry has no NIP and several have its nama with different ones: nobody can say whose it is.
    """
    nips: dict[str, set[str]] = defaultdict(set)
    for one in officials:
        nips[one.nama.casefold()].update(filter(None, [one.nip_digits]))
    found = []
    for one in officials:
        known = {one.nip_digits} if one.nip_digits else nips[one.nama.casefold()] if one.nama else set()
        found.append("" if len(known) > 1 else next(iter(known), "") or f"nama {one.nama.casefold()}" * bool(one.nama))
    return found
