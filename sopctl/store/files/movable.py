"""The record of files, to be moved to a database or back: closed by what stands in the place of its journal."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from sopctl.engine.instance import Instance
from sopctl.errors import DamagedError, MovedError
from sopctl.office.model import RecordKind
from sopctl.store import case_json, disk
from sopctl.store.files import cases, journal, ledger_file
from sopctl.store.files.json_store import JsonStore
from sopctl.store.files.lock import Lock, hold_lock
from sopctl.store.ledger import LoggedEvent
from sopctl.store.workspace import JOURNAL, VersionKind, Workspace

_DURABLE = sys.platform == "win32"
"""Whether each file is waited for; elsewhere the system is asked for all of them at once."""


class MovableFiles:
    """See `relocation.MovableRecord`."""

    kind: RecordKind = "files"

    def __init__(self, workspace: Workspace, umask: int, who: str) -> None:
        self.store = JsonStore(workspace, lambda: umask, lambda: who)
        self._workspace = workspace
        self._umask = umask
        self._who = who

    @property
    def is_closed(self) -> bool:
        """Whether the record lies in a database."""
        try:
            with suppress(DamagedError):  # whoever begins is told
                journal.read_journal(self._workspace.data)
        except MovedError:
            return True
        return False

    @property
    def is_empty(self) -> bool:
        """Whether neither a file nor a folder of the record holds anything."""
        return not any(disk.list_names(path) or disk.is_file(path) for path in self._workspace.record)

    @contextmanager
    def hold(self) -> Iterator[Callable[[], None]]:
        """Hold the lock; a transaction that a dead writer left is finished first."""
        workspace = self._workspace
        umask = workspace.keep_open(self._umask)
        with disk.use_umask(umask), hold_lock(workspace.lock, self._who) as lock:
            if not self.is_closed:
                journal.recover(workspace.data)
            if self.is_empty:
                disk.restrict_folder(workspace.data, umask)
            yield lambda: self._close(lock)

    def _close(self, lock: Lock) -> None:
        lock.check()
        disk.replace_file(self._workspace.data / JOURNAL, journal.CLOSED)

    def open(self) -> None:
        """Remove what closes it."""
        _sync()
        disk.remove_file(self._workspace.data / JOURNAL)
        disk.fsync_directory(self._workspace.data)

    def trim_end(self) -> tuple[int, bytes]:
        """The lines of the ledger; what a dead process wrote of one more is cut off."""
        lines, last, size = 0, b"", 0
        with ledger_file.open_ledger(self._workspace.ledger) as file:
            for text in file or ():
                if not text.endswith(b"\n"):
                    with disk.open_descriptor(self._workspace.ledger, os.O_WRONLY) as descriptor:
                        os.ftruncate(descriptor, size)
                    break
                lines, last, size = lines + 1, text[:-1], size + len(text)
        return lines, last

    def add_version(self, kind: VersionKind, version: str, text: bytes) -> None:
        """Write the file of a version."""
        disk.replace_file(self._workspace.data / kind / f"{version}.yaml", text, durable=_DURABLE)

    def add_file(self, path: str, pieces: Iterable[bytes], sha256: str) -> None:  # noqa: ARG002 — only a database asks
        """Write the file as it is read."""
        disk.replace_file(self._workspace.root / path, pieces, durable=_DURABLE)

    def add_lines(self, texts: Sequence[bytes]) -> None:
        """Add them at the end of the ledger, once the disk has what they name."""
        _sync()
        with disk.open_descriptor(self._workspace.ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND) as file:
            disk.write_all(file, b"".join(text + b"\n" for text in texts))

    def find_stale_cases(self) -> Mapping[str, str]:
        """The cases whose files do not hold the hash of their last event."""
        heads = {
            line.line.case: line.line.head
            for line in ledger_file.read_lines(self._workspace.ledger)
            if isinstance(line.line, LoggedEvent)
        }
        kept = self.store.read_cases(heads)
        stale = (id for id, _, data in kept if data is None or f'"{heads[id]}"'.encode() not in data)
        return {id: heads[id] for id in stale}

    def put_cases(self, instances: Sequence[Instance]) -> None:
        """Write the files of cases."""
        for instance in instances:
            path = cases.path_of(self._workspace.instances, instance.id)
            disk.replace_file(path, case_json.encode(instance), durable=_DURABLE)

    def put_sequence(self, sequence: str, data: bytes) -> None:
        """Write the file of a sequence."""
        disk.replace_file(self._workspace.agenda / sequence, data, durable=_DURABLE)


def _sync() -> None:
    """Wait until the disk has all that was written."""
    if not _DURABLE:
        os.sync()
