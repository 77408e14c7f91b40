"""The way to the office's mail server: encrypted, with its certificate checked, and never waited for endlessly."""

import os
import smtplib
import ssl
import stat
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from email.message import EmailMessage
from pathlib import Path
from socket import gaierror

from sopctl.engine.text import one_line
from sopctl.errors import BusyError, SopctlError, WrongError, because
from sopctl.office.model import MailServer
from sopctl.store import disk

PASSWORD_VARIABLE = "SOPCTL_MAIL_PASSWORD"  # noqa: S105 — a name
"""The environment variable that holds the password."""

FILE_VARIABLE = "SOPCTL_MAIL_PASSWORD_FILE"
"""The environment variable that names a file with the password, which only its owner can open."""

PATIENCE = 20.0
"""Seconds that the server may take for each answer."""

_LONGEST = 1_000
_SHOWN = 200

_REASONS: tuple[tuple[type[OSError], str], ...] = (
    (smtplib.SMTPAuthenticationError, "nama pengguna atau sandinya ditolak"),
    (smtplib.SMTPNotSupportedError, "enkripsi atau sandi yang diminta sopctl.yaml tidak dikenalnya"),
    (smtplib.SMTPServerDisconnected, "sambungannya putus"),
    (gaierror, "namanya tidak ditemukan di jaringan"),
    (TimeoutError, "tidak menjawab"),
)
"""What goes wrong on the way to a mail server, in the words of the office."""


class UncertainError(SopctlError):
    """The server went away while it was given a mail: it may have taken it or not."""

    exit_code = 6
    code = "mail_uncertain"


def find_password(server: MailServer, environment: Mapping[str, str]) -> str:
    """The password of the server's user; empty where the server wants none.

    Raises:
        WrongError: where it is given nowhere, or in a file that others can read.
    """
    if not server.user:
        return ""
    password = environment.get(PASSWORD_VARIABLE) or _read_password_file(environment.get(FILE_VARIABLE))
    if not password:
        raise WrongError(f"Sandi pos-el untuk {server.user} belum diberikan.", code="mail_password")
    if not (server.user + password).isascii():
        raise WrongError("Nama pengguna dan sandi pos-el hanya boleh memuat huruf tanpa tanda.", code="mail_letters")
    return password


def _read_password_file(name: str | None) -> str:
    if not name:
        return ""
    path = Path(name)
    text = disk.read_file(path, limit=_LONGEST).decode(errors="replace").strip("\r\n")
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise WrongError(f"File sandi {path} dapat dibuka orang lain. Tutup dahulu: chmod 600 {path}", code="mail_file")
    return text


@contextmanager
def connect_mail_server(server: MailServer, password: str) -> Iterator[smtplib.SMTP]:
    """A connection on which the server takes mails.

    Raises:
        BusyError: where there is none, with code ``mail``.
    """
    try:
        smtp = _connect(server, password)
    except OSError as error:
        raise BusyError(f"Server pos-el {server.host} tidak dapat dipakai: {_said(error)}.", code="mail") from error
    with closing(smtp):
        try:
            yield smtp
        except KeyboardInterrupt:
            smtp.close()  # who stops it does not wait for a farewell
            raise
        finally:
            with suppress(OSError):
                smtp.quit()


def deliver(smtp: smtplib.SMTP, message: EmailMessage, sender: str, to: str) -> None:
    """Give a mail to the server.

    Raises:
        BusyError: where the server does not take it, with code ``mail_refused``.
        UncertainError: where nobody knows whether it took it.
    """
    try:
        smtp.send_message(message, from_addr=sender, to_addrs=[to])
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        raise BusyError(f"Server pos-el tidak menerimanya: {_said(error)}.", code="mail_refused") from error
    except OSError as error:
        raise UncertainError("Sambungan ke server pos-el putus selagi mengirim.") from error


def _connect(server: MailServer, password: str) -> smtplib.SMTP:
    """A connection on which mails are taken; each error of it is an OSError."""
    secure = ssl.create_default_context()
    if server.tls == "ssl":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.used_port, timeout=PATIENCE, context=secure)
    else:
        smtp = smtplib.SMTP(server.host, server.used_port, timeout=PATIENCE)
    try:
        if server.tls == "starttls":
            smtp.starttls(context=secure)
        if server.user:
            smtp.login(server.user, password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _said(error: OSError) -> str:
    """Why a server or the way to it refuses, without anything secret."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _shown(*next(iter(error.recipients.values())))
    if known := next((words for kind, words in _REASONS if isinstance(error, kind)), ""):
        return known
    if isinstance(error, smtplib.SMTPResponseException):
        return _shown(error.smtp_code, error.smtp_error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"sertifikatnya tidak dapat dipercaya ({one_line(error.verify_message)})"
    if isinstance(error, ssl.SSLError):
        return "enkripsinya tidak berhasil; periksa tls dan port di sopctl.yaml"
    return because(error)


def _shown(code: int, text: bytes | str) -> str:
    said = text.decode(errors="replace") if isinstance(text, bytes) else text
    return f"{code} {one_line(said)[:_SHOWN]}".rstrip(" .")
