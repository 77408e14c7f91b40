"""The cover sheet (bagian identitas), key by key; every key may be left out."""

from sopctl.notation.leaves import day, text
from sopctl.notation.record import Key, Record, Values
from sopctl.notation.shape import Many
from sopctl.sop.model import Identitas

_TEXTS = Many(text())
_DATE = day()
NOMOR = Key("nomor", text("nomor SOP"), "Nomor SOP.", default="")
TANGGAL_PEMBUATAN = Key("tanggal_pembuatan", _DATE, "Tanggal SOP pertama kali selesai dibuat.", default=None)
TANGGAL_REVISI = Key("tanggal_revisi", _DATE, "Tanggal revisi; kosong untuk versi pertama.", default=None)
TANGGAL_EFEKTIF = Key("tanggal_efektif", _DATE, "Tanggal mulai berlaku.", default=None)
DISAHKAN_OLEH = Key("disahkan_oleh", text("jabatan"), "Jabatan yang mengesahkan.", default="")
DASAR_HUKUM = Key("dasar_hukum", _TEXTS, "Dasar hukum, satu per butir.", default=())
KUALIFIKASI = Key("kualifikasi_pelaksana", _TEXTS, "Kualifikasi pelaksana, satu per butir.", default=())
KETERKAITAN = Key("keterkaitan", _TEXTS, "SOP lain yang terkait, satu per butir.", default=())
PERALATAN = Key("peralatan", _TEXTS, "Peralatan/perlengkapan, satu per butir.", default=())
PERINGATAN = Key("peringatan", _TEXTS, "Peringatan, satu per butir.", default=())
PENCATATAN = Key("pencatatan", _TEXTS, "Pencatatan dan pendataan, satu per butir.", default=())

_IDENTITAS_KEYS = (
    NOMOR,
    TANGGAL_PEMBUATAN,
    TANGGAL_REVISI,
    TANGGAL_EFEKTIF,
    DISAHKAN_OLEH,
    DASAR_HUKUM,
    KUALIFIKASI,
    KETERKAITAN,
    PERALATAN,
    PERINGATAN,
    PENCATATAN,
)


def _identitas(values: Values) -> Identitas:
    return Identitas(
        nomor=values[NOMOR],
        tanggal_pembuatan=values[TANGGAL_PEMBUATAN],
        tanggal_revisi=values[TANGGAL_REVISI],
        tanggal_efektif=values[TANGGAL_EFEKTIF],
        disahkan_oleh=values[DISAHKAN_OLEH],
        dasar_hukum=values[DASAR_HUKUM],
        kualifikasi_pelaksana=values[KUALIFIKASI],
        keterkaitan=values[KETERKAITAN],
        peralatan=values[PERALATAN],
        peringatan=values[PERINGATAN],
        pencatatan=values[PENCATATAN],
    )


IDENTITAS = Record("identitas", _IDENTITAS_KEYS, _identitas)
"""The cover sheet."""
