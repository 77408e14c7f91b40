"""Thousands of alterations of a record behind sopctl's back, each of which `verify` must find.

    python -m bench.alter [--tries 2000] [--seed 1]

Each try takes one file of the record (a case, the ledger, the register, a Word file, an attachment, an SOP version) and
flips a byte, cuts, deletes, repeats or removes a line, puts back an older copy, or forges an event with all the
hashes of its case made anew. A try that leaves what the file says as it was (a blank in a JSON file) counts as none.
Others forge an entry that is the newest of all: an event that the SOP has no way for, in its case and in the ledger
alike; a letter in the register; a change that looks like one which a killed command left.
The exit code is 1 where one was not found, or where the untouched record is complained about.
"""

import argparse
import json
import random
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bench.death_office import furnish, opened
from sopctl.audit import interrupted_changes
from sopctl.audit.verify import compare_record
from sopctl.cli.options import move_input
from sopctl.desk import moves
from sopctl.desk.session import Session
from sopctl.engine.events import Approved, Called, Cancelled, Resumed, Withdrawn, digest
from sopctl.engine.instance import Instance
from sopctl.engine.request import Request
from sopctl.store import case_json, ledger
from sopctl.store.files import cases, ledger_file, register
from sopctl.store.files.prepared import PreparedWrite
from sopctl.store.ledger import event_lines
from sopctl.store.register import RegisterEntry, encode_entry
from sopctl.store.workspace import STAGING, Workspace

Change = Callable[[bytes, random.Random], bytes | None]
"""The altered bytes; None where the file is to be deleted."""


def flipped(data: bytes, chance: random.Random) -> bytes:
    """One bit is another one."""
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


def cut(data: bytes, chance: random.Random) -> bytes:
    """The end is missing."""
    return data[: chance.randrange(len(data))]


def holed(data: bytes, chance: random.Random) -> bytes:
    """Some bytes in the middle are missing."""
    at = chance.randrange(len(data))
    return data[:at] + data[at + 1 + chance.randrange(20) :]


def zeroed(data: bytes, chance: random.Random) -> bytes:
    """Some bytes are zeros, as after a power cut."""
    at = chance.randrange(len(data))
    return data[:at] + b"\0" * min(512, len(data) - at) + data[at + 512 :]


def deleted(_data: bytes, _chance: random.Random) -> None:
    """The file is gone."""


def without_a_line(data: bytes, chance: random.Random) -> bytes:
    """A line is missing."""
    lines = data.splitlines(keepends=True)
    del lines[chance.randrange(len(lines))]
    return b"".join(lines)


def with_a_line_twice(data: bytes, chance: random.Random) -> bytes:
    """A line stands twice."""
    lines = data.splitlines(keepends=True)
    at = chance.randrange(len(lines))
    return b"".join([*lines[: at + 1], *lines[at:]])


def forged(data: bytes, chance: random.Random) -> bytes:
    """An event says something else, and all the hashes of the case are made anew."""
    instance = msgspec.json.decode(data, type=Instance)
    events = list(instance.events)
    at = chance.randrange(len(events))
    change = chance.choice(("by", "note", "at", "removed"))
    if change == "removed" and len(events) > 1:
        del events[-1]
    elif change == "at":
        events[at] = msgspec.structs.replace(events[at], recorded_at=events[at].recorded_at + timedelta(seconds=1))
    else:
        events[at] = msgspec.structs.replace(events[at], **{change if change == "by" else "note": "orang lain"})
    previous = sha256(f"{instance.id}\n{instance.version}".encode()).hexdigest()
    for number, event in enumerate(events, 1):
        events[number - 1] = event.chained(number, previous)
        previous = digest(events[number - 1])
    return case_json.encode(
        msgspec.structs.replace(instance, events=tuple(events), revision=len(events), head=previous)
    )


def impossible(workspace: Workspace, chance: random.Random) -> None:
    """An event that the SOP has no way for is the newest of its case and of the ledger."""
    case = _one_more(workspace, chance)
    path = cases.path_of(workspace.instances, case.id)
    path.write_bytes(case_json.encode(case))
    with workspace.ledger.open("ab") as file:
        file.write(_line(workspace, case))


def registered(workspace: Workspace, chance: random.Random) -> None:
    """A letter that nobody wrote is the newest of its sequence."""
    path = chance.choice(sorted(workspace.agenda.rglob("*.jsonl")))
    urut = register.next_urut(path)
    entry = RegisterEntry(
        urut=urut, nomor=f"000.1/{urut}/PALSU", kode="000.1", at=datetime.now(UTC), id="", document="",
        perihal="Palsu", by="orang lain", kind="entered", last=urut - 1,
    )  # fmt: skip
    with path.open("ab") as file:
        file.write(encode_entry(entry))


def staged(workspace: Workspace, chance: random.Random) -> None:
    """A file that the next command would put in its place: its event cannot be, or is not that of the line."""
    case = _one_more(workspace, chance)
    path, line = cases.path_of(workspace.instances, case.id), _line(workspace, case)
    if chance.random() < 0.5:  # noqa: PLR2004 — either
        line = _line(workspace, cases.load(workspace.instances, chance.choice([*cases.iter_ids(workspace.instances)])))
    target = path.relative_to(workspace.data).as_posix()
    step = PreparedWrite(workspace.ledger.stat().st_size, sha256(line).hexdigest(), workspace.ledger.name, target)
    (workspace.data / STAGING).mkdir()
    (workspace.data / STAGING / step.file_name).write_bytes(case_json.encode(case))
    with workspace.ledger.open("ab") as file:
        file.write(line)


