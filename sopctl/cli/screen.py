"""The terminal as tables use it: what users typed is printed as it is, markup, emoji codes and highlighting are off.

Rich is loaded where something is drawn: a command that prints JSON does without.
"""

import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sopctl.cli.output import plain
from sopctl.cli.wrapping import width_of, wrap

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

_DEEPER = 6
"""Blanks before a line that goes on."""

_GAP = 2
"""Letters between two columns."""

_LONGEST_WORD = 24
"""Letters of what is no word any more, and may be cut where it stands in no column of ids."""

_WIDEST = 1000
"""Letters of a line, and lines, that anything is laid out for, whatever the environment says."""

_DIGITS = 6
"""Digits of such a size that are read at all."""


def console(*, stderr: bool = False, colors: bool = True) -> "Console":
    """The terminal, or what stands in for it; without ``colors`` what it prints is plain text."""
    from rich.console import Console

    width, height = _said("COLUMNS", 80), _said("LINES", 25) or 25  # without a height rich ignores the width
    width = width or min(width_of(sys.stderr if stderr else sys.stdout), _WIDEST) or None
    return Console(
        stderr=stderr, width=width, height=height, markup=False, highlight=False, emoji=False,
        color_system="auto" if colors else None,
    )  # fmt: skip


def _said(name: str, usual: int) -> int | None:
    """A size as the environment says it, ``usual`` where that is none; None where it says nothing: rich finds out."""
    text = os.environ.get(name, "")
    if not text:
        return None
    return min(int(text[:_DIGITS]), _WIDEST) or usual if text.isdecimal() else usual


def styled(text: str, style: str = "bold") -> "Text":
    """A text in a style, nothing in it taken for markup."""
    from rich.text import Text

    return Text(plain(text), style=style)


def table(
    *heading: str,
    rows: "Iterable[Sequence[str | Text]]" = (),
    right: Sequence[str] = (),
    whole: Sequence[str] = (),
    title: str = "",
    lines: bool = False,
) -> "Table":
    """A table with a line under its heading and none around it, or between all rows; ``title`` stands above.

    No cell of the columns ``whole`` is wrapped. Where the words of the ``rows`` do not fit beside each other, each cell
    stands on a line behind its heading.
    """
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    made = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), show_lines=lines)
    if title:
        made.title, made.title_justify, made.title_style = styled(title, ""), "left", "bold"
    listed = [[plain(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
    columns = [[str(cell) for cell in column] for column in zip(heading, *listed, strict=True)]
    widths = _widths(columns, {heading.index(name) for name in whole})
    if not all(widths):
        made.show_header = made.show_lines = False
        for row in listed:
            for name, cell in zip(heading, row, strict=True):
                if str(cell):
                    made.add_row(name, cell)
            made.add_section()
        return made
    for name, width in zip(heading, widths, strict=True):
        made.add_column(
            name, justify="right" if name in right else "left", overflow="fold", width=width if listed else None
        )
    for row in listed:
        made.add_row(*row)
    return made


def draw_table(*heading: str, rows: Sequence[Sequence[str]]) -> str:
    """The table as plain text, as wide as the terminal on which messages are printed."""
    screen = console(stderr=True, colors=False)
    with screen.capture() as captured:
        screen.print(table(*heading, rows=rows))
    return captured.get().rstrip("\n")


def _widths(columns: Sequence[Sequence[str]], whole: set[int]) -> list[int]:
    """Letters of each column, so that no word is cut; only noughts where the words do not fit beside each other."""
    room = console().width - _GAP * (len(columns) - 1)
    most = [max(len(line) for cell in column for line in cell.split("\n")) for column in columns]
    if sum(most) <= room:
        return most
    longest = [room] + [_LONGEST_WORD] * len(columns)
    words = [max(len(word) for cell in column for word in cell.split() or [""]) for column in columns]
    least = [most[at] if at in whole else min(word, longest[at]) for at, word in enumerate(words)]
    free = room - sum(least)
    if free < 0:
        return [0] * len(columns)
    more = [max(min(each, room // 2) - word, 0) for each, word in zip(most, least, strict=True)]
    return [word + min(each, free * each // (sum(more) or 1)) for word, each in zip(least, more, strict=True)]


def hanging(screen: "Console", text: str, *, indent: int = 2, style: str = "") -> None:
    """Print a text whose further lines, typed or wrapped, are indented deeper than any first line.

    So a text that people typed cannot pass for a line of the program.
    """
    typed = plain(text).replace("\n", "\n" + " " * _DEEPER)
    screen.print(styled(wrap(" " * indent + typed, screen.width), style), soft_wrap=True)
