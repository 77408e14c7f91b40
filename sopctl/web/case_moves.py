"""What `moves.html` shows on the page of a case: the moves that are open to whoever asks, as forms with buttons.

A form that was sent and not recorded is shown again as it was typed, with each mistake beside its input.
"""

from collections.abc import Iterator, Mapping, Sequence

from flask import after_this_request
from msgspec import Struct
from werkzeug.wrappers import Response

from sopctl.desk.employees import Employee
from sopctl.desk.event_sentences import HistoryLine, list_all_lines
from sopctl.desk.history import list_history
from sopctl.desk.move_warnings import Notice
from sopctl.desk.open_moves import OpenMove, OpenMoves, RowMoves, list_open_moves
from sopctl.desk.outcome import Outcome
from sopctl.desk.session import Session
from sopctl.engine.case import Case
from sopctl.store.recent import Recent
from sopctl.web.cookies import DONE, drop_cookie, read_cookie, set_cookie
from sopctl.web.form_fields import Control, Mistakes, Sent, make_control
from sopctl.web.messages import Message, word_message
from sopctl.web.typed_numbers import read_number
from sopctl.web.uploads import ACCEPTED

_WARNINGS: Recent[tuple[Notice, ...]] = Recent(200)
"""What moves that were just made warned of, by what their page is told."""

_LASTS = 120
"""Seconds for which it is told."""

_VERBS = {"approve": "setuju", "reject": "kembalikan", "decide": "putuskan", "skip": "lewati", "begin": "mulai-kerja"}


class SentMove(Struct, frozen=True, kw_only=True):
    """A form that was sent and not recorded: by which button (``verb``), for which row, and all that was typed.

    ``texts`` are those of inputs that are no field's. ``message`` says what is wrong on the whole, ``gaps`` are the
    labels of what a letter lacks that may be signed so, ``since`` what happened after the page was shown.
    """

    verb: str
    step: str = ""
    pelaksana: str = ""
    sent: Sent = {}
    texts: Mapping[str, str] = {}
    mistakes: Mistakes = {}
    message: Message | None = None
    gaps: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    since: tuple[HistoryLine, ...] = ()


class RowForm(Struct, frozen=True, kw_only=True):
    """The form of a row: its fields, the kelengkapan that want a file (``required``) and those that may have one."""

    id: str
    row: RowMoves
    sent: SentMove | None
    controls: tuple[Control, ...]
    required: tuple[str, ...]
    items: tuple[str, ...]

    @property
    def main(self) -> tuple[OpenMove, ...]:
        """The moves that go on or back."""
        return tuple(one for one in self.row.moves if one.kind not in {"skip", "begin"})

    @property
    def signs(self) -> str:
        """The document that is signed here."""
        return next((one.signs for one in self.row.moves if one.signs), "")


class MovesView(Struct, frozen=True, kw_only=True):
    """All of it.

    ``done`` is what was just recorded, ``warnings`` are those of it, ``leftover`` is what was typed and has no form any
    more.
    """

    id: str
    open: OpenMoves
    titles: Mapping[str, str]
    subject: str
    rows: tuple[RowForm, ...]
    controls: tuple[Control, ...]
    items: tuple[str, ...]
    people: Sequence[Employee]
    accepted: str
    sent: SentMove | None
    done: tuple[HistoryLine, ...]
    warnings: tuple[Message, ...]
    leftover: tuple[tuple[str, str], ...]


def describe_moves(session: Session, case: Case, sent: SentMove | None = None) -> MovesView:
    """The forms for the account of the session."""
    found = list_open_moves(session, case)
    rows = tuple(_make_form(case, row, f"giliran-{number}", sent) for number, row in enumerate(found.rows, 1))
    fields, state = case.sop.fields.values(), case.state
    filling = sent.sent if sent and sent.verb == "isi" else {}
    here = [item.nama for row in case.rows for item in row.sop.step(row.state.visit.step).kelengkapan]
    done, warnings = ((), ()) if sent else _take_done(session, case)
    shown = any(row.sent for row in rows) or (sent is not None and sent.verb not in _VERBS.values())
    return MovesView(
        id=case.id,
        open=found,
        titles=case.sop.pelaksana,
        subject=state.subject,
        rows=rows,
        controls=tuple(make_control(one, filling, state.fields, required=one.required) for one in fields),
        items=tuple(dict.fromkeys(here)),
        people=session.employees() if found.changes and any(one.type == "table" for one in fields) else (),
        accepted=",".join(ACCEPTED),
        sent=sent,
        done=done,
        warnings=tuple(map(word_message, warnings)),
        leftover=() if sent is None or shown else tuple(_list_leftover(case, sent)),
    )


def _make_form(case: Case, row: RowMoves, id: str, sent: SentMove | None) -> RowForm:
    mine = sent is not None and sent.verb in _VERBS.values() and sent.step in ("", row.step.id)
    typed = sent if sent and mine and sent.pelaksana in ("", row.pelaksana) else None
    asked, texts = row.questions, typed.sent if typed else {}
    fields = dict.fromkeys((*asked.fields, *(case.sop.fields[name] for name in texts)))
    controls = (make_control(one, texts, asked.values, required=one.name in asked.required) for one in fields)
    items = dict.fromkeys((*asked.items, *(item.nama for item in row.step.kelengkapan)))
    return RowForm(id=id, row=row, sent=typed, controls=tuple(controls), required=asked.items, items=tuple(items))


def _list_leftover(case: Case, sent: SentMove) -> Iterator[tuple[str, str]]:
    """What was typed, by label."""
    if note := sent.texts.get("catatan", "").strip():
        yield "Catatan", note
    for name, given in sent.sent.items():
        lines = [given] if isinstance(given, str) else ["; ".join(filter(None, row.values())) for row in given.values()]
        if text := "\n".join(lines).strip():
            yield case.sop.fields[name].label, text


def describe_events(session: Session, case: Case, after: int) -> tuple[HistoryLine, ...]:
    """What happened in a case after its event with this number."""
    lines = list_all_lines(case.instance.events, list_history(case, session.record.load_sop))
    return tuple(lines)[max(after, 0) :]


def tell_done(response: Response, session: Session, before: int, after: int, done: Outcome) -> None:
    """Let the next page of the case tell what was recorded; the cookie holds numbers only."""
    told = f"{done.id}.{before}.{after}"
    _WARNINGS.put(f"{session.account} {told}", tuple(one for each in (done, *done.also) for one in each.notices))
    set_cookie(response, DONE, told, seconds=_LASTS)


def _take_done(session: Session, case: Case) -> tuple[tuple[HistoryLine, ...], tuple[Notice, ...]]:
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
