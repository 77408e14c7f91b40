"""Reading what somebody types at the terminal: one line, lines up to an empty one, a yes, one of several choices."""

import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import typer

from sopctl.cli.invocation import invocation
from sopctl.cli.output import complain, line, plain
from sopctl.cli.wrapping import width_of, wrap
from sopctl.errors import SopctlError, UsageError

Answer = TypeVar("Answer")

_SHOWN_TAB = " \u2502 "
"""What stands on the screen for the tab of a pasted row: of a tab itself nobody sees which cells are empty."""

EMPTY = "-"
"""What is typed to empty a value that is there."""

YES = frozenset({"y", "ya"})
"""What is typed for a yes, in any case of letters."""


def at_a_terminal() -> bool:
    """Whether somebody is there to answer."""
    return not invocation.json and sys.stdin.isatty() and sys.stderr.isatty()


def agreed(question: str) -> bool:
    """Whether somebody says a plain yes; Enter is a no."""
    return read_line(f"{question} (y = ya, Enter = tidak)").casefold() in YES


def number_choices(choices: Iterable[str], indent: int = 2) -> str:
    """The choices on a line each, with the number by which one is chosen."""
    return "\n".join(f"{' ' * indent}{number} {line(choice)}" for number, choice in enumerate(choices, 1))


def choice_of(text: str, choices: Sequence[str]) -> str:
    """The choice that a number stands for, else the text itself."""
    if text in choices or not text.isdecimal() or not 0 < int(text) <= len(choices):
        return text
    return choices[int(text) - 1]


def ask_word(typed: str, name: str, question: str, offers: Callable[[], Sequence[str]] = tuple) -> str:
    """What was typed, else what is answered at a terminal: a text, or the number of what is offered.

    Raises:
        UsageError: where nobody is there to answer; it says what is missing by its ``name``.
    """
    if typed:
        return typed
    check_terminal(name)
    offered = offers()
    if offered:
        complain(number_choices(offered))
    return choice_of(read_line(question), offered)


def check_terminal(name: str = "ID") -> None:
    """Make sure that somebody is there to answer for what was not typed.

    Raises:
        UsageError: where nobody is; it says what is missing by its ``name``.
    """
    if not at_a_terminal():
        raise UsageError(f"Yang wajib belum diisi: {name}.", code="usage")


def read_line(question: str, offered: Iterable[str] = ()) -> str:
    """One line without the blanks around it; the Tab key completes the words that are ``offered``.

    Arrow keys and Tab work where the system has a line editor. A paste that it takes whole keeps its line breaks.
    """
    with suppress(ImportError):
        import readline

        words = list(offered)

        def complete(beginning: str, number: int) -> str | None:
            if _SHOWN_TAB in beginning or more_is_waiting(0.02):  # the tab is one of a pasted row
                return None if number else f"{beginning}{_SHOWN_TAB}"
            found = [word for word in words if word.casefold().startswith(beginning.casefold())]
            return found[number] if number < len(found) else None

        readline.set_completer(complete)
        readline.set_completer_delims("")
        readline.parse_and_bind("tab: complete")

    asked = wrap(plain(question), max(width_of(sys.stderr) - 2, 0))  # which leaves room for the colon
    text = str(typer.prompt(asked, default="", show_default=False, err=True))
    return text.replace(_SHOWN_TAB, "\t").strip(" \r\n")


def ask(question: str, accept: Callable[[str], Answer]) -> Answer:
    """What is made of the answer on one line; asked for again, and why is said, until it is accepted."""
    while True:
        try:
            return accept(read_line(question))
        except SopctlError as mistake:
            complain(mistake.message)


def check_filled(text: str) -> str:
    """The answer; UsageError where it is empty."""
    if not text:
        raise UsageError("Wajib diisi.")
    return text


def check_file(text: str) -> str:
    """The path that was typed, without quotes around it; UsageError where no file is there."""
    if not Path(path := text.strip("\"'")).is_file():
        raise UsageError(f"File {path} tidak ada.")
    return path


def read_lines() -> list[str]:
    """The lines up to an empty one; an empty line within a paste ends nothing."""
    lines: list[str] = []
    while True:
        text = read_line(f"  {len(lines) + 1}")
        if not text and not more_is_waiting():
            return lines
        lines += [line.strip() for line in text.split("\n") if line.strip()]


def read_waiting_lines() -> list[str]:
    """The lines of a paste that have not been read yet."""
    lines: list[str] = []
    while more_is_waiting():
        lines.append(read_line("   "))
    return lines


def more_is_waiting(pause: float = 0.05) -> bool:
    """Whether the terminal holds more already, or within so many seconds: nobody types as fast as a paste."""
    if sys.platform == "win32":  # pragma: no cover — runs on Windows only
        import msvcrt

        return bool(msvcrt.kbhit())
    import select

    try:
        return sys.stdin.isatty() and bool(select.select([sys.stdin], [], [], pause)[0])
    except (OSError, ValueError):
        return False
