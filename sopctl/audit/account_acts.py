"""Acts on page accounts: who invited, reset or disabled which, and whether that was permitted."""

from collections.abc import Iterator

from sopctl.audit.findings import COMPARE_FIRST, Finding
from sopctl.audit.ledger_summary import LedgerSummary
from sopctl.audit.office_versions import load_office_or_none
from sopctl.engine.moments import format_moment
from sopctl.store.ledger import AccountLine
from sopctl.store.record import Record

_DONE = {"invite": "diundang", "reset": "direset dan diundang lagi", "disable": "ditutup"}


def check_account_acts(record: Record, ledger: LedgerSummary) -> Iterator[Finding]:
    """The acts of those whom the `sopctl.yaml` of that time does not let manage accounts."""
    for number, line in ledger.account_acts:
        office = load_office_or_none(record, line.office)
        if office is not None and not office.may_manage_accounts(line.by, line.at.astimezone(office.zone).date()):
            message = (
                f"Buku catatan baris {number}: {_describe(record, line)}, padahal menurut data/office/"
                f"{line.office[:12]}….yaml akun itu tidak berwenang (admin). {COMPARE_FIRST}, dan tanyakan kepada "
                "pejabatnya."
            )
            yield Finding("", ledger.name, message, "permission")


def describe_account_acts(record: Record, ledger: LedgerSummary) -> Iterator[Finding]:
    """All acts, as notices."""
    for _, line in ledger.account_acts:
        yield Finding("", ledger.name, f"{_describe(record, line)}.", "account")


def _describe(record: Record, line: AccountLine) -> str:
    at = format_moment(line.at.astimezone(record.office.zone))
    return f"Akun halaman {line.account} {_DONE[line.act]} oleh {line.by} pada {at}"
