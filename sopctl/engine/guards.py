"""Checks that several moves share: the case is running, the time is possible, it is the turn of who asks.

Each `refuse_…` returns the refusal, or None where there is nothing against the request.
"""

from datetime import datetime

from msgspec.structs import replace

from sopctl.engine.moments import format_moment, format_two_moments
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.engine.separation_of_duties import refuse_same_person
from sopctl.engine.state import State
from sopctl.sop.model import Sop

ABSENT = "tidak ada lagi di kantor ini"
"""What is said of somebody to whom a case is assigned and who has left the office."""


def acting_pelaksana(sop: Sop, state: State, request: Request) -> str | Refused:
    """The pelaksana that the request acts for, or the refusal where it may not act now."""
    refused = refuse_unless_running(state) or refuse_wrong_time(state, request)
    if refused is not None:
        return refused
    if request.as_ and request.as_ not in state.turn:
        return Refused(
            reason="not_your_turn",
            message=f"Sekarang bukan giliran {sop.pelaksana[request.as_]}, melainkan {titles(sop, state.turn)}.",
        )
    allowed = _permitted(state, request.allowed, request.allowed_now)
    if not allowed or (request.as_ and request.as_ not in allowed):
        return _refuse_not_permitted(sop, state, request)
    if not request.as_ and len(allowed) > 1:
        return Refused(
            reason="as_needed",
            message=f"Langkah ini giliran {titles(sop, allowed)} bersama-sama; sebutkan siapa yang bertindak.",
            facts={"turn": allowed},
        )
    return refuse_same_person(sop, state, request) or request.as_ or allowed[0]


def choose_row(sop: Sop, state: State, step: str, as_: str, *allowed: frozenset[str] | None) -> State | Refused:
    """The state with the row at hand that a request is for: the one named, else the only one that ``as_`` may move.

    Without ``as_`` it is the only one whose turn every one of the ``allowed`` sets contains (None contains all). Where
    there is none the turn is that of all, so that the refusal that follows names them.
    """
    if step or not state.open or state.status != "running":
        return state.at(step)
    fits = [row for row in state.rows if not as_ or as_ in row.turn]
    if len(fits) > 1:
        fits = [row for row in fits if _permitted(row, *allowed)] or fits
    if len(fits) == 1:
        return fits[0]
    if not fits:
        return replace(state, turn=state.whole_turn)
    rows = ", ".join(f"{row.step} (giliran {titles(sop, row.turn)})" for row in fits)
    return Refused(
        reason="several_rows",
        message=f"Berkas ini berada di beberapa langkah sekaligus: {rows}. Sebutkan langkah yang dimaksud.",
        facts={"steps": tuple(row.step or "" for row in fits)},
    )


def refuse_outsider(sop: Sop, state: State, request: Request) -> Refused | None:
    """The account must have been permitted to act for the turn when it happened, and be so today."""
    for row in state.rows:
        both = _permitted(row, request.allowed, request.allowed_now)
        if any(name in both for name in ((request.as_,) if request.as_ else row.turn)):
            return None
    return _refuse_not_permitted(sop, state, request)


def _refuse_not_permitted(sop: Sop, state: State, request: Request) -> Refused:
    wanted = (request.as_,) if request.as_ else state.turn
    then = _permitted(state, request.allowed)
    day = day_without_permission(request.at, request.now, then=any(name in then for name in wanted))
    assigned = [state.assigned[name] for name in state.turn if state.assigned.get(name)]
    here, gone = ([to for to in assigned if (to in request.absent) is absent] for absent in (False, True))
    told = [f"berkas ini ditugaskan kepada {', '.join(here)}"] if here else []
    told += [f"{', '.join(gone)}, yang ditugasi, {ABSENT}"] if gone else []
    instead = f": {'; '.join(told)}" if told else " (lihat officials di sopctl.yaml)"
    return Refused(
        reason="not_permitted",
        message=f"Akun {request.by} tidak berwenang bertindak untuk {titles(sop, state.turn)}{day}{instead}.",
        advice="reassign" if assigned else "assign",
    )


def _permitted(state: State, *allowed: frozenset[str] | None) -> tuple[str, ...]:
    """Those of the turn that every one of the ``allowed`` sets contains (None contains all)."""
    turn = state.turn
    for may in allowed:
        if may is not None:
            turn = tuple([name for name in turn if name in may])
    return turn


def day_without_permission(happened: datetime, typed: datetime, *, then: bool) -> str:
    """On which day an account is not permitted, as the end of a clause: empty where it happened on the day of typing.

    ``then`` says that it was permitted on the day when it happened.
    """
    if happened.date() == typed.date():
        return ""
    if not then:
        return f" pada hari kejadiannya ({happened:%d-%m-%Y})"
    return f" pada hari ini ({typed:%d-%m-%Y}), walaupun berwenang pada hari kejadiannya ({happened:%d-%m-%Y})"


def refuse_unless_running(state: State) -> Refused | None:
    """The case must be running: neither suspended nor ended."""
    if state.status == "running":
        return None
    if state.status == "suspended":
        return Refused(reason="suspended", message="Berkas ini sedang ditunda.")
    return refuse_if_ended(state)


def refuse_if_ended(state: State) -> Refused | None:
    """The case must not have ended; a suspended one has not."""
    if state.status == "completed":
        return Refused(
            reason="completed", message=f"Berkas ini sudah selesai {format_moment(state.ended or state.last)}."
        )
    if state.status == "cancelled":
        return Refused(
            reason="cancelled", message=f"Berkas ini sudah dibatalkan {format_moment(state.ended or state.last)}."
        )
    return None


def refuse_wrong_time(state: State, request: Request) -> Refused | None:
    """The time of the request must not be in the future and not before the last event.

    The last event may itself lie in the future, where a clock was wrong: then its very time is the one that can be.
    """
    at, last = request.at, state.last
    if at == last or last < at <= request.now:
        return None
    return refuse_future(request.at, request.now) or refuse_before_last_event(state, request)


def refuse_future(at: datetime, now: datetime) -> Refused | None:
    """A time must not lie in the future."""
    if at <= now:
        return None
    then, today = format_two_moments(at, now)
    return Refused(reason="in_the_future", message=f"Waktu {then} belum terjadi; sekarang {today}.")


def refuse_before_last_event(state: State, request: Request) -> Refused | None:
    """The time of the request must not be before the last event."""
    if request.at >= state.last:
        return None
    then, last = format_two_moments(request.at, state.last)
    return Refused(reason="before_the_last", message=f"Waktu {then} mendahului catatan terakhir berkas ini ({last}).")


def refuse_waiting(state: State) -> Refused:
    """The refusal to move the row at hand while a case of another SOP does it."""
    return Refused(
        reason="waits_for_child",
        message=f"Langkah {state.visit.step} menunggu berkas {state.visit.child} selesai.",
        facts={"child": state.visit.child},
    )


def refuse_without_note(request: Request) -> Refused | None:
    """The request must give a reason (its note)."""
    if request.note:
        return None
    return Refused(reason="note_needed", message="Tuliskan alasannya.")


def titles(sop: Sop, pelaksana: tuple[str, ...]) -> str:
    """The pelaksana as the form prints them."""
    return ", ".join(sop.pelaksana[name] for name in pelaksana)
