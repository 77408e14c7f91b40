"""The record moves from files to a database and back: whoever dies on the way, it is whole, and in one place."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from signal import SIGKILL
from typing import TYPE_CHECKING

import pytest

from sopctl.audit.verify import compare_record
from sopctl.cli.options import move_input
from sopctl.desk import agenda, incoming_register
from sopctl.desk.incoming_register import IncomingInput
from sopctl.desk.record_store import MovedRecord, move_record
from sopctl.errors import BusyError, DamagedError, MovedError, UsageError
from sopctl.office.model import RecordKind
from sopctl.store import relocation
from sopctl.store.files.lock import hold_lock
from sopctl.store.opening import open_movable_records
from sopctl.store.record import Record
from sopctl.store.relocation import MovableRecord
from tests.postgres_cluster import Database

if TYPE_CHECKING:
    from tests.conftest import Room

ONE, TWO = "dinas_satu", "dinas_dua"
STORED = sorted(path for path in (Path(__file__).parents[1] / "schema").iterdir() if (path / "data").is_dir())
OTHER: dict[RecordKind, RecordKind] = {"files": "postgres", "postgres": "files"}

KILLED = """
import os, signal, sys
share, total = float(sys.argv.pop(1)), int(sys.argv.pop(1))
calls = 0
def count(frame, event, _arg):
    global calls
    if event == "call" and "/sopctl/" in frame.f_code.co_filename:
        calls += 1
        if total and calls == int(total * share):
            os.kill(os.getpid(), signal.SIGKILL)
from sopctl.cli.app import main
sys.setprofile(count)
try:
    main()
finally:
    print(calls, file=sys.stderr)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, seed: Path, rooms: "type[Room]") -> "Room":
    """An office with letters, attachments, numbers by hand, an incoming letter with its scan, two office files."""
    room = rooms(shutil.copytree(seed, tmp_path_factory.mktemp("moved") / "kantor"))
    proof = room.root.parent / "bukti.txt"
    proof.write_text("bukti", encoding="utf-8")
    large = room.root.parent / "pindaian.pdf"
    large.write_bytes(b"%PDF-1.4\n" + os.urandom(3_000_000))
    room.approve(room.letter("Tim Bimtek"))
    room.start("penugasan")
    room.approve("penugasan-1", move_input(attach=[f"Kertas={proof}"]))
    room.withdraw("penugasan-1")
    typed = IncomingInput(values={"surat_dari": "Dinas", "perihal": "Undangan"}, scan=large)
    room.ask(lambda session: incoming_register.add_incoming(session, typed))  # type: ignore[arg-type, return-value]  # no outcome of a case
    room.ask(lambda session: agenda.add(session, agenda.NewLetter(perihal="Undangan", kode="000.1")))  # type: ignore[arg-type, return-value]  # the same
    room.say("paper: F4  # kertas kantor")
    room.approve(room.letter("Tim lain"))
    return room


@pytest.fixture
def office(made: "Room", tmp_path: Path, database: Database) -> "Room":
    """A copy of it, beside a database with an office for each of two roles."""
    for role in (ONE, TWO):
        database.add_office(role, role)
    return copy(made, tmp_path / "kantor")


def copy(room: "Room", root: Path, *left_out: str) -> "Room":
    """A workspace like this one."""
    made = type(room)(shutil.copytree(room.root, root, ignore=shutil.ignore_patterns(*left_out)))
    made.now = room.now
    return made


def begin_at(room: "Room", kind: RecordKind) -> None:
    """Have the record lie there, and nothing of it elsewhere."""
    if kind == "postgres":
        move(room, "postgres")
        shutil.rmtree(room.root / "data")


def move(
    room: "Room", to: RecordKind, service: str = ONE, on_progress: Callable[[int, int], None] | None = None
) -> MovedRecord:
    return move_record(room.session(), to, service, on_progress)


def both(room: "Room", service: str = ONE) -> dict[RecordKind, MovableRecord]:
    workspace = room.session().workspace
    found = open_movable_records(workspace, room.session().office.record, service, "uji")
    return {one.kind: one for one in found}


def facts(room: "Room", kind: RecordKind) -> tuple[object, ...]:
    """What must be the same wherever the record lies, which must be intact."""
    store = both(room)[kind].store
    record = Record(room.session().workspace, clock=lambda: room.now, account="uji", kept_in=store)
    found = compare_record(record, None)
    assert found.findings == ()
    files = {
        f"{folder}/{name}": sha
        for part in store.list_file_parts(None)
        for folder, names in store.hash_files(part).items()
        for name, sha in names.items()
    }
    cases = {id: store.load_instance(id) for id in store.list_ids()}
    registers = {name: store.read_sequence(name) for name in store.list_sequences()}
    versions = [store.list_versions("sops"), store.list_versions("office")]
    return [line.text for line in store.open_ledger().read_lines()], files, cases, registers, versions, found.numbers


def open_ones(room: "Room") -> list[RecordKind]:
    return [kind for kind, one in both(room).items() if not one.is_closed]


def named(room: "Room") -> RecordKind:
    return room.session().office.record.store


