"""Approving a step that writes a letter, against a process that only fills in the same letter with docxtpl.

The step is the head's signature in sk-tim: ours takes the lock, reads SOP and office, takes a letter number, writes the
surat tugas, the event and the register, all of it to last. Each run starts from the same copy of the workspace.
"""

import json
import os
import shutil
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct
from msgspec.structs import asdict

from bench.office import CASE, MORNING, PYTHON, furnished, opened, process, program
from bench.ratio import Result, medians, table, timed
from sopctl.engine import moves
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.letters.move_context import MoveFacts, build_context
from sopctl.word.printed_values import Blank

ROUNDS = 25
CLAIMS = ((2, 1.25), (60, 1.3))
"""Rows of the table in the letter, and how many times the peer's time ours may take."""

TEMPLATE = "surat-tugas.docx"
NOMOR = "800.1.11.1/1/DISKOPUKM"


def letter(folder: Path) -> dict[str, object]:
    """What the letter says when the head signs it, as JSON can hold it; what is blank is empty, as it is for Jinja."""
    session = opened(folder)
    case = session.record.load_case(CASE)
    now = MORNING + timedelta(hours=1)
    event = moves.approve(case.sop, case.state, Request(at=now, now=now, by=session.account))
    if isinstance(event, Refused):
        raise SystemExit(event.message)
    after = case.after(event)
    values = build_context(
        MoveFacts(
            office=session.office,
            sop=case.sop,
            id=case.id,
            before=case.state,
            after=after.state,
            event=event,
            nomor=NOMOR,
        )
    )
    return {name: _plain(value) for name, value in values.items()} | dict(after.state.fields)


def measured(rounds: int = ROUNDS) -> list[Result]:
    """Seconds for one letter as a process, small and large."""
    return [_measured(rounds, members, at_most) for members, at_most in CLAIMS]


def _measured(rounds: int, members: int, at_most: float) -> Result:
    with TemporaryDirectory() as folder:
        home = Path(folder)
        office = furnished(home / "office", members)
        process([program(), "status", CASE, "--json"], office)  # fills the caches, as any day's first look does
        values, target = home / "letter.json", home / "letter.docx"
        values.write_text(json.dumps(letter(office)), encoding="utf-8")
        peer = [PYTHON, str(Path(__file__).with_name("letter.py")), str(office / "templates"), str(values), TEMPLATE]

        def ours() -> float:
            copy = home / "copy"
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(office, copy)
            os.sync()  # else the fsyncs of the command would wait for the copy, too
            seconds = timed(partial(process, [program(), "approve", CASE, "--json"], copy))()
            if not any((copy / "data" / "documents").rglob("* ditandatangani *.docx")):
                raise SystemExit("sopctl approve wrote no letter")
            return seconds

        def theirs() -> float:
            target.unlink(missing_ok=True)
            seconds = timed(partial(process, [*peer, str(target)], home))()
            if not target.exists():
                raise SystemExit("docxtpl wrote no letter")
            return seconds

        ours()  # compiles the template, as the first letter of an office does
        shutil.copytree(home / "copy" / "data" / "cache", office / "data" / "cache", dirs_exist_ok=True)
        mine, others = medians([ours, theirs], rounds)
    return Result(
        what=f"sopctl approve, writing a surat tugas of {members} rows",
        peer="python, docxtpl, the same letter",
        ours=mine,
        theirs=others,
        at_most=at_most,
    )


def _plain(value: object) -> object:
    """A value of the context as JSON can hold it."""
    match value:
        case Blank():
            return ""
        case Struct():
            return {name: _plain(part) for name, part in asdict(value).items()}
        case list() | tuple():
            return [_plain(part) for part in value]
        case date() | float():
            return str(value)
        case _:
            return value if isinstance(value, str | bool | int | None) else ""


if __name__ == "__main__":
    print(table(measured()))
