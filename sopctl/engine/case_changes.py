"""Changes to a case that leave it at its step: fields, files, notes, assignments, suspending, resuming, cancelling."""

from sopctl.engine.events import Assigned, Attached, Cancelled, Filled, Noted, Resumed, Suspended
from sopctl.engine.guards import refuse_if_ended, refuse_unless_running, refuse_without_note, refuse_wrong_time
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.engine.state import State


def fill(state: State, request: Request) -> Filled | Refused:
    """Fill in fields of a case that has not ended."""
    return _refuse(state, request) or Filled(**request.event_fields())


def attach(state: State, request: Request) -> Attached | Refused:
    """Attach files to a case that has not ended."""
    return _refuse(state, request) or Attached(**request.event_fields())


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


def _refuse(state: State, request: Request) -> Refused | None:
    return refuse_if_ended(state) or refuse_wrong_time(state, request)
