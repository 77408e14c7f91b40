"""Who may act in a case: the office's accounts, and whom the case itself assigned."""

from datetime import date

from sopctl.desk.desk import Desk
from sopctl.engine.case import Case


def allowed(desk: Desk, case: Case, day: date) -> frozenset[str] | None:
    """The pelaksana that the account at the keyboard may act for on that day; None where nobody is restricted."""
    assigned = {pelaksana: to for pelaksana, to in case.state.assigned.items() if to}
    base = desk.office.pelaksana_of(desk.account, day)
    if base is None and not assigned:
        return None
    free = frozenset(case.sop.pelaksana) if base is None else base
    mine = {pelaksana for pelaksana, to in assigned.items() if _is(desk, to)}
    return (free - assigned.keys()) | mine


def _is(desk: Desk, to: str) -> bool:
    """Whether the account at the keyboard is the one that was assigned, by its own name or by an official's nama."""
    account = desk.account.lower()
    if to.lower() == account:
        return True
    return any(
        official.nama.lower() == to.lower() and account in (name.lower() for name in official.accounts)
        for official in desk.office.officials
        if official.nama
    )
