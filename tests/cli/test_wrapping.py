"""No line ends in the middle of a word, and what people copy stands on one line, however narrow the terminal is."""

import os
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from sopctl.cli.wrapping import wrap
from sopctl.desk import setup

pty = pytest.importorskip("pty", reason="a terminal of POSIX systems")
fcntl, termios = pytest.importorskip("fcntl"), pytest.importorskip("termios")

ENV = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}} | {"TERM": "dumb"}

COMMANDS = """
list
show sk-tim
check
inbox
start sk-tim --subject "Penyusunan laporan pertanggungjawaban koperasi simpan pinjam triwulan keempat"
why sk-tim-1
status sk-tim-1
reject sk-tim-1
approve sk-tim-1 --at kemarin
approve sk-tim-1 --step susun
approve sk-tim-1 --set tugass=x
approve sk-tim-1
approve sk-tim-1
approve sk-tim-1
approve sk-tim-1 --set "tugas=Menyusun" --set "anggota=Orang Satu"
reject sk-tim-1
reject sk-tim-1 --note "Penanggungjawab kegiatannya belum disebutkan dengan lengkap di dalam konsep surat"
why sk-tim-1
approve sk-tim-1
approve sk-tim-1
approve sk-tim-1
status sk-tim-1
docs sk-tim-1
inbox
report
agenda
verify
verify tidak/ada.docx
verify sk-tim-1
doctor
backup cadangan-kantor.zip
status
start mekanisme-pelaporan
decide mekanisme-pelaporan-1
suspend mekanisme-pelaporan-1 --note tunggu
approve mekanisme-pelaporan-1
cancel mekanisme-pelaporan-1
"""


TYPED_IN_TURN = """
import contextlib, shlex, sys
from sopctl.cli.app import full
program = full()
for command in sys.argv[1:]:
    with contextlib.suppress(SystemExit):
        program(shlex.split(command))
    print("\f")
"""


def walk(folder: Path, width: int) -> list[str]:
    """The screens of all commands in a fresh office, on a terminal of this width at which nobody answers."""
    setup.init(folder)
    mine, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    words = [sys.executable, "-c", TYPED_IN_TURN, *COMMANDS.strip().splitlines()]
    with subprocess.Popen(words, cwd=folder, env=ENV, stdin=subprocess.DEVNULL, stdout=its, stderr=its):
        os.close(its)
        seen = b"".join(iter(lambda: read(mine), b""))
    os.close(mine)
    return seen.decode().replace("\r\n", "\n").split("\f\n")


def read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # so a terminal ends on Linux
        return b""


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return walk(tmp_path_factory.mktemp("wide") / "kantor", 1000)


@pytest.mark.parametrize("width", [80, 60])
def test_no_screen_cuts_a_word(tmp_path: Path, wide: list[str], width: int) -> None:
    commands, narrow = [*COMMANDS.strip().splitlines(), ""], walk(tmp_path / "kantor", width)
    assert len(wide) == len(commands)
    for command, whole, cut in zip(commands, wide, narrow, strict=True):
        words = {word for word in cut.split() if not re.search(r"[\d…─]", word)}
        assert words <= {*whole.split()}, f"{command}\n{cut}"
        copied = [line.partition("sopctl ")[2] for line in whole.splitlines() if line.startswith("  Lanjut")]
        assert all(each in cut for each in copied)
        tables = command.partition(" ")[0] in {"list", "show", "report", "agenda"}
        long = [line for line in cut.splitlines() if len(line) > width and not re.search("sopctl |/", line)]
        assert tables or not long


@pytest.mark.parametrize(
    ("line", "wrapped"),
    [
        ("Tidak ada berkas yang dimaksud.", ["Tidak ada berkas yang", "      dimaksud."]),
        ("  Penting  Nomor surat belum ada.", ["  Penting  Nomor surat", "           belum ada."]),
        ("  Lanjut   sesuai: sopctl approve sk-1 --step periksa", None),
        ('Perintahnya: sopctl withdraw sk-1 --note "…"', None),
        ("           data/berkas/05 surat tugas konsep.docx", None),
        (
            "Jalankan dahulu sopctl agenda add --nomor URUT --kode KODE lalu lihat",
            ["Jalankan dahulu", "      sopctl agenda add --nomor URUT --kode KODE", "      lalu lihat"],
        ),
        (
            "File /home/a/Kantor Saya/sops/sk-tim.yaml tidak ada.",
            ["File", "      /home/a/Kantor Saya/sops/sk-tim.yaml", "      tidak ada."],
        ),
        ("surat-pertanggungjawaban-keuangan", None),
    ],
)
def test_a_line_ends_between_words_and_never_within_what_is_copied(line: str, wrapped: list[str] | None) -> None:
    assert wrap(line, 26).split("\n") == (wrapped or [line])
    assert wrap(line, 0) == line
