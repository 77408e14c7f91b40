"""One change of the record, straight at the store: what it lays down, what it refuses, what it says of itself."""

import stat
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sopctl.engine.case import Case
from sopctl.engine.events import Noted, Started, chain_root, digest
from sopctl.engine.instance import Instance
from sopctl.errors import BusyError, DamagedError
from sopctl.sop.model import Sop
from sopctl.store import disk
from sopctl.store.files.json_store import JsonStore
from sopctl.store.ledger import event_lines
from sopctl.store.register import RegisterEntry
from sopctl.store.workspace import Workspace

FORM = """
id: uji
nama: Uji
pelaksana: {tim: Tim Kerja}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim}
"""
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
SEQUENCE = "2026/semua.jsonl"


@pytest.fixture
def home(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


@pytest.fixture
def store(home: Workspace) -> JsonStore:
    return JsonStore(home)


def opened(sop: Sop, id: str) -> Case:
    return Case.opened(sop, id, "v1", Started(at=NOW, recorded_at=NOW, by="akun", step="susun", subject="Perihal"))


def noted(case: Case, note: str = "Catatan") -> Case:
    return case.after(Noted(at=NOW, recorded_at=NOW, by="akun", note=note))


def entry(urut: int, document: str = "surat") -> RegisterEntry:
    return RegisterEntry(
        urut=urut, nomor=f"1/{urut}", kode="1", at=NOW, id="uji-1", document=document, perihal="Rapat", by="akun"
    )


def begun(store: JsonStore, sop: Sop, id: str = "uji-1") -> Instance:
    """The store with one case."""
    case = opened(sop, id)
    with store.begin() as change:
        change.save_instance(case.instance)
        change.commit()
    return case.instance


def tree(home: Workspace) -> dict[str, bytes]:
    """Every file of the record, but for the lock."""
    paths = [path for path in home.data.rglob("*") if path.is_file() and path != home.lock]
    return {path.relative_to(home.data).as_posix(): path.read_bytes() for path in paths}


def test_a_change_whose_lock_was_lost_is_not_made(store: JsonStore, home: Workspace, sop: Sop) -> None:
    begun(store, sop)
    before = tree(home)
    other = JsonStore(home)
    with other.begin() as change:
        change.save_instance(noted(Case.read(sop, change.load_instance("uji-1"))).instance)
        home.lock.unlink()
        with pytest.raises(BusyError, match="tidak ada yang dicatat") as raised:
            change.commit()
    assert raised.value.code == "lock_lost"
    assert other.commit_state == "nothing"
    assert tree(home) == before


def test_a_change_says_what_became_of_it(store: JsonStore, sop: Sop, monkeypatch: pytest.MonkeyPatch) -> None:
    states = [store.commit_state]
    begun(store, sop)
    assert [*states, store.commit_state] == ["nothing", "yes"]
    again = JsonStore(store._workspace)  # noqa: SLF001 — as another command has it

    def refused(*_: object) -> None:
        raise BusyError("Disk penuh.")

    monkeypatch.setattr(disk, "rename_over", refused)
    with again.begin() as change:
        change.save_instance(noted(Case.read(sop, change.load_instance("uji-1"))).instance)
        with pytest.raises(BusyError):
            change.commit()
    assert again.commit_state == "perhaps"


def test_lines_without_an_office_say_so(sop: Sop) -> None:
    instance = noted(opened(sop, "uji-1")).instance
    first, second = event_lines(instance, 0)
    assert (first.office, first.head, first.case, first.version) == ("", digest(instance.events[0]), "uji-1", "v1")
    assert (second.head, second.revision) == (instance.head, 2)
    assert [line.revision for line in event_lines(instance, 1)] == [2]
    assert instance.events[0].previous == chain_root("uji-1", "v1")


@pytest.mark.parametrize("lost", ["register", "ledger"])
def test_no_number_is_given_where_register_and_ledger_disagree(store: JsonStore, home: Workspace, lost: str) -> None:
    with store.begin() as change:
        change.add_entry(entry(1), SEQUENCE)
        change.commit()
    if lost == "register":
        (home.agenda / SEQUENCE).unlink()
    else:
        home.ledger.write_bytes(b"")
    with store.begin() as change, pytest.raises(DamagedError, match="tidak ada nomor yang diberikan") as raised:
        change.next_urut(SEQUENCE)
    assert raised.value.code == "register"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps permissions elsewhere")
def test_the_first_change_closes_the_folder_of_the_record(home: Workspace, sop: Sop) -> None:
    begun(JsonStore(home, lambda: 0o077), sop)
    assert stat.S_IMODE(home.data.stat().st_mode) == 0o700
    assert stat.S_IMODE(home.ledger.stat().st_mode) == 0o600
