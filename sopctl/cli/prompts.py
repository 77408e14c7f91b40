"""Asking at the terminal for what a move needs and what its letter prints; elsewhere nothing is asked.

What was typed and not recorded, be it for Ctrl-C or a refusal, is kept for the next command at that step of the case.
"""

from functools import cached_property, partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sopctl.cli.field_prompts import FieldPrompt
from sopctl.cli.invocation import invocation
from sopctl.cli.options import input_file
from sopctl.cli.output import complain, line, numbered
from sopctl.cli.terminal_input import (
    agreed,
    ask,
    at_a_terminal,
    check_file,
    check_filled,
    choice_of,
    number_choices,
    read_line,
)
from sopctl.engine.refused import Refused
from sopctl.errors import SopctlError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from sopctl.desk.employees import Employee
    from sopctl.desk.move_input import MoveInput
    from sopctl.desk.outcome import Outcome
    from sopctl.desk.session import Session
    from sopctl.desk.start import StartInput
    from sopctl.desk.step_questions import StepQuestions
    from sopctl.engine.events import FieldValue
    from sopctl.sop.model import Field, Sop

    MakeMove = Callable[[MoveInput], Outcome | Refused]
    """A move, or the opening of a case, by its input."""


def refuse_early(move: "MakeMove", typed: "MoveInput") -> "Refused | None":
    """The refusal of a move that no answer can help, told before anything is asked; what is wrong raises as it does."""
    if not at_a_terminal():
        return None
    from sopctl.desk.step_questions import ANSWERED

    answer = move(replace(typed, trial=True))
    return answer if isinstance(answer, Refused) and answer.reason not in ANSWERED else None


def ask_before_approval(
    session: "Session", id: str, typed: "MoveInput", *, told: bool = False, one_of_many: bool = False
) -> "MoveInput":
    """The input with what the step at hand requires and its letter prints, as far as somebody is there to give it.

    It is the same input where nothing is asked. Files are asked for first. Somebody who is to do a step again is told
    why, and sees what each field holds. A step that was ``told`` is not told again. Of many cases only what is required
    is asked for.
    """
    if typed.data is not None or not at_a_terminal():
        return typed

    from sopctl.desk.step_questions import step_questions

    wanted = step_questions(session, id, typed)
    if wanted is None:
        return typed
    fields = wanted.unanswered(only_required=one_of_many)
    attached = {file.item.strip().lower() for file in typed.attach}
    items = [item for item in wanted.items if item.lower() not in attached]
    held = {**wanted.values, **wanted.given}
    asks = bool(items) or any(wanted.asks(field, held) for field in fields)
    if asks or wanted.rejection:
        _tell_step(session, wanted, told=told)
    if not asks:
        return typed
    questions = _Questions(session, wanted.id, wanted.place, typed)
    files = tuple(input_file(questions.ask_file(item), item) for item in items)
    answers: dict[str, FieldValue] = {}
    for field in fields:
        if wanted.asks(field, {**held, **answers}):
            questions.ask(field, answers, wanted.values, required=field.name in wanted.required)
    return replace(typed, attach=typed.attach + files, answers=answers, seen=wanted.revision)


def ask_before_start(
    session: "Session", sop: "Sop | None", typed: "MoveInput", opening: "StartInput"
) -> "tuple[StartInput, MoveInput]":
    """What a case is opened with: its subject, where it is nobody's child, and the fields that the SOP asks for."""
    if sop is None or opening.each or not at_a_terminal():
        return opening, typed
    from sopctl.desk.start_from_letter import letter_fields, refer_to_agenda
    from sopctl.desk.starting_fields import starting_fields
    from sopctl.store.case_search import load_found_case

    questions = _Questions(session, f"start-{sop.id}", sop.id, typed)
    if not opening.subject and not opening.parent and not opening.agenda:
        opening = replace(opening, subject=questions.ask_subject(sop))
    agenda = refer_to_agenda(session.record, opening.agenda) if opening.agenda else None
    given = {*_names(typed.sets), *letter_fields(sop, agenda, _today(session, typed))}
    fields = [field for field in sop.fields.values() if field.step is None and field.name not in given]
    if typed.data is not None or not fields:
        return opening, typed
    record = session.record
    copied = load_found_case(record, opening.like) if opening.like else None
    known = starting_fields(record, sop, _today(session, typed), copied)
    answers: dict[str, FieldValue] = {}
    for field in sorted(fields, key=lambda field: not field.required):
        questions.ask(field, answers, known, required=field.required)
    return opening, replace(typed, answers=answers)


def ask_one_field(session: "Session", id: str, typed: "MoveInput") -> "MoveInput":
    """The input with a field of a case, which is chosen from a list of all of them, and its new value.

    Raises:
        NotFoundError: where there is no such field. UsageError: where none is chosen or the value stays.
    """
    from sopctl.desk.field_input import find_field
    from sopctl.store.case_search import load_found_case

    case = load_found_case(session.record, id)
    names = {field.label: name for name, field in case.sop.fields.items()}
    complain(f"{case.id}: {line(case.state.subject)}\n{number_choices(names)}")
    chosen = choice_of(read_line("Isian yang mana (Enter = batal)"), list(names))
    answers: dict[str, FieldValue] = {}
    if chosen:
        field = find_field(case.sop, names.get(chosen, chosen))
        questions = _Questions(session, f"set-{case.id}", field.name, typed)
        questions.ask(field, answers, case.state.fields, required=field.required)
        forget_answers(session, f"set-{case.id}")
    if not answers:
        raise UsageError("Tidak ada isian yang diubah; tidak ada yang dicatat.", code="usage")
    return replace(typed, answers=answers, seen=case.instance.revision)