def test_the_record_goes_there_and_back_and_stays_the_same(office: "Room") -> None:
    before = facts(office, "files")
    made = move(office, "postgres")
    assert facts(office, "postgres") == before
    assert (made.to, made.cases, made.lines) == ("postgres", 3, len(before[0]))  # type: ignore[arg-type]  # a list
    assert (named(office), open_ones(office)) == ("postgres", ["postgres"])
    office.start("penugasan", "di basis data")
    there = facts(office, "postgres")
    move(office, "files")
    assert facts(office, "files") == there
    assert (named(office), open_ones(office)) == ("files", ["files"])
    office.approve("sk-tim-1")
    again = facts(office, "files")
    move(office, "postgres")
    assert facts(office, "postgres") == again


@pytest.mark.parametrize("to", ["postgres", "files"])
def test_no_more_is_copied_at_a_time_than_a_database_takes(
    office: "Room", monkeypatch: pytest.MonkeyPatch, to: RecordKind
) -> None:
    begin_at(office, OTHER[to])
    office.note("sk-tim-1", "x" * 50_000)
    before, told = facts(office, OTHER[to]), list[int]()
    monkeypatch.setattr(relocation, "_PORTION", 40_000)
    move(office, to, on_progress=lambda done, _total: told.append(done))
    assert len(told) > 1
    assert told[-1] == len(before[0])  # type: ignore[arg-type]  # a list
    assert facts(office, to) == before


@pytest.mark.parametrize("stored", STORED, ids=lambda path: path.name)
def test_a_record_of_every_older_sopctl_moves_as_well(room: "Room", database: Database, stored: Path) -> None:
    """Every kind of event and of line in the ledger is among them."""
    database.add_office(ONE, ONE)
    shutil.copytree(stored, room.root, dirs_exist_ok=True)
    room.now = room.now.replace(hour=15)
    before = facts(room, "files")
    move(room, "postgres")
    assert facts(room, "postgres") == before
    shutil.rmtree(room.root / "data")
    move(room, "files")
    assert facts(room, "files") == before


def test_what_sopctl_yaml_says_besides_stays_as_it_was_typed(office: "Room") -> None:
    before = (office.root / "sopctl.yaml").read_text(encoding="utf-8")
    move(office, "postgres")
    after = (office.root / "sopctl.yaml").read_text(encoding="utf-8")
    assert after == f"{before}record: {{store: postgres, service: {ONE}}}\n"
    move(office, "files", "")
    after = (office.root / "sopctl.yaml").read_text(encoding="utf-8")
    assert after == f"{before}record: {{store: files, service: {ONE}}}\n"


def test_an_office_without_any_record_moves_as_well(office: "Room") -> None:
    shutil.rmtree(office.root / "data")
    assert move(office, "postgres").lines == 0
    assert office.start("sk-tim").id == "sk-tim-1"
    assert not (office.root / "data" / "ledger.jsonl").exists()
    move(office, "files")
    assert office.session().store.load_instance("sk-tim-1").revision == 1


@pytest.mark.parametrize("to", ["postgres", "files"])
def test_nothing_is_recorded_where_the_record_was(office: "Room", to: RecordKind, tmp_path: Path) -> None:
    """Also not by another workspace that leads to the same folder, or names the same office."""
    begin_at(office, OTHER[to])
    other = copy(office, tmp_path / "lain", "data")
    if (office.root / "data").exists():
        (other.root / "data").symlink_to(office.root / "data")
    move(office, to)
    with pytest.raises(MovedError) as caught:
        other.start("sk-tim")
    assert caught.value.facts == {"to": to}
    with pytest.raises(MovedError):  # what who looks asks first
        other.session().record.whole_store.recover() if to == "postgres" else list(other.session().store.list_ids())


def test_a_record_is_not_mixed_with_another_one(office: "Room", made: "Room", tmp_path: Path) -> None:
    other = copy(made, tmp_path / "lain")
    other.start("penugasan")
    move(office, "postgres")
    office.start("sk-tim")  # the ledgers part here
    with pytest.raises(UsageError) as caught:
        move(other, "postgres")
    assert caught.value.code == "other_record"
    move(office, "files")
    with pytest.raises(UsageError) as caught:
        move(other, "postgres")
    assert caught.value.code == "other_record"
    assert open_ones(other) == ["files"]
    other.start("sk-tim")


@pytest.mark.parametrize("has_old_copy", [False, True])
def test_a_record_that_went_elsewhere_is_not_opened_here(office: "Room", tmp_path: Path, *, has_old_copy: bool) -> None:
    """Another workspace took it out of the database; here is nothing, or what was once moved into the database."""
    move(office, "postgres")
    other = copy(office, tmp_path / "lain", "data")
    other.start("penugasan")
    move(other, "files")
    if not has_old_copy:
        shutil.rmtree(office.root / "data")
    with pytest.raises(UsageError) as caught:
        move(office, "files")
    assert caught.value.code == "moved_elsewhere"
    assert (named(office), named(other)) == ("postgres", "files")
    assert both(office)["files"].is_closed is has_old_copy


