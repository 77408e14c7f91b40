"""The kinds of store that the contract is for, each with a way to do damage that its store does not offer."""

from collections.abc import Callable
from pathlib import Path

from sopctl.desk.session import Session
from sopctl.engine.instance import Instance
from sopctl.store import case_json
from sopctl.store.files import cases
from sopctl.store.files.json_store import JsonStore
from sopctl.store.protocol import RecordStore
from sopctl.store.workspace import VersionKind, Workspace
from tests.conftest import Room
from tests.store.contract.acts import Kept
from tests.store.memory_store import Contents, Memory, MemoryStore


class KeptRoom(Room):
    """An office at work, whose record a store keeps."""

    def __init__(self, kept: Kept) -> None:
        super().__init__(kept.workspace.root)
        self.kept = kept

    def session(self, *, looking: bool = False) -> Session:
        session = super().session(looking=looking)
        session.record.whole_store = self.kept.open()
        return session


class KeptInFiles:
    """See `acts.Kept`."""

    is_append_only = False

    def __init__(self, root: Path) -> None:
        self.workspace = Workspace(root)

    def open(self) -> RecordStore:
        return JsonStore(self.workspace)

    def close(self) -> None:
        pass

    def put_case(self, instance: Instance) -> None:
        cases.path_of(self.workspace.instances, instance.id).write_bytes(case_json.encode(instance))

    def lose_case(self, id: str) -> None:
        cases.path_of(self.workspace.instances, id).unlink()

    def put_file(self, path: str, data: bytes | None) -> None:
        if data is None:
            (self.workspace.root / path).unlink()
        else:
            (self.workspace.root / path).write_bytes(data)

    def put_version(self, kind: VersionKind, version: str, text: bytes) -> None:
        (self.workspace.data / kind / f"{version}.yaml").write_bytes(text)

    def lose_number(self, sequence: str) -> None:
        path = self.workspace.agenda / sequence
        path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))

    def put_line(self, number: int, text: bytes) -> None:
        self._change_lines(lambda lines: [*lines[: number - 1], text + b"\n", *lines[number:]])

    def lose_line(self, number: int) -> None:
        self._change_lines(lambda lines: [*lines[: number - 1], *lines[number:]])

    def lose_lines(self, first: int) -> None:
        self._change_lines(lambda lines: lines[: first - 1])

    def _change_lines(self, change: Callable[[list[bytes]], list[bytes]]) -> None:
        path = self.workspace.ledger
        path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))


class KeptInMemory:
    """See `acts.Kept`."""

    is_append_only = False

    def __init__(self, root: Path) -> None:
        self.workspace = Workspace(root)
        self._memory = Memory(root / "copies")

    def open(self) -> RecordStore:
        return MemoryStore(self._memory)

    def close(self) -> None:
        pass

    def put_case(self, instance: Instance) -> None:
        self._contents.cases[instance.id] = case_json.encode(instance)

    def lose_case(self, id: str) -> None:
        del self._contents.cases[id]

    def put_file(self, path: str, data: bytes | None) -> None:
        if data is None:
            del self._contents.files[path]
        else:
            self._contents.files[path] = data

    def put_version(self, kind: VersionKind, version: str, text: bytes) -> None:
        self._contents.versions[kind, version] = text

    def lose_number(self, sequence: str) -> None:
        self._contents.sequences[sequence] = self._contents.sequences[sequence][:-1]

    def put_line(self, number: int, text: bytes) -> None:
        before = self._contents.lines
        self._contents.lines = (*before[: number - 1], text, *before[number:])

    def lose_line(self, number: int) -> None:
        before = self._contents.lines
        self._contents.lines = (*before[: number - 1], *before[number:])

    def lose_lines(self, first: int) -> None:
        self._contents.lines = self._contents.lines[: first - 1]

    @property
    def _contents(self) -> Contents:
        return self._memory.contents
