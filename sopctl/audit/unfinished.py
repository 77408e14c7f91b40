"""What a command left on its way, told before anybody finishes it: what it would change, and whether it can be true.

A command that was killed leaves such a thing, and so does whoever lays one there: the next command finishes both.
"""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from sopctl.audit.witness import Finding, listed
from sopctl.engine.events import first_version
from sopctl.engine.replay import find_impossible_event
from sopctl.errors import BusyError, DamagedError, SopctlError
from sopctl.store import disk
from sopctl.store.files import cases, journal
from sopctl.store.files.journal import Journal, JournalOperation
from sopctl.store.files.lock import hold_lock
from sopctl.store.files.prepared import LARGEST, PreparedWrite, resolve_inside, sha256_of
from sopctl.store.record import Record
from sopctl.store.workspace import JOURNAL, STAGING

_SHOWN = 5
"""Files that a sentence names."""


class Waiting(Struct, frozen=True):
    """What waits to be finished or swept, in sentences without their end, and what of it cannot be true."""

    changes: tuple[str, ...] = ()
    rests: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    def notices(self, *, finished: bool) -> Iterator[Finding]:
        """The sentences as notices; ``finished`` says that this very command finished it."""
        who = "perintah ini" if finished else "perintah berikutnya"
        for change in self.changes:
            yield Finding("", "data", f"{change}; {who} merampungkannya.", "pending")
        for rest in self.rests:
            yield Finding("", "data", f"{rest}; {who} membersihkannya.", "pending")


def unfinished(record: Record) -> Waiting:
    """What waits, once whoever is at work just now is done."""
    workspace = record.workspace
    if not there(record):
        return Waiting()
    if not workspace.lock.exists():
        return look(record)
    try:
        with hold_lock(workspace.lock):
            return look(record)
    except BusyError as error:
        return look(record) if error.code == "permission" else Waiting()


def there(record: Record) -> bool:
    """Whether anything waits."""
    with disk.translate_errors(record.workspace.data):
        return record.workspace.has_unfinished_change


def look(record: Record) -> Waiting:
    """The same for the holder of the lock."""
    data = record.workspace.data
    try:
        pending = journal.read_journal(data)
        return _journal(record, pending) if pending is not None else _steps(record)
    except DamagedError as error:
        return Waiting(findings=(_finding(JOURNAL, error.message),))


def _journal(record: Record, pending: Journal) -> Waiting:
    """The change of several files that a journal names."""
    targets = [operation.target for operation in pending.operations]
    what = f"Perubahan yang belum rampung atas {listed(targets, at_most=_SHOWN)}"
    return Waiting((what,), (), tuple(_doubts(record, pending)))


def _doubts(record: Record, pending: Journal) -> Iterator[Finding]:
    data = record.workspace.data
    try:
        journal.check_journal(data, pending)
    except SopctlError as error:
        yield _finding(JOURNAL, error.message)
        return
    lines = b"".join(_laid(data, one) for one in pending.operations if one.target == record.workspace.ledger.name)
    for operation in pending.operations:
        if why := _why_not(record, operation.target, _laid(data, operation), lines):
            yield _finding(operation.target, why)


def _steps(record: Record) -> Waiting:
    """The changes of one file and one line, which the names of the files laid beside tell of."""
    data = record.workspace.data
    journal.check_staging_folder(data / STAGING)
    changes, rests, findings = [], [], []
    for path in sorted((data / STAGING).iterdir()) if (data / STAGING).is_dir() else []:
        step = PreparedWrite.parse(path.name)
        line = _line_at(data, step) if step is not None else b""
        if step is None or sha256_of(line) != step.digest:
            target = step.target if step is not None else f"{STAGING}/{path.name}"
            rests.append(f"Sisa perintah yang tidak pernah berlaku atas {target}")
            continue
        changes.append(f"Perubahan yang belum rampung atas {step.target}")
        if why := _why_not(record, step.target, disk.read_file(path, limit=LARGEST), line):
            findings.append(_finding(step.target, why))
    return Waiting(tuple(changes), tuple(rests), tuple(findings))


def _line_at(data: Path, step: PreparedWrite) -> bytes:
    """The last line of the log where it stands at the place of the change's own; empty where another one does."""
    log = resolve_inside(data, step.log)
    if not log.is_file():
        return b""
    line, end, later = disk.read_file(log, limit=LARGEST)[step.offset :].partition(b"\n")
    return line + end if end and not later else b""


def _laid(data: Path, operation: JournalOperation) -> bytes:
    """The bytes of an operation, laid beside or in their place already."""
    staged = data / operation.staged
    return disk.read_file(staged if staged.exists() else data / operation.target, limit=LARGEST)


_ASIDE = "Pulihkan folder data dari cadangan, atau jalankan sopctl doctor --mend untuk menyisihkannya."


def _why_not(record: Record, target: str, content: bytes, lines: bytes) -> str:
    """Why no command wrote this, empty where one may have; ``lines`` are those that the ledger gets with it."""
    workspace = record.workspace
    resolve_inside(workspace.data, target)
    if target.partition("/")[0] not in {path.name for path in workspace.record}:
        return f"Perubahan yang belum rampung atas {target} bukan dari sopctl: itu bukan bagian catatan. {_ASIDE}"
    if not target.startswith(f"{workspace.instances.name}/"):
        return ""
    why = _no_case(record, workspace.data / target, content, lines)
    return f"Perubahan yang belum rampung atas {target} bukan dari sopctl: {why} {_ASIDE}" if why else ""


def _no_case(record: Record, path: Path, content: bytes, lines: bytes) -> str:
    """Why the bytes are no case that was just moved."""
    id = path.stem
    try:
        case = record.open_case(cases.decode(content, path, id))
    except DamagedError as error:
        if error.code == "version":  # it goes on under an SOP version that is part of the same change
            return ""
        return f"isinya bukan berkas {id} yang utuh."
    if f'"head":"{case.instance.head}"'.encode() not in lines:
        return "catatan terbarunya tidak ada pada baris buku besar yang menyertainya."
    doubt = find_impossible_event(
        first_version(case.instance.version, case.instance.events), case.instance.events, record.load_sop
    )
    return f"catatan nomor {doubt.number} tidak mungkin menurut SOP-nya." if doubt else ""


def _finding(target: str, message: str) -> Finding:
    return Finding("", f"data/{target}", message, "pending")
