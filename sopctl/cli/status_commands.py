"""The commands that look at cases: where they stand, and their documents."""

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sopctl.cli import case_choice, completion, output
from sopctl.cli.options import AnyCaseId, InWorkspace, Json
from sopctl.cli.progress import reading
from sopctl.cli.session import look

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager

    from sopctl.engine.events import Written
    from sopctl.store.record import Record

OptionalId = Annotated[
    str, typer.Argument(metavar="[ID]", help="Id berkas; kosong = daftar berkas.", autocompletion=completion.cases)
]
All = Annotated[bool, typer.Option("--all", help="Semua berkas atau seluruh riwayat, bukan hanya yang terakhir.")]
PdfFolder = Annotated[
    Path | None,
    typer.Option("--out", "-o", metavar="FOLDER", help="Folder untuk PDF; tanpa ini pdf/ID di folder sekarang."),
]

_PATIENCE = 3
"""Seconds in which a viewer that cannot open a file gives up."""

_SHOWN = 30
"""Cases that are listed, and visits, documents and notes of one, unless all are asked for."""


def status(id: OptionalId = "", every: All = False, workspace: InWorkspace = None, json: Json = False) -> int:
    """Riwayat satu berkas: langkah, waktu, isian, dokumen. Tanpa ID: daftar berkas, yang terakhir bergerak di atas."""
    session = look(workspace)
    if not id:
        return _cases(session.record, every=every, json=json)
    from sopctl.cli import timeline
    from sopctl.desk.status import case_status

    found = case_status(session.record, id, session.library)
    code = output.show(
        found,
        lambda found: timeline.status(found, session.office.zone, at_most=None if every else _SHOWN),
        json=json,
        encode=output.answered,
    )
    if not json:
        _tell_missing(session.record, found.written, found.id)
    return code


def _cases(record: "Record", *, every: bool, json: bool) -> int:
    """Print the cases, ended ones too."""
    from sopctl.cli import tables
    from sopctl.desk.status import list_cases

    with reading() as on_progress:
        found = list_cases(record, at_most=None if every or json else _SHOWN, on_progress=on_progress)
    return output.show(found, tables.cases, json=json, encode=lambda found: found.rows, damaged=found.damaged)


def _tell_missing(record: "Record", written: "Iterable[Written]", id: str) -> None:
    """Say which Word files of a case the record has lost."""
    for path in record.whole_store.list_missing(document.path for document in written):
        output.complain(f"{path} hilang; periksa dengan sopctl verify {id}.")


def _describe(document: "Written", *, valid: bool) -> str:
    from sopctl.cli.timeline import carried
    from sopctl.desk.documents import HANDED_OVER
    from sopctl.sop.model import ACTS

    nomor = f"  nomor {output.line(document.nomor)}" if document.nomor else ""
    mark = f"  ({HANDED_OVER})" if valid else ""
    return f"{ACTS[document.act]:<13} {document.name}{nomor}{mark}{output.line(carried(document))}\n  {document.path}"


def docs(
    id: AnyCaseId = "",
    document: Annotated[
        str, typer.Option("--document", metavar="DOKUMEN", help="Hanya surat ini, misalnya surat-tugas.")
    ] = "",
    open_: Annotated[bool, typer.Option("--open", help="Buka dokumen terakhir yang masih berlaku.")] = False,
    pdf: Annotated[
        bool,
        typer.Option("--pdf", help="Tulis PDF dengan LibreOffice: semua, atau yang diminta --document atau --open."),
    ] = False,
    out: PdfFolder = None,
    workspace: InWorkspace = None,
    json: Json = False,
) -> int:
    """Dokumen Word sebuah berkas; dengan --pdf juga sebagai PDF."""
    session = look(workspace)
    from sopctl.desk.documents import case_documents

    id = case_choice.choose_case(session, id, *case_choice.ANY, json=json)
    found = case_documents(session.record, id, document)
    wanted = [found.newest or found.documents[-1]] if found.documents and (open_ or document) else found.documents
    made: list[Path] = []
    if pdf and wanted:
        from sopctl.desk.pdf_export import export_pdfs

        made += export_pdfs(session.record, found.id, wanted, out, _show_conversion)
    if made:
        shown = [str(path) for path in made]
        output.show({"id": found.id, "documents": found.documents, "pdf": shown}, "\n".join(shown), json=json)
    else:
        listed = "\n".join(_describe(one, valid=one.path in found.valid) for one in found.documents)
        output.show(found, listed or f"{found.id} belum menulis dokumen.", json=json)
    _tell_missing(session.record, found.documents, found.id)
    if open_ and wanted:
        if found.newest is None:
            output.complain("Tidak ada yang masih berlaku di antaranya; yang dibuka adalah yang terakhir ditulis.")
        _launch(made[0] if made else session.record.whole_store.locate_file(wanted[0].path))
    return 0


def _show_conversion(files: int, target: Path) -> "AbstractContextManager[object]":
    """What a terminal shows while LibreOffice works; it starts within seconds."""
    if not files or not sys.stderr.isatty():
        return nullcontext()
    from sopctl.cli.screen import console

    return console(stderr=True).status(f"LibreOffice menulis {files} PDF ke {target} …")


def _launch(path: Path) -> None:
    if not _opens(path):
        output.complain(f"Tidak ada program yang dapat membuka dokumen di komputer ini. Bukalah sendiri: {path}")


def _opens(path: Path) -> bool:
    """Whether a program opens the file; one that is at work after some seconds does."""
    if not sys.platform.startswith("linux"):
        return typer.launch(str(path)) == 0
    import subprocess

    nothing = subprocess.DEVNULL  # what it says is English
    try:
        viewer = subprocess.Popen(["xdg-open", path], stdin=nothing, stdout=nothing, stderr=nothing)  # noqa: S603, S607 — the viewer of this computer
        return viewer.wait(_PATIENCE) == 0
    except subprocess.TimeoutExpired:
        return True
    except OSError:
        return False
