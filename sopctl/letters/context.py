"""What a template can say: one typed value, the same for every template.

The fields of the SOP stand beside it under their own names: a field `anggota` is `{{ anggota }}`. A field that is not
filled in yet is a `Blank`: it prints as a dotted line and is false in a condition, so that nothing vanishes silently.
"""

from collections.abc import Callable, Mapping

from msgspec import Struct

from sopctl.word.dates import Tanggal
from sopctl.word.letterhead import Letterhead
from sopctl.word.pictures import picture_format
from sopctl.word.printed_values import Blank, Person, Picture


class TableRow:
    """A row of a table field: `{{ a.nama }}`. A cell that nobody filled in is a Blank without dots."""

    def __init__(self, cells: Mapping[str, str | Blank]) -> None:
        self._cells = cells

    def __getattr__(self, name: str) -> str | Blank:
        if name.startswith("_") or name not in self._cells:
            raise AttributeError(name)
        return self._cells[name]


class Signature(Struct, frozen=True, kw_only=True):
    """One act that the record holds upon this document, oldest first.

    ``act`` is draft, initial, sign or receive; ``perbuatan`` says it in Indonesian (`Konsep disusun`, `Diparaf`,
    `Ditandatangani`, `Diterima`); ``kegiatan`` is the row in which it was done; ``waktu`` is
    `24 November 2026 10.30 WIB`.
    """

    act: str
    perbuatan: str
    kegiatan: str
    person: Person
    tanggal: Tanggal
    waktu: str


class Foto(Struct, frozen=True, kw_only=True):
    """A photo or scan that lies beside the case: `{{ f.gambar }}` shows it, ``item`` is the kelengkapan it proves.

    Its bytes are read when a template shows it, so that a letter without pictures opens none.
    """

    nama: str
    item: str
    read: Callable[[], bytes]

    @property
    def gambar(self) -> Picture | str:
        """The picture, scaled to half a page; a sentence where the file is none, for nobody can take it off again."""
        data = self.read()
        if picture_format(data) is None:
            return f"(berkas {self.nama} bukan gambar yang dapat ditampilkan)"
        return Picture(data, width_mm=150, height_mm=95, alt=self.item or self.nama)


class KelengkapanItem(Struct, frozen=True, kw_only=True):
    """A kelengkapan of the step: ``ada`` says that it was confirmed, produced earlier or attached as ``berkas``."""

    nama: str
    ada: bool
    berkas: str = ""


class FilledField(Struct, frozen=True, kw_only=True):
    """A filled-in field for templates that print whatever the SOP asks: label and text, list or rows.

    ``type`` is text, number, date, list, table or choice; ``columns`` belongs to a table, whose ``rows`` are lists of
    cells in the order of the columns; a list has one ``lines`` entry per line; the others have ``text``.
    """

    name: str
    label: str
    type: str
    text: str = ""
    lines: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


class TemplateContext(Struct, frozen=True, kw_only=True):
    """Everything a template may use besides the SOP's own fields.

    ``sop_nama`` and ``sop_nomor`` name the SOP; ``id`` and ``subject`` the case, ``code`` ties
    the paper to its event (`verify` finds it); ``no``, ``kegiatan``, ``output``,
    ``waktu`` and ``keterangan`` are the row that writes the file; ``judul`` is the document's title, else its output.
    ``act`` is what the row does to the document (empty where it names none) and ``status`` says it on paper
    (`KONSEP`, `DIPARAF`, `DITANDATANGANI`, `DITERIMA`, else `SELESAI`). ``nomor`` is the letter number, dotted where
    the register has not given it; ``tanggal`` is the day it was signed, dotted before that, and ``tanggal_naskah``
    the day of this file. ``signer`` is who signs (or will) and ``signed`` whether the record says so; ``actor`` is
    who acted in this row, ``recipients`` are those whose turn is next (none at the end). ``signatures`` are the acts
    that count, oldest first; of them, ``paraf`` are the initials in the line of the signer (at most three, none by
    who drafted) and ``koordinasi`` those of other units. ``catatan`` is the note given with the move, ``lampiran``
    the names of the files attached to the case and ``foto`` those of them that are pictures. With ``srikandi`` the
    national system numbers and signs: ``nomor``, ``tanggal`` and the signer's nama and nip are its placeholders, and
    ``ttd`` is the one for the signature (empty else).
    """

    instansi: Letterhead
    sop_nama: str
    sop_nomor: str
    id: str
    code: str
    subject: str | Blank
    no: str
    kegiatan: str
    output: str
    waktu: str
    keterangan: str
    judul: str
    act: str
    status: str
    nomor: str | Blank
    tanggal: Tanggal | str | Blank
    tanggal_naskah: Tanggal
    tanggal_mulai: Tanggal
    signer: Person
    signed: bool
    actor: Person
    recipients: tuple[Person, ...]
    catatan: str
    signatures: tuple[Signature, ...]
    paraf: tuple[Signature, ...]
    koordinasi: tuple[Signature, ...]
    srikandi: bool
    ttd: str
    kelengkapan: tuple[KelengkapanItem, ...]
    lampiran: tuple[str, ...]
    foto: tuple[Foto, ...]
    filled: tuple[FilledField, ...]


class Surat(Struct, frozen=True, kw_only=True):
    """A line of the register: ``keadaan`` says that it awaits its number, was withdrawn or skipped (empty else).

    ``berkas`` and ``dokumen`` are empty for a letter that no case wrote; ``catatan`` is the reason of the keadaan.
    """

    nomor: str
    tanggal: Tanggal
    perihal: str
    berkas: str
    dokumen: str
    oleh: str
    keadaan: str
    catatan: str


class Agenda(Struct, frozen=True, kw_only=True):
    """What `agenda.docx` may use, the print of the register: ``tahun`` is empty for all years."""

    instansi: Letterhead
    tahun: str
    surat: tuple[Surat, ...]
    tanggal: Tanggal


GLOBAL_NAMES = frozenset({"kosong", "predikat", "range", "terbilang"})
"""What every template may call or print besides its context; see `template_sandbox.GLOBALS`."""

CONTEXT_NAMES = GLOBAL_NAMES | frozenset(TemplateContext.__struct_fields__)
"""The names that an SOP's field cannot take: a template finds something else there."""

AGENDA_NAMES = GLOBAL_NAMES | frozenset(Agenda.__struct_fields__)
"""The names that the template of the register finds."""
