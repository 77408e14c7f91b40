"""`POST /berkas/ID/…`: each move of a case by its button, by the use cases of the command line.

What is done answers with the page of the case (303); what is not, with that page as it is now and all that was typed.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from flask import Blueprint, abort, make_response, redirect, request, url_for
from msgspec.structs import replace
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from sopctl.desk import moves
from sopctl.desk.input_files import InputFile
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.desk.session import Session
from sopctl.engine.case import Case
from sopctl.engine.refused import Refused
from sopctl.errors import NotFoundError, UsageError
from sopctl.web.case_page import render_case
from sopctl.web.done_notice import describe_events, tell_done
from sopctl.web.errors import show_error
from sopctl.web.form_fields import (
    MISTAKEN,
    REQUIRED,
    Mistakes,
    add_message,
    add_refusal,
    change_rows,
    is_unfinished,
    parse_sent,
    read_sent,
)
from sopctl.web.messages import INCOMPLETE, Message, word_message
from sopctl.web.move_forms import SentMove, describe_moves
from sopctl.web.typed_numbers import read_number
from sopctl.web.uploads import read_upload
from sopctl.web.visitor import page_session

pages = Blueprint("move", __name__)

_STALE, _FORBIDDEN = 409, 403

_CHANGED = "Berkas ini berubah sejak halaman Anda dibuka, jadi tidak ada yang dicatat. Periksa, lalu ulangi bila perlu."
_TYPED = {"label", "pelaksana", "person", "item", "step", "value"}
"""Codes of errors about what was typed, though it is something that does not exist."""

Make = Callable[[Session, str, MoveInput, MultiDict[str, str]], Outcome | Refused]


def _decide(session: Session, id: str, typed: MoveInput, form: MultiDict[str, str]) -> Outcome | Refused:
    return moves.decide(session, id, form.get("label", ""), typed)


def _assign(session: Session, id: str, typed: MoveInput, form: MultiDict[str, str]) -> Outcome | Refused:
    return moves.assign(session, id, form.get("pelaksana", ""), form.get("kepada", ""), typed)


def _plain(move: Callable[[Session, str, MoveInput], Outcome | Refused]) -> Make:
    return lambda session, id, typed, _form: move(session, id, typed)


MOVES: Mapping[str, Make] = {
    "setuju": _plain(moves.approve),
    "kembalikan": _plain(moves.reject),
    "putuskan": _decide,
    "lewati": _plain(moves.skip),
    "mulai-kerja": _plain(moves.begin),
    "isi": _plain(moves.fill),
    "lampirkan": _plain(moves.attach),
    "catat": _plain(moves.note),
    "tarik": _plain(moves.withdraw),
    "serahkan": _assign,
    "tunda": _plain(moves.suspend),
    "lanjutkan": _plain(moves.resume),
    "batalkan": _plain(moves.cancel),
}
"""The use case of each button."""

_WITH_FIELDS = {"setuju", "kembalikan", "putuskan", "isi"}
_WITH_FILES = {"setuju", "kembalikan", "putuskan", "lampirkan"}
_WITHOUT_NOTE = {"isi", "lampirkan", "serahkan", "mulai-kerja"}


_ADDRESS = f"/berkas/<id>/<any({', '.join(map(repr, MOVES))}):verb>"


@pages.get(_ADDRESS)
def show(id: str, verb: str) -> Response:  # noqa: ARG001 — Flask names every part of the address
    """The page of the case, for whoever opens the address of a button again."""
    return redirect(url_for("case.show", id=page_session().record.load_case(id).id), code=303)


@pages.post(_ADDRESS)
def move(id: str, verb: str) -> Response:
    """Make a move."""
    session = page_session(looking=False)
    case = session.record.load_case(id)
    sent = _read_form(case, verb)
    if is_unfinished(request.form):
        return _show(id, sent, 200)
    revision = read_number(request.form.get("revisi", ""))
    if revision < 0:
        abort(400)
    if revision != case.instance.revision:
        return _show_changed(id, sent, revision)
    typed, mistakes = _read_input(session, case, sent, revision)
    return _make(session, case, replace(sent, mistakes=mistakes), typed)


def _read_form(case: Case, verb: str) -> SentMove:
    """The form as it was sent."""
    form, fields = request.form, case.sop.fields.values()
    sent = read_sent(fields, form) if verb in _WITH_FIELDS else {}
    change_rows(fields, sent, form)
    return SentMove(
        verb=verb,
        step=form.get("langkah", ""),
        pelaksana=form.get("sebagai", ""),
        sent=sent,
        texts=form.to_dict(),
        files=tuple(file.filename for _, file in request.files.items(multi=True) if file.filename),
    )


def _read_input(session: Session, case: Case, sent: SentMove, revision: int) -> tuple[MoveInput, Mistakes]:
    """What the use case is given, and what of the form cannot be used."""
    texts, today = sent.texts, session.now().date()
    answers, mistakes = parse_sent(case.sop.fields, sent.sent, case.state.fields, today, session.employees)
    files = tuple(_read_files(mistakes)) if sent.verb in _WITH_FILES else ()
    if sent.verb == "catat" and not texts.get("catatan", "").strip():
        mistakes["catatan"] = REQUIRED
    if sent.verb == "lampirkan" and not sent.files:
        mistakes["lampiran"] = "Pilih filenya."
    typed = MoveInput(
        as_=sent.pelaksana,
        note="" if sent.verb in _WITHOUT_NOTE else texts.get("catatan", ""),
        answers=answers,
        attach=files,
        subject=texts.get("perihal", "") if sent.verb == "isi" else "",
        seen=revision,
        step=sent.step,
        with_gaps="kosong" in texts,
    )
    return typed, mistakes


def _read_files(mistakes: Mistakes) -> Iterator[InputFile]:
    """The files that were sent, each for the kelengkapan whose name stands beside it, with a caption a line."""
    for name in dict.fromkeys(request.files):
        if not name.startswith("lampiran"):
            continue
        part = name.removeprefix("lampiran")
        item = request.form.get(f"kelengkapan{part}", "")
        captions = request.form.get(f"keterangan{part}", "").split("\n")
        files = [file for file in request.files.getlist(name) if file.filename]
        if len(captions) > max(len(files), 1) and any(one.strip() for one in captions[len(files) :]):
            mistakes[f"keterangan{part}"] = f"Ada {len(files)} file; tulis satu baris keterangan untuk setiap file."
        for file, caption in zip(files, [*captions, *[""] * len(files)], strict=False):
            try:
                yield read_upload(file, item, caption)
            except UsageError as error:
                mistakes[name] = error.message


def _make(session: Session, case: Case, sent: SentMove, typed: MoveInput) -> Response:
    """Make the move; where something cannot be used, only find out whether it would be permitted at all."""
    make = partial(MOVES[sent.verb], session, case.id)
    try:
        answer = make(replace(typed, trial=True) if sent.mistakes else typed, request.form)
    except (UsageError, NotFoundError) as error:
        if isinstance(error, NotFoundError) and error.code not in _TYPED:
            raise
        return _show(case.id, add_message(sent, error.message), INCOMPLETE)
    if isinstance(answer, Refused):
        return _show_refusal(case, sent, answer)
    if sent.mistakes:
        return _show(case.id, add_message(sent, MISTAKEN), INCOMPLETE)
    response = redirect(f"/berkas/{case.id}", code=303)
    tell_done(response, session, case.instance.revision, session.record.load_case(case.id).instance.revision, answer)
    return response


def _show_refusal(case: Case, sent: SentMove, refused: Refused) -> Response:
    """The page of who may not; else the page of the case with what is missing beside its input."""
    message = word_message(refused)
    if message.status == _FORBIDDEN:
        return show_error(refused)
    if message.status == _STALE:
        return _show_changed(case.id, replace(sent, message=message), case.instance.revision)
    sent = add_refusal(sent, refused)
    mistakes = sent.mistakes | {f"item {item}": "Wajib dilampirkan." for item in refused.items}
    if refused.reason == "note_needed":
        mistakes["catatan"] = "Tuliskan alasannya."
    gaps = tuple(field.label for field in refused.wanted) if refused.advice == "with_gaps" else ()
    return _show(case.id, replace(sent, mistakes=mistakes, gaps=gaps), INCOMPLETE)


def _show_changed(id: str, sent: SentMove, revision: int) -> Response:
    """The page as it is now, with what happened since the one that was shown."""
    session = page_session()
    since = describe_events(session, session.record.load_case(id), revision)
    message = sent.message or Message(_STALE, _CHANGED)
    return _show(id, replace(sent, since=since, message=message), _STALE)


def _show(id: str, sent: SentMove, status: int) -> Response:
    """The page of the case with the form that was sent."""
    session = page_session()
    case = session.record.load_case(id)
    return make_response(render_case(session, case, describe_moves(session, case, sent)), status)
