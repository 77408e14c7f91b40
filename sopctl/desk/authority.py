"""Who may act in a case: the office's accounts, and whom the case itself assigned.

Where no official has an account, everybody may do everything, but for what a case assigned to somebody.
"""

from datetime import date, datetime

from msgspec.structs import replace

from sopctl.engine.case import Case
from sopctl.engine.guards import day_without_permission, titles
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.errors import NotFoundError
from sopctl.notation.nearest import suggestion
from sopctl.office.model import Office
from sopctl.office.rights import AccountRights
from sopctl.sop.model import Sop


def allowed_pelaksana(office: Office, account: str, case: Case, day: date) -> frozenset[str] | None:
    """The pelaksana that an account may act for in a case on that day; None where nobody is restricted."""
    return _find_rights(office, account, case).allowed_pelaksana(day)


def refuse_stranger(
    office: Office, account: str, at: datetime, now: datetime, case: Case | None = None
) -> Refused | None:
    """The refusal of an account that has no part in the office or, where one is given, in the case.

    To a case belongs who may act for one of its SOP's pelaksana, who is assigned in it, and who opened it; both on the
    day when it happened (``at``) and on the day when it is typed (``now``).
    """
    then, today = (_is_involved(office, account, moment.date(), case) for moment in (at, now))
    if then and today:
        return None
    day, who = day_without_permission(at, now, then=then), office.shown_name(account)
    if case is None:
        message = f"Akun {who} tidak berwenang bertindak di kantor ini{day} (lihat officials di sopctl.yaml)."
    else:
        message = (
            f"Akun {who} tidak berwenang atas berkas {case.id}{day}: bukan pelaksana SOP {case.sop.id}, "
            "tidak ditugaskan pada berkas ini, dan bukan pembukanya (lihat officials di sopctl.yaml)."
        )
    return Refused(reason="not_permitted", message=message)


def refuse_on_behalf(office: Office, request: Request) -> Refused | None:
    """The refusal to record what an official did on paper, where the office does not let others record it so."""
    if not request.on_behalf or office.allows_on_behalf(request.by, evidence=bool(request.evidence)):
        return None
    if office.on_behalf_rule == "evidence":
        message = f"Yang dikerjakan {request.on_behalf} di atas kertas hanya dicatat dengan file buktinya."
        return Refused(reason="paper_evidence", message=message)
    message = f"Kantor ini tidak mengizinkan orang lain mencatat untuk {request.on_behalf} (on_behalf di sopctl.yaml)."
    return Refused(reason="on_behalf", message=message)


def refuse_assignment(office: Office, account: str, case: Case, pelaksana: str, request: Request) -> Refused | None:
    """The refusal of an account that may not say who a pelaksana of the case is; it belongs to the case already.

    What an official holds is delegated by who may act for it. What none holds, the Ketua Tim of this case say, is
    assigned by whoever's turn it is or who may act for a row above; for the first row by whoever belongs to the case.
    """
    rights = _find_rights(office, account, case)
    then, today = rights.held_pelaksana(request.at.date()), rights.held_pelaksana(request.now.date())
    if then is None or today is None or pelaksana in then & today:
        return None
    if office.has_officials_for(pelaksana):
        return Refused(
            reason="not_permitted",
            message=_only_holders_may(office, request.now.date(), case.sop.pelaksana[pelaksana], pelaksana),
        )
    above = _list_pelaksana_above(case.sop, pelaksana)
    turn = frozenset(case.state.whole_turn) & (request.allowed or frozenset()) & (request.allowed_now or frozenset())
    if not above or turn or above & then & today:
        return None
    title, who = case.sop.pelaksana[pelaksana], office.shown_name(account)
    rows = tuple(name for name in case.sop.pelaksana if name in above)
    return Refused(
        reason="not_permitted",
        message=f"Akun {who} tidak boleh menentukan siapa {title} pada berkas ini. Yang boleh: yang "
        f"mendapat giliran sekarang, atau yang berwenang untuk baris di atasnya ({titles(case.sop, rows)}).",
    )


def refuse_assignee(office: Office, to: str, day: date) -> Refused | None:
    """The refusal to assign somebody who could not act in this office: no account, or no post any more."""
    if not to or office.can_be_assigned(to, day):
        return None
    there = any(one.in_office(day) for one in office.entries_named(to))
    why = "belum mempunyai akun (accounts)" if there else "tidak menjabat pada hari itu"
    return Refused(reason="cannot_act", message=f"{to} {why}, jadi tidak dapat ditugasi; ubah dahulu sopctl.yaml.")


def name_people(office: Office, refused: Refused) -> Refused:
    """A refusal of the engine, which knows accounts only, as people read it: with the nama for a page account."""
    return replace(refused, message=office.show_names(refused.message))


def find_absent(office: Office, case: Case, day: date) -> dict[str, str]:
    """The pelaksana that the case assigned to somebody who cannot act in the office on that day, and to whom."""
    given = case.state.assigned.items()
    return {pelaksana: to for pelaksana, to in given if to and not office.can_be_assigned(to, day)}


def find_vacant(office: Office, case: Case, day: date) -> frozenset[str]:
    """Those of the turn, assigned to nobody, that are a post of the office in which nobody is on that day."""
    free = [name for name in case.state.whole_turn if office.restricts and not case.state.assigned.get(name)]
    return frozenset(name for name in free if office.has_officials_for(name) and not office.officials_for(name, day))


def find_person(office: Office, account: str, to: str, day: date) -> str:
    """The nama or account that is meant, as the office writes it; empty stays empty, a page account is its nama.

    Where the office names no accounts, a single word may be one that it does not list.

    Raises:
        NotFoundError: where the office lists no such person or account.
    """
    known = [name for official in office.officials for name in (official.nama, *official.accounts) if name]
    to, own = office.assignable_name(to), [] if office.restricts else [office.assignable_name(account)]
    for name in ["", *own, *known]:
        if name.lower() == to.lower():
            return name
    if office.entries_of(to) or (not office.restricts_account(to) and to.split() == [to]):
        return to
    here = [name for name in known if office.can_be_assigned(name, day)]
    raise NotFoundError(
        f"'{to}' bukan pejabat atau akun yang dikenal{suggestion(to, here)}; "
        "tambahkan dahulu pada officials di sopctl.yaml.",
        code="person",
    )


def _is_involved(office: Office, account: str, day: date, case: Case | None) -> bool:
    if case is None:
        return office.pelaksana_of(account, day) != frozenset()
    return _find_rights(office, account, case).is_involved(day)


def _find_rights(office: Office, account: str, case: Case) -> AccountRights:
    """The rights of an account in a case, by the office as it is now."""
    return AccountRights(
        office=office,
        account=account,
        pelaksana=case.sop.pelaksana,
        assigned=case.state.assigned,
        opener=case.instance.events[0].by,
    )


def _list_pelaksana_above(sop: Sop, pelaksana: str) -> frozenset[str]:
    """The pelaksana of the rows above the first one of this."""
    first = next((row for row, step in enumerate(sop.steps) if pelaksana in step.pelaksana), len(sop.steps))
    return frozenset(name for step in sop.steps[:first] for name in step.pelaksana)


def _only_holders_may(office: Office, day: date, title: str, pelaksana: str) -> str:
    """The message that only the accounts of a pelaksana's own officials may assign it."""
    accounts = office.list_actors(office.officials_for(pelaksana, day))
    who = f": {', '.join(accounts)}" if accounts else ", dan sekarang tidak ada; isi dahulu officials di sopctl.yaml"
    return f"{title} hanya dapat diserahkan kepada orang lain oleh akun yang berwenang untuknya{who}."
