"""Years of an office: a workspace with as many cases as wanted, made through the engine, so that every chain holds.

    python -m bench.generate FOLDER [--finished 100000] [--running 5000] [--seed 1]

Delays are log-normal around each row's standard, a tenth of all rows takes days instead of minutes, diamonds turn
down one draft in six, some work is marked with `begin`, some cases rest for days, and a part of the record is typed
later than it happened. The Word files that the events name are not written: nothing that is timed opens them.
"""

import argparse
import hashlib
import random
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sopctl.desk.session import Session
from sopctl.desk.setup import init
from sopctl.engine import case_changes, moves
from sopctl.engine.case import Case
from sopctl.engine.events import Event, FieldValue, Move, Rejected, Started, Written
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.engine.values import parse_typed
from sopctl.sop.model import Duration, Field, Sop
from sopctl.store.files import cases, ledger
from sopctl.store.files.json_transaction import event_lines
from sopctl.store.workspace import Workspace
from sopctl.worktime.calendar import Calendar

SHARES = {"sk-tim": 0.24, "penugasan": 0.22, "bimtek": 0.16, "pelaporan-bimtek": 0.2, "mekanisme-pelaporan": 0.18}
YEARS_BACK = 3
RUNNING_DAYS = 60
SAMPLES = {"text": "Aula kantor", "number": "40", "date": "2026-11-24", "list": "satu;dua", "table": "satu"}


def generate(folder: Path, *, finished: int, running: int, seed: int, now: datetime) -> int:
    """Fill a new workspace; the number of cases made.

    Every SOP gets its share of both kinds; its running cases are its newest, as in an office.
    """
    init(folder)
    session = Session(Workspace(folder), now=lambda: now, account="akun-uji")
    for id in SHARES:
        source = session.library.read_file(id)
        files = session.workspace.versions
        files.mkdir(parents=True, exist_ok=True)
        (files / f"{source.version}.yaml").write_bytes(source.text)
    jobs = [job for sop, share in SHARES.items() for job in _jobs(sop, share, finished, running)]
    with ProcessPoolExecutor() as pool:
        made = sum(pool.map(partial(_write, folder, seed, now), jobs))
    begin_ledger(session)
    return made


def begin_ledger(session: Session) -> None:
    """Write a ledger that tells of the newest case of each SOP, so that new cases can be opened and moved."""
    newest = {sop: list(session.store.list_ids(sop))[-1:] for sop in SHARES}
    lines = [line for ids in newest.values() for id in ids for line in event_lines(session.store.load_instance(id), 0)]
    session.workspace.ledger.write_bytes(ledger.encode_chain(lines, ""))


class Job(Struct):
    """The cases of one folder, from ``first`` to before ``stop``; of the SOP's ``in_all`` those to ``ended`` end."""

    sop: str
    first: int
    stop: int
    ended: int
    in_all: int


def _jobs(sop: str, share: float, finished: int, running: int) -> Iterator[Job]:
    ended, in_all = round(share * finished), round(share * (finished + running))
    for first in range(0, in_all + 1, cases.PER_FOLDER):
        yield Job(sop, max(first, 1), min(first + cases.PER_FOLDER, in_all + 1), ended, in_all)


