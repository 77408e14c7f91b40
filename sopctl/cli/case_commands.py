"""The commands that add to one case, or change how it stands, and are no step of its SOP."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import replace

from sopctl.cli import case_choice, output, prompts
from sopctl.cli.move_messages import show_move
from sopctl.cli.options import As, At, AtStep, ChosenId, Note, Subject, captioned_files, move_input, refuse_placeholders
from sopctl.cli.session import opened
from sopctl.cli.terminal_input import ask_word, at_a_terminal
from sopctl.engine.refused import Refused
from sopctl.errors import UsageError

if TYPE_CHECKING:
    from sopctl.desk.move_input import MoveInput
    from sopctl.desk.outcome import Outcome
    from sopctl.desk.session import Session
    from sopctl.engine.state import Status

    ChangeCase = Callable[[Session, str, MoveInput], Outcome | Refused]

NoteText = Annotated[str, typer.Argument(metavar="TEKS", help="Isi catatan.")]
Kelengkapan = Annotated[str, typer.Argument(metavar="KELENGKAPAN", help="Nama kelengkapan yang dibuktikan file ini.")]
FieldValues = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ISIAN=NILAI]...",
        help="Isian dan nilainya; daftar dan tabel seperti --set.",
        callback=refuse_placeholders,
    ),
]


def withdraw(id: ChosenId = "", note: Note = "", at: At = "") -> int:
    """Tarik kembali langkah terakhir Anda sendiri, boleh berulang. Hanya selama belum ada orang lain yang bertindak."""
    from sopctl.desk import moves

    session = opened()
    id = case_choice.choose_case(session, id, "running", "completed")
    typed, move = move_input(note=note, at=at), partial(moves.withdraw, session, id)

    def ask_reason() -> str:
        planned = move(replace(typed, note="-", preview=True))
        if not isinstance(planned, Refused):
            output.complain(f"  Yang ditarik: {output.numbered(planned.no, planned.kegiatan or '')}")
        return prompts.ask_reason()

    return show_move(session, prompts.with_reason(move, ask_reason, typed), "ditarik kembali")


def begin(id: ChosenId = "", step: AtStep = "", as_: As = "", at: At = "") -> int:
    """Tandai langkah mulai dikerjakan. Waktu tunggu lalu terpisah dari waktu kerja."""
    from sopctl.desk import moves

    return _change(id, (), moves.begin, move_input(at=at, as_=as_, step=step), "mulai dikerjakan")


def set_(id: ChosenId = "", pairs: FieldValues = None, subject: Subject = "", step: AtStep = "", at: At = "") -> int:
    """Isi atau ubah isian sebuah berkas, atau perihalnya.

    Perihal berubah hanya selama suratnya belum ditandatangani.
    """
    from sopctl.desk import moves

    if "=" in id:  # the id was left out
        id, pairs = "", [id, *(pairs or ())]
    asks = not pairs and not subject.strip()
    if asks and not at_a_terminal():
        raise UsageError("Sebutkan isiannya (isian=nilai), atau --subject TEKS.", code="set")
    session = opened()
    id = case_choice.choose_case(session, id)
    typed = replace(move_input(set_=pairs, at=at, step=step), subject=subject)
    if asks:
        typed = prompts.ask_one_field(session, id, typed)
    answer = moves.fill(session, id, typed)
    return show_move(session, answer, "diisi" if pairs or asks else "berganti perihal")


def attach(
    id: ChosenId = "",
    item: Kelengkapan = "",
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE...", help="File yang dilampirkan, satu atau beberapa.")
    ] = None,
    caption: Annotated[
        list[str] | None,
        typer.Option(metavar="TEKS", help="Keterangan foto, satu untuk setiap file menurut urutannya."),
    ] = None,
    signed: Annotated[
        str, typer.Option("--signed", metavar="FILE.pdf", help="Surat yang kembali bertanda tangan (TTE, SRIKANDI).")
    ] = "",
    document: Annotated[
        str, typer.Option("--document", metavar="SURAT", help="Surat yang mana, dengan --signed; bila ada beberapa.")
    ] = "",
    step: AtStep = "",
    at: At = "",
) -> int:
    """Lampirkan file bukti, atau surat yang kembali bertanda tangan.

    Foto (PNG, JPEG; dengan tambahan foto juga WEBP, TIFF, HEIC) tercetak di lampiran surat dengan keterangannya. Surat
    yang ditandatangani di luar sopctl: attach ID --signed FILE.pdf.
    """
    from sopctl.desk import moves
    from sopctl.desk.case_choice import list_kelengkapan

    session = opened()
    if signed or document:
        if item or files or caption or not signed:
            raise UsageError("Tulis: sopctl attach ID --signed FILE.pdf, tanpa KELENGKAPAN.", code="usage")
        from sopctl.desk.signed_letters import bring_back, list_signed

        id = case_choice.choose_case(session, id, *case_choice.ANY)
        letters = () if document or not at_a_terminal() else list_signed(session, id)
        if len(letters) > 1:
            document = ask_word("", "--document", "Surat yang mana", lambda: letters)
        made = bring_back(session, id, signed, document, move_input(at=at))
        return show_move(session, made, "menerima surat bertanda tangan")
    id, item, *typed = case_choice.split_words(session, id, item, *(files or [""]))
    id = case_choice.choose_case(session, id)
    items = partial(list_kelengkapan, session, id, step)
    item = ask_word(item, "KELENGKAPAN", "Kelengkapan", items)
    paths = [ask_word(file, "FILE", "Nama file") for file in typed]
    given = replace(move_input(at=at, step=step), attach=captioned_files(item, paths, caption or ()))
    return show_move(session, moves.attach(session, id, given), "dilampiri")


def note(id: ChosenId = "", text: NoteText = "", at: At = "") -> int:
    """Catat sesuatu pada sebuah berkas."""
    from sopctl.desk import moves

    session = opened()
    id, text = case_choice.split_words(session, id, text)
    id = case_choice.choose_case(session, id, *case_choice.ANY)
    text = ask_word(text, "TEKS", "Isi catatan")
    if not text.strip():
        raise UsageError("Isi catatannya kosong.", code="value")
    return show_move(session, moves.note(session, id, move_input(note=text, at=at)), "dicatat")


def assign(
    id: ChosenId = "",
    pelaksana: Annotated[str, typer.Argument(metavar="PELAKSANA", help="Pelaksana dalam SOP, misalnya kabid.")] = "",
    person: Annotated[
        str, typer.Argument(metavar="[ORANG]", help="Nama pejabat atau akun; kosong = tidak ditugaskan lagi.")
    ] = "",
    step: AtStep = "",
    at: At = "",
) -> int:
    """Tugaskan seseorang sebagai pelaksana pada berkas ini."""
    from sopctl.desk import moves
    from sopctl.desk.case_choice import list_pelaksana

    session = opened()
    named, pelaksana, person = case_choice.split_words(session, id, pelaksana, person)
    id = case_choice.choose_case(session, named)
    titles = partial(list_pelaksana, session, id)
    pelaksana = ask_word(pelaksana, "PELAKSANA", "Pelaksana", titles)
    if not named and not person:
        person = ask_word("", "ORANG", "Nama pejabat atau akun (Enter = tidak ditugaskan lagi)")
    done = f"ditugaskan kepada {output.line(person)}" if person else "tidak ditugaskan lagi"
    answer = moves.assign(session, id, pelaksana, person, move_input(at=at, step=step))
    return show_move(session, answer, done)


def suspend(id: ChosenId = "", note: Note = "", at: At = "") -> int:
    """Tunda berkas; waktunya tidak dihitung sampai dilanjutkan."""
    from sopctl.desk import moves

    return _change(id, (), moves.suspend, move_input(note=note, at=at), "ditunda")


def resume(id: ChosenId = "", note: Note = "", at: At = "") -> int:
    """Lanjutkan berkas yang ditunda."""
    from sopctl.desk import moves

    typed = move_input(note=note, at=at)
    return _change(id, ("suspended",), moves.resume, typed, "dilanjutkan")


def cancel(id: ChosenId = "", note: Note = "", at: At = "") -> int:
    """Batalkan berkas, dengan alasan."""
    from sopctl.desk import moves

    typed = move_input(note=note, at=at)
    return _change(id, ("running", "suspended"), moves.cancel, typed, "dibatalkan")


def _change(id: str, statuses: "tuple[Status, ...]", change: "ChangeCase", typed: "MoveInput", done: str) -> int:
    """Change the case that is named, or chosen of those with these statuses; at a terminal the reason is asked for."""
    session = opened()
    id = case_choice.choose_case(session, id, *statuses)
    answer = prompts.with_reason(partial(change, session, id), prompts.ask_reason, typed)
    return show_move(session, answer, done)
