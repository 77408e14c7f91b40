"""`verify` against the plain work on the same files, and one case against the number of the others.

    python -m bench.verify [--cases 20000]

Two offices are made in the folder for temporary files and swept away: one of 2,000 cases, one of as many as are named;
both without Word files, and one of 2,000 cases with them. The peers are loops that read, hash and parse (`json`) the
same files, or read and hash the Word files. Where there are several cores, verify uses them, and the loops do not.
`approve` is timed as a process, each time of another case, with the ledger of both offices.
"""

import argparse
import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from hashlib import sha256
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.generate import generate
from bench.office import process, program
from bench.ratio import Result, Side, medians, table, timed
from sopctl.audit.verify import verify
from sopctl.desk.session import Session
from sopctl.store.workspace import Workspace

FEW = 2_000
ONE = "bimtek-1"
ROUNDS = 5
PARSED_AT_MOST, HASHED_AT_MOST, SAME = 3, 1.5, 1.1


def _made(folder: Path, size: int, *, documents: bool) -> Path:
    running = size // 20
    now = datetime.now().astimezone()
    generate(folder, finished=size - running, running=running, seed=1, now=now, documents=documents)
    return folder


def _with_word_files(folder: Path, size: int) -> Path:
    """An office in which each Word file is one of its own: two processes wait for each other where they are links."""
    for path in (_made(folder, size, documents=True) / "data" / "documents").rglob("*.docx"):
        data = path.read_bytes()
        path.unlink()
        path.write_bytes(data)
    return folder


def _verified(office: Path, id: str | None) -> None:
    session = Session(Workspace(office), now=lambda: datetime.now().astimezone(), account="akun-uji", looking=True)
    if found := verify(session.record, id).findings:
        raise SystemExit(found[0].message)


def parsed(office: Path) -> None:
    """One loop over the files of the record that are no documents."""
    data_folder = Workspace(office).data
    for path in data_folder.rglob("*.json*"):
        if path.is_relative_to(data_folder / "cache"):
            continue
        data = path.read_bytes()
        sha256(data).hexdigest()
        for text in data.splitlines() if path.suffix == ".jsonl" else (data,):
            json.loads(text)


def hashed(office: Path) -> None:
    """One loop over the Word files."""
    for path in (office / "data" / "documents").rglob("*.docx"):
        sha256(path.read_bytes()).hexdigest()


def _approval(office: Path, rounds: int) -> Side:
    """Approves another case each time."""
    opened = [f"penugasan-{n}" for n in _opened(office, rounds + 1)]
    place = count()
    work: Callable[[], None] = lambda: process([program(), "approve", opened[next(place)]], office)  # noqa: E731 — one line
    return timed(work)


def _opened(office: Path, wanted: int) -> list[int]:
    for _ in range(wanted):
        process([program(), "start", "penugasan"], office)
    numbers = [
        int(path.stem.rpartition("-")[2]) for path in (office / "data" / "instances" / "penugasan").rglob("*.json")
    ]
    return sorted(numbers)[-wanted:]


def measured(folder: Path, size: int, rounds: int = ROUNDS, few: int = FEW) -> list[Result]:
    """The claims, each in turns with its peer."""
    papers = _with_word_files(folder / "naskah", few)
    with_papers = _compared(rounds, HASHED_AT_MOST, {
        f"verify, {few} cases with Word files": timed(partial(_verified, papers, None)),
        "one loop that hashes these": timed(partial(hashed, papers)),
    })  # fmt: skip
    small, large = (_made(folder / name, n, documents=False) for name, n in (("sedikit", few), ("banyak", size)))
    return [
        with_papers,
        _compared(rounds, PARSED_AT_MOST, {
            f"verify, {size} cases without Word files": timed(partial(_verified, large, None)),
            "one loop that reads, hashes and parses": timed(partial(parsed, large)),
        }),
        _compared(rounds, SAME, {
            f"verify ID, {size} cases": timed(partial(_verified, large, ONE)),
            f"{few} cases": timed(partial(_verified, small, ONE)),
        }),
        _compared(rounds, SAME, {
            f"approve ID, ledger of {size} cases": _approval(large, rounds),
            f"ledger of {few} cases": _approval(small, rounds),
        }),
    ]  # fmt: skip


def _compared(rounds: int, at_most: float, sides: dict[str, Side]) -> Result:
    (what, ours), (peer, theirs) = zip(sides, medians(list(sides.values()), rounds), strict=True)
    return Result(what=what, peer=peer, ours=ours, theirs=theirs, at_most=at_most)


def main() -> None:
    """Make the offices and measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=20_000)
    with TemporaryDirectory() as folder:
        print(table(measured(Path(folder), parser.parse_args().cases)))


if __name__ == "__main__":
    main()