def _write(folder: Path, seed: int, now: datetime, job: Job) -> int:
    """Write one folder of cases."""
    workspace = Workspace(folder)
    session = Session(workspace, now=lambda: now, account="akun-uji")
    source = session.library.read_file(job.sop)
    sop = session.library.read_sop(job.sop)
    for number in range(job.first, job.stop):
        chance = random.Random(f"{seed}-{job.sop}-{number}")  # noqa: S311 — a bench, not a secret
        rests = number > job.ended
        ago = (job.in_all - number) / job.in_all * YEARS_BACK * 365
        days = min(chance.expovariate(0.5), RUNNING_DAYS) if rests else ago
        walk = Walk(sop, source.version, cases.new_id(job.sop, number), session.calendar, chance)
        case = walk.to_the_end(now - timedelta(days=days + 1), now, rests=rests)
        path = cases.path_of(workspace.instances, case.id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(cases.encode(case.instance))
    return job.stop - job.first


class Walk:
    """One case on its way, at the pace of an office."""

    def __init__(self, sop: Sop, version: str, id: str, calendar: Calendar, chance: random.Random) -> None:
        self._sop, self._version, self._id, self._calendar, self._chance = sop, version, id, calendar, chance

    def to_the_end(self, at: datetime, now: datetime, *, rests: bool) -> Case:
        """Start at about ``at`` and go on; a case that ``rests`` stops somewhere before its end."""
        at = self._calendar.due(at, Duration(self._chance.randint(1, 400), "menit")).replace(second=0, microsecond=0)
        at = min(at, now)
        started = Started(
            at=at, recorded_at=at, by="akun-uji", step=self._sop.start[0],
            subject=f"Uji {self._sop.nama} {self._id}", fields=self._fields(None),
        )  # fmt: skip
        case = Case.opened(self._sop, self._id, self._version, started)
        left = self._chance.randint(0, len(self._sop.steps) - 1) if rests else -1
        while case.state.step is not None and left != 0:
            at = self._later(case, at)
            if at > now:
                if rests:
                    break
                at = now
            case = self._moved(case, at)
            left -= 1
        return case

    def _later(self, case: Case, at: datetime) -> datetime:
        """When the row at hand is left."""
        waktu = self._sop.step(case.state.visit.step).waktu
        standard = self._calendar.minutes(waktu.maximum) if waktu.maximum else 60
        minutes = standard * self._chance.lognormvariate(-0.3, 0.7)
        if self._chance.random() < 0.1:  # noqa: PLR2004 — it lay on a desk
            minutes += self._chance.randint(200, 2500)
        after = self._calendar.due(at, Duration(max(1, round(minutes)), "menit"))
        return after + timedelta(seconds=self._chance.randint(0, 59))

    def _moved(self, case: Case, at: datetime) -> Case:
        """The case after the next move, and after what else happened on the way there."""
        state, step = case.state, self._sop.step(case.state.visit.step)
        half = state.last + (at - state.last) / 2
        if not state.visit.begun and self._chance.random() < 0.3:  # noqa: PLR2004 — who works with `begin`
            case = self._after(case, moves.begin(self._sop, state, self._request(case, half)))
        elif self._chance.random() < 0.01:  # noqa: PLR2004 — it waits for somebody outside
            paused = self._request(case, half, note="menunggu pihak luar")
            case = self._after(case, case_changes.suspend(state, paused))
            case = self._after(case, case_changes.resume(case.state, self._request(case, half + (at - half) / 2)))
        turned_down = step.branches and state.turn == (step.decides,) and self._chance.random() < 1 / 6
        if turned_down:
            request = self._request(case, at, note="belum sesuai")
            return self._after(case, moves.reject(self._sop, case.state, request))
        request = self._request(case, at, fields=self._fields(step.id), typed_later=self._chance.random() < 0.08)  # noqa: PLR2004 — from paper
        return self._after(case, moves.approve(self._sop, case.state, request))

    def _request(
        self,
        case: Case,
        at: datetime,
        *,
        note: str = "",
        fields: dict[str, FieldValue] | None = None,
        typed_later: bool = False,
    ) -> Request:
        at = max(at.replace(microsecond=0), case.state.last)
        typed_at = at + timedelta(hours=self._chance.randint(1, 48)) if typed_later else at
        return Request(
            at=at, now=typed_at, by=f"akun-{case.state.turn[0]}", as_=case.state.turn[0], note=note, fields=fields or {}
        )

    def _after(self, case: Case, event: Event | Refused) -> Case:
        if isinstance(event, Refused):
            raise RuntimeError(event.message)  # noqa: TRY004 — the walk is wrong, not a type
        if isinstance(event, Move) and not isinstance(event, Rejected):
            event = replace(event, documents=self._papers(case, event))
        return case.after(event)

    def _papers(self, case: Case, event: Move) -> tuple[Written, ...]:
        step = self._sop.step(event.step)
        if step.document is None or not event.to:
            return ()
        name = f"{case.instance.revision + 1:03d}-{step.id}-{step.document.name}.docx"
        path = f"data/documents/{cases.folder_of(case.id)}/{case.id}/{name}"
        digest = hashlib.sha256(path.encode()).hexdigest()
        return (Written(name=step.document.name, act=step.document.act, step=step.id, path=path, sha256=digest),)

    def _fields(self, step: str | None) -> dict[str, FieldValue]:
        return {
            name: parse_typed(field, [_sample(field)])
            for name, field in self._sop.fields.items()
            if field.required and field.step == step
        }


def _sample(field: Field) -> str:
    return field.choices[0] if field.choices else SAMPLES[field.type]


def main() -> None:
    """Read the options and generate."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--finished", type=int, default=100_000)
    parser.add_argument("--running", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.perf_counter()
    now = datetime.now().astimezone().replace(microsecond=0)
    made = generate(options.folder, finished=options.finished, running=options.running, seed=options.seed, now=now)
    print(f"{made} cases in {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
