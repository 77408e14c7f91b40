"""What a process that reads or converts a file may take, and how it is ended with every program that it started.

On Unix the kernel bounds memory and computing time (setrlimit), and the process leads a group of its own that is killed
as a whole. On Windows the process joins a job that bounds both and ends its members when the process is gone; that way
is tested against a stand-in for the system only and was never run there.
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from threading import Lock
from typing import Any

MEMORY = 1_000_000_000
"""What the process may take, in bytes."""

SECONDS = 120
"""How long it may compute, in seconds."""


def bound_this_process() -> None:
    """Bound memory and computing time of the process that calls, and of each that it starts."""
    try:
        import resource  # noqa: PLC0415 — Unix only
    except ImportError:
        join_job(getattr(ctypes, "windll").kernel32)  # noqa: B009 — only Windows has it
        return
    for limit, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        _, hard = resource.getrlimit(limit)
        lower = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(OSError):  # macOS may refuse a limit of memory
            resource.setrlimit(limit, (lower, hard))


class _BasicLimits(ctypes.Structure):
    _fields_ = (
        ("process_time", ctypes.c_int64),
        ("job_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("least_working_set", ctypes.c_size_t),
        ("most_working_set", ctypes.c_size_t),
        ("processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority", ctypes.c_uint32),
        ("scheduling", ctypes.c_uint32),
    )


class JobLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION; time in units of 100 ns, memory in bytes."""

    _fields_ = (
        ("basic", _BasicLimits),
        ("transfers", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peaks", ctypes.c_size_t * 2),
    )


_PROCESS_TIME, _PROCESS_MEMORY, _KILL_ON_CLOSE = 0x2, 0x100, 0x2000
_EXTENDED_LIMITS = 9
_THIS_PROCESS = -1


def join_job(kernel: Any) -> None:  # noqa: ANN401 — a library of ctypes
    """Put this process into a Windows job with the limits; its handle stays open until the process ends."""
    kernel.CreateJobObjectW.restype = ctypes.c_void_p
    job = ctypes.c_void_p(kernel.CreateJobObjectW(None, None))
    limits = JobLimits(process_memory=MEMORY)
    limits.basic.process_time = SECONDS * 10_000_000
    limits.basic.flags = _PROCESS_TIME | _PROCESS_MEMORY | _KILL_ON_CLOSE
    kernel.SetInformationJobObject(job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits))
    kernel.AssignProcessToJobObject(job, ctypes.c_void_p(_THIS_PROCESS))


class ChildProcesses:
    """Processes that run side by side in threads, and that can be ended all at once."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = Lock()
        self._ended = False

    def run(self, command: Sequence[str], environment: Mapping[str, str], seconds: float = 0) -> bytes:
        """What a command prints; nothing once all were ended. Without ``seconds`` it may take `SECONDS`.

        Raises:
            TimeoutExpired: where it takes longer; it has ended then.
        """
        with self._lock:
            if self._ended:
                return b""
            process = subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                process_group=None if sys.platform == "win32" else 0,
            )
            self._running.add(process)
        with process:
            try:
                return process.communicate(timeout=seconds or SECONDS)[0]
            finally:
                _kill(process)
                with self._lock:
                    self._running.discard(process)

    def end_all(self) -> None:
        """End those that run, and start no more."""
        with self._lock:
            self._ended = True
            for process in self._running:
                _kill(process)


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """End a process with those that it started."""
    if sys.platform == "win32":
        process.kill()
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
