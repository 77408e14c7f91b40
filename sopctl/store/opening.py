"""Opens the record where `sopctl.yaml` says that it lies: files, or a database.

An office with files pays nothing for the other: its `sopctl.yaml` is not even parsed for it, so that its record stays
readable while somebody writes that file. Only where the word stands in it is `record` looked at, and that alone: a
mistake elsewhere hides no record, and a file that cannot be read at all is told rather than taken for one of files.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sopctl.errors import MovedError, UsageError, WrongError
from sopctl.office.model import Office, RecordSettings
from sopctl.problems import errors_of
from sopctl.store import disk
from sopctl.store.files.json_store import JsonStore
from sopctl.store.protocol import RecordStore
from sopctl.store.workspace import OFFICE, Workspace

if TYPE_CHECKING:
    from sopctl.store.record_facts import RecordFacts
    from sopctl.store.relocation import MovableRecord

_DATABASE = b"postgres"


def open_store(workspace: Workspace, text: bytes, office: Callable[[], Office], user: Callable[[], str]) -> RecordStore:
    """The record of a workspace, where the ``text`` of its `sopctl.yaml` says; ``user`` is asked as `JsonStore` does.

    Raises:
        WrongError: where it may name a database, and cannot be read. UsageError: where what a database needs is not
            installed. MovedError: where it names a database, and the record lies in files.
    """
    settings = _find_settings(text, office) if _DATABASE in text else RecordSettings()
    if settings.store == "files":
        return JsonStore(workspace, lambda: office().record.umask, user)
    require_psycopg()
    _check_moved(workspace)
    from sopctl.store.postgres.store import PostgresStore  # noqa: PLC0415 — only an office with a database

    return PostgresStore(workspace, settings.service, settings.office)


def _check_moved(workspace: Workspace) -> None:
    """Make sure that no record of files is open: an office that only says otherwise would begin again with number 1."""
    from sopctl.store.files.movable import MovableFiles  # noqa: PLC0415 — only an office with a database

    if disk.is_file(workspace.ledger) and not MovableFiles(workspace, 0, "").is_closed:
        raise MovedError(
            "sopctl.yaml menyebut basis data PostgreSQL, tetapi folder data di sini memuat catatan yang tidak "
            "dipindahkan ke sana; tidak ada yang dibaca atau dicatat.",
            code="unmoved",
        )


def open_movable_records(
    workspace: Workspace, settings: RecordSettings, service: str, user: str
) -> "tuple[MovableRecord, MovableRecord]":
    """The record of the office as files and in a database, whichever is open; in that of the service, where one is.

    Raises:
        UsageError: where what a database needs is not installed.
    """
    require_psycopg()
    from sopctl.store.files.movable import MovableFiles  # noqa: PLC0415 — only who moves a record needs it
    from sopctl.store.postgres.movable import MovablePostgres  # noqa: PLC0415 — as above

    database = MovablePostgres(workspace, service or settings.service, settings.office)
    return MovableFiles(workspace, settings.umask, user), database


def describe_record(workspace: Workspace, settings: RecordSettings, service: str) -> "RecordFacts":
    """What can be said of the record where ``settings`` say that it lies, or in the database of a service.

    Raises:
        BusyError: where the database cannot be reached. UsageError: where what it needs is not installed.
    """
    if settings.store == "files" and not service:
        from sopctl.store.files.facts import describe_folder  # noqa: PLC0415 — one of the two is asked

        return describe_folder(workspace, shared=settings.share == "group")
    require_psycopg()
    from sopctl.store.files.facts import describe_left_folder  # noqa: PLC0415 — the same
    from sopctl.store.postgres.facts import describe_database  # noqa: PLC0415 — the same

    left = describe_left_folder(workspace) if settings.store == "postgres" else None
    return replace(describe_database(service or settings.service, settings.office), left=left)


def _find_settings(text: bytes, office: Callable[[], Office]) -> RecordSettings:
    try:
        return office().record
    except WrongError:
        return _read_settings(text)


def _read_settings(text: bytes) -> RecordSettings:
    """What an office file says of the record, though something else is wrong in it."""
    from sopctl.notation.faults import Faults  # noqa: PLC0415 — brings yaml
    from sopctl.notation.node import Mapping  # noqa: PLC0415 — the same
    from sopctl.notation.read import read_yaml  # noqa: PLC0415 — the same
    from sopctl.notation.structs import struct_decoder  # noqa: PLC0415 — the same
    from sopctl.office.formats import FORMATS  # noqa: PLC0415 — the same

    faults, (node, problems) = Faults(), read_yaml(text, OFFICE)
    entries = node.entries if isinstance(node, Mapping) else ()
    found = next((value for key, value in entries if key.text == "record"), None)
    settings = RecordSettings() if found is None else struct_decoder(RecordSettings, FORMATS).decode(found, faults)
    if wrong := faults.in_order() if node is not None else problems:
        raise WrongError("File sopctl.yaml belum benar.", problems=errors_of(wrong), code="office")
    return settings


def require_psycopg() -> None:
    """Make sure that psycopg can be loaded.

    Raises:
        UsageError: where it cannot.
    """
    try:
        import psycopg  # noqa: F401, PLC0415 — only an office with a database pays for it
    except ImportError as error:
        raise UsageError("Untuk catatan di PostgreSQL belum terpasang: psycopg.", code="postgres_extra") from error
