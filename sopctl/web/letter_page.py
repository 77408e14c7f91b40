"""The files of a case: a letter before it is signed, each document with pictures of its pages, what was attached."""

import os
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from msgspec import Struct

from sopctl.desk.case_files import find_attachment, open_case_file
from sopctl.desk.documents import find_version
from sopctl.desk.letter_preview import read_step_letter
from sopctl.engine.case import Case
from sopctl.engine.events import Attachment, Written
from sopctl.errors import BusyError, NotFoundError
from sopctl.sop.model import ACTS
from sopctl.store.record import Record
from sopctl.web.downloads import WORD, send_download, send_file
from sopctl.web.previews import LetterPictures, find_previews
from sopctl.web.typed_numbers import read_number
from sopctl.web.visitor import page_session

pages = Blueprint("letter", __name__)

_LARGEST = 20_000_000
"""Bytes of a document of which pictures are made."""


class ShownLetter(Struct, frozen=True):
    """A letter that is shown; ``foreseen`` where it is only written with the move at hand."""

    case: Case
    written: Written
    data: bytes
    foreseen: bool = False

    @property
    def name(self) -> str:
        """The name of its file."""
        return PurePosixPath(self.written.path).name

    def draw(self) -> LetterPictures:
        """The pictures of its pages."""
        return find_previews().draw(self.data, PurePosixPath(self.written.path).suffix)


@pages.get("/berkas/<id>/surat/<step>")
def show_step_letter(id: str, step: str) -> str:
    """The letter of a step, as whoever looks would sign it."""
    return _show(_read_step_letter(id, step), "letter.step_letter_file", {"id": id, "step": step})


@pages.get("/berkas/<id>/surat/<step>/<file>")
def step_letter_file(id: str, step: str, file: str) -> Response:
    """A picture of a page of it, its PDF or its Word file."""
    return _send(_read_step_letter(id, step), file)


@pages.get("/berkas/<id>/dokumen/<name>/lihat")
def show_document(id: str, name: str) -> str:
    """A document that was written."""
    chosen = {key: request.args[key] for key in ("langkah", "putaran") if key in request.args}
    return _show(_read_document(id, name), "letter.document_file", {"id": id, "name": name, **chosen})


@pages.get("/berkas/<id>/dokumen/<name>/lihat/<file>")
def document_file(id: str, name: str, file: str) -> Response:
    """A picture of a page of it, its PDF or its file."""
    return _send(_read_document(id, name), file)


@pages.get("/berkas/<id>/dokumen/<name>")
def document(id: str, name: str) -> Response:
    """A document that was written, to be kept: the newest, or as a step left it at one of its stays."""
    record = page_session().record
    return _send_file(record, _find_version(record, record.load_case(id), name))


@pages.get("/berkas/<id>/lampiran/<number>")
def attachment(id: str, number: str) -> Response:
    """A file that was attached to a case, to be kept."""
    record = page_session().record
    return _send_file(record, find_attachment(record.load_case(id), read_number(number)))


def _send_file(record: Record, file: Written | Attachment) -> Response:
    name = (file.name if isinstance(file, Attachment) else "") or PurePosixPath(file.path).name
    return send_file(open_case_file(record, file), name)


def _find_version(record: Record, case: Case, name: str) -> Written:
    step, stay = request.args.get("langkah", ""), read_number(request.args.get("putaran") or "0")
    return find_version(case, record.load_sop, name, step, stay)


def _read_step_letter(id: str, step: str) -> ShownLetter:
    session = page_session()
    case = session.record.load_case(id)
    found = read_step_letter(session, case, step, partial(page_session, looking=False))
    return ShownLetter(case, found.written, found.data, found.foreseen) if found else abort(404)


def _read_document(id: str, name: str) -> ShownLetter:
    record = page_session().record
    case = record.load_case(id)
    written = _find_version(record, case, name)
    with open_case_file(record, written) as file:
        if file.seek(0, os.SEEK_END) > _LARGEST:
            raise NotFoundError("Dokumen ini terlalu besar untuk ditampilkan.", code="file")
        file.seek(0)
        return ShownLetter(case, written, file.read())


def _show(letter: ShownLetter, endpoint: str, address: dict[str, str]) -> str:
    """The page with the pictures; without them where they cannot be made, or not yet."""
    drawn, busy = None, False
    try:
        drawn = letter.draw()
    except (NotFoundError, BusyError) as error:
        busy = isinstance(error, BusyError)
    names = ["surat.pdf", *(f"{number}.png" for number in range(1, len(drawn.pages) + 1))] if drawn else []
    files = [_address(endpoint, address, name) for name in names]
    document = letter.case.sop.documents.get(letter.written.name)
    return render_template(
        "letter_page.html",
        letter=letter,
        title=document.shown_name if document else letter.written.name,
        act=ACTS[letter.written.act],
        pdf=files[:1],
        pictures=files[1:],
        busy=busy,
        word=_address(endpoint, address, "surat.docx"),
    )


def _address(endpoint: str, of: dict[str, str], file: str) -> str:
    values: dict[str, Any] = {**of, "file": file}
    return url_for(endpoint, **values)


def _send(letter: ShownLetter, file: str) -> Response:
    stem = PurePosixPath(letter.name).stem
    if file == "surat.docx":
        return send_download(letter.data, letter.name, WORD)
    if file == "surat.pdf":
        return send_download(letter.draw().pdf, f"{stem}.pdf", "application/pdf")
    number = read_number(file.removesuffix(".png")) if file.endswith(".png") else -1
    drawn = letter.draw().pages[number - 1 : number] if number > 0 else ()
    return Response(drawn[0], mimetype="image/png") if drawn else abort(404)
