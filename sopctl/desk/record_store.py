"""Where the record lies: `record upgrade` and `record move`.

`record upgrade` makes a database ready for offices, and roles that work for them.

`record move`: the whole record of the office goes from files to a database, or back, and is never in both.
The source is verified before, and kept from writers until all is over. What is copied is counted by its ledger, so that
the next `record move` goes on where one was interrupted (see `store/relocation.py`). The copy is verified, then the
source is closed, then the copy is opened, then `sopctl.yaml` names it: whoever dies between two of these steps leaves
the record in one place that is whole, and the next `record move` takes the steps that are left.

A folder `data` that was left is closed where it lies, and stays: so it holds too where it is a link, or where another
workspace links to it. In a database the office is closed by `offices.moved_to`.
"""

import os
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from sopctl.audit.verify import Verification, compare_record, verify
from sopctl.desk.session import Session
from sopctl.errors import BusyError, DamagedError, UsageError
from sopctl.office.formats import DATABASE_NAME
from sopctl.office.model import RecordKind, RecordSettings
from sopctl.office.record_text import set_record
from sopctl.store import disk
from sopctl.store.ledger import hash_line
from sopctl.store.moved import PLACES
from sopctl.store.opening import open_movable_records, require_psycopg
from sopctl.store.protocol import OnProgress
from sopctl.store.record import Record
from sopctl.store.relocation import MovableRecord, copy_record, other_record_error
from sopctl.store.workspace import OFFICE

if TYPE_CHECKING:
    from sopctl.store.postgres.upgrade import Upgraded


class MovedRecord(Struct, frozen=True):
    """Where the record lies now, how much of it, and the head of its ledger."""

    to: RecordKind
    cases: int
    lines: int
    head: str


def move_record(session: Session, to: RecordKind, service: str, on_progress: OnProgress | None) -> MovedRecord:
    """Move the record of the office into a store of this kind; ``service`` is that of the database.

    Raises:
        UsageError: where it lies there already, or where another record does. DamagedError: where it is not intact.
            BusyError: where somebody keeps either, or one of them cannot be reached.
    """
    workspace, settings = session.workspace, session.office.record
    values = {"store": to, **({"service": service} if service else {})}
    text = set_record(session.record.office_text, values, OFFICE)
    if not os.access(workspace.root, os.W_OK):
        raise UsageError(f"{OFFICE} tidak dapat diubah di {workspace.root}; tidak ada yang dipindahkan.", code="output")
    user = f"akun {session.record.shown_name(session.account)}"
    files, database = open_movable_records(workspace, settings, service, user)
    source, target = (files, database) if to == "postgres" else (database, files)
    _check_target(source, target, settings.store)
    if not source.is_closed:
        _check_intact(verify(_open_record(session, source), None), "sebelum dipindahkan")
    with target.hold() as close_target, source.hold() as close_source:
        if source.is_closed:
            _check_arrived(source, target)
        else:
            _check_target(source, target, settings.store)
            if not target.is_closed:
                close_target()
            _copy(session, source, target, on_progress)
            close_source()
        if target.is_closed:
            target.open()
        disk.replace_file(workspace.office, text, keep_permissions=True)
    return _describe(target)


def _copy(session: Session, source: MovableRecord, target: MovableRecord, on_progress: OnProgress | None) -> None:
    """Complete the target by the source, and make sure that all of it arrived."""
    copy_record(source.store, target, on_progress or (lambda _done, _total: None))
    _check_same_ledger(source, target)
    _check_intact(compare_record(_open_record(session, target), None), "sesudah disalin")


def _check_target(source: MovableRecord, target: MovableRecord, present: RecordKind) -> None:
    """Make sure that the record does not lie there already, and no other does."""
    if target.is_closed or target.is_empty:
        return
    if target.kind == present and (present == "files" or source.is_closed or source.is_empty):
        raise UsageError(f"Catatan kantor ini sudah berada di {PLACES[present]}.", code="moved_already")
    if source.is_closed:  # only `sopctl.yaml` does not say so yet
        return
    raise other_record_error(target.kind)


def _check_arrived(source: MovableRecord, target: MovableRecord) -> None:
    """Make sure that a record which was closed went where it is to be opened now: its last line is there."""
    lines, last = source.trim_end()
    found = target.store.open_ledger().read_texts([lines]).get(lines) if lines else last
    if found != last or (not lines and target.is_closed and not target.is_empty):
        raise UsageError(
            f"Catatan ini sudah tidak berada di {PLACES[source.kind]}, tetapi dipindahkan ke tempat lain daripada "
            f"{PLACES[target.kind]} ini; tidak ada yang dibuka. sopctl.yaml di sini harus menyebut tempat itu.",
            code="moved_elsewhere",
        )


def _open_record(session: Session, movable: MovableRecord) -> Record:
    """The record as it lies in one of the two, whatever `sopctl.yaml` names."""
    here = session.record
    return Record(here.workspace, clock=here.clock, account=here.account, kept_in=movable.store)


def _check_intact(found: Verification, when: str) -> None:
    if found.findings:
        raise DamagedError(
            f"Catatan itu tidak utuh {when} ({len(found.findings)} temuan), jadi tidak dipindahkan: "
            f"{found.findings[0].message}",
            code="record_damaged",
            advice="verify",
        )


def _check_same_ledger(source: MovableRecord, target: MovableRecord) -> None:
    """Make sure that both have the same ledger."""
    lines, last = target.trim_end()
    ledger = source.store.open_ledger()
    if (ledger.count_lines(), ledger.last_line()) != (lines, last):
        raise BusyError("Catatan berubah selagi disalin; ulangi perintahnya.", code="changed_meanwhile")


def _describe(target: MovableRecord) -> MovedRecord:
    ledger = target.store.open_ledger()
    last = ledger.last_line()
    cases = sum(1 for _ in target.store.list_ids())
    return MovedRecord(target.kind, cases, ledger.count_lines(), hash_line(last) if last else "")


def upgrade_record(service: str, grants: Sequence[str], settings: RecordSettings) -> "Upgraded":
    """Bring the tables up to this program in the database of a service, or of the one that ``settings`` name.

    Each of ``grants`` is a role, or `ROLE=OFFICE`.
    """
    roles = dict(_read_grant(one) for one in grants)
    require_psycopg()
    from sopctl.store.postgres.connections import connect  # noqa: PLC0415 — where psycopg is missing it says so
    from sopctl.store.postgres.upgrade import read_migrations, upgrade  # noqa: PLC0415 — the same

    with connect(service or settings.service) as connection:
        return upgrade(connection, roles, read_migrations(), settings.office)


def _read_grant(text: str) -> tuple[str, str]:
    """A role and its office, which has the name of the role where none is given."""
    role, equals, office = text.partition("=")
    if not role or (equals and not re.fullmatch(DATABASE_NAME, office)):
        raise UsageError(f"'{text}' bukan peran dan kantornya.", code="grant")
    return role, office or role