def test_a_record_that_went_to_one_database_is_not_taken_for_an_empty_one_in_another(office: "Room") -> None:
    move(office, "postgres")
    office.say("record: {store: files}")
    with pytest.raises(UsageError) as caught:
        move(office, "postgres", TWO)
    assert caught.value.code == "moved_elsewhere"
    move(office, "postgres")
    office.start("sk-tim")


def test_a_record_that_lies_there_already_is_not_moved(office: "Room") -> None:
    with pytest.raises(UsageError) as caught:
        move(office, "files")
    assert caught.value.code == "moved_already"
    move(office, "postgres")
    with pytest.raises(UsageError) as caught:
        move(office, "postgres")
    assert caught.value.code == "moved_already"


def test_a_record_that_sopctl_yaml_left_behind_is_moved_after_all(office: "Room", made: "Room", tmp_path: Path) -> None:
    """`sopctl.yaml` was edited by hand: the record still lies in files, in the database none or that of others."""
    other = copy(made, tmp_path / "lain")
    other.start("penugasan")
    for room in (office, other):
        room.say("record: {store: postgres, service: dinas_satu}")
        with pytest.raises(MovedError) as closed:
            room.start("sk-tim")
        assert closed.value.code == "unmoved"
    move(office, "postgres")
    office.start("sk-tim")
    with pytest.raises(UsageError) as caught:
        move(other, "postgres")
    assert (caught.value.code, caught.value.advice) == ("other_record", "other_office")


def test_a_damaged_record_is_not_moved_and_says_why(office: "Room") -> None:
    paper = next((office.root / "data" / "documents").rglob("*.docx"))
    paper.write_bytes(paper.read_bytes() + b"x")
    with pytest.raises(DamagedError) as caught:
        move(office, "postgres")
    assert caught.value.code == "record_damaged"
    assert paper.name in caught.value.message
    assert (named(office), open_ones(office)) == ("files", ["files", "postgres"])


def test_who_comes_while_it_is_copied_has_to_wait(office: "Room") -> None:
    kept: list[str] = []

    def come(_done: int, _total: int) -> None:
        with pytest.raises(BusyError) as caught, hold_lock(office.session().workspace.lock, patience=0):
            pass
        kept.append(caught.value.message)

    move(office, "postgres", on_progress=come)
    assert "akun akun" in kept[0]


@pytest.mark.parametrize("to", ["postgres", "files"])
def test_ctrl_c_leaves_the_record_where_it_was(office: "Room", to: RecordKind) -> None:
    begin_at(office, OTHER[to])

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(office, to, on_progress=stop)
    assert (named(office), open_ones(office)) == (OTHER[to], [OTHER[to]])
    office.start("penugasan", "sementara itu")
    before = facts(office, OTHER[to])
    move(office, to)
    assert facts(office, to) == before


@pytest.mark.parametrize("to", ["postgres", "files"])
def test_a_lost_connection_leaves_the_record_where_it_was(office: "Room", database: Database, to: RecordKind) -> None:
    begin_at(office, OTHER[to])
    before = facts(office, OTHER[to])

    def cut(_done: int, _total: int) -> None:
        database.change(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid()"
        )

    if to == "files":  # the lock is lost with the connection
        with pytest.raises(BusyError):
            move(office, to, on_progress=cut)
        assert (named(office), open_ones(office)) == ("postgres", ["postgres"])
    move(office, to)
    assert facts(office, to) == before


@pytest.mark.parametrize("to", ["postgres", "files"])
def test_wherever_a_move_is_killed_the_record_is_whole_and_in_one_place(office: "Room", to: RecordKind) -> None:
    begin_at(office, OTHER[to])
    before = facts(office, OTHER[to])
    total = count_calls(office, to)
    move(office, OTHER[to])
    if to == "files":
        shutil.rmtree(office.root / "data")
    ended = []
    for share in (0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.93, 0.96, 0.98, 0.99):
        ended.append(run(office, to, share, total).returncode)
        check_one_place(office, before)
    assert ended[0] == -SIGKILL
    assert {*ended} <= {-SIGKILL, 0, UsageError.exit_code}  # or nothing is left
    run(office, to, 0, 0)
    assert (named(office), open_ones(office)) == (to, [to])
    assert facts(office, to) == before


def check_one_place(room: "Room", before: tuple[object, ...]) -> None:
    """Where `sopctl.yaml` says that the record lies it is whole, or nothing can be recorded there."""
    kind = named(room)
    if both(room)[kind].is_closed:
        with pytest.raises(MovedError):
            room.session().store.begin().__enter__()
        return
    assert facts(room, kind) == before
    other = both(room)[OTHER[kind]]
    assert other.is_closed or other.is_empty


def run(room: "Room", to: RecordKind, share: float, total: int) -> subprocess.CompletedProcess[str]:
    words = ["record", "move", "--to", to, "--service", ONE, "--json"]
    command = [sys.executable, "-c", KILLED, str(share), str(total), *words]
    return subprocess.run(command, cwd=room.root, capture_output=True, text=True, check=False)


def count_calls(room: "Room", to: RecordKind) -> int:
    done = run(room, to, 0, 0)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["to"] == to
    return int(done.stderr.split()[-1])
