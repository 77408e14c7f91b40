"""The identity sheet (bagian identitas) as values: its thirteen items in the order of the form.

An empty item keeps its place, to be filled in by hand; a missing name is a dotted line.
"""

from datetime import date

from msgspec import Struct

from sopctl.office.model import Office, Official
from sopctl.sop.model import Sop
from sopctl.word.dates import Tanggal, format_nip
from sopctl.word.letterhead import letterhead_of
from sopctl.word.printed_values import Blank, Person, Picture

_DOTS = 20


class Identity(Struct, frozen=True, kw_only=True):
    """The items of the sheet: the office's name, the lines on the right, who puts it in force, and six lists."""

    instansi: tuple[str, ...]
    logo: Picture | None
    lines: tuple[tuple[str, str], ...]
    disahkan_oleh: Person
    nama: str
    lists: tuple[tuple[str, tuple[str, ...]], ...]
    year: int


def build_identity(sop: Sop, office: Office, today: date, logo: bytes | None = None) -> Identity:
    """The identity sheet; who signs is who holds the post on the day from which the SOP is in force, else ``today``."""
    own = sop.identitas
    instansi = office.instansi
    made = own.tanggal_pembuatan or own.tanggal_efektif or today
    return Identity(
        instansi=tuple(line.upper() for line in (instansi.pemerintah, instansi.nama, instansi.bidang) if line),
        logo=letterhead_of(office, logo).logo,
        lines=(
            ("Nomor SOP", own.nomor),
            ("Tanggal Pembuatan", _format_date(own.tanggal_pembuatan)),
            ("Tanggal Revisi", _format_date(own.tanggal_revisi)),
            ("Tanggal Efektif", _format_date(own.tanggal_efektif)),
        ),
        disahkan_oleh=_signer(sop, office, own.tanggal_efektif or today),
        nama=sop.nama.upper(),
        lists=(
            ("Dasar Hukum", own.dasar_hukum),
            ("Keterkaitan", own.keterkaitan),
            ("Peringatan", own.peringatan),
            ("Kualifikasi pelaksana", own.kualifikasi_pelaksana),
            ("Peralatan/perlengkapan", own.peralatan),
            ("Pencatatan dan pendataan", own.pencatatan),
        ),
        year=made.year,
    )


def _format_date(day: date | None) -> str:
    return str(Tanggal.of(day)) if day else ""


def _signer(sop: Sop, office: Office, day: date) -> Person:
    """Who holds the post that `disahkan_oleh` names, as an official's jabatan or as a column of this SOP."""
    jabatan = sop.identitas.disahkan_oleh
    found = (_official(sop, office, jabatan, day) if jabatan else None) or Official()
    return Person(
        pelaksana="",
        jabatan=jabatan or str(Blank("Jabatan", _DOTS)),
        nama=found.nama_gelar or Blank("Nama", _DOTS),
        nama_tanpa_gelar=found.nama_tanpa_gelar or Blank("Nama", _DOTS),
        nip=format_nip(found.nip) or Blank("NIP", _DOTS),
        pangkat=found.pangkat or Blank("Pangkat", _DOTS),
        as_=found.as_,
    )


def _official(sop: Sop, office: Office, jabatan: str, day: date) -> Official | None:
    named = (one for one in office.officials if _normalized(one.jabatan) == _normalized(jabatan) and one.in_office(day))
    holder = max(named, key=lambda one: one.precedence, default=None)
    if holder:
        return holder
    keys = (key for key, title in sop.pelaksana.items() if _normalized(title) == _normalized(jabatan))
    return next((official for key in keys if (official := office.find_signer(key, "", day))), None)


def _normalized(jabatan: str) -> str:
    return " ".join(jabatan.split()).casefold()
