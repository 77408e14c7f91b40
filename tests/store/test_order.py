"""In which order a command writes, and what it waits for, read from `strace`.

A kill cannot show it: what a dead process wrote is kept by the system, and lost only where the power fails.
"""

import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec
import pytest

from sopctl.store import disk
from sopctl.store.files.journal import Journal, JournalOperation
from sopctl.store.files.prepared import PreparedWrite, sha256_of
from sopctl.store.workspace import JOURNAL, STAGING

if TYPE_CHECKING:
    from tests.conftest import Room

PROGRAM = str(Path(sys.executable).with_name("sopctl"))
PONTIANAK = ZoneInfo("Asia/Pontianak")
CALLS = "write,fsync,rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,ftruncate"

PLAIN = """
id: polos
nama: Polos
pelaksana: {tim: Tim Kerja}
steps:
  - {id: satu, kegiatan: Menyusun, pelaksana: tim, waktu: 1 jam}
  - {id: dua, kegiatan: Menyimpan, pelaksana: tim, waktu: 1 jam}
"""

Step = tuple[str, ...]
"""A call of the system and the paths that it is about, below the folder that is watched."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, seed: Path, rooms: "type[Room]") -> "Room":
    """An office with a case whose letter waits for the signature, and one at a row that writes no Word file."""
    room = rooms(shutil.copytree(seed, tmp_path_factory.mktemp("order") / "kantor"))
    room.now = datetime.now(UTC) - timedelta(hours=1)
    room.letter()
    room.write(PLAIN)
    room.start("polos")
    return room


def order(folder: Path, log: Path, *command: str) -> list[Step]:
    """The calls of a command that change files below a folder or wait for them; the lock and the cache are left out."""
    strace = ("strace", "-f", "--seccomp-bpf", "-y", "-s", "0", "-o", str(log), "-e", f"trace={CALLS}")
    subprocess.run([*strace, *command], check=True, capture_output=True, timeout=120)
    steps = []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        called = re.match(r"(?:\d+ +)?(\w+)\((.*)\) += 0?", line)
        if called is None or "= -1" in line:
            continue
        name, arguments = called.groups()
        found = re.findall(r'<([^>]+)>(?:, "([^"]+)")?|"([^"]+)"', arguments)
        paths = [path for parts in found if (path := str(Path(*parts))).startswith(str(folder))]
        shown = tuple(path.removeprefix(str(folder)).strip("/") or "." for path in dict.fromkeys(paths))
        if shown and not shown[0].startswith(("cache", "lock")):
            steps.append((re.sub("at2?$", "", name), *shown))
    return steps


def only(steps: list[Step], *names: str) -> list[Step]:
    """The steps that are calls of these names."""
    return [step for step in steps if step[0] in names]


def test_an_approval_waits_for_the_case_then_for_the_ledger_and_only_then_puts_the_case_in_place(
    office: "Room", tmp_path: Path
) -> None:
    data = office.root / "data"
    steps = order(data, tmp_path / "log", PROGRAM, "approve", "polos-1", "--workspace", str(office.root))
    staged, case = steps[2][1], "instances/polos/0000/polos-1.json"
    assert staged.startswith(f"{STAGING}/")
    assert steps == [
        ("mkdir", STAGING),  # `start` swept the folder with its journal
        ("fsync", "."),
        ("write", staged),
        ("fsync", staged),
        ("write", "ledger.jsonl"),
        ("fsync", "ledger.jsonl"),
        ("rename", staged, case),
    ]


def test_a_letter_is_declared_once_it_is_on_the_disk_and_its_journal_goes_once_all_is_in_place(
    office: "Room", tmp_path: Path
) -> None:
    data = office.root / "data"
    steps = order(data, tmp_path / "log", PROGRAM, "approve", "sk-tim-1", "--workspace", str(office.root))
    letter = "documents/sk-tim/0000/sk-tim-1"
    case, agenda = "instances/sk-tim/0000", f"agenda/{datetime.now(PONTIANAK).year}"
    declared = next(place for place, step in enumerate(steps) if step[0] == "rename" and step[2:] == (JOURNAL,))
    before, after = steps[:declared], steps[declared + 1 :]

    # Everything lies beside and is waited for, the folder that names it last; then the journal itself.
    staged = [f"{STAGING}/{number}" for number in range(1, 5)]
    draft = steps[declared][1]
    assert [path for _, path in only(before, "write")] == [*staged, draft]
    for path in (*staged, draft):
        assert before.index(("fsync", path)) == before.index(("write", path)) + 1
    assert before[-3:] == [("fsync", STAGING), ("write", draft), ("fsync", draft)]
    for name, path in only(before, "mkdir"):
        parent = path.rpartition("/")[0] or "."
        assert ("fsync", parent) in before[before.index((name, path)) :]

    # With the folder of the journal on the disk the change has happened; only then a file of the record is touched.
    assert after[0] == ("fsync", ".")
    assert [step[0:2] for step in only(after, "rename")] == [("rename", staged[0]), ("rename", staged[1])]
    for log in (f"{agenda}/semua.jsonl", "ledger.jsonl"):
        assert after.index(("fsync", log)) == after.index(("write", log)) + 1

    # Every folder that holds something new is waited for before the journal goes, and its going before the rest.
    gone = after.index(("unlink", JOURNAL))
    assert {path for _, path in only(after[1:gone], "fsync")} >= {letter, case, agenda, "."}
    for folder in (letter, case, agenda):
        placed = max(place for place, step in enumerate(after) if step[-1].startswith(f"{folder}/"))
        assert placed < after.index(("fsync", folder)) < gone
    assert after[gone + 1] == ("fsync", ".")
    assert {step[0] for step in after[gone + 2 :]} <= {"unlink", "rmdir"}


def test_who_finishes_the_change_of_another_waits_for_its_folder_before_what_lay_beside_is_swept(
    tmp_path: Path,
) -> None:
    """A file and a line: what `commit_prepared` does not wait for, whoever comes next must."""
    root = tmp_path / "data"
    line = b"satu\n"
    disk.replace_file(root / "ledger.jsonl", line)
    disk.replace_file(root / "a" / "case", b"lama")
    prepared = PreparedWrite(0, sha256_of(line), "ledger.jsonl", "a/case")
    staged = f"{STAGING}/{prepared.file_name}"
    disk.replace_file(root / staged, b"baru")
    assert order(root, tmp_path / "log", *recovering(root)) == [
        ("rename", staged, "a/case"),
        ("fsync", "a"),
        ("rmdir", STAGING),
    ]


def test_who_takes_back_the_change_of_another_cuts_the_log_and_waits_for_it_before_the_file_goes(
    tmp_path: Path,
) -> None:
    root = tmp_path / "data"
    disk.replace_file(root / "ledger.jsonl", b"")
    prepared = PreparedWrite(0, sha256_of(b"satu\n"), "ledger.jsonl", "a/case")
    staged = f"{STAGING}/{prepared.file_name}"
    disk.replace_file(root / staged, b"baru")
    code = (
        f"import os; root = Path({str(root)!r}); log = root / 'ledger.jsonl'; log.write_bytes(b'sa'); "
        "from sopctl.store.files import prepared; "
        f"prepared._roll_back(root / {staged!r}, log, 0, b'satu' + bytes([10]))"
    )
    steps = order(root, tmp_path / "log", *running(code))
    assert steps[-3:] == [("ftruncate", "ledger.jsonl"), ("fsync", "ledger.jsonl"), ("unlink", staged)]


def test_who_finishes_a_journal_waits_for_every_file_and_folder_before_the_journal_goes(tmp_path: Path) -> None:
    root = tmp_path / "data"
    disk.replace_file(root / "log" / "l.jsonl", b"satu\n")
    disk.replace_file(root / "a" / "case", b"lama")
    disk.replace_file(root / STAGING / "1", b"baru")
    disk.replace_file(root / STAGING / "2", b"dua\n")
    operations = (
        JournalOperation("put", f"{STAGING}/1", "a/case", sha256_of(b"baru")),
        JournalOperation("append", f"{STAGING}/2", "log/l.jsonl", sha256_of(b"dua\n"), 5),
    )
    disk.replace_file(root / JOURNAL, msgspec.json.encode(Journal(operations)))
    steps = order(root, tmp_path / "log", *recovering(root))
    gone = steps.index(("unlink", JOURNAL))
    assert steps[:4] == [
        ("rename", f"{STAGING}/1", "a/case"),
        ("ftruncate", "log/l.jsonl"),
        ("write", "log/l.jsonl"),
        ("fsync", "log/l.jsonl"),
    ]
    assert sorted(steps[4:gone]) == [("fsync", "a"), ("fsync", "log")]
    assert steps[gone + 1] == ("fsync", ".")


def test_a_single_file_is_replaced_by_one_that_is_on_the_disk_and_its_folder_is_waited_for(tmp_path: Path) -> None:
    code = f"disk.replace_file(Path({str(tmp_path)!r}) / 'a' / 'b' / 'c', b'x')"
    steps = order(tmp_path / "a", tmp_path / "log", *running(code))
    temporary = next(step[1] for step in steps if step[0] == "write")
    assert steps == [
        ("mkdir", "."),
        ("mkdir", "b"),
        ("fsync", "."),
        ("write", temporary),
        ("fsync", temporary),
        ("rename", temporary, "b/c"),
        ("fsync", "b"),
    ]


def running(code: str) -> tuple[str, ...]:
    """A process of its own that does this with the files of the store."""
    imports = "from pathlib import Path; from sopctl.store import disk; from sopctl.store.files import journal; "
    return sys.executable, "-c", imports + code


def recovering(root: Path) -> tuple[str, ...]:
    """A process of its own that finishes or sweeps what lies in a folder."""
    return running(f"assert journal.recover(Path({str(root)!r}))")
