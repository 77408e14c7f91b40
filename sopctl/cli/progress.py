"""A progress bar for long reading: only on a terminal, only when it takes long, gone when it is done."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from sopctl.store.case_index import OnProgress

PATIENCE = 0.5
"""Seconds that are waited for without a word."""


class _Bar:
    def __init__(self) -> None:
        self._since = time.monotonic()
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def show(self, done: int, total: int) -> None:
        """Show how far it is, once it has taken long enough."""
        if self._progress is None:
            if done >= total or time.monotonic() - self._since < PATIENCE:
                return
            self._progress = _progress()
            self._progress.start()
            self._task = self._progress.add_task("Membaca berkas", total=total)
        if self._task is not None:
            self._progress.update(self._task, completed=done)

    def stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()


@contextmanager
def reading() -> "Iterator[OnProgress | None]":
    """Whom to tell how many cases have been read; None where nobody looks."""
    if not sys.stderr.isatty():
        yield None
        return
    bar = _Bar()
    try:
        yield bar.show
    finally:
        bar.stop()


def _progress() -> "Progress":
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from sopctl.cli.screen import console

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console(stderr=True), transient=True)
