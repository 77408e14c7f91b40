"""`/agenda`: the registers of outgoing and incoming letters."""

from datetime import MAXYEAR, MINYEAR
from typing import get_args

from flask import Blueprint, Response, abort, render_template, request

from sopctl.desk.registers import Register, RegisterName, open_register
from sopctl.errors import UsageError
from sopctl.web.downloads import WORD, WORKBOOK, send_download
from sopctl.web.typed_numbers import read_number
from sopctl.web.visitor import page_session

pages = Blueprint("agenda", __name__)

_NAMES: dict[str, RegisterName] = {name: name for name in get_args(RegisterName)}


@pages.get("/agenda")
def show() -> str:
    """A register, the latest letter first."""
    name, year, register = _open()
    columns = register.table.shown
    lines = [
        [(column, cell, ids if column == "berkas" else ()) for column, cell in zip(columns, line, strict=True)]
        for ids, line in zip(register.cases, register.table.shown_lines(), strict=True)
    ]
    return render_template("agenda.html", register=register.table, lines=lines[::-1], name=name, year=year)


@pages.get("/agenda/agenda.<any('docx', 'xlsx'):kind>")
def download(kind: str) -> Response:
    """A register as a file."""
    name, _, register = _open()
    if kind == "docx":
        return send_download(register.render_docx(), f"agenda-{name}.docx", WORD)
    return send_download(register.render_xlsx(), f"agenda-{name}.xlsx", WORKBOOK)


def _open() -> tuple[RegisterName, int | None, Register]:
    """The register that is asked for, and the year."""
    name, text = _NAMES.get(request.args.get("buku", "keluar")) or abort(404), request.args.get("tahun", "").strip()
    year = read_number(text) if text else None
    if year is not None and not MINYEAR <= year <= MAXYEAR:
        raise UsageError(f"'{text}' bukan tahun.", code="year")
    return name, year, open_register(page_session(), name, year)
