"""One process whose threads serve several people, while others use the command line: nothing is lost or doubled."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from signal import SIGKILL
from typing import TYPE_CHECKING

from sopctl.audit import verify
from sopctl.desk import moves, start
from sopctl.desk.inbox import inbox
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.desk.report import report
from sopctl.desk.session import Session
from sopctl.measure.query import Query
from sopctl.store.workspace import Workspace

if TYPE_CHECKING:
    from tests.conftest import Room

FORM = """
id: surat
nama: Surat
pelaksana: {tim: Tim Kerja, kadis: Kepala Dinas}
documents:
  lembar: {template: lembar-hasil.docx, kode: 000.1}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim, waktu: 1 jam}
  - {id: tandatangan, kegiatan: Menandatangani, pelaksana: kadis, document: {name: lembar, act: sign}}
"""
THREADS = 8
EACH = 4
PROGRAM = str(Path(sys.executable).with_name("sopctl"))


def serve(root: Path, shared: tuple[str, ...], rounds: int) -> None:
    """Serve several people at once, as the page does: each request opens a session of its own.

    Every case that was opened, and each move of which somebody was told, is a line of the file `told`.
    """
    sys.setswitchinterval(1e-4)
    workspace = Workspace(root)
    with (root / "told").open("a", encoding="utf-8", buffering=1) as told:

        def here(person: int, *, looking: bool = False) -> Session:
            found = Session(workspace, now=lambda: datetime.now(UTC), account=f"orang-{person}", looking=looking)
            if looking:
                found.record.whole_store.recover()
            return found

        def work(person: int) -> None:
            for id in shared:
                answer = moves.approve(here(person), id, MoveInput(seen=1))
                told.write(f"{id} {'bersama' if isinstance(answer, Outcome) else answer.reason}\n")
            for _ in range(rounds):
                opened = start.start(here(person), "surat", start.StartInput(subject=f"{person}"), MoveInput())
                assert isinstance(opened, Outcome)
                told.write(f"{opened.id} opened\n")
                for move in ("susun", "tandatangan"):
                    assert not inbox(here(person, looking=True)).damaged
                    assert isinstance(moves.approve(here(person), opened.id, MoveInput()), Outcome)
                    told.write(f"{opened.id} {move}\n")
                report(here(person, looking=True), Query())

        with ThreadPoolExecutor(THREADS) as pool:
            for one in [pool.submit(work, person) for person in range(THREADS)]:
                one.result()


def read_told(root: Path) -> Iterator[tuple[str, str]]:
    for line in (root / "told").read_text(encoding="utf-8").splitlines():
        id, _, what = line.partition(" ")
        yield id, what


def check_record(room: "Room") -> Counter[str]:
    """Make sure that the record is intact and its numbers are without gap; how many events each case has."""
    room.now = datetime.now(UTC)
    record = room.session().record
    record.whole_store.recover()
    assert verify.verify(record, None).findings == ()
    numbers = [entry.urut for entry in record.whole_store.read_register()]
    assert numbers == [*range(1, len(numbers) + 1)]
    found = Counter({id: record.load_case(id).instance.revision for id in record.store.list_ids("surat")})
    assert len(numbers) == sum(events == 3 for events in found.values())
    return found


def test_what_threads_and_commands_do_at_once_is_recorded_once_and_in_order(room: "Room") -> None:
    room.write(FORM)
    room.now = datetime.now(UTC) - timedelta(hours=1)
    shared = tuple(room.start("surat").id for _ in range(3))
    page = get_context("spawn").Process(target=serve, args=(room.root, shared, EACH))
    page.start()
    typed: list[str] = []
    while page.is_alive() or len(typed) < 2:
        done = subprocess.run(
            [PROGRAM, "start", "surat", "--json"], cwd=room.root, check=True, capture_output=True, text=True
        )
        typed.append(done.stdout.partition('"id":')[2].partition('"')[2].partition('"')[0])
    page.join()
    assert page.exitcode == 0
    told, events = Counter(read_told(room.root)), check_record(room)
    assert {id: told[id, "bersama"] for id in shared} == dict.fromkeys(shared, 1)
    assert {id: told[id, "overtaken"] for id in shared} == dict.fromkeys(shared, THREADS - 1)
    opened = [id for id, what in told if what == "opened"]
    assert len(opened) == THREADS * EACH
    assert set(told.values()) == {1, THREADS - 1}
    assert events == dict.fromkeys(shared, 2) | dict.fromkeys(typed, 1) | dict.fromkeys(opened, 3)


def test_a_process_killed_with_many_threads_at_work_leaves_what_commands_leave(room: "Room") -> None:
    room.write(FORM)
    for kills, told in enumerate((10, 35, 60), 1):
        page = get_context("spawn").Process(target=serve, args=(room.root, (), 1000))
        page.start()
        while page.is_alive() and len(_lines(room.root)) < told:
            time.sleep(0.01)
        os.kill(page.pid or 0, SIGKILL)
        page.join()
        known, events = Counter(id for id, _ in read_told(room.root)), check_record(room)
        assert all(times <= events[id] for id, times in known.items())
        assert events.total() <= known.total() + THREADS * kills


def _lines(root: Path) -> list[str]:
    with suppress(FileNotFoundError):
        return (root / "told").read_text(encoding="utf-8").splitlines()
    return []
