"""A command that dies at any moment, or whose disk refuses, leaves a record that the next one understands.

A real `sopctl` runs under `strace`, which kills it at the n-th system call of a kind, or lets that call fail.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from signal import SIGKILL
from typing import TYPE_CHECKING, Any

import pytest

from sopctl.audit import doctor, verify
from sopctl.desk import agenda, incoming_register, moves, status
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.store.files.ledger_index import LedgerIndex
from sopctl.store.ledger import find_event_lines

if TYPE_CHECKING:
    from tests.conftest import Room

PROGRAM = Path(sys.executable).with_name("sopctl")
CALLS = ("mkdir", "mkdirat", "write", "fsync", "rename", "renameat", "unlink", "unlinkat", "ftruncate", "rmdir")
EVERY = {"fsync": 4}
"""Of the calls that come very often only some are tried: those between are the same moments as their neighbours'."""

SIGNED = "serahkan"
LETTER = ("approve", "sk-tim-1")


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory, seed: Path, rooms: "type[Room]") -> "Room":
    """Two cases whose letters wait for the signature: none has a number yet. What is only a cache is there."""
    room = rooms(shutil.copytree(seed, tmp_path_factory.mktemp("letters") / "kantor"))
    room.now = datetime.now(UTC) - timedelta(hours=1)
    for _ in range(2):
        room.letter()
    room.start("penugasan")
    return room


def copied(room: "Room", folder: Path) -> "Room":
    """The same office in another folder, now."""
    other = type(room)(shutil.copytree(room.root, folder))
    other.now = datetime.now(UTC)
    return other


