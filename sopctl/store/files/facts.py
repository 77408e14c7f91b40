"""What can be said of a record of files."""

import os
from collections.abc import Iterator
from pathlib import Path

from sopctl.errors import MovedError
from sopctl.store import disk
from sopctl.store.files import journal
from sopctl.store.files.json_store import JsonStore
from sopctl.store.files.ledger_file import count_lines, open_ledger
from sopctl.store.files.lock import find_holder
from sopctl.store.ledger import hash_line
from sopctl.store.record_facts import FolderFacts, LeftFolder, RecordFacts, RecordSize
from sopctl.store.workspace import Workspace


def describe_folder(workspace: Workspace, *, shared: bool) -> RecordFacts:
    """The record of a workspace; ``shared`` is what its `sopctl.yaml` says of a group."""
    store, moved_to = JsonStore(workspace), _find_other_place(workspace)
    ledger = store.open_ledger()
    last = ledger.last_line()
    sizes = list(_sizes(workspace.documents)) + list(_sizes(workspace.attachments))
    size = RecordSize(
        cases=sum(1 for _ in store.list_ids()),
        lines=ledger.count_lines(),
        head=hash_line(last) if last else "",
        files=len(sizes),
        bytes=sum(sizes),
    )
    folder = FolderFacts(folder=str(workspace.data), shared=shared, holder=find_holder(workspace.lock))
    return RecordFacts(store="files", moved_to=moved_to, size=size, folder=folder)


def describe_left_folder(workspace: Workspace) -> LeftFolder | None:
    """What a workspace has of a record of files, though its record lies in a database; None where it has none."""
    is_closed = bool(_find_other_place(workspace))
    with open_ledger(workspace.ledger) as file:
        lines = count_lines(file) if file else 0
    return LeftFolder(folder=str(workspace.data), lines=lines, is_closed=is_closed) if lines or is_closed else None


def _find_other_place(workspace: Workspace) -> str:
    """The kind of store where the record of a closed folder lies; empty where it is open."""
    try:
        journal.read_journal(workspace.data)
    except MovedError as error:
        return str(error.facts["to"])
    return ""


def _sizes(folder: Path) -> Iterator[int]:
    """The size of each file below a folder, links not followed."""
    with disk.translate_errors(folder):
        for parent, _, names in os.walk(folder):
            yield from (os.lstat(f"{parent}{os.sep}{name}").st_size for name in names)
