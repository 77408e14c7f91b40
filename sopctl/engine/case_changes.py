"""Changes to a case that leave it at its step: fields, files, notes, assignments, suspending, resuming, cancelling."""

from sopctl.engine.events import Assigned, Attached, Cancelled, Filled, Noted, Resumed, Returned, Suspended
from sopctl.engine.guards import refuse_if_ended, refuse_unless_running, refuse_without_note, refuse_wrong_time
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.engine.signings import document_form, find_signature
from sopctl.engine.state import State
from sopctl.sop.model import Sop


def fill(sop: Sop, state: State, request: Request, subject: str = "") -> Filled | Refused:
    """Fill in fields of a case that has not ended, or change its subject while no letter that bears a number is signed.

    An empty subject, and the one that the case has, changes none.
    """
    subject = "" if subject == state.subject else subject
    refused = _refuse(state, request) or (_refuse_signed(sop, state) if subject else None)
    return refused or Filled(**request.event_fields(), subject=subject)


def attach(state: State, request: Request) -> Attached | Refused:
    """Attach files to a case that has not ended."""
    return _refuse(state, request) or Attached(**request.event_fields())


def bring_back(sop: Sop, state: State, request: Request, document: str) -> Returned | Refused:
    """Take back a letter that was signed elsewhere, of an ended case too: one whose signature counts here."""
    refused = refuse_if_ended(state) if state.status == "cancelled" else None
    if document not in sop.documents or not find_signature(state, document):
        message = f"Surat {document} belum ditandatangani pada berkas ini; catat dahulu langkah yang menandatanganinya."
        refused = refused or Refused(reason="not_signed", message=message)
    return refused or refuse_wrong_time(state, request) or Returned(**request.event_fields(), document=document)


def note(state: State, request: Request) -> Noted | Refused:
    """Add a note, to an ended case too."""
    return refuse_wrong_time(state, request) or Noted(**request.event_fields())


def assign(state: State, request: Request, pelaksana: str, to: str) -> Assigned | Refused:
    """Assign a pelaksana of this case to one person (an official's nama or an account); empty removes it."""
    return _refuse(state, request) or Assigned(**request.event_fields(), pelaksana=pelaksana, to=to)


def suspend(state: State, request: Request) -> Suspended | Refused:
    """Stop the clock of a running case, with a reason."""
    refused = refuse_unless_running(state) or refuse_wrong_time(state, request) or refuse_without_note(request)
    return refused or Suspended(**request.event_fields())


def resume(state: State, request: Request) -> Resumed | Refused:
    """Let the clock of a suspended case go on."""
    if state.status != "suspended":
        return refuse_if_ended(state) or Refused(reason="not_suspended", message="Berkas ini tidak sedang ditunda.")
    return refuse_wrong_time(state, request) or Resumed(**request.event_fields())


def cancel(state: State, request: Request) -> Cancelled | Refused:
    """End a case before its end, with a reason."""
    return _refuse(state, request) or refuse_without_note(request) or Cancelled(**request.event_fields())


def _refuse_signed(sop: Sop, state: State) -> Refused | None:
    """The refusal to change what a letter is about that is signed and has, or awaits, its number."""
    for name in sop.documents:
        form = document_form(sop, state, name)
        if (form.kode or form.srikandi) and find_signature(state, name):
            message = f"Surat {name} sudah ditandatangani dengan perihal yang sekarang, jadi perihalnya tetap."
            return Refused(reason="letter_signed", message=message)
    return None


def _refuse(state: State, request: Request) -> Refused | None:
    return refuse_if_ended(state) or refuse_wrong_time(state, request)
