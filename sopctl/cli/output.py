"""Where everything a user sees leaves the program: texts, JSON and complaints."""

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec
import typer

from sopctl.cli.command_lines import as_json as action_as_json
from sopctl.cli.interruptions import NO_MEMORY
from sopctl.cli.invocation import invocation
from sopctl.cli.remedies import DAMAGED_CASES, sentence
from sopctl.cli.wrapping import width_of, wrap
from sopctl.engine.refused import Refused
from sopctl.engine.text import HIDDEN, one_line
from sopctl.errors import DamagedError, SopctlError, WrongError
from sopctl.problems import Problem
from sopctl.sop.wording import number_kegiatan

if TYPE_CHECKING:
    from sopctl.desk.outcome import Outcome

Shown = TypeVar("Shown")

REFUSED = 3
"""The exit code of a move that the SOP does not allow."""

_FEW = 20
"""Cases that cannot be read and are told one by one."""

_FORMULA = re.compile(r"(^|[;\t\n])([ \xa0\"]*)(?=[=+\-@＝＋－＠])")
"""Where a spreadsheet may see a formula begin: in a cell, or behind what it may take for the end of one."""


def plain(text: str) -> str:
    """Text without what could steer a terminal or turn its direction."""
    return re.sub(HIDDEN, "\ufffd", text)


def line(text: str) -> str:
    """A text that people typed on one line, so that it cannot pass for lines of the program."""
    return one_line(text)


def numbered(no: int | str | None, kegiatan: str) -> str:
    """A step as people read it, on one line: `4. Memeriksa konsep`."""
    return number_kegiatan(no, line(kegiatan))


def say(text: str, *, wrapped: bool = True) -> None:
    """Print a text for people; its lines end between words, unless it is a drawing or for a program."""
    typer.echo(wrap(plain(text), width_of(sys.stdout) if wrapped else 0))


def complain(text: str) -> None:
    """Print a message on the side, where it does not mix with what another program reads; nothing depends on it."""
    with suppress(OSError):
        typer.echo(wrap(plain(text), width_of(sys.stderr)), err=True)


def say_json(value: object) -> None:
    """Print one JSON value; what could steer a terminal is escaped, and stays what it is for who reads JSON."""
    text = msgspec.json.format(_encoded(value), indent=2).decode()
    typer.echo(re.sub(HIDDEN, lambda found: f"\\u{ord(found.group()):04x}", text))


def _encoded(value: object) -> bytes:
    """The value as JSON; halves of characters, as in a word that is no UTF-8, become marks."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        import json

        text = json.dumps(msgspec.to_builtins(value), ensure_ascii=False)
        return re.sub(r"[\ud800-\udfff]", "\ufffd", text).encode()


def say_csv(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print CSV; a text that a spreadsheet would take for a formula is marked as text."""
    import csv

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)


def show(
    value: Shown | Refused,
    text: str | Callable[[Shown], object],
    *,
    encode: Callable[[Shown], object] | None = None,
    code: int = 0,
    damaged: Sequence[str] = (),
) -> int:
    """Print a value as JSON, or ``text`` for people (or let it print the value); the exit code.

    ``encode`` makes of the value what JSON shows. ``damaged`` are the sentences about cases that cannot be read: they
    are told first, and they decide the exit code. A refusal is told like any other, with its exit code.
    """
    if damaged:
        more = [f"… dan {len(damaged) - _FEW} berkas lain."] * (len(damaged) > _FEW)
        complain("\n".join((*damaged[:_FEW], *more, DAMAGED_CASES)))
        code = DamagedError.exit_code
    if isinstance(value, Refused):
        code = REFUSED
        if invocation.json:
            say_json(failed(value))
        else:
            complain(sentence(value))
    elif invocation.json:
        say_json(encode(value) if encode else value)
    elif isinstance(text, str):
        say(text)
    else:
        text(value)
    return code


def show_files(named: Mapping[str, Path], *, damaged: Sequence[str] = ()) -> int:
    """Print where the files of these kinds were written; the exit code, see `show`."""
    value = {"files": {kind: str(path.resolve()) for kind, path in named.items()}}
    return show(value, "\n".join(f"Ditulis: {path}" for path in named.values()), damaged=damaged)


def answered(answer: "Outcome | Refused | SopctlError") -> dict[str, object]:
    """What a move came to, as `--json` prints it."""
    if isinstance(answer, Refused | SopctlError):
        return failed(answer)
    from msgspec.structs import asdict

    notices = [sentence(notice) for notice in answer.notices]
    also = [answered(other) for other in answer.also]
    next_ = [action_as_json(answer.id, action) for action in answer.next]
    filled = {field.name: value for field, value in answer.filled}
    return {**asdict(answer), "filled": filled, "notices": notices, "also": also, "next": next_}


def failed(of: SopctlError | Refused) -> dict[str, object]:
    """An error or a refusal as `--json` prints it; what a letter would lack stands under `notices` as after signing."""
    if isinstance(of, Refused):
        facts: dict[str, object] = {"code": of.reason, "message": sentence(of)}
        facts |= {name: list(value) for name, value in (("fields", of.fields), ("items", of.items)) if value}
    else:
        facts = {"code": of.code, "message": sentence(of)}
    if isinstance(of, WrongError):
        facts["problems"] = [as_json(problem) for problem in of.problems]
    told = {"notices": [of.message]} if of.advice == "with_gaps" else {}
    return {"error": facts, **told}


def trouble(error: OSError | MemoryError) -> SopctlError:
    """What the system refuses, as an error with its sentence and exit code."""
    if isinstance(error, MemoryError):
        return SopctlError(NO_MEMORY, code="memory")
    from sopctl.store.disk import translate_error

    return translate_error(Path(str(error.filename)), error)


def readable(nothing: str, damaged: int) -> str:
    """The sentence that there is nothing, where that is only known of the cases that can be read."""
    if not damaged:
        return f"{nothing.capitalize()}."
    return f"Dari berkas yang dapat dibaca {nothing}; {damaged} berkas tidak dapat dibaca."


def sentences(error: SopctlError | Refused) -> str:
    """An error or a refusal as people read it: what is wrong, then every mistake with its place."""
    lines = [sentence(error)]
    if isinstance(error, WrongError):
        lines += [f"  {problem}" for problem in error.problems]
    return "\n".join(lines)


def as_json(problem: Problem) -> dict[str, object]:
    """A mistake as `--json` prints it, with its place beside it."""
    return {
        "path": problem.source.path,
        "line": problem.source.line,
        "column": problem.source.column,
        "code": problem.code,
        "severity": problem.severity,
        "weight": problem.weight,
        "message": problem.message,
    }


def survive_any_terminal() -> None:
    """Letters that a terminal does not have become a mark instead of an error.

    A stream that was closed before is opened on nothing: else the next file would get its number, and the words.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115, PTH123 — the interpreter closes it
        elif hasattr(stream := getattr(sys, name), "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def hush() -> None:
    """Nobody reads on, or nothing more can be written: what is left is dropped without a message."""
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 — the interpreter closes it


def _harmless(cell: object) -> object:
    if isinstance(cell, str):
        return _FORMULA.sub(r"\1\2'", plain(cell.replace("\r\n", "\n").replace("\r", "\n")))
    return "" if cell is None else cell
