"""The command for whoever edits the Word templates: check them, see one filled in, see what one may say."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from sopctl.cli import completion, output
from sopctl.cli.invocation import invocation
from sopctl.cli.session import opened
from sopctl.errors import UsageError, WrongError

SampleCase = Annotated[
    str,
    typer.Option("--case", metavar="ID", help="Isi contoh dengan isian berkas ini.", autocompletion=completion.cases),
]


LikeTemplate = Annotated[
    str, typer.Option("--like", metavar="TEMPLAT", help="Mulai templat baru dari salinan templat ini.")
]


def template(
    action: Annotated[
        Literal["check", "preview", "vars", "new", "restore"],
        typer.Argument(
            metavar="check|preview|vars|new|restore",
            help="Periksa, tulis contohnya, sebut variabelnya, buat yang baru, atau tambahkan yang bawaan.",
        ),
    ],
    name: Annotated[str, typer.Argument(metavar="[TEMPLAT]", help="Nama templat, misalnya surat-tugas.")] = "",
    case: SampleCase = "",
    like: LikeTemplate = "",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Tulis contoh ke dokumen Word ini.")
    ] = None,
) -> int:
    """Templat Word untuk surat. Periksa (check), contoh (preview), variabel (vars), buat (new), ambil (restore)."""
    if action == "check":
        return _check(name)
    if action == "restore":
        return _restore()
    if not name:
        raise UsageError(f"Sebutkan templatnya, misalnya: sopctl template {action} surat-tugas")
    if action == "new":
        return _new(name, like)
    if action == "vars":
        return _vars(name)
    return _preview(name, case, out)


def _check(name: str) -> int:
    from sopctl.desk import templates

    found = templates.check_templates(opened(), name)
    mistakes = sum(len(one.mistakes) for one in found)
    notes = sum(len(one.notes) for one in found)
    lines = [line for one in found for line in (*one.mistakes, *(f"saran: {note}" for note in one.notes))]
    lines.append(f"{len(found)} templat diperiksa: {mistakes} kesalahan, {notes} saran.")
    return output.show(found, "\n".join(lines), code=WrongError.exit_code if mistakes else 0)


def _vars(name: str) -> int:
    from sopctl.cli import tables
    from sopctl.desk import templates

    found = templates.list_variables(opened(), name)
    rows = [(one.name, one.origin, one.about) for one in found]
    heading, empty = ("variabel", "asal", "isinya"), "Templat ini tanpa variabel."
    return output.show(found, lambda _: tables.plain_table(f"Variabel {name}", heading, rows, empty=empty))


def _new(name: str, like: str) -> int:
    from sopctl.desk.new_template import create_template

    path = create_template(opened(), name, like)
    stem = Path(path).stem
    typed = f'"{stem}"' if " " in stem else stem
    lines = [
        f"Templat baru: {path}, salinan {(like or 'dasar').removesuffix('.docx')}.docx. Buka di Word dan ganti isinya.",
        "Nama yang dapat dicetak ada di templates/README.md. Sesudah mengubahnya:",
        f"  sopctl template check {typed}",
        f"  sopctl template preview {typed}",
        f"Lalu sebutkan dalam SOP, di documents: surat: {{template: {stem}.docx}}",
    ]
    return output.show({"path": path}, "\n".join(lines))


def _preview(name: str, case: str, out: Path | None) -> int:
    from sopctl.desk import templates
    from sopctl.store import outputs

    session = opened()
    path = out or Path(f"contoh-{templates.find_template(session.workspace.templates, name)}")
    invocation.note_folders(path)
    outputs.check_output_path(session.record, path, "template", ".docx")
    outputs.write_output(path, [templates.preview(session, name, case)], mode=outputs.private_mode(session.record))
    return output.show({"path": str(path)}, f"Contoh ditulis ke {path}.")


def _restore() -> int:
    from sopctl.desk import setup

    made = setup.restore(opened().workspace)
    first = f"{len(made)} templat bawaan ditambahkan." if made else "Semua templat bawaan sudah ada."
    return output.show({"files": list(made)}, "\n  ".join((first, *made)))
