"""What a template can say: one typed value, the same for every template.

The fields of the SOP stand beside it under their own names: a field `anggota` is `{{ anggota }}`. A field that is not
filled in yet is a `Blank`: it prints as a dotted line and is false in a condition, so that nothing vanishes silently.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Generic, Literal, TypeVar

from msgspec import Struct

from sopctl.engine.events import AgendaReference, IncomingLetter
from sopctl.word.dates import Tanggal
from sopctl.word.letterhead import Letterhead
from sopctl.word.picture_conversion import printable_picture
from sopctl.word.printed_values import Blank, Person, Picture


class TableRow:
    """A row of a table field: `{{ a.nama }}`. A cell that nobody filled in is a Blank without dots."""

    def __init__(self, cells: Mapping[str, str | Blank]) -> None:
        self._cells = cells

    def __getattr__(self, name: str) -> str | Blank:
        if name.startswith("_") or name not in self._cells:
            raise AttributeError(name)
        return self._cells[name]


T = TypeVar("T")


class FoundByName(Generic[T]):
    """Values that are looked up when a template names them: `{{ posts.ketua.nama }}`, `{{ letters["nota"].nomor }}`."""

    def __init__(self, find: Callable[[str], T]) -> None:
        self._find = find

    def __getitem__(self, name: str) -> T:
        return self._find(name)


class CaseLetter(Struct, frozen=True, kw_only=True):
    """A document of the case, as another one refers to it."""

    nomor: Annotated[str | Blank, "nomornya; titik-titik bila tidak bernomor atau belum diberi nomor"]
    tanggal: Annotated[Tanggal | Blank, "tanggal ditandatangani; titik-titik sebelum itu"]


class Signature(Struct, frozen=True, kw_only=True):
    """One act that the record holds upon this document."""

    act: Annotated[str, "draft, initial, sign atau receive"]
    perbuatan: Annotated[str, "Konsep disusun, Diparaf, Ditandatangani, Diterima"]
    peran: Annotated[
        str, "Disusun, Diperiksa, Disetujui, Diterima; milik penyusunnya sendiri: Diparaf, Disusun dan ditandatangani"
    ]
    kegiatan: Annotated[str, "kegiatan barisnya"]
    person: Annotated[Person, "pelakunya; lihat Pejabat"]
    tanggal: Annotated[Tanggal, "tanggalnya"]
    waktu: Annotated[str, "tanggal dan jamnya"]


_PLACES = {2: (150, 95), 4: (75, 90)}
"""The room of a photo in millimetres, by how many stand on a page."""


class Foto(Struct, frozen=True, kw_only=True):
    """A photo or scan that lies beside the case: `{{ f.gambar }}` shows it, ``item`` is the kelengkapan it proves.

    Its bytes are read when a template shows it, so that a letter without pictures opens none.
    """

    urutan: Annotated[int, "nomor urutnya, mulai 1"]
    keterangan: Annotated[str, "keterangannya; tanpa itu kelengkapan yang dibuktikannya"]
    nama: Annotated[str, "nama filenya di komputer"]
    item: Annotated[str, "kelengkapan yang dibuktikannya"]
    sehalaman: Annotated[Literal[2, 4], "berapa foto pada satu halaman: 2 atau 4"] = 2
    read: Annotated[Callable[[], bytes], "gambarnya, paling besar setengah atau seperempat halaman: `{{ f.gambar }}`"]

    @property
    def gambar(self) -> Picture | str:
        """The picture, scaled to its place; a sentence where the file is none, for nobody can take it off again."""
        data = printable_picture(self.read())
        if data is None:
            return f"({self.keterangan}: gambarnya tidak dapat dicetak)"
        width, height = _PLACES[self.sehalaman]
        return Picture(data, width_mm=width, height_mm=height, alt=self.keterangan)


class KelengkapanItem(Struct, frozen=True, kw_only=True):
    """A kelengkapan of the step."""

    nama: Annotated[str, "nama kelengkapan"]
    ada: Annotated[bool, "benar bila sudah ada"]
    berkas: Annotated[str, "keterangan lampiran buktinya, atau terlampir; kosong bila tidak ada"] = ""


class FilledField(Struct, frozen=True, kw_only=True):
    """A filled-in field for templates that print whatever the SOP asks: a list has lines, a table rows, others text."""

    name: Annotated[str, "nama isian"]
    label: Annotated[str, "labelnya"]
    type: Annotated[str, "jenisnya"]
    text: Annotated[str, "nilainya sebagai teks"] = ""
    lines: Annotated[tuple[str, ...], "baris-baris sebuah daftar"] = ()
    columns: Annotated[tuple[str, ...], "judul kolom sebuah tabel"] = ()
    rows: Annotated[tuple[tuple[str | Blank, ...], ...], "baris-baris sebuah tabel"] = ()


class SuratMasuk(Struct, frozen=True, kw_only=True):
    """An incoming letter; of a case that answers none every value is a dotted line to fill in by hand, and no gap.

    ``berkas``, ``keadaan`` and ``catatan`` are what the print of the register says of it.
    """

    nomor_agenda: Annotated[str | Blank, "No. Agenda"]
    surat_dari: Annotated[str | Blank, "pengirimnya"]
    nomor_surat: Annotated[str | Blank, "nomor suratnya"]
    tanggal_surat: Annotated[Tanggal | str | Blank, "tanggal suratnya"]
    tanggal_diterima: Annotated[Tanggal | str | Blank, "tanggal diterima"]
    perihal: Annotated[str | Blank, "perihalnya"]
    sifat: Annotated[str | Blank, "sifatnya"]
    berkas: Annotated[tuple[str, ...], "id berkas yang dibuka darinya (agenda-masuk.docx)"] = ()
    keadaan: Annotated[str, "diperbaiki, ditarik, dilewati, atau kosong (agenda-masuk.docx)"] = ""
    catatan: Annotated[str, "alasannya (agenda-masuk.docx)"] = ""


_DOTTED = Blank("", dots=8, awaited=True)
"""A line to fill in by hand that fits half a page of A5."""


def incoming_letter(agenda: AgendaReference | None) -> SuratMasuk:
    """The letter that a case answers; dotted lines where it answers none, or where the register does not say it."""
    if agenda is None:
        return SuratMasuk(**dict.fromkeys(SuratMasuk.__struct_fields__[:7], _DOTTED))  # type: ignore[arg-type]
    return describe_incoming_letter(agenda.nomor, agenda.letter, date.fromisoformat(agenda.received))


def describe_incoming_letter(nomor: str, letter: IncomingLetter, received: date) -> SuratMasuk:
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


class TemplateContext(Struct, frozen=True, kw_only=True):
    """Everything a template may use besides the SOP's own fields; `template_guide` prints the sentences.

    ``signatures`` are the acts that count, oldest first; of them ``paraf`` are the initials in the line of the signer
    (at most three, none by who drafted) and ``koordinasi`` those of other units. With ``srikandi`` the national system
    numbers and signs: ``nomor``, ``tanggal``, ``ttd`` and the signer's nama and nip are its placeholders.
    """

    instansi: Annotated[Letterhead, "kop surat; lihat Instansi"]
    sop_nama: Annotated[str, "nama SOP"]
    sop_nomor: Annotated[str, "nomor SOP dari lembar identitasnya, kosong bila tidak ada"]
    id: Annotated[str, "id berkas, misalnya sk-tim-1"]
    code: Annotated[str, "kode verifikasi naskah ini; kosong bila kantor tidak mencetaknya"]
    subject: Annotated[str | Blank, "perihal berkas"]
    no: Annotated[str, "nomor baris SOP yang menulis naskah ini"]
    kegiatan: Annotated[str, "kegiatan baris itu"]
    output: Annotated[str, "output baris itu"]
    waktu: Annotated[str, "waktu baku baris itu"]
    keterangan: Annotated[str, "keterangan baris itu"]
    judul: Annotated[str, "judul dokumen dari SOP, atau output barisnya"]
    act: Annotated[str, "perlakuan atas naskah: draft, initial, sign, receive, atau kosong"]
    status: Annotated[
        str,
        "keadaan naskah di atas kertas: KONSEP, DIPARAF, DITANDATANGANI, DITERIMA, SELESAI; "
        "naskah yang dikembalikan: putarannya",
    ]
    nomor: Annotated[str | Blank, "nomor surat; titik-titik selama belum diberikan"]
    tanggal: Annotated[Tanggal | str | Blank, "tanggal ditandatangani; titik-titik sebelum itu"]
    tanggal_naskah: Annotated[Tanggal, "tanggal naskah ini ditulis"]
    tanggal_mulai: Annotated[Tanggal, "tanggal berkas dibuka"]
    signer: Annotated[Person, "yang menandatangani (atau akan); lihat Pejabat"]
    signed: Annotated[bool, "benar bila catatan menyebut naskah sudah ditandatangani"]
    checked: Annotated[bool, "benar bila diparaf orang lain daripada penyusunnya"]
    approved: Annotated[bool, "benar bila ditandatangani orang lain daripada penyusunnya"]
    is_copy: Annotated[bool, "benar bila langkah ini menyerahkan salinan (`copy: ya`)"]
    posts: Annotated[FoundByName[Person], "pejabat tiap pelaksana: `{{ posts.ketua.nama }}`; lihat Pejabat"]
    letters: Annotated[
        FoundByName[CaseLetter], 'naskah lain berkas ini: `{{ letters["surat-tugas"].nomor }}`; lihat Naskah'
    ]
    actor: Annotated[Person, "yang mengerjakan baris ini; lihat Pejabat"]
    recipients: Annotated[tuple[Person, ...], "daftar penerima giliran berikutnya; lihat Pejabat"]
    catatan: Annotated[str, "catatan (--note) pada langkah ini; kosong bila langkahnya dicatat untuk pejabat (--for)"]
    signatures: Annotated[tuple[Signature, ...], "daftar perbuatan atas naskah yang masih berlaku; lihat Perbuatan"]
    paraf: Annotated[
        tuple[Signature, ...], "paraf hierarki, paling banyak tiga, tanpa penyusun konsep; lihat Perbuatan"
    ]
    koordinasi: Annotated[tuple[Signature, ...], "paraf koordinasi pejabat unit kerja lain; lihat Perbuatan"]
    srikandi: Annotated[bool, "benar bila nomor dan tanda tangan diisi SRIKANDI"]
    ttd: Annotated[str, "penanda tanda tangan SRIKANDI; kosong pada surat lain"]
    kelengkapan: Annotated[tuple[KelengkapanItem, ...], "daftar kelengkapan baris ini; lihat Kelengkapan"]
    lampiran: Annotated[tuple[str, ...], "daftar lampiran: keterangannya, tanpa itu kelengkapan yang dibuktikannya"]
    foto: Annotated[tuple[Foto, ...], "daftar foto dan pindaian yang dilampirkan; lihat Foto"]
    foto_baris: Annotated[tuple[tuple[Foto, ...], ...], "foto yang sama, dua sebaris bila empat sehalaman"]
    agenda_masuk: Annotated[SuratMasuk, "surat masuk yang dijawab berkas ini; lihat Surat masuk"]
    filled: Annotated[tuple[FilledField, ...], "semua isian yang sudah diisi, untuk templat umum; lihat Isian"]


class Surat(Struct, frozen=True, kw_only=True):
    """A line of the register; ``berkas`` and ``dokumen`` are empty for a letter that no case wrote."""

    nomor: Annotated[str, "nomor surat; kosong bila masih ditunggu"]
    tanggal: Annotated[Tanggal, "tanggal"]
    perihal: Annotated[str, "isi surat"]
    tujuan: Annotated[str, "kepada siapa suratnya, atau kosong"]
    berkas: Annotated[str, "id berkas, atau kosong"]
    dokumen: Annotated[str, "nama dokumen, atau kosong"]
    oleh: Annotated[str, "akun yang mencatat, atau nama pejabat yang mencatatnya di halaman web"]
    keadaan: Annotated[str, "menunggu nomor, ditarik, dilewati, atau kosong"]
    catatan: Annotated[str, "alasannya"]


class Agenda(Struct, frozen=True, kw_only=True):
    """What `agenda.docx` may use, the print of the register."""

    instansi: Annotated[Letterhead, "kop surat; lihat Instansi"]
    tahun: Annotated[str, "tahun buku agenda; kosong bila semua tahun"]
    surat: Annotated[tuple[Surat, ...], "daftar surat; lihat Surat"]
    tanggal: Annotated[Tanggal, "tanggal dicetak"]


class AgendaMasuk(Struct, frozen=True, kw_only=True):
    """What `agenda-masuk.docx` may use, the print of the register of incoming letters."""

    instansi: Annotated[Letterhead, "kop surat; lihat Instansi"]
    tahun: Annotated[str, "tahun buku agenda; kosong bila semua tahun"]
    surat: Annotated[tuple[SuratMasuk, ...], "daftar surat masuk; lihat Surat masuk"]
    tanggal: Annotated[Tanggal, "tanggal dicetak"]


GLOBAL_SENTENCES = {
    "kosong": "titik-titik; juga sebagai pengganti isian yang tidak dipunyai SOP: `{{ dasar | default(kosong) }}`",
    "huruf": "`huruf(1)` adalah a, `huruf(27)` adalah aa: tanda butir dalam `for`, `{{ huruf(loop.index) }}.`",
    "terbilang": "`terbilang(x)`: angka atau tanggal dengan huruf; `KE{{ terbilang(11) | upper }}` adalah KESEBELAS",
    "predikat": "`predikat(hasil_kerja, perilaku_kerja)`: predikat menurut PermenPAN-RB 6/2022",
    "range": "`range(1, 16)`: bilangan 1 sampai 15, untuk baris kosong",
}
"""What every template may call or print besides its context; `template_sandbox.GLOBALS` are the values."""

GLOBAL_NAMES = frozenset(GLOBAL_SENTENCES)

CONTEXT_NAMES = GLOBAL_NAMES | frozenset(TemplateContext.__struct_fields__)
"""The names that an SOP's field cannot take: a template finds something else there."""
