"""Many clerks at once: eight processes move the same and different cases for thousands of moves.

    python -m bench.race [--clerks 8] [--moves 4000]

Each clerk picks a case, looks where it stands and makes the move that is due; some moves sign letters, which take
numbers. Now and then a clerk is killed in the middle, and another one takes its place. Two readers look on all the
while, and somebody makes one backup after the other and restores each: its record must be intact, and one that the
record of the end begins with. Afterwards every move that a clerk was told of is in the record once, no number is
missing or doubled, `verify` holds and no lock is left. The exit code is 1 where anything else was seen.
"""

import argparse
import os
import random
import shutil
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from itertools import count
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from pathlib import Path
from signal import SIGKILL
from tempfile import TemporaryDirectory

from sopctl.audit.anchor import check_anchors, read_anchors
from sopctl.audit.backup import write_backup
from sopctl.audit.doctor import run_doctor
from sopctl.audit.restore import restore_backup
from sopctl.audit.verify import verify
from sopctl.desk import moves
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.desk.session import Session
from sopctl.desk.setup import init
from sopctl.desk.start import StartInput, start
from sopctl.engine.refused import Refused
from sopctl.errors import BusyError, SopctlError
from sopctl.store.workspace import Workspace

ROUND = """id: putar
nama: Putar
pelaksana: {tim: Tim Kerja, kadis: Kepala Dinas}
documents:
  lembar: {template: lembar-hasil.docx, kode: 000.1}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: tim}
  - {id: periksa, kegiatan: Memeriksa, pelaksana: tim, branches: {terus: tandatangan, ulang: susun}}
  - {id: tandatangan, kegiatan: Menandatangani, pelaksana: kadis, output: Lembar, document: {name: lembar, act: sign}}
"""
SHARED = 3
"""Cases that all clerks move; every clerk opens others for itself."""

OFTEN = 0.85
"""How often a diamond turns the work down: a case makes many moves before its letter is signed."""


def session(root: Path, account: str) -> Session:
    """A desk as a process of its own opens it."""
    return Session(Workspace(root), now=lambda: datetime.now(UTC), account=account)


def clerk(root: Path, account: str, seed: int, wanted: int) -> None:
    """Move cases; every move that was made is written down, one line, in a file of the clerk's own."""
    chance = random.Random(seed)  # noqa: S311 — a race, no secret
    own: list[str] = []
    with (root / f"{account}-{os.getpid()}.told").open("a", encoding="utf-8", buffering=1) as told:
        made = 0
        while made < wanted:
            here = session(root, account)
            if not own:
                opened = start(here, "putar", StartInput(subject=account), MoveInput())
                own = [opened.id] if isinstance(opened, Outcome) else []
                continue
            id = chance.choice(own) if chance.random() < 0.5 else f"putar-{chance.randint(1, SHARED)}"  # noqa: PLR2004 — half
            answer = _move(here, id, chance)
            if isinstance(answer, Outcome):
                made += 1
                told.write(f"{id} {answer.status}\n")
            elif answer is None or answer.reason == "completed":
                own = [one for one in own if one != id]


def _move(here: Session, id: str, chance: random.Random) -> Outcome | Refused | None:
    """The move that is due; None where the store was busy for longer than a command waits."""
    try:
        case = here.record.load_case(id)
        seen = case.instance.revision
        if case.state.step == "periksa" and (id.endswith(("-1", "-2", "-3")) or chance.random() < OFTEN):
            return moves.reject(here, id, MoveInput(note="ulang", seen=seen))
        return moves.approve(here, id, MoveInput(seen=seen))
    except BusyError:
        return None


def reader(root: Path, stop: Event) -> None:
    """Read every case over and over: each must be whole at every moment."""
    looks, longest = 0, 0.0
    while not stop.is_set():
        here = session(root, "pembaca")
        for id in list(here.store.list_ids()):
            began = time.perf_counter()
            try:
                here.record.load_case(id)
            except SopctlError as error:
                (root / f"torn-{os.getpid()}").write_text(f"{id}: {error.message}", encoding="utf-8")
                return
            longest = max(longest, time.perf_counter() - began)
            looks += 1
    (root / f"looks-{os.getpid()}").write_text(f"{looks} {longest:.3f}", encoding="utf-8")


