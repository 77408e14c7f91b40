"""The incoming letter that a case answers, as templates print it."""

from datetime import date

from sopctl.engine.events import AgendaReference, IncomingLetter
from sopctl.letters.context import SuratMasuk
from sopctl.word.dates import Tanggal
from sopctl.word.printed_values import Blank

_DOTTED = Blank("", dots=8, awaited=True)
"""A line to fill in by hand that fits half a page of A5."""


def incoming_letter(agenda: AgendaReference | None) -> SuratMasuk:
    """The letter that a case answers; dotted lines where it answers none, or where the register does not say it."""
    if agenda is None:
        return SuratMasuk(**dict.fromkeys(SuratMasuk.__struct_fields__[:7], _DOTTED))  # type: ignore[arg-type]
    return describe_letter(agenda.nomor, agenda.letter, date.fromisoformat(agenda.received))


def describe_letter(nomor: str, letter: IncomingLetter, received: date) -> SuratMasuk:
    """What the register says of a letter; dotted lines for what it does not say."""
    return SuratMasuk(
        nomor_agenda=nomor,
        surat_dari=letter.surat_dari or _DOTTED,
        nomor_surat=letter.nomor_surat or _DOTTED,
        tanggal_surat=Tanggal.fromisoformat(letter.tanggal_surat) if letter.tanggal_surat else _DOTTED,
        tanggal_diterima=Tanggal.of(received),
        perihal=letter.perihal or _DOTTED,
        sifat=letter.sifat or _DOTTED,
    )
