"""`doctor --accept-office`: an official answers for a `sopctl.yaml` by which others recorded, or will."""

from sopctl.audit.ledger_summary import summarize_ledger
from sopctl.audit.office_history import SHORT, OfficeHistory
from sopctl.engine.refused import Refused
from sopctl.errors import NotFoundError
from sopctl.store.record import Record


def accept_office(record: Record, version: str) -> str | Refused:
    """Accept the version of `sopctl.yaml` that begins so, by default the present one; what was done, as a sentence.

    Raises:
        NotFoundError: where no event names such a version.
    """
    with record.store.begin() as change:
        change.check_clock(record.now())
        summary = summarize_ledger(record.whole_store.open_ledger())
        history = OfficeHistory(record, summary.office_lines)
        office = _find_version(record, history, version)
        named = (*summary.events, *summary.caseless)
        waiting = sum(one.office == office and not history.accepts(office, one.place) for one in named)
        holds = office == record.office_version
        if not history.holding or not (waiting or (holds and office != history.holding)):
            return f"Tidak ada yang perlu diterima: sopctl.yaml {office[:SHORT]}… sudah berlaku bagi semua catatannya."
        if fault := history.find_fault(office, record.account, record.now()):
            why = history.explain_fault(office, fault, record.account, record.now())
            return Refused(reason="not_permitted", message=f"sopctl.yaml {office[:SHORT]}… tidak diterima: {why}")
        if holds:
            change.use_office(office, record.office_text)
        change.accept_office(office, record.now(), record.account, holds=holds)
        change.commit()
    told = f"; {waiting} catatan yang menunggu kini sah" if waiting else ""
    return f"sopctl.yaml {office[:SHORT]}… diterima oleh akun {record.account}{told}."


def _find_version(record: Record, history: OfficeHistory, begins: str) -> str:
    if not begins:
        return record.office_version
    known = dict.fromkeys((record.office_version, *history.refused))
    found = [version for version in known if version.startswith(begins.lower().rstrip("…"))]
    if len(found) != 1:
        raise NotFoundError(f"Tidak ada sopctl.yaml {begins} yang menunggu diterima.", code="office_version")
    return found[0]
