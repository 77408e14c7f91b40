"""`inbox --watch` as a process at a terminal: it draws what waits again when the record changes, until Ctrl-C."""

import os
import signal
import struct
import subprocess
import sys
import time
from codecs import getincrementaldecoder
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.postgres_cluster import Database

pty = pytest.importorskip("pty", reason="a terminal of POSIX systems")
fcntl, termios = pytest.importorskip("fcntl"), pytest.importorskip("termios")

SOPCTL = [sys.executable, "-m", "sopctl.cli"]
ENV = {"TERM": "xterm", "COLUMNS": "100", "LINES": "16"}
CLEAR = "\x1b[2J"


class Watched:
    """`inbox --watch` on a terminal of 16 lines."""

    def __init__(self, folder: Path) -> None:
        self._mine, its = pty.openpty()
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 16, 100, 0, 0))
        self.process = subprocess.Popen(
            [*SOPCTL, "inbox", "--watch"], cwd=folder, env=os.environ | ENV, stdin=its, stdout=its, stderr=its
        )
        os.close(its)
        self.seen, self._decode = "", getincrementaldecoder("utf-8")().decode  # a letter may come in two pieces

    def wait_for(self, words: str) -> str:
        """The screen once these words stand on it."""
        until = time.monotonic() + 60
        while words not in " ".join((screen := self.seen.rpartition(CLEAR)[2]).split()):
            assert time.monotonic() < until, self.seen
            self.seen += self._decode(os.read(self._mine, 65536))
        return screen

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._mine)


@pytest.fixture
def watched(workspace: Path) -> Iterator[Watched]:
    made = Watched(workspace)
    yield made
    made.end()


def sopctl(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*SOPCTL, *words], cwd=folder, capture_output=True, text=True, check=False, timeout=120)


def test_what_waits_is_drawn_again_when_the_record_changes_until_ctrl_c(workspace: Path, watched: Watched) -> None:
    watched.wait_for("Tidak ada yang menunggu.")
    sopctl(workspace, "start", "sk-tim")
    watched.wait_for("sk-tim-1")
    for _ in range(7):
        sopctl(workspace, "start", "sk-tim")
    watched.wait_for("8 menunggu")
    assert len(watched.wait_for("Ctrl-C").splitlines()) <= 16
    watched.process.send_signal(signal.SIGINT)
    assert watched.process.wait(30) == 0
    assert "Traceback" not in watched.seen


def test_a_record_that_is_away_for_a_moment_is_waited_for(workspace: Path, watched: Watched) -> None:
    sopctl(workspace, "start", "sk-tim")
    watched.wait_for("sk-tim-1")
    data, away = workspace / "data", workspace.parent / "away"
    data.rename(away)
    data.symlink_to("nowhere")
    watched.wait_for("tidak dapat dicapai")
    data.unlink()
    away.rename(data)
    watched.wait_for("1 menunggu")


def test_a_server_that_is_restarted_is_waited_for(workspace: Path, database: "Database") -> None:
    database.add_office("dinas_satu", "dinas_satu")
    with (workspace / "sopctl.yaml").open("a", encoding="utf-8") as file:
        file.write("\nrecord: {store: postgres, service: dinas_satu}\n")
    watched = Watched(workspace)
    try:
        watched.wait_for("Tidak ada yang menunggu.")
        database.cluster.stop()
        database.cluster.start()
        assert sopctl(workspace, "start", "sk-tim").returncode == 0
        watched.wait_for("1 menunggu")
    finally:
        watched.end()


@pytest.mark.parametrize("words", [("--json",), ("--html", "giliran.html"), ()], ids=["json", "a-file", "a-pipe"])
def test_what_is_no_screen_is_not_drawn_on(workspace: Path, words: tuple[str, ...]) -> None:
    done = sopctl(workspace, "inbox", "--watch", *words)
    assert done.returncode == 2
    assert "--watch" in done.stdout + done.stderr
    assert not (workspace / "giliran.html").exists()
