"""Asking at the terminal for what a move needs and what its letter prints; elsewhere nothing is asked.

What was typed before Ctrl-C is kept for the next command on the same state of the case, which offers it again.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sopctl.cli.field_prompts import FieldPrompt, read_line
from sopctl.cli.output import complain, line, numbered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from sopctl.desk.move_input import MoveInput
    from sopctl.desk.outcome import Outcome
    from sopctl.desk.session import Session
    from sopctl.desk.step_questions import StepQuestions
    from sopctl.engine.events import FieldValue
    from sopctl.sop.model import Field, Sop
    from sopctl.store.record import Record


def at_a_terminal(*, json: bool) -> bool:
    """Whether somebody is there to answer."""
    return not json and sys.stdin.isatty() and sys.stderr.isatty()


def ask_before_approval(
    session: "Session", id: str, typed: "MoveInput", *, json: bool, one_of_many: bool = False
) -> "MoveInput":
    """The input with what the step at hand requires and its letter prints, as far as somebody is there to give it.

    It is the same input where nothing is asked. Files are asked for first. Somebody who is to do a step again is told
    why, and sees what each field holds. Of many cases only what is required is asked for.
    """
    if typed.data is not None or not at_a_terminal(json=json):
        return typed

    from sopctl.desk.step_questions import step_questions

    wanted = step_questions(session, id)
    if wanted is None or typed.step not in ("", wanted.step):
        return typed
    given = {text.partition("=")[0].strip().lower() for text in typed.attach}
    fields = [field for field in wanted.fields if field.name not in _names(typed)]
    items = [item for item in wanted.items if item.lower() not in given]
    if one_of_many:
        fields = [field for field in fields if field.name in wanted.required]
    if wanted.rejection is None:
        fields = [one for one in fields if one.name not in wanted.values or one.name in wanted.brought]
    asks = bool(items) or any(wanted.asks(field, wanted.values) for field in fields)
    if asks or wanted.rejection:
        _tell_step(session, wanted)
    if not asks:
        return typed
    files = tuple(f"{item}={_ask_file(item)}" for item in items)
    answers = _ask_fields(session, wanted, fields, typed)
    return replace(typed, attach=typed.attach + files, answers=answers, seen=wanted.revision)


def ask_before_start(session: "Session", sop_id: str, typed: "MoveInput", like: str, *, json: bool) -> "MoveInput":
    """The input with the fields that the SOP asks for at its start; ``like`` is the id of a case that is copied."""
    if typed.data is not None or not at_a_terminal(json=json):
        return typed
    sop = session.library.read_file(sop_id).sop
    fields = [field for field in sop.fields.values() if field.step is None] if sop else []
    if sop is None or not fields:
        return typed

    from sopctl.desk.starting_fields import starting_fields
    from sopctl.store.case_search import find_case

    record = session.record
    copied = record.load_case(find_case(record, like)) if like else None
    known = starting_fields(record, sop, _today(session, typed), copied)
    prompt = FieldPrompt(today=_today(session, typed), employees=session.employees())
    answers = {}
    for field in sorted(fields, key=lambda field: not field.required):
        if (
            field.name not in _names(typed)
            and (value := prompt.ask(field, known.get(field.name), required=field.required)) is not None
        ):
            answers[field.name] = value
    return replace(typed, answers=answers)


def ask_subject(sop: "Sop | None", subject: str, *, json: bool) -> str:
    """The subject of a case that is to be opened; empty where nobody is there to give one."""
    if subject or sop is None or not at_a_terminal(json=json):
        return subject
    return read_line(f"Perihal, untuk apa berkas ini (Enter = {line(sop.nama)})")


def ask_to_open(outcome: "Outcome", *, json: bool) -> str:
    """The SOP whose case is to be opened for the step, as somebody there wants it; empty for none."""
    called = next((action.called for action in outcome.next if action.kind == "start"), "")
    if not called or not at_a_terminal(json=json):
        return ""
    question = f"Buka berkas SOP {line(called)} untuk langkah ini sekarang? y = ya, Enter = tidak"
    return called if read_line(question).casefold() in {"y", "ya"} else ""


def ask_reason(typed: "MoveInput", *, json: bool) -> "MoveInput":
    """The input with the reason for it."""
    if typed.note or not at_a_terminal(json=json):
        return typed
    return replace(typed, note=_ask("Alasan"))


def ask_reason_to_reject(record: "Record", ids: "Iterable[str]", typed: "MoveInput", *, json: bool) -> "MoveInput":
    """The input with the reason, where one of the cases can be turned down at all."""
    if typed.note or not at_a_terminal(json=json):
        return typed

    from sopctl.desk.status import open_labels

    return ask_reason(typed, json=json) if any(open_labels(record, id) for id in ids) else typed


def forget_answers(session: "Session", id: str) -> None:
    """Remove what was kept of the answers for a case: they are recorded."""
    session.workspace.cache.remove(_kept_name(id))


def _tell_step(session: "Session", wanted: "StepQuestions") -> None:
    """Say whose questions follow, and why the work came back."""
    complain(f"{wanted.id}: {line(wanted.subject)}\n  {numbered(wanted.no, wanted.kegiatan)}")
    if (why := wanted.rejection) is not None:
        at = why.at.astimezone(session.office.zone)
        complain(f"Dikembalikan oleh {line(why.who)}, {at:%d-%m-%Y %H.%M}, dengan alasan:\n  {line(why.note)}")


def _ask_fields(
    session: "Session", wanted: "StepQuestions", fields: "list[Field]", typed: "MoveInput"
) -> "dict[str, FieldValue]":
    """The answers; each is kept as soon as it is given."""
    prompt = FieldPrompt(today=_today(session, typed), employees=session.employees())
    kept = _read_kept(session, wanted)
    answers: dict[str, FieldValue] = {}
    for field in fields:
        values = {**wanted.values, **answers}
        if not wanted.asks(field, values):
            continue
        known = kept.get(field.name, wanted.values.get(field.name))
        value = prompt.ask(field, known, required=field.name in wanted.required)
        value = kept.get(field.name) if value is None else value
        if value is not None:
            answers[field.name] = value
            _keep(session, wanted, answers)
    return answers


def _read_kept(session: "Session", wanted: "StepQuestions") -> "dict[str, FieldValue]":
    """What was typed for this state of the case and not recorded."""
    from sopctl.desk.typed_answers import decode_answers

    return decode_answers(session.workspace.cache.read(_kept_name(wanted.id)), wanted.revision)


def _keep(session: "Session", wanted: "StepQuestions", answers: "Mapping[str, FieldValue]") -> None:
    from sopctl.desk.typed_answers import encode_answers

    session.workspace.cache.write(_kept_name(wanted.id), encode_answers(answers, wanted.revision), durable=False)


def _kept_name(id: str) -> str:
    return f"typed-{id}.json"


def _today(session: "Session", typed: "MoveInput") -> "date":
    from sopctl.desk.move_input import parse_time

    return parse_time(typed.at, session.now()).date()


def _names(typed: "MoveInput") -> set[str]:
    return {text.partition("=")[0].strip().lower() for text in typed.sets}


def _ask_file(item: str) -> str:
    """The path of a file that is there."""
    while True:
        text = _ask(f"File untuk {item}").strip('"')
        if Path(text).is_file():
            return text
        complain(f"File {text} tidak ada.")


def _ask(question: str) -> str:
    """One answer that is not empty."""
    while not (text := read_line(question)):
        complain("Wajib diisi.")
    return text