def run(room: "Room", inject: str, *words: str, only: Path | None = None) -> subprocess.CompletedProcess[str]:
    """A command in whose system calls of a kind `strace` has a hand, or in those upon one path ``only``.

    A call that is relative to a folder tells the name alone.
    """
    call = inject.partition(":")[0]
    strace: tuple[str, ...] = ("strace", "-f", "-o", os.devnull, "-e", f"trace={call}", "-e", f"inject={inject}")
    strace += ("--seccomp-bpf",) if "error=" in inject else ()  # stopped at no other call; signals get lost with it
    strace += ("-P", str(only), "-P", only.name) if only else ()
    return subprocess.run(
        [*strace, PROGRAM, *words, "--json", "--workspace", room.root],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def deaths(room: "Room", folder: Path, call: str, *words: str) -> Iterator["Room"]:
    """The office after the command died at the first, second … call of this kind, until it lives to its end."""
    for nth in range(1, 60, EVERY.get(call, 1)):
        office = copied(room, folder / f"{call}-{nth}")
        ended = run(office, f"{call}:signal=KILL:when={nth}", *words)
        yield office
        if ended.returncode == 0:
            assert nth > 1, f"{call} is never called: nothing was tried"
            return
        assert ended.returncode == -SIGKILL, ended.stderr
        shutil.rmtree(office.root)
    pytest.fail("the command never came to its end")


def urut(room: "Room") -> list[int]:
    """The numbers in the register."""
    return [entry.urut for entry in agenda.list_letters(room.session().record, None)]


def rubbish(room: "Room") -> list[str]:
    """What a dead process may have left in the record."""
    return [name for name in room.record() if name.endswith(".tmp") or name.startswith(("staging", "journal"))]


@pytest.mark.parametrize("call", CALLS)
def test_a_signature_that_dies_is_made_or_not_and_its_number_given_once(
    letters: "Room", tmp_path: Path, call: str
) -> None:
    for nth, office in enumerate(deaths(letters, tmp_path, call, *LETTER)):
        assert status.case_status(office.session().record, "sk-tim-1").step in {"tandatangan", SIGNED}
        assert verify.verify(office.session().record, None).findings == ()
        if nth % 2:
            assert doctor.run_doctor(office.session().record).findings == ()
            assert rubbish(office) == []
        # Whoever repeats the command finishes what was on its way, signs, or hears that it has been done.
        if status.case_status(office.session().record, "sk-tim-1").step != SIGNED:
            answer = office.ask(lambda session: moves.approve(session, "sk-tim-1", MoveInput()))
            assert isinstance(answer, Outcome) or answer.reason == "overtaken"
        assert status.case_status(office.session().record, "sk-tim-1").step == SIGNED
        office.approve("sk-tim-2")
        assert urut(office) == [1, 2]
        assert [_nomor(office, id).split("/")[1] for id in ("sk-tim-1", "sk-tim-2")] == ["1", "2"]
        assert doctor.run_doctor(office.session().record).findings == ()
        assert rubbish(office) == []


FORK = """
id: rapat
nama: Rapat
pelaksana: {kabid: Kepala Bidang, tim: Tim Kerja}
steps:
  - {id: perintah, kegiatan: Memerintahkan, pelaksana: kabid, output: Perintah, next: [undangan, tempat]}
  - {id: undangan, kegiatan: Menyusun, pelaksana: tim, sop: penugasan, next: laksana}
  - {id: tempat, kegiatan: Menyiapkan, pelaksana: tim, branches: {ya: laksana, ulang: perintah}}
  - {id: laksana, kegiatan: Melaksanakan, pelaksana: kabid}
"""


@pytest.mark.parametrize("call", ["write", "fsync", "renameat"])
def test_a_fork_that_dies_opens_all_its_rows_and_the_case_that_one_calls_or_nothing(
    letters: "Room", tmp_path: Path, call: str
) -> None:
    forked = copied(letters, tmp_path / "kantor")
    forked.write(FORK)
    forked.start("rapat")
    known = len(list(forked.session().store.list_ids()))
    for office in deaths(forked, tmp_path, call, "approve", "rapat-1"):
        assert verify.verify(office.session().record, None).findings == ()
        assert doctor.run_doctor(office.session().record).findings == ()
        assert rubbish(office) == []
        state = office.session().record.load_case("rapat-1").state
        children = len(list(office.session().store.list_ids())) - known
        open_rows = [(row.step, bool(row.visit.child)) for row in state.rows]
        assert (open_rows, children) in [([("perintah", False)], 0), ([("undangan", True), ("tempat", False)], 1)]


def _nomor(office: "Room", id: str) -> str:
    """The number on the signed letter of a case."""
    return next(written.nomor for written in status.case_status(office.session().record, id).written if written.nomor)


@pytest.mark.parametrize("call", ["write", "fsync", "renameat"])
def test_a_plain_move_that_dies_is_in_case_and_ledger_or_in_neither(letters: "Room", tmp_path: Path, call: str) -> None:
    before = letters.session().store.load_instance("sk-tim-1").revision
    for office in deaths(letters, tmp_path, call, "note", "sk-tim-1", "sudah ditelepon"):
        assert office.session().store.load_instance("sk-tim-1").revision in {before, before + 1}
        assert verify.verify(office.session().record, None).findings == ()
        assert doctor.run_doctor(office.session().record).findings == ()
        assert rubbish(office) == []
        told = find_event_lines(LedgerIndex(office.session().workspace), "sk-tim-1")
        assert told[-1].revision == office.session().store.load_instance("sk-tim-1").revision


@pytest.mark.parametrize("call", ["write", "fsync", "renameat"])
def test_rows_that_are_left_out_in_one_command_are_so_together_or_not(
    letters: "Room", tmp_path: Path, call: str
) -> None:
    office = copied(letters, tmp_path / "kantor")
    office.write("""
        id: uji
        nama: Uji
        pelaksana: {tim: Tim}
        fields:
          nilai: {label: Nilai, type: number, required: ya}
        steps:
          - {id: satu, kegiatan: Meninjau, pelaksana: tim, optional: ya, output: Catatan}
          - {id: dua, kegiatan: Menelaah, pelaksana: tim, optional: {when: nilai < 5}}
          - {id: tiga, kegiatan: Menyimpan, pelaksana: tim}
        """)
    office.start("uji", typed=MoveInput(sets=("nilai=3",)))
    for after in deaths(office, tmp_path, call, "skip", "uji-1", "--note", "tidak perlu"):
        assert status.case_status(after.session().record, "uji-1").step in {"satu", "tiga"}
        assert verify.verify(after.session().record, None).findings == ()
        assert doctor.run_doctor(after.session().record).findings == ()
        assert rubbish(after) == []


def test_a_plain_move_waits_for_the_file_then_for_the_ledger_and_only_then_puts_the_file_in_place(
    letters: "Room", tmp_path: Path
) -> None:
    office, log = copied(letters, tmp_path / "kantor"), tmp_path / "log"
    watched = ("strace", "-f", "--seccomp-bpf", "-y", "-o", str(log), "-e")
    calls = "trace=write,fsync,rename,renameat,renameat2"
    command = [*watched, calls, str(PROGRAM), "note", "sk-tim-1", "sudah ditelepon", "--workspace", str(office.root)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    lines = [line for line in log.read_text(encoding="utf-8").splitlines() if f"{office.root}/data/" in line]
    kinds = [
        (line.split("(")[0].split()[-1], "ledger" if "ledger.jsonl>" in line else "case")
        for line in lines
        if "cache" not in line and "data/lock>" not in line
    ]
    assert kinds[:4] == [("write", "case"), ("fsync", "case"), ("write", "ledger"), ("fsync", "ledger")]
    assert kinds[4][0].startswith("rename")
    assert len(kinds) == 5


@pytest.mark.parametrize("call", ["mkdir", "write", "fsync", "renameat"])
def test_a_start_that_dies_opens_a_case_or_none_and_never_over_another(
    letters: "Room", tmp_path: Path, call: str
) -> None:
    before = letters.record()
    for office in deaths(letters, tmp_path, call, "start", "penugasan"):
        id = office.start("penugasan").id
        assert id in {"penugasan-2", "penugasan-3"}
        assert list(office.session().store.list_ids("penugasan"))[-1] == id
        kept = office.record()
        assert kept["ledger.jsonl"].startswith(before["ledger.jsonl"])
        assert {name: kept[name] for name in before if name != "ledger.jsonl"} == {
            name: data for name, data in before.items() if name != "ledger.jsonl"
        }
        assert doctor.run_doctor(office.session().record).findings == ()
        assert rubbish(office) == []


@pytest.mark.parametrize(
    ("inject", "path", "code", "says"),
    [
        pytest.param("write:error=ENOSPC", "staging/1", "disk_full", "Disk penuh", id="full at the Word file"),
        pytest.param("write:error=ENOSPC", "staging/2", "disk_full", "Disk penuh", id="full at the case"),
        pytest.param("write:error=ENOSPC", "staging/3", "disk_full", "Disk penuh", id="full at the number"),
        pytest.param("fsync:error=EIO", "staging/2", "disk", "Disk menolak", id="a disk that fails"),
        pytest.param("mkdir:error=EACCES", "staging", "permission", "Tidak ada izin", id="a folder that is not ours"),
        pytest.param("mkdir:error=EROFS", "staging", "read_only", "hanya dapat dibaca", id="a read-only disk"),
        pytest.param("flock:error=ENOLCK", "lock", "no_locks", "tidak dapat dikunci", id="a folder without locks"),
    ],
)
def test_a_disk_that_refuses_changes_nothing_and_the_user_hears_what_to_do(
    letters: "Room", tmp_path: Path, inject: str, path: str, code: str, says: str
) -> None:
    office = copied(letters, tmp_path / "kantor")
    before = office.record()
    error = _error(run(office, inject, *LETTER, only=office.root / "data" / path))
    assert error["code"] == code
    assert says in error["message"]
    assert office.record() == before
    office.approve("sk-tim-1")
    assert urut(office) == [1]


@pytest.mark.parametrize(
    ("inject", "path"),
    [
        pytest.param("write:error=ENOSPC", "agenda/{year}/semua.jsonl", id="full at the register"),
        pytest.param("renameat:error=EACCES", "staging/2", id="a case that is not ours"),
        pytest.param("unlink:error=EACCES", "journal.json", id="a journal that cannot be removed"),
    ],
)
def test_a_change_that_is_declared_but_not_finished_is_finished_by_the_next(
    letters: "Room", tmp_path: Path, inject: str, path: str
) -> None:
    office = copied(letters, tmp_path / "kantor")
    path = path.format(year=office.session().now().year)
    error = _error(run(office, inject, *LETTER, only=office.root / "data" / path))
    assert (error["code"], "jangan diulang" in error["message"]) == ("unfinished", True)
    office.approve("sk-tim-2")
    assert urut(office) == [1, 2]
    assert status.case_status(office.session().record, "sk-tim-1").step == SIGNED
    assert verify.verify(office.session().record, None).findings == ()


def _error(ended: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """What a command said that ended with the exit code of a store that does not take it."""
    assert ended.returncode == 6, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    error: dict[str, Any] = json.loads(ended.stdout)["error"]
    return error


@pytest.mark.parametrize("call", ["write", "fsync", "renameat"])
def test_an_incoming_letter_that_dies_is_entered_or_not_and_its_number_given_once(
    letters: "Room", tmp_path: Path, call: str
) -> None:
    scan = tmp_path / "surat.pdf"
    scan.write_bytes(b"%PDF-1.4 surat")
    words = ("agenda", "masuk", "add", "--from", "Bappeda", "--perihal", "Rapat", "--scan", str(scan))
    for office in deaths(letters, tmp_path, call, *words):
        assert verify.verify(office.session().record, None).findings == ()
        typed = incoming_register.IncomingInput(values={"surat_dari": "Bappeda", "perihal": "Rapat"})
        incoming_register.add_incoming(office.session(), typed)
        rows = incoming_register.list_incoming(office.session().record)
        assert [row.nomor for row in rows] in (["1"], ["1", "2"])
        assert doctor.run_doctor(office.session().record).findings == ()
        assert rubbish(office) == []


@pytest.mark.parametrize("call", ["fsync", "renameat"])
def test_a_case_from_an_incoming_letter_that_dies_is_opened_or_not_and_its_entry_says_which(
    letters: "Room", tmp_path: Path, call: str
) -> None:
    scan = tmp_path / "surat.pdf"
    scan.write_bytes(b"%PDF-1.4 surat")
    office = copied(letters, tmp_path / "kantor")
    typed = incoming_register.IncomingInput(values={"surat_dari": "Bappeda", "perihal": "Rapat"}, scan=scan)
    incoming_register.add_incoming(office.session(), typed)
    for after in deaths(office, tmp_path, call, "start", "sk-tim", "--from-agenda", "1"):
        assert verify.verify(after.session().record, None).findings == ()
        assert doctor.run_doctor(after.session().record).findings == ()
        (row,) = incoming_register.list_incoming(after.session().record)
        ids = {*after.session().store.list_ids("sk-tim")} - {"sk-tim-1", "sk-tim-2"}
        assert {*row.cases} == ids
        assert rubbish(after) == []
