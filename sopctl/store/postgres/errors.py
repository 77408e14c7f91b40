"""What PostgreSQL and its client say, in sentences of the office: none holds a host, a role or a password.

The texts of psycopg may hold them, so that none is ever shown, or chained to what is raised.
"""

import os
from contextlib import suppress
from pathlib import Path

import psycopg

from sopctl.errors import BusyError, DamagedError, SopctlError

LOST = frozenset(("busy", "server", "too_many", "unreachable"))
"""Codes of what may be over in a moment."""

REPEATABLE = frozenset(("40001", "40P01"))
"""Serialization failure and deadlock: what was sent may be sent again."""

SENTENCES: dict[str, str] = {
    "busy": "Ruang kerja sedang dipakai perintah lain; coba lagi sebentar lagi. Bila perintah itu macet, tutup dahulu.",
    "certificate": "Server PostgreSQL tidak dapat dipastikan server kantor, jadi tidak disambung: sertifikatnya tidak "
    "diterbitkan pusat dalam file sslrootcert, berlaku untuk nama atau waktu lain (jam komputer ini), atau file itu "
    "tidak ada. Periksa file layanannya, atau tanyakan kepada pengelola server.",
    "database": "Basis data yang disebut layanan PostgreSQL tidak ada. Periksa file layanannya.",
    "disk_full": "Disk server PostgreSQL penuh; catatan tidak berubah. Beri tahu pengelolanya.",
    "encoding": "Basis data ini tidak menyimpan semua huruf (harus UTF8); tidak ada yang dicatat.",
    "encryption": "Server PostgreSQL dan file layanan akun ini berbeda tentang enkripsi: yang satu memerlukannya, yang "
    "lain tidak. Periksa sslmode dalam file layanan, atau tanyakan kepada pengelola server.",
    "login": "Server PostgreSQL menolak masuk: peran atau sandinya tidak diterima. Periksa file layanan dan .pgpass "
    "akun ini.",
    "memory": "Server PostgreSQL kehabisan memori; catatan tidak berubah. Beri tahu pengelolanya.",
    "no_password": "Server PostgreSQL meminta sandi, tetapi file sandi (.pgpass; di Windows pgpass.conf) akun ini "
    "tidak ada, atau tidak memuat baris untuk alamat, basis data dan peran itu.",
    "open_password_file": "Server PostgreSQL meminta sandi, tetapi file sandi (.pgpass) akun ini dapat dibuka akun "
    "lain, jadi tidak dipakai. Tutup file itu: chmod 600.",
    "permission": "Peran ini belum diberi hak di basis data; catatan tidak dapat dibaca dan tidak berubah.",
    "not_admitted": "Server PostgreSQL tidak menerima peran itu dari komputer ini. Minta pengelolanya mengizinkannya "
    "(pg_hba.conf).",
    "schema": "Basis data ini belum disiapkan untuk sopctl, atau untuk sopctl yang lebih lama.",
    "server": "Server PostgreSQL sedang dimulai atau dihentikan; catatan tidak dapat dibaca dan tidak "
    "berubah. Coba lagi sebentar lagi.",
    "service": "Layanan PostgreSQL yang disebut tidak ada dalam file layanan akun ini, atau file itu tidak dapat "
    "dibaca. File itu yang disebut PGSERVICEFILE, bila variabel itu ada; selain itu ~/.pg_service.conf, di Windows "
    "%APPDATA%\\postgresql\\.pg_service.conf.",
    "settings": "File layanan PostgreSQL akun ini, atau variabel lingkungannya (PG…), memuat nilai yang tidak dapat "
    "dipakai. Perbaiki, lalu ulangi.",
    "standby": "Server PostgreSQL ini hanya dapat dibaca: ia salinan (standby), atau ditutup untuk perubahan; tidak "
    "ada yang dicatat. Minta pengelolanya mengarahkan layanan ke server utama.",
    "timeout": "Server PostgreSQL tidak selesai pada waktunya; catatan tidak berubah. Coba lagi.",
    "too_many": "Sambungan ke server PostgreSQL sudah terlalu banyak; catatan tidak dapat dibaca dan tidak berubah. "
    "Coba lagi.",
    "unreachable": "Server PostgreSQL tidak dapat dihubungi, atau sambungannya terputus; catatan tidak dapat dibaca "
    "dan tidak berubah. Periksa jaringannya, atau tanyakan kepada pengelola server, lalu ulangi.",
}

