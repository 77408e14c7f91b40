"""The commands for what lies: what waits for whom, and why one case does not go on."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import asdict

from sopctl.cli import case_choice, command_lines, output
from sopctl.cli.options import AnyCaseId, As, InWorkspace, Json
from sopctl.cli.progress import reading
from sopctl.cli.session import look

if TYPE_CHECKING:
    from sopctl.desk.why import Why


def inbox(
    as_: As = "",
    late: Annotated[bool, typer.Option("--late", help="Hanya yang melewati batas waktu.")] = False,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Tulis sebagai halaman web.")] = None,
    docx: Annotated[
        Path | None, typer.Option("--docx", metavar="FILE", help="Tulis sebagai dokumen Word, untuk ditempel.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Tampilkan semua, bukan hanya yang paling mendesak.")] = False,
    workspace: InWorkspace = None,
    json: Json = False,
) -> int:
    """Apa yang menunggu siapa, sejak kapan, dan sampai kapan. Yang paling mendesak di atas."""
    from sopctl.cli import inbox_tables
    from sopctl.desk import inbox as waiting
    from sopctl.reports.content import day_minutes

    session = look(workspace)
    with reading() as on_progress:
        found = waiting.inbox(session, as_, late=late, on_progress=on_progress)
    for message in found.notes:
        output.complain(message)
    if named := {kind: path for kind, path in (("html", html), ("docx", docx)) if path is not None}:
        waiting.publish_inbox(session, found, named)
        return output.show_files(named, json=json, damaged=found.damaged)
    return output.show(
        found.rows,
        lambda rows: inbox_tables.inbox(rows, day_minutes(session.calendar), every=every, damaged=len(found.damaged)),
        json=json,
        encode=lambda rows: [{**asdict(row), "command": f"sopctl why {row.id}"} for row in rows],
        damaged=found.damaged,
    )


def why(id: AnyCaseId = "", workspace: InWorkspace = None, json: Json = False) -> int:
    """Kenapa sebuah berkas macet, dan apa perintah berikutnya. Siapa yang memegangnya, sejak kapan, apa yang kurang."""
    from sopctl.cli import inbox_tables
    from sopctl.desk import why as asking
    from sopctl.reports.content import day_minutes

    session = look(workspace)
    id = case_choice.choose_case(session, id, json=json)
    return output.show(
        asking.why(session, id),
        lambda found: inbox_tables.why(found, day_minutes(session.calendar)),
        json=json,
        encode=_why_as_json,
    )


def _why_as_json(found: "Why") -> dict[str, object]:
    return {
        **asdict(found),
        "next": [command_lines.as_json(found.id, action) for action in found.next],
        "commands": command_lines.next_commands(found.id, found.next),
        "notes": (*command_lines.typed_by_hand(found.next), *found.notes),
    }
