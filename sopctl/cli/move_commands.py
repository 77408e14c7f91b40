"""The commands that move a case, or add to it."""

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import replace

from sopctl.cli import case_choice, completion, confirmation, output, prompts
from sopctl.cli.move_messages import moved, show_move
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
    InWorkspace,
    Json,
    Note,
    OfSop,
    PaperEvidence,
    SetFields,
    SopId,
    WithGaps,
    refuse_placeholders,
)
from sopctl.cli.session import opened
from sopctl.engine.refused import Refused
from sopctl.errors import SopctlError, UsageError

if TYPE_CHECKING:
    from sopctl.desk.move_input import MoveInput
    from sopctl.desk.outcome import Outcome
    from sopctl.desk.session import Session
    from sopctl.desk.start import StartInput

    Answer = Outcome | Refused

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
Subject = Annotated[str, typer.Option("--subject", metavar="TEKS", help="Perihal: tentang apa berkas ini.")]


def start(
    sop: SopId,
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
    at: At = "",
    workspace: InWorkspace = None,
    json: Json = False,
) -> int:
    """Buka berkas baru menurut sebuah SOP."""
    from sopctl.desk import start

    if each and (parent or from_agenda):
        raise UsageError(f"Pakai --each atau {'--parent' if parent else '--from-agenda'}, jangan keduanya.")
    session = opened(workspace)
    typed = _move_input(set_=set_, data=data, note=note, at=at)
    opening = start.StartInput(subject=subject, step=step, parent=parent, like=like, each=each, agenda=from_agenda)
    if not each:
        return _show_and_offer(session, _open_case(session, sop, opening, typed, json=json), "dibuka", json=json)
    answer = start.start_each(session, sop, opening, typed)

    def tell(cases: "tuple[Outcome, ...]") -> None:
        output.say("\n".join(moved(session.office.zone, one, "dibuka") for one in cases))

    return output.show(answer, tell, json=json, encode=lambda cases: [output.answered(one) for one in cases])


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
    workspace: InWorkspace = None,
    json: Json = False,
) -> int:
    """Setujui atau selesaikan langkah sekarang; berkas maju."""
    from sopctl.desk import moves

    session = opened(workspace)
    chosen = case_choice.choose_cases(session, ids or [], sop, step, as_, json=json)
    typed = _move_input(set_=set_, data=data, note=note, at=at, as_=as_, attach=attach, with_gaps=with_gaps)
    typed = _with_paper(typed, for_, evidence)

    def one(id: str) -> "Answer":
        here, move = replace(typed, step=chosen.steps[id]), partial(moves.approve, session, id)
        refused = prompts.refuse_early(move, here, json=json)
        acting = None if refused else confirmation.tell_actor(session, id, here, json=json)
        if refused := refused or confirmation.refuse_unmeant(acting, here):
            return refused
        asked = prompts.ask_before_approval(session, id, here, json=json, one_of_many=len(chosen.ids) > 1)
        answer = confirmation.make_move(acting, asked, move)
        if asked is not here and not isinstance(answer, Refused):
            prompts.forget_answers(session, answer.id)
        return answer

    return _each(session, chosen.ids, one, "diteruskan", json=json)


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
    workspace: InWorkspace = None,
    json: Json = False,
) -> int:
    """Kembalikan ke langkah yang disebut SOP, dengan alasan."""
    from sopctl.desk import moves

    session = opened(workspace)
    chosen = case_choice.choose_cases(session, ids or [], sop, step, as_, json=json)
    typed = _move_input(set_=set_, data=data, note=note, at=at, as_=as_, attach=attach)
    typed = _with_paper(typed, for_, evidence)
    reason = cache(prompts.ask_reason)

    def one(id: str) -> "Answer":
        move = partial(moves.reject, session, id)
        return _turn_down(session, id, replace(typed, step=chosen.steps[id]), move, reason, json=json)

    return _each(session, chosen.ids, one, "dikembalikan", json=json)


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
    workspace: InWorkspace = None,
    json: Json = False,
) -> int:
    """Pilih salah satu jalan bila SOP memberi beberapa pilihan."""
    from sopctl.desk import moves
    from sopctl.desk.status import open_labels

    session = opened(workspace)
    if not id:
        chosen = case_choice.choose_cases(session, [], "", step, as_, json=json, several=False)
        id, step = chosen.ids[0], chosen.steps[chosen.ids[0]]
    typed = _move_input(set_=set_, data=data, note=note, at=at, as_=as_, attach=attach, step=step, with_gaps=with_gaps)
    typed = _with_paper(typed, for_, evidence)

    def move(typed: "MoveInput") -> "Answer":
        nonlocal label
        if not typed.trial:
            label = case_choice.choose_label(session, id, label, json=json)
        return moves.decide(session, id, label or next(iter(open_labels(session.record, id)), ""), typed)

    answer = _turn_down(session, id, typed, move, cache(prompts.ask_reason), json=json)
    return show_move(session, answer, f"diputuskan ({output.line(label)})", json=json)


