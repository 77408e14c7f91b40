"""A case with hundreds of rejections behind it against a young one: a round (reject and approve), and `status`.

A case only grows, so what a command costs must hardly depend on how long its case is already. Both lie in one office.
In one process every move opens its desk anew, as a command does, and each round of the young side has a new case.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.office import MORNING, advance, made, process, program
from bench.ratio import Result, Side, medians, table, timed
from sopctl.desk import moves
from sopctl.desk.move_input import MoveInput
from sopctl.desk.session import Session
from sopctl.desk.setup import init
from sopctl.desk.start import StartInput, start
from sopctl.store.workspace import Workspace

ROUNDS = 25
REJECTIONS = 500
QUICK_REJECTIONS = 20
AT_MOST = {"one process": 1.3, "as processes": 1.3, "status ID --json": 1.6, "status ID": 1.4}
"""How many times as long each may take at the end of what it is called; the JSON prints every visit, a megabyte."""

Open = Callable[[], Session]


def measured(rounds: int = ROUNDS) -> list[Result]:
    """Seconds for a round in one process, for one of two processes, and for a look."""
    rejections = REJECTIONS if rounds >= ROUNDS else QUICK_REJECTIONS
    with TemporaryDirectory() as folder:
        office, clock = Path(folder), (MORNING + timedelta(seconds=second) for second in count())
        init(office)

        def open_desk() -> Session:
            return Session(Workspace(office), now=partial(next, clock), account="petugas")

        old, young = open_case(open_desk()), open_case(open_desk())
        for _ in range(rejections):
            reject_and_approve(open_desk, old)
        reject_and_approve(open_desk, young)

        def first_round() -> float:
            return timed(partial(reject_and_approve, open_desk, open_case(open_desk())))()

        def run(*lines: str) -> tuple[Side, Side]:
            """The same command lines for either case, each a process."""
            first, second = (
                timed(partial(run_all, office, [line.format(id) for line in lines])) for id in (young, old)
            )
            return first, second

        sides: dict[str, tuple[Side, Side]] = {
            "reject and approve in one process": (first_round, timed(partial(reject_and_approve, open_desk, old))),
            "reject and approve as processes": run("reject {} --note Salah --json", "approve {} --json"),
            "sopctl status ID --json": run("status {} --json"),
            "sopctl status ID": run("status {}"),
        }
        seconds = {what: medians(both, rounds) for what, both in sides.items()}
    return [
        Result(
            what=f"{what}, after {rejections} rejections",
            peer="the same, a young case",
            ours=late,
            theirs=early,
            at_most=next(limit for end, limit in AT_MOST.items() if what.endswith(end)),
        )
        for what, (early, late) in seconds.items()
    ]


def open_case(session: Session) -> str:
    """Open a case and bring it to the step at which its letter may be rejected; its id."""
    id = made(start(session, "sk-tim", StartInput(subject="Tim Kerja Pelatihan"), MoveInput())).id
    for _ in range(3):
        advance(session, id)
    return id


def reject_and_approve(open_desk: Open, id: str) -> None:
    """Send the letter back, and hand it in again."""
    made(moves.reject(open_desk(), id, MoveInput(note="Salah")))
    made(moves.approve(open_desk(), id, MoveInput()))


def run_all(office: Path, lines: list[str]) -> None:
    """Run `sopctl` with each of the command lines in turn."""
    for line in lines:
        process([program(), *line.split()], office)


if __name__ == "__main__":
    print(table(measured()))