def keeper(root: Path, stop: Event) -> None:
    """Back up and restore over and over; what the anchors were is written down, and what was wrong."""
    place = root.parent / "cadangan"
    place.mkdir()
    with (root / "anchors").open("a", encoding="utf-8", buffering=1) as anchors:
        for number in count():
            if stop.is_set():
                return
            file, folder = place / f"{number}.zip", place / str(number)
            try:
                made = write_backup(session(root, "penjaga").record, file)
                found = restore_backup(file, folder, lambda: datetime.now(UTC), "penjaga", damaged=True)
            except BusyError:  # longer than a command waits
                continue
            anchors.write(f"{made.anchor}\n")
            if wrong := [*made.findings, *found.findings, *found.notices]:
                (root / f"torn-{number}.zip").write_text(f"backup {number}: {wrong[0].message}", encoding="utf-8")
            file.unlink()
            shutil.rmtree(folder)


def main() -> int:
    """Race and tell."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clerks", type=int, default=8)
    parser.add_argument("--moves", type=int, default=4000)
    parser.add_argument("--kills", type=int, default=20)
    given = parser.parse_args()
    with TemporaryDirectory() as name:
        root = Path(name) / "kantor"
        init(root)
        (root / "sops" / "putar.yaml").write_text(ROUND, encoding="utf-8")
        for _ in range(SHARED):
            start(session(root, "awal"), "putar", StartInput(subject="bersama"), MoveInput())
        killed, seconds = race(root, given.clerks, given.moves, given.kills)
        return told(root, killed, seconds)


def race(root: Path, clerks: int, wanted: int, kills: int) -> tuple[int, float]:
    """Let them run; how many were killed, and the seconds that it took."""
    spawn, chance = get_context("spawn"), random.Random(1)  # noqa: S311 — as above
    stop, began = spawn.Event(), time.perf_counter()
    readers = [spawn.Process(target=one, args=(root, stop), daemon=True) for one in (reader, reader, keeper)]
    each = wanted // clerks
    at_work = [
        spawn.Process(target=clerk, args=(root, f"akun-{number}", number, each), daemon=True)
        for number in range(clerks)
    ]
    for process in (*readers, *at_work):
        process.start()
    killed = 0
    while any(process.is_alive() for process in at_work):
        time.sleep(0.3)
        alive = [number for number, process in enumerate(at_work) if process.is_alive()]
        if killed < kills and alive and time.perf_counter() - began > 3:  # noqa: PLR2004 — all have begun
            number = chance.choice(alive)
            os.kill(at_work[number].pid or 0, SIGKILL)
            at_work[number].join()
            killed += 1
            args = (root, f"akun-{number}", 100 + killed, each // 2)
            at_work[number] = spawn.Process(target=clerk, args=args, daemon=True)
            at_work[number].start()
    stop.set()
    for process in readers:
        process.join()
    return killed, time.perf_counter() - began


def told(root: Path, killed: int, seconds: float) -> int:
    """Compare what the clerks were told with what the record says."""
    here = session(root, "sesudah")
    run_doctor(here.record)
    wrong = [finding.message for finding in verify(here.record, None).findings]
    wrong += [path.read_text(encoding="utf-8") for path in root.glob("torn-*")]
    said = Counter(line.split()[0] for path in root.glob("*.told") for line in path.read_text().splitlines())
    made = {id: sum(event.number > 1 for event in here.store.load_instance(id).events) for id in here.store.list_ids()}
    total = sum(made.values())
    lost = {id: (times, made.get(id, 0)) for id, times in said.items() if times > made.get(id, 0)}
    if lost:
        wrong.append(f"moves that were told and are not there: {lost}")
    if total > sum(said.values()) + killed:
        wrong.append(f"{total} moves are there, {sum(said.values())} were told, {killed} clerks died")
    urut = sorted(entry.urut for entry in here.record.whole_store.read_register())
    if urut != list(range(1, len(urut) + 1)):
        wrong.append(f"numbers: {urut}")
    anchors = (root / "anchors").read_text(encoding="utf-8")
    wrong += [one.message for one in check_anchors(here.record, read_anchors(anchors))]
    looks = [path.read_text().split() for path in root.glob("looks-*")]
    print("\n".join(wrong))
    print(
        f"{total} moves of {len(made)} cases in {seconds:.0f} s, {len(urut)} numbers, {killed} clerks killed, "
        f"{sum(int(look[0]) for look in looks)} looks (longest "
        f"{max((float(look[1]) for look in looks), default=0):.3f} s), {anchors.count(chr(10))} backups: "
        f"{len(wrong)} wrong"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
