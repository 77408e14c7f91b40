"""The terminal as tables use it: what users typed is printed as it is, markup, emoji codes and highlighting are off.

Rich is loaded where something is drawn: a command that prints JSON does without.
"""

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sopctl.cli.output import plain

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

_DEEPER = 6
"""Blanks before a line that goes on."""

_NARROW = 20
"""Letters that a line has at least."""

_WIDEST = 1000
"""Letters of a line, and lines, that anything is laid out for, whatever the environment says."""

_DIGITS = 6
"""Digits of such a size that are read at all."""


def console(*, stderr: bool = False, colors: bool = True) -> "Console":
    """The terminal, or what stands in for it; without ``colors`` what it prints is plain text."""
    from rich.console import Console

    width, height = _said("COLUMNS", 80), _said("LINES", 25)
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
    title: str = "",
    lines: bool = False,
) -> "Table":
    """A table with a line under its heading and none around it, or between all rows; ``title`` stands above."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    made = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), show_lines=lines)
    if title:
        made.title, made.title_justify, made.title_style = styled(title, ""), "left", "bold"
    for name in heading:
        made.add_column(name, justify="right" if name in right else "left", overflow="fold")
    for row in rows:
        made.add_row(*(plain(cell) if isinstance(cell, str) else cell for cell in row))
    return made


def hanging(screen: "Console", text: str, *, indent: int = 2, style: str = "") -> None:
    """Print a text whose further lines, typed or wrapped, are indented deeper than any first line.

    So a text that people typed cannot pass for a line of the program.
    """
    lines = styled(text, style).wrap(screen, max(screen.width - _DEEPER, _NARROW), tab_size=1)
    for number, each in enumerate(lines):
        each.rstrip()
        screen.print(styled(" " * (_DEEPER if number else indent), "") + each, soft_wrap=True)
