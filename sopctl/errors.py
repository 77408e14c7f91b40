"""The world failing, as exceptions: each owns its Indonesian sentence and its exit code.

They are caught once, in `cli`. What an SOP does not allow is no exception but a value (`engine.refused`), and
an author's mistakes are values too (`problems`).
"""

import errno
from typing import ClassVar

from sopctl.problems import Problem

_REASONS = {
    errno.EACCES: "tidak ada izin",
    errno.EPERM: "tidak ada izin",
    errno.ENOENT: "file atau folder itu tidak ada",
    errno.ENOTDIR: "bagian dari nama itu file, bukan folder",
    errno.EISDIR: "itu folder, bukan file",
    errno.ENAMETOOLONG: "namanya terlalu panjang",
    errno.ELOOP: "tautannya berputar-putar",
    errno.EINVAL: "nama atau isinya tidak dapat dipakai di sini",
    errno.ENOSPC: "disk penuh",
    errno.EDQUOT: "jatah disk habis",
    errno.EFBIG: "filenya terlalu besar untuk disk ini",
    errno.EROFS: "disk itu hanya dapat dibaca",
    errno.EIO: "disk tidak dapat dibaca atau ditulis",
    errno.EBUSY: "sedang dipakai program lain",
    errno.EXDEV: "itu di disk lain",
    errno.ENOLCK: "kunci tidak tersedia",
    errno.EMFILE: "terlalu banyak file sedang terbuka",
    errno.ENFILE: "terlalu banyak file sedang terbuka",
    errno.ENOMEM: "memori tidak cukup",
    errno.ESTALE: "folder jaringan itu terputus",
    errno.ECONNREFUSED: "sambungannya ditolak",
    errno.ECONNRESET: "sambungannya putus",
    errno.EHOSTUNREACH: "jaringannya tidak dapat dicapai",
    errno.ENETUNREACH: "jaringannya tidak dapat dicapai",
    errno.ETIMEDOUT: "folder jaringan itu tidak menjawab",
    errno.ENXIO: "itu bukan file biasa",
    errno.ESPIPE: "itu bukan file biasa",
    errno.EPIPE: "pembacanya sudah pergi",
}
"""What operating systems say about files, in the words of the office."""


Fact = str | tuple[str, ...]
"""What a sentence about a command is formatted with: an id, a name, or several of them."""


class SopctlError(Exception):
    """Something a user can cause; ``code`` is stable for programs, the message is for people.

    ``advice`` (else the code) says what helps, as data: `cli.remedies` words it as a command, with the ``facts``.
    """

    exit_code: ClassVar[int] = 1
    code: str = "gagal"

    def __init__(self, message: str, *, code: str | None = None, advice: str = "", **facts: Fact) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.advice = advice or self.code
        self.facts = facts


class UsageError(SopctlError):
    """The command's words are off: a value of the wrong type, two options that exclude each other."""

    exit_code = 2
    code = "usage"


class OwnerError(SopctlError):
    """Only another system account may do this; the fact ``owner`` names it."""

    exit_code = 3
    code = "owner"


class NotFoundError(SopctlError):
    """No such SOP, case, step, label, field, pelaksana, file or workspace."""

    exit_code = 4
    code = "not_found"


class WrongError(SopctlError):
    """An SOP, office file or template cannot be used; ``problems`` holds every mistake with its place."""

    exit_code = 5
    code = "wrong"

    def __init__(
        self, message: str, *, problems: tuple[Problem, ...] = (), code: str | None = None, advice: str = ""
    ) -> None:
        super().__init__(message, code=code, advice=advice)
        self.problems = problems


class BusyError(SopctlError):
    """Another process holds the store, or the disk does not take what is written."""

    exit_code = 6
    code = "busy"


class MovedError(SopctlError):
    """The record that was asked is closed: the office's record lies elsewhere, which the fact ``to`` names."""

    exit_code = 6
    code = "moved"


class DamagedError(SopctlError):
    """A stored file is cut short, was changed by hand or comes from a newer sopctl."""

    exit_code = 6
    code = "damaged"


def because(error: OSError) -> str:
    """Why the operating system refuses, in Indonesian; by number where there are no words for it."""
    return _REASONS.get(error.errno or 0, f"kesalahan sistem nomor {error.errno}")
