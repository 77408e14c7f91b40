"""Work that several processes share comes to an end whatever becomes of the others."""

import os
import signal
import sys
from collections.abc import Callable

import pytest

from sopctl.audit import processes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process begins as a copy")


def _kill_this() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _fail() -> None:
    raise ValueError


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
