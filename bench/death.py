"""Commands that are killed, or whose disk refuses, at every system call that can matter: what the next command finds.

    python -m bench.death [--command NAME]… [--errors] [--kills N --seed S] [--two-accounts] [--jobs 2]

A real `sopctl` runs under `strace`. A first run counts its calls; then it runs again for each of them and is killed
there (`SIGKILL` before the call), or with `--errors` the call fails with ENOSPC, EIO or EACCES. With `--kills N` it is
N runs by chance: any command of those that write, any of its calls, killed or failing; thousands keep a computer busy
for an hour, and the same seed tries the same.

After each run the office must be as before the command or as after it, `verify` must hold, `doctor` may only sweep, no
letter number may be lost or given twice, and the next command goes on. A backup, a bundle or a restored office is
whole or not there. With `--two-accounts` (as root only) one account runs the command and another one, with which it
shares the folder by its group, all that follows; what `restore` makes belongs to one account. The exit code is 1 where
anything else was seen.
"""

import argparse
import os
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from bench import death_office
from bench.death_checks import Ended, find_wrong
from bench.death_office import COMMANDS, Sight
from bench.office import ENVIRONMENT, PYTHON, program

CALLS = (
    "openat", "mkdir", "mkdirat", "write", "fsync", "sync", "ftruncate", "rename", "renameat", "renameat2", "unlink",
    "unlinkat", "rmdir", "flock", "chmod", "fchmod", "fchmodat", "chown", "fchown", "fchownat", "link", "linkat",
)  # fmt: skip
"""What changes a file, or opens one to be changed; a call that only reads is the same moment as its neighbours."""

ERRORS = ("ENOSPC", "EIO", "EACCES")
BY_CHANCE = ("KILL", "KILL", "ENOSPC", "EIO")

GROUP, FIRST, SECOND = 47_110, 47_111, 47_112
"""Numbers of a group and of two accounts that no computer gives by itself."""


class Death(Struct, frozen=True):
    """One run: which call was the last, or how it failed."""

    command: str
    call: str
    nth: int
    how: str


class Account(Struct, frozen=True):
    """Who runs the commands under strace; as whoever runs the bench where there is no number."""

    uid: int | None = None

    @property
    def as_process(self) -> Mapping[str, int | list[int]]:
        """What starts a process as this account."""
        return {} if self.uid is None else {"user": self.uid, "group": GROUP, "extra_groups": []}

    def own(self, folder: Path) -> Path:
        """Give a folder to the account and its group."""
        if self.uid is not None:
            os.chown(folder, self.uid, GROUP)
            folder.chmod(0o2770)
        return folder


def become(uid: int | None) -> None:
    """Go on as an account; nothing where it has no number."""
    if uid is not None:
        os.setgroups([])
        os.setgid(GROUP)
        os.setuid(uid)


class Search:
    """The offices, whole and damaged, that are copied for each run, and the processes that look at what is left."""

    def __init__(self, folder: Path, first: Account, looking: ProcessPoolExecutor) -> None:
        self._folder, self._first, self._looking = folder, first, looking
        self._known: dict[str, tuple[Sight, Sight]] = {}
        self._count = count(1)

    def moments(self, command: str) -> Iterator[tuple[str, int]]:
        """The calls of a whole run by kind and number, from the first that touches the record on."""
        place = self._copied(command, f"counted {command}")
        log = place / "log"
        before = self._looking.submit(Sight.of, self._folder / "utuh" / "kantor").result()
        ended = self._traced(place, command, "-y", "-o", str(log), "-e", f"trace={','.join(CALLS)}")
        if ended.returncode:
            raise SystemExit(f"{command}: {ended.stdout}{ended.stderr}")
        self._known[command] = before, self._looking.submit(Sight.of, place / "kantor").result()
        yield from _moments(log.read_text(encoding="utf-8", errors="replace"), str(place))
        _remove(place)

    def tried(self, death: Death) -> list[str]:
        """What is wrong after one such run; nothing where the promise holds."""
        place = self._copied(death.command, str(next(self._count)))
        inject = "signal=KILL" if death.how == "KILL" else f"error={death.how}"
        ended = self._traced(
            place, death.command, "-o", os.devnull, "-e", f"trace={death.call}",
            "-e", f"inject={death.call}:{inject}:when={death.nth}",
        )  # fmt: skip
        told = Ended(death.how, ended.returncode, ended.stdout, ended.stderr)
        found = self._looking.submit(find_wrong, place, death.command, told, *self._known[death.command]).result()
        _remove(place)
        return [f"{death}: {one}" for one in found]

    def _copied(self, command: str, name: str) -> Path:
        """A folder with an office of its own for a run, and what else the command wants."""
        source = self._folder / ("rusak" if COMMANDS[command].after == "mended" else "utuh")
        place = self._folder / name.replace(" ", "_")
        subprocess.run(["cp", "-a", source, place], check=True)
        return place

    def _traced(self, place: Path, command: str, *strace: str) -> subprocess.CompletedProcess[str]:
        """The command under strace."""
        words = self._looking.submit(death_office.words, place / "kantor", command).result()
        line = ["strace", "-f", "-qq", *strace, program(), *words, "--json"]
        return subprocess.run(  # type: ignore[call-overload,no-any-return]  # the account is told by name
            line, env={**ENVIRONMENT, "PYTHONDONTWRITEBYTECODE": "1"}, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=300, check=False, cwd="/", **self._first.as_process,
        )  # fmt: skip


