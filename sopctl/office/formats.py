"""How the values of sopctl.yaml are written that a type alone does not describe."""

import re
from string import Formatter

from sopctl.notation.decoders import Invalid, JsonSchema, ScalarDecoder
from sopctl.notation.faults import quoted
from sopctl.notation.scalars import name
from sopctl.notation.structs import Formats
from sopctl.office.letter_numbers import find_pattern_error
from sopctl.office.model import LetterNumber, Office
from sopctl.office.read_rules import ReadRulesDecoder
from sopctl.office.working_hours import WorkingHoursDecoder
from sopctl.sop.formats import column_heading, column_key

_PATTERN = LetterNumber().pattern
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = rf"{_LABEL}(?:\.{_LABEL})*"
_URL = re.compile(rf"https?://(?:{_HOST}|\[[0-9A-Fa-f:.]+\])(?::[0-9]{{1,5}})?(?:/[A-Za-z0-9._~%-]+)*/?")

DATABASE_NAME = re.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")
"""What `record` may call a service of PostgreSQL, or an office in a database."""


def _time_zone(_what: str) -> ScalarDecoder[str]:
    """A time zone of the IANA database."""
    expects = "zona waktu, misalnya Asia/Pontianak"
    return ScalarDecoder(parse=_parse_zone, blank=Office().timezone, expects=expects, form={"type": "string"})


def _parse_zone(typed: str) -> str | Invalid:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 — only an office that names its zone pays for it

    try:
        ZoneInfo(typed)
    except (KeyError, ValueError, OSError):  # KeyError: no such zone; the others: no name at all, or a folder of zones
        return Invalid(
            f"Zona waktu {quoted(typed)} tidak dikenal. Tulis Asia/Jakarta atau Asia/Pontianak (WIB), Asia/Makassar "
            "(WITA) atau Asia/Jayapura (WIT)."
        )
    return typed


def _letter_number(_what: str) -> ScalarDecoder[str]:
    """A pattern of placeholders, `{nomor}` among them."""
    expects = f"pola nomor surat, misalnya {_PATTERN}"
    return ScalarDecoder(parse=_parse_pattern, blank=_PATTERN, expects=expects, form={"type": "string"})


def _parse_pattern(typed: str) -> str | Invalid:
    if error := find_pattern_error(typed):
        return Invalid(error)
    if "nomor" not in [name for _, name, _, _ in Formatter().parse(typed)]:
        return Invalid(f"Pola nomor surat harus memuat {{nomor}}. Tulis misalnya {_PATTERN}.")
    return typed


def _mail_address(_what: str) -> ScalarDecoder[str]:
    """An address in ASCII letters without a comment or quotes: what any mail server takes, and one line of a header."""
    local = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    return name(rf"{local}@{_HOST}", "alamat pos-el, misalnya kadis@kantor.go.id", _find_length_error)


def _find_length_error(typed: str) -> str | None:
    """An address has at most 254 letters, 64 of them before the sign (RFC 5321, section 4.5.3.1)."""
    local, _, _ = typed.partition("@")
    too_long = len(typed) > 254 or len(local) > 64  # noqa: PLR2004 — the docstring says whose limits
    return "Alamat pos-el paling banyak 254 huruf, 64 di depan @." if too_long else None


def _url(_what: str) -> ScalarDecoder[str]:
    """The address of a site or of a folder on it, without what the page itself adds."""
    expects = "alamat halaman, misalnya https://sop.kantor.go.id"
    form: JsonSchema = {"type": "string", "format": "uri"}
    return ScalarDecoder(parse=_parse_url, blank="", expects=expects, form=form)


def _parse_url(typed: str) -> str | Invalid:
    if not _URL.fullmatch(typed):
        return Invalid(
            f"Alamat {quoted(typed)} tidak dapat dipakai. Tulis https:// (atau http://) dan nama situsnya, tanpa tanda "
            "tanya, pagar atau nama pengguna, misalnya https://sop.kantor.go.id."
        )
    return typed.rstrip("/")


def _database_name(_what: str) -> ScalarDecoder[str]:
    """A name that a database knows; what is none may hold a password, and is not told again."""
    form: JsonSchema = {"type": "string", "pattern": f"^(?:{DATABASE_NAME.pattern})$"}
    return ScalarDecoder(parse=_parse_database_name, blank="", expects="nama tanpa spasi", form=form)


def _parse_database_name(typed: str) -> str | Invalid:
    if not DATABASE_NAME.fullmatch(typed):
        return Invalid(
            "Di sini ditulis sebuah nama saja, dari huruf, angka, titik, _ dan -. Alamat server dan sandinya tidak "
            "pernah ditulis di file ini, melainkan dalam file layanan PostgreSQL dan .pgpass."
        )
    return typed


FORMATS: Formats = {
    "time_zone": _time_zone,
    "letter_number": _letter_number,
    "mail_address": _mail_address,
    "host": lambda _: name(rf"{_HOST}|[0-9A-Fa-f:.]+", "nama server, misalnya smtp.kantor.go.id"),
    "account": lambda what: name("(?![Pp][Aa][Gg][Ee]:)[^\n]*", what),
    "url": _url,
    "database_name": _database_name,
    "country": lambda _: name("[A-Z]{2}", "kode negara dua huruf besar, misalnya ID"),
    "column_key": column_key,
    "column_heading": column_heading,
    "read_rules": lambda _: ReadRulesDecoder(),
    "working_hours": lambda _: WorkingHoursDecoder(),
}
"""What the keys of the model call these forms."""
