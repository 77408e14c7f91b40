"""`verify`: compares events, ledger, SOP versions, files and letter numbers with each other.

It reads without waiting for a writer. Where something does not fit it looks once more under the lock, after an
interrupted change was finished: so a command at work, or one that was killed, is never reported as damage. Where the
lock cannot be had, or is lost, it looks once more all the same, and tells what it found both times.
"""

from collections.abc import Iterator
from contextlib import suppress
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from sopctl.audit import folders, notices
from sopctl.audit.account_acts import check_account_acts, describe_account_acts
from sopctl.audit.all_cases import check_cases
from sopctl.audit.file_hashes import FileHashes
from sopctl.audit.findings import Finding
from sopctl.audit.interrupted_changes import find_interrupted_changes
from sopctl.audit.ledger_summary import LedgerSummary, summarize_case, summarize_ledger
from sopctl.audit.letter_numbers import check_letter_numbers
from sopctl.audit.office_history import OfficeHistory, check_acceptance
from sopctl.audit.office_versions import OfficeVersion, load_office_or_none, missing_versions, versions_used
from sopctl.audit.processes import share_work
from sopctl.errors import BusyError, DamagedError, NotFoundError
from sopctl.store.case_search import find_case
from sopctl.store.ledger import find_event_lines
from sopctl.store.protocol import WrongProjection
from sopctl.store.record import Record


class Verification(Struct, frozen=True, kw_only=True):
    """What `verify` looked at (cases, events, files, letter numbers, lines of the ledger) and what it found.

    ``notices`` are worth knowing, though nothing differs from what was recorded.
    """

    cases: int
    events: int
    files: int
    numbers: int
    lines: int
    findings: tuple[Finding, ...]
    notices: tuple[Finding, ...] = ()
    offices: tuple[OfficeVersion, ...] = ()


def verify(record: Record, id: str | None, *, whole_ledger: bool = False) -> Verification:
    """Compare one case, or all, with everything that was recorded of it.

    Of one case only its own lines of the ledger are read, unless the ``whole_ledger`` is to vouch for it.

    Raises:
        NotFoundError: where neither a case nor the ledger knows the id.
    """
    interrupted = find_interrupted_changes(record)
    found = compare_record(record, id, whole_ledger=whole_ledger)
    passing = any(one.kind != "unaccepted" for one in found.findings)  # no writer at work brings that about
    if passing and not interrupted.findings:
        found = _compare_again(record, id, found, whole_ledger=whole_ledger)
    pending = interrupted.notices(finished=not record.workspace.has_unfinished_change)
    findings, seen = (
        tuple(replace(one, message=record.office.show_names(one.message)) for one in several)
        for several in ((*interrupted.findings, *found.findings), (*pending, *found.notices))
    )
    return replace(found, findings=findings, notices=seen)


def _compare_again(record: Record, id: str | None, before: Verification, *, whole_ledger: bool) -> Verification:
    """The same once more, while nobody writes if they can be kept out."""
    with suppress(DamagedError):
        try:
            with record.store.begin():
                return compare_record(record, id, whole_ledger=whole_ledger)
        except BusyError:
            return find_lasting(record, id, before, whole_ledger=whole_ledger)
    return before


def find_lasting(record: Record, id: str | None, before: Verification, *, whole_ledger: bool = False) -> Verification:
    """The same once more with what is found both times: what a writer at work brought about is elsewhere by then."""
    found = compare_record(record, id, whole_ledger=whole_ledger)
    return replace(found, findings=tuple(one for one in found.findings if one in before.findings))


