"""The incoming letter that a case answers, and the register of such letters, as templates print them."""

from datetime import date, tzinfo

from msgspec.structs import asdict, replace

from sopctl.engine.events import AgendaReference, IncomingLetter
from sopctl.letters.context import AgendaMasuk, SuratMasuk
from sopctl.letters.renderer import Renderer
from sopctl.store.incoming import RegisteredIncoming
from sopctl.store.record import Record
from sopctl.word.dates import Tanggal
from sopctl.word.letterhead import letterhead_of, read_logo
from sopctl.word.printed_values import Blank

TEMPLATE = "agenda-masuk.docx"

STATUS_WORDS = {"given": "", "corrected": "diperbaiki", "withdrawn": "ditarik", "skipped": "dilewati"}
"""How the register says that an entry does not simply stand as it was written."""

_DOTTED = Blank("", dots=8, awaited=True)
"""A line to fill in by hand that fits half a page of A5."""


def incoming_letter(agenda: AgendaReference | None) -> SuratMasuk:
    """The letter that a case answers; dotted lines where it answers none, or where the register does not say it."""
    if agenda is None:
        return SuratMasuk(**dict.fromkeys(SuratMasuk.__struct_fields__[:7], _DOTTED))  # type: ignore[arg-type]
    return _letter(agenda.nomor, agenda.letter, date.fromisoformat(agenda.received))


def render_incoming(
    record: Record, renderer: Renderer, letters: tuple[RegisteredIncoming, ...], year: int | None
) -> bytes:
    """The print of these entries, which are those of a year where one is given.

    Raises:
        WrongError: where the template is missing or cannot be used.
    """
    now, office = record.now(), record.office
    context = AgendaMasuk(
        instansi=letterhead_of(office, read_logo(record.workspace, office)),
        tahun=str(year or ""),
        surat=tuple(_line(one, office.zone) for one in letters),
        tanggal=Tanggal.of(now),
    )
    return renderer.render(TEMPLATE, asdict(context), created=now, title="Buku agenda surat masuk")


def _line(row: RegisteredIncoming, zone: tzinfo) -> SuratMasuk:
    said = _letter(row.nomor, row.letter, row.at.astimezone(zone).date())
    return replace(said, berkas=row.cases, keadaan=STATUS_WORDS[row.status], catatan=row.note)


def _letter(nomor: str, letter: IncomingLetter, received: date) -> SuratMasuk:
    return SuratMasuk(
        nomor_agenda=nomor,
        surat_dari=letter.surat_dari or _DOTTED,
        nomor_surat=letter.nomor_surat or _DOTTED,
        tanggal_surat=Tanggal.fromisoformat(letter.tanggal_surat) if letter.tanggal_surat else _DOTTED,
        tanggal_diterima=Tanggal.of(received),
        perihal=letter.perihal or _DOTTED,
        sifat=letter.sifat or _DOTTED,
    )
