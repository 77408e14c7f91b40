"""Gives the parts of an audit's work to other processes, where the record is large and there are several cores.

A process is only made where it begins as a copy of this one (Linux): elsewhere it would read the ledger again. None is
made where this one has several threads: the copy would have their locks, and nobody to open them.
"""

import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from signal import SIG_DFL, SIGINT, signal
from threading import active_count
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.sharedctypes import Synchronized

Part = TypeVar("Part")
Done = TypeVar("Done")

_MANY = 2_000
"""Cases from which on several processes are worth their start."""


@contextmanager
def share_work(work: Callable[[Part], Done], parts: Sequence[Part], *, cases: int) -> Iterator[Iterator[Done]]:
    """What comes of each part, in their order; for a record of so many ``cases`` other processes begin at once."""
    processes = count_cores() if cases >= _MANY else 1
    if processes == 1 or active_count() > 1:
        yield map(work, parts)
        return
    from multiprocessing import get_context  # noqa: PLC0415 — few records are that large

    context = get_context("fork")
    begun, pipes = context.Value("i", 0), [context.Pipe(duplex=False) for _ in range(processes - 1)]
    helpers = [context.Process(target=_help, args=(work, parts, begun, sending)) for _, sending in pipes]
    gc.disable()  # almost nothing of what is read is thrown away, and a collection would look at all of it
    try:
        for helper, (_, sending) in zip(helpers, pipes, strict=True):
            helper.start()
            sending.close()
        yield _share(work, parts, begun, [receiving for receiving, _ in pipes])
    finally:
        gc.enable()
        for helper in helpers:
            helper.kill()
            helper.join()


def _share(
    work: Callable[[Part], Done], parts: Sequence[Part], begun: "Synchronized[int]", pipes: Sequence["Connection"]
) -> Iterator[Done]:
    """What comes of each part; this process does what no other one began, and what one that failed did not give."""
    done = {at: work(parts[at]) for at in _take(begun, len(parts))}
    for pipe in pipes:
        with suppress(EOFError):
            done |= pipe.recv()
    yield from (done[at] if at in done else work(part) for at, part in enumerate(parts))


def _help(work: Callable[[Part], Done], parts: Sequence[Part], begun: "Synchronized[int]", pipe: "Connection") -> None:
    """Do parts and send what came of them; an error is left to the process that asked, which comes upon it, too."""
    signal(SIGINT, SIG_DFL)  # Ctrl-C reaches all processes, and the one that asked says what there is to say
    with suppress(Exception):
        pipe.send({at: work(parts[at]) for at in _take(begun, len(parts))})


def _take(begun: "Synchronized[int]", parts: int) -> Iterator[int]:
    """The number of the next part that nobody has begun, until there is none."""
    while True:
        with begun.get_lock():
            at = begun.value
            begun.value += 1
        if at >= parts:
            return
        yield at


def count_cores() -> int:
    """How many processes can work at once; one where a process does not begin as a copy of this one."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
