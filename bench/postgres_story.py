"""Twelve processes on two offices in one database, whose server is killed every few seconds.

    python -m bench.postgres_story [--seconds 300] [--bouncer]

Six processes work in each office, as the database role of that office: they move the same and different cases, and some
moves sign letters, which take numbers. Every few seconds the server is stopped as if it were killed (`pg_ctl stop -m
immediate`) and started again; with ``--bouncer`` they reach it through pgbouncer in transaction mode. Each move says in
its note which one it is. Afterwards what was told to have been recorded is in the record once, what was told not to
have been is not, no number is missing or doubled, and `verify` holds; and all of it again after `record move` has
brought the record into files, with the same head of its ledger. The exit code is 1 where anything else was seen.
"""

import argparse
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.postgres_office import found_office, run_database
from bench.race import session
from sopctl.audit.verify import verify
from sopctl.desk import moves
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.desk.record_store import move_record
from sopctl.desk.session import Session
from sopctl.desk.start import StartInput, start
from sopctl.engine.refused import Refused
from sopctl.errors import SopctlError
from tests.postgres_cluster import MEMBERS, PORT, Database, PostgresCluster

CLERKS = 6
"""Processes in each office."""

SHARED = 3
"""Cases that all clerks of an office move; every clerk opens others for itself."""

OFTEN, ABOUT = 0.85, 0.5
"""How often a diamond turns the work down; how often a case of the clerk's own is chosen."""

LIVES = 2.0, 5.0
"""Seconds that the server lives, at least and at most."""


def work(root: Path, name: str, until: float) -> None:
    """A clerk: moves cases until that moment, and writes down what was told of each move."""
    chance = random.Random(name)  # noqa: S311 — a race, no secret
    own: list[str] = []
    with (root / f"{name}.told").open("w", encoding="utf-8", buffering=1) as told:
        for number in count():
            if time.monotonic() > until:
                return
            mark = f"{name}-{number}"
            id = chance.choice(own) if own and chance.random() < ABOUT else f"putar-{chance.randint(1, SHARED)}"
            answer = _act(session(root, name), "" if not own else id, mark, chance)
            if isinstance(answer, Outcome) and not own:
                own.append(answer.id)
            if isinstance(answer, Refused) and answer.reason == "completed":
                own = [one for one in own if one != id]
            told.write(f"{mark} {_describe(answer)}\n")


def _act(here: Session, id: str, mark: str, chance: random.Random) -> Outcome | Refused | SopctlError:
    """Make the move that is due, or open a case where no id is given."""
    try:
        if not id:
            return start(here, "putar", StartInput(subject=mark), MoveInput())
        case = here.record.load_case(id)
        typed = MoveInput(note=mark, seen=case.instance.revision)
        if case.state.step == "periksa" and chance.random() < OFTEN:
            return moves.reject(here, id, typed)
        return moves.approve(here, id, typed)
    except SopctlError as error:
        return error


def _describe(answer: Outcome | Refused | SopctlError) -> str:
    match answer:
        case Outcome():
            return "recorded"
        case Refused():
            return "refused"
        case SopctlError(code="unfinished"):
            return "unknown"
        case error:
            return f"failed {error.code}"


def kill_server(cluster: PostgresCluster, clerks: list[SpawnProcess]) -> int:
    """Kill the server and start it again until no clerk is at work any more; how often."""
    chance = random.Random(1)  # noqa: S311 — as above
    for kills in count():
        time.sleep(chance.uniform(*LIVES))
        if not any(one.is_alive() for one in clerks):
            return kills
        cluster.stop("immediate")
        cluster.start()
    raise AssertionError


def find_wrong(root: Path) -> Iterator[str]:
    """What is wrong with the record of an office, compared with what its clerks were told."""
    here = session(root, "sesudah")
    told = dict(line.split(maxsplit=1) for path in root.glob("*.told") for line in path.read_text().splitlines())
    made = Counter[str]()
    for id in here.store.list_ids():
        instance = here.store.load_instance(id)
        made.update(getattr(event, "subject", "") or event.note for event in instance.events)
    for mark, what in told.items():
        expected = {"recorded": {1}, "unknown": {0, 1}}.get(what, {0})
        if (times := made.pop(mark, 0)) not in expected:
            yield f"{mark} was told to be {what}, and is in the record {times} times"
    strange = set(made) - {"bersama"}
    if strange:
        yield f"nobody was told of {sorted(strange)}"
    urut = sorted(entry.urut for entry in here.record.whole_store.read_register())
    if urut != list(range(1, len(urut) + 1)):
        yield f"numbers: {urut}"
    yield from (finding.message for finding in verify(here.record, None).findings)


def describe(root: Path) -> str:
    """The counts of an office."""
    here = session(root, "sesudah")
    told = Counter(line.partition(" ")[2] for path in root.glob("*.told") for line in path.read_text().splitlines())
    numbers = sum(1 for _ in here.record.whole_store.read_register())
    cases, lines = sum(1 for _ in here.store.list_ids()), here.record.whole_store.open_ledger().count_lines()
    said = ", ".join(f"{what} {number}" for what, number in sorted(told.items()))
    return f"{root.name}: {cases} cases, {numbers} numbers, {lines} lines; {said}"


def run(folder: Path, database: Database, seconds: float, port: int) -> list[str]:
    """Let them work, kill, and compare; what is wrong."""
    roots = []
    for role in MEMBERS:
        service = f"{role}_dicoba"
        database.add_service(service, role, port=port)
        roots.append(found_office(folder / role, service))
        for _ in range(SHARED):
            start(session(roots[-1], "awal"), "putar", StartInput(subject="bersama"), MoveInput())
    spawn, until = get_context("spawn"), time.monotonic() + seconds
    clerks = [
        spawn.Process(target=work, args=(root, f"akun-{root.name[-3:]}{number}", until), daemon=True)
        for root in roots
        for number in range(CLERKS)
    ]
    for one in clerks:
        one.start()
    kills = kill_server(database.cluster, clerks)
    wrong = [f"a clerk ended with {one.exitcode}" for one in clerks if one.exitcode]
    for root in roots:
        print(describe(root))
        wrong += find_wrong(root)
        wrong += _move_to_files(root)
    print(f"{kills} times killed in {seconds:.0f} s, {len(clerks)} processes: {len(wrong)} wrong")
    return wrong


def _move_to_files(root: Path) -> Iterator[str]:
    before = session(root, "sesudah").record.whole_store.open_ledger().last_line()
    move_record(session(root, "sesudah"), "files", "", None)
    if session(root, "sesudah").record.whole_store.open_ledger().last_line() != before:
        yield "the head of the ledger is another one in files"
    yield from find_wrong(root)


def main() -> int:
    """Run and tell."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--bouncer", action="store_true", help="through pgbouncer")
    given = parser.parse_args()
    with TemporaryDirectory() as name, run_database(Path(name)) as database, ExitStack() as stack:
        port = PORT
        if given.bouncer:
            program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin")
            if program is None:
                raise SystemExit("pgbouncer is not installed here.")
            port = stack.enter_context(database.cluster.run_bouncer(program))
        wrong = run(Path(name), database, given.seconds, port)
        print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
