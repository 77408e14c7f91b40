"""Saying at a terminal as whom a move is recorded and what a signature will put on paper, before it is recorded.

Elsewhere nothing is asked: there a letter that lacks what it must say wants `--with-gaps`.
"""

from typing import TYPE_CHECKING

from msgspec.structs import replace

from sopctl.cli.output import complain, line, numbered
from sopctl.cli.terminal_input import agreed, at_a_terminal
from sopctl.engine.refused import Refused

if TYPE_CHECKING:
    from sopctl.cli.prompts import MakeMove
    from sopctl.desk.move_input import MoveInput
    from sopctl.desk.outcome import Outcome, SignedLetter
    from sopctl.desk.session import Session
    from sopctl.desk.step_questions import Acting


def tell_actor(session: "Session", id: str, typed: "MoveInput") -> "Acting | None":
    """Say as whom the account acts; None where nobody is there to hear it, or the move will be refused."""
    if not at_a_terminal():
        return None
    from sopctl.desk.step_questions import find_acting

    acting = find_acting(session, id, typed)
    if acting is not None:
        how = "untuk" if acting.on_behalf else "sebagai"
        complain(f"{acting.id}: Anda mencatat {how} {_who(acting)}.")
        if _changes(acting, typed):
            tell_change(acting)
    return acting


def _changes(acting: "Acting", typed: "MoveInput") -> bool:
    """Whether the account acts for another pelaksana than last time, and the command would do so if it were repeated.

    A step that is named is refused elsewhere, but not where the same row is handed on to the next pelaksana.
    """
    named = typed.step and (typed.as_ or not acting.handed_on)
    return bool(acting.before) and not named


def tell_change(acting: "Acting") -> None:
    """Say for whom the account acted last, and whose turn it is now."""
    complain(f"Sebelum ini Anda mencatat sebagai {line(acting.before)}. Sekarang giliran {line(acting.jabatan)}.")


def make_move(acting: "Acting | None", typed: "MoveInput", move: "MakeMove", *, asked: bool) -> "Outcome | Refused":
    """What the move came to, once a letter that it signs was shown and agreed to; a no records nothing.

    Where nothing was ``asked`` and no letter is signed, whoever acts for another pelaksana than last time, by a command
    that does not say so, is asked whether to go on: one repeated by mistake is not the next official's step.
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
    if not letters:
        meant = asked or not _changes(acting, typed) or _agrees_to_go_on(acting)
        return move(seen) if meant else _DECLINED
    return move(replace(seen, with_gaps=True)) if agreed("Tanda tangani?") else _declined(letters)


def _agrees_to_go_on(acting: "Acting") -> bool:
    complain(f"  {line(acting.subject)}\n  {numbered(acting.no, acting.kegiatan)}")
    return agreed("Lanjutkan?")


_DECLINED = Refused(reason="declined", message="Tidak dilanjutkan; tidak ada yang dicatat.")


def _declined(letters: "tuple[SignedLetter, ...]") -> Refused:
    """The refusal of letters that nobody agreed to sign, with how their gaps are filled."""
    lacking = next((letter.id for letter in letters if letter.gaps), "")
    return replace(_DECLINED, advice="fill_gaps", facts={"id": lacking}) if lacking else _DECLINED


def _show_letter(letter: "SignedLetter", id: str) -> None:
    """What will stand on paper; of the letter of another case than ``id``, which this move completes, with its id."""
    nomor = line(letter.nomor) or ("belum ada" if letter.numbered else "tidak bernomor")
    of = "" if letter.id == id else f", berkas {letter.id}"
    complain(f"  Surat    {letter.name}{of}\n  Nomor    {nomor}\n  Oleh     {line(letter.signer)}")
    complain(f"  Kosong   {line('; '.join(letter.gaps)) or 'tidak ada'}")


def _who(acting: "Acting") -> str:
    return f"{line(acting.jabatan)} ({line(acting.nama)})" if acting.nama else line(acting.jabatan)
