"""Changes that were interrupted before they were in their place: what they would change, and whether they can be true.

A command that was killed leaves such a change, and anybody with access to the folder can put one there: the next
command completes both.
"""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from sopctl.audit.audited_case import first_impossible_event
from sopctl.audit.findings import Finding, format_list
from sopctl.errors import BusyError, DamagedError, SopctlError
from sopctl.store import case_json, disk
from sopctl.store.files import journal
from sopctl.store.files.journal import Journal, JournalOperation
from sopctl.store.files.lock import hold_lock
from sopctl.store.files.prepared import LARGEST, PreparedWrite, read_logged, resolve_inside, sha256_of
from sopctl.store.files.repair import aside_path
from sopctl.store.record import Record
from sopctl.store.workspace import JOURNAL, STAGING

_SHOWN = 5
"""Files that a sentence names."""

_SET_ASIDE = "Pulihkan folder data dari cadangan, atau sisihkan perubahan itu."


class InterruptedChanges(Struct, frozen=True):
    """Changes to be completed and leftovers to be swept, as sentences without their end; findings that tell forgery."""

    changes: tuple[str, ...] = ()
    leftovers: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    def notices(self, *, finished: bool) -> Iterator[Finding]:
        """The sentences as notices; ``finished`` says that this very command completed the changes."""
        who = "perintah ini" if finished else "perintah berikutnya"
        for change in self.changes:
            yield Finding("", "data", f"{change}; {who} merampungkannya.", "pending")
        for leftover in self.leftovers:
            yield Finding("", "data", f"{leftover}; {who} membersihkannya.", "pending")


def find_interrupted_changes(record: Record) -> InterruptedChanges:
    """What is interrupted, once a writer at work is done; a record in no folder keeps nothing that is unfinished."""
    workspace = record.workspace
    if record.whole_store.folder is None or not workspace.has_unfinished_change:
        return InterruptedChanges()
    if not disk.exists(workspace.lock):
        return inspect_interrupted_changes(record)
    try:
        with hold_lock(workspace.lock):
            return inspect_interrupted_changes(record)
    except BusyError as error:
        return inspect_interrupted_changes(record) if error.code == "permission" else InterruptedChanges()


def complete_interrupted_changes(record: Record, *, mend: bool) -> Iterator[str]:
    """Complete what is interrupted, or set it aside where it cannot be true; the lock is held.

    Raises:
        DamagedError: where it cannot be true and mending was not asked for.
    """
    workspace = record.workspace
    if record.whole_store.folder is None:
        return
    interrupted = inspect_interrupted_changes(record)
    if interrupted.findings and not mend:
        raise DamagedError(interrupted.findings[0].message, code="journal", advice=interrupted.findings[0].advice)
    if interrupted.findings:
        aside = aside_path(workspace, record.now(), "perubahan-terputus")
        journal.set_aside(workspace.data, aside)
        yield f"Perubahan terputus yang rusak disisihkan ke {workspace.relative_path(aside)}."
    journal.recover(workspace.data)
    if not interrupted.findings:
        yield from (notice.message for notice in interrupted.notices(finished=True))


def inspect_interrupted_changes(record: Record) -> InterruptedChanges:
    """What is interrupted; the lock is held."""
    try:
        pending = journal.read_journal(record.workspace.data)
        if pending is None:
            return _inspect_prepared_writes(record)
        targets = format_list((operation.target for operation in pending.operations), at_most=_SHOWN)
        what = f"Perubahan yang belum rampung atas {targets}"
        return InterruptedChanges((what,), findings=tuple(_check_journal(record, pending)))
    except DamagedError as error:
        return InterruptedChanges(findings=(_finding(JOURNAL, error.message),))


def _check_journal(record: Record, pending: Journal) -> Iterator[Finding]:
    """What cannot be true of the change of several files that a journal names."""
    data = record.workspace.data
    try:
        journal.check_journal(data, pending)
    except SopctlError as error:
        yield _finding(JOURNAL, error.message)
        return
    contents = [(operation.target, _content(data, operation)) for operation in pending.operations]
    lines = b"".join(content for target, content in contents if target == record.workspace.ledger.name)
    for target, content in contents:
        if why := _why_impossible(record, target, content, lines):
            yield _finding(target, why)


def _inspect_prepared_writes(record: Record) -> InterruptedChanges:
    """The changes of one file and one line, which the names of the staged files describe."""
    data = record.workspace.data
    changes, leftovers, findings = [], [], []
    for path in (data / STAGING / name for name in disk.list_names(data / STAGING)):
        write = PreparedWrite.parse(path.name)
        line = _line_at(data, write) if write is not None else b""
        if write is None or sha256_of(line) != write.digest:
            target = write.target if write is not None else f"{STAGING}/{path.name}"
            leftovers.append(f"Sisa perintah yang tidak pernah berlaku atas {target}")
            continue
        changes.append(f"Perubahan yang belum rampung atas {write.target}")
        if why := _why_impossible(record, write.target, disk.read_file(path, limit=LARGEST), line):
            findings.append(_finding(write.target, why))
    return InterruptedChanges(tuple(changes), tuple(leftovers), tuple(findings))


def _line_at(data: Path, write: PreparedWrite) -> bytes:
    """The last line of the log where it stands at the place of the change's own; empty where another one does."""
    line, later = read_logged(data, write) if disk.is_file(data / write.log) else (b"", b"")
    return b"" if later else line


def _content(data: Path, operation: JournalOperation) -> bytes:
    """The bytes of an operation, staged or in their place already."""
    staged = data / operation.staged
    return disk.read_file(staged if disk.exists(staged) else data / operation.target, limit=LARGEST)


def _why_impossible(record: Record, target: str, content: bytes, lines: bytes) -> str:
    """Why no command wrote this, empty where one may have; ``lines`` are those that the ledger gets with it."""
    workspace = record.workspace
    resolve_inside(workspace.data, target)
    if target.partition("/")[0] not in {path.name for path in workspace.record}:
        why = "itu bukan bagian catatan."
    elif target.startswith(f"{workspace.instances.name}/"):
        why = _why_no_case(record, workspace.data / target, content, lines)
    else:
        why = ""
    return f"Perubahan yang belum rampung atas {target} bukan dari sopctl: {why} {_SET_ASIDE}" if why else ""


def _why_no_case(record: Record, path: Path, content: bytes, lines: bytes) -> str:
    """Why the bytes are no case that was just moved."""
    id = path.stem
    try:
        case = record.open_case(case_json.decode(content, path, id))
    except DamagedError as error:
        if error.code == "version":  # it goes on under an SOP version that is part of the same change
            return ""
        return f"isinya bukan berkas {id} yang utuh."
    if f'"head":"{case.instance.head}"'.encode() not in lines:
        return "catatan terbarunya tidak ada pada baris buku catatan yang menyertainya."
    impossible = first_impossible_event(record, case.instance)
    return f"catatan nomor {impossible.number} tidak mungkin menurut SOP-nya." if impossible else ""


def _finding(target: str, message: str) -> Finding:
    return Finding("", f"data/{target}", message, "pending", advice="journal")
