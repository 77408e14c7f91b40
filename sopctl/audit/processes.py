"""Gives the parts of an audit's work to other processes, where the record is large and there are several cores.

A process is only made where it begins as a copy of this one (Linux): elsewhere it would read the ledger again. None is
made where this one has several threads: the copy would have their locks, and nobody to open them.
"""

import os
import sys
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from signal import SIG_DFL, SIGINT, signal
from threading import active_count
from typing import IO, TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

Part = TypeVar("Part")
Done = TypeVar("Done")

_MANY = 2_000
"""Cases from which on several processes are worth their start."""


@contextmanager
def share_work(work: Callable[[Part], Done], parts: Sequence[Part], *, cases: int) -> Iterator[Iterator[Done]]:
    """What comes of each part, in their order; for a record of so many ``cases`` other processes begin at once."""
    processes = count_cores() if cases >= _MANY else 1
    if processes == 1 or active_count() > 1 or (begun := _number_parts(len(parts))) is None:
        yield map(work, parts)
        return
    helpers = list["tuple[BaseProcess, Connection]"]()
    try:
        with suppress(OSError):  # the system allows no more processes: those that there are do it
            while len(helpers) < processes - 1:
                helpers.append(_begin_helper(work, parts, begun))
        yield _share(work, parts, begun, [receiving for _, receiving in helpers])
    finally:
        begun.close()
        for helper, _ in helpers:
            helper.kill()
            helper.join()


def _number_parts(parts: int) -> IO[bytes] | None:
    """An open file with the numbers of so many parts, None where the system gives none."""
    from tempfile import TemporaryFile  # noqa: PLC0415 — few records are that large

    with suppress(OSError):
        file = TemporaryFile(buffering=0)  # noqa: SIM115 — closed by who shares the work
        file.write(array("I", range(parts)))
        file.seek(0)
        return file
    return None


def _begin_helper(
    work: Callable[[Part], Done], parts: Sequence[Part], begun: IO[bytes]
) -> "tuple[BaseProcess, Connection]":
    """Another process at work, and what it will send through."""
    from multiprocessing import get_context  # noqa: PLC0415 — few records are that large

    context = get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    with sending:
        helper = context.Process(target=_help, args=(work, parts, begun, receiving, sending))
        helper.start()
    return helper, receiving


def _share(
    work: Callable[[Part], Done], parts: Sequence[Part], begun: IO[bytes], pipes: Sequence["Connection"]
) -> Iterator[Done]:
    """What comes of each part; this process does what no other one began, and what one that failed did not give."""
    done = {at: work(parts[at]) for at in _take(begun)}
    for pipe in pipes:
        with suppress(EOFError, OSError):  # it ended before, or in the middle
            done |= pipe.recv()
    yield from (done[at] if at in done else work(part) for at, part in enumerate(parts))


def _help(
    work: Callable[[Part], Done],
    parts: Sequence[Part],
    begun: IO[bytes],
    receiving: "Connection",
    sending: "Connection",
) -> None:
    """Do parts and send what came of them; an error is left to the process that asked, which comes upon it, too."""
    signal(SIGINT, SIG_DFL)  # Ctrl-C reaches all processes, and the one that asked says what there is to say
    receiving.close()  # or who sends would wait for ever where the process that asked was killed
    with suppress(Exception):
        sending.send({at: work(parts[at]) for at in _take(begun)})


def _take(begun: IO[bytes]) -> Iterator[int]:
    """The number of the next part that nobody has begun, until there is none.

    All processes read one open file, whose place the system moves on for each: a lock would be kept by one that dies.
    """
    while number := begun.read(array("I").itemsize):
        yield int.from_bytes(number, sys.byteorder)


def count_cores() -> int:
    """How many processes can work at once; one where a process does not begin as a copy of this one."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
