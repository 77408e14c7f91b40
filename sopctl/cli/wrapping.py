"""Where a text is cut into lines: between words, and only at a terminal: what goes to a file or a program stays whole.

A command and the path of a file stay whole, for people copy them: a longer one runs over the edge of the terminal.
"""

import os
import re
import textwrap
from typing import IO

_NARROWEST = 20
_DEEPER = 6
"""Blanks before a line that goes on: more than before any line of the program's own that people act on."""

_DIGITS = 4
"""Digits of a width that are read."""

_WORD = r'(?:[^\s"]|"[^"]*")+'
_COMMAND = rf'sopctl [a-z0-9]+(?: (?:-\S+(?: [a-z]\S*)?|(?:[a-z]+ )?(?="|[a-z.,;:)]*[^a-z.,;:)\s]){_WORD}))*'
"""A command within a sentence: its words, options and quoted texts, up to where the sentence goes on."""

_PATH = r'[/\\][^\n:;,"]{0,160}?\.(?:docx|pdf|yaml|csv|json|xlsx|html|svg|zip|txt|py)\b'
"""The path of a file from its first slash on; names of folders and files hold blanks."""

_WHOLE = re.compile(f"{_COMMAND}|{_PATH}")
_ONLY_A_COMMAND = re.compile(rf"(?:[^:]{{1,60}}: )?{_COMMAND}")
_BEGINNING = re.compile(r"( *)(\S{1,12} {2,})?")
"""What a line begins with: blanks, and a word before a gap as in `  Lanjut   sopctl …`."""

_BLANK = "\0"
"""What stands for a blank where no line ends; no text that is printed holds it."""


def width_of(stream: IO[str]) -> int:
    """Letters of a line there, as the environment or the terminal says it; 0 where it is no terminal."""
    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        return 0
    said = os.environ.get("COLUMNS", "")[:_DIGITS]
    return (said.isdecimal() and int(said)) or columns


def wrap(text: str, width: int) -> str:
    """The text with no line longer than ``width`` that can be cut between words; as it is where that is 0.

    The rest of a line stands deeper than its beginning, so that no typed text passes for a line of the program.
    """
    if not width:
        return text
    return "\n".join(_wrap_line(line, max(width, _NARROWEST)) for line in text.split("\n"))


def _wrap_line(line: str, width: int) -> str:
    if len(line) <= width:
        return line
    blanks, label = _BEGINNING.match(line).groups("")  # type: ignore[union-attr]  # the pattern matches all lines
    beginning = blanks + label
    rest = line[len(beginning) :]
    if _ONLY_A_COMMAND.fullmatch(rest):
        return line
    whole = _WHOLE.sub(lambda found: found[0].replace(" ", _BLANK), rest)
    indent = min(len(beginning) if label else max(len(beginning) + 2, _DEEPER), width // 2)
    filled = textwrap.fill(
        whole, width, initial_indent=beginning, subsequent_indent=" " * indent, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
    return filled.replace(_BLANK, " ")
