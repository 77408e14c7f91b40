"""The commands that move a case from a step to the next: approve, reject, decide, skip."""

from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sopctl.cli import case_choice, confirmation, output, prompts
from sopctl.cli.move_messages import show_move
from sopctl.cli.options import (
    As,
    At,
    AtStep,
    AttachFiles,
    BranchLabel,
    CaseIds,
    ChosenId,
    DataFile,
    For,
    Note,
    OfSop,
    PaperEvidence,
    SetFields,
    WithGaps,
    move_input,
)
from sopctl.cli.session import opened
from sopctl.cli.several_cases import move_each
from sopctl.cli.start_command import show_and_offer
from sopctl.engine.refused import Refused

if TYPE_CHECKING:
    from sopctl.desk.move_input import MoveInput
    from sopctl.desk.outcome import Outcome
    from sopctl.desk.session import Session

    Answer = Outcome | Refused


def approve(
    ids: CaseIds = None,
    sop: OfSop = "",
    step: AtStep = "",
    note: Note = "",
    as_: As = "",
    for_: For = "",
    evidence: PaperEvidence = "",
    set_: SetFields = None,
    data: DataFile = None,
    attach: AttachFiles = None,
    with_gaps: WithGaps = False,
    at: At = "",
) -> int:
    """Setujui atau selesaikan langkah sekarang; berkas maju."""
    from sopctl.desk import moves

    session = opened()
    chosen = case_choice.choose_cases(session, ids or [], sop, step, as_)
    typed = move_input(set_=set_, data=data, note=note, at=at, as_=as_, attach=attach, for_=for_, evidence=evidence)

    def ask(here: "MoveInput", id: str) -> "MoveInput":
        many = len(chosen.ids) > 1
        return prompts.ask_before_approval(session, id, here, told=chosen.shown, one_of_many=many)

    def one(id: str) -> "Answer":
        here = replace(typed, step=chosen.steps[id], with_gaps=with_gaps)
        return _make_move(session, id, here, partial(moves.approve, session, id), partial(ask, id=id))

    return _move_each(session, chosen.ids, one, "diteruskan")


def reject(
    ids: CaseIds = None,
    sop: OfSop = "",
    step: AtStep = "",
    note: Note = "",
    as_: As = "",
    for_: For = "",
    evidence: PaperEvidence = "",
    set_: SetFields = None,
    data: DataFile = None,
    attach: AttachFiles = None,
    at: At = "",
) -> int:
    """Kembalikan ke langkah yang disebut SOP, dengan alasan."""
    from sopctl.desk import moves

    session = opened()
    chosen = case_choice.choose_cases(session, ids or [], sop, step, as_, decides=True)
    typed = move_input(set_=set_, data=data, note=note, at=at, as_=as_, attach=attach, for_=for_, evidence=evidence)
    reason = cache(prompts.ask_reason)

    def one(id: str) -> "Answer":
        move = partial(prompts.with_reason, partial(moves.reject, session, id), reason)
        return _make_move(session, id, replace(typed, step=chosen.steps[id]), move)

    return _move_each(session, chosen.ids, one, "dikembalikan")


def decide(
    id: ChosenId = "",
    label: BranchLabel = "",
    step: AtStep = "",
    note: Note = "",
    as_: As = "",
    for_: For = "",
    evidence: PaperEvidence = "",
    set_: SetFields = None,
    data: DataFile = None,
    attach: AttachFiles = None,
    with_gaps: WithGaps = False,
    at: At = "",
) -> int:
    """Pilih salah satu jalan bila SOP memberi beberapa pilihan."""
    from sopctl.desk import moves
    from sopctl.desk.status import open_labels

    session = opened()
    if not id:
        chosen = case_choice.choose_cases(session, [], "", step, as_, several=False, decides=True)
        id, step = chosen.ids[0], chosen.steps[chosen.ids[0]]
    typed = move_input(set_=set_, data=data, note=note, at=at, as_=as_, attach=attach, for_=for_, evidence=evidence)
    typed = replace(typed, step=step, with_gaps=with_gaps)

    def move(typed: "MoveInput") -> "Answer":
        nonlocal label
        if not typed.trial:
            label = case_choice.choose_label(session, id, label, typed)
        return moves.decide(session, id, label or next(iter(open_labels(session, id, typed)), ""), typed)

    reasoned = partial(prompts.with_reason, move, cache(prompts.ask_reason))
    answer = _make_move(session, id, typed, reasoned)
    return show_move(session, answer, f"diputuskan ({output.line(label)})")


def skip(
    id: ChosenId = "",
    step: AtStep = "",
    note: Note = "",
    as_: As = "",
    for_: For = "",
    evidence: PaperEvidence = "",
    set_: SetFields = None,
    data: DataFile = None,
    at: At = "",
) -> int:
    """Lewati langkah yang menurut SOP boleh dilewati, dengan alasan."""
    from sopctl.desk import moves

    session = opened()
    if not id:
        chosen = case_choice.choose_cases(session, [], "", step, as_, several=False)
        id, step = chosen.ids[0], chosen.steps[chosen.ids[0]]
    typed = replace(
        move_input(set_=set_, data=data, note=note, at=at, as_=as_, for_=for_, evidence=evidence), step=step
    )
    reasoned = partial(prompts.with_reason, partial(moves.skip, session, id), cache(prompts.ask_reason))
    return show_move(session, _make_move(session, id, typed, reasoned), "melewati langkahnya")


def _make_move(
    session: "Session",
    id: str,
    typed: "MoveInput",
    move: "prompts.MakeMove",
    ask: "Callable[[MoveInput], MoveInput] | None" = None,
) -> "Answer":
    """Move one case: at a terminal it is said as whom, ``ask`` adds what it lacks, and a signature is agreed to."""
    if refused := prompts.refuse_early(move, typed):
        return refused
    acting = confirmation.tell_actor(session, id, typed)
    asked = ask(typed) if ask else typed
    answer = confirmation.make_move(acting, asked, move, asked=asked is not typed)
    if asked is not typed and not isinstance(answer, Refused):
        prompts.forget_answers(session, answer.id)
    return answer


def _move_each(session: "Session", ids: list[str], move: "Callable[[str], Answer]", done: str) -> int:
    """Move the cases; after one alone the case that its next step calls is offered."""
    if len(ids) == 1:
        return show_and_offer(session, move(ids[0]), done)
    return move_each(session, ids, move, done)
