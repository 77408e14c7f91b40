"""`form`: an SOP as the official form in files, and its flow as text."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from sopctl.desk.session import Session
from sopctl.desk.sops import read_form
from sopctl.sop.model import Sop
from sopctl.store.library import Library
from sopctl.store.outputs import check_output_path, write_output
from sopctl.word.letterhead import read_logo

if TYPE_CHECKING:
    from sopctl.form.geometry import Flowchart

Language = Literal["mermaid", "dot"]


class FormOptions(Struct, frozen=True, kw_only=True):
    """What is written beside the Word file (PDF, drawings), and in it (a title page, a row of column numbers)."""

    pdf: bool = False
    svg: bool = False
    cover: bool = False
    numbered: bool = False


class FormFiles(Struct, frozen=True):
    """The files that were written, the Word file first; ``pages`` are those of the flowchart."""

    sop: str
    pages: int
    files: tuple[str, ...]


def write_form(session: Session, id: str, target: Path | None, options: FormOptions) -> FormFiles:
    """Write the form of an SOP, into the current folder under the SOP's id where no ``target`` is given.

    Raises:
        UsageError: where a file may not be written under its name. WrongError: where the SOP cannot be read or drawn,
            or the logo not used. NotFoundError: where a PDF is wanted and LibreOffice is not installed; the Word file
            is there then. BusyError: where the disk refuses.
    """
    sop = read_form(session, id)
    path = check_output_path(session.record, target or Path(f"{sop.id}.docx"), "form", ".docx")
    from sopctl.form.svg import page_svg  # noqa: PLC0415 — only who prints pays for it

    drawn, data = render_form(session, sop, options)
    drawings = [path.with_name(f"{path.stem}-{page.number}.svg") for page in drawn.pages if options.svg]
    for beside in [*drawings, *([path.with_suffix(".pdf")] if options.pdf else ())]:
        check_output_path(session.record, beside, "form", beside.suffix)
    write_output(path, [data])
    for drawing, page in zip(drawings, drawn.pages, strict=False):
        write_output(drawing, [page_svg(drawn, page).encode()])
    written = [path, *drawings]
    if options.pdf:
        from sopctl.word.pdf import convert_to_pdf  # noqa: PLC0415 — the same

        written += convert_to_pdf([path], path.parent)
    return FormFiles(sop.id, len(drawn.pages), tuple(str(one) for one in written))


def render_form(session: Session, sop: Sop, options: FormOptions) -> tuple["Flowchart", bytes]:
    """The flowchart of an SOP with the columns of the office, and the form's Word file.

    Raises:
        WrongError: where the SOP cannot be drawn, or the logo not used.
    """
    from sopctl.form.document import write_form  # noqa: PLC0415 — only who prints pays for it
    from sopctl.form.identity import build_identity  # noqa: PLC0415 — the same
    from sopctl.form.layout import lay_out_flowchart  # noqa: PLC0415 — the same

    drawn = lay_out_flowchart(sop, session.office.paper, numbered=options.numbered)
    sheet = build_identity(sop, session.office, session.now().date(), read_logo(session.workspace, session.office))
    return drawn, write_form(drawn, sheet, cover=options.cover)


def export_flow(library: Library, id: str, language: Language) -> str:
    """The flow of an SOP in the language of another tool."""
    from sopctl.form import graph_languages  # noqa: PLC0415 — only who asks pays for it

    write: Callable[[Sop], str] = graph_languages.to_mermaid if language == "mermaid" else graph_languages.to_dot
    return write(library.read_sop(id))


def write_bpmn_file(session: Session, id: str, path: Path) -> str:
    """Write an SOP as BPMN 2.0 with its diagram; the id of the SOP.

    Raises:
        UsageError: where a file may not be written under this name. WrongError: where the SOP cannot be read or drawn.
            BusyError: where the disk refuses.
    """
    from sopctl.form.bpmn import write_bpmn  # noqa: PLC0415 — only who asks pays for it

    check_output_path(session.record, path, "bpmn", ".bpmn", ".xml")
    sop = session.library.read_sop(id)
    write_output(path, [write_bpmn(sop)])
    return sop.id


def draw_flow_on_screen(library: Library, id: str, width: int, *, plain: bool) -> str:
    """The title of an SOP and its flow in letters; ``plain`` uses ASCII only."""
    from sopctl.form.terminal import draw_flow  # noqa: PLC0415 — only who asks pays for it

    sop = library.read_sop(id)
    return f"{sop.nama}\n\n{draw_flow(sop, width, plain=plain)}"