_ADVICE = {"schema": "record_upgrade", "permission": "record_grant"}

_STATES = {
    "22P05": "encoding",
    "25006": "standby",
    "3D000": "database",
    "3F000": "schema",
    "42501": "permission",
    "42703": "schema",
    "42883": "schema",
    "42P01": "schema",
    "53100": "disk_full",
    "53200": "memory",
    "53300": "too_many",
    "55P03": "busy",
    "57014": "timeout",
    "57P01": "server",
    "57P02": "server",
    "57P03": "server",
}
"""Codes by SQLSTATE."""

_TEXTS = (
    (("definition of service", "service file"), "service"),
    (("starting up", "shutting down", "recovery mode", "not yet accepting"), "server"),
    (("too many", "connection slots", "no more connections"), "too_many"),
    (("no password supplied",), "no_password"),
    (("password", "authentication", 'role "', "not permitted to log in"), "login"),
    (("client certificate",), "not_admitted"),
    (("no encryption", "SSL off", "SSL encryption", "not support SSL", "protocol", "handshake failure"), "encryption"),
    (("certificate",), "certificate"),
    (("pg_hba.conf",), "not_admitted"),
    (("invalid ", "bad value", "unrecognized configuration", "Servname"), "settings"),
    (('database "', "no such database"), "database"),
)
"""What is in the text of a connection that failed, the first that fits, and its code: libpq tells no SQLSTATE of it.

Where encryption may be left out (`sslmode=prefer`) the text tells of both attempts.
"""

_DAMAGED = {
    "files": "Nama file yang hendak disimpan sudah dipakai isi yang lain; tidak ada yang dicatat. Bandingkan dengan "
    "cadangan.",
    "": "Isi basis data tidak cocok satu sama lain: yang hendak ditambahkan sudah ada di sana; tidak ada yang dicatat. "
    "Bandingkan dengan cadangan.",
}
"""What is told of a row that is there already, by table."""


def make_error(code: str) -> BusyError:
    """The error with a code of this module."""
    return BusyError(SENTENCES[code], code=code, advice=_ADVICE.get(code, ""))


def newer_schema_error() -> DamagedError:
    """What is wrong with tables that a newer sopctl made."""
    return DamagedError(
        "Basis data ini sudah disiapkan untuk sopctl yang lebih baru; perbarui sopctl di sini.", code="newer_schema"
    )


def is_lost(error: psycopg.Error) -> bool:
    """Whether a connection broke, or a pooler says so of the one behind it before it closes this one."""
    return isinstance(error, psycopg.OperationalError) and _is_of_connection(error)


def _is_of_connection(error: psycopg.Error) -> bool:
    state = error.sqlstate or ""
    return not state or state.startswith(("08", "57P"))


def translate(error: psycopg.Error) -> SopctlError:
    """What an error of a statement is to people."""
    state = error.sqlstate or ""
    if state == "23505":
        return DamagedError(_DAMAGED.get(error.diag.table_name or "", _DAMAGED[""]), code="changed", advice="verify")
    if code := _STATES.get(state):
        return make_error(code)
    if _is_of_connection(error):
        return make_error("unreachable")
    return BusyError(
        f"Server PostgreSQL menolak perintah ini (SQLSTATE {state}); catatan tidak berubah. Beri tahu pengelolanya.",
        code="server",
    )


def translate_connecting(error: psycopg.Error) -> BusyError:
    """What an error of connecting is to people."""
    said = str(error)
    known = (code for texts, code in _TEXTS if any(text in said for text in texts))
    code = next(known, "unreachable")
    return make_error("open_password_file" if code == "no_password" and _is_password_file_open() else code)


def _is_password_file_open() -> bool:
    """Whether the password file lets others in, so that libpq passes it over; on Windows it does not look."""
    with suppress(OSError, RuntimeError):  # the latter where the account has no home
        path = Path(os.environ.get("PGPASSFILE") or Path("~/.pgpass").expanduser())
        return os.name != "nt" and bool(path.stat().st_mode & 0o077)
    return False
