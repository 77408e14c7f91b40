"""The writing side of the store of files: one writer at a time, and all of a change or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from sopctl.engine.instance import Instance
from sopctl.store import cases, journal, register
from sopctl.store.lock import locked
from sopctl.store.register import Entry
from sopctl.store.workspace import Workspace


@contextmanager
def become_writer(workspace: Workspace) -> Iterator["JsonWriting"]:
    """Hold the lock, after what a dead writer left on its way is finished."""
    with locked(workspace.lock):
        journal.recover(workspace.data)
        yield JsonWriting(workspace)


class JsonWriting:
    """One change of the files; see `protocol.Writing`."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._change = journal.Change(workspace.data)
        self._opened: dict[str, int] = {}
        self._taken: dict[tuple[int | None, str | None], int] = {}

    def new_id(self, sop: str) -> str:
        """The id of the next case of an SOP; several in one change differ."""
        number = self._opened.get(sop, cases.next_number(self._workspace.instances, sop) - 1) + 1
        self._opened[sop] = number
        return cases.new_id(sop, number)

    def instance(self, id: str) -> Instance:
        """The case as it is now that nobody else can change it."""
        return cases.load(self._workspace.instances, id)

    def save(self, instance: Instance) -> None:
        """Store a case."""
        self._change.put(cases.file_of(self._workspace.instances, instance.id), cases.encode(instance))

    def pin(self, version: str, text: bytes) -> None:
        """Keep the text of an SOP version; it is the same for every case of that version."""
        path = self._workspace.versions / f"{version}.yaml"
        if not path.exists():
            self._change.put(path, text)

    def document(self, id: str, name: str, data: bytes) -> str:
        """Store a Word file of a case; its path as the record names it."""
        path = self._workspace.documents / cases.place(id) / id / name
        self._change.put(path, data)
        return self._workspace.relative(path)

    def attachment(self, id: str, name: str, data: bytes) -> str:
        """Store a file that was laid beside a case; its path as the record names it."""
        path = self._workspace.attachments / cases.place(id) / id / name
        self._change.put(path, data)
        return self._workspace.relative(path)

    def next_urut(self, year: int | None, kode: str | None) -> int:
        """The next number of a sequence of letters, those of this change included."""
        key = (year, kode)
        number = self._taken.get(key, 0) + 1 if key in self._taken else self._after_last(year, kode)
        self._taken[key] = number
        return number

    def enter(self, entry: Entry, year: int | None, kode: str | None) -> None:
        """Enter a letter into the register."""
        self._change.append(register.file_of(self._workspace.agenda, year, kode), register.line(entry))

    def commit(self) -> None:
        """Make the whole change last."""
        self._change.commit()

    def _after_last(self, year: int | None, kode: str | None) -> int:
        return register.next_urut(register.file_of(self._workspace.agenda, year, kode))
