"""Years of an office: a workspace with as many cases as wanted, made through the engine, that passes `verify`.

    python -m bench.generate FOLDER [--finished 100000] [--running 5000] [--seed 1] [--without-documents]

Delays are log-normal around each row's standard, a tenth of all rows takes days instead of minutes, diamonds turn
down one draft in six, some work is marked with `begin`, some cases rest for days, and a part of the record is typed
later than it happened. The ledger tells of every event in the order of recording, the register of every letter that
was signed. The Word files are letters of the office's templates, each filled in once; the cases of a folder share their
bytes on the disk (hard links): they are as long as in an office, and the disk holds them once for a thousand cases.

Every case is walked through twice: to learn in which order letters are signed, then with their numbers.
"""

import argparse
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from heapq import merge
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bench.case_walk import ACCOUNT, Letters, Numbers, Walk
from sopctl.desk.session import Session
from sopctl.desk.setup import init
from sopctl.desk.templates import preview
from sopctl.engine.case import Case
from sopctl.engine.events import Move, Written
from sopctl.letters.case_numbers import sequence_of
from sopctl.office.letter_numbers import format_letter_number
from sopctl.sop.model import Duration
from sopctl.store import case_ids, case_json, disk, ledger
from sopctl.store.files import cases
from sopctl.store.ledger import EventLine, NumberLine, event_lines
from sopctl.store.register import RegisterEntry, encode_entry
from sopctl.store.workspace import Workspace
from sopctl.worktime.calendar import Calendar

SHARES = {"sk-tim": 0.24, "penugasan": 0.22, "bimtek": 0.16, "pelaporan-bimtek": 0.2, "mekanisme-pelaporan": 0.18}
YEARS_BACK = 3
RUNNING_DAYS = 60


class Job(Struct, frozen=True):
    """The cases of one folder: when each is opened, from number ``first`` on; those after number ``ended`` rest."""

    sop: str
    first: int
    starts: tuple[datetime, ...]
    ended: int

    @property
    def ids(self) -> list[str]:
        """The ids of its cases."""
        return [case_ids.new_id(self.sop, number) for number in range(self.first, self.first + len(self.starts))]


class Plan(Struct, frozen=True):
    """What every job of a workspace is given."""

    folder: Path
    seed: int
    now: datetime
    letters: Letters

    def session(self) -> Session:
        """The desk of the workspace."""
        return Session(Workspace(self.folder), now=lambda: self.now, account=ACCOUNT)

    def walks(self, job: Job, numbers: Numbers) -> Iterator[tuple[Case, list[RegisterEntry]]]:
        """The cases of a job, each with the letters that were signed in it."""
        session = self.session()
        source, sop = session.library.read_file(job.sop), session.library.read_sop(job.sop)
        for number, at in enumerate(job.starts, job.first):
            id = case_ids.new_id(job.sop, number)
            chance = random.Random(f"{self.seed}-{id}")  # noqa: S311 — a bench, not a secret
            walk = Walk(session.calendar, self.now, self.letters, numbers, chance)
            yield walk.to_the_end(sop, source.version, id, at, rests=number > job.ended), walk.signed


def generate(folder: Path, *, finished: int, running: int, seed: int, now: datetime, documents: bool = True) -> int:
    """Fill a new workspace; the number of cases made.

    Every SOP gets its share of both kinds; its running cases are its newest, as in an office.
    """
    init(folder)
    session = Session(Workspace(folder), now=lambda: now, account=ACCOUNT)
    plan = Plan(folder, seed, session.now(), _filled_in(session) if documents else {})
    with TemporaryDirectory() as scratch, ProcessPoolExecutor() as pool:
        _pin(session)
        jobs = [job for sop in SHARES for job in _jobs(session.calendar, sop, finished, running, plan)]
        numbers = _number(session, merge(*pool.map(partial(_signed, plan), jobs), key=_signed_at))
        given = [{id: numbers[id] for id in job.ids if id in numbers} for job in jobs]
        parts = [Path(scratch, str(number)) for number in range(len(jobs))]
        made = sum(pool.map(partial(_write, plan), jobs, given, parts))
        _write_ledger(session.workspace, parts)
        disk.restrict_folder(session.workspace.data, session.office.record.umask)
    return made


def _filled_in(session: Session) -> dict[str, bytes]:
    """A letter of each template that the SOPs write."""
    documents = [one for id in SHARES for one in session.library.read_sop(id).documents.values()]
    templates = {name for one in documents for name in (one.template, *(other.template for other in one.instead))}
    return {template: preview(session, template, "") for template in sorted(templates)}


def _pin(session: Session) -> None:
    """Keep the SOP versions and the office file that the cases name."""
    workspace = session.workspace
    for source in map(session.library.read_file, SHARES):
        disk.replace_file(workspace.versions / f"{source.version}.yaml", source.text)
    disk.replace_file(workspace.offices / f"{session.record.office_version}.yaml", session.record.office_text)


