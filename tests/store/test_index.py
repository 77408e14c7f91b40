"""The index is only a cache: with it, without it, with a damaged one, among writers, the answer is the same."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec
import pytest

from sopctl.desk.inbox import inbox
from sopctl.desk.report import report
from sopctl.desk.session import Session
from sopctl.engine.instance import Instance
from sopctl.measure.query import Query
from sopctl.store import case_figures, disk
from sopctl.store.caches.account_cache import Cache, account_folder
from sopctl.store.files import case_files, case_index, cases

Room = Any  # the class stands in a conftest
ROOT = Path(__file__).parents[2]
FIGURES = 4
"""The place of the turns in a head."""


@pytest.fixture
def office(room: Room) -> Room:
    """Three cases: one on its way, one sent back, one ended."""
    for _ in range(3):
        room.start("penugasan")
    room.approve("penugasan-1")
    for _ in range(3):
        room.approve("penugasan-2", _move_input("tugas=satu"))
    return room


def _move_input(*sets: str) -> Any:  # noqa: ANN401 — as the desk takes it
    from sopctl.desk.move_input import MoveInput  # noqa: PLC0415 — what the fixture needs

    return MoveInput(sets=sets)


def answer(session: Session) -> bytes:
    """Everything that is read from the index, as one value."""
    found = report(session, Query())
    return msgspec.json.encode((found.figures, found.damaged, inbox(session).rows))


def without_index(room: Room) -> bytes:
    """The same from the record alone."""
    shutil.rmtree(room.root / "data" / "cache", ignore_errors=True)
    return answer(room.session(looking=True))


def path_of(room: Room, part: str = "head", folder: str = "penugasan-0000") -> Path:
    return Path(room.root / "data" / "cache" / account_folder() / f"index-{folder}.{part}")


def aged(room: Room, seconds: int = 60) -> None:
    """Make the record older than the file system's tick, so that folder times tell of every later change."""
    for path in sorted((room.root / "data" / "instances").rglob("*"), reverse=True):
        stat = path.stat()
        os.utime(path, ns=(stat.st_atime_ns - seconds * 10**9, stat.st_mtime_ns - seconds * 10**9))


def test_the_first_look_builds_it_and_the_second_reads_no_case(office: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    aged(office)
    first = answer(office.session(looking=True))
    assert path_of(office).is_file()
    monkeypatch.setattr(cases, "load", lambda _, id: pytest.fail(f"read {id}"))
    assert answer(office.session(looking=True)) == first
    monkeypatch.setattr(case_index, "FEW_FOLDERS", 0)
    monkeypatch.setattr(case_files, "stat_cases", lambda _, folder: pytest.fail(f"looked into {folder}"))
    assert answer(office.session(looking=True)) == first


def test_a_process_reads_no_file_of_the_index_twice_and_sees_each_change(
    office: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_index, "FEW_FOLDERS", 0)
    aged(office)
    inbox(office.session(looking=True))
    first = inbox(office.session(looking=True)).rows
    with monkeypatch.context() as patched:
        patched.setattr(Cache, "read", _refuse_index(Cache.read))
        assert inbox(office.session(looking=True)).rows == first
    for change in (partial(office.approve, "penugasan-3"), partial(office.cancel, "penugasan-1")):
        change()
        seen = answer(office.session(looking=True))
        with monkeypatch.context() as patched:
            patched.setattr(case_index, "_kept", {})
            assert seen == without_index(office)
        aged(office)
        inbox(office.session(looking=True))


def _refuse_index(read: Callable[[Cache, str], bytes | None]) -> Callable[[Cache, str], bytes | None]:
    def refuse(cache: Cache, name: str) -> bytes | None:
        return pytest.fail(f"read {name}") if name.startswith("index-") else read(cache, name)

    return refuse


def test_threads_that_look_first_at_the_same_time_read_each_case_once(
    office: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    aged(office)
    read: list[str] = []
    load = cases.load

    def load_slowly(folder: Path, id: str) -> Instance:
        read.append(id)
        time.sleep(0.05)
        return load(folder, id)

    monkeypatch.setattr(cases, "load", load_slowly)
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(answer, office.session(looking=True)) for _ in range(4)]
        assert len({one.result() for one in answers}) == 1
    assert sorted(read) == ["penugasan-1", "penugasan-2", "penugasan-3"]


def test_threads_that_look_at_the_same_time_read_what_changed_once(
    office: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    aged(office)
    before = answer(office.session(looking=True))
    office.approve("penugasan-3")
    read: list[str] = []
    load, ready = cases.load, threading.Barrier(4)

    def load_slowly(folder: Path, id: str) -> Instance:
        read.append(id)
        time.sleep(0.2)
        return load(folder, id)

    def look() -> bytes:
        ready.wait(30)
        return answer(office.session(looking=True))

    monkeypatch.setattr(cases, "load", load_slowly)
    with ThreadPoolExecutor(4) as pool:
        answers = {one.result() for one in [pool.submit(look) for _ in range(4)]}
    assert read == ["penugasan-3"]
    assert len(answers) == 1
    assert before not in answers


@pytest.mark.parametrize("old", [False, True], ids=["in-the-same-tick", "after-a-while"])
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda room: room.approve("penugasan-3"), id="a-move"),
        pytest.param(lambda room: room.start("penugasan"), id="a-new-case"),
        pytest.param(lambda room: room.start("sk-tim"), id="a-new-folder"),
        pytest.param(lambda room: room.cancel("penugasan-1"), id="an-end"),
        pytest.param(lambda room: room.withdraw("penugasan-1"), id="a-move-taken-back"),
        pytest.param(lambda room: next(room.root.rglob("penugasan-2.json")).unlink(), id="a-file-gone"),
        pytest.param(lambda room: shutil.rmtree(room.root / "data" / "instances" / "penugasan"), id="a-folder-gone"),
        pytest.param(lambda room: next(room.root.rglob("penugasan-1.json")).write_text("{"), id="a-file-damaged"),
    ],
)
def test_a_change_is_seen_at_once(office: Room, change: Callable[[Room], object], old: bool) -> None:  # noqa: FBT001 — a table
    if old:
        aged(office)
    answer(office.session(looking=True))
    change(office)
    seen = answer(office.session(looking=True))
    assert seen == without_index(office)


