"""How many keys a clerk presses from opening a case to its signed letter, in a real shell on a real terminal.

A key is a letter, Enter or an arrow; a command that is typed again is fetched with the Up arrow. What the screen asks
is answered as it comes; everything that is not named here is left at what Enter takes.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sopctl.desk import setup

pexpect = pytest.importorskip("pexpect", reason="a terminal of POSIX systems")
if shutil.which("bash") is None:
    pytest.skip("a shell with a history", allow_module_level=True)

BIN = Path(sys.executable).parent
ENV = {name: value for name, value in os.environ.items() if not name.startswith("SOPCTL_")}
UP = "\x1b[A"
MOST_COMMANDS, MOST_KEYS = 6, 120

PEOPLE = """nama,nip,pangkat,golongan,jabatan,unit
"Pegawai Satu, S.E.",198001012005011001,Penata,III/c,Analis Koperasi,Bidang 3
Pegawai Dua,198101012006011002,Penata Muda,III/a,Pengolah Data,Bidang 3
Pegawai Tiga,198201012007011003,Penata Muda,III/a,Penyuluh,Bidang 3
"""
ANSWERS = [
    ("Perihal", "Nelayan"), ("Tugas yang diberikan", "Pendataan"),
    ("Baris 1, nama", "satu"), ("peran", "Ketua"), ("Baris 2, nama", "dua"), ("peran", "Anggota"),
    ("Baris 3, nama", "tiga"), ("peran", "Anggota"),
]  # fmt: skip
"""What is typed to a question with these words, each once and in this order."""


class Clerk:
    """Somebody at a shell in the office's folder, whose commands and keys are counted."""

    def __init__(self, root: Path) -> None:
        env = ENV | {"TERM": "dumb", "LC_ALL": "C.UTF-8", "PS1": "kantor> ", "PATH": f"{BIN}:{os.environ['PATH']}"}
        words = ["--norc", "--noprofile", "-i"]
        self._shell: Any = pexpect.spawn(
            "bash", words, cwd=str(root), env=env, encoding="utf-8", dimensions=(50, 80), timeout=30
        )
        self._shell.expect_exact("kantor> ")
        self._answers = list(ANSWERS)
        self.commands = self.keys = 0

    def command(self, typed: str, keys: int) -> None:
        """Give a command, and answer what it asks."""
        self.commands += 1
        self._press(typed, keys)
        while self._shell.expect([r"kantor> $", r"\n[^\n]*: $"]) == 1:
            self._answer(self._shell.before + self._shell.after)

    def _answer(self, asked: str) -> None:
        text = "y" if "y = ya" in asked.rpartition("\n")[2] else ""
        if self._answers and self._answers[0][0] in asked:
            _, text = self._answers.pop(0)
        self._press(text, len(text))

    def _press(self, typed: str, keys: int) -> None:
        self._shell.sendline(typed)
        self.keys += keys + 1


def test_a_signed_letter_takes_six_commands_and_few_keys(tmp_path: Path) -> None:
    root = tmp_path / "kantor"
    setup.init(root)
    (root / "pegawai.csv").write_text(PEOPLE, encoding="utf-8")
    clerk = Clerk(root)
    for command in ("sopctl start sk-tim", "sopctl approve"):
        clerk.command(command, len(command))
    for _ in range(4):
        clerk.command(UP, 1)
    case = json.loads(subprocess.check_output([BIN / "sopctl", "status", "sk-tim-1", "--json"], cwd=root, env=ENV))
    signed = case["documents"][-1]
    assert (signed["name"], signed["act"], bool(signed["nomor"])) == ("surat-tugas", "sign", True)
    assert (case["subject"], case["fields"]["tugas"]) == ("Nelayan", ["Pendataan"])
    assert [(row["nip"][:6], row["peran"]) for row in case["fields"]["anggota"]] == [
        ("198001", "Ketua"), ("198101", "Anggota"), ("198201", "Anggota"),
    ]  # fmt: skip
    assert clerk.commands <= MOST_COMMANDS
    assert clerk.keys <= MOST_KEYS
