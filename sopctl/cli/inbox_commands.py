"""The commands for what lies: what waits for whom, and why one case does not go on."""

import gc
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import asdict

from sopctl.cli import case_choice, command_lines, output
from sopctl.cli.invocation import invocation
from sopctl.cli.options import AnyCaseId, As, named_files
from sopctl.cli.progress import reading
from sopctl.cli.session import look
from sopctl.errors import SopctlError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sopctl.desk.inbox import Inbox
    from sopctl.desk.session import Session
    from sopctl.desk.why import Why

_MINUTE = 60
"""Seconds after which what waits is drawn again though nothing has changed: time goes on."""

_PATIENCE = 5
"""Seconds after which a record that could not be read is asked again."""

_AROUND = 6
"""Lines of the screen that stand above and below the turns."""


def inbox(
    as_: As = "",
    late: Annotated[bool, typer.Option("--late", help="Hanya yang melewati batas waktu.")] = False,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Tulis sebagai halaman web.")] = None,
    docx: Annotated[
        Path | None, typer.Option("--docx", metavar="FILE", help="Tulis sebagai dokumen Word, untuk ditempel.")
    ] = None,
    ics: Annotated[
        Path | None, typer.Option("--ics", metavar="FILE", help="Tulis batas waktunya sebagai kalender (iCalendar).")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Tampilkan semua, bukan hanya yang paling mendesak.")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Tampilkan lagi setiap kali catatan berubah, sampai Ctrl-C.")
    ] = False,
) -> int:
    """Apa yang menunggu siapa, sejak kapan, dan sampai kapan. Yang paling mendesak di atas."""
    from sopctl.cli.inbox_tables import SHOWN
    from sopctl.desk import inbox as waiting

    named = named_files(html=html, docx=docx, ics=ics)
    if watch:
        _check_screen(to_files=invocation.json or bool(named))
        return _watch(as_, late=late, every=every)
    session = look()
    with reading() as on_progress:
        found = waiting.inbox(session, as_, late=late, on_progress=on_progress)
    if named:
        _tell_notes(found)
        waiting.publish_inbox(session, found, named)
        return output.show_files(named, damaged=found.damaged)
    return _show(session, found, at_most=None if every else SHOWN)


def _show(session: "Session", found: "Inbox", *, at_most: int | None) -> int:
    from sopctl.cli import inbox_tables
    from sopctl.reports.content import day_minutes

    _tell_notes(found)
    minutes, damaged = day_minutes(session.calendar), len(found.damaged)
    return output.show(
        found.rows,
        lambda rows: inbox_tables.inbox(rows, minutes, at_most=at_most, damaged=damaged),
        encode=lambda rows: [{**asdict(row), "command": f"sopctl why {row.id}"} for row in rows],
        damaged=found.damaged,
    )


def _tell_notes(found: "Inbox") -> None:
    for message in found.notes:
        output.complain(message)


def _check_screen(*, to_files: bool) -> None:
    """Make sure that there is a screen to draw on again and again.

    Raises:
        UsageError: where there is none.
    """
    if to_files or not sys.stdout.isatty():
        raise UsageError(
            "--watch menggambar ulang layar terminal; jangan pakai bersama --json, --html atau --docx, dan jangan "
            "alihkan keluarannya ke file atau program lain."
        )


def _watch(as_: str, *, late: bool, every: bool) -> int:
    """Show what waits again at each change of the record, and each minute, until Ctrl-C.

    What goes wrong after the first time may pass, as where a server is restarted: it is told and tried again.
    """
    from sopctl.cli.screen import console

    gc.enable()  # this lives longer than other commands, see `cli.entry`
    wait = None
    with suppress(KeyboardInterrupt):
        while True:
            try:
                wait = _draw(as_, late=late, every=every)
                wait(_MINUTE)
            except SopctlError as error:
                if wait is None:
                    raise
                console().clear()
                output.complain(output.sentences(error))
                time.sleep(_PATIENCE)
    output.complain("")  # the line on which the terminal shows ^C ends
    return 0


def _draw(as_: str, *, late: bool, every: bool) -> "Callable[[float], bool]":
    """Show what waits, as much as the screen holds; what waits for the next change, so many seconds at most."""
    from sopctl.cli.screen import console
    from sopctl.desk import inbox as waiting

    session = look()
    store = session.record.whole_store
    state = store.state()
    with reading() as on_progress:
        found = waiting.inbox(session, as_, late=late, on_progress=on_progress)
    console().clear()
    _show(session, found, at_most=None if every else max((get_terminal_size().lines - _AROUND) // 2, 1))
    output.say(f"Pukul {session.now():%H.%M}. Ctrl-C mengakhirinya.")
    sys.stdout.flush()
    return partial(store.await_change, state)


def why(id: AnyCaseId = "") -> int:
    """Kenapa sebuah berkas macet, dan apa perintah berikutnya. Siapa yang memegangnya, sejak kapan, apa yang kurang."""
    from sopctl.cli import inbox_tables
    from sopctl.desk import why as asking
    from sopctl.reports.content import day_minutes

    session = look()
    id = case_choice.choose_case(session, id)
    return output.show(
        asking.why(session, id),
        lambda found: inbox_tables.why(found, day_minutes(session.calendar)),
        encode=_why_as_json,
    )


def _why_as_json(found: "Why") -> dict[str, object]:
    return {
        **asdict(found),
        "next": [command_lines.as_json(found.id, action) for action in found.next],
        "commands": command_lines.next_commands(found.id, found.next),
        "notes": (*command_lines.typed_by_hand(found.next), *found.notes),
    }
