"""Mending a record of files: what is replaced goes to `data/aside`."""

import os
from collections.abc import Sequence
from datetime import datetime
from itertools import count
from pathlib import Path

from sopctl.engine.instance import Instance
from sopctl.store import case_json, disk, ledger
from sopctl.store.files import cases, journal, ledger_file
from sopctl.store.files.prepared import LARGEST
from sopctl.store.ledger import LedgerLine
from sopctl.store.register import RegisterEntry, encode_entry
from sopctl.store.workspace import Workspace


class FileRepair:
    """The mending of a workspace whose lock is held; see `protocol.Repair`."""

    def __init__(self, workspace: Workspace, at: datetime) -> None:
        self._workspace, self._at = workspace, at

    def append_lines(self, lines: Sequence[LedgerLine]) -> None:
        """Add lines to the ledger, all or none."""
        path = self._workspace.ledger
        before = ledger_file.read_last_line(path)
        change = journal.FileTransaction(self._workspace.data)
        change.append_line(path, ledger.encode_chain(lines, ledger.hash_line(before) if before else ""))
        change.commit()

    def cut_broken_end(self) -> tuple[int, str]:
        """Cut off the last lines of the ledger that are not whole, or none of sopctl's."""
        path = self._workspace.ledger
        whole = disk.read_file(path, limit=LARGEST).splitlines(keepends=True)
        before = len(whole)
        while whole and not (whole[-1].endswith(b"\n") and ledger.is_whole(whole[-1][:-1])):
            whole.pop()
        aside = self._replace(path, b"".join(whole)) if len(whole) < before else ""
        return before - len(whole), aside

    def replace_case(self, instance: Instance) -> str:
        """Write the file of a case anew."""
        return self._replace(cases.path_of(self._workspace.instances, instance.id), case_json.encode(instance))

    def derive_projections(self) -> None:
        """Nothing: what is derived from the files lies in caches, and is compared whenever it is read."""

    def replace_sequence(self, sequence: str, entries: Sequence[RegisterEntry]) -> str:
        """Write the file of a sequence of the register anew."""
        return self._replace(self._workspace.agenda / sequence, b"".join(map(encode_entry, entries)))

    def _replace(self, path: Path, data: bytes) -> str:
        """Replace a file; where the old one was put, empty where there was none."""
        aside = self._put_aside(path) if os.path.lexists(path) else ""
        disk.replace_file(path, data)
        return aside

    def _put_aside(self, path: Path) -> str:
        """Keep a copy of a file that is about to be replaced; its path."""
        target = aside_path(self._workspace, self._at, path.name)
        if path.is_symlink() or not path.is_file():  # itself, not what it leads to
            disk.make_folder(target.parent)
            disk.rename_over(path, target)
        else:
            disk.replace_file(target, disk.read_file(path, limit=LARGEST))
        return self._workspace.relative_path(target)


def aside_path(workspace: Workspace, at: datetime, name: str) -> Path:
    """A new path in the folder of what was put aside."""
    paths = (workspace.aside / f"{at:%Y%m%d-%H%M%S}-{number}-{name}" for number in count(1))
    return next(path for path in paths if not disk.exists(path))
