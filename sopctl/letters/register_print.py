"""The register of letters as a Word file, from the office's own template."""

from datetime import tzinfo

from msgspec.structs import asdict

from sopctl.letters.context import Agenda, Surat
from sopctl.letters.letter_register import STATUS_WORDS
from sopctl.letters.renderer import Renderer
from sopctl.store.record import Record
from sopctl.store.register import RegisteredLetter
from sopctl.word.dates import Tanggal
from sopctl.word.letterhead import letterhead_of, read_logo

TEMPLATE = "agenda.docx"


def render_register(
    record: Record, renderer: Renderer, letters: tuple[RegisteredLetter, ...], year: int | None
) -> bytes:
    """The print of these letters, which are those of a year where one is given.

    Raises:
        WrongError: where the template cannot be used.
    """
    now, office = record.now(), record.office
    context = Agenda(
        instansi=letterhead_of(office, read_logo(record.workspace, office)),
        tahun=str(year or ""),
        surat=tuple(_line(letter, office.zone) for letter in letters),
        tanggal=Tanggal.of(now),
    )
    return renderer.render(TEMPLATE, asdict(context), created=now, title="Buku agenda surat keluar")


def _line(letter: RegisteredLetter, zone: tzinfo) -> Surat:
    return Surat(
        nomor=letter.nomor,
        tanggal=Tanggal.of(letter.at.astimezone(zone)),
        perihal=letter.perihal,
        tujuan=letter.tujuan,
        berkas=letter.id,
        dokumen=letter.document,
        oleh=letter.by,
        keadaan=STATUS_WORDS[letter.status],
        catatan=letter.note,
    )
