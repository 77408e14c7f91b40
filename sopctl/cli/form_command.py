"""The command that prints an SOP as the official form, and the drawing of its flow in the terminal."""

import sys
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated

import typer

from sopctl.cli import output
from sopctl.cli.invocation import invocation
from sopctl.cli.options import SopId
from sopctl.cli.session import opened
from sopctl.errors import UsageError

if TYPE_CHECKING:
    from sopctl.store.library import Library

AlsoSvg = Annotated[bool, typer.Option("--svg", help="Tulis juga tiap halaman bagan alur sebagai SVG di sampingnya.")]
NumberedColumns = Annotated[bool, typer.Option("--numbered", help="Tambahkan baris nomor kolom di bawah kepala tabel.")]
AsMermaid = Annotated[bool, typer.Option("--mermaid", help="Cetak alurnya sebagai Mermaid saja, tanpa menulis file.")]
AsDot = Annotated[bool, typer.Option("--dot", help="Cetak alurnya sebagai DOT (Graphviz) saja, tanpa menulis file.")]

BpmnFile = Annotated[
    Path | None, typer.Option("--bpmn", metavar="FILE", help="Tulis SOP sebagai BPMN 2.0 dengan diagramnya saja.")
]

_WIDEST = 120
"""Letters of a line that the eye still follows."""


def form(
    sop: SopId,
    target: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", "--output", metavar="FILE", help="Dokumen Word yang ditulis; bawaannya ID-SOP.docx."
        ),
    ] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Tulis juga PDF di sampingnya (memakai LibreOffice).")] = False,
    svg: AlsoSvg = False,
    cover: Annotated[bool, typer.Option("--cover", help="Dahului dengan halaman judul.")] = False,
    numbered: NumberedColumns = False,
    mermaid: AsMermaid = False,
    dot: AsDot = False,
    bpmn: BpmnFile = None,
) -> int:
    """Cetak SOP sebagai formulir resmi (Word). Isinya lembar identitas dan bagan alur."""
    from sopctl.desk import form as form_files

    session = opened()
    invocation.note_folders(target, bpmn)
    alone = mermaid + dot + (bpmn is not None)
    if alone and (alone > 1 or target or pdf or svg or cover or numbered):
        raise UsageError("--mermaid, --dot dan --bpmn menghasilkan alurnya saja; pakai salah satu, tanpa pilihan lain.")
    if bpmn is not None:
        form_files.write_bpmn_file(session, sop, bpmn)
        return output.show_files({"bpmn": bpmn})
    if mermaid or dot:
        text = form_files.export_flow(session.library, sop, "mermaid" if mermaid else "dot")
        value = {"sop": sop, "mermaid" if mermaid else "dot": text}
        return output.show(value, lambda _: output.say(text.rstrip("\n"), wrapped=False))
    printed = form_files.write_form(
        session, sop, target, form_files.FormOptions(pdf=pdf, svg=svg, cover=cover, numbered=numbered)
    )
    first = f"Formulir SOP {printed.sop} ditulis; bagan alurnya {printed.pages} halaman."
    return output.show(printed, "\n  ".join((first, *map(str, printed.files))))


def say_drawing(library: "Library", sop: str) -> None:
    """Print the flow of an SOP, drawn in letters as wide as the terminal allows."""
    from sopctl.desk import form as form_files

    width = min(get_terminal_size().columns, _WIDEST)
    output.say(form_files.draw_flow_on_screen(library, sop, width, plain=not _draws_lines()), wrapped=False)


def _draws_lines() -> bool:
    """Whether what is printed can hold the letters that lines are made of."""
    try:
        "─┼▼▽".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
