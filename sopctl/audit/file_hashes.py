"""The files below the folders of documents and attachments: read and hashed once, and compared by whoever names one."""

from collections.abc import Iterator
from hashlib import sha256

from sopctl.audit.findings import Finding
from sopctl.engine.events import Attachment, Written
from sopctl.errors import DamagedError, NotFoundError, SopctlError
from sopctl.store import disk
from sopctl.store.file_paths import LARGEST_FILE
from sopctl.store.record import Record

FileHashes = dict[str, dict[str, str]]
"""The sha256 of files by folder, as an event names it, and name; empty of what is to be looked at by itself."""


def is_as_recorded(hashes: FileHashes, file: Written | Attachment) -> bool:
    """Whether a file was read and is the recorded one; else `check_file` says what is wrong."""
    folder, _, name = file.path.rpartition("/")
    return folder in hashes and hashes[folder].get(name) == file.sha256


def check_file(record: Record, file: Written | Attachment, what: str, id: str = "") -> Iterator[Finding]:
    """What is wrong with a file that is not as recorded, looked at once more: of the case with this id, or a scan."""
    advice = ""
    try:
        data = read_recorded_file(record, file.path)
    except NotFoundError:
        message = f"{file.path} hilang: {what}. Pulihkan dari cadangan."
    except SopctlError as error:
        message, advice = error.message, error.advice
    else:
        if sha256(data).hexdigest() == file.sha256:
            return
        message = f"Isi {file.path} tidak sama dengan yang dicatat: {what}. Pulihkan dari cadangan."
    yield Finding(id, file.path, message, "file", advice)


def read_recorded_file(record: Record, path: str) -> bytes:
    """The bytes of a file by its path in the record; DamagedError where it is larger than any can be."""
    shown = record.workspace.root / path
    with disk.translate_errors(shown), record.whole_store.open_file(path) as file:
        data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise DamagedError(f"File {shown} lebih besar dari {LARGEST_FILE // 1_000_000} MB; itu tidak mungkin benar.")
    return data