def _turn_down(
    session: "Session", id: str, typed: "MoveInput", move: "prompts.MakeMove", reason: Callable[[], str], *, json: bool
) -> "Answer":
    """A move that may want a ``reason``, which is asked for once all else is right."""
    refused = prompts.refuse_early(move, typed, json=json)
    acting = None if refused else confirmation.tell_actor(session, id, typed, json=json)
    refused = refused or confirmation.refuse_unmeant(acting, typed)
    reasoned = partial(prompts.with_reason, move, reason, json=json)
    return refused or confirmation.make_move(acting, typed, reasoned)


def withdraw(id: ChosenId = "", note: Note = "", at: At = "", workspace: InWorkspace = None, json: Json = False) -> int:
    """Tarik kembali langkah terakhir Anda sendiri, boleh berulang. Hanya selama belum ada orang lain yang bertindak."""
    from sopctl.desk import moves

    session = opened(workspace)
    id = case_choice.choose_case(session, id, "running", "completed", json=json)
    move = partial(moves.withdraw, session, id)
    answer = prompts.with_reason(move, prompts.ask_reason, _move_input(note=note, at=at), json=json)
    return show_move(session, answer, "ditarik kembali", json=json)


def begin(id: ChosenId = "", as_: As = "", at: At = "", workspace: InWorkspace = None, json: Json = False) -> int:
    """Tandai langkah mulai dikerjakan. Waktu tunggu lalu terpisah dari waktu kerja."""
    from sopctl.desk import moves

    session = opened(workspace)
    id = case_choice.choose_case(session, id, json=json)
    return show_move(session, moves.begin(session, id, _move_input(at=at, as_=as_)), "mulai dikerjakan", json=json)


def set_(
    id: ChosenId = "",
    pairs: FieldValues = None,
    subject: Subject = "",
    at: At = "",
    workspace: InWorkspace = None,
    json: Json = False,
) -> int:
    """Isi atau ubah isian sebuah berkas, atau perihalnya.

    Perihal berubah hanya selama suratnya belum ditandatangani.
    """
    from sopctl.desk import moves

    if "=" in id:  # the id was left out
        id, pairs = "", [id, *(pairs or ())]
    if not pairs and not subject.strip():
        raise UsageError("Sebutkan isiannya (isian=nilai), atau --subject TEKS.", code="set")
    session = opened(workspace)
    id = case_choice.choose_case(session, id, json=json)
    typed = replace(_move_input(set_=pairs, at=at), subject=subject)
    return show_move(session, moves.fill(session, id, typed), "diisi" if pairs else "berganti perihal", json=json)


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
    at: At = "",
    workspace: InWorkspace = None,
    json: Json = False,
) -> int:
    """Lampirkan file bukti, atau surat yang kembali bertanda tangan.

    Foto (PNG, JPEG; dengan tambahan foto juga WEBP, TIFF, HEIC) tercetak di lampiran surat dengan keterangannya. Surat
    yang ditandatangani di luar sopctl: attach ID --signed FILE.pdf.
    """
    from sopctl.desk import moves
    from sopctl.desk.case_choice import list_kelengkapan

    session = opened(workspace)
    if signed or document:
        if item or files or caption or not signed:
            raise UsageError("Tulis: sopctl attach ID --signed FILE.pdf, tanpa KELENGKAPAN.", code="usage")
        from sopctl.desk.signed_letters import bring_back

        id = case_choice.choose_case(session, id, *case_choice.ANY, json=json)
        made = bring_back(session, id, signed, document, _move_input(at=at))
        return show_move(session, made, "menerima surat bertanda tangan", json=json)
    id, item, *typed = case_choice.split_words(session, id, item, *(files or [""]), json=json)
    id = case_choice.choose_case(session, id, json=json)
    items = partial(list_kelengkapan, session, id)
    item = case_choice.ask_word(item, "KELENGKAPAN", "Kelengkapan", items, json=json)
    pairs = [f"{item}={case_choice.ask_word(file, 'FILE', 'Nama file', json=json)}" for file in typed]
    given = replace(_move_input(attach=pairs, at=at), captions=tuple(caption or ()))
    return show_move(session, moves.attach(session, id, given), "dilampiri", json=json)


