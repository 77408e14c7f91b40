"""`verify`: compares events, ledger, SOP versions, files and letter numbers with each other.

It reads without waiting for a writer. Where something does not fit it looks once more under the lock, after an
interrupted change was finished: so a command at work, or one that was killed, is never reported as damage. Where the
lock cannot be had, or is lost, it looks once more all the same, and tells what it found both times.
"""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from sopctl.audit import folders, notices
from sopctl.audit.account_acts import check_account_acts, describe_account_acts
from sopctl.audit.all_cases import check_cases
from sopctl.audit.audited_case import AuditedCase
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


class _ReadRecord(Struct, frozen=True):
    """All that was read to be compared: of one case (``only``), or of the cases with these ``ids``."""

    only: str | None
    ids: list[str]
    ledger: LedgerSummary
    hashes: FileHashes
    cases: Mapping[str, AuditedCase]


@contextmanager
def _pause_collection() -> Iterator[None]:
    """Collect no garbage: almost nothing of what is read is thrown away, and a collection would look at all of it."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@_pause_collection()
def compare_record(record: Record, id: str | None, *, whole_ledger: bool = False) -> Verification:
    """The same without regard to interrupted changes or a writer at work."""
    store, only = record.whole_store, _find_id(record, id) if id else None
    ids = [only] if only else list(record.store.list_ids())
    with share_work(store.hash_files, store.list_file_parts(only), cases=len(ids)) as parts:
        whole = store.open_ledger()
        ledger = summarize_ledger(whole) if only is None or whole_ledger else summarize_case(whole, only)
        hashes: FileHashes = {folder: names for part in parts for folder, names in part.items()}
    if only is None:
        ids += sorted(ledger.cases.keys() - set(ids))
    checked = check_cases(record, ledger, hashes, ids)
    read = _ReadRecord(only, ids, ledger, hashes, checked.cases)
    offices, of_offices = _compare_offices(record, read)
    findings = [*_check_ledger(record, ledger), *checked.findings]
    findings += check_letter_numbers(record, ledger, checked.cases, hashes, only=only)
    findings += [*of_offices, *check_account_acts(record, ledger)]
    if only is None:
        findings += [*_check_projections(record), *folders.unrecorded_files(ledger, checked.cases, ids, hashes)]
    return _count(read, findings, _list_notices(record, read), offices)


def _compare_offices(record: Record, read: _ReadRecord) -> tuple[tuple[OfficeVersion, ...], list[Finding]]:
    """The office files that were in force, and what is wrong with them and with what was recorded by them."""
    ledger, only, place = read.ledger, read.only, attrgetter("place")
    recorded = ledger.events if only is None else sorted(ledger.cases.get(only, ()), key=place)
    history = OfficeHistory(record, ledger.office_lines)
    used = versions_used(record, recorded, history.accepted_by)
    by_hand = ledger.caseless if only is None else ()
    named = sorted((*recorded, *by_hand), key=place) if history.refused else ()
    return used, [*missing_versions(record, used), *check_acceptance(record, history, named)]


def _list_notices(record: Record, read: _ReadRecord) -> list[Finding]:
    """What is worth knowing."""
    is_all = read.only is None
    return [
        *notices.ledger_repairs(read.ledger, read.only),
        *notices.clock_notices(record, read.ledger, read.cases, all_cases=is_all),
        *notices.paper_notices(read.cases),
        *describe_account_acts(record, read.ledger),
        *(folders.foreign_files(record, read.ledger, read.cases, read.ids) if is_all else ()),
    ]


def _count(
    read: _ReadRecord, findings: list[Finding], seen: list[Finding], offices: tuple[OfficeVersion, ...]
) -> Verification:
    cases, sequences = read.cases.values(), read.ledger.sequences.values()
    return Verification(
        cases=len(read.ids),
        events=sum(case.events for case in cases),
        files=sum(len(case.files) for case in cases),
        numbers=sum(map(len, sequences)) if read.only is None else sum(len(case.numbers) for case in cases),
        lines=read.ledger.lines,
        findings=tuple(findings),
        notices=tuple(seen),
        offices=offices,
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
