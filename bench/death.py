"""Commands that are killed, or whose disk refuses, at every system call that can matter: what the next command finds.

    python -m bench.death [--command NAME]… [--errors] [--jobs 2]

A real `sopctl` runs under `strace`. A first run counts its calls; then it runs again for each of them and is killed
there (`SIGKILL` before the call), or with `--errors` the call fails with ENOSPC, EIO or EACCES. After each run the
office must be as before the command or as after it, `verify` must hold, `doctor` may only sweep, and no letter
number may be lost or given twice. The exit code is 1 where anything else was seen.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from signal import SIGKILL
from tempfile import TemporaryDirectory

from msgspec import Struct

from bench.office import ENVIRONMENT, FILLED, program
from sopctl.audit.doctor import run_doctor
from sopctl.audit.verify import verify
from sopctl.desk import agenda, moves
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.desk.session import Session, account
from sopctl.desk.setup import init
from sopctl.desk.start import StartInput, start
from sopctl.engine.refused import Refused
from sopctl.store.workspace import Workspace

CALLS = (
    "openat", "mkdir", "write", "fsync", "ftruncate", "rename", "unlink", "unlinkat", "rmdir", "flock", "chmod",
)  # fmt: skip
"""What changes a file, or opens one to be changed; a call that only reads is the same moment as its neighbours."""

ERRORS = ("ENOSPC", "EIO", "EACCES")

COMMANDS: dict[str, tuple[str, ...]] = {
    "start": ("start", "penugasan", "--subject", "Baru"),
    "approve": ("approve", "penugasan-1"),
    "reject": ("reject", "sk-tim-2", "--note", "belum sesuai"),
    "sign": ("approve", "sk-tim-1"),
    "withdraw": ("withdraw", "sk-tim-3", "--note", "keliru"),
    "set": ("set", "sk-tim-2", "dasar=Disposisi"),
    "attach": ("attach", "sk-tim-2", "Bahan terkait penugasan Tim Kerja", "{office}/sopctl.yaml"),
    "note": ("note", "sk-tim-2", "sudah ditelepon"),
    "suspend": ("suspend", "sk-tim-2", "--note", "menunggu data"),
    "cancel": ("cancel", "sk-tim-4", "--note", "tidak jadi"),
    "migrate": ("migrate", "sk-tim-2", "--yes"),
    "agenda add": ("agenda", "add", "--perihal", "Undangan", "--kode", "000.1"),
    "agenda withdraw": ("agenda", "withdraw", "{number}", "--note", "salah"),
}
"""The commands that move something, each by its words."""


class Death(Struct, frozen=True):
    """One run: which call was the last, or how it failed."""

    command: str
    call: str
    nth: int
    how: str


class Office:
    """A workspace and what is known about it before the command."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def session(self, *, ago: timedelta = timedelta()) -> Session:
        """The desk as a process opens it."""
        return Session(Workspace(self.root), now=lambda: datetime.now(UTC) - ago, account=account())

    def copied(self, folder: Path) -> "Office":
        """The same office in another folder."""
        return Office(Path(shutil.copytree(self.root, folder)))

    def revisions(self) -> dict[str, int]:
        """How many events each case has."""
        store = self.session().store
        return {id: store.load_instance(id).revision for id in store.list_ids()}

    def lines(self) -> int:
        """How many lines the register has."""
        return len(list(self.session().store.read_register()))


def furnished(folder: Path) -> Office:
    """Four cases of sk-tim: waiting for the signature, for the paraf, just moved, and signed; one of penugasan."""
    init(folder)
    office = Office(folder)
    session = office.session(ago=timedelta(hours=1))
    for _ in range(4):
        _made(start(session, "sk-tim", StartInput(subject="Tim Kerja"), MoveInput()))
    _made(start(session, "penugasan", StartInput(), MoveInput()))
    for number, steps in enumerate((4, 3, 3, 5), 1):
        for _ in range(steps):
            id = f"sk-tim-{number}"
            _made(
                moves.approve(
                    session, id, MoveInput(sets=FILLED.get(session.record.load_case(id).state.visit.step, ()))
                )
            )
    sop = folder / "sops" / "sk-tim.yaml"  # edited while cases run, for the one that goes on under the new version
    sop.write_text(sop.read_text(encoding="utf-8").replace("waktu: 10 Menit", "waktu: 20 Menit"), encoding="utf-8")
    return office


def _made(answer: Outcome | Refused) -> None:
    if isinstance(answer, Refused):
        raise SystemExit(answer.message)


def words(office: Office, command: str) -> list[str]:
    """The command line in this office."""
    given = [entry.nomor for entry in office.session().store.read_register() if entry.nomor]
    return [word.format(office=office.root, number=given[0]) for word in COMMANDS[command]]


def traced(office: Office, command: str, *strace: str) -> subprocess.CompletedProcess[str]:
    """The command under strace."""
    environment = {**ENVIRONMENT, "PYTHONDONTWRITEBYTECODE": "1"}
    line = [
        "strace",
        "-f",
        "-qq",
        *strace,
        program(),
        *words(office, command),
        "--json",
        "--workspace",
        str(office.root),
    ]
    return subprocess.run(
        line, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False
    )


