"""The commands for SOPs: set up a workspace, see an SOP, check it."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from sopctl.cli import output
from sopctl.cli.options import AsJson, InWorkspace, SopId, SopIds
from sopctl.cli.session import opened
from sopctl.errors import WrongError
from sopctl.problems import errors_of

NewFolder = Annotated[Path, typer.Argument(metavar="[FOLDER]", help="Folder yang dijadikan ruang kerja.")]
SchemaKind = Annotated[
    Literal["sop", "office", "instance"],
    typer.Argument(metavar="JENIS", help="Jenis file: sop, office, atau instance."),
]
FlowOnly = Annotated[bool, typer.Option("--flow", help="Gambar bagan alurnya saja.")]


def init(folder: NewFolder = Path(), json: AsJson = False) -> int:
    """Buat ruang kerja baru dengan SOP dan templat bawaan."""
    from sopctl.desk import setup

    made = setup.init(folder)
    if json:
        output.say_json({"workspace": str(folder.resolve()), "files": list(made)})
        return 0
    output.say(f"Ruang kerja siap di {folder.resolve()}: {len(made)} file.")
    output.say("Isi data kantor di sopctl.yaml, lalu coba: sopctl list")
    return 0


def list_(workspace: InWorkspace = None, json: AsJson = False) -> int:
    """Daftar SOP yang dapat dijalankan."""
    from sopctl.desk.sops import list_sops

    rows = list_sops(opened(workspace).library)
    if json:
        output.say_json(rows)
        return 0
    from sopctl.cli import tables

    tables.sops(rows)
    return 0


def show(sop: SopId, flow: FlowOnly = False, workspace: InWorkspace = None, json: AsJson = False) -> int:
    """Tampilkan SOP sebagai tabel formulirnya, dan alurnya."""
    session = opened(workspace)
    if flow and not json:
        from sopctl.cli.form_command import say_drawing

        say_drawing(session.library, sop)
        return 0
    found = session.library.read_sop(sop)
    if json:
        output.say_json(found)
        return 0
    from sopctl.cli import tables

    tables.form(found)
    return 0


def check(sops: SopIds = None, workspace: InWorkspace = None, json: AsJson = False) -> int:
    """Periksa SOP, templat dan sopctl.yaml. Setiap kesalahan disebut dengan tempatnya."""
    from sopctl.desk import check as checking

    session = opened(workspace)
    findings = checking.check(session, tuple(sops or ()))
    mistakes = errors_of(findings.problems)
    if json:
        output.say_json({"files": findings.files, "problems": [output.as_json(one) for one in findings.problems]})
        return WrongError.exit_code if mistakes else 0
    for problem in findings.problems:
        output.say(f"{problem.source}: {'saran: ' if problem.severity == 'note' else ''}{problem.message}")
    notes = len(findings.problems) - len(mistakes)
    output.say(f"{len(findings.files)} file diperiksa: {len(mistakes)} kesalahan, {notes} saran.")
    return WrongError.exit_code if mistakes else 0


def schema(kind: SchemaKind) -> int:
    """Cetak JSON Schema untuk penyunting teks."""
    from sopctl.desk import schema as schemas

    output.say_json(schemas.schema(kind))
    return 0
