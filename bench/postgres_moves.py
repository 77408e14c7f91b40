"""Moves a second with the record in PostgreSQL, against the same office with its record in files.

    python -m bench.postgres_moves [--seconds 5] [--rounds 4] [--clients 1]…

Clients are processes that work without a pause; each opens its desk anew for every move, as a command does, and keeps
its connection, as the page does. The two offices take turns (A B A B). The server is one of its own on this computer,
with the settings that PostgreSQL comes with: it waits for the disk at every move, as the files do.

A client walks one case after the other through the SOP of `bench.race`. Nine moves are a case: it is opened, 3 notes,
3 approvals, 1 rejection, and a signature, which writes a letter with a number. Told besides are the round trips of
each, as a proxy counts them.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain, islice
from math import nan
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.office import made
from bench.postgres_office import found_office, run_database
from bench.race import session
from bench.ratio import Result, table
from sopctl.desk import moves
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.desk.session import Session
from sopctl.desk.start import StartInput, start
from sopctl.engine.refused import Refused
from sopctl.errors import BusyError
from tests.cutting_proxy import run_proxy
from tests.postgres_cluster import MEMBERS, PORT, Database

SECONDS, ROUNDS = 5.0, 4
AT_LEAST = {1: 0.9, 8: 1.1, 32: 1.2}
"""Moves a second of so many clients, over those in files."""

SLOWEST_OF, SLOWEST_AT_MOST = 8, 0.3
"""The clients whose slowest hundredth of moves is compared."""

COUNTED = "terhitung"
"""The service by which round trips are counted."""

_NEXT = (
    ("note", moves.note),
    ("approve", moves.approve),
    ("reject", moves.reject),
    ("note", moves.note),
    ("approve", moves.approve),
    ("approve", moves.approve),
    ("note", moves.note),
    ("sign", moves.approve),
)
"""The moves of a case after it was opened."""

CASE = 1 + len(_NEXT)
"""Moves of a case."""

Latencies = list[float]


def walk(open_desk: Callable[[], Session]) -> Iterator[str]:
    """Walk one case after the other: each kind of move is told when it has been made."""
    while True:
        id = _insist(lambda: start(open_desk(), "putar", StartInput(subject="Lembar"), MoveInput())).id
        yield "start"
        for kind, move in _NEXT:
            _insist(lambda id=id, move=move: move(open_desk(), id, MoveInput(note="dilihat")))  # type: ignore[misc]
            yield kind


def _insist(act: Callable[[], Outcome | Refused]) -> Outcome:
    """Make the move; again where other clients wrote for longer than a command waits."""
    while True:
        try:
            return made(act())
        except BusyError:
            pass


def work(orders: Connection, offices: list[Path]) -> None:
    """A client: at each order works in one of the offices from one moment to another, and tells how long moves took.

    Before the first order it walks a case in each of them: so neither pays for what a process loads and makes once.
    """
    walks = [walk(partial(session, root, f"akun-{os.getpid()}")) for root in offices]
    orders.send([kind for one in walks for kind in islice(one, CASE)])
    while order := orders.recv():
        office, begin, end = order
        time.sleep(max(0.0, begin - time.monotonic()))
        taken: Latencies = []
        while (began := time.monotonic()) < end:
            next(walks[office])
            taken.append(time.monotonic() - began)
        orders.send(taken)


def take_turns(offices: list[Path], clients: int, seconds: float, rounds: int) -> list[tuple[Latencies, ...]]:
    """How long the moves in each office took, by rounds."""
    spawn = get_context("spawn")
    pipes = [spawn.Pipe() for _ in range(clients)]
    at_work = [spawn.Process(target=work, args=(theirs, offices), daemon=True) for _, theirs in pipes]
    for process in at_work:
        process.start()
    orders = [ours for ours, _ in pipes]
    for one in orders:
        one.recv()
    found = [tuple(_run_round(orders, number, seconds) for number in range(len(offices))) for _ in range(rounds)]
    for one in orders:
        one.send(None)
    for process in at_work:
        process.join()
    return found


def _run_round(clients: list[Connection], office: int, seconds: float) -> Latencies:
    begin = time.monotonic() + 0.1
    for one in clients:
        one.send((office, begin, begin + seconds))
    return [latency for one in clients for latency in one.recv()]


def measured(
    seconds: float = SECONDS, rounds: int = ROUNDS, clients: tuple[int, ...] = tuple(AT_LEAST)
) -> list[Result]:
    """A result for each claim; the spread and the round trips are printed."""
    with TemporaryDirectory() as name, run_database(Path(name)) as database:
        print_round_trips(database, Path(name) / "dihitung")
        offices = [found_office(Path(name) / "basisdata", MEMBERS[0]), found_office(Path(name) / "berkas")]
        return [result for number in clients for result in _compare(offices, number, seconds, rounds)]


def _compare(offices: list[Path], clients: int, seconds: float, rounds: int) -> Iterator[Result]:
    found = take_turns(offices, clients, seconds, rounds)
    ratios = sorted(len(one) / max(1, len(other)) for one, other in found)
    ours, theirs = ([*chain.from_iterable(column)] for column in zip(*found, strict=True))
    middle = "; ".join(f"p50 {_rank(one, 50) * 1000:.0f} p99 {_rank(one) * 1000:.0f} ms" for one in (ours, theirs))
    print(f"{clients} clients, ratio {ratios[0]:.2f} to {ratios[-1]:.2f} a round; {middle}", flush=True)
    total, peer = rounds * seconds, f"in files, {clients} clients"
    each = [total / max(1, len(one)) for one in (ours, theirs)]
    yield Result(what="a move in a database", peer=peer, ours=each[0], theirs=each[1], at_least=AT_LEAST.get(clients))
    if clients == SLOWEST_OF:
        slowest, at_most = [_rank(one) for one in (ours, theirs)], SLOWEST_AT_MOST
        what = "the slowest hundredth of moves"
        yield Result(what=what, peer=peer, ours=slowest[0], theirs=slowest[1], at_most=at_most)


def _rank(latencies: Latencies, percent: int = 99) -> float:
    """The time that so many of a hundred moves took at most; not a number where there are none."""
    return sorted(latencies)[len(latencies) * percent // 100] if latencies else nan


def print_round_trips(database: Database, root: Path) -> None:
    """Tell the round trips of a case's moves, once a connection is made and another case was walked."""
    with run_proxy(database.cluster.folder / f".s.PGSQL.{PORT}") as proxy:
        database.add_service(COUNTED, MEMBERS[1], host="127.0.0.1", port=proxy.port)
        walked = walk(partial(session, found_office(root, COUNTED), "petugas"))
        next(walked)
        print(
            f"round trips: {proxy.round_trips} with the first move of a process, and {proxy.setups} to connect;", end=""
        )
        for _ in _NEXT:
            next(walked)
        before, counted = proxy.round_trips, dict[str, int]()
        for kind in islice(walked, CASE):
            counted[kind] = max(counted.get(kind, 0), proxy.round_trips - before)
            before = proxy.round_trips
        print(" then", ", ".join(f"{kind} {number}" for kind, number in counted.items()))


def main() -> int:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--clients", type=int, action="append")
    given = parser.parse_args()
    results = measured(given.seconds, given.rounds, tuple(given.clients or AT_LEAST))
    print(table(results))
    return 0 if all(result.met for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