def moments(office: Office, folder: Path, command: str) -> Iterator[tuple[str, int]]:
    """The calls of a whole run by kind and number, from the first that touches the record on."""
    there = office.copied(folder / "counted")
    log = folder / "log"
    ended = traced(there, command, "-o", str(log), "-e", f"trace={','.join(CALLS)}")
    if ended.returncode:
        raise SystemExit(f"{command}: {ended.stdout}{ended.stderr}")
    counted: Counter[str] = Counter()
    begun = False
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        found = re.match(r"(?:\d+ +)?(\w+)\(", line)
        if found is None:
            continue
        counted[found[1]] += 1
        begun = begun or "/data/lock" in line
        read_only = found[1] == "openat" and ("O_RDONLY" in line or str(there.root) not in line)
        told = "write(1," in line or "write(2," in line  # what is said to people, after it has happened
        if begun and not read_only and not told:
            yield found[1], counted[found[1]]
    shutil.rmtree(there.root)


def tried(office: Office, folder: Path, death: Death) -> list[str]:
    """What is wrong after one such run; nothing where the promise holds."""
    there = office.copied(folder / f"{death.command}-{death.call}-{death.nth}-{death.how}".replace(" ", "_"))
    before = there.revisions(), there.lines()
    inject = "signal=KILL" if death.how == "KILL" else f"error={death.how}"
    ended = traced(
        there, death.command, "-o", os.devnull, "-e", f"trace={death.call}",
        "-e", f"inject={death.call}:{inject}:when={death.nth}",
    )  # fmt: skip
    wrong = [*_wrong(there, before, ended, death)]
    shutil.rmtree(there.root)
    return [f"{death}: {one}" for one in wrong]


def _wrong(
    there: Office, before: tuple[dict[str, int], int], ended: subprocess.CompletedProcess[str], death: Death
) -> Iterator[str]:
    if death.how == "KILL" and ended.returncode not in {-SIGKILL, 0}:
        yield f"ended with {ended.returncode}: {ended.stderr}"
    if "Traceback" in ended.stderr:
        yield f"a traceback: {ended.stderr}"
    findings = verify(there.session().record, None).findings
    if findings:
        yield f"verify: {findings[0].message}"
    mended = run_doctor(there.session().record)
    if mended.findings:
        yield f"doctor: {mended.findings[0].message}"
    data = there.root / "data"
    left = [*data.rglob("*.tmp"), *data.glob("staging/*")]
    if left:
        yield f"rubbish after doctor: {left}"
    after = there.revisions(), there.lines()
    happened = after != before
    if happened and not _whole(before, after, death.command):
        yield f"half done: {before} {after}"
    if ended.returncode == 0 and not happened:
        yield "said done, and nothing was recorded"
    if ended.returncode not in {0, -SIGKILL} and happened and not _says_unfinished(ended.stdout):
        yield f"recorded, and said it was not: {ended.stdout} {ended.stderr}"
    yield from _numbers(there)


def _whole(before: tuple[dict[str, int], int], after: tuple[dict[str, int], int], command: str) -> bool:
    """Whether one event more was recorded, or one case more, with the lines of the register that belong to it."""
    cases = sum(after[0].values()) - sum(before[0].values())
    lines = after[1] - before[1]
    wanted = {"sign": (1, 1), "cancel": (1, 1), "agenda add": (0, 1), "agenda withdraw": (1, 1)}
    return (cases, lines) == wanted.get(command, (1, 0))


def _says_unfinished(text: str) -> bool:
    try:
        return bool(json.loads(text)["error"]["code"] == "unfinished")
    except (ValueError, KeyError, TypeError):
        return False


def _numbers(there: Office) -> Iterator[str]:
    """Whether the next letter gets the next number, and every number stands once."""
    done = agenda.add(there.session(), agenda.NewLetter(perihal="Sesudahnya", kode="000.9"))
    if isinstance(done, Refused):
        yield f"no number any more: {done.message}"
        return
    urut = sorted(entry.urut for entry in there.session().store.read_register() if entry.kind in {"given", "entered"})
    if urut != list(range(1, len(urut) + 1)):
        yield f"numbers: {urut}"


def main() -> int:
    """Run and tell."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--command", action="append", choices=COMMANDS)
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    runs, wrong = 0, []
    with TemporaryDirectory() as name, ThreadPoolExecutor(given.jobs) as pool:
        folder = Path(name)
        office = furnished(folder / "kantor")
        for command in given.command or COMMANDS:
            found = list(moments(office, folder, command))
            hows = ERRORS if given.errors else ("KILL",)
            deaths = [Death(command, call, nth, how) for call, nth in found for how in hows]
            for answer in pool.map(lambda death: tried(office, folder, death), deaths):
                wrong += answer
            runs += len(deaths)
            print(f"{command:<16} {len(deaths):>5} {'/'.join(hows)}", flush=True)
    print("\n".join(wrong))
    print(f"{runs} runs, {len(wrong)} with anything lost, doubled or half done")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
