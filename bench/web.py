"""The page under load: a real `sopctl serve`, people who are logged in by invitation, look at cases and sign letters.

    python -m bench.web [--seconds 120]

Measured in one run: the inbox of 300 waiting cases in an office of 105,000 against one of 300; the pages of 16 people
with pauses of two seconds against the same pages of one person; how many pages a second 16 people without pauses get
against one; the memory of the page before anybody came. Afterwards every move that somebody was told of is in the
record once, no number is missing or doubled, and `verify` holds; where anything else is seen, or an answer is an
error, that is said and the exit code is 1.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from urllib.parse import urlencode, urlsplit

from bench.generate import generate
from bench.office import ENVIRONMENT, program
from bench.race import ROUND, session
from bench.ratio import Result, Side, medians, table, timed
from sopctl.audit.verify import verify
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.desk.start import StartInput, start

PEOPLE = 16
FINISHED, WAITING = 104_700, 300
PAUSE = 2.0
"""Seconds between two pages of a person, on average."""

IDLE = 20
"""Seconds after which a browser opens a new connection: the page closes a silent one after thirty."""

ROUNDS = 15
SECONDS = 120
IDLE_MB = 80
SAME_INBOX, P95, THROUGHPUT = 1.5, 5.0, 0.8
PASSWORD = "kata-sandi-untuk-uji-beban"  # noqa: S105 — of an office that is thrown away
OK, DONE = 200, 303
NAMES = tuple(f"Petugas {letter}" for letter in "ABCDEFGHIJKLMNOP")


class Person:
    """Somebody in front of a browser: one connection, the cookies of the page, and cases of their own to move."""

    def __init__(self, port: int, name: str, link: str, cases: list[str]) -> None:
        self.name, self._cookies, self._cases = name, dict[str, str](), cases
        self._connection = HTTPConnection("127.0.0.1", port, timeout=600)
        self._asked = 0.0
        self.seen: dict[str, list[float]] = defaultdict(list)
        self.told: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._log_in(urlsplit(link).path)

    def look_or_move(self, chance: random.Random) -> None:
        """Look at what waits or at a case, or move one and see what became of it."""
        id = self._cases[0] if self._cases else ""
        if not id or chance.random() < 0.5:  # noqa: PLR2004 — half
            self.ask("inbox", "/")
            return
        page = self.ask("case", f"/berkas/{id}")
        if "tandatangan/setuju" not in page and f"/berkas/{id}/setuju" not in page:
            self._cases.pop(0)
        elif chance.random() < 0.5:  # noqa: PLR2004 — the same
            self._approve(id, page)

    def ask(self, what: str, path: str, form: Mapping[str, str] | None = None, *, expected: int = OK) -> str:
        """The page at a path; how long it took is noted under ``what``, and an answer that was not ``expected``."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        began = time.perf_counter()
        if began - self._asked > IDLE:
            self._connection.close()
        self._asked = began
        if form is None:
            self._connection.request("GET", path, headers=headers)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            self._connection.request("POST", path, urlencode(form), headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        self.seen[what].append(time.perf_counter() - began)
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        if answer.status != expected:
            said = " ".join(re.sub(r"<[^>]*>", " ", text).split())
            self.wrong.append(f"{self.name}, {path}: {answer.status} {said[-200:]}")
        return text

    def _approve(self, id: str, page: str) -> None:
        before = len(self.wrong)
        form = {name: _hidden(page, name) for name in ("csrf", "revisi")}
        self.ask("move", f"/berkas/{id}/setuju", form, expected=DONE)
        self.told[id] += len(self.wrong) == before

    def _log_in(self, invitation: str) -> None:
        """Choose a password by the invitation, then log in with it."""
        csrf = _hidden(self.ask("", invitation), "csrf")
        self.ask("", invitation, {"csrf": csrf, "sandi": PASSWORD, "sandi_ulang": PASSWORD}, expected=DONE)
        csrf = _hidden(self.ask("", "/masuk"), "csrf")
        self.ask("", "/masuk", {"csrf": csrf, "nama": self.name, "sandi": PASSWORD}, expected=DONE)
        if self.wrong:
            raise SystemExit(self.wrong[0])


def measured(seconds: float = SECONDS, *, finished: int = FINISHED, rounds: int = ROUNDS) -> list[Result]:
    """A result for each claim about the page.

    Raises:
        SystemExit: where an answer was an error, or a move was lost or doubled.
    """
    with TemporaryDirectory() as folder:
        large, small = Path(folder) / "besar", Path(folder) / "kecil"
        for root, ended in ((large, finished), (small, 0)):
            _furnish(root, ended)
        with serving(large) as (process, port), serving(small) as (_, other):
            idle = _memory_mb(process)
            one = Person(port, NAMES[0], _invite(large, NAMES[0]), [])
            peer = Person(other, NAMES[0], _invite(small, NAMES[0]), [])
            ours, theirs = medians([_inbox(one), _inbox(peer)], rounds)
            what = f"page of {WAITING} waiting cases, {finished + WAITING} cases"
            results = [
                Result(what=what, peer=f"{WAITING} cases", ours=ours, theirs=theirs, at_most=SAME_INBOX),
                Result(
                    what="idle memory (MB as ms)", peer=f"{IDLE_MB} MB", ours=idle / 1000, theirs=IDLE_MB / 1000,
                    at_most=1.0,
                ),
            ]  # fmt: skip
            return [*results, *_under_load(large, port, seconds)]


@contextmanager
def serving(root: Path) -> Iterator[tuple[int, int]]:
    """The number and port of a process that serves the page of an office."""
    command = [program(), "serve", "--port", "0", "--json"]
    with subprocess.Popen(command, cwd=root, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as page:
        said = ""
        while page.stdout and page.poll() is None and not said.rstrip().endswith("}"):
            said += page.stdout.readline()
        try:
            yield page.pid, urlsplit(json.loads(said)["url"]).port or 0
        finally:
            page.terminate()


def _furnish(root: Path, finished: int) -> None:
    """An office of so many cases, in which each of the people holds every pelaksana."""
    now = datetime.now().astimezone().replace(microsecond=0)
    generate(root, finished=finished, running=WAITING, seed=1, now=now, documents=False)
    (root / "sops" / "putar.yaml").write_text(ROUND, encoding="utf-8")
    pelaksana = sorted({key for sop in session(root, "awal").library.read_sops() for key in sop.pelaksana})
    people = "".join(f"  - {{nama: {name}, pelaksana: [{', '.join(pelaksana)}]}}\n" for name in NAMES)
    path = root / "sopctl.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("officials: []", f"officials:\n{people}"), "utf-8")


def _invite(root: Path, name: str) -> str:
    command = [program(), "account", "invite", name, "--json"]
    told = subprocess.run(command, cwd=root, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    link: str = json.loads(told.stdout)["link"]
    return link


def _inbox(person: Person) -> Side:
    return timed(lambda: person.ask("inbox", "/"))


def _under_load(root: Path, port: int, seconds: float) -> list[Result]:
    """One person, then all with pauses, then all without; and what the record says afterwards."""
    cases = [[_open(root) for _ in range(max(2, round(seconds / 6)))] for _ in NAMES]
    people = [Person(port, name, _invite(root, name), own) for name, own in zip(NAMES, cases, strict=True)]
    alone = _work(people[:1], seconds / 4)
    paused, busy = _work(people, seconds, PAUSE), _work(people, seconds / 4)
    _check(root, people)
    results = [
        Result(
            what=f"{what}, {PEOPLE} people with pauses (p95)", peer="alone (median)", ours=_p95(times),
            theirs=median(alone[what]), at_most=P95,
        )
        for what, times in sorted(paused.items()) if len(times) > 1 and alone.get(what)
    ]  # fmt: skip
    ours, theirs = (seconds / 4 / sum(map(len, pages.values())) for pages in (busy, alone))
    what = f"a page, {PEOPLE} people without pauses"
    return [*results, Result(what=what, peer="one person", ours=ours, theirs=theirs, at_least=THROUGHPUT)]


def _open(root: Path) -> str:
    opened = start(session(root, "awal"), "putar", StartInput(subject="Uji beban"), MoveInput())
    if not isinstance(opened, Outcome):
        raise SystemExit(opened.message)
    return opened.id


def _work(people: list[Person], seconds: float, pause: float = 0) -> dict[str, list[float]]:
    """How long each kind of page took while these people worked for so many seconds."""
    until = time.monotonic() + seconds

    def work(number: int) -> None:
        chance = random.Random(number)  # noqa: S311 — a bench, no secret
        while time.monotonic() < until:
            time.sleep(chance.expovariate(1 / pause) if pause else 0)  # before the first page too: they come one by one
            people[number].look_or_move(chance)

    for person in people:
        person.seen.clear()
    with ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(work, range(len(people))))
    found: dict[str, list[float]] = defaultdict(list)
    for person in people:
        for what, times in person.seen.items():
            found[what] += times
    return found


def _check(root: Path, people: list[Person]) -> None:
    """Compare what the people were told with the record."""
    record = session(root, "sesudah").record
    told = sum((person.told for person in people), Counter[str]())
    made = {id: record.load_case(id).instance.revision - 1 for id in record.store.list_ids("putar")}
    wrong = [sentence for person in people for sentence in person.wrong]
    wrong += [f"{id}: {told[id]} moves told, {moves} made" for id, moves in made.items() if told[id] != moves]
    wrong += [one.message for one in verify(record, None).findings]
    signed = sorted(entry.urut for entry in record.whole_store.read_register() if entry.id.startswith("putar-"))
    if signed and signed != list(range(signed[0], signed[0] + len(signed))):
        wrong.append(f"numbers: {signed}")
    if wrong:
        raise SystemExit("\n".join(wrong[:20]))
    sys.stderr.write(f"{told.total()} moves, {len(signed)} numbers, 0 wrong\n")


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found[1] if found else ""


def _p95(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]


def _memory_mb(process: int) -> float:
    """What a process holds in memory."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long the people with pauses work")
    print(table(measured(parser.parse_args().seconds)))


if __name__ == "__main__":
    main()
