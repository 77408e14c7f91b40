"""A letter that comes back signed by another system (TTE, SRIKANDI), or as a scan of the paper that was signed."""

from hashlib import sha256
from pathlib import Path, PurePosixPath

from msgspec.structs import replace

from sopctl.desk.authority import refuse_stranger
from sopctl.desk.documents import find_document, is_numbered
from sopctl.desk.input_files import read_input_file
from sopctl.desk.move_input import LARGEST_ATTACHMENT, MoveInput, read_request
from sopctl.desk.outcome import Outcome
from sopctl.desk.session import Session
from sopctl.desk.unit_of_work import UnitOfWork
from sopctl.engine import case_changes
from sopctl.engine.case import Case
from sopctl.engine.events import Written
from sopctl.engine.refused import Refused
from sopctl.engine.signings import find_signature
from sopctl.errors import UsageError
from sopctl.letters.case_numbers import number_of
from sopctl.letters.move_documents import file_name
from sopctl.store.case_search import find_case, load_found_case
from sopctl.word.pdf_signatures import is_pdf, is_whole, read_certificates


def bring_back(session: Session, id: str, file: str, document: str, typed: MoveInput) -> Outcome | Refused:
    """Record the PDF of a signed letter of the case; it is the one that is handed over from then on.

    Raises:
        UsageError: where the file is no whole PDF, or several letters are signed and none is named.
        NotFoundError: where there is no such case, file or letter.
    """
    data = _read_pdf(Path(file.strip()))
    with session.unit_of_work() as work:
        case = work.case(find_case(session.record, id))
        request = read_request(session, case, typed, work.change)
        at, now = min(request.at, request.now), request.now
        if refused := refuse_stranger(session.office, session.account, at, now, case):
            return refused
        name = _find_signed(case, document.strip().lower())
        event = case_changes.bring_back(case.sop, case.state, request, name)
        if isinstance(event, Refused):
            return event
        if refused := _refuse_file(case, name, data):
            return refused
        written = _store_letter(work, case, name, data)
        if refused := work.record(case.id, replace(event, documents=(written,))):
            return refused
        work.commit()
    return work.outcome(case.id)


def list_signed(session: Session, id: str) -> tuple[str, ...]:
    """The letters of a case that are signed."""
    return _signed(load_found_case(session.record, id))


def _read_pdf(path: Path) -> bytes:
    data = read_input_file(path, limit=LARGEST_ATTACHMENT)
    if not is_pdf(data):
        raise UsageError(f"{path} bukan PDF. Surat yang ditandatangani di luar sopctl kembali sebagai PDF.", code="pdf")
    if not is_whole(data):
        raise UsageError(f"{path} terpotong: akhir PDF-nya tidak ada. Unduh atau salin lagi.", code="pdf")
    return data


def _refuse_file(case: Case, name: str, data: bytes) -> Refused | None:
    """Why the file cannot be the letter: the letter has no number yet, or the same file came back before."""
    if is_numbered(case, name) and not number_of(case, name):
        message = f"Surat {name} belum bernomor; yang ditandatangani di luar sopctl harus sudah memuat nomornya."
        return Refused(reason="no_number", message=message, advice="give_number", facts={"id": case.id})
    signed = [one for one in case.state.documents if one.name == name and one.act == "sign"][-1:]
    for newest in signed:
        if newest.is_returned and newest.sha256 == sha256(data).hexdigest():
            return Refused(
                reason="already_returned", message=f"File ini sudah diterima sebagai {PurePosixPath(newest.path).name}."
            )
    return None


def _store_letter(work: UnitOfWork, case: Case, name: str, data: bytes) -> Written:
    """The PDF, added to the change as the signed file of the document."""
    signature, nomor = find_signature(case.state, name), number_of(case, name) or ""
    return Written(
        name=name,
        act="sign",
        step=signature.step if signature else "",
        path=work.change.add_document(case.id, file_name(case, name, "sign", nomor), data, ".pdf"),
        sha256=sha256(data).hexdigest(),
        nomor=nomor,
        certificates=read_certificates(data),
    )


def _signed(case: Case) -> tuple[str, ...]:
    return tuple(name for name in case.sop.documents if find_signature(case.state, name))


def _find_signed(case: Case, document: str) -> str:
    """The letter that is meant: the one that is named, else the only one that is signed.

    Raises:
        NotFoundError: where the case has none of that name. UsageError: where not exactly one is signed.
    """
    if document:
        return find_document(case, document)
    signed = _signed(case)
    if len(signed) > 1:
        message = f"Berkas {case.id} mempunyai beberapa surat yang sudah ditandatangani: {', '.join(signed)}."
        raise UsageError(message, code="document", advice="name_document", documents=signed)
    if not signed:
        raise UsageError(f"Belum ada surat berkas {case.id} yang ditandatangani.", code="document")
    return signed[0]
