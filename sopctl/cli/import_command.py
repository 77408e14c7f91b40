"""`import`: forms that an office has become SOP files."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sopctl.cli import completion, output
from sopctl.cli.invocation import invocation
from sopctl.cli.session import opened
from sopctl.errors import NotFoundError, UsageError, WrongError

if TYPE_CHECKING:
    from sopctl.desk.import_sops import Comparison, ImportedFile
    from sopctl.desk.session import Session

Sources = Annotated[
    list[Path],
    typer.Argument(metavar="FILE...", help="Formulir SOP: PDF, Excel (.xlsx), Word (.docx) atau BPMN; atau foldernya."),
]

Into = Annotated[
    str,
    typer.Option(
        "--into", metavar="SOP", help="Hanya sebutkan bedanya dengan SOP ini.", autocompletion=completion.sops
    ),
]


def import_(
    files: Sources,
    output_: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FOLDER", help="Folder tujuan; tanpa ini sops.")
    ] = None,
    id: Annotated[str, typer.Option("--id", metavar="ID", help="Id SOP, bila bukan nama filenya.")] = "",
    review: Annotated[
        bool, typer.Option("--review", help="Tulis juga halaman pemeriksaan (HTML) untuk setiap SOP.")
    ] = False,
    into: Into = "",
) -> int:
    """Ubah formulir SOP (PDF, Excel, Word, BPMN) menjadi file SOP. Yang meragukan ditandai '# periksa'."""
    from sopctl.cli import progress
    from sopctl.desk import import_sops

    sources = import_sops.list_sources(files)
    if into:
        if len(sources) > 1 or id or output_ or review:
            raise UsageError(
                "--into membandingkan satu file dan tidak menulis apa pun, jadi tanpa -o, --id dan --review."
            )
        compared = import_sops.compare_form(opened(), sources[0], into)
        return output.show(compared, partial(_show_comparison, id=into))
    from sopctl.desk.check import read_names

    session = _open_office(needed=output_ is None)
    target = output_ or (session.workspace.sops if session else Path())
    with progress.reading("Membaca formulir") as on_file:
        names = read_names(session.library) if session else {}
        found = import_sops.import_files(sources, target, names, id=id, review=review, on_file=on_file)
    failed = [one for one in found if one.code]
    code = failed[0].code if len(found) == 1 and failed else WrongError.exit_code if failed else 0
    return output.show({"files": found}, _show, code=code)


def _open_office(*, needed: bool) -> "Session | None":
    """The office that is named or lies around; None where there is none and none is ``needed``."""
    try:
        return opened()
    except NotFoundError:
        if needed or invocation.workspace is not None:
            raise
        return None


def _show_comparison(value: "Comparison", id: str) -> None:
    """The differences, and what else has to be looked at."""
    for line in value.differences or (f"Formulir ini sama dengan SOP {id}.",):
        output.say(line)
    for doubt in value.doubts:
        output.complain(f"Terbaca dengan ragu, {doubt}")


def _shorten(path: str) -> str:
    """A path from where the user stands, where it lies below."""
    here, whole = Path.cwd(), Path(path).resolve()
    return str(whole.relative_to(here)) if whole.is_relative_to(here) else path


def _show(value: "dict[str, list[ImportedFile]]") -> None:
    """A line for each SOP, and one for each file that could not be read."""
    from sopctl.cli.remedies import sentence
    from sopctl.cli.tables import plain_table

    found = value["files"]
    rows = [
        (Path(file.source).name, _shorten(sop.path), str(sop.rows), str(sop.doubts))
        for file in found
        for sop in file.sops
    ]
    plain_table("SOP yang ditulis", ("File", "SOP", "Baris", "Periksa"), rows, empty="Tidak ada SOP yang ditulis.")
    for file in found:
        if file.problem:
            name = Path(file.source).name
            said = sentence(UsageError(file.problem.removeprefix(f"{name} "), advice=file.advice))
            output.complain(f"{name}: {said}")
    for text, id in dict.fromkeys(pair for file in found for sop in file.sops for pair in sop.mentions):
        output.say(f"'{output.line(text)}' tampaknya SOP {id}.")
    written = [sop for file in found for sop in file.sops]
    for page in [sop.review for sop in written if sop.review]:
        output.say(f"Halaman pemeriksaan, buka di peramban: {_shorten(page)}")
    if any(sop.doubts for sop in written):
        output.say(
            "Bandingkan dengan formulir atau diagramnya, perbaiki, "
            "lalu hapus setiap baris '# periksa' yang sudah benar."
        )
