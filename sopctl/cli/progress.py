"""A progress bar for long reading: only on a terminal, only when it takes long, gone when it is done."""

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

    from sopctl.store.protocol import OnProgress

PATIENCE = 0.5
"""Seconds that are waited for without a word."""


@contextmanager
def reading(what: str = "Membaca berkas") -> "Iterator[OnProgress | None]":
    """Whom to tell how many cases, or what else is read, have been read; None where nobody looks."""
    if not sys.stderr.isatty():
        yield None
        return
    since = time.monotonic()
    bar: Progress | None = None
    with ExitStack() as shown:

        def show(done: int, total: int) -> None:
            """Show how far it is, once it has taken long enough."""
            nonlocal bar
            if bar is None and done < total and time.monotonic() - since >= PATIENCE:
                bar = shown.enter_context(_progress())
                bar.add_task(what, total=total)
            if bar is not None:
                bar.update(bar.task_ids[0], completed=done)

        yield show


def _progress() -> "Progress":
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from sopctl.cli.screen import console

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console(stderr=True), transient=True)
