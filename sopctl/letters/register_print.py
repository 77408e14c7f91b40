"""The registers of outgoing and incoming letters as Word files, from the office's own templates."""

from collections.abc import Iterable
from datetime import tzinfo
from typing import Any

from msgspec.structs import asdict, replace

from sopctl.letters.context import Agenda, AgendaMasuk, Surat, SuratMasuk, describe_incoming_letter
from sopctl.letters.renderer import Renderer
from sopctl.office.model import Office
from sopctl.store.incoming_register import RegisteredIncoming
from sopctl.store.record import Record
from sopctl.store.register import RegisteredLetter
from sopctl.word.dates import Tanggal
from sopctl.word.letterhead import letterhead_of, read_logo

OUTGOING, INCOMING = "agenda.docx", "agenda-masuk.docx"

STATUS_WORDS = {
    "given": "",
    "awaited": "menunggu nomor",
    "unsigned": "belum ditandatangani lagi",
    "corrected": "diperbaiki",
    "withdrawn": "ditarik",
    "skipped": "dilewati",
}
"""How a register says that a number, or an entry, does not simply stand as it was written."""


def render_outgoing(record: Record, renderer: Renderer, letters: Iterable[RegisteredLetter], year: int | None) -> bytes:
    """The print of these letters, which are those of a year where one is given.

    Raises:
        WrongError: where the template is missing or cannot be used.
    """
    lines = tuple(_outgoing_line(letter, record.office) for letter in letters)
    return _render(record, renderer, Agenda, lines, year)


def render_incoming(
    record: Record, renderer: Renderer, letters: Iterable[RegisteredIncoming], year: int | None
) -> bytes:
    """The same of incoming letters."""
    lines = tuple(_incoming_line(letter, record.office.zone) for letter in letters)
    return _render(record, renderer, AgendaMasuk, lines, year)


def _render(
    record: Record, renderer: Renderer, kind: type[Agenda | AgendaMasuk], lines: tuple[Any, ...], year: int | None
) -> bytes:
    template, title = (OUTGOING, "surat keluar") if kind is Agenda else (INCOMING, "surat masuk")
    now, office = record.now(), record.office
    context = kind(
        instansi=letterhead_of(office, read_logo(record.workspace, office)),
        tahun=str(year or ""),
        surat=lines,
        tanggal=Tanggal.of(now),
    )
    return renderer.render(template, asdict(context), created=now, title=f"Buku agenda {title}")


def _outgoing_line(letter: RegisteredLetter, office: Office) -> Surat:
    return Surat(
        nomor=letter.nomor,
        tanggal=Tanggal.of(letter.at.astimezone(office.zone)),
        perihal=letter.perihal,
        tujuan=letter.tujuan,
        berkas=letter.id,
        dokumen=letter.document,
        oleh=office.shown_name(letter.by),
        keadaan=STATUS_WORDS[letter.status],
        catatan=letter.note,
    )


def _incoming_line(row: RegisteredIncoming, zone: tzinfo) -> SuratMasuk:
    line = describe_incoming_letter(row.nomor, row.letter, row.at.astimezone(zone).date())
    return replace(line, berkas=row.cases, keadaan=STATUS_WORDS[row.status], catatan=row.note)
