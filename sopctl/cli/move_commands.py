"""The commands that move a case from a step to the next: approve, reject, decide, skip."""

from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sopctl.cli import case_choice, confirmation, output, prompts
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

    typed = move_input(
        set_=set_, data=data, note=note, at=at, as_=as_, attach=attach, for_=for_, evidence=evidence, step=step,
        with_gaps=with_gaps,
    )  # fmt: skip
    return _move(moves.approve, ids, sop, typed, lambda: "diteruskan", asks=True)


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

    typed = move_input(
        set_=set_, data=data, note=note, at=at, as_=as_, attach=attach, for_=for_, evidence=evidence, step=step
    )
    return _move(moves.reject, ids, sop, typed, lambda: "dikembalikan", decides=True)


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

    typed = move_input(
        set_=set_, data=data, note=note, at=at, as_=as_, attach=attach, for_=for_, evidence=evidence, step=step,
        with_gaps=with_gaps,
    )  # fmt: skip

    def take_branch(session: "Session", id: str, typed: "MoveInput") -> "Answer":
        nonlocal label
        if not typed.trial:
            label = case_choice.choose_label(session, id, label, typed)
        return moves.decide(session, id, label or next(iter(open_labels(session, id, typed)), ""), typed)

    ids = [id] if id else []
    return _move(take_branch, ids, "", typed, lambda: f"diputuskan ({output.line(label)})", several=False, decides=True)


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

    typed = move_input(set_=set_, data=data, note=note, at=at, as_=as_, for_=for_, evidence=evidence, step=step)
    return _move(moves.skip, [id] if id else [], "", typed, lambda: "melewati langkahnya", several=False)


def _move(
    make: "Callable[[Session, str, MoveInput], Answer]",
    ids: list[str] | None,
    sop: str,
    typed: "MoveInput",
    done: Callable[[], str],
    *,
    several: bool = True,
    decides: bool = False,
    asks: bool = False,
) -> int:
    """Move the cases that are meant, see `choose_cases`; what was ``done`` is told of each.

    At a terminal it is said as whom, what a case lacks is asked for (for a move that ``asks``: what the step prints
    too), and a signature is agreed to. After one case alone that is offered which its next step calls.
    """
    session = opened()
    chosen = case_choice.choose_cases(session, ids or [], sop, typed.step, typed.as_, several=several, decides=decides)
    many, reason = len(chosen.ids) > 1, cache(prompts.ask_reason)

    def move_one(id: str) -> "Answer":
        move = partial(prompts.with_reason, partial(make, session, id), reason)
        ask = partial(prompts.ask_before_approval, session, id, told=chosen.shown, one_of_many=many) if asks else None
        return _make_move(session, id, replace(typed, step=chosen.steps[id]), move, ask)

    if many:
        return move_each(session, chosen.ids, move_one, done())
    return show_and_offer(session, move_one(chosen.ids[0]), done())


def _make_move(
    session: "Session",
    id: str,
    typed: "MoveInput",
    move: "prompts.MakeMove",
    ask: "Callable[[MoveInput], MoveInput] | None",
) -> "Answer":
    """Move one case, with what is said and asked at a terminal."""
    if refused := prompts.refuse_early(move, typed):
        return refused
    acting = confirmation.tell_actor(session, id, typed)
    asked = ask(typed) if ask else typed
    answer = confirmation.make_move(acting, asked, move, asked=asked is not typed)
    if asked is not typed and not isinstance(answer, Refused):
        prompts.forget_answers(session, answer.id)
    return answer