def note(id: ChosenId = "", text: NoteText = "", at: At = "", workspace: InWorkspace = None, json: Json = False) -> int:
    """Catat sesuatu pada sebuah berkas."""
    from sopctl.desk import moves

    session = opened(workspace)
    id, text = case_choice.split_words(session, id, text, json=json)
    id = case_choice.choose_case(session, id, *case_choice.ANY, json=json)
    text = case_choice.ask_word(text, "TEKS", "Isi catatan", json=json)
    if not text.strip():
        raise UsageError("Isi catatannya kosong.", code="value")
    return show_move(session, moves.note(session, id, _move_input(note=text, at=at)), "dicatat", json=json)


def assign(
    id: ChosenId = "",
    pelaksana: Annotated[str, typer.Argument(metavar="PELAKSANA", help="Pelaksana dalam SOP, misalnya kabid.")] = "",
    person: Annotated[
        str, typer.Argument(metavar="[ORANG]", help="Nama pejabat atau akun; kosong = tidak ditugaskan lagi.")
    ] = "",
    at: At = "",
    workspace: InWorkspace = None,
    json: Json = False,
) -> int:
    """Tugaskan seseorang sebagai pelaksana pada berkas ini."""
    from sopctl.desk import moves
    from sopctl.desk.case_choice import list_pelaksana

    session = opened(workspace)
    named, pelaksana, person = case_choice.split_words(session, id, pelaksana, person, json=json)
    id = case_choice.choose_case(session, named, json=json)
    titles = partial(list_pelaksana, session, id)
    pelaksana = case_choice.ask_word(pelaksana, "PELAKSANA", "Pelaksana", titles, json=json)
    if not named and not person:
        person = case_choice.ask_word("", "ORANG", "Nama pejabat atau akun (Enter = tidak ditugaskan lagi)", json=json)
    done = f"ditugaskan kepada {output.line(person)}" if person else "tidak ditugaskan lagi"
    return show_move(session, moves.assign(session, id, pelaksana, person, _move_input(at=at)), done, json=json)


def suspend(id: ChosenId = "", note: Note = "", at: At = "", workspace: InWorkspace = None, json: Json = False) -> int:
    """Tunda berkas; waktunya tidak dihitung sampai dilanjutkan."""
    from sopctl.desk import moves

    session = opened(workspace)
    id = case_choice.choose_case(session, id, json=json)
    move = partial(moves.suspend, session, id)
    answer = prompts.with_reason(move, prompts.ask_reason, _move_input(note=note, at=at), json=json)
    return show_move(session, answer, "ditunda", json=json)


def resume(id: ChosenId = "", note: Note = "", at: At = "", workspace: InWorkspace = None, json: Json = False) -> int:
    """Lanjutkan berkas yang ditunda."""
    from sopctl.desk import moves

    session = opened(workspace)
    id = case_choice.choose_case(session, id, "suspended", json=json)
    return show_move(session, moves.resume(session, id, _move_input(note=note, at=at)), "dilanjutkan", json=json)


def cancel(id: ChosenId = "", note: Note = "", at: At = "", workspace: InWorkspace = None, json: Json = False) -> int:
    """Batalkan berkas, dengan alasan."""
    from sopctl.desk import moves

    session = opened(workspace)
    id = case_choice.choose_case(session, id, "running", "suspended", json=json)
    move = partial(moves.cancel, session, id)
    answer = prompts.with_reason(move, prompts.ask_reason, _move_input(note=note, at=at), json=json)
    return show_move(session, answer, "dibatalkan", json=json)


def _with_paper(typed: "MoveInput", for_: str, evidence: str) -> "MoveInput":
    """The input of a move that an official made on paper, where one did.

    Raises:
        UsageError: where it is said as whom the account acts too, or a file shows nothing.
    """
    if for_ and typed.as_:
        raise UsageError("Sebutkan --for atau --as, tidak keduanya.", code="usage")
    if evidence and not for_:
        raise UsageError("Bukti itu tidak menyebut milik siapa.", code="usage", advice="evidence_for")
    return replace(typed, for_=for_, evidence=evidence)


