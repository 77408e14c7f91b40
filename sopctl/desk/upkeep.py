"""`doctor` and `bundle`, and who may ask for them where officials have accounts.

That is what the file says which the office accepted, not the one of a workspace of one's own.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sopctl.desk.authority import refuse_stranger
from sopctl.desk.session import Session
from sopctl.engine.refused import Refused
from sopctl.office.model import Office
from sopctl.store.case_search import load_found_case

if TYPE_CHECKING:
    from sopctl.audit.bundle import WrittenBundle
    from sopctl.audit.doctor import DoctorReport

_NAMED = 5
"""Accounts that a refusal names."""


def run_doctor(session: Session, *, mend: bool, accept: str | None = None) -> "DoctorReport | Refused":
    """Check all of the record, which anybody may; mend it, which only who holds a post may.

    ``accept`` is the version of `sopctl.yaml` that is accepted before, empty for the present one.
    """
    from sopctl.audit import doctor, office_acceptance, office_history  # noqa: PLC0415 — only this use case needs them

    accepted = None if accept is None else office_acceptance.accept_office(session.record, accept)
    if isinstance(accepted, Refused):
        return accepted
    if mend:
        office = office_history.find_accepted_office(session.record)
        if refused := _refuse_postless(session, office, "memperbaiki catatan", "doctor"):
            return refused
    report = doctor.run_doctor(session.record, mend=mend)
    return replace(report, mended=(accepted, *report.mended)) if accepted else report


def write_bundle(session: Session, id: str, target: Path | None) -> "WrittenBundle | Refused":
    """Write the bundle of a case.

    Who holds any post may bundle every case, for it can read them all, and who answers to inspectors is often in none
    of them. Without a post only who belongs to the case may.
    """
    from sopctl.audit import bundle, office_history  # noqa: PLC0415 — only this use case needs them

    office = office_history.find_accepted_office(session.record)
    refused = _refuse_postless(session, office, f"membuat bundel berkas {id}", "bundle")
    if refused is not None:
        case, now = load_found_case(session.record, id), session.now()
        refused = refused if refuse_stranger(office, session.account, now, now, case) else None
    return refused or bundle.write_bundle(session.record, id, target)


def _refuse_postless(session: Session, office: Office, what: str, advice: str) -> Refused | None:
    """The refusal of an account that holds no post today."""
    day = session.now().date()
    if office.pelaksana_of(session.account, day) != frozenset():
        return None
    accounts = office.list_actors(one for one in office.officials if one.pelaksana and one.in_office(day))
    more = ", …" if len(accounts) > _NAMED else ""
    who = ", ".join(accounts[:_NAMED]) + more or "sekarang tidak ada; isi dahulu officials di sopctl.yaml"
    by = "di kantor ini"
    if session.office.pelaksana_of(session.account, day) != frozenset():
        by = "menurut sopctl.yaml yang terakhir diterima kantor"
    account = office.shown_name(session.account)
    message = f"Akun {account} tidak menjabat {by}, jadi tidak boleh {what}. Yang boleh: {who}."
    return Refused(reason="not_permitted", message=message, advice=advice)
