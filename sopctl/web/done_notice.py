"""What was just recorded in a case, which the next page of it tells once: the cookie holds numbers only."""

from flask import after_this_request
from werkzeug.wrappers import Response

from sopctl.desk.history import HistoryLine, list_history, list_history_lines, read_wording
from sopctl.desk.move_warnings import Notice
from sopctl.desk.outcome import Outcome
from sopctl.desk.session import Session
from sopctl.engine.case import Case
from sopctl.store.recent import Recent
from sopctl.web.cookies import DONE, drop_cookie, read_cookie, set_cookie
from sopctl.web.typed_numbers import read_number

_WARNINGS: Recent[tuple[Notice, ...]] = Recent(200)
"""What moves that were just made warned of, by what their page is told."""

_LASTS = 120
"""Seconds for which it is told."""


def describe_events(session: Session, case: Case, after: int) -> tuple[HistoryLine, ...]:
    """What happened in a case after its event with this number."""
    history = list_history(case, session.record.load_sop)
    lines = list_history_lines(case.instance.events, history, {}, read_wording(case.sop), every=True)
    return tuple(lines)[max(after, 0) :]


def tell_done(response: Response, session: Session, before: int, after: int, done: Outcome) -> None:
    """Let the next page of the case tell which of its events were recorded by this answer, and what they warn of."""
    told = f"{done.id}.{before}.{after}"
    _WARNINGS.put(f"{session.account} {told}", tuple(one for each in (done, *done.also) for one in each.notices))
    set_cookie(response, DONE, told, seconds=_LASTS)


def take_done(session: Session, case: Case) -> tuple[tuple[HistoryLine, ...], tuple[Notice, ...]]:
    """What was just recorded in this case by whoever asks, and what it warned of; it is told once."""
    told = read_cookie(DONE)
    id, _, numbers = told.partition(".")
    first, _, last = numbers.partition(".")
    before, after = read_number(first), read_number(last)
    if id != case.id or not 0 <= before <= after:
        return (), ()

    @after_this_request
    def forget(response: Response) -> Response:
        drop_cookie(response, DONE)
        return response

    lines = describe_events(session, case, before)[: after - before]
    warnings = _WARNINGS.get(f"{session.account} {told}") or ()
    return tuple(line for line in lines if line.by == session.account), warnings
