"""Mistakes as they are collected: a reader notes one and goes on, so that an author sees all of them at once."""

from sopctl.problems import Problem, Source

LIMIT = 200
"""How many mistakes of one file are kept: nobody reads more, and a broken file may hold a hundred thousand."""

_SHOWN = 60


class Faults:
    """The mistakes of one file."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []

    def add(self, source: Source, code: str, message: str) -> None:
        """Keep one mistake; ``message`` is Indonesian and says what to write instead."""
        if not self.full:
            self._problems.append(Problem(source, code, message))

    @property
    def full(self) -> bool:
        """Whether no more mistakes are kept."""
        return len(self._problems) >= LIMIT

    def in_order(self) -> tuple[Problem, ...]:
        """All mistakes in the order in which an author meets them in the file."""
        return sort_problems(self._problems)


def sort_problems(problems: "list[Problem] | tuple[Problem, ...]") -> tuple[Problem, ...]:
    """The problems of one file by their place."""
    return tuple(sorted(problems, key=lambda problem: (problem.source.line, problem.source.column)))


def quoted(text: str) -> str:
    """The author's own words inside a message: on one line, and cut short where they are long."""
    line = " ".join(text.split())
    return f'"{line}"' if len(line) <= _SHOWN else f'"{line[: _SHOWN - 1]}…"'


def listed(words: "tuple[str, ...] | list[str]", last: str = "atau") -> str:
    """`"a", "b" atau "c"`: what may be written."""
    quotes = [quoted(word) for word in words]
    return f"{', '.join(quotes[:-1])} {last} {quotes[-1]}" if len(quotes) > 1 else "".join(quotes)
