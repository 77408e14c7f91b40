"""Starting the program: `sopctl` on a small workspace against a process that only imports typer."""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.office import CASE, PYTHON, furnished, process, program
from bench.ratio import Result, medians, table, timed

ROUNDS = 25

PEER = "python -c 'import typer'"

COMMANDS = {
    "--help": 1.8,
    "inbox --json": 1.8,
    f"status {CASE} --json": 1.8,
    "inbox": 2.6,
    f"status {CASE}": 2.6,
}
"""The command lines, and how many times as long as the peer each may take."""


def measured(rounds: int = ROUNDS) -> list[Result]:
    """A result for each command, all against the same peer in the same rounds."""
    sopctl = program()
    commands = [[PYTHON, "-c", "import typer"], *([sopctl, *line.split()] for line in COMMANDS)]
    with TemporaryDirectory() as folder:
        office = furnished(Path(folder))
        theirs, *ours = medians([timed(partial(process, command, office)) for command in commands], rounds)
    return [
        Result(what=f"sopctl {line}", peer=PEER, ours=seconds, theirs=theirs, at_most=limit)
        for (line, limit), seconds in zip(COMMANDS.items(), ours, strict=True)
    ]


if __name__ == "__main__":
    print(table(measured()))
