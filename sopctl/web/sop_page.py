"""`/sop`: the office's SOPs, and each as its form: the table, the drawing, whether its file has mistakes."""

from flask import Blueprint, Response, render_template

from sopctl.desk.check import check
from sopctl.desk.flow_drawing import draw_sop_flow
from sopctl.desk.form import FormOptions, render_form
from sopctl.desk.sops import list_sops, read_form
from sopctl.form.columns import form_columns
from sopctl.form.identity import build_identity
from sopctl.form.plain_text import list_cells
from sopctl.web.downloads import WORD, send_download
from sopctl.web.flow_view import describe_flow, send_drawing
from sopctl.web.previews import find_previews
from sopctl.web.visitor import page_session
from sopctl.word.pdf import find_libreoffice

pages = Blueprint("sop", __name__)


@pages.get("/sop")
def show_all() -> str:
    """The list of SOPs."""
    return render_template("sops.html", sops=list_sops(page_session().library))


@pages.get("/sop/<id>")
def show(id: str) -> str:
    """An SOP as its form; of one whose file has mistakes only that, for its readers are not who mends it."""
    session = page_session()
    found, problems = session.library.read_file(id).sop, check(session, (id,)).problems
    wrong = any(problem.weight == "error" for problem in problems)
    if found is None:
        return render_template("sop.html", sop=None, id=id, wrong=True)
    sop = read_form(session, id)
    return render_template(
        "sop.html",
        sop=sop,
        id=id,
        wrong=wrong,
        identity=build_identity(sop, session.office, session.now().date()),
        columns=[column.heading for column in form_columns(sop)],
        rows=[list_cells(sop, step) for step in sop.steps],
        flow=describe_flow(session, sop),
        pdf=find_libreoffice() is not None,
    )


@pages.get("/sop/<id>/alur.svg")
def show_drawing(id: str) -> Response:
    """A page of the drawing."""
    session = page_session()
    return send_drawing(draw_sop_flow(session, session.library.read_sop(id)))


@pages.get("/sop/<id>/formulir.docx")
def download(id: str) -> Response:
    """The form as a Word file."""
    return send_download(_render(id), f"{id}.docx", WORD)


@pages.get("/sop/<id>/formulir.pdf")
def download_pdf(id: str) -> Response:
    """The form as PDF, where LibreOffice is."""
    return send_download(find_previews().draw(_render(id), ".docx").pdf, f"{id}.pdf", "application/pdf")


def _render(id: str) -> bytes:
    session = page_session()
    return render_form(session, read_form(session, id), FormOptions())[1]
