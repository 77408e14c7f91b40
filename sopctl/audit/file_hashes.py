"""The files below the folders of documents and attachments: read and hashed once, and compared by whoever names one."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from hashlib import sha256
from typing import BinaryIO

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
        open_recorded_file(record, file).close()
    except NotFoundError:
        message = f"{file.path} hilang: {what}. Pulihkan dari cadangan."
    except SopctlError as error:
        message, advice = error.message, error.advice
        if error.code == "changed":
            message = f"Isi {file.path} tidak sama dengan yang dicatat: {what}. Pulihkan dari cadangan."
    else:
        return
    yield Finding(id, file.path, message, "file", advice)


def open_recorded_file(record: Record, file: Written | Attachment) -> BinaryIO:
    """A file of a case, or a scan, open for reading from its beginning.

    Raises:
        NotFoundError: where it is missing. DamagedError: where it is larger than any can be, or is not the file that
            was recorded (`changed`). BusyError: where it cannot be read.
    """
    shown, digest = record.workspace.root / file.path, sha256()
    with disk.translate_errors(shown), ExitStack() as stack:
        found = stack.enter_context(record.whole_store.open_file(file.path))
        if found.seek(0, os.SEEK_END) > LARGEST_FILE:
            raise DamagedError(
                f"File {shown} lebih besar dari {LARGEST_FILE // 1_000_000} MB; itu tidak mungkin benar."
            )
        found.seek(0)
        for piece in disk.read_pieces(found):
            digest.update(piece)
        if digest.hexdigest() != file.sha256:
            message = f"Isi file {shown.name} tidak sama dengan yang dicatat, jadi tidak diberikan."
            raise DamagedError(f"{message} Pulihkan dari cadangan.", code="changed")
        found.seek(0)
        stack.pop_all()
        return found
