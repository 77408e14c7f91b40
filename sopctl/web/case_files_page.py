"""The files of a case, to be kept: its documents and what was attached."""

from pathlib import PurePosixPath

from flask import Blueprint, Response, request

from sopctl.desk.case_files import find_attachment, open_case_file
from sopctl.desk.documents import find_version
from sopctl.engine.events import Attachment, Written
from sopctl.web.downloads import send_file
from sopctl.web.typed_numbers import read_number
from sopctl.web.visitor import page_session

pages = Blueprint("case_files", __name__)


@pages.get("/berkas/<id>/dokumen/<name>")
def document(id: str, name: str) -> Response:
    """A document of a case: the newest, or as a step left it at one of its stays."""
    record = page_session().record
    case, step = record.load_case(id), request.args.get("langkah", "")
    return _send(find_version(case, record.load_sop, name, step, read_number(request.args.get("putaran") or "0")))


@pages.get("/berkas/<id>/lampiran/<number>")
def attachment(id: str, number: str) -> Response:
    """A file that was attached to a case."""
    return _send(find_attachment(page_session().record.load_case(id), read_number(number)))


def _send(file: Written | Attachment) -> Response:
    opened = open_case_file(page_session().record, file)
    name = (file.name if isinstance(file, Attachment) else "") or PurePosixPath(file.path).name
    return send_file(opened, name)
