"""Gives the parts of an audit's work to other processes, where the record is large and there are several cores.

A process is only made where it begins as a copy of this one (Linux): elsewhere it would read the ledger again. None is
made where this one has several threads: the copy would have their locks, and nobody to open them.
"""

import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import active_count
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

Part = TypeVar("Part")
Done = TypeVar("Done")

_MANY = 2_000
"""Cases from which on several processes are worth their start."""

_work: list[Callable[[Any], Any]] = []
"""What the processes do with a part: they have it, and all that it refers to, from the process that made them."""


@contextmanager
def share_work(work: Callable[[Part], Done], parts: Sequence[Part], *, cases: int) -> Iterator[Iterator[Done]]:
    """What comes of each part, in their order; for a record of so many ``cases`` other processes begin at once."""
    processes = count_cores() if cases >= _MANY else 1
    if processes == 1 or active_count() > 1:
        yield map(work, parts)
        return
    _work.append(work)
    gc.disable()  # almost nothing of what is read is thrown away, and a collection would look at all of it
    try:
        from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 — few records are that large
        from multiprocessing import get_context  # noqa: PLC0415 — as above

        with ProcessPoolExecutor(processes - 1, get_context("fork")) as pool:
            yield _help(work, parts, [pool.submit(_do, part) for part in parts])
    finally:
        gc.enable()
        _work.pop()


def _help(work: Callable[[Part], Done], parts: Sequence[Part], begun: Sequence["Future[Done]"]) -> Iterator[Done]:
    """What comes of each part; this process does those, from the end, that no other one began."""
    own = {at: work(parts[at]) for at in reversed(range(len(parts))) if begun[at].cancel()}
    yield from (own[at] if at in own else one.result() for at, one in enumerate(begun))


def count_cores() -> int:
    """How many processes can work at once; one where a process does not begin as a copy of this one."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def _do(part: Any) -> Any:  # noqa: ANN401 — whatever `_work` takes and gives
    return _work[-1](part)
