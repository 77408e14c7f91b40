"""Where a mistake was made, so that an editor can jump to it."""

from typing import Literal

from msgspec import Struct


class Source(Struct, frozen=True):
    """A place in a file; line and column count from 1."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


class Problem(Struct, frozen=True):
    """One mistake of an author, as a value: readers collect them and go on.

    An ``error`` stops a start; a ``note`` is worth a look and stops nothing. ``message`` is Indonesian
    and says what to write instead.
    """

    source: Source
    code: str
    message: str
    severity: Literal["error", "note"] = "error"

    def __str__(self) -> str:
        return f"{self.source}: {self.message}"


def note(source: Source, code: str, message: str) -> Problem:
    """A problem that is worth a look and stops nothing."""
    return Problem(source, code, message, "note")


def errors_of(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Those problems that stop a start."""
    return tuple(problem for problem in problems if problem.severity == "error")
