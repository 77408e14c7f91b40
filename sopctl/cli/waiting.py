"""The commands for what lies: what waits for whom, and why one case does not go on."""

from typing import Annotated

import typer
from msgspec.structs import asdict

from sopctl.cli import commands, output
from sopctl.cli.options import AnyId, As, In, Json
from sopctl.cli.session import look

Late = Annotated[bool, typer.Option("--late", help="Hanya yang melewati batas waktu.")]
Every = Annotated[bool, typer.Option("--all", help="Tampilkan semua, bukan hanya yang paling mendesak.")]


def inbox(as_: As = "", late: Late = False, every: Every = False, workspace: In = None, json: Json = False) -> int:
    """Apa yang menunggu siapa, sejak kapan, dan sampai kapan. Yang paling mendesak di atas."""
    from sopctl.cli.progress import reading
    from sopctl.desk.inbox import inbox as read_inbox

    session = look(workspace)
    with reading() as on_progress:
        found = read_inbox(session, as_, late=late, on_progress=on_progress)
    for message in found.notes:
        output.complain(message)
    code = output.damaged(found.damaged)
    if json:
        output.say_json([{**asdict(row), "command": f"sopctl why {row.id}"} for row in found.rows])
        return code
    from sopctl.cli import queue
    from sopctl.reports.content import day_minutes

    queue.inbox(found.rows, day_minutes(session.calendar), every=every, damaged=len(found.damaged))
    return code


def why(id: AnyId, workspace: In = None, json: Json = False) -> int:
    """Kenapa sebuah berkas macet, dan apa perintah berikutnya. Siapa yang memegangnya, sejak kapan, apa yang kurang."""
    from sopctl.desk import why as asking

    session = look(workspace)
    found = asking.why(session, id)
    if json:
        next_ = [commands.as_json(found.id, action) for action in found.next]
        typed = commands.next_commands(found.id, found.next)
        notes = (*commands.typed_by_hand(found.next), *found.notes)
        output.say_json({**asdict(found), "next": next_, "commands": typed, "notes": notes})
        return 0
    from sopctl.cli import queue
    from sopctl.reports.content import day_minutes

    queue.why(found, day_minutes(session.calendar))
    return 0
