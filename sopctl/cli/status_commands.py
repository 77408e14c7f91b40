"""The commands that look at cases: where they stand, and their documents."""

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sopctl.cli import case_choice, completion, output
from sopctl.cli.invocation import invocation
from sopctl.cli.options import AnyCaseId
from sopctl.cli.progress import reading
from sopctl.cli.session import look

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import AbstractContextManager

    from sopctl.desk.documents import CaseDocuments
    from sopctl.engine.events import Written
    from sopctl.store.record import Record

OptionalId = Annotated[
    str, typer.Argument(metavar="[ID]", help="Id berkas; kosong = daftar berkas.", autocompletion=completion.cases)
]
All = Annotated[bool, typer.Option("--all", help="Semua berkas atau seluruh riwayat, bukan hanya yang terakhir.")]
CopyFolder = Annotated[
    Path | None,
    typer.Option("--out", "-o", metavar="FOLDER", help="Salin ke folder ini; dengan --pdf tempat PDF, bukan pdf/ID."),
]

_PATIENCE = 3
"""Seconds in which a viewer that cannot open a file gives up."""

_SHOWN = 30
"""Cases that are listed, and visits, documents and notes of one, unless all are asked for."""


def status(id: OptionalId = "", every: All = False) -> int:
    """Riwayat satu berkas: langkah, waktu, isian, dokumen. Tanpa ID: daftar berkas, yang terakhir bergerak di atas."""
    session = look()
    if not id:
        return _cases(session.record, every=every)
    from sopctl.cli import timeline
    from sopctl.desk.status import case_status

    found = case_status(session.record, id, session.library)
    code = output.show(
        found,
        lambda found: timeline.status(found, session.record, at_most=None if every else _SHOWN),
        encode=output.answered,
    )
    if not invocation.json:
        _tell_missing(session.record, found.written, found.id)
    return code


def _cases(record: "Record", *, every: bool) -> int:
    """Print the cases, ended ones too."""
    from sopctl.cli import tables
    from sopctl.desk.status import list_cases

    with reading() as on_progress:
        found = list_cases(record, at_most=None if every or invocation.json else _SHOWN, on_progress=on_progress)
    return output.show(found, tables.cases, encode=lambda found: found.rows, damaged=found.damaged)


def _tell_missing(record: "Record", written: "Iterable[Written]", id: str) -> None:
    """Say which Word files of a case the record has lost."""
    from sopctl.cli.record_files import shown_path

    for path in record.whole_store.list_missing(document.path for document in written):
        output.complain(f"{shown_path(record, path)} hilang; periksa dengan sopctl verify {id}.")


def _describe(document: "Written", path: str, *, valid: bool) -> str:
    from sopctl.cli.timeline import carried
    from sopctl.desk.documents import HANDED_OVER
    from sopctl.sop.model import ACTS

    nomor = f"  nomor {output.line(document.nomor)}" if document.nomor else ""
    mark = f"  ({HANDED_OVER})" if valid else ""
    return f"{ACTS[document.act]:<13} {document.name}{nomor}{mark}{output.line(carried(document))}\n  {path}"


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
    out: CopyFolder = None,
) -> int:
    """Dokumen Word sebuah berkas; disalin dengan --out, PDF dengan --pdf."""
    session = look()
    from sopctl.desk.documents import case_documents

    id = case_choice.choose_case(session, id, *case_choice.ANY)
    found = case_documents(session.record, id, document)
    wanted = [found.newest or found.documents[-1]] if found.documents and (open_ or document) else found.documents
    made = _write(session.record, found.id, wanted, out, pdf=pdf) if wanted else ()
    if made:
        shown = [str(path) for path in made]
        kind = "pdf" if pdf else "files"
        output.show({"id": found.id, "documents": found.documents, kind: shown}, "\n".join(shown))
    else:
        _list(session.record, found)
    _tell_missing(session.record, found.documents, found.id)
    if open_ and wanted:
        from sopctl.desk.case_files import locate_document

        if found.newest is None:
            output.complain("Tidak ada yang masih berlaku di antaranya; yang dibuka adalah yang terakhir ditulis.")
        _launch(made[0] if made else locate_document(session.record, wanted[0]))
    return 0


def _list(record: "Record", found: "CaseDocuments") -> None:
    """Print the documents; beside them what opens them, where their paths do not."""
    from sopctl.cli.record_files import shown_path, ways_to_letters

    listed = "\n".join(
        _describe(one, shown_path(record, one.path), valid=one.path in found.valid) for one in found.documents
    )
    output.show(found, listed or f"{found.id} belum menulis dokumen.")
    if found.documents and not invocation.json and sys.stdout.isatty():
        for command in ways_to_letters(record, found.id):
            output.say(f"  {command}")


def _write(record: "Record", id: str, wanted: "Sequence[Written]", out: Path | None, *, pdf: bool) -> tuple[Path, ...]:
    """The copies or PDFs that are asked for."""
    if not pdf and out is None:
        return ()
    from sopctl.desk.case_files import copy_documents, export_pdfs

    if pdf:
        return export_pdfs(record, id, wanted, out, _show_conversion)
    return copy_documents(record, wanted, out) if out else ()


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
