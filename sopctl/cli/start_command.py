"""The command that opens a case, and the offer to open the case of the SOP that the next step calls."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sopctl.cli import completion, output, prompts
from sopctl.cli.move_messages import moved, show_move
from sopctl.cli.options import At, DataFile, Note, SetFields, SopId, Subject, move_input
from sopctl.cli.session import opened
from sopctl.cli.terminal_input import ask_word
from sopctl.engine.refused import Refused
from sopctl.errors import UsageError

if TYPE_CHECKING:
    from sopctl.desk.move_input import MoveInput
    from sopctl.desk.outcome import Outcome
    from sopctl.desk.session import Session
    from sopctl.desk.start import StartInput

    Answer = Outcome | Refused


def start(
    sop: SopId = "",
    subject: Subject = "",
    set_: SetFields = None,
    data: DataFile = None,
    note: Note = "",
    step: Annotated[
        str, typer.Option("--step", metavar="LANGKAH", help="Mulai dari langkah ini (bila SOP membolehkan).")
    ] = "",
    parent: Annotated[
        str, typer.Option("--parent", metavar="ID", help="Berkas yang langkahnya dikerjakan lewat SOP ini.")
    ] = "",
    like: Annotated[
        str,
        typer.Option(
            "--like", metavar="ID", help="Salin isian berkas yang terdahulu ini.", autocompletion=completion.cases
        ),
    ] = "",
    from_agenda: Annotated[
        str,
        typer.Option("--from-agenda", metavar="NOMOR", help="No. Agenda surat masuk yang dijawab: 512, atau 512/2026."),
    ] = "",
    each: Annotated[
        Path | None,
        typer.Option("--each", metavar="FILE", help="Satu berkas per baris CSV ini: kolom isian dan perihal."),
    ] = None,
    confidential: Annotated[
        bool, typer.Option("--confidential", help="Berkas rahasia: di halaman hanya dibaca oleh yang terlibat.")
    ] = False,
    at: At = "",
) -> int:
    """Buka berkas baru menurut sebuah SOP."""
    from sopctl.desk import start

    if each and parent:
        raise UsageError("Pakai --each atau --parent, jangan keduanya.")
    session = opened()
    sop = ask_word(sop, "SOP", "SOP yang mana (Enter = batal)", session.library.list_ids)
    if not sop:
        raise UsageError("Tidak ada SOP yang dipilih; tidak ada yang dibuka.", code="usage")
    typed = move_input(set_=set_, data=data, note=note, at=at)
    opening = start.StartInput(
        subject=subject, step=step, parent=parent, like=like, each=each, agenda=from_agenda, confidential=confidential
    )
    if not each:
        return show_and_offer(session, _open_case(session, sop, opening, typed), "dibuka")
    answer = start.start_each(session, sop, opening, typed)

    def tell(cases: "tuple[Outcome, ...]") -> None:
        output.say("\n".join(moved(session.record, one, "dibuka") for one in cases))

    return output.show(answer, tell, encode=lambda cases: [output.answered(one) for one in cases])


def show_and_offer(session: "Session", answer: "Answer", done: str) -> int:
    """Show what a move came to; at a terminal the case of the SOP that the next step calls is offered and opened."""
    code = show_move(session, answer, done)
    called = "" if isinstance(answer, Refused) else prompts.ask_to_open(answer)
    if isinstance(answer, Refused) or not called:
        return code
    from sopctl.desk import start

    child = _open_case(session, called, start.StartInput(parent=answer.id), move_input())
    return show_move(session, child, "dibuka")


def _open_case(session: "Session", sop: str, opening: "StartInput", typed: "MoveInput") -> "Answer":
    """Open one case; what nobody gave is asked for at a terminal."""
    from sopctl.desk import start

    refused = prompts.refuse_early(partial(start.start, session, sop, opening), typed)
    if refused:
        return refused
    asked = prompts.ask_before_start(session, session.library.read_file(sop).sop, typed, opening)
    answer = start.start(session, sop, *asked)
    if not isinstance(answer, Refused):
        prompts.forget_answers(session, f"start-{answer.sop}")
    return answer
