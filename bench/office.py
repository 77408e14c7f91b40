"""A small office to measure in: its cases, the clock, and the programs as a user starts them."""

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sopctl.desk import moves
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.desk.session import Session
from sopctl.desk.setup import init
from sopctl.desk.start import StartInput, start
from sopctl.engine.refused import Refused
from sopctl.sop.decode import read_sop
from sopctl.sop.model import Sop
from sopctl.store.workspace import Workspace

CASES = 5
CASE = "sk-tim-1"
MORNING = datetime(2026, 11, 24, 2, tzinfo=UTC)
"""09.00 in Pontianak, a Tuesday."""

FILLED = {
    "susun": (
        "dasar=Disposisi Kepala Dinas",
        "tugas=Menyusun bahan pelatihan;Melaksanakan pelatihan;Melaporkan hasilnya",
        "anggota=Anggota pertama|198001012005011001|Penata|Pengawas Koperasi|Ketua",
        "anggota=Anggota kedua|198502022010012002|Penata Muda|Analis Koperasi|Anggota",
        "masa_tugas=Satu bulan",
        "tembusan=Arsip",
    ),
}
"""What is filled in at which step of sk-tim; every field of its letter, so that none prints as a dotted line."""

MEMBER = "anggota=Anggota lain {}|197503032001121003|Penata Muda Tingkat I (III/b)|Analis Koperasi|Anggota"
"""One more row for the table of the letter."""

PYTHON = sys.executable
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""An installed program has its bytecode; a checkout that may not write it would be compiled anew at every start."""


def program() -> str:
    """The `sopctl` that is installed beside this Python."""
    found = shutil.which("sopctl", path=Path(PYTHON).parent)
    if found is None:
        raise SystemExit("Install sopctl into the environment that runs this: pip install -e .")
    return found


def process(command: list[str], folder: Path) -> None:
    """Run a program in a folder to its end; what it prints is read by nobody."""
    subprocess.run(command, cwd=folder, env=ENVIRONMENT, stdout=subprocess.DEVNULL, check=True)


def opened(folder: Path) -> Session:
    """The desk of a workspace, at an hour that is always the same."""
    later = iter(range(1_000_000))
    return Session(Workspace(folder), now=lambda: MORNING + timedelta(seconds=next(later)), account="petugas")


def furnished(folder: Path, members: int = 2) -> Path:
    """A new workspace in which a handful of cases wait at different steps; the first waits for the head's signature.

    ``members`` are the rows of the table in the first one's letter, two at least.
    """
    init(folder)
    session = opened(folder)
    for number in range(1, CASES + 1):
        made(start(session, "sk-tim", StartInput(subject=f"Tim Kerja Pelatihan {number}"), MoveInput()))
    for number, steps in enumerate((4, 3, 2, 1), 1):
        for _ in range(steps):
            advance(session, f"sk-tim-{number}", members if number == 1 else 2)
    return folder


def advance(session: Session, id: str, members: int = 2) -> None:
    """Approve the step at hand, with the fields that it asks for."""
    step = session.record.load_case(id).state.visit.step
    others = tuple(MEMBER.format(number) for number in range(3, members + 1)) if step in FILLED else ()
    made(moves.approve(session, id, MoveInput(sets=(*FILLED.get(step, ()), *others))))


def sk_tim() -> Sop:
    """The SOP of the measurements."""
    path = Path(__file__).parent.parent / "sops" / "sk-tim.yaml"
    sop, problems = read_sop(path.read_bytes(), path.name)
    if sop is None:
        raise SystemExit("\n".join(map(str, problems)))
    return sop


def made(answer: Outcome | Refused) -> Outcome:
    """What came of a move that nothing may refuse."""
    if isinstance(answer, Refused):
        raise SystemExit(answer.message)
    return answer