def _moments(log: str, place: str) -> Iterator[tuple[str, int]]:
    counted: Counter[str] = Counter()
    begun = False
    for line in log.splitlines():
        found = re.match(r"(?:\d+ +)?(\w+)\(", line)
        if found is None:
            continue
        counted[found[1]] += 1
        read_only = found[1] == "openat" and ("O_RDONLY" in line or place not in line)
        told = re.match(r"(?:\d+ +)?write\([12]<", line) is not None  # to people, after it has happened
        begun = begun or (place in line and not read_only)
        if begun and not read_only and not told:
            yield found[1], counted[found[1]]


def _remove(place: Path) -> None:
    subprocess.run(["rm", "-rf", place], check=True)


def furnished(folder: Path, first: Account, acting: ProcessPoolExecutor, looking: ProcessPoolExecutor) -> None:
    """The office that is whole, with what stands beside it, and the damaged one."""
    place = first.own(_made(folder / "utuh"))
    root = first.own(_made(place / "kantor"))
    acting.submit(death_office.furnish, root, shared=first.uid is not None).result()
    looking.submit(death_office.visit, root).result()
    acting.submit(death_office.copy_aside, root).result()
    subprocess.run(["cp", "-a", place, folder / "rusak"], check=True)
    acting.submit(death_office.damage, folder / "rusak" / "kantor").result()


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def main() -> int:
    """Run and tell."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--command", action="append", choices=COMMANDS)
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--two-accounts", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    if given.two_accounts and (why := _why_one_account()):
        print(f"Two accounts are not tried: {why}.")
        return 0
    accounts = (FIRST, SECOND) if given.two_accounts else (None, None)
    spawn = get_context("spawn")
    with (
        TemporaryDirectory() as name,
        ProcessPoolExecutor(1, spawn, become, (accounts[0],)) as acting,
        ProcessPoolExecutor(given.jobs, spawn, become, (accounts[1],)) as looking,
    ):
        folder = Path(name)
        folder.chmod(0o711 if given.two_accounts else 0o700)
        furnished(folder, Account(accounts[0]), acting, looking)
        return tell(Search(folder, Account(accounts[0]), looking), given)


def _why_one_account() -> str:
    """Why no other account can be tried here; empty where it can."""
    if os.name != "posix" or os.geteuid():
        return "only root can act as another account"
    trial = [PYTHON, "-c", "import sopctl.cli.app"]
    try:
        subprocess.run(trial, user=FIRST, group=GROUP, extra_groups=[], cwd="/", capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return f"another account cannot run {PYTHON}"
    return ""


def tell(search: Search, given: argparse.Namespace) -> int:
    """Run what was asked for and print the figures."""
    wanted = given.command or [
        name for name, one in COMMANDS.items() if not given.two_accounts or one.after != "restored"
    ]
    moments = {command: list(search.moments(command)) for command in wanted}
    chance = random.Random(given.seed)  # noqa: S311 — a choice of accidents, no secret
    if given.kills:
        commands = chance.choices(list(moments), k=given.kills)
        deaths = [Death(one, *chance.choice(moments[one]), chance.choice(BY_CHANCE)) for one in commands]
    else:
        hows = ERRORS if given.errors else ("KILL",)
        deaths = [Death(one, *call, how) for one, calls in moments.items() for call in calls for how in hows]
    wrong: list[str] = []
    with ThreadPoolExecutor(given.jobs) as pool:
        for found in pool.map(search.tried, deaths):
            wrong += found
            print("".join(f"{one}\n" for one in found), end="", flush=True)
    for command, calls in moments.items():
        tried = Counter(one.how for one in deaths if one.command == command)
        times = ", ".join(f"{how} {number}" for how, number in sorted(tried.items()))
        print(f"{command:<16} {len(calls):>4} calls  {times}")
    print(f"{len(deaths)} runs, {len(wrong)} with anything lost, doubled or half done")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