def _move_input(
    *,
    set_: list[str] | None = None,
    data: Path | None = None,
    note: str = "",
    at: str = "",
    as_: str = "",
    attach: list[str] | None = None,
    step: str = "",
    with_gaps: bool = False,
) -> "MoveInput":
    from sopctl.desk.move_input import MoveInput

    sets, files = tuple(set_ or ()), tuple(attach or ())
    return MoveInput(as_=as_, note=note, sets=sets, data=data, attach=files, at=at, step=step, with_gaps=with_gaps)


def _each(session: "Session", ids: list[str], move: Callable[[str], "Answer"], done: str, *, json: bool) -> int:
    """Move each case on its own; the exit code is that of the first that was not moved."""
    if len(ids) == 1:
        return _show_and_offer(session, move(ids[0]), done, json=json)
    answers: list[Answer | SopctlError] = []
    heard = True
    for id in ids:
        answers.append(_tried(move, id))
        if not json:
            heard &= _heard(partial(_tell, session, answers[-1], done, id))
    each = list(zip(ids, answers, strict=True))
    if json and not _heard(lambda: output.say_json([{"id": id, **output.answered(answer)} for id, answer in each])):
        heard = False
        for id, answer in each:
            _tell(session, answer, done, id)
    codes = [_code(answer) for answer in answers]
    if not heard:
        output.complain(_unheard(ids, codes))
    return next((code for code in codes if code), 0)


def _show_and_offer(session: "Session", answer: "Answer", done: str, *, json: bool) -> int:
    """Show what a move came to; at a terminal the case of the SOP that the next step calls is offered and opened."""
    code = show_move(session, answer, done, json=json)
    called = "" if isinstance(answer, Refused) else prompts.ask_to_open(answer, json=json)
    if isinstance(answer, Refused) or not called:
        return code
    from sopctl.desk import start

    child = _open_case(session, called, start.StartInput(parent=answer.id), _move_input(), json=json)
    return show_move(session, child, "dibuka", json=json)


def _open_case(session: "Session", sop: str, opening: "StartInput", typed: "MoveInput", *, json: bool) -> "Answer":
    """Open one case; what nobody gave is asked for at a terminal."""
    from sopctl.desk import start

    refused = prompts.refuse_early(partial(start.start, session, sop, opening), typed, json=json)
    if refused:
        return refused
    asked = prompts.ask_before_start(session, session.library.read_file(sop).sop, typed, opening, json=json)
    answer = start.start(session, sop, *asked)
    if not isinstance(answer, Refused):
        prompts.forget_answers(session, f"start-{answer.sop}")
    return answer


def _tried(move: Callable[[str], "Answer"], id: str) -> "Answer | SopctlError":
    """What became of one of several cases; whatever hinders it hinders no other."""
    try:
        return move(id)
    except SopctlError as error:
        return error
    except (MemoryError, OSError) as error:
        return output.trouble(error)


def _code(answer: "Answer | SopctlError") -> int:
    if isinstance(answer, SopctlError):
        return answer.exit_code
    return output.REFUSED if isinstance(answer, Refused) else 0


def _heard(say: Callable[[], None]) -> bool:
    """Whether somebody reads what is said; from the first time that nobody does, nothing more is said."""
    try:
        say()
    except OSError:
        output.hush()
        return False
    return True


def _unheard(ids: list[str], codes: list[int]) -> str:
    """Which of the cases were moved, where nobody could read it."""
    outcomes = list(zip(ids, codes, strict=True))
    moved, left = [id for id, code in outcomes if not code], [id for id, code in outcomes if code]
    recorded = f" Sudah tercatat: {', '.join(moved)}." if moved else ""
    others = f" Pesan tentang {', '.join(left)} ada di atas." if left else ""
    return f"Hasilnya tidak dapat ditampilkan.{recorded}{others} Lihat sopctl status."


def _tell(session: "Session", answer: "Answer | SopctlError", done: str, id: str) -> None:
    """Say what the move of one of several cases came to; the case is named where it was not moved."""
    if isinstance(answer, Refused | SopctlError):
        output.complain(f"{id}: {output.sentences(answer)}")
    else:
        output.say(moved(session.office.zone, answer, done))
