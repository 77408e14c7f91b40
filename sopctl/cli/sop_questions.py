"""Asking at the terminal for a new SOP: its title, its pelaksana, then its rows as the form has them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from sopctl.cli.output import complain
from sopctl.cli.screen import draw_table
from sopctl.cli.terminal_input import EMPTY, YES, Answer, ask, check_filled, read_line, read_lines
from sopctl.desk.new_sop import accept_id, accept_text, accept_waktu
from sopctl.errors import UsageError
from sopctl.sop.draft import DraftRow, SopDraft, insert_row, propose_id, remove_row
from sopctl.sop.model import MOST_PELAKSANA, MOST_STEPS
from sopctl.store.struct_decoders import make_json_decoder

if TYPE_CHECKING:
    from sopctl.desk.session import Session


def ask_sop(session: "Session") -> SopDraft:
    """A new SOP as somebody tells it and found it right; nothing is written yet but what Ctrl-C would lose."""
    draft = _resume(session) or _ask_head(session)
    while len(draft.rows) < MOST_STEPS and (row := _ask_row(draft.pelaksana, len(draft.rows) + 1)):
        draft = _keep(session, replace(draft, rows=(*draft.rows, row)))
    _show_rows(draft)
    while text := read_line("Sudah benar? (Enter = ya; 2 = perbaiki baris 2; sisip 2; hapus 2)").casefold():
        if text in YES:
            break
        try:
            draft = _keep(session, _change(draft, text))
        except UsageError as mistake:
            complain(mistake.message)
        else:
            _show_rows(draft)
    return draft


def forget_draft(session: "Session") -> None:
    """Remove what was kept of the answers: the SOP is written."""
    session.workspace.cache.remove(_KEPT)


_KEPT = "typed-new-sop.json"


def _keep(session: "Session", draft: SopDraft) -> SopDraft:
    session.workspace.cache.write(_KEPT, msgspec.json.encode(draft), durable=False)
    return draft


def _resume(session: "Session") -> SopDraft | None:
    """What was told before somebody stopped, if it is wanted."""
    try:
        kept = make_json_decoder(SopDraft).decode(session.workspace.cache.read(_KEPT) or b"")
        accept_id(session.workspace, kept.id)
    except (msgspec.MsgspecError, UsageError):
        return None
    complain(f"SOP {kept.nama} belum selesai: {len(kept.rows)} baris sudah diketik.")
    _show_rows(kept)
    return kept if read_line("Lanjutkan SOP itu? (Enter = ya, t = mulai yang baru)").casefold() != "t" else None


def _ask_head(session: "Session") -> SopDraft:
    """The SOP without its rows."""
    nama = _ask("Nama SOP, seperti tercetak", check_filled)
    proposed = propose_id(nama, session.library.list_ids(), "sop-baru")
    id = _ask(
        f"Id, nama filenya di folder sops (Enter = {proposed})",
        lambda text: accept_id(session.workspace, text or proposed),
    )
    return SopDraft(id=id, nama=nama, pelaksana=_ask_pelaksana(), rows=())


def _change(draft: SopDraft, text: str) -> SopDraft:
    """The SOP with one row corrected (`2`), one more before it (`sisip 2`), or without it (`hapus 2`)."""
    verb, _, digits = text.rpartition(" ")
    number = _numbers(digits, len(draft.rows), most=1)[0]
    match verb.strip():
        case "hapus" if len(draft.rows) > 1:
            return replace(draft, rows=remove_row(draft.rows, number))
        case "sisip" if len(draft.rows) < MOST_STEPS:
            row = _ask_row(draft.pelaksana, number)
            return replace(draft, rows=insert_row(draft.rows, number, row)) if row else draft
        case "":
            corrected = _ask_row(draft.pelaksana, number, draft.rows[number - 1])
            rows = (*draft.rows[: number - 1], corrected or draft.rows[number - 1], *draft.rows[number:])
            return replace(draft, rows=rows)
    raise UsageError("Ketik nomor barisnya, atau sisip atau hapus dengan nomor itu; Enter bila sudah benar.")


def _show_rows(draft: SopDraft) -> None:
    """Echo the rows as a table."""
    heading = ("No", "Kegiatan", "Pelaksana", "Waktu", "Output", "Kembali ke")
    rows = [
        (str(number), row.kegiatan, ", ".join(draft.pelaksana[one - 1] for one in row.pelaksana), row.waktu, row.output,
         f"baris {row.back_to}" if row.back_to else "")
        for number, row in enumerate(draft.rows, 1)
    ]  # fmt: skip
    complain(draw_table(*heading, rows=rows))


def _ask(question: str, accept: Callable[[str], Answer]) -> Answer:
    """The answer on one line, of letters that an SOP may hold."""
    return ask(question, lambda text: accept(accept_text(text)))


def _ask_pelaksana() -> tuple[str, ...]:
    complain("Pelaksana menurut kolom formulir: satu per baris, baris kosong = selesai.")
    while True:
        try:
            found = tuple(accept_text(text) for text in read_lines())
        except UsageError as mistake:
            complain(f"{mistake.message} Ketik semuanya sekali lagi.")
            continue
        if 0 < len(found) <= MOST_PELAKSANA and len(set(found)) == len(found):
            return found
        complain(f"Ketik 1 sampai {MOST_PELAKSANA} pelaksana, masing-masing satu kali. Ulangi semuanya.")


def _ask_row(pelaksana: tuple[str, ...], number: int, old: DraftRow | None = None) -> DraftRow | None:
    """The row of this number, in place of the ``old`` one if there is; None where no further one is wanted."""
    known = old or DraftRow(kegiatan="", pelaksana=())
    none = "" if number == 1 or old else "tidak ada baris lagi"
    kegiatan = _ask_or_keep(f"Baris {number}, kegiatan", known.kegiatan, none, str if none else check_filled)
    if not kegiatan:
        return None
    return DraftRow(
        kegiatan=kegiatan,
        pelaksana=_ask_acting(pelaksana, known),
        waktu=_ask_waktu(known.waktu),
        output=_ask_or_keep("  Output", known.output, "tidak ada", str),
        back_to=_ask_back(number, known.back_to) if number > 1 else None,
    )


def _ask_or_keep(question: str, old: str, none: str, accept: Callable[[str], Answer]) -> Answer:
    """The answer, for which Enter stands for what was there before, or for none."""
    hint = f"Enter = {old}{f'; - = {none}' if none else ''}" if old else f"Enter = {none}" if none else ""

    def answer(text: str) -> Answer:
        return accept("" if none and text == EMPTY else text or old)

    return _ask(f"{question} ({hint})" if hint else question, answer)


def _ask_acting(pelaksana: tuple[str, ...], known: DraftRow) -> tuple[int, ...]:
    if len(pelaksana) == 1:
        return (1,)
    complain("    " + "  ".join(f"{position} {nama}" for position, nama in enumerate(pelaksana, 1)))
    question = "  Pelaksana, nomornya (beberapa berurutan, misalnya 1 2)"
    old = ", ".join(map(str, known.pelaksana))
    names = {one.casefold(): str(number) for number, one in enumerate(pelaksana, 1)}

    def accept(text: str) -> tuple[int, ...]:
        numbers = (names.get(word.strip().casefold(), word) for word in text.split(","))
        return _numbers(" ".join(numbers), len(pelaksana))

    return _ask_or_keep(question, old, "", accept)


def _ask_waktu(old: str) -> str:
    """The waktu; whoever typed one that is no standard, or not surely, is told so, and may type another."""
    question, none = "  Waktu, misalnya 15 menit", "tanpa standar"
    while (read := _ask_or_keep(question, old, none, accept_waktu)).text and (read.maximum is None or read.doubt):
        none_read = f"'{read.text}' tidak terbaca sebagai lamanya waktu; baris ini akan tanpa standar."
        complain(f"  {read.doubt or none_read}")
        question, none = "  Ketik lagi waktunya", "kosong"
        if read.text == old:
            break
        old = read.text
    return read.text


def _ask_back(number: int, old: int | None) -> int | None:
    return _ask_or_keep(
        "  Jika tidak sesuai kembali ke baris",
        str(old or ""),
        "tidak kembali",
        lambda text: _numbers(text, number, most=1)[0] if text else None,
    )


def _numbers(text: str, highest: int, most: int | None = None) -> tuple[int, ...]:
    """Numbers from 1 that are parted by commas or blanks, none of them twice."""
    words = text.replace(",", " ").split() or [""]
    found = tuple(int(word) for word in words if word.isascii() and word.isdecimal() and len(word) <= len(str(highest)))
    in_bounds = all(1 <= number <= highest for number in found)
    if len(found) < len(words) or not in_bounds or len(set(found)) < len(found) or len(found) > (most or highest):
        kind = "satu nomor" if most == 1 else "nomor"
        raise UsageError(f"Ketik {kind}, 1 sampai {highest}{'' if most == 1 else ', masing-masing satu kali'}.")
    return found
