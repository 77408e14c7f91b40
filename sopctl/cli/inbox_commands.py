"""The commands for what lies: what waits for whom, and why one case does not go on."""

from typing import Annotated

import typer
from msgspec.structs import asdict

from sopctl.cli import command_lines, output
from sopctl.cli.options import AnyCaseId, AsJson, AsPelaksana, InWorkspace
from sopctl.cli.session import look

LateTurns = Annotated[bool, typer.Option("--late", help="Hanya yang melewati batas waktu.")]
AllTurns = Annotated[bool, typer.Option("--all", help="Tampilkan semua, bukan hanya yang paling mendesak.")]


def inbox(
    as_: AsPelaksana = "",
    late: LateTurns = False,
    every: AllTurns = False,
    workspace: InWorkspace = None,
    json: AsJson = False,
) -> int:
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
    from sopctl.cli import inbox_tables
    from sopctl.reports.content import day_minutes

    inbox_tables.inbox(found.rows, day_minutes(session.calendar), every=every, damaged=len(found.damaged))
    return code


def why(id: AnyCaseId, workspace: InWorkspace = None, json: AsJson = False) -> int:
    """Kenapa sebuah berkas macet, dan apa perintah berikutnya. Siapa yang memegangnya, sejak kapan, apa yang kurang."""
    from sopctl.desk import why as asking

    session = look(workspace)
    found = asking.why(session, id)
    if json:
        next_ = [command_lines.as_json(found.id, action) for action in found.next]
        typed = command_lines.next_commands(found.id, found.next)
        notes = (*command_lines.typed_by_hand(found.next), *found.notes)
        output.say_json({**asdict(found), "next": next_, "commands": typed, "notes": notes})
        return 0
    from sopctl.cli import inbox_tables
    from sopctl.reports.content import day_minutes

    inbox_tables.why(found, day_minutes(session.calendar))
    return 0