def _jobs(calendar: Calendar, sop: str, finished: int, running: int, plan: Plan) -> Iterator[Job]:
    """The folders of an SOP: its cases are opened one after the other in working hours, the running ones of late."""
    chance = random.Random(f"{plan.seed}-{sop}")  # noqa: S311 — a bench, not a secret
    ended, in_all = round(SHARES[sop] * finished), round(SHARES[sop] * (finished + running))
    days = [(in_all - number) / in_all * YEARS_BACK * 365 for number in range(1, ended + 1)]
    days += [min(chance.expovariate(0.5), RUNNING_DAYS) for _ in range(in_all - ended)]
    opened = (
        calendar.due(plan.now - timedelta(days=day + 1), Duration(chance.randint(1, 400), "menit")) for day in days
    )
    starts = sorted(min(at.replace(second=0, microsecond=0), plan.now) for at in opened)
    for first in range(0, in_all + 1, case_ids.PER_FOLDER):
        begin = max(first, 1)
        yield Job(sop, begin, tuple(starts[begin - 1 : first + case_ids.PER_FOLDER - 1]), ended)


def _signed(plan: Plan, job: Job) -> list[RegisterEntry]:
    """The letters that are signed in the cases of a job, in the order of recording."""
    return sorted((one for _, signed in plan.walks(job, {}) for one in signed), key=_signed_at)


def _signed_at(entry: RegisterEntry) -> datetime:
    return entry.recorded_at or entry.at


def _number(session: Session, signed: Iterable[RegisterEntry]) -> dict[str, dict[str, NumberLine]]:
    """The lines of the register, with numbers in the order of signing, by case and document."""
    settings, singkatan = session.office.letter_number, session.office.instansi.singkatan
    highest: Counter[str] = Counter()
    found: dict[str, dict[str, NumberLine]] = defaultdict(dict)
    for one in signed:
        sequence = sequence_of(settings, one.at.year, one.kode)
        highest[sequence] += 1
        nomor = format_letter_number(settings, one.kode, highest[sequence], singkatan, one.at.date())
        entry = replace(one, urut=highest[sequence], nomor=nomor)
        found[one.id][one.document] = NumberLine(
            previous="", sequence=sequence, office=session.record.office_version, entry=entry
        )
    return found


def _write(plan: Plan, job: Job, numbers: Numbers, part: Path) -> int:
    """Write the cases of a job with their Word files, and their lines of the ledger in the order of recording."""
    session = plan.session()
    told: list[tuple[datetime, bytes]] = []
    masters: dict[str, Path] = {}
    for case, _ in plan.walks(job, numbers):
        path = cases.path_of(session.workspace.instances, case.id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(case_json.encode(case.instance))
        told += _lines(session.record.office_version, case, dict(numbers.get(case.id, {})))
        for written in case.state.documents:
            _put_document(plan, written, masters)
    told.sort(key=itemgetter(0))
    part.write_bytes(b"".join(line for _, line in told))
    return len(job.starts)


def _lines(office: str, case: Case, numbers: dict[str, NumberLine]) -> Iterator[tuple[datetime, bytes]]:
    """The lines of the ledger about a case, not chained yet, with the moment of recording."""
    for line in event_lines(case.instance, 0, office):
        at = line.event.recorded_at
        for written in line.event.documents if isinstance(line.event, Move) else ():
            if written.act == "sign" and written.name in numbers:
                yield at, ledger.encode_chain([numbers.pop(written.name)], "")
        yield at, ledger.encode_chain([line], "")


def _put_document(plan: Plan, written: Written, masters: dict[str, Path]) -> None:
    """Put a Word file in its place: the first of its kind is written, the others are links to it."""
    path = plan.folder / written.path
    path.parent.mkdir(parents=True, exist_ok=True)
    if written.sha256 in masters:
        path.hardlink_to(masters[written.sha256])
        return
    masters[written.sha256] = path
    path.write_bytes(next(data for data in plan.letters.values() if sha256(data).hexdigest() == written.sha256))


def _write_ledger(workspace: Workspace, parts: list[Path]) -> None:
    """Write the ledger and the register out of the lines of all jobs."""
    previous, entries = "", defaultdict[str, list[bytes]](list)
    with ExitStack() as files, workspace.ledger.open("wb") as target:
        read = [map(_decode, files.enter_context(part.open("rb"))) for part in parts]
        for line in merge(*read, key=_recorded_at):
            text = ledger.encode_chain([line], previous)
            previous = ledger.hash_line(text[:-1])
            target.write(text)
            if isinstance(line, NumberLine):
                entries[line.sequence].append(encode_entry(line.entry))
    for sequence, lines in entries.items():
        disk.replace_file(workspace.agenda / sequence, b"".join(lines))


_decode = msgspec.json.Decoder(EventLine | NumberLine).decode


def _recorded_at(line: EventLine | NumberLine) -> datetime:
    return line.event.recorded_at if isinstance(line, EventLine) else _signed_at(line.entry)


def main() -> None:
    """Read the options and generate."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--finished", type=int, default=100_000)
    parser.add_argument("--running", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without-documents", action="store_true")
    given = parser.parse_args()
    began = time.perf_counter()
    made = generate(
        given.folder, finished=given.finished, running=given.running, seed=given.seed,
        now=datetime.now().astimezone(), documents=not given.without_documents,
    )  # fmt: skip
    print(f"{made} cases in {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