def test_what_was_damaged_and_mended_is_read_again(office: Room) -> None:
    path = next(office.root.rglob("penugasan-1.json"))
    whole = path.read_bytes()
    path.write_bytes(whole[:-40])
    assert "penugasan-1.json" in inbox(office.session(looking=True)).damaged[0]
    path.write_bytes(whole)
    assert inbox(office.session(looking=True)).damaged == ()


def _versions(room: Room) -> list[Path]:
    return sorted((room.root / "data" / "sops").iterdir())


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda path: path.unlink(), id="gone"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:-9]), id="cut-short"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes().replace(b"Bidang", b"bidang")), id="edited"),
    ],
)
def test_a_version_that_is_lost_is_told_until_it_is_back(office: Room, harm: Callable[[Path], object]) -> None:
    aged(office)
    whole = answer(office.session(looking=True))
    (version,) = _versions(office)
    text = version.read_bytes()
    harm(version)
    for _ in range(2):  # as the record is read, and as the index has it after that
        assert len(inbox(office.session(looking=True)).damaged) == 3
    version.write_bytes(text)
    assert answer(office.session(looking=True)) == whole
    assert answer(office.session(looking=True)) == whole


def _garbage(path: Path) -> None:
    path.write_bytes(b"bukan basis data" * 100)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _flipped(path: Path) -> None:
    """Change one byte of what it says."""
    data = path.read_bytes()
    path.write_bytes(data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("part", ["head", "figures"])
@pytest.mark.parametrize("harm", [Path.unlink, _garbage, _cut, _flipped, _emptied, _a_folder])
def test_a_damaged_index_is_no_index(office: Room, harm: Callable[[Path], None], part: str) -> None:
    aged(office)
    whole = answer(office.session(looking=True))
    harm(path_of(office, part))
    assert answer(office.session(looking=True)) == whole
    assert answer(office.session(looking=True)) == whole


def test_figures_of_another_head_are_none(office: Room) -> None:
    """As where of two that looked at once each got one of its files in."""
    aged(office)
    answer(office.session(looking=True))
    old = path_of(office, "figures").read_bytes()
    office.approve("penugasan-3")
    now = answer(office.session(looking=True))
    path_of(office, "figures").write_bytes(old)
    assert answer(office.session(looking=True)) == now
    office.cancel("penugasan-3")
    path_of(office, "figures").write_bytes(old)
    assert answer(office.session(looking=True)) == without_index(office)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are kept elsewhere there")
def test_an_index_that_others_may_write_is_no_index(office: Room) -> None:
    aged(office)
    whole = answer(office.session(looking=True))
    office.approve("penugasan-3")
    true = answer(office.session(looking=True))
    assert true != whole
    shutil.rmtree(office.root / "data" / "cache")
    answer(office.session(looking=True))
    head = list(msgspec.msgpack.decode(path_of(office).read_bytes()[:-4]))
    head[FIGURES][0] = b"\x90"  # no turns
    packed = msgspec.msgpack.encode(head)
    path_of(office).write_bytes(packed + crc32(packed).to_bytes(4, "little"))
    assert answer(office.session(looking=True)) != true, "the account's own index is believed"
    path_of(office).chmod(0o666)
    assert answer(office.session(looking=True)) == true


def test_an_index_is_written_anew_where_the_calendar_changed(office: Room) -> None:
    aged(office)
    before = path_of(office)
    answer(office.session(looking=True))
    stamp = before.stat().st_mtime_ns
    settings = (office.root / "sopctl.yaml").read_text(encoding="utf-8")
    (office.root / "sopctl.yaml").write_text(settings.replace('"13:00-16:00"', '"13:00-15:00"', 1), encoding="utf-8")
    changed = answer(office.session(looking=True))
    assert before.stat().st_mtime_ns > stamp
    assert changed == without_index(office)


def test_a_disk_that_takes_nothing_is_read_all_the_same(office: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = without_index(office)
    shutil.rmtree(office.root / "data" / "cache")
    monkeypatch.setattr(disk, "rename_over", _refuse)
    monkeypatch.setattr(Path, "touch", _refuse)
    assert answer(office.session(looking=True)) == whole
    assert not path_of(office).exists()


def _refuse(*_: object, **__: object) -> None:
    raise OSError(30, "Read-only file system")


def test_a_change_replaces_the_files_of_its_own_folder(office: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    office.start("sk-tim")
    aged(office)
    answer(office.session(looking=True))
    before = {folder: path_of(office, "figures", folder).read_bytes() for folder in ("penugasan-0000", "sk-tim-0000")}
    office.approve("penugasan-3")
    read: list[str] = []
    load = cases.load
    monkeypatch.setattr(cases, "load", lambda folder, id: load(folder, _noted(id, read)))
    seen = answer(office.session(looking=True))
    assert read == ["penugasan-3"]
    assert path_of(office, "figures").read_bytes() != before["penugasan-0000"]
    assert path_of(office, "figures", "sk-tim-0000").read_bytes() == before["sk-tim-0000"]
    assert answer(office.session(looking=True)) == seen == without_index(office)


def _noted(id: str, read: list[str]) -> str:
    read.append(id)
    return id


def test_several_processes_read_what_one_reads(office: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = without_index(office)
    shutil.rmtree(office.root / "data" / "cache")
    monkeypatch.setattr(case_figures, "PARALLEL", 1)
    told: list[tuple[int, int]] = []
    report(office.session(looking=True), Query(), on_progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (3, 3)
    assert answer(office.session(looking=True)) == alone


def test_one_sop_is_answered_from_its_own_folders(office: Room) -> None:
    office.start("sk-tim")
    only = report(office.session(looking=True), Query(sop="penugasan")).figures
    assert {case.sop for case in only.cases} == {"penugasan"}
    assert answer(office.session(looking=True)) == without_index(office)


def test_readers_among_writers_see_a_whole_record(office: Room) -> None:
    """Readers in threads and a writer in a process: every answer is one of a whole record, and the last is the last."""
    script = (
        "import sys; from pathlib import Path; from datetime import UTC, datetime\n"
        "from sopctl.desk import start; from sopctl.desk.move_input import MoveInput\n"
        "from sopctl.desk.session import Session\n"
        "from sopctl.store.workspace import Workspace\n"
        "for _ in range(15):\n"
        "    desk = Session(Workspace(Path(sys.argv[1])), now=lambda: datetime.now(UTC), account='akun')\n"
        "    start.start(desk, 'penugasan', start.StartInput(), MoveInput())\n"
    )
    seen: list[int] = []
    writer = subprocess.Popen([sys.executable, "-c", script, str(office.root)], cwd=ROOT)

    def read() -> None:
        while writer.poll() is None:
            seen.append(len(inbox(office.session(looking=True)).rows))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    assert writer.wait(60) == 0
    for reader in readers:
        reader.join()
    assert set(seen) <= set(range(2, 18))
    assert len(inbox(office.session(looking=True)).rows) == 17
    assert answer(office.session(looking=True)) == without_index(office)
    assert not list((office.root / "data" / "cache").rglob(".*.tmp"))
