"""What is recorded beside the moves: fields, files, notes, who does it, and the clock of the case."""

from sopctl.engine.events import Assigned, Attached, Cancelled, Filled, Noted, Resumed, Suspended
from sopctl.engine.guards import at, ended, not_running, reasoned
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.engine.state import State


def fill(state: State, request: Request) -> Filled | Refused:
    """Fill in fields of a case that has not ended."""
    return ended(state) or at(state, request) or Filled(**request.said())


def attach(state: State, request: Request) -> Attached | Refused:
    """Lay files beside a case that has not ended."""
    return ended(state) or at(state, request) or Attached(**request.said())


def note(state: State, request: Request) -> Noted | Refused:
    """Leave a note, on an ended case too."""
    return at(state, request) or Noted(**request.said())


def assign(state: State, request: Request, pelaksana: str, to: str) -> Assigned | Refused:
    """Make a pelaksana of this case the work of one person (an official's nama or an account); empty takes it back."""
    return ended(state) or at(state, request) or Assigned(**request.said(), pelaksana=pelaksana, to=to)


def suspend(state: State, request: Request) -> Suspended | Refused:
    """Stop the clock."""
    return not_running(state) or at(state, request) or reasoned(request) or Suspended(**request.said())


def resume(state: State, request: Request) -> Resumed | Refused:
    """Let the clock go on."""
    if state.status != "suspended":
        return ended(state) or Refused(reason="not_suspended", message="Berkas ini tidak sedang ditunda.")
    return at(state, request) or Resumed(**request.said())


def cancel(state: State, request: Request) -> Cancelled | Refused:
    """End a case before its end."""
    return ended(state) or at(state, request) or reasoned(request) or Cancelled(**request.said())
