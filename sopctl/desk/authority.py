"""Who may act in a case: the office's accounts, and whom the case itself assigned."""

from datetime import date

from sopctl.desk.desk import Desk
from sopctl.engine.case import Case
from sopctl.engine.refused import Refused
from sopctl.errors import NotFoundError
from sopctl.notation.nearest import suggestion


def allowed(desk: Desk, case: Case, day: date) -> frozenset[str] | None:
    """The pelaksana that the account at the keyboard may act for on that day; None where nobody is restricted."""
    assigned = {pelaksana: to for pelaksana, to in case.state.assigned.items() if to}
    base = desk.office.pelaksana_of(desk.account, day)
    if base is None and not assigned:
        return None
    free = frozenset(case.sop.pelaksana) if base is None else base
    mine = {pelaksana for pelaksana, to in assigned.items() if _is(desk, to)}
    return (free - assigned.keys()) | mine


def stranger(desk: Desk, day: date, case: Case | None = None) -> Refused | None:
    """The refusal of an account that has no post in an office of named accounts, nor was assigned in the case."""
    assigned = case.state.assigned.values() if case else ()
    if desk.office.pelaksana_of(desk.account, day) != frozenset() or any(_is(desk, to) for to in assigned):
        return None
    return Refused(
        reason="not_permitted",
        message=f"Akun {desk.account} tidak berwenang bertindak di kantor ini (lihat officials di sopctl.yaml).",
    )


def known_person(desk: Desk, to: str) -> str:
    """The nama or account that is meant, as the office writes it; empty stays empty.

    A single word may be an account that the office does not list.

    Raises:
        NotFoundError: where it is a person's name that the office does not list.
    """
    known = [name for official in desk.office.officials for name in (official.nama, *official.accounts) if name]
    for name in ("", desk.account, *known):
        if name.lower() == to.lower():
            return name
    if to.split() == [to]:
        return to
    raise NotFoundError(
        f"'{to}' bukan pejabat atau akun yang dikenal{suggestion(to, known)}; "
        "tambahkan dahulu pada officials di sopctl.yaml.",
        code="person",
    )


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
