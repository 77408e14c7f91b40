"""What waits for whom as a sheet to hang up or to send: a page for a browser, or a Word file from the template."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Struct
from msgspec.structs import asdict

from sopctl.letters.renderer import Renderer
from sopctl.measure.inbox import WaitingTurn
from sopctl.reports.compose import compose_list
from sopctl.reports.content import KeyFigure, format_cell, format_count
from sopctl.reports.html import render_page
from sopctl.reports.tables import numbered_kegiatan, waiting_sheet_table
from sopctl.store.record import Record
from sopctl.word.dates import Tanggal
from sopctl.word.letterhead import Letterhead, letterhead_of, read_logo

TEMPLATE = "inbox.docx"
_TITLE = "Pekerjaan yang menunggu"


class SheetRow(Struct, frozen=True, kw_only=True):
    """A turn as the sheet prints it; ``batas`` is empty without a standard."""

    jabatan: str
    berkas: str
    perihal: str
    langkah: str
    sejak: str
    batas: str
    terlambat: bool


class WaitingSheet(Struct, frozen=True, kw_only=True):
    """Everything that `templates/inbox.docx` may use."""

    instansi: Annotated[Letterhead, "kop surat; lihat Instansi"]
    tanggal: Annotated[Tanggal, "tanggal dicetak"]
    pukul: Annotated[str, "jam dicetak"]
    giliran: Annotated[
        tuple[SheetRow, ...], "daftar giliran: jabatan, berkas, perihal, langkah, sejak, batas, terlambat"
    ]
    terlambat: Annotated[int, "banyaknya giliran yang terlambat"]


def render_sheet_page(record: Record, rows: Sequence[WaitingTurn], notes: tuple[str, ...]) -> bytes:
    """The sheet as an HTML page that loads no other file, with what must be said with the rows."""
    waiting = KeyFigure("Menunggu", format_count(len(rows)))
    late = KeyFigure("Terlambat", format_count(sum(row.late for row in rows)))
    return render_page(compose_list(record, _TITLE, (waiting, late), waiting_sheet_table(rows), notes)).encode()


def render_sheet_document(record: Record, renderer: Renderer, rows: Sequence[WaitingTurn]) -> bytes:
    """The sheet as a Word file.

    Raises:
        WrongError: where the template is missing or cannot be used.
    """
    now = record.now()
    sheet = WaitingSheet(
        instansi=letterhead_of(record.office, read_logo(record.workspace, record.office)),
        tanggal=Tanggal.of(now),
        pukul=f"{now:%H.%M}",
        giliran=tuple(map(_row, rows)),
        terlambat=sum(row.late for row in rows),
    )
    return renderer.render(TEMPLATE, asdict(sheet), created=now, title=_TITLE)


def _row(turn: WaitingTurn) -> SheetRow:
    return SheetRow(
        jabatan=turn.jabatan,
        berkas=turn.id,
        perihal=turn.subject,
        langkah=numbered_kegiatan(turn),
        sejak=format_cell(turn.since, "moment", 0),
        batas=format_cell(turn.due, "moment", 0) if turn.due else "",
        terlambat=turn.late,
    )
