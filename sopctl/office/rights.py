"""What one account may do in one case, by one `sopctl.yaml`: asked before an event is recorded and by `verify`."""

from collections.abc import Collection, Mapping
from datetime import date

from msgspec import Struct

from sopctl.office.model import Office


class AccountRights(Struct, frozen=True, kw_only=True):
    """The right of an account.

    ``pelaksana`` are those of the case's SOP, ``assigned`` to whom the case gave one of them (empty: to nobody any
    more), and ``opener`` is the account that opened the case.
    """

    office: Office
    account: str
    pelaksana: Collection[str]
    assigned: Mapping[str, str]
    opener: str

    def allowed_pelaksana(self, day: date) -> frozenset[str] | None:
        """The pelaksana that the account may act for on that day; None where nobody is restricted."""
        given = {pelaksana for pelaksana, to in self.assigned.items() if to}
        held = self.held_pelaksana(day)
        if held is None and not given:
            return None
        free = frozenset(self.pelaksana) if held is None else held
        return (free - given) | self._mine(day)

    def held_pelaksana(self, day: date) -> frozenset[str] | None:
        """The pelaksana of the case that are the account's on that day, by the office or by assignment.

        What is assigned to somebody else stays the post's all the same: who delegated may take it back. None where the
        office restricts nobody.
        """
        held = self.office.pelaksana_of(self.account, day)
        return None if held is None else held.intersection(self.pelaksana) | self._mine(day)

    def is_involved(self, day: date) -> bool:
        """Whether the account has to do with the case on that day: by a post, or because it opened the case."""
        held = self.held_pelaksana(day)
        opened = self.opener.casefold() == self.account.casefold() and self.office.employs(self.account, day)
        return held is None or bool(held) or opened

    def _mine(self, day: date) -> frozenset[str]:
        """The pelaksana that the case assigned to the account; who has left the office has left these too."""
        if self.office.restricts_account(self.account) and not self.office.employs(self.account, day):
            return frozenset()
        given = ((pelaksana, to) for pelaksana, to in self.assigned.items() if to)
        return frozenset(pelaksana for pelaksana, to in given if self.office.is_named(self.account, to))