def _one_more(workspace: Workspace, chance: random.Random) -> Instance:
    """A case with an event more that the SOP has no way for, its hashes made anew."""
    case = cases.load(workspace.instances, chance.choice([*cases.iter_ids(workspace.instances)]))
    said = Request(at=case.events[-1].at, now=case.events[-1].recorded_at, by="orang lain").event_fields()
    event = chance.choice(
        (
            Resumed(**said),
            Cancelled(**said),
            Approved(**said, for_="kadis", step="tidak-ada", to="end"),
            Withdrawn(**said, move=1),
            Called(**said, step="perintah", child="penugasan-99"),
        )
    ).chained(case.revision + 1, case.head)
    return msgspec.structs.replace(case, events=(*case.events, event), revision=case.revision + 1, head=digest(event))


def _line(workspace: Workspace, case: Instance) -> bytes:
    return ledger.encode_chain(
        event_lines(case, case.revision - 1, sha256(workspace.office.read_bytes()).hexdigest()),
        ledger.hash_line(ledger_file.read_last_line(workspace.ledger)),
    )


FORGERIES = (impossible, registered, staged)
"""Entries that are the newest of all; each changes several files."""

CHANGES: dict[str, tuple[Change, ...]] = {
    "instances": (flipped, cut, holed, zeroed, deleted, without_a_line, with_a_line_twice, forged, forged),
    "ledger.jsonl": (flipped, cut, holed, zeroed, deleted, without_a_line, with_a_line_twice),
    "agenda": (flipped, cut, holed, zeroed, deleted, without_a_line, with_a_line_twice),
    "documents": (flipped, cut, holed, zeroed, deleted),
    "attachments": (flipped, cut, holed, zeroed, deleted),
    "sops": (flipped, cut, holed, zeroed, deleted),
}
"""What is done to the files of each folder of the record."""


def says_the_same(before: bytes, after: bytes | None) -> bool:
    """Whether the altered bytes say what they said: the same, or JSON with other blanks."""
    if after is None:
        return False
    if before == after:
        return True
    try:
        return [json.loads(line) for line in _values(before)] == [json.loads(line) for line in _values(after)]
    except ValueError:
        return False


def _values(data: bytes) -> list[bytes]:
    return [data] if data.startswith(b"{\n") else data.splitlines()


def main() -> int:
    """Alter and tell."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--tries", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance = random.Random(given.seed)  # noqa: S311 — a choice of mischief, no secret
    with TemporaryDirectory() as name:
        root = Path(name) / "kantor"
        furnish(root, shared=False)
        proof = Path(name) / "bukti.txt"
        proof.write_text("bukti kelengkapan", encoding="utf-8")
        moves.attach(opened(root), "sk-tim-2", move_input(attach=[f"Bahan terkait penugasan Tim Kerja={proof}"]))
        session = Session(Workspace(root), now=lambda: datetime.now(UTC), account="pemeriksa")
        if compare_record(session.record, None).findings:
            print("The untouched record is complained about.")
            return 1
        return tell(*tries(session, chance, given.tries))


def tries(session: Session, chance: random.Random, wanted: int) -> tuple[Counter[str], list[str]]:
    """How often each change was tried, and those that were not found."""
    data = session.workspace.data
    files = {
        folder: [path for path in sorted((data / folder).rglob("*")) or [data / folder] if path.is_file()]
        for folder in CHANGES
    }
    made: Counter[str] = Counter()
    missed: list[str] = []
    while made.total() < wanted:
        if chance.random() < 1 / 7:
            what = _forged(session, chance)
            made[what.removeprefix("missed ")] += 1
            missed += [what] if what.startswith("missed ") else []
            continue
        folder = chance.choice(list(CHANGES))
        path, change = chance.choice(files[folder]), chance.choice(CHANGES[folder])
        before = path.read_bytes()
        after = change(before, chance)
        if says_the_same(before, after):
            continue
        if after is None:
            path.unlink()
        else:
            path.write_bytes(after)
        what = f"{folder} {change.__name__}"
        made[what] += 1
        if not _found(session):
            missed.append(f"{what}: {path.name}")
            shutil.copy(path, data.parent / f"missed-{len(missed)}") if path.exists() else None
        path.write_bytes(before)
    return made, missed


def _forged(session: Session, chance: random.Random) -> str:
    """One forgery of the newest entries, and the record put back; what it was, with `missed` where nobody saw it."""
    data, forge = session.workspace.data, chance.choice(FORGERIES)
    kept = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    forge(session.workspace, chance)
    found = _found(session)
    for path in [path for path in data.rglob("*") if path.is_file() and path not in kept]:
        path.unlink()
    for path, before in kept.items():
        path.write_bytes(before)
    shutil.rmtree(data / STAGING, ignore_errors=True)
    return f"{'' if found else 'missed '}newest {forge.__name__}"


def _found(session: Session) -> bool:
    """Whether somebody who looks now finds anything, in the record or in what waits to be finished."""
    look = Session(session.workspace, now=lambda: datetime.now(UTC), account="pemeriksa")
    return bool(
        interrupted_changes.inspect_interrupted_changes(look.record).findings
        or compare_record(look.record, None).findings
    )


def tell(made: Counter[str], missed: list[str]) -> int:
    """Print the figures."""
    for what, times in sorted(made.items()):
        print(f"{what:<36} {times:>5}")
    print("\n".join(missed))
    print(f"{made.total()} alterations, {made.total() - len(missed)} found")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
