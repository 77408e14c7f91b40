"""A command of sopctl at a real terminal of 80 columns: answered as soon as it reads, waited for at its end."""

import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

pexpect = pytest.importorskip("pexpect", reason="a terminal of POSIX systems")
SOPCTL = str(Path(sys.executable).with_name("sopctl"))
ENV = {name: value for name, value in os.environ.items() if not name.startswith("SOPCTL_")}


def begin_command(root: Path, *words: str) -> Any:  # noqa: ANN401 — pexpect has no types
    """Begin a command in the folder of an office."""
    env = ENV | {"TERM": "dumb", "LC_ALL": "C.UTF-8"}
    child = pexpect.spawn(
        SOPCTL, list(words), cwd=str(root), env=env, encoding="utf-8", dimensions=(50, 80), timeout=20
    )
    child.delaybeforesend = None  # `send` knows when
    return child


def answer(child: Any, *turns: tuple[str, str]) -> str:  # noqa: ANN401 — pexpect has no types
    """Type a line after each text; what the screen showed up to the last of these texts."""
    screen = ""
    for question, typed in turns:
        child.expect_exact(question)
        screen += child.before + child.after
        send(child, f"{typed}\n")
    return screen


def send(child: Any, typed: str) -> None:  # noqa: ANN401 — pexpect has no types
    """Press keys once the command waits for them."""
    _wait_until_it_sleeps(child.pid)
    child.send(typed)


def interrupt(child: Any) -> str:  # noqa: ANN401 — pexpect has no types
    """Press Ctrl-C at a question; what was said then. Python forgets one that comes just before it reads the keys."""
    for _ in range(5):
        _wait_until_it_sleeps(child.pid)
        child.sendintr()
        if child.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=4) == 0:
            break
    assert _wait_for(child) == 130
    return str(child.before)


def finish(child: Any) -> int:  # noqa: ANN401 — pexpect has no types
    """The exit code of a command that ends by itself."""
    child.expect(pexpect.EOF)
    return _wait_for(child)


def _wait_for(child: Any) -> int:  # noqa: ANN401 — pexpect has no types
    """The exit code of a command that has left the terminal."""
    code = int(child.wait())
    child.ptyproc.delayafterclose = 0
    child.close()
    return code


def _wait_until_it_sleeps(process: int) -> None:
    """Wait while a process works; where there is no `/proc`, 50 ms."""
    state = Path(f"/proc/{process}/stat")
    if not state.exists():
        time.sleep(0.05)
    while state.exists() and state.read_text(encoding="utf-8").rpartition(")")[2].split()[0] in {"R", "D"}:
        time.sleep(0.001)
