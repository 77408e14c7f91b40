"""What `moves.html` shows on the page of a case: the moves that are open to whoever asks, as forms with buttons.

A form that was sent and not recorded is shown again as it was typed, with each mistake beside its input.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct

from sopctl.desk.employees import Employee
from sopctl.desk.history import HistoryLine
from sopctl.desk.letter_preview import read_step_letter
from sopctl.desk.open_moves import OpenMove, OpenMoves, RowMoves, list_open_moves
from sopctl.desk.session import Session
from sopctl.engine.case import Case
from sopctl.errors import SopctlError
from sopctl.web.done_notice import take_done
from sopctl.web.form_fields import Control, SentForm, make_control
from sopctl.web.messages import Message, word_message
from sopctl.web.uploads import ACCEPTED, LARGEST_FILE
from sopctl.web.visitor import page_session

_VERBS = {"approve": "setuju", "reject": "kembalikan", "decide": "putuskan", "skip": "lewati", "begin": "mulai-kerja"}
_WORDS = {
    "approve": ("Setujui", "setuju"),
    "reject": ("Kembalikan", "kembali"),
    "skip": ("Lewati langkah ini", ""),
    "begin": ("Tandai mulai dikerjakan", ""),
}
"""What stands on the buttons, and how a label begins that says the same."""


class SentMove(SentForm, frozen=True, kw_only=True):
    """The form of a move that was not recorded: by which button (``verb``) it was sent, and for which row.

    ``gaps`` are the labels of what a letter lacks that may be signed so, ``since`` is what happened after the page was
    shown.
    """

    verb: str
    step: str = ""
    pelaksana: str = ""
    gaps: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    since: tuple[HistoryLine, ...] = ()


class Button(Struct, frozen=True, kw_only=True):
    """A button of a row's form: the move that it makes, as the last part of its address, and the branch that it takes.

    ``style`` is its class in the style sheet. With ``unchecked`` it is not asked for what only the way on requires.
    """

    words: str
    verb: str
    label: str
    style: str
    unchecked: bool


class RowForm(Struct, frozen=True, kw_only=True):
    """The form of a row: its fields, the kelengkapan that want a file (``required``) and those that may have one.

    ``called`` is the nama of the SOP that may be opened for it, ``gaps`` what the letter that is signed here would
    lack, as the case stands.
    """

    id: str
    row: RowMoves
    sent: SentMove | None
    called: str
    controls: tuple[Control, ...]
    required: tuple[str, ...]
    items: tuple[str, ...]
    gaps: tuple[str, ...]

    @property
    def moves_on(self) -> bool:
        """Whether a move goes on or back, with what is filled in."""
        return any(one.kind not in {"skip", "begin"} for one in self.row.moves)

    @property
    def buttons(self) -> tuple[Button, ...]:
        """The buttons of its moves."""
        return tuple(map(_make_button, self.row.moves))

    @property
    def reasons(self) -> tuple[str, ...]:
        """What wants a reason, as the end of a condition."""
        words = {"reject": "dikembalikan", "skip": "dilewati"}
        return tuple(dict.fromkeys(words.get(one.kind, f"“{one.label}”") for one in self.row.moves if one.note))

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
    largest: int
    sent: SentMove | None
    done: tuple[HistoryLine, ...]
    warnings: tuple[Message, ...]
    leftover: tuple[tuple[str, str], ...]

    @property
    def place(self) -> str:
        """The id of the form that was sent, on the page."""
        other = f"lain-{self.sent.verb}" if self.sent else ""
        return next((row.id for row in self.rows if row.sent), other)


def describe_moves(session: Session, case: Case, sent: SentMove | None = None) -> MovesView:
    """The forms for the account of the session."""
    found = list_open_moves(session, case)
    rows = tuple(_make_form(session, case, row, f"giliran-{number}", sent) for number, row in enumerate(found.rows, 1))
    fields, state = case.sop.fields.values(), case.state
    filling = sent.sent if sent and sent.verb == "isi" else {}
    here = [item.nama for row in case.rows for item in row.sop.step(row.state.visit.step).kelengkapan]
    done, warnings = ((), ()) if sent else take_done(session, case)
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
        largest=LARGEST_FILE // 1_000_000,
        sent=sent,
        done=done,
        warnings=tuple(map(word_message, warnings)),
        leftover=() if sent is None or shown else tuple(_list_leftover(case, sent)),
    )


def _make_button(move: OpenMove) -> Button:
    return Button(
        words=_word_move(move),
        verb=_VERBS[move.kind],
        label=move.label if move.kind == "decide" else "",
        style="" if move.kind == "approve" else "second" if move.kind in {"skip", "begin"} or not move.note else "warn",
        unchecked=move.note or move.kind == "begin",
    )


def _word_move(move: OpenMove) -> str:
    """What stands on a button: what it does, and the SOP's own label where that says something else."""
    if move.kind == "decide":
        return move.label
    words, stem = _WORDS[move.kind]
    if move.kind == "approve" and move.signs:
        words = "Setujui dan tanda tangani"
    return f"{words}: {move.label}" if move.label and not move.label.lower().startswith(stem) else words


def _make_form(session: Session, case: Case, row: RowMoves, id: str, sent: SentMove | None) -> RowForm:
    mine = sent is not None and sent.verb in _VERBS.values() and sent.step in ("", row.step.id)
    typed = sent if sent and mine and sent.pelaksana in ("", row.pelaksana) else None
    asked, texts = row.questions, typed.sent if typed else {}
    fields = dict.fromkeys((*asked.fields, *(case.sop.fields[name] for name in texts)))
    controls = (make_control(one, texts, asked.values, required=one.name in asked.required) for one in fields)
    items = dict.fromkeys((*asked.items, *(item.nama for item in row.step.kelengkapan)))
    called = session.library.find_sop(row.called) if row.called else None
    return RowForm(
        id=id,
        row=row,
        sent=typed,
        called=called.nama if called else row.called,
        controls=tuple(controls),
        required=asked.items,
        items=tuple(items),
        gaps=_list_gaps(session, case, row),
    )


def _list_gaps(session: Session, case: Case, row: RowMoves) -> tuple[str, ...]:
    """What the letter that is signed at a row would lack; nothing where that cannot be told just now."""
    if not any(move.signs for move in row.moves):
        return ()
    try:
        found = read_step_letter(session, case, row.step.id, partial(page_session, looking=False))
    except SopctlError:
        return ()
    return found.written.gaps if found and found.foreseen else ()


def _list_leftover(case: Case, sent: SentMove) -> Iterator[tuple[str, str]]:
    """What was typed, by label."""
    if note := sent.texts.get("catatan", "").strip():
        yield "Catatan", note
    for name, given in sent.sent.items():
        lines = [given] if isinstance(given, str) else ["; ".join(filter(None, row.values())) for row in given.values()]
        if text := "\n".join(lines).strip():
            yield case.sop.fields[name].label, text
