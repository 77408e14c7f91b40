"""Moving several cases with one command: each on its own, so that whatever hinders one hinders no other."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from sopctl.cli import output
from sopctl.cli.invocation import invocation
from sopctl.cli.move_messages import moved
from sopctl.engine.refused import Refused
from sopctl.errors import SopctlError

if TYPE_CHECKING:
    from sopctl.desk.outcome import Outcome
    from sopctl.desk.session import Session

    Answer = Outcome | Refused | SopctlError


def move_each(session: "Session", ids: list[str], move: "Callable[[str], Outcome | Refused]", done: str) -> int:
    """Move each case and print what it came to; the exit code is that of the first that was not moved."""
    answers: list[Answer] = []
    printed = True
    for id in ids:
        answers.append(_try_move(move, id))
        if not invocation.json:
            printed &= _can_print(partial(_print_answer, session, answers[-1], done, id))
    each = list(zip(ids, answers, strict=True))
    if invocation.json and not _can_print(
        lambda: output.say_json([{"id": id, **output.answered(answer)} for id, answer in each])
    ):
        printed = False
        for id, answer in each:
            _print_answer(session, answer, done, id)
    codes = [_exit_code(answer) for answer in answers]
    if not printed:
        output.complain(_list_outcomes(ids, codes))
    return next((code for code in codes if code), 0)


def _try_move(move: "Callable[[str], Outcome | Refused]", id: str) -> "Answer":
    """What became of one of the cases."""
    try:
        return move(id)
    except SopctlError as error:
        return error
    except (MemoryError, OSError) as error:
        return output.trouble(error)


def _exit_code(answer: "Answer") -> int:
    if isinstance(answer, SopctlError):
        return answer.exit_code
    return output.REFUSED if isinstance(answer, Refused) else 0


def _can_print(say: Callable[[], None]) -> bool:
    """Whether a message could be printed; from the first that could not, nothing more is."""
    try:
        say()
    except OSError:
        output.hush()
        return False
    return True


def _list_outcomes(ids: list[str], codes: list[int]) -> str:
    """Which of the cases were moved, where standard output could not take it."""
    outcomes = list(zip(ids, codes, strict=True))
    moved, left = [id for id, code in outcomes if not code], [id for id, code in outcomes if code]
    recorded = f" Sudah tercatat: {', '.join(moved)}." if moved else ""
    others = f" Pesan tentang {', '.join(left)} ada di atas." if left else ""
    return f"Hasilnya tidak dapat ditampilkan.{recorded}{others} Lihat sopctl status."


def _print_answer(session: "Session", answer: "Answer", done: str, id: str) -> None:
    """Say what the move of one of several cases came to; the case is named where it was not moved."""
    if isinstance(answer, Refused | SopctlError):
        output.complain(f"{id}: {output.sentences(answer)}")
    else:
        output.say(moved(session.record, answer, done))
