"""The terminal as tables use it: what users typed is printed as it is, markup, emoji codes and highlighting are off."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table


def console() -> Console:
    """The terminal, or what stands in for it."""
    return Console(markup=False, highlight=False, emoji=False)


def table(*heading: str, right: Sequence[str] = ()) -> Table:
    """A table with a line under its heading and none around it."""
    made = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for name in heading:
        made.add_column(name, justify="right" if name in right else "left", overflow="fold")
    return made


def line(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())
