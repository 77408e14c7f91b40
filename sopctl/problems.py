"""Where a mistake was made, so that an editor can jump to it."""

from typing import Literal, get_args

from msgspec import Struct

Weight = Literal["error", "important", "advice", "remark"]
"""How much a problem matters, the most first: it stops a start; it will hold a case up or lead it astray; it is
probably a mistake; it is what real forms have, and nobody need do anything about it."""

WEIGHTS: tuple[Weight, ...] = get_args(Weight)

WEIGHT_NAMES: dict[Weight, str] = {
    "error": "kesalahan", "important": "perhatian", "advice": "saran", "remark": "hal lain"
}  # fmt: skip
"""What each is called."""


class Source(Struct, frozen=True):
    """A place in a file; line and column count from 1."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


class Problem(Struct, frozen=True):
    """One mistake of an author, as a value: readers collect them and go on.

    ``message`` is Indonesian and says what to write instead.
    """

    source: Source
    code: str
    message: str
    weight: Weight = "error"

    @property
    def severity(self) -> Literal["error", "note"]:
        """Whether it stops a start (`error`) or nothing at all (`note`)."""
        return "error" if self.weight == "error" else "note"

    def __str__(self) -> str:
        return f"{self.source}: {self.message}"


def note(source: Source, code: str, message: str, weight: Weight = "advice") -> Problem:
    """A problem that stops no start."""
    return Problem(source, code, message, weight)


def errors_of(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Those problems that stop a start."""
    return tuple(problem for problem in problems if problem.weight == "error")
