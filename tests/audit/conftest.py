"""An office with something to falsify: signed letters, attachments, a number entered by hand, a case taken back."""

import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sopctl.cli.options import move_input
from sopctl.desk import agenda
from sopctl.engine.events import digest, find_broken_link
from sopctl.engine.instance import Instance
from sopctl.store import case_ids, case_json, ledger
from sopctl.store.files import cases, ledger_file
from sopctl.store.ledger import EventLine, LedgerLine

if TYPE_CHECKING:
    from tests.conftest import Room


class Record:
    """The files of an office's record, and hands that change them behind sopctl's back."""

    def __init__(self, room: "Room") -> None:
        self.room = room
        self.data = room.root / "data"

    def case(self, id: str = "sk-tim-1") -> Path:
        return cases.path_of(self.data / "instances", id)

    @property
    def ledger(self) -> Path:
        return self.data / "ledger.jsonl"

    @property
    def register(self) -> Path:
        return self.data / "agenda" / "2026" / "semua.jsonl"

    def papers(self, id: str = "sk-tim-1") -> list[Path]:
        return sorted((self.data / "documents" / case_ids.folder_of(id) / id).iterdir())

    def rewrite(self, change: Callable[[dict[str, Any]], None], id: str = "sk-tim-1", *, chained: bool = False) -> None:
        """Change a case's JSON; ``chained`` forges the hashes anew, as somebody would who knows how it is done."""
        path = self.case(id)
        told = json.loads(path.read_text(encoding="utf-8"))
        change(told)
        path.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
        if chained:
            path.write_bytes(forged(path.read_bytes()))

    def forge(self, change: Callable[[dict[str, Any]], None], id: str = "sk-tim-1") -> None:
        """Change a case and make ledger and chain anew from it, as somebody would who knows all of it."""
        import msgspec  # noqa: PLC0415 — beside its only use

        self.rewrite(change, id, chained=True)
        events = msgspec.json.decode(self.case(id).read_bytes(), type=Instance).events
        lines: list[LedgerLine] = []
        for read in ledger_file.read_lines(self.ledger):
            line = ledger.decode_line(read.text)
            assert line is not None
            if isinstance(line, EventLine) and line.case == id:
                event = events[line.revision - 1]
                line = msgspec.structs.replace(line, event=event, head=digest(event))
            lines.append(line)
        self.ledger.write_bytes(ledger.encode_chain(lines, ""))

    def line(self, path: Path, number: int, change: Callable[[bytes], bytes]) -> None:
        """Change one line (counted from 0) of a file of lines; nothing left of it takes it away."""
        lines = path.read_bytes().splitlines(keepends=True)
        lines[number] = change(lines[number])
        path.write_bytes(b"".join(lines))


def forged(data: bytes) -> bytes:
    """A case whose chain holds again, whatever its events say now."""
    import msgspec  # noqa: PLC0415 — beside its only use

    instance = msgspec.json.decode(data, type=Instance)
    previous = sha256(f"{instance.id}\n{instance.version}".encode()).hexdigest()
    events = []
    for number, event in enumerate(instance.events, 1):
        events.append(event.chained(number, previous))
        previous = digest(events[-1])
    whole = msgspec.structs.replace(instance, events=tuple(events), revision=len(events), head=previous)
    assert find_broken_link(whole.id, whole.version, whole.events, whole.head) is None
    return case_json.encode(whole)


@pytest.fixture
def forge() -> Callable[[bytes], bytes]:
    """What makes the chain of a case hold again."""
    return forged


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, seed: Path, rooms: "type[Room]") -> "Room":
    """The office as it was recorded."""
    room = rooms(shutil.copytree(seed, tmp_path_factory.mktemp("kept") / "kantor"))
    for _ in range(2):
        room.approve(room.letter("Tim Bimtek"))
    proof = room.root / "bukti.txt"
    proof.write_text("bukti", encoding="utf-8")
    room.start("penugasan")
    room.approve("penugasan-1", move_input(attach=[f"Kertas={proof}"]))
    room.withdraw("penugasan-1")
    room.ask(lambda session: agenda.add(session, agenda.NewLetter(perihal="Undangan", kode="000.1")))  # type: ignore[arg-type, return-value]  # no outcome of a case
    return room


@pytest.fixture
def record(kept: "Room", tmp_path: Path) -> Record:
    """A copy of it that a test may spoil."""
    room = type(kept)(shutil.copytree(kept.root, tmp_path / "kantor"))
    room.now = kept.now
    return Record(room)


@pytest.fixture(scope="session")
def hands() -> type[Record]:
    """What spoils the record of another office than the one above."""
    return Record
