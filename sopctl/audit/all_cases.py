"""Reads and checks the cases one by one; those of a large record in several processes at once."""

from collections.abc import Sequence
from functools import partial

from msgspec import Struct

from sopctl.audit.audited_case import AuditedCase
from sopctl.audit.case_checks import check_case
from sopctl.audit.file_hashes import FileHashes
from sopctl.audit.findings import Finding, case_finding
from sopctl.audit.ledger_summary import CLOCK_SKEW, LedgerSummary
from sopctl.audit.permissions import PermissionChecks
from sopctl.audit.processes import share_work
from sopctl.engine.state import State
from sopctl.errors import DamagedError, NotFoundError
from sopctl.sop.model import Sop
from sopctl.store import case_json
from sopctl.store.record import Record

_SHARE = 100
"""Cases that a process takes at a time: at the end none waits for the others longer than two shares take."""


class CheckedCases(Struct):
    """The cases that can be read, by id, and what was found about all of them, in their order."""

    cases: dict[str, AuditedCase]
    findings: list[Finding]


def check_cases(record: Record, ledger: LedgerSummary, hashes: FileHashes, ids: Sequence[str]) -> CheckedCases:
    """Read and check these cases."""
    shares = [ids[at : at + _SHARE] for at in range(0, len(ids), _SHARE)]
    found = CheckedCases({}, [])
    with share_work(partial(_check, record, ledger, hashes), shares, cases=len(ids)) as done:
        for share in done:
            found.cases.update(share.cases)
            found.findings += share.findings
    return found


def _check(record: Record, ledger: LedgerSummary, hashes: FileHashes, ids: Sequence[str]) -> CheckedCases:
    found = CheckedCases({}, [])
    permissions, latest = PermissionChecks(record), record.now() + CLOCK_SKEW
    store = record.whole_store
    for id, name, read in store.read_cases(ids):
        states: list[tuple[Sop, State]] = []
        try:
            data = store.read_case(id) if read is None else read
            case = record.open_case(case_json.decode(data, name, id), states)
        except NotFoundError as error:
            found.findings.append(_lost_case(id, ledger, error))
        except DamagedError as error:
            found.findings.append(case_finding(id, error.message, advice=error.advice))
        else:
            found.cases[id] = AuditedCase.of(case, latest)
            found.findings += check_case(permissions, ledger, hashes, case, data, states)
    return found


def _lost_case(id: str, ledger: LedgerSummary, error: NotFoundError) -> Finding:
    """A case that is missing, or whose SOP version is."""
    if error.code != "id":
        return Finding(id, "", f"{error.message} Tanpa itu berkas {id} tidak dapat dibaca; pulihkan dari cadangan.")
    mend = ", atau dari buku catatan" if ledger.is_sound else ""
    message = (
        f"Berkas {id} hilang: buku catatan mencatat {len(ledger.cases.get(id, []))} catatannya. Pulihkan dari "
        f"cadangan{mend}."
    )
    return case_finding(id, message, "lost", "mend" if mend else "")
