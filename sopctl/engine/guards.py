"""Whether a request may be heard at all: the case goes on, the time can be, it is the turn of who asks.

Each answers with None or with the reason why not, so that a move reads as a list of them.
"""

from datetime import datetime

from sopctl.engine.eyes import four_eyes
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.engine.state import State
from sopctl.sop.model import Sop


def actor(sop: Sop, state: State, request: Request) -> str | Refused:
    """The pelaksana that the request acts for, where it may act now."""
    refused = not_running(state) or at(state, request)
    if refused is not None:
        return refused
    if request.as_ and request.as_ not in state.turn:
        return Refused(
            reason="not_your_turn",
            message=f"Sekarang bukan giliran {sop.pelaksana[request.as_]}, melainkan {names(sop, state.turn)}.",
        )
    allowed = _permitted(state, request.allowed, request.allowed_now)
    if not allowed or (request.as_ and request.as_ not in allowed):
        return _refused_outsider(sop, state, request)
    if not request.as_ and len(allowed) > 1:
        return Refused(
            reason="as_needed",
            message=f"Langkah ini giliran {names(sop, allowed)} bersama-sama; "
            f"sebutkan siapa yang bertindak: {' atau '.join('--as ' + name for name in allowed)}.",
        )
    return four_eyes(sop, state, request) or request.as_ or allowed[0]


def outsider(sop: Sop, state: State, request: Request) -> Refused | None:
    """Whether it is the turn of others: the account must have been permitted when it happened, and be so today."""
    wanted = (request.as_,) if request.as_ else state.turn
    both = _permitted(state, request.allowed, request.allowed_now)
    return None if any(name in both for name in wanted) else _refused_outsider(sop, state, request)


def _refused_outsider(sop: Sop, state: State, request: Request) -> Refused:
    wanted = (request.as_,) if request.as_ else state.turn
    then = _permitted(state, request.allowed)
    day = day_wanting(request.at, request.now, then=any(name in then for name in wanted))
    return Refused(reason="not_permitted", message=_not_permitted(sop, state, request, day))


def _permitted(state: State, *allowed: frozenset[str] | None) -> tuple[str, ...]:
    """Those whose turn it is for whom all of these let the account act."""
    turn = state.turn
    for may in allowed:
        if may is not None:
            turn = tuple([name for name in turn if name in may])
    return turn


def day_wanting(happened: datetime, typed: datetime, *, then: bool) -> str:
    """On which day an account is not permitted, as the end of a clause: empty where it happened on the day of typing.

    ``then`` says that it was permitted on the day when it happened.
    """
    if happened.date() == typed.date():
        return ""
    if not then:
        return f" pada hari kejadiannya ({happened:%d-%m-%Y})"
    return f" pada hari ini ({typed:%d-%m-%Y}), walaupun berwenang pada hari kejadiannya ({happened:%d-%m-%Y})"


def _not_permitted(sop: Sop, state: State, request: Request, day: str) -> str:
    """Who may act instead: whom the case was assigned to, else whom the office names."""
    message = f"Akun {request.by} tidak berwenang bertindak untuk {names(sop, state.turn)}{day}"
    assigned = [state.assigned[name] for name in state.turn if state.assigned.get(name)]
    if assigned:
        return f"{message}: berkas ini ditugaskan kepada {', '.join(assigned)} (ubah dengan sopctl assign)."
    return f"{message} (lihat officials di sopctl.yaml, atau tugaskan dengan sopctl assign)."


def not_running(state: State) -> Refused | None:
    """Whether the case stands still, for now or for ever."""
    if state.status == "running":
        return None
    if state.status == "suspended":
        return Refused(reason="suspended", message="Berkas ini sedang ditunda; lanjutkan dahulu dengan resume.")
    return ended(state)


def ended(state: State) -> Refused | None:
    """Whether the case came to an end."""
    if state.status == "completed":
        return Refused(reason="completed", message=f"Berkas ini sudah selesai {clock(state.ended or state.last)}.")
    if state.status == "cancelled":
        return Refused(reason="cancelled", message=f"Berkas ini sudah dibatalkan {clock(state.ended or state.last)}.")
    return None


def at(state: State, request: Request) -> Refused | None:
    """Whether the time that the request names can be: not in the future, not before the last event.

    The last event may itself lie in the future, where a clock was wrong: then its very time is the one that can be.
    """
    if request.at == state.last:
        return None
    return not_yet(request.at, request.now) or before_the_last(state, request)


def not_yet(at: datetime, now: datetime) -> Refused | None:
    """Whether a time lies in the future."""
    if at <= now:
        return None
    then, today = clocks(at, now)
    return Refused(reason="in_the_future", message=f"Waktu {then} belum terjadi; sekarang {today}.")


def before_the_last(state: State, request: Request) -> Refused | None:
    """Whether the time that the request names is one that the case has left behind."""
    if request.at >= state.last:
        return None
    then, last = clocks(request.at, state.last)
    return Refused(reason="before_the_last", message=f"Waktu {then} mendahului catatan terakhir berkas ini ({last}).")


def reasoned(request: Request) -> Refused | None:
    """Whether a reason is given where one is wanted."""
    if request.note:
        return None
    return Refused(reason="note_needed", message='Tuliskan alasannya: tambahkan --note "…".')


def names(sop: Sop, pelaksana: tuple[str, ...]) -> str:
    """The pelaksana as the form prints them."""
    return ", ".join(sop.pelaksana[name] for name in pelaksana)


def clocks(one: datetime, other: datetime) -> tuple[str, str]:
    """Two moments beside each other, by the clock of the first: with seconds where only those differ."""
    told = clock(one), clock(other.astimezone(one.tzinfo))
    if one == other or told[0] != told[1]:
        return told
    return f"{told[0]}.{one:%S}", f"{told[1]}.{other:%S}"


def clock(at: datetime) -> str:
    """A moment as the office writes it: `24-11-2026 10.30`."""
    return at.strftime("%d-%m-%Y %H.%M")
