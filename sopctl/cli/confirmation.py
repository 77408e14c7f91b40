"""Saying at a terminal as whom a move is recorded and what a signature will put on paper, before it is recorded.

Elsewhere nothing is asked: there a letter that lacks what it must say wants `--with-gaps`.
"""

import textwrap
from collections.abc import Callable
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sopctl.cli.field_prompts import read_line
from sopctl.cli.output import complain, line, numbered
from sopctl.cli.prompts import at_a_terminal
from sopctl.engine.refused import Refused

if TYPE_CHECKING:
    from sopctl.desk.acting import Acting
    from sopctl.desk.move_input import MoveInput
    from sopctl.desk.outcome import Outcome, SignedLetter
    from sopctl.desk.session import Session

    MakeMove = Callable[[MoveInput], Outcome | Refused]


def tell_actor(session: "Session", id: str, typed: "MoveInput", *, json: bool) -> "Acting | None":
    """Say as whom the account acts; None where nobody is there to hear it, or the move will be refused."""
    if not at_a_terminal(json=json):
        return None
    from sopctl.desk.acting import find_acting

    acting = find_acting(session, id, typed)
    if acting is not None:
        how = "untuk" if acting.on_behalf else "sebagai"
        complain(f"{acting.id}: Anda mencatat {how} {_who(acting)}.")
    return acting


def make_move(acting: "Acting | None", typed: "MoveInput", move: "MakeMove", *, asked: bool) -> "Outcome | Refused":
    """What the move came to, once a letter that it signs was shown and agreed to; a no records nothing.

    Where nothing else was ``asked``, and the account acts for another pelaksana than last time without having said at
    which step, it is asked whether it means to: a command that is repeated by mistake is not the next official's step.
    """
    if acting is None:
        return move(typed)
    seen = replace(typed, seen=acting.revision)
    letters: tuple[SignedLetter, ...] = ()
    if acting.signs:
        planned = move(replace(seen, preview=True, with_gaps=True))
        if isinstance(planned, Refused):
            return planned
        letters = planned.signed
    for letter in letters:
        _show_letter(letter, acting.id)
    if letters:
        return move(replace(seen, with_gaps=True)) if _agreed("Tanda tangani?") else _DECLINED
    if acting.before and not typed.step and not asked:
        complain(f"Sebelum ini Anda mencatat sebagai {line(acting.before)}. Sekarang giliran {line(acting.jabatan)}:")
        complain(f"  {numbered(acting.no, acting.kegiatan)}")
        return move(seen) if _agreed("Lanjutkan?") else _DECLINED
    return move(seen)


_DECLINED = Refused(reason="declined", message="Tidak dilanjutkan; tidak ada yang dicatat.")


def _show_letter(letter: "SignedLetter", id: str) -> None:
    """What will stand on paper; of the letter of another case than ``id``, which this move completes, with its id."""
    nomor = line(letter.nomor) if letter.nomor else "belum ada, atau tidak bernomor"
    of = "" if letter.id == id else f", berkas {letter.id}"
    complain(f"  Surat    {letter.name}{of}\n  Nomor    {nomor}\n  Oleh     {line(letter.signer)}")
    gaps = f"  Kosong   {line('; '.join(letter.gaps)) or 'tidak ada'}"
    complain(textwrap.fill(gaps, max(40, get_terminal_size().columns - 1), subsequent_indent=" " * 11))


def _who(acting: "Acting") -> str:
    return f"{line(acting.jabatan)} ({line(acting.nama)})" if acting.nama else line(acting.jabatan)


def _agreed(question: str) -> bool:
    return read_line(f"{question} (y = ya, Enter = tidak)").lower() in {"y", "ya"}