class _Questions:
    """Asks at the terminal; what is answered is kept until it is recorded, told of, and offered again."""

    def __init__(self, session: "Session", about: str, place: str, typed: "MoveInput") -> None:
        from sopctl.desk.typed_answers import TypedAnswers

        self._about, self._kept = about, TypedAnswers(session.workspace.cache, about, place)
        self._session, self._today = session, _today(session, typed)
        self._labels: dict[str, str] = {}
        self._set_notice()

    def ask(
        self, field: "Field", answers: "dict[str, FieldValue]", known: "Mapping[str, FieldValue]", *, required: bool
    ) -> None:
        """Put the answer for a field among the others, where there is one."""
        from sopctl.cli.entry_prompts import ListPrompt, TablePrompt

        kind = {"list": ListPrompt, "table": TablePrompt}.get(field.type, FieldPrompt)
        keep = partial(self._keep_field, field)
        people = self._employees if field.type == "table" else ()
        prompt = kind(field=field, today=self._today, keep=keep, employees=people)
        kept = self._kept.values.get(field.name)
        value = prompt.ask(known.get(field.name) if kept is None else kept, required=required)
        if value is None and kept is not None:
            self._keep_field(field, value := kept)
        if value is not None:
            answers[field.name] = value

    @cached_property
    def _employees(self) -> "Sequence[Employee]":
        """The people of the office; where their list cannot be read that is told, and nobody is known."""
        from sopctl.desk.employees import read_employees

        try:
            return read_employees(self._session.workspace)
        except SopctlError as mistake:
            complain(f"pegawai.csv tidak dapat dipakai, jadi semua kolom diketik. {mistake.message}")
            return ()

    def ask_subject(self, sop: "Sop") -> str:
        """The subject of a case that is to be opened."""
        kept = str(self._kept.values.get("--subject", ""))
        text = read_line(f"Perihal berkas ini (Enter = {line(kept or sop.nama)})") or kept
        if text:
            self._keep("--subject", text, "Perihal")
        return text

    def ask_file(self, item: str) -> str:
        """The path of a file that is there."""
        name = f"--attach {item}"
        kept = str(self._kept.values.get(name, ""))
        question = f"File untuk {item}{f' (Enter = {kept})' if kept else ''}"
        path = ask(question, lambda text: check_file(check_filled(text or kept)))
        self._keep(name, path, f"file untuk {item}")
        return path

    def _keep_field(self, field: "Field", value: "FieldValue") -> None:
        rows = f" ({len(value)} baris)" if isinstance(value, list) else ""
        self._keep(field.name, value, f"{field.label}{rows}")

    def _keep(self, name: str, value: "FieldValue", label: str) -> None:
        if self._kept.keep(name, value):
            self._labels[name] = line(label)
            self._set_notice()

    def _set_notice(self) -> None:
        """Let the end of the command tell what is kept, unless it was recorded."""
        earlier = len(self._kept.values.keys() - self._labels.keys())
        before = [f"{earlier} jawaban yang disimpan sebelumnya"] if earlier else []
        labels = ", ".join([*self._labels.values(), *before])
        if labels:
            said = "Yang sudah diketik disimpan, dan ditawarkan lagi oleh perintah yang sama:"
            invocation.kept_answers[self._about] = f"{said}\n  {labels}"


def ask_to_open(outcome: "Outcome") -> str:
    """The SOP whose case is to be opened for the step, as somebody there wants it; empty for none."""
    called = next((action.called for action in outcome.next if action.kind == "start"), "")
    if not called or not at_a_terminal():
        return ""
    return called if agreed(f"Buka berkas SOP {line(called)} untuk langkah ini sekarang?") else ""


def with_reason(move: "MakeMove", reason: "Callable[[], str]", typed: "MoveInput") -> "Outcome | Refused":
    """What the move came to; where all that it lacks is its reason, somebody at the terminal is asked for it."""
    answer = move(typed)
    lacks_reason = isinstance(answer, Refused) and answer.reason == "note_needed"
    if not lacks_reason or typed.trial or not at_a_terminal():
        return answer
    return move(replace(typed, note=reason()))


def ask_reason() -> str:
    """The reason for a move, which is not empty."""
    return ask("Alasan", check_filled)


def forget_answers(session: "Session", about: str) -> None:
    """Remove what was kept of the answers for a case, or for opening one of an SOP: they are recorded."""
    from sopctl.desk.typed_answers import kept_name

    session.workspace.cache.remove(kept_name(about))
    invocation.kept_answers.pop(about, None)


def _tell_step(session: "Session", wanted: "StepQuestions", *, told: bool) -> None:
    """Say whose questions follow, at which step unless that was told, and why the work came back."""
    complain(f"{wanted.id}: {line(wanted.subject)}")
    if not told:
        complain(f"  {numbered(wanted.no, wanted.kegiatan or '')}")
    if (why := wanted.rejection) is not None:
        at = why.at.astimezone(session.office.zone)
        complain(f"Dikembalikan oleh {line(why.who)}, {at:%d-%m-%Y %H.%M}, dengan alasan:\n  {line(why.note)}")


def _today(session: "Session", typed: "MoveInput") -> "date":
    from sopctl.desk.move_input import parse_time

    return parse_time(typed.at, session.now()).date()


def _names(pairs: "Iterable[str]") -> set[str]:
    """The names of `name=value` texts."""
    return {text.partition("=")[0].strip().lower() for text in pairs}
