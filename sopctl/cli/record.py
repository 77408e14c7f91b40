"""The commands for the record: whether all of it is intact, mending."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sopctl.cli import complete, output
from sopctl.cli.options import In, Json
from sopctl.cli.session import opened
from sopctl.errors import DamagedError

if TYPE_CHECKING:
    from sopctl.desk.trust import Finding

Target = Annotated[
    str, typer.Argument(metavar="[ID|BERKAS]", help="Id berkas atau berkas Word.", autocompletion=complete.cases)
]


def verify(target: Target = "", workspace: In = None, json: Json = False) -> int:
    """Periksa apakah catatan dan dokumen masih utuh, atau dari mana sebuah berkas Word berasal."""
    from sopctl.desk import trust

    desk = opened(workspace)
    if target and Path(target).is_file():
        traced = trust.trace(desk, Path(target))
        if json:
            output.say_json(traced)
        else:
            output.say(f"Berkas asli: {traced.id} ({traced.subject}), langkah {traced.step}, {traced.at}.")
        return 0
    verified = trust.verify(desk, target or None)
    if json:
        output.say_json(verified)
    else:
        _findings(verified.findings)
        output.say(f"{verified.cases} berkas, {verified.events} catatan, {verified.files} dokumen diperiksa.")
    return DamagedError.exit_code if verified.findings else 0


def doctor(workspace: In = None, json: Json = False) -> int:
    """Bersihkan sisa perintah yang terputus, lalu periksa semuanya."""
    from sopctl.desk import trust

    mended = trust.doctor(opened(workspace))
    if json:
        output.say_json(mended)
    else:
        for line in mended.mended:
            output.say(line)
        _findings(mended.findings)
        output.say("Semua utuh." if not mended.findings else f"{len(mended.findings)} hal perlu dilihat.")
    return DamagedError.exit_code if mended.findings else 0


def _findings(findings: "tuple[Finding, ...]") -> None:
    for finding in findings:
        output.complain(f"{finding.id or 'data'}: {finding.message}")
