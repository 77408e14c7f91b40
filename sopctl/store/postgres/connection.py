"""How this program reaches a server of PostgreSQL, and what goes wrong there in words.

Where the server is and who connects stands in libpq's service file, in `.pgpass` or in the environment. What libpq and
the server say of an error may name them, and the values of a statement as well: none of it is ever told.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sopctl.errors import BusyError, DamagedError, SopctlError, UsageError
from sopctl.store.postgres import schema

if TYPE_CHECKING:
    from psycopg import Connection, Error

PATIENCE = 10
"""Seconds that a connection may take, and that a lock is waited for."""

_CANNOT_REACH = (
    "Server PostgreSQL tidak dapat dicapai, jadi tidak ada yang dibaca atau dicatat. Server itu mati, jaringannya "
    "putus, atau alamat, peran atau sandinya keliru."
)

_SENTENCES = {
    "28": "Server PostgreSQL menolak peran atau sandinya.",
    "3D": "Basis data itu tidak ada di server PostgreSQL.",
    "42501": "Peran yang tersambung tidak berhak atas catatan di basis data ini.",
    "3F": "Basis data ini belum disiapkan untuk sopctl.",
    "42P01": "Basis data ini belum disiapkan untuk sopctl, atau disiapkan oleh sopctl versi lain.",
    "25006": "Server PostgreSQL ini hanya dapat dibaca (cadangan yang mengikuti server lain); tidak ada yang dicatat.",
    "53100": "Disk server PostgreSQL penuh; tidak ada yang dicatat.",
    "53200": "Memori server PostgreSQL tidak cukup; tidak ada yang dicatat.",
    "53300": "Server PostgreSQL sudah penuh sambungan; coba lagi sebentar lagi.",
    "55P03": "Basis data sedang dipakai perintah lain; coba lagi sebentar lagi.",
    "57P": "Server PostgreSQL sedang dimatikan atau baru dinyalakan; coba lagi sebentar lagi.",
}
"""What an SQLSTATE, or a class of them, means to whom it stops."""

_ADVICE = {"28": "database_service", "3D": "database_service", "3F": "record_upgrade", "42P01": "record_upgrade"}


def open_connection(service: str) -> "Connection":
    """A connection in which each statement is a transaction of its own, unless a block makes one.

    Raises:
        UsageError: where psycopg is not installed. BusyError: where the server cannot be reached, or refuses.
    """
    try:
        import psycopg  # noqa: PLC0415 — only an office with a database pays for it
    except ImportError as error:
        raise UsageError("Untuk catatan di PostgreSQL belum terpasang: psycopg.", code="postgres_extra") from error
    with translate_errors():
        return psycopg.connect(
            f"service={service}" if service else "",
            autocommit=True,
            prepare_threshold=None,  # a pooler gives each transaction another connection
            application_name=schema.APPLICATION,
            connect_timeout=PATIENCE,
        )


@contextmanager
def translate_errors() -> Iterator[None]:
    """Turn what PostgreSQL says into what its user can do about it."""
    import psycopg  # noqa: PLC0415 — as above

    try:
        yield
    except psycopg.Error as error:
        raise explain(error) from None  # what it says itself may name a host


def explain(error: "Error") -> SopctlError:
    """The sentence about an error, without what libpq or the server say of it."""
    state = error.sqlstate
    if state is None:
        return BusyError(_CANNOT_REACH, code="database", advice="database_service")
    known = next((key for key in (state, state[:3], state[:2]) if key in _SENTENCES), "")
    if not known:
        message = f"Server PostgreSQL menolak (SQLSTATE {state}); tidak ada yang dicatat."
        return DamagedError(message, code="database")
    return BusyError(_SENTENCES[known], code="database", advice=_ADVICE.get(known, ""))
