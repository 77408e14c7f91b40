"""The files below the folders of documents and attachments: read and hashed once, and compared by whoever names one."""

import os
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from sopctl.audit.findings import Finding
from sopctl.engine.events import Attachment, Written
from sopctl.errors import NotFoundError, SopctlError
from sopctl.store import case_ids, disk
from sopctl.store.record import Record
from sopctl.store.workspace import Workspace

LARGEST = 200_000_000
"""Bytes of a Word file or an attachment that are read."""

FileHashes = dict[str, dict[str, str]]
"""The sha256 of files by folder, as an event names it, and name; empty of what is to be looked at by itself."""


def list_parts(workspace: Workspace, id: str | None) -> list[str]:
    """The folders of one case; or all, in parts that hold about a thousand cases each, and what lies beside them."""
    roots = workspace.documents, workspace.attachments
    if id is None:
        return [str(part) for root in roots for folder in _list(root) for part in _list(folder) or [folder]]
    try:
        return [str(root / case_ids.folder_of(id) / id) for root in roots]
    except NotFoundError:
        return []


def _list(folder: Path) -> list[Path]:
    """What lies in a folder; nothing where it cannot be read, or is none."""
    with suppress(SopctlError):
        return [folder / name for name in disk.list_names(folder)]
    return []


def hash_files(workspace: Workspace, part: str) -> FileHashes:
    """The files of one part."""
    found: FileHashes = {}
    begins, last, names = len(str(workspace.root)) + 1, "", dict[str, str]()
    for folder, name, data in disk.read_tree(part, limit=LARGEST):
        if folder != last:
            last = folder
            names = found.setdefault(folder[begins:].replace(os.sep, "/"), {})
        names[name] = "" if data is None else sha256(data).hexdigest()
    return found


def is_as_recorded(hashes: FileHashes, file: Written | Attachment) -> bool:
    """Whether a file was read and is the recorded one; else `check_file` says what is wrong."""
    folder, _, name = file.path.rpartition("/")
    return folder in hashes and hashes[folder].get(name) == file.sha256


def check_file(record: Record, file: Written | Attachment, what: str, id: str = "") -> Iterator[Finding]:
    """What is wrong with a file that is not as recorded, looked at once more: of the case with this id, or a scan."""
    advice = ""
    try:
        data = disk.read_file(record.workspace.root / file.path, limit=LARGEST)
    except NotFoundError:
        message = f"{file.path} hilang: {what}. Pulihkan dari cadangan."
    except SopctlError as error:
        message, advice = error.message, error.advice
    else:
        if sha256(data).hexdigest() == file.sha256:
            return
        message = f"Isi {file.path} tidak sama dengan yang dicatat: {what}. Pulihkan dari cadangan."
    yield Finding(id, file.path, message, "file", advice)
