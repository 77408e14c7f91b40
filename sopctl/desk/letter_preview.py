"""The letter of a step before it is signed: as the move of whoever looks would write it, else its present draft."""

from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256

import msgspec
from msgspec import Struct

from sopctl.desk.case_files import open_case_file
from sopctl.desk.move_input import MoveInput
from sopctl.desk.moves import preview_letter
from sopctl.desk.open_moves import list_open_moves
from sopctl.desk.session import Session
from sopctl.engine.case import Case
from sopctl.engine.events import Written
from sopctl.engine.refused import Refused
from sopctl.engine.signings import document_form
from sopctl.letters.case_numbers import sequence_of
from sopctl.store.struct_decoders import make_msgpack_decoder

_NAME = "naskah-"
"""How what is kept of a letter is called in the cache."""

_MOST_KEPT = 20_000_000
"""Bytes of them that are kept."""


class StepLetter(Struct, frozen=True):
    """The Word file of a letter; ``foreseen`` says that it is not written yet, but would be by the move at hand."""

    written: Written
    data: bytes
    foreseen: bool


def read_step_letter(session: Session, case: Case, step: str, open_writer: Callable[[], Session]) -> StepLetter | None:
    """The letter of an open row; None where there is none yet that whoever looks could write.

    What was made once for the same state, account and day is kept. To make it, the record is locked, by the session
    that ``open_writer`` opens for the same account.

    Raises:
        DamagedError: where the draft is not as it was recorded.
    """
    row = next((row.step for row in case.rows if row.step and row.step.id == step), None)
    if row is None or row.document is None:
        return None
    name = _NAME + _name_state(session, case, step)
    if kept := session.workspace.cache.read(name):
        with suppress(msgspec.MsgspecError):
            return make_msgpack_decoder(StepLetter).decode(kept)
    found = _foresee(session, case, step, open_writer) or _read_draft(session, case, row.document.name)
    if found:
        session.workspace.cache.write(name, msgspec.msgpack.encode(found), durable=False)
        session.workspace.cache.trim(_NAME, _MOST_KEPT)
    return found


def _name_state(session: Session, case: Case, step: str) -> str:
    """What the letter depends on: the case, who looks on which day, the office file, the templates, the numbers."""
    templates = session.workspace.templates.glob("*.docx")
    states = sorted((str(path), path.stat().st_mtime_ns) for path in templates)
    parts = (
        case.id,
        case.instance.head,
        step,
        session.account,
        str(session.now().date()),
        session.record.office_version,
        _state_of_numbers(session, case, step),
    )
    return sha256(msgspec.json.encode((parts, states))).hexdigest()


def _state_of_numbers(session: Session, case: Case, step: str) -> str:
    """The sha256 of the sequence that a letter which is signed takes its number from; empty of any other letter.

    So a change of another case makes the letter anew, for which the record is locked, only where the number moves on.
    """
    document = case.sop.step(step).document
    if document is None or document.act != "sign":
        return ""
    kode = document_form(case.sop, case.state, document.name).kode
    if kode is None:
        return ""
    sequence = sequence_of(session.office.letter_number, session.now().year, kode)
    return sha256(session.record.whole_store.read_sequence(sequence)).hexdigest()


def _foresee(session: Session, case: Case, step: str, open_writer: Callable[[], Session]) -> StepLetter | None:
    """The letter as the first move that leads on would write it; None where that is not open to the account."""
    rows = (row for row in list_open_moves(session, case).rows if row.step.id == step)
    for row in rows:
        for move in (move for move in row.moves if move.kind in {"approve", "decide"}):
            typed = MoveInput(step=step, as_=row.pelaksana if row.several else "", note="-" if move.note else "")
            made = preview_letter(open_writer(), case, typed, move.label if move.kind == "decide" else "")
            if made is not None and not isinstance(made, Refused):
                return StepLetter(*made, foreseen=True)
    return None


def _read_draft(session: Session, case: Case, name: str) -> StepLetter | None:
    """The letter as it was written last."""
    written = next((one for one in reversed(tuple(case.state.documents)) if one.name == name), None)
    if written is None:
        return None
    with open_case_file(session.record, written) as file:
        return StepLetter(written, file.read(), foreseen=False)