def compare_record(record: Record, id: str | None, *, whole_ledger: bool = False) -> Verification:
    """The same without regard to interrupted changes or a writer at work."""
    ids = [_find_id(record, id)] if id else list(record.store.list_ids())
    store, only = record.whole_store, ids[0] if id else None
    with share_work(store.hash_files, store.list_file_parts(only), cases=len(ids)) as parts:
        whole = store.open_ledger()
        ledger = summarize_ledger(whole) if only is None or whole_ledger else summarize_case(whole, only)
        hashes: FileHashes = {folder: names for part in parts for folder, names in part.items()}
    if only is None:
        ids += sorted(ledger.cases.keys() - set(ids))
    checked = check_cases(record, ledger, hashes, ids)
    cases, findings = checked.cases, [*_check_ledger(record, ledger), *checked.findings]
    findings += check_letter_numbers(record, ledger, cases, hashes, only=only)
    recorded = ledger.events if only is None else sorted(ledger.cases.get(only, ()), key=attrgetter("place"))
    history = OfficeHistory(record, ledger.office_lines)
    used = versions_used(record, recorded, history.accepted_by)
    findings += missing_versions(record, used)
    by_hand = ledger.caseless if id is None else ()
    named = sorted((*recorded, *by_hand), key=attrgetter("place")) if history.refused else ()
    findings += check_acceptance(record, history, named)
    findings += check_account_acts(record, ledger)
    seen = [
        *notices.ledger_repairs(ledger, only),
        *notices.clock_notices(record, ledger, cases, all_cases=id is None),
        *notices.paper_notices(cases),
        *describe_account_acts(record, ledger),
    ]
    if id is None:
        findings += _check_projections(record)
        findings += folders.unrecorded_files(ledger, cases, ids, hashes)
        seen += folders.foreign_files(record, ledger, cases, ids)
    letters = sum(len(entries) for entries in ledger.sequences.values())
    return Verification(
        cases=len(ids),
        events=sum(case.events for case in cases.values()),
        files=sum(len(case.files) for case in cases.values()),
        numbers=letters if id is None else sum(len(case.numbers) for case in cases.values()),
        lines=ledger.lines,
        findings=tuple(findings),
        notices=tuple(seen),
        offices=used,
    )


def _find_id(record: Record, text: str) -> str:
    """The id that is meant: of a case that is there, else of one that the ledger knows."""
    try:
        return find_case(record, text)
    except NotFoundError:
        if find_event_lines(record.whole_store.open_ledger(), text.strip().lower()):
            return text.strip().lower()
        raise


def _holds_anything(record: Record) -> bool:
    """Whether there are cases or letters, of which a ledger tells."""
    return next(iter(record.store.list_ids()), None) is not None or record.whole_store.list_sequences() != []


def _check_projections(record: Record) -> Iterator[Finding]:
    """What the store derives from ledger and cases, and has otherwise; nothing is derived from a broken ledger."""
    wrong: list[WrongProjection] = []
    with suppress(DamagedError):
        wrong = record.whole_store.find_wrong_projections()
    for one in wrong:
        remedy = "" if one.derivable else " Pulihkan dari cadangan."
        message = f"Dalam basis data {one.name} tidak sesuai dengan buku catatan dan berkas, yang diulanginya.{remedy}"
        yield Finding("", one.name, message, "projection", "mend" if one.derivable else "")


def _check_ledger(record: Record, ledger: LedgerSummary) -> Iterator[Finding]:
    """What is wrong with the ledger itself."""
    path = ledger.name
    if not ledger.exists and _holds_anything(record):
        yield Finding(
            "",
            path,
            f"Buku catatan {path} tidak ada. Pulihkan dari cadangan; bila memang tidak ada cadangannya, buku itu dapat "
            "disusun dari berkas-berkas yang ada.",
            "ledger",
            advice="rebuild_ledger",
        )
    for fault in ledger.faults:
        is_last = fault.number == ledger.lines and fault.reason == "unreadable"
        if fault.reason == "unreadable":
            end = " terpotong" if ledger.torn and is_last else " tidak terbaca"
            cut = ", atau buang baris itu" if is_last else ""
            message = f"Buku catatan {path} baris {fault.number}{end}. Pulihkan dari cadangan{cut}."
        else:
            message = (
                f"Rantai buku catatan {path} putus pada baris {fault.number}: baris itu atau baris sebelumnya diubah, "
                "dihapus, atau disisipkan. Pulihkan dari cadangan."
            )
        yield Finding("", path, message, "ledger", "cut_ledger" if is_last else "")
    used = {"", *(one.office for one in ledger.events)}  # told with the number of their events
    for place, line in ledger.office_lines:
        if line.office not in used and load_office_or_none(record, line.office) is None:
            message = f"data/office/{line.office}.yaml hilang atau diubah: buku catatan baris {place} menyebutnya."
            yield Finding("", path, f"{message} Pulihkan dari cadangan.", "office")
    for wrong in ledger.order_faults:
        remedy, advice = ledger.remedy("accept_lines")
        message = f"Buku catatan {path} baris {wrong.number} {wrong.message}. {remedy}"
        yield Finding(wrong.case, path, message, "ledger", advice)
