"""The commands for SOPs: set up a workspace, see an SOP, make one, check it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sopctl.cli import output
from sopctl.cli.invocation import invocation
from sopctl.cli.options import SopId, SopIds
from sopctl.cli.session import opened
from sopctl.errors import SopctlError, UsageError, WrongError
from sopctl.problems import WEIGHT_NAMES, Weight, errors_of

if TYPE_CHECKING:
    from sopctl.desk.check import CheckResult

NewFolder = Annotated[Path, typer.Argument(metavar="[FOLDER]", help="Folder yang dijadikan ruang kerja.")]
SchemaKind = Annotated[
    Literal["sop", "office", "instance"],
    typer.Argument(metavar="JENIS", help="Jenis file: sop, office, atau instance."),
]
WithExamples = Annotated[
    bool, typer.Option("--with-examples", help="Salin juga contoh SOP; ruang kerja yang ada hanya ditambahi itu.")
]
Accept = Annotated[
    bool, typer.Option("--accept", help="Hapus semua tanda '# periksa' dari SOP ini: isinya sudah dibandingkan.")
]
Everything = Annotated[
    bool,
    typer.Option("--all", help="Sebut juga hal lain yang lazim pada formulir; tanpa SOP: juga contoh di sops/contoh."),
]
_COUNTED: tuple[Weight, ...] = ("error", "important", "advice")

FlowOnly = Annotated[bool, typer.Option("--flow", help="Gambar bagan alurnya saja.")]


def init(folder: NewFolder = Path(), with_examples: WithExamples = False) -> int:
    """Buat ruang kerja baru dengan SOP dan templat bawaan."""
    from sopctl.desk import setup

    made = setup.init(folder, examples=with_examples)
    text = f"Ruang kerja siap di {folder.resolve()}: {len(made)} file.\n"
    if folder.resolve() != Path.cwd():
        text += f'Bekerjalah dari sana: cd "{folder}"\n'
    text += "Isi data kantor di sopctl.yaml, lalu coba: sopctl list"
    return output.show({"workspace": str(folder.resolve()), "files": list(made)}, text)


def list_() -> int:
    """Daftar SOP yang dapat dijalankan."""
    from sopctl.cli import tables
    from sopctl.desk.sops import list_sops

    return output.show(list_sops(opened().library), tables.sops)


def show(sop: SopId, flow: FlowOnly = False) -> int:
    """Tampilkan SOP sebagai tabel formulirnya, dan alurnya."""
    session = opened()
    if flow and not invocation.json:
        from sopctl.cli.form_command import say_drawing

        say_drawing(session.library, sop)
        return 0
    from sopctl.cli import tables
    from sopctl.desk.sops import encode_sop, read_form

    return output.show(read_form(session, sop), tables.form, encode=encode_sop)


def check(sops: SopIds = None, all_: Everything = False, accept: Accept = False) -> int:
    """Periksa SOP, templat dan sopctl.yaml. Setiap kesalahan disebut dengan tempatnya."""
    from sopctl.desk import check as checking

    if accept:
        if not sops:
            raise UsageError("Sebutkan SOP yang sudah diperiksa, misalnya sopctl check peminjaman-ruang --accept.")
        checking.accept_remarks(opened(), tuple(sops))
    session = opened()
    findings = checking.check(session, tuple(sops or ()), everything=all_)
    return _show_findings(findings, unasked=None if sops else checking.ask_database(session))


def new() -> int:
    """Buat SOP baru dari pertanyaan di terminal, lalu periksa."""
    from sopctl.cli import sop_questions
    from sopctl.cli.terminal_input import at_a_terminal

    session = opened()
    if not at_a_terminal():
        raise UsageError("SOP baru ditanyakan di terminal, tanpa --json.", code="new_sop")
    from sopctl.desk.new_sop import create_sop

    draft = sop_questions.ask_sop(session)
    findings = create_sop(session, draft)
    sop_questions.forget_draft(session)
    output.say(f"Ditulis: {findings.files[0]}. Lengkapi di sana.\nMulai: sopctl start {draft.id}")
    return _show_findings(findings)


def _show_findings(findings: "CheckResult", *, unasked: SopctlError | None = None) -> int:
    """Print what is wrong with files, and apart what is with the office; the exit code.

    ``unasked`` says why the record could not be asked, where it lies in a database.
    """
    found = (*findings.problems, *findings.office)
    value = {"files": findings.files, "problems": [output.as_json(one) for one in found], "hidden": findings.hidden}
    prefixes = {weight: f"{name}: " for weight, name in WEIGHT_NAMES.items()} | {"error": ""}
    lines = [f"{one.source}: {prefixes[one.weight]}{one.message}" for one in found]
    if findings.office:
        lines.insert(len(findings.problems), "\nKantor:" if findings.problems else "Kantor:")
    counted = ", ".join(f"{sum(one.weight == each for one in found)} {WEIGHT_NAMES[each]}" for each in _COUNTED)
    more = f" {findings.hidden} hal lain disebut oleh sopctl check --all." if findings.hidden else ""
    lines.append(f"{len(findings.files)} file diperiksa: {counted}.{more}")
    code = WrongError.exit_code if errors_of(found) else 0
    if unasked is not None:
        value |= output.failed(unasked)
        lines.append(f"Hanya file yang diperiksa, sebab catatannya tidak dapat ditanya: {output.sentences(unasked)}")
        code = code or unasked.exit_code
    return output.show(value, "\n".join(lines), code=code)


def schema(kind: SchemaKind) -> int:
    """Cetak JSON Schema untuk penyunting teks."""
    from sopctl.desk import sops

    output.say_json(sops.schema(kind))
    return 0
