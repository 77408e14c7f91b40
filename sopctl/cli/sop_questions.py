"""Asking at the terminal for a new SOP: its title, its pelaksana, then its rows as the form has them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from sopctl.cli.field_prompts import read_line, read_lines
from sopctl.cli.output import complain
from sopctl.desk.new_sop import accept_id, accept_text, accept_waktu
from sopctl.errors import UsageError
from sopctl.sop.draft import DraftRow, SopDraft, propose_id
from sopctl.sop.model import MOST_PELAKSANA, MOST_STEPS

if TYPE_CHECKING:
    from sopctl.desk.session import Session

Answer = TypeVar("Answer")


def ask_sop(session: "Session") -> SopDraft:
    """A new SOP as somebody tells it; nothing is written yet."""
    nama = _ask("Nama SOP, seperti tercetak", _required)
    proposed = propose_id(nama, session.library.list_ids(), "sop-baru")
    id = _ask(
        f"Id, nama filenya di folder sops (Enter = {proposed})",
        lambda text: accept_id(session.workspace, text or proposed),
    )
    pelaksana = _ask_pelaksana()
    rows: list[DraftRow] = []
    while len(rows) < MOST_STEPS and (row := _ask_row(len(rows) + 1, pelaksana)):
        rows.append(row)
    return SopDraft(id=id, nama=nama, pelaksana=pelaksana, rows=tuple(rows))


def _ask(question: str, accept: Callable[[str], Answer]) -> Answer:
    """The answer on one line, asked for again until it is accepted."""
    while True:
        try:
            return accept(accept_text(read_line(question)))
        except UsageError as mistake:
            complain(mistake.message)


def _required(text: str) -> str:
    if not text:
        raise UsageError("Wajib diisi.")
    return text


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


def _ask_row(number: int, pelaksana: tuple[str, ...]) -> DraftRow | None:
    """The row of this number, None where the rows are at their end; the first cannot be left out."""
    end = "" if number == 1 else " (Enter = tidak ada baris lagi)"
    kegiatan = _ask(f"Baris {number}, kegiatan{end}", _required if number == 1 else str)
    if not kegiatan:
        return None
    complain("\n".join(f"    {position} {nama}" for position, nama in enumerate(pelaksana, 1)))
    return DraftRow(
        kegiatan=kegiatan,
        pelaksana=_ask(
            "  Pelaksana, nomornya (beberapa dipisah koma, berurutan)", lambda text: _numbers(text, len(pelaksana))
        ),
        waktu=_ask("  Waktu, misalnya 15 menit (Enter = tanpa standar)", accept_waktu),
        output=_ask("  Output (Enter = tidak ada)", str),
        back_to=_ask(
            "  Jika tidak sesuai kembali ke baris (nomor; Enter = tidak kembali)",
            lambda text: _numbers(text, number, most=1)[0] if text else None,
        ),
    )


def _numbers(text: str, highest: int, most: int | None = None) -> tuple[int, ...]:
    """Numbers from 1 that are parted by commas, none of them twice."""
    words = [word.strip() for word in text.split(",")]
    found = tuple(int(word) for word in words if word.isascii() and word.isdecimal() and len(word) <= len(str(highest)))
    in_bounds = all(1 <= number <= highest for number in found)
    if len(found) < len(words) or not in_bounds or len(set(found)) < len(found) or len(found) > (most or highest):
        kind = "satu nomor" if most == 1 else "nomor"
        raise UsageError(f"Ketik {kind}, 1 sampai {highest}{'' if most == 1 else ', masing-masing satu kali'}.")
    return found
