"""Work that several processes share comes to an end whatever becomes of the others."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sopctl.audit import processes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process begins as a copy")


_ASKER = """
import os, time
from sopctl.audit import processes

processes.count_cores, own = lambda: 3, os.getpid()

def work(part):
    if os.getpid() == own:
        time.sleep(60)
    os.write(1, b"begun\\n")
    return bytes(1_000_000)

with processes.share_work(work, range(9), cases=1_000_000) as done:
    list(done)
"""


def _kill_this() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _kill_this_soon() -> None:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, 0.002)


def _fail() -> None:
    raise ValueError


class _KillsWhoSends:
    """Something that is sent in part: who does so ends in the middle."""

    def __reduce__(self) -> tuple[type[bytes], tuple[bytes]]:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, 0.5)  # all that a pipe holds is sent by then, and more is not taken
        return bytes, (bytes(10_000_000),)


@pytest.mark.parametrize("end", [_kill_this, _fail])
def test_what_a_process_that_ends_early_leaves_is_done_by_the_one_that_asked(
    end: Callable[[], None], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(processes, "count_cores", lambda: 3)
    own = os.getpid()

    def work(part: int) -> int:
        if os.getpid() != own:
            end()
        return part * 2

    with processes.share_work(work, range(50), cases=1_000_000) as done:
        assert [*done] == [part * 2 for part in range(50)]
    assert capfd.readouterr() == ("", "")


def test_an_error_of_the_work_reaches_who_asked() -> None:
    def work(_: int) -> None:
        raise ValueError

    with pytest.raises(ValueError), processes.share_work(work, range(9), cases=1_000_000) as done:  # noqa: PT011 — its own
        list(done)


def test_a_process_that_ends_while_it_sends_leaves_its_parts_to_the_one_that_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(processes, "count_cores", lambda: 2)
    own = os.getpid()

    def work(part: int) -> object:
        time.sleep(0.1)
        if os.getpid() == own and part < 2:
            time.sleep(1)
        return part if os.getpid() == own else _KillsWhoSends()

    with processes.share_work(work, range(6), cases=1_000_000) as done:
        assert [*done] == [*range(6)]


def test_a_process_that_ends_while_it_takes_a_part_keeps_no_other_from_taking_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(processes, "count_cores", lambda: 3)
    own, ending = os.getpid(), list[int]()

    def work(part: int) -> int:
        if os.getpid() != own and not ending:
            ending.append(part)
            _kill_this_soon()
        return part

    def give_up(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(30)
    try:
        for _ in range(15):
            with processes.share_work(work, range(10_000), cases=1_000_000) as done:
                assert [*done] == [*range(10_000)]
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def test_where_no_process_may_begin_this_one_does_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "count_cores", lambda: 3)

    def refuse() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refuse)
    with processes.share_work(lambda part: part, range(9), cases=1_000_000) as done:
        assert [*done] == [*range(9)]


def test_a_python_whose_libc_has_no_files_in_memory_shares_work_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "count_cores", lambda: 3)
    monkeypatch.delattr(os, "memfd_create", raising=False)
    with processes.share_work(lambda part: part, range(9), cases=1_000_000) as done:
        assert [*done] == [*range(9)]


def test_where_no_file_can_be_made_this_process_does_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(processes, "count_cores", lambda: 3)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with processes.share_work(lambda part: part, range(9), cases=1_000_000) as done:
        assert [*done] == [*range(9)]


def test_processes_end_where_the_one_that_asked_was_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", _ASKER], stdout=subprocess.PIPE) as asker:
        assert asker.stdout
        assert asker.stdout.readline() == b"begun\n"
        time.sleep(0.5)
        asker.kill()
        asker.communicate(timeout=20)  # the others have it open, too
