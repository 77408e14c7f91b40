"""The moves of a case that are open to one account now, each with the fields, evidence and labels that it wants.

Whether one is open is the engine's own answer to it, as far as what somebody will fill in does not change it.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from sopctl.desk.authority import refuse_assignment, refuse_stranger
from sopctl.desk.move_input import MoveInput, describe_request
from sopctl.desk.outcome import list_next_actions
from sopctl.desk.session import Session
from sopctl.desk.step_questions import ANSWERED, StepQuestions, questions_at
from sopctl.engine import case_changes, skipping
from sopctl.engine import moves as engine
from sopctl.engine.case import Case
from sopctl.engine.events import Event
from sopctl.engine.next_actions import NextAction
from sopctl.engine.refused import Refused
from sopctl.engine.request import Request
from sopctl.engine.state import State
from sopctl.sop.conditions import list_condition_fields
from sopctl.sop.model import Sop, Step

ChangeKind = Literal["fill", "attach", "note", "withdraw", "suspend", "resume", "cancel"]
"""What may be done to a case besides the moves of its steps."""

AskEngine = Callable[[Request], Event | Refused]

_ASKED_REASON = "-"
"""Stands for a reason that is asked for with the move."""


class OpenMove(Struct, frozen=True, kw_only=True):
    """A move of a step; ``label`` is the branch that it takes where there is a choice.

    ``note`` says that it wants a reason; ``signs`` is the document that it signs, empty for none.
    """

    kind: Literal["approve", "reject", "decide", "skip", "begin"]
    label: str = ""
    note: bool = False
    signs: str = ""


class RowMoves(Struct, frozen=True, kw_only=True):
    """An open row of a case at which the account acts as one pelaksana (``jabatan`` is the title).

    ``several`` says that the account could act there as another pelaksana too. ``questions`` are what is asked there,
    ``signer`` is whose name a letter bears that it signs, ``called`` the SOP that may be opened for it.
    """

    step: Step
    pelaksana: str
    jabatan: str
    several: bool
    signer: str
    called: str
    moves: tuple[OpenMove, ...]
    questions: StepQuestions


class OpenMoves(Struct, frozen=True, kw_only=True):
    """What an account may do with a case, as of ``revision``: the moves of its rows, and changes of the case itself.

    ``assignable`` are the pelaksana that the account may say who they are, ``persons`` whom it may name.
    """

    revision: int
    rows: tuple[RowMoves, ...]
    changes: frozenset[ChangeKind]
    assignable: tuple[str, ...]
    persons: tuple[str, ...]


def list_open_moves(session: Session, case: Case) -> OpenMoves:
    """What is open to the account of the session."""
    request = describe_request(session, case, MoveInput(note=_ASKED_REASON))
    stranger = refuse_stranger(session.office, session.account, request.at, request.now, case)
    assignable = () if stranger else tuple(_list_assignable(session, case, request))
    day, office = request.now.date(), session.office
    names = dict.fromkeys(one.nama for one in office.officials if assignable and office.can_be_assigned(one.nama, day))
    return OpenMoves(
        revision=case.instance.revision,
        rows=() if stranger or case.state.status != "running" else tuple(_list_rows(session, case, request)),
        changes=frozenset() if stranger else frozenset(_list_changes(case, request)),
        assignable=assignable,
        persons=tuple(filter(None, names)),
    )


def _list_changes(case: Case, request: Request) -> Iterator[ChangeKind]:
    state, sop = case.state, case.sop
    ask: dict[ChangeKind, AskEngine] = {
        "fill": partial(case_changes.fill, sop, state),
        "attach": partial(case_changes.attach, state),
        "note": partial(case_changes.note, state),
        "withdraw": partial(engine.withdraw, state, last=case.last_move),
        "suspend": partial(case_changes.suspend, state),
        "resume": partial(case_changes.resume, state),
        "cancel": partial(case_changes.cancel, state),
    }
    return (kind for kind, answer in ask.items() if not isinstance(answer(request), Refused))


def _list_assignable(session: Session, case: Case, request: Request) -> Iterator[str]:
    for name in case.sop.pelaksana:
        refused = refuse_assignment(session.office, session.account, case, name, request)
        if not (refused or isinstance(case_changes.assign(case.state, request, name, ""), Refused)):
            yield name


def _list_rows(session: Session, case: Case, request: Request) -> Iterator[RowMoves]:
    """The rows at which the account has the turn, once for each pelaksana that it may act as there."""
    actions, may = list_next_actions(case, session.record, session.library), request.allowed_now
    for row in case.rows:
        mine = [name for name in row.state.turn if may is None or name in may]
        found = (_open_row(session, row, replace(request, as_=name), actions) for name in mine)
        yield from (replace(one, several=len(mine) > 1) for one in found if one.moves or one.called)


def _open_row(session: Session, case: Case, request: Request, actions: tuple[NextAction, ...]) -> RowMoves:
    """The row at hand for one pelaksana, whom the request is made as."""
    step, pelaksana, day = case.sop.step(case.state.visit.step), request.as_, request.now.date()
    here = tuple(one for one in actions if one.step == step.id and one.pelaksana in ("", pelaksana))
    signer = session.office.find_signer(pelaksana, case.state.assigned.get(pelaksana, ""), day, session.account)
    title = case.sop.pelaksana[pelaksana]
    questions = questions_at(session, case, step, here)
    moves = _list_moves(case, step, pelaksana, here, questions)
    return RowMoves(
        step=step,
        pelaksana=pelaksana,
        jabatan=title,
        several=False,
        signer=signer.format_signer(title) if signer else title,
        called=next((one.called for one in here if one.kind == "start"), ""),
        moves=tuple(one for one in moves if _is_open(case, request, one)),
        questions=questions,
    )


def _list_moves(
    case: Case, step: Step, pelaksana: str, actions: tuple[NextAction, ...], questions: StepQuestions
) -> Iterator[OpenMove]:
    """The moves that the SOP accepts there; where conditions hang on what is filled in, every branch may be meant."""
    document = step.document if step.document and step.document.act == "sign" else None
    signs = document.name if document else ""
    kinds, asked = {one.kind for one in actions}, {field.name for field in questions.fields}
    seen = step.seen_by(pelaksana) if pelaksana in step.decides else step
    down = case.sop.rejections(seen)
    deciding = {name for one in seen.branches if one.when for name in list_condition_fields(one.when)}
    if "fill" in kinds or ("approve" in kinds and deciding & asked):
        yield OpenMove(kind="approve", signs=signs)
        for branch in seen.branches:
            kind: Literal["reject", "decide"] = "reject" if down == (branch,) else "decide"
            yield OpenMove(kind=kind, label=branch.label, note=branch in down, signs="" if branch in down else signs)
    else:
        for one in actions:
            if one.kind in {"approve", "reject", "decide"}:
                yield OpenMove(kind=one.kind, label=one.label, note=one.note, signs="" if one.note else signs)
    if "skip" in kinds:
        yield OpenMove(kind="skip", note=True)
    yield OpenMove(kind="begin")


def _is_open(case: Case, request: Request, move: OpenMove) -> bool:
    """Whether the engine accepts a move at the row at hand, or lacks only what is asked for with it."""
    ask: dict[str, Callable[[Sop, State, Request], Event | Refused]] = {
        "approve": engine.approve,
        "reject": engine.reject,
        "decide": partial(engine.decide, label=move.label),
        "skip": skipping.skip,
        "begin": engine.begin,
    }
    answer = ask[move.kind](case.sop, case.state, request)
    return not isinstance(answer, Refused) or answer.reason in ANSWERED
