"""`/mulai`: the SOPs that may be started, and the form that opens a case of one.

The form says which case of the SOP was the last when it was made, so that sending it twice opens one case.
"""

from flask import Blueprint, make_response, redirect, render_template, request
from msgspec.structs import replace
from werkzeug.wrappers import Response

from sopctl.desk.authority import refuse_stranger
from sopctl.desk.move_input import MoveInput
from sopctl.desk.session import Session
from sopctl.desk.start import StartInput, last_number, start
from sopctl.desk.starting_fields import starting_fields
from sopctl.engine.events import FieldValue
from sopctl.engine.refused import Refused
from sopctl.errors import NotFoundError, UsageError
from sopctl.sop.model import Sop
from sopctl.web.done_notice import tell_done
from sopctl.web.errors import show_error
from sopctl.web.form_fields import (
    MISTAKEN,
    SentForm,
    add_message,
    add_refusal,
    change_rows,
    is_unfinished,
    make_control,
    parse_sent,
    read_sent,
)
from sopctl.web.messages import INCOMPLETE, word_message
from sopctl.web.typed_numbers import read_number
from sopctl.web.visitor import page_session

pages = Blueprint("start", __name__)


@pages.get("/mulai")
def show_all() -> str | Response:
    """The SOPs, those first whose first row is the official's own."""
    session = page_session()
    if refused := _refuse(session):
        return show_error(refused)
    held = session.office.pelaksana_of(session.account, session.now().date())
    sops = [sop for id in session.library.list_ids() if (sop := session.library.read_file(id).sop) is not None]
    rows = [(sop, held is None or not held.isdisjoint(sop.step(sop.start[0]).pelaksana)) for sop in sops]
    return render_template("starts.html", rows=sorted(rows, key=lambda row: not row[1]))


@pages.get("/mulai/<id>")
def show(id: str) -> Response:
    """The form of an SOP."""
    return _show(id, SentForm(texts=request.args.to_dict()), 200)


@pages.post("/mulai/<id>")
def open_case(id: str) -> Response:
    """Open a case."""
    session, form = page_session(looking=False), request.form
    sop = session.library.read_sop(id)
    fields = {field.name: field for field in sop.fields.values() if field.step is None}
    typed = SentForm(sent=read_sent(fields.values(), form), texts=form.to_dict())
    if is_unfinished(form):
        change_rows(fields.values(), typed.sent, form)
        return _show(id, typed, 200)
    today = session.now().date()
    known = starting_fields(session.record, sop, today)
    answers, mistakes = parse_sent(fields, typed.sent, known, today, session.employees)
    return _open(session, sop, replace(typed, mistakes=mistakes), answers)


def _open(session: Session, sop: Sop, typed: SentForm, answers: dict[str, FieldValue]) -> Response:
    texts, after = typed.texts, read_number(typed.texts.get("sesudah", ""))
    if texts.get("induk"):
        session.record.load_case(texts["induk"])  # exactly this one
    opening = StartInput(
        subject=texts.get("perihal", ""),
        step=texts.get("masuk", ""),
        parent=texts.get("induk", ""),
        confidential="rahasia" in texts,
        after=None if after < 0 else after,
    )
    move = MoveInput(note=texts.get("catatan", ""), answers=answers, trial=bool(typed.mistakes))
    try:
        answer = start(session, sop.id, opening, move)
    except (UsageError, NotFoundError) as error:
        if isinstance(error, NotFoundError) and error.code != "step":
            raise
        return _show(sop.id, add_message(typed, error.message), INCOMPLETE)
    if isinstance(answer, Refused):
        return _show_refusal(sop, typed, answer)
    if typed.mistakes:
        return _show(sop.id, add_message(typed, MISTAKEN), INCOMPLETE)
    response = redirect(f"/berkas/{answer.id}", code=303)
    tell_done(response, session, 0, 1, answer)
    return response


def _show_refusal(sop: Sop, typed: SentForm, refused: Refused) -> Response:
    if refused.reason == "already_started":
        return redirect(f"/berkas/{refused.facts['id']}", code=303)
    if word_message(refused).status != INCOMPLETE:
        return show_error(refused)
    return _show(sop.id, add_refusal(typed, refused), INCOMPLETE)


def _show(id: str, typed: SentForm, status: int) -> Response:
    session = page_session()
    sop = session.library.read_sop(id)
    if refused := _refuse(session):
        return show_error(refused)
    parent = session.record.load_case(typed.texts["induk"]) if typed.texts.get("induk") else None
    known = starting_fields(session.record, sop, session.now().date())
    fields = sorted((one for one in sop.fields.values() if one.step is None), key=lambda one: not one.required)
    page = render_template(
        "start.html",
        sop=sop,
        typed=typed,
        parent=parent,
        controls=[make_control(one, typed.sent, known, required=one.required) for one in fields],
        people=session.employees() if any(one.type == "table" for one in fields) else (),
        after=typed.texts.get("sesudah") or last_number(session, sop.id),
    )
    return make_response(page, status)


def _refuse(session: Session) -> Refused | None:
    """The refusal of an account that has no part in the office."""
    now = session.now()
    return refuse_stranger(session.office, session.account, now, now)
